//! JSON with the place of every value, so that a file can be changed without touching the rest of its bytes.
//! Strict JSON as settings files have it; not a general editor: it adds to the end of an object or list, replaces a
//! value, and removes.

use core::ops::Range;

/// Values may be nested this deep.
const MAX_DEPTH: usize = 100;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object(Vec<Member>),
    List(Vec<Node>),
    Text(String),
    /// A number, `true`, `false` or `null`, as written.
    Plain(String),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) start: usize,
    pub(super) value: Node,
}

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum New {
    Object(Vec<(&'static str, New)>),
    List(Vec<New>),
    Text(String),
}

/// Why the text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) at: usize,
    pub(super) what: String,
}

impl Node {
    /// The member of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.members()
            .iter()
            .find(|member| member.key == key)
            .map(|member| &member.value)
    }

    /// The members, if it is an object.
    pub(super) fn members(&self) -> &[Member] {
        if let Kind::Object(members) = &self.kind {
            members
        } else {
            &[]
        }
    }

    /// The items, if it is a list.
    pub(super) fn items(&self) -> &[Self] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// Where its children begin and end.
    fn children(&self) -> Vec<Range<usize>> {
        match &self.kind {
            Kind::Object(members) => members
                .iter()
                .map(|member| member.start..member.value.span.end)
                .collect(),
            Kind::List(items) => items.iter().map(|item| item.span.clone()).collect(),
            Kind::Text(_) | Kind::Plain(_) => Vec::new(),
        }
    }
}

/// Line and column, both from 1, of a byte.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    (before.matches('\n').count().saturating_add(1), column.saturating_add(1))
}

/// Adds a member to the end of an object, or an item to the end of a list, in the style of its surroundings.
pub(super) fn append(text: &str, container: &Node, depth: usize, key: Option<&str>, value: &New) -> String {
    let style = Style::of(text, container, depth);
    let mut added = String::new();
    let children = container.children();
    if style.indent.is_some() || !children.is_empty() {
        style.line(&mut added, 0);
    }
    if let Some(key) = key {
        quote(key, &mut added);
        added.push_str(if style.spaced { ": " } else { ":" });
    }
    style.write(value, 0, &mut added);
    match children.last() {
        Some(last) => splice(text, last.end..last.end, &format!(",{added}")),
        None => {
            style.close(&mut added);
            let inside = container.span.start.saturating_add(1)..container.span.end.saturating_sub(1);
            splice(text, inside, &added)
        }
    }
}

/// Replaces a text.
pub(super) fn replace_text(text: &str, node: &Node, with: &str) -> String {
    let mut quoted = String::new();
    quote(with, &mut quoted);
    splice(text, node.span.clone(), &quoted)
}

/// Removes the child with this index, with its comma.
pub(super) fn remove(text: &str, container: &Node, index: usize) -> String {
    let children = container.children();
    let Some(child) = children.get(index) else {
        return text.to_owned();
    };
    let before = index.checked_sub(1).and_then(|previous| children.get(previous));
    let range = match (before, children.get(index.saturating_add(1))) {
        (Some(previous), _) => previous.end..child.end,
        (None, Some(next)) => child.start..next.start,
        (None, None) => container.span.start.saturating_add(1)..container.span.end.saturating_sub(1),
    };
    splice(text, range, "")
}

fn splice(text: &str, range: Range<usize>, with: &str) -> String {
    let (before, after) = (
        text.get(..range.start).unwrap_or_default(),
        text.get(range.end..).unwrap_or_default(),
    );
    format!("{before}{with}{after}")
}

/// How the surroundings are written.
struct Style {
    newline: &'static str,
    unit: String,
    /// The indentation of the container's children; `None` when everything stands on one line.
    indent: Option<String>,
    spaced: bool,
}

impl Style {
    fn of(text: &str, container: &Node, depth: usize) -> Self {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let unit = text
            .lines()
            .find_map(|line| {
                let blank = line.len().saturating_sub(line.trim_start().len());
                line.get(..blank)
                    .filter(|blank| !blank.is_empty() && line.trim_start().starts_with('"'))
            })
            .unwrap_or("  ")
            .to_owned();
        let one_line = !text.trim().contains('\n') && text.trim().len() > 2;
        let own_line = container.children().first().and_then(|child| {
            let before = text.get(..child.start)?;
            let line = before.get(before.rfind('\n')?.saturating_add(1)..)?;
            line.trim().is_empty().then(|| line.to_owned())
        });
        let indent = own_line.or_else(|| (!one_line).then(|| unit.repeat(depth)));
        let spaced = !one_line || text.contains("\": ");
        Self {
            newline,
            unit,
            indent,
            spaced,
        }
    }

    fn line(&self, out: &mut String, deeper: usize) {
        match &self.indent {
            Some(indent) => {
                out.push_str(self.newline);
                out.push_str(indent);
                out.push_str(&self.unit.repeat(deeper));
            }
            None if self.spaced && deeper == 0 => out.push(' '),
            None => {}
        }
    }

    fn close(&self, out: &mut String) {
        if let Some(indent) = &self.indent {
            out.push_str(self.newline);
            out.push_str(indent.strip_suffix(&self.unit).unwrap_or_default());
        }
    }

    fn write(&self, value: &New, deeper: usize, out: &mut String) {
        let inner = deeper.saturating_add(1);
        match value {
            New::Text(text) => quote(text, out),
            New::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index, inner, out);
                    self.write(item, inner, out);
                }
                self.end(items.is_empty(), deeper, out);
                out.push(']');
            }
            New::Object(members) => {
                out.push('{');
                for (index, (key, item)) in members.iter().enumerate() {
                    self.separate(index, inner, out);
                    quote(key, out);
                    out.push_str(if self.spaced { ": " } else { ":" });
                    self.write(item, inner, out);
                }
                self.end(members.is_empty(), deeper, out);
                out.push('}');
            }
        }
    }

    fn separate(&self, index: usize, deeper: usize, out: &mut String) {
        if index > 0 {
            out.push_str(if self.indent.is_none() && self.spaced {
                ", "
            } else {
                ","
            });
        }
        self.line(out, deeper);
    }

    fn end(&self, empty: bool, deeper: usize, out: &mut String) {
        if !empty && self.indent.is_some() {
            self.line(out, deeper);
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// Reads the text.
pub(super) fn parse(text: &str) -> Result<Node, Malformed> {
    let mut reader = Reader { text, at: 0 };
    if text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    let node = reader.value(0)?;
    reader.blank();
    if reader.at < text.len() {
        reader.fail("text after the end of the settings")
    } else {
        Ok(node)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        let skipped = rest
            .len()
            .saturating_sub(rest.trim_start_matches([' ', '\t', '\r', '\n']).len());
        self.at = self.at.saturating_add(skipped);
    }

    fn peek(&mut self) -> Option<char> {
        self.blank();
        self.rest().chars().next()
    }

    fn fail<T>(&self, what: &str) -> Result<T, Malformed> {
        Err(Malformed {
            at: self.at,
            what: what.to_owned(),
        })
    }

    /// Takes the character if it comes next.
    fn take(&mut self, wanted: char) -> bool {
        let here = self.peek() == Some(wanted);
        if here {
            self.at = self.at.saturating_add(wanted.len_utf8());
        }
        here
    }

    fn value(&mut self, depth: usize) -> Result<Node, Malformed> {
        if depth > MAX_DEPTH {
            return self.fail("nested too deeply");
        }
        let first = self.peek();
        let start = self.at;
        let kind = match first {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Kind::Text(self.string()?),
            Some(_) => self.plain()?,
            None => return self.fail("a value is missing"),
        };
        Ok(Node {
            span: start..self.at,
            kind,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Kind, Malformed> {
        let mut members: Vec<Member> = Vec::new();
        self.take('{');
        while !self.take('}') {
            if !members.is_empty() && !self.take(',') {
                return self.fail("`,` or `}` is missing");
            }
            if self.peek() != Some('"') {
                return self.fail("a key in double quotes is missing");
            }
            let start = self.at;
            let key = self.string()?;
            if members.iter().any(|member| member.key == key) {
                return Err(Malformed {
                    at: start,
                    what: format!("the key `{key}` occurs twice"),
                });
            }
            if !self.take(':') {
                return self.fail("`:` is missing");
            }
            let value = self.value(depth.saturating_add(1))?;
            members.push(Member { key, start, value });
        }
        Ok(Kind::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<Kind, Malformed> {
        let mut items = Vec::new();
        self.take('[');
        while !self.take(']') {
            if !items.is_empty() && !self.take(',') {
                return self.fail("`,` or `]` is missing");
            }
            items.push(self.value(depth.saturating_add(1))?);
        }
        Ok(Kind::List(items))
    }

    fn string(&mut self) -> Result<String, Malformed> {
        let mut escaped = false;
        let end = self.rest().char_indices().skip(1).find_map(|(index, character)| {
            let closes = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            closes.then(|| index.saturating_add(1))
        });
        let Some(end) = end else {
            return self.fail("a text is not closed");
        };
        let raw = self.rest().get(..end).unwrap_or_default();
        let Ok(text) = serde_json::from_str(raw) else {
            return self.fail("a text with a wrong escape");
        };
        self.at = self.at.saturating_add(end);
        Ok(text)
    }

    fn plain(&mut self) -> Result<Kind, Malformed> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        match serde_json::from_str::<serde_json::Value>(&word) {
            Ok(_) => {
                self.at = self.at.saturating_add(end);
                Ok(Kind::Plain(word))
            }
            Err(_) => self.fail("a value is expected"),
        }
    }
}
