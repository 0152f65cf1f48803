//! What the work tells, taken into what is seen; and what an earlier process of the session left.

use std::time::Instant;

use super::desk::Told;
use super::question::{Pending, Step};
use super::screen::Screen;
use super::transcript::{Call, Entry, Progress, Transcript};
use crate::Session;
use crate::conversation::Message;

impl Screen {
    /// Takes in one notice.
    pub(super) fn told(&mut self, told: Told) {
        let view = &mut self.view;
        match told {
            Told::Piece(text) => view.transcript.said(&text),
            Told::Replied(usage) => view.tokens = view.tokens.saturating_add(usage.total()),
            Told::Called { id, line } => {
                line.clone_into(&mut view.doing);
                if view.transcript.is_settled(&id) {
                    view.transcript.push(Entry::Call(Call {
                        id,
                        line,
                        ..Call::default()
                    }));
                } else {
                    view.transcript.call(&id, |call| call.line = line);
                }
            }
            Told::Decided { id, decision, reason } => {
                let state = match decision {
                    "allow" => Progress::Running(Instant::now()),
                    "ask" => Progress::Asking,
                    _ => {
                        view.denied = view.denied.saturating_add(1);
                        Progress::Denied
                    }
                };
                view.transcript.call(&id, |call| {
                    call.state = state;
                    call.why = reason;
                });
            }
            Told::Progress { id, bytes, tail, tests } => view.transcript.call(&id, |call| {
                call.bytes = bytes;
                call.tests = tests;
                call.result = tail;
            }),
            Told::Done {
                id,
                tool,
                text,
                failed,
                ran,
            } => {
                "thinking".clone_into(&mut view.doing);
                // What was read is for the model; people have the file.
                let shown = !matches!(tool.as_str(), "Read" | "Todo") || failed;
                view.transcript.call(&id, |call| {
                    call.state = match (ran, failed) {
                        (false, _) => Progress::Denied,
                        (true, true) => Progress::Failed,
                        (true, false) => Progress::Done,
                    };
                    if !ran {
                        call.why.clone_from(&text);
                    }
                    call.result = if shown && ran { text } else { String::new() };
                });
            }
            Told::Found(what) => {
                view.findings = view.findings.saturating_add(1);
                view.transcript
                    .push(Entry::Note(format!("suspicious: {what}; the model was told so")));
            }
            Told::Todo(items) => view.transcript.push(Entry::Todo(items)),
            Told::Note(text) => view.transcript.push(Entry::Note(text)),
            Told::Ask(asked) => view.ask(Pending::Call(asked, Step::Choose)),
            Told::Escalated { denials, answer } => view.ask(Pending::Escalated(denials, answer)),
            Told::Wonders {
                question,
                options,
                answer,
            } => view.ask(Pending::Wonders(question, options, answer)),
        }
    }
}

/// What an earlier process left.
pub(super) fn recall(session: &Session, transcript: &mut Transcript) {
    for message in session.messages() {
        match message {
            Message::User(text) => transcript.push(Entry::User(text.clone())),
            Message::Summary(_) => transcript.push(Entry::Note("older work is summed up".to_owned())),
            Message::Reply(reply) => {
                if !reply.text.trim().is_empty() {
                    transcript.push(Entry::Agent(reply.text.clone()));
                }
                for call in &reply.calls {
                    transcript.push(Entry::Call(Call {
                        id: call.id.clone(),
                        line: call.line(),
                        ..Call::default()
                    }));
                }
            }
            Message::Results(results) => {
                for result in results {
                    transcript.call(&result.call, |call| {
                        call.state = if result.failed {
                            Progress::Failed
                        } else {
                            Progress::Done
                        };
                    });
                }
            }
        }
    }
}
