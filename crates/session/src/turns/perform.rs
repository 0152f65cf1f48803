//! The calls of one reply: decided in their order, run, looked at by the probe, written down. Those that only look run side by
//! side; one that changes something is decided after what came before it is done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread;

use placet_model::{EventKind, ToolInput};

use super::admit::Admitted;
use super::hops::Redirects;
use super::{Ending, Turns, With};
use crate::Error;
use crate::conversation::{Message, ToolCall, ToolResult};
use crate::gate::Ran;
use crate::person::{Answered, Notice};
use crate::store::Line;
use crate::tools::{Outcome, Running, table};

/// Calls that run side by side at most.
const TOGETHER: usize = 8;

impl Turns<'_> {
    /// Runs the calls; `done` are results that are there already. An ending is told if the loop does not go on.
    pub(super) fn perform(&mut self, calls: Vec<ToolCall>, done: Vec<ToolResult>) -> Result<Option<Ending>, Error> {
        let mut results = done;
        let mut ending = None;
        let mut calls = calls.as_slice();
        while let Some((first, _)) = calls.split_first() {
            if ending.is_some() || self.with.stop.is_wanted() {
                ending.get_or_insert(Ending::Stopped);
                results.extend(self.unrun(calls)?);
                break;
            }
            let together = calls
                .iter()
                .take(TOGETHER)
                .take_while(|call| self.only_looks(call))
                .count();
            let (now, later) = calls.split_at(together.max(1).min(calls.len()));
            calls = later;
            if first.tool == "Task" || first.tool == "AskUser" {
                results.push(self.special(first, &mut ending)?);
            } else {
                self.together(now, &mut results, &mut ending)?;
            }
        }
        if let Some(Message::Reply(reply)) = self.messages.last() {
            results.sort_by_key(|result| reply.calls.iter().position(|call| call.id == result.call));
        }
        self.messages.push(Message::Results(results));
        Ok(ending)
    }

    fn only_looks(&self, call: &ToolCall) -> bool {
        self.tools.iter().any(|tool| tool.name == call.tool && tool.looks)
    }

    fn together(
        &mut self,
        calls: &[ToolCall],
        results: &mut Vec<ToolResult>,
        ending: &mut Option<Ending>,
    ) -> Result<(), Error> {
        let mut ready: Vec<(ToolCall, ToolInput)> = Vec::new();
        for call in calls {
            if ending.is_some() {
                results.extend(self.unrun(core::slice::from_ref(call))?);
                continue;
            }
            match self.admit(call)? {
                Admitted::Run(call, input) => ready.push((call, input)),
                Admitted::Refused(text) => results.push(self.refused(call, text)?),
                Admitted::End(how, text) => {
                    results.push(self.refused(call, text)?);
                    *ending = Some(how);
                }
            }
        }
        for (call, _) in &ready {
            self.keep(&Line::Begun { call: call.id.clone() })?;
        }
        let cwd = self.with.bench.cwd();
        let outcomes = side_by_side(self.with, self.agent.as_deref(), &ready);
        for ((call, input), outcome) in ready.into_iter().zip(outcomes) {
            results.push(self.finished(&call, &input, outcome, &cwd)?);
        }
        let now = self.with.bench.cwd();
        if now != cwd {
            self.keep(&Line::Directory { path: now })?;
        }
        Ok(())
    }

    /// Calls that are answered by the session itself.
    fn special(&mut self, call: &ToolCall, ending: &mut Option<Ending>) -> Result<ToolResult, Error> {
        let (call, input) = match self.admit(call)? {
            Admitted::Run(call, input) => (call, input),
            Admitted::Refused(text) => return self.refused(call, text),
            Admitted::End(how, text) => {
                *ending = Some(how);
                return self.refused(call, text);
            }
        };
        self.keep(&Line::Begun { call: call.id.clone() })?;
        let cwd = self.with.bench.cwd();
        let (text, failed) = if call.tool == "AskUser" {
            (self.asked(&call)?, false)
        } else {
            let (text, failed, how) = self.handed_over(&call)?;
            *ending = how;
            (text, failed)
        };
        let outcome = Outcome {
            text,
            failed,
            changed: Vec::new(),
        };
        self.finished(&call, &input, outcome, &cwd)
    }

    fn asked(&self, call: &ToolCall) -> Result<String, Error> {
        let options: Vec<String> = call
            .input
            .get("options")
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|option| option.as_str().map(str::to_owned))
            .collect();
        let question = call.text("question").unwrap_or_default();
        let answer = self.with.person.and_then(|person| person.answer(question, &options));
        Ok(match answer {
            // The option is the model's own text; choosing it names nothing that the person wrote.
            Some(Answered::Option(text)) => text,
            Some(Answered::Words(text)) => {
                self.with.gate.user(&text, &self.with.bench.cwd())?;
                text
            }
            None => "Nobody answered. Go on within what the user wrote, and leave out what only they could decide."
                .to_owned(),
        })
    }

    /// A sub-agent: a conversation of its own at the same gate. Its words come back as data.
    fn handed_over(&mut self, call: &ToolCall) -> Result<(String, bool, Option<Ending>), Error> {
        let about = call.text("description").unwrap_or("sub-agent").to_owned();
        let cwd = self.with.bench.cwd();
        self.with.gate.note(EventKind::SubagentStart, &cwd, Some(&about))?;
        (self.with.tell)(&Notice::Agent {
            about: &about,
            begins: true,
        });
        let mut turns = Turns {
            model: self.model.another(),
            with: self.with,
            agent: Some(about.clone()),
            store: None,
            tools: table::all(true),
            messages: vec![Message::User(call.text("prompt").unwrap_or_default().to_owned())],
            limits: self.limits,
            spent: self.spent,
            denials: Vec::new(),
            turns: 0,
        };
        let ending = turns.run()?;
        self.spent = turns.spent;
        self.denials.append(&mut turns.denials);
        self.with.gate.note(EventKind::SubagentStop, &cwd, Some(&about))?;
        (self.with.tell)(&Notice::Agent {
            about: &about,
            begins: false,
        });
        Ok(match ending {
            Ending::Done(text) => (text, false, None),
            Ending::TooManyDenials => ("too much was denied".to_owned(), true, Some(Ending::TooManyDenials)),
            Ending::Stopped => ("a person stopped it".to_owned(), true, Some(Ending::Stopped)),
            Ending::Budget(what) => (format!("its {what} are used up"), true, None),
            Ending::NoReply(why) => (format!("its model gave no reply: {why}"), true, None),
        })
    }

    /// The result of a call that has run, past the probe: what that says stands before the text, or in its place.
    fn finished(
        &mut self,
        call: &ToolCall,
        input: &ToolInput,
        outcome: Outcome,
        cwd: &str,
    ) -> Result<ToolResult, Error> {
        let Outcome { text, failed, changed } = outcome;
        let ran = Ran {
            input,
            failed,
            changed,
            output: if is_news(call) { &text } else { "" },
            cwd,
        };
        let told = self.with.gate.after(call, ran, self.agent.as_deref())?;
        let text = match told {
            None => text,
            Some(told) => {
                (self.with.tell)(&Notice::Found { call, what: &told.what });
                let notice = told.notice;
                if notice.withhold {
                    notice.text
                } else {
                    let text = placet_agents::fenced(&text, 0, &notice.fences).unwrap_or(text);
                    format!("[{}]\n{text}", notice.text)
                }
            }
        };
        if call.tool == "Todo" && !failed {
            (self.with.tell)(&Notice::Todo(&self.with.bench.todo()));
        }
        self.result(call, text, failed, true)
    }

    fn refused(&mut self, call: &ToolCall, text: String) -> Result<ToolResult, Error> {
        self.result(call, text, true, false)
    }

    fn unrun(&mut self, calls: &[ToolCall]) -> Result<Vec<ToolResult>, Error> {
        calls
            .iter()
            .map(|call| {
                self.result(
                    call,
                    "It was not run: the work was ended before.".to_owned(),
                    true,
                    false,
                )
            })
            .collect()
    }

    fn result(&mut self, call: &ToolCall, text: String, failed: bool, ran: bool) -> Result<ToolResult, Error> {
        (self.with.tell)(&Notice::Done {
            call,
            text: &text,
            failed,
            ran,
        });
        let result = ToolResult {
            call: call.id.clone(),
            text,
            failed,
        };
        self.keep(&Line::Done(result.clone()))?;
        Ok(result)
    }
}

/// Whether the text comes from anywhere but the person at the keyboard and the model itself.
fn is_news(call: &ToolCall) -> bool {
    !matches!(call.tool.as_str(), "AskUser" | "Todo" | "Write")
}

fn side_by_side(with: With<'_>, agent: Option<&str>, ready: &[(ToolCall, ToolInput)]) -> Vec<Outcome> {
    let run = |call: &ToolCall| {
        let tell = |bytes: u64, tail: &str, tests| {
            (with.tell)(&Notice::Progress {
                call: &call.id,
                bytes,
                tail,
                tests,
            });
        };
        let policy = || with.gate.policy().map_err(|failure| failure.reason());
        let running = Running {
            stop: with.stop,
            progress: &tell,
            policy: &policy,
            hops: &Redirects {
                with,
                call: &call.id,
                agent,
            },
        };
        catch_unwind(AssertUnwindSafe(|| with.bench.run(call, &running)))
            .unwrap_or_else(|_| Outcome::failed("the tool crashed"))
    };
    if let [(call, _)] = ready {
        return vec![run(call)];
    }
    let outcomes: Vec<Mutex<Option<Outcome>>> = ready.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for ((call, _), slot) in ready.iter().zip(&outcomes) {
            scope.spawn(|| {
                let outcome = run(call);
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            });
        }
    });
    outcomes
        .into_iter()
        .map(|slot| {
            slot.into_inner()
                .unwrap_or_else(PoisonError::into_inner)
                .unwrap_or_else(|| Outcome::failed("the tool crashed"))
        })
        .collect()
}
