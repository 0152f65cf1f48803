//! What a change to an editor's or a development container's settings says: how text looks and is checked, commands, which
//! are judged by what they would do. Everything else, such as programs that the editor starts, leaves the doubt.

use placet_languages::document::{self, Leaf};

use super::difference::difference;
use super::{Both, Here};

/// Beginnings of settings that only say how the editor shows and saves text.
const APPEARANCE: &[&str] = &[
    "editor.",
    "search.",
    "files.",
    "workbench.color",
    "workbench.icon",
    "cSpell.",
    "explorer.",
    "breadcrumbs.",
];

/// Settings among them that reach further.
const REACHING: &[&str] = &["files.hotExit"];

/// Further settings that run nothing.
const SETTINGS: &[&str] = &[
    "python.testing.pytestEnabled",
    "python.testing.unittestEnabled",
    "python.analysis.typeCheckingMode",
    "eslint.validate",
    "rust-analyzer.cargo.features",
    "typescript.preferences.importModuleSpecifier",
    "javascript.preferences.importModuleSpecifier",
    "css.validate",
    "scss.validate",
];

/// Whether everything that was changed is understood and harmless.
pub(super) fn harmless(here: &Here<'_, '_>, name: &str, both: &Both) -> bool {
    let read = |text: &str| {
        let text = document::without_comments(text)?;
        if text.trim().is_empty() {
            Some(Vec::new())
        } else if both.fragment {
            document::json(&format!("{{{}}}", text.trim().trim_end_matches(',')))
        } else {
            document::json(&text)
        }
    };
    let (Some(old), Some(new)) = (read(&both.old), read(&both.new)) else {
        return false;
    };
    let Some(difference) = difference(&old, &new) else {
        return false;
    };
    // Arguments stand beside their command, in an order that is not told here.
    let alone =
        name != "tasks.json" || !both.fragment && !new.iter().any(|leaf| leaf.path.iter().any(|name| name == "args"));
    // What is taken away may have been a bound.
    let inert = |leaf: &Leaf| {
        let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
        match name {
            "settings.json" => is_setting(&path),
            "tasks.json" => is_task(&path, &leaf.value),
            "launch.json" => is_launch(&path, &leaf.value),
            _ => is_container(&path, &leaf.value),
        }
    };
    let command = |leaf: &Leaf| is_command(name, leaf);
    difference.removed.iter().all(|leaf| inert(leaf) || command(leaf))
        && difference.added.iter().all(|leaf| {
            inert(leaf)
                || command(leaf)
                    && alone
                    && without_variables(&leaf.value).is_some_and(|text| here.runs_harmlessly(&text))
        })
}

/// Whether a shell runs the text.
fn is_command(name: &str, leaf: &Leaf) -> bool {
    let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
    match (name, path.as_slice()) {
        ("tasks.json", ["tasks", "[]", "command"]) => true,
        ("settings.json" | "launch.json" | "tasks.json", _) => false,
        (_, [command] | [command, _]) => {
            matches!(
                *command,
                "onCreateCommand"
                    | "updateContentCommand"
                    | "postCreateCommand"
                    | "postStartCommand"
                    | "postAttachCommand"
            ) && path.get(1) != Some(&"[]")
        }
        _ => false,
    }
}

fn is_setting(path: &[&str]) -> bool {
    match path {
        // Settings for one language.
        [language, rest @ ..] if language.starts_with('[') && *language != "[]" => rest
            .first()
            .is_some_and(|name| name.starts_with("editor.") || name.starts_with("files.")),
        [name, ..] => {
            !REACHING.contains(name)
                && (SETTINGS.contains(name) || APPEARANCE.iter().any(|start| name.starts_with(start)))
        }
        [] => true,
    }
}

fn is_task(path: &[&str], value: &str) -> bool {
    match path {
        ["version"] | ["tasks"] => true,
        ["tasks", "[]", name, ..] => match *name {
            "label" | "group" | "presentation" | "problemMatcher" | "dependsOn" | "dependsOrder" | "detail" => true,
            "type" => matches!(value, "shell" | "process"),
            _ => false,
        },
        _ => false,
    }
}

fn is_launch(path: &[&str], value: &str) -> bool {
    match path {
        ["version"] | ["configurations"] => true,
        ["configurations", "[]", name, ..] => match *name {
            "name"
            | "request"
            | "console"
            | "internalConsoleOptions"
            | "port"
            | "stopOnEntry"
            | "justMyCode"
            | "skipFiles"
            | "preLaunchTask"
            | "presentation" => true,
            "type" => value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
            "program" => (value == "${file}" || value.starts_with("${workspaceFolder}/")) && !value.contains(".."),
            _ => false,
        },
        _ => false,
    }
}

fn is_container(path: &[&str], value: &str) -> bool {
    match path {
        [
            "name" | "forwardPorts" | "portsAttributes" | "shutdownAction" | "$schema",
            ..,
        ] => true,
        ["image"] => value.starts_with("mcr.microsoft.com/devcontainers/"),
        ["features", feature, ..] => feature.starts_with("ghcr.io/devcontainers/features/"),
        ["customizations", "vscode", "settings", rest @ ..] => is_setting(rest),
        ["remoteUser"] => matches!(value, "vscode" | "node"),
        _ => false,
    }
}

/// The command with the editor's own places as variables that nothing is known of.
fn without_variables(command: &str) -> Option<String> {
    let command = command
        .replace("${workspaceFolder}", ".")
        .replace("${file}", "${EDITOR_FILE}")
        .replace("${relativeFile}", "${EDITOR_FILE}");
    (!command.contains("${input:") && !command.contains("${command:") && !command.contains("${config:"))
        .then_some(command)
}
