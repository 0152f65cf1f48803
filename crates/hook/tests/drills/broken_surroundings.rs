//! When what the hook stands on is broken, nothing is allowed, the message says what is wrong, and nothing that was
//! stored is lost.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::scratch::{Said, Scratch, say};

fn assert_stopped(said: &Said, word: &str) {
    assert!(!said.goes_ahead(), "{said:?}");
    assert!(
        said.stdout.contains(word) || said.stderr.contains(word),
        "`{word}` in {said:?}"
    );
}

#[test]
fn a_policy_that_cannot_be_read_stops_every_call() {
    let scratch = Scratch::new();
    let policy = scratch.project().join(".placet/policy.toml");
    fs::create_dir_all(&policy).unwrap();
    assert_stopped(&scratch.run(scratch.shell("ls")), "policy.toml");
    fs::remove_dir(&policy).unwrap();
    fs::write(&policy, b"mode = \"\xff\"\n").unwrap();
    assert_stopped(&scratch.run(scratch.shell("ls")), "not UTF-8");
    fs::write(&policy, vec![b'#'; 2 * 1024 * 1024]).unwrap();
    assert_stopped(&scratch.run(scratch.shell("ls")), "larger than");
    fs::remove_file(&policy).unwrap();
    assert!(Command::new("mkfifo").arg(&policy).status().unwrap().success());
    assert_stopped(&scratch.run(scratch.shell("ls")), "not a file");
    fs::remove_file(&policy).unwrap();
    assert!(scratch.run(scratch.shell("ls")).goes_ahead());
}

#[test]
fn a_malformed_policy_tightens_and_its_denials_hold() {
    let scratch = Scratch::new();
    let policy = scratch.home().join(".config/placet/policy.toml");
    let rules = "[tools]\nWebFetch = \"deny\"\n\n[permissions]\nallow = [\"Bash(npm publish)\"]\n";
    scratch.write(&policy, rules);
    assert_eq!(scratch.run(scratch.denied("x")).decision(), "deny");
    assert_eq!(scratch.run(scratch.shell("npm publish")).decision(), "allow");
    scratch.write(&policy, &format!("{rules}\n[[rule]\nid = \n"));
    assert_eq!(scratch.run(scratch.denied("x")).decision(), "deny");
    assert!(!scratch.run(scratch.shell("npm publish")).goes_ahead());
}

#[test]
fn settings_of_the_client_that_are_cut_off_allow_nothing() {
    let scratch = Scratch::new();
    let settings = scratch.home().join(".claude/settings.json");
    scratch.write(&settings, r#"{"permissions":{"allow":["Bash(npm publish)"]}}"#);
    assert_eq!(scratch.run(scratch.shell("npm publish")).decision(), "allow");
    scratch.write(&settings, r#"{"permissions":{"allow":["Bash(npm publish)"]}"#);
    assert!(!scratch.run(scratch.shell("npm publish")).goes_ahead());
}

#[test]
fn without_a_home_every_call_is_blocked() {
    let scratch = Scratch::new();
    for home in [None, Some(""), Some("relative")] {
        let mut command = scratch.command();
        match home {
            None => command.env_remove("HOME"),
            Some(home) => command.env("HOME", home),
        };
        assert_stopped(&say(&mut command, scratch.shell("ls").as_bytes()), "HOME");
    }
}

#[test]
fn a_home_that_cannot_be_written_blocks_calls_and_messages() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.home().join(".local")).unwrap();
    // A file where a directory must be stops everybody, also the superuser.
    fs::write(scratch.home().join(".local/state"), "").unwrap();
    assert_stopped(&scratch.run(scratch.shell("ls")), "state");
    let message = scratch.event("UserPromptSubmit", serde_json::json!({ "prompt": "do not push" }));
    assert_eq!(scratch.run(message).code, Some(2));
}

#[test]
fn a_read_only_home_blocks() {
    let scratch = Scratch::new();
    let home = scratch.root().join("read-only");
    let Some(_mount) = Mount::new(&home, "size=64k,ro") else {
        println!("skipped: no right to mount");
        return;
    };
    let mut command = scratch.command();
    command.env("HOME", &home);
    assert_stopped(&say(&mut command, scratch.shell("ls").as_bytes()), "ead-only");
}

#[test]
fn on_a_full_disk_nothing_is_allowed_and_nothing_recorded_is_lost() {
    let scratch = Scratch::new();
    let home = scratch.root().join("small");
    let Some(_mount) = Mount::new(&home, "size=64k") else {
        println!("skipped: no right to mount");
        return;
    };
    let run = |command: &str| say(scratch.command().env("HOME", &home), scratch.shell(command).as_bytes());
    let log = home.join(".local/state/placet/audit.jsonl");
    let mut acknowledged = 0;
    let mut refused = 0;
    for number in 0..400 {
        let said = run(&format!("echo {number}"));
        if said.goes_ahead() {
            acknowledged += 1;
            assert_eq!(refused, 0, "a full disk does not empty itself");
        } else {
            refused += 1;
        }
        if refused == 5 {
            break;
        }
    }
    assert!(acknowledged > 0 && refused == 5, "{acknowledged} {refused}");
    let text = fs::read_to_string(&log).unwrap();
    let whole = text
        .lines()
        .filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
        .count();
    assert!(whole >= acknowledged, "{whole} of {acknowledged}");
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first["command"], "echo 0");
}

#[test]
fn a_log_that_is_a_directory_allows_nothing() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.state().join("audit.jsonl")).unwrap();
    assert_stopped(&scratch.run(scratch.shell("ls")), "audit.jsonl");
}

#[test]
fn a_log_that_another_process_never_lets_go_blocks_in_time() {
    let scratch = Scratch::new();
    assert!(scratch.run(scratch.shell("ls")).goes_ahead());
    let lock = fs::OpenOptions::new()
        .write(true)
        .open(scratch.state().join("audit.jsonl.lock"))
        .unwrap();
    lock.lock().unwrap();
    let said = scratch.run(scratch.shell("ls"));
    assert!(!said.goes_ahead(), "{said:?}");
    drop(lock);
    assert!(scratch.run(scratch.shell("ls")).goes_ahead());
}

#[test]
fn a_memory_that_holds_anything_at_all_never_stops_the_hook_from_answering() {
    let scratch = Scratch::new();
    scratch.run(scratch.event("UserPromptSubmit", serde_json::json!({ "prompt": "hello" })));
    let memory = crate::scratch::walk(&scratch.state().join("sessions"))
        .into_iter()
        .find(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .unwrap();
    for text in [
        "\u{0}\u{0}",
        "{\"entry\":\"user-message\"",
        "[]\n{}\nnull\n",
        "{\"entry\":\"approved\"}\n",
    ] {
        fs::write(&memory, text).unwrap();
        let said = scratch.run(scratch.denied("x"));
        assert!(!said.goes_ahead(), "{said:?}");
    }
}

/// A small file system of its own, gone with the value.
struct Mount(std::path::PathBuf);

impl Mount {
    fn new(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at)
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then(|| Self(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
