//! `node`: inline code, a script, or standard input.

use crate::interpret::{Call, Interpreter};

/// Runs what the interpreter would run.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["--test", "--run", "--v8-options"]) {
        return;
    }
    if call.has(&["-p", "--print", "-pe"]) {
        super::print_value::apply(it, call);
        return;
    }
    super::python::interpreter(it, call, "javascript");
}
