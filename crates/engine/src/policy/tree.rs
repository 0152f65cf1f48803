//! A policy text as a tree with positions, the same for TOML and JSON. Reading goes on after an error: what can be read
//! counts where it tightens.

use toml::de::{DeTable, DeValue};

use super::json;
use super::text::{Diagnostic, Format, Lines, PolicyText, Severity};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) at: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key of a table, where it stands, and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: usize,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn entries(&self) -> &[Entry] {
        if let Value::Table(entries) = &self.value {
            entries
        } else {
            &[]
        }
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
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
pub(crate) fn read(text: &PolicyText, lines: &Lines<'_>) -> (Node, Vec<Diagnostic>) {
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

fn toml(text: &PolicyText, lines: &Lines<'_>) -> (Node, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(&text.text);
    let errors = errors
        .iter()
        .map(|error| malformed(lines, error.span().map_or(0, |span| span.start), error.message()))
        .collect();
    (
        Node {
            value: from_table(table.get_ref()),
            at: 0,
        },
        errors,
    )
}

fn from_table(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().as_ref().to_owned(),
            at: key.span().start,
            node: Node {
                value: from_value(value.get_ref()),
                at: value.span().start,
            },
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    Value::Table(entries)
}

fn from_value(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.as_ref().to_owned()),
        DeValue::Integer(number) => {
            let radix = number.radix();
            i64::from_str_radix(number.as_str(), radix).map_or(Value::Null, Value::Number)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Null,
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| Node {
                    value: from_value(item.get_ref()),
                    at: item.span().start,
                })
                .collect(),
        ),
        DeValue::Table(table) => from_table(table),
    }
}
