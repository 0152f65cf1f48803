//! `gh release download` and `gh run download`: files that get their names elsewhere.

use crate::interpret::{Call, Interpreter};

/// Remembers where they lie; by a pattern that is no pattern it is one file.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["-D", "--dir", "-O", "--output"]) {
        return; // the table says where
    }
    let pattern = call
        .option(&["-p", "--pattern"])
        .and_then(|given| given.value.as_ref()?.known());
    let name = pattern
        .filter(|name| call.name.contains("release") && !name.contains(['*', '?', '[', '/']))
        .unwrap_or(".");
    let path = it.working_path(name);
    path.into_iter().for_each(|path| it.downloaded(path));
}
