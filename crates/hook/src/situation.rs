//! The situation of one call, gathered once more by the process that asks the judge: the same message, policy, facts and
//! analysis as in the hook. Nothing is recorded and nothing remembered.

use placet_agents::Agent;
use placet_engine::{Failure, Policy, SessionCounters};
use placet_facts::World;
use placet_facts::session::SessionMemory;
use placet_model::{EventKind, Facts, Journal, Record};

use crate::{Aside, Call, Places, memory, policies};

/// What is known of a call.
#[derive(Debug)]
pub struct Situation {
    /// The action and its effects, as the engine sees them.
    pub trace: placet_engine::trace::Trace,
    /// The world.
    pub facts: World,
    /// The policy.
    pub policy: Policy,
    /// Where things lie.
    pub places: Places,
    /// The session's id.
    pub session: String,
}

struct Unkept;

impl Journal for Unkept {
    fn record(&mut self, _: &Record) -> Result<(), String> {
        Ok(())
    }
}

/// The situation of the call in this message. `aside` is what no file says.
///
/// # Errors
/// When there is no call in it, or the surroundings can't be read.
pub fn situation(agent: &Agent, bytes: &[u8], call: &Call<'_>, aside: &Aside) -> Result<Situation, Failure> {
    let event = (agent.parse)(bytes).map_err(|error| Failure::BadInput(error.to_string()))?;
    if !matches!(event.kind, EventKind::BeforeTool(_) | EventKind::PermissionAsked(_)) {
        return Err(Failure::UnknownEvent("a notice, not a call".to_owned()));
    }
    let places = Places::of(call.environment)?;
    let memory = SessionMemory::open(&places.state, &event.session).map_err(memory::broken)?;
    let facts = memory::world(&places, &event, call, memory.state().map_err(memory::broken)?);
    let policy = policies::load_with(&places, facts.project(), &aside.policy)?;
    let mut directories = policy.settings().directories().to_vec();
    directories.extend_from_slice(&aside.directories);
    let facts = facts.with_extra_directories(&directories);
    let world = placet_engine::World {
        facts: &facts,
        judge: None,
        approvals: None,
        attended: (agent.attended)(call.environment),
        counters: SessionCounters::default(),
        mode: None,
        tier: None,
        now: call.now,
        elapsed: &|| 0,
    };
    let trace = placet_engine::decide(&event, &policy, &world, &mut Unkept).trace;
    Ok(Situation {
        trace,
        facts,
        policy,
        places,
        session: event.session,
    })
}
