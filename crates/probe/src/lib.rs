//! The injection probe: does a text that an agent is about to read try to give it orders? Normalise, look at windows of
//! words, score each by a small model, name what was seen. No I/O, no policy: what follows from a finding is decided
//! elsewhere. Start with [`look`].

mod across;
mod asked;
mod features;
mod finding;
mod lexicon;
mod look;
mod meant;
mod model;
mod normalise;
mod request;
mod sign;
mod tokens;
#[doc(hidden)]
pub mod training;
mod trick;

pub use across::{look_across, open_end};
pub use asked::Asked;
pub use finding::{Finding, Level, Origin, Part};
pub use look::{look, look_by};
pub use model::{Head, Model, SIZE, Weights, write};
pub use request::Request;
pub use trick::Trick;
