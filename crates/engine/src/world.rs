//! What one decision is told about its surroundings. Values and ports only; who fills them is outside.

use placet_model::{Approvals, Facts, Judge, Mode, Tier};

use crate::SessionCounters;

/// The surroundings of one decision.
pub struct World<'a> {
    /// What the world tells us.
    pub facts: &'a dyn Facts,
    /// The judge, if one is configured. It is asked about what is Undecided, and about nothing else.
    pub judge: Option<&'a dyn Judge>,
    /// What a person approved before, action by action.
    pub approvals: Option<&'a dyn Approvals>,
    /// Whether a person can be asked.
    pub attended: bool,
    /// Denials of this session so far.
    pub counters: SessionCounters,
    /// The mode chosen for this session, over what the agent reports and the policy says.
    pub mode: Option<Mode>,
    /// The tier chosen for this session, over what the policy says.
    pub tier: Option<Tier>,
    /// Milliseconds since the epoch.
    pub now: u64,
    /// Microseconds since the decision began.
    pub elapsed: &'a dyn Fn() -> u64,
}
