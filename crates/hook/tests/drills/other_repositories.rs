//! A repository among the files of the project, with a configuration of its own.

use crate::scratch::Scratch;
use serde_json::json;

#[test]
fn a_bare_repository_that_makes_git_run_something_is_asked_about_however_git_gets_there() {
    let scratch = Scratch::new();
    let bare = scratch.project().join("fixtures/bare");
    for (name, text) in [
        ("HEAD", "ref: refs/heads/main\n"),
        ("objects/.keep", ""),
        ("refs/.keep", ""),
        (
            "config",
            "[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = ./x.sh\n",
        ),
    ] {
        scratch.write(&bare.join(name), text);
    }
    let decision = |command: &str| {
        let input = json!({ "command": command });
        scratch.run(scratch.before("Bash", input)).decision()
    };
    for command in [
        "git -C fixtures/bare status",
        "cd fixtures/bare && git status",
        "GIT_DIR=fixtures/bare git status",
        "export GIT_DIR=$PWD/fixtures/bare; git log -1",
        "git --git-dir=fixtures/bare --work-tree=. status",
        "env GIT_DIR=fixtures/bare git diff",
    ] {
        assert_eq!(decision(command), "ask", "{command}");
    }
    assert_eq!(decision("git status"), "allow");
    assert_eq!(decision("ls fixtures/bare"), "allow");
    scratch.write(&bare.join("config"), "[core]\n\tbare = true\n");
    assert_eq!(decision("git -C fixtures/bare log -1"), "allow");
}
