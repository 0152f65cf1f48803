//! What the user asked for, as the set of words that carry it. Words alone: nothing is understood here.

use crate::lexicon::{SEED, step};

/// The words of the user's own messages.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Sorted.
    words: Vec<u32>,
    given: bool,
}

/// Of each message as much is read.
const LONGEST: usize = 16 << 10;

impl Request {
    /// Of these messages.
    #[must_use]
    pub fn new<T: AsRef<str>>(messages: &[T]) -> Self {
        let mut words = Vec::new();
        for message in messages.iter().rev().take(20) {
            let message = message.as_ref();
            let end = message.floor_char_boundary(LONGEST);
            let text = message.get(..end).unwrap_or_default();
            for word in text.split(|letter: char| !letter.is_alphanumeric()) {
                if word.len() >= 4 {
                    words.push(hash(word));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        Self {
            given: !words.is_empty(),
            words,
        }
    }

    /// Whether there is anything to compare with.
    pub(crate) fn is_given(&self) -> bool {
        self.given
    }

    /// Whether the user used the word with this hash.
    #[inline]
    pub(crate) fn names(&self, hash: u32) -> bool {
        self.given && self.words.binary_search(&hash).is_ok()
    }
}

fn hash(word: &str) -> u32 {
    let mut hash = SEED;
    for letter in word.chars().flat_map(char::to_lowercase) {
        let mut buffer = [0; 4];
        for &byte in letter.encode_utf8(&mut buffer).as_bytes() {
            hash = step(hash, byte);
        }
    }
    hash
}
