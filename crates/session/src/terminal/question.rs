//! The question that stands: what would happen comes first, what was typed for it second. However long a command or a reason
//! is, the effects and the line that answers stay on the screen. Its rule begins in the first column, where nothing that a
//! model or a tool writes can stand.

use std::sync::mpsc::Sender;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::desk::Asked;
use super::view::Inks;
use super::wrap;
use crate::person::{Answered, Choice};

/// Letters of a command that are laid out: its beginning and its end.
const HEAD: usize = 6000;
const TAIL: usize = 1500;

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

    /// How it is shown in at most so many lines. Until it is `ready`, no key answers it, and none is named.
    pub(super) fn lines(&self, width: usize, room: usize, ready: bool, inks: Inks) -> Vec<Line<'static>> {
        let mut page = match self {
            Self::Call(asked, step) => call(asked, *step, width, inks),
            Self::Escalated(denials, _) => Page {
                title: title("Placet asks: so much was denied that you should look", width, inks),
                effects: denials
                    .iter()
                    .flat_map(|denial| wrap::wrapped(denial, inks.bad, width, "  "))
                    .collect(),
                answer: told(
                    "Enter lets it go on · type what it should do instead · Esc ends it",
                    width,
                    inks,
                ),
                ..Page::default()
            },
            Self::Wonders(question, options, _) => Page {
                title: title("A question for you", width, inks),
                effects: wrap::wrapped(question, inks.bold, width, "  "),
                command: (1_usize..)
                    .zip(options)
                    .flat_map(|(number, option)| wrap::wrapped(&format!("{number}  {option}"), inks.plain, width, "  "))
                    .collect(),
                answer: told("Type an answer or a number · Esc ends it", width, inks),
                ..Page::default()
            },
        };
        if !ready {
            page.answer = told("…", width, inks);
        }
        page.fit(room, inks.dim)
    }
}

/// A question in parts.
#[derive(Default)]
struct Page {
    title: Line<'static>,
    effects: Vec<Line<'static>>,
    command: Vec<Line<'static>>,
    reason: Vec<Line<'static>>,
    answer: Vec<Line<'static>>,
}

impl Page {
    /// All of it, or of each part as much as there is room for: half for the effects, the rest for command and reason.
    fn fit(self, room: usize, ink: Style) -> Vec<Line<'static>> {
        let mut left = room.saturating_sub(self.answer.len().saturating_add(1));
        let wanted = [self.effects.len(), self.command.len(), self.reason.len()];
        let mut given = [0_usize; 3];
        for ((given, wanted), least) in given.iter_mut().zip(wanted).zip([left / 2, left / 4, left / 4]) {
            *given = wanted.min(least.max(1)).min(left);
            left = left.saturating_sub(*given);
        }
        for (given, wanted) in given.iter_mut().zip(wanted) {
            let more = wanted.saturating_sub(*given).min(left);
            *given = given.saturating_add(more);
            left = left.saturating_sub(more);
        }
        let [effects, command, reason] = given;
        let mut lines = vec![self.title];
        lines.extend(cut(self.effects, effects, false, ink));
        lines.extend(cut(self.command, command, true, ink));
        lines.extend(cut(self.reason, reason, false, ink));
        lines.extend(self.answer);
        lines
    }
}

/// At most so many of the lines: the first ones, or the first and the last. How many are missing is said.
fn cut(lines: Vec<Line<'static>>, most: usize, both_ends: bool, ink: Style) -> Vec<Line<'static>> {
    if lines.len() <= most || most == 0 {
        return lines.into_iter().take(most).collect();
    }
    let kept = most.saturating_sub(1);
    let tail = if both_ends { kept / 2 } else { 0 };
    let missing = lines.len().saturating_sub(kept);
    let from = lines.len().saturating_sub(tail);
    let note = Line::styled(format!("  … {missing} lines more (x)"), ink);
    let mut all = lines;
    let end = all.split_off(from);
    all.truncate(kept.saturating_sub(tail));
    all.push(note);
    all.extend(end);
    all
}

fn title(text: &str, width: usize, inks: Inks) -> Line<'static> {
    let text = format!("── {text} ");
    let rest = "─".repeat(width.saturating_sub(wrap::columns(&text)));
    Line::styled(format!("{text}{rest}"), inks.accent)
}

fn call(asked: &Asked, step: Step, width: usize, inks: Inks) -> Page {
    let effects = asked.effects.iter().flat_map(|effect| {
        let ink = if effect.grave { inks.bad } else { inks.doubt };
        wrap::spans(
            &[(format!("{}  ", effect.what), ink), (effect.how.clone(), inks.dim)],
            width,
            "  ",
        )
    });
    let text = asked
        .command
        .as_ref()
        .map_or_else(|| asked.line.clone(), |command| format!("$ {command}"));
    let mut page = Page {
        title: title("Placet asks: this would", width, inks),
        effects: effects.collect(),
        command: wrap::wrapped(&ends(&text), inks.code, width, "  "),
        ..Page::default()
    };
    for line in ends(&asked.changes.join("\n")).lines() {
        let ink = if line.starts_with('+') { inks.good } else { inks.bad };
        page.command.extend(wrap::wrapped(line, ink, width, "  "));
    }
    if page.effects.is_empty() {
        page.effects = wrap::wrapped("do nothing outside of the call itself", inks.dim, width, "  ");
    }
    match step {
        Step::Choose => {
            page.reason = wrap::wrapped(&asked.reason, inks.plain, width, "  ");
            page.answer = keys(asked, width, inks);
        }
        Step::Always => {
            page.reason = wrap::wrapped("This rule would go into your policy:", inks.bold, width, "  ");
            for line in asked.rule.iter().flat_map(|rule| rule.lines()) {
                page.reason.extend(wrap::wrapped(line, inks.code, width, "  "));
            }
            page.answer = told("y writes it · any other key goes back", width, inks);
        }
        Step::Reason => page.answer = told("Why not? Enter says no, with what you type", width, inks),
        Step::Edit => {
            page.answer = told(
                "Change the command; Enter has it decided anew · Esc ends the work",
                width,
                inks,
            );
        }
    }
    page
}

/// The beginning and the end of a text that is too long to be laid out each time it is drawn.
fn ends(text: &str) -> String {
    let count = text.chars().count();
    if count <= HEAD.saturating_add(TAIL) {
        return text.to_owned();
    }
    let head: String = text.chars().take(HEAD).collect();
    let tail: String = text.chars().skip(count.saturating_sub(TAIL)).collect();
    let missing = count.saturating_sub(HEAD).saturating_sub(TAIL);
    format!("{head}\n[… {missing} letters are not shown …]\n{tail}")
}

fn told(text: &str, width: usize, inks: Inks) -> Vec<Line<'static>> {
    wrap::wrapped(text, inks.dim, width, "")
}

/// The keys that answer; a key and its word stay on one line.
fn keys(asked: &Asked, width: usize, inks: Inks) -> Vec<Line<'static>> {
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
    let mut lines = vec![Line::default()];
    for (key, word) in words {
        let word = format!(" {word}  ");
        let wide = key.len().saturating_add(word.trim_end().len());
        if lines
            .last()
            .is_some_and(|line| line.width().saturating_add(wide) > width)
        {
            lines.push(Line::default());
        }
        if let Some(line) = lines.last_mut() {
            line.spans.push(Span::styled(key, inks.accent));
            line.spans.push(Span::styled(word, inks.dim));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(effects: usize, command: usize, reason: usize) -> Page {
        let lines = |name: &str, count: usize| (0..count).map(|n| Line::from(format!("{name} {n}"))).collect();
        Page {
            title: Line::from("title"),
            effects: lines("effect", effects),
            command: lines("command", command),
            reason: lines("reason", reason),
            answer: vec![Line::from("answer")],
        }
    }

    #[test]
    fn a_long_command_pushes_out_neither_effects_nor_the_line_that_answers() {
        for (effects, command, reason) in [(2, 500, 3), (2, 3, 500), (500, 3, 3), (500, 500, 500), (0, 1, 0)] {
            for room in 2..40 {
                let lines: Vec<String> = page(effects, command, reason)
                    .fit(room, Style::default())
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                assert!(lines.len() <= room, "{room}: {lines:?}");
                assert_eq!(
                    (lines[0].as_str(), lines[lines.len() - 1].as_str()),
                    ("title", "answer")
                );
                let shown = lines.iter().filter(|line| line.starts_with("effect")).count();
                assert!(room < 7 || shown >= effects.min(2), "{room}: {lines:?}");
            }
        }
        let all = page(2, 3, 2).fit(9, Style::default());
        assert_eq!(all.len(), 9);
        assert!(!all.iter().any(|line| line.to_string().contains("more")));
    }

    #[test]
    fn of_a_huge_text_beginning_and_end_are_laid_out() {
        let text = format!("begin{}end", "x".repeat(10_000_000));
        let shown = ends(&text);
        assert!(shown.len() < 10_000 && shown.starts_with("begin") && shown.ends_with("end"));
        assert!(shown.contains("9992508 letters are not shown"));
        assert_eq!(ends("ls"), "ls");
    }
}
