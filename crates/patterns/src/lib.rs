//! Globs and gitignore files, matched directly on their text. No I/O, no dependencies, nothing compiled ahead: a hook
//! that lives for a millisecond has no time to compile. Matching takes at most `pattern length × text length` steps.
//!
//! Not here: which file the patterns come from, and what a match means. Start with [`IgnoreFile`], or with [`stars`],
//! [`glob`] and [`path_glob`] for single patterns.

mod glob;
mod ignore;

pub use glob::{Case, glob, is_well_formed, path_glob, stars};
pub use ignore::{IgnoreFile, Line};
