//! Too many denials: a person is asked, and where nobody answers, nothing that would be asked goes ahead until the user
//! writes again. The clock is the call's own.

use std::time::Instant;

use placet_hook::Call;
use serde_json::{Value, json};

use crate::scratch::Scratch;

const MINUTE: u64 = 60_000;

/// The decision on one message at this minute, or what is said where there is none.
fn at(minute: u64, scratch: &Scratch, event: &str, more: &Value) -> String {
    let mut message = json!({
        "session_id": "s", "transcript_path": "/t", "cwd": scratch.project(), "permission_mode": "auto",
        "hook_event_name": event,
    });
    for (key, value) in more.as_object().unwrap() {
        message[key] = value.clone();
    }
    let home = scratch.home().to_str().unwrap().to_owned();
    let environment = |name: &str| (name == "HOME").then(|| home.clone());
    let call = Call {
        environment: &environment,
        now: 1_800_000_000_000 + minute * MINUTE,
        begun: Instant::now(),
        block_on: None,
        wait_longer: &|_| (),
    };
    let agent = placet_agents::by_name("claude-code").unwrap();
    let reply = placet_hook::run(agent, message.to_string().as_bytes(), &call, &|_| ());
    assert_eq!(reply.exit_code, 0, "{reply:?}");
    let said: Value = serde_json::from_str(&reply.stdout).unwrap_or_default();
    let word = said["hookSpecificOutput"]["permissionDecision"].as_str();
    word.unwrap_or_default().to_owned()
}

fn fetch(minute: u64, scratch: &Scratch) -> String {
    tool(
        minute,
        scratch,
        "WebFetch",
        &json!({"url": "https://a.example/", "prompt": "p"}),
    )
}

fn search(minute: u64, scratch: &Scratch) -> String {
    tool(minute, scratch, "WebSearch", &json!({"query": "q"}))
}

fn tool(minute: u64, scratch: &Scratch, name: &str, input: &Value) -> String {
    at(
        minute,
        scratch,
        "PreToolUse",
        &json!({"tool_name": name, "tool_input": input, "tool_use_id": "1"}),
    )
}

#[test]
fn a_question_that_nobody_answers_becomes_a_denial_until_the_user_writes() {
    let scratch = Scratch::new();
    for _ in 0..3 {
        assert_eq!(fetch(0, &scratch), "deny");
    }
    assert_eq!(search(1, &scratch), "ask", "a person has to look");
    assert_eq!(search(5, &scratch), "ask", "somebody may still be coming");
    assert_eq!(search(12, &scratch), "deny", "nobody came");
    let read = json!({"file_path": scratch.project().join("a.txt")});
    assert_eq!(tool(12, &scratch, "Read", &read), "allow", "what needs nobody goes on");
    assert_eq!(search(600, &scratch), "deny", "and time alone changes nothing");
    at(601, &scratch, "UserPromptSubmit", &json!({"prompt": "go on, please"}));
    assert_eq!(search(601, &scratch), "ask");
}

#[test]
fn an_ordinary_question_may_be_open_for_as_long_as_it_likes() {
    let scratch = Scratch::new();
    assert_eq!(search(0, &scratch), "ask");
    assert_eq!(search(100, &scratch), "ask");
}

#[test]
fn what_a_person_lets_run_ends_the_row() {
    let scratch = Scratch::new();
    for _ in 0..3 {
        assert_eq!(fetch(0, &scratch), "deny");
    }
    assert_eq!(search(0, &scratch), "ask");
    let ran = json!({"tool_name": "WebSearch", "tool_input": {"query": "q"}, "tool_use_id": "1", "tool_response": {}});
    at(1, &scratch, "PostToolUse", &ran);
    assert_eq!(search(100, &scratch), "ask", "nothing is open from before");
}

#[test]
fn what_ran_without_a_question_is_no_answer_to_one() {
    let scratch = Scratch::new();
    for _ in 0..3 {
        assert_eq!(fetch(0, &scratch), "deny");
    }
    assert_eq!(search(0, &scratch), "ask");
    let read = json!({"file_path": scratch.project().join("a.txt")});
    let ran = json!({"tool_name": "Read", "tool_input": read, "tool_use_id": "2", "tool_response": {}});
    at(1, &scratch, "PostToolUse", &ran);
    assert_eq!(search(12, &scratch), "deny");
}
