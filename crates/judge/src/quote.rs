//! Whether words that the judge quotes are the user's: whole words of one message, in their order, and no part of what the
//! user forbade. What they mean is not looked at.

use crate::trusted::Trusted;
use crate::visible::is_invisible;

/// What the user wrote, made comparable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quotes {
    messages: Vec<String>,
    boundaries: Vec<String>,
}

/// Whose the words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// The user wrote them.
    Theirs,
    /// The user wrote them, to forbid something.
    Forbids,
    /// They stand nowhere, or are too few to mean anything.
    Nowhere,
}

impl Quotes {
    pub(crate) fn of(messages: &[Trusted], boundaries: &[Trusted]) -> Self {
        let plain = |texts: &[Trusted]| texts.iter().map(|text| plain(text.text())).collect();
        Self {
            messages: plain(messages),
            boundaries: plain(boundaries),
        }
    }

    pub(crate) fn find(&self, words: &str) -> Quoted {
        let words = plain(words);
        let within = |text: &String| contains(text, &words);
        // A single word of a message can stand beside anything, a `not` for example. Scripts without spaces have letters.
        let enough = words.contains(' ') || words.chars().filter(|letter| !is_spaced(*letter)).count() >= 4;
        if words.is_empty()
            || !self
                .messages
                .iter()
                .any(|text| *text == words || enough && within(text))
        {
            Quoted::Nowhere
        } else if self
            .boundaries
            .iter()
            .any(|text| contains(text, &words) || contains(&words, text))
        {
            Quoted::Forbids
        } else {
            Quoted::Theirs
        }
    }
}

/// Small letters, single spaces, no marks at the ends and nothing that can't be seen.
fn plain(text: &str) -> String {
    let seen: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    line.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned()
}

/// Whether the words stand in the text without a word of it being cut.
fn contains(text: &str, words: &str) -> bool {
    !words.is_empty()
        && text.match_indices(words).any(|(at, found)| {
            let (before, after) = (text.get(..at), text.get(at.saturating_add(found.len())..));
            let cut = |outside: Option<char>, inside: Option<char>| {
                outside.zip(inside).is_some_and(|(a, b)| is_spaced(a) && is_spaced(b))
            };
            let first = cut(before.and_then(|text| text.chars().next_back()), found.chars().next());
            let last = cut(after.and_then(|text| text.chars().next()), found.chars().next_back());
            !first && !last
        })
}

/// A letter or digit of a script that puts spaces between words.
fn is_spaced(letter: char) -> bool {
    letter.is_alphanumeric() && letter < '\u{2e80}'
}
