//! Perl's variables, and what is behind references: elements, slices, methods.

use crate::tree::{Call, Expr};

use super::{Reader, UNKNOWN_FUNCTION, called};

impl Reader<'_> {
    pub(super) fn behind(&mut self, object: Expr, start: usize) -> Option<Expr> {
        self.blanks()?;
        match self.peek()? {
            '[' | '{' => {
                let key = self.key()?;
                Some(Expr::Opaque(vec![object, key, Expr::Nothing]))
            }
            // A function that a variable holds, or a text names.
            '(' => {
                let arguments = self.parenthesised_list()?;
                let mut parts = vec![object];
                parts.extend(arguments);
                Some(called(UNKNOWN_FUNCTION, parts, self.span(start)))
            }
            '@' | '%' | '$' => {
                self.next();
                self.expect("*")?;
                Some(Expr::Opaque(vec![object]))
            }
            _ => {
                let method = self.word_ahead();
                if method.is_empty() || method.contains("::") {
                    return None;
                }
                self.at += method.len();
                let arguments = if self.rest().starts_with('(') {
                    self.parenthesised_list()?
                } else {
                    Vec::new()
                };
                if method == "can" {
                    return Some(called(UNKNOWN_FUNCTION, arguments, self.span(start)));
                }
                let span = self.span(start);
                // `Some::Class->method`: what it is called with comes first, as the facts count.
                if let Expr::Name(class, _) = &object
                    && let Some(class) = class.strip_suffix("->")
                {
                    return Some(called(&format!("{class}->{method}"), arguments, span));
                }
                Some(Expr::Call(Box::new(Call {
                    callee: Expr::Attribute(Box::new(object), method.into(), span),
                    arguments,
                    keywords: Vec::new(),
                    span,
                })))
            }
        }
    }

    /// `[…]` or `{…}` after a variable.
    pub(super) fn key(&mut self) -> Option<Expr> {
        let open = self.next()?;
        self.blanks()?;
        if open == '{' {
            // A bare word is a text.
            let word = self.word_ahead();
            let tail = self.rest().get(word.len()..).unwrap_or_default();
            if !word.is_empty() && tail.trim_start().starts_with('}') {
                self.at += word.len();
                self.expect("}")?;
                return Some(Expr::Text(word.into()));
            }
        }
        let key = self.expression()?;
        self.expect(if open == '[' { "]" } else { "}" })?;
        Some(key)
    }

    pub(super) fn scalar_variable(&mut self) -> Option<Expr> {
        let start = self.at;
        self.next();
        if self.eat("#") {
            // The last index of an array.
            self.eat("$");
            if self.eat("{") {
                self.at -= 1;
                self.block()?;
            } else {
                self.at += self.word_ahead().len();
            }
            return Some(Expr::Opaque(Vec::new()));
        }
        let name = self.word_ahead();
        if !name.is_empty() {
            self.at += name.len();
            let name = name.strip_prefix("main::").unwrap_or(name);
            if name.contains("::") {
                return Some(Expr::Opaque(Vec::new()));
            }
            return match self.peek() {
                Some('[') => {
                    let key = self.key()?;
                    let span = self.span(start);
                    let array = Expr::Name(format!("@{name}").into(), span);
                    Some(Expr::Index(Box::new(array), Box::new(key), span))
                }
                Some('{') => {
                    let key = self.key()?;
                    let span = self.span(start);
                    let hash = if name == "ENV" {
                        "ENV".to_owned()
                    } else {
                        format!("%{name}")
                    };
                    Some(Expr::Index(
                        Box::new(Expr::Name(hash.into(), span)),
                        Box::new(key),
                        span,
                    ))
                }
                _ => Some(Expr::Name(format!("${name}").into(), self.span(start))),
            };
        }
        match self.peek()? {
            // What a reference points to.
            '$' if self
                .rest()
                .get(1..)
                .is_some_and(|tail| tail.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '{'))) =>
            {
                let inner = self.scalar_variable()?;
                Some(Expr::Opaque(vec![inner]))
            }
            '{' => {
                let block = self.block()?;
                let inner = self.on_the_spot(block);
                if matches!(self.peek(), Some('[' | '{')) {
                    let key = self.key()?;
                    return Some(Expr::Opaque(vec![inner, key, Expr::Nothing]));
                }
                Some(Expr::Opaque(vec![inner]))
            }
            '^' => {
                self.next();
                let letter = self.next()?;
                Some(Expr::Name(format!("$^{letter}").into(), self.span(start)))
            }
            c if c.is_ascii_digit() => {
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.next();
                }
                Some(Expr::Opaque(Vec::new()))
            }
            '&' | '.' | '/' | '\\' | ',' | ';' | '!' | '@' | '$' | '<' | '>' | '(' | ')' | '+' | '-' | '"' | '|'
            | '`' | '\'' | '?' | ':' => {
                self.next();
                // An element of what has that name: `$+{name}`, `$-[0]`.
                if matches!(self.peek(), Some('[' | '{')) {
                    self.key()?;
                }
                Some(Expr::Nothing)
            }
            _ => None,
        }
    }

    pub(super) fn array_variable(&mut self) -> Option<Expr> {
        let start = self.at;
        self.next();
        let name = self.word_ahead();
        if !name.is_empty() {
            self.at += name.len();
            if name.contains("::") {
                return None;
            }
            return match self.peek() {
                // A slice.
                Some('[' | '{') => {
                    let key = self.key()?;
                    let span = self.span(start);
                    let whole = if name == "ENV" {
                        "ENV".to_owned()
                    } else {
                        format!("@{name}")
                    };
                    let key = Expr::Opaque(vec![key]);
                    Some(Expr::Index(
                        Box::new(Expr::Name(whole.into(), span)),
                        Box::new(key),
                        span,
                    ))
                }
                _ => Some(Expr::Name(format!("@{name}").into(), self.span(start))),
            };
        }
        match self.peek()? {
            '$' => {
                let inner = self.scalar_variable()?;
                Some(Expr::Opaque(vec![inner]))
            }
            '{' => {
                let block = self.block()?;
                let inner = self.on_the_spot(block);
                if matches!(self.peek(), Some('[' | '{')) {
                    let key = self.key()?;
                    return Some(Expr::Opaque(vec![inner, key]));
                }
                Some(Expr::Opaque(vec![inner]))
            }
            '_' | '-' | '+' => {
                self.next();
                Some(Expr::Opaque(Vec::new()))
            }
            _ => None,
        }
    }

    pub(super) fn whole_hash(&mut self) -> Option<Expr> {
        let start = self.at;
        self.next();
        let name = self.word_ahead();
        if !name.is_empty() {
            self.at += name.len();
            if name.contains("::") {
                return None;
            }
            let name = if name == "ENV" {
                "ENV".to_owned()
            } else {
                format!("%{name}")
            };
            return Some(Expr::Name(name.into(), self.span(start)));
        }
        match self.peek()? {
            '$' => {
                let inner = self.scalar_variable()?;
                Some(Expr::Opaque(vec![inner]))
            }
            '{' => {
                let block = self.block()?;
                let inner = self.on_the_spot(block);
                Some(Expr::Opaque(vec![inner]))
            }
            '+' | '-' => {
                self.next();
                Some(Expr::Opaque(Vec::new()))
            }
            _ => None,
        }
    }

    pub(super) fn declared(&mut self) -> Option<Expr> {
        self.blanks()?;
        if self.peek()? == '(' {
            let parts = self.parenthesised_list()?;
            return Some(Expr::List(parts));
        }
        let variable = match self.peek()? {
            '$' => self.scalar_variable()?,
            '@' => self.array_variable()?,
            '%' => self.whole_hash()?,
            _ => return None,
        };
        Some(variable)
    }
}
