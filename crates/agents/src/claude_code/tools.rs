//! Claude Code's tools in our words. A tool that is not named here is [`ToolInput::Other`], whatever it is called:
//! an unknown tool is never taken for a read.

use placet_model::{Argument, Change, Dialect, ToolInput};
use serde_json::Value;

use super::question;
use crate::ParseProblem;
use crate::fields::Fields;

/// Tools that touch nothing but the agent itself: its lists, its questions to the user, its own jobs and their output.
const INTERNAL: &[&str] = &[
    "AgentOutputTool",
    "AskUserQuestion",
    "BashOutput",
    "CronDelete",
    "CronList",
    "EnterPlanMode",
    "ExitPlanMode",
    "KillBash",
    "KillShell",
    "ListAgents",
    "ReportFindings",
    "ScheduleWakeup",
    "StructuredOutput",
    "TaskCreate",
    "TaskGet",
    "TaskList",
    "TaskOutput",
    "TaskStop",
    "TaskUpdate",
    "TodoRead",
    "TodoWrite",
    "ToolSearch",
];

/// What the tool is asked to do. `server` is the MCP server's name where the client tells it.
pub(super) fn input(tool: &str, fields: Fields<'_>, server: Option<&str>) -> Result<ToolInput, ParseProblem> {
    Ok(match tool {
        "Bash" => shell(fields, Dialect::Bash)?,
        "PowerShell" => shell(fields, Dialect::PowerShell)?,
        "Monitor" if fields.0.contains_key("command") => ToolInput::Shell {
            command: fields.text("command")?.to_owned(),
            dialect: Dialect::Bash,
            background: true,
            unconfined: fields.flag("dangerouslyDisableSandbox")?,
        },
        "Read" => ToolInput::Read {
            path: fields.word("file_path")?.to_owned(),
        },
        "NotebookRead" => ToolInput::Read {
            path: fields.word("notebook_path")?.to_owned(),
        },
        "Write" => ToolInput::Write {
            path: fields.word("file_path")?.to_owned(),
            content: fields.text("content")?.to_owned(),
        },
        "Edit" => ToolInput::Edit {
            path: fields.word("file_path")?.to_owned(),
            changes: vec![change(fields)?],
        },
        "MultiEdit" => ToolInput::Edit {
            path: fields.word("file_path")?.to_owned(),
            changes: fields
                .objects("edits")?
                .into_iter()
                .map(change)
                .collect::<Result<_, _>>()?,
        },
        "NotebookEdit" => ToolInput::Edit {
            path: fields.word("notebook_path")?.to_owned(),
            changes: vec![Change {
                old: String::new(),
                new: fields.optional_text("new_source")?.unwrap_or_default().to_owned(),
                all: false,
            }],
        },
        "Glob" => ToolInput::List {
            path: fields.optional_text("path")?.map(str::to_owned),
            pattern: Some(fields.text("pattern")?.to_owned()),
        },
        "LS" => ToolInput::List {
            path: Some(fields.word("path")?.to_owned()),
            pattern: None,
        },
        "Grep" => ToolInput::Search {
            path: fields.optional_text("path")?.map(str::to_owned),
            filter: fields.optional_text("glob")?.map(str::to_owned),
        },
        // Symbols and references through a language server: it looks into files, it changes none.
        "LSP" => ToolInput::Search {
            path: fields.optional_text("filePath")?.map(str::to_owned),
            filter: None,
        },
        "WebFetch" => ToolInput::Fetch {
            url: fields.word("url")?.to_owned(),
        },
        "WebSearch" => ToolInput::WebSearch {
            query: fields.text("query")?.to_owned(),
        },
        "Task" | "Agent" => ToolInput::Spawn {
            prompt: fields.text("prompt")?.to_owned(),
            agent: fields.optional_text("subagent_type")?.map(str::to_owned),
            unchecked: ["mode", "permission_mode", "permissionMode"]
                .iter()
                .any(|name| fields.0.get(*name).is_some_and(|mode| mode == "bypassPermissions")),
        },
        "Skill" => ToolInput::Skill {
            name: match fields.optional_text("skill")? {
                Some(name) => name.to_owned(),
                None => fields.text("command")?.to_owned(),
            },
        },
        "SlashCommand" => ToolInput::Skill {
            name: fields.text("command")?.to_owned(),
        },
        // A job of this session only; one that outlives it is more than bookkeeping.
        "CronCreate" if !fields.flag("durable")? => ToolInput::Internal,
        question::TOOL if question::is_answered(fields) => other(question::TOOL, fields, server),
        name if INTERNAL.contains(&name) => ToolInput::Internal,
        name => other(name, fields, server),
    })
}

fn shell(fields: Fields<'_>, dialect: Dialect) -> Result<ToolInput, ParseProblem> {
    Ok(ToolInput::Shell {
        command: fields.text("command")?.to_owned(),
        dialect,
        background: fields.flag("run_in_background")?,
        unconfined: fields.flag("dangerouslyDisableSandbox")?,
    })
}

fn change(fields: Fields<'_>) -> Result<Change, ParseProblem> {
    Ok(Change {
        old: fields.text("old_string")?.to_owned(),
        new: fields.text("new_string")?.to_owned(),
        all: fields.flag("replace_all")?,
    })
}

fn other(tool: &str, fields: Fields<'_>, server: Option<&str>) -> ToolInput {
    let mut arguments = Vec::new();
    for (name, value) in fields.0 {
        flatten(&nested("", name), value, &mut arguments);
    }
    let (server, name) = match tool.strip_prefix("mcp__").and_then(|rest| split_server(rest, server)) {
        Some((server, name)) => (Some(server.to_owned()), name.to_owned()),
        None => (None, tool.to_owned()),
    };
    ToolInput::Other {
        server,
        name,
        arguments,
    }
}

/// `server__tool`: names of servers may themselves hold `__`, so the name that the client tells comes first.
fn split_server<'a>(rest: &'a str, told: Option<&str>) -> Option<(&'a str, &'a str)> {
    let by_name = told.and_then(|told| {
        let normal: String = told
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let tool = rest.strip_prefix(normal.as_str())?.strip_prefix("__")?;
        Some((rest.get(..normal.len())?, tool))
    });
    by_name
        .or_else(|| rest.split_once("__"))
        .filter(|(server, tool)| !server.is_empty() && !tool.is_empty())
}

pub(crate) fn flatten(name: &str, value: &Value, into: &mut Vec<Argument>) {
    let text = match value {
        Value::Null => return,
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&nested(name, &index.to_string()), item, into);
            }
            return;
        }
        Value::Object(map) => {
            for (key, item) in map {
                flatten(&nested(name, key), item, into);
            }
            return;
        }
    };
    into.push(Argument {
        name: name.to_owned(),
        value: text,
    });
}

/// The keys joined by `.`. Names are for people, so they are bounded: else one long key over many values would cost
/// far more than the message itself.
fn nested(name: &str, key: &str) -> String {
    const MAX_NAME: usize = 200;
    let separator = if name.is_empty() { "" } else { "." };
    name.chars()
        .chain(separator.chars())
        .chain(key.chars())
        .take(MAX_NAME)
        .collect()
}
