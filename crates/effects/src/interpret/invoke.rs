//! One simple command: what its name stands for, and handing it to whoever knows. No knowledge of programs here.

use placet_model::{Code, Origin, Paths, Place, Qualifiers, Resource, Span, Standing, Understood, Verb};

use super::call::{self, Doubt};
use super::{DEPTH, Interpreter};
use crate::analysis::Invocation;
use crate::catalogue;
use crate::catalogue::table::{Command, Unknown};
use crate::paths::{self, Use};
use crate::syntax::tree::{Part, Simple};
use crate::value::{Arg, Bound, Data, Piece, Value};

impl Interpreter<'_> {
    /// Runs a simple command of the tree.
    pub(super) fn simple(&mut self, simple: &Simple) {
        if !self.step(simple.span) {
            return;
        }
        let piped = std::mem::take(&mut self.context.piped);
        let args = self.words(&simple.words);
        let whole = self.unsplit(simple, &args);
        let alone = args.is_empty() && simple.words.is_empty();
        let environment = self.assignments(&simple.assignments, alone, args.first());
        let name = args.first().and_then(Arg::known).unwrap_or("").to_owned();
        if simple.redirections.is_empty() {
            self.also_unsplit(whole.as_deref(), &environment, simple.span);
            self.invoke(&args, &environment, simple.span);
        } else {
            self.context.piped = piped;
            self.redirected(&simple.redirections, &name, |it| {
                if args.is_empty() {
                    // `$(< file)` is the file's content.
                    let data = it.stdin.clone();
                    it.stdout.append(data);
                } else {
                    it.also_unsplit(whole.as_deref(), &environment, simple.span);
                    it.invoke(&args, &environment, simple.span);
                }
            });
        }
    }

    /// The words as zsh has them, where unquoted expansions are not split; `None` if that is no difference.
    fn unsplit(&mut self, simple: &Simple, args: &[Arg]) -> Option<Vec<Arg>> {
        let expands = |part: &Part| match part {
            Part::Parameter(parameter) => !parameter.quoted,
            Part::Command { quoted, .. } => !quoted,
            Part::Literal { .. } | Part::Arithmetic { .. } | Part::Process { .. } => false,
        };
        let words = simple.words.get(1..)?;
        if self.context.second
            || args.len() <= simple.words.len()
            || !words.iter().any(|word| word.parts.iter().any(expands))
        {
            return None;
        }
        let outer = std::mem::replace(&mut self.whole_words, true);
        let mut whole = None;
        self.quietly(|it| whole = Some(it.subshell(|it| it.words(&simple.words))));
        self.whole_words = outer;
        whole.filter(|whole| whole.as_slice() != args)
    }

    /// What zsh would do with these words, as far as it runs text that the other reading takes apart: `sh -c $text`.
    fn also_unsplit(&mut self, args: Option<&[Arg]>, environment: &[(String, Value)], span: Span) {
        let Some(args) = args else { return };
        let (effects, invocations, texts) = (
            self.analysis.effects.list.len(),
            self.analysis.invocations.len(),
            self.texts,
        );
        self.within(
            |context| context.second = true,
            |it| it.subshell(|it| it.capture(|it| it.invoke(args, environment, span))),
        );
        self.analysis.invocations.truncate(invocations);
        if self.texts == texts {
            self.analysis.effects.list.truncate(effects);
        }
    }

    /// Runs a program, function or built-in with these words.
    pub(crate) fn invoke(&mut self, args: &[Arg], environment: &[(String, Value)], span: Span) {
        let Some((head, rest)) = args.split_first() else { return };
        if !self.step(span) {
            return;
        }
        let Some(name) = head.known() else {
            self.computed(head, rest, span);
            return;
        };
        if name.is_empty() {
            return;
        }
        self.record_invocation(args, span);
        if name.starts_with('=') {
            // zsh replaces `=name` by the program's path.
            self.opaque("a command whose name begins with `=` is another one in zsh", span);
            return;
        }
        if name.split('/').next().is_some_and(|first| first.contains('=')) {
            self.opaque(
                "a word that looks like an assignment stands where a program is started",
                span,
            );
            return;
        }
        if let Some(function) = self.state.functions.get(name).cloned() {
            self.function(name, &function, rest, span);
            return;
        }
        if let Some(alias) = self.state.aliases.get(name).cloned() {
            self.alias(name, &alias, rest, span);
        }
        if name.contains('/') {
            self.path_program(name, head, rest, environment, span);
            return;
        }
        if self.builtin(name, rest, span) {
            return;
        }
        match catalogue::find(name) {
            Some(command) => self.program(name, command, rest, environment, span),
            None => self.unknown_program(name, rest, environment, span),
        }
    }

    /// A known program.
    pub(crate) fn program(
        &mut self,
        name: &str,
        command: &'static Command,
        args: &[Arg],
        environment: &[(String, Value)],
        span: Span,
    ) {
        let call = call::read(name, command, args, environment, span);
        if let Some((external, program, at)) = external(name, &call, args) {
            // What stands before the word is the first program's own: `git -C dir annex add`.
            let own = args.get(..at).unwrap_or_default();
            if !own.is_empty() {
                self.program(name, command, own, environment, span);
            }
            let rest = args.get(at + 1..).unwrap_or_default();
            self.program(&external, program, rest, environment, span);
            return;
        }
        if environment.is_empty() && asks_for_help(command, &call, args) {
            self.stdout.append(Data::unknown(crate::value::Taint {
                data: true,
                ..Default::default()
            }));
            return;
        }
        for (at, doubt) in call.doubts.iter().enumerate() {
            match doubt {
                Doubt::Option(option, span, Unknown::Opaque | Unknown::Program) => {
                    self.opaque(&format!("what `{option}` of `{}` does is not known", call.name), *span);
                }
                Doubt::Subcommand(word, span, Unknown::Program) => {
                    self.emit(
                        Verb::RunProgram,
                        Resource::Program(format!("{name}-{word}")),
                        Qualifiers::default(),
                        *span,
                        &call.name,
                    );
                }
                Doubt::Subcommand(word, span, Unknown::Opaque) => {
                    self.opaque(&format!("what `{} {word}` does is not known", call.name), *span);
                }
                Doubt::Option(_, _, Unknown::Ignore) | Doubt::Subcommand(_, _, Unknown::Ignore) => {}
                Doubt::Name(arg) => {
                    if super::condition::has_carriers(&call, at) && self.may_be_option(arg) {
                        self.opaque(&format!("a file's name may be an option of `{}`", call.name), arg.span);
                    }
                }
                Doubt::Head(arg) => {
                    if self.may_be_subcommand(arg, &call) {
                        self.opaque(
                            &format!("a file's name may be a subcommand of `{}`", call.name),
                            arg.span,
                        );
                    }
                }
                Doubt::Word(span) => {
                    if super::condition::has_carriers(&call, at) {
                        self.opaque(
                            &format!("a word that can't be told may be an option of `{}`", call.name),
                            *span,
                        );
                    }
                }
            }
        }
        let here = self.talks_here(&call);
        let outer = std::mem::replace(&mut self.here, here);
        self.apply(&call);
        self.here = outer;
    }

    /// A command whose name is computed at run time.
    fn computed(&mut self, head: &Arg, rest: &[Arg], span: Span) {
        self.record_invocation(&[std::slice::from_ref(head), rest].concat(), span);
        let paths = paths::paths(&head.value, &self.state.cwd);
        let spelt_as_path = head.value.pieces.iter().any(|piece| match piece {
            Piece::Text(text) => text.contains('/'),
            Piece::Hole(bound) => matches!(bound, Bound::Below(_) | Bound::Relative | Bound::Printed(_)),
        });
        if let (Paths::Below(dir), true) = (paths, spelt_as_path) {
            let target = paths::below(&dir, false, Use::Look, self.facts);
            if target.place == Place::Project {
                let code = Code {
                    origin: Origin::Project,
                    understood: Understood::Partly,
                    name: head.value.shown(),
                };
                self.emit(Verb::RunCode, Resource::Code(code), Qualifiers::default(), span, "");
                return;
            }
        }
        let taint = head.value.taint;
        if taint.fetched || taint.decoded {
            let origin = if taint.decoded {
                Origin::Undecodable
            } else {
                Origin::Downloaded
            };
            let code = Code {
                origin,
                understood: Understood::Not,
                name: head.value.shown(),
            };
            self.emit(Verb::RunCode, Resource::Code(code), Qualifiers::default(), span, "");
            return;
        }
        self.opaque("the name of the command is only known when it runs", span);
        // What could be in its place may also be given what the arguments name: nothing more can be said.
        let taint = super::words::taint(rest);
        self.stdout.append(Data::unknown(taint));
    }

    fn function(&mut self, name: &str, body: &std::rc::Rc<crate::syntax::tree::Command>, args: &[Arg], span: Span) {
        if self.context.running.iter().any(|running| running == name) || self.context.depth >= DEPTH {
            self.opaque(&format!("the function `{name}` calls itself"), span);
            return;
        }
        if !self.set_up.called.contains(name) {
            self.set_up.called.insert(name.to_owned());
        }
        let positional = args
            .iter()
            .all(|arg| !arg.many)
            .then(|| args.iter().map(|arg| arg.value.clone()).collect());
        let outer = std::mem::replace(&mut self.state.positional, positional);
        let body = body.clone();
        self.within(
            |context| {
                context.running.push(name.to_owned());
                context.depth += 1;
                // Effects inside point to the body's text, which is part of the action.
            },
            |it| it.command(&body),
        );
        self.state.positional = outer;
        self.state.diverted = false;
    }

    /// Aliases are not expanded in scripts, but the text may be meant for a shell that does: both readings hold.
    fn alias(&mut self, name: &str, alias: &Value, rest: &[Arg], span: Span) {
        if self.context.running.iter().any(|running| running == name) {
            return;
        }
        let mut text = alias.clone();
        for arg in rest {
            text.push_text(" ");
            text.push(&arg.value);
        }
        self.within(
            |context| context.running.push(name.to_owned()),
            |it| it.shell_text(&text, span, name),
        );
    }

    /// A program given by its path.
    fn path_program(&mut self, path: &str, head: &Arg, rest: &[Arg], environment: &[(String, Value)], span: Span) {
        let base = path.rsplit('/').next().unwrap_or(path);
        let target = paths::target(&head.value, &self.state.cwd, Use::Look, self.facts);
        let full = target.paths.base().unwrap_or(path).to_owned();
        if self.written_at(&full).is_none() && !self.facts.written_this_session(&full) {
            let usual = target.place == Place::Toolchain && !paths::is_of_the_kernel(&full);
            let installed = target.place == Place::Project
                && (full.contains("/node_modules/.bin/")
                    || full.contains("/bin/") && self.facts.standing(&full) == Standing::Regenerable);
            let wrapper = matches!(base, "gradlew" | "mvnw") && target.place == Place::Project;
            if (usual || installed || wrapper) && !base.is_empty() {
                if self.builtin(base, rest, span) {
                    return;
                }
                match catalogue::find(base) {
                    Some(command) => self.program(base, command, rest, environment, span),
                    None if installed => {
                        let code = Code {
                            origin: Origin::Toolchain,
                            understood: Understood::Assumed,
                            name: base.to_owned(),
                        };
                        self.emit(Verb::RunCode, Resource::Code(code), Qualifiers::default(), span, base);
                    }
                    None => self.unknown_program(base, rest, environment, span),
                }
                return;
            }
        }
        if base == "configure" {
            self.configured(rest, base);
        }
        self.script("any", &head.value, rest, span, base);
    }

    /// `./configure NAME=VALUE --cache-file=FILE`: variables for what it starts, and a file that it loads.
    fn configured(&mut self, args: &[Arg], by: &str) {
        for arg in args {
            let Some((name, _)) = arg.value.prefix().split_once('=') else {
                continue;
            };
            let name = name.to_owned();
            let value = arg.value.skip(name.len() + 1).unwrap_or_default();
            if name == "--cache-file" {
                self.named_code(&value, arg.span, by);
            } else if !name.starts_with('-') {
                self.environment_effect(&name, &value, arg.span);
            }
        }
    }

    /// A program that no table describes.
    pub(crate) fn unknown_program(&mut self, name: &str, args: &[Arg], environment: &[(String, Value)], span: Span) {
        // A variable in front may name a pager or a library, which help would start.
        if !(environment.is_empty() && only_asks(args)) {
            self.emit(
                Verb::RunProgram,
                Resource::Program(name.to_owned()),
                Qualifiers::default(),
                span,
                name,
            );
        }
        let taint = self.stdin.taint;
        self.stdout
            .append(Data::unknown(crate::value::Taint { data: true, ..taint }));
    }

    fn record_invocation(&mut self, args: &[Arg], span: Span) {
        if self.is_quiet() {
            return;
        }
        let words = args.iter().map(|arg| arg.known().map(str::to_owned)).collect();
        let invocation = Invocation {
            words,
            span: self.context.span.unwrap_or(span),
            inner: self.context.inner,
        };
        if self.analysis.invocations.len() < 4096 && !self.analysis.invocations.contains(&invocation) {
            self.analysis.invocations.push(invocation);
        }
    }
}

/// `git annex add` starts `git-annex add`, if the table says that unknown words are programs and that program is known:
/// its name, what is known of it, and where the word stands.
fn external(name: &str, call: &call::Call<'_>, args: &[Arg]) -> Option<(String, &'static Command, usize)> {
    // Any doubt before the word may be about where the word stands.
    let Some(Doubt::Subcommand(word, span, Unknown::Program)) = call.doubts.first() else {
        return None;
    };
    let external = format!("{name}-{word}");
    let program = catalogue::find(&external)?;
    let at = args
        .iter()
        .position(|arg| arg.span == *span && arg.known() == Some(word))?;
    Some((external, program, at))
}

/// Whether a known program is given nothing but `--help`, behind its own subcommands.
fn asks_for_help(program: &Command, call: &call::Call<'_>, args: &[Arg]) -> bool {
    let Some((last, words)) = args.split_last() else {
        return false;
    };
    // Each word in front is one of the tables that were gone into.
    program.help && last.known() == Some("--help") && words.len() + 1 == call.chain.len() && call.after_dashes.is_none()
}

/// Whether a program that no table describes is only asked what it can do: `--version`, `-h`, `run --help`. A word in
/// front has to look like a subcommand: a wrapper would run a program or a file that is named there.
fn only_asks(args: &[Arg]) -> bool {
    let Some((last, before)) = args.split_last() else {
        return false;
    };
    let plain = |arg: &Arg| {
        arg.known().is_some_and(|word| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
                && catalogue::find(word).is_none()
        })
    };
    match last.known() {
        Some("--version" | "--help" | "-h") => before.len() <= 1 && before.iter().all(plain),
        Some("-V" | "version" | "help") => before.is_empty(),
        Some(_) | None => false,
    }
}
