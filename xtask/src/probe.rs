//! The injection probe's trainer and its figures. The probe itself is `crates/probe`; here is what made its weights and
//! what shows what they are worth.
#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a development task: what is out of bounds is to stop it"
)]

mod figures;
mod generate;
mod roc;
mod rows;
mod thresholds;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use placet_probe::training::{Example, Features, Small, learn};
use placet_probe::{Head, Model, Request, write};

use rows::Row;

/// Generated texts.
const GENERATED: usize = 12_000;
/// Parts that the rows are split into for cross-validation.
const FOLDS: u64 = 5;

/// Trains, and writes the model.
///
/// # Errors
/// A sentence for a person.
pub fn train(arguments: &[String]) -> Result<(), String> {
    let out = value(arguments, "--out").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/probe/model.bin"),
        PathBuf::from,
    );
    let rows = match value(arguments, "--data") {
        Some(data) => rows::read(Path::new(&data))?,
        None => Vec::new(),
    };
    let bytes = trained(&rows, GENERATED);
    std::fs::write(&out, &bytes).map_err(|error| format!("{}: {error}", out.display()))?;
    let mut sources: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_permissive()) {
        *sources.entry((row.set, &row.source, &row.licence)).or_default() += 1;
    }
    for ((set, source, licence), count) in &sources {
        println!("{set}  {source}  {licence}  {count}");
    }
    let used: u32 = sources.values().sum();
    println!(
        "{} bytes, from {GENERATED} generated texts and {used} rows of {}",
        bytes.len(),
        rows.len()
    );
    Ok(())
}

/// Prints the figures of the model that is compiled in, or of models that never saw what they are tested on.
///
/// # Errors
/// A sentence for a person.
pub fn figures(arguments: &[String]) -> Result<(), String> {
    let data = value(arguments, "--data").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/eval/dev"),
        PathBuf::from,
    );
    if !data.is_dir() {
        println!("skipped: no cases at {} (say --data DIR)", data.display());
        return Ok(());
    }
    let rows = rows::read(&data)?;
    let model = Model::compiled_in();
    println!("the compiled model, on rows of which some were trained on\n");
    figures::print(&rows, &figures::by_model(&rows, &model));
    println!();
    figures::print_kept(&rows, &model);
    figures::print_across(&rows);
    if arguments.iter().any(|word| word == "--cross") {
        let examples = Examples::of(&rows, GENERATED);
        let folds = examples.cross_validated(&rows);
        let ways = [
            ("cross-validated", "trained without the row's group", folds.clone()),
            (
                "across sources",
                "trained without the row's set",
                examples.across_sources(&rows),
            ),
            ("generated", "trained on no row at all", examples.generated_only(&rows)),
        ];
        let ways = ways.map(|(name, about, sums)| (name, about, figures::by_sums(&rows, &sums)));
        for (name, about, found) in &ways {
            println!("\n{name}: {about}\n");
            figures::print(&rows, found);
        }
        if let Some(file) = value(arguments, "--roc") {
            std::fs::write(&file, roc::picture(&rows, &folds)).map_err(|error| format!("{file}: {error}"))?;
        }
        if let Some(file) = value(arguments, "--write") {
            let compiled = figures::by_model(&rows, &model);
            let mut all: Vec<(&str, &[figures::Found])> = vec![("in sample", &compiled)];
            all.extend(ways.iter().map(|(name, _, found)| (*name, found.as_slice())));
            written(Path::new(&file), &figures::tables(&rows, &all, &compiled))?;
        }
    }
    Ok(())
}

/// Puts the figures into the document, between their marks.
fn written(file: &Path, tables: &str) -> Result<(), String> {
    const MARKS: [&str; 2] = [
        "<!-- figures: `cargo xtask eval --probe --cross --write` -->",
        "<!-- end of figures -->",
    ];
    let failed = |error: std::io::Error| format!("{}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let [begin, end] = MARKS.map(|mark| text.find(mark));
    let (Some(begin), Some(end)) = (begin, end) else {
        return Err(format!("{}: the marks are missing", file.display()));
    };
    let head = &text[..begin + MARKS[0].len()];
    std::fs::write(file, format!("{head}\n\n{tables}\n{}", &text[end..])).map_err(failed)
}

fn value(arguments: &[String], name: &str) -> Option<String> {
    let at = arguments.iter().position(|word| word == name)?;
    arguments.get(at + 1).cloned()
}

/// The bytes of a model trained on so many generated texts and on the rows that may be trained on. Thresholds are
/// chosen on sums that the rows got from models that had not seen them.
fn trained(rows: &[Row], generated: usize) -> Vec<u8> {
    let examples = Examples::of(rows, generated);
    let model = examples.learn(|_| true);
    let sums = examples.cross_validated(rows);
    let chosen = thresholds::choose(rows, &sums);
    let scaled = |sum: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a threshold is a few thousand")]
        let whole = (sum * model.unit).round() as i32;
        whole
    };
    let head = Head {
        bias: model.bias,
        slope: scaled(chosen.slope),
        even: scaled(chosen.even),
        thresholds: chosen.levels.map(|levels| levels.map(scaled)),
    };
    write(&head, &model.weights)
}

/// Everything that can be trained on, as features.
struct Examples {
    generated: Vec<Example>,
    rows: Vec<Example>,
    permissive: Vec<bool>,
}

impl Examples {
    fn of(rows: &[Row], generated: usize) -> Self {
        let generated = generate::texts(generated)
            .into_iter()
            .map(|text| Example {
                features: Features::of(&text.text, &Request::new(&text.messages)),
                injected: text.span.is_some(),
                span: text.span,
                family: text.family,
                weight: text.weight,
            })
            .collect();
        let permissive = rows.iter().map(Row::is_permissive).collect();
        let rows = rows
            .iter()
            .map(|row| Example {
                features: Features::of(&row.text, &row.request()),
                injected: row.injected,
                span: None,
                family: hash(&row.group),
                weight: 1.0,
            })
            .collect();
        Self {
            generated,
            rows,
            permissive,
        }
    }

    /// A model of the generated texts and of those rows.
    fn learn(&self, with: impl Fn(usize) -> bool) -> Small {
        let rows = self.rows.iter().enumerate();
        let rows = rows
            .filter(|(at, _)| self.permissive[*at] && with(*at))
            .map(|(_, row)| row);
        learn(&self.generated.iter().chain(rows).collect::<Vec<_>>()).small()
    }

    /// Each row's sum by a model that saw nothing of its group, in units of the logistic function.
    fn cross_validated(&self, rows: &[Row]) -> Vec<f64> {
        let fold = |row: &Row| (hash(&row.group) >> 20) % FOLDS;
        let mut sums = vec![0.0; rows.len()];
        for number in 0..FOLDS {
            if !rows.iter().any(|row| fold(row) == number) {
                continue;
            }
            let model = self.learn(|at| fold(&rows[at]) != number);
            self.score(&model, |at| fold(&rows[at]) == number, &mut sums);
        }
        sums
    }

    /// Each row's sum by a model that saw generated texts only.
    fn generated_only(&self, rows: &[Row]) -> Vec<f64> {
        let mut sums = vec![0.0; rows.len()];
        self.score(&self.learn(|_| false), |_| true, &mut sums);
        sums
    }

    /// Each row's sum by a model that saw nothing of its set.
    fn across_sources(&self, rows: &[Row]) -> Vec<f64> {
        let mut sums = vec![0.0; rows.len()];
        for set in rows::SETS {
            if rows.iter().any(|row| row.set == *set) {
                let model = self.learn(|at| rows[at].set != *set);
                self.score(&model, |at| rows[at].set == *set, &mut sums);
            }
        }
        sums
    }

    fn score(&self, model: &Small, which: impl Fn(usize) -> bool, sums: &mut [f64]) {
        for (at, sum) in sums.iter_mut().enumerate() {
            if which(at) {
                *sum = f64::from(model.score(&self.rows[at].features)) / model.unit;
            }
        }
    }
}

/// The hash of a family's name (FNV-1a).
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::trained;

    #[test]
    fn training_twice_gives_the_same_bytes() {
        let first = trained(&[], 300);
        assert_eq!(first, trained(&[], 300));
        // And learns something: another amount of text is another model.
        assert_ne!(first, trained(&[], 200));
    }
}
