//! The question that stands: what would happen comes first, what was typed for it second.

use std::sync::mpsc::Sender;

use ratatui::text::{Line, Span};

use super::desk::Asked;
use super::view::Inks;
use super::wrap;
use crate::person::{Answered, Choice};

/// What waits for the person.
pub(super) enum Pending {
    /// A call.
    Call(Box<Asked>, Step),
    /// Too much was denied.
    Escalated(Vec<String>, Sender<Choice>),
    /// The model asks.
    Wonders(String, Vec<String>, Sender<Option<Answered>>),
}

/// How far the answer about a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Choose,
    /// Its explanation is shown.
    Explain,
    /// The rule that would be written is shown.
    Always,
    /// A reason is typed.
    Reason,
    /// Another command is typed.
    Edit,
}

impl Pending {
    /// Whether what is typed belongs to the answer.
    pub(super) fn takes_text(&self) -> bool {
        match self {
            Self::Call(_, step) => matches!(step, Step::Reason | Step::Edit),
            Self::Escalated(..) | Self::Wonders(..) => true,
        }
    }

    /// How it is shown.
    pub(super) fn lines(&self, width: usize, inks: Inks) -> Vec<Line<'static>> {
        match self {
            Self::Call(asked, step) => call(asked, *step, width, inks),
            Self::Escalated(denials, _) => {
                let mut lines = vec![Line::styled("Too much was denied. Please look:", inks.bold)];
                for denial in denials {
                    lines.extend(wrap::wrapped(denial, inks.bad, width, "  "));
                }
                lines.push(Line::styled(
                    "Enter lets it go on · type what it should do instead · Esc ends it",
                    inks.dim,
                ));
                lines
            }
            Self::Wonders(question, options, _) => {
                let mut lines = wrap::wrapped(question, inks.bold, width, "");
                for (number, option) in (1_usize..).zip(options) {
                    lines.extend(wrap::wrapped(&format!("{number}  {option}"), inks.plain, width, "  "));
                }
                lines.push(Line::styled("Type an answer or a number · Esc ends it", inks.dim));
                lines
            }
        }
    }
}

fn call(asked: &Asked, step: Step, width: usize, inks: Inks) -> Vec<Line<'static>> {
    const EFFECTS: usize = 6;
    let mut lines = vec![Line::styled("Placet asks. This would", inks.bold)];
    for effect in asked.effects.iter().take(EFFECTS) {
        let ink = if effect.grave { inks.bad } else { inks.doubt };
        lines.extend(wrap::spans(
            &[(format!("{}  ", effect.what), ink), (effect.how.clone(), inks.dim)],
            width,
            "  ",
        ));
    }
    if asked.effects.len() > EFFECTS {
        let more = asked.effects.len().saturating_sub(EFFECTS);
        lines.push(Line::styled(format!("  and {more} things more (x)"), inks.dim));
    }
    let text = asked
        .command
        .as_ref()
        .map_or_else(|| asked.line.clone(), |command| format!("$ {command}"));
    lines.extend(wrap::wrapped(&text, inks.code, width, "  "));
    match step {
        Step::Choose => {
            lines.extend(wrap::wrapped(&asked.reason, inks.plain, width, ""));
            lines.push(keys(asked, inks));
        }
        Step::Explain => {
            for line in &asked.explanation {
                lines.extend(wrap::wrapped(line, inks.plain, width, "  "));
            }
            lines.push(keys(asked, inks));
        }
        Step::Always => {
            lines.push(Line::styled("This rule would go into your policy:", inks.bold));
            for line in asked.rule.iter().flat_map(|rule| rule.lines()) {
                lines.extend(wrap::wrapped(line, inks.code, width, "  "));
            }
            lines.push(Line::styled("y writes it · any other key goes back", inks.dim));
        }
        Step::Reason => lines.push(Line::styled("Why not? Enter says no, with what you type", inks.dim)),
        Step::Edit => lines.push(Line::styled(
            "Change the command; Enter has it decided anew · Esc ends the work",
            inks.dim,
        )),
    }
    lines
}

fn keys(asked: &Asked, inks: Inks) -> Line<'static> {
    let mut words = Vec::new();
    if asked.can_approve {
        words.extend([("y", "once"), ("s", "this session")]);
        if asked.rule.is_some() {
            words.push(("a", "always"));
        }
    }
    words.push(("n", "no"));
    if asked.command.is_some() {
        words.push(("e", "edit"));
    }
    words.extend([("x", "explain"), ("Esc", "stop")]);
    let mut spans = Vec::new();
    for (key, word) in words {
        spans.push(Span::styled(key, inks.accent));
        spans.push(Span::styled(format!(" {word}  "), inks.dim));
    }
    Line::from(spans)
}
