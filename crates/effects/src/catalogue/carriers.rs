//! What carries code or configuration into programs: the compiled `carriers.toml`, and looking things up in it. Not what
//! that means for a call.

use crate::interpret::pattern;

mod compiled {
    use super::{Carries, GitCarries, GitSetting, Variable};

    include!(concat!(env!("OUT_DIR"), "/carriers.rs"));
}

/// A variable of the environment that programs obey.
#[derive(Debug)]
pub struct Variable {
    /// What its value is.
    pub carries: Carries,
    /// Its name is the same in small and capital letters.
    pub any_case: bool,
    /// It usually is in the environment already, so that a plain assignment reaches programs.
    pub inherited: bool,
    /// A search path for modules: the working directory and the project are usual.
    pub modules: bool,
    /// Patterns of values that do nothing; of words, for options.
    pub harmless: &'static [&'static str],
    /// Patterns of the only words that do something.
    pub only: &'static [&'static str],
    /// Places whose content is the session's own business.
    pub within: &'static [&'static str],
}

/// What the value of a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// A shell command that programs run.
    Command,
    /// A text in which the shell runs substitutions.
    Prompt,
    /// A file (or several) that is loaded as code.
    Library,
    /// Directories that programs or libraries are looked up in.
    SearchPath,
    /// Options for an interpreter, some of which load code.
    Options,
    /// Another configuration or repository than the one that was judged.
    Configuration,
    /// Another repository, with a configuration of its own.
    Repository,
    /// Another server than the usual one.
    Server,
    /// A server that everything fetched or sent goes through.
    Proxy,
    /// A file that programs write what they do into.
    Trace,
}

/// A kind of setting of git.
#[derive(Debug)]
pub struct GitSetting {
    /// What its value is.
    pub carries: GitCarries,
    /// Patterns of values that do nothing.
    pub harmless: &'static [&'static str],
}

/// What the value of a setting of git is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitCarries {
    /// A command that git runs.
    Command,
    /// Another repository, place or server.
    Redirect,
    /// Neither.
    Nothing,
}

/// The entry of a variable, if it carries anything.
#[must_use]
pub fn variable(name: &str) -> Option<&'static Variable> {
    let exact = |name: &str| {
        let at = compiled::VARIABLE_NAMES
            .binary_search_by(|(known, _)| (*known).cmp(name))
            .ok()?;
        entry(compiled::VARIABLE_NAMES.get(at)?.1)
    };
    if let Some(found) = exact(name) {
        return Some(found);
    }
    // `npm_config_script-shell` is `npm_config_script_shell`.
    let lower = name.to_ascii_lowercase().replace('-', "_");
    if let Some(found) = exact(&lower).filter(|found| found.any_case) {
        return Some(found);
    }
    compiled::VARIABLE_PATTERNS.iter().find_map(|(wanted, index)| {
        entry(*index).filter(|found| pattern(wanted, if found.any_case { &lower } else { name }))
    })
}

/// Whether a program reads no configuration of its own.
#[must_use]
pub fn is_deaf(program: &str) -> bool {
    compiled::DEAF.contains(&program)
}

fn entry(index: usize) -> Option<&'static Variable> {
    compiled::VARIABLES.get(index)
}

/// The entry of a git setting, by its key in small letters; `None` if nothing is known of its section.
#[must_use]
pub fn git_setting(key: &str) -> Option<&'static GitSetting> {
    let section = key.split('.').next().unwrap_or(key);
    let last = key.rsplit('.').next().unwrap_or(key);
    let find = |key: &str| {
        let at = compiled::GIT_KEYS
            .binary_search_by(|(known, _)| (*known).cmp(key))
            .ok()?;
        compiled::GIT_SETTINGS.get(compiled::GIT_KEYS.get(at)?.1)
    };
    find(&format!("{section}.{last}")).or_else(|| find(&format!("{section}.*")))
}
