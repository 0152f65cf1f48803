//! Facts: what the world tells us. Lazy, bounded, nothing is run to find it. No decisions here.
//!
//! [`World`] reads the real machine, [`session`] what is remembered between calls. [`NeutralWorld`] is a world made of
//! assumptions, for judging a call without looking at any machine; [`presumed_directories`] tells it of projects that the
//! call itself names.

mod disk;
mod git;
mod links;
mod neutral;
pub mod paths;
mod presumed;
mod processes;
mod regenerable;
pub mod session;
mod standing;
mod world;

pub use neutral::{GitState, NeutralWorld};
pub use presumed::{Candidate, presumed_directories};
pub use processes::Seat;
pub use session::{SessionMemory, SessionState};
pub use world::World;
