//! What is shown only where a person sits: questions, the bar of a long run, the world of this machine. In a pseudo-terminal
//! that `script` of util-linux makes; where that is missing, these tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "command_line/desk.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod desk;

use std::io::Write;
use std::process::{Command, Stdio};

use desk::Desk;

/// Runs it in a pseudo-terminal with this typed; `None` where none can be had.
fn at_a_terminal(desk: &Desk, words: &str, typed: &str) -> Option<String> {
    let line = format!("{} {words}", env!("CARGO_BIN_EXE_placet"));
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(desk.path(""))
        .env_clear()
        .env("HOME", desk.home(""))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .inspect_err(|error| println!("skipped: no `script` of util-linux here ({error})"))
        .ok()?;
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn trust_is_given_only_by_a_person_who_says_yes() {
    let desk = Desk::new();
    desk.write(".placet/policy.toml", "[permissions]\nallow = ['Bash(frobnicate)']\n");
    let Some(refused) = at_a_terminal(&desk, "trust", "n\n") else {
        return;
    };
    assert!(refused.contains("Let them count? [y/N]"), "{refused}");
    assert!(refused.contains("nothing was trusted"), "{refused}");
    let asked = desk.run(&["check", "--real", "--tier", "balanced", "--mode", "auto", "frobnicate"]);
    assert!(!asked.stdout.starts_with("ALLOW"), "{}", asked.stdout);

    let given = at_a_terminal(&desk, "trust", "y\n").unwrap();
    assert!(
        given.contains("trusted, as long as these files stay as they are"),
        "{given}"
    );
    let allowed = desk.run(&["check", "--real", "--tier", "balanced", "--mode", "auto", "frobnicate"]);
    assert!(
        allowed.stdout.starts_with("ALLOW"),
        "{}{}",
        allowed.stdout,
        allowed.stderr
    );

    desk.write(
        ".placet/policy.toml",
        "[permissions]\nallow = ['Bash(frobnicate)', 'Bash(other)']\n",
    );
    let changed = desk.run(&["check", "--real", "--tier", "balanced", "--mode", "auto", "frobnicate"]);
    assert!(!changed.stdout.starts_with("ALLOW"), "{}", changed.stdout);
}

#[test]
fn the_machines_own_files_count_only_when_they_are_asked_for() {
    let desk = Desk::new();
    desk.write("notes.txt", "mine, and in no commit\n");
    let line = r#"{"id":1,"tool":"Bash","input":{"command":"rm notes.txt"}}"#;
    let neutral = desk.run_with(&["check", "--jsonl"], line.as_bytes());
    assert!(neutral.stdout.contains(r#""decision":"allow""#), "{}", neutral.stdout);
    let real = desk.run_with(&["check", "--jsonl", "--real"], line.as_bytes());
    assert!(real.stdout.contains(r#""decision":"ask""#), "{}", real.stdout);
    assert!(
        !desk
            .run_with(&["check", "rm notes.txt"], b"")
            .stdout
            .starts_with("ALLOW")
    );
}

#[test]
fn a_log_without_records_is_said_to_be_empty_at_a_terminal_too() {
    let desk = Desk::new();
    let Some(shown) = at_a_terminal(&desk, "audit show", "") else {
        return;
    };
    assert!(!shown.contains('\u{0}') && !shown.trim().is_empty(), "{shown:?}");
}
