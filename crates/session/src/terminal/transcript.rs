//! The transcript: what was said and done, as entries that are laid out once for a width and kept.

use std::time::Instant;

use ratatui::text::{Line, Span};

use super::view::Inks;
use super::{markdown, wrap};
use crate::tools::Tests;
use crate::tools::todo::{Item, State};

/// Entries that are kept; what is older is in the session's file.
const MOST: usize = 4000;
/// As much of what the model says at once is shown, in bytes.
const LONGEST: usize = 128 << 10;
/// As many lines of one result are shown.
const RESULT: usize = 8;

/// One thing that was said or done.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    User(String),
    Agent(String),
    Call(Call),
    Note(String),
    Todo(Vec<Item>),
}

/// A call, and how far it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) line: String,
    pub(super) state: Progress,
    /// Why it was decided so.
    pub(super) why: String,
    pub(super) result: String,
    pub(super) bytes: u64,
    pub(super) tests: Option<Tests>,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Progress {
    #[default]
    Deciding,
    Asking,
    Running(Instant),
    Done,
    Failed,
    Denied,
}

/// All of it.
#[derive(Default)]
pub(super) struct Transcript {
    entries: Vec<(Entry, Option<Vec<Line<'static>>>)>,
    width: usize,
}

impl Transcript {
    pub(super) fn push(&mut self, entry: Entry) {
        if self.entries.len() >= MOST {
            self.entries.remove(0);
        }
        self.entries.push((entry, None));
    }

    /// More of what the model says.
    pub(super) fn said(&mut self, piece: &str) {
        if let Some((Entry::Agent(text), laid)) = self.entries.last_mut() {
            if text.len() < LONGEST {
                text.push_str(piece);
                if text.len() >= LONGEST {
                    text.truncate(text.floor_char_boundary(LONGEST));
                    text.push_str("\n\n[… the rest is in the session's file]");
                }
                *laid = None;
            }
        } else {
            self.push(Entry::Agent(piece.to_owned()));
        }
    }

    /// Changes the newest call with this id.
    pub(super) fn call(&mut self, id: &str, change: impl FnOnce(&mut Call)) {
        let found = self.entries.iter_mut().rev().find_map(|(entry, laid)| match entry {
            Entry::Call(call) if call.id == id => Some((call, laid)),
            Entry::Call(_) | Entry::User(_) | Entry::Agent(_) | Entry::Note(_) | Entry::Todo(_) => None,
        });
        if let Some((call, laid)) = found {
            change(call);
            *laid = None;
        }
    }

    /// Whether the newest call with this id waits for nothing more.
    pub(super) fn is_settled(&self, id: &str) -> bool {
        self.entries.iter().rev().find_map(|(entry, _)| match entry {
            Entry::Call(call) if call.id == id => Some(matches!(
                call.state,
                Progress::Done | Progress::Failed | Progress::Denied
            )),
            Entry::Call(_) | Entry::User(_) | Entry::Agent(_) | Entry::Note(_) | Entry::Todo(_) => None,
        }) != Some(false)
    }

    /// Whether this is the newest entry.
    pub(super) fn ends_with(&self, note: &str) -> bool {
        matches!(self.entries.last(), Some((Entry::Note(text), _)) if text == note)
    }

    /// How many lines the newest entry takes.
    pub(super) fn last_height(&mut self, width: usize, inks: Inks) -> usize {
        let last = self.entries.last_mut();
        last.map_or(0, |(entry, laid)| {
            laid.get_or_insert_with(|| lay(entry, width, inks)).len()
        })
    }

    /// The last lines but `skipped`, as many as there is room for; and how many there are in all.
    pub(super) fn lines(
        &mut self,
        width: usize,
        room: usize,
        skipped: usize,
        inks: Inks,
    ) -> (Vec<Line<'static>>, usize) {
        if self.width != width {
            self.width = width;
            self.entries.iter_mut().for_each(|(_, laid)| *laid = None);
        }
        let wanted = room.saturating_add(skipped);
        let mut newest: Vec<Line<'static>> = Vec::new();
        for (entry, laid) in self.entries.iter_mut().rev() {
            let lines = laid.get_or_insert_with(|| lay(entry, width, inks));
            newest.extend(lines.iter().rev().cloned());
            if newest.len() >= wanted {
                break;
            }
        }
        let count = newest.len();
        let mut shown: Vec<Line<'static>> = newest
            .into_iter()
            .skip(skipped.min(count.saturating_sub(room.min(count))))
            .take(room)
            .collect();
        shown.reverse();
        (shown, count)
    }
}

/// Stands before all that a model or a tool wrote: the first columns are Placet's own, so that nothing can look like it.
const INDENT: &str = "  ";

fn indented(mut line: Line<'static>) -> Line<'static> {
    if line.width() > 0 {
        line.spans.insert(0, Span::raw(INDENT));
    }
    line
}

fn lay(entry: &Entry, width: usize, inks: Inks) -> Vec<Line<'static>> {
    let mut lines = match entry {
        Entry::User(text) => {
            let mut lines = wrap::wrapped(text, inks.bold, width, "  ");
            mark(&mut lines, "> ", inks.accent);
            lines
        }
        Entry::Agent(text) => markdown::lines(text, width.saturating_sub(INDENT.len()), inks)
            .into_iter()
            .map(indented)
            .collect(),
        Entry::Note(text) => wrap::wrapped(text, inks.dim, width, "  "),
        Entry::Todo(items) => items
            .iter()
            .flat_map(|item| {
                let (sign, ink) = match item.state {
                    State::Open => ("☐ ", inks.plain),
                    State::Active => ("▸ ", inks.bold),
                    State::Done => ("☑ ", inks.dim),
                };
                let mut lines = wrap::wrapped(&item.text, ink, width, "  ");
                mark(&mut lines, sign, ink);
                lines
            })
            .collect(),
        Entry::Call(call) => lay_call(call, width, inks),
    };
    // Calls that have nothing to show stand close together.
    let short = matches!(entry, Entry::Call(call) if call.result.is_empty() && call.state != Progress::Denied);
    if !short {
        lines.push(Line::default());
    }
    lines
}

fn lay_call(call: &Call, width: usize, inks: Inks) -> Vec<Line<'static>> {
    let (sign, ink) = match call.state {
        Progress::Deciding | Progress::Running(_) => ("… ", inks.dim),
        Progress::Asking => ("? ", inks.doubt),
        Progress::Done => ("✓ ", inks.good),
        Progress::Failed => ("! ", inks.doubt),
        Progress::Denied => ("✗ ", inks.bad),
    };
    let mut lines = wrap::wrapped(&call.line, inks.plain, width, "  ");
    mark(&mut lines, sign, ink);
    if call.state == Progress::Denied {
        lines.extend(wrap::wrapped(&call.why, inks.bad, width, "    "));
        return lines;
    }
    if let Progress::Running(since) = call.state
        && let Some(text) = so_far(since.elapsed().as_secs(), call.bytes, call.tests)
    {
        lines.extend(wrap::wrapped(&text, inks.dim, width, "    "));
    }
    let mut all: Vec<&str> = call.result.lines().collect();
    if matches!(call.state, Progress::Running(_)) {
        // Of what still runs, the newest lines tell most.
        all = all.split_off(all.len().saturating_sub(RESULT));
    }
    for line in all.iter().take(RESULT) {
        let ink = match line.chars().next() {
            Some('+') => inks.good,
            Some('-') => inks.bad,
            Some(_) | None => inks.dim,
        };
        // One line each: a result is looked at, not read.
        let cut: String = line.chars().take(width.saturating_sub(6)).collect();
        lines.extend(wrap::wrapped(&cut, ink, width, "    ").into_iter().take(1));
    }
    if all.len() > RESULT {
        let more = format!("… {} more lines", all.len().saturating_sub(RESULT));
        lines.extend(wrap::wrapped(&more, inks.dim, width, "    "));
    }
    lines
}

/// How far a running call is, where there is something to tell: seconds, bytes, tests.
pub(super) fn so_far(seconds: u64, bytes: u64, tests: Option<Tests>) -> Option<String> {
    let mut parts = Vec::new();
    if seconds > 1 {
        parts.push(format!("{seconds} s"));
    }
    if bytes > 0 {
        parts.push(size(bytes));
    }
    if let Some(tests) = tests {
        parts.push(match tests.total {
            Some(total) => format!("{} of {total} tests", tests.done),
            None => format!("{} tests", tests.done),
        });
        if tests.failed > 0 {
            parts.push(format!("{} failed", tests.failed));
        }
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// A number of bytes, for people.
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} kB", tenths(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

fn mark(lines: &mut [Line<'static>], sign: &str, ink: ratatui::style::Style) {
    if let Some(first) = lines.first_mut().and_then(|line| line.spans.first_mut()) {
        *first = Span::styled(sign.to_owned(), ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_says_never_begins_in_the_first_columns() {
        let text = "── Placet asks: this would ───\n\n  read a file\n\ny once  n no\n\n> auto\n\n---\n\n1. one\n\n```\n>                     code\n```\n\n# Title\n\n| a | b |\n|---|---|\n| c | d |\n\n<b>html</b>\n";
        for width in [10, 20, 80] {
            let lines = lay(&Entry::Agent(text.to_owned()), width, Inks::plain());
            for line in lines.iter().map(ToString::to_string).filter(|line| !line.is_empty()) {
                assert!(line.starts_with(INDENT), "{line:?}");
                assert!(wrap::columns(&line) <= width.max(12), "{line:?}");
            }
        }
    }

    #[test]
    fn a_flood_of_words_is_shown_up_to_a_bound() {
        let mut transcript = Transcript::default();
        for _ in 0..1000 {
            transcript.said(&"x".repeat(10_000));
        }
        let (lines, _) = transcript.lines(80, 5, 0, Inks::plain());
        let text: String = lines.iter().map(ToString::to_string).collect();
        assert!(text.contains("the rest is in the session's file"), "{text}");
        assert!(transcript.last_height(80, Inks::plain()) < 4000);
    }

    #[test]
    fn progress_is_told_in_seconds_bytes_and_tests() {
        assert_eq!(so_far(1, 0, None), None);
        let tests = Tests {
            done: 12,
            failed: 1,
            total: Some(40),
        };
        assert_eq!(
            so_far(9, 3_276, Some(tests)).unwrap(),
            "9 s · 3.2 kB · 12 of 40 tests · 1 failed"
        );
        assert_eq!(
            (size(999), size(100_000_000)),
            ("999 bytes".to_owned(), "100.0 MB".to_owned())
        );
    }
}
