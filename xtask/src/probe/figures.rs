//! The figures: what share is found of each set, source and trick, and how often the alarm is false.

use std::collections::BTreeMap;

use placet_probe::{Level, Model, Origin, look_by};

use super::rows::Row;
use super::thresholds;

/// What came out for one row.
pub struct Found {
    level: Level,
    tricks: Vec<&'static str>,
    micros: f64,
}

/// By a model as the product uses it.
#[must_use]
pub fn by_model(rows: &[Row], model: &Model<'_>) -> Vec<Found> {
    rows.iter()
        .map(|row| {
            let request = row.request();
            let start = std::time::Instant::now();
            let finding = look_by(model, &row.text, row.origin(), &request);
            Found {
                level: finding.level,
                tricks: finding.tricks.iter().map(|trick| trick.name()).collect(),
                micros: start.elapsed().as_secs_f64() * 1e6,
            }
        })
        .collect()
}

/// By sums that were got elsewhere, with lines drawn for them.
#[must_use]
pub fn by_sums(rows: &[Row], sums: &[f64]) -> Vec<Found> {
    let chosen = thresholds::choose(rows, sums);
    let level = |row: &Row, sum: f64| {
        let [low, medium, high] = chosen.levels[row.origin() as usize];
        match sum {
            sum if sum >= high => Level::High,
            sum if sum >= medium => Level::Medium,
            sum if sum >= low => Level::Low,
            _ => Level::None,
        }
    };
    rows.iter()
        .zip(sums)
        .map(|(row, sum)| Found {
            level: level(row, *sum),
            tricks: Vec::new(),
            micros: 0.0,
        })
        .collect()
}

#[derive(Default)]
struct Counts {
    rows: u32,
    low: u32,
    medium: u32,
    high: u32,
}

impl Counts {
    fn add(&mut self, level: Level) {
        self.rows += 1;
        self.low += u32::from(level >= Level::Low);
        self.medium += u32::from(level >= Level::Medium);
        self.high += u32::from(level >= Level::High);
    }

    fn line(&self, name: &str) -> String {
        let share = |part: u32| {
            format!(
                "{part} ({:.1} %)",
                100.0 * f64::from(part) / f64::from(self.rows.max(1))
            )
        };
        format!(
            "{name:<44} {:>6} {:>15} {:>15} {:>15}",
            self.rows,
            share(self.low),
            share(self.medium),
            share(self.high)
        )
    }
}

/// Prints them.
pub fn print(rows: &[Row], found: &[Found]) {
    let mut injected: BTreeMap<String, Counts> = BTreeMap::new();
    let mut harmless: BTreeMap<String, Counts> = BTreeMap::new();
    let mut kinds: BTreeMap<String, Counts> = BTreeMap::new();
    let mut tricks: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut micros: Vec<f64> = Vec::new();
    for (row, found) in rows.iter().zip(found) {
        let name = if !row.injected && row.set.starts_with("inj_") {
            format!("{} (clean twins)", row.set)
        } else {
            row.set.to_owned()
        };
        let sets = if row.injected { &mut injected } else { &mut harmless };
        sets.entry(name).or_default().add(found.level);
        if row.injected {
            kinds.entry(kind(row)).or_default().add(found.level);
        }
        for trick in &found.tricks {
            let counts = tricks.entry(trick).or_default();
            if row.injected {
                counts.0 += 1;
            } else {
                counts.1 += 1;
            }
        }
        micros.push(found.micros);
    }
    let head = |name: &str| {
        println!(
            "{name:<44} {:>6} {:>15} {:>15} {:>15}",
            "rows", "low and up", "medium and up", "high"
        )
    };
    for (name, sets) in [
        ("found", &injected),
        ("false alarms", &harmless),
        ("found, by kind", &kinds),
    ] {
        head(name);
        for (name, counts) in sets {
            println!("{}", counts.line(name));
        }
        println!();
    }
    if !tricks.is_empty() {
        println!("{:<44} {:>10} {:>12}", "trick named", "injected", "harmless");
        for (name, (injected, harmless)) in &tricks {
            println!("{name:<44} {injected:>10} {harmless:>12}");
        }
        micros.sort_by(f64::total_cmp);
        let at = |share: usize| micros.get(micros.len() * share / 100).copied().unwrap_or_default();
        println!(
            "\nmicroseconds for one text: median {:.0}, 99th percentile {:.0}",
            at(50),
            at(99)
        );
    }
    for origin in Origin::ALL {
        let of = rows.iter().filter(|row| row.origin() == *origin).count();
        println!("rows from {}: {of}", origin.name());
    }
}

/// The row's category without what only names its scene.
fn kind(row: &Row) -> String {
    let parts: Vec<&str> = row.category.split(':').collect();
    let scenes = ["workspace", "travel", "banking", "slack", "start", "middle", "end"];
    let kept: Vec<&str> = parts.into_iter().filter(|part| !scenes.contains(part)).collect();
    kept.join(":")
}
