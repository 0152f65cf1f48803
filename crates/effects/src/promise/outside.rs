//! Settings of linters, test runners, formatters, editors and package managers: what a change to them has loaded from
//! outside the project, has run, or has fetched from somewhere else. As in `settings`, most changes do nothing of that kind.

use placet_languages::document::{self, Leaf};
use placet_model::Place;

use super::difference::difference;
use super::{Both, Here};
use crate::paths::{self, Use};
use crate::value::Value;

/// What a file of settings can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// It names modules and directories that are loaded.
    Loads,
    /// Some of its texts are command lines.
    Runs,
    /// It names packages and where they come from.
    Requirements,
    /// Lines of `replace`: modules under the names of others.
    GoModules,
    /// Options of the Java machine that builds.
    Gradle,
    /// Versions of tools, or where they lie.
    Versions,
}

/// Keys of command lines.
const COMMANDS: &[&str] = &[
    "buildCommand",
    "build_command",
    "command",
    "cmd",
    "crash",
    "exec",
    "execMap",
    "exit",
    "postdeploy",
    "pr-predestroy",
    "predestroy",
    "release_command",
    "restart",
    "run",
    "SCRIPT_TEXT",
    "start",
];

/// What a file of this name can do, if anything.
pub(super) fn reach(name: &str) -> Option<Reach> {
    let stem = name
        .strip_suffix(".json")
        .or_else(|| name.strip_suffix(".jsonc"))
        .or_else(|| name.strip_suffix(".json5"))
        .or_else(|| name.strip_suffix(".yaml"))
        .or_else(|| name.strip_suffix(".yml"))
        .or_else(|| name.strip_suffix(".toml"))
        .unwrap_or(name);
    match stem {
        ".babelrc" | ".c8rc" | ".eslintrc" | ".mocharc" | ".nycrc" | ".prettierrc" | ".stylelintrc" | ".swcrc"
        | "babel.config" | "jest.config" | ".rubocop" | ".golangci" | "phpstan.neon" | "phpstan.neon.dist"
        | "phpunit.xml" | "phpunit.xml.dist" | ".ansible-lint" | "ansible.cfg" | "ruff" | ".ruff" => {
            return Some(Reach::Loads);
        }
        _ if stem == "tsconfig" || stem.starts_with("tsconfig.") => return Some(Reach::Loads),
        "nodemon" | "skaffold" | "fly" => return Some(Reach::Runs),
        "rust-toolchain" => return Some(Reach::Versions),
        _ => {}
    }
    match name {
        "app.json" | "workspace.xml" => Some(Reach::Runs),
        _ if name.ends_with(".code-workspace") => Some(Reach::Loads),
        "Pipfile" => Some(Reach::Requirements),
        _ if name.ends_with(".txt") && (name.contains("requirements") || name.starts_with("constraints")) => {
            Some(Reach::Requirements)
        }
        "go.mod" | "go.work" => Some(Reach::GoModules),
        "gradle.properties" => Some(Reach::Gradle),
        ".tool-versions" | ".python-version" | ".node-version" | ".ruby-version" | ".nvmrc" => Some(Reach::Versions),
        _ => None,
    }
}

/// Whether the change has something loaded, run or fetched that nobody here vouches for.
pub(super) fn promises(here: &Here<'_, '_>, name: &str, reach: Reach, both: &Both) -> bool {
    let any = |fires: &dyn Fn(&str) -> bool| new_lines(both).any(fires);
    match reach {
        Reach::Loads => any(&|line| leads_out(here, line)),
        Reach::Runs => runs(here, name, both),
        Reach::Requirements => any(&|line| comes_from_elsewhere(line)),
        Reach::GoModules => any(&|line| {
            let target = line.split_once("=>").map(|(_, target)| target.trim());
            target.is_some_and(|target| !target.starts_with("./") && !target.starts_with("../"))
        }),
        Reach::Gradle => any(&|line| {
            leads_out(here, line)
                || line.starts_with("org.gradle.java.home")
                || ["-javaagent", "-agent", "-Xbootclasspath", "@", "-XX:On"]
                    .iter()
                    .any(|option| line.contains(option))
        }),
        Reach::Versions => any(&|line| leads_out(here, line) || line.contains("path:") || line.starts_with("path")),
    }
}

/// Whether a text names something that lies outside of the project and of the machine's own tools.
pub(super) fn leads_out(here: &Here<'_, '_>, text: &str) -> bool {
    let tokens = text.split(|c: char| c.is_whitespace() || "\"'`,[]{}()=<>;:".contains(c));
    tokens.filter(|token| is_full_path(token)).any(|token| {
        let target = paths::target(&Value::text(token), &here.outer.state.cwd, Use::Look, here.outer.facts);
        match target.place {
            Place::Project | Place::Toolchain | Place::Stream => false,
            Place::Vital
            | Place::Temp
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown => true,
        }
    })
}

/// Whether a word is a path from the root or the home. Patterns of files begin with a slash as well; so it has to begin with
/// a directory that systems have.
fn is_full_path(word: &str) -> bool {
    const TOPS: &[&str] = &[
        "Users", "Volumes", "dev", "home", "media", "mnt", "opt", "private", "root", "run", "srv", "tmp", "var",
    ];
    let top = word.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    word.starts_with("~/") || top.is_some_and(|(top, rest)| TOPS.contains(&top) && !rest.is_empty())
}

/// Whether a line of a list of packages names another source than the registry.
pub(super) fn comes_from_elsewhere(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim();
    if line.starts_with('#') {
        return false;
    }
    const OPTIONS: &[&str] = &[
        "-i ",
        "-f ",
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--trusted-host",
    ];
    OPTIONS.iter().any(|option| line.starts_with(option))
        || is_elsewhere(line)
        || line.starts_with("http://")
        || line.starts_with("https://")
        || ["url", "git", "index"]
            .iter()
            .any(|key| line.split('=').next().is_some_and(|name| name.trim() == *key))
}

/// Whether a requirement of Python names an address.
pub(super) fn is_elsewhere(requirement: &str) -> bool {
    const ADDRESSES: &[&str] = &["git+", "hg+", "svn+", "bzr+", "@ http", "@http", "@ file:", "@file:"];
    ADDRESSES.iter().any(|part| requirement.contains(part))
}

/// Whether a command line that is new does more than a project's everyday work.
fn runs(here: &Here<'_, '_>, name: &str, both: &Both) -> bool {
    let is_new = |command: &str| !command.trim().is_empty() && !here.runs_harmlessly(command);
    let named = |leaf: &Leaf| {
        let path = leaf.path.iter().map(String::as_str);
        path.clone().any(|key| COMMANDS.contains(&key))
            || path.take(1).any(|key| name == "app.json" && key == "scripts")
    };
    if let (Some(old), Some(new)) = (leaves(name, &both.old), leaves(name, &both.new))
        && !both.fragment
    {
        return difference(&old, &new)
            .is_none_or(|change| change.added.iter().any(|leaf| named(leaf) && is_new(&leaf.value)));
    }
    // `<option name="SCRIPT_TEXT" value="…"/>`, several in a line.
    let mut parts = new_lines(both).flat_map(|line| line.split("<option "));
    parts.any(|line| {
        let Some((key, value)) = line.split_once([':', '=']) else {
            return false;
        };
        let key = key.trim().trim_matches(['"', '\'', '-', ' ']);
        let value = value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
        let (key, value) = match value.split_once("\" value=\"") {
            Some((name, value)) => (name, value.split('"').next().unwrap_or(value)),
            None => (key, value),
        };
        COMMANDS.contains(&key) && is_new(value)
    })
}

fn leaves(name: &str, text: &str) -> Option<Vec<Leaf>> {
    if text.trim().is_empty() {
        return Some(Vec::new());
    }
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => document::json(&document::without_comments(text)?),
        Some("yaml" | "yml") => document::yaml(text),
        Some("toml") => document::toml(text),
        Some(_) | None => None,
    }
}

/// Lines that were not there before.
fn new_lines(both: &Both) -> impl Iterator<Item = &str> {
    let old: Vec<&str> = both.old.lines().map(str::trim).collect();
    both.new.lines().map(str::trim).filter(move |line| !old.contains(line))
}
