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
    /// Up to here it was looked for repetition.
    looked: usize,
    stuck: bool,
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

    /// Whether the model says the same few letters again and again, and will not end by itself: small models on servers
    /// without a limit do. What was said so far is the reply.
    pub(super) fn is_stuck(&mut self) -> bool {
        if self.text.len() >= self.looked + REPEATED / 2 {
            self.looked = self.text.len();
            self.stuck = repeats(self.text.as_bytes());
        }
        self.stuck
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
        } else if self.stuck {
            text.truncate(text.floor_char_boundary(text.len().saturating_sub(REPEATED - SHOWN)));
            text.push_str("\n[cut off: the model repeats itself]");
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

/// As much has to repeat, in units of at most [`UNIT`] bytes, before a model is taken to be stuck: no table, drawing or list
/// that a person would want is that even.
const REPEATED: usize = 8 << 10;
const UNIT: usize = 64;
/// What is left of it in the reply.
const SHOWN: usize = 200;

fn repeats(text: &[u8]) -> bool {
    let Some(tail) = text.len().checked_sub(REPEATED).and_then(|from| text.get(from..)) else {
        return false;
    };
    (1..=UNIT).any(|unit| tail.iter().zip(tail.iter().skip(unit)).all(|(one, next)| one == next))
}

#[cfg(test)]
mod tests {
    use super::{Gathered, Part};

    fn said(pieces: impl Iterator<Item = String>) -> (bool, String) {
        let mut gathered = Gathered::default();
        let mut stuck = false;
        for piece in pieces {
            gathered.add(Part::Text(piece), &mut |_| ());
            stuck = gathered.is_stuck();
            if stuck {
                break;
            }
        }
        (stuck, gathered.reply().unwrap().text)
    }

    #[test]
    fn a_model_that_repeats_itself_is_cut_off_and_says_so() {
        for unit in ["\"", "ab", "the same again, ", "\u{4e16}\u{754c}"] {
            let (stuck, text) =
                said(std::iter::once("So: ".to_owned()).chain(std::iter::repeat_n(unit.to_owned(), 20_000)));
            assert!(stuck, "{unit}");
            assert!(
                text.starts_with("So: ") && text.ends_with("[cut off: the model repeats itself]"),
                "{text}"
            );
            assert!(text.len() < 16 << 10, "{}", text.len());
        }
    }

    #[test]
    fn long_replies_that_are_no_repetition_stay_whole() {
        let (stuck, text) = said((0..20_000).map(|number| format!("{number}, ")));
        assert!(!stuck && text.ends_with("19999, "));
        let (stuck, text) = said((0..20).map(|_| format!("{}\n", "-".repeat(200))));
        assert!(!stuck && text.len() == 20 * 201);
    }
}
