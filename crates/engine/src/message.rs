//! What the person and the model are told. Built from matches; it decides nothing.
//!
//! A denial reaches the model: rule, what would happen, why, a way within bounds, the rule that a person could add. It
//! never names another tool that would do the same.

use placet_model::{Decision, Match};

use crate::words::short;

/// The longest text that an answer carries, in characters.
pub const LONGEST: usize = 400;

/// The text of an answer, from the match that decided. `part` is what of the action it is about; empty for all of it.
#[must_use]
pub(crate) fn text(decision: Decision, strictest: &Match, part: &str, escalated: bool, grantable: bool) -> String {
    let opening = match decision {
        Decision::Allow => return capped(format!("{} ({}).", strictest.reason, strictest.rule)),
        Decision::Ask => "Please decide",
        Decision::Deny => "Denied",
    };
    let what = match part.trim() {
        "" => String::new(),
        part => format!("`{}` ", clipped(part, 80)),
    };
    let mut message = format!(
        "{opening} ({}): {what}would {}. {}.",
        strictest.rule,
        clipped(&strictest.effect, 140),
        sentence(&strictest.reason)
    );
    let mut parts: Vec<String> = Vec::new();
    if escalated {
        parts.push("Too many denials in this session: stop here and tell the user what you need.".to_owned());
    }
    if grantable {
        parts.push(GRANT.to_owned());
    }
    if let Some(instead) = &strictest.instead {
        parts.push(format!("{}.", sentence(instead)));
    }
    if let Some(rule) = &strictest.would_allow {
        parts.push(format!("A person can allow it with {rule}"));
    }
    for part in parts {
        if message
            .chars()
            .count()
            .saturating_add(part.chars().count())
            .saturating_add(1)
            <= LONGEST
        {
            message.push(' ');
            message.push_str(&part);
        }
    }
    capped(message)
}

/// What tells a person how to approve one action. The agent can't do it: it takes a terminal, and a hard limit asks.
const GRANT: &str = "A person can allow exactly this, once, with `placet grant last`.";

/// The text of a question that becomes a denial because the agent can't put it.
#[must_use]
pub(crate) fn with_grant(text: &str) -> String {
    let room = LONGEST.saturating_sub(GRANT.chars().count().saturating_add(1));
    format!("{} {GRANT}", clipped(text, room))
}

/// The text, cut at [`LONGEST`] characters.
#[must_use]
pub(crate) fn capped(text: String) -> String {
    if text.chars().count() <= LONGEST {
        text
    } else {
        clipped(&text, LONGEST)
    }
}

fn clipped(text: &str, most: usize) -> String {
    let line = short(text);
    let line = if most > 120 { text } else { line };
    match line.char_indices().nth(most.saturating_sub(1)) {
        Some((end, _)) if line.chars().count() > most => format!("{}…", line.get(..end).unwrap_or_default()),
        Some(_) | None => line.to_owned(),
    }
}

/// First letter large, no full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
