//! Any policy file, in any format, as the user's own: it is read without a panic in bounded time, and hard limits hold under it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_engine::{Format, IgnoreText, Policy, PolicyText, Scope, SessionCounters, World, decide};
use placet_facts::NeutralWorld;
use placet_model::{Decision, Dialect, Event, EventKind, Journal, Mode, Record, ToolCall, ToolInput};

struct Shelf;

impl Journal for Shelf {
    fn record(&mut self, _: &Record) -> Result<(), String> {
        Ok(())
    }
}

fuzz_target!(|text: &str| {
    let ignore = IgnoreText {
        origin: "/home/dev/project/.placetignore".to_owned(),
        root: "/home/dev/project".to_owned(),
        text: text.to_owned(),
    };
    for format in [Format::PlacetToml, Format::ClaudeSettings, Format::ClaudePolicy] {
        let file = PolicyText {
            origin: "/home/dev/.config/placet/policy.toml".to_owned(),
            scope: Scope::User,
            format,
            text: text.to_owned(),
            trusted: true,
        };
        let policy = Policy::load(&[file], std::slice::from_ref(&ignore));
        assert_eq!(decision("sudo true", &policy), Decision::Deny);
    }
});

fn decision(command: &str, policy: &Policy) -> Decision {
    let facts = NeutralWorld::new(None, None);
    let event = Event {
        agent: "test",
        session: "s".to_owned(),
        cwd: "/home/dev/project".to_owned(),
        mode: Some(Mode::Auto),
        subagent: None,
        kind: EventKind::BeforeTool(ToolCall {
            id: "1".to_owned(),
            tool: "Bash".to_owned(),
            input: ToolInput::Shell {
                command: command.to_owned(),
                dialect: Dialect::Bash,
                background: false,
                unconfined: false,
            },
        }),
    };
    let world = World {
        facts: &facts,
        judge: None,
        approvals: None,
        attended: true,
        counters: SessionCounters::default(),
        mode: None,
        tier: None,
        now: 0,
        elapsed: &|| 0,
    };
    decide(&event, policy, &world, &mut Shelf).verdict.decision()
}
