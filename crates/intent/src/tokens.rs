//! Words of a sentence: plain words, names, quoted things and separators. No meaning yet.

use std::borrow::Cow;

/// Words, with a space between each two: a list that can be read. A mask tells at once of most words that they are not
/// in it, since a message has many words and there are many lists.
pub(crate) struct List {
    words: &'static str,
    mask: [u64; 8],
}

impl List {
    pub(crate) const fn new(words: &'static str) -> Self {
        let mut mask = [0; 8];
        let mut hash = EMPTY;
        let mut rest = words.as_bytes();
        while let [letter, others @ ..] = rest {
            if *letter == b' ' {
                mask = marked(mask, hash);
                hash = EMPTY;
            } else {
                hash = hashed(hash, *letter);
            }
            rest = others;
        }
        Self {
            words,
            mask: marked(mask, hash),
        }
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.may_have(hash(word)) && self.holds(word)
    }

    /// Whether some word of the text is in the list; true as well if it has letters that are not ASCII. One pass, no
    /// allocation: it tells which sentences are worth reading.
    pub(crate) fn may_stand_in(&self, text: &str) -> bool {
        let (mut hash, mut from) = (EMPTY, None);
        for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
            match letter {
                'a'..='z' | 'A'..='Z' | '\'' | '-' => {
                    hash = hashed(hash, u8::try_from(letter.to_ascii_lowercase()).unwrap_or(b' '));
                    from = from.or(Some(at));
                }
                // An apostrophe as word processors write it.
                '\u{2019}' => return true,
                _ if !letter.is_ascii() && letter.is_alphabetic() => return true,
                _ => {
                    if let Some(from) = from.take()
                        && self.may_have(folded(hash))
                        && let Some(word) = text.get(from..at)
                        && self.bytes().any(|one| one.eq_ignore_ascii_case(word.as_bytes()))
                    {
                        return true;
                    }
                    hash = EMPTY;
                }
            }
        }
        false
    }

    fn holds(&self, word: &str) -> bool {
        self.bytes().any(|one| one == word.as_bytes())
    }

    /// The words one by one; walking bytes is the fastest way over so short words.
    fn bytes(&self) -> impl Iterator<Item = &'static [u8]> + use<> {
        self.words.as_bytes().split(|byte| *byte == b' ')
    }

    /// The words one by one.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.words.split(' ')
    }

    fn may_have(&self, hash: u32) -> bool {
        let bit = |hash: u32| {
            self.mask
                .get((hash >> 6 & 7) as usize)
                .map_or(1, |bits| bits >> (hash & 63) & 1)
        };
        bit(hash) & bit(hash >> 9) & bit(hash >> 18) == 1
    }
}

const EMPTY: u32 = 0x811c_9dc5;

const fn hashed(hash: u32, letter: u8) -> u32 {
    (hash ^ letter as u32).wrapping_mul(0x0100_0193)
}

/// A hash, of which three times nine bits count.
fn hash(word: &str) -> u32 {
    folded(word.bytes().fold(EMPTY, hashed))
}

const fn folded(hash: u32) -> u32 {
    hash ^ hash >> 15
}

/// The mask with the three bits of a word.
const fn marked(mask: [u64; 8], hash: u32) -> [u64; 8] {
    let hash = folded(hash);
    with_bit(with_bit(with_bit(mask, hash), hash >> 9), hash >> 18)
}

const fn with_bit(mask: [u64; 8], hash: u32) -> [u64; 8] {
    let bit = 1 << (hash & 63);
    let [a, b, c, d, e, f, g, h] = mask;
    match hash >> 6 & 7 {
        0 => [a | bit, b, c, d, e, f, g, h],
        1 => [a, b | bit, c, d, e, f, g, h],
        2 => [a, b, c | bit, d, e, f, g, h],
        3 => [a, b, c, d | bit, e, f, g, h],
        4 => [a, b, c, d, e | bit, f, g, h],
        5 => [a, b, c, d, e, f | bit, g, h],
        6 => [a, b, c, d, e, f, g | bit, h],
        _ => [a, b, c, d, e, f, g, h | bit],
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A plain word.
    Word,
    /// Something that looks like a name: a path, a host, an identifier, a version.
    Name,
    /// Text in backticks.
    Code,
    /// Text in quotes.
    Quoted,
    /// A comma, a colon, a bracket, a dash.
    Separator,
}

/// One token.
#[derive(Clone, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) shape: Shape,
    /// As it was written, without what surrounds it.
    pub(crate) raw: &'t str,
    /// In lower case.
    pub(crate) lower: Cow<'t, str>,
    hash: u32,
}

impl Token<'_> {
    pub(crate) fn is(&self, word: &str) -> bool {
        self.shape == Shape::Word && self.lower == word
    }

    pub(crate) fn is_one(&self, words: &[&str]) -> bool {
        self.shape == Shape::Word && words.iter().any(|word| *word == self.lower)
    }

    pub(crate) fn is_in(&self, words: &List) -> bool {
        self.shape == Shape::Word && words.may_have(self.hash) && words.holds(&self.lower)
    }

    pub(crate) fn ends(&self, marks: &[&str]) -> bool {
        self.shape == Shape::Separator && marks.contains(&self.raw)
    }

    /// A thing's name, in whatever form it was written.
    pub(crate) fn names(&self) -> bool {
        match self.shape {
            Shape::Name | Shape::Code => true,
            Shape::Quoted => !self.raw.contains(char::is_whitespace),
            Shape::Word | Shape::Separator => false,
        }
    }
}

/// Words with a hyphen that are plain words all the same.
static HYPHENATED: List = List::new(
    "force-push force-pushing re-run clean-up read-only check-in follow-up re-test pre-existing up-to-date \
     end-to-end roll-out re-install re-deploy re-create",
);

/// The tokens of a sentence.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = skip(rest, first.len_utf8());
        } else if let Some((inner, after)) = enclosed(rest, first) {
            let shape = if first == '`' { Shape::Code } else { Shape::Quoted };
            push(&mut found, shape, inner);
            rest = after;
        } else {
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\u{201c}'))
                .unwrap_or(rest.len());
            let end = end.max(first.len_utf8());
            let (chunk, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            split_chunk(chunk, &mut found);
            rest = after;
        }
    }
    found
}

fn skip(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or_default()
}

/// What stands between a quotation mark and its partner.
fn enclosed(text: &str, first: char) -> Option<(&str, &str)> {
    let partner = match first {
        '`' => '`',
        '"' => '"',
        '\u{201c}' => '\u{201d}',
        '\'' => '\'',
        _ => return None,
    };
    let inside = skip(text, first.len_utf8());
    let (inner, after) = inside.split_once(partner)?;
    // An apostrophe is no quotation mark unless a word ends behind its partner.
    let fits = first != '\'' || after.chars().next().is_none_or(|next| !next.is_alphanumeric());
    (fits && !inner.trim().is_empty() && inner.len() < 400).then(|| (inner.trim(), after))
}

fn split_chunk<'t>(chunk: &'t str, found: &mut Vec<Token<'t>>) {
    let mut body = chunk;
    while let Some(first) = body.chars().next()
        && matches!(
            first,
            '(' | '[' | '{' | '*' | '"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{2022}' | ',' | ':' | ';'
        )
        && body.len() > first.len_utf8()
    {
        // A glob begins with a star, emphasis as well: what follows tells.
        if body.starts_with("*.") || body.starts_with("**/") {
            break;
        }
        if matches!(first, '(' | '[' | ',' | ':' | ';') {
            separator(found, body, first.len_utf8());
        }
        body = skip(body, first.len_utf8());
    }
    let core = body.trim_end_matches([
        ')', ']', '}', ',', '.', '!', '?', ';', ':', '"', '\'', '\u{201d}', '\u{2026}', '\u{3002}',
    ]);
    let core = if core.ends_with('*') && !core.contains(['/', '.']) {
        core.trim_end_matches('*')
    } else {
        core
    };
    let tail = skip(body, core.len());
    if core.is_empty() {
        if let Some(mark) = body.chars().next() {
            separator(found, body, mark.len_utf8());
        }
        return;
    }
    if matches!(
        core,
        "-" | "\u{2013}" | "\u{2014}" | "--" | "\u{2192}" | "->" | "=>" | "|" | "/"
    ) {
        separator(found, core, core.len());
    } else if matches!(core, "w/") {
        found.push(Token {
            shape: Shape::Word,
            raw: core,
            lower: Cow::Borrowed("with"),
            hash: hash("with"),
        });
    } else if matches!(core, "+" | "&" | "&&") {
        found.push(Token {
            shape: Shape::Word,
            raw: core,
            lower: Cow::Borrowed("and"),
            hash: hash("and"),
        });
    } else {
        let shape = if is_name(core) { Shape::Name } else { Shape::Word };
        push(found, shape, core);
    }
    for mark in [",", ")", "]", ":", ";"] {
        if let Some(at) = tail.find(mark) {
            separator(found, skip(tail, at), mark.len());
        }
    }
}

fn separator<'t>(found: &mut Vec<Token<'t>>, text: &'t str, length: usize) {
    let raw = text.get(..length).unwrap_or_default();
    found.push(Token {
        shape: Shape::Separator,
        raw,
        lower: Cow::Borrowed(raw),
        hash: 0,
    });
}

fn push<'t>(found: &mut Vec<Token<'t>>, shape: Shape, raw: &'t str) {
    let lower = if raw.chars().any(|c| c.is_uppercase() || c == '\u{2019}') {
        Cow::Owned(raw.to_lowercase().replace('\u{2019}', "'"))
    } else {
        Cow::Borrowed(raw)
    };
    let hash = hash(&lower);
    found.push(Token {
        shape,
        raw,
        lower,
        hash,
    });
}

/// Whether it looks like the name of something rather than like a word of the language.
fn is_name(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if HYPHENATED.has(lower.as_str()) {
        return false;
    }
    let marks =
        |c: char| c.is_ascii_digit() || matches!(c, '/' | '.' | '_' | '@' | ':' | '#' | '~' | '*' | '=' | '\\' | '$');
    let compound = text.split('-').filter(|part| !part.is_empty()).count() > 1;
    let camel = text.chars().skip(1).any(|c| c.is_ascii_uppercase()) && text.chars().any(|c| c.is_ascii_lowercase());
    text.is_ascii()
        && text.chars().any(|c| c.is_ascii_alphanumeric())
        && (text.contains(marks) || compound || camel || text.starts_with('-'))
}
