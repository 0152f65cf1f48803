//! A policy text as a tree with positions, the same for TOML and JSON. Reading goes on after an error: what can be read
//! counts where it tightens.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::text::{Diagnostic, Format, Lines, PolicyText, Severity};
use super::{json, plain};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node<'t> {
    pub(crate) value: Value<'t>,
    pub(crate) at: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Value<'t> {
    Null,
    Bool(bool),
    Number(i64),
    Text(Cow<'t, str>),
    List(Vec<Node<'t>>),
    Table(Vec<Entry<'t>>),
}

/// A key of a table, where it stands, and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'t> {
    pub(crate) key: Cow<'t, str>,
    pub(crate) at: usize,
    pub(crate) node: Node<'t>,
}

impl<'t> Node<'t> {
    pub(crate) fn entries(&self) -> &[Entry<'t>] {
        if let Value::Table(entries) = &self.value {
            entries
        } else {
            &[]
        }
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.node)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value {
            Some(text)
        } else {
            None
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// The tree of a text, and what could not be read.
pub(crate) fn read<'t>(text: &'t PolicyText, lines: &Lines<'_>) -> (Node<'t>, Vec<Diagnostic>) {
    match text.format {
        Format::PlacetToml => toml(text, lines),
        Format::ClaudeSettings | Format::ClaudePolicy => {
            let (node, errors) = json::read(&text.text);
            let errors = errors
                .into_iter()
                .map(|error| malformed(lines, error.at, &error.message))
                .collect();
            (node, errors)
        }
    }
}

fn malformed(lines: &Lines<'_>, at: usize, message: &str) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        id: "malformed-policy",
        at: lines.position(at),
        message: message.to_owned(),
        help: Some("until it is fixed, nothing that this file allows counts".to_owned()),
    }
}

fn toml<'t>(text: &'t PolicyText, lines: &Lines<'_>) -> (Node<'t>, Vec<Diagnostic>) {
    if let Some(node) = plain::read(&text.text) {
        return (node, Vec::new());
    }
    let (node, errors) = of_library(&text.text);
    let errors = errors
        .iter()
        .map(|error| malformed(lines, error.span().map_or(0, |span| span.start), error.message()))
        .collect();
    (node, errors)
}

/// The tree as the TOML library reads it, with everything that is wrong.
pub(super) fn of_library(text: &str) -> (Node<'_>, Vec<toml::de::Error>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let value = from_table(table.into_inner());
    (Node { value, at: 0 }, errors)
}

fn from_table(table: DeTable<'_>) -> Value<'_> {
    let mut entries: Vec<Entry<'_>> = table
        .into_iter()
        .map(|(key, value)| Entry {
            at: key.span().start,
            key: key.into_inner(),
            node: from_spanned(value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    Value::Table(entries)
}

fn from_spanned(value: Spanned<DeValue<'_>>) -> Node<'_> {
    let at = value.span().start;
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(number) => {
            let radix = number.radix();
            i64::from_str_radix(number.as_str(), radix).map_or(Value::Null, Value::Number)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Null,
        DeValue::Boolean(yes) => Value::Bool(yes),
        DeValue::Array(items) => Value::List(items.into_iter().map(from_spanned).collect()),
        DeValue::Table(table) => from_table(table),
    };
    Node { value, at }
}
