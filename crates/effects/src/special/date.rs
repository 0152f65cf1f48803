//! `date`: what it prints, as far as its format is numbers and words.

use crate::interpret::{Call, Interpreter};
use crate::value::{Bound, Data, Piece, Value};

/// Prints one date by the format.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    // A file gives a date for each of its lines.
    let several = call.has(&["--file"]) || call.has(&["-f"]) && !call.has(&["-j"]);
    if several || call.has(&["-s", "--set"]) || !call.doubts.is_empty() {
        return;
    }
    if call.operands.iter().any(|operand| operand.known().is_none()) {
        return;
    }
    let mut format = call
        .operands
        .iter()
        .filter_map(|operand| operand.known()?.strip_prefix('+'));
    let standard = match call.option(&["-I", "--iso-8601"]).map(|given| given.value.as_ref()) {
        Some(None) => Some("%F"),
        Some(Some(to)) => match to.known() {
            Some("date") => Some("%F"),
            // What follows the hour ends with the zone.
            Some("hours" | "minutes" | "seconds" | "ns") => Some("%FT%H%z"),
            Some(_) | None => None,
        },
        None => None,
    };
    let Some(value) = format
        .next_back()
        .or(standard)
        .and_then(|format| printed(format, &zone_of(it, call)))
    else {
        return;
    };
    let blank = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains(char::is_whitespace));
    let words = (!value.pieces.iter().any(blank)).then(|| value.clone());
    it.stdout.append(Data {
        words,
        ..Data::of(value)
    });
}

/// What is known of the zone's name: a word, unless a variable gives it one.
fn zone_of(it: &Interpreter<'_>, call: &Call<'_>) -> Bound {
    let given = call.environment.iter().any(|(name, _)| name == "TZ") || it.state.variables.contains_key("TZ");
    if given { Bound::Any } else { Bound::Word }
}

fn printed(format: &str, zone: &Bound) -> Option<Value> {
    let mut out = Value::default();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_text(rest.get(..at)?);
        let tail = rest.get(at + 1..)?.trim_start_matches(['-', '0', '^', '#', ':']);
        let specifier = tail.trim_start_matches(|c: char| c.is_ascii_digit());
        let letter = specifier.chars().next()?;
        // `#` is a number, `@` a word.
        let parts = match letter {
            '%' => "%",
            'n' => "\n",
            't' => "\t",
            'C' | 'd' | 'g' | 'G' | 'H' | 'I' | 'j' | 'm' | 'M' | 's' | 'S' | 'u' | 'U' | 'V' | 'w' | 'W' | 'y'
            | 'Y' => "#",
            'F' => "#-#-#",
            'T' => "#:#:#",
            'R' => "#:#",
            'D' => "#/#/#",
            // Another system prints the letter.
            'N' | 'q' => "@",
            // A width is filled with blanks.
            'a' | 'A' | 'b' | 'B' | 'h' | 'p' | 'P' | 'Z' if specifier.len() == tail.len() => "@",
            // `-0500` in front would be an option.
            'z' if !out.pieces.is_empty() => "@",
            _ => return None,
        };
        let word = if letter == 'Z' { zone } else { &Bound::Word };
        for part in parts.split_inclusive(['#', '@', '-', ':', '/']) {
            match part {
                "#" => out.pieces.push(Piece::Hole(Bound::Number)),
                "@" => out.pieces.push(Piece::Hole(word.clone())),
                text => out.push_text(text),
            }
        }
        rest = specifier.get(letter.len_utf8()..)?;
    }
    out.push_text(rest);
    Some(out)
}
