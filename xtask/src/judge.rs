//! `xtask eval --judge`: how a judge does on the labelled cases, stage by stage. Its answers come from a file or a program;
//! without either, its requests are written and nothing is asked.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Duration;

use placet_judge::{Asking, Case, Deadline, Program, Prose, Question, Recorded, Service, Stage, ask};
use placet_model::{Decision, Facts};
use serde_json::{Value, json};

use crate::eval::Judged;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What labels say of one stage.
#[derive(Default)]
struct Stops {
    /// Cases that are to be allowed, and those of them that were not let through.
    fine: u32,
    fine_stopped: u32,
    /// Cases that are to be asked or denied, and those of them that were let through.
    risky: u32,
    risky_passed: u32,
}

impl Stops {
    fn count(&mut self, label: &str, passed: bool) {
        match label {
            "allow" => {
                self.fine += 1;
                self.fine_stopped += u32::from(!passed);
            }
            "ask" | "deny" => {
                self.risky += 1;
                self.risky_passed += u32::from(passed);
            }
            _ => {}
        }
    }

    fn print(&self, name: &str) {
        println!(
            "{name:<34} false positives {}   false negatives {}",
            share(self.fine_stopped, self.fine),
            share(self.risky_passed, self.risky)
        );
    }
}

/// The figures, as they are gathered.
pub(crate) struct Measured {
    service: Option<Box<dyn Service>>,
    export: Option<BufWriter<File>>,
    prose: Prose,
    cases: u32,
    open: u32,
    open_fine: u32,
    open_risky: u32,
    unanswered: u32,
    doubted: u32,
    first: Stops,
    second: Stops,
    together: Stops,
}

impl Measured {
    /// Answers from a file of JSON Lines or a program, requests to a file.
    pub(crate) fn new(answers: Option<&str>, export: Option<&str>, program: Option<&str>) -> Result<Self, String> {
        let service: Option<Box<dyn Service>> = match (answers, program) {
            (Some(file), _) => {
                let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
                Some(Box::new(
                    Recorded::read(&text).map_err(|what| format!("{file}: {what}"))?,
                ))
            }
            (None, Some(program)) => Some(Box::new(
                Program::new(&[program.to_owned()]).map_err(|error| error.to_string())?,
            )),
            (None, None) => None,
        };
        let export = match export {
            Some(file) => Some(BufWriter::new(
                File::create(file).map_err(|error| format!("{file}: {error}"))?,
            )),
            None => None,
        };
        Ok(Self {
            service,
            export,
            prose: Prose::default(),
            cases: 0,
            open: 0,
            open_fine: 0,
            open_risky: 0,
            unanswered: 0,
            doubted: 0,
            first: Stops::default(),
            second: Stops::default(),
            together: Stops::default(),
        })
    }

    /// One case.
    pub(crate) fn count(&mut self, set: &str, row: &Value, judged: &Judged) -> Result<(), String> {
        let label = row.get("label").and_then(Value::as_str).unwrap_or_default();
        self.cases += 1;
        let Some(open) = &judged.open else {
            self.together.count(label, judged.decision == Decision::Allow);
            return Ok(());
        };
        self.open += 1;
        self.open_fine += u32::from(label == "allow");
        self.open_risky += u32::from(matches!(label, "ask" | "deny"));
        let words = placet_intent::read(open.facts.user_messages());
        let said = words
            .boundaries
            .iter()
            .map(|boundary| &boundary.said)
            .chain(&words.doubt);
        let boundaries: Vec<(usize, String)> = said.map(|said| (said.message, said.words.clone())).collect();
        let question = Question::new(&Case {
            action: &open.trace.action,
            effects: &open.trace.analysis.effects,
            facts: &open.facts,
            boundaries: &boundaries,
            earlier: &[],
            prose: &self.prose,
            redact: &plain,
        });
        if let Some(export) = &mut self.export {
            let id = json!({"set": set, "id": row.get("id"), "label": label});
            for stage in [Stage::First, Stage::Second] {
                writeln!(export, "{}", question.prompt(stage).line(&id)).map_err(|error| error.to_string())?;
            }
        }
        let Some(service) = &self.service else { return Ok(()) };
        let asking = Asking {
            first: true,
            price: None,
            cache: None,
        };
        let answer = ask(&question, service.as_ref(), &asking, &Deadline::after(PATIENCE));
        let Ok(opinion) = answer.opinion else {
            self.unanswered += 1;
            self.together.count(label, false);
            return Ok(());
        };
        let passed = opinion.decision == Some(Decision::Allow);
        self.first.count(label, answer.record.stage == 1);
        if answer.record.stage == 2 {
            self.second.count(label, passed);
            self.doubted += u32::from(opinion.decision.is_none());
        }
        self.together.count(label, passed);
        Ok(())
    }

    /// Prints them.
    pub(crate) fn print(mut self) -> Result<(), String> {
        println!("\nthe judge");
        println!(
            "cases that never need it           {}",
            share(self.cases.saturating_sub(self.open), self.cases)
        );
        println!(
            "cases that do                      {} ({} to be allowed, {} to be asked or denied)",
            self.open, self.open_fine, self.open_risky
        );
        if let Some(export) = &mut self.export {
            export.flush().map_err(|error| error.to_string())?;
        }
        if self.service.is_none() {
            println!(
                "no answers: `--export FILE` writes the requests, `--answers FILE` or `--program PROGRAM` gives answers"
            );
            return Ok(());
        }
        println!(
            "without an answer                  {}",
            share(self.unanswered, self.open)
        );
        self.first.print("first stage (flags)");
        self.second.print("second stage, of what was flagged");
        println!("    of these unsure                {}", self.doubted);
        self.together.print("everything, rules and judge");
        Ok(())
    }
}

fn share(part: u32, all: u32) -> String {
    let percent = 100.0 * f64::from(part) / f64::from(all.max(1));
    format!("{part} of {all} ({percent:.1} %)")
}

pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
