//! What program text in other languages does, as effects. The reading of the text is in the languages crate.

use placet_languages::{Analysis, Language, Text, What};
use placet_model::{Carries, FileKind, ProcessSet, Qualifiers, Resource, Span, Understood, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::Interpreter;
use crate::paths::{self, Use};
use crate::value::{Arg, Bound, Data, Taint, Value};

/// Adds the effects of an analysed text, and tells how far it was understood.
pub(crate) fn apply(it: &mut Interpreter<'_>, analysis: &Analysis, span: Span, by: &str) -> Understood {
    let mut understood = if analysis.complete {
        Understood::Fully
    } else {
        Understood::Partly
    };
    for operation in &analysis.operations {
        let taint = taint(it, operation);
        match &operation.what {
            What::ChangeMode(path) => it.touch(PathRole::ChangeMode, &value(it, path), span, by, None),
            What::ChangeOwner(path) => it.touch(PathRole::ChangeOwner, &value(it, path), span, by, None),
            What::Copy { from, to } => {
                let (from, to) = (value(it, from), value(it, to));
                it.touch(PathRole::Sweep, &from, span, by, None);
                it.touch(PathRole::Write, &to, span, by, None);
                carries_over(it, &from, &to);
            }
            What::CreateDirectory(path) => it.touch(PathRole::Create, &value(it, path), span, by, None),
            What::Database {
                statement,
                file: Some(file),
            } => {
                let (statement, file) = (value_of(statement), value(it, file));
                crate::special::sql::in_file(it, &statement, &file, span);
            }
            What::Database { statement, file: None } => match statement {
                Text::Known(text) => {
                    let _ = crate::special::sql::statements(it, text, span, by);
                }
                Text::Prefix(text) => crate::special::sql::beginning(it, text, span, by),
                Text::Unknown => it.emit(Verb::DbWrite, Resource::Unknown, Qualifiers::default(), span, by),
            },
            What::DeleteFile(path) => it.touch(PathRole::Delete, &value(it, path), span, by, None),
            What::DeleteTree(path) => it.touch(PathRole::DeleteTree, &value(it, path), span, by, None),
            What::Dynamic(_) => understood = Understood::Partly,
            What::Fetch(address) => {
                let host = host(address);
                let sends = taint.secret;
                let qualifiers = Qualifiers {
                    carries: if sends { Carries::Secret } else { Carries::Nothing },
                    ..Qualifiers::default()
                };
                it.emit(
                    if sends { Verb::Send } else { Verb::Fetch },
                    Resource::Host(host),
                    qualifiers,
                    span,
                    by,
                );
            }
            What::ImportLocal(module) => it.import(module, span),
            What::Link { target, link } => {
                let (target, link) = (value(it, target), value(it, link));
                it.touch(PathRole::Link, &link, span, by, None);
                carries_over(it, &target, &link);
            }
            What::ListDirectory(path) => it.touch(PathRole::List, &value(it, path), span, by, None),
            What::Listen => it.emit(Verb::Listen, Resource::Host(None), Qualifiers::default(), span, by),
            What::Move { from, to } => {
                let (from, to) = (value(it, from), value(it, to));
                it.touch(PathRole::Move, &from, span, by, None);
                it.touch(PathRole::Write, &to, span, by, None);
                carries_over(it, &from, &to);
            }
            What::Print => {
                if taint.secret || taint.credential {
                    it.print_secret("what the program read", span, by);
                }
            }
            What::ReadEnvironment(_) | What::SetEnvironment { .. } => set_environment(it, &operation.what, span),
            What::ReadFile(path) => it.touch(PathRole::Read, &value(it, path), span, by, None),
            What::RunCode(code) => {
                if matches!(code, Text::Prefix(_) | Text::Unknown) {
                    understood = Understood::Partly;
                }
            }
            What::RunProgram { argv, directory } => {
                let args: Vec<Arg> = argv
                    .iter()
                    .map(|word| Arg {
                        // The home is spelt `~` by the reader of the language, whatever the program called it.
                        value: value(it, word),
                        span,
                        many: matches!(word, Text::Unknown),
                    })
                    .collect();
                let args = first_is_one(args);
                let inside = directory.as_ref().map(|directory| value(it, directory));
                run(it, inside.as_ref(), |it| it.invoke(&args, &[], span));
            }
            What::RunShell { command, directory } => {
                let command = value_of(command).tainted(taint);
                let inside = directory.as_ref().map(|directory| value(it, directory));
                run(it, inside.as_ref(), |it| it.shell_text(&command, span, by));
            }
            What::Send { to, .. } => {
                let qualifiers = Qualifiers {
                    carries: taint.carries(),
                    ..Qualifiers::default()
                };
                it.emit(Verb::Send, Resource::Host(host(to)), qualifiers, span, by);
            }
            What::Signal { pid } => {
                let process = match pid {
                    Text::Known(pid) => ProcessSet::Pid(pid.clone()),
                    Text::Prefix(_) | Text::Unknown => ProcessSet::Pid("?".into()),
                };
                it.emit(
                    Verb::Signal,
                    Resource::Process(process),
                    Qualifiers::default(),
                    span,
                    by,
                );
            }
            What::WriteFile { path, content, append } => {
                let path = value(it, path);
                let role = if *append { PathRole::Append } else { PathRole::Write };
                it.touch(role, &path, span, by, None);
                let shown = path.known().is_some_and(|path| {
                    matches!(
                        path,
                        "/dev/stdout" | "/dev/stderr" | "/dev/tty" | "/dev/fd/1" | "/dev/fd/2"
                    ) || path.starts_with("/proc/self/fd/")
                });
                if shown && (taint.secret || taint.credential) {
                    it.print_secret("what the program read", span, by);
                }
                if let placet_model::Paths::One(full) =
                    paths::target(&path, &it.state.cwd.clone(), Use::Look, it.facts).paths
                {
                    let data = match content {
                        Text::Known(text) => Data::of(Value::text(text.as_str())),
                        Text::Prefix(_) | Text::Unknown => Data::unknown(taint),
                    };
                    it.wrote(full, data, *append);
                }
            }
        }
    }
    understood
}

/// What was downloaded stays so under another name: a copy, a new name, a link.
fn carries_over(it: &mut Interpreter<'_>, from: &Value, to: &Value) {
    let target = |value: &Value| paths::target(value, &it.state.cwd, Use::Look, it.facts);
    let (source, destination) = (target(from), target(to));
    if it.taint_of_target(&source).fetched
        && let Some(path) = destination.paths.base()
    {
        let inside = source.paths.base().and_then(|path| path.rsplit('/').next());
        let into = it.facts.kind(path) == FileKind::Directory || to.prefix().ends_with(['/', '.']);
        let path = match inside {
            Some(name) if into => paths::normal(path, name),
            Some(_) | None => path.to_owned(),
        };
        it.downloaded(path);
    }
}

/// Runs `inside` as a child process would: in a copy of the state, in its own directory if one is given.
fn run(it: &mut Interpreter<'_>, directory: Option<&Value>, inside: impl FnOnce(&mut Interpreter<'_>)) {
    it.within(
        |context| {
            context.inner = true;
            context.depth = context.depth.saturating_add(1);
        },
        |it| {
            it.subshell(|it| {
                if let Some(directory) = directory {
                    it.state.cwd = paths::directory(directory, &it.state.cwd, it.facts);
                }
                let printed = it.capture(inside);
                // What a child prints comes out where the program's own output does, or is handed on by it.
                if printed.taint.secret || printed.taint.credential {
                    it.stdout.append(Data::unknown(printed.taint));
                }
            });
        },
    );
}

/// The program itself is one word even when it is not known.
fn first_is_one(mut args: Vec<Arg>) -> Vec<Arg> {
    if let Some(first) = args.first_mut() {
        first.many = false;
    }
    args
}

fn set_environment(it: &mut Interpreter<'_>, what: &What, span: Span) {
    if let What::SetEnvironment {
        name: Text::Known(name),
        value,
    } = what
    {
        let value = value_of(value);
        it.environment_effect(name, &value, span);
    }
}

fn taint(it: &Interpreter<'_>, operation: &placet_languages::Operation) -> Taint {
    let mut all = Taint::default();
    for file in &operation.carries.files {
        let value = value(it, file);
        let target = paths::target(&value, &it.state.cwd, Use::Look, it.facts);
        all = all.and(it.taint_of_target(&target));
    }
    for name in &operation.carries.environment {
        match name {
            Text::Known(name) => all.credential |= crate::interpret::names_credential(name),
            Text::Prefix(_) | Text::Unknown => all.credential = true,
        }
    }
    if !operation.carries.network.is_empty() {
        all.fetched = true;
    }
    all
}

/// A path as the languages crate spells it: `~` is home.
fn value(it: &Interpreter<'_>, text: &Text) -> Value {
    let value = value_of(text);
    let prefix = value.prefix();
    if prefix == "~" || prefix.starts_with("~/") {
        let mut out = Value::text(it.facts.home());
        if let Some(rest) = value.skip(1) {
            out.push(&rest);
        }
        return out;
    }
    value
}

fn value_of(text: &Text) -> Value {
    match text {
        Text::Known(text) => Value::text(text.as_str()),
        Text::Prefix(text) => {
            let mut value = Value::text(text.as_str());
            value.push(&Value::hole(Bound::Any));
            value
        }
        Text::Unknown => Value::hole(Bound::Any),
    }
}

fn host(text: &Text) -> Option<String> {
    crate::interpret::host_of(&value_of(text))
}

/// The word by which command files name a language.
#[must_use]
pub(crate) fn language(word: &str) -> Option<Language> {
    match word {
        "perl" => Some(Language::Perl),
        "python" => Some(Language::Python),
        "ruby" => Some(Language::Ruby),
        "javascript" => Some(Language::JavaScript),
        "typescript" => Some(Language::TypeScript),
        _ => None,
    }
}
