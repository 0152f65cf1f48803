//! What a tool of Claude Code brought back, as one text. Its shape differs from tool to tool and version to version, so
//! every string counts that could hold words; what the agent itself wrote is no news.

use placet_model::{ToolCall, ToolInput};
use serde_json::Value;

/// Fields that name or repeat what was asked, and hold nothing of the world.
const ECHOES: &[&str] = &[
    "filePath",
    "file_path",
    "type",
    "isImage",
    "base64",
    "data",
    "mimeType",
    "url",
    "tool_use_id",
    "signature",
];

/// Fields of the client's own tools that hold free text. Others are a part of a result's shape, or may be.
pub(super) const FREE: &[&str] = &[
    "",
    "stdout",
    "stderr",
    "content",
    "result",
    "results",
    "text",
    "filenames",
    "title",
    "output",
    "error",
    "source",
];

/// One of a result's texts.
pub(super) struct Text<'a> {
    /// The field that it stands in, or that its list stands in; empty if it stands in none.
    pub(super) field: &'a str,
    /// What it says.
    pub(super) words: &'a str,
    /// Where it stands in the whole, in bytes.
    pub(super) at: usize,
}

/// The text of the response.
pub(super) fn of(call: &ToolCall, response: Option<&Value>) -> String {
    let mut whole = String::new();
    if let (true, Some(response)) = (is_news(&call.input), response) {
        each("", response, &mut |_, words| {
            if !whole.is_empty() {
                whole.push('\n');
            }
            whole.push_str(words);
        });
    }
    whole
}

/// Changes texts of the response, each to what is said for it. They are told in the order and at the places of [`of`].
pub(super) fn rewrite(call: &ToolCall, response: &mut Value, change: &mut dyn FnMut(&Text<'_>) -> Option<String>) {
    let mut length = 0;
    if is_news(&call.input) {
        each_mut("", response, &mut |field, words| {
            let at = if length > 0 { length + 1 } else { 0 };
            length = at + words.len();
            let changed = change(&Text { field, words, at });
            if let Some(changed) = changed {
                *words = changed;
            }
        });
    }
}

fn is_news(input: &ToolInput) -> bool {
    match input {
        ToolInput::Write { .. } | ToolInput::Edit { .. } | ToolInput::Delete { .. } | ToolInput::Internal => false,
        ToolInput::Shell { .. }
        | ToolInput::Read { .. }
        | ToolInput::List { .. }
        | ToolInput::Search { .. }
        | ToolInput::Fetch { .. }
        | ToolInput::WebSearch { .. }
        | ToolInput::Spawn { .. }
        | ToolInput::Skill { .. }
        | ToolInput::Other { .. } => true,
    }
}

fn each(field: &str, value: &Value, tell: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(words) if words.is_empty() => {}
        Value::String(words) => tell(field, words),
        Value::Array(items) => items.iter().for_each(|item| each(field, item, tell)),
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, value)| counts(name, value)) {
                each(name, value, tell);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn each_mut(field: &str, value: &mut Value, tell: &mut dyn FnMut(&str, &mut String)) {
    match value {
        Value::String(words) if words.is_empty() => {}
        Value::String(words) => tell(field, words),
        Value::Array(items) => items.iter_mut().for_each(|item| each_mut(field, item, tell)),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut().filter(|(name, value)| counts(name, value)) {
                each_mut(name, value, tell);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn counts(name: &str, value: &Value) -> bool {
    !ECHOES.contains(&name) || value.is_object() || value.is_array()
}

#[cfg(test)]
mod tests {
    use placet_model::{ToolCall, ToolInput};
    use serde_json::json;

    use super::of;

    fn call(input: ToolInput) -> ToolCall {
        ToolCall {
            id: String::new(),
            tool: "t".to_owned(),
            input,
        }
    }

    #[test]
    fn the_words_of_a_result_are_gathered_and_what_the_agent_wrote_itself_is_not() {
        let read = call(ToolInput::Read { path: "a".to_owned() });
        let response = json!({ "type": "text", "file": { "filePath": "/p/a", "content": "alpha", "numLines": 1 } });
        assert_eq!(of(&read, Some(&response)), "alpha");
        let answer = json!([{ "type": "text", "text": "one" }, { "type": "text", "text": "two" }]);
        let other = call(ToolInput::Skill { name: "s".to_owned() });
        assert_eq!(of(&other, Some(&answer)), "one\ntwo");
        let write = call(ToolInput::Write {
            path: "a".to_owned(),
            content: "beta".to_owned(),
        });
        assert_eq!(of(&write, Some(&json!({ "content": "beta" }))), "");
        assert_eq!(of(&read, None), "");
    }
}
