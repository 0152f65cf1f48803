//! The figures, for people: what was not predicted, and what was predicted in vain.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::jail::Outcome;

#[derive(Default)]
pub struct Report {
    pub violations: Vec<String>,
    missed: Vec<String>,
    commands: usize,
    programs: BTreeSet<String>,
    doubts: usize,
    gaps: usize,
    failed: Vec<String>,
    /// By program: how often, and what.
    unneeded: BTreeMap<String, Vec<String>>,
    slowest: Vec<(u64, String)>,
}

impl Report {
    pub fn of(outcomes: &[Outcome]) -> Self {
        let mut report = Self {
            commands: outcomes.len(),
            ..Self::default()
        };
        for outcome in outcomes {
            report.programs.extend(outcome.started.iter().cloned());
            report.doubts += usize::from(outcome.doubt);
            if outcome.known_gap {
                report.gaps += 1;
                // A program that is not here, or failed, closes nothing.
                if outcome.violations.is_empty() && outcome.exit == Some(0) {
                    report.violations.push(format!(
                        "{}: `{}` is a known gap no longer",
                        outcome.program, outcome.command
                    ));
                }
                continue;
            }
            for violation in &outcome.violations {
                report
                    .violations
                    .push(format!("{}: `{}`: {violation}", outcome.program, outcome.command));
            }
            if !outcome.violations.is_empty() {
                report.missed.push(format!(
                    "`{}`\n    seen: {}\n    predicted: {}",
                    outcome.command,
                    outcome.violations.join("; "),
                    outcome.predicted.join("; ")
                ));
            }
            for (by, effect) in &outcome.unneeded {
                let program = if by.is_empty() { "the shell" } else { by };
                let line = format!("{effect}: `{}`", outcome.command);
                report.unneeded.entry(program.to_owned()).or_default().push(line);
            }
            if !matches!(outcome.exit, Some(0 | 1)) {
                report.failed.push(format!("{:?}: `{}`", outcome.exit, outcome.command));
            }
            report.slowest.push((outcome.milliseconds, outcome.command.clone()));
        }
        report.slowest.sort();
        report.slowest.reverse();
        report.slowest.truncate(15);
        report
    }

    pub fn summary(&self) -> String {
        let unneeded: usize = self.unneeded.values().map(Vec::len).sum();
        format!(
            "{} commands, {} programs started; {} effects seen and not predicted, and {} known gaps; {} commands with a doubt that covers everything; {unneeded} changes predicted in vain; {} commands that failed",
            self.commands,
            self.programs.len(),
            self.violations.len(),
            self.gaps,
            self.doubts,
            self.failed.len()
        )
    }

    /// Writes everything to `target/oracle/effects.txt`.
    pub fn write(&self) {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/oracle");
        let mut text = self.summary();
        text.push_str("\n\nseen and not predicted\n");
        for line in &self.missed {
            let _ = writeln!(text, "  {line}");
        }
        text.push_str("\npredicted in vain, by program\n");
        let mut programs: Vec<_> = self.unneeded.iter().collect();
        programs.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
        for (program, lines) in programs {
            let _ = writeln!(text, "  {program}: {}", lines.len());
            for line in lines {
                let _ = writeln!(text, "    {line}");
            }
        }
        text.push_str("\ncommands that failed\n");
        for line in &self.failed {
            let _ = writeln!(text, "  {line}");
        }
        text.push_str("\nslowest\n");
        for (milliseconds, command) in &self.slowest {
            let _ = writeln!(text, "  {milliseconds} ms: {command}");
        }
        let _ = writeln!(
            text,
            "\nprograms started: {}",
            self.programs.iter().cloned().collect::<Vec<_>>().join(" ")
        );
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("effects.txt"), text).unwrap();
    }
}
