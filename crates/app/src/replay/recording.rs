//! A recorded session, read: its messages in order, and what the recording itself says came of its calls.

use std::collections::BTreeSet;

use placet_agents::Agent;
use placet_model::{ChangeKind, Event, EventKind};

/// A session's messages.
pub(super) struct Recording {
    pub(super) messages: Vec<Message>,
    /// Line numbers and what is wrong there.
    pub(super) unreadable: Vec<(usize, String)>,
    created: BTreeSet<String>,
    done: BTreeSet<String>,
}

/// One message.
pub(super) struct Message {
    pub(super) line: usize,
    pub(super) event: Event,
}

impl Recording {
    pub(super) fn read(agent: &Agent, text: &[u8]) -> Self {
        let mut recording = Self {
            messages: Vec::new(),
            unreadable: Vec::new(),
            created: BTreeSet::new(),
            done: BTreeSet::new(),
        };
        for (line, bytes) in (1..).zip(text.split(|byte| *byte == b'\n')) {
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            match (agent.parse)(bytes) {
                Ok(event) => recording.add(line, event),
                Err(error) => recording.unreadable.push((line, error.to_string())),
            }
        }
        recording
    }

    /// The directory in which the session begins.
    pub(super) fn directory(&self) -> &str {
        self.messages
            .first()
            .map_or("/home/dev/project", |message| message.event.cwd.as_str())
    }

    /// The recording says that the call created a file.
    pub(super) fn created(&self, call: &str) -> bool {
        self.created.contains(call)
    }

    /// The recording says that the call was made.
    pub(super) fn was_done(&self, call: &str) -> bool {
        self.done.contains(call)
    }

    fn add(&mut self, line: usize, event: Event) {
        if let EventKind::AfterTool { call, changed, .. } = &event.kind
            && !call.id.is_empty()
        {
            self.done.insert(call.id.clone());
            if changed.iter().any(|change| change.kind == ChangeKind::Created) {
                self.created.insert(call.id.clone());
            }
        }
        self.messages.push(Message { line, event });
    }
}
