//! `check --jsonl`: lines in, answers out, in order. A batch is what is there to be read, so that a program that asks line by
//! line gets its answers line by line. One thread: two of them would wait for the one allocator most of the time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use placet_engine::Failure;
use placet_model::{Facts, Judge};
use serde::Serialize;

use super::case::{Answer, Case, Unreadable, World};
use super::progress::Progress;
use crate::judge::Offline;
use crate::judging::{self, Judging};
use crate::lines::{Batch, Input};
use crate::{Error, Outcome, Screen};

/// What is the same for every line.
pub(super) struct Given<'a> {
    pub(super) judging: &'a Judging,
    pub(super) world: World,
    pub(super) undecided: bool,
    pub(super) offline: &'a Offline,
}

/// Answers every line.
pub(super) fn answer(
    mut input: Input,
    screen: &mut Screen<'_>,
    given: &Given<'_>,
    mut progress: Progress,
) -> Result<Outcome, Error> {
    let surroundings = Surroundings::new(given)?;
    let mut outcome = Outcome::Fine;
    let mut before = 0_u64;
    loop {
        let batch = Batch::read(&mut input, before)?;
        if batch.lines.is_empty() {
            progress.end();
            return Ok(outcome);
        }
        before = before.saturating_add(batch.lines.len() as u64);
        for (text, fine) in answers(&batch.lines, batch.first, &surroundings) {
            screen.text(&text)?;
            if !fine {
                outcome = Outcome::Found;
            }
        }
        if batch.drained {
            screen.flush()?;
        }
        progress.went_on(batch.bytes, batch.lines.len());
    }
}

/// What every line is judged in.
struct Surroundings<'a> {
    given: &'a Given<'a>,
    agent: &'static placet_agents::Agent,
    home: String,
    cwd: String,
}

impl<'a> Surroundings<'a> {
    fn new(given: &'a Given<'a>) -> Result<Self, Error> {
        let agent = placet_agents::by_name("claude-code")
            .ok_or_else(|| Error::input("the agent `claude-code` is not known", "build Placet with it"))?;
        let (home, cwd) = match given.world {
            World::Neutral => (String::new(), String::new()),
            World::Real => (judging::places()?.home, super::typed::here()?),
        };
        Ok(Self {
            given,
            agent,
            home,
            cwd,
        })
    }
}

/// The answers to these lines, each with whether it is one. Blank lines have none.
fn answers(lines: &[Vec<u8>], first: u64, surroundings: &Surroundings<'_>) -> Vec<(String, bool)> {
    let mut all = Vec::with_capacity(lines.len());
    for (line, number) in lines.iter().zip(first..) {
        if !line.trim_ascii().is_empty() {
            all.push(answer_to(line, number, surroundings));
        }
    }
    all
}

fn answer_to(line: &[u8], number: u64, surroundings: &Surroundings<'_>) -> (String, bool) {
    #[derive(Serialize)]
    struct Broken<'a> {
        line: u64,
        error: &'a str,
    }
    match decide(line, surroundings) {
        Ok(answer) => (json(&answer), true),
        Err(Unreadable(error)) => (
            json(&Broken {
                line: number,
                error: &error,
            }),
            false,
        ),
    }
}

fn decide(line: &[u8], surroundings: &Surroundings<'_>) -> Result<Answer, Unreadable> {
    let mut case = Case::read(line)?;
    let input = case.call(surroundings.agent)?;
    let given = surroundings.given;
    let id = case.id.clone();
    match given.world {
        World::Neutral => {
            let facts = case.neutral_world(&input)?;
            let facts = facts.with_presumed(given.judging.policy.settings().directories().to_vec());
            Ok(timed(id, &case.tool, input, &facts, given))
        }
        World::Real => {
            let facts = case.real_world(&surroundings.home, &surroundings.cwd);
            let facts = facts.with_extra_directories(given.judging.policy.settings().directories());
            Ok(timed(id, &case.tool, input, &facts, given))
        }
    }
}

/// Decides, and says how long it took. A crash is an answer as well, and never allow.
fn timed(
    id: serde_json::Value,
    tool: &str,
    input: placet_model::ToolInput,
    facts: &dyn Facts,
    given: &Given<'_>,
) -> Answer {
    let begun = Instant::now();
    let decided = catch_unwind(AssertUnwindSafe(|| {
        let judge = given.offline.judge(facts);
        given
            .judging
            .decide(tool, input, facts, judge.as_ref().map(|judge| judge as &dyn Judge))
    }));
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    if let Ok(decided) = &decided {
        given.offline.export(&id, &decided.trace, facts);
    }
    match decided {
        Ok(decided) => Answer::new(id, &decided, given.undecided, facts, micros),
        Err(_) => Answer::failed(id, &Failure::Crash("no reason given".to_owned())),
    }
}

fn json(value: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string(value).unwrap_or_else(|_| String::from("{\"error\":\"not writable as JSON\"}"));
    text.push('\n');
    text
}
