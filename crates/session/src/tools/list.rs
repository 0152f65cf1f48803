//! LS and Glob: names of files. By ripgrep's rules, ignored ones are left out of Glob.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;
use placet_engine::Policy;

use super::{Bench, Outcome, Running, text};
use crate::conversation::ToolCall;

/// Names that are shown at most.
const MOST: usize = 1000;
/// Entries that are looked at at most.
const WALKED: usize = 200_000;

pub(super) fn directory(bench: &Bench, call: &ToolCall) -> Result<Outcome, String> {
    let path = bench.absolute(call.text("path").unwrap_or("."));
    let mut names: Vec<String> = std::fs::read_dir(&path)
        .map_err(|error| text::said(&path, &error))?
        .flatten()
        .map(|entry| {
            let directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let end = if directory { "/" } else { "" };
            format!("{}{end}", entry.file_name().to_string_lossy())
        })
        .collect();
    names.sort();
    Ok(Outcome::done(shown(names, "the directory is empty")))
}

pub(super) fn glob(bench: &Bench, call: &ToolCall, running: &Running<'_>) -> Result<Outcome, String> {
    let pattern = call.text("pattern").ok_or("`pattern` is missing")?;
    if pattern.starts_with('!') || Path::new(pattern).is_absolute() || pattern.split('/').any(|part| part == "..") {
        return Err("`pattern` is relative and stays below `path`; give the directory there".to_owned());
    }
    let root = real(bench, call)?;
    let mut builder = OverrideBuilder::new(&root);
    builder
        .add(pattern)
        .map_err(|error| format!("`{pattern}` is no pattern: {error}"))?;
    let overrides = builder.build().map_err(|error| error.to_string())?;
    // An override would bring ignored files back, so it is asked afterwards.
    let mut names: Vec<String> = Vec::new();
    let walk = walk(bench, &root, (running.policy)()?);
    for entry in walk.build().take(WALKED).flatten() {
        if entry.file_type().is_some_and(|kind| kind.is_file()) && overrides.matched(entry.path(), false).is_whitelist()
        {
            let name = entry.path().strip_prefix(&root).unwrap_or(entry.path());
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(Outcome::done(shown(names, "no file matches")))
}

/// The directory or file that the call names, without links: what ignore files say is about where things really are.
pub(super) fn real(bench: &Bench, call: &ToolCall) -> Result<PathBuf, String> {
    let named = bench.absolute(call.text("path").unwrap_or("."));
    std::fs::canonicalize(&named).map_err(|error| text::said(&named, &error))
}

/// How files are walked: hidden ones too, ignored ones not, links never, and never `.git`. What the policy's ignore files
/// cover is left out by the engine's own matching, whatever else is asked for: the engine lets a search of a directory
/// through on the word that this is so.
pub(super) fn walk(bench: &Bench, root: &Path, policy: Policy) -> WalkBuilder {
    let mut walk = WalkBuilder::new(root);
    let project = bench.project.clone();
    walk.hidden(false)
        .require_git(false)
        .follow_links(false)
        .add_custom_ignore_filename(".placetignore")
        .add_custom_ignore_filename(".claudeignore")
        .filter_entry(move |entry| {
            let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
            let is_git = entry.depth() > 0 && entry.file_name() == ".git";
            !is_git
                && entry
                    .path()
                    .to_str()
                    .is_some_and(|path| !policy.ignores(path, is_directory, &project))
        });
    walk
}

fn shown(names: Vec<String>, nothing: &str) -> String {
    let count = names.len();
    if count == 0 {
        return format!("[{nothing}]");
    }
    let mut text = names.into_iter().take(MOST).collect::<Vec<_>>().join("\n");
    if count > MOST {
        text.push_str(&format!("\n[{} more; narrow it down]", count.saturating_sub(MOST)));
    }
    text
}
