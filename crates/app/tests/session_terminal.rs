//! `placet session` where a person sits: a real pseudo-terminal (made by `script` of util-linux; where that is missing these
//! tests say so and pass), a scripted model, and what is on the screen in the end.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "session_terminal/attacks.rs"]
mod attacks;
#[path = "session_terminal/endings.rs"]
mod endings;
#[path = "session_terminal/pty.rs"]
mod pty;
#[path = "session_terminal/screens.rs"]
mod screens;

use std::thread;

use pty::{DOWN, Desk, ESCAPE, SHIFT_TAB, UP, bash, say};

#[test]
fn a_question_shows_what_would_happen_and_one_key_answers_it() {
    let desk = Desk::new();
    let turns = [
        bash("I tidy up.", "rm work.txt"),
        bash("Once more.", "rm -rf drafts work2.txt ../elsewhere"),
        say("Fine, I leave it."),
    ];
    desk.write("work2.txt", "x");
    let Some(mut terminal) = desk.start(&turns, "--auto-mode", (24, 80)) else {
        return;
    };
    terminal.until("/help");
    terminal.press("tidy up\r");
    let shown = terminal.until("y once");
    let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("no `{text}` in:\n{shown}"));
    assert!(at("delete ") < at("$ rm work.txt"), "effects come first:\n{shown}");
    assert!(shown.contains("irreversible"), "{shown}");
    terminal.press("x");
    let shown = terminal.until("Effects  (reversibility");
    assert!(shown.contains("y once"), "the question still stands:\n{shown}");
    terminal.press("y");
    terminal.until("$ rm -rf drafts");
    assert!(!desk.project().join("work.txt").exists());
    terminal.until("n no");
    terminal.press("n");
    terminal.until("Why not?");
    terminal.press("keep them\r");
    let shown = terminal.until("Fine, I leave it.");
    assert!(shown.contains("keep them"), "{shown}");
    assert!(desk.project().join("work2.txt").exists());
    terminal.press("/quit\r");
    assert!(terminal.end().contains("placet session --resume"));
}

#[test]
fn shift_tab_goes_through_the_modes_and_the_footer_says_which() {
    let desk = Desk::new();
    let Some(mut terminal) = desk.start(&[say("hello")], "", (24, 80)) else {
        return;
    };
    let footer = |mode: &'static str| {
        move |terminal: &pty::Terminal| {
            terminal
                .shown()
                .lines()
                .last()
                .is_some_and(|line| line.starts_with(&format!("{mode}  tier balanced")))
        }
    };
    terminal.until_that("default", footer("default"));
    for mode in ["acceptEdits", "plan", "auto", "default"] {
        terminal.press(SHIFT_TAB);
        terminal.until_that(mode, footer(mode));
    }
    terminal.press("/tier restrictive\r");
    terminal.until("tier restrictive");
    terminal.press("/help\r");
    terminal.until("/undo-last-grant");
    terminal.press("/teleport\r");
    terminal.until("there is no `/teleport`");
    terminal.press("\u{3}\u{3}");
    terminal.end();
}

#[test]
fn escape_stops_a_running_command_at_once_and_the_session_goes_on() {
    let desk = Desk::new();
    let turns = [bash("A long one.", "echo $$ > pid; exec sleep 600"), say("I am back.")];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode 'run it'", (24, 80)) else {
        return;
    };
    let pid = desk.project().join("pid");
    while !std::fs::read_to_string(&pid).is_ok_and(|text| text.ends_with('\n')) {
        thread::yield_now();
    }
    terminal.until("Esc stops it");
    terminal.press(ESCAPE);
    terminal.until("It was stopped.");
    let running = std::fs::read_to_string(&pid).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", running.trim())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z"), "{stat}");
    terminal.press("go on\r");
    terminal.until("I am back.");
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn an_approval_is_for_the_session_until_it_is_taken_back() {
    let desk = Desk::new();
    let remove = || bash("Off it goes.", "rm -f old.log");
    let turns = [remove(), say("one"), remove(), say("two"), remove(), say("three")];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode --permission-tier restrictive", (24, 80)) else {
        return;
    };
    terminal.until("/help");
    desk.write("old.log", "x");
    terminal.press("first\r");
    terminal.until("s this session");
    terminal.press("s");
    terminal.until("\n  one");
    desk.write("old.log", "x");
    terminal.press("second\r");
    terminal.until("\n  two");
    assert!(!desk.project().join("old.log").exists());
    terminal.press("/undo-last-grant\r");
    terminal.until("taken back");
    desk.write("old.log", "x");
    terminal.press("third\r");
    terminal.until("s this session");
    terminal.press("n\r");
    terminal.until("three");
    assert!(desk.project().join("old.log").exists());
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn a_rule_is_shown_before_it_is_written_and_lies_in_the_users_policy_then() {
    let desk = Desk::new();
    let turns = [bash("I make it.", "touch made.txt"), say("made")];
    let Some(mut terminal) = desk.start(&turns, "--permission-mode default", (30, 100)) else {
        return;
    };
    terminal.until("/help");
    terminal.press("go\r");
    terminal.until("a always");
    terminal.press("a");
    let shown = terminal.until("This rule would go into your policy:");
    // Letters that stood in the same place before are not drawn again.
    assert!(shown.contains(" = 'allow'"), "{shown}");
    let policy = desk.home.path().join(".config/placet/policy.toml");
    assert!(!policy.exists());
    terminal.press("y");
    terminal.until("\n  made");
    assert!(desk.project().join("made.txt").exists());
    assert!(std::fs::read_to_string(&policy).unwrap().contains("decision = 'allow'"));
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn an_edited_command_runs_in_place_of_the_first_and_a_denial_is_told() {
    let desk = Desk::new();
    let turns = [
        bash("Off it goes.", "rm work.txt"),
        bash("As root.", "sudo ls"),
        say("I see."),
    ];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode go", (24, 80)) else {
        return;
    };
    terminal.until("e edit");
    terminal.press("e");
    terminal.until("has it decided anew");
    terminal.press("\u{15}cat work.txt\r");
    terminal.until("not in git");
    terminal.until("privilege-escalation");
    terminal.until("1 denied");
    terminal.until("I see.");
    assert!(desk.project().join("work.txt").exists());
    terminal.press("/explain\r");
    terminal.until("Effects  (reversibility");
    terminal.press(DOWN);
    terminal.press(DOWN);
    terminal.until("Verdict  DENY  by privilege-escalation");
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn a_paste_answers_no_question_and_wide_letters_and_many_lines_are_typed() {
    let desk = Desk::new();
    let turns = [bash("Off it goes.", "rm work.txt"), say("done 世界")];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode", (12, 40)) else {
        return;
    };
    terminal.until("Shift+Tab");
    terminal.press("\u{1b}[200~erste Zeile\nzweite 世界 Zeile\u{1b}[201~");
    terminal.until("zweite 世界 Zeile");
    terminal.press("\r");
    terminal.until("y once");
    terminal.press("\u{1b}[200~y\u{1b}[201~");
    terminal.press(UP);
    terminal.press("n");
    terminal.until("Why not?");
    terminal.press("\r");
    terminal.until("done 世界");
    assert!(desk.project().join("work.txt").exists());
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn a_letter_of_a_word_that_is_being_typed_answers_no_question() {
    let desk = Desk::new();
    let turns = [
        bash("I wait for you.", "until [ -e typed ]; do :; done"),
        bash("Off it goes.", "rm work.txt"),
        say("Left it."),
    ];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode go", (24, 80)) else {
        return;
    };
    terminal.until("Esc stops it");
    terminal.press("y");
    terminal.until("> y");
    desk.write("typed", "");
    terminal.until("then answer");
    terminal.press("yes");
    terminal.until("> yyes");
    assert!(desk.project().join("work.txt").exists());
    terminal.press("\u{15}");
    terminal.until("n no");
    terminal.press("n");
    terminal.until("Why not?");
    terminal.press("\r");
    terminal.until("Left it.");
    assert!(desk.project().join("work.txt").exists());
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn plain_lines_ask_the_same_questions() {
    let desk = Desk::new();
    let turns = [bash("I tidy up.", "rm work.txt"), say("Left it.")];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode --plain", (40, 100)) else {
        return;
    };
    terminal.until("auto>");
    terminal.press("tidy\n");
    terminal.until("q stop:");
    terminal.press("n\n");
    terminal.until("Why not?");
    terminal.press("mine\n");
    let shown = terminal.until("Left it.");
    assert!(shown.contains("- delete "), "{shown}");
    assert!(desk.project().join("work.txt").exists());
    terminal.press("/quit\n");
    assert!(terminal.end().contains("placet session --resume"));
}

#[test]
fn a_projects_mcp_server_is_asked_for_and_the_list_says_how_far_each_is() {
    let desk = Desk::new();
    desk.write(
        ".mcp.json",
        r#"{"mcpServers": {"notes": {"command": "touch", "args": ["started"]}}}"#,
    );
    let Some(mut terminal) = desk.start(&[say("Fine.")], "--auto-mode", (30, 100)) else {
        return;
    };
    terminal.until("/help");
    terminal.press("/mcp\r");
    terminal.until("waits for your word");
    terminal.press("go\r");
    let shown = terminal.until("Type an answer or a number");
    for part in [
        "Start the MCP server `notes`?",
        "which came with the",
        "touch started",
        "create",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    assert!(!desk.project().join("started").exists());
    terminal.press("2\r");
    terminal.until("Fine.");
    assert!(desk.project().join("started").exists());
    terminal.press("/mcp\r");
    terminal.until("is not there: it does not speak the protocol");
    terminal.press("/quit\r");
    terminal.end();
}
