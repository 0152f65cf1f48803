//! What a listing prints: names of what lies in a directory, or the files as they were named. A name is one of the
//! directory in which it is used, wherever it was listed.

use placet_model::{FileKind, Paths};

use super::Interpreter;
use super::call::{Call, Doubt};
use super::roles::Applied;
use crate::paths;
use crate::value::{Arg, Bound, Piece, Value};

/// Options that print more than names: `.` and `..`, where a link leads, headings.
const MORE: &[&str] = &[
    "-a",
    "-f",
    "-g",
    "-l",
    "-n",
    "-o",
    "-R",
    "-Z",
    "--all",
    "--context",
    "--format",
    "--full-time",
    "--git",
    "--long",
    "--recurse",
    "--recursive",
    "--tree",
    "-T",
];

impl Interpreter<'_> {
    /// What each word is that the listing prints.
    pub(super) fn entries(&self, call: &Call<'_>, applied: &Applied) -> Bound {
        // `*.log` may be a word with a dash in front; no option that prints more ends so.
        let doubtful = call.doubts.iter().any(|doubt| match doubt {
            Doubt::Name(name) => !is_of_files(&name.value),
            Doubt::Head(_) | Doubt::Word(_) | Doubt::Option(..) | Doubt::Subcommand(..) => true,
        });
        if doubtful || call.has(MORE) {
            return Bound::Any;
        }
        if call.has(&["-d", "--directory", "--list-dirs"]) {
            return applied.paths.clone().unwrap_or(Bound::Any);
        }
        match call.operands.as_slice() {
            [] => Bound::Name,
            [one] => self.listed(one),
            // Several directories have headings, which are the words that were given.
            several => several
                .iter()
                .map(|arg| self.listed(arg))
                .reduce(|one, other| paths::either(&one, &other))
                .filter(|bound| matches!(bound, Bound::Printed(_)))
                .unwrap_or(Bound::Any),
        }
    }

    fn listed(&self, arg: &Arg) -> Bound {
        let printed = paths::printed(&arg.value, &self.state.cwd);
        let has_ending = |text: &str| {
            let name = text.rsplit('/').next().unwrap_or(text);
            name.trim_start_matches('.').contains('.')
        };
        if let Some(text) = arg.known() {
            let Paths::One(path) = paths::paths(&arg.value, &self.state.cwd) else {
                return Bound::Any;
            };
            let is_file = match self.facts.kind(&path) {
                FileKind::Directory => false,
                FileKind::File | FileKind::Missing => true,
                FileKind::Special => return Bound::Any,
                FileKind::Unknown => !text.ends_with('/') && has_ending(text),
            };
            return if is_file { printed } else { Bound::Name };
        }
        match arg.value.pieces.last() {
            Some(Piece::Text(text)) if text.ends_with('/') && !arg.many => Bound::Name,
            Some(Piece::Text(_) | Piece::Hole(_)) if is_of_files(&arg.value) => printed,
            Some(Piece::Text(_) | Piece::Hole(_)) | None => Bound::Any,
        }
    }
}

/// Names of which the end is known as an ending: `*.log`.
fn is_of_files(value: &Value) -> bool {
    match value.pieces.last() {
        Some(Piece::Text(text)) => text.rsplit('/').next().is_some_and(|name| name.contains('.')),
        Some(Piece::Hole(_)) | None => false,
    }
}
