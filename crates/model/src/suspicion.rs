//! What a text that the agent read asked it to do, where that was found suspicious. It can only tighten: nothing that such
//! a text says is ever a reason to allow.

/// What one text asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspicion {
    /// Where the text came from: an address, a path, a command, a tool's name.
    pub source: String,
    /// What that is.
    pub kind: TextKind,
    /// Calls of the session since then, run or denied.
    pub steps: u32,
    /// How sure the probe was, by its name.
    pub level: String,
    /// Commands, as written.
    pub commands: Vec<String>,
    /// Hosts of addresses.
    pub hosts: Vec<String>,
    /// Mail addresses and account numbers.
    pub addresses: Vec<String>,
    /// Paths.
    pub paths: Vec<String>,
    /// Paths and variables that hold secrets.
    pub secrets: Vec<String>,
}

/// What kind of thing a text was a part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// A page of the web.
    Page,
    /// A file.
    File,
    /// What a command wrote.
    Command,
    /// The answer of another server's tool.
    Server,
    /// Results of a search of the web.
    Search,
    /// What another agent said.
    Agent,
    /// The answer of some other tool.
    #[default]
    Tool,
}

impl TextKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Page,
        Self::File,
        Self::Command,
        Self::Server,
        Self::Search,
        Self::Agent,
        Self::Tool,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::File => "file",
            Self::Command => "command",
            Self::Server => "server",
            Self::Search => "search",
            Self::Agent => "agent",
            Self::Tool => "tool",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// What another model thinks of a suspicious text: whether it tries to steer its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steers {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It can't be told.
    Unsure,
}

impl Steers {
    /// The word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unsure => "unsure",
        }
    }

    /// The opinion with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Yes, Self::No, Self::Unsure]
            .into_iter()
            .find(|one| one.name() == name)
    }
}
