//! What the command line says of permissions: its rules and files as policy, and which modes it may ask for.

use std::path::Path;

use placet_engine::{Format, Policy, PolicyText, Scope};
use placet_model::Mode;

use crate::{Error, Options};

/// Policy of the command line.
pub(crate) fn texts(options: &Options, project: &str) -> Result<Vec<PolicyText>, Error> {
    let mut texts = Vec::new();
    let text = |origin: String, format, text| PolicyText {
        origin,
        scope: Scope::CommandLine,
        format,
        text,
        trusted: true,
    };
    if let Some(path) = &options.settings {
        let content = std::fs::read_to_string(path).map_err(Error::file(path))?;
        let format = if path.extension().is_some_and(|ending| ending == "toml") {
            Format::PlacetToml
        } else {
            Format::ClaudeSettings
        };
        texts.push(text(path.to_string_lossy().into_owned(), format, content));
    }
    for (flag, key, rules) in [
        ("--allowedTools", "allow", &options.allowed),
        ("--disallowedTools", "deny", &options.disallowed),
    ] {
        if !rules.is_empty() {
            let content = serde_json::json!({"permissions": {key: listed(rules)}});
            // Patterns are relative to where the rule stands: the project.
            texts.push(text(
                format!("{project}/{flag}"),
                Format::ClaudeSettings,
                content.to_string(),
            ));
        }
    }
    Ok(texts)
}

/// Rules in words: several may stand in one, parted by commas or blanks outside of brackets.
fn listed(words: &[String]) -> Vec<String> {
    let mut rules = Vec::new();
    for word in words {
        let mut rule = String::new();
        let mut depth = 0_usize;
        for letter in word.chars() {
            match letter {
                '(' => depth = depth.saturating_add(1),
                ')' => depth = depth.saturating_sub(1),
                ',' | ' ' if depth == 0 => {
                    rules.push(core::mem::take(&mut rule));
                    continue;
                }
                _ => {}
            }
            rule.push(letter);
        }
        rules.push(rule);
    }
    rules.retain(|rule| !rule.is_empty());
    rules
}

/// Whether the mode may be used at all.
pub(crate) fn permitted(mode: Option<Mode>, policy: &Policy) -> Result<(), Error> {
    let settings = policy.settings();
    match mode {
        Some(Mode::Auto) if settings.auto_disabled() => Err(Error::input(
            "the policy has switched the mode `auto` off",
            "ask whoever manages this machine",
        )),
        Some(Mode::BypassPermissions) if settings.bypass_disabled() => Err(Error::input(
            "the policy does not let permissions be skipped",
            "use `--auto-mode`",
        )),
        Some(Mode::BypassPermissions) if rustix::process::geteuid().is_root() && !in_container() => Err(Error::input(
            "permissions can't be skipped as root",
            "use another user, or a container",
        )),
        Some(Mode::Auto | Mode::BypassPermissions | Mode::Default | Mode::AcceptEdits | Mode::Plan | Mode::DontAsk)
        | None => Ok(()),
    }
}

fn in_container() -> bool {
    ["/.dockerenv", "/run/.containerenv"]
        .iter()
        .any(|mark| Path::new(mark).exists())
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn rules_are_parted_outside_of_brackets_only() {
        let words = ["Bash(git log *),Edit".to_owned(), "Read(src/**) Bash(a, b)".to_owned()];
        assert_eq!(
            listed(&words),
            ["Bash(git log *)", "Edit", "Read(src/**)", "Bash(a, b)"]
        );
    }
}
