//! What can go wrong with the log. Not what can be wrong *in* it: those are the findings of `verify`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the log could not be written or read.
#[derive(Debug)]
pub enum Error {
    /// Another process held the log for too long.
    Busy {
        /// The lock file.
        path: PathBuf,
        /// How long this one waited.
        millis: u64,
    },
    /// The system refused.
    Io {
        /// What was tried, as a verb: `open`, `write` …
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is no record.
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A time could not be read.
    Time {
        /// What was given.
        text: String,
    },
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Busy { .. } => Some("another process holds the log: wait for it, or end it if it hangs"),
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("make room on the disk; nothing that was recorded before is lost")
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("the log must be writable by the user whom the agent works for")
            }
            Self::Io { .. } => None,
            Self::Line { .. } => Some("`placet audit verify` says what happened to the log"),
            Self::Time { .. } => {
                Some("give a day (`2026-01-31`), a time (`2026-01-31T12:00:00Z`) or an age (`90m`, `24h`, `7d`)")
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { path, millis } => write!(out, "the log's lock `{}` was held for {millis} ms", path.display()),
            Self::Io { doing, path, source } => write!(out, "cannot {doing} `{}`: {source}", path.display()),
            Self::Line { path, line, why } => write!(out, "`{}`, line {line}: {why}", path.display()),
            Self::Time { text } => write!(out, "`{text}` is not a time"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Busy { .. } | Self::Line { .. } | Self::Time { .. } => None,
        }
    }
}
