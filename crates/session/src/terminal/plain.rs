//! The session in plain lines, for screen readers and simple terminals: nothing is drawn twice, everything is said once.

use std::io::{self, BufRead, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::commands::{self, Reply};
use super::desk::why;
use super::keys::chosen;
use super::short::Short;
use super::transcript::so_far;
use super::{Ended, Start, wrap};
use crate::open::Company;
use crate::person::{Answered, Choice, Denial, Notice, Person, Question};
use crate::tools::Tests;
use crate::{Ending, Error};

/// Runs the session until the person leaves, or the input ends.
///
/// # Errors
/// When the session can't be written down.
pub fn run(start: Start) -> Ended {
    let Start {
        mut session,
        prompt,
        end,
        models,
        ..
    } = start;
    let stop = &end;
    let (switch, mut records) = (session.switch(), session.records());
    let lines = Lines::new(&records.places.home);
    let tell = |notice: &Notice<'_>| lines.tell(notice);
    let id = session.id().to_owned();
    say(&format!(
        "Placet session {id}, {}. /help lists commands.",
        records.model
    ));
    let mut next = prompt;
    let mut unfinished = session.is_unfinished() && next.is_none();
    loop {
        if next.is_none() && !unfinished {
            if let Some(text) = records.follow(&switch) {
                say(&text);
            }
            let mode = switch.choices().mode.unwrap_or_default();
            let Some(line) = asked(&format!("{}> ", mode.name())) else {
                break;
            };
            if line.trim().is_empty() {
                continue;
            }
            if line.starts_with('/') {
                match commands::run(line.trim(), &switch, &records) {
                    Reply::Quit => break,
                    Reply::Say(text) => say(&text),
                    Reply::Send(text) => next = Some(text),
                    Reply::Explain(text) => say(&text),
                    Reply::Model(name) => match models(&name) {
                        Ok((named, model)) => {
                            model.name().clone_into(&mut records.model);
                            session.use_model(&named, model)?;
                            say(&format!("the model is {}", records.model));
                        }
                        Err(why) => say(&format!("the model is still {}: {why}", records.model)),
                    },
                    Reply::Compact => {
                        let company = Company {
                            person: None,
                            tell: &tell,
                            stop,
                        };
                        session.make_room(company)?;
                    }
                }
                continue;
            }
            next = Some(line);
        }
        unfinished = false;
        stop.reset();
        let company = Company {
            person: Some(&lines),
            tell: &tell,
            stop,
        };
        let text = next.take();
        match session.go(text.as_deref(), company)? {
            Ending::Done(_) => {}
            other @ (Ending::TooManyDenials | Ending::Budget(_) | Ending::NoReply(_) | Ending::Stopped) => {
                say(&other.words());
            }
        }
    }
    let used = !session.messages().is_empty();
    session.close()?;
    Ok::<_, Error>((id, used))
}

/// The person, line by line. What others wrote stands behind blanks, so that it can't be taken for Placet's own words.
struct Lines {
    short: Short,
    /// Calls that run side by side ask one after the other.
    asking: Mutex<()>,
    /// The call that was told to be running, and how long it ran then.
    running: Mutex<Option<(String, Instant, u64)>>,
}

impl Lines {
    fn new(home: &str) -> Self {
        Self {
            short: Short::new(home),
            asking: Mutex::default(),
            running: Mutex::default(),
        }
    }

    /// Until this is dropped, nobody else asks. What was typed before the question is no answer to it.
    fn turn(&self) -> MutexGuard<'_, ()> {
        let turn = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
        turn
    }

    fn tell(&self, notice: &Notice<'_>) {
        match notice {
            Notice::Replied { text, .. } if !text.trim().is_empty() => quoted(text.trim()),
            Notice::Decided {
                call,
                decision: "deny",
                reason,
                ..
            } => {
                say("denied:");
                quoted(&call.line());
                quoted(&self.short.text(reason));
            }
            Notice::Progress { call, bytes, tests, .. } => self.progress(call, *bytes, *tests),
            Notice::Done {
                call,
                failed,
                ran: true,
                ..
            } => {
                let done = if *failed { "failed:" } else { "done:" };
                say(&format!("{done} {}", cut_line(&call.line())));
            }
            Notice::Found { what, .. } => say(&format!("suspicious: {what}; the model was told so")),
            Notice::Note(text) => say(text),
            Notice::Agent { about, begins } => {
                say(&format!(
                    "sub-agent {about} {}",
                    if *begins { "begins" } else { "ends" }
                ));
            }
            Notice::Compacted { before, after } => say(&format!("room was made: {before} tokens before, {after} now")),
            Notice::Said(_)
            | Notice::Replied { .. }
            | Notice::Called(_)
            | Notice::Decided { .. }
            | Notice::Done { .. }
            | Notice::Todo(_) => {}
        }
    }

    /// Says now and then that something still runs: after ten seconds, and each time it has taken twice as long.
    fn progress(&self, call: &str, bytes: u64, tests: Option<Tests>) {
        const FIRST: u64 = 10;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, since, next) = match &mut *running {
            Some(known) if known.0 == call => known,
            other => other.insert((call.to_owned(), Instant::now(), FIRST)),
        };
        let seconds = since.elapsed().as_secs();
        if seconds >= *next {
            *next = next.saturating_mul(2);
            let told = so_far(seconds, bytes, tests).unwrap_or_default();
            say(&format!("it still runs: {told}"));
        }
    }
}

impl Person for Lines {
    fn decide(&self, question: &Question<'_>) -> Choice {
        let _turn = self.turn();
        say("Placet asks. This would:");
        for effect in &question.decided.trace.analysis.effects.list {
            let dimensions = effect.dimensions;
            say(&format!(
                "- {} ({}, {})",
                self.short.text(&placet_engine::in_words(effect)),
                dimensions.reversibility.name(),
                dimensions.scope.name()
            ));
        }
        quoted(&question.call.line());
        for line in question.call.changes() {
            quoted(&line);
        }
        quoted(&self.short.text(&why(question)));
        let command = question.call.text("command");
        loop {
            let Some(line) = asked(&offered(question, command.is_some())) else {
                return Choice::Stop;
            };
            match line.trim() {
                "y" if question.can_approve => return Choice::Once,
                "s" if question.can_approve => return Choice::Session,
                "a" if question.can_approve && question.rule.is_some() => {
                    say("This rule would go into your policy:");
                    say(question.rule.unwrap_or_default());
                    if asked("Write it? y or n: ").is_some_and(|line| line.trim() == "y") {
                        return Choice::Always;
                    }
                }
                "n" => return Choice::No(asked("Why not? ").unwrap_or_default()),
                "e" if command.is_some() => {
                    if let Some(line) = asked("The command: ").filter(|line| !line.trim().is_empty()) {
                        return Choice::Edit(line);
                    }
                }
                "x" => {
                    for line in question.explanation {
                        quoted(line);
                    }
                }
                "q" => return Choice::Stop,
                _ => {}
            }
        }
    }

    fn answer(&self, question: &str, options: &[String]) -> Option<Answered> {
        let _turn = self.turn();
        say("A question for you:");
        quoted(question);
        for (number, option) in (1_usize..).zip(options) {
            quoted(&format!("{number}. {option}"));
        }
        chosen(&asked("Your answer: ")?, options)
    }

    fn escalate(&self, denials: &[Denial]) -> Choice {
        let _turn = self.turn();
        say("Placet asks: so much was denied that you should look.");
        for denial in denials {
            say(&format!("- {} ({})", denial.what, denial.rule));
        }
        match asked("What should it do instead? (q ends it) ") {
            None => Choice::Stop,
            Some(line) if line.trim() == "q" => Choice::Stop,
            Some(line) => Choice::No(line),
        }
    }
}

fn offered(question: &Question<'_>, command: bool) -> String {
    let mut words = Vec::new();
    if question.can_approve {
        words.extend(["y once", "s this session"]);
        if question.rule.is_some() {
            words.push("a always");
        }
    }
    words.push("n no");
    if command {
        words.push("e edit");
    }
    words.extend(["x explain", "q stop"]);
    format!("{}: ", words.join(", "))
}

/// Lines, made harmless. If they can't be written, nobody reads them.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    for line in text.lines() {
        let safe: String = line.chars().map(wrap::harmless).collect();
        let _ = writeln!(out, "{safe}");
    }
    let _ = out.flush();
}

/// Lines that others wrote.
fn quoted(text: &str) {
    for line in text.lines() {
        say(&format!("  {line}"));
    }
}

fn cut_line(text: &str) -> String {
    wrap::cut(text, 200)
}

fn asked(question: &str) -> Option<String> {
    let mut out = io::stdout().lock();
    let _ = write!(out, "{question}").and_then(|()| out.flush());
    drop(out);
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).ok()?;
    (read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned())
}
