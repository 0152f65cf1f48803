//! `policy test`: a policy's own examples, run through the whole pipeline. The world is the caller's.

use placet_model::{Decision, Event, Facts, Journal, Mode, Record, ToolInput};

use super::Policy;
use super::rule::{Example, ExampleCall, Rule};
use crate::{SessionCounters, World, decide};

/// One example and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The rule that it belongs to.
    pub rule: String,
    /// The example.
    pub example: Example,
    /// What the policy says.
    pub got: Decision,
    /// The rule that decided.
    pub by: String,
}

impl Trial {
    /// Whether it came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.got == self.example.decision
    }
}

/// Runs every example in the mode auto, with a person there to be asked.
#[must_use]
pub fn trials(policy: &Policy, facts: &dyn Facts) -> Vec<Trial> {
    policy
        .rules
        .iter()
        .flat_map(|rule| {
            rule.examples
                .iter()
                .map(move |example| trial(rule, example, policy, facts))
        })
        .collect()
}

fn trial(rule: &Rule, example: &Example, policy: &Policy, facts: &dyn Facts) -> Trial {
    let (tool, input) = match &example.call {
        ExampleCall::Command(command) => (
            "Bash",
            ToolInput::Shell {
                command: command.clone(),
                dialect: placet_model::Dialect::Bash,
                background: false,
                unconfined: false,
            },
        ),
        ExampleCall::Path { write: false, path } => ("Read", ToolInput::Read { path: path.clone() }),
        ExampleCall::Path { write: true, path } => (
            "Write",
            ToolInput::Write {
                path: path.clone(),
                content: String::new(),
            },
        ),
        ExampleCall::Url(url) => ("WebFetch", ToolInput::Fetch { url: url.clone() }),
    };
    let event = Event::asked("placet", facts.cwd(), tool, input);
    let world = World {
        facts,
        judge: None,
        approvals: None,
        attended: true,
        counters: SessionCounters::default(),
        mode: Some(Mode::Auto),
        tier: None,
        now: 0,
        elapsed: &|| 0,
    };
    let decided = decide(&event, policy, &world, &mut Unkept);
    Trial {
        rule: rule.id.clone(),
        example: example.clone(),
        got: decided.verdict.decision(),
        by: decided.verdict.rule().to_owned(),
    }
}

/// Trials happen to nobody, so they are not kept.
struct Unkept;

impl Journal for Unkept {
    fn record(&mut self, _: &Record) -> Result<(), String> {
        Ok(())
    }
}
