//! A reply as it comes: parts in the order of the stream, put together. What a model sends may be nonsense; it becomes a call
//! that the gate refuses, never one that it did not make.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::ModelError;
use crate::conversation::{Reply, ToolCall, Usage};

/// A part of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    /// A call begins, or tells more of its name.
    Call {
        index: u64,
        id: String,
        tool: String,
    },
    /// More of a call's arguments, as JSON text.
    Arguments {
        index: u64,
        text: String,
    },
    /// Tokens so far; the larger numbers count.
    Usage(Usage),
    /// The model was cut off by its limit of length.
    Cut,
    End,
}

/// What has come so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    text: String,
    calls: BTreeMap<u64, Begun>,
    usage: Usage,
    cut: bool,
}

#[derive(Debug, Default)]
struct Begun {
    id: String,
    tool: String,
    arguments: String,
}

impl Gathered {
    pub(super) fn add(&mut self, part: Part, said: &mut dyn FnMut(&str)) {
        match part {
            Part::Text(text) => {
                said(&text);
                self.text.push_str(&text);
            }
            Part::Call { index, id, tool } => {
                let call = self.calls.entry(index).or_default();
                if call.id.is_empty() {
                    call.id = id;
                }
                if call.tool.is_empty() {
                    call.tool = tool;
                }
            }
            Part::Arguments { index, text } => self.calls.entry(index).or_default().arguments.push_str(&text),
            Part::Usage(usage) => {
                self.usage.input = self.usage.input.max(usage.input);
                self.usage.output = self.usage.output.max(usage.output);
            }
            Part::Cut => self.cut = true,
            Part::End => {}
        }
    }

    pub(super) fn reply(self) -> Result<Reply, ModelError> {
        let last = self.calls.keys().next_back().copied();
        let mut calls = Vec::new();
        for (index, begun) in self.calls {
            let whole = serde_json::from_str::<Value>(&begun.arguments);
            let input = match whole {
                Ok(Value::Object(map)) => map,
                // No arguments at all are an empty object.
                _ if begun.arguments.trim().is_empty() && !self.cut => Map::new(),
                // The limit of length fell into it: it is not the call that was meant.
                _ if self.cut && Some(index) == last => continue,
                Ok(_) | Err(_) => {
                    let text: String = begun.arguments.chars().take(2000).collect();
                    Map::from_iter([("unreadable".to_owned(), Value::from(text))])
                }
            };
            calls.push(ToolCall {
                id: begun.id,
                tool: begun.tool,
                input,
            });
        }
        let mut text = self.text;
        if self.cut {
            text.push_str("\n[cut off by the model's limit of length]");
        }
        if text.trim().is_empty() && calls.is_empty() {
            return Err(ModelError::Nonsense("the reply is empty".to_owned()));
        }
        Ok(Reply {
            text,
            calls,
            usage: self.usage,
        })
    }
}
