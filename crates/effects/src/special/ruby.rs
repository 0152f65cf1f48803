//! `ruby`: inline code, a script, or standard input.

use crate::interpret::{Call, Interpreter};

/// Runs what the interpreter would run.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    super::switches::apply(it, call, "ruby");
}
