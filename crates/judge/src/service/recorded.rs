//! Answers that were had elsewhere, by the key of their request: a model measured without a connection, a test replayed.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Reply, Service};
use crate::{Deadline, Error, Prompt};

/// Answers by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    answers: BTreeMap<String, Reply>,
    model: String,
}

#[derive(Deserialize)]
struct Line {
    key: String,
    answer: String,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    tokens_in: u64,
    #[serde(default)]
    tokens_out: u64,
}

impl Recorded {
    /// Reads JSON Lines: `{"key", "answer", "model"?, "tokens_in"?, "tokens_out"?}`.
    ///
    /// # Errors
    /// Which line can't be read.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut recorded = Self {
            model: "recorded".to_owned(),
            ..Self::default()
        };
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let line: Line = serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))?;
            if let Some(model) = line.model {
                recorded.model = model;
            }
            let reply = Reply {
                text: line.answer,
                tokens_in: line.tokens_in,
                tokens_out: line.tokens_out,
            };
            recorded.answers.insert(line.key, reply);
        }
        Ok(recorded)
    }
}

impl Service for Recorded {
    fn model(&self) -> &str {
        &self.model
    }

    fn identity(&self) -> String {
        "recorded".to_owned()
    }

    fn answer(&self, prompt: &Prompt<'_>, _: &Deadline) -> Result<Reply, Error> {
        self.answers.get(&prompt.key()).cloned().ok_or(Error::NotRecorded)
    }
}
