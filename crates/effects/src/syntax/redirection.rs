//! Redirections and the delimiters of here-documents. Not the bodies of here-documents.

use super::cursor::{Failure, Parsed, Parser, is_meta, is_name};
use super::heredoc::{Pending, placeholder};
use super::tree::{Part, Quote, Redirection, RedirectionOperator, Word};
use super::word::Parts;

/// Longest first.
const OPERATORS: [(&str, RedirectionOperator); 12] = [
    ("&>>", RedirectionOperator::AppendAll),
    ("&>", RedirectionOperator::OutputAll),
    ("<<<", RedirectionOperator::HereString),
    ("<<-", RedirectionOperator::HereDocument),
    ("<<", RedirectionOperator::HereDocument),
    ("<&", RedirectionOperator::DuplicateInput),
    ("<>", RedirectionOperator::ReadWrite),
    ("<", RedirectionOperator::Input),
    (">>", RedirectionOperator::Append),
    (">&", RedirectionOperator::DuplicateOutput),
    (">|", RedirectionOperator::Clobber),
    (">", RedirectionOperator::Output),
];

impl Parser<'_> {
    /// The redirection at the cursor, or `None` with the cursor unmoved.
    pub(super) fn redirection(&mut self) -> Parsed<Option<Redirection>> {
        let start = self.at;
        let first = self.peek(0);
        if !matches!(first, b'0'..=b'9' | b'{' | b'<' | b'>' | b'&') {
            return Ok(None);
        }
        let length = self.descriptor_length();
        let next = self.peek(length);
        let after = self.peek(length + 1);
        let to_both = length == 0 && next == b'&' && after == b'>';
        let is_angle = matches!(next, b'<' | b'>');
        if !is_angle && !to_both {
            return Ok(None);
        }
        if is_angle && after == b'(' {
            if length == 0 {
                return Ok(None);
            }
            return Err(Failure("a descriptor before a process substitution"));
        }
        if length > 9 && first != b'{' {
            return Err(Failure("a descriptor that is too large"));
        }
        let descriptor = match length {
            0 => None,
            _ => Some(self.slice(start, start + length)?.to_owned()),
        };
        self.at += length;
        let Some((text, operator)) = OPERATORS.iter().find(|(text, _)| self.looking_at(text)) else {
            return Err(Failure("a redirection that is not understood"));
        };
        self.at += text.len();
        self.operator_ends()?;
        self.blanks();
        if matches!(self.peek(0), b'#' | b'!') {
            return Err(Failure("a redirection without a target"));
        }
        let is_duplication = text.ends_with('&');
        let target = if *operator == RedirectionOperator::HereDocument {
            self.delimiter(start, *text == "<<-")?
        } else if is_duplication && self.peek(0) == b'-' {
            self.closing_dash()?
        } else {
            self.target(is_duplication)?
        };
        let body = match operator {
            RedirectionOperator::HereDocument => Some(placeholder(self.bodies.len().saturating_sub(1))),
            RedirectionOperator::Input
            | RedirectionOperator::Output
            | RedirectionOperator::Clobber
            | RedirectionOperator::Append
            | RedirectionOperator::ReadWrite
            | RedirectionOperator::DuplicateInput
            | RedirectionOperator::DuplicateOutput
            | RedirectionOperator::OutputAll
            | RedirectionOperator::AppendAll
            | RedirectionOperator::HereString => None,
        };
        Ok(Some(Redirection {
            descriptor,
            operator: *operator,
            target,
            body,
            span: self.span(start),
        }))
    }

    fn target(&mut self, is_duplication: bool) -> Parsed<Word> {
        let start = self.at;
        let target = self.word()?.ok_or(Failure("a redirection without a target"))?;
        let is_number = self.slice(start, self.at)?.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && !is_duplication && matches!(self.peek(0), b'<' | b'>') {
            return Err(Failure("a number between two redirections"));
        }
        Ok(target)
    }

    /// The `-` of `>&-`, which ends there: bash reads text glued to it as the next word.
    fn closing_dash(&mut self) -> Parsed<Word> {
        let start = self.at;
        self.at += 1;
        let next = self.peek(0);
        if next != 0 && !is_meta(next) {
            return Err(Failure("text directly behind `&-`"));
        }
        let mut parts = Parts::default();
        parts.push("-", Quote::None);
        Ok(parts.word(self.span(start)))
    }

    /// The length of a number or `{name}` at the cursor.
    fn descriptor_length(&self) -> usize {
        let rest = self.rest();
        if self.peek(0) != b'{' {
            return rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        }
        let name = rest.iter().skip(1).take_while(|&&byte| is_name(byte)).count();
        if name > 0 && self.peek(name + 1) == b'}' {
            name + 2
        } else {
            0
        }
    }

    /// The delimiter of a here-document, as written; its body is due at the next newline.
    fn delimiter(&mut self, operator: usize, strip_tabs: bool) -> Parsed<Word> {
        let start = self.at;
        let mut parts = Parts::default();
        let mut quoted = false;
        let mut text = String::new();
        loop {
            let run = self.at;
            match self.peek(0) {
                0 => break,
                byte if is_meta(byte) => break,
                b'$' | b'`' => return Err(Failure("a here-document delimiter with an expansion")),
                b'\\' if matches!(self.peek(1), 0 | b'\n') => {
                    return Err(Failure("a here-document delimiter that is not understood"));
                }
                b'\\' | b'\'' | b'"' => {
                    let mut read = Parts::default();
                    self.word_piece(&mut read)?;
                    let inside = self.slice(run, self.at)?;
                    if inside.starts_with('"') && inside.contains(['\\', '$', '`']) {
                        return Err(Failure("a here-document delimiter that is not understood"));
                    }
                    quoted = true;
                    for part in read.into_vec() {
                        if let Part::Literal { text: more, quote } = part {
                            text.push_str(&more);
                            parts.push(&more, quote);
                        } else {
                            return Err(Failure("a here-document delimiter with an expansion"));
                        }
                    }
                }
                _ => {
                    self.word_piece(&mut parts)?;
                    text.push_str(self.slice(run, self.at)?);
                }
            }
        }
        if text.contains('\n') || parts.is_empty() || matches!(self.peek(0), b'(') {
            return Err(Failure("a here-document delimiter that is not understood"));
        }
        if matches!(self.peek(0), b'<' | b'>') && self.peek(1) == b'(' {
            return Err(Failure("a here-document delimiter that is not understood"));
        }
        let slot = self.bodies.len();
        self.bodies.push(None);
        self.pending.push(Pending {
            delimiter: text,
            quoted,
            strip_tabs,
            slot,
            start: operator,
        });
        Ok(parts.word(self.span(start)))
    }
}
