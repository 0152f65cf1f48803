//! `placet check`: decides calls without running anything. One command for people, or lines of JSON for programs.

mod case;
mod jsonl;
mod progress;
mod typed;

pub use case::{Answer, Case, Unreadable, World};
pub(crate) use typed::{Typed, real_project};

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read};
use std::path::Path;

use placet_model::{Decision, Match, Outcome as Said, Source};

use crate::judge::Offline;
use crate::judging::Judging;
use crate::screen::{Ink, ink_of};
use crate::{Error, Outcome, Screen, cli, visible};

/// Runs it.
pub(crate) fn run(typed: &cli::Check, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    match &typed.jsonl {
        Some(file) => lines(typed, file, screen),
        None => one(typed, screen),
    }
}

fn one(typed: &cli::Check, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let call = Typed::new(&typed.tool, &typed.words, typed.cwd.as_deref(), &typed.judging)?;
    let decided = call.decide();
    let verdict = &decided.verdict;
    if typed.json {
        let answer = Answer::new(serde_json::Value::Null, &decided, typed.undecided, call.facts(), 0);
        let text = serde_json::to_string(&answer).map_err(|error| Error::Output(error.into()))?;
        screen.line(text)?;
    } else {
        let undecided = typed.undecided && verdict.was_undecided();
        let word = if undecided {
            "undecided"
        } else {
            verdict.decision().name()
        };
        let ink = if undecided {
            Ink::Accent
        } else {
            ink_of(verdict.decision())
        };
        let word = screen.paint(ink, &word.to_uppercase());
        screen.line(format!("{word}  {}  ({})", verdict.rule(), verdict.source().name()))?;
        let text = call.text();
        let denied = |found: &&Match| found.outcome == Said::Decided(Decision::Deny);
        let only_denials = verdict.matches().iter().any(|found| denied(&found));
        let mut said: Vec<String> = Vec::new();
        for found in verdict.matches() {
            let allows = found.outcome == Said::Decided(Decision::Allow);
            // What is milder than the verdict would only hide it.
            if (allows && verdict.decision() != Decision::Allow) || (only_denials && !denied(&found)) {
                continue;
            }
            let part = decided.trace.analysis.command_at(found.span).of(text);
            let part = part.map_or(String::new(), |part| {
                format!("`{}` ", visible::cut(&visible::line(part.trim()), 60))
            });
            let sentence = format!("{part}would {}: {}.", found.effect, found.reason);
            // Several rules may say the same; the strictest says it first.
            if said.contains(&sentence) {
                continue;
            }
            screen.wrapped(2, &visible::line(&sentence))?;
            said.push(sentence);
            if let Some(instead) = &found.instead {
                screen.wrapped(4, &visible::line(&format!("instead: {instead}")))?;
            }
        }
        if verdict.decision() != Decision::Allow {
            let hint = match verdict.source() {
                Source::HardLimit => "no rule can allow this",
                Source::Ignore => "the ignore file decides; no rule can allow this",
                Source::Rule
                | Source::Mode
                | Source::Tier
                | Source::Judge
                | Source::Person
                | Source::User
                | Source::Finding
                | Source::FailClosed
                | Source::Escalation => "`placet explain` shows every stage, and what would allow it",
            };
            screen.line(screen.paint(Ink::Dim, &format!("  {hint}")))?;
        }
    }
    Ok(if verdict.decision() == Decision::Allow {
        Outcome::Fine
    } else {
        Outcome::Found
    })
}

fn lines(typed: &cli::Check, file: &Path, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let project = if typed.judging.real {
        real_project(None)?
    } else {
        String::new()
    };
    let judging = Judging::new(&typed.judging, typed.judging.real, &project)?;
    let world = if typed.judging.real {
        World::Real
    } else {
        World::Neutral
    };
    let from_stdin = file == Path::new("-");
    let (input, size): (Box<dyn Read>, Option<u64>) = if from_stdin {
        (Box::new(io::stdin()), None)
    } else {
        let opened = File::open(file).map_err(Error::file("open", file))?;
        let size = opened.metadata().ok().map(|metadata| metadata.len());
        (Box::new(opened), size)
    };
    let shown = io::stderr().is_terminal() && !screen.is_terminal();
    let progress = progress::Progress::new(shown, size);
    let offline = Offline::new(typed, &judging.policy)?;
    let given = jsonl::Given {
        judging: &judging,
        world,
        undecided: typed.undecided,
        offline: &offline,
    };
    let outcome = jsonl::answer(BufReader::with_capacity(1 << 20, input), screen, &given, progress)?;
    offline.finish()?;
    Ok(outcome)
}
