//! The real world in scratch directories: links, kinds, contents, the project, trees outside version control.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod scratch;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use placet_facts::{SessionState, World};
use placet_model::{Content, Facts, FileKind, Standing};
use scratch::Scratch;

#[test]
fn links_are_resolved_and_a_missing_tail_is_kept() {
    let scratch = Scratch::new();
    scratch.directory("real/deep");
    symlink("real", scratch.path("short")).unwrap();
    symlink(scratch.path("real/deep"), scratch.path("real/back")).unwrap();
    symlink("../nowhere/x", scratch.path("real/dangling")).unwrap();
    let world = scratch.world("");
    let resolved = |path: &str| world.resolve(&scratch.path(path));
    assert_eq!(resolved("short/back/new/file"), scratch.path("real/deep/new/file"));
    assert_eq!(resolved("short/dangling"), scratch.path("nowhere/x"));
    assert_eq!(resolved("real/deep"), scratch.path("real/deep"));
    assert_eq!(world.resolve("/"), "/");
}

#[test]
fn links_in_a_circle_come_to_an_end_and_are_of_unknown_kind() {
    let scratch = Scratch::new();
    symlink("b", scratch.path("a")).unwrap();
    symlink("a", scratch.path("b")).unwrap();
    symlink("self/self/self", scratch.path("self")).unwrap();
    let world = scratch.world("");
    for path in ["a", "a/x", "self"] {
        let path = scratch.path(path);
        assert!(world.resolve(&path).starts_with(&scratch.path("")), "{path}");
        assert!(
            matches!(world.kind(&path), FileKind::Unknown | FileKind::Missing),
            "{path}"
        );
        assert!(!matches!(world.read(&path), Content::Text(_)), "{path}");
    }
    assert_eq!(world.kind(&scratch.path("a")), FileKind::Unknown);
}

#[test]
fn kinds_follow_links() {
    let scratch = Scratch::new();
    scratch.file("file", "x");
    symlink("file", scratch.path("to-file")).unwrap();
    symlink(".", scratch.path("to-directory")).unwrap();
    symlink("gone", scratch.path("to-nothing")).unwrap();
    let world = scratch.world("");
    let kind = |path: &str| world.kind(&scratch.path(path));
    assert_eq!(kind("file"), FileKind::File);
    assert_eq!(kind("to-file"), FileKind::File);
    assert_eq!(kind("to-directory"), FileKind::Directory);
    assert_eq!(kind("to-nothing"), FileKind::Missing);
    assert_eq!(kind("file/below"), FileKind::Missing);
    assert_eq!(world.kind("/dev/null"), FileKind::Special);
}

#[test]
fn a_pipe_is_never_opened() {
    let scratch = Scratch::new();
    let pipe = scratch.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let world = scratch.world("");
    // Each of these would wait for ever if it opened the pipe.
    assert_eq!(world.kind(&pipe), FileKind::Special);
    assert_eq!(world.read(&pipe), Content::Unreadable);
    assert_eq!(world.standing(&pipe), Standing::Unknown);
    assert_eq!(world.tree(&scratch.path("")).worst, Standing::Unknown);
}

#[test]
fn only_text_of_reasonable_size_is_read() {
    let scratch = Scratch::new();
    scratch.file("text", "grüß");
    scratch.file("zero", "a\0b");
    scratch.file("large", &"x".repeat((256 << 10) + 1));
    scratch.file("just", &"x".repeat(256 << 10));
    fs::write(scratch.path("binary"), [0xff, 0xfe]).unwrap();
    let world = scratch.world("");
    let read = |path: &str| world.read(&scratch.path(path));
    assert_eq!(read("text"), Content::Text("grüß".to_owned()));
    assert!(matches!(read("just"), Content::Text(_)));
    for path in ["zero", "large", "binary", "home"] {
        assert_eq!(read(path), Content::Unreadable, "{path}");
    }
    assert_eq!(read("gone"), Content::Missing);
}

#[test]
fn entries_are_sorted_and_include_hidden_names() {
    let scratch = Scratch::new();
    for name in ["b", "a", ".c"] {
        scratch.file(&format!("some/{name}"), "");
    }
    let world = scratch.world("");
    assert_eq!(world.entries(&scratch.path("some")).unwrap(), [".c", "a", "b"]);
    assert_eq!(world.entries(&scratch.path("gone")), None);
}

#[test]
fn outside_version_control_everything_but_products_would_be_lost() {
    let scratch = Scratch::new();
    scratch.file("app/package.json", "{}");
    scratch.file("app/node_modules/x/index.js", "");
    scratch.file("app/src/a.js", "");
    scratch.file("other/node_modules/x", "");
    let world = scratch.world("app");
    let standing = |path: &str| world.standing(&scratch.path(path));
    assert_eq!(standing("app/src/a.js"), Standing::Untracked);
    assert_eq!(standing("app/node_modules"), Standing::Regenerable);
    assert_eq!(standing("app/node_modules/x/index.js"), Standing::Regenerable);
    assert_eq!(standing("app/gone"), Standing::Missing);
    // No manifest says that a tool is at home there.
    assert_eq!(
        scratch.world("other").standing(&scratch.path("other/node_modules/x")),
        Standing::Untracked
    );

    let tree = world.tree(&scratch.path("app"));
    assert_eq!(tree.worst, Standing::Untracked);
    assert!(tree.lost.contains(&"src/a.js".to_owned()) && tree.lost.iter().all(|name| !name.contains("node_modules")));
}

#[test]
fn a_tree_does_not_follow_links_and_an_empty_one_loses_nothing() {
    let scratch = Scratch::new();
    scratch.file("precious/a", "");
    scratch.directory("empty/below");
    scratch.directory("links");
    symlink(scratch.path("precious"), scratch.path("links/to-precious")).unwrap();
    let world = scratch.world("");
    assert_eq!(world.tree(&scratch.path("empty")).worst, Standing::Clean);
    let tree = world.tree(&scratch.path("links"));
    assert_eq!((tree.files, tree.lost), (1, vec!["to-precious".to_owned()]));
    // Deleting a link deletes the link.
    assert_eq!(world.tree(&scratch.path("links/to-precious")).files, 1);
}

#[test]
fn the_project_is_the_work_tree_but_never_the_home() {
    let scratch = Scratch::with_git(&[]);
    scratch.directory("work/src/deep");
    assert_eq!(scratch.world("work/src/deep").project(), scratch.path("work"));
    assert_eq!(scratch.world("work/src/deep").cwd(), scratch.path("work/src/deep"));
    let hinted = World::new(
        &scratch.path("work"),
        Some(&scratch.path("work/src")),
        "/",
        SessionState::default(),
    );
    assert_eq!(hinted.project(), scratch.path("work/src"));

    scratch.git("home", &["init", "-q"]);
    scratch.directory("home/notes");
    assert_eq!(scratch.world("home/notes").project(), scratch.path("home/notes"));
}

#[test]
fn a_working_directory_behind_a_link_is_known_by_its_real_name() {
    let scratch = Scratch::with_git(&[]);
    symlink("work", scratch.path("alias")).unwrap();
    let world = scratch
        .world("alias")
        .with_extra_directories(&[scratch.path("alias/extra")]);
    assert_eq!(world.cwd(), scratch.path("work"));
    assert_eq!(world.project(), scratch.path("work"));
    assert_eq!(world.extra_directories(), [scratch.path("work/extra")]);
}

#[test]
fn variables_outside_a_short_list_are_not_known() {
    let scratch = Scratch::new();
    let world = scratch.world("");
    assert_eq!(world.variable("HOME").unwrap(), scratch.path("home"));
    assert!(world.variable("PWD").is_some());
    // Set in every test run, and nobody's business.
    assert!(std::env::var("CARGO_MANIFEST_DIR").is_ok());
    assert_eq!(world.variable("CARGO_MANIFEST_DIR"), None);
}

#[test]
fn variables_of_the_environment_are_asked_and_never_told() {
    let scratch = Scratch::new();
    let world = scratch.world("");
    assert!(world.has_variable(&|name, value| name == "CARGO_MANIFEST_DIR" && !value.is_empty()));
    assert!(!world.has_variable(&|name, _| name == "PLACET_NOBODY_SETS_THIS"));
}

#[test]
fn scratch_is_nobodys_but_where_work_is_not_committed() {
    let scratch = Scratch::with_git(&[]);
    scratch.file("plain/a", "x");
    scratch.file("work/a", "x");
    scratch.git("work", &["add", "."]);
    scratch.git("work", &["commit", "-q", "-m", "one"]);
    let of = |path: &str| scratch.world("home").standing(&scratch.path(path));
    assert_eq!(of("plain"), Standing::Untracked);
    assert_eq!(of("work"), Standing::Untracked);
    scratch.file("work/a", "something longer");
    assert_eq!(of("work"), Standing::Unknown);
}

#[test]
fn odd_names_are_found_where_they_are_and_doubt_is_odd() {
    let scratch = Scratch::new();
    scratch.file("plain/deep/a.txt", "");
    scratch.file("odd/deep/-x", "");
    let world = scratch.world("");
    let dashed = |path: &str, deep: bool| world.has_name(&scratch.path(path), deep, &|name| name.starts_with('-'));
    assert!(!dashed("plain", true));
    assert!(!dashed("odd", false));
    assert!(dashed("odd", true));
    assert!(dashed("nowhere", false));
}
