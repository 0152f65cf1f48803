//! The labelled tool results, as the trainer and the figures read them. Rows are never written anywhere.

use std::path::Path;

use placet_probe::{Origin, Request};
use serde_json::Value;

/// The sets of tool results.
pub const SETS: &[&str] = &[
    "inj_agentdojo",
    "inj_injecagent",
    "inj_cyberseceval",
    "inj_coding_agent",
    "inj_bipia",
    "sessions_tool_results",
    "benign_lookalike_files",
    "notinject",
    "benign_llmail",
];

/// Licences under which a row may be trained on, exactly as the rows name them.
const PERMISSIVE: &[&str] = &[
    "MIT",
    "MIT (CybersecurityBenchmarks)",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "CC0-1.0",
];

/// One tool result.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its set.
    pub set: &'static str,
    /// Its family: rows of one family are never split.
    pub group: String,
    /// Finer than the set.
    pub category: String,
    /// Its licence.
    pub licence: String,
    /// Where it comes from.
    pub source: String,
    /// The text.
    pub text: String,
    /// The tool that gave it.
    pub tool: String,
    /// What the user said.
    pub messages: Vec<String>,
    /// It holds an injected instruction.
    pub injected: bool,
}

impl Row {
    /// Whether it may be trained on.
    #[must_use]
    pub fn is_permissive(&self) -> bool {
        PERMISSIVE.contains(&self.licence.as_str())
    }

    /// Where its text came from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        placet_probe::Origin::of_tool(&self.tool)
    }

    /// What its user asked for.
    #[must_use]
    pub fn request(&self) -> Request {
        Request::new(&self.messages)
    }
}

/// Reads the sets that are there.
///
/// # Errors
/// A sentence for a person.
pub fn read(data: &Path) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for set in SETS {
        let file = data.join(format!("{set}.jsonl"));
        if !file.is_file() {
            continue;
        }
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let row: Value = serde_json::from_str(line).map_err(|error| format!("{}: {error}", file.display()))?;
            let word = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let injected = match word("label").as_str() {
                "injection" => true,
                "benign" => false,
                _ => continue,
            };
            let messages = row.get("user_messages").and_then(Value::as_array);
            rows.push(Row {
                set,
                group: format!("{set}/{}", word("group")),
                category: word("category"),
                licence: word("licence"),
                source: word("source"),
                text: word("output"),
                tool: word("tool"),
                messages: messages
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                injected,
            });
        }
    }
    Ok(rows)
}
