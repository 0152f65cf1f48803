//! Effects, policies and worlds for the tests of the engine. Nothing here decides anything.
#![allow(dead_code, reason = "each test file uses a part")]

use placet_effects::Analysis;
use placet_engine::{Decided, Format, Policy, PolicyText, Scope, SessionCounters, World, pipeline};
use placet_facts::NeutralWorld;
use placet_model::{
    Action, Approvals, Carries, Code, Decision, Dialect, Dimensions, Effect, Effects, Event, EventKind, Facts, Journal,
    Judge, JudgeRecord, Judged, Mode, Opinion, Origin, Paths, Pin, Place, ProcessSet, Qualifiers, Record, Resource,
    Reversibility, RunsLater, Sensitivity, Span, Standing, Target, Tier, ToolCall, ToolInput, Understood, Verb,
};

pub const PROJECT: &str = "/home/dev/project";

/// Everything that a test may vary about a decision.
pub struct Case<'a> {
    pub effects: Vec<Effect>,
    pub policy: Policy,
    pub mode: Mode,
    pub tier: Tier,
    pub attended: bool,
    pub counters: SessionCounters,
    pub judge: Option<&'a dyn Judge>,
    pub approvals: Option<&'a dyn Approvals>,
    pub journal: Result<(), String>,
    pub input: ToolInput,
}

impl Case<'_> {
    pub fn new(effects: Vec<Effect>) -> Self {
        Self {
            effects,
            policy: Policy::default(),
            mode: Mode::Auto,
            tier: Tier::Balanced,
            attended: true,
            counters: SessionCounters::default(),
            judge: None,
            approvals: None,
            journal: Ok(()),
            input: shell("something"),
        }
    }

    pub fn decide(&self) -> Decided {
        let facts = NeutralWorld::new(None, None);
        self.decide_in(&facts)
    }

    pub fn decide_in(&self, facts: &dyn Facts) -> Decided {
        let tool = if matches!(self.input, ToolInput::Shell { .. }) {
            "Bash"
        } else {
            "Tool"
        };
        let event = event(tool, self.input.clone(), self.mode);
        let world = World {
            facts,
            judge: self.judge,
            approvals: self.approvals,
            attended: self.attended,
            counters: self.counters,
            mode: Some(self.mode),
            tier: Some(self.tier),
            now: 0,
            elapsed: &|| 0,
        };
        let analyse = |_: &Action, _: &dyn Facts| Analysis {
            effects: Effects {
                list: self.effects.clone(),
            },
            invocations: Vec::new(),
            written: Vec::new(),
        };
        pipeline::decide_by(analyse, &event, &self.policy, &world, &mut Shelf(self.journal.clone()))
    }

    pub fn decision(&self) -> Decision {
        self.decide().verdict.decision()
    }
}

pub fn event(tool: &str, input: ToolInput, mode: Mode) -> Event {
    Event {
        agent: "test",
        session: "s".to_owned(),
        cwd: PROJECT.to_owned(),
        mode: Some(mode),
        subagent: None,
        kind: EventKind::BeforeTool(ToolCall {
            id: "1".to_owned(),
            tool: tool.to_owned(),
            input,
        }),
    }
}

pub fn shell(command: &str) -> ToolInput {
    ToolInput::Shell {
        command: command.to_owned(),
        dialect: Dialect::Bash,
        background: false,
        unconfined: false,
    }
}

/// A journal that keeps nothing and answers as told.
pub struct Shelf(pub Result<(), String>);

impl Journal for Shelf {
    fn record(&mut self, _: &Record) -> Result<(), String> {
        self.0.clone()
    }
}

/// A judge that always says the same.
pub struct Says(pub Result<Option<Decision>, String>);

impl Judge for Says {
    fn opinion(&self, _: &Action, _: &Effects) -> Judged {
        Judged {
            opinion: self.0.clone().map(|decision| Opinion {
                decision,
                rule: "judge-rule".to_owned(),
                reason: "because".to_owned(),
                quote: None,
                instead: None,
            }),
            record: JudgeRecord::default(),
        }
    }
}

/// A person who approved whatever this is.
pub struct Approved;

impl Approvals for Approved {
    fn take(&self, _: &Action, _: &Effects) -> Option<String> {
        Some("once".to_owned())
    }
}

pub fn policy(toml: &str) -> Policy {
    policy_of(Scope::User, toml, true)
}

pub fn policy_of(scope: Scope, toml: &str, trusted: bool) -> Policy {
    Policy::load(&[text_of(scope, Format::PlacetToml, toml, trusted)], &[])
}

pub fn text_of(scope: Scope, format: Format, text: &str, trusted: bool) -> PolicyText {
    PolicyText {
        origin: "/home/dev/.config/placet/policy.toml".to_owned(),
        scope,
        format,
        text: text.to_owned(),
        trusted,
    }
}

pub fn effect(verb: Verb, resource: Resource) -> Effect {
    Effect {
        verb,
        resource,
        qualifiers: Qualifiers::default(),
        dimensions: Dimensions::default(),
        span: Span::new(0, 4),
        by: "program".to_owned(),
    }
}

pub fn path(place: Place, standing: Standing) -> Resource {
    let path = match place {
        Place::Vital => "/home/dev",
        Place::Temp => "/tmp/x",
        Place::Stream => "/dev/null",
        Place::Toolchain => "/usr/share/doc/x",
        Place::Home => "/home/dev/notes.txt",
        Place::System => "/etc/hosts",
        Place::Device => "/dev/sda",
        Place::Outside => "/home/other/x",
        Place::Project | Place::Unknown => "/home/dev/project/src/x.rs",
    };
    Resource::Path(Target {
        paths: if place == Place::Unknown {
            Paths::Unknown
        } else {
            Paths::One(path.to_owned())
        },
        place,
        standing,
        sensitivity: Sensitivity::Plain,
    })
}

pub fn sensitive(mut resource: Resource, kind: Sensitivity) -> Resource {
    if let Resource::Path(target) = &mut resource {
        target.sensitivity = kind;
    }
    resource
}

pub fn code(origin: Origin, understood: Understood) -> Resource {
    Resource::Code(Code {
        origin,
        understood,
        name: "x".to_owned(),
    })
}

pub fn host(name: &str) -> Resource {
    Resource::Host(Some(name.to_owned()))
}

pub fn branch(name: &str) -> Resource {
    Resource::Ref {
        remote: Some("origin".to_owned()),
        branch: Some(name.to_owned()),
    }
}

pub fn package(pin: Pin) -> Resource {
    Resource::Package {
        manager: "npm".to_owned(),
        name: Some("left-pad".to_owned()),
        pin,
    }
}

pub fn named(name: &str) -> Resource {
    Resource::Named(name.to_owned())
}

pub fn forced(mut effect: Effect) -> Effect {
    effect.qualifiers.force = true;
    effect
}

pub fn measured(mut effect: Effect) -> Effect {
    effect.qualifiers.measured = true;
    effect
}

pub fn carrying(mut effect: Effect, what: Carries) -> Effect {
    effect.qualifiers.carries = what;
    effect
}

pub fn later(mut effect: Effect, what: RunsLater) -> Effect {
    effect.qualifiers.runs_later = Some(what);
    effect
}

pub fn irreversible(mut effect: Effect) -> Effect {
    effect.dimensions.reversibility = Reversibility::Irreversible;
    effect
}

pub fn all_processes() -> Resource {
    Resource::Process(ProcessSet::All)
}
