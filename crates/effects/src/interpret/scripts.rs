//! Text that runs: inline shells, scripts, programs in other languages. Where the text is known it is looked into;
//! where it is not, its origin says how much that matters.

use placet_languages::{Text, What};
use placet_model::{Content, FileKind, Origin, Paths, Place, Qualifiers, Resource, Span, Understood, Verb};

use super::call::Call;
use super::{DEPTH, Interpreter};
use crate::paths::{self, Use};
use crate::syntax;
use crate::value::{Arg, Bound, Data, Piece, Taint, Value};

/// A file that is run.
enum Source {
    /// Its text, and where it comes from.
    Text(String, Origin),
    /// It is there, ordinary, not looked into.
    Assumed(Origin),
    /// Nothing is known of its text.
    Hidden(Origin),
}

impl Interpreter<'_> {
    /// `sh -c TEXT`: another shell runs it; the state here does not change.
    pub(crate) fn shell_text(&mut self, text: &Value, span: Span, by: &str) {
        self.subshell(|it| it.shell_here(text, span, by));
    }

    /// `eval TEXT`: this very shell runs it.
    pub(crate) fn shell_here(&mut self, text: &Value, span: Span, by: &str) {
        match readable(text) {
            Some(known) => self.nested(&known, span, by, by),
            None => match self.with_names(text) {
                Some((known, items)) => {
                    for (name, value) in items {
                        self.state.set(&name, value);
                    }
                    self.nested(&known, span, by, by);
                }
                None => self.unreadable(text, span, by),
            },
        }
    }

    /// Standard input that a shell runs.
    pub(crate) fn shell_data(&mut self, data: &Data, span: Span, by: &str) {
        match &data.text {
            Some(text) => self.shell_text(&text.clone().tainted(data.taint), span, by),
            None => self.unreadable(&Value::hole(Bound::Any).tainted(data.taint), span, by),
        }
    }

    /// Standard input that an interpreter of another language runs.
    pub(crate) fn code_data(&mut self, language: &str, data: &Data, span: Span, by: &str) {
        let value = match &data.text {
            Some(text) => text.clone().tainted(data.taint),
            None => Value::hole(Bound::Any).tainted(data.taint),
        };
        self.language_code(language, &value, span, by);
    }

    /// A text that runs but can't be read here.
    fn unreadable(&mut self, text: &Value, span: Span, by: &str) {
        if text.sets_up() {
            self.code(Origin::Toolchain, Understood::Assumed, by, span, by);
            return;
        }
        let origin = if text.taint.decoded {
            Origin::Undecodable
        } else if text.taint.fetched {
            Origin::Downloaded
        } else {
            Origin::Dynamic
        };
        self.code(origin, Understood::Not, by, span, by);
    }

    /// Parses and runs a text that is part of the action but not its own text.
    fn nested(&mut self, text: &str, span: Span, running: &str, by: &str) {
        if self.context.depth >= DEPTH {
            self.opaque("scripts that run scripts, too deep to be followed", span);
            return;
        }
        if crate::hidden::find(text).is_some() {
            self.opaque("characters that don't show: it reads otherwise than it runs", span);
        }
        self.texts = self.texts.saturating_add(1);
        let script = syntax::parse(text);
        let by = by.to_owned();
        let running = running.to_owned();
        self.within(
            |context| {
                context.depth += 1;
                context.inner = true;
                context.span.get_or_insert(span);
                context.running.push(running);
                let _ = by;
            },
            |it| it.items(&script.items),
        );
        self.state.diverted = false;
    }

    /// `source FILE` (`here`) and `bash FILE`.
    pub(crate) fn shell_file(&mut self, file: &Value, args: &[Arg], span: Span, here: bool) {
        let target = paths::target(file, &self.state.cwd, Use::Look, self.facts);
        if target.sensitivity == placet_model::Sensitivity::Secret {
            self.touch(crate::catalogue::table::PathRole::Read, file, span, "", None);
        }
        match self.source(file) {
            Source::Text(text, origin) => {
                let name = file.shown();
                let key = format!("file:{name}");
                if self.context.running.contains(&key) {
                    return;
                }
                self.code(origin, Understood::Fully, &name, span, "");
                let positional = args
                    .iter()
                    .all(|arg| !arg.many)
                    .then(|| args.iter().map(|arg| arg.value.clone()).collect());
                let outer =
                    (!args.is_empty() || !here).then(|| std::mem::replace(&mut self.state.positional, positional));
                let label = name.rsplit('/').next().unwrap_or(&name).to_owned();
                let previous = std::mem::replace(&mut self.context.by, label);
                let filed = std::mem::replace(&mut self.context.filed, origin == Origin::Project);
                let zero = std::mem::replace(&mut self.state.zero, file.clone());
                let posix = self.context.posix;
                self.context.posix |= !here && names_posix_shell(&text);
                if here {
                    self.nested(&text, span, &key, &name);
                } else {
                    self.subshell(|it| it.nested(&text, span, &key, &name));
                }
                self.context.posix = posix;
                self.state.zero = zero;
                self.context.by = previous;
                self.context.filed = filed;
                if let Some(outer) = outer {
                    self.state.positional = outer;
                }
            }
            Source::Assumed(origin) => self.code(origin, Understood::Assumed, &file.shown(), span, ""),
            Source::Hidden(origin) => self.code(origin, Understood::Not, &file.shown(), span, ""),
        }
    }

    /// A file that is run as a program in `language`; `any` goes by its first line and its name.
    pub(crate) fn script(&mut self, language: &str, file: &Value, args: &[Arg], span: Span, by: &str) {
        let guessed = if language == "any" {
            self.language_of(file)
        } else {
            language.to_owned()
        };
        if guessed == "go" {
            // `go run a.go b.go`: one program of several files.
            let files = args
                .iter()
                .take_while(|arg| arg.known().is_some_and(|name| name.ends_with(".go")));
            for more in files {
                self.script("go", &more.value, &[], more.span, by);
            }
        }
        let file = &self.main_of(&guessed, file);
        match guessed.as_str() {
            "shell" => self.shell_file(file, args, span, false),
            language => match self.source(file) {
                Source::Text(text, origin) if matches!(language, "sql" | "awk" | "sed" | "jq") => {
                    self.code(origin, Understood::Fully, &file.shown(), span, by);
                    self.language_code(language, &Value::text(text), span, by);
                }
                // What is in it changes the store, whoever wrote it.
                Source::Assumed(_) if language == "sql" => self.emit(
                    Verb::DbWrite,
                    Resource::Named(by.to_owned()),
                    Qualifiers::default(),
                    span,
                    by,
                ),
                Source::Text(text, origin) if language == "go" && origin != Origin::Project => {
                    let understood = crate::special::golang::program(self, &text, span, by);
                    self.code(origin, understood, &file.shown(), span, by);
                }
                Source::Text(text, origin) => {
                    if matches!(language, "php" | "lua") && origin != Origin::Project {
                        let shown = file.shown();
                        let understood = self.calls_of(language, &text, Some(&shown), span, by);
                        self.code(origin, understood, &file.shown(), span, by);
                        return;
                    }
                    let known = crate::code::language(language).is_some();
                    if !known {
                        // No parser here for the language: what was there before the session is ordinary.
                        let understood = if origin == Origin::Project {
                            Understood::Assumed
                        } else {
                            Understood::Not
                        };
                        self.code(origin, understood, &file.shown(), span, by);
                        return;
                    }
                    let full = paths::target(file, &self.state.cwd, Use::Look, self.facts)
                        .paths
                        .base()
                        .map(str::to_owned);
                    let mut understood = Understood::Not;
                    self.within(
                        |context| context.file = full,
                        |it| understood = it.languages(language, &text, file.known(), span, by),
                    );
                    self.code(origin, understood, &file.shown(), span, by);
                }
                Source::Assumed(origin) => self.code(origin, Understood::Assumed, &file.shown(), span, by),
                Source::Hidden(origin) => self.code(origin, Understood::Not, &file.shown(), span, by),
            },
        }
        let taint = self.stdin.taint;
        self.stdout.append(Data::unknown(Taint { data: true, ..taint }));
    }

    /// A directory that Python runs stands for its `__main__.py`.
    fn main_of(&self, language: &str, file: &Value) -> Value {
        let target = paths::target(file, &self.state.cwd, Use::Look, self.facts);
        match &target.paths {
            Paths::One(path) if language == "python" && self.facts.kind(path) == FileKind::Directory => {
                Value::text(format!("{path}/__main__.py"))
            }
            Paths::One(_) | Paths::Below(_) | Paths::Unknown => file.clone(),
        }
    }

    /// A module that is run by name: the project's own, or one that is installed.
    pub(crate) fn module(&mut self, language: &str, module: &Arg, call: &Call<'_>) {
        let by = call.name.as_str();
        let name = module.known().unwrap_or_default();
        if name.starts_with(['.', '/', '~']) {
            self.script(language, &module.value, &[], module.span, by);
        } else if language == "python" && self.own_module(name, module.span, by) {
            // Of the project, and looked into; it goes before one that is installed.
        } else if language == "python" && crate::catalogue::find(name).is_some() {
            // `python -m pip …` does what `pip …` does.
            let mut args = vec![module.clone()];
            args.extend(call.operands.iter().cloned());
            let environment = call.environment.to_vec();
            self.within(
                |context| context.inner = true,
                |it| it.invoke(&args, &environment, call.span),
            );
        } else {
            self.code(
                Origin::Toolchain,
                Understood::Assumed,
                &module.value.shown(),
                module.span,
                by,
            );
        }
    }

    /// A program named by an option's value.
    pub(crate) fn program_value(&mut self, value: &Value, span: Span, by: &str) {
        match value.known() {
            Some("") => {}
            Some(text) if text.contains(char::is_whitespace) => self.shell_text(&value.clone(), span, by),
            Some(_) => {
                let arg = Arg {
                    value: value.clone(),
                    span,
                    many: false,
                };
                self.within(
                    |context| context.inner = true,
                    |it| it.subshell(|it| it.capture(|it| it.invoke(&[arg], &[], span))),
                );
            }
            None => self.code(Origin::Dynamic, Understood::Not, by, span, by),
        }
    }

    /// Program text given in the command itself.
    pub(crate) fn language_code(&mut self, language: &str, text: &Value, span: Span, by: &str) {
        let Some(known) = readable(text) else {
            self.unreadable(text, span, by);
            return;
        };
        self.texts = self.texts.saturating_add(1);
        let understood = match language {
            "shell" => {
                self.shell_text(&Value::text(known), span, by);
                return;
            }
            "awk" => crate::special::awk::program(self, &known, span, by),
            "sed" => crate::special::sed::program(self, &known, span, by),
            "sql" => crate::special::sql::statements(self, &known, span, by),
            "jq" => {
                let _ = crate::special::jq_program::program(self, &known, span, by);
                return;
            }
            "gdb" => crate::special::debugger::program(&known),
            "go" => crate::special::golang::program(self, &known, span, by),
            "fish" => crate::fish::program(self, &known, span, by),
            "powershell" if crate::powershell::apply(self, &known, span) => Understood::Fully,
            "powershell" => Understood::Not,
            "php" | "lua" => self.calls_of(language, &known, None, span, by),
            other => self.languages(other, &known, None, span, by),
        };
        if matches!(language, "awk" | "sed" | "sql" | "gdb" | "fish" | "powershell") && understood == Understood::Fully
        {
            return;
        }
        self.code(Origin::Inline, understood, language, span, by);
    }

    /// Python and JavaScript: the effects that their analysis finds.
    fn languages(&mut self, language: &str, text: &str, file: Option<&str>, span: Span, by: &str) -> Understood {
        let Some(language) = crate::code::language(language) else {
            return Understood::Not;
        };
        let analysis = placet_languages::analyse(placet_languages::Code { language, text, file });
        crate::code::apply(self, &analysis, span, by)
    }

    /// PHP and Lua: the effects of the calls that the text makes. Files that it brings in by their paths are run as well.
    fn calls_of(&mut self, language: &str, text: &str, file: Option<&str>, span: Span, by: &str) -> Understood {
        let script = match language {
            "lua" => placet_languages::Script::Lua,
            _ => placet_languages::Script::Php(file.is_none()),
        };
        let mut analysis = placet_languages::analyse_script(script, text);
        let mut files = Vec::new();
        analysis.operations.retain(|operation| {
            if let What::ImportLocal(Text::Known(path)) = &operation.what
                && (language == "php" || path.contains('/') || path.ends_with(".lua"))
            {
                files.push(path.clone());
                return false;
            }
            true
        });
        let understood = crate::code::apply(self, &analysis, span, by);
        let directory = file
            .and_then(|file| file.rsplit_once('/'))
            .map(|(directory, _)| directory);
        for path in files {
            let path = match (path.strip_prefix("./"), directory) {
                (Some(below), Some(directory)) => format!("{directory}/{below}"),
                _ => path,
            };
            if self.followed.insert(format!("{language}:{path}")) {
                self.script(language, &Value::text(path), &[], span, by);
            }
        }
        if analysis.is_opaque() {
            Understood::Not
        } else {
            understood
        }
    }

    /// The text of a file that says what is run, and where it comes from; none where it is not looked into.
    pub(crate) fn text_of(&self, file: &Value) -> Option<(String, Origin)> {
        match self.source(file) {
            Source::Text(text, origin) => Some((text, origin)),
            Source::Assumed(_) | Source::Hidden(_) => None,
        }
    }

    fn source(&self, file: &Value) -> Source {
        let target = paths::target(file, &self.state.cwd, Use::Look, self.facts);
        let origin = match target.place {
            Place::Project => Origin::Project,
            // Text that the kernel makes is nobody's script.
            Place::Toolchain if !target.paths.base().is_some_and(paths::is_of_the_kernel) => Origin::Toolchain,
            Place::Toolchain
            | Place::Vital
            | Place::Temp
            | Place::Stream
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown => Origin::Outside,
        };
        let Paths::One(path) = &target.paths else {
            // Any of them may have come with what was downloaded.
            let fetched = file.taint.fetched || target.paths.base().is_some_and(|dir| self.holds_a_download(dir));
            return match (&target.paths, target.place) {
                _ if fetched => Source::Hidden(Origin::Downloaded),
                (Paths::Below(_), Place::Project | Place::Toolchain) => Source::Assumed(origin),
                _ => Source::Hidden(Origin::Dynamic),
            };
        };
        if let Some(written) = self.written_at(path) {
            let taint = written.data.taint;
            if written.built && !taint.fetched {
                return Source::Assumed(Origin::Toolchain);
            }
            return match written.data.text.as_ref().and_then(readable) {
                Some(text) => Source::Text(text, Origin::Session),
                None if written.data.text.as_ref().is_some_and(Value::sets_up) => Source::Assumed(Origin::Toolchain),
                None if taint.decoded => Source::Hidden(Origin::Undecodable),
                None if taint.fetched => Source::Hidden(Origin::Downloaded),
                None => Source::Hidden(Origin::Session),
            };
        }
        let in_text = self
            .state
            .written
            .iter()
            .any(|(dir, written)| written.data.taint.fetched && paths::within(path, dir));
        if in_text {
            return Source::Hidden(Origin::Downloaded);
        }
        if path == "/dev/stdin" || path == "/dev/fd/0" {
            return match self.stdin.text.as_ref().and_then(readable) {
                Some(text) => Source::Text(text, Origin::Inline),
                None if self.stdin.taint.fetched => Source::Hidden(Origin::Downloaded),
                None => Source::Hidden(Origin::Dynamic),
            };
        }
        let origin = if self.is_in_a_download(path) {
            Origin::Downloaded
        } else if self.facts.written_this_session(path) {
            Origin::Session
        } else {
            origin
        };
        if origin == Origin::Outside && paths::is_shell_start(path, self.facts.home()) {
            // Every shell of the user runs it anyway.
            return Source::Assumed(Origin::Toolchain);
        }
        // Installed by the user, as a program is; what can be read of it is still judged by what it does.
        let origin = if origin == Origin::Outside && paths::is_agent_extension(path, self.facts.home()) {
            Origin::Toolchain
        } else {
            origin
        };
        match self.facts.read(path) {
            Content::Text(text) => Source::Text(text, origin),
            Content::Ordinary => Source::Assumed(origin),
            // Built by the project's own tools: what it does follows from the project's code.
            Content::Unreadable if origin == Origin::Project && self.facts.kind(path) != FileKind::Missing => {
                Source::Assumed(origin)
            }
            Content::Missing | Content::Unreadable => Source::Hidden(origin),
        }
    }

    fn language_of(&self, file: &Value) -> String {
        let name = file.shown();
        let by_name = match name
            .rsplit('/')
            .next()
            .unwrap_or(&name)
            .rsplit_once('.')
            .map(|(_, extension)| extension)
        {
            Some("sh" | "bash" | "zsh") => "shell",
            Some("py") => "python",
            Some("js" | "mjs" | "cjs" | "jsx") => "javascript",
            Some("ts" | "mts" | "cts" | "tsx") => "typescript",
            Some("rb") => "ruby",
            Some("pl" | "pm") => "perl",
            Some("php") => "php",
            Some("lua") => "lua",
            Some(_) | None => "",
        };
        if let Source::Text(text, _) = self.source(file)
            && let Some(line) = text.lines().next().and_then(|line| line.strip_prefix("#!"))
        {
            let mut words = line.split_ascii_whitespace();
            let mut program = words.next().unwrap_or("").rsplit('/').next().unwrap_or("");
            if program == "env" {
                program = words
                    .find(|word| !word.starts_with('-') && !word.contains('='))
                    .unwrap_or("");
            }
            return match program {
                "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" => "shell",
                "node" | "nodejs" | "bun" => "javascript",
                "deno" | "tsx" | "ts-node" => "typescript",
                name if name.starts_with("python") => "python",
                name if name.starts_with("ruby") => "ruby",
                name if name.starts_with("perl") => "perl",
                name if name.starts_with("php") => "php",
                name if name.starts_with("lua") => "lua",
                _ => "unknown",
            }
            .to_owned();
        }
        if by_name.is_empty() {
            "shell".to_owned()
        } else {
            by_name.to_owned()
        }
    }

    /// A secret that ends up where the agent sees it.
    pub(crate) fn print_secret(&mut self, name: &str, span: Span, by: &str) {
        self.emit(
            Verb::PrintSecret,
            Resource::Named(name.to_owned()),
            Qualifiers::default(),
            span,
            by,
        );
    }
}

/// Whether the first line hands the script to a shell that may know POSIX alone.
fn names_posix_shell(text: &str) -> bool {
    let line = text.lines().next().and_then(|line| line.strip_prefix("#!"));
    line.is_some_and(|line| {
        line.split_ascii_whitespace()
            .any(|word| matches!(word.rsplit('/').next(), Some("sh" | "dash" | "ash")))
    })
}

/// The text of a value, with words that can't change its meaning in place of numbers and plain words.
pub(crate) fn readable(value: &Value) -> Option<String> {
    if let Some(text) = value.known() {
        return Some(text.to_owned());
    }
    let mut out = String::new();
    for piece in &value.pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Hole(Bound::Number | Bound::Pids(_)) => out.push('0'),
            Piece::Hole(Bound::Word) => out.push_str("word"),
            Piece::Hole(
                Bound::Any | Bound::Setup | Bound::Name | Bound::Below(_) | Bound::Relative | Bound::Printed(_),
            ) => {
                return None;
            }
        }
    }
    Some(out)
}
