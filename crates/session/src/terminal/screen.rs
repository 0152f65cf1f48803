//! The screen: a loop that draws, reads keys, and takes in what the work tells. The work is in a thread of its own.

use std::io;
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::execute;

use super::commands::{self, Reply};
use super::desk::Told;
use super::input::Input;
use super::keys::{self, Deed};
use super::question::{Pending, Step};
use super::transcript::{Call, Entry, Progress, Transcript};
use super::view::{Inks, View};
use super::worker::{Event, Wish, Worker};
use super::{Ended, Start};
use crate::conversation::Message;
use crate::model::Stop;
use crate::open::Records;
use crate::{Ending, Error, Session};

/// How long keys are waited for, while it works and while it doesn't.
const BUSY: Duration = Duration::from_millis(25);
const IDLE: Duration = Duration::from_millis(120);
/// As much is taken in between two looks at the keys.
const AT_ONCE: usize = 500;

struct Screen {
    view: View,
    worker: Worker,
    records: Records,
    /// What was sent while it worked.
    waiting: Vec<String>,
    /// Why the last call was decided so.
    explanation: Vec<String>,
    /// Set from outside.
    end: Stop,
}

/// Runs the session on the screen until the person leaves.
///
/// # Errors
/// When there is no terminal, or the session can't be written down.
pub fn run(start: Start) -> Ended {
    let id = start.session.id().to_owned();
    let mut screen = Screen::new(start);
    let mut terminal = ratatui::try_init().map_err(Error::Output)?;
    let pasting = execute!(io::stdout(), EnableBracketedPaste);
    let done = pasting.and_then(|()| screen.turn(&mut terminal));
    let _ = execute!(io::stdout(), DisableBracketedPaste);
    ratatui::restore();
    let session = screen.worker.end();
    let used = session.as_ref().is_some_and(|session| !session.messages().is_empty());
    if let Some(session) = session {
        session.close()?;
    }
    done.map_err(Error::Output)?;
    Ok((id, used))
}

impl Screen {
    fn new(start: Start) -> Self {
        let Start {
            session,
            prompt,
            colour,
            end,
        } = start;
        let mut view = View {
            transcript: Transcript::default(),
            input: Input::default(),
            pending: None,
            switch: session.switch(),
            inks: if colour { Inks::coloured() } else { Inks::plain() },
            working: None,
            doing: String::new(),
            denied: 0,
            findings: 0,
            tokens: session.spent().total(),
            cost: session.micro_dollars(),
            back: 0,
            leaving: false,
            editing: false,
            seen: false,
        };
        let records = session.records();
        view.transcript.push(Entry::Note(format!(
            "Placet session {} · {} · {}",
            session.id(),
            records.model,
            records.project
        )));
        recall(&session, &mut view.transcript);
        let unfinished = session.is_unfinished();
        let mut screen = Self {
            view,
            worker: Worker::start(session),
            records,
            waiting: Vec::new(),
            explanation: Vec::new(),
            end,
        };
        match prompt {
            Some(text) => screen.send(text),
            None if unfinished => screen.go(None),
            None => {}
        }
        screen
    }

    fn turn(&mut self, terminal: &mut DefaultTerminal) -> io::Result<()> {
        loop {
            terminal.draw(|frame| self.view.draw(frame))?;
            // Nothing is drawn again until something has changed, or time shows.
            loop {
                let wait = if self.view.working.is_some() { BUSY } else { IDLE };
                let mut changed = false;
                if self.end.is_wanted() {
                    return Ok(());
                }
                if event::poll(wait)? {
                    changed = true;
                    if !self.deal_with_keys()? {
                        return Ok(());
                    }
                }
                changed |= self.take_in();
                if changed || self.view.working.is_some() {
                    break;
                }
            }
        }
    }

    /// Every key that was pressed; false if the person leaves.
    fn deal_with_keys(&mut self) -> io::Result<bool> {
        loop {
            match keys::press(&mut self.view, &event::read()?) {
                Deed::Nothing => {}
                Deed::Leave => return Ok(false),
                Deed::Stop => {
                    if self.view.working.is_some() {
                        self.worker.stop.now();
                        self.waiting.clear();
                    }
                    self.view.pending = None;
                }
                Deed::Send(text) if text.starts_with('/') => {
                    if !self.command(text.trim()) {
                        return Ok(false);
                    }
                }
                Deed::Send(text) => self.send(text),
            }
            if !event::poll(Duration::ZERO)? {
                return Ok(true);
            }
        }
    }

    fn command(&mut self, line: &str) -> bool {
        match commands::run(line, &self.view.switch, &self.records) {
            Reply::Quit => return false,
            Reply::Say(text) => self.view.transcript.push(Entry::Note(text)),
            Reply::Send(text) => self.send(text),
            Reply::Explain => {
                let text = if self.explanation.is_empty() {
                    "nothing was decided yet".to_owned()
                } else {
                    self.explanation.join("\n")
                };
                self.view.transcript.push(Entry::Note(text));
            }
            Reply::Compact if self.view.working.is_some() => {
                self.view
                    .transcript
                    .push(Entry::Note("it is at work; try again when it waits".to_owned()));
            }
            Reply::Compact => self.begin(Wish::Compact),
        }
        true
    }

    fn send(&mut self, text: String) {
        if self.view.working.is_some() {
            self.view.transcript.push(Entry::Note(format!("comes next: {text}")));
            self.waiting.push(text);
            return;
        }
        self.view.transcript.push(Entry::User(text.clone()));
        self.go(Some(text));
    }

    fn go(&mut self, prompt: Option<String>) {
        self.begin(Wish::Go(prompt));
    }

    fn begin(&mut self, wish: Wish) {
        self.worker.stop.reset();
        self.view.working = Some(Instant::now());
        "thinking".clone_into(&mut self.view.doing);
        let _ = self.worker.wishes.send(wish);
    }

    /// Takes in what the work has told; whether there was something.
    fn take_in(&mut self) -> bool {
        let mut changed = false;
        for _ in 0..AT_ONCE {
            match self.worker.events.try_recv() {
                Ok(Event::Told(told)) => self.told(told),
                Ok(Event::Spent(tokens, cost)) => (self.view.tokens, self.view.cost) = (tokens, cost),
                Ok(Event::Idle(ended)) => self.idle(ended),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return changed,
            }
            changed = true;
        }
        changed
    }

    fn idle(&mut self, ended: Result<Ending, Error>) {
        self.view.working = None;
        self.view.pending = None;
        let note = match ended {
            Ok(Ending::Done(_)) => None,
            Ok(other @ (Ending::TooManyDenials | Ending::Budget(_) | Ending::NoReply(_) | Ending::Stopped)) => {
                Some(other.words())
            }
            Err(error) => Some(format!("the session can't go on: {error}")),
        };
        if let Some(text) = note {
            self.view.transcript.push(Entry::Note(text));
        }
        if !self.waiting.is_empty() {
            let next = self.waiting.remove(0);
            self.send(next);
        }
    }

    fn told(&mut self, told: Told) {
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
            Told::Decided {
                id,
                decision,
                rule,
                reason,
            } => {
                self.explanation = vec![format!("{decision} by {rule}: {reason}")];
                let state = match decision {
                    "allow" => Progress::Running,
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
            Told::Progress { id, bytes, tail } => view.transcript.call(&id, |call| {
                call.bytes = bytes;
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
            Told::Ask(asked) => {
                self.explanation.clone_from(&asked.explanation);
                view.seen = false;
                view.pending = Some(Pending::Call(asked, Step::Choose));
            }
            Told::Escalated { denials, answer } => view.pending = Some(Pending::Escalated(denials, answer)),
            Told::Wonders {
                question,
                options,
                answer,
            } => view.pending = Some(Pending::Wonders(question, options, answer)),
        }
    }
}

/// What an earlier process left.
fn recall(session: &Session, transcript: &mut Transcript) {
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
