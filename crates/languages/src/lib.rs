//! What a piece of Python, JavaScript, TypeScript, Ruby or Perl would do to the world, read from its syntax tree; PHP and Lua
//! by a strict reader of their calls (`script`).
//!
//! The way through: text → the language's own tree (`python`, `javascript`, `ruby`, `perl`) → one small common tree (`tree`) → a walk
//! that follows constants and data (`interpret`) with the facts about modules and functions (`knowledge`) → operations.
//!
//! This crate is not a policy and not a sandbox: it reads no file, runs nothing, and knows nothing of shells. What it
//! can't tell, it says: an unknown text, a [`What::Dynamic`] operation, or an analysis that is not complete.

mod bounds;
pub mod document;
mod interpret;
mod javascript;
mod knowledge;
mod operation;
mod perl;
mod python;
mod ruby;
mod script;
mod tree;
mod value;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use operation::{Analysis, Carries, Operation, Text, What};
pub use script::{Script, analyse_script};

/// The language that a text is written in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Language {
    /// JavaScript, module or script, with or without JSX.
    JavaScript,
    /// Perl 5, as far as programs of a few lines go.
    Perl,
    /// Python 3.
    Python,
    /// Ruby 3.
    Ruby,
    /// TypeScript, with or without JSX.
    TypeScript,
}

/// A piece of code and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// What it is written in.
    pub language: Language,
    /// The text.
    pub text: &'a str,
    /// The file that holds it, if it is in a file: what `__file__` and `__filename` mean.
    pub file: Option<&'a str>,
}

/// Everything that the code could do when it runs, including functions that nothing in it calls.
///
/// Never fails and never panics: what could not be understood makes the analysis incomplete.
pub fn analyse(code: Code<'_>) -> Analysis {
    let read = || bounds::within(code.text, || interpret::run(code));
    // A defect in a parser must become a doubt, not the end of the process that decides.
    catch_unwind(AssertUnwindSafe(read))
        .ok()
        .flatten()
        .unwrap_or_else(Analysis::not_understood)
}
