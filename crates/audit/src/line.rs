//! A record as the fields of a line: which ones, in which order, redacted. Not the chain around them.

use std::borrow::Cow;
use std::fmt::Write as _;

use placet_model::{Carries, Decision, Effect, JudgeRecord, Match, Outcome, Record, Span};

use crate::json::{Object, string};
use crate::redact::redact;
use crate::time::rfc3339;

/// A text longer than this is cut, and the line says how long it was. Inputs can have megabytes; a log that keeps each of
/// them is read by nobody.
const TEXT: usize = 32 * 1024;
/// As much is looked at for secrets before it is cut, so that none is cut in half and left.
const LOOKED_AT: usize = 2 * TEXT;
/// Lists longer than this are cut, and the line says how long they were.
const ITEMS: usize = 256;

/// The verdict's word in the log.
pub(crate) fn verdict(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "approved",
        Decision::Ask => "escalated",
        Decision::Deny => "denied",
    }
}

/// What kind of record it is.
fn kind(record: &Record) -> &'static str {
    match (record.action, &record.note) {
        ("tool_result", _) => "tool_result",
        (_, Some(_)) => "note",
        (_, None) => "decision",
    }
}

/// Writes the fields of a record.
pub(crate) fn decision(line: &mut Object<'_>, record: &Record) {
    let command = clean(&record.command);
    line.text("time", &rfc3339(record.time));
    line.text("kind", kind(record));
    line.text("session", &clean(&record.session).text);
    line.text("agent", &clean(&record.agent).text);
    line.text_if("subagent", record.subagent.as_deref());
    line.text("call", &clean(&record.call).text);
    line.text("tool", &clean(&record.tool).text);
    line.text("action", record.action);
    line.text("command", &command.text);
    if command.cut {
        line.number("command_bytes", record.command.len() as u64);
    }
    list(line, "targets", "targets_count", &record.targets, |out, target| {
        string(out, &clean(target).text)
    });
    line.text("verdict", verdict(record.decision));
    line.text("by", record.source.name());
    let mut rules: Vec<&str> = Vec::new();
    for found in &record.matches {
        if !rules.contains(&found.rule.as_str()) && rules.len() < ITEMS {
            rules.push(&found.rule);
        }
    }
    line.list("rules", rules.into_iter(), |out, rule| string(out, &clean(rule).text));
    line.text("mode", record.mode.name());
    line.text("tier", record.tier.name());
    // Spans count bytes of the text that was judged; beside a text that was changed they would point at the wrong ones.
    let spans = command.text == record.command;
    list(line, "matches", "matches_count", &record.matches, |out, found| {
        one_match(out, found, spans)
    });
    list(line, "effects", "effects_count", &record.effects, |out, effect| {
        one_effect(out, effect, spans)
    });
    if let Some(judge) = &record.judge {
        line.object("judge", |object| one_judge(object, judge));
    }
    line.number("micros", record.micros);
    if let Some(note) = &record.note {
        line.text("note", &clean(note).text);
    }
}

fn one_match(out: &mut String, found: &Match, spans: bool) {
    let mut object = Object::open(out);
    object.text(
        "outcome",
        match found.outcome {
            Outcome::Decided(decision) => decision.name(),
            Outcome::Undecided => "undecided",
        },
    );
    object.text("by", found.source.name());
    object.text("rule", &clean(&found.rule).text);
    if !found.origin.is_empty() {
        object.text("origin", &clean(&found.origin).text);
    }
    span(&mut object, found.span, spans);
    object.text("effect", &clean(&found.effect).text);
    object.text("reason", &clean(&found.reason).text);
    object.text_if(
        "instead",
        found.instead.as_deref().map(|text| clean(text).text).as_deref(),
    );
    object.text_if(
        "would_allow",
        found.would_allow.as_deref().map(|text| clean(text).text).as_deref(),
    );
    object.close();
}

fn one_effect(out: &mut String, effect: &Effect, spans: bool) {
    let mut object = Object::open(out);
    object.text("verb", effect.verb.name());
    object.text("resource", &clean(&effect.resource.to_string()).text);
    if !effect.by.is_empty() {
        object.text("by", &clean(&effect.by).text);
    }
    span(&mut object, effect.span, spans);
    object.text("reversibility", effect.dimensions.reversibility.name());
    object.text("scope", effect.dimensions.scope.name());
    object.text("surface", effect.dimensions.surface.name());
    object.text("cascade", effect.dimensions.cascade.name());
    let more = &effect.qualifiers;
    object.flag("force", more.force);
    object.flag("sweep", more.sweep);
    object.flag("measured", more.measured);
    object.flag("named_by_user", more.named_by_user);
    object.flag("elsewhere", more.elsewhere);
    object.flag("background", more.background);
    object.text_if("runs_later", more.runs_later.map(placet_model::RunsLater::words));
    object.text_if(
        "carries",
        match more.carries {
            Carries::Nothing => None,
            Carries::ProjectData => Some("project-data"),
            Carries::Unknown => Some("unknown"),
            Carries::Secret => Some("secret"),
        },
    );
    object.text_if("note", more.note.as_deref().map(|note| clean(note).text).as_deref());
    object.close();
}

fn one_judge(object: &mut Object<'_>, judge: &JudgeRecord) {
    object.number("stage", u64::from(judge.stage));
    object.text("model", &clean(&judge.model).text);
    object.number("millis", judge.millis);
    object.number("tokens", judge.tokens);
    if !judge.stages.is_empty() {
        object.list("stages", judge.stages.iter(), |out, stage| {
            let mut object = Object::open(out);
            object.number("stage", u64::from(stage.stage));
            object.number("millis", stage.millis);
            object.number("tokens_in", stage.tokens_in);
            object.number("tokens_out", stage.tokens_out);
            object.close();
        });
    }
    if let Some(cost) = judge.micro_dollars {
        object.number("micro_dollars", cost);
    }
    object.flag("cached", judge.cached);
    object.text_if(
        "error",
        judge.error.as_deref().map(|error| clean(error).text).as_deref(),
    );
}

fn span(object: &mut Object<'_>, span: Span, usable: bool) {
    if usable && span != Span::default() {
        object.list("span", [span.start, span.end].into_iter(), |out, number| {
            // Writing to a string cannot fail.
            let _ = write!(out, "{number}");
        });
    }
}

fn list<T>(line: &mut Object<'_>, name: &str, count: &str, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    line.list(name, items.iter().take(ITEMS), |out, value| item(out, value));
    if items.len() > ITEMS {
        line.number(count, items.len() as u64);
    }
}

struct Clean<'text> {
    text: Cow<'text, str>,
    cut: bool,
}

/// The text without secrets, and not too long.
fn clean(text: &str) -> Clean<'_> {
    if text.len() <= LOOKED_AT {
        let clean = redact(text);
        if clean.len() <= TEXT {
            return Clean {
                text: clean,
                cut: false,
            };
        }
    }
    let looked_at = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or_default();
    let mut clean = redact(looked_at).into_owned();
    if looked_at.len() < text.len() {
        // The last word may be half of a secret whose other half was not looked at.
        let word = clean.rfind(char::is_whitespace).unwrap_or(0);
        clean.truncate(word);
    }
    if clean.len() > TEXT {
        clean.truncate(clean.floor_char_boundary(TEXT));
    }
    clean.push('…');
    Clean {
        text: clean.into(),
        cut: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_no_half_of_a_secret_is_left() {
        let secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
        for before in (LOOKED_AT - 60..LOOKED_AT + 4).step_by(9) {
            let text = format!(
                "{} {secret} and more",
                "-----BEGIN PRIVATE KEY-----".to_owned() + &"x".repeat(before - 28)
            );
            assert!(!clean(&text).text.contains("ghp_"), "{before}");
            let text = format!("{} {secret} and more", "y ".repeat(before / 2));
            assert!(!clean(&text).text.contains("ghp_"), "{before}");
        }
        assert_eq!(clean("short").text, "short");
    }
}
