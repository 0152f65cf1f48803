//! The words of an analysis: operations, texts that may be partly unknown, and what data an operation carries.
//! They say what code does, not whether it may.

use std::fmt;

/// What a piece of code would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis {
    /// What it does, in the order found, each once.
    pub operations: Vec<Operation>,
    /// False when a part could not be read or the analysis ran out of its bounds. Then anything may happen besides.
    pub complete: bool,
}

impl Analysis {
    /// Nothing is known.
    pub(crate) fn not_understood() -> Self {
        Self::default()
    }

    /// Whether a part of the behaviour is only decided when the code runs.
    pub fn is_opaque(&self) -> bool {
        !self.complete || self.operations.iter().any(|o| matches!(o.what, What::Dynamic(_)))
    }
}

/// One thing the code does.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The thing.
    pub what: What,
    /// Byte range in the source. For code inside a string (`exec("…")`) it is the range of the call.
    pub span: (u32, u32),
    /// Where the data that it handles may have come from.
    pub carries: Carries,
}

/// Where data may have come from. Empty means: from the code's own text, its input or its own computing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Carries {
    /// Content of these files.
    pub files: Vec<Text>,
    /// Values of these environment variables; unknown means any of them.
    pub environment: Vec<Text>,
    /// What these addresses answered.
    pub network: Vec<Text>,
}

impl Carries {
    /// Nothing from outside the code.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.environment.is_empty() && self.network.is_empty()
    }
}

/// A text as far as it is known. `~` at the start of a path means the home directory, `.` the working directory.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Text {
    /// Exactly this.
    Known(String),
    /// Begins with this; the rest is unknown, and may be `..` or contain it.
    Prefix(String),
    /// Could be anything.
    Unknown,
}

/// What an operation is. Texts are paths unless said otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Change permissions.
    ChangeMode(Text),
    /// Change owner or group.
    ChangeOwner(Text),
    /// Copy a file or a tree.
    Copy {
        /// What is copied.
        from: Text,
        /// Where to.
        to: Text,
    },
    /// Create a directory.
    CreateDirectory(Text),
    /// Run a statement on a database.
    Database {
        /// The statement.
        statement: Text,
        /// The file that is the database, where it is one; `:memory:` for none.
        file: Option<Text>,
    },
    /// Delete a file, a link or an empty directory.
    DeleteFile(Text),
    /// Delete a directory with everything in it.
    DeleteTree(Text),
    /// Something that only the run decides: reflection by computed name, code made of data, native calls. The reason.
    Dynamic(&'static str),
    /// Ask an address for something; a URL or a host.
    Fetch(Text),
    /// Import a module that is neither the language's own nor a known public one; its name or path as written.
    ImportLocal(Text),
    /// Make a link.
    Link {
        /// What it points to.
        target: Text,
        /// Where the link is.
        link: Text,
    },
    /// List names in a directory.
    ListDirectory(Text),
    /// Accept connections.
    Listen,
    /// Move or rename.
    Move {
        /// From here.
        from: Text,
        /// To here.
        to: Text,
    },
    /// Print data from outside the code; see what it carries.
    Print,
    /// Read an environment variable; its name, unknown for all of them.
    ReadEnvironment(Text),
    /// Read a file's content.
    ReadFile(Text),
    /// Run code given as text. Where the text is known, what it does is listed too.
    RunCode(Text),
    /// Run a program. An unknown element stands for any number of arguments.
    RunProgram {
        /// Program and arguments.
        argv: Vec<Text>,
        /// The directory it runs in, if it is not the code's own.
        directory: Option<Text>,
    },
    /// Run a command line of the system's shell.
    RunShell {
        /// The command line.
        command: Text,
        /// The directory it runs in, if it is not the code's own.
        directory: Option<Text>,
    },
    /// Give data to an address; what it carries is in [`Operation::carries`].
    Send {
        /// A URL or a host.
        to: Text,
        /// The data as far as known.
        what: Vec<Text>,
    },
    /// Set an environment variable, for this process and those it starts.
    SetEnvironment {
        /// Its name.
        name: Text,
        /// Its value.
        value: Text,
    },
    /// Send a signal to processes; the id, unknown for any.
    Signal {
        /// Process id.
        pid: Text,
    },
    /// Write a file, or create or empty it.
    WriteFile {
        /// Which.
        path: Text,
        /// What, as far as known.
        content: Text,
        /// Whether it is put after what is there.
        append: bool,
    },
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Known(text) => write!(f, "`{text}`"),
            Text::Prefix(text) => write!(f, "`{text}`…"),
            Text::Unknown => write!(f, "?"),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::ChangeMode(path) => write!(f, "change-mode {path}"),
            What::ChangeOwner(path) => write!(f, "change-owner {path}"),
            What::Copy { from, to } => write!(f, "copy {from} to {to}"),
            What::CreateDirectory(path) => write!(f, "create-directory {path}"),
            What::Database { statement, .. } => write!(f, "database {statement}"),
            What::DeleteFile(path) => write!(f, "delete-file {path}"),
            What::DeleteTree(path) => write!(f, "delete-tree {path}"),
            What::Dynamic(reason) => write!(f, "dynamic: {reason}"),
            What::Fetch(address) => write!(f, "fetch {address}"),
            What::ImportLocal(module) => write!(f, "import {module}"),
            What::Link { target, link } => write!(f, "link {link} to {target}"),
            What::ListDirectory(path) => write!(f, "list {path}"),
            What::Listen => write!(f, "listen"),
            What::Move { from, to } => write!(f, "move {from} to {to}"),
            What::Print => write!(f, "print"),
            What::ReadEnvironment(name) => write!(f, "read-environment {name}"),
            What::ReadFile(path) => write!(f, "read-file {path}"),
            What::RunCode(code) => write!(f, "run-code {code}"),
            What::RunProgram { argv, directory } => {
                write!(f, "run-program")?;
                argv.iter().try_for_each(|word| write!(f, " {word}"))?;
                directory.iter().try_for_each(|d| write!(f, " in {d}"))
            }
            What::RunShell { command, directory } => {
                write!(f, "run-shell {command}")?;
                directory.iter().try_for_each(|d| write!(f, " in {d}"))
            }
            What::Send { to, what } => {
                write!(f, "send {to}")?;
                what.iter().try_for_each(|data| write!(f, " {data}"))
            }
            What::SetEnvironment { name, value } => write!(f, "set-environment {name} to {value}"),
            What::Signal { pid } => write!(f, "signal {pid}"),
            What::WriteFile { path, content, append } => {
                write!(
                    f,
                    "{} {path} {content}",
                    if *append { "append-file" } else { "write-file" }
                )
            }
        }
    }
}
