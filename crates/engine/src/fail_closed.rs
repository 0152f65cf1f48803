//! What becomes of a call when something goes wrong. One exhaustive table; nothing here ever allows.

use placet_model::{Answer, Decision, Match, Outcome, Source, Span};

use crate::message;

/// Everything that can go wrong on the way to a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The message of the agent can't be read.
    BadInput(String),
    /// The message is no tool call, yet an answer is expected.
    UnknownEvent(String),
    /// The action is too large to be looked at.
    OverBudget(String),
    /// A policy or ignore file exists and can't be read.
    UnreadablePolicy(String),
    /// The session's memory can't be read or written.
    BrokenState(String),
    /// The decision took too long.
    Deadline,
    /// The program crashed on the way.
    Crash(String),
    /// The record could not be written.
    Unrecorded(String),
    /// The judge gave no opinion.
    NoOpinion(String),
    /// The agent's integration can't do what the verdict demands.
    UnsupportedObligation(&'static str),
}

impl Failure {
    /// What the call gets at least: never Allow.
    pub fn decision(&self) -> Decision {
        match self {
            Self::BadInput(_)
            | Self::UnknownEvent(_)
            | Self::OverBudget(_)
            | Self::UnreadablePolicy(_)
            | Self::BrokenState(_)
            | Self::Deadline
            | Self::Crash(_)
            | Self::Unrecorded(_)
            | Self::NoOpinion(_) => Decision::Ask,
            Self::UnsupportedObligation(_) => Decision::Deny,
        }
    }

    /// The kebab-case id, one for messages, records and documentation.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::BadInput(_) => "bad-input",
            Self::UnknownEvent(_) => "unknown-event",
            Self::OverBudget(_) => "over-budget",
            Self::UnreadablePolicy(_) => "unreadable-policy",
            Self::BrokenState(_) => "broken-state",
            Self::Deadline => "deadline",
            Self::Crash(_) => "crash",
            Self::Unrecorded(_) => "unrecorded",
            Self::NoOpinion(_) => "no-opinion",
            Self::UnsupportedObligation(_) => "unsupported-obligation",
        }
    }

    /// What happened, for a person.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::BadInput(what) => format!("the agent's message can't be read: {what}"),
            Self::UnknownEvent(what) => format!("the agent's message is no tool call: {what}"),
            Self::OverBudget(what) => format!("the action is too large to be looked at: {what}"),
            Self::UnreadablePolicy(what) => format!("a policy file can't be read: {what}"),
            Self::BrokenState(what) => format!("the session's memory can't be used: {what}"),
            Self::Deadline => "the decision took too long".to_owned(),
            Self::Crash(what) => format!("Placet crashed while deciding: {what}"),
            Self::Unrecorded(what) => format!("the decision could not be recorded: {what}"),
            Self::NoOpinion(what) => format!("the judge gave no opinion: {what}"),
            Self::UnsupportedObligation(what) => {
                format!("the call may only go ahead if {what}, which this agent can't do")
            }
        }
    }

    /// As a match, to stand beside those of limits and rules.
    #[must_use]
    pub fn to_match(&self) -> Match {
        Match {
            outcome: Outcome::Decided(self.decision()),
            source: Source::FailClosed,
            rule: self.id().to_owned(),
            origin: String::new(),
            span: Span::default(),
            effect: "go ahead unchecked".to_owned(),
            reason: self.reason(),
            instead: None,
            would_allow: None,
        }
    }
}

/// The answer where no verdict could be reached at all (crash, deadline, unreadable message).
#[must_use]
pub fn answer(failure: &Failure, can_ask: bool) -> Answer {
    let decision = match (failure.decision(), can_ask) {
        (Decision::Deny, _) | (Decision::Ask | Decision::Allow, false) => Decision::Deny,
        (Decision::Ask | Decision::Allow, true) => Decision::Ask,
    };
    Answer {
        decision,
        reason: message::capped(format!("Placet can't decide ({}): {}.", failure.id(), failure.reason())),
        rule: failure.id().to_owned(),
        obligations: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_asks_where_a_person_is_there_and_denies_where_nobody_is() {
        assert_eq!(answer(&Failure::Deadline, true).decision, Decision::Ask);
        assert_eq!(answer(&Failure::Deadline, false).decision, Decision::Deny);
        let obligation = Failure::UnsupportedObligation("it runs confined");
        assert_eq!(answer(&obligation, true).decision, Decision::Deny);
    }
}
