//! The work, in a thread of its own: prompts go in, what happens comes out. The screen never waits for it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use super::desk::{Desk, Told};
use super::short::Short;
use crate::model::{Model, Stop};
use crate::open::Company;
use crate::store::Named;
use crate::{Ending, Error, Session};

/// What the work is told.
pub(super) enum Wish {
    /// Go on, with these words if there are some.
    Go(Option<String>),
    /// Make room in the context.
    Compact,
    /// Go on with another model from here.
    Model(Named, Box<dyn Model>),
}

/// What comes of it.
pub(super) enum Event {
    Told(Told),
    /// It waits for the next prompt.
    Idle(Result<Ending, Error>),
    /// What the session holds and has cost: tokens, millionths of a US dollar.
    Spent(u64, Option<u64>),
}

/// The running work.
pub(super) struct Worker {
    pub(super) wishes: Sender<Wish>,
    pub(super) events: Receiver<Event>,
    pub(super) stop: Stop,
    handle: JoinHandle<Session>,
}

impl Worker {
    pub(super) fn start(mut session: Session, short: Short) -> Self {
        let (wishes, wished) = channel::<Wish>();
        let (out, events) = channel();
        let stop = Stop::default();
        let wish = stop.clone();
        let handle = thread::spawn(move || {
            // What goes wrong here is told when the work begins, which tries again.
            let _ = session.start_ahead(&wish);
            while let Ok(one) = wished.recv() {
                let prompt = match one {
                    Wish::Go(prompt) => Some(prompt),
                    Wish::Compact => None,
                    Wish::Model(named, model) => {
                        if let Err(error) = session.use_model(&named, model) {
                            let _ = out.send(Event::Told(Told::Note(format!("the model can't be kept: {error}"))));
                        }
                        continue;
                    }
                };
                let (to, told) = channel();
                let forward = out.clone();
                let pump = thread::spawn(move || {
                    for told in told {
                        if forward.send(Event::Told(told)).is_err() {
                            return;
                        }
                    }
                });
                let desk = Desk::new(to, wish.clone(), short.clone());
                let tell = |notice: &crate::Notice<'_>| desk.tell(notice);
                let company = Company {
                    person: Some(&desk),
                    tell: &tell,
                    stop: &wish,
                };
                let ended = match prompt {
                    Some(prompt) => session.go(prompt.as_deref(), company),
                    None => session.make_room(company).map(|()| Ending::Done(String::new())),
                };
                drop(desk);
                let _ = pump.join();
                let _ = out.send(Event::Spent(session.spent().total(), session.micro_dollars()));
                if out.send(Event::Idle(ended)).is_err() {
                    break;
                }
            }
            session
        });
        Self {
            wishes,
            events,
            stop,
            handle,
        }
    }

    /// Ends the work and gives the session back.
    pub(super) fn end(self) -> Option<Session> {
        self.stop.now();
        drop(self.wishes);
        drop(self.events);
        self.handle.join().ok()
    }
}
