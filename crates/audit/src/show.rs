//! Records as lines for a terminal. Whether there is a terminal, how wide it is and whether colours are wanted is the
//! caller's business.

use std::fmt::Write as _;

use crate::Entry;
use crate::json::unprintable;

/// How the text is to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Letters only.
    #[default]
    Plain,
    /// With ANSI colours.
    Colour,
}

/// The heading over [`row`].
#[must_use]
pub fn heading(style: Style, width: usize) -> String {
    let text = format!(
        "{:<19}  {:<9}  {:<24}  {:<10}  WHAT",
        "TIME (UTC)", "VERDICT", "BY", "TOOL"
    );
    paint(style, Ink::Dim, &cut(&text, width))
}

/// One record in one line, cut to the width (in characters; 0 for any length).
#[must_use]
pub fn row(entry: &Entry, style: Style, width: usize) -> String {
    let time = entry.time.get(..19).unwrap_or(&entry.time).replace('T', " ");
    let verdict = if entry.is_decision() {
        entry.verdict.as_str()
    } else {
        entry.kind.as_str()
    };
    let by = match entry.rules.first() {
        Some(rule) if entry.is_decision() => rule.as_str(),
        _ => entry.by.as_str(),
    };
    let left = format!("{}  ", printable(&time));
    let middle = format!("{:<9}", cut(&printable(verdict), 9));
    let (by, tool) = (cut(&printable(by), 24), cut(&printable(&entry.tool), 10));
    let what = format!("  {by:<24}  {tool:<10}  {}", printable(&entry.what()));
    let room = if width == 0 {
        0
    } else {
        width.saturating_sub(left.chars().count() + 9).max(1)
    };
    format!(
        "{}{}{}",
        paint(style, Ink::Dim, &left),
        paint(style, ink(entry), &middle),
        cut(&what, room)
    )
}

/// All of one record, over several lines.
#[must_use]
pub fn detail(entry: &Entry, style: Style) -> String {
    let mut out = String::new();
    let verdict = if entry.is_decision() {
        entry.verdict.as_str()
    } else {
        entry.kind.as_str()
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} {}  {}",
        paint(style, ink(entry), &printable(verdict)),
        printable(&entry.tool),
        printable(&entry.what())
    );
    let mut field = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(
                out,
                "  {}  {}",
                paint(style, Ink::Dim, &format!("{name:<8}")),
                printable(value)
            );
        }
    };
    field(
        "record",
        &format!("{} in {}, line {}", entry.seq, entry.file.display(), entry.line),
    );
    field("time", &entry.time);
    field("session", &entry.session);
    let who = entry.subagent.as_ref().map_or_else(
        || entry.agent.clone(),
        |name| format!("{}, sub-agent {name}", entry.agent),
    );
    field("agent", &who);
    field("call", &entry.call);
    field(
        "decided",
        &format!(
            "by {} in {} µs, mode {}, tier {}",
            entry.by, entry.micros, entry.mode, entry.tier
        ),
    );
    for target in &entry.targets {
        field("target", target);
    }
    for found in &entry.matches {
        field(
            &found.outcome,
            &format!("{}: {}: {}", found.rule, found.effect, found.reason),
        );
        field("", found.instead.as_deref().unwrap_or_default());
    }
    for effect in &entry.effects {
        let dimensions = [&effect.reversibility, &effect.scope, &effect.surface, &effect.cascade]
            .map(String::as_str)
            .join(" · ");
        field(
            "effect",
            &format!("{} {}  ({dimensions})", effect.verb, effect.resource),
        );
    }
    if let Some(judge) = &entry.judge {
        let end = judge
            .error
            .as_deref()
            .map(|error| format!(", no answer: {error}"))
            .unwrap_or_default();
        field(
            "judge",
            &format!(
                "{}, stage {}, {} ms, {} tokens{end}",
                judge.model, judge.stage, judge.millis, judge.tokens
            ),
        );
    }
    field("note", entry.note.as_deref().unwrap_or_default());
    field("hash", &entry.hash);
    out
}

/// The text with everything that could steer a terminal written out instead.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => out.push('⏎'),
            '\t' => out.push(' '),
            char if unprintable(char) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out
}

#[derive(Clone, Copy)]
enum Ink {
    Green,
    Yellow,
    Red,
    Dim,
}

fn ink(entry: &Entry) -> Ink {
    match entry.verdict.as_str() {
        _ if !entry.is_decision() => Ink::Dim,
        "approved" => Ink::Green,
        "denied" => Ink::Red,
        _ => Ink::Yellow,
    }
}

fn paint(style: Style, ink: Ink, text: &str) -> String {
    let code = match ink {
        Ink::Green => "32",
        Ink::Yellow => "33",
        Ink::Red => "31",
        Ink::Dim => "2",
    };
    match style {
        Style::Plain => text.to_owned(),
        Style::Colour => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
    }
}

fn cut(text: &str, width: usize) -> String {
    if width == 0 || text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}
