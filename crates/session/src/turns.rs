//! The loop: model, gate, tools, and again. A call runs only if the gate allows it; a denial is a result that the model reads.

mod admit;
mod hops;
mod perform;

use std::collections::BTreeSet;

use crate::compact;
use crate::conversation::{Message, Reply, ToolCall, ToolResult, Usage};
use crate::gate::Gate;
use crate::model::{Model, ModelError, Request, Stop};
use crate::person::{Denial, Notice, Person};
use crate::store::{Line, Store};
use crate::tools::{Bench, Tool, table};
use crate::{Error, prompt};

/// What one conversation works with.
pub(crate) struct Turns<'a> {
    pub(crate) model: Box<dyn Model>,
    pub(crate) with: With<'a>,
    /// The sub-agent's name; none is the session itself.
    pub(crate) agent: Option<String>,
    /// Where it is written down; a sub-agent's is not.
    pub(crate) store: Option<Store>,
    pub(crate) tools: Vec<Tool>,
    pub(crate) messages: Vec<Message>,
    pub(crate) limits: Limits,
    pub(crate) spent: Usage,
    pub(crate) denials: Vec<Denial>,
    pub(crate) turns: u32,
}

/// What a conversation shares with those of its sub-agents.
#[derive(Clone, Copy)]
pub(crate) struct With<'a> {
    pub(crate) gate: &'a Gate,
    pub(crate) bench: &'a Bench,
    pub(crate) person: Option<&'a dyn Person>,
    pub(crate) tell: &'a (dyn Fn(&Notice<'_>) + Sync),
    pub(crate) stop: &'a Stop,
}

/// How far it may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Replies of the model for one prompt.
    pub turns: Option<u32>,
    /// Tokens in all.
    pub tokens: Option<u64>,
    /// Tokens of one request, before room is made.
    pub context: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            turns: None,
            tokens: None,
            context: 150_000,
        }
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The model has nothing more to do; its last words.
    Done(String),
    /// So much was denied that a person has to look, and nobody is there.
    TooManyDenials,
    /// A limit of turns or tokens.
    Budget(&'static str),
    /// The model gave no reply.
    NoReply(String),
    /// A person ended it.
    Stopped,
}

impl Turns<'_> {
    /// What a person wrote, and everything that follows from it.
    pub(crate) fn prompt(&mut self, text: &str) -> Result<Ending, Error> {
        self.with.gate.user(text, &self.with.bench.cwd())?;
        self.keep(&Line::User { text: text.to_owned() })?;
        self.messages.push(Message::User(text.to_owned()));
        self.run()
    }

    /// Has MCP servers looked after, and takes up what they offer now.
    pub(crate) fn attend(&mut self) -> Result<(), Error> {
        let servers = &self.with.bench.servers;
        servers.attend(self.with, &mut self.denials)?;
        self.tools = table::all(self.agent.is_some());
        self.tools.extend(servers.tools());
        Ok(())
    }

    /// Goes on until the model has nothing more to do.
    pub(crate) fn run(&mut self) -> Result<Ending, Error> {
        let mut turns = 0_u32;
        loop {
            if self.with.stop.is_wanted() {
                return Ok(Ending::Stopped);
            }
            if self.limits.turns.is_some_and(|most| turns >= most) {
                return Ok(Ending::Budget("turns"));
            }
            if self.limits.tokens.is_some_and(|most| self.spent.total() >= most) {
                return Ok(Ending::Budget("tokens"));
            }
            turns = turns.saturating_add(1);
            self.make_room(false)?;
            self.attend()?;
            let mut reply = self.reply();
            if reply == Err(ModelError::TooLong) {
                self.make_room(true)?;
                reply = self.reply();
            }
            let reply = match reply {
                Ok(reply) => self.named(reply),
                Err(ModelError::Stopped) => return Ok(Ending::Stopped),
                Err(error) => return Ok(Ending::NoReply(error.to_string())),
            };
            self.keep(&Line::Reply(reply.clone()))?;
            let (text, calls) = (reply.text.clone(), reply.calls.clone());
            self.messages.push(Message::Reply(reply));
            if calls.is_empty() {
                return Ok(Ending::Done(text));
            }
            if let Some(ending) = self.perform(calls, Vec::new())? {
                return Ok(ending);
            }
        }
    }

    /// Goes on with calls that an earlier process left open. One that had begun is not begun again: what came of it is not
    /// known, and the model is told so.
    pub(crate) fn take_up(
        &mut self,
        open: Vec<(ToolCall, bool)>,
        results: Vec<ToolResult>,
    ) -> Result<Option<Ending>, Error> {
        let mut done = results;
        let mut rest = Vec::new();
        for (call, begun) in open {
            if begun {
                let result = ToolResult {
                    call: call.id.clone(),
                    text: "The session was interrupted while this ran. It is not known how far it got, and it was not \
                           repeated: look before you go on."
                        .to_owned(),
                    failed: true,
                };
                self.keep(&Line::Done(result.clone()))?;
                done.push(result);
            } else {
                rest.push(call);
            }
        }
        if rest.is_empty() && done.is_empty() {
            return Ok(None);
        }
        self.perform(rest, done)
    }

    fn reply(&mut self) -> Result<Reply, ModelError> {
        let choices = self.with.gate.choices();
        let system = prompt::system(self.with.bench, choices.mode, self.agent.as_deref());
        let request = Request {
            system: &system,
            messages: &self.messages,
            tools: &self.tools,
            stop: self.with.stop,
        };
        let tell = self.with.tell;
        let quiet = self.agent.is_some();
        let reply = self.model.reply(&request, &mut |piece| {
            if !quiet {
                tell(&Notice::Said(piece));
            }
        })?;
        self.turns = self.turns.saturating_add(1);
        self.spent = self.spent.plus(reply.usage);
        if !quiet {
            tell(&Notice::Replied {
                text: &reply.text,
                usage: reply.usage,
            });
        }
        Ok(reply)
    }

    /// Makes room if the context is nearly full, or if a person wants it.
    pub(crate) fn make_room(&mut self, wanted: bool) -> Result<(), Error> {
        let before = compact::tokens(&self.messages);
        if !wanted && before < self.limits.context.saturating_mul(4) / 5 {
            return Ok(());
        }
        let Some((summary, kept)) = compact::account(&self.messages) else {
            return Ok(());
        };
        self.keep(&Line::Compacted {
            summary: summary.clone(),
            kept,
        })?;
        compact::replace(&mut self.messages, summary, kept);
        let after = compact::tokens(&self.messages);
        (self.with.tell)(&Notice::Compacted { before, after });
        Ok(())
    }

    /// The reply, with an id for each call that no other call has: some services give none, or the same again.
    fn named(&self, mut reply: Reply) -> Reply {
        let mut taken: BTreeSet<String> = self
            .messages
            .iter()
            .filter_map(|message| match message {
                Message::Reply(reply) => Some(reply.calls.iter().map(|call| call.id.clone())),
                Message::User(_) | Message::Summary(_) | Message::Results(_) => None,
            })
            .flatten()
            .collect();
        for (number, call) in (1_usize..).zip(&mut reply.calls) {
            if call.id.is_empty() || taken.contains(&call.id) {
                call.id = format!("call_{}_{number}_{:x}", self.messages.len(), crate::gate::now());
            }
            taken.insert(call.id.clone());
        }
        reply
    }

    fn keep(&mut self, line: &Line) -> Result<(), Error> {
        match &mut self.store {
            Some(store) => store.write(line),
            None => Ok(()),
        }
    }
}
