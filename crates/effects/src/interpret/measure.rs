//! Programs that tell a measure of a file: a count, a checksum, its kind, whether something matches. When that is all that
//! comes out, and of which files. What is read, and where it flows, is said elsewhere.

use placet_model::{Facts, FileKind, Paths, Place, Sensitivity, Target};

use super::Interpreter;
use super::call::{Call, Doubt};
use crate::credential;
use crate::paths;
use crate::value::{Arg, Value};

/// Whether a call that is written to measure may tell more: a word may be another option, or the files are searched for
/// secrets, or for something that can't be told. Asked often enough, a search tells every letter.
pub(super) fn may_tell_more(call: &Call<'_>) -> bool {
    let doubtful = call.doubts.iter().any(|doubt| match doubt {
        Doubt::Head(_) | Doubt::Word(_) | Doubt::Option(..) | Doubt::Subcommand(..) => true,
        Doubt::Name(_) => false,
    });
    let searches = call
        .chain
        .first()
        .and_then(|program| program.names.first())
        .is_some_and(|name| matches!(*name, "grep" | "rg" | "ag"));
    doubtful || searches && seeks_secrets(call)
}

/// Whether the program looks into directories by itself, and this may be one.
pub(super) fn descends(value: &Value, call: &Call<'_>, it: &Interpreter<'_>) -> bool {
    let by_itself = call
        .chain
        .first()
        .and_then(|program| program.names.first())
        .is_some_and(|name| matches!(*name, "rg" | "ag"));
    if !by_itself {
        return false;
    }
    let Paths::One(path) = paths::paths(value, &it.state.cwd) else {
        return true;
    };
    let name = path.rsplit('/').next().unwrap_or(&path);
    match it.facts.kind(&path) {
        FileKind::File => false,
        FileKind::Directory | FileKind::Special => true,
        FileKind::Missing | FileKind::Unknown => !name.trim_start_matches('.').contains('.'),
    }
}

fn seeks_secrets(call: &Call<'_>) -> bool {
    let values = call.options.iter().filter_map(|given| given.value.as_ref());
    call.has(&["-f", "--file"])
        || values
            .chain(call.operands.first())
            .any(|arg| Arg::known(arg).is_none_or(credential::is_sought))
}

/// Whether a measure of the target is no more than an attribute of a file: of one file, or of files whose names are known
/// well enough that none of them holds a secret.
pub(super) fn is_told(value: &Value, target: &Target, facts: &dyn Facts) -> bool {
    let outside = match target.place {
        Place::Home | Place::System | Place::Outside => true,
        Place::Project
        | Place::Temp
        | Place::Stream
        | Place::Toolchain
        | Place::Vital
        | Place::Device
        | Place::Unknown => false,
    };
    let files = match &target.paths {
        Paths::One(path) => facts.kind(path) != FileKind::Directory && !paths::within(facts.home(), path),
        Paths::Below(_) => paths::shape(value).is_some_and(|shape| !paths::may_name_a_secret(&shape)),
        Paths::Unknown => false,
    };
    outside && files && target.sensitivity == Sensitivity::Plain
}
