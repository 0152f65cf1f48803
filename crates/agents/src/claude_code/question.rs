//! Answers to the agent's question tool, as what the user said. The question is the agent's; it counts only where the user
//! said yes to all of it, and it is one plain question. What is granted by the words is for others to read.

use serde_json::{Map, Value};

use crate::fields::Fields;

/// The tool by which the agent puts questions with choices.
pub(super) const TOOL: &str = "AskUserQuestion";

/// Longer questions are no plain ones.
const LONG: usize = 300;
/// More answers than a menu has.
const MANY: usize = 8;

/// How plain questions begin that ask for leave; what follows is what would be done.
const ASKS: &[&str] = &[
    "should i ",
    "shall i ",
    "may i ",
    "can i ",
    "could i ",
    "should we ",
    "shall we ",
    "do you want me to ",
    "would you like me to ",
    "want me to ",
    "ok to ",
    "okay to ",
    "is it ok to ",
    "is it okay to ",
];

/// Answers that say yes and nothing else.
const YES: &[&str] = &[
    "yes",
    "y",
    "yep",
    "yeah",
    "sure",
    "ok",
    "okay",
    "yes please",
    "go ahead",
    "yes, go ahead",
    "do it",
    "yes, do it",
    "approve",
    "approved",
    "confirm",
    "proceed",
    "yes, proceed",
    "please do",
];

/// Whether the agent's question brings answers along, which only the user could give.
pub(super) fn is_answered(input: Fields<'_>) -> bool {
    input.0.get("answers").is_some_and(|answers| match answers {
        Value::Null => false,
        Value::Object(answers) => !answers.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => true,
    })
}

/// What the user said by answering, if anything.
pub(super) fn said(fields: Fields<'_>, response: Option<&Value>) -> Option<String> {
    let input = fields.0.get("tool_input").and_then(Value::as_object)?;
    // The input is the agent's own text: what it says there of answers is nobody's.
    let answers = response?.get("answers")?.as_object()?;
    let words: Vec<String> = answers
        .iter()
        .take(MANY)
        .filter_map(|(question, answer)| one(question, answer.as_str()?, input))
        .collect();
    (!words.is_empty()).then(|| words.join("\n"))
}

fn one(question: &str, answer: &str, input: &Map<String, Value>) -> Option<String> {
    let answer = answer.trim();
    if answer.is_empty() {
        return None;
    }
    let plain = answer.trim_end_matches(['.', '!']).to_lowercase();
    if !YES.contains(&plain.as_str()) {
        return Some(answer.to_owned());
    }
    let was_put = input.get("questions").and_then(Value::as_array).is_some_and(|put| {
        put.iter()
            .any(|put| put.get("question").and_then(Value::as_str) == Some(question))
    });
    let proposal = was_put.then(|| proposal(question)).flatten();
    Some(proposal.unwrap_or_else(|| answer.to_owned()))
}

/// What a plain question asks leave for, as the order that a yes makes of it.
fn proposal(question: &str) -> Option<String> {
    let question = question.trim();
    let asked = question.strip_suffix('?')?;
    // Several sentences, lines or letters that nobody sees: what exactly the yes was for can't be told.
    let visible = asked
        .chars()
        .all(|c| c == ' ' || c.is_alphanumeric() || c.is_ascii_punctuation());
    let several = [". ", "? ", "! ", "; ", ": "].iter().any(|end| asked.contains(end)) || asked.contains('?');
    if asked.len() > LONG || !visible || several {
        return None;
    }
    let begins = ASKS.iter().find(|begins| {
        asked
            .get(..begins.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(begins))
    })?;
    let order = asked.get(begins.len()..)?.trim();
    (!order.is_empty()).then(|| order.to_owned())
}
