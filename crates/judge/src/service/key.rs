//! Keys: where one comes from, and the care that it is never shown.

use core::fmt;
use std::path::Path;

use super::command::Program;
use crate::{Deadline, Error};

/// A key's largest size.
const LARGEST: usize = 16 * 1024;

/// Where the key comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeySource {
    /// None is needed.
    #[default]
    None,
    /// An environment variable.
    Environment(String),
    /// A file.
    File(String),
    /// The output of a program.
    Program(Vec<String>),
}

/// A key. It can be sent, and in no other way be had.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key(…)")
    }
}

impl Key {
    /// The text without the key, should a service say it back.
    pub(crate) fn taken_out_of(&self, text: &str) -> String {
        text.replace(&self.0, "…")
    }

    /// For the header of a request.
    pub(crate) fn header(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.0)
    }
}

impl KeySource {
    /// The key.
    ///
    /// # Errors
    /// When it can't be had; what is said never holds any of it.
    pub fn key(&self, deadline: &Deadline) -> Result<Option<Key>, Error> {
        let text = match self {
            Self::None => return Ok(None),
            Self::Environment(name) => {
                std::env::var(name).map_err(|_| Error::Key(format!("the variable `{name}` is not set")))?
            }
            Self::File(path) => {
                let size = std::fs::metadata(path).map_err(|error| Error::Key(format!("`{path}`: {error}")))?;
                if !size.is_file() || size.len() > LARGEST as u64 {
                    return Err(Error::Key(format!("`{path}` holds no key")));
                }
                std::fs::read_to_string(Path::new(path)).map_err(|error| Error::Key(format!("`{path}`: {error}")))?
            }
            Self::Program(words) => Program::new(words)
                .and_then(|program| program.run("", &[], deadline))
                .map_err(|error| {
                    if matches!(error, Error::Deadline { .. }) {
                        error
                    } else {
                        Error::Key(format!("`{}` failed", words.first().map_or("", String::as_str)))
                    }
                })?,
        };
        let text = text.trim();
        if text.is_empty() || text.len() > LARGEST || !text.chars().all(|letter| letter.is_ascii_graphic()) {
            return Err(Error::Key("it is empty, or no key".to_owned()));
        }
        Ok(Some(Key(text.to_owned())))
    }
}
