//! From a text as it came to the texts that a reader would understand: invisible characters dropped, look-alike letters
//! read as what they look like, encodings decoded. What was found on the way is named. Linear in time, bounded in memory.

mod encodings;
mod letters;
mod markup;

use std::borrow::Cow;

use crate::sign::{Sign, Signs};
use crate::tokens::Region;
use crate::trick::Trick;

/// Encodings within encodings that are followed.
const DEPTH: u8 = 3;
/// As much is decoded of one block, all in all.
const DECODED: usize = 128 << 10;

/// A text to look at.
#[derive(Clone, Debug)]
pub(crate) struct View<'a> {
    /// The text.
    pub(crate) text: Cow<'a, str>,
    /// Where its parts stood in the block.
    pub(crate) origin: Mapping,
    /// Parts that are marked, in order.
    pub(crate) regions: Vec<Region>,
    /// What all of it is a sign of.
    pub(crate) signs: Signs,
    /// Tricks by which it was found, outermost first.
    pub(crate) tricks: Vec<Trick>,
    /// Tricks found in it, with their place in this view.
    pub(crate) marks: Vec<(Trick, u32)>,
}

/// Where the parts of a view stood in the block it was made of.
#[derive(Clone, Debug)]
pub(crate) enum Mapping {
    /// It is the block.
    Same,
    /// Pieces: from this place of the view on, this place of the block. Sorted.
    Pieces(Vec<(u32, u32)>),
    /// All of it stood here.
    Within(u32, u32),
}

impl Mapping {
    /// The place in the block.
    pub(crate) fn span(&self, start: u32, end: u32) -> (u32, u32) {
        match self {
            Self::Same => (start, end),
            Self::Pieces(pieces) => (place(pieces, start), place(pieces, end)),
            Self::Within(from, to) => (*from, *to),
        }
    }
}

fn place(pieces: &[(u32, u32)], at: u32) -> u32 {
    let after = pieces.partition_point(|(from, _)| *from <= at);
    let piece = after.checked_sub(1).and_then(|index| pieces.get(index));
    piece.map_or(at, |(from, to)| to + (at - from))
}

/// Every view of the block, the block itself first.
pub(crate) fn views(block: &str) -> Vec<View<'_>> {
    let mut views = Vec::new();
    let cleaned = letters::clean(block);
    let mut budget = DECODED;
    if let Some(tags) = cleaned.tags {
        decoded(
            Cow::Owned(tags.text),
            (tags.start, tags.end),
            &[Trick::UnicodeTags],
            1,
            &mut budget,
            &mut views,
        );
    }
    let main = View {
        regions: markup::regions(&cleaned.text),
        text: cleaned.text,
        origin: cleaned.origin,
        signs: Signs::NONE,
        tricks: Vec::new(),
        marks: cleaned.marks,
    };
    let mut found = Vec::new();
    encodings::find(&main.text, &mut found);
    for piece in found {
        let span = main.origin.span(piece.start, piece.end);
        decoded(Cow::Owned(piece.text), span, &[piece.trick], 1, &mut budget, &mut views);
    }
    views.insert(0, main);
    views
}

/// A view of decoded text, and of what is encoded in it once more.
fn decoded<'a>(
    text: Cow<'a, str>,
    span: (u32, u32),
    tricks: &[Trick],
    depth: u8,
    budget: &mut usize,
    views: &mut Vec<View<'a>>,
) {
    let Some(left) = budget.checked_sub(text.len()) else {
        return;
    };
    *budget = left;
    let cleaned = letters::clean(&text);
    let cleaned_text = cleaned.text.into_owned();
    if depth < DEPTH {
        let mut found = Vec::new();
        encodings::find(&cleaned_text, &mut found);
        for piece in found {
            let mut tricks = tricks.to_vec();
            tricks.push(piece.trick);
            decoded(Cow::Owned(piece.text), span, &tricks, depth + 1, budget, views);
        }
    }
    let sign = if tricks.iter().any(|trick| trick.is_disguise()) {
        Sign::Disguised
    } else {
        Sign::Decoded
    };
    views.push(View {
        regions: markup::regions(&cleaned_text),
        text: Cow::Owned(cleaned_text),
        origin: Mapping::Within(span.0, span.1),
        signs: Signs::NONE.with(sign),
        tricks: tricks.to_vec(),
        marks: cleaned.marks,
    });
}

/// The text that rot13 makes of this one.
pub(crate) fn rot13(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'a'..='m' | 'A'..='M' => char::from_u32(u32::from(letter) + 13).unwrap_or(letter),
            'n'..='z' | 'N'..='Z' => char::from_u32(u32::from(letter) - 13).unwrap_or(letter),
            other => other,
        })
        .collect()
}
