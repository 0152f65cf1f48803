//! Where the person sits, as the work sees it: notices go out, questions wait for their answers.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use placet_model::Effect;

use super::short::Short;
use crate::conversation::Usage;
use crate::model::Stop;
use crate::person::{Answered, Choice, Denial, Notice, Person, Question};
use crate::tools::{Tests, todo::Item};

/// What the work tells.
#[derive(Debug)]
pub(super) enum Told {
    Piece(String),
    Replied(Usage),
    Called {
        id: String,
        line: String,
    },
    Decided {
        id: String,
        decision: &'static str,
        reason: String,
    },
    Progress {
        id: String,
        bytes: u64,
        tail: String,
        tests: Option<Tests>,
    },
    Done {
        id: String,
        tool: String,
        text: String,
        failed: bool,
        ran: bool,
    },
    Found(String),
    Todo(Vec<Item>),
    Note(String),
    Ask(Box<Asked>),
    Escalated {
        denials: Vec<String>,
        answer: Sender<Choice>,
    },
    Wonders {
        question: String,
        options: Vec<String>,
        answer: Sender<Option<Answered>>,
    },
}

/// A call that waits for a person.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) line: String,
    pub(super) command: Option<String>,
    /// What an edit changes.
    pub(super) changes: Vec<String>,
    pub(super) effects: Vec<Shown>,
    pub(super) reason: String,
    pub(super) rule: Option<String>,
    pub(super) can_approve: bool,
    pub(super) explanation: Vec<String>,
    pub(super) answer: Sender<Choice>,
}

/// One effect, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) what: String,
    pub(super) how: String,
    pub(super) grave: bool,
}

/// The person's side of the work.
pub(super) struct Desk {
    to: Sender<Told>,
    stop: Stop,
    short: Short,
    /// Calls that run side by side can have questions at once; each waits until the one before it is answered.
    asking: Mutex<()>,
}

impl Desk {
    pub(super) fn new(to: Sender<Told>, stop: Stop, short: Short) -> Self {
        Self {
            to,
            stop,
            short,
            asking: Mutex::default(),
        }
    }

    /// Until this is dropped, nobody else asks.
    fn turn(&self) -> MutexGuard<'_, ()> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, notice: &Notice<'_>) {
        if let Some(told) = told(notice, &self.short) {
            let _ = self.to.send(told);
        }
    }

    /// Waits for an answer; a wish to stop, or a screen that is gone, is one too.
    fn wait<T>(&self, answer: &Receiver<T>) -> Option<T> {
        loop {
            match answer.recv_timeout(Duration::from_millis(30)) {
                Ok(answer) => return Some(answer),
                Err(RecvTimeoutError::Timeout) if !self.stop.is_wanted() => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

impl Person for Desk {
    fn decide(&self, question: &Question<'_>) -> Choice {
        let (answer, receiver) = channel();
        let _turn = self.turn();
        let mut effects: Vec<Shown> = question
            .decided
            .trace
            .analysis
            .effects
            .list
            .iter()
            .map(|effect| shown(effect, &self.short))
            .collect();
        // What can't be had back is seen first, however much else there is.
        effects.sort_by_key(|effect| !effect.grave);
        let asked = Asked {
            line: question.call.line(),
            command: question.call.text("command").map(str::to_owned),
            changes: question.call.changes(),
            effects,
            reason: self.short.text(&why(question)),
            rule: question.rule.map(str::to_owned),
            can_approve: question.can_approve,
            explanation: question.explanation.to_vec(),
            answer,
        };
        if self.to.send(Told::Ask(Box::new(asked))).is_err() {
            return Choice::Stop;
        }
        self.wait(&receiver).unwrap_or(Choice::Stop)
    }

    fn answer(&self, question: &str, options: &[String]) -> Option<Answered> {
        let _turn = self.turn();
        let (answer, receiver) = channel();
        let told = Told::Wonders {
            question: question.to_owned(),
            options: options.to_vec(),
            answer,
        };
        self.to.send(told).ok()?;
        self.wait(&receiver).flatten()
    }

    fn escalate(&self, denials: &[Denial]) -> Choice {
        const NEWEST: usize = 3;
        let _turn = self.turn();
        let (answer, receiver) = channel();
        let newest = denials.iter().skip(denials.len().saturating_sub(NEWEST));
        let told = Told::Escalated {
            denials: newest
                .map(|denial| format!("{} ({})", denial.what, denial.rule))
                .collect(),
            answer,
        };
        if self.to.send(told).is_err() {
            return Choice::Stop;
        }
        self.wait(&receiver).unwrap_or(Choice::Stop)
    }
}

/// Why it is asked, in short: what would happen is on the screen already.
pub(super) fn why(question: &Question<'_>) -> String {
    let decided = question.decided;
    let Some(strictest) = decided.verdict.matches().first() else {
        return question.reason.to_owned();
    };
    let mut text = format!("{}: {}.", strictest.rule, strictest.reason);
    if let Some(instead) = &strictest.instead {
        text.push_str(&format!(" Instead: {instead}."));
    }
    if decided.trace.escalated {
        text.push_str(" So much was denied in this session that a person has to look.");
    }
    text
}

/// What an effect does, and what that means: whether it can be had back, where it reaches.
fn shown(effect: &Effect, short: &Short) -> Shown {
    let dimensions = effect.dimensions;
    let grave = dimensions.reversibility == placet_model::Reversibility::Irreversible;
    Shown {
        what: short.text(&placet_engine::in_words(effect)),
        how: format!("{} · {}", dimensions.reversibility.name(), dimensions.scope.name()),
        grave,
    }
}

fn told(notice: &Notice<'_>, short: &Short) -> Option<Told> {
    Some(match notice {
        Notice::Said(text) => Told::Piece((*text).to_owned()),
        Notice::Replied { usage, .. } => Told::Replied(*usage),
        Notice::Called(call) => Told::Called {
            id: call.id.clone(),
            line: call.line(),
        },
        Notice::Decided {
            call, decision, reason, ..
        } => Told::Decided {
            id: call.id.clone(),
            decision,
            reason: short.text(reason),
        },
        Notice::Progress {
            call,
            bytes,
            tail,
            tests,
        } => Told::Progress {
            id: (*call).to_owned(),
            bytes: *bytes,
            tail: (*tail).to_owned(),
            tests: *tests,
        },
        Notice::Done {
            call,
            text,
            failed,
            ran,
        } => Told::Done {
            id: call.id.clone(),
            tool: call.tool.clone(),
            // What files and commands say is shown as it is.
            text: if *ran && !matches!(call.tool.as_str(), "Write" | "Edit" | "MultiEdit") {
                text.chars().take(4000).collect()
            } else {
                short.text(text).chars().take(4000).collect()
            },
            failed: *failed,
            ran: *ran,
        },
        Notice::Found { what, .. } => Told::Found((*what).to_owned()),
        Notice::Todo(items) => Told::Todo(items.to_vec()),
        Notice::Compacted { before, after } => Told::Note(format!(
            "room was made in the context: {before} tokens before, {after} now"
        )),
        Notice::Note(text) => Told::Note((*text).to_owned()),
        Notice::Agent { about, begins } => {
            Told::Note(format!("sub-agent {about} {}", if *begins { "begins" } else { "ends" }))
        }
    })
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn of_two_questions_at_once_the_second_waits_until_the_first_is_answered() {
        let (to, told) = channel();
        let desk = Desk::new(to, Stop::default(), Short::new("/home/dev"));
        let answers: Vec<Option<Answered>> = thread::scope(|scope| {
            let ask = |question: &'static str| desk.answer(question, &[]);
            let asking: Vec<_> = ["one", "two"].map(|question| scope.spawn(move || ask(question))).into();
            for _ in 0..2 {
                let Ok(Told::Wonders { question, answer, .. }) = told.recv() else {
                    panic!("a question");
                };
                assert!(told.try_recv().is_err(), "one at a time");
                answer.send(Some(Answered::Words(question))).unwrap();
            }
            asking.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let words = |text: &str| Some(Answered::Words(text.to_owned()));
        assert_eq!(answers, [words("one"), words("two")]);
    }
}
