//! `printf`: its output, as far as the format is simple; `-v NAME` sets a variable.

use crate::interpret::{Call, Interpreter};
use crate::value::{Bound, Data, Piece, Taint, Value};

/// Prints the operands by the format.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let mut operands = call.operands.as_slice();
    let mut variable = None;
    if let [dash, name, rest @ ..] = operands
        && dash.known() == Some("-v")
    {
        variable = name.known().map(str::to_owned);
        operands = rest;
    }
    if let Some(first) = operands.first()
        && first.known() == Some("--")
    {
        operands = operands.get(1..).unwrap_or_default();
    }
    let Some((format, values)) = operands.split_first() else {
        return;
    };
    let taint = operands
        .iter()
        .fold(Taint::default(), |all, arg| all.and(arg.value.taint));
    let values: Vec<&Value> = values.iter().map(|arg| &arg.value).collect();
    let exact = operands.iter().all(|arg| !arg.many);
    let out = format
        .known()
        .filter(|_| exact)
        .and_then(|format| formatted(format, &values))
        .unwrap_or_else(|| Value::hole(Bound::Any))
        .tainted(taint);
    match variable {
        Some(name) => it.set_variable(&name, out, call.span),
        None => it.stdout.append(Data::of(out)),
    }
}

fn formatted(format: &str, values: &[&Value]) -> Option<Value> {
    let mut out = Value::default();
    let mut next = 0;
    loop {
        let before = next;
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            out.push_text(&unescape(rest.get(..at)?)?);
            let (directive, tail) = directive(rest.get(at + 1..)?)?;
            let letter = directive.letter;
            match letter {
                '%' => out.push_text("%"),
                _ if directive.width > 0 || matches!(letter, 'x' | 'X' | 'o') => {
                    padded(directive, *values.get(next)?, &mut out)?;
                    next += 1;
                }
                's' | 'd' | 'i' | 'u' | 'b' => {
                    match values.get(next) {
                        Some(value) if letter == 'b' => match value.known() {
                            Some(text) => out.push_text(&unescape(text)?),
                            None => out.push(value),
                        },
                        Some(value) => out.push(value),
                        None => {}
                    }
                    next += 1;
                }
                _ => return None,
            }
            rest = tail;
        }
        out.push_text(&unescape(rest)?);
        // The format is used again while operands are left.
        if next >= values.len() || next == before || out.pieces.len() > 64 {
            return Some(out);
        }
    }
}

/// What stands behind a `%`: the flag `0`, a width, a letter.
#[derive(Clone, Copy)]
struct Directive {
    zeros: bool,
    width: usize,
    letter: char,
}

/// Reads it, and what follows; `None` if there is more to it.
fn directive(text: &str) -> Option<(Directive, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (width, rest) = text.split_at(digits);
    let letter = rest.chars().next()?;
    let directive = Directive {
        zeros: width.starts_with('0'),
        width: if width.is_empty() { 0 } else { width.parse().ok()? },
        letter,
    };
    Some((directive, rest.get(letter.len_utf8()..)?))
}

/// A number in its width; a text that is filled up with blanks, if it is known.
fn padded(directive: Directive, value: &Value, out: &mut Value) -> Option<()> {
    let Directive { zeros, width, letter } = directive;
    let known = value.known();
    let plain = known.filter(|text| {
        *text == "0" || text.starts_with(|c: char| c != '0') && text.bytes().all(|b| b.is_ascii_digit())
    });
    let number = plain.and_then(|text| text.parse::<u64>().ok());
    let text = match (letter, number) {
        ('d' | 'i' | 'u', Some(number)) => number.to_string(),
        ('x', Some(number)) => format!("{number:x}"),
        ('X', Some(number)) => format!("{number:X}"),
        ('o', Some(number)) => format!("{number:o}"),
        ('s', _) if !zeros => known?.to_owned(),
        // Whatever it is, a number is printed; in front, a minus would begin an option.
        ('d' | 'i' | 'u' | 'o' | 'x' | 'X', None) if zeros || width == 0 => {
            let digits = matches!(value.pieces.as_slice(), [Piece::Hole(Bound::Number)]);
            let bound = match letter {
                'x' | 'X' => Bound::Word,
                _ if digits => Bound::Number,
                _ if !out.pieces.is_empty() => Bound::Word,
                _ => return None,
            };
            out.pieces.push(Piece::Hole(bound));
            return Some(());
        }
        _ => return None,
    };
    if width > 64 {
        return None;
    }
    let missing = width.saturating_sub(text.chars().count());
    out.push_text(&if zeros { "0" } else { " " }.repeat(missing));
    out.push_text(&text);
    Some(())
}

/// Backslash escapes as `printf` and `echo -e` read them; `None` if one is not understood or is no text.
pub(crate) fn unescape(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let Some((letter, tail)) = rest.split_first() else {
            bytes.push(b'\\');
            break;
        };
        rest = tail;
        let digits = |rest: &mut &[u8], most: usize, radix: u32| {
            let count = rest
                .iter()
                .take(most)
                .take_while(|b| char::from(**b).is_digit(radix))
                .count();
            let (head, tail) = rest.split_at(count);
            *rest = tail;
            std::str::from_utf8(head)
                .ok()
                .and_then(|head| u32::from_str_radix(head, radix).ok())
        };
        match letter {
            b'n' => bytes.push(b'\n'),
            b't' => bytes.push(b'\t'),
            b'r' => bytes.push(b'\r'),
            b'a' => bytes.push(7),
            b'b' => bytes.push(8),
            b'e' | b'E' => bytes.push(27),
            b'f' => bytes.push(12),
            b'v' => bytes.push(11),
            b'\\' => bytes.push(b'\\'),
            b'"' => bytes.push(b'"'),
            b'\'' => bytes.push(b'\''),
            b'c' => return String::from_utf8(bytes).ok(),
            b'x' => bytes.push(u8::try_from(digits(&mut rest, 2, 16)?).ok()?),
            b'u' => bytes.extend(char::from_u32(digits(&mut rest, 4, 16)?)?.to_string().as_bytes()),
            b'U' => bytes.extend(char::from_u32(digits(&mut rest, 8, 16)?)?.to_string().as_bytes()),
            b'0'..=b'7' => {
                let mut from: Vec<u8> = if *letter == b'0' { Vec::new() } else { vec![*letter] };
                from.extend(rest.iter().copied());
                let mut view = from.as_slice();
                let count_before = view.len();
                let value = digits(&mut view, 3, 8).unwrap_or(0);
                let used = count_before - view.len();
                let skip = if *letter == b'0' { used } else { used.saturating_sub(1) };
                rest = rest.get(skip..).unwrap_or_default();
                bytes.push(u8::try_from(value & 0xff).ok()?);
            }
            other => {
                bytes.push(b'\\');
                bytes.push(*other);
            }
        }
    }
    String::from_utf8(bytes).ok()
}
