//! Where the output of a tool came from: how far it is to be doubted, and by what name a person knows it.

use placet_facts::World;
use placet_model::{Event, Facts, Provenance, Resource, Standing, TextKind, ToolCall, ToolInput, Verb};
use placet_probe::Origin;

/// As much of a command is a name for its output.
const COMMAND: usize = 120;

/// Where the output came from. What a program fetched, another server said or a page held is from outside; so is a file
/// that was downloaded.
pub(super) fn origin(event: &Event, tool: &ToolCall, facts: &World) -> Origin {
    match &tool.input {
        ToolInput::Fetch { .. } | ToolInput::WebSearch { .. } | ToolInput::Other { .. } => Origin::Network,
        ToolInput::Shell { .. } => {
            let effects = crate::memory::effects_of(event, tool, facts);
            let fetches = effects.iter().any(|effect| {
                matches!(effect.verb, Verb::Fetch | Verb::Send | Verb::RemoteShell | Verb::Tunnel)
                    || matches!(effect.resource, Resource::Host(_))
            });
            if fetches { Origin::Network } else { Origin::Output }
        }
        ToolInput::Read { path } => of_file(path, facts),
        ToolInput::Search { path, .. } => path.as_deref().map_or(Origin::Project, |path| of_file(path, facts)),
        ToolInput::Write { .. }
        | ToolInput::Edit { .. }
        | ToolInput::Delete { .. }
        | ToolInput::List { .. }
        | ToolInput::Skill { .. } => Origin::Project,
        // What the agent itself keeps of a program, or another agent says.
        ToolInput::Internal | ToolInput::Spawn { .. } => Origin::Output,
    }
}

fn of_file(path: &str, facts: &World) -> Origin {
    let path = facts.resolve(&placet_facts::paths::absolute(path, facts.cwd(), facts.home()));
    let from_outside = |from: &Provenance| matches!(from, Provenance::Downloaded | Provenance::Web);
    if facts.provenance(&path).iter().any(from_outside) {
        return Origin::Network;
    }
    match facts.standing(&path) {
        Standing::Clean | Standing::Dirty => Origin::Project,
        Standing::Session | Standing::Regenerable | Standing::Missing | Standing::Untracked | Standing::Unknown => {
            Origin::Output
        }
    }
}

/// What the text was a part of, and by what name.
pub(super) fn source(tool: &ToolCall) -> (TextKind, String) {
    match &tool.input {
        ToolInput::Fetch { url } => (TextKind::Page, url.clone()),
        ToolInput::Read { path } => (TextKind::File, path.clone()),
        ToolInput::Shell { command, .. } => {
            let command = placet_audit::redact(command.trim()).into_owned();
            let line = command.lines().next().unwrap_or_default();
            let end = line.floor_char_boundary(COMMAND);
            let rest = if end < command.len() { "…" } else { "" };
            let name = format!("{}{rest}", line.get(..end).unwrap_or_default());
            (TextKind::Command, name)
        }
        ToolInput::Other {
            server: Some(server),
            name,
            ..
        } => (TextKind::Server, format!("the tool {name} of the server {server}")),
        ToolInput::WebSearch { .. } => (TextKind::Search, tool.tool.clone()),
        ToolInput::Spawn { .. } => (TextKind::Agent, tool.tool.clone()),
        ToolInput::Other { server: None, .. }
        | ToolInput::Search { .. }
        | ToolInput::Write { .. }
        | ToolInput::Edit { .. }
        | ToolInput::Delete { .. }
        | ToolInput::List { .. }
        | ToolInput::Skill { .. }
        | ToolInput::Internal => (TextKind::Tool, tool.tool.clone()),
    }
}

/// The text in a few words for the agent and for people.
pub(super) fn in_words(kind: TextKind, name: &str) -> String {
    match kind {
        TextKind::Page | TextKind::File => name.to_owned(),
        TextKind::Command => format!("the output of the command `{name}`"),
        TextKind::Server | TextKind::Search | TextKind::Agent | TextKind::Tool => format!("the answer of {name}"),
    }
}
