//! Read: lines of a text file. What is no text is named, not shown.

use std::fs::File;
use std::io::{BufRead, BufReader};

use super::text::{self, Kind};
use super::{Bench, Outcome, number};
use crate::conversation::ToolCall;

/// Lines that are shown where nothing is said.
const LINES: u64 = 2000;
/// As much of one line is shown.
const LINE: usize = 2000;
/// As much of one file is shown at once.
const BYTES: usize = 64 << 10;

pub(super) fn run(bench: &Bench, call: &ToolCall) -> Result<Outcome, String> {
    let path = bench.path(call, "path")?;
    let first = number(call, "offset")?.unwrap_or(1).max(1);
    let most = number(call, "limit")?.unwrap_or(LINES);
    let (kind, size) = text::kind(&path)?;
    match kind {
        Kind::Text => {}
        Kind::Image(format) => {
            return Ok(Outcome::done(format!(
                "`{}` is an image ({format}, {size} bytes). This session shows models text only.",
                path.display()
            )));
        }
        Kind::Binary => {
            return Ok(Outcome::done(format!(
                "`{}` is a binary file of {size} bytes; its content is not shown.",
                path.display()
            )));
        }
    }
    let mut reader = BufReader::new(File::open(&path).map_err(|error| text::said(&path, &error))?);
    let mut shown = String::new();
    let mut number = 0_u64;
    let mut left_out = None;
    while let Some(line) = next_line(&mut reader).map_err(|error| text::said(&path, &error))? {
        number = number.saturating_add(1);
        if number < first {
            continue;
        }
        if number >= first.saturating_add(most) || shown.len() > BYTES {
            left_out = Some(number);
            break;
        }
        shown.push_str(&format!("{number:>6}\t{line}\n"));
    }
    bench.has_seen(&path);
    if let Some(next) = left_out {
        shown.push_str(&format!(
            "[the file goes on; `offset`: {next} shows more of its {size} bytes]\n"
        ));
    } else if number == 0 {
        shown.push_str("[the file is empty]\n");
    } else if shown.is_empty() {
        return Err(format!("`{}` has only {number} lines", path.display()));
    }
    Ok(Outcome::done(shown))
}

/// One line, of which no more than a part is ever held.
fn next_line(reader: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut kept: Vec<u8> = Vec::new();
    let mut length = 0_usize;
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            break;
        }
        let end = piece.iter().position(|&byte| byte == b'\n');
        let part = piece.get(..end.unwrap_or(piece.len())).unwrap_or_default();
        let room = LINE.saturating_sub(kept.len());
        kept.extend_from_slice(part.get(..part.len().min(room)).unwrap_or_default());
        length = length.saturating_add(part.len());
        let used = part.len().saturating_add(usize::from(end.is_some()));
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(line(kept, length)));
        }
    }
    Ok((length > 0).then(|| line(kept, length)))
}

fn line(kept: Vec<u8>, length: usize) -> String {
    let whole = kept.len() == length;
    let mut text = String::from_utf8_lossy(&kept).into_owned();
    if text.ends_with('\r') {
        text.pop();
    }
    if !whole {
        text.push_str(&format!(" [… {length} bytes]"));
    }
    text
}
