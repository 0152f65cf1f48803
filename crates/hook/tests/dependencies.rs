//! What the hot path is built from, all of it, is committed in `dependencies.txt`: a person can read these before a
//! release, and a new one has to be argued for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const TREE: &[&str] = &[
    "tree",
    "--package",
    "placet-hook",
    "--edges",
    "normal",
    "--target",
    "x86_64-unknown-linux-musl",
    "--prefix",
    "none",
    "--format",
    "{p}",
    "--locked",
];

#[test]
fn the_hooks_dependencies_are_the_committed_ones() {
    let output = Command::new(env!("CARGO"))
        .args(TREE)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| line.split(" (").next().unwrap().to_owned())
        .collect();
    let committed = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dependencies.txt")).unwrap();
    let committed: BTreeSet<String> = committed.lines().map(str::to_owned).collect();
    let added: Vec<_> = tree.difference(&committed).collect();
    let gone: Vec<_> = committed.difference(&tree).collect();
    assert!(
        added.is_empty() && gone.is_empty(),
        "not in dependencies.txt: {added:?}; no longer used: {gone:?}"
    );
}

#[test]
fn no_runtime_no_command_line_parser_and_no_pattern_compiler_is_on_the_hot_path() {
    let committed = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dependencies.txt")).unwrap();
    for heavy in [
        "tokio",
        "async-std",
        "smol",
        "clap",
        "regex",
        "globset",
        "ignore",
        "ureq",
        "reqwest",
        "hyper",
        "ratatui",
    ] {
        assert!(
            !committed.lines().any(|line| line.split(' ').next() == Some(heavy)),
            "{heavy}"
        );
    }
}
