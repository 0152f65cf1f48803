//! Ignore files: which paths they cover, also below a directory that is swept. What follows from it is a hard limit.

use placet_model::{Decision, Effect, Facts, FileKind, Match, Outcome, Paths, Source, ToolInput, Verb};
use placet_patterns::{Case, IgnoreFile};

use super::Policy;
use super::text::IgnoreText;
use crate::tiers::path_of;
use crate::{HardLimit, words};

/// An ignore file, ready to match.
#[derive(Clone, Debug)]
pub(crate) struct Ignored {
    pub(crate) origin: String,
    /// Without a slash at the end; `None` is the project's root.
    pub(crate) root: Option<String>,
    pub(crate) lines: IgnoreFile,
}

impl Ignored {
    pub(crate) fn read(text: &IgnoreText) -> Self {
        Self {
            origin: text.origin.clone(),
            root: Some(text.root.trim_end_matches('/').to_owned()),
            lines: IgnoreFile::parse(text.text.clone()),
        }
    }

    /// The line number by which the path is covered, if it is.
    pub(crate) fn line(&self, path: &str, is_directory: bool, project: &str) -> Option<usize> {
        let root = self.root.as_deref().unwrap_or(project);
        let rest = below(path, root)?;
        self.lines
            .ignores(rest, is_directory, Case::Sensitive)
            .map(|line| line.number)
    }
}

/// The path as it is relative to a directory above it; `None` if it is not below.
pub(crate) fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let directory = directory.trim_end_matches('/');
    path.strip_prefix(directory)?
        .strip_prefix('/')
        .filter(|rest| !rest.is_empty())
}

/// A path as a tool names it, absolute and without `.` and `..`.
pub(crate) fn absolute(path: &str, cwd: &str, home: &str) -> String {
    let joined = if path == "~" {
        home.to_owned()
    } else if let Some(rest) = path.strip_prefix("~/") {
        format!("{home}/{rest}")
    } else if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{cwd}/{path}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The match of the ignore files on an effect of this call, if there is one. Final: nothing overrides it.
pub(crate) fn check(effect: &Effect, input: &ToolInput, policy: &Policy, facts: &dyn Facts) -> Option<Match> {
    if policy.ignored.is_empty() || effect.qualifiers.elsewhere {
        return None;
    }
    let target = path_of(effect)?;
    let covering = |path: &str, is_directory: bool| {
        policy.ignored.iter().find_map(|file| {
            let line = file.line(path, is_directory, facts.project())?;
            Some(format!("{}:{line}", file.origin))
        })
    };
    let found = |decision, origin: String, reason: String, instead: String| Match {
        outcome: Outcome::Decided(decision),
        source: Source::Ignore,
        rule: HardLimit::IgnoredPath.id().to_owned(),
        origin,
        span: effect.span,
        effect: words::effect(effect),
        reason,
        instead: Some(instead),
        would_allow: None,
    };
    let Some(base) = target.paths.base() else {
        let reason = "an ignore file keeps some paths from agents, and it can't be told whether this is one".to_owned();
        return (!matches!(effect.verb, Verb::List)).then(|| {
            found(
                Decision::Ask,
                String::new(),
                reason,
                "name the path in plain text".to_owned(),
            )
        });
    };
    let is_directory =
        matches!(target.paths, Paths::Below(_)) || matches!(facts.kind(base), FileKind::Directory | FileKind::Unknown);
    if let Some(origin) = covering(base, is_directory) {
        let reason = format!("{origin} keeps this path from agents");
        return Some(found(
            Decision::Deny,
            origin,
            reason,
            "go on without it, or tell the user what you need from it".to_owned(),
        ));
    }
    // To read, copy or move a directory is to read, copy or move what is in it.
    let sweeps = is_directory || effect.qualifiers.sweep || effect.verb == Verb::DeleteTree;
    let spares = policy.sparing && matches!(input, ToolInput::Search { .. });
    if !sweeps || spares || effect.verb == Verb::List {
        return None;
    }
    match find_below(base, facts, |path, is_directory| covering(path, is_directory).is_some()) {
        Below::Found(path) => {
            let origin = covering(&path, false)
                .or_else(|| covering(&path, true))
                .unwrap_or_default();
            let name = below(&path, base).unwrap_or(&path).to_owned();
            let reason = format!("it would take in {path}, which {origin} keeps from agents");
            Some(found(
                Decision::Deny,
                origin,
                reason,
                format!("leave out `{name}`, or name the files one by one"),
            ))
        }
        Below::Nothing | Below::CanNotTell => None,
    }
}

/// What was found below a directory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Below {
    /// This path, which is there.
    Found(String),
    /// Nothing, and everything was looked at.
    Nothing,
    /// Nothing so far, but not everything could be looked at.
    CanNotTell,
}

/// Directories that are looked into at most.
const MOST_DIRECTORIES: usize = 256;
/// Names that are looked at at most.
const MOST_NAMES: usize = 20_000;

/// Looks for a path below a directory. Bounded; links are not followed.
pub(crate) fn find_below(directory: &str, facts: &dyn Facts, wanted: impl Fn(&str, bool) -> bool) -> Below {
    let mut waiting = std::collections::VecDeque::from([directory.trim_end_matches('/').to_owned()]);
    let mut directories = 0_usize;
    let mut names = 0_usize;
    let mut all_seen = true;
    while let Some(current) = waiting.pop_front() {
        directories = directories.saturating_add(1);
        if directories > MOST_DIRECTORIES || names > MOST_NAMES {
            return Below::CanNotTell;
        }
        let Some(entries) = facts.entries(&current) else {
            all_seen = false;
            continue;
        };
        for entry in entries {
            names = names.saturating_add(1);
            let path = format!("{current}/{entry}");
            let is_directory = facts.kind(&path) == FileKind::Directory;
            if wanted(&path, is_directory) {
                return Below::Found(path);
            }
            if is_directory && entry != ".git" {
                waiting.push_back(path);
            }
        }
    }
    if all_seen { Below::Nothing } else { Below::CanNotTell }
}
