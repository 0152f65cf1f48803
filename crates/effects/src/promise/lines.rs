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
        let group = line
            .strip_prefix("group ")
            .and_then(|rest| rest.strip_suffix(" do"))
            .is_some_and(|names| names.split(", ").all(|name| name.strip_prefix(':').is_some_and(is_gem)));
        let version = line.strip_prefix("ruby ").and_then(literal).is_some_and(is_version);
        if is_comment(line, "#")
            || group
            || version
            || matches!(
                line,
                "end" | "gemspec" | "source \"https://rubygems.org\"" | "source 'https://rubygems.org'"
            )
        {
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

/// Settings of npm: how it saves, prints and asks.
pub(super) fn npmrc(both: &Both) -> bool {
    const INERT: &[&str] = &[
        "save-exact",
        "save-prefix",
        "fund",
        "audit",
        "audit-level",
        "loglevel",
        "progress",
        "engine-strict",
        "package-lock",
        "legacy-peer-deps",
        "strict-peer-dependencies",
        "auto-install-peers",
        "shamefully-hoist",
        "hoist",
        "node-linker",
        "prefer-offline",
        "color",
        "update-notifier",
        "ignore-scripts",
    ];
    is_inert_change(&both.old, &both.new, |line, _| {
        is_comment(line, "#")
            || is_comment(line, ";")
            || line.split_once('=').is_some_and(|(key, value)| {
                let (key, value) = (key.trim(), value.trim());
                // Taking the protection away is no matter of taste.
                INERT.contains(&key) && (key != "ignore-scripts" || value == "true") && is_gem(value)
            })
    })
}

/// Settings of Bazel: how much it does at once, and how it prints.
pub(super) fn bazelrc(both: &Both) -> bool {
    const INERT: &[&str] = &[
        "--jobs",
        "--keep_going",
        "--test_output",
        "--color",
        "--curses",
        "--show_progress",
        "--verbose_failures",
        "--noshow_progress",
        "--nocurses",
        "--test_summary",
        "--compilation_mode",
        "-c",
        "--cxxopt=-std",
        "--announce_rc",
        "--enable_bzlmod",
        "--noenable_bzlmod",
    ];
    is_inert_change(&both.old, &both.new, |line, _| {
        let mut words = line.split_whitespace();
        let command = words.next().unwrap_or("");
        is_comment(line, "#")
            || matches!(
                command.split(':').next(),
                Some("build" | "test" | "common" | "query" | "coverage")
            ) && words.all(|word| {
                let name = word.split('=').next().unwrap_or(word);
                INERT.contains(&name)
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'=' | b'.'))
            })
    })
}

/// Settings of Cargo: how it builds and prints, not by which programs and from where.
pub(super) fn cargo_config(both: &Both) -> bool {
    let read = |text: &str| placet_languages::document::toml(text).filter(|_| !both.replaces_unknown && !both.fragment);
    let (Some(old), Some(new)) = (read(&both.old), read(&both.new)) else {
        return false;
    };
    super::difference::difference(&old, &new).is_some_and(|difference| {
        difference.removed.iter().chain(&difference.added).all(|leaf| {
            let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
            matches!(
                path.as_slice(),
                ["build", "jobs" | "incremental" | "target-dir"]
                    | ["term" | "profile" | "future-incompat-report", ..]
                    | ["net", "retry" | "offline"]
            ) && !leaf.value.starts_with(['/', '~'])
                && !leaf.value.contains("..")
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
