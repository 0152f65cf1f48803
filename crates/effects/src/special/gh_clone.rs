//! `gh repo clone OWNER/NAME`: the directory that it makes holds what was downloaded.

use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Dir};

/// Remembers where the clone lies.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let Dir::At(here) = it.state.cwd.clone() else { return };
    let directory = call.operands.get(1).or_else(|| call.operands.first());
    let Some(name) = directory.and_then(|arg| arg.known()) else {
        return;
    };
    let name = if call.operands.len() > 1 {
        name
    } else {
        let name = name.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(name);
        name.strip_suffix(".git").unwrap_or(name)
    };
    let path = paths::normal(&here, name);
    it.downloaded(path);
}
