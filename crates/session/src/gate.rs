//! The way to the engine: every call of the session, of its sub-agents and of each hop of a fetch is decided here, by the same
//! function that answers hooks. No decision is made in this crate.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use placet_agents::Agent;
use placet_engine::{Failure, Policy, PolicyText, SessionCounters};
use placet_facts::session::{Entry, SessionMemory};
use placet_hook::decision::{self, Answered, Chosen};
use placet_hook::{Call, Fingerprint, Places, Told};
use placet_model::{Decision, Event, EventKind, FileChange, Journal, Mode, Record, Source, Tier, ToolInput};

use crate::conversation::ToolCall;

/// The agent's name in events and records.
pub(crate) const NAME: &str = "placet";

/// The variable that names the project to what is asked about it.
const PROJECT: &str = "CLAUDE_PROJECT_DIR";

/// What is the same for every call of a session.
#[derive(Debug)]
pub struct Gate {
    pub(crate) places: Places,
    pub(crate) session: String,
    pub(crate) project: String,
    /// Set over the variables of this process.
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) policy: Vec<PolicyText>,
    pub(crate) directories: Vec<String>,
    pub(crate) log: PathBuf,
    pub(crate) attended: bool,
    pub(crate) chosen: Switch,
    /// What a person approved, newest last, so that it can be taken back.
    pub(crate) grants: Grants,
    pub(crate) write_rule: fn(&Places, &str) -> Result<(), String>,
    pub(crate) explain: fn(&Answered) -> Vec<String>,
    /// The last decision, explained, for a person who asks.
    pub(crate) explained: Explained,
}

/// The explanation of the last decision.
pub(crate) type Explained = Arc<Mutex<Vec<String>>>;

/// What came of a call that has run.
#[derive(Debug)]
pub(crate) struct Ran<'a> {
    pub(crate) input: &'a ToolInput,
    pub(crate) failed: bool,
    pub(crate) changed: Vec<FileChange>,
    /// What it brought back and nobody vouches for.
    pub(crate) output: &'a str,
    /// Where it was started.
    pub(crate) cwd: &'a str,
}

/// Approvals of this process: the action, and what it is in words.
pub(crate) type Grants = Arc<Mutex<Vec<(Fingerprint, String)>>>;

/// What can be switched while the session goes on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Choices {
    pub(crate) mode: Option<Mode>,
    pub(crate) tier: Option<Tier>,
}

/// The switch for mode and tier, in the person's hand while the work goes on.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    choices: Arc<Mutex<Choices>>,
    auto: Arc<AtomicBool>,
}

impl Switch {
    /// `auto` says whether the policy offers that mode.
    pub(crate) fn new(choices: Choices, auto: bool) -> Self {
        Self {
            choices: Arc::new(Mutex::new(choices)),
            auto: Arc::new(AtomicBool::new(auto)),
        }
    }

    /// What this policy offers is offered from now on. A mode that it has switched off since is left, as the engine leaves
    /// it; the sentence says so.
    pub(crate) fn follow(&self, policy: &Policy) -> Option<String> {
        let settings = policy.settings();
        self.auto.store(!settings.auto_disabled(), Ordering::SeqCst);
        let mut choices = self.choices.lock().unwrap_or_else(PoisonError::into_inner);
        let mode = choices.mode?;
        let gone = match mode {
            Mode::Auto => settings.auto_disabled(),
            Mode::BypassPermissions => settings.bypass_disabled(),
            Mode::Default | Mode::AcceptEdits | Mode::Plan | Mode::DontAsk => false,
        };
        gone.then(|| {
            choices.mode = Some(Mode::Default);
            format!(
                "the policy has switched the mode {} off; the mode is {} now",
                mode.name(),
                Mode::Default.name()
            )
        })
    }

    pub(crate) fn choices(&self) -> Choices {
        *self.choices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        self.choices.lock().unwrap_or_else(PoisonError::into_inner).mode = Some(mode);
    }

    pub(crate) fn set_tier(&self, tier: Tier) {
        self.choices.lock().unwrap_or_else(PoisonError::into_inner).tier = Some(tier);
    }

    pub(crate) fn offers_auto(&self) -> bool {
        self.auto.load(Ordering::SeqCst)
    }
}

/// A variable of the environment, under what is set over it.
pub(crate) fn variable(over: &BTreeMap<String, String>, name: &str) -> Option<String> {
    over.get(name).cloned().or_else(|| std::env::var(name).ok())
}

impl Gate {
    /// Decides a call. Whatever goes wrong is no verdict, and without one nothing runs.
    pub(crate) fn decide(&self, call: &ToolCall, cwd: &str, subagent: Option<&str>) -> Result<Answered, Failure> {
        catch_unwind(AssertUnwindSafe(|| self.decided(call, cwd, subagent)))
            .unwrap_or_else(|_| Err(Failure::Crash("the analysis panicked".to_owned())))
    }

    fn decided(&self, call: &ToolCall, cwd: &str, subagent: Option<&str>) -> Result<Answered, Failure> {
        let agent = agent()?;
        let choices = self.choices();
        let about = Event {
            mode: choices.mode,
            ..self.event(EventKind::SessionStart, cwd, subagent)
        };
        let bytes = placet_agents::call_message(&about, &call.id, &call.tool, &call.input);
        // Read back from the message, so that what is judged here and by the judge's process is the same.
        let event = (agent.parse)(&bytes).map_err(|error| Failure::BadInput(error.to_string()))?;
        let chosen = Chosen {
            mode: choices.mode,
            tier: choices.tier,
            attended: self.attended,
            policy: &self.policy,
            directories: &self.directories,
            log: &self.log,
            sparing_search: true,
        };
        self.at(|now| decision::decide(agent, &event, &bytes, now, &self.places, &chosen))
    }

    /// The decision as `placet explain` tells it; kept for a person who asks later. Where nobody can, it is not made.
    pub(crate) fn explanation(&self, answered: &Answered) -> Vec<String> {
        if !self.attended {
            return Vec::new();
        }
        let lines = (self.explain)(answered);
        self.explained
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&lines);
        lines
    }

    /// What the call is asked to do, in the engine's words; an error is one in the arguments.
    pub(crate) fn input(call: &ToolCall) -> Result<ToolInput, String> {
        let agent = agent().map_err(|failure| failure.reason())?;
        (agent.tool)(&call.tool, &call.input).map_err(|problem| problem.to_string())
    }

    /// A person wrote something.
    pub(crate) fn user(&self, text: &str, cwd: &str) -> Result<(), Failure> {
        self.note(EventKind::UserMessage(text.to_owned()), cwd, None)?;
        Ok(())
    }

    /// A call has run. What is told of it has passed the probe; without that, nothing of it may enter the context.
    pub(crate) fn after(&self, call: &ToolCall, ran: Ran<'_>, subagent: Option<&str>) -> Result<Option<Told>, Failure> {
        catch_unwind(AssertUnwindSafe(|| self.looked_at(call, ran, subagent)))
            .unwrap_or_else(|_| Err(Failure::Crash("the probe panicked".to_owned())))
    }

    fn looked_at(&self, call: &ToolCall, ran: Ran<'_>, subagent: Option<&str>) -> Result<Option<Told>, Failure> {
        let call = placet_model::ToolCall {
            id: call.id.clone(),
            tool: call.tool.clone(),
            input: ran.input.clone(),
        };
        let kind = EventKind::AfterTool {
            call,
            succeeded: !ran.failed,
            changed: ran.changed,
            output: ran.output.to_owned(),
        };
        self.note(kind, ran.cwd, subagent)
    }

    pub(crate) fn note(&self, kind: EventKind, cwd: &str, subagent: Option<&str>) -> Result<Option<Told>, Failure> {
        let event = self.event(kind, cwd, subagent);
        self.at(|now| decision::note(&event, now, &self.places, &self.policy, &self.log))
    }

    /// A person approved exactly this action.
    pub(crate) fn approve(&self, action: &Fingerprint, what: String, for_session: bool) -> Result<(), Failure> {
        decision::approve(&self.places, &self.session, action, for_session, now())?;
        let mut grants = self.grants.lock().unwrap_or_else(PoisonError::into_inner);
        grants.push((action.clone(), what));
        Ok(())
    }

    /// A person said no: that is recorded as theirs.
    pub(crate) fn refused_by_person(&self, answered: &Answered) -> Result<(), Failure> {
        let trace = &answered.decided.trace;
        let record = Record {
            time: now(),
            session: self.session.clone(),
            agent: NAME.to_owned(),
            subagent: trace.action.principal.subagent.clone(),
            call: trace.action.id.clone(),
            tool: trace.action.tool.clone(),
            action: "note",
            command: trace.text().to_owned(),
            targets: trace.targets(),
            decision: Decision::Deny,
            source: Source::Person,
            matches: Vec::new(),
            effects: trace.analysis.effects.list.clone(),
            mode: trace.action.mode,
            tier: trace.action.tier,
            micros: 0,
            judge: None,
            note: Some("a person said no".to_owned()),
        };
        let options = placet_audit::LogOptions::default();
        placet_audit::Log::open(&self.log, options)
            .map_err(|error| error.to_string())
            .and_then(|mut log| log.record(&record))
            .map_err(Failure::Unrecorded)
    }

    /// Whether so much was denied that a person has to look.
    pub(crate) fn too_many_denials(&self, policy: &Policy) -> Result<bool, Failure> {
        let state = self.memory()?.state().map_err(broken)?;
        let counters = SessionCounters {
            denials_in_a_row: state.denials_in_a_row,
            denials_total: state.denials_total,
        };
        Ok(policy.settings().escalation().reached(counters))
    }

    /// Denials in a row so far.
    pub(crate) fn row(&self) -> Result<u32, Failure> {
        Ok(self.memory()?.state().map_err(broken)?.denials_in_a_row)
    }

    /// What was denied since was no attempt of the model's; it does not begin a row. One that was there stays.
    pub(crate) fn no_row_begins(&self, before: u32) -> Result<(), Failure> {
        if before > 0 || self.row()? == 0 {
            return Ok(());
        }
        self.memory()?.append(&Entry::Approved).map_err(broken)
    }

    /// A person has looked after too many denials, however long it took, and lets it go on: counting begins anew.
    pub(crate) fn looked(&self) -> Result<(), Failure> {
        decision::looked(&self.places, &self.session)
    }

    /// The policy in force.
    pub(crate) fn policy(&self) -> Result<Policy, Failure> {
        placet_hook::policies::load_with(&self.places, &self.project, &self.policy)
    }

    pub(crate) fn choices(&self) -> Choices {
        self.chosen.choices()
    }

    fn memory(&self) -> Result<SessionMemory, Failure> {
        SessionMemory::open(&self.places.state, &self.session).map_err(broken)
    }

    fn event(&self, kind: EventKind, cwd: &str, subagent: Option<&str>) -> Event {
        Event {
            agent: NAME,
            session: self.session.clone(),
            cwd: cwd.to_owned(),
            mode: self.choices().mode,
            subagent: subagent.map(str::to_owned),
            kind,
        }
    }

    fn at<T>(&self, what: impl FnOnce(&Call<'_>) -> T) -> T {
        let environment = |name: &str| {
            if name == PROJECT {
                Some(self.project.clone())
            } else {
                variable(&self.variables, name)
            }
        };
        what(&Call {
            environment: &environment,
            now: now(),
            begun: Instant::now(),
            block_on: None,
            wait_longer: &|_: Duration| {},
        })
    }
}

/// Milliseconds since the epoch.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn agent() -> Result<&'static Agent, Failure> {
    placet_agents::by_name(NAME).ok_or_else(|| Failure::BadInput("the session's own agent is missing".to_owned()))
}

fn broken(error: placet_facts::session::Error) -> Failure {
    Failure::BrokenState(error.to_string())
}
