//! `scan --jsonl`: tool results in, findings out, in order.

use std::time::Instant;

use placet_probe::{Origin, Request, look};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::tricks;
use crate::lines::{Batch, Input};
use crate::{Error, Outcome, Screen};

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    tool: String,
    output: Value,
    #[serde(default)]
    user_messages: Vec<String>,
}

#[derive(Serialize)]
struct Answer {
    id: Value,
    finding: &'static str,
    score: f32,
    tricks: Vec<&'static str>,
    micros: u64,
}

#[derive(Serialize)]
struct Broken {
    line: u64,
    error: String,
}

/// Answers every line.
pub(super) fn answer(input: &mut Input, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Fine;
    let mut before = 0_u64;
    loop {
        let batch = Batch::read(input, before)?;
        if batch.lines.is_empty() {
            return Ok(outcome);
        }
        before = before.saturating_add(batch.lines.len() as u64);
        for (line, number) in batch.lines.iter().zip(batch.first..) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let text = match serde_json::from_slice::<Line>(line) {
                Ok(line) => json(&found(line)),
                Err(error) => {
                    outcome = Outcome::Found;
                    let error = error.to_string();
                    json(&Broken { line: number, error })
                }
            };
            screen.line(text)?;
        }
        if batch.drained {
            screen.flush()?;
        }
    }
}

fn found(line: Line) -> Answer {
    let text = words(&line.output);
    let begun = Instant::now();
    let request = Request::new(&line.user_messages);
    let finding = look(&text, Origin::of_tool(&line.tool), &request);
    Answer {
        id: line.id,
        finding: finding.level.name(),
        score: finding.score,
        tricks: tricks(&finding),
        micros: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
    }
}

/// The output as one text; of an object, every string in it.
fn words(output: &Value) -> String {
    match output {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join("\n"),
        Value::Object(fields) => fields.values().map(words).collect::<Vec<_>>().join("\n"),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => output.to_string(),
    }
}

fn json(value: &impl Serialize) -> String {
    // Strings and numbers always have a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}
