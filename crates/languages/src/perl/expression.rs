//! Perl's operators and assignments: what is put together, what is chosen, and what is set.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what has no rule of its own is not told, which tightens"
)]

use crate::tree::{Expr, Target};

use super::Reader;

/// Operators of signs with how firmly they bind; longer ones first.
const SIGNS: &[(&str, u8)] = &[
    ("<=>", 11),
    ("...", 6),
    ("**", 18),
    ("=~", 16),
    ("!~", 16),
    ("==", 10),
    ("!=", 10),
    ("<=", 11),
    (">=", 11),
    ("<<", 13),
    (">>", 13),
    ("&&", 8),
    ("||", 7),
    ("//", 7),
    ("..", 6),
    ("+", 14),
    ("-", 14),
    (".", 14),
    ("*", 15),
    ("/", 15),
    ("%", 15),
    ("<", 11),
    (">", 11),
    ("&", 9),
    ("|", 9),
    ("^", 9),
];

/// Operators that are words.
const WORDS: &[(&str, u8)] = &[
    ("eq", 10),
    ("ne", 10),
    ("cmp", 10),
    ("lt", 11),
    ("gt", 11),
    ("le", 11),
    ("ge", 11),
    ("x", 15),
    ("isa", 12),
];

const SETTING: &[&str] = &[
    "**=", "||=", "&&=", "//=", "<<=", ">>=", "+=", "-=", "*=", "/=", ".=", "%=", "x=", "&=", "|=", "^=",
];

impl Reader<'_> {
    /// A whole expression, with `or`, `and` and `not`.
    pub(super) fn expression(&mut self) -> Option<Expr> {
        self.deeper(|reader| {
            let mut left = reader.negated()?;
            loop {
                reader.blanks()?;
                match reader.word_ahead() {
                    word @ ("or" | "and" | "xor") => {
                        reader.at += word.len();
                        let right = reader.negated()?;
                        left = Expr::Either(vec![left, right]);
                    }
                    _ => return Some(left),
                }
            }
        })
    }

    fn negated(&mut self) -> Option<Expr> {
        self.blanks()?;
        if self.keyword("not") {
            return Some(Expr::Opaque(vec![self.list()?]));
        }
        self.list()
    }

    /// Values with commas between; one value alone is not a list.
    pub(super) fn list(&mut self) -> Option<Expr> {
        let mut parts = vec![self.assignment()?];
        let mut several = false;
        loop {
            self.blanks()?;
            if !self.eat(",") && !self.eat("=>") {
                break;
            }
            several = true;
            self.blanks()?;
            match self.peek() {
                None | Some(')' | ']' | '}' | ';') => break,
                Some(',') => {}
                Some(_) if self.ends_list() => break,
                Some(_) => parts.push(self.assignment()?),
            }
        }
        if several {
            return Some(Expr::List(parts.into_iter().map(spread).collect()));
        }
        parts.pop()
    }

    /// Whether a word is next that ends a list.
    pub(super) fn ends_list(&self) -> bool {
        matches!(
            self.word_ahead(),
            "if" | "unless" | "while" | "until" | "for" | "foreach" | "or" | "and" | "xor"
        ) && !self
            .rest()
            .trim_start_matches(char::is_alphabetic)
            .trim_start()
            .starts_with("=>")
    }

    pub(super) fn assignment(&mut self) -> Option<Expr> {
        self.deeper(|reader| {
            let left = reader.ternary()?;
            reader.blanks()?;
            let rest = reader.rest();
            if let Some(sign) = SETTING.iter().find(|sign| rest.starts_with(**sign)) {
                reader.at += sign.len();
                let right = reader.assignment()?;
                let target = reader.target(&left)?;
                reader.mutates = true;
                let new = match *sign {
                    ".=" => Expr::Concat(vec![left, scalar(right)]),
                    _ => Expr::Opaque(vec![left, right]),
                };
                return Some(Expr::Assign(Box::new(target), Box::new(new)));
            }
            if rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=~") && !rest.starts_with("=>") {
                reader.at += 1;
                let right = reader.assignment()?;
                let target = reader.target(&left)?;
                let right = match &target {
                    Target::Name(name) if name.starts_with('$') => scalar(right),
                    Target::Name(_) | Target::Sequence(_) => listed(right),
                    _ => right,
                };
                let assigned = Expr::Assign(Box::new(target), Box::new(right));
                // What stands in an element's key runs as well.
                return Some(match left {
                    Expr::Name(..) => assigned,
                    left => Expr::Sequence(vec![left, assigned]),
                });
            }
            Some(left)
        })
    }

    /// What an assignment to this sets. None where the language looks at the variable for what to do.
    pub(super) fn target(&mut self, left: &Expr) -> Option<Target> {
        Some(match left {
            Expr::Name(name, span) => {
                if matches!(
                    name.as_ref(),
                    "@ARGV" | "%INC" | "@INC" | "$^I" | "$ARGV" | "@ISA" | "@EXPORT" | "@EXPORT_OK" | "$^X"
                ) {
                    return None;
                }
                if name.as_ref() == "ENV" {
                    let key = Expr::Opaque(Vec::new());
                    return Some(Target::Index(Expr::Name("ENV".into(), *span), key, *span));
                }
                Target::Name(self.sets(name))
            }
            Expr::List(parts) => {
                let mut out = Vec::new();
                for part in parts {
                    out.push(match part {
                        Expr::Spread(inner) => match self.target(inner)? {
                            Target::Name(name) => Target::Rest(Box::new(Target::Name(name))),
                            other => other,
                        },
                        other => self.target(other)?,
                    });
                }
                Target::Sequence(out)
            }
            Expr::Index(object, key, span) => match (&**object, &**key) {
                (Expr::Name(name, at), key) => {
                    if matches!(name.as_ref(), "@ARGV" | "@INC" | "%INC") {
                        return None;
                    }
                    if name.as_ref() != "ENV" {
                        self.sets(name);
                        self.mutates = true;
                    }
                    let key = match key {
                        Expr::Text(text) => Expr::Text(text.clone()),
                        _ => Expr::Opaque(Vec::new()),
                    };
                    Target::Index(Expr::Name(name.clone(), *at), key, *span)
                }
                _ => Target::Ignore,
            },
            // A part of a text, an element behind a reference, one of two variables.
            Expr::Opaque(_) | Expr::Either(_) | Expr::Nothing => {
                self.mutates = true;
                Target::Ignore
            }
            Expr::Assign(target, _) => match &**target {
                Target::Name(name) => Target::Name(self.sets(name)),
                _ => Target::Ignore,
            },
            _ => return None,
        })
    }

    fn ternary(&mut self) -> Option<Expr> {
        let condition = self.binary(0)?;
        self.blanks()?;
        if !self.eat("?") {
            return Some(condition);
        }
        let yes = self.assignment()?;
        self.expect(":")?;
        let no = self.assignment()?;
        Some(Expr::Sequence(vec![condition, Expr::Either(vec![yes, no])]))
    }

    /// Operands with operators that bind more firmly than `least`.
    pub(super) fn binary(&mut self, least: u8) -> Option<Expr> {
        self.deeper(|reader| {
            let mut left = reader.unary()?;
            loop {
                reader.blanks()?;
                let Some((sign, binds)) = reader.operator() else {
                    return Some(left);
                };
                if binds <= least {
                    return Some(left);
                }
                reader.at += sign.len();
                let right = reader.binary(if sign == "**" { binds - 1 } else { binds })?;
                left = match sign {
                    "." => Expr::Concat(vec![scalar(left), scalar(right)]),
                    "||" | "//" | "&&" => Expr::Either(vec![left, right]),
                    _ => Expr::Opaque(vec![left, right]),
                };
            }
        })
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let rest = self.rest();
        if SETTING.iter().any(|sign| rest.starts_with(sign)) {
            return None;
        }
        let word = self.word_ahead();
        if !word.is_empty() {
            // `x3`: repeated three times.
            if word.starts_with('x') && word.len() > 1 && word.bytes().skip(1).all(|b| b.is_ascii_digit()) {
                return Some(("x", 15));
            }
            return WORDS.iter().find(|(name, _)| *name == word).copied();
        }
        SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)).copied()
    }

    fn unary(&mut self) -> Option<Expr> {
        self.deeper(|reader| {
            reader.blanks()?;
            let rest = reader.rest();
            if rest.starts_with("++") || rest.starts_with("--") {
                reader.at += 2;
                let inner = reader.unary()?;
                reader.target(&inner)?;
                reader.mutates = true;
                return Some(Expr::Opaque(vec![inner]));
            }
            match reader.peek()? {
                // A file test: `-e $file`. It reads attributes.
                '-' if reader.file_test() => {
                    reader.at += 2;
                    reader.blanks()?;
                    if matches!(reader.peek(), None | Some(';' | ')' | '}' | '&' | '|' | '?')) {
                        return Some(Expr::Opaque(Vec::new()));
                    }
                    Some(Expr::Opaque(vec![reader.unary()?]))
                }
                '!' | '~' | '-' | '+' => {
                    let sign = reader.next()?;
                    let inner = reader.unary()?;
                    Some(if sign == '+' { inner } else { Expr::Opaque(vec![inner]) })
                }
                '\\' => {
                    reader.next();
                    // Whoever has the reference may change what it points to.
                    reader.mutates = true;
                    let inner = reader.unary()?;
                    Some(match inner {
                        Expr::Name(name, _) if name.starts_with('&') => return None,
                        Expr::Text(_) => Expr::Nothing,
                        inner => Expr::Opaque(vec![inner]),
                    })
                }
                _ => {
                    let inner = reader.term()?;
                    reader.blanks()?;
                    if reader.rest().starts_with("++") || reader.rest().starts_with("--") {
                        reader.at += 2;
                        reader.target(&inner)?;
                        reader.mutates = true;
                        return Some(Expr::Opaque(vec![inner]));
                    }
                    Some(inner)
                }
            }
        })
    }

    fn file_test(&self) -> bool {
        let mut chars = self.rest().chars().skip(1);
        let letter = chars.next();
        let after = chars.next();
        letter.is_some_and(|c| "edfrwxszloRWXOpSbctugkTBMAC".contains(c))
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '=')
            && !self
                .rest()
                .get(2..)
                .is_some_and(|tail| tail.trim_start().starts_with("=>"))
    }
}

/// In a list an array is its elements.
pub(super) fn spread(part: Expr) -> Expr {
    match part {
        Expr::Name(name, span) if name.starts_with(['@', '%']) => Expr::Spread(Box::new(Expr::Name(name, span))),
        Expr::List(parts) => Expr::Spread(Box::new(Expr::List(parts))),
        Expr::Call(call) => match &call.callee {
            Expr::Name(name, _) if name.as_ref() == "glob" => Expr::Spread(Box::new(Expr::Call(call))),
            _ => Expr::Call(call),
        },
        other => other,
    }
}

/// Where one value is wanted: a list of one is that; of several is not told.
pub(super) fn scalar(value: Expr) -> Expr {
    match value {
        Expr::List(mut parts) if parts.len() == 1 => match parts.pop() {
            Some(Expr::Spread(inner)) => Expr::Opaque(vec![*inner]),
            Some(one) => one,
            None => Expr::Nothing,
        },
        Expr::List(parts) => Expr::Opaque(parts),
        Expr::Name(name, span) if name.starts_with(['@', '%']) => Expr::Opaque(vec![Expr::Name(name, span)]),
        other => other,
    }
}

/// Where a list is wanted: one value is a list of one, unless it is an array or a call that gives several.
fn listed(value: Expr) -> Expr {
    match value {
        Expr::Text(_) | Expr::Concat(_) | Expr::Number(_) => Expr::List(vec![value]),
        other => other,
    }
}
