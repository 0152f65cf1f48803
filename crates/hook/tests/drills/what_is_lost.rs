//! What would be lost is counted in real repositories, made by real git.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::scratch::Scratch;

fn git(directory: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", directory)
        .output()
        .unwrap();
    assert!(done.status.success(), "{arguments:?}: {done:?}");
}

/// A project with one commit of three files.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    let project = scratch.project();
    fs::remove_dir_all(project.join(".git")).unwrap();
    git(&project, &["init", "-q"]);
    for name in ["src/a.rs", "src/b.rs", "src/c.rs", ".gitignore"] {
        scratch.write(
            &project.join(name),
            if name == ".gitignore" {
                "target\n"
            } else {
                "fn x() {}\n"
            },
        );
    }
    git(&project, &["add", "."]);
    git(&project, &["commit", "-qm", "begin"]);
    scratch
}

fn decide(scratch: &Scratch, command: &str) -> (String, String) {
    let said = scratch.run(scratch.shell(command));
    (said.decision(), said.stdout)
}

const DISCARDS: &[&str] = &[
    "git checkout -- .",
    "git checkout -- src",
    "git restore .",
    "git restore src/a.rs",
    "git checkout -- src/a.rs",
    "git reset --hard",
    "git reset --hard HEAD",
];

#[test]
fn discarding_in_a_clean_work_tree_loses_nothing() {
    let scratch = repository();
    for command in DISCARDS {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "allow", "{command}: {text}");
    }
}

#[test]
fn discarding_changes_names_what_would_be_lost() {
    let scratch = repository();
    for name in ["src/a.rs", "src/b.rs", "src/c.rs"] {
        scratch.write(&scratch.project().join(name), "fn precious() {}\n");
    }
    for command in DISCARDS {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "ask", "{command}: {text}");
        assert!(text.contains("src/a.rs"), "{command}: {text}");
    }
    let (_, text) = decide(&scratch, "git checkout -- .");
    assert!(
        text.contains("3 files with work that no commit has would be lost: src/a.rs, src/b.rs, src/c.rs"),
        "{text}"
    );
}

#[test]
fn what_is_staged_is_not_taken_for_committed() {
    let scratch = repository();
    scratch.write(&scratch.project().join("src/a.rs"), "fn precious() {}\n");
    git(&scratch.project(), &["add", "src/a.rs"]);
    for command in DISCARDS {
        assert_eq!(decide(&scratch, command).0, "ask", "{command}");
    }
}

#[test]
fn changes_that_the_same_text_brings_back_first_are_not_overlooked() {
    let scratch = repository();
    scratch.write(&scratch.project().join("src/a.rs"), "fn precious() {}\n");
    git(&scratch.project(), &["stash", "-q"]);
    for command in [
        "git stash pop && git checkout -- .",
        "git stash pop; git reset --hard",
        "git reset --soft HEAD~1 && git checkout -f",
        "git apply x.patch && git restore .",
    ] {
        assert_ne!(decide(&scratch, command).0, "allow", "{command}");
    }
}

#[test]
fn what_is_staged_of_a_deleted_file_is_lost_where_it_is_put_back_from_a_commit() {
    let from_commit = [
        "git checkout HEAD -- src/a.rs",
        "git checkout HEAD src/a.rs",
        "git restore --source=HEAD --staged --worktree src/a.rs",
        "git restore -SW src/a.rs",
        "git ls-files -d | xargs git checkout HEAD --",
    ];
    let from_index = ["git checkout -- src/a.rs", "git restore src/a.rs"];
    let scratch = repository();
    fs::remove_file(scratch.project().join("src/a.rs")).unwrap();
    for command in from_commit.iter().chain(&from_index) {
        assert_eq!(decide(&scratch, command).0, "allow", "{command}");
    }
    scratch.write(&scratch.project().join("src/a.rs"), "fn precious() {}\n");
    git(&scratch.project(), &["add", "src/a.rs"]);
    fs::remove_file(scratch.project().join("src/a.rs")).unwrap();
    for command in from_commit {
        assert_eq!(decide(&scratch, command).0, "ask", "{command}");
    }
}

#[test]
fn taking_one_side_of_a_conflict_loses_what_was_done_in_that_file_alone() {
    let scratch = repository();
    let project = scratch.project();
    for (branch, text) in [("theirs", "fn theirs() {}\n"), ("ours", "fn ours() {}\n")] {
        git(&project, &["checkout", "-q", "-b", branch, "main"]);
        scratch.write(&project.join("src/a.rs"), text);
        git(&project, &["commit", "-qam", branch]);
    }
    let merge = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "merge", "theirs"])
        .current_dir(&project)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", &project)
        .output()
        .unwrap();
    assert!(!merge.status.success(), "there is a conflict");
    for command in ["git checkout --ours src/a.rs", "git checkout --theirs -- src/a.rs"] {
        let (decision, text) = decide(&scratch, command);
        assert!(
            decision == "ask" && text.contains("1 file with work"),
            "{command}: {text}"
        );
    }
}

#[test]
fn an_untracked_file_in_the_way_is_lost() {
    let scratch = repository();
    scratch.write(&scratch.project().join("src/new.rs"), "fn precious() {}\n");
    assert_eq!(decide(&scratch, "git checkout main -- src/new.rs").0, "ask");
    let (decision, text) = decide(&scratch, "rm -rf src");
    assert_eq!(decision, "ask");
    assert!(
        text.contains("1 file with work that no commit has would be lost: new.rs"),
        "{text}"
    );
    let (decision, text) = decide(&scratch, "git clean -fd");
    assert_eq!(decision, "ask", "{text}");
    assert_eq!(decide(&scratch, "git clean -nd").0, "allow");
}

#[test]
fn deleting_what_is_committed_or_can_be_made_again_loses_nothing() {
    let scratch = repository();
    scratch.write(&scratch.project().join("target/x.o"), "x");
    for command in ["rm src/a.rs", "rm -rf src", "rm -rf target", "git clean -fd"] {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "allow", "{command}: {text}");
    }
}

#[test]
fn overwriting_names_what_would_be_lost() {
    let scratch = repository();
    scratch.write(&scratch.project().join("src/a.rs"), "fn precious() {}\n");
    scratch.write(&scratch.project().join("notes.txt"), "precious\n");
    for (command, name) in [
        ("echo x > src/a.rs", "src/a.rs"),
        ("echo x > notes.txt", "notes.txt"),
        ("cp src/b.rs src/a.rs", "src/a.rs"),
        ("cp src/b.rs notes.txt", "notes.txt"),
        ("mv src/b.rs src/a.rs", "src/a.rs"),
        ("mv src/b.rs notes.txt", "notes.txt"),
        ("cat src/b.rs | tee notes.txt", "notes.txt"),
        (": > notes.txt", "notes.txt"),
        ("truncate -s 0 notes.txt", "notes.txt"),
        ("rm notes.txt", "notes.txt"),
        ("rm -rf src", "a.rs"),
        ("git clean -fd", "notes.txt"),
        ("git checkout -- src/a.rs", "src/a.rs"),
        ("dd if=src/b.rs of=notes.txt", "notes.txt"),
        ("ln -sf src/b.rs notes.txt", "notes.txt"),
    ] {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "ask", "{command}: {text}");
        assert!(text.contains(name), "{command}: {text}");
    }
    // The neighbours: committed and unchanged, not there yet, or made from what is there.
    for command in [
        "echo x > src/c.rs",
        "cp src/b.rs src/c.rs",
        "mv src/b.rs src/new.rs",
        "cp src/b.rs other.txt",
        "echo x >> src/a.rs",
    ] {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "allow", "{command}: {text}");
    }
}

#[test]
fn a_directory_is_never_put_in_the_place_of_another() {
    let scratch = repository();
    for file in ["gen/src/new.rs", "src/precious.rs", "gen/lib/a.rs"] {
        scratch.write(&scratch.project().join(file), "fn precious() {}\n");
    }
    for command in [
        "mv gen/src .",
        "mv gen/src ./",
        "mv gen/lib src/",
        "mv gen/lib lib",
        "mkdir -p out && mv gen/lib out/",
    ] {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "allow", "{command}: {text}");
    }
    // Copying goes into what is there, and a file is replaced.
    scratch.write(&scratch.project().join("gen/src/precious.rs"), "fn other() {}\n");
    for command in ["cp -r gen/src .", "mv gen/lib/a.rs src/precious.rs"] {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "ask", "{command}: {text}");
    }
}

#[test]
fn stashes_and_branches_that_only_exist_here_are_asked_about() {
    let scratch = repository();
    git(&scratch.project(), &["checkout", "-qb", "side"]);
    scratch.write(&scratch.project().join("src/d.rs"), "fn d() {}\n");
    git(&scratch.project(), &["add", "."]);
    git(&scratch.project(), &["commit", "-qm", "side"]);
    git(&scratch.project(), &["checkout", "-q", "main"]);
    scratch.write(&scratch.project().join("src/a.rs"), "fn precious() {}\n");
    git(&scratch.project(), &["stash", "-q"]);
    for command in ["git stash drop", "git stash clear", "git branch -D side"] {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "ask", "{command}: {text}");
    }
    for command in ["git stash list", "git branch -d side", "git branch other"] {
        let (decision, text) = decide(&scratch, command);
        assert_eq!(decision, "allow", "{command}: {text}");
    }
}
