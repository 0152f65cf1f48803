//! Typed access to the fields of an object: a field of the wrong type is an error, never its default.

use serde_json::{Map, Value};

use crate::ParseProblem;

/// An object whose fields are read by name.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// A string that must be there.
    pub(crate) fn text(self, name: &'static str) -> Result<&'a str, ParseProblem> {
        self.optional_text(name)?.ok_or(ParseProblem::Missing(name))
    }

    /// A string that must be there and not be empty.
    pub(crate) fn word(self, name: &'static str) -> Result<&'a str, ParseProblem> {
        Some(self.text(name)?)
            .filter(|text| !text.is_empty())
            .ok_or(ParseProblem::Missing(name))
    }

    /// A string, or nothing.
    pub(crate) fn optional_text(self, name: &'static str) -> Result<Option<&'a str>, ParseProblem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_str()
                .map(Some)
                .ok_or(ParseProblem::WrongType(name, "a string")),
        }
    }

    /// A boolean; not there is false.
    pub(crate) fn flag(self, name: &'static str) -> Result<bool, ParseProblem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(value) => value.as_bool().ok_or(ParseProblem::WrongType(name, "a boolean")),
        }
    }

    /// An object that must be there.
    pub(crate) fn object(self, name: &'static str) -> Result<Fields<'a>, ParseProblem> {
        match self.0.get(name) {
            None => Err(ParseProblem::Missing(name)),
            Some(value) => value
                .as_object()
                .map(Fields)
                .ok_or(ParseProblem::WrongType(name, "an object")),
        }
    }

    /// A list of objects that must be there.
    pub(crate) fn objects(self, name: &'static str) -> Result<Vec<Fields<'a>>, ParseProblem> {
        let list = self.0.get(name).ok_or(ParseProblem::Missing(name))?;
        let list = list
            .as_array()
            .ok_or(ParseProblem::WrongType(name, "a list of objects"))?;
        list.iter()
            .map(|item| {
                item.as_object()
                    .map(Fields)
                    .ok_or(ParseProblem::WrongType(name, "a list of objects"))
            })
            .collect()
    }
}
