//! `chmod`: a mode is a small language. Here are the two bits that lend rights: that a program runs as the user who owns it,
//! and as its group. Every other bit is an attribute of the file.

use placet_model::{FileKind, Paths, Qualifiers, Resource, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Use};
use crate::value::Arg;

/// Whose rights a mode lends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lends {
    Nothing,
    Group,
    User,
}

/// Reads the mode.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let whole = ["--reference", "-r", "-w", "-x", "-X", "-s", "-t", "-N", "-C", "-I"];
    if call.has(&whole) {
        return;
    }
    let Some((mode, files)) = call.operands.split_first() else {
        return;
    };
    match mode.known().map_or(Lends::User, lends) {
        Lends::Nothing => {}
        Lends::User => {
            let what = Resource::Named("setuid".to_owned());
            it.emit(
                Verb::ElevatePrivilege,
                what,
                Qualifiers::default(),
                mode.span,
                &call.name,
            );
        }
        // What is made in such a directory belongs to its group; a program runs as its group.
        Lends::Group => {
            let deep = call.has(&["-R", "--recursive"]);
            for file in files {
                if deep || !is_directory(it, file) {
                    it.touch(PathRole::ChangeOwner, &file.value, file.span, &call.name, None);
                }
            }
        }
    }
}

fn is_directory(it: &Interpreter<'_>, file: &Arg) -> bool {
    let target = paths::target(&file.value, &it.state.cwd, Use::Look, it.facts);
    match (&target.paths, file.known()) {
        (Paths::One(path), Some(text)) => {
            let made = it.state.written.get(path).is_some_and(|written| written.directory);
            made || text.ends_with('/') || it.facts.kind(path) == FileKind::Directory
        }
        (Paths::One(_) | Paths::Below(_) | Paths::Unknown, _) => false,
    }
}

fn lends(mode: &str) -> Lends {
    if let Ok(bits) = u32::from_str_radix(mode.trim_start_matches(['=', '+']), 8) {
        return match (bits & 0o4000, bits & 0o2000) {
            (0, 0) => Lends::Nothing,
            (0, _) => Lends::Group,
            (_, _) => Lends::User,
        };
    }
    mode.split(',').map(of_clause).max().unwrap_or(Lends::Nothing)
}

/// `g+rxs`, `u=rw`, `+s`.
fn of_clause(clause: &str) -> Lends {
    let Some(at) = clause.find(['+', '=', '-']) else {
        return Lends::Nothing;
    };
    let (who, actions) = clause.split_at(at);
    let mut adds = false;
    let mut lends = false;
    for c in actions.chars() {
        match c {
            '+' | '=' => adds = true,
            '-' => adds = false,
            's' => lends |= adds,
            _ => {}
        }
    }
    match who {
        _ if !lends => Lends::Nothing,
        "g" => Lends::Group,
        _ => Lends::User,
    }
}
