//! Text that is typed into another terminal (`tmux send-keys`, `screen -X stuff`, `xdotool type`): a line that ends with the
//! key which runs it is a command of a shell, in a directory that is not known here. What is typed and not run waits there.

use placet_model::{Origin, Understood};

use crate::interpret::{Call, Interpreter};
use crate::paths::Dir;
use crate::value::{Arg, Value};

/// What a word types.
enum Key {
    Text(String),
    Run,
    /// The line that was there is taken away.
    Clear,
    /// It types nothing: an arrow, an escape.
    Silent,
}

/// Judges what is typed.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let program = call.name.split(' ').next().unwrap_or("");
    let (words, literal) = match program {
        "tmux" => {
            // In the mode for copying, words are names of commands that only move and mark.
            if call.has(&["-X"]) && !call.operands.iter().any(pipes) {
                return;
            }
            (call.operands.as_slice(), call.has(&["-l"]))
        }
        "screen" => match call.operands.split_first() {
            Some((first, rest)) if first.known() == Some("stuff") => (rest, true),
            Some(_) | None => (&[][..], true),
        },
        _ => {
            let at = call
                .operands
                .iter()
                .position(|arg| matches!(arg.known(), Some("type" | "write-chars" | "send-text")));
            (at.and_then(|at| call.operands.get(at + 1..)).unwrap_or_default(), true)
        }
    };
    let typed = if call.has(&["-H"]) { None } else { text(words, literal) };
    let Some(typed) = typed.filter(|typed| !typed.is_empty()) else {
        it.code(Origin::Dynamic, Understood::Not, &call.name, call.span, &call.name);
        return;
    };
    let (lines, left) = match typed.rsplit_once('\n') {
        Some((lines, left)) => (lines, left),
        None => ("", typed.as_str()),
    };
    // A line without its end is judged as well: the next call may only bring the key.
    let all = if left.is_empty() { lines } else { typed.as_str() };
    it.within(
        |context| context.inner = true,
        |it| {
            it.subshell(|it| {
                it.state.cwd = Dir::Unknown;
                it.capture(|it| it.shell_text(&Value::text(all), call.span, &call.name));
            });
        },
    );
    if !left.is_empty() {
        it.code(Origin::Dynamic, Understood::Not, &call.name, call.span, &call.name);
    }
}

fn pipes(word: &Arg) -> bool {
    word.known().is_none_or(|name| name.contains("pipe"))
}

/// The text that words type, each run as a line; `None` where a word can't be told.
fn text(words: &[Arg], literal: bool) -> Option<String> {
    let mut out = String::new();
    for word in words {
        let known = word.known()?;
        if literal {
            out.push_str(&escaped(known));
            continue;
        }
        match key(known) {
            Key::Text(text) => out.push_str(&text),
            Key::Run => out.push('\n'),
            Key::Clear => {
                // Not what was run before.
                let kept = out.rfind('\n').map_or(0, |at| at + 1);
                out.truncate(kept);
            }
            Key::Silent => {}
        }
    }
    Some(out)
}

/// A word of `tmux send-keys`: the name of a key, or a text.
fn key(word: &str) -> Key {
    match word {
        "Enter" | "C-m" | "C-j" | "KPEnter" | "^M" | "^J" => Key::Run,
        "C-c" | "C-u" | "^C" | "^U" => Key::Clear,
        "Space" => Key::Text(" ".to_owned()),
        "Tab" | "BTab" | "Escape" | "Up" | "Down" | "Left" | "Right" | "Home" | "End" | "PageUp" | "PageDown"
        | "PPage" | "NPage" | "C-l" | "^L" | "C-a" | "C-e" | "C-z" | "C-d" | "^D" => match word {
            // History and completion bring up texts of their own.
            "Up" | "Down" | "Tab" | "BTab" => Key::Text("$(typed)".to_owned()),
            _ => Key::Silent,
        },
        _ if word.len() > 2
            && (word.starts_with("C-") || word.starts_with("M-") || word.starts_with("S-"))
            && word.len() <= 5 =>
        {
            Key::Text("$(typed)".to_owned())
        }
        text => Key::Text(text.replace('\r', "\n")),
    }
}

/// A text as screen types it: `\\n` and `^M` are the key that runs the line.
fn escaped(text: &str) -> String {
    text.replace("\\n", "\n")
        .replace("\\r", "\n")
        .replace("\\015", "\n")
        .replace("\\012", "\n")
        .replace("^M", "\n")
        .replace('\r', "\n")
}
