//! The judge and approvals through the real program: the hook's process, the outages, the grants. The judge itself is a small
//! program that stands in for a model.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]
#![cfg(unix)]

#[path = "judge/channels.rs"]
mod channels;
#[path = "judge/deadline.rs"]
mod deadline;
#[path = "command_line/desk.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod desk;
#[path = "judge/suspects.rs"]
mod suspects;

use std::io::Write;
use std::process::{Command, Stdio};

use desk::Desk;
use serde_json::{Value, json};

/// Undecided at the balanced tier, and known to be.
const UNDECIDED: &str = "frobnicate --now";

fn policy(desk: &Desk, judge: &str) {
    let path = desk.home(".config/placet/policy.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, format!("[judge]\n{judge}\n")).unwrap();
}

/// A judge that runs this script of the shell.
fn judged_by(desk: &Desk, script: &str, more: &str) {
    let file = desk.home("judge.sh");
    std::fs::write(&file, script).unwrap();
    policy(
        desk,
        &format!("provider = 'command'\ncommand = ['sh', '{}']\n{more}", file.display()),
    );
}

fn says(decision: &str, rule: &str, words: &str) -> String {
    let answer = json!({"thoughts": "", "decision": decision, "rule": rule, "user_words": words, "reason": "it was looked at", "instead": ""});
    format!("cat >> {{}}/seen.txt; echo asked >> {{}}/asked; cat <<'END'\n{answer}\nEND\n")
}

fn script(desk: &Desk, text: &str) -> String {
    text.replace("{}", desk.home("").to_str().unwrap().trim_end_matches('/'))
}

fn event(desk: &Desk, name: &str, more: &Value) -> String {
    let mut event = json!({
        "session_id": "s", "transcript_path": "/t", "cwd": desk.path("").to_str().unwrap().trim_end_matches('/'),
        "permission_mode": "auto", "hook_event_name": name,
    });
    for (key, value) in more.as_object().unwrap() {
        event[key] = value.clone();
    }
    event.to_string()
}

fn call(desk: &Desk, command: &str) -> String {
    event(
        desk,
        "PreToolUse",
        &json!({"tool_name": "Bash", "tool_input": {"command": command, "description": "canary-agent-prose"}, "tool_use_id": "1"}),
    )
}

/// The decision and the reason.
fn answered(desk: &Desk, message: &str, variables: &[(&str, &str)]) -> (String, String) {
    let value: Value = serde_json::from_str(&said(desk, message, variables)).unwrap_or_default();
    let said = &value["hookSpecificOutput"];
    let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    (text("permissionDecision"), text("permissionDecisionReason"))
}

/// What the hook prints.
fn said(desk: &Desk, message: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_placet"))
        .args(["hook", "claude-code"])
        .current_dir(desk.path(""))
        .env_clear()
        .env("HOME", desk.home(""))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(message.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn records(desk: &Desk) -> Vec<Value> {
    let text = std::fs::read_to_string(desk.home(".local/state/placet/audit.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn asked(desk: &Desk) -> usize {
    std::fs::read_to_string(desk.home("asked"))
        .unwrap_or_default()
        .lines()
        .count()
}

#[test]
fn an_undecided_call_is_settled_by_the_judge_recorded_and_answered_alike() {
    let desk = Desk::new();
    judged_by(&desk, &script(&desk, &says("allow", "none", "")), "");
    answered(
        &desk,
        &event(&desk, "UserPromptSubmit", &json!({"prompt": "please frobnicate"})),
        &[],
    );
    let (decision, reason) = answered(&desk, &call(&desk, UNDECIDED), &[]);
    assert_eq!(decision, "allow", "{reason}");
    let seen = std::fs::read_to_string(desk.home("seen.txt")).unwrap();
    assert!(seen.contains("please frobnicate") && seen.contains(UNDECIDED), "{seen}");
    assert!(!seen.contains("canary-agent-prose"));
    let record = records(&desk).pop().unwrap();
    assert_eq!(record["by"], "judge", "{record}");
    assert_eq!(record["judge"]["stage"], 2);
    assert_eq!(record["judge"]["model"], "sh");

    // What is decided is no business of the judge's.
    assert_eq!(asked(&desk), 1);
    assert_eq!(answered(&desk, &call(&desk, "ls"), &[]).0, "allow");
    assert_eq!(answered(&desk, &call(&desk, "sudo ls"), &[]).0, "deny");
    assert_eq!(asked(&desk), 1);
    let stats = desk.run(&["audit", "stats"]).fine();
    assert!(
        stats.contains("the judge was asked 1 times") && stats.contains("second stage 1 times"),
        "{stats}"
    );
}

#[test]
fn what_the_user_forbade_stands_in_the_question_by_itself() {
    let desk = Desk::new();
    judged_by(&desk, &script(&desk, &says("unsure", "none", "")), "");
    let told = "Please tidy up. Do not touch the archive.";
    answered(&desk, &event(&desk, "UserPromptSubmit", &json!({"prompt": told})), &[]);
    answered(&desk, &call(&desk, UNDECIDED), &[]);
    let seen = std::fs::read_to_string(desk.home("seen.txt")).unwrap();
    let after = seen.split("\"boundaries\": [").nth(1).unwrap();
    let boundaries = after.split(']').next().unwrap();
    assert!(boundaries.contains("Do not touch the archive"), "{seen}");
}

#[test]
fn the_same_question_is_not_asked_twice() {
    let desk = Desk::new();
    judged_by(&desk, &script(&desk, &says("allow", "none", "")), "");
    let message = call(&desk, UNDECIDED).replace("\"s\"", "\"other\"");
    answered(&desk, &message, &[]);
    // Another session without a past: the question is the same, to the letter.
    answered(&desk, &call(&desk, UNDECIDED), &[]);
    assert_eq!(asked(&desk), 1);
    assert_eq!(records(&desk).pop().unwrap()["judge"]["cached"], true);
}

#[test]
fn a_denial_of_the_judge_says_its_rule_and_unsure_is_asked() {
    let desk = Desk::new();
    judged_by(&desk, &script(&desk, &says("deny", "scope-creep", "")), "");
    let (decision, reason) = answered(&desk, &call(&desk, UNDECIDED), &[]);
    assert_eq!(decision, "deny");
    assert!(
        reason.contains("scope-creep") && reason.contains("placet grant last"),
        "{reason}"
    );
    assert!(
        reason.contains("`frobnicate --now` would start the program `frobnicate`. It was looked at."),
        "{reason}"
    );
    judged_by(&desk, &script(&desk, &says("unsure", "none", "")), "lifetime = 1");
    assert_eq!(answered(&desk, &call(&desk, "frobnicate --later"), &[]).0, "ask");
}

#[test]
fn an_outage_is_asked_said_and_counted_as_nothing() {
    for (body, what) in [
        ("exit 1", "ended with"),
        ("echo nonsense", "no JSON object"),
        (
            "printf '{\"decision\": \"allow\", \"rule\": \"none\"'",
            "ends in the middle",
        ),
        ("exec sleep 30", "did not answer within 1 s"),
    ] {
        let desk = Desk::new();
        judged_by(&desk, body, "deadline = 1");
        let (decision, reason) = answered(&desk, &call(&desk, UNDECIDED), &[]);
        assert_eq!(decision, "ask", "{body}: {reason}");
        assert!(
            reason.contains("no-opinion") && reason.contains(what),
            "{body}: {reason}"
        );
        for _ in 0..4 {
            let alone = [("CLAUDE_CODE_SESSION_ATTENDED", "0")];
            let (decision, reason) = answered(&desk, &call(&desk, UNDECIDED), &alone);
            // On a machine with much else to do, the hook's own deadline may be first; it blocks as well.
            assert!(decision == "deny" || decision.is_empty(), "{decision}");
            assert!(!reason.contains("Too many denials"), "{reason}");
            if body.starts_with("exec") {
                break;
            }
        }
        // The deterministic verdicts keep working.
        assert_eq!(answered(&desk, &call(&desk, "ls"), &[]).0, "allow");
        assert!(records(&desk)[0]["judge"]["error"].is_string());
    }
}

#[test]
fn a_judge_that_comes_with_a_project_is_none_and_one_inside_the_judge_is_not_asked() {
    let desk = Desk::new();
    let evil = script(&desk, &says("allow", "none", ""));
    let file = desk.home("judge.sh");
    std::fs::write(&file, &evil).unwrap();
    let text = format!(
        "[judge]\nprovider = 'command'\ncommand = ['sh', '{}']\n",
        file.display()
    );
    desk.write(".placet/policy.toml", &text);
    assert_eq!(answered(&desk, &call(&desk, UNDECIDED), &[]).0, "ask");
    desk.run(&["trust", "--yes"]);
    assert_eq!(answered(&desk, &call(&desk, UNDECIDED), &[]).0, "ask");
    assert_eq!(asked(&desk), 0);
    judged_by(&desk, &evil, "");
    assert_eq!(
        answered(&desk, &call(&desk, UNDECIDED), &[("PLACET_INSIDE_JUDGE", "1")]).0,
        "ask"
    );
    assert_eq!(asked(&desk), 0);
}

/// Types it at a pseudo-terminal; `None` where none can be had.
fn at_a_terminal(desk: &Desk, words: &str, typed: &str) -> Option<String> {
    let line = format!("{} {words}", env!("CARGO_BIN_EXE_placet"));
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(desk.path(""))
        .env_clear()
        .env("HOME", desk.home(""))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .inspect_err(|error| println!("skipped: no `script` of util-linux here ({error})"))
        .ok()?;
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    Some(String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned())
}

const ALONE: &[(&str, &str)] = &[("CLAUDE_CODE_SESSION_ATTENDED", "0")];

#[test]
fn a_grant_is_for_exactly_one_action_and_for_one_time() {
    let desk = Desk::new();
    let denied = answered(&desk, &call(&desk, UNDECIDED), ALONE);
    assert_eq!(denied.0, "deny");
    assert!(denied.1.contains("placet grant last"), "{}", denied.1);
    let list = desk.run(&["denials"]).fine();
    assert!(list.contains(UNDECIDED), "{list}");
    assert_ne!(desk.run(&["grant"]).code, 0, "nobody is at a terminal");
    let Some(said) = at_a_terminal(&desk, "grant last", "y\n") else {
        return;
    };
    assert!(said.contains("Allow exactly this, once"), "{said}");
    assert_eq!(
        answered(&desk, &call(&desk, "frobnicate --now --all"), ALONE).0,
        "deny",
        "nothing like it"
    );
    assert_eq!(answered(&desk, &call(&desk, UNDECIDED), ALONE).0, "allow");
    let record = records(&desk).pop().unwrap();
    assert_eq!(
        (record["by"].as_str(), record["rules"][0].as_str()),
        (Some("person"), Some("granted"))
    );
    assert_eq!(answered(&desk, &call(&desk, UNDECIDED), ALONE).0, "deny", "once");
}

#[test]
fn a_grant_can_hold_for_the_session_and_never_lifts_a_limit() {
    let desk = Desk::new();
    answered(&desk, &call(&desk, UNDECIDED), ALONE);
    if at_a_terminal(&desk, "grant last --session", "y\n").is_none() {
        return;
    }
    for _ in 0..3 {
        assert_eq!(answered(&desk, &call(&desk, UNDECIDED), ALONE).0, "allow");
    }
    let other = call(&desk, UNDECIDED).replace("\"s\"", "\"another\"");
    assert_eq!(answered(&desk, &other, ALONE).0, "deny", "another session");
    answered(&desk, &call(&desk, "sudo ls"), ALONE);
    let said = at_a_terminal(&desk, "grant last", "y\n").unwrap();
    assert!(said.contains("not for anybody to approve"), "{said}");
}

#[test]
fn what_nobody_has_seen_to_its_end_nobody_can_approve() {
    let desk = Desk::new();
    let end = "the-end-of-it";
    answered(
        &desk,
        &call(&desk, &format!("{UNDECIDED} {} {end}", "a ".repeat(400))),
        ALONE,
    );
    let Some(said) = at_a_terminal(&desk, "grant last", "n\n") else {
        return;
    };
    assert!(said.contains(end) && said.contains("nothing was approved"), "{said}");
    answered(
        &desk,
        &call(&desk, &format!("{UNDECIDED} {} {end}", "a ".repeat(4000))),
        ALONE,
    );
    let said = at_a_terminal(&desk, "grant last", "y\n").unwrap();
    assert!(!said.contains(end) && said.contains("nobody can approve"), "{said}");
    assert_eq!(
        desk.run(&["denials", "--json"]).lines().pop().unwrap()["grantable"],
        false
    );
}

#[test]
fn what_a_named_file_holds_is_part_of_the_grant() {
    let desk = Desk::new();
    let command = "frobnicate --from=steps.txt";
    desk.write("steps.txt", "one\n");
    assert_eq!(answered(&desk, &call(&desk, command), ALONE).0, "deny");
    if at_a_terminal(&desk, "grant last --session", "y\n").is_none() {
        return;
    }
    assert_eq!(answered(&desk, &call(&desk, command), ALONE).0, "allow");
    desk.write("steps.txt", "two\n");
    assert_eq!(answered(&desk, &call(&desk, command), ALONE).0, "deny", "another text");
}

#[test]
fn requests_are_written_and_answers_taken_by_key() {
    let desk = Desk::new();
    let cases = "{\"id\":1,\"tool\":\"Bash\",\"input\":{\"command\":\"frobnicate --now\",\"description\":\"canary-7\"}}\n{\"id\":2,\"tool\":\"Bash\",\"input\":{\"command\":\"ls\"}}\n{\"id\":3,\"tool\":\"Bash\",\"input\":{\"command\":\"sudo ls\"}}\n";
    let export = desk.home("requests.jsonl");
    let run = desk.run_with(
        &[
            "check",
            "--jsonl",
            "--undecided",
            "--judge-export",
            export.to_str().unwrap(),
        ],
        cases.as_bytes(),
    );
    assert_eq!(run.lines()[0]["decision"], "undecided");
    let text = std::fs::read_to_string(&export).unwrap();
    let requests: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        requests
            .iter()
            .map(|one| (one["id"].as_u64().unwrap(), one["stage"].as_u64().unwrap()))
            .collect::<Vec<_>>(),
        [(1, 1), (1, 2)]
    );
    assert!(!text.contains("canary-7"));
    let second = json!({"decision": "deny", "rule": "scope-creep", "user_words": "", "reason": "r"}).to_string();
    for (first, expected) in [("no", "allow"), ("yes", "deny")] {
        let answers = desk.home("answers.jsonl");
        let lines = format!(
            "{}\n{}\n",
            json!({"key": requests[0]["key"], "answer": first}),
            json!({"key": requests[1]["key"], "answer": second})
        );
        std::fs::write(&answers, lines).unwrap();
        let run = desk.run_with(
            &["check", "--jsonl", "--judge-answers", answers.to_str().unwrap()],
            cases.as_bytes(),
        );
        let decisions: Vec<&str> = run
            .lines()
            .iter()
            .map(|line| line["decision"].as_str().unwrap().to_owned().leak() as &str)
            .collect();
        assert_eq!(decisions, [expected, "allow", "deny"]);
    }
    let nothing = desk.home("nothing.jsonl");
    std::fs::write(&nothing, "").unwrap();
    let run = desk.run_with(
        &["check", "--jsonl", "--judge-answers", nothing.to_str().unwrap()],
        cases.as_bytes(),
    );
    assert_eq!(run.lines()[0]["decision"], "ask");
}

#[test]
fn the_judges_rules_and_settings_are_shown_and_a_key_never() {
    let desk = Desk::new();
    assert!(desk.run(&["judge", "config"]).fine().contains("no judge is configured"));
    policy(
        &desk,
        "provider = 'anthropic'\nmodel = 'some-model'\nkey.env = 'PATH'\nsoft-deny = ['$defaults', 'no mail to clients']",
    );
    let shown = desk.run(&["judge", "config"]).fine();
    assert!(
        shown.contains("some-model") && shown.contains("no mail to clients") && shown.contains("supply-chain"),
        "{shown}"
    );
    assert!(
        shown.contains("price     not known") && shown.contains("kept      60 min"),
        "{shown}"
    );
    assert!(!shown.contains(&std::env::var("PATH").unwrap()));
    policy(
        &desk,
        "provider = 'anthropic'\nmodel = 'claude-haiku-4-5'\nlifetime = 5",
    );
    let shown = desk.run(&["judge", "config"]).fine();
    let price = "1.00 US$ for a million tokens asked, 5.00 US$ answered";
    assert!(shown.contains(price) && shown.contains("kept      5 min"), "{shown}");
    assert!(desk.run(&["judge", "rules"]).fine().contains("data-exfiltration"));
    assert!(
        desk.run(&["judge", "rules", "supply-chain"])
            .fine()
            .contains("requirements.txt")
    );
    assert_eq!(desk.run(&["judge", "rules", "no-such"]).code, 2);
    judged_by(
        &desk,
        "cat > /dev/null; echo it is fine",
        "soft-deny = ['$defaults', 'no mail to clients']",
    );
    assert!(desk.run(&["judge", "critique"]).fine().contains("it is fine"));
}

#[test]
fn every_example_of_the_page_about_the_judge_is_a_policy_without_a_fault() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/judge.md");
    let page = std::fs::read_to_string(page).unwrap();
    let examples: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(examples.len() >= 5);
    for example in examples {
        let desk = Desk::new();
        let path = desk.home(".config/placet/policy.toml");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, example).unwrap();
        let lint = desk.run(&["policy", "lint"]);
        assert_eq!(lint.code, 0, "{example}\n{}{}", lint.stdout, lint.stderr);
        let shown = desk.run(&["judge", "config"]).fine();
        assert_eq!(
            shown.contains("no judge is configured"),
            !example.contains("provider"),
            "{shown}"
        );
    }
}

#[test]
fn the_judge_of_a_session_sees_the_policy_of_its_command_line() {
    let desk = Desk::new();
    let file = desk.home("judge.sh");
    std::fs::write(&file, script(&desk, &says("allow", "none", ""))).unwrap();
    let settings = desk.home("session.toml");
    let judge = format!(
        "environment = ['the canary is yellow']\n[judge]\nprovider = 'command'\ncommand = ['sh', '{}']\n",
        file.display()
    );
    std::fs::write(&settings, judge).unwrap();
    let model = desk.home("script.jsonl");
    let turns = [
        json!({"calls": [{"tool": "Bash", "input": {"command": "echo before"}}]}),
        json!({"calls": [{"tool": "Bash", "input": {"command": UNDECIDED}}]}),
        json!({"say": "done"}),
    ];
    std::fs::write(&model, turns.map(|turn| turn.to_string()).join("\n")).unwrap();
    let log = desk.home("elsewhere.jsonl");
    let words = [
        "session".to_owned(),
        "-p".to_owned(),
        "--auto-mode".to_owned(),
        format!("--settings={}", settings.display()),
        format!("--audit-log={}", log.display()),
        format!("--model=script:{}", model.display()),
        "please frobnicate".to_owned(),
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_placet"))
        .args(words)
        .current_dir(desk.path(""))
        .env_clear()
        .env("HOME", desk.home(""))
        .env("TMPDIR", desk.home(""))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(asked(&desk), 1);
    let seen = std::fs::read_to_string(desk.home("seen.txt")).unwrap();
    for shown in ["the canary is yellow", "please frobnicate", UNDECIDED, "echo before"] {
        assert!(seen.contains(shown), "{shown}: {seen}");
    }
    let records = std::fs::read_to_string(&log).unwrap();
    let judged: Value = serde_json::from_str(records.lines().find(|line| line.contains(UNDECIDED)).unwrap()).unwrap();
    assert_eq!(
        (&judged["by"], &judged["verdict"]),
        (&"judge".into(), &"approved".into()),
        "{judged}"
    );
}
