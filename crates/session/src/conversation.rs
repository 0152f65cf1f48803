//! What is said between person, model and tools. Plain data; how it is stored or sent is somebody else's.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A person wrote it.
    User(String),
    /// The session wrote it in the place of what was cut from an older part.
    Summary(String),
    /// The model's reply.
    Reply(Reply),
    /// What its calls yielded, in their order.
    Results(Vec<ToolResult>),
}

/// What the model answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What it says.
    pub text: String,
    /// The calls it makes.
    pub calls: Vec<ToolCall>,
    /// What it took.
    #[serde(default)]
    pub usage: Usage,
}

/// A call the model makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Its id, unique in the conversation.
    pub id: String,
    /// The tool.
    pub tool: String,
    /// Its arguments.
    pub input: Map<String, Value>,
}

/// What a call yielded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolResult {
    /// The call's id.
    pub call: String,
    /// What the model is told.
    pub text: String,
    /// It did not do what was asked.
    pub failed: bool,
}

/// Tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Of the request.
    pub input: u64,
    /// Of the reply.
    pub output: u64,
}

impl Usage {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
        }
    }

    /// What is left of it without the other.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_sub(other.input),
            output: self.output.saturating_sub(other.output),
        }
    }

    /// All tokens.
    #[must_use]
    pub fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

impl ToolCall {
    /// A text argument.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.input.get(name).and_then(Value::as_str)
    }

    /// What an edit takes out and puts in, as lines behind `-` and `+`; nothing for other tools.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut add = |sign: char, text: &str| lines.extend(text.lines().map(|line| format!("{sign} {line}")));
        match self.tool.as_str() {
            "Write" => add('+', self.text("content").unwrap_or_default()),
            "Edit" => {
                add('-', self.text("old").unwrap_or_default());
                add('+', self.text("new").unwrap_or_default());
            }
            "MultiEdit" => {
                let edits = self.input.get("edits").and_then(Value::as_array);
                for edit in edits.into_iter().flatten() {
                    for (sign, name) in [('-', "old"), ('+', "new")] {
                        add(sign, edit.get(name).and_then(Value::as_str).unwrap_or_default());
                    }
                }
            }
            _ => {}
        }
        lines
    }

    /// The call in one line, for people: the tool and what it is about.
    #[must_use]
    pub fn line(&self) -> String {
        // A tool of a server names its arguments as it likes.
        if self.tool.starts_with("mcp__") {
            let input: String = Value::Object(self.input.clone())
                .to_string()
                .chars()
                .take(200)
                .collect();
            return format!("{} {input}", self.tool);
        }
        let about = ["command", "path", "url", "pattern", "description", "question", "job"]
            .iter()
            .find_map(|name| self.text(name))
            .unwrap_or_default();
        if about.is_empty() {
            self.tool.clone()
        } else {
            format!("{} {about}", self.tool)
        }
    }
}
