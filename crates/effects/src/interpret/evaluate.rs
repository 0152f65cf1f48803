//! Texts that the shell expands a second time: subscripts, numbers, prompts. `declare`, `unset`, `read`, `printf -v`, `test -v`
//! and arithmetic run a substitution that stands in a subscript of their argument.

use placet_model::Span;

use super::Interpreter;
use crate::syntax;
use crate::syntax::tree::{Assignment, Part};
use crate::value::{Arg, Bound, Piece, Value};

/// How many variables a number may lead through.
const DEEPEST: u8 = 8;

impl Interpreter<'_> {
    /// A text that is expanded like one in double quotes.
    pub(crate) fn expanding(&mut self, text: &str, span: Span) {
        if !text.contains(['$', '`']) || !self.step(span) {
            return;
        }
        let word = syntax::parse_expanding(text);
        self.within(
            |context| {
                context.span.get_or_insert(span);
                context.depth = context.depth.saturating_add(1);
            },
            |it| {
                let deep = it.context.depth >= super::DEPTH;
                if deep {
                    it.opaque("texts that are expanded again and again", span);
                } else {
                    let _ = it.value(&word);
                }
            },
        );
    }

    /// The name of a variable as an argument: a subscript in it is expanded.
    pub(crate) fn named_variable(&mut self, value: &Value, span: Span) {
        match value.known() {
            Some(text) => {
                if let Some((_, subscript)) = text.split_once('[') {
                    let subscript = subscript.to_owned();
                    self.number(&subscript, span, 0);
                }
            }
            None if value.taint.fetched || value.taint.decoded => {
                self.opaque(
                    "the name of a variable comes from outside, and may hold a command",
                    span,
                );
            }
            None => {
                let anything = value.pieces.contains(&Piece::Hole(Bound::Any));
                if anything && value.prefix().contains('[') {
                    self.opaque(
                        "a subscript that can't be told is computed, and may hold a command",
                        span,
                    );
                }
            }
        }
    }

    /// A subscript that was expanded once, and is computed.
    pub(super) fn subscript(&mut self, value: &Value, span: Span) {
        if let Some(text) = value.known().filter(|text| !text.bytes().all(|b| b.is_ascii_digit())) {
            let text = text.to_owned();
            self.number(&text, span, 0);
        } else if value.known().is_none() && (value.taint.fetched || value.taint.decoded) {
            self.opaque("a subscript comes from outside, and may hold a command", span);
        }
    }

    /// The names among arguments.
    pub(super) fn named_variables(&mut self, args: &[Arg]) {
        for arg in args.iter().filter(|arg| !arg.value.prefix().starts_with('-')) {
            let name = match arg.value.prefix().split_once('=') {
                Some((name, _)) => Value::text(name),
                None => arg.value.clone(),
            };
            self.named_variable(&name, arg.span);
        }
    }

    /// A text that is computed: its substitutions run, and those in the variables it names.
    pub(super) fn number(&mut self, text: &str, span: Span, depth: u8) {
        if depth > DEEPEST {
            self.opaque("a number that leads through too many variables", span);
            return;
        }
        self.expanding(text, span);
        let names: Vec<&str> = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
            .collect();
        for name in names {
            let outside = self.state.variables.get(name).is_some_and(|variable| {
                let value = &variable.value;
                value.known().is_none() && (value.taint.fetched || value.taint.decoded)
            });
            if outside {
                self.opaque("a number comes from outside, and may hold a command", span);
            }
            let held = self.state.variables.get(name).and_then(|variable| {
                let text = variable.value.known()?;
                // Only a text that is no plain number or name leads on.
                text.contains(|c: char| !c.is_ascii_digit()).then(|| text.to_owned())
            });
            if let Some(held) = held.filter(|held| held != text) {
                self.number(&held, span, depth + 1);
            }
        }
    }

    /// Sets a variable by another way than an assignment: programs may obey it all the same.
    pub(crate) fn set_variable(&mut self, name: &str, value: Value, span: Span) {
        self.named_variable(&Value::text(name), span);
        let base = name.split('[').next().unwrap_or(name);
        let exported = self.state.variables.get(base).is_some_and(|old| old.exported)
            || self.state.exports_all
            || super::environment::is_inherited(base);
        if exported {
            self.environment_effect(base, &value, span);
        }
        self.state.set(base, value);
    }

    /// A variable that is computed when it is assigned (`declare -i`), or stands for another one (`declare -n`).
    pub(super) fn special_assignment(&mut self, assignment: &Assignment, value: &Value) {
        if self.state.integers.contains(&assignment.name)
            && let Some(text) = value.known()
        {
            let text = text.to_owned();
            self.number(&text, assignment.span, 0);
        }
    }

    /// The words of `[[ … ]]`: around `-eq` and its like, and behind `-v`, they are computed.
    pub(super) fn computed_condition(&mut self, words: &[crate::syntax::tree::Word], values: &[Value]) {
        let computes = words.iter().any(|word| match word.parts.as_slice() {
            [Part::Literal { text, .. }] => {
                matches!(
                    text.as_str(),
                    "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" | "-v" | "-R"
                )
            }
            _ => false,
        });
        if !computes {
            return;
        }
        for (word, value) in words.iter().zip(values) {
            if let Some(text) = value.known() {
                let text = text.to_owned();
                self.number(&text, word.span, 0);
            }
        }
    }
}
