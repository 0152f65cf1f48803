//! What a change to a `tox.ini` adds: commands, which are judged by what they would do, requirements from the registry, and
//! settings that run nothing.

use super::difference::difference;
use super::{Both, Here};

/// Settings that only name, order or bound what runs.
const INERT: &[&str] = &[
    "envlist",
    "env_list",
    "minversion",
    "min_version",
    "skipsdist",
    "skip_missing_interpreters",
    "isolated_build",
    "description",
    "basepython",
    "base_python",
    "labels",
    "max-line-length",
    "max-complexity",
    "exclude",
    "extend-ignore",
    "ignore",
    "select",
    "per-file-ignores",
    "testpaths",
    "markers",
    "depends",
    "extras",
    "skip_install",
    "usedevelop",
];

/// A line of a setting.
#[derive(PartialEq)]
struct Entry {
    section: String,
    key: String,
    value: String,
}

/// Whether everything that was added is understood and harmless.
pub(super) fn harmless(here: &Here<'_, '_>, both: &Both) -> bool {
    if both.fragment {
        return false;
    }
    let (Some(old), Some(new)) = (entries(&both.old), entries(&both.new)) else {
        return false;
    };
    difference(&old, &new).is_some_and(|difference| difference.added.iter().all(|entry| is_harmless(here, entry)))
}

/// Whether a change to the settings of a Python tool loads code by its name.
pub(super) fn names_code(both: &Both) -> bool {
    let loads = |key: &str, value: &str| match key {
        "addopts" => loads_plugins(value),
        "plugins" | "load-plugins" | "init-hook" | "cmdclass" | "local-plugins" => !value.is_empty(),
        _ => false,
    };
    if both.fragment {
        let old: Vec<&str> = both.old.lines().collect();
        let mut added = both.new.lines().filter(|line| !old.contains(line));
        return added.any(|line| {
            let (key, value) = line.split_once('=').unwrap_or(("addopts", line));
            loads(key.trim(), value)
        });
    }
    let Some(new) = entries(&both.new) else { return true };
    let old = entries(&both.old).unwrap_or_default();
    new.iter()
        .any(|entry| !old.contains(entry) && loads(entry.key.as_str(), &entry.value))
}

/// Whether options of pytest bring in code by its name.
pub(super) fn loads_plugins(options: &str) -> bool {
    options.split_whitespace().any(|word| {
        word.starts_with("-p")
            || word.starts_with("-c")
            || word.starts_with("--rootdir")
            || word.starts_with("--config-file")
    })
}

fn is_harmless(here: &Here<'_, '_>, entry: &Entry) -> bool {
    let value = entry.value.as_str();
    match entry.key.as_str() {
        "commands" | "commands_pre" | "commands_post" if entry.section.starts_with("testenv") => {
            value.is_empty() || without_places(value).is_some_and(|command| here.runs_harmlessly(&command))
        }
        "deps" if entry.section.starts_with("testenv") => value.is_empty() || is_requirement(value),
        key => INERT.contains(&key),
    }
}

/// A requirement of the registry: a name, perhaps with extras and versions, behind the environments that it is for.
pub(super) fn is_requirement(text: &str) -> bool {
    if let Some(file) = text.strip_prefix("-r") {
        let file = file.trim();
        return !file.is_empty() && !file.contains("..") && !file.starts_with('/') && !file.contains("://");
    }
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !text.contains('/')
        && text.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(
                    b,
                    b'.' | b'_' | b'-' | b'[' | b']' | b',' | b'<' | b'>' | b'=' | b'~' | b'!' | b' ' | b'*'
                )
        })
}

/// A command in which tox puts its own names and places, as a variable that nothing is known of.
fn without_places(command: &str) -> Option<String> {
    let command = command.strip_prefix("- ").unwrap_or(command);
    if command.contains('\\') {
        return None;
    }
    let mut out = String::new();
    let mut rest = command;
    while let Some((head, tail)) = rest.split_once('{') {
        let (inner, after) = tail.split_once('}')?;
        let name = inner.split(':').next().unwrap_or("");
        match name {
            // What a person types behind the command, or the default that is written here.
            "posargs" => {
                out.push_str(head);
                out.push_str(inner.split_once(':').map_or("", |(_, default)| default));
            }
            "toxinidir" | "tox_root" | "envdir" | "env_dir" | "envtmpdir" | "env_tmp_dir" | "envname" | "env_name" => {
                out.push_str(head);
                out.push_str("${TOX_PLACE}");
            }
            _ => return None,
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The lines of all settings in order; `None` if a line is neither.
fn entries(text: &str) -> Option<Vec<Entry>> {
    let mut out: Vec<Entry> = Vec::new();
    let (mut section, mut key) = (String::new(), None::<String>);
    for line in text.lines() {
        let text = line.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            out.push(Entry {
                section: section.clone(),
                key: key.clone()?,
                value: text.to_owned(),
            });
        } else if let Some(name) = text.strip_prefix('[') {
            section = name.strip_suffix(']')?.to_owned();
            key = None;
        } else {
            let (name, value) = text.split_once('=')?;
            let name = name.trim().to_owned();
            out.push(Entry {
                section: section.clone(),
                key: name.clone(),
                value: value.trim().to_owned(),
            });
            key = Some(name);
        }
    }
    Some(out)
}
