//! Records of what is no decision of ours: sessions and sub-agents that begin and end, denials by the agent itself.

use placet_engine::Failure;
use placet_model::{Decision, Event, EventKind, Journal, Record, Source, Tier};

use crate::Call;

/// Writes the note of the event.
pub(crate) fn write(journal: &mut dyn Journal, event: &Event, call: &Call<'_>) -> Result<(), Failure> {
    let (tool, decision, note) = match &event.kind {
        EventKind::SessionStart => (None, Decision::Allow, "session begins".to_owned()),
        EventKind::SessionEnd => (None, Decision::Allow, "session ends".to_owned()),
        EventKind::SubagentStart => (None, Decision::Allow, "sub-agent begins".to_owned()),
        EventKind::SubagentStop => (None, Decision::Allow, "sub-agent ends".to_owned()),
        EventKind::PermissionDenied { call, reason } => (
            Some(call),
            Decision::Deny,
            format!("denied by the agent itself: {reason}"),
        ),
        EventKind::BeforeTool(_)
        | EventKind::PermissionAsked(_)
        | EventKind::AfterTool { .. }
        | EventKind::UserMessage(_)
        | EventKind::Other(_) => return Ok(()),
    };
    let record = Record {
        time: call.now,
        session: event.session.clone(),
        agent: event.agent.to_owned(),
        subagent: event.subagent.clone(),
        call: tool.map(|tool| tool.id.clone()).unwrap_or_default(),
        tool: tool.map(|tool| tool.tool.clone()).unwrap_or_default(),
        action: "note",
        command: String::new(),
        targets: Vec::new(),
        decision,
        source: Source::Mode,
        matches: Vec::new(),
        effects: Vec::new(),
        mode: event.mode.unwrap_or_default(),
        tier: Tier::default(),
        micros: u64::try_from(call.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
        judge: None,
        note: Some(note),
    };
    journal.record(&record).map_err(Failure::Unrecorded)
}
