//! Changes to files that are programs without a reader here: a Jenkinsfile, a Rust build script, a Gemfile, a wrapper's
//! settings. Lines of a few plain forms are known; every other line leaves the doubt.

use super::difference::is_inert_change;
use super::gradle::is_version;
use super::{Both, Here};

/// A pipeline of Jenkins: steps that start the project's own tools.
pub(super) fn jenkinsfile(here: &Here<'_, '_>, both: &Both) -> bool {
    is_inert_change(&both.old, &both.new, |line, _| {
        if is_comment(line, "//") || matches!(line, "}" | "steps {" | "checkout scm") {
            return true;
        }
        if let Some(name) = line
            .strip_prefix("stage(")
            .or_else(|| line.strip_prefix("stage ("))
            .and_then(|rest| rest.strip_suffix('{'))
            .and_then(|rest| rest.trim_end().strip_suffix(')'))
        {
            return literal(name).is_some();
        }
        let Some((step, text)) = line.split_once(' ').or_else(|| {
            let (step, rest) = line.split_once('(')?;
            Some((step, rest.strip_suffix(')')?))
        }) else {
            return false;
        };
        let Some(text) = literal(text) else { return false };
        match step {
            "sh" => here.runs_harmlessly(text),
            "echo" | "junit" => true,
            _ => false,
        }
    })
}

/// A build script of Cargo: what it watches and which conditions it knows.
pub(super) fn build_rs(both: &Both) -> bool {
    is_inert_change(&both.old, &both.new, |line, _| {
        is_comment(line, "//")
            || line
                .strip_prefix("println!(")
                .and_then(|rest| rest.strip_suffix(");"))
                .and_then(literal)
                .and_then(|text| text.strip_prefix("cargo:").or_else(|| text.strip_prefix("cargo::")))
                .is_some_and(|text| {
                    [
                        "rerun-if-changed=",
                        "rerun-if-env-changed=",
                        "rustc-cfg=",
                        "rustc-check-cfg=",
                    ]
                    .iter()
                    .any(|known| text.starts_with(known))
                        && !text.contains(['{', '}'])
                })
    })
}

/// A Gemfile: gems of the registry.
pub(super) fn gemfile(both: &Both) -> bool {
    is_inert_change(&both.old, &both.new, |line, _| {
        if is_comment(line, "#") {
            return true;
        }
        let Some(rest) = line.strip_prefix("gem ") else {
            return false;
        };
        let mut parts = rest.split(", ");
        parts.next().and_then(literal).is_some_and(is_gem)
            && parts.all(|part| match part.split_once(": ") {
                Some((key, value)) => key == "require" && value == "false",
                None => {
                    literal(part).is_some_and(|text| is_version(text.trim_start_matches(['~', '>', '<', '=', ' '])))
                }
            })
    })
}

/// The settings of a build wrapper: another version from the place that was named before.
pub(super) fn wrapper(both: &Both) -> bool {
    is_inert_change(&both.old, &both.new, |line, others| {
        is_comment(line, "#")
            || line.split_once('=').is_some_and(|(key, address)| {
                matches!(key, "distributionUrl" | "wrapperUrl")
                    && [
                        "https\\://services.gradle.org/distributions/",
                        "https://repo.maven.apache.org/maven2/",
                    ]
                    .iter()
                    .filter_map(|place| address.strip_prefix(place))
                    .any(|rest| {
                        !rest.contains("..")
                            && rest
                                .bytes()
                                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'/' | b'_'))
                    })
                    && others.iter().any(|other| other.starts_with(key))
            })
    })
}

/// A direnv file: a shell script, with words of direnv's own that bring in what the project names elsewhere.
pub(super) fn environment(here: &Here<'_, '_>, both: &Both) -> bool {
    // Quotes and here-documents may begin outside of a fragment.
    if both.fragment
        && [&both.old, &both.new]
            .iter()
            .any(|text| text.contains(['\'', '"', '`', '\\', '<', '(', '{']))
    {
        return false;
    }
    let shell = |text: &str| {
        text.lines()
            .map(|line| if is_of_direnv(line.trim()) { ":" } else { line })
            .collect::<Vec<&str>>()
            .join("\n")
    };
    super::script(
        here,
        &Both {
            old: shell(&both.old),
            new: shell(&both.new),
            ..*both
        },
    )
}

/// Words of direnv that load what the project's own tools declare.
fn is_of_direnv(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let word = words.next().unwrap_or("");
    let rest: Vec<&str> = words.collect();
    let plain = rest.iter().all(|word| {
        word.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
            && !word.starts_with("..")
    });
    plain
        && matches!(
            (word, rest.as_slice()),
            ("dotenv" | "dotenv_if_exists" | "strict_env" | "watch_file", _)
                | ("use", ["flake" | "nix" | "node" | "asdf" | "mise", ..])
                | (
                    "layout",
                    ["python" | "python3" | "node" | "go" | "ruby" | "poetry" | "pipenv", ..]
                )
        )
}

fn is_comment(line: &str, sign: &str) -> bool {
    line.strip_prefix(sign)
        .is_some_and(|text| !text.contains("*/") && !text.contains("/*") && !text.starts_with('!'))
}

fn is_gem(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// A string without substitutions and escapes.
fn literal(text: &str) -> Option<&str> {
    let text = text.trim();
    ['\'', '"'].iter().find_map(|quote| {
        let inner = text.strip_prefix(*quote)?.strip_suffix(*quote)?;
        (!inner.contains(['\'', '"', '\\', '`']) && (*quote == '\'' || !inner.contains(['$', '#']))).then_some(inner)
    })
}
