//! `placet scan`: what the probe finds in files, directories, standard input or recorded tool results. What is done about
//! a finding is the hook's business.

mod files;
mod jsonl;
mod sarif;

use std::io::{BufReader, Read};

use placet_probe::{Asked, Finding, Level, Origin, Part, Request, look};
use serde::Serialize;

use crate::screen::Ink;
use crate::{Error, Outcome, Screen, cli, visible};

/// Lines of one part that are shown.
const SHOWN: usize = 6;

/// A text and what was found in it.
pub(super) struct Scanned {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) finding: Finding,
}

/// Scans.
pub(super) fn run(typed: &cli::Scan, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    if let Some(file) = &typed.jsonl {
        let input: Box<dyn Read> = if file.as_os_str() == "-" {
            Box::new(std::io::stdin())
        } else {
            Box::new(std::fs::File::open(file).map_err(Error::file("read", file))?)
        };
        return jsonl::answer(&mut BufReader::new(input), screen);
    }
    let origin = Origin::ALL
        .iter()
        .copied()
        .find(|origin| origin.name() == typed.from)
        .unwrap_or(Origin::Network);
    // Only SARIF is one document; everything else is said as it is found, so that a large tree needs no large memory.
    let mut kept: Vec<Scanned> = Vec::new();
    let (mut count, mut found) = (0_usize, 0_usize);
    for path in &typed.paths {
        files::each(path, typed.instructions, &mut |name, text| {
            count = count.saturating_add(1);
            let finding = look(&text, origin, &Request::default());
            let suspicious = finding.level > Level::None;
            found = found.saturating_add(usize::from(suspicious));
            let one = Scanned { name, text, finding };
            if typed.sarif {
                if suspicious {
                    kept.push(one);
                }
                Ok(())
            } else if typed.json {
                screen.line(json(&one))
            } else if suspicious {
                show(&one, screen)
            } else {
                Ok(())
            }
        })?;
    }
    if typed.sarif {
        screen.line(sarif::document(&kept))?;
    } else if !typed.json {
        let texts = if count == 1 { "text" } else { "texts" };
        screen.line(format!("{found} of {count} {texts} with a finding"))?;
    }
    Ok(if found == 0 { Outcome::Fine } else { Outcome::Found })
}

/// The line and column of a place, from 1, and where its line begins.
pub(super) fn position(text: &str, at: usize) -> (usize, usize, usize) {
    let before = text.get(..text.floor_char_boundary(at)).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let line = before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
    let column = before
        .get(start..)
        .unwrap_or_default()
        .chars()
        .count()
        .saturating_add(1);
    (line, column, start)
}

/// The tricks' names.
pub(super) fn tricks(finding: &Finding) -> Vec<&'static str> {
    finding.tricks.iter().map(|trick| trick.name()).collect()
}

fn show(one: &Scanned, screen: &mut Screen<'_>) -> Result<(), Error> {
    let finding = &one.finding;
    let ink = if finding.level == Level::High {
        Ink::Bad
    } else {
        Ink::Doubt
    };
    let level = screen.paint(ink, &finding.level.name().to_uppercase());
    screen.line(format!(
        "{level}  {}  {:.2}  {}",
        visible::line(&one.name),
        finding.score,
        tricks(finding).join(", ")
    ))?;
    for part in &finding.parts {
        show_part(&one.text, part, screen)?;
    }
    for (word, list) in asked(&finding.asked) {
        let list: Vec<String> = list.iter().map(|thing| visible::line(thing)).collect();
        screen.line(format!("  asks for {word}: {}", list.join(", ")))?;
    }
    screen.line("")
}

/// What was asked for, by kind, without what is empty.
fn asked(asked: &Asked) -> Vec<(&'static str, &[String])> {
    let kinds: [(&'static str, &[String]); 5] = [
        ("commands", &asked.commands),
        ("hosts", &asked.hosts),
        ("addresses", &asked.addresses),
        ("paths", &asked.paths),
        ("secrets", &asked.secrets),
    ];
    kinds.into_iter().filter(|(_, list)| !list.is_empty()).collect()
}

/// The part's lines, with what is meant underlined.
fn show_part(text: &str, part: &Part, screen: &mut Screen<'_>) -> Result<(), Error> {
    let (first, _, start) = position(text, part.start);
    let width = screen.width().saturating_sub(9).max(20);
    let mut at = start;
    let mut shown = 0;
    for (number, line) in text.get(start..).unwrap_or_default().split('\n').enumerate() {
        let end = at.saturating_add(line.len());
        if at >= part.end || shown == SHOWN {
            break;
        }
        let from = text.floor_char_boundary(part.start.max(at));
        let to = text.floor_char_boundary(part.end.min(end));
        let count = |from: usize, to: usize| text.get(from..to).map_or(0, |piece| piece.chars().count());
        let (mut before, mut under) = (count(at, from), count(from, to));
        // A long line is shown from where it matters.
        let mut letters = line.chars();
        let skipped = before.saturating_sub(width / 4);
        if skipped > 0 && before.saturating_add(under) > width {
            letters.nth(skipped.saturating_sub(1));
            before = before.saturating_sub(skipped);
        }
        let piece: String = letters.take(width).map(visible::character).collect();
        under = under.min(width.saturating_sub(before));
        if under > 0 {
            let number = first.saturating_add(number);
            screen.line(format!("{number:>6} | {piece}"))?;
            let marks = screen.paint(Ink::Bad, &"^".repeat(under));
            screen.line(format!("       | {:before$}{marks}", ""))?;
            shown = shown.saturating_add(1);
        }
        at = end.saturating_add(1);
    }
    if let Some(decoded) = &part.decoded {
        let short = visible::cut(&visible::line(decoded), width.saturating_mul(2));
        screen.line(format!("       = decoded: {short}"))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Report<'a> {
    path: &'a str,
    finding: &'static str,
    score: f32,
    tricks: Vec<&'static str>,
    parts: Vec<ReportPart<'a>>,
    asked: ReportAsked<'a>,
}

#[derive(Serialize)]
struct ReportPart<'a> {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    score: f32,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decoded: Option<&'a str>,
}

#[derive(Serialize)]
struct ReportAsked<'a> {
    commands: &'a [String],
    hosts: &'a [String],
    addresses: &'a [String],
    paths: &'a [String],
    secrets: &'a [String],
}

fn json(one: &Scanned) -> String {
    let asked = &one.finding.asked;
    let parts = one.finding.parts.iter().map(|part| {
        let (line, column, _) = position(&one.text, part.start);
        ReportPart {
            start: part.start,
            end: part.end,
            line,
            column,
            score: part.score,
            text: one.text.get(part.start..part.end).unwrap_or_default(),
            decoded: part.decoded.as_deref(),
        }
    });
    let report = Report {
        path: &one.name,
        finding: one.finding.level.name(),
        score: one.finding.score,
        tricks: tricks(&one.finding),
        parts: parts.collect(),
        asked: ReportAsked {
            commands: &asked.commands,
            hosts: &asked.hosts,
            addresses: &asked.addresses,
            paths: &asked.paths,
            secrets: &asked.secrets,
        },
    };
    // Strings and numbers always have a JSON form.
    serde_json::to_string(&report).unwrap_or_default()
}
