//! The port to a language model: messages and tools in, one reply out. Which model it is, is known below this only.

mod anthropic;
mod http;
mod openai;
mod script;
mod stream;

pub use http::{Http, Vendor};
pub use script::Script;

use core::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::conversation::{Message, Reply, Usage};
use crate::tools::Tool;

/// A language model.
pub trait Model: Send {
    /// Its name, for people.
    fn name(&self) -> &str;

    /// The next reply. `said` is given each piece of text as it comes.
    ///
    /// # Errors
    /// When there is no reply.
    fn reply(&mut self, request: &Request<'_>, said: &mut dyn FnMut(&str)) -> Result<Reply, ModelError>;

    /// What these tokens cost, in millionths of a US dollar, if that is known.
    fn micro_dollars(&self, _: Usage) -> Option<u64> {
        None
    }

    /// The same model for a conversation of its own.
    fn another(&self) -> Box<dyn Model>;
}

/// What the model is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who it is and how it works.
    pub system: &'a str,
    /// The conversation so far.
    pub messages: &'a [Message],
    /// What it may call.
    pub tools: &'a [Tool],
    /// Set when a person wants it to end.
    pub stop: &'a Stop,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// A person wanted it to end.
    Stopped,
    /// The script says otherwise, or is at its end.
    Script(String),
    /// No connection.
    Unreachable(String),
    /// The service refuses.
    Status {
        /// The status.
        code: u16,
        /// What it says.
        said: String,
        /// Seconds that it wants to be left alone.
        wait: Option<u64>,
    },
    /// The reply broke off.
    Cut,
    /// The conversation is too long for the model.
    TooLong,
    /// The model declines to answer.
    Declined,
    /// What came can't be understood.
    Nonsense(String),
}

impl ModelError {
    /// How long to wait before trying again; `None` if that is of no use.
    fn passes(&self) -> Option<Duration> {
        const LONGEST: u64 = 60;
        match self {
            Self::Unreachable(_) | Self::Cut => Some(Duration::ZERO),
            Self::Status {
                code: 408 | 409 | 429 | 500..=599,
                wait,
                ..
            } => Some(Duration::from_secs(wait.unwrap_or_default().min(LONGEST))),
            Self::Status { .. }
            | Self::Stopped
            | Self::Script(_)
            | Self::TooLong
            | Self::Declined
            | Self::Nonsense(_) => None,
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => out.write_str("it was stopped"),
            Self::Script(what) => write!(out, "the script does not fit: {what}"),
            Self::Unreachable(why) => write!(out, "the service can't be reached: {why}"),
            Self::Status { code, said, .. } if said.is_empty() => write!(out, "the service answers with status {code}"),
            Self::Status { code, said, .. } => write!(out, "the service answers with status {code}: {said}"),
            Self::Cut => out.write_str("the reply broke off"),
            Self::TooLong => out.write_str("the conversation is too long for this model"),
            Self::Declined => out.write_str("the model declines to answer"),
            Self::Nonsense(what) => write!(out, "what came can't be understood: {what}"),
        }
    }
}

/// A person's wish that what is going on ends. Shared between threads.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends it.
    pub fn now(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// For what sets it from outside: signals.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }

    /// Takes the wish back.
    pub fn reset(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    /// Whether it is to end.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
