//! `just RECIPE`: the recipes are what runs.

use crate::interpret::{Call, Interpreter};

/// Looks the recipes up and runs them.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    super::make::recipes(
        it,
        call,
        &["justfile", "Justfile", ".justfile"],
        &["-f", "--justfile"],
        &[
            "-n",
            "--dry-run",
            "-l",
            "--list",
            "--summary",
            "-s",
            "--show",
            "-V",
            "--version",
            "-h",
            "--help",
            "--evaluate",
            "--dump",
            "--variables",
            "--groups",
        ],
        crate::manifest::just_recipe,
    );
}
