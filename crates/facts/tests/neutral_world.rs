//! The assumptions of the neutral world, one sentence per test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_facts::{GitState, NeutralWorld};
use placet_model::{Between, Content, Facts, FileKind, Shape, Standing};

fn world() -> NeutralWorld {
    NeutralWorld::new(None, None)
}

#[test]
fn the_project_is_what_is_given_or_where_the_work_is_or_the_usual_one() {
    assert_eq!(world().project(), "/home/dev/project");
    assert_eq!(NeutralWorld::new(Some("/srv/app"), None).project(), "/srv/app");
    let both = NeutralWorld::new(Some("/srv/app/src"), Some("/srv/app/"));
    assert_eq!((both.project(), both.cwd()), ("/srv/app", "/srv/app/src"));
    assert_eq!(NeutralWorld::new(Some("~/x"), None).cwd(), "/home/dev/x");
}

#[test]
fn a_path_inside_is_tracked_and_clean_and_a_path_outside_is_not() {
    assert_eq!(world().standing("/home/dev/project/src/main.rs"), Standing::Clean);
    assert_eq!(world().standing("/home/dev/project/src"), Standing::Clean);
    assert_eq!(world().standing("/home/dev/other/main.rs"), Standing::Untracked);
    assert_eq!(world().standing("/home/dev/project2/main.rs"), Standing::Untracked);
}

#[test]
fn what_tools_make_can_be_made_again() {
    for path in [
        "node_modules/x/y.js",
        "target",
        "a/__pycache__/b.pyc",
        ".venv/bin/python",
        "coverage/index.html",
        "b.pyc",
    ] {
        let path = format!("/home/dev/project/{path}");
        assert_eq!(world().standing(&path), Standing::Regenerable, "{path}");
    }
    assert_eq!(world().standing("/home/dev/project/targets/x"), Standing::Clean);
    // The project's own place may be called so.
    assert_eq!(
        NeutralWorld::new(Some("/x/build"), None).standing("/x/build/a.c"),
        Standing::Clean
    );
}

#[test]
fn secrets_and_the_history_exist_and_are_in_no_commit() {
    for path in [
        ".env",
        ".env.local",
        "certs/server.key",
        "id_rsa",
        ".git/config",
        ".git",
    ] {
        let path = format!("/home/dev/project/{path}");
        assert_eq!(world().standing(&path), Standing::Untracked, "{path}");
    }
    for path in [
        ".env.example",
        ".envrc",
        "src/key.rs",
        ".github/workflows/ci.yml",
        ".gitignore",
    ] {
        let path = format!("/home/dev/project/{path}");
        assert_eq!(world().standing(&path), Standing::Clean, "{path}");
    }
}

#[test]
fn manifests_are_ordinary_and_files_outside_cannot_be_read() {
    assert_eq!(world().read("/home/dev/project/package.json"), Content::Ordinary);
    assert_eq!(world().read("/etc/passwd"), Content::Unreadable);
}

#[test]
fn what_the_caller_says_of_a_file_wins() {
    let world = world()
        .with_file("run.sh", Some("ls".to_owned()))
        .with_file("/home/dev/project/gone", None);
    assert_eq!(world.read("/home/dev/project/run.sh"), Content::Text("ls".to_owned()));
    assert_eq!(world.kind("/home/dev/project/run.sh"), FileKind::File);
    assert_eq!(world.standing("/home/dev/project/run.sh"), Standing::Clean);
    for path in ["/home/dev/project/gone", "/home/dev/project/gone/below"] {
        assert_eq!(world.standing(path), Standing::Missing);
        assert_eq!(world.kind(path), FileKind::Missing);
        assert_eq!(world.read(path), Content::Missing);
        assert_eq!(world.tree(path).worst, Standing::Missing);
    }
    assert_eq!(world.kind("/home/dev/project/other"), FileKind::Unknown);
    assert_eq!(world.entries("/home/dev/project").unwrap(), ["run.sh"]);
    assert_eq!(world.entries("/home/dev/project/src"), None);
}

#[test]
fn what_the_caller_says_of_git_holds_for_everything_below() {
    let world = world()
        .with_git("notes", GitState::Untracked)
        .with_git("src/a.rs", GitState::Dirty)
        .with_git("data", GitState::Ignored)
        .with_git("dist", GitState::Tracked)
        .with_git("x/node_modules", GitState::Ignored);
    let standing = |path: &str| world.standing(&format!("/home/dev/project/{path}"));
    assert_eq!(standing("notes/today.md"), Standing::Untracked);
    assert_eq!(standing("src/a.rs"), Standing::Dirty);
    assert_eq!(standing("src/b.rs"), Standing::Clean);
    assert_eq!(standing("data/a.bin"), Standing::Untracked);
    assert_eq!(standing("dist/a.js"), Standing::Clean);
    assert_eq!(standing("x/node_modules/y"), Standing::Regenerable);
}

#[test]
fn a_tree_is_as_bad_as_its_worst_known_file() {
    let world = world().with_git("src/a.rs", GitState::Dirty);
    let tree = world.tree("/home/dev/project/src");
    assert_eq!((tree.worst, tree.lost), (Standing::Dirty, vec!["a.rs".to_owned()]));
    assert_eq!(world.tree("/home/dev/project/docs").worst, Standing::Clean);
    assert_eq!(
        world.tree("/home/dev/project/node_modules").worst,
        Standing::Regenerable
    );
    // With the project itself go its history and its environment.
    assert_eq!(world.tree("/home/dev/project").worst, Standing::Untracked);
    assert_eq!(world.tree("/home/dev").worst, Standing::Unknown);
    assert_eq!(world.tree("/etc").worst, Standing::Unknown);
}

#[test]
fn names_of_a_shape_are_ordinary_but_for_what_no_project_commits() {
    let world = world().with_git("src/a.orig", GitState::Untracked);
    let of = |begins, ends, between| world.tree_of("/home/dev/project", Shape { begins, ends, between });
    assert_eq!(of("", ".jpg", Between::Anything).worst, Standing::Clean);
    assert_eq!(of("__pycache__", "", Between::Nothing).worst, Standing::Regenerable);
    assert_eq!(of("", ".orig", Between::Anything).lost, ["src/a.orig"]);
    for (begins, ends) in [(".e", ""), (".g", ""), ("", "v"), ("", ".pack"), ("src", "")] {
        let worst = of(begins, ends, Between::Anything).worst;
        assert_eq!(worst, Standing::Untracked, "{begins}*{ends}");
    }
    let outside = world.tree_of(
        "/home/dev",
        Shape {
            begins: "",
            ends: ".jpg",
            between: Between::Anything,
        },
    );
    assert_eq!(outside.worst, Standing::Unknown);
}

#[test]
fn a_presumed_project_is_believed_for_single_files_but_not_for_directories() {
    let world = world().with_presumed(vec!["/Users/ann/code/app".to_owned()]);
    assert_eq!(world.extra_directories(), ["/Users/ann/code/app"]);
    assert_eq!(world.standing("/Users/ann/code/app/src/a.ts"), Standing::Clean);
    assert_eq!(world.standing("/Users/ann/code/app/src"), Standing::Unknown);
    assert_eq!(world.standing("/Users/ann/code/app"), Standing::Unknown);
    assert_eq!(world.standing("/Users/ann/code/app/dist"), Standing::Unknown);
    // Nobody else gives such a name.
    for made in ["node_modules", "node_modules/.vite", ".next", "src/__pycache__"] {
        let path = format!("/Users/ann/code/app/{made}");
        assert_eq!(world.standing(&path), Standing::Regenerable, "{made}");
        assert_eq!(world.tree(&path).worst, Standing::Regenerable, "{made}");
    }
    assert_eq!(world.tree("/Users/ann/code/app/src").worst, Standing::Unknown);
    assert_eq!(
        world.repository("/Users/ann/code/app/src").unwrap().root,
        "/Users/ann/code/app"
    );
}

#[test]
fn nothing_was_created_in_the_session_unless_the_caller_says_so() {
    let path = "/home/dev/project/tool.py";
    assert!(!world().written_this_session(path));
    let created = world().with_created("tool.py");
    assert!(created.written_this_session(path));
    assert_eq!(created.standing(path), Standing::Session);
    let changed = world().with_changed("tool.py");
    assert!(changed.written_this_session(path));
    assert_eq!(changed.standing(path), Standing::Dirty);
}

#[test]
fn the_repository_is_on_a_feature_branch_with_one_remote() {
    let repository = world().repository("/home/dev/project/src").unwrap();
    assert_eq!(repository.branch.as_deref(), Some("feature/work"));
    assert_eq!(repository.default_branch.as_deref(), Some("main"));
    assert_eq!(repository.remotes[0].0, "origin");
    assert!(world().repository("/etc").is_none());
}

#[test]
fn only_a_few_variables_are_known() {
    assert_eq!(world().variable("HOME").as_deref(), Some("/home/dev"));
    assert_eq!(world().variable("GITHUB_TOKEN"), None);
}
