//! YAML, JSON as the part of it that it is, and TOML: the leaves of a document with their paths. What different readers read
//! differently is refused: anchors, aliases, merge keys, tags, keys given twice, several documents.

use std::panic::{AssertUnwindSafe, catch_unwind};

use saphyr_parser::{Event, Parser, ScalarStyle};

/// A longer text is not read.
const LONGEST: usize = 256 * 1024;
/// Deeper nesting is not read.
const DEEPEST: usize = 32;

/// One scalar of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Leaf {
    /// Keys from the root; an item of a sequence is `[]`, an empty mapping or sequence a leaf without text.
    pub path: Vec<String>,
    /// Its text, as written or unescaped.
    pub value: String,
}

/// The leaves of a YAML document, in order; `None` if it is not fully understood.
#[must_use]
pub fn yaml(text: &str) -> Option<Vec<Leaf>> {
    leaves(text, false)
}

/// The leaves of each document of a YAML stream, in order; `None` if one of them is not fully understood.
#[must_use]
pub fn yaml_stream(text: &str) -> Option<Vec<Vec<Leaf>>> {
    documents(text, false)
}

/// The leaves of a JSON document, in order; `None` if it is not fully understood. Comments are no JSON.
#[must_use]
pub fn json(text: &str) -> Option<Vec<Leaf>> {
    leaves(text, true)
}

/// The leaves of a TOML document; `None` if it is not one. Tables come in the order of their keys.
#[must_use]
pub fn toml(text: &str) -> Option<Vec<Leaf>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LONGEST {
        return None;
    }
    catch_unwind(|| {
        let table = toml::de::DeTable::parse(text).ok()?.into_inner();
        let mut out = Vec::new();
        of_table(&table, &mut Vec::new(), &mut out)?;
        Some(out)
    })
    .ok()
    .flatten()
}

fn of_table(table: &toml::de::DeTable<'_>, path: &mut Vec<String>, out: &mut Vec<Leaf>) -> Option<()> {
    for (key, item) in table {
        path.push(key.get_ref().to_string());
        of_toml(item.get_ref(), path, out)?;
        path.pop();
    }
    Some(())
}

fn of_toml(value: &toml::de::DeValue<'_>, path: &mut Vec<String>, out: &mut Vec<Leaf>) -> Option<()> {
    use toml::de::DeValue;
    if path.len() > DEEPEST {
        return None;
    }
    let text = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(items) if items.is_empty() => String::new(),
        DeValue::Table(table) if table.is_empty() => String::new(),
        DeValue::Array(items) => {
            for item in items.iter() {
                path.push("[]".to_owned());
                of_toml(item.get_ref(), path, out)?;
                path.pop();
            }
            return Some(());
        }
        DeValue::Table(table) => return of_table(table, path, out),
    };
    out.push(Leaf {
        path: path.clone(),
        value: text,
    });
    Some(())
}

/// The text as JSON: comments become blanks, commas before a closing bracket go. `None` where a comment does not end.
#[must_use]
pub fn without_comments(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let length = string(rest)?;
            out.push_str(rest.get(..length)?);
            rest = rest.get(length..)?;
        } else if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.find('\n').map_or(Some(""), |end| comment.get(end..))?;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1;
            out.push(' ');
        } else {
            if matches!(c, '}' | ']') && out.trim_end().ends_with(',') {
                out.truncate(out.trim_end().len().saturating_sub(1));
            }
            out.push(c);
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    Some(out)
}

/// The length of a string with its quotes.
fn string(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at.checked_add(1),
            '\n' => return None,
            _ => {}
        }
    }
    None
}

fn leaves(text: &str, strict: bool) -> Option<Vec<Leaf>> {
    let mut all = documents(text, strict)?;
    match all.len() {
        0 => Some(Vec::new()),
        1 => all.pop(),
        _ => None,
    }
}

fn documents(text: &str, strict: bool) -> Option<Vec<Vec<Leaf>>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LONGEST {
        return None;
    }
    // A defect in a parser must become a doubt.
    catch_unwind(AssertUnwindSafe(|| read(text, strict))).ok().flatten()
}

/// A collection that is open.
struct Open {
    mapping: bool,
    /// The key whose value comes next.
    key: Option<String>,
    seen: Vec<String>,
    empty: bool,
}

fn read(text: &str, strict: bool) -> Option<Vec<Vec<Leaf>>> {
    let mut all: Vec<Vec<Leaf>> = Vec::new();
    let mut out: Vec<Leaf> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.ok()?;
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            Event::DocumentEnd => all.push(std::mem::take(&mut out)),
            Event::Alias(_) => return None,
            Event::Scalar(value, style, anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    return None;
                }
                if strict && style != ScalarStyle::DoubleQuoted && !is_json_word(&open, &value) {
                    return None;
                }
                scalar(&mut open, &mut out, &value)?;
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) if anchor != 0 || tag.is_some() => {
                return None;
            }
            Event::SequenceStart(..) => begin(&mut open, false)?,
            Event::MappingStart(..) => begin(&mut open, true)?,
            Event::SequenceEnd | Event::MappingEnd => {
                let closed = open.pop()?;
                if closed.empty {
                    out.push(Leaf {
                        path: path(&open),
                        value: String::new(),
                    });
                }
                done(&mut open);
            }
        }
    }
    (open.is_empty() && out.is_empty()).then_some(all)
}

/// A number, `true`, `false` or `null` where a value is expected.
fn is_json_word(open: &[Open], value: &str) -> bool {
    let is_key = open.last().is_some_and(|last| last.mapping && last.key.is_none());
    let number = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'))
    };
    !is_key && (matches!(value, "true" | "false" | "null") || number(value))
}

fn scalar(open: &mut [Open], out: &mut Vec<Leaf>, value: &str) -> Option<()> {
    if let Some(last) = open.last_mut() {
        last.empty = false;
        if last.mapping && last.key.is_none() {
            if value == "<<" || last.seen.iter().any(|seen| seen == value) {
                return None;
            }
            last.seen.push(value.to_owned());
            last.key = Some(value.to_owned());
            return Some(());
        }
    }
    out.push(Leaf {
        path: path(open),
        value: value.to_owned(),
    });
    done(open);
    Some(())
}

fn begin(open: &mut Vec<Open>, mapping: bool) -> Option<()> {
    if open.len() >= DEEPEST {
        return None;
    }
    if let Some(last) = open.last_mut() {
        last.empty = false;
        // A key that is no scalar.
        if last.mapping && last.key.is_none() {
            return None;
        }
    }
    open.push(Open {
        mapping,
        key: None,
        seen: Vec::new(),
        empty: true,
    });
    Some(())
}

/// A value is complete: the next scalar of a mapping is a key again.
fn done(open: &mut [Open]) {
    if let Some(last) = open.last_mut() {
        last.key = None;
    }
}

fn path(open: &[Open]) -> Vec<String> {
    open.iter()
        .map(|level| level.key.clone().unwrap_or_else(|| "[]".to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{json, yaml, yaml_stream};

    fn shown(text: &str) -> Option<Vec<String>> {
        let all = yaml(text)?;
        Some(
            all.iter()
                .map(|leaf| format!("{}={}", leaf.path.join("."), leaf.value))
                .collect(),
        )
    }

    #[test]
    fn yaml_and_json_give_the_same_leaves() {
        let expected = Some(vec!["a.b=1".to_owned(), "a.c.[]=x".to_owned(), "d=".to_owned()]);
        assert_eq!(shown("a:\n  b: 1\n  c:\n    - x\nd: {}\n"), expected);
        assert_eq!(
            shown("{\n\t\"a\": {\"b\": 1, \"c\": [\"x\"]},\n\t\"d\": {}\n}\n"),
            expected
        );
        assert_eq!(shown("\u{feff}{\"a\": \"\\u0041\\n\"}"), Some(vec!["a=A\n".to_owned()]));
    }

    #[test]
    fn a_stream_is_its_documents() {
        let all = yaml_stream("# x\na: 1\n---\nb: 2\nc: 3\n").unwrap_or_default();
        assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(yaml_stream("a: 1\n---\nb: *x\n"), None);
    }

    #[test]
    fn what_readers_read_differently_is_refused() {
        for text in [
            "a: &x 1\nb: *x\n",
            "a:\n  <<: {b: 1}\n",
            "a: !!python/object x\n",
            "a: 1\na: 2\n",
            "{\"a\": 1, \"a\": 2}",
            "a: 1\n---\nb: 2\n",
            "? [x]\n: y\n",
            "a: [1\n",
            "{\"a\": \"1\" // b\n}",
        ] {
            assert_eq!(yaml(text), None, "{text}");
        }
        for text in [
            "{/* */ \"a\": 1}",
            "{a: 1}",
            "{\"a\": x}",
            "{\"a\": 'x'}",
            "a: 1",
            "{\"a\": 1 // b\n}",
        ] {
            assert_eq!(json(text), None, "{text}");
        }
        assert!(json("{\"a\": [1, -2.5e3, true, null, \"x\"]}").is_some());
        assert_eq!(yaml(&"[".repeat(100_000)), None);
        assert_eq!(yaml(&format!("a: {}", "x".repeat(300_000))), None);
    }
}
