//! The answer to one event, in the agent's words. What is decided and remembered is in `decision.rs`.

use placet_agents::{Agent, Reply};
use placet_engine::Failure;
use placet_model::{Event, EventKind};

use crate::decision::{Chosen, decide, note};
use crate::{Call, Places};

/// Answers the event.
pub(crate) fn to(agent: &Agent, event: &Event, bytes: &[u8], call: &Call<'_>) -> Result<Reply, Failure> {
    let places = Places::of(call.environment)?;
    match &event.kind {
        EventKind::BeforeTool(_) | EventKind::PermissionAsked(_) => {
            let chosen = Chosen {
                mode: None,
                tier: None,
                attended: (agent.attended)(call.environment),
                policy: &[],
                directories: &[],
                log: &places.log(),
                // Nothing is known of how other programs search.
                sparing_search: false,
            };
            let answered = decide(agent, event, bytes, call, &places, &chosen)?;
            let reply = (agent.render)(event, &answered.answer);
            // Never taken apart: the process ends with the answer, and a policy is thousands of small pieces.
            core::mem::forget(answered);
            Ok(reply)
        }
        EventKind::UserMessage(_)
        | EventKind::AfterTool { .. }
        | EventKind::SessionStart
        | EventKind::SessionEnd
        | EventKind::SubagentStart
        | EventKind::SubagentStop
        | EventKind::PermissionDenied { .. }
        | EventKind::Other(_) => {
            let told = note(event, call, &places, &[], &places.log())?;
            Ok(told.map_or_else(Reply::default, |told| (agent.tell)(event, bytes, &told.notice)))
        }
    }
}
