//! Where to draw the lines: from the sums that harmless rows got, for stated rates of false alarms.

use placet_probe::Origin;

use super::rows::Row;

/// Lines and scale, in units of the logistic function.
pub struct Chosen {
    /// For each origin: from where on it is low, medium, high.
    pub levels: [[f64; 3]; 3],
    /// What one unit of the score is.
    pub slope: f64,
    /// Where the chances are even.
    pub even: f64,
}

/// The share of harmless texts that may be found, at the lowest level: of what sessions really showed, and of texts that
/// were collected because they look like an attack.
const RATES: &[(&str, f64)] = &[
    ("sessions_tool_results", 0.003),
    ("benign_lookalike_files", 0.025),
    ("notinject", 0.015),
    ("benign_llmail", 0.015),
    ("inj_agentdojo", 0.015),
    ("inj_injecagent", 0.015),
    ("inj_coding_agent", 0.018),
    (WEAK, 0.03),
];

/// A set whose labels are weak: it counts for the lowest level only.
const WEAK: &str = "inj_bipia";

/// Where nothing was measured.
const UNMEASURED: [f64; 3] = [2.0, 3.0, 5.0];

/// Chooses.
#[must_use]
pub fn choose(rows: &[Row], sums: &[f64]) -> Chosen {
    let near = levels(rows, sums, |origin| origin != Origin::Network);
    let far = levels(rows, sums, |origin| origin == Origin::Network);
    Chosen {
        levels: [far, near, near],
        slope: 1.0,
        even: far[0],
    }
}

fn levels(rows: &[Row], sums: &[f64], counts: impl Fn(Origin) -> bool) -> [f64; 3] {
    let mut levels = [f64::MIN; 3];
    for (set, rate) in RATES {
        let mut harmless: Vec<f64> = rows
            .iter()
            .zip(sums)
            .filter(|(row, _)| row.set == *set && !row.injected && counts(row.origin()))
            .map(|(_, sum)| *sum)
            .collect();
        if harmless.len() < 20 {
            continue;
        }
        harmless.sort_by(|a, b| b.total_cmp(a));
        let count = if *set == WEAK { 1 } else { 3 };
        for (level, share) in levels.iter_mut().zip([1.0, 0.4, 0.0]).take(count) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "counts of rows"
            )]
            let spared = (harmless.len() as f64 * rate * share) as usize;
            *level = level.max(harmless[spared] + 0.01);
        }
    }
    if levels[0] == f64::MIN {
        return UNMEASURED;
    }
    levels[1] = levels[1].max(levels[0] + 0.5);
    levels[2] = levels[2].max(levels[1] + 0.5);
    levels
}
