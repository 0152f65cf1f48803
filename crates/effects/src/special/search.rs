//! `grep` and its like behind `git log -p`: the same search through a project's history as `git log -S`. What they read
//! and write is in their tables.

use crate::credential;
use crate::interpret::{Call, Interpreter};
use crate::value::Arg;

/// Says where history that comes in is searched for secrets.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if !it.stdin.taint.past {
        return;
    }
    let given = call.options.iter().filter_map(|given| given.value.as_ref());
    let asks = given
        .chain(call.operands.first())
        .find(|value| credential::is_sought(value.value.prefix()));
    if let Some(Arg { span, .. }) = asks {
        it.hunts_secrets(*span, &call.name);
    }
}
