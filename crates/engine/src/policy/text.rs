//! Policy texts as they come in, and positions in them. Reading files is somebody else's work.

use core::fmt;

/// One policy file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText {
    /// The file's absolute path, for messages and for patterns relative to it.
    pub origin: String,
    /// Whose it is.
    pub scope: Scope,
    /// How it is written.
    pub format: Format,
    /// What it says.
    pub text: String,
    /// The user trusts this content. It matters for project and local files only.
    pub trusted: bool,
}

/// One ignore file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreText {
    /// The file's absolute path, for messages.
    pub origin: String,
    /// The directory that its patterns are relative to, without a slash at the end.
    pub root: String,
    /// What it says.
    pub text: String,
}

/// Whose a policy is. The order is precedence: later beats earlier for single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Comes with Placet.
    Shipped,
    /// The user's own.
    User,
    /// The project's, shared with everybody who works on it.
    Project,
    /// The user's own for this project.
    Local,
    /// Given on the command line.
    CommandLine,
    /// The administrator's.
    Managed,
}

impl Scope {
    /// The word used in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::User => "user",
            Self::Project => "project",
            Self::Local => "local",
            Self::CommandLine => "command-line",
            Self::Managed => "managed",
        }
    }

    /// Whether such a file can come with a repository, so that what loosens in it needs the user's trust.
    pub(crate) fn comes_with_the_project(self) -> bool {
        match self {
            Self::Project | Self::Local => true,
            Self::Shipped | Self::User | Self::CommandLine | Self::Managed => false,
        }
    }
}

/// How a policy is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `policy.toml` and `managed.toml`.
    PlacetToml,
    /// `settings.json` of Claude Code: only what is about permissions is read.
    ClaudeSettings,
    /// `.claude/policy.json`.
    ClaudePolicy,
}

/// Where something stands: a file, a line and a column, both from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Where the lines of a text begin, so that many positions are found without reading it again.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'a> {
    file: &'a str,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a PolicyText) -> Self {
        let bytes = text.text.bytes().enumerate();
        let after_newlines = bytes
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at.saturating_add(1));
        let mut starts = Vec::with_capacity(text.text.len().div_ceil(16));
        starts.push(0);
        starts.extend(after_newlines);
        Self {
            file: &text.origin,
            text: &text.text,
            starts,
        }
    }

    /// The position of a byte of the text.
    pub(crate) fn position(&self, at: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let mut end = at.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        let column = self
            .text
            .get(start..end)
            .unwrap_or_default()
            .chars()
            .count()
            .saturating_add(1);
        Position {
            file: self.file.to_owned(),
            line,
            column,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What is wrong, or worth knowing, about a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave.
    pub severity: Severity,
    /// Its id, kebab-case.
    pub id: &'static str,
    /// Where.
    pub at: Position,
    /// What.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Works, but perhaps not as meant.
    Warning,
    /// Can't be read as it stands; what it allows does not count.
    Error,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(out, "{}: {severity}[{}]: {}", self.at, self.id, self.message)?;
        match &self.help {
            Some(help) => write!(out, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}
