//! Whole calls through the real program: what goes in on standard input, what comes out, what is kept.

use std::fs;

use crate::scratch::{Scratch, say};
use serde_json::json;

#[test]
fn a_listing_is_allowed_and_recorded() {
    let scratch = Scratch::new();
    let said = scratch.run(scratch.shell("ls -la"));
    assert_eq!(said.decision(), "allow", "{said:?}");
    let records = scratch.records();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["verdict"], "approved");
    assert_eq!(records[0]["command"], "ls -la");
    assert_eq!(records[0]["session"], "s");
    assert_eq!(records[0]["mode"], "auto");
}

#[test]
fn a_hard_limit_denies_in_every_mode_with_its_rule() {
    let scratch = Scratch::new();
    for mode in ["default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions"] {
        let input = scratch
            .shell("sudo rm /etc/passwd")
            .replace("\"auto\"", &format!("\"{mode}\""));
        let said = scratch.run(input);
        assert_eq!(said.decision(), "deny", "{mode}: {said:?}");
        assert!(said.stdout.contains("privilege-escalation"), "{said:?}");
    }
    assert!(scratch.records().iter().all(|record| record["verdict"] == "denied"));
}

#[test]
fn where_nobody_can_be_asked_a_question_is_a_denial() {
    let scratch = Scratch::new();
    let input = scratch.asked();
    assert_eq!(scratch.run(&input).decision(), "ask");
    let mut unattended = scratch.command();
    unattended.env("CLAUDE_CODE_SESSION_ATTENDED", "0");
    assert_eq!(say(&mut unattended, input.as_bytes()).decision(), "deny");
    assert_eq!(scratch.run(input.replace("\"auto\"", "\"dontAsk\"")).decision(), "deny");
}

#[test]
fn a_permission_request_gets_the_same_verdict_and_a_question_is_left_to_the_person() {
    let scratch = Scratch::new();
    let asked = |tool: &str, input: serde_json::Value| {
        let fields = json!({ "tool_name": tool, "tool_input": input });
        scratch.run(scratch.event("PermissionRequest", fields)).decision()
    };
    assert_eq!(asked("Bash", json!({ "command": "true" })), "allow");
    assert_eq!(
        asked("WebFetch", json!({ "url": "https://example.com", "prompt": "x" })),
        "deny"
    );
    assert_eq!(asked("WebSearch", json!({ "query": "x" })), "none");
}

#[test]
fn a_permission_request_is_answered_when_sure_and_left_to_the_person_otherwise() {
    let scratch = Scratch::new();
    let asked = |command: &str| {
        scratch.run(scratch.event(
            "PermissionRequest",
            json!({ "tool_name": "Bash", "tool_input": { "command": command } }),
        ))
    };
    assert_eq!(asked("ls").decision(), "allow");
    assert_eq!(asked("sudo ls").decision(), "deny");
    assert_eq!(asked("npm publish").decision(), "none");
}

#[test]
fn the_projects_denials_hold_and_its_allowances_only_when_trusted() {
    let scratch = Scratch::new();
    let policy = scratch.project().join(".placet/policy.toml");
    let text = "[permissions]\ndeny = [\"Bash(ls *)\"]\n";
    scratch.write(&policy, text);
    assert_eq!(scratch.run(scratch.shell("ls -la")).decision(), "deny");
    let text = "[permissions]\nallow = [\"Bash(npm publish)\"]\n";
    scratch.write(&policy, text);
    assert_eq!(scratch.run(scratch.shell("npm publish")).decision(), "ask");
    let home = scratch.home().to_str().unwrap().to_owned();
    let places = placet_hook::Places::of(&|name: &str| (name == "HOME").then(|| home.clone())).unwrap();
    placet_hook::trust::trust(&places, &policy, text).unwrap();
    assert_eq!(scratch.run(scratch.shell("npm publish")).decision(), "allow");
}

#[test]
fn the_clients_own_settings_and_ignore_files_count() {
    let scratch = Scratch::new();
    scratch.write(
        &scratch.home().join(".claude/settings.json"),
        r#"{"permissions":{"deny":["Bash(ls *)"]},"model":"x"}"#,
    );
    assert_eq!(scratch.run(scratch.shell("ls -la")).decision(), "deny");
    scratch.write(&scratch.project().join(".claudeignore"), "*.key\n");
    assert_eq!(scratch.run(scratch.shell("cat a.txt")).decision(), "allow");
    assert_eq!(scratch.run(scratch.shell("cat b.key")).decision(), "deny");
    let read = |name: &str| scratch.before("Read", json!({ "file_path": scratch.project().join(name) }));
    assert_eq!(scratch.run(read("b.key")).decision(), "deny");
    assert_eq!(scratch.run(read("a.txt")).decision(), "allow");
}

#[test]
fn what_the_session_created_may_be_deleted_and_what_was_there_may_not() {
    let scratch = Scratch::new();
    let (own, theirs) = (scratch.project().join("own.txt"), scratch.project().join("theirs.txt"));
    fs::write(&theirs, "precious\n").unwrap();
    let input = json!({ "file_path": own, "content": "x\n" });
    assert_eq!(scratch.run(scratch.before("Write", input.clone())).decision(), "allow");
    fs::write(&own, "x\n").unwrap();
    let after = scratch.event("PostToolUse", json!({
        "tool_name": "Write",
        "tool_input": input,
        "tool_response": { "type": "create", "filePath": own, "content": "x\n", "structuredPatch": [], "originalFile": null },
        "tool_use_id": "call",
    }));
    assert_eq!(scratch.run(after).decision(), "none");
    assert_eq!(scratch.run(scratch.shell("rm own.txt")).decision(), "allow");
    assert_eq!(scratch.run(scratch.shell("rm theirs.txt")).decision(), "ask");
}

#[test]
fn what_a_command_created_is_remembered_too() {
    let scratch = Scratch::new();
    assert_eq!(scratch.run(scratch.shell("echo hi > made.txt")).decision(), "allow");
    fs::write(scratch.project().join("made.txt"), "hi\n").unwrap();
    let after = scratch.event(
        "PostToolUse",
        json!({
            "tool_name": "Bash",
            "tool_input": { "command": "echo hi > made.txt" },
            "tool_response": { "stdout": "", "stderr": "", "interrupted": false },
            "tool_use_id": "call",
        }),
    );
    assert_eq!(scratch.run(after).decision(), "none");
    assert_eq!(scratch.run(scratch.shell("rm made.txt")).decision(), "allow");
}

#[test]
fn what_the_user_says_is_kept_for_the_session_and_not_printed_into_it() {
    let scratch = Scratch::new();
    let said = scratch.run(scratch.event("UserPromptSubmit", json!({ "prompt": "please look at notes.md" })));
    assert_eq!(
        (said.code, said.stdout.as_str(), said.stderr.as_str()),
        (Some(0), "", "")
    );
    let kept: String = crate::scratch::walk(&scratch.state().join("sessions"))
        .into_iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert!(kept.contains("please look at notes.md"));
}

#[test]
fn sessions_sub_agents_and_the_agents_own_denials_leave_a_note() {
    let scratch = Scratch::new();
    for name in ["SessionStart", "SubagentStart", "SubagentStop", "SessionEnd"] {
        let said = scratch.run(scratch.event(name, json!({ "agent_id": "a1" })));
        assert_eq!((said.code, said.stdout.as_str()), (Some(0), ""), "{name}");
    }
    let denied = json!({ "tool_name": "Bash", "tool_input": { "command": "x" }, "tool_use_id": "c", "reason": "No." });
    scratch.run(scratch.event("PermissionDenied", denied));
    let notes: Vec<String> = scratch
        .records()
        .iter()
        .map(|record| record["note"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "session begins",
        "sub-agent begins",
        "sub-agent ends",
        "session ends",
        "denied by the agent itself: No.",
    ];
    assert_eq!(notes, expected);
}

#[test]
fn an_unknown_agent_blocks() {
    let scratch = Scratch::new();
    for arguments in [vec![], vec!["cursor"], vec!["claude"]] {
        let mut command = scratch.command();
        let mut other = std::process::Command::new(command.get_program());
        other.args(&arguments);
        let said = say(&mut other, b"{}");
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(said.stderr.contains("known are: claude-code"), "{said:?}");
        command.arg("ignored");
    }
}
