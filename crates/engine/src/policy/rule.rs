//! A rule: a condition and what it decides. How conditions are written is in `grammar.rs` and `effect_rule.rs`.

use placet_model::Decision;

use super::effect_rule::EffectRule;
use super::grammar::ToolRule;
use super::text::{Position, Scope};

/// One rule of a policy.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it decides.
    pub decision: Decision,
    /// Its id; for rules written in one line, that line.
    pub id: String,
    /// As it is written, for people.
    pub text: String,
    /// Where it stands.
    pub at: Position,
    /// Whose it is.
    pub scope: Scope,
    /// Why, in the author's words.
    pub why: Option<String>,
    /// What to do instead, in the author's words.
    pub instead: Option<String>,
    /// The author's examples.
    pub examples: Vec<Example>,
    pub(crate) pattern: Pattern,
}

/// What a rule is about.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    /// A tool, with or without a specifier.
    Tool(ToolRule),
    /// An effect, by whatever tool.
    Effect(EffectRule),
}

/// A call, and what the policy is meant to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Where it stands.
    pub at: Position,
    /// The call.
    pub call: ExampleCall,
    /// What is expected.
    pub decision: Decision,
}

/// The call of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExampleCall {
    /// A shell command.
    Command(String),
    /// A path, read or written.
    Path {
        /// Written rather than read.
        write: bool,
        /// The path.
        path: String,
    },
    /// A page that is fetched.
    Url(String),
}

/// How surely a rule is about an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// It is not.
    No,
    /// It may be: something that matters can't be told.
    Possible,
    /// It is.
    Certain,
}

impl Fit {
    pub(crate) fn of(yes: bool) -> Self {
        if yes { Self::Certain } else { Self::No }
    }
}
