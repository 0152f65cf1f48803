//! Repositories that came with content, made by git: what they would make git run is found, and the project's own and the
//! user's others are left alone.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod scratch;

use placet_facts::{SessionState, World};
use placet_model::Facts;
use scratch::Scratch;

const MONITOR: &str = "core.fsmonitor=./x.sh";

/// A project with a bare repository among its files.
fn with_bare() -> Scratch {
    let scratch = Scratch::with_git(&[]);
    scratch.git("work", &["init", "-q", "--bare", "fixtures/bare"]);
    scratch
}

fn world(scratch: &Scratch) -> World {
    scratch.world_with("work", SessionState::default())
}

fn runs(scratch: &Scratch, directory: &str) -> Vec<String> {
    world(scratch).git_runs(&scratch.path(directory), false)
}

#[test]
fn a_bare_repository_among_files_that_names_programs_is_found_from_every_directory_in_it() {
    let scratch = with_bare();
    scratch.git("work/fixtures/bare", &["config", "core.fsmonitor", "./x.sh"]);
    assert_eq!(runs(&scratch, "work/fixtures/bare"), [MONITOR]);
    assert_eq!(runs(&scratch, "work/fixtures/bare/objects"), [MONITOR]);
    assert_eq!(
        world(&scratch).git_runs(&scratch.path("work/fixtures/bare"), true),
        [MONITOR]
    );
}

#[test]
fn a_hook_of_a_bare_repository_is_found_and_a_sample_of_one_is_not() {
    let scratch = with_bare();
    scratch.file("work/fixtures/bare/hooks/update.sample", "#!/bin/sh\n");
    assert!(runs(&scratch, "work/fixtures/bare").is_empty());
    scratch.file("work/fixtures/bare/hooks/reference-transaction", "#!/bin/sh\n");
    assert_eq!(runs(&scratch, "work/fixtures/bare"), ["hooks/reference-transaction"]);
}

#[test]
fn a_file_that_leads_git_to_a_directory_of_the_content_is_followed() {
    let scratch = with_bare();
    scratch.git("work/fixtures/bare", &["config", "core.fsmonitor", "./x.sh"]);
    scratch.file("work/vendor/tool/.git", "gitdir: ../../fixtures/bare\n");
    assert_eq!(runs(&scratch, "work/vendor/tool"), [MONITOR]);
}

#[test]
fn a_link_to_a_bare_repository_is_followed() {
    let scratch = with_bare();
    scratch.git("work/fixtures/bare", &["config", "core.fsmonitor", "./x.sh"]);
    std::os::unix::fs::symlink(scratch.path("work/fixtures/bare"), scratch.path("work/link")).unwrap();
    assert_eq!(runs(&scratch, "work/link"), [MONITOR]);
}

#[test]
fn the_projects_own_repository_is_its_users_choice() {
    let scratch = with_bare();
    scratch.git("work", &["config", "core.fsmonitor", "./x.sh"]);
    scratch.directory("work/src");
    assert!(runs(&scratch, "work").is_empty());
    assert!(runs(&scratch, "work/src").is_empty());
    assert!(world(&scratch).git_runs(&scratch.path("work/.git"), true).is_empty());
}

#[test]
fn another_repository_of_the_user_is_their_choice_as_well() {
    let scratch = with_bare();
    scratch.directory("other");
    scratch.git("other", &["init", "-q"]);
    scratch.git("other", &["config", "core.fsmonitor", "./x.sh"]);
    scratch.git(".", &["init", "-q", "--bare", "mirror"]);
    scratch.git("mirror", &["config", "core.sshCommand", "ssh -v"]);
    assert!(runs(&scratch, "other").is_empty());
    assert!(runs(&scratch, "mirror").is_empty());
}

#[test]
fn linked_work_trees_are_ordinary() {
    let scratch = with_bare();
    scratch.git("work", &["commit", "-q", "--allow-empty", "-m", "a"]);
    scratch.git("work", &["config", "core.fsmonitor", "./x.sh"]);
    scratch.git("work", &["worktree", "add", "-q", "../linked"]);
    assert!(runs(&scratch, "linked").is_empty());
}

#[test]
fn a_bare_repository_that_names_no_programs_is_harmless() {
    let scratch = with_bare();
    assert!(runs(&scratch, "work/fixtures/bare").is_empty());
}
