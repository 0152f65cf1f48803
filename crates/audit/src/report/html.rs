//! The report as one page of HTML: styles, plot and the little script are inside, and the page's own content policy forbids
//! it to load or run anything else. Readable without the script.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{ROWS, ReportOptions, Summary, minute, plot, share};
use crate::show::printable;
use crate::stats::{DIMENSIONS, Verdicts, ranked};
use crate::{Entry, hash};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const VERDICTS: [&str; 3] = ["approved", "escalated", "denied"];

/// The page.
#[must_use]
pub fn html(entries: &[Entry], options: &ReportOptions<'_>) -> String {
    let summary = Summary::of(entries);
    let title = if options.title.is_empty() {
        "What the agent did"
    } else {
        &options.title
    };
    let mut out = String::with_capacity(64 * 1024);
    // Writing to a string cannot fail, here and below.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{} · Placet</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        hash::base64(&[SCRIPT.as_bytes()]),
        escape(title)
    );
    head(&mut out, title, &summary, options);
    if summary.stats.decisions == 0 {
        out.push_str("<section class=\"card\"><p>No decisions were recorded.</p></section>\n");
    } else {
        tally(&mut out, &summary);
        let _ = write!(
            out,
            "<section class=\"card\"><h2>The session in time <span class=\"legend\">{}</span></h2>\n<div class=\"wide\">{}</div></section>\n",
            legend(),
            plot::timeline(entries)
        );
        dimensions(&mut out, &summary);
        out.push_str("<section class=\"pair\">\n");
        counts(
            &mut out,
            "By effect",
            "a decision counts once for each of its effects",
            &summary.stats.effects,
            10,
        );
        counts(&mut out, "By rule", "every rule that spoke", &summary.stats.rules, 10);
        out.push_str("</section>\n<section class=\"pair\">\n");
        counts(&mut out, "By tool", "", &summary.stats.tools, 8);
        if summary.stats.sessions.len() > 1 {
            counts(&mut out, "By session", "", &summary.stats.sessions, 8);
        } else {
            sources(&mut out, &summary);
        }
        out.push_str("</section>\n");
        stopped(&mut out, &summary);
        approved(&mut out, &summary);
    }
    damage(&mut out, options);
    let _ = write!(
        out,
        "<footer>Secrets were taken out before anything was recorded. This page loads nothing and sends nothing.</footer>\n\
         </main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

fn head(out: &mut String, title: &str, summary: &Summary<'_>, options: &ReportOptions<'_>) {
    let _ = write!(
        out,
        "<header><div><p class=\"brand\">placet</p><h1>{}</h1><p class=\"facts\">",
        escape(title)
    );
    if let Some((first, last)) = &summary.stats.span {
        let (first, last) = (minute(first), minute(last));
        let same_day = first.get(..10) == last.get(..10);
        let last = if same_day {
            last.get(11..).unwrap_or_default().to_owned()
        } else {
            last
        };
        let _ = write!(out, "<span>{} – {} UTC</span>", escape(&first), escape(&last));
    }
    match summary.stats.sessions.len() {
        0 => {}
        1 => {
            let session = summary.stats.sessions.keys().next().map_or("", String::as_str);
            let _ = write!(out, "<span>session {}</span>", escape(&shortened(session, 40)));
        }
        many => {
            let _ = write!(out, "<span>{many} sessions</span>");
        }
    }
    for word in summary
        .agents
        .iter()
        .map(|agent| (*agent).to_owned())
        .chain(summary.modes.iter().map(|mode| format!("mode {mode}")))
    {
        let _ = write!(out, "<span>{}</span>", escape(&word));
    }
    out.push_str("</p></div>");
    if let Some(found) = options.verification {
        let end = found.end.hash.get(..16).unwrap_or_default();
        if found.holds() {
            let _ = write!(
                out,
                "<p class=\"seal\"><b>The chain holds</b>{} records, ending in <code>{end}…</code></p>",
                found.records
            );
        } else {
            let _ = write!(
                out,
                "<p class=\"seal broken\"><b>The log was tampered with or damaged</b>{} findings, listed at the end</p>",
                found.findings.len()
            );
        }
    }
    out.push_str("</header>\n");
}

fn tally(out: &mut String, summary: &Summary<'_>) {
    let stats = &summary.stats;
    out.push_str("<section><div class=\"tally\">");
    for verdict in VERDICTS {
        let count = stats.verdict(verdict);
        let _ = write!(
            out,
            "<div class=\"{verdict}\"><b>{count}</b><span>{verdict}, {}</span></div>",
            share(count, stats.decisions)
        );
    }
    let times = stats.latency();
    let _ = write!(
        out,
        "<div class=\"speed\">decided in <b>{}</b> (median), <b>{}</b> (99 %)",
        duration(times.median),
        duration(times.p99)
    );
    if stats.judge_asked > 0 {
        let times = stats.judge_latency();
        let _ = write!(
            out,
            "<br>the judge was asked <b>{}</b> times, <b>{}</b> (median), {} tokens",
            stats.judge_asked,
            duration(times.median * 1000),
            stats.judge_tokens
        );
    }
    out.push_str("</div></div>");
    let all = Verdicts {
        approved: stats.verdict("approved"),
        escalated: stats.verdict("escalated"),
        denied: stats.verdict("denied"),
    };
    let _ = writeln!(
        out,
        "<div class=\"bar whole\">{}</div></section>",
        segments(all, all.all())
    );
}

fn dimensions(out: &mut String, summary: &Summary<'_>) {
    const QUESTIONS: [&str; 4] = [
        "Can it be undone?",
        "Does it stay within the task?",
        "What does it expose?",
        "What follows from it?",
    ];
    const NAMES: [&str; 4] = ["Reversibility", "Scope", "Risk surface", "Cascade"];
    out.push_str("<section class=\"card\"><h2>The four dimensions <small>of each decision, the gravest of its effects</small></h2><div class=\"four\">\n");
    for (((dimension, values), question), name) in DIMENSIONS.iter().zip(QUESTIONS).zip(NAMES) {
        let counted: Vec<u64> = values
            .iter()
            .map(|value| {
                summary
                    .stats
                    .dimensions
                    .get(&(*dimension, (*value).to_owned()))
                    .map_or(0, Verdicts::all)
            })
            .collect();
        let all: u64 = counted.iter().sum();
        let _ = write!(out, "<div><h2>{name}</h2><p>{question}</p><div class=\"scale\">");
        let shade = |index: usize| index * 5 / (values.len() - 1).max(1);
        for (index, count) in counted.iter().enumerate().filter(|(_, count)| **count > 0) {
            let _ = write!(
                out,
                "<i style=\"flex:{count};background:var(--o{})\"></i>",
                shade(index)
            );
        }
        out.push_str("</div><table class=\"counts\">");
        for (index, (value, count)) in values.iter().zip(&counted).enumerate() {
            let class = if *count == 0 { " class=\"zero\"" } else { "" };
            let _ = write!(
                out,
                "<tr{class}><td><span class=\"dot\" style=\"background:var(--o{})\"></span>{}</td><td class=\"number\">{count}</td><td class=\"number\">{}</td></tr>",
                shade(index),
                value.replace('-', " "),
                share(*count, all)
            );
        }
        out.push_str("</table></div>\n");
    }
    out.push_str("</div></section>\n");
}

fn counts(out: &mut String, title: &str, remark: &str, map: &BTreeMap<String, Verdicts>, most: usize) {
    let _ = write!(
        out,
        "<div class=\"card\"><h2>{title} <small>{remark}</small></h2><table class=\"counts\">"
    );
    let list = ranked(map, false);
    let longest = list.iter().map(|(_, counts)| counts.all()).max().unwrap_or(1);
    for (key, counts) in list.iter().take(most) {
        let name = if key.is_empty() { "(none)" } else { key };
        let _ = write!(
            out,
            "<tr><td title=\"{}\">{}</td><td class=\"track\"><div class=\"bar\" title=\"{} approved, {} escalated, {} denied\">{}</div></td><td class=\"number\">{}</td></tr>",
            escape(name),
            escape(&shortened(name, 48)),
            counts.approved,
            counts.escalated,
            counts.denied,
            segments(*counts, longest),
            counts.all()
        );
    }
    if list.is_empty() {
        out.push_str("<tr><td class=\"soft\">none</td></tr>");
    }
    out.push_str("</table>");
    if list.len() > most {
        let _ = write!(out, "<p class=\"more\">and {} more</p>", list.len() - most);
    }
    out.push_str("</div>\n");
}

fn sources(out: &mut String, summary: &Summary<'_>) {
    let mut map: BTreeMap<String, Verdicts> = BTreeMap::new();
    for entry in summary.stopped.iter().chain(&summary.approved) {
        let counts = map.entry(entry.by.clone()).or_default();
        match entry.verdict.as_str() {
            "approved" => counts.approved += 1,
            "denied" => counts.denied += 1,
            _ => counts.escalated += 1,
        }
    }
    counts(out, "By who decided", "", &map, 8);
}

fn stopped(out: &mut String, summary: &Summary<'_>) {
    let all = summary.stopped.len();
    let _ = writeln!(
        out,
        "<section class=\"card long\"><h2>Denied and escalated <small>{all}, the latest first</small></h2>"
    );
    if all == 0 {
        out.push_str("<p class=\"soft\">Nothing was stopped.</p></section>\n");
        return;
    }
    out.push_str(
        "<form class=\"filter\"><input type=\"search\" placeholder=\"Filter by any word: a path, a rule, a reason\" aria-label=\"Filter\">\
         <label><input type=\"checkbox\" value=\"denied\" checked> denied</label>\
         <label><input type=\"checkbox\" value=\"escalated\" checked> escalated</label><output></output></form>\n",
    );
    let days = if summary.stats.days.len() > 1 { " days" } else { "" };
    let _ = writeln!(
        out,
        "<table class=\"list{days}\" id=\"stopped\"><thead><tr><th class=\"w-time\">Time</th><th class=\"w-verdict\">Verdict</th><th>What</th><th class=\"w-why\">Why</th></tr></thead><tbody>"
    );
    for entry in summary.stopped.iter().rev().take(ROWS) {
        let word = if entry.verdict == "denied" {
            "denied"
        } else {
            "escalated"
        };
        let _ = write!(
            out,
            "<tr data-verdict=\"{word}\"><td class=\"time\">{}</td><td><span class=\"verdict {word}\">{word}</span></td><td><p><code>{}</code></p><p class=\"soft\">{}{}</p></td><td>",
            escape(&clock(entry, days)),
            escape(&shortened(&entry.what(), 600)),
            escape(&entry.tool),
            effects(entry)
        );
        match entry.matches.first() {
            Some(found) => {
                let _ = write!(
                    out,
                    "<p><span class=\"rule\">{}</span></p><p>{}</p>",
                    escape(&found.rule),
                    prose(&found.reason)
                );
                if let Some(instead) = &found.instead {
                    let _ = write!(out, "<p class=\"soft\">Instead: {}</p>", prose(instead));
                }
            }
            None => {
                let _ = write!(out, "<p class=\"soft\">decided by {}</p>", escape(&entry.by));
            }
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table>");
    if all > ROWS {
        let _ = write!(out, "<p class=\"soft\">{} earlier ones are in the log.</p>", all - ROWS);
    }
    out.push_str("</section>\n");
}

fn approved(out: &mut String, summary: &Summary<'_>) {
    let all = summary.approved.len();
    if all == 0 {
        return;
    }
    let days = if summary.stats.days.len() > 1 { " days" } else { "" };
    let _ = write!(
        out,
        "<section class=\"card long\"><details><summary>Approved <small>{all}, the latest first</small></summary>\n<table class=\"list{days}\"><thead><tr><th class=\"w-time\">Time</th><th>What</th><th class=\"w-why\">Effects</th></tr></thead><tbody>\n"
    );
    for entry in summary.approved.iter().rev().take(ROWS) {
        let _ = writeln!(
            out,
            "<tr><td class=\"time\">{}</td><td><code>{}</code></td><td class=\"soft\">{}{}</td></tr>",
            escape(&clock(entry, days)),
            escape(&shortened(&entry.what(), 300)),
            escape(&entry.tool),
            effects(entry)
        );
    }
    out.push_str("</tbody></table>");
    if all > ROWS {
        let _ = write!(out, "<p class=\"soft\">{} earlier ones are in the log.</p>", all - ROWS);
    }
    out.push_str("</details></section>\n");
}

fn damage(out: &mut String, options: &ReportOptions<'_>) {
    let Some(found) = options.verification.filter(|found| !found.holds()) else {
        return;
    };
    out.push_str("<section class=\"card long\"><h2>What is wrong with the log</h2><ul class=\"findings\">");
    for finding in found.findings.iter().take(ROWS) {
        let _ = write!(out, "<li>{}</li>", escape(&finding.to_string()));
    }
    out.push_str("</ul></section>\n");
}

/// ` · modify src/lib.rs · fetch example.com`, for behind the tool's name.
fn effects(entry: &Entry) -> String {
    let mut text = String::new();
    for effect in entry.effects.iter().take(6) {
        let _ = write!(
            text,
            " · {} {}",
            escape(&effect.verb),
            escape(&shortened(&effect.resource, 90))
        );
    }
    if entry.effects.len() > 6 {
        let _ = write!(text, " · and {} more", entry.effects.len() - 6);
    }
    text
}

fn segments(counts: Verdicts, longest: u64) -> String {
    let mut text = String::new();
    for (count, verdict) in [counts.approved, counts.escalated, counts.denied]
        .into_iter()
        .zip(VERDICTS)
    {
        if count > 0 {
            let _ = write!(
                text,
                "<i class=\"{verdict}\" style=\"width:{:.2}%\"></i>",
                count as f64 / longest.max(1) as f64 * 100.0
            );
        }
    }
    text
}

fn legend() -> String {
    VERDICTS
        .map(|verdict| format!("<span class=\"key {verdict}\"></span>{verdict}"))
        .concat()
}

fn clock(entry: &Entry, days: &str) -> String {
    let range = if days.is_empty() { 11..19 } else { 5..19 };
    entry.time.get(range).unwrap_or(&entry.time).replace('T', " ")
}

fn duration(micros: u64) -> String {
    match micros {
        0..1000 => format!("{micros} µs"),
        1000..10_000 => format!("{:.1} ms", micros as f64 / 1000.0),
        10_000..10_000_000 => format!("{} ms", micros / 1000),
        _ => format!("{} s", micros / 1_000_000),
    }
}

/// A reason as a sentence of its own; what stands between backticks is shown as code.
fn prose(text: &str) -> String {
    let text = sentence(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(&text);
    }
    let code = |(index, part): (usize, &&str)| {
        if index % 2 == 1 {
            format!("<code>{}</code>", escape(part))
        } else {
            escape(part)
        }
    };
    parts.iter().enumerate().map(code).collect()
}

/// The text with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let first: String = chars
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    let rest = chars.as_str();
    let end = if rest.ends_with(['.', '!', '?', '…', ':']) || text.is_empty() {
        ""
    } else {
        "."
    };
    format!("{first}{rest}{end}")
}

/// At most so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Text that a browser shows as it is, in content and in attributes: no markup, nothing invisible, nothing reordered.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        for char in printable(line).chars() {
            match char {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                char => out.push(char),
            }
        }
    }
    out
}
