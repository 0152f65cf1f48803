//! Who is asked. One function: a request in, an answer out, within the deadline.

pub mod command;
pub mod http;
pub mod key;
pub mod recorded;

use crate::{Deadline, Error, Prompt};

/// A model, wherever it runs.
pub trait Service {
    /// The model's name.
    fn model(&self) -> &str;

    /// What the answers depend on beside the question: the service's address and settings. No key.
    fn identity(&self) -> String;

    /// Asks once.
    ///
    /// # Errors
    /// Why there is no answer.
    fn answer(&self, prompt: &Prompt<'_>, deadline: &Deadline) -> Result<Reply, Error>;
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// What the model said.
    pub text: String,
    /// Tokens of the question, as far as the service says.
    pub tokens_in: u64,
    /// Tokens of the answer.
    pub tokens_out: u64,
}
