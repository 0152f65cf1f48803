//! Answers: a verdict in plain data, ready to be rendered for an agent. No engine types.

use crate::Decision;

/// What goes back to the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The decision.
    pub decision: Decision,
    /// For the agent (deny) or the person (ask, allow): at most 400 characters.
    pub reason: String,
    /// The id of the rule that decided.
    pub rule: String,
    /// What must also happen for the answer to hold.
    pub obligations: Vec<Obligation>,
}

/// What must also happen for a verdict to hold. An integration that can't honour it denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obligation {
    /// Run it confined.
    Confine,
    /// Take a snapshot first.
    Snapshot,
    /// Redact the result.
    Redact,
}

/// What an agent's integration can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentCapabilities {
    /// It can put a question to a person.
    pub can_ask: bool,
    /// It can change the tool's input.
    pub can_rewrite: bool,
    /// It can run a call confined.
    pub can_confine: bool,
}

/// What the agent is told after a tool was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it should know of the result.
    pub text: String,
    /// The result is to be kept from it, where the agent lets us.
    pub withhold: bool,
    /// Parts of the result that are to stand between marks, where the agent lets us: in order, apart from each other.
    pub fences: Vec<Fence>,
}

/// A part of a tool's result that is to be read as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// Where it begins in the result, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What its marks are known by: nothing that the text itself could say.
    pub mark: String,
}
