//! `cat FILE`: what the file holds, where that is known.

use placet_model::Paths;

use crate::interpret::{Call, Interpreter};
use crate::paths;
use crate::value::Data;

/// Prints it.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let [file] = call.operands.as_slice() else { return };
    if file.known().is_none_or(|name| name == "-") || !call.options.is_empty() || !call.doubts.is_empty() {
        return;
    }
    let sure = match paths::paths(&file.value, &it.state.cwd) {
        Paths::One(path) => !it.state.perhaps.contains(&it.facts.resolve(&path)),
        Paths::Below(_) | Paths::Unknown => false,
    };
    let data = it.content(&file.value);
    if sure && (data.text.is_some() || data.words.is_some()) {
        it.stdout.append(Data { present: true, ..data });
    }
}
