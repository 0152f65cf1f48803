//! `cmake -D NAME=VALUE`: definitions that name compilers, launchers and scripts.

use crate::interpret::{Call, Interpreter};

/// Looks at what is defined.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let definitions: Vec<_> = call
        .options
        .iter()
        .filter(|given| given.name == "-D")
        .filter_map(|given| given.value.clone())
        .collect();
    for arg in definitions {
        let Some((name, _)) = arg.value.prefix().split_once('=') else {
            continue;
        };
        let kind = kind_of(name.split(':').next().unwrap_or(name));
        let value = arg.value.skip(name.len() + 1).unwrap_or_default();
        let named = value.prefix().contains('/') || value.known().is_none();
        match kind {
            Kind::Program if named => it.foreign_code(&value, arg.span, &call.name),
            Kind::Script if value.known() != Some("") => it.named_code(&value, arg.span, &call.name),
            Kind::Program | Kind::Script | Kind::Other => {}
        }
    }
}

enum Kind {
    /// A program that the build starts, by its name or its path.
    Program,
    /// A script, or a directory of scripts, that is loaded.
    Script,
    Other,
}

fn kind_of(name: &str) -> Kind {
    const PROGRAMS: &[&str] = &[
        "_COMPILER",
        "_LAUNCHER",
        "_LINKER",
        "_EMULATOR",
        "_EXECUTABLE",
        "_PROGRAM",
        "_AR",
        "_RANLIB",
        "_NM",
    ];
    const SCRIPTS: &[&str] = &[
        "_INCLUDE",
        "_INCLUDE_BEFORE",
        "_INCLUDE_AFTER",
        "_TOOLCHAIN_FILE",
        "_OVERRIDE",
        "_MODULE_PATH",
    ];
    if !name.starts_with("CMAKE_") && !name.ends_with("_EXECUTABLE") {
        Kind::Other
    } else if PROGRAMS.iter().any(|end| name.ends_with(end)) || matches!(name, "CMAKE_LINKER" | "CMAKE_AR") {
        Kind::Program
    } else if SCRIPTS.iter().any(|end| name.ends_with(end)) {
        Kind::Script
    } else {
        Kind::Other
    }
}
