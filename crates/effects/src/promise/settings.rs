//! Files of settings that may also say what runs (`pyproject.toml`, `composer.json`, `setup.cfg`, `Cargo.toml` …). Most changes
//! to them run nothing; this finds the ones that do. The other way round than the rest of `promise`: it adds the mark.

use placet_languages::document::{self, Leaf};
use placet_model::RunsLater;

use super::difference::difference;
use super::{Both, Here};
use super::{ini, outside};
use crate::tasks::{Kind, Task};

/// Files that are not marked by their name alone.
const INI: &[&str] = &[
    "setup.cfg",
    "pytest.ini",
    ".pytest.ini",
    "mypy.ini",
    ".mypy.ini",
    ".pylintrc",
    "pylintrc",
    ".flake8",
    ".coveragerc",
];

/// Settings that run code, or say where it comes from, wherever they stand.
const POWERFUL: &[&str] = &[
    "backend-path",
    "cmdclass",
    "hooks",
    "script",
    "before-all",
    "before-build",
    "before-test",
    "repair-wheel-command",
    "test-command",
    "build_command",
    "plugins",
    "load-plugins",
    "init-hook",
    "legacy_tox_ini",
    "pre_commit_hooks",
    "post_commit_hooks",
    "index",
    "index-url",
    "extra-index-url",
    "find-links",
    "git",
    "url",
    "sources",
    "source",
    "rustc-wrapper",
    "registry",
    "replace-with",
    "patch",
    "bin-dir",
    "vendor-dir",
    "allow-plugins",
    "repositories",
    "secure-http",
    "custom-build",
];

/// What builds Python projects.
const BACKENDS: &[&str] = &[
    "setuptools.build_meta",
    "setuptools.build_meta:__legacy__",
    "hatchling.build",
    "poetry.core.masonry.api",
    "flit_core.buildapi",
    "pdm.backend",
    "maturin",
    "uv_build",
    "scikit_build_core.build",
    "mesonpy",
];

/// Whether a file of this name is looked into.
pub(super) fn concern(name: &str) -> bool {
    INI.contains(&name) || name == "Cargo.toml" || Kind::of(name).is_some() || outside::reach(name).is_some()
}

/// Why the file runs something later, if the change says so.
pub(super) fn runs(here: &Here<'_, '_>, name: &str, both: &Both) -> Option<RunsLater> {
    let kind = Kind::of(name);
    let reaches = outside::reach(name).is_some_and(|reach| outside::promises(here, name, reach, both));
    let leads_out = (matches!(name, "Cargo.toml" | "pyproject.toml") || INI.contains(&name))
        && new_lines(both).any(|line| outside::leads_out(here, line));
    let promises = if reaches || leads_out {
        true
    } else if INI.contains(&name) {
        ini::names_code(both)
    } else if let Some(kind) = kind {
        in_tasks(here, kind, both) || is_structured(name) && in_settings(name, both)
    } else if name == "Cargo.toml" {
        in_settings(name, both)
    } else {
        false
    };
    promises.then_some(RunsLater::Manifest)
}

fn is_structured(name: &str) -> bool {
    matches!(name, "pyproject.toml" | "composer.json" | "pixi.toml")
}

/// Whether a task that is new does more than a project's everyday work.
fn in_tasks(here: &Here<'_, '_>, kind: &Kind, both: &Both) -> bool {
    if both.fragment {
        // Which table the lines are in is not known: a setting is one, a command has to be harmless.
        return new_lines(both)
            .any(|line| value_of(line).is_some_and(|value| is_command(value) && !here.runs_harmlessly(value)));
    }
    let of = |text: &str| {
        if text.trim().is_empty() {
            Some(Vec::new())
        } else {
            kind.tasks(text)
        }
    };
    let Some(new) = of(&both.new) else { return true };
    let old = of(&both.old).unwrap_or_default();
    let names: Vec<&str> = new.iter().map(|task| task.name.as_str()).collect();
    new.iter().any(|task| {
        let before = old.iter().find(|known| known.name == task.name);
        let known = |line: &String| before.is_some_and(|before| before.lines.contains(line));
        let added = task
            .lines
            .iter()
            .filter(|line| !known(line) && !names.contains(&line.as_str()));
        let incomplete = !task.complete && before.is_none_or(|before: &Task| before != task);
        incomplete || added.into_iter().any(|line| !here.runs_harmlessly(line))
    })
}

/// Whether a setting that is new names code or where it comes from.
fn in_settings(name: &str, both: &Both) -> bool {
    if both.fragment {
        return new_lines(both).any(|line| {
            if name == "pyproject.toml" && outside::is_elsewhere(line) {
                return true;
            }
            let key = line
                .split(['=', ':'])
                .next()
                .unwrap_or("")
                .trim()
                .trim_matches(['"', '[', ']', '\'']);
            key.split('.')
                .any(|part| POWERFUL.contains(&part) || part == "build" && name == "Cargo.toml")
                || key == "addopts" && line.contains("-p")
        });
    }
    let read = |text: &str| {
        if text.trim().is_empty() {
            Some(Vec::new())
        } else if name.ends_with(".json") {
            document::json(text)
        } else {
            document::toml(text)
        }
    };
    let Some(new) = read(&both.new) else { return true };
    let old = read(&both.old).unwrap_or_default();
    let Some(difference) = difference(&old, &new) else {
        return true;
    };
    difference.added.iter().any(|leaf| is_powerful(name, leaf))
}

fn is_powerful(name: &str, leaf: &Leaf) -> bool {
    let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
    let value = leaf.value.as_str();
    match path.as_slice() {
        ["build-system", "build-backend"] => !BACKENDS.contains(&value),
        ["build-system", "requires", ..] => !ini::is_requirement(value),
        ["package", "build"] if name == "Cargo.toml" => value != "build.rs" && value != "false",
        // Addresses that a person looks at.
        ["project", "urls", ..] | ["support" | "authors", ..] | ["tool", "poetry", "urls", ..] => false,
        ["project" | "dependency-groups", ..] if outside::is_elsewhere(value) => true,
        ["tool", "pytest", "ini_options", "addopts", ..] => ini::loads_plugins(value),
        // Where they are tasks, they are judged as tasks.
        ["tool", "pdm" | "rye", "scripts", ..] | ["scripts", ..] => false,
        ["tool", "poetry", "build", ..] => true,
        _ => path.iter().any(|key| POWERFUL.contains(key)),
    }
}

/// Lines of a fragment that were not there before.
fn new_lines(both: &Both) -> impl Iterator<Item = &str> {
    let old: Vec<&str> = both.old.lines().map(str::trim).collect();
    both.new.lines().map(str::trim).filter(move |line| !old.contains(line))
}

/// The text behind the key of a line.
fn value_of(line: &str) -> Option<&str> {
    let (_, value) = line.split_once([':', '=']).filter(|(key, _)| {
        key.trim()
            .trim_matches('"')
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':' | b' '))
    })?;
    let value = value.trim().trim_end_matches(',');
    ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
}

/// Whether a text could be a command rather than a version, a name, a sentence: it has more than one word, and something of
/// a shell in it, or begins like a path.
fn is_command(value: &str) -> bool {
    let words = value.split_whitespace().count();
    value.contains(['|', ';', '&', '$', '`', '>', '<']) && words > 1 || value.starts_with("./") || value.contains("$(")
}
