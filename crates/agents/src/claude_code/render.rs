//! What goes back to Claude Code. It acts on JSON with exit code 0, and on exit code 2 for events that can block; every
//! other exit code, a crash and silence let the call run, so each refusal takes one of these two ways.

use placet_model::{Answer, Decision, Event, EventKind, Mode, ToolCall, ToolInput};

use crate::answer_text::{MAX_REASON, short};
use crate::{ParseError, Reply};

/// Says an answer.
pub(super) fn render(event: &Event, answer: &Answer) -> Reply {
    match &event.kind {
        EventKind::BeforeTool(call) => before_tool(decision(event, answer), call, &reason(answer)),
        EventKind::PermissionAsked(call) => permission(decision(event, answer), call, &reason(answer)),
        EventKind::PermissionDenied { .. }
        | EventKind::AfterTool { .. }
        | EventKind::UserMessage(_)
        | EventKind::SessionStart
        | EventKind::SessionEnd
        | EventKind::SubagentStart
        | EventKind::SubagentStop
        | EventKind::Other(_) => Reply::default(),
    }
}

/// Refuses an event that could not be dealt with.
pub(super) fn refuse(event: &Event, message: &str) -> Reply {
    match &event.kind {
        EventKind::PermissionAsked(_) => deny_permission(message),
        EventKind::BeforeTool(_)
        | EventKind::PermissionDenied { .. }
        | EventKind::AfterTool { .. }
        | EventKind::UserMessage(_)
        | EventKind::SessionStart
        | EventKind::SessionEnd
        | EventKind::SubagentStart
        | EventKind::SubagentStop
        | EventKind::Other(_) => block(message),
    }
}

/// Refuses a message that could not be read.
pub(super) fn reject(error: &ParseError) -> Reply {
    let message = format!("Placet could not read this hook call, so it is not allowed: {error}.");
    if error.event.as_deref() == Some("PermissionRequest") {
        deny_permission(&message)
    } else {
        block(&message)
    }
}

/// The decision that this client can carry out: obligations it can't honour deny, and so does a question to nobody.
fn decision(event: &Event, answer: &Answer) -> Decision {
    let nobody_to_ask = event.mode == Some(Mode::DontAsk) && answer.decision == Decision::Ask;
    if !answer.obligations.is_empty() || nobody_to_ask {
        Decision::Deny
    } else {
        answer.decision
    }
}

fn reason(answer: &Answer) -> String {
    if answer.obligations.is_empty() {
        short(
            if answer.reason.is_empty() {
                &answer.rule
            } else {
                &answer.reason
            },
            MAX_REASON,
        )
    } else {
        let text = format!(
            "{}: Claude Code cannot carry out what this answer demands. {}",
            answer.rule, answer.reason
        );
        short(&text, MAX_REASON)
    }
}

fn before_tool(decision: Decision, call: &ToolCall, reason: &str) -> Reply {
    // An allow for the agent's own questions would answer them in the user's place.
    if decision == Decision::Allow && matches!(call.input, ToolInput::Internal) {
        return Reply::default();
    }
    json(&format!(
        r#"{{"hookSpecificOutput":{{"hookEventName":"PreToolUse","permissionDecision":"{}","permissionDecisionReason":{}}}}}"#,
        decision.name(),
        quoted(reason)
    ))
}

fn permission(decision: Decision, call: &ToolCall, reason: &str) -> Reply {
    match decision {
        Decision::Allow if matches!(call.input, ToolInput::Internal) => Reply::default(),
        Decision::Allow => {
            json(r#"{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow"}}}"#)
        }
        // No answer: the question that is about to be put is put.
        Decision::Ask => Reply::default(),
        Decision::Deny => deny_permission(reason),
    }
}

/// Exit code 2 is ignored for this event; only JSON denies.
fn deny_permission(message: &str) -> Reply {
    json(&format!(
        r#"{{"hookSpecificOutput":{{"hookEventName":"PermissionRequest","decision":{{"behavior":"deny","message":{}}}}}}}"#,
        quoted(&short(message, MAX_REASON))
    ))
}

fn block(message: &str) -> Reply {
    Reply {
        stdout: String::new(),
        stderr: format!("{}\n", short(message, MAX_REASON)),
        exit_code: 2,
    }
}

fn json(text: &str) -> Reply {
    Reply {
        stdout: format!("{text}\n"),
        stderr: String::new(),
        exit_code: 0,
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
