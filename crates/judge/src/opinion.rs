//! What an answer means. Anything that is not plainly what was asked for is a flag, unsure, or an error; never consent.

use placet_model::{Decision, Opinion};
use serde::Deserialize;

use crate::{Error, Question};

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
    let theirs = quote.as_deref().is_some_and(|words| question.user_wrote(words));
    let (decision, doubt) = match (said.decision, hardness) {
        (Word::Deny, _) => (Some(Decision::Deny), None),
        (Word::Unsure, _) => (None, None),
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
        quote: quote.filter(|_| theirs),
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
        .filter(|letter| !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .take(SENTENCE)
        .collect();
    line.trim().trim_end_matches('.').to_owned()
}
