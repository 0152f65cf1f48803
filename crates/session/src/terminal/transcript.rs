//! The transcript: what was said and done, as entries that are laid out once for a width and kept.

use ratatui::text::{Line, Span};

use super::view::Inks;
use super::{markdown, wrap};
use crate::tools::todo::{Item, State};

/// Entries that are kept; what is older is in the session's file.
const MOST: usize = 4000;
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
}

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Progress {
    #[default]
    Deciding,
    Asking,
    Running,
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
            text.push_str(piece);
            *laid = None;
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

fn lay(entry: &Entry, width: usize, inks: Inks) -> Vec<Line<'static>> {
    let mut lines = match entry {
        Entry::User(text) => {
            let mut lines = wrap::wrapped(text, inks.bold, width, "  ");
            mark(&mut lines, "> ", inks.accent);
            lines
        }
        Entry::Agent(text) => markdown::lines(text, width, inks),
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
        Progress::Deciding | Progress::Running => ("… ", inks.dim),
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
    if call.bytes > 0 && call.state == Progress::Running {
        lines.extend(wrap::wrapped(
            &format!("{} bytes so far", call.bytes),
            inks.dim,
            width,
            "    ",
        ));
    }
    let mut all: Vec<&str> = call.result.lines().collect();
    if call.state == Progress::Running {
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

fn mark(lines: &mut [Line<'static>], sign: &str, ink: ratatui::style::Style) {
    if let Some(first) = lines.first_mut().and_then(|line| line.spans.first_mut()) {
        *first = Span::styled(sign.to_owned(), ink);
    }
}
