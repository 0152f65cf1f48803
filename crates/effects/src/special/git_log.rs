//! What git shows of earlier content: secrets searched for in the history, and files that hold secrets. The rest of
//! `git log`, `diff`, `show`, `blame` and `grep` is in their table.

use placet_model::Sensitivity;

use crate::catalogue::table::PathRole;
use crate::credential;
use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Use};
use crate::value::Arg;

/// Options that leave content out.
const NAMES_ONLY: &[&str] = &[
    "--stat",
    "--name-only",
    "--name-status",
    "--numstat",
    "--shortstat",
    "--summary",
    "--quiet",
    "--check",
    "-l",
    "-L",
    "-q",
];

/// Says where a search of the history asks for secrets: what was taken out of the files is still there. And where the
/// content of a file that holds some is shown.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let asks = call
        .options
        .iter()
        .filter(|given| matches!(given.name, "-S" | "-G" | "--grep-reflog"))
        .filter_map(|given| given.value.as_ref())
        .find(|value| credential::is_sought(value.value.prefix()));
    if let Some(Arg { span, .. }) = asks {
        it.hunts_secrets(*span, &call.name);
    }
    let last = call.name.rsplit(' ').next().unwrap_or_default();
    let patch = call.has(&["-p", "-u", "--patch"]);
    let shows = match last {
        "log" | "whatchanged" => patch || call.has(&["-S", "-G"]),
        _ => patch || !call.has(NAMES_ONLY),
    };
    if !shows {
        return;
    }
    // The first word of a search is what is searched for.
    let pattern = usize::from(last == "grep" && !call.has(&["-e", "-f"]));
    // `HEAD:.env` names content by itself; the table knows it.
    let paths = call.operands.iter().skip(pattern);
    for operand in paths.filter(|operand| !operand.value.prefix().contains(':')) {
        let target = paths::target(&operand.value, &it.state.cwd, Use::Look, it.facts);
        if target.sensitivity == Sensitivity::Secret {
            it.touch(PathRole::Read, &operand.value, operand.span, &call.name, None);
        }
    }
}
