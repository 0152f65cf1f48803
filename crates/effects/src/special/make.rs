//! `make TARGET`: the recipes of the target and of what it depends on are what runs.

use placet_model::{Content, Origin, Understood};

use crate::interpret::{Call, Interpreter};
use crate::manifest;
use crate::paths::{self, Dir, Use};
use crate::special::make_variables;
use crate::value::Value;

/// Looks the recipes up and runs them.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    make_variables::apply(it, call);
    // Printing what would be done, or asking whether there is something to do, still runs some lines.
    let dry = call.has(&["-n", "--dry-run", "--just-print", "--recon", "-q", "--question"]);
    recipes(
        it,
        call,
        &["GNUmakefile", "makefile", "Makefile"],
        &["-f", "--file", "--makefile"],
        &["-v", "--version", "-h", "--help"],
        if dry {
            manifest::make_dry_run
        } else {
            manifest::make_recipe
        },
    );
}

/// The same for any runner with named recipes.
pub(crate) fn recipes(
    it: &mut Interpreter<'_>,
    call: &Call<'_>,
    names: &[&str],
    file_options: &[&str],
    shows: &[&str],
    recipe: fn(&str, Option<&str>) -> manifest::Recipe,
) {
    if call.has(shows) {
        return;
    }
    // `make SHELL=./x CC=./y`: variables of the command line reach every recipe.
    for operand in &call.operands {
        if let Some((name, _)) = operand.value.prefix().split_once('=') {
            let value = operand.value.skip(name.len() + 1).unwrap_or_default();
            let name = name.trim_end_matches([':', '?', '+']).to_owned();
            it.environment_effect(&name, &value, operand.span);
        }
    }
    let given = call.option(file_options).and_then(|given| given.value.clone());
    let (path, text) = match &given {
        Some(file) => {
            it.touch(
                crate::catalogue::table::PathRole::Read,
                &file.value,
                file.span,
                &call.name,
                None,
            );
            let stdin = file.known() == Some("-");
            let data = if stdin {
                it.stdin.clone()
            } else {
                it.content(&file.value)
            };
            if data.taint.fetched {
                it.code(
                    Origin::Downloaded,
                    Understood::Not,
                    &file.value.shown(),
                    call.span,
                    &call.name,
                );
                return;
            }
            let place = if stdin {
                Value::text("/dev/stdin")
            } else {
                file.value.clone()
            };
            let target = paths::target(&place, &it.state.cwd.clone(), Use::Look, it.facts);
            let Some(path) = target.paths.base().map(str::to_owned) else {
                it.code(Origin::Dynamic, Understood::Not, &call.name, call.span, &call.name);
                return;
            };
            let text = data
                .text
                .as_ref()
                .and_then(Value::known)
                .map(|text| Content::Text(text.to_owned()));
            (path.clone(), text.unwrap_or_else(|| it.facts.read(&path)))
        }
        None => match &it.state.cwd {
            Dir::At(dir) => {
                let dir = dir.clone();
                let mut found = (
                    paths::normal(&dir, names.last().copied().unwrap_or("Makefile")),
                    Content::Missing,
                );
                for name in names {
                    let path = paths::normal(&dir, name);
                    let content = match it
                        .written_at(&path)
                        .map(|written| written.data.text.as_ref().and_then(Value::known).map(str::to_owned))
                    {
                        Some(Some(text)) => Content::Text(text),
                        Some(None) => Content::Unreadable,
                        None => it.facts.read(&path),
                    };
                    if content != Content::Missing {
                        found = (path, content);
                        if matches!(found.1, Content::Text(_)) {
                            break;
                        }
                    }
                }
                found
            }
            Dir::Below(_) | Dir::Unknown => {
                it.code(Origin::Project, Understood::Assumed, &call.name, call.span, &call.name);
                return;
            }
        },
    };
    let session = it.facts.written_this_session(&path) || it.written_at(&path).is_some();
    let inside = paths::place(&path, Use::Look, it.facts) == placet_model::Place::Project;
    let origin = if it.is_in_a_download(&path) {
        Origin::Downloaded
    } else if path == "/dev/stdin" {
        Origin::Inline
    } else if session {
        Origin::Session
    } else if inside {
        Origin::Project
    } else {
        Origin::Outside
    };
    let text = match text {
        Content::Text(text) => text,
        Content::Ordinary => {
            it.code(origin, Understood::Assumed, &path, call.span, &call.name);
            return;
        }
        Content::Missing | Content::Unreadable => {
            it.code(origin, Understood::Not, &path, call.span, &call.name);
            return;
        }
    };
    let targets: Vec<Option<String>> = call
        .operands
        .iter()
        .filter(|arg| !arg.value.prefix().contains('='))
        .map(|arg| arg.known().map(str::to_owned))
        .collect();
    let mut understood = Understood::Fully;
    let wanted: Vec<Option<&str>> = if targets.is_empty() {
        vec![None]
    } else {
        targets.iter().map(|name| name.as_deref().or(Some("?"))).collect()
    };
    for target in wanted {
        let found = recipe(&text, target);
        if !found.complete {
            understood = Understood::Partly;
        }
        let label = format!("{} {}", call.name, target.unwrap_or(""));
        for line in found.lines {
            it.within(
                |context| {
                    context.inner = true;
                    if context.by.is_empty() {
                        context.by = label.trim_end().to_owned();
                    }
                    context.running.push(format!("recipe:{label}"));
                },
                |it| {
                    if it
                        .context
                        .running
                        .iter()
                        .filter(|running| **running == format!("recipe:{label}"))
                        .count()
                        > 3
                    {
                        return;
                    }
                    it.shell_text(&Value::text(line), call.span, &call.name);
                },
            );
        }
    }
    it.code(origin, understood, &path, call.span, &call.name);
}
