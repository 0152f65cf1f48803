//! The tokens that PHP and Lua have in common: names, variables, texts, numbers, signs.

use crate::operation::Text;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A name, with the parts in front of it (`a.b` of Lua, `A\b` of PHP).
    Name(String),
    /// A variable of PHP, a plain name of Lua.
    Variable(String),
    /// A text, known as far as nothing is computed in it.
    Text(Text),
    /// A text that a shell runs, where the language has one.
    Command(Text),
    Number,
    /// `->`, `?->`, `::`, the `:` of a method.
    Member,
    /// An operator of more than one letter, and what joins texts.
    Operator(&'static str),
    Sign(char),
}

/// A token and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

impl Token {
    /// Whether an expression ends here.
    pub(super) fn ends(&self) -> bool {
        matches!(self.kind, Kind::Sign(';' | ',' | ')' | '}' | ']'))
            || matches!(&self.kind, Kind::Name(word) if matches!(word.as_str(), "local" | "return" | "end" | "if" | "for" | "while" | "function" | "do" | "then"))
    }
}

/// The text up to the unescaped `quote`, and its length with the quote; `None` if it does not end. `plain` escapes stand
/// for themselves.
pub(super) fn quoted(text: &str, quote: char, plain: bool) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Some((out, at + c.len_utf8()));
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let (_, escaped) = chars.next()?;
        match escaped {
            _ if escaped == quote || escaped == '\\' => out.push(escaped),
            _ if plain => {
                out.push('\\');
                out.push(escaped);
            }
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '$' => out.push('$'),
            // A letter by its number, or one that is read in ways of its own: computed as far as we are concerned.
            _ => out.push('\u{fffd}'),
        }
    }
    None
}

/// A text with a letter that was given by its number, or with something computed in it, is known up to there.
pub(super) fn known(text: String, computed: Option<usize>) -> Text {
    let numbered = text.find('\u{fffd}');
    match [numbered, computed].into_iter().flatten().min() {
        Some(at) => Text::Prefix(text.get(..at).unwrap_or_default().to_owned()),
        None => Text::Known(text),
    }
}

/// The length of the word that a text begins with.
pub(super) fn word(text: &str, more: &[char]) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_' || more.contains(&c)))
        .unwrap_or(text.len())
}
