//! `placet audit`: reads the log back. Nothing here writes to it.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use placet_audit::report::{self, ReportOptions};
use placet_audit::show::{Style, detail, heading, row};
use placet_audit::{Entry, Filter, Follow, Reader, Stats, export, time, verify};
use serde_json::json;

use crate::cli::{self, AuditAction};
use crate::judging::{now, places};
use crate::screen::Ink;
use crate::{Error, Outcome, Screen, visible};

/// How often `tail` looks.
const LOOK: Duration = Duration::from_millis(200);

/// Runs it.
pub(super) fn run(typed: &cli::Audit, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let path = match &typed.log {
        Some(path) => path.clone(),
        None => places()?.log(),
    };
    match &typed.action {
        AuditAction::Show {
            filter,
            long,
            last,
            json,
        } => show(&path, filter, *long, *last, *json, screen),
        AuditAction::Tail { filter, json } => tail(&path, filter, *json, screen),
        AuditAction::Stats { filter, json } => {
            let entries = read(&path, filter)?.found;
            let stats = Stats::of(&entries);
            screen.text(&if *json { stats.to_json() + "\n" } else { stats.to_text() })?;
            Ok(Outcome::Fine)
        }
        AuditAction::Verify { json } => check(&path, *json, screen),
        AuditAction::Export { filter, format } => {
            let entries = read(&path, filter)?.found;
            match format.as_str() {
                "csv" => export::csv(&entries, screen.writer())?,
                _ => export::jsonl(&entries, screen.writer())?,
            }
            Ok(Outcome::Fine)
        }
        AuditAction::Report { filter, format, output } => write_report(&path, filter, format, output.as_ref(), screen),
    }
}

/// What reading yields.
struct Read {
    found: Vec<Entry>,
    /// Lines that are no records.
    broken: usize,
}

fn read(path: &Path, filter: &cli::Filter) -> Result<Read, Error> {
    let mut read = Read {
        found: Vec::new(),
        broken: 0,
    };
    for entry in Reader::open(path)?.only(conditions(filter)?) {
        match entry {
            Ok(entry) => {
                if filter.agent.as_ref().is_none_or(|agent| *agent == entry.agent) {
                    read.found.push(entry);
                }
            }
            Err(_) => read.broken = read.broken.saturating_add(1),
        }
    }
    Ok(read)
}

fn conditions(typed: &cli::Filter) -> Result<Filter, Error> {
    let now = now();
    let moment = |text: &Option<String>| text.as_ref().map(|text| time::moment(text, now)).transpose();
    Ok(Filter {
        session: typed.session.clone(),
        verdict: typed.verdict.clone(),
        rule: typed.rule.clone(),
        tool: typed.tool.clone(),
        since: moment(&typed.since)?,
        until: moment(&typed.until)?,
    })
}

fn show(
    path: &Path,
    filter: &cli::Filter,
    long: bool,
    last: Option<usize>,
    json: bool,
    screen: &mut Screen<'_>,
) -> Result<Outcome, Error> {
    let read = read(path, filter)?;
    let skipped = last.map_or(0, |last| read.found.len().saturating_sub(last));
    let entries = read.found.get(skipped..).unwrap_or_default();
    let (style, width) = look(screen);
    if json {
        export::jsonl(entries, screen.writer())?;
    } else if long {
        for entry in entries {
            screen.line(detail(entry, style))?;
        }
    } else if !entries.is_empty() {
        screen.line(heading(style, width))?;
        for entry in entries {
            screen.line(row(entry, style, width))?;
        }
    } else {
        screen.line("no records")?;
    }
    if read.broken > 0 {
        if !json {
            let text = format!("{} lines are no records: `placet audit verify` says which", read.broken);
            let text = screen.paint(Ink::Bad, &text);
            screen.line(text)?;
        }
        return Ok(Outcome::Found);
    }
    Ok(Outcome::Fine)
}

fn tail(path: &Path, filter: &cli::Filter, json: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let mut follow = Follow::from_end(path, conditions(filter)?)?;
    let (style, width) = look(screen);
    if !json {
        screen.line(heading(style, width))?;
    }
    loop {
        screen.flush()?;
        for entry in follow.poll()? {
            if filter.agent.as_ref().is_none_or(|agent| *agent == entry.agent) {
                screen.line(if json {
                    entry.raw.clone()
                } else {
                    row(&entry, style, width)
                })?;
            }
        }
        screen.flush()?;
        thread::sleep(LOOK);
    }
}

fn check(path: &Path, json: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let found = verify(path, None)?;
    if json {
        let lines = |all: &[placet_audit::verify::Finding]| -> Vec<serde_json::Value> {
            all.iter()
                .map(|finding| json!({ "file": finding.file, "line": finding.line, "problem": finding.problem.to_string() }))
                .collect()
        };
        let value = json!({
            "holds": found.holds(),
            "records": found.records,
            "files": found.files,
            "end": { "seq": found.end.seq, "hash": found.end.hash },
            "findings": lines(&found.findings),
            "notes": lines(&found.notes),
        });
        screen.line(value.to_string())?;
    } else {
        for finding in &found.findings {
            let cross = screen.paint(Ink::Bad, "✗");
            screen.line(format!("{cross} {}", visible::line(&finding.to_string())))?;
        }
        for note in &found.notes {
            let note = screen.paint(Ink::Dim, &format!("  note: {}", visible::line(&note.to_string())));
            screen.line(note)?;
        }
        let records = found.records;
        if found.holds() {
            let tick = screen.paint(Ink::Good, "✓");
            screen.line(format!(
                "{tick} the chain holds (records: {records}, files: {})",
                found.files.len()
            ))?;
            let end = screen.paint(
                Ink::Dim,
                &format!("  it ends with record {}, {}", found.end.seq, found.end.hash),
            );
            screen.line(end)?;
        } else {
            screen.line(format!(
                "the log is not what was written to it (findings: {}, records that hold: {records})",
                found.findings.len()
            ))?;
        }
    }
    Ok(if found.holds() { Outcome::Fine } else { Outcome::Found })
}

fn write_report(
    path: &Path,
    filter: &cli::Filter,
    format: &str,
    output: Option<&PathBuf>,
    screen: &mut Screen<'_>,
) -> Result<Outcome, Error> {
    let entries = read(path, filter)?.found;
    let verification = verify(path, None)?;
    let options = ReportOptions {
        title: String::new(),
        verification: Some(&verification),
    };
    let text = match format {
        "markdown" => report::markdown(&entries, &options),
        _ => report::html(&entries, &options),
    };
    match output {
        Some(file) => {
            std::fs::write(file, text).map_err(Error::file("write", file))?;
            screen.line(format!("wrote {} ({} records)", file.display(), entries.len()))?;
        }
        None => screen.text(&text)?,
    }
    Ok(Outcome::Fine)
}

fn look(screen: &Screen<'_>) -> (Style, usize) {
    let style = if screen.has_colour() {
        Style::Colour
    } else {
        Style::Plain
    };
    (style, if screen.is_terminal() { screen.width() } else { 0 })
}
