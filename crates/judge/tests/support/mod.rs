//! Questions for the tests: a call as an agent reports it, in a neutral world.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

pub mod server;

use std::borrow::Cow;

use placet_facts::NeutralWorld;
use placet_judge::trusted::{Earlier, Logged};
use placet_judge::{Case, Prose, Question};
use placet_model::{Action, Decision, EventKind, Mode, Principal, Source, Tier, Verb};
use serde_json::{Value, json};

pub fn plain(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// A decision in a log.
pub struct Line(pub &'static str, pub String, pub Decision);

impl Logged for Line {
    fn action(&self) -> &str {
        self.0
    }

    fn command(&self) -> &str {
        &self.1
    }

    fn verdict(&self) -> Decision {
        self.2
    }

    fn by(&self) -> Option<Source> {
        Some(Source::Judge)
    }

    fn verbs(&self) -> Vec<Verb> {
        vec![Verb::RunProgram, Verb::RunProgram]
    }
}

/// The action in a message of Claude Code's hook.
pub fn action(tool: &str, input: &Value, more: &Value) -> Action {
    let mut message = json!({
        "session_id": "s", "transcript_path": "/t", "cwd": "/home/dev/project", "permission_mode": "auto",
        "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input, "tool_use_id": "1",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        message[key] = value.clone();
    }
    let agent = placet_agents::by_name("claude-code").unwrap();
    let event = (agent.parse)(message.to_string().as_bytes()).unwrap();
    let EventKind::BeforeTool(call) = event.kind else {
        panic!("no call")
    };
    Action {
        principal: Principal::default(),
        id: call.id,
        tool: call.tool,
        input: call.input,
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: true,
    }
}

pub fn world(messages: &[&str]) -> NeutralWorld {
    NeutralWorld::new(None, None).with_user_messages(messages.iter().map(|&text| text.to_owned()).collect())
}

pub fn question_of(action: &Action, facts: &NeutralWorld, boundaries: &[(usize, String)], prose: &Prose) -> Question {
    let earlier = [Earlier::of(
        &Line("shell", "cargo test".to_owned(), Decision::Allow),
        &plain,
    )];
    Question::new(&Case {
        action,
        effects: &placet_effects::analyse(action, facts).effects,
        facts,
        boundaries,
        earlier: &earlier,
        prose,
        redact: &plain,
    })
}

pub fn question(command: &str, messages: &[&str]) -> Question {
    let action = action("Bash", &json!({ "command": command }), &Value::Null);
    question_of(&action, &world(messages), &[], &Prose::default())
}
