//! Assignments, scalar and array, and subscripts. Not what is assigned.

use super::cursor::{Failure, Parsed, Parser, is_meta};
use super::tree::{AssignedValue, Assignment, Word};
use super::word::Parts;

impl Parser<'_> {
    /// The assignment at the cursor, or `None` with the cursor unmoved. `is_prefix`: before a command, not an argument of
    /// a declaration built-in; only there bash reads blanks inside a subscript.
    pub(super) fn assignment(&mut self, is_prefix: bool) -> Parsed<Option<Assignment>> {
        let start = self.at;
        let length = self.name_length(0);
        if length == 0 {
            return Ok(None);
        }
        match (self.peek(length), self.peek(length + 1)) {
            (b'=', _) | (b'+', b'=') | (b'[', _) => {}
            _ => return Ok(None),
        }
        let name = self.slice(start, start + length)?;
        self.at += length;
        let mut index = None;
        if self.peek(0) == b'[' {
            let (word, has_meta) = self.subscript()?;
            if has_meta && !is_prefix {
                return Err(Failure("a subscript with blanks or operators"));
            }
            if self.peek(0) != b'=' && !self.looking_at("+=") {
                if has_meta {
                    return Err(Failure("a subscript with blanks or operators"));
                }
                self.at = start;
                return Ok(None);
            }
            index = Some(word);
        }
        let append = self.peek(0) == b'+';
        self.at += if append { 2 } else { 1 };
        let value = if self.peek(0) == b'(' {
            if index.is_some() {
                return Err(Failure("an array assigned to an element"));
            }
            AssignedValue::Array(self.array()?)
        } else {
            AssignedValue::Scalar(self.scalar()?)
        };
        Ok(Some(Assignment {
            name: name.to_owned(),
            index,
            append,
            value,
            span: self.span(start),
        }))
    }

    fn scalar(&mut self) -> Parsed<Word> {
        let start = self.at;
        let word = self.word()?;
        Ok(word.unwrap_or_else(|| Word {
            span: self.span(start),
            ..Word::default()
        }))
    }

    fn array(&mut self) -> Parsed<Vec<(Option<Word>, Word)>> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.step()?;
            self.blanks_and_comment();
            if !self.pending.is_empty() && self.peek(0) == b'\n' {
                return Err(Failure("an array while a here-document is still to come"));
            }
            self.newlines()?;
            match self.peek(0) {
                b')' => {
                    self.at += 1;
                    return match self.peek(0) {
                        next if next == 0 || is_meta(next) && next != b'(' => Ok(elements),
                        _ => Err(Failure("text behind an array")),
                    };
                }
                b'[' => {
                    let start = self.at;
                    let (index, has_meta) = self.subscript()?;
                    if self.peek(0) == b'=' || self.looking_at("+=") {
                        self.at += if self.peek(0) == b'=' { 1 } else { 2 };
                        elements.push((Some(index), self.scalar()?));
                        continue;
                    }
                    if has_meta {
                        return Err(Failure("a subscript with blanks or operators"));
                    }
                    self.at = start;
                }
                _ => {}
            }
            match self.word()? {
                Some(word) => elements.push((None, word)),
                None => return Err(Failure("an array that does not end")),
            }
        }
    }

    /// `[…]` at the cursor, and whether it holds unquoted blanks or operators.
    pub(super) fn subscript(&mut self) -> Parsed<(Word, bool)> {
        self.nested(Self::subscript_inside)
    }

    fn subscript_inside(&mut self) -> Parsed<(Word, bool)> {
        self.at += 1;
        let start = self.at;
        let mut parts = Parts::default();
        let mut has_meta = false;
        let mut open = 0_usize;
        loop {
            let run = self.at;
            match self.peek(0) {
                0 => return Err(Failure("a subscript that does not end")),
                b'\n' => return Err(Failure("a subscript over several lines")),
                b']' if open == 0 => {
                    if start == self.at {
                        return Err(Failure("an empty subscript"));
                    }
                    let span = self.span(start);
                    self.at += 1;
                    return Ok((parts.word(span), has_meta));
                }
                b']' => {
                    open -= 1;
                    self.at += 1;
                }
                b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'\\' if self.peek(1) == b'\n' => {
                    return Err(Failure("a line continuation in a subscript"));
                }
                b'\\' | b'\'' | b'"' | b'`' | b'$' => {
                    self.word_piece(&mut parts)?;
                    continue;
                }
                byte if is_meta(byte) => {
                    if matches!(byte, b'<' | b'>') && self.peek(1) == b'(' {
                        return Err(Failure("a process substitution in a subscript"));
                    }
                    has_meta = true;
                    self.at += 1;
                }
                _ => self.plain_run(),
            }
            let text = self.slice(run, self.at)?;
            parts.push(text, super::tree::Quote::None);
        }
    }
}
