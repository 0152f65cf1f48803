//! The parser's place in the text, its limits and its smallest readers. Not a tokenizer: bash has no tokens without context.

use std::cell::Cell;

use placet_model::Span;

use super::heredoc::Pending;
use super::tree::Word;

/// Why a text was not understood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure(pub(super) &'static str);

pub(super) type Parsed<T> = Result<T, Failure>;

/// Reads one text. Texts that have to be unescaped first (backticks, here-document bodies) get a parser of their own.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    bytes: &'a [u8],
    /// The byte that is read next.
    pub(super) at: usize,
    /// Where `text` begins in the script.
    base: usize,
    /// The span of every node, where `text` is not a part of the script as written.
    fixed: Option<Span>,
    pub(super) depth: u32,
    steps: &'a Cell<u32>,
    /// Here-documents whose bodies are still to come.
    pub(super) pending: Vec<Pending>,
    /// How many of them belong to a text outside the substitution that is being read.
    pub(super) outer_pending: usize,
    /// Bodies that were read, in the order of their operators.
    pub(super) bodies: Vec<Option<Word>>,
    /// One past the last line continuation that was skipped inside a word.
    pub(super) joined: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, steps: &'a Cell<u32>) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            base: 0,
            fixed: None,
            depth: 0,
            steps,
            pending: Vec::new(),
            outer_pending: 0,
            bodies: Vec::new(),
            joined: 0,
        }
    }

    /// A parser for a part of this text: `start` is where it begins in `self.text`.
    pub(super) fn part(&self, text: &'a str, start: usize) -> Parser<'a> {
        Parser {
            base: self.base.saturating_add(start),
            fixed: self.fixed,
            depth: self.depth.saturating_add(1),
            ..Parser::new(text, self.steps)
        }
    }

    /// A parser for text that is not in the script as written; `span` is what it was made from.
    pub(super) fn rewritten<'b>(&'b self, text: &'b str, span: Span) -> Parser<'b> {
        Parser {
            fixed: Some(span),
            depth: self.depth.saturating_add(1),
            ..Parser::new(text, self.steps)
        }
    }

    /// Whether every node gets the span of the text that this one was made from.
    pub(super) fn is_rewritten(&self) -> bool {
        self.fixed.is_some()
    }

    /// The byte `ahead` of the next one; 0 past the end (the text has no NUL).
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at.saturating_add(ahead)).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn looking_at(&self, text: &str) -> bool {
        self.rest().starts_with(text.as_bytes())
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The text between two places that lie on character boundaries.
    pub(super) fn slice(&self, start: usize, end: usize) -> Parsed<&'a str> {
        self.text
            .get(start..end)
            .ok_or(Failure("text that is cut inside a character"))
    }

    /// The character at the cursor.
    pub(super) fn character(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    /// The span from `start` to the cursor.
    pub(super) fn span(&self, start: usize) -> Span {
        self.span_to(start, self.at)
    }

    pub(super) fn span_to(&self, start: usize, end: usize) -> Span {
        self.fixed
            .unwrap_or_else(|| Span::new(self.base.saturating_add(start), self.base.saturating_add(end)))
    }

    /// Counts one step against the limit that is shared by all nested parsers.
    pub(super) fn step(&self) -> Parsed<()> {
        self.steps(1)
    }

    pub(super) fn steps(&self, count: usize) -> Parsed<()> {
        let left = u32::try_from(count)
            .ok()
            .and_then(|count| self.steps.get().checked_sub(count));
        self.steps.set(left.unwrap_or(0));
        left.map(drop).ok_or(Failure("it takes too many steps to read"))
    }

    /// Runs `read` one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.step()?;
        if self.depth >= super::DEEPEST_NESTING {
            return Err(Failure("it is nested too deeply"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Skips spaces, tabs and line continuations.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek(0) {
                b' ' | b'\t' => self.at += 1,
                b'\\' if self.peek(1) == b'\n' => self.at += 2,
                _ => return,
            }
        }
    }

    /// Skips blanks and a comment, where a word could begin.
    pub(super) fn blanks_and_comment(&mut self) {
        self.blanks();
        if self.peek(0) == b'#' {
            self.at += self
                .rest()
                .iter()
                .position(|&byte| byte == b'\n')
                .unwrap_or(self.rest().len());
        }
    }

    /// Skips blanks, comments and newlines; a newline brings the bodies of the here-documents that are due.
    pub(super) fn newlines(&mut self) -> Parsed<()> {
        loop {
            self.blanks_and_comment();
            if self.peek(0) != b'\n' {
                return Ok(());
            }
            if self.outer_pending > 0 {
                return Err(Failure(
                    "a newline inside a substitution while a here-document is still to come",
                ));
            }
            self.at += 1;
            if !self.pending.is_empty() {
                self.heredoc_bodies()?;
            }
        }
    }

    /// The unquoted word at the cursor, as reserved words are recognised; empty if any of it is quoted or expanded.
    pub(super) fn bare(&self) -> &'a [u8] {
        let rest = self.rest();
        for (length, &byte) in rest.iter().enumerate() {
            if is_meta(byte) {
                return rest.get(..length).unwrap_or_default();
            }
            if matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'`') {
                return b"";
            }
        }
        rest
    }

    /// The same, but empty if it is longer than any reserved word.
    pub(super) fn keyword(&self) -> &'a [u8] {
        let rest = self.rest();
        let end = |byte: &u8| is_meta(*byte) || matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'`');
        match rest.iter().take(LONGEST_KEYWORD + 1).position(end) {
            Some(length) if rest.get(length).is_some_and(|&byte| is_meta(byte)) => {
                rest.get(..length).unwrap_or_default()
            }
            Some(_) => b"",
            None if rest.len() <= LONGEST_KEYWORD => rest,
            None => b"",
        }
    }

    /// Skips `word` if it is the reserved word at the cursor.
    pub(super) fn reserved(&mut self, word: &[u8]) -> bool {
        let found = self.keyword() == word;
        if found {
            self.at += word.len();
        }
        found
    }

    /// After an operator: refuses a line continuation with more of an operator behind it, which bash would join.
    pub(super) fn operator_ends(&self) -> Parsed<()> {
        let mut ahead = 0;
        while self.peek(ahead) == b'\\' && self.peek(ahead + 1) == b'\n' {
            ahead += 2;
        }
        if ahead > 0 && matches!(self.peek(ahead), b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')') {
            return Err(Failure("an operator is split by a line continuation"));
        }
        Ok(())
    }

    /// The length of the variable name at `ahead`; 0 if there is none.
    pub(super) fn name_length(&self, ahead: usize) -> usize {
        if self.peek(ahead).is_ascii_digit() {
            return 0;
        }
        let mut length = 0;
        while is_name(self.peek(ahead + length)) {
            length += 1;
        }
        length
    }
}

/// The length of `nocorrect`.
const LONGEST_KEYWORD: usize = 9;

/// Ends a word, unquoted.
pub(super) fn is_meta(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'
    )
}

/// May stand in a variable name.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
