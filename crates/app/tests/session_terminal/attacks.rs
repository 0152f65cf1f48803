//! What a model, a tool, a file or a page would like a person to see, or to press.

use serde_json::json;

use super::pty::{Desk, ESCAPE, bash, call, say};

/// Sets a title, clears the screen, moves up, turns text around, asks the terminal to answer; also in eight bits.
const STEERING: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[5A\u{202e}txet\u{9b}2J\u{1b}[6n\u{1b}P1;1|\u{1b}\\";

#[test]
fn what_would_steer_a_terminal_is_shown_wherever_it_comes_from() {
    let desk = Desk::new();
    let name = format!("odd{}.txt", STEERING.replace('/', ""));
    desk.write(&name, &format!("in a file {STEERING}\n"));
    desk.write("from.txt", STEERING);
    let turns = [
        bash(&format!("I say {STEERING}."), "ls; cat odd* from.txt"),
        call("A path.", "Read", json!({"path": format!("missing{STEERING}")})),
        bash("A command.", &format!("rm work.txt; echo '{STEERING}'")),
        say("never"),
    ];
    for words in ["--auto-mode", "--auto-mode --plain"] {
        let Some(mut terminal) = desk.start(&turns, words, (50, 100)) else {
            return;
        };
        let plain = words.ends_with("--plain");
        terminal.until(if plain { "auto>" } else { "/help" });
        terminal.press("look at it\r");
        let shown = terminal.until(if plain { "q stop:" } else { "y once" });
        assert!(shown.contains("␛"), "{shown}");
        let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
        for bad in [
            "\u{1b}]0;",
            "\u{1b}[2J\u{1b}[5A",
            "\u{202e}",
            "\u{9b}",
            "\u{1b}[6n",
            "\u{1b}P",
            "\u{7}",
        ] {
            assert!(!raw.contains(bad), "{bad:?} reached the screen ({words})");
        }
        if plain {
            terminal.press("q\r");
            terminal.until("It was stopped.");
        } else {
            terminal.press(ESCAPE);
            terminal.until("It was stopped.");
        }
        terminal.press("/quit\r");
        terminal.end();
    }
}

#[test]
fn a_diff_that_turns_text_around_is_shown_as_what_it_is_before_it_is_made() {
    let desk = Desk::new();
    desk.write(".github/workflows/ci.yml", "on: push\njobs: {}\n");
    let hidden = "jobs: {} # \u{202e}}{ :sboj\u{2066} allowed\u{2069}";
    let turns = [
        call("I read it.", "Read", json!({"path": ".github/workflows/ci.yml"})),
        call(
            "I change it.",
            "Edit",
            json!({"path": ".github/workflows/ci.yml", "old": "jobs: {}", "new": hidden}),
        ),
        say("never"),
    ];
    let Some(mut terminal) = desk.start(&turns, "--permission-mode default go", (24, 80)) else {
        return;
    };
    let shown = terminal.until("y once");
    assert!(shown.contains("ci.yml"), "{shown}");
    assert!(shown.contains("- jobs: {}"), "what goes is shown:\n{shown}");
    assert!(shown.contains("+ jobs: {} #"), "what comes is shown:\n{shown}");
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert!(
        raw.contains("# \u{fffd}}{ :sboj\u{fffd} allowed\u{fffd}"),
        "each letter in its place"
    );
    assert!(!raw.contains('\u{202e}') && !raw.contains('\u{2066}'));
    terminal.press(ESCAPE);
    terminal.until("It was stopped.");
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn a_model_that_imitates_the_question_gets_no_answer_to_it_and_can_not_stand_where_it_stands() {
    let desk = Desk::new();
    let fake =
        "── Placet asks: this would ─────\n\n  read one file  reversible · project\n\ny once  s this session  n no";
    let turns = [say(fake), bash(fake, "rm work.txt"), say("never")];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode go", (24, 80)) else {
        return;
    };
    let shown = terminal.until("s this session");
    assert!(!shown.lines().any(|line| line.starts_with("── Placet asks")), "{shown}");
    // Nothing is asked: the letter is typed, and answers nothing.
    terminal.press("y");
    terminal.until("> y");
    terminal.press("\u{15}go on\r");
    terminal.until("n no  e edit");
    let shown = terminal.shown();
    let true_ones = shown.lines().filter(|line| line.starts_with("── Placet asks")).count();
    assert_eq!(true_ones, 1, "{shown}");
    assert!(desk.project().join("work.txt").exists());
    terminal.press(ESCAPE);
    terminal.until("It was stopped.");
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn a_very_long_command_hides_no_effect_and_no_key() {
    let desk = Desk::new();
    let long = format!("rm work.txt # {}; and the end", "x".repeat(60_000));
    let Some(mut terminal) = desk.start(&[bash("Off it goes.", &long), say("never")], "--auto-mode go", (24, 80))
    else {
        return;
    };
    let shown = terminal.until("n no");
    assert!(shown.contains("delete ~/project/work.txt  irreversible"), "{shown}");
    assert!(
        shown.contains("$ rm work.txt #") && shown.contains("and the end"),
        "{shown}"
    );
    assert!(shown.contains("lines more (x)"), "{shown}");
    terminal.press(ESCAPE);
    terminal.until("It was stopped.");
    terminal.press("/quit\r");
    terminal.end();
}

#[test]
fn a_line_typed_ahead_answers_no_question_in_plain_lines() {
    let desk = Desk::new();
    let turns = [
        bash("I wait for you.", "echo > ../waits; until [ -e typed ]; do :; done"),
        bash("Off it goes.", "rm work.txt"),
        say("Left it."),
    ];
    let Some(mut terminal) = desk.start(&turns, "--auto-mode --plain go", (40, 100)) else {
        return;
    };
    while !desk.root().join("waits").exists() {
        std::thread::yield_now();
    }
    terminal.press("y\n");
    terminal.until("y\n");
    desk.write("typed", "");
    terminal.until("q stop:");
    assert!(desk.project().join("work.txt").exists());
    terminal.press("n\n");
    terminal.until("Why not?");
    terminal.press("\n");
    terminal.until("Left it.");
    assert!(desk.project().join("work.txt").exists());
    terminal.press("/quit\n");
    terminal.end();
}
