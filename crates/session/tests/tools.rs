//! The tools, as a model uses them: through the gate, on real files and real commands.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{Scratch, bash, call};
use placet_session::Ending;
use serde_json::json;

#[test]
fn a_file_is_read_with_numbers_in_parts_and_long_lines_are_cut() {
    let scratch = Scratch::new();
    let lines: String = (1..=3000).map(|n| format!("line {n}\n")).collect();
    scratch.write("long.txt", lines);
    scratch.write("wide.txt", "x".repeat(100_000));
    scratch.write("empty.txt", "");
    let ran = scratch.run(&[
        call("Read", json!({"path": "long.txt"})),
        call("Read", json!({"path": "long.txt", "offset": 2999, "limit": 10})),
        call("Read", json!({"path": "wide.txt"})),
        call("Read", json!({"path": "empty.txt"})),
        call("Read", json!({"path": "long.txt", "offset": 4000})),
    ]);
    assert!(ran.text(0).starts_with("     1\tline 1\n"), "{}", ran.text(0));
    assert!(
        ran.text(0).contains("`offset`: 2001"),
        "{}",
        &ran.text(0)[ran.text(0).len() - 80..]
    );
    assert_eq!(ran.text(1), "  2999\tline 2999\n  3000\tline 3000\n");
    assert!(ran.text(2).len() < 3000 && ran.text(2).contains("100000 bytes"));
    assert_eq!(ran.text(3), "[the file is empty]\n");
    assert!(ran.results[4].failed);
}

#[test]
fn what_is_no_text_is_named_and_not_shown() {
    let scratch = Scratch::new();
    scratch.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0secret-pixels");
    scratch.write("program", b"\x7fELF\0\0\0");
    let ran = scratch.run(&[
        call("Read", json!({"path": "picture.png"})),
        call("Read", json!({"path": "program"})),
        call("Read", json!({"path": "."})),
        bash("mkfifo pipe"),
        call("Read", json!({"path": "pipe"})),
        call("Read", json!({"path": "missing"})),
    ]);
    assert!(ran.text(0).contains("image (PNG") && !ran.text(0).contains("pixels"));
    assert!(ran.text(1).contains("binary file of 7 bytes"), "{}", ran.text(1));
    assert!(ran.results[2].failed && ran.text(2).contains("LS"));
    assert!(ran.results[4].failed, "a pipe is not waited for: {}", ran.text(4));
    assert!(ran.results[5].failed);
}

#[test]
fn a_file_is_replaced_only_by_who_has_seen_it() {
    let scratch = Scratch::new();
    let ran = scratch.run(&[
        call("Write", json!({"path": "new/b.txt", "content": "fresh\n"})),
        bash("echo more >> new/b.txt"),
        call("Write", json!({"path": "new/b.txt", "content": "blind"})),
        call("Read", json!({"path": "new/b.txt"})),
        call("Write", json!({"path": "new/b.txt", "content": "seen"})),
    ]);
    assert!(ran.results[2].failed, "{}", ran.text(2));
    assert!(ran.text(2).contains("read it first"), "{}", ran.text(2));
    assert!(ran.text(3).contains("more"), "{}", ran.text(3));
    assert!(!ran.results[4].failed, "{}", ran.text(4));
    assert_eq!(scratch.read("new/b.txt"), "seen");
}

#[test]
fn several_edits_are_made_all_or_none() {
    let scratch = Scratch::new();
    scratch.write("a.py", "one\ntwo\nthree\n");
    let edits = |last: &str| json!({"path": "a.py", "edits": [{"old": "one", "new": "1"}, {"old": last, "new": "3"}]});
    let ran = scratch.run(&[call("MultiEdit", edits("four")), call("MultiEdit", edits("three"))]);
    assert!(
        ran.results[0].failed && ran.text(0).contains("edit 2"),
        "{}",
        ran.text(0)
    );
    assert!(ran.text(1).contains("-three\n+3"), "{}", ran.text(1));
    assert_eq!(scratch.read("a.py"), "1\ntwo\n3\n");
}

#[test]
fn files_are_found_and_searched_by_the_rules_of_ignore_files() {
    let scratch = Scratch::new();
    scratch.write(".gitignore", "build/\n");
    scratch.write("src/a.rs", "fn alpha() {}\nfn beta() {}\n");
    scratch.write("src/deep/b.rs", "fn gamma() {}\n");
    scratch.write("build/c.rs", "fn alpha() {}\n");
    scratch.write("notes.md", "alpha\n");
    let ran = scratch.run(&[
        call("Glob", json!({"pattern": "**/*.rs"})),
        call("Grep", json!({"pattern": "ALPHA", "ignore_case": true})),
        call(
            "Grep",
            json!({"pattern": "fn \\w+", "glob": "*.rs", "names_only": true}),
        ),
        call("Grep", json!({"pattern": "beta", "context": 1, "path": "src/a.rs"})),
        call("Grep", json!({"pattern": "("})),
        call("LS", json!({"path": "src"})),
        call("Grep", json!({"pattern": "nowhere-at-all"})),
    ]);
    assert_eq!(ran.text(0), "src/a.rs\nsrc/deep/b.rs");
    assert_eq!(ran.text(1), "notes.md:1:alpha\nsrc/a.rs:1:fn alpha() {}\n");
    assert_eq!(ran.text(2), "src/a.rs\nsrc/deep/b.rs\n");
    assert!(
        ran.text(3).contains("-1-fn alpha() {}\n") && ran.text(3).contains(":2:fn beta() {}"),
        "{}",
        ran.text(3)
    );
    assert!(ran.results[4].failed);
    assert_eq!(ran.text(5), "a.rs\ndeep/");
    assert_eq!(ran.text(6), "[nothing matches]");
}

#[test]
fn the_working_directory_lasts_and_does_not_leave_the_project() {
    let scratch = Scratch::new();
    scratch.write("sub/x.txt", "here");
    let ran = scratch.run(&[
        bash("cd sub && export A=1"),
        bash("pwd; echo \"A=$A\"; cat x.txt"),
        call("Read", json!({"path": "x.txt"})),
        bash("cd /usr; exit 3"),
        bash("pwd"),
    ]);
    assert!(ran.text(0).contains("/project/sub]"), "{}", ran.text(0));
    assert!(ran.text(1).contains("/project/sub\nA=\nhere"), "{}", ran.text(1));
    assert_eq!(ran.text(2), "     1\there\n");
    assert!(
        ran.text(3).contains("[exit code 3]") && ran.text(3).contains("outside the project"),
        "{}",
        ran.text(3)
    );
    assert!(ran.text(4).ends_with("/project\n"), "{}", ran.text(4));
}

#[test]
fn what_follows_a_command_can_not_be_given_another_meaning_by_it() {
    let scratch = Scratch::new();
    let names = [
        "pwd", "builtin", "command", "cd", "exit", "printf", "echo", "true", "test", "[", "/bin/pwd",
    ];
    let functions: String = names
        .iter()
        .map(|name| format!("function {name} {{ : >| pwned; }}\n"))
        .collect();
    scratch.write("kept.txt", "kept");
    let ran = scratch.run(&[
        bash(&functions),
        bash("PLACET_CWD=kept.txt; PWD=kept.txt; OLDPWD=kept.txt; IFS=/; set -o noclobber"),
        bash("echo 'it\"s $(here)' > \"$TMPDIR/x\" 2>/dev/null; unset PWD"),
        bash("exit 4"),
    ]);
    assert!(!scratch.project().join("pwned").exists(), "{:?}", ran.results);
    assert_eq!(scratch.read("kept.txt"), "kept");
    assert!(ran.text(3).contains("[exit code 4]"));
}

#[test]
fn a_flood_of_output_is_kept_in_a_file_and_shown_in_part() {
    let scratch = Scratch::new();
    let ran = scratch.run(&[bash(
        "echo first; head -c 100000000 /dev/zero | tr '\\0' 'x'; echo last",
    )]);
    let text = ran.text(0);
    assert!(text.len() < 40_000, "{}", text.len());
    assert!(text.starts_with("first\n") && text.trim_end().ends_with("last"));
    assert!(text.contains("all 100000011 are in "), "{}", &text[16_000..17_000]);
}

#[test]
fn a_command_that_takes_too_long_ends_with_everything_it_started() {
    let scratch = Scratch::new();
    let ran = scratch.run(&[call(
        "Bash",
        json!({"command": "sleep 600 & echo $! > pid; wait", "timeout": 1}),
    )]);
    assert!(ran.text(0).contains("stopped after 1 s"), "{}", ran.text(0));
    assert!(common::is_gone(&scratch.read("pid")));
}

#[test]
fn a_job_has_its_own_output_and_ends_with_the_session() {
    let scratch = Scratch::new();
    let ran = scratch.run(&[
        call(
            "Bash",
            json!({"command": "echo $$ > pid; echo working; exec sleep 600", "background": true}),
        ),
        bash("until [ -s pid ]; do :; done; cat pid"),
        call("JobOutput", json!({"job": "job-1"})),
        call("JobStop", json!({"job": "job-1"})),
        call("JobOutput", json!({"job": "job-1"})),
        call("JobOutput", json!({"job": "job-9"})),
        call(
            "Bash",
            json!({"command": "echo $$ > second; exec sleep 600", "background": true}),
        ),
        bash("until [ -s second ]; do :; done"),
    ]);
    assert!(ran.text(0).contains("`job-1` runs"), "{}", ran.text(0));
    assert!(
        ran.text(2).contains("working") && ran.text(2).contains("[it runs]"),
        "{}",
        ran.text(2)
    );
    assert!(ran.text(4).contains("[it has ended"), "{}", ran.text(4));
    assert!(ran.results[5].failed);
    for name in ["pid", "second"] {
        assert!(common::is_gone(&scratch.read(name)), "{name}");
    }
}

#[test]
fn calls_that_only_look_come_back_in_their_order() {
    let scratch = Scratch::new();
    for n in 0..20 {
        scratch.write(&format!("f{n}"), format!("content {n}"));
    }
    let calls: Vec<_> = (0..20)
        .map(|n| json!({"tool": "Read", "input": {"path": format!("f{n}")}}))
        .collect();
    let ran = scratch.run(&[json!({"calls": calls})]);
    assert_eq!(ran.ending, Ending::Done("done".to_owned()));
    for (n, result) in ran.results.iter().enumerate() {
        assert!(result.text.contains(&format!("content {n}")), "{n}: {}", result.text);
    }
}

#[test]
fn the_list_of_what_is_to_be_done_and_unknown_tools_have_clear_answers() {
    let scratch = Scratch::new();
    let ran = scratch.run(&[
        call(
            "Todo",
            json!({"items": [{"text": "a", "state": "done"}, {"text": "b", "state": "open"}]}),
        ),
        call("Todo", json!({"items": [{"text": "a", "state": "someday"}]})),
        call("Teleport", json!({})),
        call("Bash", json!({"command": 7})),
        call("AskUser", json!({"question": "Which colour?"})),
    ]);
    assert_eq!(ran.text(0), "noted: 1 of 2 done");
    assert!(ran.results[1].failed);
    assert!(ran.text(2).contains("no tool `Teleport`"));
    assert!(
        ran.results[3].failed && ran.text(3).contains("can't be read"),
        "{}",
        ran.text(3)
    );
    assert!(ran.text(4).contains("Nobody answered"));
}

#[test]
fn a_search_leaves_out_what_ignore_files_cover_whatever_it_asks_for_and_a_shell_does_not() {
    let scratch = Scratch::new();
    scratch.write(".placetignore", ".env\nprivate/\n");
    scratch.write(".env", "KEY=canary\n");
    scratch.write("private/deep/notes.md", "canary\n");
    scratch.write("src/a.rs", "// canary\n");
    std::os::unix::fs::symlink("../private", scratch.project().join("src/link")).unwrap();
    std::os::unix::fs::symlink("../.env", scratch.project().join("src/settings")).unwrap();
    let grep = |input: serde_json::Value| call("Grep", input);
    let ran = scratch.run(&[
        grep(json!({"pattern": "canary"})),
        grep(json!({"pattern": "canary", "glob": ".env"})),
        grep(json!({"pattern": "canary", "glob": "!src/**"})),
        grep(json!({"pattern": "canary", "glob": "**/private/**", "names_only": true})),
        call("Glob", json!({"pattern": "**/*"})),
    ]);
    for (at, result) in ran.results.iter().enumerate() {
        assert!(!result.failed, "{at}: {}", result.text);
        assert!(
            !result.text.contains("KEY=") && !result.text.contains("notes.md"),
            "{at}: {}",
            result.text
        );
    }
    assert_eq!(ran.text(0), "src/a.rs:1:// canary\n");
    assert!(
        ran.text(4).contains("src/a.rs") && !ran.text(4).contains(".env\n"),
        "{}",
        ran.text(4)
    );
    // What names the ignored path itself, also by a link, and what another program would sweep over, is denied.
    for denied in [
        grep(json!({"pattern": "canary", "path": ".env"})),
        grep(json!({"pattern": "canary", "path": "private"})),
        grep(json!({"pattern": "canary", "path": "src/link"})),
        grep(json!({"pattern": "canary", "path": "src/settings"})),
        call("Glob", json!({"pattern": "private/**"})),
        bash("grep -r canary ."),
        bash("rg --no-ignore --hidden canary"),
    ] {
        let ran = scratch.run(std::slice::from_ref(&denied));
        assert_eq!(ran.denied, ["ignored-path"], "{denied}: {}", ran.text(0));
    }
}

#[test]
fn a_search_finds_what_git_ignores_left_out_and_says_so_by_finding_nothing() {
    let scratch = Scratch::new();
    scratch.write(".gitignore", ".env\n");
    scratch.write(".env", "KEY=canary\n");
    let ran = scratch.run(&[call("Grep", json!({"pattern": "canary"}))]);
    assert_eq!(ran.text(0), "[nothing matches]");
}
