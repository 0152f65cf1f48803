//! What can keep a session from starting or going on. What goes wrong in a tool is a result for the model, not one of these.

use core::fmt;
use std::path::PathBuf;

use placet_engine::Failure;

/// Why the session can't start or go on.
#[derive(Debug)]
pub enum Error {
    /// Something given can't be understood.
    Input {
        /// What is wrong.
        what: String,
        /// What to do about it.
        help: &'static str,
    },
    /// A file of the session.
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The session is open in another process.
    InUse(String),
    /// Places, policy or memory.
    Failure(Failure),
    /// Standard output.
    Output(std::io::Error),
}

impl Error {
    /// For `map_err` where a file is used.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { path, source }
    }

    pub(crate) fn input(what: impl Into<String>, help: &'static str) -> Self {
        Self::Input {
            what: what.into(),
            help,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Input { help, .. } => Some(help),
            Self::InUse(_) => Some("end the other one, or start a new session"),
            Self::File { .. } | Self::Failure(_) | Self::Output(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input { what, .. } => out.write_str(what),
            Self::File { path, source } => write!(out, "can't use `{}`: {source}", path.display()),
            Self::InUse(id) => write!(out, "session `{id}` is open in another process"),
            Self::Failure(failure) => out.write_str(&failure.reason()),
            Self::Output(source) => write!(out, "can't write the output: {source}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}
