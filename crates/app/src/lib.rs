//! Placet: the command line and what belongs to it. It makes no decisions of its own.
//!
//! Read `cli.rs` for what can be typed, then the file of the command. Each command is a function that writes to a
//! [`Screen`] and returns an [`Outcome`].

pub mod check;
pub mod cli;
mod commands;
mod error;
mod explain;
pub mod install;
mod judge;
mod judging;
mod lines;
mod replay;
mod screen;
mod visible;

pub use commands::run;
pub use error::{Error, Outcome};
pub use screen::Screen;
