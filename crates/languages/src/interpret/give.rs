//! What calls are worth: paths put together, texts decoded, elements of collections. Nothing here has an effect.

use std::rc::Rc;

use crate::knowledge::Gives;
use crate::operation::Text;
use crate::tree::Span;
use crate::value::{self, Origin, Shape, Value};

use super::Walk;
use super::call::Arguments;
use super::expression::{directory_of, join_paths, path_of};

impl Walk {
    pub(super) fn give(
        &mut self,
        gives: Gives,
        name: &str,
        held: Option<&Value>,
        arguments: &Arguments,
        span: Span,
        result: Value,
    ) -> Value {
        let first = || arguments.at(0, "").unwrap_or_else(Value::unknown);
        match gives {
            Gives::Argument(place) => arguments.at(place, "").unwrap_or_else(Value::unknown),
            Gives::AttributeOf => {
                let object = first();
                let key = arguments.at(1, "").unwrap_or_else(Value::unknown);
                match key.as_text() {
                    Some(key) => {
                        let mut found = self.attribute(&object, key, span);
                        if let Some(default) = arguments.list.get(2) {
                            found.join(default);
                        }
                        found
                    }
                    None => {
                        let reaches = object.shapes.iter().any(
                            |s| matches!(s, Shape::Global(name) if crate::knowledge::has_members(self.language, name)),
                        );
                        if reaches {
                            let what = crate::What::Dynamic("a member chosen when it runs");
                            self.emit(what, span, &key.from);
                        }
                        Value::unknown_from(object.from)
                    }
                }
            }
            Gives::Base64Decoded => value::each_text(&first(), |t| decoded(t, base64)),
            Gives::Base64Encoded => Value::unknown_from(first().from),
            Gives::Encoded => {
                let encoding = arguments.list.get(1).cloned().unwrap_or_else(|| Value::text("utf8"));
                match encoding.as_text() {
                    Some("base64" | "base64url") => value::each_text(&first(), |t| decoded(t, base64)),
                    Some("hex") => value::each_text(&first(), |t| decoded(t, hex)),
                    Some(_) => first(),
                    None => Value::unknown_from(first().from),
                }
            }
            Gives::HexDecoded => value::each_text(&first(), |t| decoded(t, hex)),
            Gives::PercentDecoded => value::each_text(&first(), |t| decoded(t, percent_decoded)),
            Gives::Rot13 => {
                let codec = arguments.at(1, "encoding").unwrap_or_else(Value::unknown);
                match codec.as_text() {
                    Some("rot13" | "rot_13") => value::each_text(&first(), |t| decoded(t, |t| Some(rot13(t)))),
                    Some("hex" | "hex_codec") => value::each_text(&first(), |t| decoded(t, hex)),
                    Some("base64" | "base64_codec") => value::each_text(&first(), |t| decoded(t, base64)),
                    Some("utf-8" | "utf8" | "ascii") => first(),
                    _ => Value::unknown_from(first().from),
                }
            }
            Gives::Here => path_or_text(name, Text::Known(".".into())),
            Gives::Home => path_or_text(name, Text::Known("~".into())),
            Gives::ExpandHome => held.cloned().unwrap_or_else(first),
            Gives::JoinPaths => {
                let mut parts: Vec<Value> = held
                    .cloned()
                    .into_iter()
                    .chain(arguments.list.iter().cloned())
                    .collect();
                parts.extend(arguments.more.iter().map(|_| Value::unknown()));
                let mut parts = parts.into_iter();
                let mut path = parts.next().unwrap_or_else(|| Value::text("."));
                for part in parts {
                    path = join_paths(&path, &part);
                }
                if name.starts_with("pathlib.") {
                    path_of(&path)
                } else {
                    path
                }
            }
            Gives::JoinTexts => {
                let mut parts = arguments.list.iter();
                let mut path = parts.next().cloned().unwrap_or_else(|| Value::text("."));
                for part in parts {
                    path = join_below(&path, part);
                }
                path
            }
            Gives::DirectoryOf => value::each_text(&first(), |t| directory_of(&t)),
            Gives::BaseNameOf => {
                let mut out = Value {
                    shapes: Vec::new(),
                    from: Origin::default(),
                };
                for text in first().texts() {
                    match text {
                        Text::Known(text) => out.join(&Value::text(text.rsplit('/').next().unwrap_or(&text))),
                        Text::Prefix(_) | Text::Unknown => out.join(&Shape::Entry.into()),
                    }
                }
                out
            }
            Gives::EntryPaths => {
                let directory = held.cloned().unwrap_or_else(first);
                let inside = value::each_text(&directory, |t| match t {
                    Text::Known(text) => Text::Prefix(fixed_part(&text)),
                    other => other,
                });
                // Names under the working directory begin with anything, but stay there.
                Value::each(if name.starts_with("pathlib.") {
                    path_of(&inside)
                } else {
                    inside
                })
            }
            Gives::Entries => Value::each(Shape::Entry.into()),
            Gives::Walk => {
                let top = arguments.at(0, "top").unwrap_or_else(Value::unknown);
                let inside = value::each_text(&top, |t| match t {
                    Text::Known(text) => Text::Prefix(text),
                    other => other,
                });
                let entries = || Value::each(Shape::Entry.into());
                Value::each(Value::list(vec![inside, entries(), entries()]))
            }
            Gives::Object => {
                let about = held
                    .cloned()
                    .or_else(|| arguments.list.first().cloned())
                    .unwrap_or_else(Value::unknown);
                value::object(&format!("{name}()"), &about.with(&result.from))
            }
            Gives::ObjectOf(kind) => {
                let about = arguments
                    .list
                    .first()
                    .cloned()
                    .or(held.cloned())
                    .unwrap_or_else(Value::unknown);
                value::object(kind, &about.with(&result.from))
            }
            Gives::Path => {
                let mut path = arguments.list.first().cloned().unwrap_or_else(|| Value::text("."));
                for part in arguments.list.iter().skip(1) {
                    path = join_paths(&path, part);
                }
                path_of(&path)
            }
            Gives::Partial => {
                let rest = Arguments {
                    list: arguments.list.iter().skip(1).cloned().collect(),
                    keywords: arguments.keywords.clone(),
                    more: None,
                };
                self.apply(&first(), &rest, span)
            }
            Gives::Mapped => {
                let elements = arguments.list.iter().skip(1).map(Value::element).collect();
                Value::each(self.apply(&first(), &Arguments::of(elements), span))
            }
            Gives::Module => result,
            Gives::Receiver => match (held, name.rsplit_once('.')) {
                (Some(held), Some((kind, _))) if !kind.starts_with("pathlib.") => value::object(kind, held),
                (held, _) => held.cloned().unwrap_or_else(Value::unknown),
            },
            Gives::TemporaryFile => value::object("file()", &Shape::Prefix("/tmp/".into()).into()),
            Gives::TemporaryPair => Value::list(vec![Value::unknown(), Shape::Prefix("/tmp/".into()).into()]),
            Gives::TemporaryPath => Value::from(Shape::Prefix("/tmp/".into())),
            Gives::Numbered => Value::each(Value::list(vec![Value::unknown(), first().element()])),
            Gives::Zipped => Value::each(Value::list(arguments.list.iter().map(Value::element).collect())),
            Gives::Elements => first(),
            Gives::Pairs => pairs(&first()),
            Gives::Words => words(&first()),
            Gives::Unknown => result,
        }
    }

    /// The directory of the file that holds the code.
    pub(super) fn code_directory(&self) -> Value {
        match &self.file {
            Some(file) => Value::from(value::shape_of(directory_of(&Text::Known(file.clone())))),
            None => Value::unknown(),
        }
    }
}

/// A path below another, also when it begins with a slash.
fn join_below(path: &Value, part: &Value) -> Value {
    if part.shapes == [Shape::Entry] {
        return join_paths(path, part);
    }
    let relative = value::each_text(part, |t| match t {
        Text::Known(text) => Text::Known(text.trim_start_matches('/').to_owned()),
        Text::Prefix(text) => Text::Prefix(text.trim_start_matches('/').to_owned()),
        Text::Unknown => Text::Unknown,
    });
    if relative.shapes == [Shape::Unknown] {
        return value::concat(&[path.clone(), Value::text("/"), relative]);
    }
    join_paths(path, &relative)
}

fn path_or_text(name: &str, text: Text) -> Value {
    if name.starts_with("pathlib.") {
        Shape::Path(text).into()
    } else {
        value::shape_of(text).into()
    }
}

/// Keys and values of a mapping, as pairs.
pub(super) fn pairs(map: &Value) -> Value {
    let mut keys = Value {
        shapes: Vec::new(),
        from: map.from.clone(),
    };
    let mut values = keys.clone();
    for shape in &map.shapes {
        match shape {
            Shape::Map(entries, more) => {
                for (key, value) in entries.iter() {
                    keys.join(&Value::text(key.clone()));
                    values.join(value);
                }
                if *more {
                    keys.widen();
                    values.widen();
                }
            }
            _ => {
                keys.widen();
                values.widen();
            }
        }
    }
    Value::each(Value::list(vec![keys, values]))
}

/// What Ruby's methods of texts and collections give; a text that is made of another is not known.
pub(super) fn ruby_method_of_data(receiver: &Value, name: &str) -> Value {
    let collection = receiver
        .shapes
        .iter()
        .all(|s| matches!(s, Shape::List(_) | Shape::Each(_)));
    match (collection, name) {
        (false, "to_s" | "to_str" | "to_sym" | "dup" | "freeze" | "to_i" | "itself") => receiver.clone(),
        (false, "strip" | "chomp") => value::each_text(receiver, |t| match t {
            Text::Known(text) if name == "strip" => Text::Known(text.trim().to_owned()),
            Text::Known(text) => Text::Known(text.trim_end_matches(['\n', '\r']).to_owned()),
            Text::Prefix(_) | Text::Unknown => Text::Unknown,
        }),
        (true, "first" | "last" | "sample" | "min" | "max" | "find" | "detect" | "shift" | "pop") => receiver.element(),
        (
            true,
            "select" | "filter" | "reject" | "sort" | "sort_by" | "each" | "uniq" | "compact" | "to_a" | "shuffle",
        )
        | (true, "take" | "drop" | "reverse" | "dup" | "freeze") => Value::each(receiver.element()),
        _ => Value::unknown_from(receiver.from.clone()),
    }
}

/// A method of a text or a collection that gives something that can be told.
pub(super) fn method_of_data(receiver: &Value, name: &str, arguments: &Arguments) -> Option<Value> {
    let from = arguments.origin();
    let collection = receiver
        .shapes
        .iter()
        .all(|s| matches!(s, Shape::List(_) | Shape::Each(_)));
    if collection {
        return match name {
            "copy" | "slice" | "reverse" | "sort" | "toSorted" | "filter" if arguments.list.is_empty() => {
                Some(receiver.clone())
            }
            "concat" => {
                let mut element = receiver.element();
                arguments.list.iter().for_each(|v| {
                    element.join(v);
                    element.join(&v.element());
                });
                Some(Value::each(element))
            }
            // A text of the elements, in JavaScript.
            "join" => {
                let [Shape::List(elements)] = receiver.shapes.as_slice() else {
                    return Some(Value::unknown_from(receiver.from.clone()));
                };
                let separator = arguments.list.first().cloned().unwrap_or_else(|| Value::text(","));
                Some(interleaved(elements, &separator))
            }
            _ => None,
        };
    }
    let same = |op: fn(&str) -> String| {
        Some(value::each_text(receiver, move |t| match t {
            Text::Known(text) => Text::Known(op(&text)),
            Text::Prefix(_) | Text::Unknown => Text::Unknown,
        }))
    };
    let given = |place: usize| arguments.list.get(place).cloned();
    Some(match name {
        "encode" | "decode" | "toString" | "valueOf" | "normalize" | "expandtabs" => receiver.clone(),
        "strip" | "trim" if arguments.list.is_empty() => return same(|t| t.trim().to_owned()),
        "rstrip" | "trimEnd" if arguments.list.is_empty() => {
            return Some(value::each_text(receiver, |t| match t {
                Text::Known(text) => Text::Known(text.trim_end().to_owned()),
                other => other,
            }));
        }
        "lower" | "toLowerCase" => return same(str::to_lowercase),
        "upper" | "toUpperCase" => return same(str::to_uppercase),
        "concat" => {
            let mut parts = vec![receiver.clone()];
            parts.extend(arguments.list.iter().cloned());
            value::concat(&parts)
        }
        "format" => format_text(receiver, arguments),
        "join" => match given(0).as_ref().map(|v| v.shapes.as_slice()) {
            Some([Shape::List(elements)]) => interleaved(elements, receiver),
            _ => Value::unknown_from(receiver.from.clone()).with(&from),
        },
        "replace" | "replaceAll" => {
            let (old, new) = (given(0)?, given(1)?);
            match (receiver.as_text(), old.as_text(), new.as_text()) {
                (Some(text), Some(old), Some(new))
                    if !old.is_empty() && text.len() * new.len().max(1) < crate::bounds::TEXT_BYTES =>
                {
                    Value::text(text.replace(old, new)).with(&receiver.from)
                }
                _ => Value::unknown_from(receiver.from.clone()).with(&from),
            }
        }
        "split" => match given(0) {
            None => words(receiver),
            Some(separator) if separator.as_text() == Some(" ") => words(receiver),
            Some(_) => Value::each(Value::unknown_from(receiver.from.clone())),
        },
        "splitlines" => Value::each(Value::unknown_from(receiver.from.clone())),
        _ => Value::unknown_from(receiver.from.clone()).with(&from),
    })
}

/// The words of a text, when plain blanks separate them.
fn words(text: &Value) -> Value {
    match text.as_text() {
        Some(known) if !known.contains(['\'', '"', '\\']) => {
            Value::list(known.split_whitespace().map(Value::text).collect()).with(&text.from)
        }
        _ => Value::each(Value::unknown_from(text.from.clone())),
    }
}

fn interleaved(elements: &Rc<Vec<Value>>, separator: &Value) -> Value {
    let mut parts = Vec::with_capacity(elements.len() * 2);
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            parts.push(separator.clone());
        }
        parts.push(element.clone());
    }
    value::concat(&parts)
}

/// `"a {} {name}".format(…)`.
fn format_text(format: &Value, arguments: &Arguments) -> Value {
    let from = arguments.origin();
    let Some(text) = format.as_text() else {
        return Value::unknown_from(format.from.clone()).with(&from);
    };
    let mut parts = Vec::new();
    let mut rest = text;
    let mut next = 0;
    while let Some((before, after)) = rest.split_once('{') {
        parts.push(Value::text(before.replace("}}", "}")));
        if let Some(after) = after.strip_prefix('{') {
            parts.push(Value::text("{"));
            rest = after;
            continue;
        }
        let Some((field, after)) = after.split_once('}') else {
            break;
        };
        let value = if field.is_empty() {
            next += 1;
            arguments.at(next - 1, "")
        } else if let Ok(place) = field.parse::<usize>() {
            arguments.at(place, "")
        } else {
            arguments.at(usize::MAX, field)
        };
        parts.push(value.unwrap_or_else(Value::unknown));
        rest = after;
    }
    parts.push(Value::text(rest.replace("}}", "}")));
    value::concat(&parts).with(&from)
}

/// The part of a file pattern before anything that varies, or a directory with its slash.
fn fixed_part(text: &str) -> String {
    match text.split_once(['*', '?', '[']) {
        Some((fixed, _)) => fixed.to_owned(),
        None if text == "." => String::new(),
        None if text.ends_with('/') => text.to_owned(),
        None => format!("{text}/"),
    }
}

fn decoded(text: Text, decode: impl Fn(&str) -> Option<String>) -> Text {
    match text {
        Text::Known(text) => decode(&text).map_or(Text::Unknown, Text::Known),
        Text::Prefix(_) | Text::Unknown => Text::Unknown,
    }
}

/// Standard and URL alphabets, padding and blanks as they come.
pub(super) fn base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            byte if byte.is_ascii_whitespace() => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

pub(super) fn hex(text: &str) -> Option<String> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace())
        .map(|b| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let bytes = digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |all, d| all * 16 + d))
        .collect();
    String::from_utf8(bytes).ok()
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn rot13(text: &str) -> String {
    let turn = |c: char, base: u8| char::from((u8::try_from(c).unwrap_or(base) - base + 13) % 26 + base);
    text.chars()
        .map(|c| match c {
            'a'..='z' => turn(c, b'a'),
            'A'..='Z' => turn(c, b'A'),
            other => other,
        })
        .collect()
}
