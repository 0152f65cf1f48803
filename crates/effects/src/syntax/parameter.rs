//! `${…}`: names, subscripts and operators. Not what the value becomes.

use super::cursor::{Failure, Parsed, Parser};
use super::tree::{Operation, Parameter, Quote, Word};
use super::word::Parts;

/// How single quotes and backslashes behave in the word behind an operator.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Outside double quotes: as everywhere.
    Bare,
    /// In double quotes, behind `-`, `=`, `?`, `+`: single quotes are text, but bash still pairs them to find the end.
    QuotedText,
    /// In double quotes, in a pattern: single quotes quote.
    QuotedPattern,
}

impl Parser<'_> {
    /// The expansion at `${`.
    pub(super) fn braced_parameter(&mut self, quoted: bool) -> Parsed<Parameter> {
        let start = self.at;
        self.at += 2;
        let mut parameter = Parameter {
            name: String::new(),
            indirect: false,
            length: false,
            index: None,
            operation: None,
            quoted,
            span: self.span(start),
        };
        match (self.peek(0), self.peek(1)) {
            (b'!', next) if next != b'}' => {
                if self.name_length(1) == 0 && !next.is_ascii_digit() {
                    return Err(Failure("an indirect expansion that is not understood"));
                }
                parameter.indirect = true;
                self.at += 1;
            }
            (b'#', next) if next != b'}' => {
                let counts = matches!(next, b'@' | b'*' | b'?' | b'-' | b'$' | b'!' | b'#') && self.peek(2) == b'}';
                if counts || self.name_length(1) > 0 || next.is_ascii_digit() {
                    parameter.length = true;
                    self.at += 1;
                }
            }
            _ => {}
        }
        let name_start = self.at;
        self.at += match self.peek(0) {
            b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' => 1,
            b'0'..=b'9' => self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count(),
            _ => self.name_length(0),
        };
        if self.at == name_start {
            return Err(Failure("an expansion without a name"));
        }
        self.slice(name_start, self.at)?.clone_into(&mut parameter.name);
        if self.peek(0) == b'[' {
            parameter.index = Some(self.subscript()?.0);
        }
        if self.peek(0) != b'}' {
            if parameter.length {
                return Err(Failure("a length with an operator"));
            }
            parameter.operation = Some(self.operation(quoted)?);
        }
        if self.peek(0) != b'}' {
            return Err(Failure("an expansion that is not closed"));
        }
        self.at += 1;
        parameter.span = self.span(start);
        Ok(parameter)
    }

    fn operation(&mut self, quoted: bool) -> Parsed<Operation> {
        let text = if quoted { Inside::QuotedText } else { Inside::Bare };
        let pattern = if quoted { Inside::QuotedPattern } else { Inside::Bare };
        let first = self.peek(0);
        let second = self.peek(1);
        let colon = first == b':' && matches!(second, b'-' | b'=' | b'?' | b'+');
        let operator = if colon { second } else { first };
        self.at += if colon { 2 } else { 1 };
        Ok(match operator {
            b'-' => Operation::Default {
                colon,
                word: self.brace_word(text, b"")?,
            },
            b'=' => Operation::Assign {
                colon,
                word: self.brace_word(text, b"")?,
            },
            b'?' => Operation::Error {
                colon,
                word: self.brace_word(text, b"")?,
            },
            b'+' => Operation::Alternative {
                colon,
                word: self.brace_word(text, b"")?,
            },
            b':' => {
                let offset = self.brace_word(pattern, b":")?;
                let mut length = None;
                if self.peek(0) == b':' {
                    self.at += 1;
                    length = Some(self.brace_word(pattern, b"")?);
                }
                Operation::Substring { offset, length }
            }
            b'#' => {
                let longest = self.skip_if(b'#');
                Operation::RemovePrefix {
                    longest,
                    pattern: self.brace_word(pattern, b"")?,
                }
            }
            b'%' => {
                let longest = self.skip_if(b'%');
                Operation::RemoveSuffix {
                    longest,
                    pattern: self.brace_word(pattern, b"")?,
                }
            }
            b'/' => self.replacement(pattern)?,
            b'^' | b',' | b'~' | b'@' | b'*' => {
                let start = self.at - 1;
                if operator != b'@' && operator != b'*' {
                    self.skip_if(operator);
                }
                let word = self.brace_word(pattern, b"")?;
                let words = if word.parts.is_empty() { Vec::new() } else { vec![word] };
                Operation::Other {
                    text: self.slice(start, self.at)?.to_owned(),
                    words,
                }
            }
            _ => return Err(Failure("an operator of an expansion that is not understood")),
        })
    }

    fn replacement(&mut self, inside: Inside) -> Parsed<Operation> {
        let all = self.skip_if(b'/');
        let mut anchor = None;
        if !all && matches!(self.peek(0), b'#' | b'%') {
            anchor = Some(char::from(self.peek(0)));
            self.at += 1;
        }
        if self.peek(0) == b'/' {
            return Err(Failure("a replacement of nothing or of `/`"));
        }
        let pattern = self.brace_word(inside, b"/")?;
        let mut replacement = Word {
            span: self.span(self.at),
            ..Word::default()
        };
        if self.skip_if(b'/') {
            replacement = self.brace_word(inside, b"")?;
        }
        Ok(Operation::Replace {
            all,
            anchor,
            pattern,
            replacement,
        })
    }

    fn skip_if(&mut self, byte: u8) -> bool {
        let found = self.peek(0) == byte;
        if found {
            self.at += 1;
        }
        found
    }

    /// Text up to `}` or one of `stops`, which are not consumed. Blanks and operators are text here.
    fn brace_word(&mut self, inside: Inside, stops: &[u8]) -> Parsed<Word> {
        let start = self.at;
        let mut parts = Parts::default();
        let quote = if inside == Inside::Bare {
            Quote::None
        } else {
            Quote::Double
        };
        loop {
            self.step()?;
            let run = self.at;
            match self.peek(0) {
                0 => return Err(Failure("an expansion that is not closed")),
                b'}' => break,
                b'\n' if !self.pending.is_empty() => {
                    return Err(Failure(
                        "an expansion over lines while a here-document is still to come",
                    ));
                }
                byte if stops.contains(&byte) => break,
                b'\\' if inside == Inside::QuotedText && self.peek(1) == b'\'' => {
                    self.at += 2;
                    parts.push("\\'", quote);
                }
                b'\\' if inside == Inside::QuotedText => self.double_quoted_backslash(&mut parts, b"$`\"\\}"),
                b'\\' if inside == Inside::QuotedPattern => self.double_quoted_backslash(&mut parts, b"$`\"\\}/:'"),
                b'\'' if inside != Inside::Bare => self.single_quotes_in_double(&mut parts, inside)?,
                b'"' => self.double_quotes(&mut parts)?,
                b'`' => self.backticks(&mut parts, inside != Inside::Bare)?,
                b'$' => self.dollar(&mut parts, inside != Inside::Bare)?,
                b'\\' | b'\'' => self.word_piece(&mut parts)?,
                b'<' | b'>' if inside == Inside::Bare && self.peek(1) == b'(' => {
                    return Err(Failure("a process substitution inside an expansion"));
                }
                _ => {
                    self.plain_run();
                    parts.push(self.slice(run, self.at)?, quote);
                }
            }
        }
        Ok(parts.word(self.span(start)))
    }

    /// A pair of single quotes inside `"${…}"`. bash looks for the pair to find the end of the expansion, but may expand
    /// what is inside: only text that means the same either way is taken.
    fn single_quotes_in_double(&mut self, parts: &mut Parts, inside: Inside) -> Parsed<()> {
        let start = self.at;
        let mut read = Parts::default();
        self.single_quotes(&mut read)?;
        let text = self.slice(start + 1, self.at - 1)?;
        if text.contains(['$', '`', '\\', '"', '}', '\n']) {
            return Err(Failure("single quotes inside a double-quoted expansion"));
        }
        if inside == Inside::QuotedText {
            parts.push(self.slice(start, self.at)?, Quote::Double);
        } else {
            parts.push(text, Quote::Single);
        }
        Ok(())
    }
}
