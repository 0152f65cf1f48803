//! Git state against git itself: the same repositories, made by git, read by us without it.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod scratch;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;

use placet_model::{Between, Facts, Shape, Standing};
use scratch::Scratch;

/// Makes the index older than everything that follows, so that nothing in it is racy.
fn settle(scratch: &Scratch) {
    for line in scratch.git("work", &["ls-files", "-z"]).split_terminator('\0') {
        let path = scratch.path(&format!("work/{line}"));
        if fs::symlink_metadata(&path).unwrap().is_file() {
            let past = std::time::SystemTime::now() - std::time::Duration::from_secs(1_000);
            fs::File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_modified(past)
                .unwrap();
        }
    }
    scratch.git("work", &["update-index", "-q", "--refresh"]);
}

#[track_caller]
fn check(scratch: &Scratch, expected: &[(&str, Standing)]) {
    let world = scratch.world("work");
    for (path, standing) in expected {
        assert_eq!(
            world.standing(&scratch.path(&format!("work/{path}"))),
            *standing,
            "{path}"
        );
    }
}

fn sample(arguments: &[&str]) -> Scratch {
    let scratch = Scratch::with_git(arguments);
    for path in [
        "a",
        "same-size",
        "touched",
        "longer",
        "sub/deep/b",
        "sub/c",
        "staged",
        "ümlaut",
    ] {
        scratch.file(&format!("work/{path}"), "one\n");
    }
    symlink("a", scratch.path("work/link")).unwrap();
    symlink("a", scratch.path("work/moved-link")).unwrap();
    scratch.git("work", &["add", "."]);
    scratch.git("work", &["commit", "-q", "-m", "x"]);
    settle(&scratch);
    scratch.file("work/same-size", "two\n");
    scratch.file("work/touched", "one\n");
    scratch.file("work/longer", "one two\n");
    scratch.file("work/new", "x");
    scratch.file("work/sub/deep/new", "x");
    fs::remove_file(scratch.path("work/moved-link")).unwrap();
    symlink("b", scratch.path("work/moved-link")).unwrap();
    scratch
}

const SAMPLE: &[(&str, Standing)] = &[
    ("a", Standing::Clean),
    ("same-size", Standing::Dirty),
    ("touched", Standing::Clean),
    ("longer", Standing::Dirty),
    ("sub/c", Standing::Clean),
    ("sub/deep/b", Standing::Clean),
    ("sub/deep", Standing::Untracked),
    ("link", Standing::Clean),
    ("moved-link", Standing::Dirty),
    ("new", Standing::Untracked),
    ("sub/deep/new", Standing::Untracked),
    ("ümlaut", Standing::Clean),
    ("gone", Standing::Missing),
    (".git/HEAD", Standing::Untracked),
    (".git", Standing::Untracked),
];

#[test]
fn files_are_clean_dirty_or_untracked_as_git_says() {
    check(&sample(&[]), SAMPLE);
}

#[test]
fn an_index_of_version_four_says_the_same() {
    let scratch = sample(&[]);
    scratch.git("work", &["update-index", "--index-version", "4"]);
    assert_eq!(fs::read(scratch.path("work/.git/index")).unwrap()[7], 4);
    check(&scratch, SAMPLE);
}

#[test]
fn an_index_of_version_three_says_the_same_and_an_announced_file_is_not_tracked() {
    let scratch = sample(&[]);
    scratch.git("work", &["add", "-N", "new"]);
    assert_eq!(fs::read(scratch.path("work/.git/index")).unwrap()[7], 3);
    check(&scratch, SAMPLE);
}

#[test]
fn a_repository_with_long_object_names_says_the_same() {
    check(&sample(&["--object-format=sha256"]), SAMPLE);
}

#[test]
fn a_change_in_the_moment_of_the_commit_is_not_taken_for_clean() {
    let scratch = Scratch::with_git(&[]);
    for number in 0..20 {
        let path = format!("work/{number}");
        scratch.file(&path, "one\n");
        scratch.git("work", &["add", "."]);
        // The same size, and most likely the same moment, as what the index has just seen.
        scratch.file(&path, "two\n");
        let standing = scratch.world("work").standing(&scratch.path(&path));
        assert_eq!(standing, Standing::Dirty, "{number}");
    }
}

#[test]
fn a_change_that_sets_the_old_time_again_is_found() {
    let scratch = sample(&[]);
    for (path, text) in [("a", "two\n"), ("sub/c", "longer than before")] {
        let path = scratch.path(&format!("work/{path}"));
        let old = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, text).unwrap();
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(old)
            .unwrap();
    }
    check(
        &scratch,
        &[
            ("a", Standing::Dirty),
            ("sub/c", Standing::Dirty),
            ("sub/deep/b", Standing::Clean),
        ],
    );
}

#[test]
fn a_large_file_is_clean_while_untouched_and_unknown_once_touched() {
    let scratch = Scratch::with_git(&[]);
    scratch.file("work/large", &"x".repeat((16 << 20) + 1));
    scratch.git("work", &["add", "."]);
    settle(&scratch);
    check(&scratch, &[("large", Standing::Clean)]);
    let file = fs::File::options()
        .write(true)
        .open(scratch.path("work/large"))
        .unwrap();
    file.set_modified(std::time::SystemTime::now()).unwrap();
    check(&scratch, &[("large", Standing::Unknown)]);
}

#[test]
fn ignored_products_can_be_made_again_and_other_ignored_files_cannot() {
    let scratch = Scratch::with_git(&[]);
    scratch.file("work/.gitignore", "/dist\n*.sqlite\n__pycache__/\n/out/*\n!/out/keep\n");
    scratch.file("work/dist/a.js", "");
    scratch.file("work/dist/deep/b.js", "");
    scratch.file("work/data.sqlite", "");
    scratch.file("work/py/__pycache__/x.pyc", "");
    scratch.file("work/py/dist/a.js", "");
    scratch.file("work/docs/dist.md", "");
    check(
        &scratch,
        &[
            ("dist/a.js", Standing::Regenerable),
            ("dist/deep/b.js", Standing::Regenerable),
            ("dist", Standing::Regenerable),
            ("data.sqlite", Standing::Untracked),
            ("py/__pycache__/x.pyc", Standing::Regenerable),
            // Neither ignored nor beside a manifest.
            ("py/dist/a.js", Standing::Untracked),
            ("docs/dist.md", Standing::Untracked),
        ],
    );
    // What is tracked in a directory of that name is looked at file by file.
    scratch.git("work", &["add", "-f", "dist/a.js"]);
    settle(&scratch);
    let world = scratch.world("work");
    assert_eq!(world.standing(&scratch.path("work/dist/a.js")), Standing::Clean);
    assert_eq!(world.tree(&scratch.path("work/dist")).files, 2);
    fs::write(scratch.path("work/dist/a.js"), "changed").unwrap();
    let tree = scratch.world("work").tree(&scratch.path("work/dist"));
    assert_eq!((tree.worst, tree.lost), (Standing::Dirty, vec!["a.js".to_owned()]));
}

#[test]
fn the_general_ignore_files_are_those_that_git_uses() {
    let scratch = Scratch::with_git(&[]);
    let regenerable = || scratch.world("work").standing(&scratch.path("work/dist/a")) == Standing::Regenerable;
    scratch.file("work/dist/a", "x");
    assert!(!regenerable());

    scratch.file("work/.git/info/exclude", "dist/\n");
    assert!(regenerable());
    scratch.file("work/.git/info/exclude", "");

    scratch.file("home/.config/git/ignore", "dist\n");
    assert!(regenerable());
    // A named file takes the place of the usual one.
    scratch.file("home/.gitconfig", "[core]\n\texcludesFile = ~/mine\n");
    assert!(!regenerable());
    scratch.file("home/mine", "di?t\n");
    assert!(regenerable());
    // The work tree's own files are stronger.
    scratch.file("work/.gitignore", "!dist\n");
    assert!(!regenerable());
}

#[test]
fn a_link_in_place_of_an_ignore_file_is_not_followed() {
    let scratch = Scratch::with_git(&[]);
    scratch.file("patterns", "dist\n");
    scratch.file("work/dist/a", "x");
    symlink(scratch.path("patterns"), scratch.path("work/.gitignore")).unwrap();
    check(&scratch, &[("dist/a", Standing::Untracked)]);
}

#[test]
fn case_does_not_matter_where_the_repository_says_so() {
    let scratch = Scratch::with_git(&[]);
    scratch.file("work/.gitignore", "DIST/\n");
    scratch.file("work/dist/a", "x");
    check(&scratch, &[("dist/a", Standing::Untracked)]);
    scratch.git("work", &["config", "core.ignoreCase", "true"]);
    check(&scratch, &[("dist/a", Standing::Regenerable)]);
}

#[test]
fn configuration_that_includes_itself_comes_to_an_end() {
    let scratch = sample(&[]);
    let config = scratch.path("work/.git/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(
        &config,
        format!("{text}[include]\n\tpath = config\n[diff]\n\texternal = x\n"),
    )
    .unwrap();
    let programs = scratch
        .world("work")
        .repository(&scratch.path("work"))
        .unwrap()
        .programs;
    assert!(programs.contains(&"diff.external=x".to_owned()));
}

#[test]
fn a_git_file_or_directory_that_is_none_is_passed_over() {
    let scratch = sample(&[]);
    scratch.file("work/sub/.git", "gitdir: /nowhere/at/all");
    scratch.directory("work/sub/deep/.git");
    let world = scratch.world("work/sub/deep");
    assert_eq!(world.project(), scratch.path("work"));
    assert_eq!(world.standing(&scratch.path("work/sub/c")), Standing::Clean);
}

#[test]
fn a_tree_is_as_bad_as_its_worst_file_and_names_what_would_be_lost() {
    let scratch = sample(&[]);
    let world = scratch.world("work");
    let tree = world.tree(&scratch.path("work/sub"));
    assert_eq!(
        (tree.worst, tree.files, tree.lost),
        (Standing::Untracked, 3, vec!["deep/new".to_owned()])
    );
    fs::remove_file(scratch.path("work/sub/deep/new")).unwrap();
    let tree = scratch.world("work").tree(&scratch.path("work/sub"));
    assert_eq!((tree.worst, tree.files, tree.lost.len()), (Standing::Clean, 2, 0));
    // With the whole work tree goes the history.
    let tree = scratch.world("work").tree(&scratch.path("work"));
    assert!(tree.lost.contains(&".git".to_owned()));
}

#[test]
fn names_of_a_shape_are_as_bad_as_the_worst_of_them_and_of_what_lies_below() {
    let scratch = sample(&[]);
    let world = scratch.world("work");
    let of = |begins, ends, between| world.tree_of(&scratch.path("work"), Shape { begins, ends, between });
    let tree = of("n", "w", Between::Anything);
    assert_eq!(
        (tree.worst, tree.lost),
        (Standing::Untracked, vec!["new".to_owned(), "sub/deep/new".to_owned()])
    );
    // The directory has the name, and something new lies in it.
    assert_eq!(of("deep", "", Between::Nothing).worst, Standing::Untracked);
    assert_eq!(of("", ".nothing", Between::Anything).worst, Standing::Missing);
    assert_eq!(of(".git", "", Between::Nothing).worst, Standing::Untracked);
    // The history holds files of that name.
    assert_eq!(of("HEA", "D", Between::Nothing).worst, Standing::Untracked);
}

#[test]
fn a_linked_work_tree_has_its_own_index_and_the_common_configuration() {
    let scratch = sample(&[]);
    scratch.git("work", &["remote", "add", "origin", "https://example.com/x.git"]);
    scratch.git("work", &["worktree", "add", "-q", "-b", "topic", "../linked"]);
    scratch.file("linked/a", "changed");
    let world = scratch.world("linked/sub");
    assert_eq!(world.project(), scratch.path("linked"));
    assert_eq!(world.standing(&scratch.path("linked/a")), Standing::Dirty);
    assert_eq!(world.standing(&scratch.path("linked/sub/c")), Standing::Clean);
    let repository = world.repository(&scratch.path("linked/sub")).unwrap();
    assert_eq!(repository.branch.as_deref(), Some("topic"));
    assert_eq!(
        repository.remotes,
        [("origin".to_owned(), "https://example.com/x.git".to_owned())]
    );
}

#[test]
fn files_of_a_submodule_stand_in_the_submodule() {
    let scratch = sample(&[]);
    scratch.directory("library");
    scratch.git("library", &["init", "-q"]);
    scratch.file("library/l", "one\n");
    scratch.git("library", &["add", "."]);
    scratch.git("library", &["commit", "-q", "-m", "x"]);
    scratch.git("work", &["submodule", "--quiet", "add", "../library", "vendor/library"]);
    let world = scratch.world("work");
    assert_eq!(world.standing(&scratch.path("work/vendor/library/l")), Standing::Clean);
    assert_eq!(
        world.repository(&scratch.path("work/vendor/library")).unwrap().root,
        scratch.path("work/vendor/library")
    );
    scratch.file("work/vendor/library/l", "changed");
    assert_eq!(
        scratch.world("work").standing(&scratch.path("work/vendor/library/l")),
        Standing::Dirty
    );
}

#[test]
fn an_index_that_is_not_understood_makes_everything_unknown() {
    for damage in [
        &b"DIRC\0\0\0\x09\0\0\0\x01"[..],
        b"garbage",
        b"DIRC\0\0\0\x02\xff\xff\xff\xff",
        b"",
    ] {
        let scratch = sample(&[]);
        fs::write(scratch.path("work/.git/index"), damage).unwrap();
        check(&scratch, &[("a", Standing::Unknown), ("new", Standing::Unknown)]);
    }
    let scratch = sample(&[]);
    scratch.git("work", &["update-index", "--split-index"]);
    scratch.file("work/extra", "x");
    scratch.git("work", &["add", "extra"]);
    check(&scratch, &[("a", Standing::Unknown)]);
}

#[test]
fn no_cut_of_an_index_is_taken_for_the_whole() {
    let scratch = sample(&[]);
    let index = fs::read(scratch.path("work/.git/index")).unwrap();
    for length in (0..index.len() - 20).step_by(5) {
        fs::write(scratch.path("work/.git/index"), &index[..length]).unwrap();
        let standing = scratch.world("work").standing(&scratch.path("work/ümlaut"));
        // A cut within the extensions or the checksum leaves all entries whole.
        assert!(
            matches!(standing, Standing::Unknown | Standing::Clean),
            "{length}: {standing:?}"
        );
    }
    fs::write(scratch.path("work/.git/index"), &index[..index.len() / 2]).unwrap();
    check(&scratch, &[("ümlaut", Standing::Unknown), ("a", Standing::Unknown)]);
}

#[test]
fn an_index_with_any_byte_turned_over_does_no_harm() {
    let scratch = sample(&[]);
    scratch.git("work", &["update-index", "--index-version", "4"]);
    let index = fs::read(scratch.path("work/.git/index")).unwrap();
    let mut unknown = 0;
    for at in 0..index.len() {
        let mut damaged = index.clone();
        damaged[at] ^= 0xff;
        fs::write(scratch.path("work/.git/index"), &damaged).unwrap();
        let standing = scratch.world("work").standing(&scratch.path("work/new"));
        // No damage makes an untracked file look as if it could be had back.
        assert!(
            matches!(standing, Standing::Unknown | Standing::Untracked),
            "{at}: {standing:?}"
        );
        unknown += u32::from(standing == Standing::Unknown);
    }
    assert!(unknown > 12, "damage to the head at least is noticed: {unknown}");
}

#[test]
fn the_repository_is_described_with_its_branches_remotes_and_programs() {
    let scratch = sample(&[]);
    scratch.git("work", &["init", "-q", "--bare", "../hub.git"]);
    scratch.git("work", &["remote", "add", "origin", &scratch.path("hub.git")]);
    scratch.git("work", &["remote", "add", "fork", "git@example.com:x/y.git"]);
    scratch.git("work", &["push", "-q", "origin", "trunk:main"]);
    scratch.git("work", &["fetch", "-q", "origin"]);
    scratch.git("work", &["checkout", "-q", "-b", "feature/x"]);
    let describe = || scratch.world("work").repository(&scratch.path("work/sub")).unwrap();
    assert_eq!(describe().default_branch.as_deref(), Some("main"));
    scratch.git("work", &["pack-refs", "--all"]);
    assert_eq!(describe().default_branch.as_deref(), Some("main"));
    scratch.git("work", &["push", "-q", "origin", "trunk:develop"]);
    scratch.git(
        "work",
        &[
            "symbolic-ref",
            "refs/remotes/origin/HEAD",
            "refs/remotes/origin/develop",
        ],
    );
    assert_eq!(describe().default_branch.as_deref(), Some("develop"));
    assert_eq!(describe().branch.as_deref(), Some("feature/x"));
    assert_eq!(describe().remotes.len(), 2);
    assert!(describe().programs.is_empty());

    scratch.file("more", "[alias]\n\tx = !touch /tmp/owned\n\ty = status\n");
    scratch.git("work", &["config", "core.fsmonitor", "./evil.sh"]);
    scratch.git("work", &["config", "include.path", &scratch.path("more")]);
    assert_eq!(
        describe().programs,
        ["core.fsmonitor=./evil.sh", "alias.x=!touch /tmp/owned"]
    );

    scratch.git("work", &["checkout", "-q", "--detach"]);
    assert_eq!(describe().branch, None);
    assert!(scratch.world("home").repository(&scratch.path("home")).is_none());
}

#[test]
fn a_conflict_is_dirty() {
    let scratch = Scratch::with_git(&[]);
    for (branch, text) in [("base", "0\n"), ("one", "1\n"), ("two", "2\n")] {
        if branch != "base" {
            scratch.git("work", &["checkout", "-q", "-b", branch, "base"]);
        }
        scratch.file("work/f", text);
        scratch.git("work", &["add", "."]);
        scratch.git("work", &["commit", "-q", "-m", branch]);
        if branch == "base" {
            scratch.git("work", &["branch", "base"]);
        }
    }
    let merge = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "merge",
            "-q",
            "one",
        ])
        .current_dir(scratch.path("work"))
        .output()
        .unwrap();
    assert!(!merge.status.success());
    check(&scratch, &[("f", Standing::Dirty)]);
}

/// Every file of made-up work trees, against `git status`.
#[test]
fn git_status_agrees_on_made_up_work_trees() {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut below = |limit: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 33) % limit
    };
    for round in 0..10 {
        let scratch = Scratch::with_git(&[]);
        let mut lines: Vec<&str> = Vec::new();
        for line in ["*.o", "x/", "!b.o", "/y/a", "z/**", "y/x/*", "!y/x/c"] {
            if below(3) == 0 {
                lines.push(line);
            }
        }
        scratch.file("work/.gitignore", &lines.join("\n"));
        scratch.file("work/y/.gitignore", if below(2) == 0 { "c\n!x/\n" } else { "" });
        for directory in ["", "x/", "y/", "z/", "y/x/", "x/y/", "z/x/y/"] {
            for name in ["a", "b.o", "c", "d"] {
                let path = format!("work/{directory}{name}");
                match below(4) {
                    0 => {}
                    1 => {
                        scratch.file(&path, "one");
                        scratch.git("work", &["add", "-f", &format!("{directory}{name}")]);
                    }
                    2 => {
                        scratch.file(&path, "one");
                        scratch.git("work", &["add", "-f", &format!("{directory}{name}")]);
                        scratch.file(&path, if below(2) == 0 { "two" } else { "three" });
                    }
                    _ => scratch.file(&path, "loose"),
                }
            }
        }
        let mut theirs: BTreeMap<String, &str> = BTreeMap::new();
        let status = scratch.git("work", &["status", "--porcelain", "-z", "--ignored=matching", "-uall"]);
        for line in status.split_terminator('\0') {
            let (state, path) = line.split_at(3);
            theirs.insert(path.to_owned(), state);
        }
        let world = scratch.world("work");
        for directory in ["", "x/", "y/", "z/", "y/x/", "x/y/", "z/x/y/"] {
            for name in ["a", "b.o", "c", "d"] {
                let path = format!("{directory}{name}");
                let full = scratch.path(&format!("work/{path}"));
                if !fs::exists(&full).unwrap() {
                    continue;
                }
                let in_ignored = theirs
                    .iter()
                    .any(|(found, state)| *state == "!! " && found.ends_with('/') && path.starts_with(found.as_str()));
                let expected = match theirs.get(&path).copied() {
                    Some("A  " | "M  ") | None if !in_ignored => Standing::Clean,
                    Some("AM " | " M " | "MM ") => Standing::Dirty,
                    Some("?? ") => Standing::Untracked,
                    // `x.o` is the product of a compiler, the rest is only ignored.
                    Some("!! ") | None if name == "b.o" => Standing::Regenerable,
                    Some("!! ") | None => Standing::Untracked,
                    Some(other) => panic!("round {round}: {path} is {other:?}"),
                };
                let expected = if expected == Standing::Untracked && name == "b.o" {
                    Standing::Regenerable
                } else {
                    expected
                };
                assert_eq!(
                    world.standing(&full),
                    expected,
                    "round {round}: {path}: {lines:?} {:?}",
                    theirs.get(&path)
                );
            }
        }
    }
}
