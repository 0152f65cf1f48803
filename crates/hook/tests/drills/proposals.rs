//! A question that the agent put by its own tool, and the user's answer to it.

use crate::scratch::Scratch;
use serde_json::{Value, json};

fn answered(scratch: &Scratch, question: &str, answer: &str) {
    let input = json!({ "questions": [{ "question": question, "options": [{ "label": "Yes" }, { "label": "No" }] }] });
    let mut message: Value = serde_json::from_str(&scratch.before("AskUserQuestion", input)).unwrap();
    message["hook_event_name"] = json!("PostToolUse");
    message["tool_response"] = json!({ "answers": { question: answer } });
    scratch.run(message.to_string());
}

fn push(scratch: &Scratch) -> String {
    let input = json!({ "command": "git push origin fix/basket" });
    scratch.run(scratch.before("Bash", input)).decision()
}

#[test]
fn a_yes_to_a_proposal_that_was_seen_is_an_order() {
    let scratch = Scratch::new();
    assert_eq!(push(&scratch), "ask");
    answered(&scratch, "Should I push the branch fix/basket to origin?", "Yes");
    assert_eq!(push(&scratch), "allow");
}

#[test]
fn a_yes_to_another_proposal_or_to_none_is_no_order() {
    let scratch = Scratch::new();
    answered(&scratch, "Should I push the branch fix/other to origin?", "Yes");
    answered(&scratch, "Is everything fine?", "Yes");
    assert_eq!(push(&scratch), "ask");
}

#[test]
fn a_no_in_words_is_a_boundary() {
    let scratch = Scratch::new();
    answered(
        &scratch,
        "Should I push the branch fix/basket to origin?",
        "No, don't push",
    );
    assert_eq!(push(&scratch), "deny");
}
