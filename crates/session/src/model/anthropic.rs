//! Anthropic Messages: the words of its requests and of its stream.

use serde_json::{Value, json};

use super::stream::Part;
use super::{ModelError, Request};
use crate::conversation::{Message, Usage};

/// The longest reply, in tokens.
const LONGEST: u32 = 16_384;

/// The body of a request.
pub(super) fn body(model: &str, request: &Request<'_>) -> Value {
    let kept = json!({"type": "ephemeral"});
    let tools: Vec<Value> = request
        .tools
        .iter()
        .map(|tool| json!({"name": tool.name, "description": tool.about, "input_schema": tool.schema}))
        .collect();
    let mut messages = messages(request.messages);
    // What was sent before is kept by the service up to the last block.
    let last = messages
        .last_mut()
        .and_then(|message| message.pointer_mut("/content"))
        .and_then(Value::as_array_mut)
        .and_then(|blocks| blocks.last_mut())
        .and_then(Value::as_object_mut);
    if let Some(block) = last {
        block.insert("cache_control".to_owned(), kept.clone());
    }
    json!({
        "model": model, "max_tokens": LONGEST, "stream": true, "tools": tools, "messages": messages,
        "system": [{"type": "text", "text": request.system, "cache_control": kept}],
    })
}

/// Messages by turns; neighbours of the same side become one.
fn messages(all: &[Message]) -> Vec<Value> {
    let mut sides: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in all {
        let (role, blocks) = match message {
            Message::User(text) | Message::Summary(text) => ("user", vec![json!({"type": "text", "text": full(text)})]),
            Message::Reply(reply) => {
                let mut blocks = Vec::new();
                if !reply.text.trim().is_empty() {
                    blocks.push(json!({"type": "text", "text": reply.text}));
                }
                blocks.extend(
                    reply
                        .calls
                        .iter()
                        .map(|call| json!({"type": "tool_use", "id": call.id, "name": call.tool, "input": call.input})),
                );
                ("assistant", blocks)
            }
            Message::Results(results) => (
                "user",
                results
                    .iter()
                    .map(|result| {
                        json!({"type": "tool_result", "tool_use_id": result.call, "content": full(&result.text),
                               "is_error": result.failed})
                    })
                    .collect(),
            ),
        };
        if blocks.is_empty() {
            continue;
        }
        match sides.last_mut() {
            Some((side, before)) if *side == role => before.extend(blocks),
            Some(_) | None => sides.push((role, blocks)),
        }
    }
    sides
        .into_iter()
        .map(|(role, content)| json!({"role": role, "content": content}))
        .collect()
}

/// Empty texts are refused.
fn full(text: &str) -> &str {
    if text.trim().is_empty() { "(nothing)" } else { text }
}

/// What one event says.
pub(super) fn parts(event: &Value) -> Result<Vec<Part>, ModelError> {
    let word = |path: &str| event.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let index = event.get("index").and_then(Value::as_u64).unwrap_or_default();
    Ok(match word("/type") {
        "message_start" => vec![Part::Usage(usage(event.pointer("/message/usage")))],
        "content_block_start" if word("/content_block/type") == "tool_use" => vec![Part::Call {
            index,
            id: word("/content_block/id").to_owned(),
            tool: word("/content_block/name").to_owned(),
        }],
        "content_block_delta" => match word("/delta/type") {
            "text_delta" => vec![Part::Text(word("/delta/text").to_owned())],
            "input_json_delta" => vec![Part::Arguments {
                index,
                text: word("/delta/partial_json").to_owned(),
            }],
            _ => Vec::new(),
        },
        "message_delta" => {
            let mut parts = vec![Part::Usage(usage(event.get("usage")))];
            parts.extend(stopped(word("/delta/stop_reason"))?);
            parts
        }
        "message_stop" => vec![Part::End],
        "error" => {
            let said = word("/error/message").chars().take(300).collect();
            return Err(match word("/error/type") {
                "overloaded_error" | "api_error" | "rate_limit_error" => ModelError::Status {
                    code: 529,
                    said,
                    wait: None,
                },
                _ => ModelError::Nonsense(said),
            });
        }
        _ => Vec::new(),
    })
}

/// A reply that came in one piece.
pub(super) fn whole(value: &Value) -> Result<Vec<Part>, ModelError> {
    let blocks = value
        .get("content")
        .and_then(Value::as_array)
        .ok_or_else(|| ModelError::Nonsense("there is no reply in it".to_owned()))?;
    let mut parts = vec![Part::Usage(usage(value.get("usage")))];
    for (index, block) in (0_u64..).zip(blocks) {
        let word = |name: &str| block.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match word("type").as_str() {
            "text" => parts.push(Part::Text(word("text"))),
            "tool_use" => {
                parts.push(Part::Call {
                    index,
                    id: word("id"),
                    tool: word("name"),
                });
                let text = block.get("input").map(Value::to_string).unwrap_or_default();
                parts.push(Part::Arguments { index, text });
            }
            _ => {}
        }
    }
    let reason = value.get("stop_reason").and_then(Value::as_str).unwrap_or_default();
    parts.extend(stopped(reason)?);
    Ok(parts)
}

fn stopped(reason: &str) -> Result<Option<Part>, ModelError> {
    match reason {
        "max_tokens" => Ok(Some(Part::Cut)),
        "refusal" => Err(ModelError::Declined),
        _ => Ok(None),
    }
}

fn usage(value: Option<&Value>) -> Usage {
    let number = |name: &str| {
        value
            .and_then(|value| value.get(name))
            .and_then(Value::as_u64)
            .unwrap_or_default()
    };
    Usage {
        input: number("input_tokens")
            .saturating_add(number("cache_read_input_tokens"))
            .saturating_add(number("cache_creation_input_tokens")),
        output: number("output_tokens"),
    }
}
