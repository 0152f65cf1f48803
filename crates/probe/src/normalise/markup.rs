//! Parts of HTML and Markdown that a person who reads the page does not see. Found by one scan; nothing is parsed.

use crate::sign::{Sign, Signs};
use crate::tokens::Region;

/// A tag is looked through no further than this.
const TAG: usize = 1024;
/// A comment or hidden element is followed no further than this.
const ELEMENT: usize = 16 << 10;

/// What hides text, in a tag's attributes, written without spaces.
const HIDING: &[&str] = &[
    "display:none",
    "visibility:hidden",
    "font-size:0",
    "font-size:1px",
    "opacity:0;",
    "opacity:0\"",
    "opacity:0'",
    "opacity:0.0",
    "color:white",
    "color:#fff",
    "color:transparent",
    "text-indent:-9",
    "left:-9",
    "height:0;",
    "height:0\"",
    "width:0;",
    "width:0px",
    "height:0px",
    "max-height:0",
    "clip:rect(0",
    "sr-only",
    "visually-hidden",
];

/// The hidden parts, in order, without overlaps.
pub(super) fn regions(text: &str) -> Vec<Region> {
    let bytes = text.as_bytes();
    let mut regions: Vec<Region> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let found = match byte {
            b'<' => tag(bytes, at),
            b'!' if bytes.get(at + 1) == Some(&b'[') => image(bytes, at),
            b'[' if at == 0 || bytes.get(at - 1) == Some(&b'\n') => reference(bytes, at),
            b']' if bytes.get(at + 1) == Some(&b'(') => title(bytes, at),
            _ => None,
        };
        at = match found {
            Some((region, next)) if region.start < region.end => {
                regions.push(region);
                next.max(at + 1)
            }
            Some(_) | None => at + 1,
        };
    }
    regions
}

fn region(start: usize, end: usize, signs: Signs) -> Region {
    Region {
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
        signs,
    }
}

/// Where the word stands next, within so many bytes.
fn find(bytes: &[u8], from: usize, word: &[u8], within: usize) -> Option<usize> {
    let end = bytes.len().min(from.saturating_add(within));
    let area = bytes.get(from..end)?;
    area.windows(word.len())
        .position(|window| window == word)
        .map(|at| from + at)
}

fn tag(bytes: &[u8], at: usize) -> Option<(Region, usize)> {
    if bytes.get(at + 1..at + 4) == Some(b"!--") {
        let end = find(bytes, at + 4, b"-->", ELEMENT).unwrap_or_else(|| bytes.len().min(at + ELEMENT));
        return Some((region(at, end, Signs::NONE.with(Sign::HtmlComment)), end));
    }
    if !bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let end = find(bytes, at, b">", TAG)?;
    let mut inside: Vec<u8> = Vec::with_capacity(end - at);
    inside.extend(
        bytes
            .get(at..end)?
            .iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(u8::to_ascii_lowercase),
    );
    inside.push(b';');
    let holds = |word: &str| inside.windows(word.len()).any(|window| window == word.as_bytes());
    let styled = holds("style=") || holds("class=");
    let attribute =
        inside.ends_with(b"hidden;") && inside.len() > 9 || holds("aria-hidden=\"true\"") || holds("hidden=\"");
    if attribute || styled && HIDING.iter().any(|word| holds(word)) {
        let close = find(bytes, end, b"</", ELEMENT).unwrap_or_else(|| bytes.len().min(end + ELEMENT));
        return Some((region(end, close, Signs::NONE.with(Sign::Hidden)), close));
    }
    for name in ["alt=", "title=", "aria-label=", "content=", "placeholder="] {
        let Some(start) = find(bytes, at, name.as_bytes(), end - at) else {
            continue;
        };
        let from = start + name.len();
        let quote = *bytes.get(from)?;
        if !matches!(quote, b'"' | b'\'') {
            continue;
        }
        let close = find(bytes, from + 1, &[quote], TAG).unwrap_or(end);
        if close > from + 24 {
            return Some((region(from, close, Signs::NONE.with(Sign::Caption)), close));
        }
    }
    None
}

/// `![text](address)`.
fn image(bytes: &[u8], at: usize) -> Option<(Region, usize)> {
    let end = find(bytes, at, b"](", TAG)?;
    (end > at + 24).then(|| (region(at, end, Signs::NONE.with(Sign::Caption)), end))
}

/// `[//]: # (text)`: a comment of Markdown.
fn reference(bytes: &[u8], at: usize) -> Option<(Region, usize)> {
    let start = bytes.get(at..)?;
    let comment = [b"[//]:".as_slice(), b"[comment]:", b"[_]:", b"[]:"];
    if !comment.iter().any(|form| start.starts_with(form)) {
        return None;
    }
    let end = find(bytes, at, b"\n", ELEMENT).unwrap_or(bytes.len());
    Some((region(at, end, Signs::NONE.with(Sign::HtmlComment)), end))
}

/// `[text](address "title")`.
fn title(bytes: &[u8], at: usize) -> Option<(Region, usize)> {
    let end = find(bytes, at, b")", TAG)?;
    let start = find(bytes, at, b" \"", end - at)?;
    (end > start + 24).then(|| (region(start, end, Signs::NONE.with(Sign::Caption)), end))
}
