//! A session without a terminal: one prompt, output for people or programs, an ending that a CI job can tell.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::model::Stop;
use crate::open::Company;
use crate::person::{Denial, Notice};
use crate::{Ending, Error, Session};

/// How the work is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The last words, and what was denied.
    Text,
    /// The same, with a line for every call.
    Lines,
    /// One JSON object at the end.
    Json,
    /// One JSON object per event, as they come.
    StreamJson,
}

impl Ending {
    /// Its name in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::TooManyDenials => "too-many-denials",
            Self::Budget(_) => "budget",
            Self::NoReply(_) => "no-reply",
            Self::Stopped => "stopped",
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Done(text) => text.clone(),
            Self::TooManyDenials => "Too much was denied; a person has to look.".to_owned(),
            Self::Budget(what) => format!("The limit of {what} is reached."),
            Self::NoReply(why) => format!("The model gave no reply: {why}."),
            Self::Stopped => "It was stopped.".to_owned(),
        }
    }
}

/// Runs to the end.
///
/// # Errors
/// When the session or the output can't be written.
pub fn run(
    session: &mut Session,
    prompt: Option<&str>,
    format: Format,
    stop: &Stop,
    out: &mut (dyn Write + Send),
) -> Result<Ending, Error> {
    let out = Mutex::new((out, Ok(())));
    let say = |value: &Value| {
        let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
        let (writer, state) = &mut *out;
        if state.is_ok() {
            *state = writeln!(writer, "{value}").and_then(|()| writer.flush());
        }
    };
    let streams = format == Format::StreamJson;
    let lines = format == Format::Lines;
    if streams {
        say(&json!({"type": "session", "id": session.id()}));
    }
    let tell = |notice: &Notice<'_>| {
        if streams && let Some(value) = event(notice) {
            say(&value);
        }
        // For who runs it; the output is for who reads the result.
        if !streams
            && !lines
            && let Notice::Note(text) = notice
        {
            let _ = writeln!(std::io::stderr(), "placet: {}", shown(text));
        }
        if lines && let Some(line) = line(notice) {
            let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
            let (writer, state) = &mut *out;
            if state.is_ok() {
                *state = writeln!(writer, "{line}").and_then(|()| writer.flush());
            }
        }
    };
    let company = Company {
        person: None,
        tell: &tell,
        stop,
    };
    let ending = session.go(prompt, company)?;
    match format {
        Format::Json | Format::StreamJson => say(&result(session, &ending)),
        Format::Text | Format::Lines => {
            let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
            // With a line for every call, the last words are there already.
            let said = lines && matches!(ending, Ending::Done(_));
            out.1 = text(session, (!said).then_some(&ending), out.0);
        }
    }
    let (_, written) = out.into_inner().unwrap_or_else(PoisonError::into_inner);
    written.map_err(Error::Output)?;
    Ok(ending)
}

fn text(session: &Session, ending: Option<&Ending>, out: &mut dyn Write) -> std::io::Result<()> {
    if let Some(ending) = ending {
        for line in ending.words().trim_end().lines() {
            writeln!(out, "{}", shown(line))?;
        }
    }
    let denials = session.denials();
    if !denials.is_empty() {
        writeln!(out, "\nNot done, since it was denied:")?;
        for denial in denials {
            writeln!(out, "- {}\n  {}", shown(&denial.what), shown(&denial.reason))?;
            if let Some(rule) = &denial.would_allow {
                writeln!(out, "  This rule would allow it:")?;
                for line in rule.lines() {
                    writeln!(out, "    {}", shown(line))?;
                }
            }
        }
    }
    out.flush()
}

/// One line for people.
fn line(notice: &Notice<'_>) -> Option<String> {
    Some(match notice {
        Notice::Replied { text, .. } if !text.trim().is_empty() => {
            let lines: Vec<String> = text.trim().lines().map(shown).collect();
            format!("{}\n", lines.join("\n"))
        }
        Notice::Decided {
            call,
            decision: "allow",
            rule,
            ..
        } => format!("  allow {} ({rule})", shown(&call.line())),
        Notice::Decided {
            call, decision, reason, ..
        } => format!("  {decision:5} {}\n        {}", shown(&call.line()), shown(reason)),
        Notice::Done {
            call,
            text,
            failed: true,
            ran: true,
        } => format!(
            "  failed {}: {}",
            call.tool,
            shown(text.lines().last().unwrap_or_default())
        ),
        Notice::Found { what, .. } => format!("  found {}", shown(what)),
        Notice::Note(text) => shown(text),
        Notice::Agent { about, begins } => {
            format!(
                "  sub-agent {} {}",
                shown(about),
                if *begins { "begins" } else { "ends" }
            )
        }
        Notice::Said(_)
        | Notice::Replied { .. }
        | Notice::Called(_)
        | Notice::Progress { .. }
        | Notice::Done { .. }
        | Notice::Todo(_)
        | Notice::Compacted { .. } => return None,
    })
}

/// Text of others in one line, without what would steer a terminal.
fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => '\u{fffd}',
            _ if letter.is_control() => ' ',
            _ => letter,
        })
        .collect()
}

fn result(session: &Session, ending: &Ending) -> Value {
    let denials: Vec<Value> = session.denials().iter().map(denial).collect();
    let usage = session.spent();
    json!({
        "type": "result", "ending": ending.name(), "result": ending.words(), "session": session.id(),
        "turns": session.turns(), "usage": {"input": usage.input, "output": usage.output},
        "micro_dollars": session.micro_dollars(), "denials": denials,
    })
}

fn denial(denial: &Denial) -> Value {
    json!({"what": denial.what, "rule": denial.rule, "reason": denial.reason, "would_allow": denial.would_allow})
}

fn event(notice: &Notice<'_>) -> Option<Value> {
    Some(match notice {
        Notice::Said(text) => json!({"type": "text", "text": text}),
        Notice::Replied { usage, .. } => json!({"type": "reply", "usage": usage}),
        Notice::Called(call) => json!({"type": "call", "id": call.id, "tool": call.tool, "input": call.input}),
        Notice::Decided {
            call,
            decision,
            rule,
            reason,
        } => json!({"type": "decision", "id": call.id, "decision": decision, "rule": rule, "reason": reason}),
        Notice::Done {
            call,
            text,
            failed,
            ran,
        } => {
            json!({"type": "result-of-call", "id": call.id, "text": text, "failed": failed, "ran": ran})
        }
        Notice::Found { call, what } => json!({"type": "finding", "id": call.id, "what": what}),
        Notice::Todo(items) => json!({"type": "todo", "items": items}),
        Notice::Compacted { before, after } => json!({"type": "compacted", "before": before, "after": after}),
        Notice::Note(text) => json!({"type": "note", "text": text}),
        Notice::Agent { about, begins } => json!({"type": "agent", "about": about, "begins": begins}),
        Notice::Progress { .. } => return None,
    })
}
