//! What Claude Code is told after a tool was used. Context is added beside the result; where the result is to be withheld,
//! it is replaced, and the client is told so as well.

use placet_model::{Event, EventKind, Notice, ToolInput};
use serde_json::{Map, Value};

use crate::Reply;

/// Tells it. Context can be added to a tool's result, or its failure, and to nothing else.
pub(super) fn tell(event: &Event, notice: &Notice) -> Reply {
    let EventKind::AfterTool { call, succeeded, .. } = &event.kind else {
        return Reply::default();
    };
    let name = if *succeeded {
        "PostToolUse"
    } else {
        "PostToolUseFailure"
    };
    let text = || Value::from(notice.text.as_str());
    let mut output = Map::new();
    output.insert("hookEventName".to_owned(), Value::from(name));
    output.insert("additionalContext".to_owned(), text());
    let mut message = Map::new();
    if notice.withhold && *succeeded {
        let field = match &call.input {
            ToolInput::Other { server: Some(_), .. } => "updatedMCPToolOutput",
            ToolInput::Other { server: None, .. }
            | ToolInput::Shell { .. }
            | ToolInput::Read { .. }
            | ToolInput::Write { .. }
            | ToolInput::Edit { .. }
            | ToolInput::Delete { .. }
            | ToolInput::List { .. }
            | ToolInput::Search { .. }
            | ToolInput::Fetch { .. }
            | ToolInput::WebSearch { .. }
            | ToolInput::Spawn { .. }
            | ToolInput::Skill { .. }
            | ToolInput::Internal => "updatedToolOutput",
        };
        output.insert(field.to_owned(), text());
        message.insert("decision".to_owned(), Value::from("block"));
        message.insert("reason".to_owned(), text());
    }
    message.insert("hookSpecificOutput".to_owned(), Value::Object(output));
    Reply {
        stdout: format!("{}\n", Value::Object(message)),
        stderr: String::new(),
        exit_code: 0,
    }
}
