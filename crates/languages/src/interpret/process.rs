//! Opening and running in languages where one text may mean either: Perl and Ruby.

use crate::operation::{Text, What};
use crate::tree::Span;
use crate::value::{Origin, Shape, Value};

use super::Walk;
use super::call::Arguments;
use super::perform::option;

const CHOSEN: &str = "opens what may be a command";

impl Walk {
    /// One text for a shell, or a program with its arguments; variables before it and options after it.
    pub(super) fn run_either(&mut self, arguments: &Arguments, from: &Origin, span: Span) {
        let map = |value: &&Value| value.shapes.iter().any(|s| matches!(s, Shape::Map(..)));
        let mut words: Vec<&Value> = arguments.list.iter().collect();
        let variables = words.first().copied().filter(map);
        if variables.is_some() {
            words.remove(0);
        }
        words.retain(|value| !map(value) && !value.shapes.iter().any(|s| matches!(s, Shape::Function(..))));
        for shape in variables.iter().flat_map(|value| &value.shapes) {
            if let Shape::Map(entries, open) = shape {
                for (name, value) in entries.iter() {
                    self.set_environment(Text::Known(name.to_string()), value, span);
                }
                if *open {
                    self.set_environment(Text::Unknown, &Value::unknown(), span);
                }
            }
        }
        let directory = option(arguments, "chdir").map(|value| value.one_text());
        let list = words.iter().find(|value| {
            value
                .shapes
                .iter()
                .any(|s| matches!(s, Shape::List(_) | Shape::Each(_)))
        });
        let single = match words.as_slice() {
            [one] if arguments.more.is_none() && list.is_none() => Some(*one),
            _ => None,
        };
        if let Some(command) = single {
            for command in command.texts() {
                let directory = directory.clone();
                self.emit(What::RunShell { command, directory }, span, from);
            }
            return;
        }
        let mut argv = Vec::new();
        for word in &words {
            match word.shapes.as_slice() {
                // `popen(["ls", "-l"], "r")`: the list is all of it.
                [Shape::List(elements)] => {
                    argv = elements.iter().map(Value::one_text).collect();
                    break;
                }
                [Shape::Each(_)] => {
                    argv.push(Text::Unknown);
                    break;
                }
                _ => argv.push(word.one_text()),
            }
        }
        if arguments.more.is_some() || argv.is_empty() {
            argv.push(Text::Unknown);
        }
        self.emit(What::RunProgram { argv, directory }, span, from);
    }

    /// Ruby's `open`: a command after `|`, an address, or a file.
    pub(super) fn open_or_pipe(
        &mut self,
        path: Option<Value>,
        mode: Option<Value>,
        from: &Origin,
        span: Span,
        result: &mut Value,
    ) {
        let path = path.unwrap_or_else(Value::unknown);
        let mode = mode.filter(|mode| {
            !mode
                .shapes
                .iter()
                .any(|s| matches!(s, Shape::Map(..) | Shape::Function(..)))
        });
        for text in path.texts() {
            match text {
                Text::Known(name) if name.starts_with('|') => self.shell(Text::Known(name), 1, from, span),
                Text::Prefix(name) if name.starts_with('|') => self.shell(Text::Prefix(name), 1, from, span),
                Text::Known(name) | Text::Prefix(name) if is_address(&name) => {
                    result.from.add(&Origin::network(Text::Known(name.clone())));
                    self.emit(What::Fetch(Text::Prefix(name)), span, from);
                }
                Text::Known(_) => {
                    let modes = mode
                        .as_ref()
                        .map_or_else(|| vec![Text::Known("r".into())], Value::texts);
                    *result = self.open(&path, &modes, from, span).with(&result.from);
                }
                Text::Prefix(name) if !name.is_empty() => {
                    let modes = mode
                        .as_ref()
                        .map_or_else(|| vec![Text::Known("r".into())], Value::texts);
                    *result = self.open(&path, &modes, from, span).with(&result.from);
                }
                Text::Prefix(_) | Text::Unknown => {
                    let modes = mode
                        .as_ref()
                        .map_or_else(|| vec![Text::Known("r".into())], Value::texts);
                    *result = self.open(&path, &modes, from, span).with(&result.from);
                    self.emit(What::Dynamic(CHOSEN), span, from);
                }
            }
        }
    }

    fn shell(&mut self, text: Text, skip: usize, from: &Origin, span: Span) {
        let cut = |text: String| text.get(skip..).unwrap_or_default().trim().to_owned();
        let command = match text {
            Text::Known(text) => Text::Known(cut(text)),
            Text::Prefix(text) => Text::Prefix(cut(text)),
            Text::Unknown => Text::Unknown,
        };
        self.emit(
            What::RunShell {
                command,
                directory: None,
            },
            span,
            from,
        );
    }

    /// Perl's `open(HANDLE, MODE, NAME, …)` and `open(HANDLE, NAME)`. The handle is the first argument.
    pub(super) fn open_perl(&mut self, arguments: &Arguments, from: &Origin, span: Span, result: &mut Value) {
        if arguments.more.is_some() || arguments.list.len() < 2 {
            self.emit(What::Dynamic(CHOSEN), span, from);
            return;
        }
        let first = arguments.list.get(1).cloned().unwrap_or_else(Value::unknown);
        let Some(name) = arguments.list.get(2) else {
            for text in first.texts() {
                self.open_by_name(text, from, span, result);
            }
            return;
        };
        for mode in first.texts() {
            // `<:encoding(UTF-8)`: layers do not change what is opened.
            let mode = match &mode {
                Text::Known(mode) => mode.split(':').next().unwrap_or_default().trim().to_owned(),
                Text::Prefix(mode) if mode.contains(':') => {
                    mode.split(':').next().unwrap_or_default().trim().to_owned()
                }
                Text::Prefix(_) | Text::Unknown => String::new(),
            };
            let kind = match mode.as_str() {
                "<" => "r",
                ">" => "w",
                ">>" => "a",
                "+<" | "+>" | "+>>" => "r+",
                "-|" | "|-" => {
                    let rest = Arguments::of(arguments.list.iter().skip(2).cloned().collect());
                    self.run_either(&rest, from, span);
                    continue;
                }
                _ => {
                    self.emit(What::Dynamic(CHOSEN), span, from);
                    continue;
                }
            };
            // A reference to a text is a file in memory.
            if name.is_nothing() {
                continue;
            }
            *result = self
                .open(name, &[Text::Known(kind.into())], from, span)
                .with(&result.from);
        }
    }

    /// The name says how: `>out`, `cmd|`, `|cmd`.
    fn open_by_name(&mut self, text: Text, from: &Origin, span: Span, result: &mut Value) {
        let (whole, name) = match &text {
            Text::Known(name) => (true, name.trim().to_owned()),
            Text::Prefix(name) => (false, name.trim_start().to_owned()),
            Text::Unknown => (false, String::new()),
        };
        if let Some(command) = name.strip_prefix('|') {
            let command = command.trim().to_owned();
            let command = if whole {
                Text::Known(command)
            } else {
                Text::Prefix(command)
            };
            self.shell(command, 0, from, span);
            return;
        }
        if !whole {
            self.emit(What::Dynamic(CHOSEN), span, from);
            return;
        }
        if let Some(command) = name.strip_suffix('|') {
            self.shell(Text::Known(command.to_owned()), 0, from, span);
            return;
        }
        let (mode, path) = [(">>", "a"), ("+<", "r+"), ("+>", "r+"), (">", "w"), ("<", "r")]
            .into_iter()
            .find_map(|(sign, mode)| Some((mode, name.strip_prefix(sign)?)))
            .unwrap_or(("r", name.as_str()));
        let path = path.trim();
        if path == "-" || path.starts_with('&') {
            return;
        }
        let path = Value::text(path);
        *result = self
            .open(&path, &[Text::Known(mode.into())], from, span)
            .with(&result.from);
    }
}

fn is_address(name: &str) -> bool {
    ["http://", "https://", "ftp://"]
        .iter()
        .any(|scheme| name.starts_with(scheme))
}
