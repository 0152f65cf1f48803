//! Repositories that are content: a directory with `HEAD`, `objects` and `refs` among the files of another repository, or
//! one that came with a download. Whoever made the content wrote their configuration and hooks as well.

use super::config::Config;
use super::programs::runs_program;
use crate::{disk, paths};

/// No more names of hooks than these are looked at.
const HOOKS_LIMIT: usize = 200;

/// Whether git would take the directory itself for a repository.
pub fn is_repository(directory: &str) -> bool {
    let found = |name: &str| matches!(disk::look(&paths::join(directory, name)), disk::Found::Entry(_));
    found("HEAD") && found("refs") && (found("objects") || found("commondir"))
}

/// What git runs in this repository: settings as `key=value`, hooks by their file.
pub fn runs(git_dir: &str, home: &str) -> Vec<String> {
    let config = Config::read(&paths::join(git_dir, "config"), home);
    let settings = config
        .iter()
        .filter(|(key, value)| runs_program(key, value))
        .map(|(key, value)| format!("{key}={value}"));
    let hooks = disk::names(&paths::join(git_dir, "hooks"), HOOKS_LIMIT).unwrap_or_default();
    let hooks = hooks
        .into_iter()
        .filter(|name| !name.ends_with(".sample"))
        .map(|name| format!("hooks/{name}"));
    settings.chain(hooks).collect()
}

/// What an ordinary clone has that others put there as a matter of course: large files, and hooks kept in the work tree,
/// which run with the commands that hooks belong to.
pub fn is_usual(entry: &str) -> bool {
    let (key, value) = entry.split_once('=').unwrap_or((entry, ""));
    entry.starts_with("hooks/")
        || key == "core.hookspath"
        || key.starts_with("filter.lfs.") && value.starts_with("git-lfs ")
}
