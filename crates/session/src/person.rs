//! The port to the person at the session: what is asked, what can be answered, and what is shown of the work. Headless, nobody
//! is there.

use placet_engine::Decided;

use crate::conversation::{ToolCall, Usage};
use crate::tools::{Tests, todo::Item};

/// A call that waits for a person.
#[derive(Debug)]
pub struct Question<'a> {
    /// The call.
    pub call: &'a ToolCall,
    /// What it would do, and why it is asked.
    pub decided: &'a Decided,
    /// Why, in one sentence or more.
    pub reason: &'a str,
    /// Whether saying yes can make it run. A denial by a rule or limit is shown, but nobody can lift it here.
    pub can_approve: bool,
    /// The rule that would allow it from now on, if there is one.
    pub rule: Option<&'a str>,
    /// The decision as `placet explain` tells it.
    pub explanation: &'a [String],
}

/// What a person answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Run it, this once.
    Once,
    /// Run exactly this whenever it comes up in this session.
    Session,
    /// Run it, and write the rule that was shown.
    Always,
    /// Don't run it; the text goes to the model.
    No(String),
    /// Run this command in its place; it is decided anew.
    Edit(String),
    /// End what is going on.
    Stop,
}

/// A person at the session.
pub trait Person: Send + Sync {
    /// Decides about a call.
    fn decide(&self, question: &Question<'_>) -> Choice;

    /// Answers the model's question; `None` if it is not answered.
    fn answer(&self, question: &str, options: &[String]) -> Option<Answered>;

    /// After many denials: whether it is to go on, and with what words.
    fn escalate(&self, denials: &[Denial]) -> Choice;
}

/// An answer to a question of the model's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// One of the options, in the model's own words.
    Option(String),
    /// What the person wrote.
    Words(String),
}

/// Something that was denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The call in one line.
    pub what: String,
    /// The rule that decided.
    pub rule: String,
    /// What the model was told.
    pub reason: String,
    /// The rule that a person would add to allow it.
    pub would_allow: Option<String>,
}

/// What is shown of the work as it goes on.
#[derive(Debug)]
pub enum Notice<'a> {
    /// A piece of what the model says.
    Said(&'a str),
    /// The model's reply is complete.
    Replied {
        /// What it said.
        text: &'a str,
        /// What it took.
        usage: Usage,
    },
    /// A call is about to be decided.
    Called(&'a ToolCall),
    /// A call was decided.
    Decided {
        /// The call.
        call: &'a ToolCall,
        /// `allow`, `ask` or `deny`, as answered.
        decision: &'static str,
        /// The rule that decided.
        rule: &'a str,
        /// What is told.
        reason: &'a str,
    },
    /// A running call has written so much.
    Progress {
        /// The call.
        call: &'a str,
        /// Bytes so far.
        bytes: u64,
        /// The end of what it wrote.
        tail: &'a str,
        /// Tests that it has run, as its output says.
        tests: Option<Tests>,
    },
    /// A call is done.
    Done {
        /// The call.
        call: &'a ToolCall,
        /// What the model is told.
        text: &'a str,
        /// It did not do what was asked.
        failed: bool,
        /// It was let through and has run.
        ran: bool,
    },
    /// The probe found something in a result.
    Found {
        /// The call.
        call: &'a ToolCall,
        /// What was found.
        what: &'a str,
    },
    /// The list of what is to be done has changed.
    Todo(&'a [Item]),
    /// Room was made in the context.
    Compacted {
        /// Tokens before.
        before: u64,
        /// Tokens after.
        after: u64,
    },
    /// Something that a person should know.
    Note(&'a str),
    /// A sub-agent begins or ends.
    Agent {
        /// What it does.
        about: &'a str,
        /// It begins.
        begins: bool,
    },
}
