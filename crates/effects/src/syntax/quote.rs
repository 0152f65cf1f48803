//! Quotes and escapes. Not the expansions inside double quotes.

use super::cursor::{Failure, Parsed, Parser};
use super::tree::Quote;
use super::word::Parts;

impl Parser<'_> {
    /// A backslash outside quotes.
    pub(super) fn backslash(&mut self, parts: &mut Parts) -> Parsed<()> {
        self.at += 1;
        match self.character() {
            Some('\n') => {
                self.at += 1;
                self.joined = self.at;
            }
            Some(character) => {
                self.at += character.len_utf8();
                parts.push_char(character, Quote::Backslash);
            }
            None => parts.push_char('\\', Quote::Backslash),
        }
        Ok(())
    }

    /// `'…'`
    pub(super) fn single_quotes(&mut self, parts: &mut Parts) -> Parsed<()> {
        let start = self.at + 1;
        let Some(length) = self.rest().iter().skip(1).position(|&byte| byte == b'\'') else {
            return Err(Failure("a single quote that is not closed"));
        };
        parts.push(self.slice(start, start + length)?, Quote::Single);
        self.at = start + length + 1;
        Ok(())
    }

    /// `"…"`
    pub(super) fn double_quotes(&mut self, parts: &mut Parts) -> Parsed<()> {
        self.at += 1;
        let before = parts.len();
        loop {
            match self.peek(0) {
                0 => return Err(Failure("a double quote that is not closed")),
                b'"' => {
                    self.at += 1;
                    if parts.len() == before {
                        parts.push("", Quote::Double);
                    }
                    return Ok(());
                }
                b'\\' => self.double_quoted_backslash(parts, b"$`\"\\"),
                b'`' => self.backticks(parts, true)?,
                b'$' => self.dollar(parts, true)?,
                _ => {
                    let rest = self.rest();
                    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'`' | b'$');
                    let length = rest.iter().position(special).unwrap_or(rest.len());
                    parts.push(self.slice(self.at, self.at + length)?, Quote::Double);
                    self.at += length;
                }
            }
        }
    }

    /// A backslash inside double quotes, where it escapes only some characters; the caller reads what follows it otherwise.
    pub(super) fn double_quoted_backslash(&mut self, parts: &mut Parts, escaped: &[u8]) {
        let next = self.peek(1);
        if next == b'\n' {
            self.at += 2;
        } else if escaped.contains(&next) {
            self.at += 2;
            parts.push_char(char::from(next), Quote::Double);
        } else {
            self.at += 1;
            parts.push_char('\\', Quote::Double);
        }
    }

    /// `$'…'`
    pub(super) fn ansi_c_quotes(&mut self, parts: &mut Parts) -> Parsed<()> {
        self.at += 2;
        let mut decoded = Vec::new();
        loop {
            match self.peek(0) {
                0 => return Err(Failure("a `$'` that is not closed")),
                b'\'' => {
                    self.at += 1;
                    break;
                }
                b'\\' => {
                    self.at += 1;
                    self.ansi_c_escape(&mut decoded)?;
                }
                byte => {
                    decoded.push(byte);
                    self.at += 1;
                }
            }
        }
        // `read -d $'\0'`: the NUL alone is the empty text.
        if decoded == [0] {
            decoded.clear();
        }
        if decoded.contains(&0) {
            return Err(Failure("a `$'…'` that holds a NUL byte"));
        }
        let Ok(text) = String::from_utf8(decoded) else {
            return Err(Failure("a `$'…'` that is not UTF-8"));
        };
        parts.push(&text, Quote::AnsiC);
        Ok(())
    }

    /// What follows a backslash in `$'…'`.
    fn ansi_c_escape(&mut self, decoded: &mut Vec<u8>) -> Parsed<()> {
        let kind = self.peek(0);
        if kind.is_ascii_digit() {
            let value = self.digits(3, 8)?;
            // bash keeps the low eight bits of `\400` and above.
            return match u8::try_from(value) {
                Ok(byte) => {
                    decoded.push(byte);
                    Ok(())
                }
                Err(_) => Err(Failure("an octal escape above 377")),
            };
        }
        self.at += 1;
        let byte = match kind {
            b'a' => 7,
            b'b' => 8,
            b'e' | b'E' => 27,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'\\' | b'\'' | b'"' | b'?' => kind,
            b'x' => return self.digits(2, 16).map(|value| decoded.extend(u8::try_from(value))),
            b'u' | b'U' => {
                let value = self.digits(if kind == b'u' { 4 } else { 8 }, 16)?;
                let Some(character) = char::from_u32(value) else {
                    return Err(Failure("an escape that is not a character"));
                };
                decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            b'c' => {
                let control = self.peek(0);
                if !control.is_ascii_alphabetic() {
                    return Err(Failure("a control escape that is not a letter"));
                }
                self.at += 1;
                control & 0x1f
            }
            _ => return Err(Failure("an escape that `$'…'` does not know")),
        };
        decoded.push(byte);
        Ok(())
    }

    /// One to `most` digits of the given base.
    fn digits(&mut self, most: u32, radix: u32) -> Parsed<u32> {
        let mut value = 0_u32;
        let mut count = 0;
        while count < most
            && let Some(digit) = char::from(self.peek(0)).to_digit(radix)
        {
            let Some(next) = value.checked_mul(radix).and_then(|value| value.checked_add(digit)) else {
                return Err(Failure("an escape that is not a character"));
            };
            value = next;
            count += 1;
            self.at += 1;
        }
        if count == 0 {
            return Err(Failure("an escape without digits"));
        }
        Ok(value)
    }
}
