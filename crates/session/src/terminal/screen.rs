//! The screen: a loop that draws, reads keys, and takes in what the work tells. The work is in a thread of its own.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::execute;

use super::commands::{self, Reply};
use super::happened::recall;
use super::keyboard::{self, Pressed};
use super::keys::{self, Deed};
use super::short::Short;
use super::transcript::Entry;
use super::view::{Inks, View};
use super::worker::{Event, Wish, Worker};
use super::{Ended, Models, Start};
use crate::model::Stop;
use crate::open::Records;
use crate::{Ending, Error};

/// How long keys are waited for, while it works and while it doesn't.
const BUSY: Duration = Duration::from_millis(25);
const IDLE: Duration = Duration::from_millis(120);
/// As much is taken in between two looks at the keys.
const AT_ONCE: usize = 500;
/// How often time itself is shown, and how often the policy is looked at for modes that it switches off.
const TICK: Duration = Duration::from_millis(120);
const POLICY: Duration = Duration::from_secs(2);

/// What is seen, and what it is made of.
pub(super) struct Screen {
    pub(super) view: View,
    worker: Worker,
    records: Records,
    models: Models,
    /// What was sent while it worked.
    waiting: Vec<String>,
    /// Set from outside.
    end: Stop,
    /// When the policy was looked at.
    looked: Instant,
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
    // What is told of a terminal that is gone has nowhere to go.
    let _ = ratatui::try_restore();
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
            models,
        } = start;
        let inks = if colour { Inks::coloured() } else { Inks::plain() };
        let mut view = View::new(session.switch(), inks);
        (view.tokens, view.cost) = (session.spent().total(), session.micro_dollars());
        let records = session.records();
        let short = Short::new(&records.places.home);
        view.transcript.push(Entry::Note(format!(
            "Placet session {} · {} · {}\nType what is to be done. /help lists the commands.",
            session.id(),
            records.model,
            short.text(&records.project)
        )));
        recall(&session, &mut view.transcript);
        let unfinished = session.is_unfinished();
        let mut screen = Self {
            view,
            worker: Worker::start(session, short),
            records,
            models,
            waiting: Vec::new(),
            end,
            looked: Instant::now(),
        };
        match prompt {
            Some(text) => screen.send(text),
            None if unfinished => screen.go(None),
            None => {}
        }
        screen
    }

    fn turn(&mut self, terminal: &mut DefaultTerminal) -> io::Result<()> {
        let keys = keyboard::listen();
        loop {
            terminal.draw(|frame| self.view.draw(frame))?;
            let drawn = Instant::now();
            // Nothing is drawn again until something has changed, or time shows.
            loop {
                let mut changed = false;
                if self.end.is_wanted() {
                    return Ok(());
                }
                let wait = if self.view.working.is_some() { BUSY } else { IDLE };
                match keys.recv_timeout(wait) {
                    Ok(first) => {
                        changed = true;
                        if !self.deal_with_keys(first, &keys) {
                            return Ok(());
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return Ok(()),
                }
                changed |= self.take_in();
                changed |= self.follow_policy();
                if changed || (self.view.working.is_some() && drawn.elapsed() > TICK) {
                    break;
                }
            }
        }
    }

    /// Every key that was pressed; false if the person leaves.
    fn deal_with_keys(&mut self, first: Pressed, more: &Receiver<Pressed>) -> bool {
        let mut next = Some(first);
        while let Some(Pressed { event, at }) = next {
            match keys::press(&mut self.view, &event, at) {
                Deed::Nothing => {}
                Deed::Leave => return false,
                Deed::Stop => {
                    if self.view.working.is_some() {
                        self.worker.stop.now();
                        self.waiting.clear();
                    }
                    self.view.pending = None;
                }
                Deed::NextMode => {
                    self.looked = Instant::now();
                    self.note(self.records.follow(&self.view.switch));
                    keys::next_mode(&self.view);
                }
                Deed::Explain(lines) => self.view.explain(lines.join("\n")),
                Deed::Send(text) if text.starts_with('/') => {
                    if !self.command(text.trim()) {
                        return false;
                    }
                }
                Deed::Send(text) => self.send(text),
            }
            next = more.try_recv().ok();
        }
        true
    }

    /// Whether the policy has changed what is offered.
    fn follow_policy(&mut self) -> bool {
        if self.looked.elapsed() < POLICY {
            return false;
        }
        self.looked = Instant::now();
        let said = self.records.follow(&self.view.switch);
        let changed = said.is_some();
        self.note(said);
        changed
    }

    fn note(&mut self, text: Option<String>) {
        if let Some(text) = text {
            self.view.transcript.push(Entry::Note(text));
        }
    }

    fn command(&mut self, line: &str) -> bool {
        match commands::run(line, &self.view.switch, &self.records) {
            Reply::Quit => return false,
            Reply::Say(text) => self.view.transcript.push(Entry::Note(text)),
            Reply::Send(text) => self.send(text),
            Reply::Explain(text) => self.view.explain(text),
            Reply::Model(name) => self.use_model(&name),
            Reply::Compact if self.view.working.is_some() => {
                self.view
                    .transcript
                    .push(Entry::Note("it is at work; try again when it waits".to_owned()));
            }
            Reply::Compact => self.begin(Wish::Compact),
        }
        true
    }

    fn use_model(&mut self, name: &str) {
        let said = match (self.models)(name) {
            Ok((named, model)) => {
                let at_work = self.view.working.is_some();
                model.name().clone_into(&mut self.records.model);
                let _ = self.worker.wishes.send(Wish::Model(named, model));
                let when = if at_work { " as soon as this is done" } else { "" };
                format!("the model is {}{when}", self.records.model)
            }
            Err(why) => format!("the model is still {}: {why}", self.records.model),
        };
        self.note(Some(said));
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
}
