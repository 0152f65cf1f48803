//! Placet's entries in Claude Code's settings: which events, in what form, and how they are recognised again.

use std::path::{Path, PathBuf};

use super::json_edit::{self, Kind, New, Node};
use super::{InstallError, Scope};

/// The agent's name on the command line.
pub const NAME: &str = "claude-code";

/// Findings from which on results can be withheld.
pub const BLOCK_ON_LEVELS: &[&str] = &["low", "medium", "high"];

/// The events that Placet is called for.
pub const EVENTS: &[&str] = &[
    "PreToolUse",
    "PermissionRequest",
    "PermissionDenied",
    "UserPromptSubmit",
    "PostToolUse",
    "SessionStart",
    "SessionEnd",
    "SubagentStart",
    "SubagentStop",
];

/// A settings text with what a person should know about it.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

/// The settings file of a scope.
#[must_use]
pub fn settings_path(scope: Scope, home: &Path, project: &Path) -> PathBuf {
    match scope {
        Scope::User => home.join(".claude/settings.json"),
        Scope::Project => project.join(".claude/settings.json"),
        Scope::Local => project.join(".claude/settings.local.json"),
    }
}

/// The command line of the hook, quoted for `sh`.
#[must_use]
pub fn command(program: &str) -> String {
    if program.chars().all(needs_no_quotes) {
        format!("{program} hook {NAME}")
    } else {
        format!("'{}' hook {NAME}", program.replace('\'', r"'\''"))
    }
}

/// The option behind the agent's name.
const BLOCK_ON: &str = " --block-on ";

/// The command line of the hook with the finding from which on it withholds results, if one is chosen.
fn command_with(program: &str, block_on: Option<&str>) -> String {
    let option = block_on.map_or(String::new(), |level| format!("{BLOCK_ON}{level}"));
    command(program) + &option
}

/// A command line's option, and what stands before it.
fn block_on(command: &str) -> (&str, Option<&str>) {
    let found = command
        .rsplit_once(BLOCK_ON)
        .filter(|(_, level)| BLOCK_ON_LEVELS.contains(level));
    found.map_or((command, None), |(rest, level)| (rest, Some(level)))
}

/// The program of a command line of ours; `None` when the command is somebody else's.
#[must_use]
pub fn program_of(command: &str) -> Option<String> {
    let (command, _) = block_on(command);
    let program = command.strip_suffix(NAME)?.strip_suffix(' ')?.strip_suffix(" hook")?;
    let program = match program.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(quoted) => quoted.replace(r"'\''", "'"),
        None => program.chars().all(needs_no_quotes).then(|| program.to_owned())?,
    };
    let name = program.rsplit(['/', '\\']).next()?;
    ["placet", "placet.exe"].contains(&name).then_some(program)
}

fn needs_no_quotes(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-./+".contains(character)
}

/// The commands of ours that the settings hold, by event.
///
/// # Errors
/// When the settings are not understood.
pub fn installed(path: &Path, text: &str) -> Result<Vec<(String, String)>, InstallError> {
    let root = read(path, text)?;
    let Some(hooks) = root.get("hooks") else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for event in hooks.members() {
        for hook in event
            .value
            .items()
            .iter()
            .filter_map(|group| group.get("hooks"))
            .flat_map(Node::items)
        {
            if let Some(command) = ours(hook) {
                found.push((event.key.clone(), command.to_owned()));
            }
        }
    }
    Ok(found)
}

/// `block_on` is a level, or anything else for none; without it the entries keep what they have.
pub(super) fn install(
    path: &Path,
    text: Option<&str>,
    program: &Path,
    block_on: Option<&str>,
) -> Result<Edited, InstallError> {
    let absolute = program.is_absolute().then(|| program.to_str()).flatten();
    let Some(program) = absolute else {
        return Err(InstallError::ProgramPath(program.to_owned()));
    };
    let mut text = text.filter(|text| !text.trim().is_empty()).unwrap_or("{}\n").to_owned();
    let kept = if text.trim_start_matches('\u{feff}').trim().is_empty() {
        None
    } else {
        strictest(&installed(path, &text)?)
    };
    let chosen = match block_on {
        Some(level) => Some(level).filter(|level| BLOCK_ON_LEVELS.contains(level)),
        None => kept.as_deref(),
    };
    let command = command_with(program, chosen);
    for event in EVENTS {
        text = with_entry(path, text, event, &command)?;
    }
    let notes = notes(&read(path, &text)?);
    Ok(Edited { text, notes })
}

/// The strictest level that an entry of ours chooses.
fn strictest(entries: &[(String, String)]) -> Option<String> {
    let chosen: Vec<&str> = entries.iter().filter_map(|(_, command)| block_on(command).1).collect();
    let level = BLOCK_ON_LEVELS.iter().find(|level| chosen.contains(level))?;
    Some((*level).to_owned())
}

pub(super) fn uninstall(path: &Path, text: Option<&str>) -> Result<Edited, InstallError> {
    let mut text = text.unwrap_or_default().to_owned();
    while let Some(shorter) = without_one(path, &text)? {
        text = shorter;
    }
    Ok(Edited {
        text,
        notes: Vec::new(),
    })
}

/// The text with our entry for the event: added, or brought up to date, or as it was.
fn with_entry(path: &Path, text: String, event: &'static str, command: &str) -> Result<String, InstallError> {
    let root = read(path, &text)?;
    let Some(hooks) = root.get("hooks") else {
        let value = New::Object(vec![(event, New::List(vec![entry(event, command)]))]);
        return Ok(json_edit::append(&text, &root, 1, Some("hooks"), &value));
    };
    let Some(groups) = hooks.get(event) else {
        return Ok(json_edit::append(
            &text,
            hooks,
            2,
            Some(event),
            &New::List(vec![entry(event, command)]),
        ));
    };
    let own: Vec<&Node> = groups
        .items()
        .iter()
        .filter(|group| matches_all(group))
        .filter_map(|group| group.get("hooks"))
        .flat_map(Node::items)
        .filter(|hook| ours(hook).is_some())
        .collect();
    match own.first().and_then(|hook| hook.get("command")) {
        Some(old) if old.text() == Some(command) => Ok(text),
        Some(old) => Ok(json_edit::replace_text(&text, old, command)),
        None => Ok(json_edit::append(&text, groups, 3, None, &entry(event, command))),
    }
}

/// A group that a person narrowed to some tools does not do our work.
fn matches_all(group: &Node) -> bool {
    group
        .get("matcher")
        .is_none_or(|matcher| matches!(matcher.text(), Some("" | "*")))
}

fn entry(event: &str, command: &str) -> New {
    let text = |value: &str| New::Text(value.to_owned());
    let mut hook = vec![("type", text("command")), ("command", text(command))];
    if event == "PreToolUse" {
        // Clients that know this word block when the hook can't be run; the others pass over it.
        hook.push(("onFailure", text("block")));
    }
    New::Object(vec![
        ("matcher", text("*")),
        ("hooks", New::List(vec![New::Object(hook)])),
    ])
}

/// The text without one of our entries and what that leaves empty; `None` when there is none left.
fn without_one(path: &Path, text: &str) -> Result<Option<String>, InstallError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let root = read(path, text)?;
    let Some(hooks_index) = root.members().iter().position(|member| member.key == "hooks") else {
        return Ok(None);
    };
    let Some(hooks) = root.get("hooks") else {
        return Ok(None);
    };
    for (event_index, event) in hooks.members().iter().enumerate() {
        for (group_index, group) in event.value.items().iter().enumerate() {
            let Some(list) = group.get("hooks") else { continue };
            let Some(hook_index) = list.items().iter().position(|hook| ours(hook).is_some()) else {
                continue;
            };
            let (container, index) = if list.items().len() > 1 {
                (list, hook_index)
            } else if event.value.items().len() > 1 {
                (&event.value, group_index)
            } else if hooks.members().len() > 1 {
                (hooks, event_index)
            } else {
                (&root, hooks_index)
            };
            return Ok(Some(json_edit::remove(text, container, index)));
        }
    }
    Ok(None)
}

/// The command of a hook that is ours.
fn ours(hook: &Node) -> Option<&str> {
    let command = hook.get("command")?.text()?;
    program_of(command).map(|_| command)
}

fn notes(root: &Node) -> Vec<String> {
    let off = root
        .get("disableAllHooks")
        .is_some_and(|flag| flag.kind == Kind::Plain("true".to_owned()));
    if off {
        vec![
            "`disableAllHooks` is true in this file: Claude Code will not call Placet until that is taken out"
                .to_owned(),
        ]
    } else {
        Vec::new()
    }
}

/// The settings, with the parts that we go through checked for their shape.
fn read(path: &Path, text: &str) -> Result<Node, InstallError> {
    let fail = |at: usize, what: String| {
        let (line, column) = json_edit::position(text, at);
        InstallError::Malformed {
            path: path.to_owned(),
            line,
            column,
            what,
        }
    };
    let root = json_edit::parse(text).map_err(|error| fail(error.at, error.what))?;
    let object = |node: &Node, name: &str| match node.kind {
        Kind::Object(_) => Ok(()),
        Kind::List(_) | Kind::Text(_) | Kind::Plain(_) => {
            Err(fail(node.span.start, format!("{name} must be an object")))
        }
    };
    let list = |node: &Node, name: &str| match node.kind {
        Kind::List(_) => Ok(()),
        Kind::Object(_) | Kind::Text(_) | Kind::Plain(_) => {
            Err(fail(node.span.start, format!("{name} must be a list")))
        }
    };
    object(&root, "the settings")?;
    if let Some(hooks) = root.get("hooks") {
        object(hooks, "`hooks`")?;
        for event in hooks.members() {
            list(&event.value, &format!("`hooks.{}`", event.key))?;
            for group in event.value.items() {
                object(group, &format!("each entry of `hooks.{}`", event.key))?;
                if let Some(hooks) = group.get("hooks") {
                    list(hooks, &format!("`hooks` in `hooks.{}`", event.key))?;
                }
            }
        }
    }
    Ok(root)
}
