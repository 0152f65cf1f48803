//! Braces, splitting and globs: one word of the tree to the arguments it becomes.

use placet_model::Span;

use super::Interpreter;
use super::expand::is_anything;
use crate::paths::{self, Dir};
use crate::syntax::tree::{Part, Quote};
use crate::value::{Arg, Bound, Piece, Taint, Value};

/// How many words a brace expansion may give.
const BRACES: usize = 64;
/// How many names a glob is expanded to one by one.
const NAMES: usize = 64;

/// Whether unquoted text means more than itself.
pub(super) fn is_active(text: &str) -> bool {
    text.starts_with('~') || text.bytes().any(|b| matches!(b, b'*' | b'?' | b'[' | b'{'))
}

/// Expands the parts of a word into arguments.
pub(super) fn expand(it: &mut Interpreter<'_>, parts: &[Part], span: Span, out: &mut Vec<Arg>) {
    let braces = parts
        .iter()
        .any(|part| matches!(part, Part::Literal { text, quote: Quote::None } if text.contains('{')));
    if !braces {
        fields(it, parts, span, out);
        return;
    }
    let mut atoms = Vec::new();
    for part in parts {
        if let Part::Literal {
            text,
            quote: Quote::None,
        } = part
        {
            atoms.extend(text.chars().map(Atom::Char));
        } else {
            atoms.push(Atom::Part(part.clone()));
        }
    }
    let mut words = Vec::new();
    let mut budget = BRACES;
    alternatives(&atoms, &mut words, &mut budget, 0);
    if budget == 0 {
        out.push(Arg {
            value: Value::hole(Bound::Any),
            span,
            many: true,
        });
        return;
    }
    for word in words {
        fields(it, &assemble(&word), span, out);
    }
}

#[derive(Clone)]
enum Atom {
    Char(char),
    Part(Part),
}

impl Atom {
    fn is(&self, wanted: char) -> bool {
        matches!(self, Self::Char(c) if *c == wanted)
    }
}

/// All words that the first brace expression in `atoms` gives, and so on for the rest.
fn alternatives(atoms: &[Atom], out: &mut Vec<Vec<Atom>>, budget: &mut usize, depth: u8) {
    if *budget == 0 || depth > 8 {
        *budget = 0;
        return;
    }
    let mut from = 0;
    while let Some(open) = atoms
        .iter()
        .skip(from)
        .position(|atom| atom.is('{'))
        .map(|at| at + from)
    {
        let Some((close, commas)) = matching(atoms, open) else {
            from = open + 1;
            continue;
        };
        let inner = atoms.get(open + 1..close).unwrap_or_default();
        let choices: Vec<Vec<Atom>> = if commas.is_empty() {
            match range(inner) {
                Some(words) => words
                    .into_iter()
                    .map(|word| word.chars().map(Atom::Char).collect())
                    .collect(),
                None => {
                    from = open + 1;
                    continue;
                }
            }
        } else {
            let mut pieces = Vec::new();
            let mut start = open + 1;
            for end in commas.into_iter().chain(std::iter::once(close)) {
                pieces.push(atoms.get(start..end).unwrap_or_default().to_vec());
                start = end + 1;
            }
            pieces
        };
        for choice in choices {
            let mut word = atoms.get(..open).unwrap_or_default().to_vec();
            word.extend(choice);
            word.extend(atoms.get(close + 1..).unwrap_or_default().iter().cloned());
            alternatives(&word, out, budget, depth + 1);
        }
        return;
    }
    *budget = budget.saturating_sub(1);
    out.push(atoms.to_vec());
}

/// The closing brace of the one at `open`, and the commas between at the same depth.
fn matching(atoms: &[Atom], open: usize) -> Option<(usize, Vec<usize>)> {
    let mut depth = 0_u32;
    let mut commas = Vec::new();
    for (index, atom) in atoms.iter().enumerate().skip(open) {
        match atom {
            Atom::Char('{') => depth += 1,
            Atom::Char('}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some((index, commas));
                }
            }
            Atom::Char(',') if depth == 1 => commas.push(index),
            Atom::Char(_) | Atom::Part(_) => {}
        }
    }
    None
}

/// `1..9` and `a..e`.
fn range(inner: &[Atom]) -> Option<Vec<String>> {
    let text: String = inner
        .iter()
        .map(|atom| match atom {
            Atom::Char(c) => Some(*c),
            Atom::Part(_) => None,
        })
        .collect::<Option<_>>()?;
    let (low, high) = text.split_once("..")?;
    let high = high.split("..").next()?;
    if let (Ok(low), Ok(high)) = (low.parse::<i64>(), high.parse::<i64>()) {
        let (from, to) = (low.min(high), low.max(high));
        if to.checked_sub(from)? > i64::try_from(BRACES).ok()? {
            return Some(vec!["0".to_owned(); BRACES + 1]);
        }
        return Some((from..=to).map(|n| n.to_string()).collect());
    }
    let mut ends = (low.chars(), high.chars());
    match (ends.0.next(), ends.0.next(), ends.1.next(), ends.1.next()) {
        (Some(a), None, Some(b), None) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some((a.min(b)..=a.max(b)).map(String::from).collect())
        }
        _ => None,
    }
}

fn assemble(atoms: &[Atom]) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for atom in atoms {
        match atom {
            Atom::Char(c) => {
                if let Some(Part::Literal {
                    text,
                    quote: Quote::None,
                }) = out.last_mut()
                {
                    text.push(*c);
                } else {
                    out.push(Part::Literal {
                        text: c.to_string(),
                        quote: Quote::None,
                    });
                }
            }
            Atom::Part(part) => out.push(part.clone()),
        }
    }
    out
}

/// A word under construction.
#[derive(Default)]
struct Field {
    value: Value,
    /// The same text as a glob pattern, with quoted characters escaped; `None` when something in it is unknown.
    pattern: Option<String>,
    glob: bool,
    many: bool,
    /// Something is there, if only an empty quoted string.
    begun: bool,
}

impl Field {
    fn new() -> Self {
        Self {
            pattern: Some(String::new()),
            ..Self::default()
        }
    }

    fn quoted(&mut self, text: &str) {
        self.begun = true;
        self.value.push_text(text);
        if let Some(pattern) = &mut self.pattern {
            for c in text.chars() {
                if matches!(c, '*' | '?' | '[' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
        }
    }

    /// Unquoted text: glob characters become holes.
    fn active(&mut self, text: &str) {
        self.begun = true;
        if let Some(pattern) = &mut self.pattern {
            pattern.push_str(text);
        }
        let mut rest = text;
        while let Some(at) = rest.find(['*', '?', '[']) {
            let (head, tail) = rest.split_at(at);
            self.value.push_text(head);
            let length = if tail.starts_with('[') {
                match tail.find(']').filter(|end| *end > 1) {
                    Some(end) => end + 1,
                    None => {
                        self.value.push_text("[");
                        rest = tail.get(1..).unwrap_or_default();
                        continue;
                    }
                }
            } else {
                1
            };
            self.glob = true;
            if !matches!(self.value.pieces.last(), Some(Piece::Hole(Bound::Name))) {
                self.value.pieces.push(Piece::Hole(Bound::Name));
            }
            rest = tail.get(length..).unwrap_or_default();
        }
        self.value.push_text(rest);
    }

    fn unknown(&mut self, value: &Value, many: bool) {
        self.begun = true;
        self.many |= many;
        match value.known() {
            Some(text) => self.quoted(text),
            None => {
                self.pattern = None;
                self.value.push(value);
            }
        }
        self.value.taint = self.value.taint.and(value.taint);
    }
}

fn fields(it: &mut Interpreter<'_>, parts: &[Part], span: Span, out: &mut Vec<Arg>) {
    let mut field = Field::new();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Literal {
                text,
                quote: Quote::None,
            } => {
                if index == 0 && text.starts_with('~') {
                    let end = text.find('/').unwrap_or(text.len());
                    let (tilde, rest) = text.split_at(end);
                    let value = it.tilde(tilde);
                    field.unknown(&value, false);
                    field.active(rest);
                } else {
                    field.active(text);
                }
            }
            Part::Literal { text, .. } => field.quoted(text),
            Part::Parameter(parameter) => {
                if let Some(list) = it.list(parameter) {
                    if let Some(values) = list {
                        spread(it, values, &mut field, span, out, parameter.quoted);
                    } else {
                        field.unknown(&Value::hole(Bound::Any), true);
                    }
                    continue;
                }
                let value = it.parameter(parameter);
                if parameter.quoted {
                    field.unknown(&value, false)
                } else {
                    split(it, &value, &mut field, span, out)
                }
            }
            Part::Command {
                items,
                quoted,
                span: inner,
            } => {
                let value = it.substitution(items, *inner);
                if *quoted {
                    field.unknown(&value, false)
                } else {
                    split(it, &value, &mut field, span, out)
                }
            }
            Part::Arithmetic { parts, .. } => {
                let value = it.arithmetic(parts);
                it.arithmetic_assignments(parts);
                field.unknown(&value, false);
            }
            Part::Process { .. } => {
                let word = crate::syntax::tree::Word {
                    parts: vec![part.clone()],
                    assignment: None,
                    span,
                };
                let value = it.value(&word);
                field.unknown(&value, false);
            }
        }
    }
    finish(it, field, span, out);
}

/// Unquoted: known text is split at blanks and globbed, unknown text may be any number of words.
fn split(it: &Interpreter<'_>, value: &Value, field: &mut Field, span: Span, out: &mut Vec<Arg>) {
    if it.whole_words && value.known().is_some() {
        field.unknown(value, false);
        return;
    }
    let plain_separators = !it.state.variables.contains_key("IFS");
    let Some(text) = value.known().filter(|_| plain_separators) else {
        let many = value.pieces.iter().any(|piece| match piece {
            Piece::Hole(Bound::Any | Bound::Setup | Bound::Below(_) | Bound::Relative | Bound::Printed(_)) => true,
            Piece::Hole(Bound::Number | Bound::Pids(_) | Bound::Name | Bound::Word) => false,
            Piece::Text(text) => !plain_separators || text.contains(char::is_whitespace),
        });
        // Known text around a hole splits as well; each of the words is then unknown.
        if many && !is_anything(value) && value.pieces.len() > 1 {
            let blank = value
                .pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Text(text) if text.contains(char::is_whitespace)));
            if blank {
                field.unknown(&Value::hole(Bound::Any).tainted(value.taint), true);
                return;
            }
        }
        field.unknown(value, many);
        return;
    };
    field.value.taint = field.value.taint.and(value.taint);
    if text.starts_with(char::is_whitespace) && field.begun {
        finish(it, std::mem::replace(field, Field::new()), span, out);
    }
    let mut words = text.split_ascii_whitespace().peekable();
    while let Some(word) = words.next() {
        field.active(word);
        field.value.taint = field.value.taint.and(value.taint);
        if words.peek().is_some() || text.ends_with(|c: char| c.is_ascii_whitespace()) {
            finish(it, std::mem::replace(field, Field::new()), span, out);
        }
    }
}

fn spread(it: &Interpreter<'_>, values: Vec<Value>, field: &mut Field, span: Span, out: &mut Vec<Arg>, quoted: bool) {
    let last = values.len().saturating_sub(1);
    for (index, value) in values.into_iter().enumerate() {
        if quoted {
            field.unknown(&value, false)
        } else {
            split(it, &value, field, span, out)
        }
        if index != last {
            finish(it, std::mem::replace(field, Field::new()), span, out);
        }
    }
}

fn finish(it: &Interpreter<'_>, field: Field, span: Span, out: &mut Vec<Arg>) {
    if !field.begun {
        return;
    }
    if field.glob
        && let Some(names) = field.pattern.as_deref().and_then(|pattern| glob(it, pattern))
    {
        out.extend(names.into_iter().map(|name| Arg {
            value: Value::text(name).tainted(field.value.taint),
            span,
            many: false,
        }));
        return;
    }
    let many = field.many || field.glob;
    out.push(Arg {
        value: field.value,
        span,
        many,
    });
}

/// The names that a pattern with globs in its last component matches, if the directory can be listed.
fn glob(it: &Interpreter<'_>, pattern: &str) -> Option<Vec<String>> {
    let (dir, name) = pattern
        .rsplit_once('/')
        .map_or(("", pattern), |(dir, name)| (dir, name));
    if dir.contains(['*', '?', '[']) || name.is_empty() {
        return None;
    }
    let unescaped = dir.replace('\\', "");
    let base = match &it.state.cwd {
        _ if pattern.starts_with('/') => paths::normal("/", &unescaped),
        Dir::At(cwd) => paths::normal(cwd, &unescaped),
        Dir::Below(_) | Dir::Unknown => return None,
    };
    let names = it.facts.entries(&base)?;
    let wanted: Vec<char> = name.chars().collect();
    let mut found: Vec<String> = names
        .into_iter()
        .filter(|entry| {
            entry.starts_with('.') == name.starts_with('.') && matches(&wanted, &entry.chars().collect::<Vec<_>>())
        })
        .map(|entry| {
            if dir.is_empty() && !pattern.starts_with('/') {
                entry
            } else {
                format!("{unescaped}/{entry}")
            }
        })
        .collect();
    if found.is_empty() || found.len() > NAMES {
        return None;
    }
    found.sort();
    // A text that wrote files itself may match more than is there now.
    it.state.written.is_empty().then_some(found)
}

/// Shell pattern matching on whole texts: `*`, `?`, `[…]`, backslash. Linear in pattern times text.
pub(crate) fn matches(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let step = match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('\\') => (pattern.get(p + 1) == text.get(t)).then_some(2),
            Some('[') => class(pattern.get(p..).unwrap_or_default(), text.get(t).copied()),
            Some(c) => (Some(c) == text.get(t)).then_some(1),
            None => None,
        };
        match (step, star) {
            (Some(width), _) => {
                p += width;
                t += 1;
            }
            (None, Some((at, from))) => {
                p = at + 1;
                t = from + 1;
                star = Some((at, from + 1));
            }
            (None, None) => return false,
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|c| *c == '*')
}

/// The width of a character class that matches `c`, if it does.
fn class(pattern: &[char], c: Option<char>) -> Option<usize> {
    let c = c?;
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let mut at = if negated { 2 } else { 1 };
    let first = at;
    let mut hit = false;
    loop {
        match pattern.get(at) {
            None => return (pattern.first() == Some(&c)).then_some(1),
            Some(']') if at > first => break,
            Some(low) => {
                if pattern.get(at + 1) == Some(&'-') && pattern.get(at + 2).is_some_and(|high| *high != ']') {
                    let high = pattern.get(at + 2).copied().unwrap_or(*low);
                    hit |= (*low..=high).contains(&c);
                    at += 3;
                } else {
                    hit |= *low == c;
                    at += 1;
                }
            }
        }
    }
    (hit != negated).then_some(at + 1)
}

/// The taint of all arguments.
pub(super) fn taint(args: &[Arg]) -> Taint {
    args.iter().fold(Taint::default(), |all, arg| all.and(arg.value.taint))
}
