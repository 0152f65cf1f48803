//! What Claude Code is told after a tool was used. Context is added beside the result. Where the result holds suspicious
//! parts, it is replaced by one of the same shape with marks around them; where it is to be withheld, by one that holds the
//! notice. The client takes no other shape of its own tools' results, and would go on with the first.

use placet_model::{Event, EventKind, Notice, ToolCall, ToolInput};
use serde_json::{Map, Value};

use super::output::{self, Text};
use crate::{Reply, fenced, json};

/// Tells it. Context can be added to a tool's result, or its failure, and to nothing else.
pub(super) fn tell(event: &Event, bytes: &[u8], notice: &Notice) -> Reply {
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
    if *succeeded {
        let response = json::object(bytes)
            .ok()
            .and_then(|mut message| message.remove("tool_response"));
        let field = if is_of_a_server(&call.input) {
            "updatedMCPToolOutput"
        } else {
            "updatedToolOutput"
        };
        if notice.withhold {
            output.insert(field.to_owned(), withheld(call, response, &notice.text));
            message.insert("decision".to_owned(), Value::from("block"));
            message.insert("reason".to_owned(), text());
        } else if let Some(marked) = response.and_then(|response| marked(call, response, notice)) {
            output.insert(field.to_owned(), marked);
        }
    }
    message.insert("hookSpecificOutput".to_owned(), Value::Object(output));
    Reply {
        stdout: format!("{}\n", Value::Object(message)),
        stderr: String::new(),
        exit_code: 0,
    }
}

fn is_of_a_server(input: &ToolInput) -> bool {
    match input {
        ToolInput::Other { server, .. } => server.is_some(),
        ToolInput::Shell { .. }
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
        | ToolInput::Internal => false,
    }
}

/// The result with marks around what the fences enclose; `None` if they enclose no free text of it.
fn marked(call: &ToolCall, mut response: Value, notice: &Notice) -> Option<Value> {
    let mut any = false;
    output::rewrite(call, &mut response, &mut |text: &Text<'_>| {
        let marked = may_change(call, text).then(|| fenced(text.words, text.at, &notice.fences));
        any |= matches!(marked, Some(Some(_)));
        marked.flatten()
    });
    any.then_some(response)
}

/// The result's shape with nothing of its text but the notice. One word alone can say nothing, and may be a part of the shape.
fn withheld(call: &ToolCall, response: Option<Value>, notice: &str) -> Value {
    let Some(mut response) = response else {
        return Value::from(notice);
    };
    let mut said = false;
    output::rewrite(call, &mut response, &mut |text: &Text<'_>| {
        let here = !said && may_change(call, text);
        let is_word = text
            .words
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
        said |= here;
        match (here, is_word && text.words.len() <= 32) {
            (true, _) => Some(notice.to_owned()),
            (false, true) if !may_change(call, text) => None,
            (false, _) => Some(String::new()),
        }
    });
    if said { response } else { Value::from(notice) }
}

/// Whether the client takes any text there. Of another server's result it does everywhere.
fn may_change(call: &ToolCall, text: &Text<'_>) -> bool {
    is_of_a_server(&call.input) || output::FREE.contains(&text.field)
}
