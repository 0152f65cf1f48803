//! The table of tools: what the model is told of each.

use serde_json::{Value, json};

/// One tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name, as rules know it.
    pub name: String,
    /// What it does.
    pub about: String,
    /// JSON Schema of its arguments.
    pub schema: Value,
    /// It only looks, so several may run side by side.
    pub looks: bool,
}

/// Every tool of the session. A sub-agent has no sub-agents and nobody to ask.
pub(crate) fn all(subagent: bool) -> Vec<Tool> {
    let path = || json!({"type": "string", "description": "absolute, or relative to the working directory"});
    let text = |about: &str| json!({"type": "string", "description": about});
    let whole = |about: &str| json!({"type": "integer", "minimum": 0, "description": about});
    let yes = |about: &str| json!({"type": "boolean", "description": about});
    let mut tools = vec![
        tool(
            "Read",
            "Read a text file, with line numbers. Long files: give `offset` (first line, from 1) and `limit`.",
            &[
                ("path", path()),
                ("offset", whole("first line")),
                ("limit", whole("lines")),
            ],
            &["path"],
            true,
        ),
        tool(
            "Write",
            "Create a file, or replace all of one that was read before.",
            &[("path", path()), ("content", text("all of it"))],
            &["path", "content"],
            false,
        ),
        tool(
            "Edit",
            "Replace a text in a file. `old` must occur exactly once, to the letter, unless `all` is set.",
            &[
                ("path", path()),
                ("old", text("what goes")),
                ("new", text("what comes")),
                ("all", yes("every occurrence")),
            ],
            &["path", "old", "new"],
            false,
        ),
        tool(
            "MultiEdit",
            "Several edits of one file, in order; all of them are made, or none.",
            &[
                ("path", path()),
                (
                    "edits",
                    json!({"type": "array", "items": {"type": "object", "properties": {
                        "old": {"type": "string"}, "new": {"type": "string"}, "all": {"type": "boolean"}},
                        "required": ["old", "new"]}}),
                ),
            ],
            &["path", "edits"],
            false,
        ),
        tool("LS", "List a directory.", &[("path", path())], &[], true),
        tool(
            "Glob",
            "Find files by a pattern such as `src/**/*.rs`. Ignored files are left out.",
            &[("pattern", text("the pattern")), ("path", path())],
            &["pattern"],
            true,
        ),
        tool(
            "Grep",
            "Search files by a regular expression. Ignored files are left out.",
            &[
                ("pattern", text("a regular expression")),
                ("path", path()),
                ("glob", text("only files whose names match, such as `*.py`")),
                ("ignore_case", yes("large and small letters are the same")),
                ("names_only", yes("names of files only")),
                ("context", whole("lines around each match")),
            ],
            &["pattern"],
            true,
        ),
        tool(
            "Bash",
            "Run a command in bash. The working directory lasts from call to call, variables don't. `background` starts \
             it and returns its job.",
            &[
                ("command", text("the command")),
                ("description", text("what it is for, in five words")),
                ("timeout", whole("seconds, at most 600; 120 if not given")),
                ("background", yes("don't wait for it")),
            ],
            &["command"],
            false,
        ),
        tool(
            "JobOutput",
            "What a background job has written since this was last asked, and whether it still runs.",
            &[("job", text("its name"))],
            &["job"],
            false,
        ),
        tool(
            "JobStop",
            "Stop a background job.",
            &[("job", text("its name"))],
            &["job"],
            false,
        ),
        tool(
            "WebFetch",
            "Fetch a page; HTML comes as Markdown.",
            &[("url", text("http or https"))],
            &["url"],
            true,
        ),
        tool(
            "Todo",
            "Write down what is to be done; replaces the list.",
            &[(
                "items",
                json!({"type": "array", "items": {"type": "object", "properties": {
                    "text": {"type": "string"}, "state": {"enum": ["open", "active", "done"]}},
                    "required": ["text", "state"]}}),
            )],
            &["items"],
            false,
        ),
    ];
    if !subagent {
        tools.push(tool(
            "AskUser",
            "Ask the person a question that only they can answer.",
            &[
                ("question", text("the question")),
                ("options", json!({"type": "array", "items": {"type": "string"}})),
            ],
            &["question"],
            false,
        ));
        tools.push(tool(
            "Task",
            "Hand a part of the work to a sub-agent with a conversation of its own; its last words come back.",
            &[
                ("description", text("the part, in five words")),
                ("prompt", text("all that it needs to know")),
            ],
            &["description", "prompt"],
            false,
        ));
    }
    tools
}

fn tool(name: &str, about: &str, properties: &[(&str, Value)], required: &[&str], looks: bool) -> Tool {
    let properties: serde_json::Map<String, Value> = properties
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    Tool {
        name: name.to_owned(),
        about: about.to_owned(),
        schema: json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false}),
        looks,
    }
}
