//! Session memory through its public face: what adds up to what, torn lines, growth, and many processes at once, some of
//! them killed.
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
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use placet_facts::session::{Entry, SessionMemory, content_hash, state_directory};
use placet_model::{Facts, Standing};
use scratch::Scratch;

fn memory(scratch: &Scratch) -> SessionMemory {
    SessionMemory::open(&scratch.path("state"), "session/../1").unwrap()
}

/// The one data file of the only session.
fn data_file(scratch: &Scratch) -> std::path::PathBuf {
    let mut files = fs::read_dir(scratch.path("state/sessions"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .find(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .unwrap()
}

fn message(text: &str) -> Entry {
    Entry::UserMessage { text: text.to_owned() }
}

#[test]
fn a_new_session_remembers_nothing_and_sessions_do_not_share() {
    let scratch = Scratch::new();
    assert_eq!(memory(&scratch).state().unwrap(), placet_facts::SessionState::default());
    memory(&scratch).append(&message("hello\n\"there\"")).unwrap();
    assert_eq!(memory(&scratch).state().unwrap().user_messages, ["hello\n\"there\""]);
    let other = SessionMemory::open(&scratch.path("state"), "2").unwrap();
    assert!(other.state().unwrap().user_messages.is_empty());
}

#[test]
fn nobody_else_may_read_it_and_no_session_id_leaves_the_directory() {
    let scratch = Scratch::new();
    memory(&scratch).append(&Entry::Start).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data_file(&scratch)), 0o600);
    assert_eq!(mode(data_file(&scratch).parent().unwrap()), 0o700);
}

#[test]
fn denials_count_in_a_row_until_an_approval_and_in_all() {
    let scratch = Scratch::new();
    let memory = memory(&scratch);
    let denied = Entry::Denied { rule: "x".to_owned() };
    for entry in [&denied, &denied, &Entry::Approved, &denied] {
        memory.append(entry).unwrap();
    }
    let state = memory.state().unwrap();
    assert_eq!((state.denials_in_a_row, state.denials_total), (1, 3));
}

#[test]
fn only_a_file_that_was_absent_before_counts_as_created() {
    let scratch = Scratch::new();
    let memory = memory(&scratch);
    scratch.file("new", "abc");
    scratch.file("old", "abc");
    memory
        .append(&Entry::Absent {
            path: scratch.path("new"),
        })
        .unwrap();
    memory.append_written(&scratch.path("new")).unwrap();
    memory.append_written(&scratch.path("old")).unwrap();
    memory
        .append(&Entry::Absent {
            path: scratch.path("never-came"),
        })
        .unwrap();
    let state = memory.state().unwrap();
    assert!(state.created(&scratch.path("new")) && state.wrote(&scratch.path("new")));
    assert!(!state.created(&scratch.path("old")) && state.wrote(&scratch.path("old")));
    assert!(!state.created(&scratch.path("never-came")) && !state.wrote(&scratch.path("never-came")));
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(state.written[&scratch.path("new")].hash, abc);
    assert_eq!(content_hash(&scratch.path("new")).as_deref(), Some(abc));
    assert_eq!(content_hash(&scratch.path("never-came")), None);
    // A second write does not make it older.
    memory.append_written(&scratch.path("new")).unwrap();
    assert!(memory.state().unwrap().created(&scratch.path("new")));
}

#[test]
fn the_world_knows_what_the_session_made() {
    let scratch = Scratch::with_git(&[]);
    let memory = memory(&scratch);
    scratch.file("work/old.sh", "one");
    scratch.git("work", &["add", "."]);
    scratch.file("work/new.sh", "two");
    memory
        .append(&Entry::Absent {
            path: scratch.path("work/new.sh"),
        })
        .unwrap();
    memory.append_written(&scratch.path("work/new.sh")).unwrap();
    scratch.file("work/old.sh", "changed");
    memory.append_written(&scratch.path("work/old.sh")).unwrap();
    scratch.file("work/loose.sh", "three");
    memory.append(&message("do it")).unwrap();

    let world = scratch.world_with("work", memory.state().unwrap());
    assert_eq!(world.standing(&scratch.path("work/new.sh")), Standing::Session);
    assert!(world.written_this_session(&scratch.path("work/new.sh")));
    assert_eq!(world.standing(&scratch.path("work/old.sh")), Standing::Dirty);
    assert!(world.written_this_session(&scratch.path("work/old.sh")));
    assert_eq!(world.standing(&scratch.path("work/loose.sh")), Standing::Untracked);
    assert!(!world.written_this_session(&scratch.path("work/loose.sh")));
    assert_eq!(world.user_messages(), ["do it"]);
    // Somebody changes it afterwards: what it holds now is still not what was there before the session.
    scratch.file("work/old.sh", "changed again");
    let world = scratch.world_with("work", memory.state().unwrap());
    assert!(world.written_this_session(&scratch.path("work/old.sh")));
}

#[test]
fn a_grant_is_good_once_for_its_action_and_for_a_time() {
    let scratch = Scratch::new();
    let memory = memory(&scratch);
    let grant = |expires| {
        memory
            .append(&Entry::Granted {
                action: "a".to_owned(),
                expires,
            })
            .unwrap()
    };
    grant(100);
    assert!(!memory.take_grant("b", 50).unwrap());
    assert!(!memory.take_grant("a", 100).unwrap());
    assert!(memory.take_grant("a", 50).unwrap());
    assert!(!memory.take_grant("a", 50).unwrap());
    // An old one beside a good one does not make the good one last.
    grant(100);
    grant(200);
    assert!(memory.take_grant("a", 150).unwrap());
    assert!(!memory.take_grant("a", 150).unwrap());
}

#[test]
fn a_torn_line_is_passed_over_and_closed_by_the_next_writer() {
    let scratch = Scratch::new();
    let memory = memory(&scratch);
    memory.append(&message("one")).unwrap();
    let whole = fs::read(data_file(&scratch)).unwrap();
    for cut in 1..whole.len() {
        let mut text = whole.clone();
        text.extend_from_slice(&whole[..cut]);
        fs::write(data_file(&scratch), &text).unwrap();
        // Without its line end, all of it counts if all of it is there.
        let ahead = if cut == whole.len() - 1 { 2 } else { 1 };
        assert_eq!(memory.state().unwrap().user_messages.len(), ahead, "{cut}");
        memory.append(&message("two")).unwrap();
        let state = memory.state().unwrap();
        assert_eq!(state.user_messages.len(), ahead + 1, "{cut}");
        assert_eq!(state.user_messages.last().unwrap(), "two");
        assert_eq!(state.damaged, u32::from(ahead == 1), "{cut}");
    }
}

#[test]
fn garbage_in_the_file_is_counted_and_harms_nothing_else() {
    let scratch = Scratch::new();
    let memory = memory(&scratch);
    memory.append(&Entry::Denied { rule: "x".to_owned() }).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(data_file(&scratch)).unwrap();
    file.write_all(b"\xff\xfe\n{\"entry\":\"unheard-of\"}\n\n[1]\n")
        .unwrap();
    let state = memory.state().unwrap();
    assert_eq!((state.denials_total, state.damaged), (1, 3));
}

#[test]
fn a_file_that_grew_large_is_rewritten_to_what_still_counts() {
    let scratch = Scratch::new();
    let memory = memory(&scratch);
    memory.append(&Entry::Denied { rule: "x".to_owned() }).unwrap();
    memory
        .append(&Entry::Absent {
            path: "/new".to_owned(),
        })
        .unwrap();
    memory
        .append(&Entry::Written {
            path: "/new".to_owned(),
            hash: "1".to_owned(),
        })
        .unwrap();
    memory
        .append(&Entry::Granted {
            action: "a".to_owned(),
            expires: 9,
        })
        .unwrap();
    let long = "x".repeat(30_000);
    for _ in 0..200 {
        memory.append(&message(&long)).unwrap();
    }
    memory.append(&message("last")).unwrap();
    assert!(fs::metadata(data_file(&scratch)).unwrap().len() < 5 << 20);
    let state = memory.state().unwrap();
    assert_eq!((state.denials_total, state.denials_in_a_row, state.damaged), (1, 1, 0));
    assert!(state.created("/new"));
    assert_eq!(state.user_messages.last().unwrap(), "last");
    assert!(memory.take_grant("a", 1).unwrap());
}

#[test]
fn a_very_long_message_is_cut_between_characters() {
    let scratch = Scratch::new();
    let memory = memory(&scratch);
    memory.append(&message(&"ü\u{1}".repeat(500_000))).unwrap();
    let kept = memory.state().unwrap().user_messages.remove(0);
    assert!(kept.len() > 10_000 && kept.starts_with("ü\u{1}ü"));
    assert!(fs::metadata(data_file(&scratch)).unwrap().len() < 300_000);
}

#[test]
fn a_directory_that_cannot_be_written_is_an_error() {
    let scratch = Scratch::new();
    scratch.file("state", "not a directory");
    let error = SessionMemory::open(&scratch.path("state"), "1").unwrap_err();
    assert!(error.to_string().contains("sessions"), "{error}");
}

#[test]
fn the_state_directory_follows_the_usual_variable() {
    assert_eq!(state_directory("/home/dev", None), "/home/dev/.local/state/placet");
    assert_eq!(state_directory("/home/dev", Some("/s")), "/s/placet");
    assert_eq!(
        state_directory("/home/dev", Some("relative")),
        "/home/dev/.local/state/placet"
    );
}

const PROCESSES: usize = 64;
const EACH: usize = 25;

#[test]
fn of_sixty_four_processes_at_once_every_entry_is_remembered() {
    let scratch = Scratch::new();
    let children: Vec<Child> = (0..PROCESSES).map(|number| writer(&scratch, number, EACH)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let state = memory(&scratch).state().unwrap();
    assert_eq!(state.damaged, 0);
    assert_eq!(usize::try_from(state.denials_total).unwrap(), PROCESSES * EACH);
    for number in 0..PROCESSES {
        let own: Vec<_> = state
            .user_messages
            .iter()
            .filter(|text| text.starts_with(&format!("{number} ")))
            .collect();
        let expected: Vec<String> = (0..EACH).map(|count| format!("{number} {count}")).collect();
        assert_eq!(
            own,
            expected.iter().collect::<Vec<_>>(),
            "each process in its own order"
        );
    }
}

#[test]
fn killed_processes_lose_no_entry_but_their_last() {
    let scratch = Scratch::new();
    // These would write for ever.
    let mut killed: Vec<Child> = (0..16).map(|number| writer(&scratch, number, usize::MAX)).collect();
    let steady: Vec<Child> = (16..32).map(|number| writer(&scratch, number, EACH)).collect();
    for (number, child) in killed.iter_mut().enumerate() {
        // Each is killed at another point: as soon as it has said that often that it wrote.
        let output = BufReader::new(child.stdout.as_mut().unwrap());
        let said = output
            .lines()
            .map(Result::unwrap)
            .filter(|line| line.contains("remembered"))
            .take(number + 1)
            .count();
        assert_eq!(said, number + 1);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    for mut child in steady {
        assert!(child.wait().unwrap().success());
    }
    let state = memory(&scratch).state().unwrap();
    assert!(
        state.damaged <= 16,
        "at most one torn line for each that was killed, not {}",
        state.damaged
    );
    for number in 0..32 {
        let own: Vec<_> = state
            .user_messages
            .iter()
            .filter(|text| text.starts_with(&format!("{number} ")))
            .collect();
        let expected: Vec<String> = (0..own.len()).map(|count| format!("{number} {count}")).collect();
        assert_eq!(own, expected.iter().collect::<Vec<_>>(), "no gap");
        assert!(
            if number < 16 {
                own.len() > number
            } else {
                own.len() == EACH
            },
            "{number}: {}",
            own.len()
        );
    }
    // The lock of the dead is free.
    memory(&scratch).append(&Entry::Approved).unwrap();
    assert_eq!(memory(&scratch).state().unwrap().denials_in_a_row, 0);
}

#[test]
fn of_many_processes_exactly_one_gets_a_grant() {
    let scratch = Scratch::new();
    memory(&scratch)
        .append(&Entry::Granted {
            action: "a".to_owned(),
            expires: 9,
        })
        .unwrap();
    let children: Vec<Child> = (0..16)
        .map(|_| child(&scratch, &[("PLACET_TEST_TAKE", "a".to_owned())]))
        .collect();
    let got: usize = children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .filter(|output| {
            assert!(output.status.success());
            String::from_utf8_lossy(&output.stdout).contains("granted")
        })
        .count();
    assert_eq!(got, 1);
}

fn writer(scratch: &Scratch, number: usize, count: usize) -> Child {
    child(
        scratch,
        &[
            ("PLACET_TEST_NUMBER", number.to_string()),
            ("PLACET_TEST_COUNT", count.to_string()),
        ],
    )
}

/// This test program again, as a process that only runs `as_a_child`.
fn child(scratch: &Scratch, variables: &[(&str, String)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["as_a_child", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env("PLACET_TEST_STATE", scratch.path("state"))
        .envs(variables.iter().map(|(name, value)| (name, value.as_str())))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "the body of the processes that other tests start"]
fn as_a_child() {
    let memory = SessionMemory::open(&std::env::var("PLACET_TEST_STATE").unwrap(), "session/../1").unwrap();
    if let Ok(action) = std::env::var("PLACET_TEST_TAKE") {
        if memory.take_grant(&action, 1).unwrap() {
            println!("granted");
        }
        return;
    }
    let number = std::env::var("PLACET_TEST_NUMBER").unwrap();
    let count: usize = std::env::var("PLACET_TEST_COUNT").unwrap().parse().unwrap();
    for done in 0..count {
        memory.append(&message(&format!("{number} {done}"))).unwrap();
        memory.append(&Entry::Denied { rule: number.clone() }).unwrap();
        if count == usize::MAX {
            println!("remembered");
        }
    }
}
