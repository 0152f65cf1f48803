//! Words and their parts. Not quotes or expansions themselves.

use placet_model::Span;

use super::cursor::{Failure, Parsed, Parser, is_meta};
use super::tree::{Part, Quote, Word};

/// Collects the parts of a word; neighbouring text of the same quoting becomes one part.
#[derive(Default)]
pub(super) struct Parts(Vec<Part>);

impl Parts {
    pub(super) fn push(&mut self, more: &str, how: Quote) {
        if let Some(Part::Literal { text, quote }) = self.0.last_mut()
            && *quote == how
        {
            text.push_str(more);
        } else {
            self.part(Part::Literal {
                text: more.to_owned(),
                quote: how,
            });
        }
    }

    pub(super) fn push_char(&mut self, more: char, how: Quote) {
        self.push(more.encode_utf8(&mut [0; 4]), how);
    }

    pub(super) fn part(&mut self, part: Part) {
        // Most words have one part, and a part is large.
        if self.0.is_empty() {
            self.0.reserve_exact(1);
        }
        self.0.push(part);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<Part> {
        self.0
    }

    pub(super) fn word(self, span: Span) -> Word {
        Word {
            parts: self.0,
            assignment: None,
            span,
        }
    }
}

impl Parser<'_> {
    /// The word at the cursor; `None` if there is none. A parenthesis glued to it is not understood.
    pub(super) fn word(&mut self) -> Parsed<Option<Word>> {
        let word = self.word_before_parenthesis()?;
        if word.is_some() && self.peek(0) == b'(' {
            return Err(Failure("a parenthesis inside a word"));
        }
        Ok(word)
    }

    /// The word at the cursor; the caller looks at a parenthesis behind it.
    pub(super) fn word_before_parenthesis(&mut self) -> Parsed<Option<Word>> {
        let start = self.at;
        let mut parts = Parts::default();
        self.word_parts(&mut parts)?;
        if parts.is_empty() {
            return Ok(None);
        }
        if self.joined > start && matches!(self.peek(0), b'<' | b'>') {
            return Err(Failure("a line continuation before a redirection"));
        }
        Ok(Some(parts.word(self.span(start))))
    }

    /// Everything up to a blank or an operator.
    pub(super) fn word_parts(&mut self, parts: &mut Parts) -> Parsed<()> {
        loop {
            match self.peek(0) {
                0 => return Ok(()),
                b'<' | b'>' if self.peek(1) == b'(' => self.process(parts)?,
                byte if is_meta(byte) => return Ok(()),
                _ => self.word_piece(parts)?,
            }
        }
    }

    /// One piece of an unquoted text: plain text, a quotation, an escape or an expansion.
    pub(super) fn word_piece(&mut self, parts: &mut Parts) -> Parsed<()> {
        match self.peek(0) {
            b'\\' => self.backslash(parts),
            b'\'' => self.single_quotes(parts),
            b'"' => self.double_quotes(parts),
            b'`' => self.backticks(parts, false),
            b'$' => self.dollar(parts, false),
            _ => {
                let start = self.at;
                self.word_run();
                let text = self.slice(start, self.at)?;
                parts.push(text, Quote::None);
                Ok(())
            }
        }
    }

    /// Skips text that means itself in a word: at least one byte, up to a blank, an operator, a quote or an expansion.
    fn word_run(&mut self) {
        let rest = self.rest();
        let special = |byte: &u8| is_meta(*byte) || matches!(byte, b'\\' | b'\'' | b'"' | b'`' | b'$');
        let length = rest
            .iter()
            .skip(1)
            .position(special)
            .map_or(rest.len(), |length| length + 1);
        self.at += length;
    }

    /// Skips text that means itself: at least one byte, up to anything that is special somewhere.
    pub(super) fn plain_run(&mut self) {
        let special = |byte: &u8| {
            is_meta(*byte)
                || matches!(
                    byte,
                    b'\\' | b'\'' | b'"' | b'`' | b'$' | b'[' | b']' | b'}' | b'/' | b':'
                )
        };
        let rest = self.rest();
        let length = rest
            .iter()
            .skip(1)
            .position(special)
            .map_or(rest.len(), |length| length + 1);
        self.at += length;
    }
}
