//! Whose real processes are whose, on the machine that the tests run on.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod scratch;

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use placet_facts::{Seat, World};
use placet_model::{Facts, Ownership, ProcessSet};
use scratch::Scratch;

/// A process that waits until nobody holds its input any more: it ends with the test.
struct Waiting {
    child: Child,
    pid: u32,
}

impl Waiting {
    fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let pid = child.id();
        Self { child, pid }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pid(number: u32) -> ProcessSet {
    ProcessSet::Pid(number.to_string())
}

fn here(scratch: &Scratch) -> World {
    scratch.world("work").with_seat(Seat::Here)
}

fn names(owners: &Ownership) -> Vec<u32> {
    match owners {
        Ownership::Others(others) => others.named.iter().map(|(_, pid)| *pid).collect(),
        Ownership::Unknown | Ownership::Nobody | Ownership::Session | Ownership::Restarted => Vec::new(),
    }
}

#[test]
fn a_child_is_its_own_and_a_parent_is_not() {
    let scratch = Scratch::with_git(&[]);
    let child = Waiting::start(&mut Command::new("cat"));
    let world = here(&scratch);
    assert_eq!(world.processes(&pid(child.pid)), Ownership::Session);
    let parent = std::os::unix::process::parent_id();
    assert_eq!(names(&world.processes(&pid(parent))), [parent]);
    assert_eq!(names(&world.processes(&pid(std::process::id()))), [std::process::id()]);
    assert_eq!(names(&world.processes(&pid(1))), [1]);
}

#[test]
fn a_pattern_reaches_what_was_started_with_such_words() {
    let scratch = Scratch::with_git(&[]);
    let word = format!("placeholder-{}", std::process::id());
    let pattern = ProcessSet::Pattern(word.clone());
    assert_eq!(here(&scratch).processes(&pattern), Ownership::Nobody);
    let _child = Waiting::start(Command::new("sh").args(["-c", "read line", &word]));
    assert_eq!(here(&scratch).processes(&pattern), Ownership::Session);
}

#[test]
fn a_listener_is_found_by_its_port() {
    let scratch = Scratch::with_git(&[]);
    let set = |listener: &TcpListener| ProcessSet::Port {
        number: listener.local_addr().unwrap().port(),
        clients: false,
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // The test itself is the one that listens.
    assert_eq!(names(&here(&scratch).processes(&set(&listener))), [std::process::id()]);
    drop(listener);
    // Whatever else runs on the machine may be given a port that has just become free, but not each of many.
    let becomes_free = || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let set = set(&listener);
        drop(listener);
        here(&scratch).processes(&set) == Ownership::Nobody
    };
    assert!((0..32).any(|_| becomes_free()));
}

/// Starts `cat` in a directory, in a session without a terminal, and lets go of it; its number.
fn left_behind(scratch: &Scratch, directory: &str, marked: bool) -> (Waiting, u32) {
    let mut command = Command::new("setsid");
    command
        .args([
            "--wait",
            "sh",
            "-c",
            "(exec 4<&0; cat <&4 >/dev/null & echo $! >number); read line",
        ])
        .current_dir(scratch.path(directory))
        .env_remove("CLAUDECODE")
        .env_remove("GEMINI_CLI")
        .env_remove("CODEX_SANDBOX_NETWORK_DISABLED");
    if marked {
        command.env("CLAUDECODE", "1");
    }
    let waiting = Waiting::start(&mut command);
    let file = scratch.path(&format!("{directory}/number"));
    loop {
        let number = std::fs::read_to_string(&file).unwrap_or_default();
        if let Ok(number) = number.trim().parse() {
            return (waiting, number);
        }
        std::thread::yield_now();
    }
}

#[test]
fn an_orphan_needs_the_mark_and_the_directory() {
    let scratch = Scratch::with_git(&[]);
    scratch.directory("other");
    scratch.directory("work/web");
    let (_a, own) = left_behind(&scratch, "work/web", true);
    let (_b, elsewhere) = left_behind(&scratch, "other", true);
    let (_c, unmarked) = left_behind(&scratch, "work", false);
    let world = here(&scratch);
    assert_eq!(world.processes(&pid(own)), Ownership::Session);
    assert_eq!(names(&world.processes(&pid(elsewhere))), [elsewhere]);
    assert_eq!(names(&world.processes(&pid(unmarked))), [unmarked]);
}
