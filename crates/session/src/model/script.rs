//! A model that says what a file tells it to, for demonstrations and tests. It can insist on what it is told in between.
//!
//! JSON Lines, or TOML with `[[turn]]`. One turn: `say`?, `calls`?: [{`tool`, `input`}], `expect`?: {`contains`?: [texts],
//! `lacks`?: [texts]} of what came since its last turn. Its place in the script is the number of replies in the conversation,
//! so that a resumed session goes on where it was.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Model, ModelError, Request};
use crate::Error;
use crate::conversation::{Message, Reply, ToolCall, Usage};

/// A scripted model.
#[derive(Clone, Debug)]
pub struct Script {
    name: String,
    turns: Arc<[Turn]>,
    /// What sub-agents say, by the beginning of their prompts.
    agents: Arc<[Turn]>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    #[serde(default)]
    say: String,
    #[serde(default)]
    calls: Vec<Call>,
    #[serde(default)]
    expect: Expect,
    /// It belongs to sub-agents.
    #[serde(default)]
    agent: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    tool: String,
    #[serde(default)]
    input: Map<String, Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turns {
    turn: Vec<Turn>,
}

impl Script {
    /// The script in a file: TOML if its name ends so, else JSON Lines.
    ///
    /// # Errors
    /// When it can't be read or understood.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::file(path))?;
        Self::read(
            &path.display().to_string(),
            &text,
            path.extension().is_some_and(|ending| ending == "toml"),
        )
    }

    /// The script in a text.
    ///
    /// # Errors
    /// When it can't be understood.
    pub fn read(name: &str, text: &str, toml: bool) -> Result<Self, Error> {
        const HELP: &str = "a turn is {\"say\": …, \"calls\": [{\"tool\": …, \"input\": {…}}]}";
        let turns: Vec<Turn> = if toml {
            toml::from_str::<Turns>(text)
                .map_err(|error| Error::input(format!("`{name}` is no script: {}", error.message()), HELP))?
                .turn
        } else {
            let lines = (1_usize..)
                .zip(text.lines())
                .filter(|(_, line)| !line.trim().is_empty());
            lines
                .map(|(number, line)| {
                    serde_json::from_str(line)
                        .map_err(|error| Error::input(format!("`{name}`, line {number}, is no turn: {error}"), HELP))
                })
                .collect::<Result<_, _>>()?
        };
        let (agents, turns): (Vec<Turn>, Vec<Turn>) = turns.into_iter().partition(|turn| turn.agent);
        Ok(Self {
            name: format!("script:{name}"),
            turns: turns.into(),
            agents: agents.into(),
        })
    }
}

impl Model for Script {
    fn name(&self) -> &str {
        &self.name
    }

    fn reply(&mut self, request: &Request<'_>, said: &mut dyn FnMut(&str)) -> Result<Reply, ModelError> {
        if request.stop.is_wanted() {
            return Err(ModelError::Stopped);
        }
        let at: usize = request
            .messages
            .iter()
            .map(|message| match message {
                Message::Reply(_) => 1,
                Message::Summary(text) => replies_in(text),
                Message::User(_) | Message::Results(_) => 0,
            })
            .sum();
        let Some(turn) = self.turns.get(at) else {
            return Err(ModelError::Script(format!("it has only {} turns", self.turns.len())));
        };
        turn.expect.holds(at, &newest(request.messages))?;
        for word in turn.say.split_inclusive(' ') {
            said(word);
        }
        let calls = turn.calls.iter().enumerate().map(|(index, call)| ToolCall {
            id: format!("{}-{}", at.saturating_add(1), index.saturating_add(1)),
            tool: call.tool.clone(),
            input: call.input.clone(),
        });
        Ok(Reply {
            text: turn.say.clone(),
            calls: calls.collect(),
            usage: Usage::default(),
        })
    }

    fn another(&self) -> Box<dyn Model> {
        Box::new(Self {
            name: self.name.clone(),
            turns: Arc::clone(&self.agents),
            agents: Arc::clone(&self.agents),
        })
    }
}

impl Expect {
    fn holds(&self, at: usize, text: &str) -> Result<(), ModelError> {
        let shown: String = text.chars().take(600).collect();
        let turn = at.saturating_add(1);
        if let Some(missing) = self.contains.iter().find(|wanted| !text.contains(wanted.as_str())) {
            return Err(ModelError::Script(format!(
                "turn {turn} expects `{missing}` in: {shown}"
            )));
        }
        match self.lacks.iter().find(|unwanted| text.contains(unwanted.as_str())) {
            Some(found) => Err(ModelError::Script(format!(
                "turn {turn} expects no `{found}` in: {shown}"
            ))),
            None => Ok(()),
        }
    }
}

/// What came since the last reply.
fn newest(messages: &[Message]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for message in messages.iter().rev() {
        match message {
            Message::Reply(_) => break,
            Message::User(text) | Message::Summary(text) => texts.push(text),
            Message::Results(results) => texts.extend(results.iter().rev().map(|result| result.text.as_str())),
        }
    }
    texts.reverse();
    texts.join("\n")
}

/// A summary says how many replies it stands for.
fn replies_in(summary: &str) -> usize {
    let count = summary.strip_prefix(crate::compact::OPENING);
    count
        .and_then(|rest| rest.split(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
