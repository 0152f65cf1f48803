//! `tr`: what is left of a text, or of words of which the shape is known, when characters are replaced or deleted.

use crate::interpret::{Call, Interpreter};
use crate::value::{Bound, Data, Piece, Taint, Value};

/// Sets are not longer than the alphabets that are usual.
const LONGEST: usize = 256;

/// Replaces or deletes.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let taint = it.stdin.taint;
    let Some(change) = change(call) else { return };
    let text = it.stdin.text.as_ref().and_then(|text| change.of(text));
    let words = it.stdin.words.as_ref().and_then(|word| change.of(word));
    let words = words.or_else(|| change.leaves_words().then(|| Value::hole(Bound::Word)));
    if text.is_some() || words.is_some() {
        it.stdout.append(Data {
            text,
            words,
            listing: None,
            taint: Taint { data: true, ..taint },
            present: true,
        });
    }
}

enum Change {
    Replace(Vec<(char, char)>),
    Delete(Vec<char>),
    /// All but these are deleted.
    Keep(Vec<char>),
}

fn change(call: &Call<'_>) -> Option<Change> {
    if !call.doubts.is_empty() {
        return None;
    }
    let deletes = call.has(&["-d", "--delete"]);
    let keeps = call.has(&["-c", "-C", "--complement"]);
    let others = call.has(&["-s", "-t", "--squeeze-repeats", "--truncate-set1"]);
    let set = |at: usize| call.operands.get(at).and_then(|operand| set(operand.known()?));
    match (deletes, keeps, call.operands.len()) {
        _ if others => None,
        (true, false, 1) => Some(Change::Delete(set(0)?)),
        (true, true, 1) => Some(Change::Keep(set(0)?)),
        (false, false, 2) => {
            let (from, to) = (set(0)?, set(1)?);
            let last = *to.last()?;
            let to = to.into_iter().chain(core::iter::repeat(last));
            Some(Change::Replace(from.into_iter().zip(to).collect()))
        }
        _ => None,
    }
}

impl Change {
    fn one(&self, c: char) -> Option<char> {
        match self {
            // Of a character that is named twice, the last counts.
            Self::Replace(pairs) => pairs
                .iter()
                .rev()
                .find(|(from, _)| *from == c)
                .map_or(Some(c), |(_, to)| Some(*to)),
            Self::Delete(set) => (!set.contains(&c)).then_some(c),
            Self::Keep(set) => set.contains(&c).then_some(c),
        }
    }

    fn of(&self, value: &Value) -> Option<Value> {
        let mut out = Value::default().tainted(value.taint);
        for piece in &value.pieces {
            match piece {
                Piece::Text(text) => out.push_text(&text.chars().filter_map(|c| self.one(c)).collect::<String>()),
                Piece::Hole(bound) => out.pieces.push(Piece::Hole(self.of_unknown(bound)?)),
            }
        }
        Some(out)
    }

    /// What is known of unknown text behind it.
    fn of_unknown(&self, bound: &Bound) -> Option<Bound> {
        let digits = || ('0'..='9').filter_map(|c| self.one(c));
        match bound {
            Bound::Number | Bound::Pids(_) if digits().all(|c| c.is_ascii_digit()) => Some(Bound::Number),
            Bound::Number | Bound::Pids(_) if digits().all(is_plain) => Some(Bound::Word),
            // What comes first may become something else, or go.
            Bound::Word => match self {
                Self::Replace(pairs) if pairs.iter().all(|(_, to)| is_plain(*to)) => Some(Bound::Word),
                Self::Delete(set) if set.iter().all(|c| c.is_whitespace()) => Some(Bound::Word),
                Self::Keep(_) if self.leaves_words() => Some(Bound::Word),
                Self::Replace(_) | Self::Delete(_) | Self::Keep(_) => None,
            },
            Bound::Number
            | Bound::Pids(_)
            | Bound::Any
            | Bound::Setup
            | Bound::Name
            | Bound::Below(_)
            | Bound::Relative
            | Bound::Printed(_) => None,
        }
    }

    /// Whether nothing is left but words of plain letters.
    fn leaves_words(&self) -> bool {
        match self {
            Self::Keep(set) => set.iter().all(|c| is_plain(*c) || *c == '\n'),
            Self::Replace(_) | Self::Delete(_) => false,
        }
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The characters of a set, in order: letters, ranges, classes, and the usual escapes.
fn set(text: &str) -> Option<Vec<char>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((class, tail)) = rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
            let ranges: &[(char, char)] = match class {
                "lower" => &[('a', 'z')],
                "upper" => &[('A', 'Z')],
                "digit" => &[('0', '9')],
                "alpha" => &[('A', 'Z'), ('a', 'z')],
                "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
                "space" => &[('\t', '\r'), (' ', ' ')],
                _ => return None,
            };
            out.extend(ranges.iter().flat_map(|(low, high)| *low..=*high));
            rest = tail;
            continue;
        }
        // `[=a=]`, `[x*3]`.
        if first == '[' && rest.contains(['=', '*']) {
            return None;
        }
        let (low, tail) = letter(rest)?;
        rest = tail;
        match tail.strip_prefix('-').filter(|tail| !tail.is_empty()) {
            Some(tail) => {
                let (high, tail) = letter(tail)?;
                if high < low {
                    return None;
                }
                out.extend((low..=high).take(LONGEST + 1));
                rest = tail;
            }
            None => out.push(low),
        }
        if out.len() > LONGEST {
            return None;
        }
    }
    (!out.is_empty()).then_some(out)
}

fn letter(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let c = match chars.next()? {
        '\\' => match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '\\' => '\\',
            c if c.is_ascii_punctuation() => c,
            _ => return None,
        },
        // Characters of several bytes are replaced byte by byte.
        c if c.is_ascii() => c,
        _ => return None,
    };
    Some((c, chars.as_str()))
}
