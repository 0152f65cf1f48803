//! `placet policy`: what is wrong with it, what is in force, whether its examples hold, and its schema.

use std::path::Path;

use placet_engine::Policy;
use placet_engine::policy::{self, Diagnostic, Severity, Trial};
use placet_facts::{SessionState, World};
use placet_model::Facts;
use serde_json::json;

use crate::check::real_project;
use crate::judging::{places, text_of};
use crate::screen::{Ink, ink_of};
use crate::{Error, Outcome, Screen, cli, visible};

/// Runs it.
pub(super) fn run(typed: &cli::Policy, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    match typed {
        cli::Policy::Lint { file, json } => lint(file.as_deref(), *json, screen),
        cli::Policy::Show => {
            let text = policy::show(&load(None)?);
            screen.text(&text)?;
            Ok(Outcome::Fine)
        }
        cli::Policy::Test { file, json } => test(file.as_deref(), *json, screen),
        cli::Policy::Schema => {
            screen.text(&policy::schema())?;
            Ok(Outcome::Fine)
        }
    }
}

fn load(file: Option<&Path>) -> Result<Policy, Error> {
    match file {
        Some(file) => Ok(Policy::load(&[text_of(file)?], &[])),
        None => Ok(placet_hook::policies::load(&places()?, &real_project(None)?)?),
    }
}

fn lint(file: Option<&Path>, json: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let findings = policy::lint(&load(file)?);
    if json {
        let all: Vec<serde_json::Value> = findings.iter().map(as_json).collect();
        screen.line(serde_json::Value::from(all).to_string())?;
    } else {
        for finding in &findings {
            let (word, ink) = match finding.severity {
                Severity::Warning => ("warning", Ink::Doubt),
                Severity::Error => ("error", Ink::Bad),
            };
            let word = screen.paint(ink, word);
            screen.line(visible::line(&finding.at.to_string()))?;
            screen.line(format!("  {word} {}: {}", finding.id, visible::line(&finding.message)))?;
            if let Some(help) = &finding.help {
                screen.wrapped(4, &format!("help: {}", visible::line(help)))?;
            }
        }
        if findings.is_empty() {
            screen.line("nothing to complain about")?;
        }
    }
    let grave = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if grave { Outcome::Found } else { Outcome::Fine })
}

fn as_json(finding: &Diagnostic) -> serde_json::Value {
    let severity = match finding.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    json!({
        "severity": severity,
        "id": finding.id,
        "file": finding.at.file,
        "line": finding.at.line,
        "column": finding.at.column,
        "message": finding.message,
        "help": finding.help,
    })
}

fn test(file: Option<&Path>, json: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let policy = load(file)?;
    let places = places()?;
    let project = real_project(None)?;
    let facts = World::new(&project, Some(&project), &places.home, SessionState::default())
        .with_extra_directories(policy.settings().directories());
    let trials = policy::trials(&policy, &facts as &dyn Facts);
    let failed = trials.iter().filter(|trial| !trial.passed()).count();
    if json {
        let all: Vec<serde_json::Value> = trials.iter().map(trial_as_json).collect();
        screen.line(serde_json::Value::from(all).to_string())?;
    } else if trials.is_empty() {
        screen.line("no rule has examples; add `[[rule.example]]` with `command` and `decision`")?;
    } else {
        for trial in trials.iter().filter(|trial| !trial.passed()) {
            let cross = screen.paint(Ink::Bad, "✗");
            let got = screen.paint(ink_of(trial.got), trial.got.name());
            screen.line(format!(
                "{cross} {}  expected {}, got {got} (by {})",
                visible::line(&trial.example.at.to_string()),
                trial.example.decision.name(),
                visible::line(&trial.by)
            ))?;
        }
        let examples = if trials.len() == 1 { "example" } else { "examples" };
        let failures = if failed == 0 {
            "none".to_owned()
        } else {
            failed.to_string()
        };
        screen.line(format!("{} {examples}, {failures} failed", trials.len()))?;
    }
    Ok(if failed == 0 { Outcome::Fine } else { Outcome::Found })
}

fn trial_as_json(trial: &Trial) -> serde_json::Value {
    json!({
        "rule": trial.rule,
        "at": trial.example.at.to_string(),
        "expected": trial.example.decision.name(),
        "got": trial.got.name(),
        "by": trial.by,
        "passed": trial.passed(),
    })
}
