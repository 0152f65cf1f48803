//! Parameter expansion: what `$NAME` and `${NAME…}` stand for, as far as it is known.

use placet_model::Span;

use super::Interpreter;
use super::words::matches;
use crate::syntax::tree::{Operation, Parameter, Word};
use crate::value::{Bound, Piece, Taint, Value};

impl Interpreter<'_> {
    /// The values of `$@`, `$*`, `${a[@]}`: `Some(None)` when unknown, `None` when the parameter is not a list.
    pub(super) fn list(&mut self, parameter: &Parameter) -> Option<Option<Vec<Value>>> {
        if parameter.length || parameter.indirect || parameter.operation.is_some() {
            return None;
        }
        if parameter.index.is_none() {
            return matches!(parameter.name.as_str(), "@" | "*").then(|| self.state.positional.clone());
        }
        let index = parameter.index.as_ref().map(|index| self.value(index));
        let all = index
            .as_ref()
            .and_then(Value::known)
            .is_some_and(|index| matches!(index, "@" | "*"));
        all.then(|| {
            self.state
                .variables
                .get(&parameter.name)
                .and_then(|variable| variable.array.clone())
        })
    }

    /// The value of a parameter expansion.
    pub(crate) fn parameter(&mut self, parameter: &Parameter) -> Value {
        let index = parameter.index.as_ref().map(|index| {
            let value = self.value(index);
            self.subscript(&value, index.span);
            value
        });
        let value = match &index {
            Some(index) => self.element(&parameter.name, index),
            None => self.variable(&parameter.name),
        };
        if parameter.length {
            return Value::hole(Bound::Number);
        }
        if parameter.indirect {
            // `${!x}` is the variable that `x` names.
            let value = match value.known().map(str::to_owned) {
                Some(name) => {
                    self.named_variable(&Value::text(name.as_str()), Span::default());
                    self.variable(&name)
                }
                // Any variable there is, those that hold keys among them.
                None => Value::hole(Bound::Any).tainted(Taint {
                    foreign: true,
                    credential: true,
                    ..value.taint
                }),
            };
            return self.operated(value, parameter.operation.as_ref());
        }
        self.assign_default(parameter, &value);
        self.operated(value, parameter.operation.as_ref())
    }

    /// A variable's value by name.
    pub(crate) fn variable(&self, name: &str) -> Value {
        if let Some(variable) = self.state.variables.get(name) {
            // The first element of an array in bash, all of them in zsh.
            return match variable.array.as_deref() {
                Some([_, _, ..]) => Value::hole(Bound::Any).tainted(variable.value.taint),
                Some(_) | None => variable.value.clone(),
            };
        }
        match name {
            "?" | "#" | "$" | "RANDOM" | "SECONDS" | "LINENO" | "UID" | "EUID" | "PPID" | "BASHPID"
            | "EPOCHSECONDS" | "COLUMNS" | "LINES" | "SHLVL" | "OPTIND" | "SRANDOM" => {
                return Value::hole(Bound::Number);
            }
            // The last one that this shell started: a child of its own, whichever.
            "!" => return Value::text("%child"),
            "-" | "USER" | "LOGNAME" | "HOSTNAME" | "LANG" | "TERM" | "OSTYPE" | "HOSTTYPE" | "BASH_VERSION"
            | "ZSH_VERSION" | "GITHUB_SHA" | "GITHUB_RUN_ID" | "CI" => return Value::hole(Bound::Word),
            "HOME" => return Value::text(self.facts.home()),
            "PWD" => return self.cwd_value(),
            "OLDPWD" => return Value::hole(Bound::Any),
            "0" | "BASH_SOURCE" => return self.state.zero.clone(),
            "_" => return Value::hole(Bound::Any),
            "CLAUDE_PROJECT_DIR" => return Value::text(self.facts.project()),
            "@" | "*" => {
                return match &self.state.positional {
                    Some(values) => {
                        let mut all = Value::default();
                        for (index, value) in values.iter().enumerate() {
                            if index > 0 {
                                all.push_text(" ");
                            }
                            all.push(value);
                        }
                        all
                    }
                    None => Value::hole(Bound::Any),
                };
            }
            _ => {}
        }
        if let Ok(number) = name.parse::<usize>() {
            return match &self.state.positional {
                Some(values) => values.get(number.wrapping_sub(1)).cloned().unwrap_or_default(),
                None => Value::hole(Bound::Any),
            };
        }
        if let Some(text) = self.facts.variable(name) {
            return Value::text(text);
        }
        if name == "TMPDIR" {
            // Usually there, and if it is not, what follows it is a path below `/`: no exact name.
            return Value::hole(Bound::Below("/tmp".to_owned()));
        }
        Value::hole(Bound::Any).tainted(Taint {
            credential: names_credential(name),
            ..Taint::default()
        })
    }

    fn element(&self, name: &str, index: &Value) -> Value {
        let Some(variable) = self.state.variables.get(name) else {
            return Value::hole(Bound::Any);
        };
        let Some(array) = &variable.array else {
            return variable.value.clone();
        };
        match index.known().map(str::trim) {
            Some("@" | "*") => array
                .iter()
                .skip(1)
                .fold(array.first().cloned().unwrap_or_default(), |mut all, one| {
                    all.push_text(" ");
                    all.push(one);
                    all
                }),
            Some(number) => match number.parse::<usize>() {
                Ok(0) => array.first().cloned().unwrap_or_default(),
                // bash counts from zero, zsh from one.
                Ok(number) => {
                    let of_zsh = array.get(number.saturating_sub(1)).cloned().unwrap_or_default();
                    array.get(number).cloned().unwrap_or_default().join(&of_zsh)
                }
                Err(_) => Value::hole(Bound::Any),
            },
            None => array
                .iter()
                .skip(1)
                .fold(array.first().cloned().unwrap_or_default(), |all, one| all.join(one)),
        }
    }

    fn assign_default(&mut self, parameter: &Parameter, value: &Value) {
        if let Some(Operation::Assign { word, .. }) = &parameter.operation {
            let default = self.value(word);
            let unset =
                !self.state.variables.contains_key(&parameter.name) && self.facts.variable(&parameter.name).is_none();
            let result = if value.known() == Some("") {
                default
            } else if unset {
                value.clone().join(&default)
            } else {
                value.clone()
            };
            self.set_variable(&parameter.name, result, Span::default());
        }
    }

    fn operated(&mut self, value: Value, operation: Option<&Operation>) -> Value {
        let Some(operation) = operation else { return value };
        match operation {
            Operation::Default { word, .. } | Operation::Assign { word, .. } => {
                let default = self.value(word);
                match value.known() {
                    Some("") => default,
                    Some(_) => value,
                    None => value.join(&default),
                }
            }
            Operation::Error { word, .. } => {
                let _ = self.value(word);
                value
            }
            Operation::Alternative { word, .. } => {
                let alternative = self.value(word);
                match value.known() {
                    Some("") => Value::default(),
                    Some(_) => alternative,
                    None => alternative.join(&Value::default()),
                }
            }
            Operation::RemovePrefix { longest, pattern } => {
                let pattern = self.value(pattern);
                removed(&value, &pattern, *longest, true)
            }
            Operation::RemoveSuffix { longest, pattern } => {
                let pattern = self.value(pattern);
                removed(&value, &pattern, *longest, false)
            }
            Operation::Replace {
                all,
                anchor,
                pattern,
                replacement,
            } => {
                let pattern = self.value(pattern);
                let replacement = self.value(replacement);
                replaced(&value, &pattern, &replacement, *all, *anchor)
            }
            Operation::Substring { offset, length } => {
                let span = offset.span;
                let offset = self.value(offset);
                self.subscript(&offset, span);
                let length = length.as_ref().map(|length| self.value(length));
                substring(&value, &offset, length.as_ref())
            }
            Operation::Other { text, words } => {
                self.all(words);
                match (text.chars().next(), value.known()) {
                    (Some('^'), Some(known)) if text == "^^" => Value::text(known.to_uppercase()).tainted(value.taint),
                    (Some(','), Some(known)) if text == ",," => Value::text(known.to_lowercase()).tainted(value.taint),
                    // `${x@P}` expands the value as a prompt, which runs substitutions in it.
                    (Some('@'), known) if text.contains('P') => {
                        match known {
                            Some(prompt) => self.expanding(prompt, Span::default()),
                            None => self.opaque(
                                "a prompt that can't be told is expanded, and may hold a command",
                                Span::default(),
                            ),
                        }
                        Value::hole(Bound::Any).tainted(Taint {
                            foreign: true,
                            ..value.taint
                        })
                    }
                    _ => same_kind(&value),
                }
            }
        }
    }

    fn all(&mut self, words: &[Word]) {
        for word in words {
            let _ = self.value(word);
        }
    }
}

/// Whether a variable of this name usually holds a credential.
#[must_use]
pub(crate) fn names_credential(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let has = |part: &str| {
        upper.match_indices(part).any(|(at, _)| {
            let end = at + part.len();
            (at == 0 || upper.as_bytes().get(at - 1) == Some(&b'_'))
                && (end == upper.len() || matches!(upper.as_bytes().get(end), Some(b'_' | b'S' | b'0'..=b'9')))
        })
    };
    let limit = has("TOKENS")
        || upper.ends_with("_TOKEN_COUNT")
        || upper.starts_with("MAX_")
        || upper.ends_with("_FILE")
        || upper.ends_with("_PATH")
        || upper.ends_with("_ID");
    !limit
        && (has("TOKEN")
            || has("SECRET")
            || has("PASSWORD")
            || has("PASSWD")
            || has("PASSPHRASE")
            || has("API_KEY")
            || has("APIKEY")
            || has("PRIVATE_KEY")
            || has("ACCESS_KEY")
            || has("CREDENTIAL")
            || has("AUTH_KEY")
            || has("ENCRYPTION_KEY")
            || has("SIGNING_KEY")
            || upper == "PGPASSWORD")
}

/// A value of which only the kind is still known.
fn same_kind(value: &Value) -> Value {
    let bound = match value.pieces.as_slice() {
        [Piece::Hole(bound)] => bound.clone(),
        _ => Bound::Any,
    };
    Value::hole(bound).tainted(value.taint)
}

fn removed(value: &Value, pattern: &Value, longest: bool, front: bool) -> Value {
    let (Some(text), Some(wanted)) = (value.known(), pattern.known()) else {
        // `${path##*/}` is a name, `${name%.*}` is a shorter name.
        return match (front, longest, pattern.known(), value.pieces.as_slice()) {
            (true, true, Some("*/"), _) => Value::hole(Bound::Name).tainted(value.taint),
            (
                _,
                _,
                Some(known),
                [Piece::Hole(bound @ (Bound::Name | Bound::Word | Bound::Number | Bound::Pids(_)))],
            ) if !known.is_empty() => Value::hole(bound.part()).tainted(value.taint),
            (false, _, Some("/*"), [Piece::Hole(bound @ (Bound::Below(_) | Bound::Printed(_)))]) => {
                Value::hole(bound.clone()).tainted(value.taint)
            }
            _ => shorter(value, pattern, longest, front),
        };
    };
    let text: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = wanted.chars().collect();
    let cut = |length: usize| {
        if front {
            matches(&wanted, text.get(..length).unwrap_or_default())
        } else {
            matches(&wanted, text.get(text.len() - length..).unwrap_or_default())
        }
    };
    let lengths: Vec<usize> = if longest {
        (0..=text.len()).rev().collect()
    } else {
        (0..=text.len()).collect()
    };
    let rest: String = match lengths.into_iter().find(|length| cut(*length)) {
        Some(length) if front => text.iter().skip(length).collect(),
        Some(length) => text.iter().take(text.len() - length).collect(),
        None => text.iter().collect(),
    };
    Value::text(rest).tainted(value.taint)
}

/// A literal suffix or prefix taken off a partly known value.
fn shorter(value: &Value, pattern: &Value, longest: bool, front: bool) -> Value {
    // `${file%.*}`: the last ending goes.
    if !front
        && !longest
        && pattern.known() == Some(".*")
        && let Some(Piece::Text(last)) = value.pieces.last()
        && let Some(dot) = last.rfind('.')
    {
        let kept = last.get(..dot).unwrap_or_default().to_owned();
        let mut out = value.clone();
        out.pieces.pop();
        out.push_text(&kept);
        return out;
    }
    let literal = pattern.known().filter(|text| !text.contains(['*', '?', '[']));
    if let (Some(literal), false) = (literal, front)
        && let Some(Piece::Text(last)) = value.pieces.last()
        && let Some(kept) = last.strip_suffix(literal)
    {
        let mut out = value.clone();
        let kept = kept.to_owned();
        out.pieces.pop();
        out.push_text(&kept);
        return out;
    }
    Value::hole(Bound::Any).tainted(value.taint)
}

fn replaced(value: &Value, pattern: &Value, replacement: &Value, all: bool, anchor: Option<char>) -> Value {
    let taint = value.taint.and(replacement.taint);
    if let (Some(text), Some(wanted), Some(new)) = (value.known(), pattern.known(), replacement.known())
        && !wanted.contains(['*', '?', '[', '\\'])
        && !wanted.is_empty()
    {
        let result = match anchor {
            Some('#') => text
                .strip_prefix(wanted)
                .map(|rest| format!("{new}{rest}"))
                .unwrap_or_else(|| text.to_owned()),
            Some('%') => text
                .strip_suffix(wanted)
                .map(|rest| format!("{rest}{new}"))
                .unwrap_or_else(|| text.to_owned()),
            Some(_) | None if all => text.replace(wanted, new),
            Some(_) | None => text.replacen(wanted, new, 1),
        };
        return Value::text(result).tainted(taint);
    }
    let harmless = replacement
        .known()
        .is_some_and(|new| !new.contains('/') && !new.contains(".."));
    match value.pieces.as_slice() {
        [Piece::Hole(bound @ (Bound::Name | Bound::Word))] if harmless => Value::hole(bound.clone()).tainted(taint),
        // The end may be what is replaced, or not: what both have in common stays.
        [Piece::Hole(bound @ (Bound::Name | Bound::Word)), Piece::Text(end)]
            if harmless && !all && anchor.is_none() && pattern.known().is_some_and(is_literal) =>
        {
            let (old, new) = (
                pattern.known().unwrap_or_default(),
                replacement.known().unwrap_or_default(),
            );
            let mut kept = common_end(end, &end.replacen(old, new, 1));
            // It may also begin in what is not known.
            for at in old.char_indices().skip(1).map(|(at, _)| at) {
                if let Some(rest) = old.get(at..).and_then(|tail| end.strip_prefix(tail)) {
                    kept = common_end(kept, &format!("{new}{rest}"));
                }
            }
            let mut out = Value::hole(bound.clone()).tainted(taint);
            out.push_text(kept);
            out
        }
        pieces
            if harmless
                && pieces.iter().all(|piece| {
                    matches!(
                        piece,
                        Piece::Text(_) | Piece::Hole(Bound::Name | Bound::Word | Bound::Number | Bound::Pids(_))
                    )
                })
                && !value.prefix().contains('/') =>
        {
            Value::hole(Bound::Name).tainted(taint)
        }
        _ => Value::hole(Bound::Any).tainted(taint),
    }
}

fn is_literal(pattern: &str) -> bool {
    !pattern.is_empty() && !pattern.contains(['*', '?', '[', '\\', '/'])
}

/// The longest text that both end with.
fn common_end<'t>(one: &'t str, other: &str) -> &'t str {
    let length: usize = one
        .chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    one.get(one.len() - length..).unwrap_or_default()
}

fn substring(value: &Value, offset: &Value, length: Option<&Value>) -> Value {
    let number = |value: &Value| value.known().and_then(|text| text.trim().parse::<usize>().ok());
    if let (Some(text), Some(from)) = (value.known(), number(offset)) {
        let tail = text.chars().skip(from);
        match length.map(number) {
            None => return Value::text(tail.collect::<String>()).tainted(value.taint),
            Some(Some(count)) => return Value::text(tail.take(count).collect::<String>()).tainted(value.taint),
            Some(None) => {}
        }
    }
    match value.pieces.as_slice() {
        [Piece::Hole(bound @ (Bound::Word | Bound::Number | Bound::Pids(_)))] => {
            Value::hole(bound.part()).tainted(value.taint)
        }
        _ => Value::hole(Bound::Any).tainted(value.taint),
    }
}
