//! The answer to one event: the surroundings are gathered, the engine decides, the memory is kept. The decision is the
//! engine's; nothing here looks at what a call would do.

use std::mem::ManuallyDrop;

use placet_agents::{Agent, Reply};
use placet_audit::{Log, LogOptions};
use placet_engine::{Failure, SessionCounters};
use placet_facts::session::SessionMemory;
use placet_model::{Event, EventKind, Journal, Judge, Record};

use crate::approvals::{Approved, Granted};
use crate::judge::Process;
use crate::{Call, Places, memory, notes, policies, probe};

/// A question that was put after too many denials and is open for so long, in milliseconds, has nobody in front of it: until
/// the user writes again, what would be asked is denied.
const PATIENCE: u64 = 10 * 60 * 1000;

/// Answers the event.
pub(crate) fn to(agent: &Agent, event: &Event, bytes: &[u8], call: &Call<'_>) -> Result<Reply, Failure> {
    let places = Places::of(call.environment)?;
    let open = || SessionMemory::open(&places.state, &event.session).map_err(memory::broken);
    match &event.kind {
        EventKind::BeforeTool(_) | EventKind::PermissionAsked(_) => {
            decided(agent, event, bytes, call, &places, &open()?)
        }
        EventKind::UserMessage(text) => memory::user_message(&open()?, text).map(|()| Reply::default()),
        EventKind::AfterTool {
            call: tool,
            changed,
            output,
            ..
        } => {
            let session = open()?;
            memory::after(&session, &places, event, tool, changed, call)?;
            probe::after(
                agent,
                event,
                (tool, output),
                &session,
                &places,
                call,
                &mut Late(&places),
            )
        }
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
    bytes: &[u8],
    call: &Call<'_>,
    places: &Places,
    memory: &SessionMemory,
) -> Result<Reply, Failure> {
    let state = memory.state().map_err(memory::broken)?;
    let counters = SessionCounters {
        denials_in_a_row: state.denials_in_a_row,
        denials_total: state.denials_total,
    };
    let granted = Granted::of(&state);
    let mut open = state.escalated.values();
    let gone = open.any(|asked| call.now.saturating_sub(*asked) > PATIENCE);
    let facts = memory::world(places, event, call, state);
    // Never taken apart again: the process ends with the answer, and a policy is thousands of small pieces.
    let policy = ManuallyDrop::new(policies::load(places, placet_model::Facts::project(&facts))?);
    let facts = facts.with_extra_directories(policy.settings().directories());
    let approvals = Approved {
        granted,
        memory,
        facts: &facts,
        now: call.now,
    };
    let judge = Process::of(policy.settings().judge(), agent, bytes, &facts, call);
    let world = placet_engine::World {
        facts: &facts,
        judge: judge.as_ref().map(|judge| judge as &dyn Judge),
        approvals: Some(&approvals),
        attended: (agent.attended)(call.environment) && !gone,
        counters,
        mode: None,
        tier: None,
        now: call.now,
        elapsed: &|| u64::try_from(call.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
    };
    let decided = placet_engine::decide(event, &policy, &world, &mut *log(places));
    let answer = decided.verdict.answer(agent.capabilities);
    memory::verdict(memory, &decided, answer.decision, counters, &facts, call.now)?;
    Ok((agent.render)(event, &answer))
}

/// The log; one that can't be opened refuses every record, and the engine knows what that means.
fn log(places: &Places) -> Box<dyn Journal> {
    match Log::open(&places.log(), LogOptions::default()) {
        Ok(log) => Box::new(log),
        Err(error) => Box::new(Closed(error.to_string())),
    }
}

/// A log that is opened when there is something to write: most results hold nothing.
struct Late<'a>(&'a Places);

impl Journal for Late<'_> {
    fn record(&mut self, record: &Record) -> Result<(), String> {
        log(self.0).record(record)
    }
}

struct Closed(String);

impl Journal for Closed {
    fn record(&mut self, _: &Record) -> Result<(), String> {
        Err(self.0.clone())
    }
}
