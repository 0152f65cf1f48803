//! Arithmetic: finds its end and the substitutions inside. Not a calculator.

use super::cursor::{Failure, Parsed, Parser};
use super::tree::{Part, Quote};
use super::word::Parts;

impl Parser<'_> {
    /// What follows `((`, up to and with the `))`. Only text that can't be commands is taken: bash itself decides between
    /// arithmetic and nested subshells by looking for `))`. `more` is what else may stand in it.
    pub(super) fn arithmetic(&mut self, more: &[u8]) -> Parsed<Vec<Part>> {
        let mut parts = Parts::default();
        let mut open = 0_usize;
        loop {
            self.step()?;
            let run = self.at;
            match self.peek(0) {
                0 => return Err(Failure("arithmetic that does not end")),
                b'\n' if !self.pending.is_empty() => {
                    return Err(Failure("arithmetic while a here-document is still to come"));
                }
                b'(' => {
                    open += 1;
                    self.at += 1;
                }
                b')' if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                b')' => {
                    if self.peek(1) != b')' {
                        return Err(Failure("`((` that may be arithmetic or a subshell"));
                    }
                    self.at += 2;
                    return Ok(parts.into_vec());
                }
                b'$' => {
                    self.dollar(&mut parts, true)?;
                    continue;
                }
                b'`' => {
                    self.backticks(&mut parts, true)?;
                    continue;
                }
                b'"' => {
                    self.double_quotes(&mut parts)?;
                    continue;
                }
                byte if is_arithmetic(byte) || more.contains(&byte) => {
                    let rest = self.rest();
                    let plain = |byte: &u8| is_arithmetic(*byte);
                    self.at += 1 + rest.iter().skip(1).take_while(|byte| plain(byte)).count();
                }
                _ => return Err(Failure("arithmetic that is not understood")),
            }
            parts.push(self.slice(run, self.at)?, Quote::None);
        }
    }
}

fn is_arithmetic(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b' ' | b'\t' | b'_' | b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'=' | b'!' | b'&' | b'|' | b'^'
        )
        || matches!(
            byte,
            b'~' | b'?' | b':' | b',' | b'[' | b']' | b'#' | b'@' | b'.' | b'\n'
        )
}
