//! Actions: a normalised call. Who, with which tool, on what, where.

use crate::{Mode, Tier, ToolInput};

/// One tool call, ready to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Who acts.
    pub principal: Principal,
    /// The agent's id of the call.
    pub id: String,
    /// The tool's name as the agent calls it.
    pub tool: String,
    /// What it is asked to do.
    pub input: ToolInput,
    /// The permission mode in force.
    pub mode: Mode,
    /// The tier in force.
    pub tier: Tier,
    /// Whether somebody can be asked.
    pub attended: bool,
}

/// The acting party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// The agent's name.
    pub agent: String,
    /// The session's id.
    pub session: String,
    /// The sub-agent, if one acts.
    pub subagent: Option<String>,
}
