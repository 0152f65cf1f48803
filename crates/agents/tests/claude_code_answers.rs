//! What Claude Code gets back, byte for byte, and what it does with it according to the recorded effects.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::path::{Path, PathBuf};

use placet_agents::{Agent, ParseProblem, Reply, by_name};
use placet_model::{Answer, Decision, Event, EventKind, Mode, Obligation, ToolInput};

const EVERY_DECISION: [Decision; 3] = [Decision::Allow, Decision::Ask, Decision::Deny];

#[test]
fn a_call_that_is_about_to_run_gets_its_decision_with_the_reason() {
    for (event, file) in recorded() {
        let EventKind::BeforeTool(call) = &event.kind else {
            continue;
        };
        for decision in EVERY_DECISION {
            let reply = (agent().render)(&event, &answer(decision));
            if decision == Decision::Allow && matches!(call.input, ToolInput::Internal) {
                assert_eq!(reply, silence(), "{file}");
            } else {
                let expected = format!(
                    "{{\"hookSpecificOutput\":{{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"{}\",\
                     \"permissionDecisionReason\":\"because \\\"x\\\"\"}}}}\n",
                    decision.name()
                );
                assert_eq!(reply, said(&expected), "{file}");
            }
        }
    }
}

#[test]
fn a_question_that_is_about_to_be_put_is_answered_only_when_the_verdict_is_sure() {
    for (event, file) in recorded() {
        let EventKind::PermissionAsked(_) = &event.kind else {
            continue;
        };
        let allow = "{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{\"behavior\":\"allow\"}}}\n";
        let deny = "{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{\"behavior\":\"deny\",\
                    \"message\":\"because \\\"x\\\"\"}}}\n";
        assert_eq!(
            (agent().render)(&event, &answer(Decision::Allow)),
            said(allow),
            "{file}"
        );
        assert_eq!((agent().render)(&event, &answer(Decision::Ask)), silence(), "{file}");
        assert_eq!((agent().render)(&event, &answer(Decision::Deny)), said(deny), "{file}");
    }
}

#[test]
fn events_that_ask_for_nothing_get_nothing() {
    for (event, file) in recorded() {
        if !matches!(event.kind, EventKind::BeforeTool(_) | EventKind::PermissionAsked(_)) {
            for decision in EVERY_DECISION {
                assert_eq!((agent().render)(&event, &answer(decision)), silence(), "{file}");
            }
        }
    }
}

#[test]
fn a_plan_or_a_question_of_the_agent_is_never_answered_in_the_users_place() {
    for tool in ["ExitPlanMode", "AskUserQuestion"] {
        for name in ["PreToolUse", "PermissionRequest"] {
            let event = parse(name, tool, "{}");
            assert_eq!(
                (agent().render)(&event, &answer(Decision::Allow)),
                silence(),
                "{name} {tool}"
            );
            assert_ne!(
                (agent().render)(&event, &answer(Decision::Deny)),
                silence(),
                "{name} {tool}"
            );
        }
    }
}

#[test]
fn where_the_mode_forbids_questions_an_ask_is_a_deny() {
    let mut event = parse("PreToolUse", "Bash", r#"{"command":"ls"}"#);
    event.mode = Some(Mode::DontAsk);
    assert!(
        (agent().render)(&event, &answer(Decision::Ask))
            .stdout
            .contains("\"permissionDecision\":\"deny\"")
    );
    assert!(
        (agent().render)(&event, &answer(Decision::Allow))
            .stdout
            .contains("\"permissionDecision\":\"allow\"")
    );
    event.mode = Some(Mode::Auto);
    assert!(
        (agent().render)(&event, &answer(Decision::Ask))
            .stdout
            .contains("\"permissionDecision\":\"ask\"")
    );
}

#[test]
fn an_obligation_that_the_client_cannot_honour_denies() {
    let mut confined = answer(Decision::Allow);
    confined.obligations.push(Obligation::Confine);
    let event = parse("PreToolUse", "Bash", r#"{"command":"ls"}"#);
    assert!(
        (agent().render)(&event, &confined)
            .stdout
            .contains("\"permissionDecision\":\"deny\"")
    );
    let event = parse("PermissionRequest", "Bash", r#"{"command":"ls"}"#);
    assert!(
        (agent().render)(&event, &confined)
            .stdout
            .contains("\"behavior\":\"deny\"")
    );
}

#[test]
fn a_reason_is_bounded_and_cannot_steer_a_terminal() {
    let event = parse("PreToolUse", "Bash", r#"{"command":"ls"}"#);
    let mut long = answer(Decision::Deny);
    long.reason = format!("\u{1b}]0;x\u{7}\"{}", "ö".repeat(1000));
    let reply = (agent().render)(&event, &long);
    let json: serde_json::Value = serde_json::from_str(&reply.stdout).unwrap();
    let reason = json["hookSpecificOutput"]["permissionDecisionReason"].as_str().unwrap();
    assert_eq!(reason.chars().count(), 400);
    assert!(reason.starts_with("\u{fffd}]0;x\u{fffd}\"ö"));
}

#[test]
fn a_failure_blocks_by_exit_code_and_a_permission_request_by_json() {
    let event = parse("PreToolUse", "Bash", r#"{"command":"ls"}"#);
    let blocked = Reply {
        stdout: String::new(),
        stderr: "no log\n".to_owned(),
        exit_code: 2,
    };
    assert_eq!((agent().refuse)(&event, "no log"), blocked);
    let event = parse("PermissionRequest", "Bash", r#"{"command":"ls"}"#);
    let denied = "{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{\"behavior\":\"deny\",\
                  \"message\":\"no log\"}}}\n";
    assert_eq!((agent().refuse)(&event, "no log"), said(denied));
}

#[test]
fn a_message_that_cannot_be_read_is_refused_with_what_is_wrong() {
    for (text, problem, message) in [
        ("", ParseProblem::Empty, "the message is empty"),
        (
            "{\"hook_event_name\":1}",
            ParseProblem::WrongType("hook_event_name", "a string"),
            "`hook_event_name` is not a string",
        ),
        (
            "{}",
            ParseProblem::Missing("hook_event_name"),
            "`hook_event_name` is missing",
        ),
        (
            "{\"hook_event_name\":\"PreToolUse\"}",
            ParseProblem::Missing("tool_name"),
            "`tool_name` is missing",
        ),
        (
            "{\"hook_event_name\":\"PreToolUse\",\"hook_event_name\":\"Stop\"}",
            ParseProblem::DuplicateKey("hook_event_name".to_owned()),
            "the key `hook_event_name` occurs twice",
        ),
        (
            "{\"hook_event_name\":\"BeforeAll\"}",
            ParseProblem::UnknownEvent("BeforeAll".to_owned()),
            "unknown event `BeforeAll`",
        ),
    ] {
        let error = (agent().parse)(text.as_bytes()).unwrap_err();
        assert_eq!(error.problem, problem, "{text}");
        let stderr = format!("Placet could not read this hook call, so it is not allowed: {message}.\n");
        assert_eq!(
            (agent().reject)(&error),
            Reply {
                stdout: String::new(),
                stderr,
                exit_code: 2
            },
            "{text}"
        );
    }
}

#[test]
fn a_permission_request_that_cannot_be_read_is_denied_by_json() {
    let text = r#"{"session_id":"s","cwd":"/p","hook_event_name":"PermissionRequest","tool_name":"Bash","tool_input":{"command":["ls"]}}"#;
    let error = (agent().parse)(text.as_bytes()).unwrap_err();
    assert_eq!(error.problem, ParseProblem::WrongType("command", "a string"));
    let reply = (agent().reject)(&error);
    assert_eq!(reply.exit_code, 0);
    assert!(reply.stdout.contains("\"behavior\":\"deny\""));
}

#[test]
fn every_field_that_is_judged_must_have_its_type() {
    for (tool, input) in [
        ("Bash", r#"{"command":1}"#),
        ("Bash", r#"{}"#),
        ("Bash", r#"{"command":"ls","run_in_background":"yes"}"#),
        ("Bash", r#"{"command":"ls","dangerouslyDisableSandbox":1}"#),
        ("Read", r#"{"file_path":["a","b"]}"#),
        ("Read", r#"{"file_path":""}"#),
        ("Write", r#"{"file_path":"/p/a"}"#),
        ("Edit", r#"{"file_path":"/p/a","old_string":"x"}"#),
        ("MultiEdit", r#"{"file_path":"/p/a","edits":{}}"#),
        ("MultiEdit", r#"{"file_path":"/p/a","edits":["x"]}"#),
        ("Grep", r#"{"pattern":"x","path":7}"#),
        ("WebFetch", r#"{"prompt":"x"}"#),
        ("Task", r#"{"prompt":{}}"#),
    ] {
        assert!(
            (agent().parse)(message("PreToolUse", tool, input).as_bytes()).is_err(),
            "{tool} {input}"
        );
    }
    for input in ["null", "[]", "\"ls\""] {
        assert!(
            (agent().parse)(message("PreToolUse", "Anything", input).as_bytes()).is_err(),
            "{input}"
        );
    }
}

#[test]
fn no_unknown_tool_is_a_read_and_mcp_tools_keep_their_server() {
    let input = |tool: &str, fields: &str| {
        let EventKind::BeforeTool(call) = parse("PreToolUse", tool, fields).kind else {
            panic!("{tool}")
        };
        call.input
    };
    for tool in [
        "read",
        "Reader",
        "BASH",
        "Bash ",
        "mcp__",
        "mcp__x",
        "mcp____y",
        "CronCreate2",
    ] {
        let ToolInput::Other { server: None, name, .. } = input(tool, r#"{"file_path":"/p/a"}"#) else {
            panic!("{tool}")
        };
        assert_eq!(name, tool);
    }
    let ToolInput::Other {
        server,
        name,
        arguments,
    } = input("mcp__git__hub__get", r#"{"a":{"b":[1,"x",null]},"c":true}"#)
    else {
        panic!("not an MCP tool")
    };
    assert_eq!((server.as_deref(), name.as_str()), (Some("git"), "hub__get"));
    let flat: Vec<_> = arguments.iter().map(|a| (a.name.as_str(), a.value.as_str())).collect();
    assert_eq!(flat, [("a.b.0", "1"), ("a.b.1", "x"), ("c", "true")]);
    assert_eq!(
        input("CronCreate", r#"{"cron":"* * * * *","prompt":"x"}"#),
        ToolInput::Internal
    );
    assert!(matches!(
        input("CronCreate", r#"{"cron":"x","prompt":"x","durable":true}"#),
        ToolInput::Other { .. }
    ));
    assert!(matches!(
        input("Agent", r#"{"prompt":"x","mode":"bypassPermissions"}"#),
        ToolInput::Spawn { unchecked: true, .. }
    ));
    assert!(matches!(
        input("Agent", r#"{"prompt":"x","mode":"plan"}"#),
        ToolInput::Spawn { unchecked: false, .. }
    ));
}

#[test]
fn the_server_that_the_client_names_splits_an_mcp_tool() {
    let text = r#"{"session_id":"s","cwd":"/p","hook_event_name":"PreToolUse","tool_name":"mcp__my__box__get",
        "tool_input":{},"mcp_server":{"name":"my  box"}}"#;
    for (told, server, name) in [("my  box", "my__box", "get"), ("other", "my", "box__get")] {
        let event = (agent().parse)(text.replace("my  box", told).as_bytes()).unwrap();
        let EventKind::BeforeTool(call) = event.kind else {
            panic!("{told}")
        };
        let expected = ToolInput::Other {
            server: Some(server.to_owned()),
            name: name.to_owned(),
            arguments: vec![],
        };
        assert_eq!(call.input, expected, "{told}");
    }
}

#[test]
fn a_mode_of_a_later_version_counts_as_the_one_that_asks() {
    let text = message("PreToolUse", "Bash", r#"{"command":"ls"}"#)
        .replace("\"cwd\"", "\"permission_mode\":\"turbo\",\"cwd\"");
    assert_eq!((agent().parse)(text.as_bytes()).unwrap().mode, Some(Mode::Default));
}

#[test]
fn a_notice_of_a_finished_job_is_not_what_the_user_said() {
    let prompt = |text: &str| {
        let message =
            format!(r#"{{"session_id":"s","cwd":"/p","hook_event_name":"UserPromptSubmit","prompt":"{text}"}}"#);
        (agent().parse)(message.as_bytes()).unwrap().kind
    };
    assert_eq!(prompt("push it"), EventKind::UserMessage("push it".to_owned()));
    assert!(matches!(
        prompt("<task-notification>push it</task-notification>"),
        EventKind::Other(_)
    ));
}

#[test]
fn a_long_key_over_many_values_costs_no_more_than_the_message() {
    let fields = format!(r#"{{"{}":[{}0]}}"#, "k".repeat(1_000_000), "0,".repeat(50_000));
    let event = parse("PreToolUse", "mcp__a__b", &fields);
    let EventKind::BeforeTool(call) = event.kind else {
        panic!("not a call")
    };
    let ToolInput::Other { arguments, .. } = call.input else {
        panic!("not an unknown tool")
    };
    assert_eq!(arguments.len(), 50_001);
    assert!(arguments.iter().all(|argument| argument.name.len() <= 200));
}

/// The reason for the two ways of refusing, and for never relying on an exit code other than 2.
#[test]
fn the_recorded_client_does_with_these_answers_what_they_mean() {
    let effects: serde_json::Value =
        serde_json::from_slice(&std::fs::read(fixtures().join("effects.json")).unwrap()).unwrap();
    let rows = |event: &str, answer: &str| {
        let rows: Vec<_> = effects["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["event"] == event && row["answer"] == answer)
            .cloned()
            .collect();
        assert_eq!(rows.len(), 6, "one row per mode for {event} {answer}");
        rows
    };
    let nothing_ran = |row: &serde_json::Value| row["ran"].as_object().unwrap().values().all(|ran| ran == false);
    for answer in ["deny", "exit2", "ask"] {
        assert!(rows("PreToolUse", answer).iter().all(nothing_ran), "{answer}");
    }
    for answer in ["crash", "timeout", "exit1", "badjson", "missing"] {
        assert!(
            !rows("PreToolUse", answer).iter().any(nothing_ran),
            "{answer} does not block"
        );
    }
    let bypass = |row: &&serde_json::Value| row["mode"] == "bypass";
    assert!(rows("PreToolUse", "crash").iter().find(bypass).unwrap()["ran"]["delete"] == true);
}

fn agent() -> &'static Agent {
    by_name("claude-code").unwrap()
}

fn answer(decision: Decision) -> Answer {
    Answer {
        decision,
        reason: "because \"x\"".to_owned(),
        rule: "some-rule".to_owned(),
        obligations: Vec::new(),
    }
}

fn said(stdout: &str) -> Reply {
    Reply {
        stdout: stdout.to_owned(),
        stderr: String::new(),
        exit_code: 0,
    }
}

fn silence() -> Reply {
    Reply::default()
}

fn message(event: &str, tool: &str, input: &str) -> String {
    format!(r#"{{"session_id":"s","cwd":"/p","hook_event_name":"{event}","tool_name":"{tool}","tool_input":{input}}}"#)
}

fn parse(event: &str, tool: &str, input: &str) -> Event {
    (agent().parse)(message(event, tool, input).as_bytes()).unwrap()
}

fn recorded() -> Vec<(Event, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(fixtures()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.contains('-') {
            all.push(((agent().parse)(&std::fs::read(&path).unwrap()).unwrap(), name));
        }
    }
    assert!(all.len() > 90);
    all
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/claude-code")
}
