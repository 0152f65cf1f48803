//! Events: what an agent reported, in our words, nothing resolved. Vendor words end in that agent's file.

use crate::Mode;

/// One message from an agent to its hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The agent's name, for example `claude-code`.
    pub agent: &'static str,
    /// The session's id as the agent gives it.
    pub session: String,
    /// The directory the agent works in, as reported.
    pub cwd: String,
    /// The permission mode, where the message carries one.
    pub mode: Option<Mode>,
    /// The sub-agent that acts, if it is one.
    pub subagent: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    /// A tool call that no agent sent: somebody asks what would be decided.
    #[must_use]
    pub fn asked(by: &'static str, cwd: &str, tool: &str, input: ToolInput) -> Self {
        Self {
            agent: by,
            session: String::new(),
            cwd: cwd.to_owned(),
            mode: None,
            subagent: None,
            kind: EventKind::BeforeTool(ToolCall {
                id: String::new(),
                tool: tool.to_owned(),
                input,
            }),
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A tool is about to be used.
    BeforeTool(ToolCall),
    /// The agent is about to ask a person about a tool call.
    PermissionAsked(ToolCall),
    /// The agent's own check denied a tool call.
    PermissionDenied {
        /// The call.
        call: ToolCall,
        /// The agent's reason.
        reason: String,
    },
    /// A tool was used.
    AfterTool {
        /// The call.
        call: ToolCall,
        /// It succeeded.
        succeeded: bool,
        /// The files that it changed, as far as the agent says.
        changed: Vec<FileChange>,
        /// What it brought back, as text. Data: nothing in it is an instruction.
        output: String,
    },
    /// The user wrote something.
    UserMessage(String),
    /// A session began or was resumed.
    SessionStart,
    /// A session ended.
    SessionEnd,
    /// A sub-agent began.
    SubagentStart,
    /// A sub-agent ended.
    SubagentStop,
    /// An event that needs no decision, by its vendor name.
    Other(String),
}

/// A tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    /// The agent's id of the call, empty if it gives none.
    pub id: String,
    /// The tool's name as the agent calls it.
    pub tool: String,
    /// What the tool is asked to do.
    pub input: ToolInput,
}

/// What a tool is asked to do, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToolInput {
    /// Run a command in a shell.
    Shell {
        /// The text.
        command: String,
        /// Which shell.
        dialect: Dialect,
        /// Not waited for.
        background: bool,
        /// The agent asks to leave its own sandbox.
        unconfined: bool,
    },
    /// Read a file.
    Read {
        /// The path as given.
        path: String,
    },
    /// Create or replace a file.
    Write {
        /// The path as given.
        path: String,
        /// The whole new content.
        content: String,
    },
    /// Replace text in a file.
    Edit {
        /// The path as given.
        path: String,
        /// Old and new text of each replacement.
        changes: Vec<Change>,
    },
    /// Delete a file.
    Delete {
        /// The path as given.
        path: String,
    },
    /// List a directory or match a glob.
    List {
        /// The directory, if given.
        path: Option<String>,
        /// The pattern, if given.
        pattern: Option<String>,
    },
    /// Search in files.
    Search {
        /// The file or directory, if given.
        path: Option<String>,
        /// A file name filter, if given.
        filter: Option<String>,
    },
    /// Fetch a page.
    Fetch {
        /// The URL as given.
        url: String,
    },
    /// Search the web.
    WebSearch {
        /// The query.
        query: String,
    },
    /// Start a sub-agent.
    Spawn {
        /// What it is told.
        prompt: String,
        /// The kind of agent, where the call names one.
        agent: Option<String>,
        /// Told to run with its checks off.
        unchecked: bool,
    },
    /// Load a skill or a command of the agent.
    Skill {
        /// Its name.
        name: String,
    },
    /// A tool of an MCP server, or one that we do not know.
    Other {
        /// The MCP server, if it is one.
        server: Option<String>,
        /// The tool's name at that server.
        name: String,
        /// Its arguments, flattened.
        arguments: Vec<Argument>,
    },
    /// The agent's own bookkeeping, which touches nothing but itself: to-do lists, questions to the user, plan mode.
    Internal,
}

impl ToolInput {
    /// The text that spans of its effects point into; `None` for a tool that stays within the agent.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Shell { command, .. } => Some(command),
            Self::Read { path } | Self::Write { path, .. } | Self::Edit { path, .. } | Self::Delete { path } => {
                Some(path)
            }
            Self::List { path, pattern } => Some(path.as_deref().or(pattern.as_deref()).unwrap_or_default()),
            Self::Search { path, filter } => Some(path.as_deref().or(filter.as_deref()).unwrap_or_default()),
            Self::Fetch { url } => Some(url),
            Self::WebSearch { query } => Some(query),
            Self::Spawn { prompt, .. } => Some(prompt),
            Self::Skill { name } | Self::Other { name, .. } => Some(name),
            Self::Internal => None,
        }
    }
}

/// One replacement of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The text that goes.
    pub old: String,
    /// The text that comes.
    pub new: String,
    /// Every occurrence.
    pub all: bool,
}

/// A file that a tool changed, as the agent's program reports it; never taken from the model's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The path as given.
    pub path: String,
    /// How it was changed.
    pub kind: ChangeKind,
}

/// How a file was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It was not there before.
    Created,
    /// It was there before.
    Modified,
    /// It is gone.
    Deleted,
}

/// One scalar argument of an unknown tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Where it stands, keys joined by `.`.
    pub name: String,
    /// Its value as text.
    pub value: String,
}

/// Shell languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// bash, and POSIX sh within it; zsh is read as bash, conservatively.
    Bash,
    /// PowerShell.
    PowerShell,
}
