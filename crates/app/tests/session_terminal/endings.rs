//! What outlasts a session and what does not: the model that it had, a policy that changes under it, a terminal that is gone,
//! a flood of output.

use std::path::Path;
use std::time::{Duration, Instant};

use super::pty::{Desk, SHIFT_TAB, Terminal, bash, placet, say};

#[test]
fn another_model_goes_on_and_the_resumed_session_has_it() {
    let desk = Desk::new();
    desk.script(
        "other.jsonl",
        &[say("not mine"), say("I am the other."), say("The other again.")],
    );
    let Some(mut terminal) = desk.start(&[say("I am the first.")], "'who are you?'", (24, 80)) else {
        return;
    };
    terminal.until("I am the first.");
    terminal.press("/model nobody:x\r");
    terminal.until("the model is still script:../script.jsonl");
    let shown = terminal.until("`nobody:x` names no model");
    assert!(shown.contains("anthropic:NAME"), "{shown}");
    terminal.press("/model script:../missing.jsonl\r");
    terminal.until("missing.jsonl`");
    terminal.press("/model script:../other.jsonl\r");
    terminal.until("the model is script:../other.jsonl");
    terminal.press("and you?\r");
    terminal.until("I am the other.");
    terminal.press("/quit\r");
    terminal.end();
    let line = format!("exec {} session --continue", placet());
    let mut terminal = desk.run(&line, (24, 80), &[]).unwrap();
    terminal.until("I am the other.");
    terminal.press("and now?\r");
    terminal.until("The other again.");
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn a_mode_that_the_policy_switches_off_meanwhile_is_left_and_no_longer_offered() {
    let desk = Desk::new();
    let Some(mut terminal) = desk.start(&[say("hello")], "--auto-mode", (24, 80)) else {
        return;
    };
    terminal.until("auto  tier balanced");
    let settings = desk.root().join(".claude/settings.json");
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    std::fs::write(&settings, r#"{"permissions": {"disableAutoMode": "disable"}}"#).unwrap();
    terminal.until("default  tier balanced");
    terminal.until("the policy has switched the mode auto off");
    for mode in ["acceptEdits", "plan", "default"] {
        terminal.press(SHIFT_TAB);
        terminal.until(&format!("{mode}  tier balanced"));
    }
    terminal.press("/mode auto\r");
    terminal.until("`auto` is no mode that can be chosen here");
    terminal.press("/quit\r");
    terminal.end();
}

/// The number of the process that wrote it down.
fn pid(desk: &Desk) -> String {
    let file = desk.root().join("pid");
    loop {
        match std::fs::read_to_string(&file) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            Ok(_) | Err(_) => std::thread::yield_now(),
        }
    }
}

fn is_gone(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().unwrap_or_default().trim().is_empty() || stat.contains(") Z")
}

fn without_a_controlling_terminal(desk: &Desk, words: &str) -> Option<Terminal> {
    let turns = [bash("A long one.", "echo $$ > ../child; exec sleep 600"), say("never")];
    desk.script("script.jsonl", &turns);
    let session = format!("exec {} session --model script:../script.jsonl {words}", placet());
    desk.run(&format!("setsid sh -c 'echo $$ > ../pid; {session}'"), (24, 80), &[])
}

#[test]
fn a_session_whose_terminal_is_gone_without_a_signal_ends_and_ends_what_it_runs() {
    for words in ["--auto-mode run", "--auto-mode --plain run", "--auto-mode"] {
        let desk = Desk::new();
        let Some(mut terminal) = without_a_controlling_terminal(&desk, words) else {
            return;
        };
        let pid = pid(&desk);
        let child = desk.root().join("child");
        if words.ends_with("run") {
            while !std::fs::read_to_string(&child).is_ok_and(|text| text.ends_with('\n')) {
                std::thread::yield_now();
            }
        } else {
            terminal.until("/help");
        }
        terminal.pull_the_plug();
        let begun = Instant::now();
        while !is_gone(&pid) {
            assert!(begun.elapsed() < Duration::from_secs(60), "it still runs");
            std::thread::yield_now();
        }
        if let Ok(child) = std::fs::read_to_string(&child) {
            assert!(is_gone(child.trim()), "{words}");
        }
    }
}

/// The most memory that a process had, in kilobytes.
fn peak(pid: &str) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid).join("status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_hundred_megabytes_of_output_and_a_line_of_ten_take_little_memory() {
    let desk = Desk::new();
    let turns = [
        bash("A flood.", "head -c 100000000 /dev/zero | tr '\\0' '\\n'"),
        bash("A long line.", "head -c 10000000 /dev/zero | tr '\\0' x"),
        bash("Both files are there.", "ls"),
        say("That was all."),
    ];
    desk.script("script.jsonl", &turns);
    let session = format!(
        "exec {} session --auto-mode --model script:../script.jsonl go",
        placet()
    );
    let Some(mut terminal) = desk.run(&format!("echo $$ > ../pid; {session}"), (24, 80), &[]) else {
        return;
    };
    terminal.until("That was all.");
    let peak = peak(&pid(&desk));
    assert!(peak < 150_000, "{peak} kB");
    terminal.press("/quit\r");
    terminal.end();
}
