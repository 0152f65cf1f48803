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

/// The text of the response.
pub(super) fn of(call: &ToolCall, response: Option<&Value>) -> String {
    let mut text = String::new();
    if let (true, Some(response)) = (is_news(&call.input), response) {
        gather(response, &mut text);
    }
    text
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

fn gather(value: &Value, text: &mut String) {
    match value {
        Value::String(words) => {
            if !words.is_empty() {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(words);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, text)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if !ECHOES.contains(&name.as_str()) || field.is_object() || field.is_array() {
                    gather(field, text);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
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
