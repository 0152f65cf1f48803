//! What a change to a file that is all tasks adds (`mise.toml`, `deno.json`, a `Procfile`): lines for a shell, which are judged
//! by what they would do, and settings that run nothing. Everything else leaves the doubt.

use placet_languages::document::{self, Leaf};

use super::difference::difference;
use super::{Both, Here};
use crate::tasks::Kind;

/// Whether everything that was added is understood and harmless.
pub(super) fn harmless(here: &Here<'_, '_>, name: &str, both: &Both) -> bool {
    let Some(kind) = Kind::of(name) else { return false };
    if both.fragment {
        return false;
    }
    let of = |text: &str| {
        if text.trim().is_empty() {
            Some(Vec::new())
        } else {
            kind.tasks(text)
        }
    };
    let (Some(old), Some(new)) = (of(&both.old), of(&both.new)) else {
        return false;
    };
    let tasks = new.iter().all(|task| {
        let before = old.iter().find(|known| known.name == task.name);
        let known = |line: &String| before.is_some_and(|before| before.lines.contains(line));
        task.complete && task.lines.iter().all(|line| known(line) || here.runs_harmlessly(line))
    });
    tasks && others(kind, name, both)
}

/// Whether what is no task is known to run nothing.
fn others(kind: &Kind, name: &str, both: &Both) -> bool {
    let read = |text: &str| match name {
        "Procfile" | "Procfile.dev" => Some(Vec::new()),
        _ if text.trim().is_empty() => Some(Vec::new()),
        _ if name.ends_with(".toml") => document::toml(text),
        _ => document::json(&document::without_comments(text)?),
    };
    let (Some(old), Some(new)) = (read(&both.old), read(&both.new)) else {
        return false;
    };
    difference(&old, &new).is_some_and(|difference| {
        difference
            .added
            .iter()
            .filter(|leaf| !kind.holds(leaf))
            .all(|leaf| is_inert(leaf))
    })
}

fn is_inert(leaf: &Leaf) -> bool {
    let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
    let version = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'^' | b'~' | b'*'))
    };
    match path.as_slice() {
        // Tools of mise by their short names: another place has a colon in it.
        ["tools", tool, ..] => !tool.contains(':') && version(&leaf.value),
        ["min_version" | "name" | "version" | "exports", ..] => true,
        [
            "compilerOptions" | "lint" | "fmt" | "exclude" | "include" | "unstable" | "lock" | "nodeModulesDir",
            ..,
        ] => !leaf.value.contains("://"),
        _ => false,
    }
}
