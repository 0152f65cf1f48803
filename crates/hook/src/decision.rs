//! One call decided and remembered: the surroundings are gathered, the engine decides, the memory is kept. For the hook, and
//! for a program that is an agent itself. The decision is the engine's; nothing here looks at what a call would do.

use std::path::Path;

use placet_agents::Agent;
use placet_audit::{Log, LogOptions};
use placet_engine::{Decided, Failure, Policy, PolicyText, SessionCounters};
use placet_facts::World;
use placet_facts::session::{Entry, SessionMemory};
use placet_model::{Answer, Event, EventKind, Facts, Journal, Judge, Mode, Record, Tier};

use crate::approvals::{Approved, Granted};
use crate::judge::Process;
use crate::probe::{self, Told};
use crate::{Aside, Call, Fingerprint, Places, memory, notes, policies};

/// A question that was put after too many denials and is open for so long, in milliseconds, has nobody in front of it: until
/// it is answered or the user writes, what would be asked is denied.
const PATIENCE: u64 = 10 * 60 * 1000;

/// What was chosen for the session, over what files say.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// The mode.
    pub mode: Option<Mode>,
    /// The tier.
    pub tier: Option<Tier>,
    /// Whether a person can be asked.
    pub attended: bool,
    /// Policy that stands in no file of its own.
    pub policy: &'a [PolicyText],
    /// Further directories that count as the project.
    pub directories: &'a [String],
    /// The audit log.
    pub log: &'a Path,
    /// The agent's own search leaves out what the policy's ignore files cover, by [`Policy::ignores`].
    pub sparing_search: bool,
}

/// A decided call.
#[derive(Debug)]
pub struct Answered {
    /// What was decided, and how it came about.
    pub decided: Decided,
    /// What the agent is told.
    pub answer: Answer,
    /// The policy that it was decided by.
    pub policy: Policy,
    /// The world that it was decided in.
    pub facts: World,
}

impl Answered {
    /// The name under which a person can approve exactly this.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let trace = &self.decided.trace;
        Fingerprint::of(&trace.action, &trace.analysis.effects, &self.facts)
    }
}

/// Decides the call that the event reports, records and remembers it. `bytes` is the message that reported it; a judge is
/// told of it by the same.
///
/// # Errors
/// When there is no verdict; then the call must not run.
pub fn decide(
    agent: &Agent,
    event: &Event,
    bytes: &[u8],
    call: &Call<'_>,
    places: &Places,
    chosen: &Chosen<'_>,
) -> Result<Answered, Failure> {
    let memory = &SessionMemory::open(&places.state, &event.session).map_err(memory::broken)?;
    let state = memory.state().map_err(memory::broken)?;
    let counters = SessionCounters {
        denials_in_a_row: state.denials_in_a_row,
        denials_total: state.denials_total,
    };
    let granted = Granted::of(&state);
    let mut open = state.escalated.values();
    let gone = open.any(|asked| call.now.saturating_sub(*asked) > PATIENCE);
    let facts = memory::world(places, event, call, state);
    let policy = policies::load_with(places, facts.project(), chosen.policy)?;
    let policy = if chosen.sparing_search {
        policy.with_sparing_search()
    } else {
        policy
    };
    let mut directories = policy.settings().directories().to_vec();
    directories.extend_from_slice(chosen.directories);
    let facts = facts.with_extra_directories(&directories);
    let approvals = Approved {
        granted,
        memory,
        facts: &facts,
        now: call.now,
    };
    let judge = Process::of(policy.settings().judge(), agent, bytes, &facts, call);
    let aside = Aside {
        policy: chosen.policy.to_vec(),
        directories: chosen.directories.to_vec(),
        log: (chosen.log != places.log()).then(|| chosen.log.to_string_lossy().into_owned()),
    };
    let judge = judge.map(|judge| judge.with_aside(&aside));
    let world = placet_engine::World {
        facts: &facts,
        judge: judge.as_ref().map(|judge| judge as &dyn Judge),
        approvals: Some(&approvals),
        attended: chosen.attended && !gone,
        counters,
        mode: chosen.mode,
        tier: chosen.tier,
        now: call.now,
        elapsed: &|| u64::try_from(call.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
    };
    let decided = placet_engine::decide(event, &policy, &world, &mut *log(chosen.log));
    let answer = decided.verdict.answer(agent.capabilities);
    memory::verdict(memory, &decided, answer.decision, counters, &facts, call.now)?;
    Ok(Answered {
        decided,
        answer,
        policy,
        facts,
    })
}

/// Remembers or records an event that asks for no decision. What a tool brought back passes the probe; if that finds
/// something, the agent has to be told. `policy` stands in no file of its own, `path` is the audit log.
///
/// # Errors
/// It is neither remembered nor recorded, for the reason given.
pub fn note(
    event: &Event,
    call: &Call<'_>,
    places: &Places,
    policy: &[PolicyText],
    path: &Path,
) -> Result<Option<Told>, Failure> {
    let open = || SessionMemory::open(&places.state, &event.session).map_err(memory::broken);
    match &event.kind {
        EventKind::UserMessage(text) => memory::user_message(&open()?, text).map(|()| None),
        EventKind::AfterTool {
            call: tool,
            changed,
            output,
            ..
        } => {
            let session = open()?;
            memory::after(&session, places, event, tool, changed, call)?;
            let log = &mut Late(path);
            probe::after(event, (tool, output), &session, (places, policy), call, log)
        }
        EventKind::SessionStart
        | EventKind::SessionEnd
        | EventKind::SubagentStart
        | EventKind::SubagentStop
        | EventKind::PermissionDenied { .. } => notes::write(&mut *log(path), event, call).map(|()| None),
        EventKind::BeforeTool(_) | EventKind::PermissionAsked(_) | EventKind::Other(_) => Ok(None),
    }
}

/// Remembers that a person approved exactly this action, once within the hour or as often as it comes up in the session.
/// The engine takes it from there.
///
/// # Errors
/// It is not remembered, for the reason given.
pub fn approve(
    places: &Places,
    session: &str,
    action: &Fingerprint,
    for_session: bool,
    now: u64,
) -> Result<(), Failure> {
    const HOUR: u64 = 60 * 60;
    let memory = SessionMemory::open(&places.state, session).map_err(memory::broken)?;
    let action = action.text();
    let entry = if for_session {
        Entry::GrantedForSession { action }
    } else {
        Entry::Granted {
            action,
            expires: (now / 1000).saturating_add(HOUR),
        }
    };
    memory.append(&entry).map_err(memory::broken)
}

/// Remembers that a person has looked after too many denials and lets the session go on.
///
/// # Errors
/// It is not remembered, for the reason given.
pub fn looked(places: &Places, session: &str) -> Result<(), Failure> {
    let memory = SessionMemory::open(&places.state, session).map_err(memory::broken)?;
    memory::looked(&memory)
}

/// The log; one that can't be opened refuses every record, and the engine knows what that means.
pub(crate) fn log(path: &Path) -> Box<dyn Journal> {
    match Log::open(path, LogOptions::default()) {
        Ok(log) => Box::new(log),
        Err(error) => Box::new(Closed(error.to_string())),
    }
}

/// A log that is opened when there is something to write: most results hold nothing.
struct Late<'a>(&'a Path);

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
