//! Event to action: mode and tier settled, sizes bounded, principal attached. Nothing is judged here.

use placet_effects::Analysis;
use placet_model::{
    Action, Argument, Carries, Change, Dimensions, Effect, Event, EventKind, Facts, Mode, Principal, Qualifiers,
    Resource, Reversibility, Scope, Span, ToolCall, ToolInput, Verb,
};

use crate::{Failure, Policy, World};

/// Commands longer than this are not looked at.
pub const LONGEST_COMMAND: usize = 64 * 1024;
/// Arguments of other tools larger than this in all are not looked at.
pub const LARGEST_ARGUMENTS: usize = 1024 * 1024;
/// More arguments or replacements than this are not looked at.
pub const MOST_ARGUMENTS: usize = 4096;

/// An action, and why it can't be looked at if it can't.
pub(crate) struct Normalised {
    pub(crate) action: Action,
    pub(crate) doubt: Option<Failure>,
}

/// The action that the event reports.
pub(crate) fn action(event: &Event, policy: &Policy, world: &World<'_>) -> Normalised {
    let (call, doubt) = match &event.kind {
        EventKind::BeforeTool(call)
        | EventKind::PermissionAsked(call)
        | EventKind::PermissionDenied { call, .. }
        | EventKind::AfterTool { call, .. } => match size(&call.input) {
            Ok(()) => (call.clone(), None),
            Err(too_large) => (unread(call), Some(too_large)),
        },
        EventKind::UserMessage(_)
        | EventKind::SessionStart
        | EventKind::SessionEnd
        | EventKind::SubagentStart
        | EventKind::SubagentStop => (
            nothing(),
            Some(Failure::UnknownEvent("a notice, not a call".to_owned())),
        ),
        EventKind::Other(name) => (nothing(), Some(Failure::UnknownEvent(format!("`{}`", short(name))))),
    };
    let action = Action {
        principal: Principal {
            agent: event.agent.to_owned(),
            session: event.session.clone(),
            subagent: event.subagent.clone(),
        },
        id: call.id,
        tool: call.tool,
        input: call.input,
        mode: mode(event.mode, policy, world),
        tier: world.tier.unwrap_or_else(|| policy.settings().tier()),
        attended: world.attended,
    };
    Normalised { action, doubt }
}

/// What the action would do; an action that can't be looked at could do anything.
pub(crate) fn effects(
    normalised: &Normalised,
    facts: &dyn Facts,
    analyse: impl Fn(&Action, &dyn Facts) -> Analysis,
) -> Analysis {
    if normalised.doubt.is_none() {
        return analyse(&normalised.action, facts);
    }
    let mut analysis = Analysis::default();
    analysis.effects.add(Effect {
        verb: Verb::Opaque,
        resource: Resource::Unknown,
        qualifiers: Qualifiers {
            carries: Carries::Unknown,
            ..Qualifiers::default()
        },
        dimensions: Dimensions {
            reversibility: Reversibility::Irreversible,
            scope: Scope::Shared,
            ..Dimensions::default()
        },
        span: Span::default(),
        by: String::new(),
    });
    analysis
}

/// The mode in force. What was chosen for the session comes first; then what the agent reports, except that an agent
/// in its default mode takes the mode that the policy sets. Modes that the policy switches off become `default`.
fn mode(reported: Option<Mode>, policy: &Policy, world: &World<'_>) -> Mode {
    let settings = policy.settings();
    let wanted = world.mode.unwrap_or(match reported {
        None => settings.mode().or(settings.start_mode()).unwrap_or_default(),
        Some(Mode::Default) => settings.mode().unwrap_or_default(),
        Some(other) => other,
    });
    let switched_off = match wanted {
        Mode::Auto => settings.auto_disabled(),
        Mode::BypassPermissions => settings.bypass_disabled(),
        Mode::Default | Mode::AcceptEdits | Mode::Plan | Mode::DontAsk => false,
    };
    if switched_off { Mode::Default } else { wanted }
}

/// The text that spans of this action's effects point into.
pub(crate) fn text(action: &Action) -> &str {
    action.input.text().unwrap_or(&action.tool)
}

/// The kind of action, for rules, states and records.
pub(crate) fn kind(input: &ToolInput) -> &'static str {
    match input {
        ToolInput::Shell { .. } => "shell",
        ToolInput::Read { .. } => "read",
        ToolInput::Write { .. } => "write",
        ToolInput::Edit { .. } => "edit",
        ToolInput::Delete { .. } => "delete",
        ToolInput::List { .. } => "list",
        ToolInput::Search { .. } => "search",
        ToolInput::Fetch { .. } => "fetch",
        ToolInput::WebSearch { .. } => "web-search",
        ToolInput::Spawn { .. } => "spawn",
        ToolInput::Skill { .. } => "skill",
        ToolInput::Other { server: Some(_), .. } => "mcp",
        ToolInput::Other { server: None, .. } => "other",
        ToolInput::Internal => "internal",
    }
}

fn size(input: &ToolInput) -> Result<(), Failure> {
    let too_large = |what: &str, bytes: usize, most: usize| {
        Err(Failure::OverBudget(format!(
            "{what} of {bytes} bytes, at most {most} are read"
        )))
    };
    if let ToolInput::Shell { command, .. } = input {
        return if command.len() > LONGEST_COMMAND {
            too_large("a command", command.len(), LONGEST_COMMAND)
        } else {
            Ok(())
        };
    }
    let (bytes, parts) = match input {
        ToolInput::Shell { .. } | ToolInput::Internal => (0, 0),
        ToolInput::Read { path } | ToolInput::Delete { path } => (path.len(), 1),
        ToolInput::Write { path, content } => (path.len().saturating_add(content.len()), 1),
        ToolInput::Edit { path, changes } => (
            changes.iter().fold(path.len(), |sum, Change { old, new, .. }| {
                sum.saturating_add(old.len()).saturating_add(new.len())
            }),
            changes.len(),
        ),
        ToolInput::List { path, pattern: other } | ToolInput::Search { path, filter: other } => (
            path.as_deref()
                .map_or(0, str::len)
                .saturating_add(other.as_deref().map_or(0, str::len)),
            1,
        ),
        ToolInput::Fetch { url: text }
        | ToolInput::WebSearch { query: text }
        | ToolInput::Spawn { prompt: text, .. }
        | ToolInput::Skill { name: text } => (text.len(), 1),
        ToolInput::Other { arguments, .. } => (
            arguments.iter().fold(0_usize, |sum, Argument { name, value }| {
                sum.saturating_add(name.len()).saturating_add(value.len())
            }),
            arguments.len(),
        ),
    };
    if bytes > LARGEST_ARGUMENTS {
        return too_large("arguments", bytes, LARGEST_ARGUMENTS);
    }
    if parts > MOST_ARGUMENTS {
        return Err(Failure::OverBudget(format!(
            "{parts} arguments, at most {MOST_ARGUMENTS} are read"
        )));
    }
    Ok(())
}

/// The call without what is too large to keep.
fn unread(call: &ToolCall) -> ToolCall {
    ToolCall {
        id: call.id.clone(),
        tool: call.tool.clone(),
        input: ToolInput::Other {
            server: None,
            name: short(&call.tool).to_owned(),
            arguments: Vec::new(),
        },
    }
}

fn nothing() -> ToolCall {
    ToolCall {
        id: String::new(),
        tool: String::new(),
        input: ToolInput::Other {
            server: None,
            name: String::new(),
            arguments: Vec::new(),
        },
    }
}

fn short(text: &str) -> &str {
    text.char_indices()
        .nth(80)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}
