//! The answer to one event: the surroundings are gathered, the engine decides, the memory is kept. The decision is the
//! engine's; nothing here looks at what a call would do.

use std::mem::ManuallyDrop;

use placet_agents::{Agent, Reply};
use placet_audit::{Log, LogOptions};
use placet_engine::{Failure, SessionCounters};
use placet_facts::session::SessionMemory;
use placet_model::{Event, EventKind, Journal, Record};

use crate::{Call, Places, memory, notes, policies};

/// Answers the event.
pub(crate) fn to(agent: &Agent, event: &Event, call: &Call<'_>) -> Result<Reply, Failure> {
    let places = Places::of(call.environment)?;
    let open = || SessionMemory::open(&places.state, &event.session).map_err(memory::broken);
    match &event.kind {
        EventKind::BeforeTool(_) | EventKind::PermissionAsked(_) => decided(agent, event, call, &places, &open()?),
        EventKind::UserMessage(text) => memory::user_message(&open()?, text).map(|()| Reply::default()),
        EventKind::AfterTool {
            call: tool, changed, ..
        } => memory::after(&open()?, &places, event, tool, changed, call).map(|()| Reply::default()),
        EventKind::SessionStart
        | EventKind::SessionEnd
        | EventKind::SubagentStart
        | EventKind::SubagentStop
        | EventKind::PermissionDenied { .. } => {
            notes::write(&mut *log(&places), event, call).map(|()| Reply::default())
        }
        EventKind::Other(_) => Ok(Reply::default()),
    }
}

fn decided(
    agent: &Agent,
    event: &Event,
    call: &Call<'_>,
    places: &Places,
    memory: &SessionMemory,
) -> Result<Reply, Failure> {
    let state = memory.state().map_err(memory::broken)?;
    let counters = SessionCounters {
        denials_in_a_row: state.denials_in_a_row,
        denials_total: state.denials_total,
    };
    let facts = memory::world(places, event, call, state);
    // Never taken apart again: the process ends with the answer, and a policy is thousands of small pieces.
    let policy = ManuallyDrop::new(policies::load(places, placet_model::Facts::project(&facts))?);
    let facts = facts.with_extra_directories(policy.settings().directories());
    let world = placet_engine::World {
        facts: &facts,
        judge: None,
        attended: (agent.attended)(call.environment),
        counters,
        mode: None,
        tier: None,
        now: call.now,
        elapsed: &|| u64::try_from(call.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
    };
    let decided = placet_engine::decide(event, &policy, &world, &mut *log(places));
    memory::verdict(memory, &decided, counters, &facts, call.now)?;
    Ok((agent.render)(event, &decided.verdict.answer(agent.capabilities)))
}

/// The log; one that can't be opened refuses every record, and the engine knows what that means.
fn log(places: &Places) -> Box<dyn Journal> {
    match Log::open(&places.log(), LogOptions::default()) {
        Ok(log) => Box::new(log),
        Err(error) => Box::new(Closed(error.to_string())),
    }
}

struct Closed(String);

impl Journal for Closed {
    fn record(&mut self, _: &Record) -> Result<(), String> {
        Err(self.0.clone())
    }
}
