//! Decisions and what led to them. Not the verdict: that one is final and is made only in the engine.

use crate::Span;

/// What a rule, a limit or a tier says. The order is the meaning: the strictest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[must_use]
pub enum Decision {
    /// Go ahead.
    Allow,
    /// A person decides.
    Ask,
    /// No.
    Deny,
}

impl Decision {
    /// The word used in rules, records and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

/// What policy says: a decision, or that no rule spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Outcome {
    /// A rule, limit or tier row spoke.
    Decided(Decision),
    /// No rule spoke: the only state that a judge may settle. Not the same as [`Decision::Ask`].
    Undecided,
}

/// What the judge thinks. It settles [`Outcome::Undecided`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Opinion {
    /// What it would say; `None` is unsure.
    pub decision: Option<Decision>,
    /// The rule it names.
    pub rule: String,
    /// One sentence.
    pub reason: String,
    /// The user's own words that authorise it, if it names some.
    pub quote: Option<String>,
    /// A way within bounds.
    pub instead: Option<String>,
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A hard limit: code, not configuration.
    HardLimit,
    /// An ignore file.
    Ignore,
    /// A rule of a policy file.
    Rule,
    /// The permission mode.
    Mode,
    /// A row of the tier table.
    Tier,
    /// The judge.
    Judge,
    /// A person.
    Person,
    /// What the user said: an order or a boundary.
    User,
    /// What the probe found in a text that the agent read.
    Finding,
    /// Something went wrong, and doubt tightens.
    FailClosed,
    /// Too many denials: a person has to look.
    Escalation,
}

impl Source {
    /// The word used in records and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HardLimit => "hard-limit",
            Self::Ignore => "ignore",
            Self::Rule => "rule",
            Self::Mode => "mode",
            Self::Tier => "tier",
            Self::Judge => "judge",
            Self::Person => "person",
            Self::User => "user",
            Self::Finding => "finding",
            Self::FailClosed => "fail-closed",
            Self::Escalation => "escalation",
        }
    }
}

/// One match: a rule that spoke, with all that a person needs to understand it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What it says.
    pub outcome: Outcome,
    /// Who says it.
    pub source: Source,
    /// The rule's id, kebab-case.
    pub rule: String,
    /// Where the rule stands (a file), empty for rules in code.
    pub origin: String,
    /// The part of the action that it is about.
    pub span: Span,
    /// The effect in words.
    pub effect: String,
    /// Why.
    pub reason: String,
    /// The shortest way to get the aim within bounds; never a way round the block.
    pub instead: Option<String>,
    /// The exact rule that a person would add to allow it.
    pub would_allow: Option<String>,
}
