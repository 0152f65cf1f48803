//! What a text sets up without running it: functions, aliases, traps, key bindings, completions, callbacks. At the end it is
//! judged as if it had run, since a shell may live longer than one text. What runs now is in `invoke`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use placet_model::{Qualifiers, Resource, Span, Verb};

use super::Interpreter;
use crate::catalogue;
use crate::syntax;
use crate::syntax::tree::Command;
use crate::value::{Arg, Bound, Data, Taint, Value};

/// Built-ins that a function or an alias could stand in front of; programs are found in the catalogue.
const BUILTINS: &[&str] = &[
    ".",
    ":",
    "alias",
    "bind",
    "builtin",
    "cd",
    "command",
    "complete",
    "declare",
    "enable",
    "eval",
    "exec",
    "exit",
    "export",
    "hash",
    "history",
    "jobs",
    "let",
    "local",
    "mapfile",
    "popd",
    "pushd",
    "read",
    "readarray",
    "readonly",
    "return",
    "set",
    "shift",
    "shopt",
    "source",
    "time",
    "trap",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
    "wait",
];

/// Functions that the shell calls by itself.
const CALLED_BY_SHELL: &[&str] = &[
    "command_not_found_handle",
    "command_not_found_handler",
    "precmd",
    "preexec",
    "chpwd",
];

/// What waits to be judged.
#[derive(Default)]
pub(crate) struct SetUp {
    /// Functions, also those of a shell that has ended.
    pub(super) functions: BTreeMap<String, Rc<Command>>,
    /// Functions that ran.
    pub(super) called: BTreeSet<String>,
    /// Aliases.
    pub(super) aliases: BTreeMap<String, Value>,
}

impl Interpreter<'_> {
    /// Remembers a function that was just defined. One of a file that was there before matters only if a later call would
    /// be taken for something else; any other name is one of a program that nobody knows.
    pub(super) fn defined(&mut self, name: &str) {
        if let Some(body) = self.state.functions.get(name).cloned()
            && (!self.context.filed || shadows(name))
        {
            self.set_up.functions.insert(name.to_owned(), body);
        }
    }

    /// Judges what the text has set up and not run.
    pub(crate) fn settle_later(&mut self, span: Span) {
        self.state.diverted = false;
        self.context.unsure = true;
        for (name, value) in std::mem::take(&mut self.set_up.aliases) {
            self.aliased_later(&name, &value, span);
        }
        let functions = std::mem::take(&mut self.set_up.functions);
        let waiting: Vec<String> = functions
            .keys()
            .filter(|name| !self.set_up.called.contains(*name))
            .cloned()
            .collect();
        if waiting.is_empty() {
            return;
        }
        self.state.functions.extend(functions);
        // Those that others call get their arguments from there; the rest may be called with anything.
        let called = self.set_up.called.clone();
        self.quietly(|it| waiting.iter().for_each(|name| it.function_later(name)));
        let by_others = std::mem::replace(&mut self.set_up.called, called);
        let (inner, outer): (Vec<&String>, Vec<&String>) = waiting.iter().partition(|name| by_others.contains(*name));
        for name in outer.into_iter().chain(inner) {
            if !self.set_up.called.contains(name) {
                self.function_later(name);
                self.set_up.called.insert(name.clone());
            }
        }
    }

    fn function_later(&mut self, name: &str) {
        let Some(body) = self.state.functions.get(name).cloned() else {
            return;
        };
        let unknown = Data::unknown(Taint {
            foreign: true,
            ..Taint::default()
        });
        let positional = self.state.positional.take();
        self.within(
            |context| {
                context.running.push(name.to_owned());
                context.depth = context.depth.saturating_add(1);
            },
            |it| it.subshell(|it| it.with_stdin(unknown, |it| it.capture(|it| it.command(&body)))),
        );
        self.state.positional = positional;
    }

    /// `alias NAME=TEXT`. Another name gets its arguments judged when it is used; under the name of a program, the call
    /// would be judged as that program's.
    fn aliased_later(&mut self, name: &str, value: &Value, span: Span) {
        let first = value.known().and_then(|text| {
            let script = syntax::parse(text);
            let commands = syntax::walk::simple_commands(&script.items);
            let word = commands.first()?.words.first()?.clone();
            drop(commands);
            self.value(&word).known().map(str::to_owned)
        });
        if shadows(name) && first.as_deref() != Some(name) {
            self.opaque(&format!("`{name}` would stand for something else from now on"), span);
        } else if super::readable(value).is_none() {
            return; // a call of it is one of a program that nobody knows
        }
        self.within(
            |context| context.running.push(name.to_owned()),
            |it| {
                it.capture(|it| it.shell_text(value, span, name));
            },
        );
    }

    /// `trap 'TEXT' SIGNAL`: the text runs at some time, so it runs; for `DEBUG` before every command from now on.
    pub(super) fn trapped(&mut self, args: &[Arg], span: Span) {
        let operands: Vec<&Arg> = args
            .iter()
            .filter(|arg| !matches!(arg.known(), Some("-l" | "-p" | "--")))
            .collect();
        let Some((text, signals)) = operands.split_first() else {
            return;
        };
        if text.known() == Some("") {
            self.ignores(signals, span);
        }
        if signals.is_empty() || matches!(text.known(), Some("-" | "")) {
            return;
        }
        let before = self.analysis.effects.list.len();
        let value = text.value.clone();
        // What it prints comes out where the script's own output does.
        self.within(
            |context| context.unsure = true,
            |it| it.subshell(|it| it.shell_here(&value, span, "trap")),
        );
        let always = signals
            .iter()
            .any(|signal| matches!(signal.known(), Some("DEBUG" | "debug") | None));
        if always && self.analysis.effects.list.len() > before {
            self.persists("a command before every command", span);
        }
    }

    /// `trap '' SIGNAL`: nothing happens any more when it comes. Those by which a person or the system stops a program are
    /// meant to be heard, also by everything that it starts.
    fn ignores(&mut self, signals: &[&Arg], span: Span) {
        let stops = |signal: &&Arg| {
            signal.known().is_none_or(|name| {
                let name = name.to_ascii_uppercase();
                let name = name.strip_prefix("SIG").unwrap_or(&name);
                matches!(name, "INT" | "TERM" | "QUIT" | "2" | "3" | "15")
            })
        };
        if signals.iter().any(stops) {
            self.persists("programs that can't be interrupted", span);
        }
    }

    /// `complete` and `compgen`: `-C COMMAND` runs, `-W WORDS` is expanded, when something is completed.
    pub(super) fn completion(&mut self, args: &[Arg], span: Span) {
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match arg.known() {
                Some("-C") => {
                    if let Some(command) = rest.next() {
                        self.kept(
                            "a command when something is completed",
                            &command.value,
                            span,
                            "complete",
                        );
                    }
                }
                Some("-W" | "-P" | "-S" | "-G" | "-X") => {
                    if let Some(text) = rest.next().and_then(Arg::known) {
                        self.expanding(text, span);
                    }
                }
                Some(text) if text.starts_with('-') && !text.starts_with("--") && text.len() > 2 => {
                    if text.contains(['C', 'W', 'G']) {
                        self.opaque("a completion that can't be told", span);
                    }
                }
                Some(_) => {}
                None => self.opaque("a completion that can't be told", span),
            }
        }
    }

    /// `bind`: `-x KEYS:COMMAND` runs a command, `KEYS:"TEXT"` types a text, `-f FILE` reads both from a file.
    pub(super) fn key_binding(&mut self, args: &[Arg], span: Span) {
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match arg.known() {
                Some("-x") => match rest.next().and_then(Arg::known).and_then(bound_to) {
                    Some(command) => {
                        let command = command.trim_matches('"').to_owned();
                        self.kept("a command at a key", &Value::text(command), span, "bind");
                    }
                    None => self.opaque("a key would run a command that can't be told", span),
                },
                Some("-m" | "-q" | "-u" | "-r") => {
                    rest.next();
                }
                Some(text) if text.starts_with('-') => {
                    if text.contains(['f', 'x']) {
                        self.opaque("keys would be bound by a file or command that can't be told", span);
                    }
                }
                Some(text) if text.starts_with("set ") => {}
                // A macro types its text, with the key that runs it.
                Some(text) => {
                    if bound_to(text).is_some_and(|to| to.starts_with(['"', '\''])) {
                        self.opaque("a key would type a text, which can be a command", span);
                    }
                }
                None => self.opaque("a key binding that can't be told", span),
            }
        }
    }

    /// A command that the shell keeps and runs again and again, whenever something happens.
    fn kept(&mut self, when: &str, command: &Value, span: Span, by: &str) {
        let before = self.analysis.effects.list.len();
        self.capture(|it| it.shell_text(command, span, by));
        if self.analysis.effects.list.len() > before {
            self.persists(when, span);
        }
    }

    /// `mapfile -C CALLBACK`: runs now, once for every few lines, with a number and the line.
    pub(super) fn line_callback(&mut self, args: &[Arg], span: Span) {
        let callback = args.iter().enumerate().find_map(|(index, arg)| {
            let text = arg.value.prefix();
            let at = text.starts_with('-').then(|| text.find('C')).flatten()?;
            match arg.value.skip(at + 1).filter(|value| !value.pieces.is_empty()) {
                Some(attached) => Some(attached),
                None => args.get(index + 1).map(|next| next.value.clone()),
            }
        });
        let Some(callback) = callback else { return };
        let line = match &self.stdin.text {
            Some(text) => text.clone().tainted(self.stdin.taint),
            None => Value::hole(Bound::Any).tainted(self.stdin.taint),
        };
        let mut text = callback;
        text.push_text(" \"$1\" \"$2\"");
        let arguments = Some(vec![Value::hole(Bound::Number), line]);
        let outer = std::mem::replace(&mut self.state.positional, arguments);
        self.shell_here(&text, span, "mapfile");
        self.state.positional = outer;
    }

    pub(super) fn persists(&mut self, what: &str, span: Span) {
        self.emit(
            Verb::Persist,
            Resource::Named(what.to_owned()),
            Qualifiers::default(),
            span,
            "",
        );
    }
}

/// What a line of `bind` binds its keys to: the part behind the colon that ends the keys.
fn bound_to(line: &str) -> Option<&str> {
    let line = line.trim();
    let keys = match line.strip_prefix('"') {
        Some(quoted) => {
            let mut escaped = false;
            let end = quoted.char_indices().find_map(|(at, c)| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends.then_some(at)
            })?;
            quoted.get(end + 1..)?
        }
        None => line.get(line.find(':')?..)?,
    };
    Some(keys.trim_start().strip_prefix(':')?.trim())
}

/// Whether a call of this name would be taken for something else, or happens by itself.
fn shadows(name: &str) -> bool {
    BUILTINS.contains(&name) || CALLED_BY_SHELL.contains(&name) || catalogue::find(name).is_some()
}
