//! Deny-overrides: how several matches become one outcome. The strictest wins; where nobody spoke, nothing is decided.

use placet_model::{Decision, Match, Outcome};

/// The strictest outcome of all matches. No match at all is Undecided, never Allow.
pub(crate) fn strictest(matches: &[Match]) -> Outcome {
    matches
        .iter()
        .map(|found| found.outcome)
        .max_by_key(|outcome| strictness(*outcome))
        .unwrap_or(Outcome::Undecided)
}

/// Orders matches for messages and records: the strictest first, otherwise as they came.
pub(crate) fn strictest_first(matches: &mut [Match]) {
    matches.sort_by_key(|found| core::cmp::Reverse(strictness(found.outcome)));
}

/// Allow, then what may still become anything, then a person's question, then no.
#[must_use]
pub(crate) fn strictness(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Decided(Decision::Allow) => 0,
        Outcome::Undecided => 1,
        Outcome::Decided(Decision::Ask) => 2,
        Outcome::Decided(Decision::Deny) => 3,
    }
}
