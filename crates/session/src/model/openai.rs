//! OpenAI Chat Completions, as OpenAI and many local servers speak them: the words of requests and stream.

use serde_json::{Value, json};

use super::stream::Part;
use super::{ModelError, Request};
use crate::conversation::{Message, Usage};

/// The body of a request.
pub(super) fn body(model: &str, request: &Request<'_>) -> Value {
    let tools: Vec<Value> = request
        .tools
        .iter()
        .map(|tool| {
            json!({"type": "function", "function": {
                "name": tool.name, "description": tool.about, "parameters": tool.schema}})
        })
        .collect();
    let mut messages = vec![json!({"role": "system", "content": request.system})];
    for message in request.messages {
        match message {
            Message::User(text) | Message::Summary(text) => messages.push(json!({"role": "user", "content": text})),
            Message::Reply(reply) => {
                let calls: Vec<Value> = reply
                    .calls
                    .iter()
                    .map(|call| {
                        let arguments = Value::Object(call.input.clone()).to_string();
                        json!({"id": call.id, "type": "function",
                               "function": {"name": call.tool, "arguments": arguments}})
                    })
                    .collect();
                messages.push(if calls.is_empty() {
                    json!({"role": "assistant", "content": reply.text})
                } else {
                    json!({"role": "assistant", "content": reply.text, "tool_calls": calls})
                });
            }
            Message::Results(results) => messages.extend(
                results
                    .iter()
                    .map(|result| json!({"role": "tool", "tool_call_id": result.call, "content": result.text})),
            ),
        }
    }
    json!({
        "model": model, "messages": messages, "tools": tools, "stream": true,
        "stream_options": {"include_usage": true},
    })
}

/// What one event says. The end is said apart, after the tokens.
pub(super) fn parts(event: &Value) -> Result<Vec<Part>, ModelError> {
    if let Some(error) = event.get("error") {
        let said = error
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or("it reports an error");
        return Err(ModelError::Nonsense(said.chars().take(300).collect()));
    }
    let mut parts: Vec<Part> = event.get("usage").map(usage).into_iter().collect();
    let Some(choice) = event.pointer("/choices/0") else {
        return Ok(parts);
    };
    parts.extend(said(choice.get("delta").unwrap_or(&Value::Null)));
    parts.extend(stopped(choice)?);
    Ok(parts)
}

/// A reply that came in one piece.
pub(super) fn whole(value: &Value) -> Result<Vec<Part>, ModelError> {
    let choice = value
        .pointer("/choices/0")
        .ok_or_else(|| ModelError::Nonsense("there is no reply in it".to_owned()))?;
    let mut parts: Vec<Part> = value.get("usage").map(usage).into_iter().collect();
    parts.extend(said(choice.get("message").unwrap_or(&Value::Null)));
    parts.extend(stopped(choice)?);
    Ok(parts)
}

fn said(delta: &Value) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(text) = delta.get("content").and_then(Value::as_str) {
        parts.push(Part::Text(text.to_owned()));
    }
    let calls = delta.get("tool_calls").and_then(Value::as_array);
    for (place, call) in (0_u64..).zip(calls.into_iter().flatten()) {
        let index = call.get("index").and_then(Value::as_u64).unwrap_or(place);
        let word = |path: &str| {
            call.pointer(path)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        parts.push(Part::Call {
            index,
            id: word("/id"),
            tool: word("/function/name"),
        });
        // Some servers send an object where the text of one belongs.
        let text = match call.pointer("/function/arguments") {
            Some(Value::String(text)) => text.clone(),
            Some(value @ Value::Object(_)) => value.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) | None => String::new(),
        };
        parts.push(Part::Arguments { index, text });
    }
    parts
}

fn stopped(choice: &Value) -> Result<Option<Part>, ModelError> {
    match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => Ok(Some(Part::Cut)),
        Some("content_filter") => Err(ModelError::Declined),
        Some(_) | None => Ok(None),
    }
}

fn usage(value: &Value) -> Part {
    let number = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or_default();
    Part::Usage(Usage {
        input: number("prompt_tokens"),
        output: number("completion_tokens"),
    })
}
