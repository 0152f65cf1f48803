//! What `$`, backticks and `<(` begin. Not the inside of `${…}`.

use super::cursor::{Failure, Parsed, Parser, is_name};
use super::tree::{Item, Parameter, Part, Quote};
use super::word::Parts;

impl Parser<'_> {
    /// The expansion at a `$`, or the `$` itself. `quoted`: inside double quotes or a here-document.
    pub(super) fn dollar(&mut self, parts: &mut Parts, quoted: bool) -> Parsed<()> {
        let start = self.at;
        match self.peek(1) {
            b'(' if self.peek(2) == b'(' => {
                self.at += 3;
                let inside = self.nested(|parser| parser.arithmetic(b""))?;
                parts.part(Part::Arithmetic {
                    parts: inside,
                    span: self.span(start),
                });
                return Ok(());
            }
            b'(' => {
                self.at += 2;
                let items = self.substitution()?;
                parts.part(Part::Command {
                    items,
                    quoted,
                    span: self.span(start),
                });
                return Ok(());
            }
            b'{' => {
                let parameter = self.nested(|parser| parser.braced_parameter(quoted))?;
                parts.part(Part::Parameter(parameter));
                return Ok(());
            }
            b'[' => return Err(Failure("`$[…]`")),
            b'\'' if !quoted => return self.ansi_c_quotes(parts),
            b'"' if !quoted => {
                self.at += 1;
                return self.double_quotes(parts);
            }
            b'\\' if self.peek(2) == b'\n' => return Err(Failure("a line continuation after `$`")),
            b'=' | b'~' | b'^' | b'+' if is_name(self.peek(2)) || self.peek(2) == b'{' => {
                return Err(Failure("an expansion of zsh"));
            }
            _ => {}
        }
        let length = match self.peek(1) {
            b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0'..=b'9' => 1,
            _ => self.name_length(1),
        };
        self.at += 1 + length;
        if length == 0 {
            parts.push("$", if quoted { Quote::Double } else { Quote::None });
            return Ok(());
        }
        parts.part(Part::Parameter(Parameter {
            name: self.slice(start + 1, self.at)?.to_owned(),
            indirect: false,
            length: false,
            index: None,
            operation: None,
            quoted,
            span: self.span(start),
        }));
        Ok(())
    }

    /// `<(…)` and `>(…)`
    pub(super) fn process(&mut self, parts: &mut Parts) -> Parsed<()> {
        let start = self.at;
        let output = self.peek(0) == b'>';
        self.at += 2;
        let items = self.substitution()?;
        parts.part(Part::Process {
            items,
            output,
            span: self.span(start),
        });
        Ok(())
    }

    /// Backticks: their text is unescaped first and then read as a script of its own, whose end is certain.
    pub(super) fn backticks(&mut self, parts: &mut Parts, quoted: bool) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        let text_start = self.at;
        let mut script = String::new();
        let mut joined = false;
        let mut run = text_start;
        loop {
            match self.peek(0) {
                0 => return Err(Failure("a backtick that is not closed")),
                b'`' => break,
                b'\\' => {
                    let next = self.peek(1);
                    joined |= next == b'\n';
                    if matches!(next, b'`' | b'$' | b'\\' | b'\n') || (next == b'"' && quoted) {
                        script.push_str(self.slice(run, self.at)?);
                        // A line continuation goes away here, even in single quotes.
                        run = self.at + if next == b'\n' { 2 } else { 1 };
                    }
                    if next == 0 {
                        return Err(Failure("a backtick that is not closed"));
                    }
                    self.at += 1 + self.text.get(self.at + 1..).and_then(first_length).unwrap_or(1);
                }
                _ => self.at += 1,
            }
        }
        script.push_str(self.slice(run, self.at)?);
        self.at += 1;
        if joined && script.contains('#') {
            return Err(Failure("a line continuation in backticks that may be in a comment"));
        }
        let span = self.span(start);
        self.steps(script.len() / 16)?;
        let items = self.nested(|parser| Ok(parser.rewritten(&script, span).script()))?;
        parts.part(Part::Command { items, quoted, span });
        Ok(())
    }

    /// Commands up to and with the `)`.
    fn substitution(&mut self) -> Parsed<Vec<Item>> {
        self.operator_ends()?;
        let outer = self.outer_pending;
        self.outer_pending = self.pending.len();
        let items = self.nested(Self::list)?;
        if self.peek(0) != b')' {
            return Err(Failure("a substitution that is not closed"));
        }
        if self.pending.len() != self.outer_pending {
            return Err(Failure("a here-document without a body inside a substitution"));
        }
        self.at += 1;
        self.outer_pending = outer;
        Ok(items)
    }
}

fn first_length(text: &str) -> Option<usize> {
    text.chars().next().map(char::len_utf8)
}
