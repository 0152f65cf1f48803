//! `[[ … ]]`: its words, operators included. Not what it tests.

use super::cursor::{Failure, Parsed, Parser};
use super::tree::{Compound, Quote, Word};
use super::word::Parts;

impl Parser<'_> {
    pub(super) fn condition(&mut self) -> Parsed<Compound> {
        self.at += 2;
        let mut words = Vec::new();
        loop {
            self.step()?;
            self.blanks();
            let start = self.at;
            match (self.peek(0), self.peek(1)) {
                (b'\n', _) => {
                    if !self.pending.is_empty() {
                        return Err(Failure("a condition while a here-document is still to come"));
                    }
                    self.at += 1;
                    continue;
                }
                (b'&', b'&') | (b'|', b'|') => self.at += 2,
                (b'(' | b')', _) => self.at += 1,
                (b'<' | b'>', next) if next != b'(' => self.at += 1,
                _ => {
                    if !words.is_empty() && self.reserved(b"]]") {
                        return Ok(Compound::Condition(words));
                    }
                    let is_match = self.keyword() == b"=~" && !words.is_empty();
                    words.push(self.condition_word()?);
                    if is_match {
                        self.blanks();
                        words.push(self.regular_expression()?);
                    }
                    continue;
                }
            }
            self.operator_ends()?;
            let mut operator = Parts::default();
            operator.push(self.slice(start, self.at)?, Quote::None);
            words.push(operator.word(self.span(start)));
        }
    }

    /// An operand: a word in which extended patterns may stand.
    fn condition_word(&mut self) -> Parsed<Word> {
        let start = self.at;
        let mut parts = Parts::default();
        self.word_parts(&mut parts)?;
        while self.peek(0) == b'(' && self.ends_in_pattern_operator(start) {
            self.pattern_group(&mut parts)?;
            self.word_parts(&mut parts)?;
        }
        if parts.is_empty() || self.peek(0) == b'(' {
            return Err(Failure("a condition that is not understood"));
        }
        if self.joined > start {
            return Err(Failure("a line continuation in a condition"));
        }
        Ok(parts.word(self.span(start)))
    }

    fn ends_in_pattern_operator(&self, start: usize) -> bool {
        let before = self.text.get(start..self.at).unwrap_or_default();
        before.ends_with(['?', '*', '+', '@', '!']) && !before.ends_with("\\?")
    }

    /// `(…|…)` of an extended pattern.
    fn pattern_group(&mut self, parts: &mut Parts) -> Parsed<()> {
        self.nested(|parser| {
            parser.at += 1;
            parts.push("(", Quote::None);
            loop {
                parser.word_parts(parts)?;
                match parser.peek(0) {
                    b'|' => {
                        parser.at += 1;
                        parts.push("|", Quote::None);
                    }
                    b')' => {
                        parser.at += 1;
                        parts.push(")", Quote::None);
                        return Ok(());
                    }
                    b'(' => parser.pattern_group(parts)?,
                    _ => return Err(Failure("an extended pattern that is not understood")),
                }
            }
        })
    }

    /// What follows `=~`: here parentheses and `|` belong to the word, and blanks too inside parentheses.
    fn regular_expression(&mut self) -> Parsed<Word> {
        let start = self.at;
        let mut parts = Parts::default();
        let mut open = 0_usize;
        loop {
            let run = self.at;
            match self.peek(0) {
                0 | b'\n' if open > 0 => return Err(Failure("a regular expression that does not end")),
                0 | b' ' | b'\t' | b'\n' if open == 0 => break,
                b')' if open == 0 => break,
                b'(' => {
                    open += 1;
                    self.at += 1;
                }
                b')' => {
                    open -= 1;
                    self.at += 1;
                }
                b';' | b'&' | b'<' | b'>' => return Err(Failure("an operator in a regular expression")),
                b'|' | b' ' | b'\t' => self.at += 1,
                b'\\' if self.peek(1) == b'\n' => {
                    return Err(Failure("a line continuation in a regular expression"));
                }
                _ => {
                    self.word_piece(&mut parts)?;
                    continue;
                }
            }
            parts.push(self.slice(run, self.at)?, Quote::None);
        }
        if parts.is_empty() {
            return Err(Failure("an empty regular expression"));
        }
        Ok(parts.word(self.span(start)))
    }
}
