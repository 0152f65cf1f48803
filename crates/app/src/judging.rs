//! How `check`, `explain` and `replay` judge: mode, tier, policy and world, from what was typed. The decision is the engine's.

use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use placet_engine::{Decided, Format, Policy, PolicyText, Scope, SessionCounters, World, decide};
use placet_hook::Places;
use placet_model::{Event, Facts, Journal, Judge, Mode, Record, Tier, ToolInput};

use crate::{Error, cli};

/// Everything of a judgement that is the same for every call.
#[derive(Clone, Debug)]
pub struct Judging {
    /// The policy.
    pub policy: Policy,
    /// The mode.
    pub mode: Mode,
    /// The tier, over the policy's.
    pub tier: Option<Tier>,
    /// Whether somebody can be asked.
    pub attended: bool,
}

impl Default for Judging {
    /// No policy, the mode auto, the balanced tier, somebody to ask.
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            mode: Mode::Auto,
            tier: None,
            attended: true,
        }
    }
}

impl Judging {
    /// As typed. `real` says whether the policy in force counts where no file is named.
    pub(crate) fn new(typed: &cli::Judging, real: bool, project: &str) -> Result<Self, Error> {
        let policy = match &typed.policy {
            Some(file) => Policy::load(&[text_of(file)?], &[]),
            None if real => placet_hook::policies::load(&places()?, project)?,
            None => Policy::default(),
        };
        Ok(Self {
            mode: typed
                .mode
                .as_deref()
                .and_then(Mode::from_name)
                .or(policy.settings().mode())
                .unwrap_or(Mode::Auto),
            tier: typed.tier.as_deref().and_then(Tier::from_name),
            attended: !typed.unattended,
            policy,
        })
    }

    /// Decides one call. Nothing is recorded.
    #[must_use]
    pub fn decide(&self, tool: &str, input: ToolInput, facts: &dyn Facts, judge: Option<&dyn Judge>) -> Decided {
        let event = Event::asked("check", facts.cwd(), tool, input);
        self.decide_event(&event, facts, SessionCounters::default(), judge)
    }

    /// Decides what an agent reported. Nothing is recorded.
    #[must_use]
    pub(crate) fn decide_event(
        &self,
        event: &Event,
        facts: &dyn Facts,
        counters: SessionCounters,
        judge: Option<&dyn Judge>,
    ) -> Decided {
        let begun = Instant::now();
        let world = World {
            facts,
            judge,
            approvals: None,
            attended: self.attended,
            counters,
            mode: Some(self.mode),
            tier: self.tier,
            now: now(),
            elapsed: &|| u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
        };
        decide(event, &self.policy, &world, &mut Unkept)
    }
}

/// A journal that keeps nothing: what is judged here is not about to happen.
struct Unkept;

impl Journal for Unkept {
    fn record(&mut self, _: &Record) -> Result<(), String> {
        Ok(())
    }
}

/// Where things lie on this machine.
pub(crate) fn places() -> Result<Places, Error> {
    Ok(Places::of(&|name: &str| std::env::var(name).ok())?)
}

/// Milliseconds since the epoch.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// One policy file, taken at its word: whoever names it trusts it.
pub(crate) fn text_of(file: &Path) -> Result<PolicyText, Error> {
    let text = std::fs::read_to_string(file).map_err(Error::file("read", file))?;
    let absolute = std::path::absolute(file).map_err(Error::file("read", file))?;
    let name = absolute.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let format = match name {
        "policy.json" => Format::ClaudePolicy,
        name if name.ends_with(".json") => Format::ClaudeSettings,
        _ => Format::PlacetToml,
    };
    Ok(PolicyText {
        origin: absolute.to_string_lossy().into_owned(),
        scope: Scope::User,
        format,
        text,
        trusted: true,
    })
}
