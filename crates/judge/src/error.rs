//! Why there is no opinion. Typed, explained, and never a reason to allow.

use core::fmt;
use std::time::Duration;

/// What went wrong on the way to an opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The time for both stages is over.
    Deadline {
        /// How long that was, in seconds.
        seconds: u64,
    },
    /// No connection, or it broke.
    Unreachable(String),
    /// Too many requests.
    RateLimited {
        /// How long the service wants to be left alone.
        wait: Option<Duration>,
    },
    /// The service answered with an error of its own.
    Status {
        /// The HTTP status.
        code: u16,
        /// What it said, in short.
        said: String,
    },
    /// The model would not answer.
    Refused,
    /// The answer ends in the middle.
    Truncated,
    /// The answer is not what was asked for.
    Malformed(String),
    /// The key can't be had.
    Key(String),
    /// The judge's settings make no sense.
    Settings(String),
    /// The program that serves as judge failed.
    Program(String),
    /// No answer for this question is at hand, where answers are replayed.
    NotRecorded,
}

impl Error {
    /// Whether another try may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::RateLimited { .. } => true,
            Self::Status { code, .. } => *code >= 500 || *code == 408,
            Self::Deadline { .. }
            | Self::Refused
            | Self::Truncated
            | Self::Malformed(_)
            | Self::Key(_)
            | Self::Settings(_)
            | Self::Program(_)
            | Self::NotRecorded => false,
        }
    }

    /// The kebab-case id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Deadline { .. } => "deadline",
            Self::Unreachable(_) => "unreachable",
            Self::RateLimited { .. } => "rate-limited",
            Self::Status { .. } => "status",
            Self::Refused => "refused",
            Self::Truncated => "truncated",
            Self::Malformed(_) => "malformed",
            Self::Key(_) => "key",
            Self::Settings(_) => "settings",
            Self::Program(_) => "program",
            Self::NotRecorded => "not-recorded",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deadline { seconds } => write!(out, "it did not answer within {seconds} s"),
            Self::Unreachable(why) => write!(out, "it can't be reached: {why}"),
            Self::RateLimited { wait: Some(wait) } => {
                write!(out, "it is asked too often and wants {} s of rest", wait.as_secs())
            }
            Self::RateLimited { wait: None } => out.write_str("it is asked too often"),
            Self::Status { code, said } if said.is_empty() => write!(out, "it answered with status {code}"),
            Self::Status { code, said } => write!(out, "it answered with status {code}: {said}"),
            Self::Refused => out.write_str("the model refused to answer"),
            Self::Truncated => out.write_str("its answer ends in the middle"),
            Self::Malformed(what) => write!(out, "its answer is not what was asked for: {what}"),
            Self::Key(why) => write!(out, "its key can't be had: {why}"),
            Self::Settings(what) => write!(out, "its settings make no sense: {what}"),
            Self::Program(why) => write!(out, "the program that serves as judge failed: {why}"),
            Self::NotRecorded => out.write_str("no answer to this question is recorded"),
        }
    }
}

impl std::error::Error for Error {}
