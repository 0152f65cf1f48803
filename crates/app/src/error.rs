//! What can go wrong at the command line, what to do about it, and the exit codes. Not what goes wrong in a decision: that is a value there.

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use placet_engine::Failure;

use crate::install::InstallError;

/// How a command ended. These are the exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 0: done, nothing to complain about.
    Fine,
    /// 1: something was found: a denial, a failing check, a broken log.
    Found,
    /// 2: it was typed wrong, or the input can't be read.
    BadInput,
    /// How a session ended, where it did not finish; `placet session --help` lists them.
    Ended(u8),
}

impl Outcome {
    /// The exit code.
    #[must_use]
    pub fn exit(self) -> ExitCode {
        match self {
            Self::Fine => ExitCode::SUCCESS,
            Self::Found => ExitCode::from(1),
            Self::BadInput => ExitCode::from(2),
            Self::Ended(code) => ExitCode::from(code),
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Error {
    /// The audit log.
    Audit(placet_audit::Error),
    /// A file that can't be read or written.
    File {
        /// What was tried: `read`, `write`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Policy, trust or places.
    Failure(Failure),
    /// What was given can't be understood.
    Input {
        /// What is wrong.
        what: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// An agent's settings.
    Install(InstallError),
    /// Placet's own session.
    Session(placet_session::Error),
    /// Standard output.
    Output(io::Error),
}

impl Error {
    /// Something given can't be understood, and what to do about it.
    #[must_use]
    pub fn input(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Input {
            what: what.into(),
            help: Some(help.into()),
        }
    }

    /// For `map_err` where a file is read or written.
    pub fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { doing, path, source }
    }

    /// Whoever read the output has gone away, as `head` does.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Audit(error) => error.help().map(str::to_owned),
            Self::Install(error) => Some(error.help().to_owned()),
            Self::Input { help, .. } => help.clone(),
            Self::Failure(Failure::UnreadablePolicy(_)) => {
                Some("mend or remove the file; `placet policy lint` shows what is wrong".to_owned())
            }
            Self::Session(error) => error.help().map(str::to_owned),
            Self::File { .. } | Self::Failure(_) | Self::Output(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audit(error) => error.fmt(out),
            Self::File { doing, path, source } => write!(out, "can't {doing} `{}`: {source}", path.display()),
            Self::Failure(failure) => out.write_str(&failure.reason()),
            Self::Input { what, .. } => out.write_str(what),
            Self::Install(error) => error.fmt(out),
            Self::Session(error) => error.fmt(out),
            Self::Output(error) => write!(out, "can't write the output: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<placet_audit::Error> for Error {
    fn from(error: placet_audit::Error) -> Self {
        Self::Audit(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<placet_session::Error> for Error {
    fn from(error: placet_session::Error) -> Self {
        match error {
            placet_session::Error::Output(error) => Self::Output(error),
            other @ (placet_session::Error::Input { .. }
            | placet_session::Error::File { .. }
            | placet_session::Error::InUse(_)
            | placet_session::Error::Failure(_)) => Self::Session(other),
        }
    }
}

impl From<InstallError> for Error {
    fn from(error: InstallError) -> Self {
        Self::Install(error)
    }
}
