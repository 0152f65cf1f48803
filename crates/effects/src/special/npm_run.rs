//! `npm run NAME`, `npm test` and the like: the script in `package.json` is what runs.

use placet_model::{Content, Origin, Understood};

use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Dir};
use crate::value::{Arg, Value};

/// Looks the script up and runs it.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let last = call.name.rsplit(' ').next().unwrap_or("");
    let named = matches!(last, "run" | "run-script" | "rum" | "urn") || !call.name.contains(' ');
    let (script, args) = if named {
        match call.operands.split_first() {
            Some((name, args)) => (name.known().map(str::to_owned), args),
            None => return, // lists the scripts
        }
    } else {
        (
            Some(match last {
                "t" | "tst" => "test".to_owned(),
                other => other.to_owned(),
            }),
            call.operands.as_slice(),
        )
    };
    // `pnpm prettier --write x`: where there is no such script, the program of that name is run.
    let program = (!call.name.contains(' ')).then_some(call.operands.as_slice());
    let dir = match &it.state.cwd {
        Dir::At(dir) => dir.clone(),
        Dir::Below(_) | Dir::Unknown => {
            it.code(
                Origin::Project,
                Understood::Assumed,
                "package.json",
                call.span,
                &call.name,
            );
            return;
        }
    };
    let path = paths::normal(&dir, "package.json");
    let origin = if it.is_in_a_download(&path) {
        Origin::Downloaded
    } else if it.facts.written_this_session(&path) || it.written_at(&path).is_some() {
        Origin::Session
    } else {
        Origin::Project
    };
    let shows = script.as_deref() == Some("env") && call.name.starts_with("npm");
    let text = match it.written_at(&path).and_then(|written| written.data.text.clone()) {
        Some(text) => text.known().map(str::to_owned),
        None if it.written_at(&path).is_some() => None,
        None => match it.facts.read(&path) {
            Content::Text(text) => Some(text),
            Content::Ordinary => {
                if shows {
                    shows_environment(it, call);
                }
                it.code(
                    Origin::Project,
                    Understood::Assumed,
                    "package.json",
                    call.span,
                    &call.name,
                );
                installed(it, program, call);
                return;
            }
            Content::Missing | Content::Unreadable => None,
        },
    };
    let (Some(text), Some(script)) = (text, script) else {
        it.code(origin, Understood::Not, "package.json", call.span, &call.name);
        return;
    };
    let mut found = false;
    for name in [format!("pre{script}"), script.clone(), format!("post{script}")] {
        let Some(command) = crate::manifest::script(&text, &name) else {
            continue;
        };
        found = true;
        let mut line = Value::text(command);
        if name == script {
            for arg in args {
                line.push_text(" ");
                quoted(&mut line, arg);
            }
        }
        let outer = it.context.by.clone();
        it.within(
            |context| {
                context.inner = true;
                context.by = if outer.is_empty() {
                    format!("{} {script}", call.name.split(' ').next().unwrap_or("npm"))
                } else {
                    outer
                };
            },
            |it| {
                if it.context.running.contains(&format!("script:{path}:{name}")) {
                    return;
                }
                it.context.running.push(format!("script:{path}:{name}"));
                it.shell_text(&line, call.span, &call.name);
            },
        );
    }
    if !found && shows {
        shows_environment(it, call);
        return;
    }
    if !found && installed(it, program, call) {
        return;
    }
    it.code(
        origin,
        if found { Understood::Fully } else { Understood::Not },
        "package.json",
        call.span,
        &call.name,
    );
}

/// `npm run env`, where the project has no such script.
fn shows_environment(it: &mut Interpreter<'_>, call: &Call<'_>) {
    it.print_secret("environment", call.span, &call.name);
}

/// Runs the program that the words name, if it is one that is known.
fn installed(it: &mut Interpreter<'_>, words: Option<&[Arg]>, call: &Call<'_>) -> bool {
    let Some((name, args)) = words.and_then(|words| words.split_first()) else {
        return false;
    };
    let Some((name, command)) = name
        .known()
        .and_then(|name| Some((name, crate::catalogue::find(name)?)))
    else {
        return false;
    };
    it.within(
        |context| context.inner = true,
        |it| it.program(name, command, args, call.environment, call.span),
    );
    true
}

/// Adds an argument so that the shell reads it as one word.
fn quoted(line: &mut Value, arg: &Arg) {
    match arg.known() {
        Some(text)
            if text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b'=' | b':' | b',')) =>
        {
            line.push_text(text)
        }
        Some(text) => line.push_text(&format!("'{}'", text.replace('\'', "'\\''"))),
        None => line.push(&arg.value),
    }
}
