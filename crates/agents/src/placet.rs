//! Placet's own session, as an agent among others: its tools, and the messages by which the judge's process is told of a
//! call. The session decides in its own process; `placet hook placet` is for other programs that speak these words.

use placet_model::{
    AgentCapabilities, Answer, Change, Decision, Dialect, Event, EventKind, Mode, Notice, Obligation, ToolCall,
    ToolInput,
};
use serde_json::{Map, Value, json};

use crate::answer_text::{MAX_REASON, short};
use crate::claude_code::flatten;
use crate::fields::Fields;
use crate::{Agent, ParseError, ParseProblem, Reply, json};

const NAME: &str = "placet";

/// Tools that touch nothing but the session itself.
const INTERNAL: &[&str] = &["AskUser", "JobOutput", "JobStop", "Todo"];

pub(crate) const AGENT: Agent = Agent {
    name: NAME,
    capabilities: AgentCapabilities {
        can_ask: true,
        can_rewrite: false,
        can_confine: false,
    },
    parse,
    tool: |tool, input| input_of(tool, Fields(input)),
    render,
    tell,
    refuse: |_, message| said(Decision::Deny, "refused", message),
    reject: |error| {
        said(
            Decision::Deny,
            "bad-input",
            &format!("the message can't be read: {error}"),
        )
    },
    attended: |variable| variable("PLACET_ATTENDED").is_some_and(|value| value == "1"),
};

/// Reads one message: `event`, `session`, `cwd`, `mode`?, `subagent`?, and of a call `id`, `tool` and `input`; of what the
/// user wrote `text`.
fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = json::object(bytes)?;
    event(Fields(&message)).map_err(|problem| ParseError {
        problem,
        event: message.get("event").and_then(Value::as_str).map(str::to_owned),
    })
}

fn event(fields: Fields<'_>) -> Result<Event, ParseProblem> {
    let kind = match fields.text("event")? {
        "call" => EventKind::BeforeTool(ToolCall {
            id: fields.optional_text("id")?.unwrap_or_default().to_owned(),
            tool: fields.word("tool")?.to_owned(),
            input: input_of(fields.word("tool")?, fields.object("input")?)?,
        }),
        "user" => EventKind::UserMessage(fields.text("text")?.to_owned()),
        other => return Err(ParseProblem::UnknownEvent(other.to_owned())),
    };
    let mode = fields.optional_text("mode")?;
    Ok(Event {
        agent: NAME,
        session: fields.word("session")?.to_owned(),
        cwd: fields.word("cwd")?.to_owned(),
        mode: match mode {
            None => None,
            Some(name) => Some(Mode::from_name(name).ok_or(ParseProblem::WrongType("mode", "the name of a mode"))?),
        },
        subagent: fields.optional_text("subagent")?.map(str::to_owned),
        kind,
    })
}

/// What the tool is asked to do. A tool that is not named here is never taken for a read.
fn input_of(tool: &str, fields: Fields<'_>) -> Result<ToolInput, ParseProblem> {
    let owned = |name| fields.optional_text(name).map(|text| text.map(str::to_owned));
    Ok(match tool {
        "Bash" => ToolInput::Shell {
            command: fields.text("command")?.to_owned(),
            dialect: Dialect::Bash,
            background: fields.flag("background")?,
            unconfined: false,
        },
        "Read" => ToolInput::Read {
            path: fields.word("path")?.to_owned(),
        },
        "Write" => ToolInput::Write {
            path: fields.word("path")?.to_owned(),
            content: fields.text("content")?.to_owned(),
        },
        "Edit" => ToolInput::Edit {
            path: fields.word("path")?.to_owned(),
            changes: vec![change(fields)?],
        },
        "MultiEdit" => ToolInput::Edit {
            path: fields.word("path")?.to_owned(),
            changes: fields
                .objects("edits")?
                .into_iter()
                .map(change)
                .collect::<Result<_, _>>()?,
        },
        "LS" => ToolInput::List {
            path: owned("path")?,
            pattern: None,
        },
        "Glob" => ToolInput::List {
            path: owned("path")?,
            pattern: Some(fields.word("pattern")?.to_owned()),
        },
        "Grep" => ToolInput::Search {
            path: owned("path")?,
            filter: owned("glob")?,
        },
        "WebFetch" => ToolInput::Fetch {
            url: fields.word("url")?.to_owned(),
        },
        "Task" => ToolInput::Spawn {
            prompt: fields.text("prompt")?.to_owned(),
            agent: None,
            unchecked: false,
        },
        name if INTERNAL.contains(&name) => ToolInput::Internal,
        name => other(name, fields),
    })
}

fn change(fields: Fields<'_>) -> Result<Change, ParseProblem> {
    Ok(Change {
        old: fields.text("old")?.to_owned(),
        new: fields.text("new")?.to_owned(),
        all: fields.flag("all")?,
    })
}

fn other(tool: &str, fields: Fields<'_>) -> ToolInput {
    let mut arguments = Vec::new();
    for (name, value) in fields.0 {
        flatten(name, value, &mut arguments);
    }
    let of_server = tool.strip_prefix("mcp__").and_then(|rest| rest.split_once("__"));
    let (server, name) = match of_server.filter(|(server, name)| !server.is_empty() && !name.is_empty()) {
        Some((server, name)) => (Some(server.to_owned()), name.to_owned()),
        None => (None, tool.to_owned()),
    };
    ToolInput::Other {
        server,
        name,
        arguments,
    }
}

fn render(event: &Event, answer: &Answer) -> Reply {
    let unmet = answer.obligations.iter().any(|obligation| match obligation {
        Obligation::Confine | Obligation::Snapshot | Obligation::Redact => true,
    });
    match &event.kind {
        EventKind::BeforeTool(_) | EventKind::PermissionAsked(_) => {
            let decision = if unmet { Decision::Deny } else { answer.decision };
            said(decision, &answer.rule, &answer.reason)
        }
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

/// The session's own process is told without a message; this is for other programs.
fn tell(event: &Event, _: &[u8], notice: &Notice) -> Reply {
    if !matches!(event.kind, EventKind::AfterTool { .. }) {
        return Reply::default();
    }
    let text = json!({"notice": notice.text, "withhold": notice.withhold});
    Reply {
        stdout: format!("{text}\n"),
        stderr: String::new(),
        exit_code: 0,
    }
}

fn said(decision: Decision, rule: &str, reason: &str) -> Reply {
    let text = json!({"decision": decision.name(), "rule": rule, "reason": short(reason, MAX_REASON)});
    Reply {
        stdout: format!("{text}\n"),
        stderr: String::new(),
        exit_code: if decision == Decision::Allow { 0 } else { 2 },
    }
}

/// The message that reports this call, as [`parse`] reads it.
#[must_use]
pub fn call_message(event: &Event, call: &str, tool: &str, input: &Map<String, Value>) -> Vec<u8> {
    json!({
        "event": "call", "session": event.session, "cwd": event.cwd, "mode": event.mode.map(Mode::name),
        "subagent": event.subagent, "id": call, "tool": tool, "input": input,
    })
    .to_string()
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event_of(tool: &str, input: Value) -> Result<Event, ParseError> {
        let about = Event {
            agent: NAME,
            session: "s".to_owned(),
            cwd: "/w".to_owned(),
            mode: Some(Mode::Auto),
            subagent: Some("search".to_owned()),
            kind: EventKind::SessionStart,
        };
        let Value::Object(input) = input else {
            panic!("an object");
        };
        parse(&call_message(&about, "7", tool, &input))
    }

    #[test]
    fn what_the_session_writes_is_what_is_read() {
        let event = event_of("Edit", json!({"path": "a", "old": "x", "new": "y"})).unwrap();
        assert_eq!(event.mode, Some(Mode::Auto));
        assert_eq!(event.subagent.as_deref(), Some("search"));
        let EventKind::BeforeTool(call) = event.kind else {
            panic!("a call");
        };
        assert_eq!((call.id.as_str(), call.tool.as_str()), ("7", "Edit"));
        assert!(matches!(call.input, ToolInput::Edit { changes, .. } if changes.len() == 1));
    }

    #[test]
    fn a_field_of_the_wrong_type_is_an_error_and_an_unknown_tool_is_no_read() {
        assert!(event_of("Bash", json!({"command": ["ls"]})).is_err());
        assert!(event_of("Bash", json!({"command": "ls", "background": "yes"})).is_err());
        assert!(event_of("Read", json!({})).is_err());
        let event = event_of("ReadEverything", json!({"path": "a"})).unwrap();
        let EventKind::BeforeTool(call) = event.kind else {
            panic!("a call");
        };
        assert!(matches!(call.input, ToolInput::Other { server: None, .. }));
    }

    #[test]
    fn a_refusal_blocks_by_text_and_by_exit_code_and_an_allow_does_not() {
        let event = event_of("Read", json!({"path": "a"})).unwrap();
        let answer = |decision| Answer {
            decision,
            reason: "why".to_owned(),
            rule: "some-rule".to_owned(),
            obligations: Vec::new(),
        };
        assert_eq!(render(&event, &answer(Decision::Allow)).exit_code, 0);
        for decision in [Decision::Ask, Decision::Deny] {
            let reply = render(&event, &answer(decision));
            assert_eq!(reply.exit_code, 2);
            assert!(reply.stdout.contains(decision.name()), "{}", reply.stdout);
        }
        let confined = Answer {
            obligations: vec![Obligation::Confine],
            ..answer(Decision::Allow)
        };
        assert!(render(&event, &confined).stdout.contains("\"deny\""));
        assert!(parse(b"{}").is_err());
    }
}
