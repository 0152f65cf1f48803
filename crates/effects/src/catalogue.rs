//! What we know of programs: the compiled command files and how to find one. Not how they are applied.

pub mod carriers;
pub mod table;

use table::Command;

mod compiled {
    use placet_model::Verb;

    use super::table::{
        At, Case, Command, DataRole, EffectSpec, Flags, Opt, Output, PathRole, Positional, Role, Stdin, Syntax, Takes,
        Unknown, When,
    };
    use crate::special::Special;

    const NO_FLAGS: Flags = Flags {
        force: false,
        sweep: false,
        elsewhere: false,
        background: false,
        privileged: false,
        secret: false,
        data: false,
        inert: false,
        kept: false,
    };

    /// The piece of a text from one byte to another, while compiling.
    const fn cut(text: &'static str, from: usize, to: usize) -> &'static str {
        text.split_at(to).0.split_at(from).1
    }

    include!(concat!(env!("OUT_DIR"), "/commands.rs"));
}

/// The program with this name or alias.
#[must_use]
pub fn find(name: &str) -> Option<&'static Command> {
    let index = compiled::BY_NAME
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()?;
    compiled::BY_NAME.get(index).map(|(_, command)| *command)
}

/// Every program with its names, for listings and completeness checks.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Command)> {
    compiled::BY_NAME.iter().map(|(name, command)| (*name, *command))
}
