//! The figures: what share is found of each set, source and trick, and how often the alarm is false.

use std::collections::{BTreeMap, BTreeSet};

use placet_probe::training::named_anywhere;
use placet_probe::{Asked, Level, Model, Origin, look_across, look_by, open_end};

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

/// The things that it names.
fn things(asked: &Asked) -> impl Iterator<Item = &String> {
    [&asked.hosts, &asked.addresses, &asked.paths, &asked.secrets]
        .into_iter()
        .flatten()
}

/// Everything that a text names, line by line.
fn all_things(text: &str) -> BTreeSet<String> {
    let lines = text.split(['\n', ',']).map(named_anywhere);
    lines
        .flat_map(|asked| things(&asked).cloned().collect::<Vec<_>>())
        .collect()
}

/// Prints how well what a finding keeps is what the injected instruction names: hosts, addresses, paths and secrets that
/// no clean row of the set names, against those that one does.
pub fn print_kept(rows: &[Row], model: &Model<'_>) {
    println!(
        "{:<44} {:>12} {:>12} {:>16}",
        "kept of what was asked", "of the order", "kept", "kept of the rest"
    );
    let sets: BTreeSet<&str> = rows.iter().filter(|row| row.injected).map(|row| row.set).collect();
    for set in sets {
        let of_set = || rows.iter().filter(|row| row.set == set);
        let clean: BTreeSet<String> = of_set()
            .filter(|row| !row.injected)
            .flat_map(|row| all_things(&row.text))
            .collect();
        if clean.is_empty() {
            continue;
        }
        let (mut wanted, mut kept, mut rest) = (0, 0, 0);
        for row in of_set().filter(|row| row.injected) {
            let finding = look_by(model, &row.text, row.origin(), &row.request());
            if finding.level == Level::None {
                continue;
            }
            let asked: BTreeSet<&String> = things(&finding.asked).collect();
            let own: BTreeSet<String> = all_things(&row.text).difference(&clean).cloned().collect();
            wanted += own.len();
            kept += own.iter().filter(|thing| asked.contains(thing)).count();
            rest += asked.iter().filter(|thing| clean.contains(**thing)).count();
        }
        println!("{set:<44} {wanted:>12} {kept:>12} {rest:>16}");
    }
    println!();
}

/// Sets as the document names them, in its order, and whether their rows are injected.
const NAMED: &[(&str, &str)] = &[
    ("inj_agentdojo", "AgentDojo"),
    ("inj_injecagent", "InjecAgent"),
    ("inj_cyberseceval", "CyberSecEval"),
    ("inj_coding_agent", "coding agents (ipi_coding_agent, Skill-Inject)"),
    ("inj_bipia", "BIPIA (weak labels, mostly off-topic questions)"),
    ("sessions_tool_results", "sessions of coding agents"),
    ("benign_lookalike_files", "look-alike files"),
    ("notinject", "NotInject"),
    ("benign_llmail", "LLMail, harmless"),
];

/// The figures as the document's tables: for each set the share that is found by each way of measuring.
#[must_use]
pub fn tables(rows: &[Row], ways: &[(&str, &[Found])], named: &[Found]) -> String {
    let mut text = String::new();
    for injected in [true, false] {
        let title = if injected { "found" } else { "false alarms" };
        let names: Vec<&str> = ways.iter().map(|(name, _)| *name).collect();
        text.push_str(&format!("| {title} | rows | {} |\n", names.join(" | ")));
        text.push_str(&format!("|---|---|{}\n", "---|".repeat(names.len())));
        for (set, name) in NAMED {
            let of = |found: &[Found]| {
                let mut counts = Counts::default();
                let pairs = rows.iter().zip(found);
                pairs
                    .filter(|(row, _)| row.set == *set && row.injected == injected)
                    .for_each(|(_, found)| counts.add(found.level));
                counts
            };
            let shares: Vec<Counts> = ways.iter().map(|(_, found)| of(found)).collect();
            let Some(first) = shares.first().filter(|counts| counts.rows > 0) else {
                continue;
            };
            let twins = if !injected && set.starts_with("inj_") {
                "clean twins of "
            } else {
                ""
            };
            text.push_str(&format!("| {twins}{name} | {} |", first.rows));
            for counts in &shares {
                let share = 100.0 * f64::from(counts.low) / f64::from(counts.rows.max(1));
                text.push_str(&format!(" {share:.1} % |"));
            }
            text.push('\n');
        }
        text.push('\n');
    }
    text.push_str("| trick named | in injected rows | in harmless rows |\n|---|---|---|\n");
    let mut tricks: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (row, found) in rows.iter().zip(named) {
        for trick in &found.tricks {
            let counts = tricks.entry(trick).or_default();
            if row.injected {
                counts.0 += 1;
            } else {
                counts.1 += 1;
            }
        }
    }
    for (name, (injected, harmless)) in tricks {
        text.push_str(&format!("| `{name}` | {injected} | {harmless} |\n"));
    }
    text
}

/// Prints how often a harmless row is found only because it follows another one: false alarms of looking across two results.
pub fn print_across(rows: &[Row]) {
    let (mut pairs, mut kept, mut found) = (0, 0, 0);
    for pair in rows.windows(2) {
        let [before, row] = pair else { continue };
        if before.injected || row.injected {
            continue;
        }
        pairs += 1;
        let Some(end) = open_end(&before.text, before.origin(), &before.request()) else {
            continue;
        };
        kept += 1;
        found += usize::from(look_across(end, &row.text, row.origin(), &row.request()).is_some());
    }
    println!(
        "of {pairs} harmless results after another one, {kept} were looked at with its end, and {found} found by that\n"
    );
}
