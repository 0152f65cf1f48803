//! The session in plain lines, for screen readers and simple terminals: nothing is drawn twice, everything is said once.

use std::io::{self, BufRead, Write};

use super::commands::{self, Reply};
use super::keys::chosen;
use super::{Ended, Start, wrap};
use crate::open::Company;
use crate::person::{Answered, Choice, Denial, Notice, Person, Question};
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
        ..
    } = start;
    let stop = &end;
    let (switch, records) = (session.switch(), session.records());
    let id = session.id().to_owned();
    say(&format!(
        "Placet session {id}, {}. /help lists commands.",
        records.model
    ));
    let mut next = prompt;
    let mut unfinished = session.is_unfinished() && next.is_none();
    loop {
        if next.is_none() && !unfinished {
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
                    Reply::Explain => say("Answer a question with x to have it explained."),
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
            person: Some(&Lines),
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

/// The person, line by line.
struct Lines;

impl Person for Lines {
    fn decide(&self, question: &Question<'_>) -> Choice {
        say("Placet asks. This would:");
        for effect in &question.decided.trace.analysis.effects.list {
            let dimensions = effect.dimensions;
            say(&format!(
                "- {} ({}, {})",
                placet_engine::in_words(effect),
                dimensions.reversibility.name(),
                dimensions.scope.name()
            ));
        }
        say(&question.call.line());
        say(question.reason);
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
                    for found in question.decided.verdict.matches() {
                        say(&format!("- {}: would {}; {}", found.rule, found.effect, found.reason));
                    }
                }
                "q" => return Choice::Stop,
                _ => {}
            }
        }
    }

    fn answer(&self, question: &str, options: &[String]) -> Option<Answered> {
        say(question);
        for (number, option) in (1_usize..).zip(options) {
            say(&format!("{number}. {option}"));
        }
        chosen(&asked("Your answer: ")?, options)
    }

    fn escalate(&self, denials: &[Denial]) -> Choice {
        say("Too much was denied. Please look:");
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

fn tell(notice: &Notice<'_>) {
    match notice {
        Notice::Replied { text, .. } if !text.trim().is_empty() => say(text.trim()),
        Notice::Decided {
            call,
            decision: "deny",
            reason,
            ..
        } => say(&format!("{}\n{reason}", call.line())),
        Notice::Done {
            call,
            failed,
            ran: true,
            ..
        } => say(&format!("{}: {}", if *failed { "failed" } else { "done" }, call.line())),
        Notice::Found { what, .. } => say(&format!("suspicious: {what}")),
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
        | Notice::Progress { .. }
        | Notice::Done { .. }
        | Notice::Todo(_) => {}
    }
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

fn asked(question: &str) -> Option<String> {
    let mut out = io::stdout().lock();
    let _ = write!(out, "{question}").and_then(|()| out.flush());
    drop(out);
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).ok()?;
    (read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned())
}
