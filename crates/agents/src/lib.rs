//! Agents: what each coding agent's hook sends and expects. Bytes to an [`Event`], an [`Answer`] to bytes.
//! No I/O, no policy, no effects: vendor words go no further than their own folder. To add an agent, write its folder
//! with recorded payloads under `fixtures/`, and add it to [`ALL`].

mod answer_text;
mod claude_code;
mod error;
mod fence;
mod fields;
mod json;
mod placet;

use placet_model::{AgentCapabilities, Answer, Event, Notice, ToolInput};
use serde_json::{Map, Value};

pub use error::{ParseError, ParseProblem};
pub use fence::fenced;
pub use placet::call_message;

/// The most that is read of one message.
pub const MAX_INPUT: usize = 10 * 1024 * 1024;

/// One agent's integration.
#[derive(Clone, Copy, Debug)]
pub struct Agent {
    /// Its name, as in `placet hook NAME`.
    pub name: &'static str,
    /// What it can do.
    pub capabilities: AgentCapabilities,
    /// Reads one message.
    pub parse: fn(&[u8]) -> Result<Event, ParseError>,
    /// Reads the arguments of one tool, outside any message: what the tool is asked to do.
    pub tool: fn(&str, &Map<String, Value>) -> Result<ToolInput, ParseProblem>,
    /// Says an answer in the agent's words.
    pub render: fn(&Event, &Answer) -> Reply,
    /// Tells the agent something of the result of a tool, which the message reported.
    pub tell: fn(&Event, &[u8], &Notice) -> Reply,
    /// Refuses an event that could not be dealt with; the text is one sentence for a person.
    pub refuse: fn(&Event, &str) -> Reply,
    /// Refuses a message that could not be read.
    pub reject: fn(&ParseError) -> Reply,
    /// Says whether somebody can be asked, as far as the agent's environment tells.
    pub attended: fn(&Environment<'_>) -> bool,
}

/// The agent's environment, a variable at a time.
pub type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What the hook process gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Reply {
    /// For standard output.
    pub stdout: String,
    /// For standard error.
    pub stderr: String,
    /// The exit code.
    pub exit_code: u8,
}

/// Every agent that is known.
pub const ALL: &[Agent] = &[claude_code::AGENT, placet::AGENT];

/// The agent with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Agent> {
    ALL.iter().find(|agent| agent.name == name)
}
