//! Perl's quotes: what is between delimiters, and the variables inside a text or a pattern.

use crate::tree::{Expr, Span};

use super::{Reader, called};

/// Beside what the text says: a part that only the run knows.
fn unknown() -> Expr {
    Expr::Opaque(Vec::new())
}

impl<'t> Reader<'t> {
    /// The text up to the delimiter that closes, which is taken too. Brackets nest.
    pub(super) fn delimited(&mut self, open: char) -> Option<&'t str> {
        let close = match open {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            '<' => '>',
            other => other,
        };
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            let before = self.at;
            match self.next()? {
                '\\' => {
                    self.next()?;
                }
                c if c == close && depth == 0 => return self.text.get(start..before),
                c if c == close => depth -= 1,
                c if c == open => depth += 1,
                _ => {}
            }
        }
    }

    /// The delimiter of `q`, `s` and the like, after blanks where that is allowed.
    pub(super) fn delimiter(&mut self) -> Option<char> {
        let blank = self.peek()?.is_whitespace();
        while self.peek()?.is_whitespace() {
            self.next();
        }
        let c = self.next()?;
        // After a blank `#` is a comment.
        (!c.is_alphanumeric() && c != '_' && c != ',' && c != ';' && !(blank && c == '#') && c != '\\').then_some(c)
    }

    /// `'…'`: only the backslash before itself and the delimiters goes.
    pub(super) fn plain(text: &str) -> Expr {
        let mut out = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if matches!(chars.peek(), Some('\\' | '\'')) => out.extend(chars.next()),
                c => out.push(c),
            }
        }
        Expr::Text(out.into())
    }

    /// `"…"`: with variables and escapes.
    pub(super) fn interpolated(&mut self, text: &str, span: Span) -> Option<Expr> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = rest.get(c.len_utf8()..)?;
            match c {
                '\\' => {
                    let escaped = rest.chars().next()?;
                    rest = rest.get(escaped.len_utf8()..)?;
                    match escaped {
                        'n' => plain.push('\n'),
                        't' => plain.push('\t'),
                        'r' => plain.push('\r'),
                        // Letters by number, and what changes the letters that follow.
                        'a'..='z' | 'A'..='Z' | '0'..='9' => {
                            parts.push(Expr::Text(std::mem::take(&mut plain).into()));
                            parts.push(unknown());
                        }
                        other => plain.push(other),
                    }
                }
                '$' | '@' => match variable(rest, c)? {
                    Some((name, len)) => {
                        parts.push(Expr::Text(std::mem::take(&mut plain).into()));
                        parts.push(match name {
                            Some(name) => Expr::Name(format!("{c}{name}").into(), span),
                            None => unknown(),
                        });
                        // `$ENV{NAME}` inside a text.
                        if rest.starts_with("ENV{") {
                            parts.pop();
                            let key = if c == '$' {
                                rest.get(4..len.saturating_sub(1))?
                            } else {
                                "$"
                            };
                            parts.push(self.environment_value(key, span));
                        }
                        rest = rest.get(len..)?;
                    }
                    None => plain.push(c),
                },
                c => plain.push(c),
            }
        }
        parts.push(Expr::Text(plain.into()));
        Some(Expr::Concat(parts))
    }

    pub(super) fn environment_value(&self, key: &str, span: Span) -> Expr {
        let key = key.trim_matches(['\'', '"']);
        let key = if key.contains('$') {
            unknown()
        } else {
            Expr::Text(key.into())
        };
        Expr::Index(Box::new(Expr::Name("ENV".into(), span)), Box::new(key), span)
    }

    /// A pattern: what it is worth does not matter, code inside does. None if there may be some.
    pub(super) fn pattern(text: &str, delimiter: char) -> Option<()> {
        if text.contains("(?{") || text.contains("(??{") {
            return None;
        }
        // Single quotes: no variables.
        if delimiter == '\'' {
            return Some(());
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = rest.get(c.len_utf8()..)?;
            match c {
                '\\' => {
                    let escaped = rest.chars().next()?;
                    rest = rest.get(escaped.len_utf8()..)?;
                }
                '$' | '@' => {
                    if let Some((_, len)) = variable(rest, c)? {
                        rest = rest.get(len..)?;
                    }
                }
                _ => {}
            }
        }
        Some(())
    }

    /// `s/…/…/flags` after the `s`: the replacement is a text, or code that runs for each match.
    pub(super) fn substitution(&mut self, start: usize) -> Option<Expr> {
        let open = self.delimiter()?;
        let pattern = self.delimited(open)?;
        Self::pattern(pattern, open)?;
        let mut second = open;
        if matches!(open, '(' | '[' | '{' | '<') {
            second = self.delimiter()?;
        }
        let replacement = self.delimited(second)?;
        let flags = self.flags();
        let span = self.span(start);
        self.mutates = true;
        if !flags.bytes().all(|flag| b"gimsxraeudlnpo".contains(&flag)) {
            return None;
        }
        let times = flags.bytes().filter(|flag| *flag == b'e').count();
        let inside = match times {
            0 if second == '\'' => Expr::Opaque(Vec::new()),
            0 => self.interpolated(replacement, span)?,
            _ => self.inside(replacement)?,
        };
        if times > 1 {
            return Some(called("eval", vec![Expr::Opaque(vec![inside])], span));
        }
        Some(Expr::Opaque(vec![inside]))
    }

    /// Code that is inside another text.
    fn inside(&mut self, code: &str) -> Option<Expr> {
        // Where the delimiter is escaped inside, the code is another than it looks.
        if code.contains('\\') {
            return None;
        }
        let mut inner = Reader {
            text: code,
            at: 0,
            depth: self.depth,
            first_function: self.first_function,
            program: std::mem::take(&mut self.program),
            assigned: std::mem::take(&mut self.assigned),
            called: std::mem::take(&mut self.called),
            defined: std::mem::take(&mut self.defined),
            mutates: true,
            loops: std::mem::take(&mut self.loops),
        };
        let value = inner.deeper(|reader| {
            let value = reader.expression()?;
            reader.blanks()?;
            reader.eat(";");
            reader.blanks()?;
            reader.peek().is_none().then_some(value)
        });
        self.program = inner.program;
        self.assigned = inner.assigned;
        self.called = inner.called;
        self.defined = inner.defined;
        self.loops = inner.loops;
        self.mutates = true;
        value
    }

    /// `tr/…/…/flags` after the `tr`.
    pub(super) fn transliteration(&mut self) -> Option<Expr> {
        let open = self.delimiter()?;
        self.delimited(open)?;
        let second = if matches!(open, '(' | '[' | '{' | '<') {
            self.delimiter()?
        } else {
            open
        };
        self.delimited(second)?;
        self.mutates = true;
        let flags = self.flags();
        flags
            .bytes()
            .all(|flag| b"cdsr".contains(&flag))
            .then_some(Expr::Opaque(Vec::new()))
    }

    pub(super) fn flags(&mut self) -> &'t str {
        let rest = self.rest();
        let len = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }
}

/// The variable after `$` or `@` in a text: its name, unless nothing of it is known, and how long it is spelt. Inner
/// `None`: the sign stands for itself. Outer `None`: code inside the text.
#[expect(clippy::option_option, reason = "three answers, each with its own meaning")]
fn variable(rest: &str, sign: char) -> Option<Option<(Option<&str>, usize)>> {
    let word = |text: &str| {
        let len = text.len()
            - text
                .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
                .len();
        let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if starts { len } else { 0 }
    };
    let len = word(rest);
    if len > 0 {
        let name = rest.get(..len)?;
        let after = rest.get(len..)?;
        // `$x->[1]`, `$x{key}`: one element, by a plain key.
        let arrow = if after.starts_with("->[") || after.starts_with("->{") {
            2
        } else {
            0
        };
        let open = after.get(arrow..)?.chars().next();
        if matches!(open, Some('[' | '{')) {
            let close = if open == Some('[') { ']' } else { '}' };
            let inside = after.get(arrow + 1..)?;
            let end = inside.find(close)?;
            let key = inside.get(..end)?;
            let simple = key.bytes().all(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'\'' | b'"' | b'-' | b'^' | b',' | b'.')
            });
            if !simple {
                return None;
            }
            return Some(Some((None, len + arrow + 1 + end + 1)));
        }
        // `$Foo::bar` and a method that is not called in texts.
        if after.starts_with("::") {
            return None;
        }
        return Some(Some((Some(name), len)));
    }
    let first = rest.chars().next();
    match (sign, first) {
        (_, Some('{')) => {
            let inside = rest.get(1..)?;
            let end = inside.find('}')?;
            let name = inside.get(..end)?;
            if name.is_empty() || word(name) != name.len() {
                return None;
            }
            // `${x}[1]` is an element of `@x`.
            match inside.get(end + 1..)?.chars().next() {
                Some('[' | '{') => None,
                _ => Some(Some((Some(name), end + 2))),
            }
        }
        (_, Some('$' | ':'))
            if rest
                .get(1..)
                .is_some_and(|tail| word(tail) > 0 || tail.starts_with('{')) =>
        {
            None
        }
        ('$', Some(c)) if c.is_ascii_digit() => {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            Some(Some((None, digits)))
        }
        // Special variables. In patterns `$` before these is the end of the line.
        ('$', Some('&' | '@' | '!' | '.' | ',' | ';' | '/' | '0' | '+' | '$' | '\'' | '`')) => Some(Some((None, 1))),
        ('$' | '@', _) => Some(None),
        _ => Some(None),
    }
}
