//! What the user authorised, read from the user's own words by rules: grants and boundaries, each with the words it comes
//! from. No model, no I/O, no opinion about effects; what is not understood with certainty grants nothing.
//!
//! [`read`] is the way in; [`may_bind`] tells quickly that there is no boundary. The parts: `speech` separates what the user says from what they pasted, `tokens` and
//! `lexicon` are words, `orders` reads what is to be done, `boundaries` and `languages` what must not be, and
//! `authorization` holds what came of it. Orders are read in English only, boundaries in seven languages.

mod authorization;
mod boundaries;
mod languages;
mod lexicon;
mod names;
mod orders;
mod reader;
mod speech;
mod tokens;

pub use authorization::{Authorization, Boundary, Deed, Deeds, Grant, Kind, Mention, Said};
pub use names::{is_described, is_named, is_within, pieces};
pub use reader::{MOST_TEXT, may_bind, read};
