//! What an answer means. Anything that is not plainly what was asked for is a flag, unsure, or an error; never consent.

use placet_model::{Decision, Opinion};
use serde::Deserialize;

use crate::quote::Quoted;
use crate::{Error, Question, visible};

/// Why an action that was not shown to its end is not allowed.
const CUT: &str = "the action, or what you forbade, is too long to be shown to it as a whole";

/// The longest sentence that is kept.
const SENTENCE: usize = 300;

/// Whether the first stage lets it pass: only by the one word.
pub(crate) fn passes(text: &str) -> bool {
    let word = text.trim().trim_end_matches('.').trim_matches(['"', '`', '\'']);
    word.eq_ignore_ascii_case("no")
}

/// What the first stage's word stands for.
pub(crate) fn passed() -> Opinion {
    Opinion {
        decision: Some(Decision::Allow),
        rule: "not-flagged".to_owned(),
        reason: "the judge sees nothing in it that goes beyond what was asked".to_owned(),
        quote: None,
        instead: None,
    }
}

#[derive(Deserialize)]
struct Said {
    decision: Word,
    rule: String,
    #[serde(default)]
    user_words: Option<String>,
    reason: String,
    #[serde(default)]
    instead: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Allow,
    Deny,
    Unsure,
}

/// The second stage's answer. An allowance in the face of a rule needs the user's own words, and they have to be theirs.
pub(crate) fn read(text: &str, question: &Question) -> Result<Opinion, Error> {
    let said: Said = serde_json::from_str(object(text)?).map_err(|error| {
        if error.is_eof() {
            Error::Truncated
        } else {
            let text = error.to_string();
            Error::Malformed(text.split(" at line").next().unwrap_or_default().to_owned())
        }
    })?;
    let rule = said.rule.trim().to_owned();
    let hardness = question.prose().hardness(&rule);
    let quote = said
        .user_words
        .map(|words| sentence(&words))
        .filter(|words| !words.is_empty());
    let found = quote.as_deref().map(|words| question.quotes().find(words));
    let theirs = found == Some(Quoted::Theirs);
    let (decision, doubt) = match (said.decision, hardness) {
        (Word::Deny, _) => (Some(Decision::Deny), None),
        (Word::Unsure, _) => (None, None),
        (Word::Allow, _) if !question.is_whole() => (None, Some(CUT)),
        (Word::Allow, _) if found == Some(Quoted::Forbids) => {
            (None, Some("the words of the user that it quotes forbid something"))
        }
        (Word::Allow, Some(true)) => (None, Some("it would allow what is never allowed")),
        (Word::Allow, Some(false)) if !theirs => (None, Some("it names no words of the user that ask for it")),
        (Word::Allow, Some(false)) => (Some(Decision::Allow), None),
        (Word::Allow, None) if rule != "none" => (None, Some("it names a rule that does not exist")),
        (Word::Allow, None) if quote.is_some() && !theirs => {
            (None, Some("it quotes words that the user did not write"))
        }
        (Word::Allow, None) => (Some(Decision::Allow), None),
    };
    let reason = sentence(&said.reason);
    Ok(Opinion {
        decision,
        rule: match hardness {
            Some(_) => rule,
            None => "judge".to_owned(),
        },
        reason: match (doubt, decision) {
            (Some(doubt), _) => format!("the judge is not to be relied on here: {doubt}"),
            (None, None) => format!("the judge is unsure: {reason}"),
            (None, Some(_)) => reason,
        },
        quote: quote.filter(|_| found.is_some_and(|found| found != Quoted::Nowhere)),
        instead: said.instead.map(|text| sentence(&text)).filter(|text| !text.is_empty()),
    })
}

/// The object in the text: alone, or in a fence.
fn object(text: &str) -> Result<&str, Error> {
    let text = text.trim();
    let inside = text.strip_prefix("```json").or_else(|| text.strip_prefix("```"));
    let text = match inside {
        Some(inside) => inside.trim().strip_suffix("```").ok_or(Error::Truncated)?.trim(),
        None => text,
    };
    match text.chars().next() {
        Some('{') => Ok(text),
        Some(_) => Err(Error::Malformed("it is no JSON object".to_owned())),
        None => Err(Error::Malformed("it is empty".to_owned())),
    }
}

/// One line of at most so many letters, without any that could mislead a terminal.
fn sentence(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| !visible::is_invisible(*letter))
        .take(SENTENCE)
        .collect();
    line.trim().trim_end_matches('.').to_owned()
}
