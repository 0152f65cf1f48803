//! Ignore files in gitignore syntax: their lines, and which line decides for a path. It reads no file and knows no
//! repository; paths are relative to the directory that the file speaks for, with `/` between names.
//!
//! Where git matches bytes, this matches characters: `?` is one character, however many bytes it takes.

use core::ops::Range;

use crate::glob::{Case, glob, is_well_formed, path_glob};

/// The lines of an ignore file that say something.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    text: String,
    lines: Vec<Line>,
}

/// One line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// It takes back what earlier lines ignore (`!`).
    pub negated: bool,
    /// It speaks of directories only (a trailing `/`).
    pub directories_only: bool,
    /// It is relative to the file's directory (a `/` at the start or within); otherwise it holds for the name at any depth.
    pub anchored: bool,
    pattern: Range<usize>,
    literal: bool,
}

impl IgnoreFile {
    /// Reads the text. Every text is an ignore file; lines that can't match are found by [`Self::malformed`].
    #[must_use]
    pub fn parse(text: impl Into<String>) -> Self {
        let text = text.into();
        let mut lines = Vec::with_capacity(text.len().div_ceil(32));
        let mut start = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        for (index, line) in text.get(start..).unwrap_or_default().split('\n').enumerate() {
            if let Some(line) = parse_line(&text, index.saturating_add(1), start..start.saturating_add(line.len())) {
                lines.push(line);
            }
            start = start.saturating_add(line.len()).saturating_add(1);
        }
        Self { text, lines }
    }

    /// The lines that say something, in order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The pattern of a line, without `!` and the slashes at its ends.
    #[must_use]
    pub fn pattern(&self, line: &Line) -> &str {
        self.text.get(line.pattern.clone()).unwrap_or_default()
    }

    /// Lines that can never match: an unclosed class, a backslash at the end, nothing but slashes.
    pub fn malformed(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| {
            let pattern = self.pattern(line);
            pattern.is_empty() || !is_well_formed(pattern)
        })
    }

    /// The last line that matches exactly this path; lines that match a directory above it are not asked.
    #[must_use]
    pub fn last_match(&self, path: &str, is_directory: bool, case: Case) -> Option<&Line> {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.lines.iter().rev().find(|line| {
            if line.directories_only && !is_directory {
                return false;
            }
            let pattern = self.pattern(line);
            match (line.literal && case == Case::Sensitive, line.anchored) {
                (true, true) => pattern == path,
                (true, false) => pattern == name,
                (false, true) => path_glob(pattern, path, case),
                (false, false) => glob(pattern, name, case),
            }
        })
    }

    /// The line by which the path is ignored, itself or through a directory above it, if it is.
    ///
    /// As in git, what lies below an ignored directory can't be taken back.
    #[must_use]
    pub fn ignores(&self, path: &str, is_directory: bool, case: Case) -> Option<&Line> {
        ancestors_and_self(path).find_map(|part| {
            let is_directory = is_directory || part.len() < path.len();
            self.last_match(part, is_directory, case).filter(|line| !line.negated)
        })
    }
}

/// `a`, `a/b`, `a/b/c` for `a/b/c`.
fn ancestors_and_self(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .filter_map(|(at, _)| path.get(..at))
        .chain(core::iter::once(path))
        .filter(|part| !part.is_empty())
}

fn parse_line(text: &str, number: usize, range: Range<usize>) -> Option<Line> {
    let line = text.get(range.clone())?;
    if line.starts_with('#') {
        return None;
    }
    let line = trim_trailing_blanks(line.strip_suffix('\r').unwrap_or(line));
    let mut start = range.start;
    let mut end = start.checked_add(line.len())?;
    let negated = line.starts_with('!');
    if negated {
        start = start.checked_add(1)?;
    }
    if start == end {
        return None;
    }
    let directories_only = text.get(start..end)?.ends_with('/');
    if directories_only {
        end = end.checked_sub(1)?;
    }
    let body = text.get(start..end)?;
    // Bytes, not characters: this is done for every line of every ignore file in every call.
    let anchored = body.as_bytes().contains(&b'/');
    if body.starts_with('/') {
        start = start.checked_add(1)?;
    }
    let pattern = start..end;
    let mut bytes = text.get(pattern.clone())?.bytes();
    let literal = !bytes.any(|byte| matches!(byte, b'*' | b'?' | b'[' | b'\\'));
    Some(Line {
        number,
        negated,
        directories_only,
        anchored,
        pattern,
        literal,
    })
}

/// Blanks at the end count only after a backslash.
fn trim_trailing_blanks(line: &str) -> &str {
    if !line.ends_with(' ') {
        return line;
    }
    let mut end = line.len();
    let mut blanks_from = None;
    let mut rest = line.char_indices();
    while let Some((at, found)) = rest.next() {
        match found {
            ' ' => {
                blanks_from.get_or_insert(at);
            }
            '\\' => {
                rest.next();
                blanks_from = None;
            }
            _ => blanks_from = None,
        }
    }
    if let Some(at) = blanks_from {
        end = at;
    }
    line.get(..end).unwrap_or(line)
}
