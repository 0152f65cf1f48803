//! What the trainer sees of a text: the same features, kept. Not for the product.

mod learn;

use crate::features::{self, NOTHING, PER_TOKEN};
use crate::{Asked, Request, look};

pub use learn::{Dice, Example, Learned, Small, learn};

/// Everything that a text names, to compare with what a finding says of it.
#[must_use]
pub fn named_anywhere(text: &str) -> Asked {
    look::named_anywhere(text)
}

/// The windows of a text with their features.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// All windows of all views.
    pub windows: Vec<Window>,
    words: Vec<[u32; PER_TOKEN]>,
    others: Vec<u32>,
}

/// One window.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Where it stands in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    words: (u32, u32),
    others: (u32, u32),
}

impl Features {
    /// Of a text.
    #[must_use]
    pub fn of(text: &str, request: &Request) -> Self {
        let mut all = Self::default();
        for (offset, block) in look::blocks(text) {
            for read in look::all_views(block, request) {
                let base = all.words.len();
                features::of_tokens(&read.tokens, |features| all.words.push(*features));
                for (start, end) in features::windows(read.tokens.len()) {
                    let window = read.tokens.get(start..end).unwrap_or_default();
                    let (Some(first), Some(last)) = (window.first(), window.last()) else {
                        continue;
                    };
                    let from = all.others.len();
                    features::of_window(window, request, |feature| all.others.push(feature));
                    let (begins, ends) = read.view.origin.span(first.start, last.end);
                    all.windows.push(Window {
                        start: offset + begins as usize,
                        end: offset + ends as usize,
                        words: (small(base + start), small(base + end)),
                        others: (small(from), small(all.others.len())),
                    });
                }
            }
        }
        all
    }

    /// Calls with every feature of the window, repeated ones as often as they occur.
    pub fn each(&self, window: &Window, mut call: impl FnMut(u32)) {
        let words = self.words.get(window.words.0 as usize..window.words.1 as usize);
        for &feature in words.unwrap_or_default().iter().flatten() {
            if feature != NOTHING {
                call(feature);
            }
        }
        let others = self.others.get(window.others.0 as usize..window.others.1 as usize);
        for &feature in others.unwrap_or_default() {
            call(feature);
        }
    }
}

fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
