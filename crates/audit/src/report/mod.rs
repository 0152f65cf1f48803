//! The report for people: one page of HTML that needs nothing else, and a summary in Markdown for a pull request. It shows
//! what the records say; it judges nothing.

mod html;
mod markdown;
mod plot;

pub use html::html;
pub use markdown::markdown;

use crate::{Entry, Stats, Verification};

/// What a report is about besides its records.
#[derive(Clone, Debug, Default)]
pub struct ReportOptions<'log> {
    /// The heading; empty for the usual one.
    pub title: String,
    /// What checking the log found, if it was checked.
    pub verification: Option<&'log Verification>,
}

/// More rows are read by nobody, and slow down the browser. The latest are shown.
const ROWS: usize = 2000;

/// What both forms say.
struct Summary<'entry> {
    stats: Stats,
    /// The decisions that were no approvals, oldest first.
    stopped: Vec<&'entry Entry>,
    approved: Vec<&'entry Entry>,
    agents: Vec<&'entry str>,
    modes: Vec<String>,
}

impl<'entry> Summary<'entry> {
    fn of(entries: &'entry [Entry]) -> Self {
        let decisions = || entries.iter().filter(|entry| entry.is_decision());
        let mut summary = Self {
            stats: Stats::of(entries),
            stopped: decisions().filter(|entry| entry.verdict != "approved").collect(),
            approved: decisions().filter(|entry| entry.verdict == "approved").collect(),
            agents: Vec::new(),
            modes: Vec::new(),
        };
        for entry in decisions() {
            if !summary.agents.contains(&entry.agent.as_str()) {
                summary.agents.push(&entry.agent);
            }
            let mode = if entry.mode == "auto" {
                format!("{} · {}", entry.mode, entry.tier)
            } else {
                entry.mode.clone()
            };
            if !summary.modes.contains(&mode) {
                summary.modes.push(mode);
            }
        }
        summary
    }
}

/// `2026-01-31 12:00` of a time as the log has it.
fn minute(time: &str) -> String {
    time.get(..16).unwrap_or(time).replace('T', " ")
}

/// Whole per cent, but never 0 or 100 for what is neither.
fn share(part: u64, whole: u64) -> String {
    let percent = (part as f64 / whole.max(1) as f64 * 100.0).round() as u64;
    match (part, percent) {
        (0, _) => "0 %".to_owned(),
        (_, 0) => "< 1 %".to_owned(),
        (_, 100) if part < whole => "> 99 %".to_owned(),
        _ => format!("{percent} %"),
    }
}
