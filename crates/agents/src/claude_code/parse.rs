//! What a Claude Code hook reads from standard input, as an [`Event`]. Nothing is resolved or judged here.

use placet_model::{ChangeKind, Event, EventKind, FileChange, Mode, ToolCall, ToolInput};
use serde_json::{Map, Value};

use super::{NAME, output, question, tools};
use crate::fields::Fields;
use crate::{ParseError, ParseProblem, json};

/// Events that ask for no decision and tell nothing that is kept.
const SILENT: &[&str] = &[
    "ConfigChange",
    "CwdChanged",
    "DirectoryAdded",
    "Elicitation",
    "ElicitationResult",
    "FileChanged",
    "InstructionsLoaded",
    "MessageDisplay",
    "Notification",
    "PostCompact",
    "PostToolBatch",
    "PreCompact",
    "Setup",
    "Stop",
    "StopFailure",
    "TaskCompleted",
    "TaskCreated",
    "TeammateIdle",
    "UserPromptExpansion",
    "WorktreeCreate",
    "WorktreeRemove",
];

/// Reads one message.
pub(super) fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = json::object(bytes)?;
    event(&message).map_err(|problem| ParseError {
        problem,
        event: message
            .get("hook_event_name")
            .and_then(Value::as_str)
            .map(str::to_owned),
    })
}

fn event(message: &Map<String, Value>) -> Result<Event, ParseProblem> {
    let fields = Fields(message);
    let name = fields.text("hook_event_name")?;
    let kind = match name {
        "PreToolUse" => EventKind::BeforeTool(call(fields)?),
        "PermissionRequest" => EventKind::PermissionAsked(call(fields)?),
        "PermissionDenied" => EventKind::PermissionDenied {
            call: call(fields)?,
            reason: fields.optional_text("reason")?.unwrap_or_default().to_owned(),
        },
        "PostToolUse" => {
            let call = call(fields)?;
            let response = message.get("tool_response");
            if call.tool == question::TOOL
                && let Some(words) = question::said(fields, response)
            {
                return event_of(fields, EventKind::UserMessage(words));
            }
            let changed = changed(&call, response);
            let output = output::of(&call, response);
            EventKind::AfterTool {
                call,
                succeeded: true,
                changed,
                output,
            }
        }
        "PostToolUseFailure" => EventKind::AfterTool {
            call: call(fields)?,
            succeeded: false,
            changed: Vec::new(),
            output: fields.optional_text("error")?.unwrap_or_default().to_owned(),
        },
        "UserPromptSubmit" => prompt(fields.text("prompt")?),
        "SessionStart" => EventKind::SessionStart,
        "SessionEnd" => EventKind::SessionEnd,
        "SubagentStart" => EventKind::SubagentStart,
        "SubagentStop" => EventKind::SubagentStop,
        name if SILENT.contains(&name) => EventKind::Other(name.to_owned()),
        name => return Err(ParseProblem::UnknownEvent(name.to_owned())),
    };
    event_of(fields, kind)
}

fn event_of(fields: Fields<'_>, kind: EventKind) -> Result<Event, ParseProblem> {
    Ok(Event {
        agent: NAME,
        session: fields.word("session_id")?.to_owned(),
        cwd: fields.word("cwd")?.to_owned(),
        // A mode of a later version counts as the one that asks.
        mode: fields
            .optional_text("permission_mode")?
            .map(|mode| Mode::from_name(mode).unwrap_or(Mode::Default)),
        subagent: fields.optional_text("agent_id")?.map(str::to_owned),
        kind,
    })
}

fn call(fields: Fields<'_>) -> Result<ToolCall, ParseProblem> {
    let tool = fields.word("tool_name")?;
    let server = match fields.0.get("mcp_server") {
        None | Some(Value::Null) => None,
        Some(_) => fields.object("mcp_server")?.optional_text("name")?,
    };
    Ok(ToolCall {
        id: fields.optional_text("tool_use_id")?.unwrap_or_default().to_owned(),
        tool: tool.to_owned(),
        input: tools::input(tool, fields.object("tool_input")?, server)?,
    })
}

/// What a person typed. A finished job's notice comes the same way, but nobody said it.
fn prompt(text: &str) -> EventKind {
    if text.trim_start().starts_with("<task-notification") {
        return EventKind::Other("UserPromptSubmit".to_owned());
    }
    EventKind::UserMessage(text.to_owned())
}

/// The files that the client says were changed. Its report is a help, so what is not as expected is left out.
fn changed(call: &ToolCall, response: Option<&Value>) -> Vec<FileChange> {
    let Some(response) = response.and_then(Value::as_object) else {
        return Vec::new();
    };
    match &call.input {
        ToolInput::Write { path, .. } | ToolInput::Edit { path, .. } => {
            let created = response.get("type").is_some_and(|kind| kind == "create")
                && response.get("originalFile").is_some_and(Value::is_null);
            let kind = if created {
                ChangeKind::Created
            } else {
                ChangeKind::Modified
            };
            vec![FileChange {
                path: path.clone(),
                kind,
            }]
        }
        ToolInput::Shell { .. } => response.get("bashEditDiff").map(changed_by_shell).unwrap_or_default(),
        ToolInput::Read { .. }
        | ToolInput::Delete { .. }
        | ToolInput::List { .. }
        | ToolInput::Search { .. }
        | ToolInput::Fetch { .. }
        | ToolInput::WebSearch { .. }
        | ToolInput::Spawn { .. }
        | ToolInput::Skill { .. }
        | ToolInput::Other { .. }
        | ToolInput::Internal => Vec::new(),
    }
}

fn changed_by_shell(diff: &Value) -> Vec<FileChange> {
    let list = |name: &str| {
        diff.get(name)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let mut changes: Vec<FileChange> = Vec::new();
    for file in list("files") {
        let Some(path) = file.get("filePath").and_then(Value::as_str) else {
            continue;
        };
        let is = |flag: &str| file.get(flag).is_some_and(|value| value == true);
        let kind = match (is("created"), is("deleted")) {
            (true, false) => ChangeKind::Created,
            (_, true) => ChangeKind::Deleted,
            (false, false) => ChangeKind::Modified,
        };
        changes.push(FileChange {
            path: path.to_owned(),
            kind,
        });
    }
    for path in list("changedFiles").iter().filter_map(Value::as_str) {
        if !changes.iter().any(|change| change.path == path) {
            changes.push(FileChange {
                path: path.to_owned(),
                kind: ChangeKind::Modified,
            });
        }
    }
    changes
}
