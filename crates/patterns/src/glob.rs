//! One pattern against one text: `*`, `?`, `[…]`, `\x`, and `**` between slashes. It knows nothing of files.
//!
//! A match keeps a single point to return to, the last star. That is enough, since moving an earlier star can never
//! help where moving the last one failed, and it is what bounds the time.

use core::str::Chars;

/// Whether letters that differ only in case are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// They differ, as on most Linux file systems.
    #[default]
    Sensitive,
    /// They are the same, as on macOS and Windows by default.
    Insensitive,
}

/// Whether the text matches a pattern in which only `*` is special: any run of any characters, also none.
#[must_use]
pub fn stars(pattern: &str, text: &str) -> bool {
    run(
        pattern,
        text,
        |rest| match rest.next() {
            None => Token::End,
            Some('*') => Token::Star,
            Some(literal) => Token::One(One::Literal(literal)),
        },
        Case::Sensitive,
    )
}

/// Whether the text matches a glob in which `*` also crosses slashes.
///
/// `?` is one character, `[a-z]`, `[!a]`, `[^a]` and `[[:digit:]]` one of a class, and `\` takes the next character
/// as it is. A pattern that is not well formed matches nothing.
#[must_use]
pub fn glob(pattern: &str, text: &str, case: Case) -> bool {
    run(pattern, text, token, case)
}

/// Whether the path matches a glob in which `*`, `?` and classes stay within one name.
///
/// A whole name `**` stands for any number of names, at the end for at least one.
#[must_use]
pub fn path_glob(pattern: &str, path: &str, case: Case) -> bool {
    let mut pattern = Some(pattern);
    let mut path = Some(path);
    let mut last_star: Option<(&str, &str)> = None;
    loop {
        match (pattern, path) {
            (None, None) => return true,
            (Some(_), None) => return false,
            (Some(names), Some(text)) => {
                let (name, rest) = split_pattern(names);
                // As in git, more than two stars are no more than two.
                if name.len() >= 2 && name.bytes().all(|byte| byte == b'*') {
                    let Some(rest) = rest else { return true };
                    last_star = Some((rest, text));
                    pattern = Some(rest);
                    continue;
                }
                let (head, tail) = split_path(text);
                if glob(name, head, case) {
                    pattern = rest;
                    path = tail;
                    continue;
                }
            }
            (None, Some(_)) => {}
        }
        let Some((after_star, from)) = last_star else {
            return false;
        };
        let Some(next) = split_path(from).1 else { return false };
        last_star = Some((after_star, next));
        pattern = Some(after_star);
        path = Some(next);
    }
}

/// Whether the pattern can be read to its end: every class is closed and no backslash stands last.
#[must_use]
pub fn is_well_formed(pattern: &str) -> bool {
    let mut rest = pattern.chars();
    loop {
        match token(&mut rest) {
            Token::End => return true,
            Token::Malformed => return false,
            Token::Star | Token::One(_) => {}
        }
    }
}

enum Token<'a> {
    End,
    Star,
    One(One<'a>),
    /// An unclosed class or a backslash at the end; nothing matches it.
    Malformed,
}

enum One<'a> {
    Any,
    Literal(char),
    /// What stands between the brackets.
    Class(&'a str),
}

fn run<'a>(pattern: &'a str, text: &str, token: impl Fn(&mut Chars<'a>) -> Token<'a>, case: Case) -> bool {
    let mut rest = pattern.chars();
    let mut text = text.chars();
    let mut last_star: Option<(Chars<'a>, Chars<'_>)> = None;
    loop {
        let mut ahead = rest.clone();
        match token(&mut ahead) {
            Token::Malformed => return false,
            Token::Star => {
                if ahead.as_str().is_empty() {
                    return true;
                }
                last_star = Some((ahead.clone(), text.clone()));
                rest = ahead;
                continue;
            }
            Token::End => {
                if text.as_str().is_empty() {
                    return true;
                }
            }
            Token::One(one) => {
                let mut next = text.clone();
                // At the end of the text there is nothing to gain from a star that takes more of it.
                let Some(found) = next.next() else { return false };
                if one.accepts(found, case) {
                    rest = ahead;
                    text = next;
                    continue;
                }
            }
        }
        let Some((after_star, from)) = last_star.as_mut() else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        rest = after_star.clone();
        text = from.clone();
    }
}

fn token<'a>(rest: &mut Chars<'a>) -> Token<'a> {
    match rest.next() {
        None => Token::End,
        Some('*') => Token::Star,
        Some('?') => Token::One(One::Any),
        Some('\\') => rest
            .next()
            .map_or(Token::Malformed, |escaped| Token::One(One::Literal(escaped))),
        Some('[') => match class_body(rest) {
            Some(body) => Token::One(One::Class(body)),
            None => Token::Malformed,
        },
        Some(literal) => Token::One(One::Literal(literal)),
    }
}

/// What stands between `[` (already taken) and its `]`, which is taken as well.
fn class_body<'a>(rest: &mut Chars<'a>) -> Option<&'a str> {
    let whole = rest.as_str();
    let mut ahead = rest.clone();
    if ahead.as_str().starts_with(['!', '^']) {
        ahead.next();
    }
    let mut first = true;
    loop {
        let before = ahead.as_str();
        match ahead.next()? {
            ']' if !first => {
                let body = whole.get(..whole.len().checked_sub(before.len())?)?;
                *rest = ahead;
                return Some(body);
            }
            '\\' => {
                ahead.next()?;
            }
            '[' if ahead.as_str().starts_with(':') => {
                if let Some(end) = ahead.as_str().find(":]") {
                    ahead = ahead.as_str().get(end.checked_add(2)?..)?.chars();
                }
            }
            _ => {}
        }
        first = false;
    }
}

impl One<'_> {
    fn accepts(&self, found: char, case: Case) -> bool {
        match *self {
            Self::Any => true,
            Self::Literal(wanted) => same(wanted, found, case),
            Self::Class(body) => {
                let (negated, items) = match body.strip_prefix(['!', '^']) {
                    Some(items) => (true, items),
                    None => (false, body),
                };
                let inside = match case {
                    Case::Sensitive => class_has(items, found),
                    Case::Insensitive => {
                        class_has(items, found)
                            || found.to_lowercase().any(|folded| class_has(items, folded))
                            || found.to_uppercase().any(|folded| class_has(items, folded))
                    }
                };
                inside != negated
            }
        }
    }
}

fn same(wanted: char, found: char, case: Case) -> bool {
    wanted == found
        || match case {
            Case::Sensitive => false,
            Case::Insensitive => wanted.to_lowercase().eq(found.to_lowercase()),
        }
}

fn class_has(items: &str, found: char) -> bool {
    let mut rest = items.chars();
    while let Some(item) = rest.next() {
        let low = match item {
            '[' if rest.as_str().starts_with(':') => {
                if let Some((name, after)) = rest.as_str().get(1..).and_then(|text| text.split_once(":]")) {
                    if in_named_class(name, found) {
                        return true;
                    }
                    rest = after.chars();
                    continue;
                }
                item
            }
            '\\' => rest.next().unwrap_or('\\'),
            plain => plain,
        };
        let mut ahead = rest.clone();
        // A dash that stands last is itself.
        if ahead.next() == Some('-') && !ahead.as_str().is_empty() {
            let high = match ahead.next() {
                Some('\\') => ahead.next(),
                other => other,
            };
            if high.is_some_and(|high| (low..=high).contains(&found)) {
                return true;
            }
            rest = ahead;
        } else if low == found {
            return true;
        }
    }
    false
}

fn in_named_class(name: &str, found: char) -> bool {
    match name {
        "alnum" => found.is_alphanumeric(),
        "alpha" => found.is_alphabetic(),
        "blank" => matches!(found, ' ' | '\t'),
        "cntrl" => found.is_control(),
        "digit" => found.is_ascii_digit(),
        "graph" => found.is_ascii_graphic(),
        "lower" => found.is_lowercase(),
        "print" => found == ' ' || found.is_ascii_graphic(),
        "punct" => found.is_ascii_punctuation(),
        "space" => found.is_ascii_whitespace() || found == '\u{b}',
        "upper" => found.is_uppercase(),
        "xdigit" => found.is_ascii_hexdigit(),
        _ => false,
    }
}

/// The first name of a pattern and the rest; a slash within a class does not divide.
fn split_pattern(pattern: &str) -> (&str, Option<&str>) {
    let mut rest = pattern.chars();
    loop {
        let before = rest.as_str();
        let cut = |length: usize| {
            pattern
                .len()
                .checked_sub(before.len())
                .and_then(|end| pattern.get(..end))
                .zip(before.get(length..))
        };
        let cut = match rest.next() {
            None => return (pattern, None),
            Some('/') => cut(1),
            Some('\\') if rest.as_str().starts_with('/') => cut(2),
            Some('\\') => {
                rest.next();
                continue;
            }
            Some('[') => {
                let mut ahead = rest.clone();
                if class_body(&mut ahead).is_some() {
                    rest = ahead;
                }
                continue;
            }
            Some(_) => continue,
        };
        return cut.map_or((pattern, None), |(head, tail)| (head, Some(tail)));
    }
}

fn split_path(path: &str) -> (&str, Option<&str>) {
    path.split_once('/')
        .map_or((path, None), |(head, tail)| (head, Some(tail)))
}
