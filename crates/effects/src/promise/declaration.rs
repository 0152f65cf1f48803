//! What a change to a build file in a language without a reader here says (`mix.exs`, `build.sbt`, `Package.swift`, a gem's
//! specification, Bazel's and Nix's files): lines of names, versions and lists are known; every other line leaves the doubt.

use super::Both;
use super::difference::difference;

/// Names of files that are read here.
const NAMES: &[&str] = &[
    "mix.exs",
    "build.sbt",
    "plugins.sbt",
    "Package.swift",
    "WORKSPACE",
    "WORKSPACE.bazel",
    "MODULE.bazel",
    "BUILD",
    "BUILD.bazel",
    "flake.nix",
    "shell.nix",
    "default.nix",
    "Vagrantfile",
    "binding.gyp",
    "wscript",
    "SConscript",
    "CMakePresets.json",
    "CMakeUserPresets.json",
    "Brewfile",
    "Tiltfile",
    "Earthfile",
];

/// Calls that only declare.
const DECLARES: &[&str] = &[
    "package",
    "target",
    "testTarget",
    "executableTarget",
    "product",
    "library",
    "executable",
    "upToNextMajor",
    "upToNextMinor",
    "glob",
    "filegroup",
    "exports_files",
    "bazel_dep",
    "module",
    "add_dependency",
    "add_development_dependency",
    "add_runtime_dependency",
    "required_ruby_version",
    "brew",
    "cask",
    "tap",
    "gem",
    "iOS",
    "macOS",
];

/// Attributes that run something, or say where code comes from.
const POWERFUL: &[&str] = &[
    "cmd",
    "cmd_bash",
    "tools",
    "toolchains",
    "shellHook",
    "buildPhase",
    "installPhase",
    "url",
    "urls",
    "remote",
    "git",
    "github",
    "path",
    "resolvers",
    "provision",
    "plugin",
    "plugins",
    "extensions",
    "environment",
    "cacheVariables",
    "toolchainFile",
    "action",
    "actions",
    "inline",
];

/// Whether a file of this name is read here.
pub(super) fn reads(name: &str) -> bool {
    NAMES.contains(&name) || name.ends_with(".gemspec") || name.ends_with(".bzl") || name.ends_with(".sbt")
}

/// Whether all lines that the change takes away and puts there only declare.
pub(super) fn harmless(name: &str, both: &Both) -> bool {
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<String>>();
    let comment = if name.ends_with(".swift") || name.ends_with(".sbt") {
        "//"
    } else {
        "#"
    };
    let (old, new) = (lines(&both.old), lines(&both.new));
    !name.ends_with(".nix")
        && difference(&old, &new).is_some_and(|difference| {
            difference
                .removed
                .iter()
                .chain(&difference.added)
                .all(|line| line.starts_with(comment) || is_frame(line) || declares(line))
        })
}

/// What a gem's specification begins and ends with.
fn is_frame(line: &str) -> bool {
    line == "end"
        || line
            .strip_prefix("Gem::Specification.new do |")
            .and_then(|rest| rest.strip_suffix('|'))
            .is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[derive(PartialEq)]
enum Token<'t> {
    Word(&'t str),
    Text,
    Sign(char),
}

fn declares(line: &str) -> bool {
    let Some(tokens) = tokens(line) else { return false };
    tokens.iter().enumerate().all(|(at, token)| match token {
        Token::Word(word) => {
            let last = word.rsplit('.').next().unwrap_or(word);
            let known = DECLARES.contains(&last)
                || last.ends_with("_library")
                || last.ends_with("_test")
                || last.ends_with("_binary");
            match tokens.get(at + 1) {
                // A call, with or without parentheses.
                Some(Token::Sign('(') | Token::Text | Token::Word(_)) => known,
                Some(Token::Sign('{')) => false,
                Some(Token::Sign(_)) | None => !POWERFUL.contains(&last),
            }
        }
        Token::Text => {
            !matches!(tokens.get(at + 1), Some(Token::Word(_) | Token::Text | Token::Sign('(')))
            // `"url": …` as a key.
            && !POWERFUL.iter().any(|word| line.contains(&format!("\"{word}\"")))
        }
        Token::Sign(sign) => matches!(
            sign,
            '(' | ')' | '[' | ']' | '{' | '}' | ',' | ':' | '=' | '~' | '>' | '<' | '%' | '+'
        ),
    })
}

/// Words, plain texts and signs; `None` where a text does not end or computes something.
fn tokens(line: &str) -> Option<Vec<Token<'_>>> {
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
        } else if c == '"' || c == '\'' {
            let (text, after) = rest.get(1..)?.split_once(c)?;
            if text.contains(['$', '\\', '#', '`', '|', ';']) || text.contains("://") {
                return None;
            }
            out.push(Token::Text);
            rest = after;
        } else if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@') {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@' | '-')))
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end)?;
            out.push(Token::Word(word));
            rest = after;
        } else {
            out.push(Token::Sign(c));
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    Some(out)
}
