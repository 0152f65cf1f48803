//! Whatever comes in on standard input, the call is blocked unless it is a call that was understood.

use crate::scratch::{Scratch, said, say};
use std::process::{Command, Stdio};

#[test]
fn a_message_cut_anywhere_blocks() {
    let scratch = Scratch::new();
    let whole = scratch.shell("ls");
    for end in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
        let said = scratch.run(whole.get(..end).unwrap());
        assert_eq!(said.code, Some(2), "{end}: {said:?}");
        assert!(
            said.stderr
                .starts_with("Placet could not read this hook call, so it is not allowed: "),
            "{said:?}"
        );
    }
    assert_eq!(scratch.records().len(), 0);
}

#[test]
fn bytes_that_are_no_text_and_texts_that_are_no_call_block_with_what_is_wrong() {
    let scratch = Scratch::new();
    let call = scratch.shell("ls");
    let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let twice = call.replacen("\"tool_name\"", "\"tool_name\":\"Read\",\"tool_name\"", 1);
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "empty"),
        (b"\x00".to_vec(), "not JSON"),
        (b"null".to_vec(), "not an object"),
        (
            call.replace("ls", "l\u{0}").replace('\u{0}', "\\ud800").into_bytes(),
            "not JSON",
        ),
        ([call.as_bytes(), b"\xff"].concat(), "not UTF-8"),
        ([b"\xef\xbb\xbf", call.as_bytes()].concat(), "byte order mark"),
        (
            call.replace("PreToolUse", "BeforeEverything").into_bytes(),
            "unknown event",
        ),
        (
            call.replace("\"ls\"", "[\"ls\"]").into_bytes(),
            "`command` is not a string",
        ),
        (
            call.replace("\"tool_input\"", "\"input\"").into_bytes(),
            "`tool_input` is missing",
        ),
        (
            call.replace("\"session_id\":\"s\"", "\"session_id\":\"\"").into_bytes(),
            "`session_id` is missing",
        ),
        (twice.into_bytes(), "occurs twice"),
        (deep.into_bytes(), "not JSON"),
        (vec![b' '; 11 * 1024 * 1024], "too large"),
        (
            call.replace("ls", &"x".repeat(11 * 1024 * 1024)).into_bytes(),
            "too large",
        ),
    ];
    for (input, problem) in cases {
        let said = scratch.run(&input);
        assert_eq!(said.code, Some(2), "{problem}: {said:?}");
        assert!(said.stderr.contains(problem), "{problem}: {said:?}");
        assert_eq!(said.stdout, "");
    }
}

#[test]
fn a_command_that_is_too_long_to_look_at_is_not_allowed() {
    let scratch = Scratch::new();
    for size in [100_000, 9 * 1024 * 1024] {
        let said = scratch.run(scratch.shell(&format!("echo {}", "x".repeat(size))));
        assert!(!said.goes_ahead(), "{size}: {said:?}");
    }
    assert!(scratch.run(scratch.shell("echo xx")).goes_ahead());
}

#[test]
fn an_input_that_never_ends_blocks_at_the_deadline() {
    blocks_at_the_deadline(b"");
}

#[test]
fn an_input_that_stops_half_way_blocks_at_the_deadline_and_says_so() {
    blocks_at_the_deadline(b"{\"session_id\": ");
}

/// Nothing comes behind the beginning, and no end.
#[track_caller]
fn blocks_at_the_deadline(beginning: &[u8]) {
    let scratch = Scratch::new();
    let mut child = scratch
        .command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut pipe, beginning).unwrap();
    let said = said(child.wait_with_output().unwrap());
    drop(pipe);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("(deadline)"), "{said:?}");
}

#[test]
fn an_answer_that_nobody_takes_blocks_in_time() {
    let scratch = Scratch::new();
    assert_eq!(unheard(&mut scratch.command(), &scratch), Some(2));
}

#[test]
fn whoever_starts_the_hook_with_the_alarm_blocked_is_answered_in_time_as_well() {
    let scratch = Scratch::new();
    let usual = scratch.command();
    let mut command = Command::new("env");
    command
        .arg("--block-signal=ALRM")
        .arg(usual.get_program())
        .args(usual.get_args())
        .envs(usual.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(directory) = usual.get_current_dir() {
        command.current_dir(directory);
    }
    assert_eq!(unheard(&mut command, &scratch), Some(2));
}

/// How a call ends whose answer nobody takes.
fn unheard(command: &mut Command, scratch: &Scratch) -> Option<i32> {
    let (_reader, mut writer) = std::io::pipe().unwrap();
    // As much as a pipe holds: one more byte has to wait for a reader.
    std::io::Write::write_all(&mut writer, &[b' '; 65536]).unwrap();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(writer)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), scratch.shell("ls").as_bytes()).unwrap();
    child.wait().unwrap().code()
}

#[test]
fn an_answer_that_cannot_be_written_blocks() {
    let scratch = Scratch::new();
    let mut full = scratch.command();
    let mut child = full
        .stdin(Stdio::piped())
        .stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), scratch.shell("ls").as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_eq!(
        say(&mut scratch.command(), scratch.shell("ls").as_bytes()).code,
        Some(0)
    );
}

/// Every byte of a call that must be denied, changed in turn: it may become another call or none, but as long as it is
/// the denied tool it does not go ahead.
#[test]
fn no_changed_byte_lets_a_denied_call_through() {
    let scratch = Scratch::new();
    let denied = scratch.denied("x").into_bytes();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut still_denied = 0;
    for position in 0..denied.len() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut changed = denied.clone();
        changed[position] = random.to_le_bytes()[0];
        let said = scratch.run(&changed);
        let text = String::from_utf8_lossy(&changed).into_owned();
        if text.contains("\"PreToolUse\"") && text.contains("\"tool_name\":\"WebFetch\"") {
            assert!(!said.goes_ahead(), "{text}: {said:?}");
            still_denied += u32::from(said.decision() == "deny");
        }
    }
    assert!(still_denied > 20, "{still_denied}");
}
