//! Todo: what is to be done, for the model and for people to see.

use serde::{Deserialize, Serialize};

use super::{Bench, Outcome, locked};
use crate::conversation::ToolCall;

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What.
    pub text: String,
    /// How far it is.
    pub state: State,
}

/// How far a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not begun.
    Open,
    /// Being done.
    Active,
    /// Done.
    Done,
}

pub(super) fn run(bench: &Bench, call: &ToolCall) -> Result<Outcome, String> {
    let items = call.input.get("items").ok_or("`items` is missing")?;
    let items = Vec::<Item>::deserialize(items).map_err(|error| format!("`items`: {error}"))?;
    let done = items.iter().filter(|item| item.state == State::Done).count();
    let text = format!("noted: {done} of {} done", items.len());
    *locked(&bench.todo) = items;
    Ok(Outcome::done(text))
}
