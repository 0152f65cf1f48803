//! The report as Markdown for a pull request. Whatever an agent ran cannot format, link, mention or load anything there.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{ReportOptions, Summary, minute, share};
use crate::stats::ranked;
use crate::{Entry, show};

/// As many rows as a reviewer reads.
const STOPPED: usize = 50;

/// The summary.
#[must_use]
pub fn markdown(entries: &[Entry], options: &ReportOptions<'_>) -> String {
    let summary = Summary::of(entries);
    let stats = &summary.stats;
    let title = if options.title.is_empty() {
        "What the agent did"
    } else {
        &options.title
    };
    let mut out = format!("### {}\n\n", plain(title));
    if stats.decisions == 0 {
        out.push_str("No decisions were recorded.\n");
        return out;
    }
    let [approved, escalated, denied] = ["approved", "escalated", "denied"].map(|verdict| stats.verdict(verdict));
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(
        out,
        "**{} decisions:** {approved} approved ({}), {escalated} escalated ({}), {denied} denied ({}).\n",
        stats.decisions,
        share(approved, stats.decisions),
        share(escalated, stats.decisions),
        share(denied, stats.decisions)
    );
    let mut facts = Vec::new();
    if let Some((first, last)) = &stats.span {
        facts.push(format!("{} to {} UTC", minute(first), minute(last)));
    }
    facts.extend(summary.agents.iter().map(|agent| plain(agent)));
    facts.extend(summary.modes.iter().map(|mode| format!("mode {}", plain(mode))));
    facts.push(format!("median {} µs", stats.latency().median));
    match options.verification {
        Some(found) if found.holds() => {
            facts.push(format!(
                "chain holds, ends in `{}`",
                found.end.hash.get(..16).unwrap_or_default()
            ));
        }
        Some(found) => facts.push(format!(
            "**the log was tampered with or damaged ({} findings)**",
            found.findings.len()
        )),
        None => {}
    }
    let _ = writeln!(out, "{}\n", facts.join(" · "));

    out.push_str("| effect | approved | escalated | denied |\n|---|--:|--:|--:|\n");
    for (verb, counts) in ranked(&stats.effects, false).into_iter().take(12) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            plain(verb),
            counts.approved,
            counts.escalated,
            counts.denied
        );
    }
    if !summary.stopped.is_empty() {
        let _ = writeln!(
            out,
            "\n<details><summary>Denied and escalated ({})</summary>\n",
            summary.stopped.len()
        );
        out.push_str("| last | times | verdict | what | rule | why |\n|---|--:|---|---|---|---|\n");
        let rows = alike(&summary.stopped);
        for (entry, times) in rows.iter().take(STOPPED) {
            let found = entry.matches.first();
            let _ = writeln!(
                out,
                "| {} | {times} | {} | {} | {} | {} |",
                plain(&minute(&entry.time)),
                plain(&entry.verdict),
                code(&super::html::shortened(&entry.what(), 200)),
                code(found.map_or("", |found| &found.rule)),
                plain(&super::html::shortened(entry.reason(), 300))
            );
        }
        if rows.len() > STOPPED {
            let _ = writeln!(out, "\n{} earlier ones are in the log.", rows.len() - STOPPED);
        }
        out.push_str("\n</details>\n");
    }
    if let Some(found) = options.verification.filter(|found| !found.holds()) {
        out.push_str("\n**What is wrong with the log:**\n\n");
        for finding in found.findings.iter().take(STOPPED) {
            let _ = writeln!(out, "- {}", plain(&finding.to_string()));
        }
    }
    out
}

/// The latest of each kind and how many there were: an agent that is stopped tends to try again.
fn alike<'entry>(stopped: &[&'entry Entry]) -> Vec<(&'entry Entry, u64)> {
    let mut rows: Vec<(&Entry, u64)> = Vec::new();
    let mut places: HashMap<(&str, String, Option<&String>), usize> = HashMap::new();
    for entry in stopped.iter().rev() {
        let place = *places
            .entry((&entry.verdict, entry.what(), entry.rules.first()))
            .or_insert(rows.len());
        match rows.get_mut(place) {
            Some((_, times)) => *times += 1,
            None => rows.push((entry, 1)),
        }
    }
    rows
}

/// Text that stays text: no markup, and no mention or reference, which sites look for after rendering.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for char in show::printable(text).chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' | '#' => {
                out.push(char);
                out.push('\u{200b}');
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '+' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(char);
            }
            char => out.push(char),
        }
    }
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}

/// Text as code, in a fence longer than any run of backticks within. A bar must be escaped even there, within a table.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = show::printable(text);
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{fence}{blank}{}{blank}{fence}", text.replace('|', "\\|"))
}
