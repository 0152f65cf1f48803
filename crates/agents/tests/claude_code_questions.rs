//! Answers to Claude Code's question tool: what the user is taken to have said. The messages follow the tool's published form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use placet_agents::by_name;
use placet_model::{EventKind, ToolInput};
use serde_json::json;

fn said(question: &str, answer: &str) -> Option<String> {
    said_of(question, question, answer)
}

/// `put` is the question that the tool was given, `answered` the one that the client says was answered.
fn said_of(put: &str, answered: &str, answer: &str) -> Option<String> {
    let message = json!({
        "hook_event_name": "PostToolUse", "session_id": "s", "cwd": "/home/dev/project", "tool_name": "AskUserQuestion",
        "tool_input": { "questions": [{ "question": put, "header": "Push", "options": [{ "label": "Yes" }, { "label": "No" }] }] },
        "tool_response": { "answers": { answered: answer } },
    });
    let event = (by_name("claude-code").unwrap().parse)(message.to_string().as_bytes()).unwrap();
    match event.kind {
        EventKind::UserMessage(words) => Some(words),
        EventKind::AfterTool { .. } => None,
        other @ (EventKind::BeforeTool(_)
        | EventKind::PermissionAsked(_)
        | EventKind::PermissionDenied { .. }
        | EventKind::SessionStart
        | EventKind::SessionEnd
        | EventKind::SubagentStart
        | EventKind::SubagentStop
        | EventKind::Other(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_yes_to_a_plain_question_says_what_was_asked() {
    let pushed = Some("push fix/basket to origin".to_owned());
    assert_eq!(said("Should I push fix/basket to origin?", "Yes"), pushed);
    assert_eq!(
        said("Do you want me to push fix/basket to origin?", "Yes, go ahead."),
        pushed
    );
}

#[test]
fn an_answer_in_words_of_its_own_is_what_it_says() {
    assert_eq!(
        said("Should I push?", "No, only commit"),
        Some("No, only commit".to_owned())
    );
    assert_eq!(said("Which branch?", "release/2"), Some("release/2".to_owned()));
}

#[test]
fn a_yes_to_anything_but_one_plain_question_that_was_put_is_only_a_yes() {
    let yes = Some("Yes".to_owned());
    assert_eq!(said("Should I fix the typo? Then I push to main?", "Yes"), yes);
    assert_eq!(said("Tests pass. Should I push to main?", "Yes"), yes);
    assert_eq!(said("Should I fix the typo;\npush to main?", "Yes"), yes);
    assert_eq!(said("Should I fix the typo\u{200b} and push to main?", "Yes"), yes);
    assert_eq!(said("Push to main?", "Yes"), yes);
    assert_eq!(said(&format!("Should I push {}?", "x ".repeat(200)), "Yes"), yes);
    assert_eq!(said_of("Should I fix the typo?", "Should I push to main?", "Yes"), yes);
}

#[test]
fn answers_that_the_agent_wrote_into_its_question_are_nobodys() {
    let question = "Should I push to main?";
    let input = json!({ "questions": [{ "question": question }], "answers": { question: "Yes" } });
    for (event, response) in [("PreToolUse", json!(null)), ("PostToolUse", json!({ "questions": [] }))] {
        let message = json!({
            "hook_event_name": event, "session_id": "s", "cwd": "/home/dev/project", "tool_name": "AskUserQuestion",
            "tool_input": input, "tool_response": response,
        });
        let event = (by_name("claude-code").unwrap().parse)(message.to_string().as_bytes()).unwrap();
        let (EventKind::BeforeTool(call) | EventKind::AfterTool { call, .. }) = event.kind else {
            panic!("somebody said something");
        };
        assert!(
            matches!(call.input, ToolInput::Other { .. }),
            "it is looked at by a person"
        );
    }
}

#[test]
fn no_answer_says_nothing() {
    assert_eq!(said("Should I push?", " "), None);
}
