//! Whether a word that is known in part may fit a pattern of a table: `concat:*` fits no name behind `./`. What is left open
//! by its letters is looked up among the files that are there.

use placet_model::Paths;

use super::Interpreter;
use crate::paths;
use crate::value::{Arg, Bound, Piece, Value};

/// So long a word is not compared letter by letter.
const LONGEST: usize = 512;

impl Interpreter<'_> {
    /// Whether one of the words that the argument stands for may fit a pattern.
    pub(super) fn may_fit(&self, pattern: &str, arg: &Arg) -> bool {
        let value = &arg.value;
        // Several words with known text between them can be anything.
        if value.known().is_some() || !is_listed(value) {
            return arg.many || may_match(pattern, value);
        }
        let sign = sign(pattern);
        if may_match(pattern, value) {
            let Some(sign) = sign else { return true };
            let spelt = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains(is_sign));
            let alone = matches!(
                value.pieces.as_slice(),
                [Piece::Hole(_)] | [Piece::Hole(_), Piece::Text(_)]
            );
            let part = if alone { sign.with_head } else { sign.alone };
            return value.pieces.iter().any(spelt) || self.some_name(value, &|name| name.contains(part));
        }
        // A blank in a name may have made two words of it.
        value.pieces.iter().any(may_split)
            && self.some_name(value, &|name| {
                name.contains(char::is_whitespace) && sign.as_ref().is_none_or(|sign| name.contains(sign.alone))
            })
    }

    /// Whether a file is there whose name is odd, in the directory that a value with listed names is about, or below it.
    fn some_name(&self, value: &Value, odd: &dyn Fn(&str) -> bool) -> bool {
        let Paths::Below(directory) = paths::paths(value, &self.state.cwd) else {
            return true;
        };
        let mut behind = value.pieces.iter().skip_while(|piece| matches!(piece, Piece::Text(_)));
        let flat = behind.all(|piece| match piece {
            Piece::Text(text) => !text.contains('/'),
            Piece::Hole(bound) => matches!(bound, Bound::Name | Bound::Word | Bound::Number | Bound::Pids(_)),
        });
        self.has_name_in(&directory, !flat, odd)
    }
}

/// Whether every part that can't be told is a name of files that are there, or too narrow to hold a sign.
fn is_listed(value: &Value) -> bool {
    let mut names = false;
    let bounded = value.pieces.iter().all(|piece| match piece {
        Piece::Text(_) | Piece::Hole(Bound::Number | Bound::Pids(_)) => true,
        Piece::Hole(Bound::Name | Bound::Below(_) | Bound::Relative | Bound::Printed(_)) => {
            names = true;
            true
        }
        Piece::Hole(Bound::Any | Bound::Setup | Bound::Word) => false,
    });
    bounded && names
}

fn may_split(piece: &Piece) -> bool {
    matches!(
        piece,
        Piece::Hole(Bound::Below(_) | Bound::Relative | Bound::Printed(_))
    )
}

/// The text with a sign that whatever fits a pattern has in it.
struct Sign<'p> {
    /// From the first sign to the last: `:|`.
    alone: &'p str,
    /// With the letters in front: `concat:`.
    with_head: &'p str,
}

fn sign(pattern: &str) -> Option<Sign<'_>> {
    let text = pattern
        .split(['*', '?', '[', ']', '/'])
        .find(|text| text.contains(is_sign))?;
    let with_head = text.trim_end_matches(|c| !is_sign(c));
    Some(Sign {
        alone: with_head.trim_start_matches(|c| !is_sign(c)),
        with_head,
    })
}

/// What no usual name has in it.
fn is_sign(c: char) -> bool {
    matches!(c, ':' | '|' | '@' | '+' | '!' | '#' | '=' | ',' | '%')
}

/// A letter of a word, or what may stand in its place.
#[derive(Clone, Copy)]
enum Letter {
    /// This one.
    Exactly(char),
    /// One of a class, or nothing: then what follows it is nothing as well.
    First(Class),
    /// Any number of a class.
    Many(Class),
}

#[derive(Clone, Copy)]
enum Class {
    Any,
    Digits,
    /// No slash.
    Name,
    /// No slash, no blank.
    Word,
    /// No blank, and nothing that begins an option or a hidden name.
    WordStart,
    /// No slash at the beginning.
    RelativeStart,
}

impl Class {
    fn has(self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::Digits => c.is_ascii_digit(),
            Self::Name | Self::RelativeStart => c != '/',
            Self::Word => c != '/' && !c.is_whitespace(),
            Self::WordStart => !matches!(c, '/' | '-' | '.') && !c.is_whitespace(),
        }
    }
}

/// Whether some text that the value may stand for fits a pattern: by its letters alone.
fn may_match(pattern: &str, value: &Value) -> bool {
    let Some(word) = letters(value) else { return true };
    let pattern: Vec<char> = pattern.chars().collect();
    // `fits[i]`: what is left of the pattern from there on fits what is left of the word.
    let mut fits = ends(&pattern);
    // The one before, for a first letter that is left out together with what follows it.
    let mut after = fits.clone();
    for letter in word.iter().rev() {
        let next = step(&pattern, *letter, &fits, &after);
        after = std::mem::replace(&mut fits, next);
    }
    fits.first().copied().unwrap_or(true)
}

/// Where the pattern fits an empty rest.
fn ends(pattern: &[char]) -> Vec<bool> {
    (0..=pattern.len())
        .map(|at| pattern.get(at..).unwrap_or_default().iter().all(|c| *c == '*'))
        .collect()
}

/// The same in front of one more letter.
fn step(pattern: &[char], letter: Letter, fits: &[bool], after: &[bool]) -> Vec<bool> {
    let at = |table: &[bool], index: usize| table.get(index).copied().unwrap_or(false);
    let mut out = vec![false; pattern.len() + 1];
    for index in (0..=pattern.len()).rev() {
        let rest = pattern.get(index..).unwrap_or_default();
        let goes_on = |class: &dyn Fn(char) -> bool, table: &[bool]| {
            takes(rest, class).is_some_and(|width| at(table, index + width))
        };
        let fit = if rest.first() == Some(&'*') {
            // The star takes the letter, or ends in front of it.
            at(fits, index) || at(&out, index + 1)
        } else {
            match letter {
                Letter::Exactly(c) => goes_on(&|wanted| wanted == c, fits),
                Letter::First(class) => at(after, index) || goes_on(&|wanted| class.has(wanted), fits),
                Letter::Many(class) => at(fits, index) || goes_on(&|wanted| class.has(wanted), &out),
            }
        };
        if let Some(place) = out.get_mut(index) {
            *place = fit;
        }
    }
    out
}

/// The width of a pattern's first element, which is no star, if it stands for some letter of a class.
fn takes(pattern: &[char], class: &dyn Fn(char) -> bool) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => {
            let close = pattern.iter().position(|c| *c == ']')?;
            let set = pattern.get(1..close)?;
            set.iter().any(|c| class(*c)).then_some(close + 1)
        }
        c => class(*c).then_some(1),
    }
}

/// The value letter by letter; `None` if it is too long.
fn letters(value: &Value) -> Option<Vec<Letter>> {
    let mut out = Vec::new();
    for piece in &value.pieces {
        match piece {
            Piece::Text(text) => out.extend(text.chars().map(Letter::Exactly)),
            Piece::Hole(bound) => match bound {
                Bound::Any | Bound::Setup => out.push(Letter::Many(Class::Any)),
                Bound::Number | Bound::Pids(_) => out.push(Letter::Many(Class::Digits)),
                Bound::Name => out.push(Letter::Many(Class::Name)),
                Bound::Word => out.extend([Letter::First(Class::WordStart), Letter::Many(Class::Word)]),
                Bound::Below(_) => out.extend([Letter::Exactly('/'), Letter::Many(Class::Any)]),
                Bound::Relative => out.extend([Letter::First(Class::RelativeStart), Letter::Many(Class::Any)]),
                Bound::Printed(printed) => {
                    out.extend(printed.begins.chars().map(Letter::Exactly));
                    out.push(Letter::Many(Class::Any));
                }
            },
        }
        if out.len() > LONGEST {
            return None;
        }
    }
    Some(out)
}
