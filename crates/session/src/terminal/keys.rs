//! Keys: what each one means just now. Changes what is seen and says what is to be done.

use std::time::Instant;

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::question::{Pending, Step};
use super::view::View;
use crate::person::{Answered, Choice};

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Nothing,
    /// These words are sent.
    Send(String),
    /// What is going on ends.
    Stop,
    /// The mode after this one.
    NextMode,
    /// This is shown.
    Explain(Vec<String>),
    Leave,
}

/// Deals with one event of the terminal.
pub(super) fn press(view: &mut View, event: &Event, at: Instant) -> Deed {
    match event {
        Event::Paste(text) => {
            // A question is answered by keys, not by what happens to be pasted.
            let choosing = view.pending.as_ref().is_some_and(|pending| !pending.takes_text());
            if !(choosing && view.takes_answers(at)) {
                let ahead = view.pending.is_some() && !view.takes_answers(at);
                view.input.insert(text);
                view.ahead |= ahead;
            }
            Deed::Nothing
        }
        Event::Key(key) if key.kind != KeyEventKind::Release => pressed(view, *key, at),
        Event::Key(_) | Event::Resize(..) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => Deed::Nothing,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "keyboards have more keys than a session has uses for"
)]
fn pressed(view: &mut View, key: KeyEvent, at: Instant) -> Deed {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let leaving = core::mem::take(&mut view.leaving);
    match key.code {
        KeyCode::Char('c' | 'd') if control => {
            if !view.input.text().is_empty() {
                view.input.clear();
                view.ahead = false;
                return Deed::Nothing;
            }
            if leaving {
                return Deed::Leave;
            }
            view.leaving = true;
            return if view.working.is_some() {
                Deed::Stop
            } else {
                Deed::Nothing
            };
        }
        KeyCode::BackTab => return Deed::NextMode,
        KeyCode::Esc => return Deed::Stop,
        KeyCode::PageUp => view.back = view.back.saturating_add(10),
        KeyCode::PageDown => view.back = view.back.saturating_sub(10),
        _ => {}
    }
    if !view.takes_answers(at) {
        let deed = line(view, key);
        // What was typed before there was a question, or as it came, is no answer to it.
        view.ahead = view.pending.is_some() && !view.input.text().is_empty();
        return deed;
    }
    match view.pending.take() {
        Some(pending) => {
            let (pending, deed) = answer(view, pending, key);
            if pending.is_none() {
                // What comes of the answer is what is looked at next.
                view.back = 0;
            }
            view.pending = pending;
            deed
        }
        None => line(view, key),
    }
}

/// A key of the line that is typed.
fn line(view: &mut View, key: KeyEvent) -> Deed {
    if key.code != KeyCode::Enter || key.modifiers.contains(KeyModifiers::ALT) {
        typed(view, key);
        return Deed::Nothing;
    }
    let text = view.input.take();
    if text.trim().is_empty() {
        return Deed::Nothing;
    }
    view.back = 0;
    Deed::Send(text)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "keyboards have more keys than a session has uses for"
)]
fn typed(view: &mut View, key: KeyEvent) {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('j') if control => view.input.insert("\n"),
        KeyCode::Char('a') if control => view.input.home(),
        KeyCode::Char('e') if control => view.input.end(),
        KeyCode::Char('u') if control => view.input.clear(),
        KeyCode::Char(letter) if !control => view.input.insert(&letter.to_string()),
        KeyCode::Enter => view.input.insert("\n"),
        KeyCode::Backspace => view.input.backspace(),
        KeyCode::Delete => view.input.delete(),
        KeyCode::Left => view.input.left(),
        KeyCode::Right => view.input.right(),
        KeyCode::Home => view.input.home(),
        KeyCode::End => view.input.end(),
        KeyCode::Up => view.input.older(),
        KeyCode::Down => view.input.newer(),
        _ => {}
    }
}

/// The mode after this one. A mode that is not in the cycle is left for its first.
pub(super) fn next_mode(view: &View) {
    let modes = super::cycle(&view.switch);
    let now = view.switch.choices().mode;
    let at = modes.iter().position(|mode| Some(*mode) == now);
    let next = at.map_or(0, |at| at.saturating_add(1) % modes.len().max(1));
    if let Some(mode) = modes.get(next) {
        view.switch.set_mode(*mode);
    }
}

fn answer(view: &mut View, pending: Pending, key: KeyEvent) -> (Option<Pending>, Deed) {
    let enter = key.code == KeyCode::Enter;
    match pending {
        Pending::Call(asked, Step::Reason | Step::Edit) if !enter => {
            typed(view, key);
            let step = if view.editing { Step::Edit } else { Step::Reason };
            (Some(Pending::Call(asked, step)), Deed::Nothing)
        }
        Pending::Call(asked, Step::Reason) => {
            let _ = asked.answer.send(Choice::No(view.input.take()));
            (None, Deed::Nothing)
        }
        Pending::Call(asked, Step::Edit) => {
            let _ = asked.answer.send(Choice::Edit(view.input.take()));
            view.editing = false;
            (None, Deed::Nothing)
        }
        Pending::Call(asked, Step::Always) => {
            if key.code == KeyCode::Char('y') {
                let _ = asked.answer.send(Choice::Always);
                (None, Deed::Nothing)
            } else {
                (Some(Pending::Call(asked, Step::Choose)), Deed::Nothing)
            }
        }
        Pending::Call(asked, Step::Choose) => {
            let KeyCode::Char(letter) = key.code else {
                return (Some(Pending::Call(asked, Step::Choose)), Deed::Nothing);
            };
            let step = match letter {
                'y' if asked.can_approve => {
                    let _ = asked.answer.send(Choice::Once);
                    return (None, Deed::Nothing);
                }
                's' if asked.can_approve => {
                    let _ = asked.answer.send(Choice::Session);
                    return (None, Deed::Nothing);
                }
                'a' if asked.can_approve && asked.rule.is_some() => Step::Always,
                'n' => {
                    view.input.clear();
                    view.editing = false;
                    Step::Reason
                }
                'e' if asked.command.is_some() => {
                    view.input.set(asked.command.as_deref().unwrap_or_default());
                    view.editing = true;
                    Step::Edit
                }
                'x' => {
                    let lines = asked.explanation.clone();
                    return (Some(Pending::Call(asked, Step::Choose)), Deed::Explain(lines));
                }
                _ => Step::Choose,
            };
            (Some(Pending::Call(asked, step)), Deed::Nothing)
        }
        Pending::Escalated(denials, to) if !enter => {
            typed(view, key);
            (Some(Pending::Escalated(denials, to)), Deed::Nothing)
        }
        Pending::Escalated(_, to) => {
            let _ = to.send(Choice::No(view.input.take()));
            (None, Deed::Nothing)
        }
        Pending::Wonders(question, options, to) if !enter => {
            typed(view, key);
            (Some(Pending::Wonders(question, options, to)), Deed::Nothing)
        }
        Pending::Wonders(_, options, to) => {
            let text = view.input.take();
            let _ = to.send(chosen(&text, &options));
            (None, Deed::Nothing)
        }
    }
}

/// A number or the words of an option are that option; anything else is the person's own words.
pub(super) fn chosen(text: &str, options: &[String]) -> Option<Answered> {
    let text = text.trim();
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = options.iter().find(|option| option.trim().eq_ignore_ascii_case(text));
    match number.and_then(|at| options.get(at)).or(named) {
        Some(option) => Some(Answered::Option(option.clone())),
        None if text.is_empty() => None,
        None => Some(Answered::Words(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::*;
    use crate::gate::{Choices, Switch};
    use crate::terminal::desk::Asked;
    use crate::terminal::view::Inks;

    /// A question that came up at this time.
    fn asked(view: &mut View, at: Instant) -> Receiver<Choice> {
        let (answer, receiver) = channel();
        let asked = Asked {
            line: "Bash rm a".to_owned(),
            command: Some("rm a".to_owned()),
            changes: Vec::new(),
            effects: Vec::new(),
            reason: String::new(),
            rule: None,
            can_approve: true,
            explanation: Vec::new(),
            answer,
        };
        view.ask(Pending::Call(Box::new(asked), Step::Choose));
        view.asked_at = Some(at);
        receiver
    }

    fn view() -> View {
        View::new(Switch::new(Choices::default(), true), Inks::plain())
    }

    fn press_all(view: &mut View, letters: &str, at: Instant) -> Vec<Deed> {
        let codes = letters.chars().map(|letter| match letter {
            '\n' => KeyCode::Enter,
            '\u{8}' => KeyCode::Backspace,
            letter => KeyCode::Char(letter),
        });
        codes
            .map(|code| press(view, &Event::Key(KeyEvent::new(code, KeyModifiers::NONE)), at))
            .collect()
    }

    #[test]
    fn a_key_that_was_pressed_as_the_question_came_is_typed_and_approves_nothing() {
        let (mut view, now) = (view(), Instant::now());
        let answers = asked(&mut view, now);
        press_all(&mut view, "y", now + Duration::from_millis(100));
        press_all(&mut view, "es", now + Duration::from_secs(5));
        assert!(answers.try_recv().is_err());
        assert_eq!(view.input.text(), "yes");
        press_all(&mut view, "\u{8}\u{8}\u{8}", now + Duration::from_secs(6));
        press_all(&mut view, "y", now + Duration::from_secs(7));
        assert_eq!(answers.try_recv(), Ok(Choice::Once));
    }

    #[test]
    fn a_key_that_was_pressed_before_the_question_was_there_is_none_of_its_answers() {
        let (mut view, now) = (view(), Instant::now());
        let answers = asked(&mut view, now + Duration::from_secs(1));
        press_all(&mut view, "y", now);
        assert!(answers.try_recv().is_err());
        // And one that was never drawn has none at all.
        let answers = asked(&mut view, now);
        view.input.clear();
        (view.ahead, view.asked_at) = (false, None);
        press_all(&mut view, "y", now + Duration::from_secs(9));
        assert!(answers.try_recv().is_err());
    }

    #[test]
    fn what_was_typed_ahead_is_sent_as_what_it_is_and_then_keys_answer() {
        let (mut view, now) = (view(), Instant::now());
        press_all(&mut view, "then test i", now);
        let answers = asked(&mut view, now);
        let deeds = press_all(&mut view, "t\n", now + Duration::from_secs(2));
        assert_eq!(deeds.last(), Some(&Deed::Send("then test it".to_owned())));
        assert!(answers.try_recv().is_err());
        press_all(&mut view, "s", now + Duration::from_secs(3));
        assert_eq!(answers.try_recv(), Ok(Choice::Session));
    }

    #[test]
    fn the_words_of_an_option_are_that_option() {
        let options = ["no".to_owned(), "yes".to_owned()];
        assert_eq!(chosen("2", &options), Some(Answered::Option("yes".to_owned())));
        assert_eq!(chosen(" Yes", &options), Some(Answered::Option("yes".to_owned())));
        assert_eq!(
            chosen("yes, but", &options),
            Some(Answered::Words("yes, but".to_owned()))
        );
        assert_eq!(chosen("", &options), None);
    }
}
