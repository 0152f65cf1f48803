//! One pass over a text: finds the secrets and writes the text without them. Every look ahead or back is bounded or never
//! repeated, so that the time is linear in the text whatever it holds.

use super::names::{Named, meaning};
use super::{marker, marker_length, shapes};

/// The text with what this pass found taken out; `None` if it found nothing.
pub(super) fn once(text: &str) -> Option<String> {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
        quote: None,
        program: Program::Other,
        found: Vec::new(),
    };
    scan.run();
    if scan.found.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for secret in &scan.found {
        // Secrets begin and end beside ASCII, so these are character boundaries.
        out.push_str(text.get(done..secret.start).unwrap_or_default());
        out.push_str(&marker(
            secret.kind,
            text.as_bytes().get(secret.start..secret.end).unwrap_or_default(),
        ));
        done = secret.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Some(out)
}

/// Whether this byte announces something, or changes how what follows is read. The others are passed over.
fn notable(byte: u8) -> bool {
    matches!(
        byte,
        b'[' | b'\\' | b'"' | b'\'' | b';' | b'|' | b'&' | b'\n' | b'-' | b':' | b'=' | b' ' | b'\t'
    )
}

/// How far the scanner looks for something that may not be there.
const NEAR: usize = 1024;

struct Secret {
    start: usize,
    end: usize,
    kind: &'static str,
}

/// Programs whose short options carry passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Curl,
    /// `-p` and the password in one word.
    Mysql,
    /// `-p`, then the password.
    Login,
    Redis,
    Other,
}

struct Scan<'text> {
    bytes: &'text [u8],
    at: usize,
    /// The quote that is open, as a shell would see it. Only a hint for where values end.
    quote: Option<u8>,
    program: Program,
    found: Vec<Secret>,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            if !notable(byte) && !shapes::may_begin(byte, self.byte(self.at + 1).unwrap_or_default()) {
                self.at += 1;
                continue;
            }
            if byte == b'['
                && let Some(length) = self.rest(self.at).and_then(marker_length)
            {
                self.at += length;
                continue;
            }
            let here = self.at;
            if let Some(end) = self.look(byte) {
                self.at = end.max(here + 1);
                continue;
            }
            match byte {
                b'\\' => self.at += 1,
                b'"' | b'\'' if self.quote == Some(byte) => self.quote = None,
                b'"' | b'\'' if self.quote.is_none() => self.quote = Some(byte),
                b';' | b'|' | b'&' | b'\n' if self.quote.is_none() => self.program = Program::Other,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Looks for a secret that this byte announces; where to go on if there was one.
    fn look(&mut self, byte: u8) -> Option<usize> {
        let here = self.at;
        if let Some(found) = shapes::at(self.rest(here)?, self.boundary(here)) {
            return self.take(here + found.keep, here + found.length, found.kind);
        }
        match byte {
            b'-' => self.private_key(here).or_else(|| self.joined_password(here)),
            b':' if self.rest(here)?.starts_with(b"://") => self.userinfo(here),
            b':' | b'=' => self.assignment(here, byte),
            b' ' | b'\t' => self.word_before(here),
            _ => None,
        }
    }

    /// `-----BEGIN … PRIVATE KEY-----` to its end, or to the end of the text.
    fn private_key(&mut self, here: usize) -> Option<usize> {
        let rest = self.rest(here)?.strip_prefix(b"-----BEGIN ")?;
        let label = rest.iter().take(64).position(|byte| *byte == b'-')?;
        if !rest.get(..label)?.windows(11).any(|words| words == b"PRIVATE KEY") {
            return None;
        }
        let body = here + 11 + label;
        let close = self.rest(body)?.windows(9).position(|window| window == b"-----END ");
        let end = match close {
            Some(offset) => {
                let after = body + offset + 9;
                let dashes = self.rest(after)?.iter().take(64).position(|byte| *byte == b'-');
                let mut end = after + dashes.unwrap_or(0);
                while self.byte(end) == Some(b'-') {
                    end += 1;
                }
                end
            }
            None => self.bytes.len(),
        };
        self.take(here, end, "private-key")
    }

    /// The password of `scheme://user:password@host`, or a token in the user's place.
    fn userinfo(&mut self, here: usize) -> Option<usize> {
        let start = here + 3;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\');
        let near = self.rest(start)?;
        let near = near.get(..NEAR).unwrap_or(near);
        let url = near.get(..near.iter().position(ends).unwrap_or(near.len()))?;
        let authority = url
            .iter()
            .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
            .unwrap_or(url.len());
        let mut at = url.get(..authority)?.iter().rposition(|byte| *byte == b'@');
        if at.is_none() {
            // A password with a raw `/` in it: what looks like a port is none.
            let colon = url.get(..authority)?.iter().position(|byte| *byte == b':');
            let port = colon
                .and_then(|colon| url.get(colon + 1..authority))
                .is_none_or(|port| port.iter().all(u8::is_ascii_digit));
            if !port {
                at = url.iter().position(|byte| *byte == b'@');
            }
        }
        let at = at?;
        let user = url.get(..at)?;
        let (from, secret) = match colon_outside_markers(user) {
            Some(colon) => (colon + 1, user.get(colon + 1..)?),
            None if at >= 20 && random(user) => (0, user),
            None => return None,
        };
        if secret.is_empty() || reference(secret) || only_markers(secret) {
            return None;
        }
        self.take(start + from, start + at, "url-password")
    }

    /// `name=value`, `name: value`, `"name": "value"`, `name = "value"`.
    fn assignment(&mut self, here: usize, separator: u8) -> Option<usize> {
        let next = self.byte(here + 1);
        let before = here.checked_sub(1).and_then(|at| self.byte(at));
        let compares = match separator {
            b'=' => matches!(next, Some(b'=' | b'~' | b'>')) || matches!(before, Some(b'=' | b'!' | b'<' | b'>')),
            _ => matches!(next, Some(b':' | b'=')) || before == Some(b':'),
        };
        if compares {
            return None;
        }
        // `:=`, `+=` and `?=` assign as well.
        let end = if matches!(before, Some(b':' | b'+' | b'?')) {
            here - 1
        } else {
            here
        };
        let spaced = self.back_over(end, |byte| matches!(byte, b' ' | b'\t'), 4);
        let unquoted = self.back_over(spaced, |byte| matches!(byte, b'"' | b'\'' | b'\\'), 4);
        let start = self.back_over(unquoted, name_byte, 64);
        let name = self.bytes.get(start..unquoted)?;
        let before = |back: usize| start.checked_sub(back).and_then(|at| self.byte(at));
        let in_path = before(1) == Some(b'/') && before(2).is_some_and(|byte| !byte.is_ascii_whitespace());
        if name.is_empty() || in_path {
            return None;
        }
        let named = meaning(name)?;
        if separator == b':'
            && before(1) == Some(b'{')
            && before(2) == Some(b'$')
            && matches!(next, Some(b'-' | b'+' | b'?' | b'='))
        {
            // `${TOKEN:-none}`: what stands in for the secret, and now and then the secret.
            return self.value(here + 2, Named::Perhaps("token"));
        }
        let after = here + 1;
        let gap = self
            .rest(after)?
            .iter()
            .take(8)
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        // `NAME= command` sets an empty value; `name = value` is a settings file or code.
        if separator == b'=' && gap > 0 && spaced == end {
            return None;
        }
        self.value(after + gap, named)
    }

    /// What stands before this blank may announce a secret behind it: `--password X`, `Bearer X`, `curl -u a:X`.
    fn word_before(&mut self, here: usize) -> Option<usize> {
        if self.found.last().is_some_and(|secret| secret.end == here) {
            return None;
        }
        let start = self.back_over(here, name_byte, 64);
        let word = self.bytes.get(start..here)?;
        if word.is_empty() {
            return None;
        }
        let before = start.checked_sub(1).and_then(|at| self.byte(at));
        let gap = self
            .rest(here)?
            .iter()
            .take(8)
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let next = here + gap;
        if word.eq_ignore_ascii_case(b"bearer") {
            let (start, end) = self.extent(next, usize::MAX)?;
            let token = self.bytes.get(start..end)?;
            let solid = token.len() >= 16 && token.iter().any(u8::is_ascii_digit) && !reference(token);
            return if solid {
                self.take_value(start, end, "token")
            } else {
                None
            };
        }
        if before.is_some_and(|byte| {
            !byte.is_ascii_whitespace()
                && !matches!(byte, b'"' | b'\'' | b'(' | b'`' | b';' | b'|' | b'&' | b'/' | b'=')
        }) {
            return None;
        }
        if !word.starts_with(b"-") {
            self.program = match word {
                b"curl" | b"wget" | b"http" | b"https" | b"xh" => Program::Curl,
                b"mysql" | b"mysqldump" | b"mysqladmin" | b"mariadb" | b"mariadb-dump" | b"7z" | b"7za" | b"7zz" => {
                    Program::Mysql
                }
                b"sshpass" | b"login" => Program::Login,
                b"redis-cli" => Program::Redis,
                _ => self.program,
            };
            // `configure set secret_key X`: without a sign between them, the value must look like one.
            return match meaning(word)? {
                Named::Secret(kind) => self.value(next, Named::Perhaps(kind)),
                Named::Perhaps(_) | Named::Authorization | Named::Cookie => None,
            };
        }
        if self.byte(next) == Some(b'-') {
            return None;
        }
        match (self.program, word) {
            (Program::Curl, b"-u" | b"--user" | b"-U" | b"--proxy-user") => {
                let (start, end) = self.extent(next, usize::MAX)?;
                let colon = self.bytes.get(start..end)?.iter().position(|byte| *byte == b':')?;
                // `date -u +%H:%M` within the same line is no user.
                let user = self.bytes.get(start..start + colon)?;
                if !user
                    .iter()
                    .all(|byte| name_byte(*byte) || matches!(byte, b'@' | b'$' | b'{' | b'}'))
                {
                    return None;
                }
                return self.take_value(start + colon + 1, end, "password");
            }
            (Program::Login, b"-p") | (Program::Redis, b"-a") => {
                let (start, end) = self.extent(next, usize::MAX)?;
                return self.take_value(start, end, "password");
            }
            _ => {}
        }
        match meaning(word)? {
            Named::Secret(kind) => {
                let (start, end) = self.extent(next, usize::MAX)?;
                let value = self.bytes.get(start..end)?;
                let described = [&b"id="[..], b"type=", b"env:", b"file:", b"fd:", b"stdin"]
                    .iter()
                    .any(|sign| value.starts_with(sign));
                if described {
                    None
                } else {
                    self.take_value(start, end, kind)
                }
            }
            Named::Perhaps(kind) => self.value(next, Named::Perhaps(kind)),
            Named::Authorization | Named::Cookie => None,
        }
    }

    /// `mysql -pSECRET`.
    fn joined_password(&mut self, here: usize) -> Option<usize> {
        let blank = here
            .checked_sub(1)
            .and_then(|at| self.byte(at))
            .is_some_and(|byte| byte.is_ascii_whitespace());
        if self.program != Program::Mysql || !blank || self.byte(here + 1) != Some(b'p') {
            return None;
        }
        let (start, end) = self.extent(here + 2, usize::MAX)?;
        self.take_value(start, end, "password")
    }

    /// The value that begins here, if what its name says of it holds.
    fn value(&mut self, start: usize, named: Named) -> Option<usize> {
        match named {
            Named::Secret(kind) => {
                let (start, end) = self.extent(start, usize::MAX)?;
                self.take_value(start, end, kind)
            }
            Named::Perhaps(kind) => {
                let (start, end) = self.extent(start, NEAR)?;
                if random(self.bytes.get(start..end)?) {
                    self.take_value(start, end, kind)
                } else {
                    None
                }
            }
            Named::Authorization => {
                let (start, end) = self.header(start)?;
                let value = self.bytes.get(start..end)?;
                let scheme = value
                    .iter()
                    .take(24)
                    .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-')
                    .count();
                let blanks = value
                    .get(scheme..)?
                    .iter()
                    .take_while(|byte| **byte == b' ' || **byte == b'\\')
                    .count();
                let from = if scheme > 0 && blanks > 0 {
                    start + scheme + blanks
                } else {
                    start
                };
                self.take_value(from, end, "token")
            }
            Named::Cookie => {
                let (start, end) = self.header(start)?;
                self.take_value(start, end, "cookie")
            }
        }
    }

    /// Takes out a value unless it is plainly not a secret itself: empty, a variable, a placeholder, taken out before.
    fn take_value(&mut self, start: usize, end: usize, kind: &'static str) -> Option<usize> {
        let value = self.bytes.get(start..end)?;
        let called = self.byte(end) == Some(b'(');
        // Within single quotes of its own, a dollar sign is part of the password.
        let literal = start.checked_sub(1).and_then(|at| self.byte(at)) == Some(b'\'')
            && value.starts_with(b"$")
            && !value.starts_with(b"${{");
        let before = |back: usize| start.checked_sub(back).and_then(|at| self.byte(at));
        let in_code = before(1) == Some(b' ') && matches!(before(2), Some(b':' | b'='));
        if value.is_empty()
            || called
            || (in_code && member(value))
            || (reference(value) && !literal)
            || only_markers(value)
        {
            return None;
        }
        self.take(start, end, kind)
    }

    fn take(&mut self, start: usize, end: usize, kind: &'static str) -> Option<usize> {
        if start >= end {
            return None;
        }
        self.found.push(Secret { start, end, kind });
        // The quotes around the value were not seen to open, so they must not be seen to close.
        let before = start.checked_sub(1).and_then(|at| self.byte(at));
        let enclosed = matches!(before, Some(b'"' | b'\'')) && before == self.byte(end) && self.quote != before;
        Some(if enclosed { end + 1 } else { end })
    }

    /// Where a header's value lies: to the end of its own quotes, of the quotes around it, or of the line or word.
    fn header(&self, start: usize) -> Option<(usize, usize)> {
        if matches!(self.byte(start), Some(b'"' | b'\'' | b'\\')) {
            return self.extent(start, usize::MAX);
        }
        let rest = self.rest(start)?;
        let length = rest.iter().position(|byte| match self.quote {
            Some(quote) => *byte == quote || *byte == b'\n',
            None => matches!(byte, b'"' | b'\'' | b'\n'),
        });
        Some((start, start + length.unwrap_or(rest.len())))
    }

    /// Where the value that begins here lies, without the quotes around it.
    fn extent(&self, start: usize, most: usize) -> Option<(usize, usize)> {
        let first = self.byte(start)?;
        // `\"…\"`: a quoted string within a quoted string.
        if first == b'\\'
            && let Some(quote @ (b'"' | b'\'')) = self.byte(start + 1)
        {
            let body = start + 2;
            let rest = self.rest(body)?;
            let rest = rest.get(..most).unwrap_or(rest);
            let close = rest
                .windows(2)
                .position(|pair| pair == [b'\\', quote] || pair.first() == Some(&quote));
            return Some((body, body + close.unwrap_or(rest.len())));
        }
        if matches!(first, b'"' | b'\'' | b'`') && self.quote != Some(first) {
            let end = self.closing(start + 1, first, most);
            // `'one'"two"` is one word of a shell.
            let glued = self.quote.is_none()
                && self
                    .byte(end + 1)
                    .is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'$') || byte.is_ascii_alphanumeric());
            return if glued {
                Some((start, self.word_end(end + 1, most)))
            } else {
                Some((start + 1, end))
            };
        }
        Some((start, self.word_end(start, most)))
    }

    fn closing(&self, mut at: usize, quote: u8, most: usize) -> usize {
        let stop = self.bytes.len().min(at.saturating_add(most));
        while let Some(byte) = self.byte(at)
            && at < stop
        {
            match byte {
                b'\\' if quote != b'\'' => at += 1,
                byte if byte == quote => return at,
                _ => {}
            }
            at += 1;
        }
        stop
    }

    fn word_end(&self, mut at: usize, most: usize) -> usize {
        let stop = self.bytes.len().min(at.saturating_add(most));
        while let Some(byte) = self.byte(at)
            && at < stop
        {
            if byte == b'['
                && let Some(length) = self.rest(at).and_then(marker_length)
            {
                at += length;
                continue;
            }
            match byte {
                b'\\'
                    if self
                        .byte(at + 1)
                        .is_some_and(|next| matches!(next, b'"' | b'\'' | b'n'))
                        && self.quote.is_some() =>
                {
                    return at;
                }
                b'\\' if self.byte(at + 1) == Some(b'$') => {}
                b'\\' => at += 1,
                b'$' if self.byte(at + 1) == Some(b'{') => at = self.expansion_end(at + 2),
                b'"' | b'\'' if self.quote.is_none() => {
                    at = self.closing(at + 1, byte, most);
                }
                b'"' | b'\'' | b'`' | b';' | b'|' | b'&' | b'(' | b')' | b'{' | b'}' | b']' | b'<' | b'>' => return at,
                b',' if self
                    .byte(at + 1)
                    .is_none_or(|next| next.is_ascii_whitespace() || matches!(next, b'"' | b'\'')) =>
                {
                    return at;
                }
                byte if byte.is_ascii_whitespace() => return at,
                _ => {}
            }
            at += 1;
        }
        stop
    }

    /// The last brace of `${…}` or `${{ … }}`.
    fn expansion_end(&self, from: usize) -> usize {
        let rest = self.rest(from).unwrap_or_default();
        let close = rest
            .iter()
            .take(256)
            .position(|byte| matches!(byte, b'}' | b'\n'))
            .unwrap_or(0);
        let end = from + close;
        if self.byte(end + 1) == Some(b'}') { end + 1 } else { end }
    }

    fn back_over(&self, end: usize, fits: impl Fn(u8) -> bool, most: usize) -> usize {
        let mut start = end;
        while end - start < most && start.checked_sub(1).and_then(|at| self.byte(at)).is_some_and(&fits) {
            start -= 1;
        }
        start
    }

    /// No letter or digit stands before: but the `n` of an escaped line break is none, nor is the end of `%20`.
    fn boundary(&self, at: usize) -> bool {
        let before = |back: usize| at.checked_sub(back).and_then(|at| self.byte(at));
        match before(1) {
            None => true,
            Some(byte) if !byte.is_ascii_alphanumeric() => true,
            Some(b'n' | b't' | b'r') if before(2) == Some(b'\\') => true,
            Some(byte) => {
                byte.is_ascii_hexdigit()
                    && before(2).is_some_and(|byte| byte.is_ascii_hexdigit())
                    && before(3) == Some(b'%')
            }
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn rest(&self, at: usize) -> Option<&[u8]> {
        self.bytes.get(at..)
    }
}

fn name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// A value that only says where the secret is, or that there is none.
fn reference(value: &[u8]) -> bool {
    const WORDS: &[&str] = &[
        "true",
        "false",
        "null",
        "none",
        "nil",
        "undefined",
        "string",
        "str",
        "bytes",
        "bool",
        "boolean",
        "int",
        "number",
        "any",
        "required",
        "optional",
        "yes",
        "no",
        "=",
        "await",
        "REDACTED",
        "[REDACTED]",
    ];
    const BEGINNINGS: &[&str] = &["process.env", "os.environ", "os.getenv", "import.meta.env", "ENV["];
    const BRACKETS: &[(&str, &str)] = &[("${", "}"), ("$(", ")"), ("{{", "}}"), ("<", ">")];
    if value.len() > 256 {
        return false;
    }
    let value = value
        .strip_prefix(b"\"")
        .or_else(|| value.strip_prefix(b"\\"))
        .unwrap_or(value);
    // `$TOKEN` and `$token` are variables; `$ecret1` is a password that begins with a dollar sign.
    let variable = value.strip_prefix(b"$").is_some_and(|name| {
        let name = name.strip_suffix(b"\"").unwrap_or(name);
        let capitals = name
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
        !name.is_empty() && (capitals || (name.iter().copied().all(name_byte) && meaning(name).is_some()))
    });
    // `%q` is a place where a value will be printed.
    let format = matches!(value, [b'%', letter, ..] if letter.is_ascii_alphabetic() && value.len() <= 4);
    variable
        || format
        || BRACKETS
            .iter()
            .any(|(open, close)| value.starts_with(open.as_bytes()) && value.ends_with(close.as_bytes()))
        || BEGINNINGS.iter().any(|sign| value.starts_with(sign.as_bytes()))
        || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
        || value.iter().all(|byte| matches!(byte, b'*' | b'.' | b'x' | b'X'))
}

/// `form.password` in code: it reads the secret from elsewhere.
fn member(value: &[u8]) -> bool {
    let last = value
        .iter()
        .rposition(|byte| *byte == b'.')
        .and_then(|dot| value.get(dot + 1..));
    value
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.'))
        && last.is_some_and(|last| meaning(last).is_some())
}

fn colon_outside_markers(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match text.get(at)? {
            b':' => return Some(at),
            b'[' => at += marker_length(text.get(at..)?).unwrap_or(1),
            _ => at += 1,
        }
    }
}

fn only_markers(mut value: &[u8]) -> bool {
    while let Some(length) = marker_length(value) {
        value = value.get(length..).unwrap_or_default();
    }
    value.is_empty()
}

/// Looks like a key rather than a word, a number, a path, a hash or a UUID.
fn random(value: &[u8]) -> bool {
    let solid = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'=' | b'%');
    value.split(|byte| !solid(byte)).any(|piece| {
        let digits = piece.iter().filter(|byte| byte.is_ascii_digit()).count();
        let letters = piece.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        let hex = piece.iter().all(u8::is_ascii_hexdigit);
        piece.len() >= 16 && digits >= 1 && letters >= 4 && !hex
    })
}
