//! Why a message could not be read. Every one of these ends in a refusal, never in silence.

use core::fmt;

/// A message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong.
    pub problem: ParseProblem,
    /// The vendor's name of the event, where it could still be told.
    pub event: Option<String>,
}

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseProblem {
    /// Nothing came.
    Empty,
    /// More than [`crate::MAX_INPUT`] bytes, or more values than are ever needed.
    TooLarge,
    /// Begins with a byte order mark.
    ByteOrderMark,
    /// Not UTF-8; the position of the first wrong byte.
    NotUtf8(usize),
    /// Not JSON, cut off, nested too deeply, or followed by something else.
    NotJson(String),
    /// A key occurs twice in one object: two readers could see two different calls.
    DuplicateKey(String),
    /// The message is not an object.
    NotAnObject,
    /// A field that must be there is not.
    Missing(&'static str),
    /// A field has the wrong type; the field and what it should be.
    WrongType(&'static str, &'static str),
    /// An event that this integration does not know.
    UnknownEvent(String),
}

impl ParseError {
    pub(crate) fn new(problem: ParseProblem) -> Self {
        Self { problem, event: None }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(out)
    }
}

impl core::error::Error for ParseError {}

impl fmt::Display for ParseProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("the message is empty"),
            Self::TooLarge => out.write_str("the message is too large"),
            Self::ByteOrderMark => out.write_str("the message begins with a byte order mark"),
            Self::NotUtf8(position) => write!(out, "the message is not UTF-8 at byte {position}"),
            Self::NotJson(reason) => write!(out, "the message is not JSON: {reason}"),
            Self::DuplicateKey(key) => write!(out, "the key `{}` occurs twice", crate::answer_text::short(key, 40)),
            Self::NotAnObject => out.write_str("the message is not an object"),
            Self::Missing(field) => write!(out, "`{field}` is missing"),
            Self::WrongType(field, wanted) => write!(out, "`{field}` is not {wanted}"),
            Self::UnknownEvent(name) => write!(out, "unknown event `{}`", crate::answer_text::short(name, 40)),
        }
    }
}
