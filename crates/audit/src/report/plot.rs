//! The plot of the session: how many decisions fell when, and each one that was stopped. Plain SVG; colours and fonts come
//! from the page.

use std::fmt::Write as _;

use super::html::escape;
use crate::Entry;
use crate::time::rfc3339;

const WIDTH: f64 = 1040.0;
const LEFT: f64 = 86.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const COLUMNS: f64 = 148.0;
const LANE: f64 = 26.0;

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Lengths of time that people count in.
const STEPS: &[u64] = &[
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
    365 * DAY,
];

const VERDICTS: &[&str] = &["approved", "escalated", "denied"];

/// The plot; empty if there is nothing to plot.
pub(super) fn timeline(entries: &[Entry]) -> String {
    let mut decisions: Vec<(u64, &Entry)> = entries
        .iter()
        .filter(|entry| entry.is_decision())
        .filter_map(|entry| Some((entry.millis()?, entry)))
        .collect();
    decisions.sort_by_key(|(at, entry)| (*at, entry.seq));
    let (Some((first, _)), Some((last, _))) = (decisions.first(), decisions.last()) else {
        return String::new();
    };
    let span = (last - first).max(SECOND);
    let step = *STEPS.iter().find(|step| span / **step < 72).unwrap_or(&(365 * DAY));
    let from = first / step * step;
    let to = (last / step + 1) * step;
    let x = |at: f64| LEFT + (at - from as f64) / (to - from) as f64 * (WIDTH - LEFT - RIGHT);

    let buckets = usize::try_from((to - from) / step).unwrap_or(0);
    let mut counts = vec![[0_u64; 3]; buckets];
    for (at, entry) in &decisions {
        let lane = lane(entry);
        let bucket = usize::try_from((at - from) / step).unwrap_or(usize::MAX);
        if let Some(count) = counts.get_mut(bucket).and_then(|bucket| bucket.get_mut(lane)) {
            *count += 1;
        }
    }
    let highest = counts
        .iter()
        .map(|bucket| bucket.iter().sum::<u64>())
        .max()
        .unwrap_or(1)
        .max(1);
    let line = grid_step(highest);
    let ceiling = highest.div_ceil(line) * line;
    let base = TOP + COLUMNS;
    let y = |count: u64| base - count as f64 / ceiling as f64 * COLUMNS;
    let height = base + 2.0 * LANE + 34.0;

    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"Decisions over time, {} of them in all\">",
        decisions.len()
    );
    for count in (0..=ceiling).step_by(usize::try_from(line).unwrap_or(1)) {
        let at = y(count);
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
            WIDTH - RIGHT
        );
        let _ = write!(
            out,
            "<text class=\"axis\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{count}</text>",
            LEFT - 10.0,
            at + 4.0
        );
    }
    let column = x((from + step) as f64) - x(from as f64);
    let gap = if column > 6.0 { 1.5 } else { 0.4 };
    for (index, bucket) in counts.iter().enumerate() {
        let begins = from + index as u64 * step;
        let total: u64 = bucket.iter().sum();
        if total == 0 {
            continue;
        }
        let _ = write!(out, "<g><title>{}: ", label(begins, to - from));
        for (count, verdict) in bucket.iter().zip(VERDICTS) {
            if *count > 0 {
                let _ = write!(out, "{count} {verdict} ");
            }
        }
        let _ = write!(out, "</title>");
        let mut below = 0;
        for (count, verdict) in bucket.iter().zip(VERDICTS) {
            if *count > 0 {
                let (top, bottom) = (y(below + count), y(below));
                let (left, width) = (x(begins as f64) + gap / 2.0, (column - gap).max(0.6));
                let _ = write!(
                    out,
                    "<rect class=\"{verdict}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
                    bottom - top
                );
                below += count;
            }
        }
        let _ = write!(out, "</g>");
    }
    for (row, verdict) in ["denied", "escalated"].iter().enumerate() {
        let middle = base + LANE * (row as f64 + 0.5) + 8.0;
        let _ = write!(
            out,
            "<text class=\"lane {verdict}\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{verdict}</text>",
            LEFT - 10.0,
            middle + 4.0
        );
        let _ = write!(
            out,
            "<line class=\"rail\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\"/>",
            WIDTH - RIGHT
        );
        for (at, entry) in decisions
            .iter()
            .filter(|(_, entry)| VERDICTS.get(lane(entry)) == Some(verdict))
        {
            let center = x(*at as f64);
            // Two shapes, so that nobody needs to tell the colours apart.
            let shape = if *verdict == "denied" {
                "M-4,-4L4,4M4,-4L-4,4"
            } else {
                "M0,-5.2L5.2,0L0,5.2L-5.2,0Z"
            };
            let _ = write!(
                out,
                "<path class=\"mark {verdict}\" transform=\"translate({center:.1},{middle:.1})\" d=\"{shape}\"><title>{} {}</title></path>",
                escape(entry.time.get(11..19).unwrap_or_default()),
                escape(&super::html::shortened(&entry.what(), 160))
            );
        }
    }
    let tick = *STEPS
        .iter()
        .find(|tick| (to - from) / **tick <= 10)
        .unwrap_or(&(365 * DAY));
    let mut at = from.div_ceil(tick) * tick;
    while at <= to {
        let center = x(at as f64);
        let anchor = if center > WIDTH - RIGHT - 30.0 { "end" } else { "middle" };
        let _ = write!(
            out,
            "<line class=\"tick\" x1=\"{center:.1}\" x2=\"{center:.1}\" y1=\"{base}\" y2=\"{:.1}\"/>",
            base + 5.0
        );
        let _ = write!(
            out,
            "<text class=\"axis\" x=\"{center:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            height - 6.0,
            label(at, to - from)
        );
        at += tick;
    }
    out.push_str("</svg>");
    out
}

fn lane(entry: &Entry) -> usize {
    VERDICTS
        .iter()
        .position(|verdict| *verdict == entry.verdict)
        .unwrap_or(1)
}

/// A time as short as the whole span allows.
fn label(at: u64, span: u64) -> String {
    let time = rfc3339(at);
    let range = match span {
        _ if span <= 10 * MINUTE => 11..19,
        _ if span <= 36 * HOUR => 11..16,
        _ if span <= 14 * DAY => 5..16,
        _ => 0..10,
    };
    time.get(range).unwrap_or_default().replace('T', " ")
}

/// Lines at 1, 2 or 5 times a power of ten, four or five of them.
fn grid_step(highest: u64) -> u64 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if highest.div_ceil(power * factor) <= 5 {
                return power * factor;
            }
        }
        power *= 10;
    }
}
