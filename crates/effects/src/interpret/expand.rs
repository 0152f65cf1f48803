//! Expansion of words: from a tree's word to values and arguments. Braces, globs and splitting are in `words`.

use placet_model::Span;

use super::Interpreter;
use crate::paths::Dir;
use crate::syntax::tree::{AssignedValue, Item, Part, Quote, Word};
use crate::value::{Arg, Bound, Data, Piece, Taint, Value};

impl Interpreter<'_> {
    /// The value of a word that is not split: an assignment, a redirection's target, a `case` subject.
    pub(crate) fn value(&mut self, word: &Word) -> Value {
        let mut out = Value::default();
        for (index, part) in word.parts.iter().enumerate() {
            match part {
                Part::Literal {
                    text,
                    quote: Quote::None,
                } if index == 0 && text.starts_with('~') => {
                    out.push(&self.tilde(text));
                }
                Part::Literal { text, .. } => out.push_text(text),
                Part::Parameter(parameter) => {
                    let value = self.parameter(parameter);
                    out.push(&value);
                }
                Part::Command { items, span, .. } => {
                    let value = self.substitution(items, *span);
                    out.push(&value);
                }
                Part::Arithmetic { parts, .. } => {
                    let value = self.arithmetic(parts);
                    self.arithmetic_assignments(parts);
                    out.push(&value);
                }
                Part::Process { items, output, span } => {
                    let value = self.process_substitution(items, *output, *span);
                    out.push(&value);
                }
            }
        }
        out
    }

    /// The arguments that words expand to.
    pub(crate) fn words(&mut self, words: &[Word]) -> Vec<Arg> {
        let mut out = Vec::with_capacity(words.len());
        for word in words {
            self.word(word, &mut out);
        }
        out
    }

    fn word(&mut self, word: &Word, out: &mut Vec<Arg>) {
        if let Some(assignment) = &word.assignment {
            // `export NAME=value`: the value is not split.
            let value = match &assignment.value {
                AssignedValue::Scalar(value) => self.value(value),
                AssignedValue::Array(_) => Value::hole(Bound::Any),
            };
            let mut text = Value::text(format!(
                "{}{}=",
                assignment.name,
                if assignment.append { "+" } else { "" }
            ));
            text.push(&value);
            out.push(Arg {
                value: text,
                span: word.span,
                many: false,
            });
            return;
        }
        match word.parts.as_slice() {
            [Part::Literal { text, quote }] if *quote != Quote::None || !super::words::is_active(text) => {
                out.push(Arg::text(text.as_str(), word.span));
            }
            parts => super::words::expand(self, parts, word.span, out),
        }
    }

    /// `~`, `~/x`, `~user/x`.
    pub(crate) fn tilde(&self, text: &str) -> Value {
        let rest = text.strip_prefix('~').unwrap_or(text);
        let (user, tail) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let mut value = match user {
            "" => match self.state.variables.get("HOME") {
                Some(home) => home.value.clone(),
                None => Value::text(self.facts.home()),
            },
            "+" => self.cwd_value(),
            "-" => Value::hole(Bound::Any),
            "root" => Value::text("/root"),
            user => Value::text(format!("/home/{user}")),
        };
        value.push_text(tail);
        value
    }

    /// The working directory as a value.
    pub(crate) fn cwd_value(&self) -> Value {
        match &self.state.cwd {
            Dir::At(dir) => Value::text(dir.as_str()),
            Dir::Below(dir) => Value::hole(Bound::Below(dir.clone())),
            Dir::Unknown => Value::hole(Bound::Any),
        }
    }

    /// `$(…)`: runs it in a subshell; its output is the value.
    pub(crate) fn substitution(&mut self, items: &[Item], span: Span) -> Value {
        if !self.step(span) {
            return Value::hole(Bound::Any);
        }
        // `$(< file)` is the file's content.
        let data = self.subshell(|it| it.capture(|it| it.items(items)));
        data.substituted()
    }

    /// `<(…)` and `>(…)`: a file name whose content is the command's.
    fn process_substitution(&mut self, items: &[Item], output: bool, span: Span) -> Value {
        let number = self.state.written.len();
        let path = format!("/dev/fd/{}", 60 + number);
        if output {
            // What is written to the name is read by the command; nothing is known of it here.
            let data = Data::unknown(self.stdin.taint.and(Taint {
                foreign: true,
                ..Taint::default()
            }));
            self.subshell(|it| it.with_stdin(data, |it| it.capture(|it| it.items(items))));
            let _ = span;
        } else {
            let data = self.subshell(|it| it.capture(|it| it.items(items)));
            self.state.written.insert(
                path.clone(),
                super::Written {
                    data: Data { present: true, ..data },
                    directory: false,
                    built: false,
                },
            );
        }
        Value::text(path)
    }

    /// `$((…))` and `((…))`: substitutions inside run; the value is a number.
    pub(crate) fn arithmetic(&mut self, parts: &[Part]) -> Value {
        let mut text = Value::default();
        for part in parts {
            match part {
                Part::Literal { text: literal, .. } => text.push_text(literal),
                Part::Parameter(parameter) => {
                    let value = self.parameter(parameter);
                    text.push(&value);
                }
                Part::Command { items, span, .. } => {
                    let value = self.substitution(items, *span);
                    text.push(&value);
                }
                Part::Arithmetic { parts, .. } => {
                    let value = self.arithmetic(parts);
                    self.arithmetic_assignments(parts);
                    text.push(&value);
                }
                Part::Process { items, output, span } => {
                    let value = self.process_substitution(items, *output, *span);
                    text.push(&value);
                }
            }
        }
        match text.known() {
            Some(known) if known.trim().bytes().all(|b| b.is_ascii_digit()) && !known.trim().is_empty() => {
                Value::text(known.trim())
            }
            _ => {
                // `a[$(cmd)]` in a variable's value runs `cmd`; an unknown value is taken for a number.
                if let Some(known) = text.known() {
                    let known = known.to_owned();
                    self.number(&known, Span::default(), 0);
                }
                Value::hole(Bound::Number)
            }
        }
    }

    /// Where arithmetic assigns at all, its variables are no longer what they were.
    pub(crate) fn arithmetic_assignments(&mut self, parts: &[Part]) {
        let mut text = String::new();
        for part in parts {
            if let Part::Literal { text: literal, .. } = part {
                text.push_str(literal);
            }
        }
        let compared = text
            .replace("==", "")
            .replace("!=", "")
            .replace("<=", "")
            .replace(">=", "");
        // `<<=` and `>>=` assign as well.
        let assigns = compared.contains('=') || text.contains("<<=") || text.contains(">>=");
        if assigns || text.contains("++") || text.contains("--") {
            self.arithmetic_variables(parts);
        }
    }

    /// Variables that arithmetic may assign become numbers.
    pub(crate) fn arithmetic_variables(&mut self, parts: &[Part]) {
        for part in parts {
            if let Part::Literal { text, .. } = part {
                let names = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                for name in names.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')) {
                    self.state.set(name, Value::hole(Bound::Number));
                }
            }
        }
    }
}

/// Whether a value is one hole that could be anything.
pub(super) fn is_anything(value: &Value) -> bool {
    matches!(value.pieces.as_slice(), [Piece::Hole(Bound::Any)])
}
