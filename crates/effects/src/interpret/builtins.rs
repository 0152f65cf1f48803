//! The shell's own commands that change how the rest of the text is read. Those that are ordinary programs as well
//! (`kill`, `test`, `pwd`) are in command files.

use placet_model::{Code, Origin, Qualifiers, Resource, Span, Understood, Verb};

use super::Interpreter;
use crate::catalogue::table::PathRole;
use crate::paths::{self, Dir, Use};
use crate::value::{Arg, Bound, Data, Taint, Value};

impl Interpreter<'_> {
    /// Runs a built-in; false if there is none of that name.
    pub(super) fn builtin(&mut self, name: &str, args: &[Arg], span: Span) -> bool {
        match name {
            "cd" | "pushd" | "chdir" => self.change_directory(name, args, span),
            "popd" => self.state.cwd = Dir::Unknown,
            "export" | "declare" | "typeset" | "local" | "readonly" => {
                let flags: String = args
                    .iter()
                    .filter_map(Arg::known)
                    .filter(|text| text.starts_with('-'))
                    .collect();
                let exported = name == "export" && !flags.contains('n') || flags.contains('x');
                self.named_variables(args);
                self.declared_kinds(name, &flags, args, span);
                for arg in args.iter().filter(|arg| !arg.value.prefix().starts_with('-')) {
                    self.declared(&arg.value, exported, arg.span);
                }
                // Without a name, every variable is printed with its value.
                let names_none = args.iter().all(|arg| arg.value.prefix().starts_with(['-', '+']));
                let prints = !flags.contains(['f', 'F']) && !matches!(name, "readonly" | "local");
                if args.is_empty() || names_none && (prints || flags.contains('p')) {
                    self.stdout.append(Data::unknown(Taint {
                        credential: true,
                        ..Taint::default()
                    }));
                }
            }
            "unset" => {
                self.named_variables(args);
                for name in args.iter().filter_map(Arg::known) {
                    self.state.variables.remove(name);
                    self.state.functions.remove(name);
                    if name == "HISTFILE" {
                        self.environment_effect("HISTFILE", &Value::default(), span);
                    }
                }
            }
            "eval" => {
                let mut text = Value::default();
                let many = args.iter().any(|arg| arg.many);
                for (index, arg) in args.iter().enumerate() {
                    if index > 0 {
                        text.push_text(" ");
                    }
                    text.push(&arg.value);
                }
                if many && text.known().is_some() {
                    text.push(&Value::hole(Bound::Any));
                }
                self.evaluated(&text, span);
            }
            "source" | "." => {
                if let Some(file) = args.iter().find(|arg| arg.known() != Some("--")) {
                    self.sourced(&file.value, args.get(1..).unwrap_or_default(), span);
                }
            }
            "exec" | "command" | "builtin" | "nocorrect" | "noglob" => self.prefixed(name, args, span),
            "time" => {
                let inner = args
                    .iter()
                    .position(|arg| arg.known() != Some("-p"))
                    .unwrap_or(args.len());
                self.invoke(args.get(inner..).unwrap_or_default(), &[], span);
            }
            "set" => self.set_options(args, span),
            "shift" => {
                let count = args
                    .first()
                    .and_then(Arg::known)
                    .and_then(|text| text.parse::<usize>().ok())
                    .unwrap_or(1);
                if let Some(values) = &mut self.state.positional {
                    values.drain(..count.min(values.len()));
                }
            }
            "trap" => self.trapped(args, span),
            "read" | "mapfile" | "readarray" => {
                self.reads(name, args, span);
                if name != "read" {
                    self.line_callback(args, span);
                }
            }
            "complete" => self.completion(args, span),
            "compgen" => {
                self.completion(args, span);
                self.stdout.append(Data::unknown(Taint::default()));
            }
            "bind" => self.key_binding(args, span),
            "wait" => {
                if let Some(at) = args.iter().position(|arg| arg.known() == Some("-p"))
                    && let Some(name) = args.get(at + 1)
                {
                    self.named_variable(&name.value, span);
                }
            }
            "alias" => {
                for arg in args {
                    let prefix = arg.value.prefix();
                    if let Some((name, _)) = prefix.split_once('=') {
                        let name = name.to_owned();
                        let value = arg.value.skip(name.len() + 1).unwrap_or_default();
                        self.set_up.aliases.insert(name.clone(), value.clone());
                        self.state.aliases.insert(name, value);
                    }
                }
            }
            "unalias" => {
                for name in args.iter().filter_map(Arg::known) {
                    self.state.aliases.remove(name);
                    self.set_up.aliases.remove(name);
                }
            }
            "exit" | "return" | "break" | "continue" | "logout" => self.state.diverted = true,
            "let" => {
                for arg in args {
                    if let Some(text) = arg.known() {
                        let text = text.to_owned();
                        self.number(&text, arg.span, 0);
                    }
                    if let Some((name, _)) = arg.value.prefix().split_once('=') {
                        let name = name.trim_end_matches(['+', '-', '*', '/', '%']).trim().to_owned();
                        self.state.set(&name, Value::hole(Bound::Number));
                    }
                }
            }
            "getopts" => {
                if let Some(name) = args.get(1).and_then(Arg::known) {
                    self.state.set(name, Value::hole(Bound::Word));
                    self.state.set("OPTARG", Value::hole(Bound::Any));
                }
            }
            "type" => self.stdout.append(Data::unknown(Taint::default())),
            "hash" => {
                if args.iter().any(|arg| {
                    arg.known()
                        .is_none_or(|text| text.starts_with('-') && text.contains('p'))
                }) {
                    self.opaque("`hash -p` makes a name stand for another program", span);
                }
            }
            "enable" => {
                if args.iter().any(|arg| {
                    arg.known()
                        .is_none_or(|text| text.starts_with('-') && text.contains(['f', 'n', 'd']))
                }) {
                    self.opaque("`enable` makes a name stand for another program", span);
                }
            }
            ":" | "jobs" | "bg" | "fg" | "disown" | "ulimit" | "umask" | "shopt" | "setopt" | "unsetopt"
            | "bindkey" | "autoload" | "zmodload" | "compopt" | "caller" | "dirs" | "suspend" | "times" | "zstyle"
            | "emulate" | "rehash" | "limit" | "builtins" => {}
            "history" => {
                if args.iter().any(|arg| {
                    arg.known()
                        .is_some_and(|text| matches!(text, "-c" | "-d" | "-w") || text.starts_with("-c"))
                }) {
                    self.environment_effect("HISTFILE", &Value::default(), span);
                } else {
                    self.shell_history(span);
                }
            }
            "fc" => {
                let lists = args
                    .first()
                    .and_then(Arg::known)
                    .is_some_and(|text| text.starts_with('-') && text.contains('l'));
                if lists {
                    self.shell_history(span);
                } else {
                    self.opaque("an earlier command, which can't be seen here, would run again", span);
                }
            }
            "test" | "[" => {
                if let Some(at) = args.iter().position(|arg| matches!(arg.known(), Some("-v" | "-R")))
                    && let Some(name) = args.get(at + 1)
                {
                    self.named_variable(&name.value, span);
                }
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Lists what was typed before: all of it, what others typed and passwords included.
    fn shell_history(&mut self, span: Span) {
        let file = Value::text(format!("{}/.bash_history", self.facts.home()));
        self.touch(PathRole::Read, &file, span, "history", None);
        self.stdout.append(Data::unknown(Taint {
            foreign: true,
            ..Taint::default()
        }));
    }

    /// `declare -i` computes what is assigned, `declare -n` makes a name stand for another variable.
    fn declared_kinds(&mut self, name: &str, flags: &str, args: &[Arg], span: Span) {
        if name == "export" || name == "readonly" {
            return;
        }
        if flags.contains('n') {
            self.opaque("a variable that stands for another one", span);
        }
        if flags.contains('i') {
            for arg in args.iter().filter(|arg| !arg.value.prefix().starts_with('-')) {
                let prefix = arg.value.prefix();
                let variable = prefix.split(['=', '+', '[']).next().unwrap_or(prefix).to_owned();
                if let Some((_, text)) = arg.known().and_then(|text| text.split_once('=')) {
                    let text = text.to_owned();
                    self.number(&text, span, 0);
                }
                self.state.integers.insert(variable);
            }
        }
    }

    fn change_directory(&mut self, name: &str, args: &[Arg], span: Span) {
        let target = args
            .iter()
            .find(|arg| !matches!(arg.known(), Some("--" | "-L" | "-P" | "-e" | "-q" | "-s")));
        let before = self.state.cwd.clone();
        self.state.cwd = match target {
            None if name == "pushd" => Dir::Unknown,
            None => Dir::At(self.facts.home().to_owned()),
            Some(arg) if arg.known() == Some("-") => self.state.previous.clone(),
            Some(arg) if arg.many => Dir::Unknown,
            Some(arg) => {
                let to = paths::directory(&arg.value, &self.state.cwd, self.facts);
                if matches!(&to, Dir::At(dir) if self.is_missing_directory(dir)) {
                    Dir::Unknown
                } else {
                    to
                }
            }
        };
        self.state.previous = before;
        let _ = span;
    }

    fn is_missing_directory(&self, dir: &str) -> bool {
        self.facts.kind(dir) == placet_model::FileKind::Missing
            && !self
                .state
                .written
                .keys()
                .any(|written| written == dir || paths::within(written, dir))
            && !self
                .state
                .written
                .iter()
                .any(|(made, written)| written.directory && paths::within(dir, made))
    }

    /// `eval TEXT`: the text is read again. Output of programs that print settings for this very purpose is known.
    fn evaluated(&mut self, text: &Value, span: Span) {
        if text.known() == Some("") {
            return;
        }
        self.shell_here(text, span, "eval");
    }

    fn prefixed(&mut self, name: &str, args: &[Arg], span: Span) {
        let mut at = 0;
        while let Some(text) = args
            .get(at)
            .and_then(Arg::known)
            .filter(|text| text.starts_with('-') && text.len() > 1)
        {
            if name == "command" && (text.contains('v') || text.contains('V')) {
                // Only tells where the command is.
                self.stdout
                    .append(Data::words(Bound::Below("/usr/bin".to_owned()), Taint::default()));
                return;
            }
            at += if name == "exec" && text.ends_with('a') { 2 } else { 1 };
            if text == "--" {
                break;
            }
        }
        let rest = args.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return;
        }
        let functions = if name == "exec" || name == "command" || name == "builtin" {
            std::mem::take(&mut self.state.functions)
        } else {
            Default::default()
        };
        self.within(|context| context.inner = true, |it| it.invoke(rest, &[], span));
        if !functions.is_empty() {
            let kept = functions.iter().map(|(name, body)| (name.clone(), body.clone()));
            self.state.functions.extend(kept);
        }
        if name == "exec" && self.context.depth == 0 {
            self.state.diverted = false; // what follows runs if the program can't be started
        }
    }

    fn set_options(&mut self, args: &[Arg], span: Span) {
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match arg.known() {
                Some("-o" | "+o") => {
                    // Where an option follows, it is read as one, and this one only lists.
                    let names = |text: &str| !text.starts_with(['-', '+']) && !text.is_empty();
                    if rest
                        .as_slice()
                        .first()
                        .is_some_and(|next| !next.known().is_none_or(names))
                    {
                        continue;
                    }
                    let option = rest.next().and_then(Arg::known);
                    match (arg.known(), option) {
                        (Some("+o"), Some("history")) => self.environment_effect("HISTFILE", &Value::default(), span),
                        (Some(sign), Some("allexport")) => self.state.exports_all = sign == "-o",
                        _ => {}
                    }
                }
                Some("--") => {
                    let values: Vec<Arg> = rest.cloned().collect();
                    self.state.positional = values
                        .iter()
                        .all(|arg| !arg.many)
                        .then(|| values.into_iter().map(|arg| arg.value).collect());
                    return;
                }
                Some(text) if text.starts_with('-') || text.starts_with('+') => {
                    if text.contains('a') {
                        self.state.exports_all = text.starts_with('-');
                    }
                }
                Some(_) | None => {
                    let values: Vec<Arg> = std::iter::once(arg.clone()).chain(rest.cloned()).collect();
                    self.state.positional = values
                        .iter()
                        .all(|arg| !arg.many)
                        .then(|| values.into_iter().map(|arg| arg.value).collect());
                    return;
                }
            }
        }
        if args.is_empty() {
            self.stdout.append(Data::unknown(Taint {
                credential: true,
                ..Taint::default()
            }));
        }
        let _ = span;
    }

    fn reads(&mut self, name: &str, args: &[Arg], span: Span) {
        let taint = self.stdin.taint;
        let value = match (&self.stdin.text, &self.stdin.words) {
            (Some(text), _)
                if name == "read"
                    && text
                        .known()
                        .is_some_and(|text| text.trim_end_matches('\n').lines().count() <= 1) =>
            {
                Value::text(text.known().unwrap_or_default().trim_end_matches('\n')).tainted(taint)
            }
            (_, Some(word)) => word.clone().tainted(taint),
            _ => Value::hole(Bound::Any).tainted(taint),
        };
        let mut skip = false;
        let mut names = Vec::new();
        for arg in args {
            if std::mem::take(&mut skip) {
                continue;
            }
            match arg.known() {
                Some(text) if text.starts_with('-') && text.len() > 1 => {
                    skip = text.ends_with(['d', 'n', 'N', 'p', 't', 'u', 'i', 'O', 's', 'c', 'C'])
                        && !(name == "read" && text.ends_with('s'));
                }
                Some(text) => names.push(text.to_owned()),
                None => {}
            }
        }
        if names.is_empty() {
            names.push(if name == "read" { "REPLY" } else { "MAPFILE" }.to_owned());
        }
        let several = names.len() > 1 || name != "read";
        for name in names {
            let each = if several && value.known().is_some() {
                Value::hole(Bound::Any).tainted(taint)
            } else {
                value.clone()
            };
            self.set_variable(&name, each, span);
        }
    }

    /// `source FILE`: its text runs in this very shell.
    fn sourced(&mut self, file: &Value, args: &[Arg], span: Span) {
        let target = paths::target(file, &self.state.cwd, Use::Look, self.facts);
        let path = target.paths.base().unwrap_or("?").to_owned();
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        let own = self.written_at(&path).is_some() || self.facts.written_this_session(&path);
        if matches!(target.paths, placet_model::Paths::One(_)) && name == "activate" && path.contains("/bin/") && !own {
            return; // a virtual environment's own script: sets PATH to the environment's programs
        }
        self.shell_file(file, args, span, true);
    }

    /// Records that code runs.
    pub(crate) fn code(&mut self, origin: Origin, understood: Understood, name: &str, span: Span, by: &str) {
        let code = Code {
            origin,
            understood,
            name: name.to_owned(),
        };
        self.emit(Verb::RunCode, Resource::Code(code), Qualifiers::default(), span, by);
    }
}
