//! Text that is written as something else: base64, hexadecimal, percent signs, entities, escapes, strings in pieces,
//! letters with space between. What does not decode to text is left alone.

use crate::trick::Trick;

/// A decoded part.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) trick: Trick,
}

/// The longest run that is decoded.
const LONGEST: usize = 16 << 10;

/// Finds them all. Each byte is looked at a bounded number of times.
pub(super) fn find(text: &str, pieces: &mut Vec<Piece>) {
    runs(text, pieces);
    escapes(text, pieces);
    joined(text, pieces);
    spaced(text, pieces);
}

fn piece(text: String, start: usize, end: usize, trick: Trick) -> Piece {
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Piece {
        text,
        start: small(start),
        end: small(end),
        trick,
    }
}

fn in_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Runs of base64's alphabet; a line's end may stand in them, as mail and PEM have it.
fn runs(text: &str, pieces: &mut Vec<Piece>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !in_alphabet(byte) {
            at += 1;
            continue;
        }
        let start = at;
        let mut run: Vec<u8> = Vec::new();
        while let Some(&byte) = bytes.get(at) {
            let wraps = byte == b'\n' && at - start >= 56 && bytes.get(at + 1).copied().is_some_and(in_alphabet);
            if !in_alphabet(byte) && !wraps || run.len() >= LONGEST {
                break;
            }
            at += 1;
            if !wraps {
                run.push(byte);
            }
        }
        if run.len() < 20 {
            continue;
        }
        let hex = run.len() >= 32 && run.iter().all(u8::is_ascii_hexdigit);
        let decoded = if hex { from_hex(&run) } else { from_base64(&run) };
        if let Some(text) = decoded {
            let trick = if hex { Trick::Hex } else { Trick::Base64 };
            pieces.push(piece(text, start, at, trick));
        }
    }
}

fn from_hex(run: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(run.len() / 2);
    for pair in run.chunks_exact(2) {
        let digits = std::str::from_utf8(pair).ok()?;
        out.push(u8::from_str_radix(digits, 16).ok()?);
    }
    readable(out)
}

fn from_base64(run: &[u8]) -> Option<String> {
    // Text in base64 has letters of both cases; a path or a long word is not worth the work.
    let varied = run.iter().any(u8::is_ascii_lowercase) && run.iter().any(u8::is_ascii_uppercase);
    if !varied {
        return None;
    }
    let mut out = Vec::with_capacity(run.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for &byte in run {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
            bits &= (1 << held) - 1;
        }
        // What is no text shows early.
        if out.len() == 48 && !looks_like_text(&out) {
            return None;
        }
    }
    readable(out)
}

/// The bytes as text, if a person could read it.
fn readable(bytes: Vec<u8>) -> Option<String> {
    if bytes.len() < 12 || !looks_like_text(&bytes) {
        return None;
    }
    let mut text = String::from_utf8(bytes)
        .or_else(|error| {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            if valid * 10 < bytes.len() * 9 {
                return Err(());
            }
            String::from_utf8(bytes.get(..valid).unwrap_or_default().to_vec()).map_err(|_| ())
        })
        .ok()?;
    text.retain(|letter| letter != '\0');
    Some(text)
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let count = |fits: fn(&u8) -> bool| bytes.iter().filter(|byte| fits(byte)).count();
    let odd = count(|byte| *byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t'));
    let letters = count(|byte| byte.is_ascii_alphabetic() || *byte == b' ' || *byte >= 0xc0);
    odd * 20 < bytes.len() && letters * 10 >= bytes.len() * 5
}

/// Runs of `%41`, `\x41`, `A`, `&#65;`, `0x41,`.
fn escapes(text: &str, pieces: &mut Vec<Piece>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !matches!(byte, b'%' | b'\\' | b'&' | b'0') {
            at += 1;
            continue;
        }
        let start = at;
        let mut out: Vec<u8> = Vec::new();
        let mut escaped = 0;
        let mut plain = 0;
        let mut kind = Trick::UrlEncoding;
        while out.len() < LONGEST {
            if let Some((byte, length, trick)) = one_escape(bytes, at) {
                let mut buffer = [0; 4];
                out.extend_from_slice(byte.encode_utf8(&mut buffer).as_bytes());
                at += length;
                escaped += 1;
                plain = 0;
                kind = trick;
            } else {
                match bytes.get(at) {
                    Some(&byte) if escaped > 0 && plain < 24 && (in_alphabet(byte) || matches!(byte, b'.' | b',')) => {
                        out.push(byte);
                        plain += 1;
                        at += 1;
                    }
                    _ => break,
                }
            }
        }
        if escaped >= 5
            && let Some(text) = readable(out)
        {
            pieces.push(piece(text, start, at, kind));
        }
        at = at.max(start + 1);
    }
}

fn one_escape(bytes: &[u8], at: usize) -> Option<(char, usize, Trick)> {
    let hex = |from: usize, length: usize| {
        let digits = std::str::from_utf8(bytes.get(from..from + length)?).ok()?;
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    };
    match bytes.get(at)? {
        b'%' => Some((hex(at + 1, 2)?, 3, Trick::UrlEncoding)),
        b'\\' if bytes.get(at + 1) == Some(&b'x') => Some((hex(at + 2, 2)?, 4, Trick::Hex)),
        b'\\' if bytes.get(at + 1) == Some(&b'u') => Some((hex(at + 2, 4)?, 6, Trick::Entities)),
        b'0' if bytes.get(at + 1) == Some(&b'x') => {
            let letter = hex(at + 2, 2)?;
            let mut length = 4;
            while bytes.get(at + length).is_some_and(|byte| matches!(byte, b',' | b' ')) && length < 7 {
                length += 1;
            }
            (length > 4).then_some((letter, length, Trick::Hex))
        }
        b'&' if bytes.get(at + 1) == Some(&b'#') => {
            let digits = bytes
                .get(at + 2..)?
                .iter()
                .take(7)
                .take_while(|byte| **byte != b';')
                .count();
            let text = std::str::from_utf8(bytes.get(at + 2..at + 2 + digits)?).ok()?;
            let code = match text.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => text.parse().ok()?,
            };
            Some((char::from_u32(code)?, digits + 3, Trick::Entities))
        }
        _ => None,
    }
}

/// `"ig" + "nore all" + …`: strings in pieces.
fn joined(text: &str, pieces: &mut Vec<Piece>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(offset) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| matches!(byte, b'+' | b'.' | b'&')))
    {
        let seam = at + offset;
        at = seam + 1;
        let Some(start) = seam_before(bytes, seam) else {
            continue;
        };
        let mut out = String::new();
        let mut end = seam;
        let mut seams = 0;
        let mut open = start;
        // From the first string on, as long as a seam and another string follow.
        while let Some(close) = closing(bytes, open) {
            out.push_str(text.get(open + 1..close).unwrap_or_default());
            end = close + 1;
            let Some(next) = seam_after(bytes, close + 1) else {
                break;
            };
            seams += 1;
            open = next;
        }
        at = at.max(end);
        if seams >= 2 && out.len() >= 16 {
            pieces.push(piece(out, start, end, Trick::SplitString));
        }
    }
}

/// Where the string that ends before the seam begins.
fn seam_before(bytes: &[u8], seam: usize) -> Option<usize> {
    let before = bytes.get(seam.saturating_sub(400)..seam)?;
    let trimmed = before.trim_ascii_end();
    let quote = *trimmed.last().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let inner = trimmed.get(..trimmed.len() - 1)?;
    let open = inner.iter().rposition(|&byte| byte == quote)?;
    Some(seam.saturating_sub(before.len()) + open)
}

fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let quote = *bytes.get(open)?;
    let area = bytes.get(open + 1..bytes.len().min(open + 400))?;
    area.iter().position(|&byte| byte == quote).map(|at| open + 1 + at)
}

/// Where the next string begins, after a seam.
fn seam_after(bytes: &[u8], at: usize) -> Option<usize> {
    let area = bytes.get(at..bytes.len().min(at + 80))?;
    let skip = |from: usize| {
        from + area
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count()
    };
    let seam = skip(0);
    matches!(area.get(seam)?, b'+' | b'.' | b'&').then_some(())?;
    let next = skip(seam + 1);
    matches!(area.get(next)?, b'"' | b'\'').then_some(at + next)
}

/// `i g n o r e`: letters with space, dots or dashes between.
fn spaced(text: &str, pieces: &mut Vec<Piece>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let alone = |index: usize| {
            bytes.get(index).is_some_and(u8::is_ascii_alphabetic)
                && bytes.get(index + 1).is_none_or(|byte| !byte.is_ascii_alphanumeric())
        };
        if !alone(at) || at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_alphanumeric) {
            at += 1;
            continue;
        }
        let start = at;
        let between = bytes.get(at + 1).copied().unwrap_or(0);
        if !matches!(between, b' ' | b'.' | b'-' | b'_' | b'*') {
            at += 1;
            continue;
        }
        let mut out = String::new();
        let mut count = 0;
        while alone(at) && out.len() < LONGEST {
            out.push(bytes.get(at).copied().map_or(' ', char::from));
            count += 1;
            at += 1;
            let gap = bytes
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take(4)
                .take_while(|&&byte| byte == between || byte == b' ')
                .count();
            if gap == 0 {
                break;
            }
            // A wider gap stands between words.
            if gap > 1 {
                out.push(' ');
            }
            at += gap;
        }
        if count >= 12 {
            pieces.push(piece(out, start, at, Trick::SplitString));
        }
        at = at.max(start + 1);
    }
}
