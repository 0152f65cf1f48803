//! The curves as a picture: what share of each injected set is found at which rate of false alarms.

use std::fmt::Write as _;

use super::rows::Row;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 48.0;
const TOP: f64 = 16.0;
const RIGHT: f64 = 16.0;
/// The rates that are shown: from 0.1 % to all.
const LEAST: f64 = 0.001;

/// The sets with a curve of their own, and its colour.
const CURVES: &[(&str, &str)] = &[
    ("inj_agentdojo", "#1b6ca8"),
    ("inj_injecagent", "#c8553d"),
    ("inj_cyberseceval", "#588157"),
    ("inj_coding_agent", "#8e5aa8"),
];

/// The picture.
#[must_use]
pub fn picture(rows: &[Row], sums: &[f64]) -> String {
    let mut harmless: Vec<f64> = rows
        .iter()
        .zip(sums)
        .filter(|(row, _)| !row.injected && row.set != "inj_bipia")
        .map(|(_, sum)| *sum)
        .collect();
    harmless.sort_by(|a, b| b.total_cmp(a));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    axes(&mut svg);
    for (index, (set, colour)) in CURVES.iter().enumerate() {
        let injected: Vec<f64> = rows
            .iter()
            .zip(sums)
            .filter(|(row, _)| row.injected && row.set == *set)
            .map(|(_, sum)| *sum)
            .collect();
        if injected.is_empty() {
            continue;
        }
        let points: Vec<String> = curve(&injected, &harmless)
            .into_iter()
            .map(|(rate, share)| format!("{:.1},{:.1}", x(rate), y(share)))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>",
            points.join(" ")
        );
        #[expect(clippy::cast_precision_loss, reason = "four lines")]
        let line = y(0.0) - 72.0 + 18.0 * index as f64;
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{line}\" fill=\"{colour}\">{set}</text>",
            WIDTH - RIGHT - 130.0
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// What share is found at each rate of false alarms.
fn curve(injected: &[f64], harmless: &[f64]) -> Vec<(f64, f64)> {
    let share = |part: usize, all: usize| {
        #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
        let share = part as f64 / all.max(1) as f64;
        share
    };
    let found = |line: f64| share(injected.iter().filter(|sum| **sum > line).count(), injected.len());
    (0..harmless.len())
        .map(|index| (share(index, harmless.len()).max(LEAST), found(harmless[index])))
        .chain([(1.0, 1.0)])
        .collect()
}

/// Rates on a logarithmic scale.
fn x(rate: f64) -> f64 {
    LEFT + (WIDTH - LEFT - RIGHT) * (rate / LEAST).log10() / (1.0 / LEAST).log10()
}

fn y(share: f64) -> f64 {
    TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share)
}

fn axes(svg: &mut String) {
    for (rate, name) in [(0.001, "0.1 %"), (0.01, "1 %"), (0.1, "10 %"), (1.0, "100 %")] {
        let _ = writeln!(
            svg,
            "<line x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" y2=\"{2:.1}\" stroke=\"#ddd\"/><text x=\"{0:.1}\" y=\"{3:.1}\" text-anchor=\"middle\" fill=\"#444\">{name}</text>",
            x(rate),
            y(1.0),
            y(0.0),
            y(0.0) + 16.0
        );
    }
    for percent in [0, 20, 40, 60, 80, 100] {
        let at = y(f64::from(percent) / 100.0);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#444\">{percent} %</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#222\">false alarms, all harmless rows (logarithmic)</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 8.0
    );
    let _ = writeln!(
        svg,
        "<text transform=\"translate(14 {:.1}) rotate(-90)\" text-anchor=\"middle\" fill=\"#222\">found</text>",
        f64::midpoint(y(0.0), y(1.0))
    );
}
