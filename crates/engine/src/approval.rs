//! What a person approved before: exactly this action, by its content. It answers a question; it lifts no denial of a hard
//! limit, an ignore file, a rule or the mode.

use placet_model::{Action, Decision, Effects, Match, Outcome, Source, Span};

use crate::World;
use crate::hard_limits::{HardLimitsPassed, Refused};

/// Whether a person could answer for this action: nobody has said no.
pub(crate) fn possible(limits: &Result<HardLimitsPassed, Refused>, outcome: Outcome) -> bool {
    match outcome {
        Outcome::Decided(Decision::Deny) => false,
        Outcome::Decided(Decision::Ask | Decision::Allow) | Outcome::Undecided => limits.is_ok(),
    }
}

/// The approval of this action, taken only where there is a question to be answered.
pub(crate) fn of(
    limits: &Result<HardLimitsPassed, Refused>,
    outcome: Outcome,
    action: &Action,
    effects: &Effects,
    world: &World<'_>,
) -> Option<String> {
    let approvals = world.approvals?;
    let floor = limits.as_ref().is_ok_and(|passed| !passed.floor().is_empty());
    let question = floor || outcome != Outcome::Decided(Decision::Allow);
    (question && possible(limits, outcome))
        .then(|| approvals.take(action, effects))
        .flatten()
}

/// As a match, to stand before those of limits and rules.
pub(crate) fn to_match(how_long: &str) -> Match {
    Match {
        outcome: Outcome::Decided(Decision::Allow),
        source: Source::Person,
        rule: "granted".to_owned(),
        origin: String::new(),
        span: Span::default(),
        effect: "do what a person approved".to_owned(),
        reason: format!("a person approved exactly this action ({how_long})"),
        instead: None,
        would_allow: None,
    }
}
