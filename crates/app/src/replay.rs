//! `placet replay`: a recorded session, judged again in order. What the session did is remembered between its calls, as the
//! hook would; nothing is run, and no state of this machine is touched.

mod memory;
mod recording;
mod table;

use std::io::Read;
use std::path::Path;

use placet_engine::SessionCounters;
use placet_model::{Decision, EventKind};
use serde::Serialize;

use crate::check::real_project;
use crate::judging::Judging;
use crate::{Error, Outcome, Screen, cli};
use memory::Memory;
use recording::{Message, Recording};

/// The session that comes with Placet.
const DEMO: &str = include_str!("../demo/session.jsonl");

/// Runs it.
pub(crate) fn run(typed: &cli::Replay, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let agent = placet_agents::by_name(&typed.agent)
        .ok_or_else(|| Error::input(format!("unknown agent `{}`", typed.agent), "see `placet replay --help`"))?;
    let (name, text) = match &typed.file {
        None => ("demo".to_owned(), DEMO.as_bytes().to_vec()),
        Some(file) => (file.display().to_string(), read(file)?),
    };
    let recording = Recording::read(agent, &text);
    if recording.messages.is_empty() && recording.unreadable.is_empty() {
        return Err(Error::input(
            format!("`{name}` holds no messages"),
            "give JSON Lines: one hook message per line",
        ));
    }
    let real = typed.judging.real;
    let project = if real {
        real_project(Some(Path::new(recording.directory())))?
    } else {
        String::new()
    };
    let judging = Judging::new(&typed.judging, real, &project)?;
    let mut table = table::Table::new(&name, recording.directory(), &judging, typed.json);
    table.begin(screen)?;
    let mut memory = Memory::new(recording.directory(), judging.policy.settings().directories());
    for message in &recording.messages {
        match &message.event.kind {
            EventKind::UserMessage(text) => {
                memory.user_said(text);
                table.user_said(text, screen)?;
            }
            EventKind::BeforeTool(call) => {
                if recording.created(&call.id) {
                    memory.is_absent(&call.input);
                }
                let step = step(message, &memory, &judging, real)?;
                memory.was_decided(step.decided.verdict.decision());
                if step.decided.verdict.decision() == Decision::Allow || recording.was_done(&call.id) {
                    memory.was_done(call, &step.decided);
                }
                table.row(message, call, &step.decided, screen)?;
            }
            EventKind::AfterTool { changed, .. } => memory.changed(changed),
            EventKind::PermissionAsked(_)
            | EventKind::PermissionDenied { .. }
            | EventKind::SessionStart
            | EventKind::SessionEnd
            | EventKind::SubagentStart
            | EventKind::SubagentStop
            | EventKind::Other(_) => {}
        }
    }
    for (line, problem) in &recording.unreadable {
        table.unreadable(*line, problem, screen)?;
    }
    table.end(screen)?;
    Ok(if recording.unreadable.is_empty() {
        Outcome::Fine
    } else {
        Outcome::Found
    })
}

struct Step {
    decided: placet_engine::Decided,
}

fn step(message: &Message, memory: &Memory, judging: &Judging, real: bool) -> Result<Step, Error> {
    let counters: SessionCounters = memory.counters();
    let decided = if real {
        let home = crate::judging::places()?.home;
        judging.decide_event(
            &message.event,
            &memory.real_world(&message.event.cwd, &home),
            counters,
            None,
        )
    } else {
        judging.decide_event(
            &message.event,
            &memory.neutral_world(&message.event.cwd),
            counters,
            None,
        )
    };
    Ok(Step { decided })
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    if file == Path::new("-") {
        let mut text = Vec::new();
        std::io::stdin()
            .read_to_end(&mut text)
            .map_err(Error::file("read", file))?;
        return Ok(text);
    }
    std::fs::read(file).map_err(Error::file("read", file))
}

/// One decision as JSON.
#[derive(Serialize)]
struct Row<'a> {
    line: usize,
    tool: &'a str,
    text: &'a str,
    decision: &'static str,
    rule: &'a str,
    source: &'static str,
    reason: &'a str,
    effects: Vec<String>,
}
