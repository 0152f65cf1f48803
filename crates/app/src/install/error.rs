//! Why settings were not changed. In every case nothing was written.

use core::fmt;
use std::path::PathBuf;

/// Why settings were not changed.
#[derive(Debug)]
pub enum InstallError {
    /// No such agent.
    UnknownAgent(String),
    /// The file could not be read.
    Unreadable(PathBuf, std::io::Error),
    /// The file is not the JSON it must be.
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        what: String,
    },
    /// The program's path can't be written into settings.
    ProgramPath(PathBuf),
    /// Somebody else changed the file in the meantime.
    ChangedMeanwhile(PathBuf),
    /// The file could not be written.
    Unwritable(PathBuf, std::io::Error),
}

impl InstallError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::UnknownAgent(_) => "The agents that are known: claude-code.",
            Self::Unreadable(..) => "Check the file's permissions.",
            Self::Malformed { .. } => "Mend the file first; nothing was written.",
            Self::ProgramPath(_) => "Give the absolute path of the installed placet program.",
            Self::ChangedMeanwhile(_) => "Run the command again; nothing was written.",
            Self::Unwritable(..) => "Check the permissions of the file and its directory; the file is unchanged.",
        }
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAgent(name) => write!(out, "unknown agent `{name}`"),
            Self::Unreadable(path, error) => write!(out, "cannot read `{}`: {error}", path.display()),
            Self::Malformed {
                path,
                line,
                column,
                what,
            } => {
                write!(out, "`{}`, line {line}, column {column}: {what}", path.display())
            }
            Self::ProgramPath(path) => write!(out, "`{}` is not an absolute path in UTF-8", path.display()),
            Self::ChangedMeanwhile(path) => write!(out, "`{}` was changed in the meantime", path.display()),
            Self::Unwritable(path, error) => write!(out, "cannot write `{}`: {error}", path.display()),
        }
    }
}

impl core::error::Error for InstallError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unreadable(_, error) | Self::Unwritable(_, error) => Some(error),
            Self::UnknownAgent(_) | Self::Malformed { .. } | Self::ProgramPath(_) | Self::ChangedMeanwhile(_) => None,
        }
    }
}
