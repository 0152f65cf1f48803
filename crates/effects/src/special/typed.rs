//! What `screen -X stuff` and the desktop's own typists type, beside the doubt which the table already tells.

use crate::interpret::{Call, Interpreter};

/// Judges the text as a command.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let types = call
        .operands
        .iter()
        .any(|word| matches!(word.known(), Some("stuff" | "type" | "write-chars" | "send-text")));
    if types {
        super::keys::apply(it, call);
    }
}
