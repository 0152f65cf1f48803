//! Action to effects: what a tool call would do to the world. No I/O, no clock, no environment, no policy.
//!
//! [`analyse`] is the only way in. The parts: [`syntax`] reads shell text into a tree, `interpret` walks the tree with
//! values that may be unknown, [`catalogue`] holds what is known of programs, `special` what tables can't say,
//! `tools` the tools that are no shells, [`render`] the words in which effects are shown.

mod analysis;
pub mod catalogue;
mod code;
mod credential;
mod dimensions;
mod fish;
mod hidden;
mod interpret;
mod manifest;
mod mcp;
mod named;
mod paths;
mod powershell;
mod promise;
pub mod render;
mod special;
pub mod syntax;
mod tasks;
mod tools;
mod value;

pub use analysis::{Analysis, Invocation, WrittenFile};
pub use credential::may_be_in_settings;
pub use named::{Named, named};

use placet_model::{Action, Facts};

/// What the action would do, as far as it can be told; what can't be told is there as `Opaque`.
#[must_use]
pub fn analyse(action: &Action, facts: &dyn Facts) -> Analysis {
    let mut interpreter = interpret::Interpreter::new(facts);
    tools::apply(&mut interpreter, &action.tool, &action.input);
    interpreter.finish()
}
