//! Assignments: `NAME=value` alone, in front of a command, or as arguments of `export` and its like.

use placet_model::Span;

use super::Interpreter;
use super::state::Variable;
use crate::syntax::tree::{AssignedValue, Assignment};
use crate::value::{Arg, Bound, Value};

impl Interpreter<'_> {
    /// Performs the assignments of a simple command. With a command behind them they hold for it only, and are returned.
    pub(super) fn assignments(
        &mut self,
        list: &[Assignment],
        alone: bool,
        program: Option<&Arg>,
    ) -> Vec<(String, Value)> {
        let mut out = Vec::with_capacity(list.len());
        for assignment in list {
            let (value, array) = self.assigned(assignment);
            if alone {
                let exported = self
                    .state
                    .variables
                    .get(&assignment.name)
                    .is_some_and(|old| old.exported)
                    || self.state.exports_all
                    || super::environment::is_inherited(&assignment.name);
                self.special_assignment(assignment, &value);
                if exported {
                    self.environment_effect(&assignment.name, &value, assignment.span);
                }
                self.store(assignment, value, array, exported);
            } else {
                self.environment_of(program, &assignment.name, &value, assignment.span);
                out.push((assignment.name.clone(), value));
            }
        }
        out
    }

    fn assigned(&mut self, assignment: &Assignment) -> (Value, Option<Vec<Value>>) {
        if let Some(index) = &assignment.index {
            let subscript = self.value(index);
            self.subscript(&subscript, index.span);
        }
        match &assignment.value {
            AssignedValue::Scalar(word) => (self.value(word), None),
            AssignedValue::Array(elements) => {
                let mut values = Vec::new();
                let mut exact = true;
                for (index, word) in elements {
                    if let Some(index) = index {
                        let _ = self.value(index);
                        exact = false;
                    }
                    for arg in self.words(std::slice::from_ref(word)) {
                        exact &= !arg.many;
                        values.push(arg.value);
                    }
                }
                if assignment.name == "path" {
                    self.path_of_zsh(&values, assignment.span);
                }
                let first = values.first().cloned().unwrap_or_default();
                if exact {
                    (first, Some(values))
                } else {
                    (Value::hole(Bound::Any), None)
                }
            }
        }
    }

    /// In zsh the array `path` is `PATH`.
    fn path_of_zsh(&mut self, elements: &[Value], span: Span) {
        let mut joined = Value::default();
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                joined.push_text(":");
            }
            joined.push(element);
        }
        self.environment_effect("PATH", &joined, span);
    }

    fn store(&mut self, assignment: &Assignment, value: Value, array: Option<Vec<Value>>, exported: bool) {
        let name = &assignment.name;
        if assignment.index.is_some() {
            // One element of many: the others stay, so nothing exact is known of the whole.
            self.state.variables.insert(
                name.clone(),
                Variable {
                    value: Value::hole(Bound::Any).tainted(value.taint),
                    array: None,
                    exported,
                },
            );
            return;
        }
        if !assignment.append {
            self.state
                .variables
                .insert(name.clone(), Variable { value, array, exported });
            return;
        }
        let old = self.state.variables.remove(name);
        let variable = match (old, array) {
            (
                Some(Variable {
                    array: Some(mut elements),
                    value: first,
                    ..
                }),
                Some(more),
            ) => {
                elements.extend(more);
                Variable {
                    value: first,
                    array: Some(elements),
                    exported,
                }
            }
            (Some(old), None) if old.array.is_none() => {
                let mut text = old.value;
                text.push(&value);
                Variable {
                    value: text,
                    array: None,
                    exported,
                }
            }
            (None, None) => {
                let mut text = self.variable(name);
                text.push(&value);
                Variable {
                    value: text,
                    array: None,
                    exported,
                }
            }
            (None, Some(elements)) => Variable {
                value,
                array: Some(elements),
                exported,
            },
            (Some(old), _) => Variable {
                value: Value::hole(Bound::Any).tainted(old.value.taint.and(value.taint)),
                array: None,
                exported,
            },
        };
        self.state.variables.insert(name.clone(), variable);
    }

    /// `export NAME=value`, `declare NAME=value`: `text` is the argument after expansion.
    pub(super) fn declared(&mut self, argument: &Value, exported: bool, span: Span) {
        let prefix = argument.prefix().to_owned();
        let Some((name, _)) = prefix.split_once('=') else {
            if let Some(variable) = argument.known().and_then(|name| self.state.variables.get_mut(name)) {
                variable.exported |= exported;
                let (name, value) = (argument.shown(), variable.value.clone());
                if exported {
                    self.environment_effect(&name, &value, span);
                }
            }
            return;
        };
        let value = argument.skip(name.len() + 1).unwrap_or_default();
        let append = name.ends_with('+');
        let name = name.trim_end_matches('+').to_owned();
        if exported || self.state.exports_all || super::environment::is_inherited(&name) {
            self.environment_effect(&name, &value, span);
        }
        let value = if append {
            let mut all = self.variable(&name);
            all.push(&value);
            all
        } else {
            value
        };
        let array = self
            .state
            .variables
            .get(&name)
            .and_then(|old| old.array.clone())
            .filter(|_| argument.known().is_none());
        self.state.variables.insert(name, Variable { value, array, exported });
    }
}
