//! Commands of `gdb` and `lldb`: those that show, step and stop. Anything else is not understood.

use placet_model::Understood;

/// Commands that start, stop, step and look. What they show is the debugged program's, which the call names.
const PLAIN: &[&str] = &[
    "b",
    "backtrace",
    "breakpoint",
    "br",
    "break",
    "bt",
    "c",
    "catch",
    "continue",
    "delete",
    "detach",
    "di",
    "disassemble",
    "disas",
    "down",
    "exit",
    "f",
    "fin",
    "finish",
    "fr",
    "frame",
    "h",
    "help",
    "i",
    "image",
    "info",
    "kill",
    "l",
    "list",
    "n",
    "next",
    "nexti",
    "ni",
    "q",
    "quit",
    "r",
    "register",
    "rbreak",
    "run",
    "s",
    "show",
    "si",
    "source-lines",
    "starti",
    "start",
    "stepi",
    "step",
    "target-list",
    "tbreak",
    "thread",
    "undisplay",
    "until",
    "up",
    "watch",
    "where",
];

/// Settings that change how things are shown.
const SHOWN: &[&str] = &[
    "confirm",
    "disassembly-flavor",
    "height",
    "listsize",
    "pagination",
    "print",
    "width",
];

/// How far the commands, one a line, are understood.
pub(crate) fn program(text: &str) -> Understood {
    if text.lines().all(is_plain) {
        Understood::Fully
    } else {
        Understood::Not
    }
}

fn is_plain(line: &str) -> bool {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let Some((first, rest)) = words.split_first() else {
        return true;
    };
    // A pipe, a redirection or an expression may call or write.
    if line.contains(['|', '!', '$', '(', '>', '`', '"', '\'', '\\']) {
        return false;
    }
    match *first {
        "set" => rest.first().is_some_and(|name| SHOWN.contains(name)),
        // The rest is a command again, behind the threads or frames that it is run in.
        "thread" | "t" | "frame" | "f" if rest.first() == Some(&"apply") => rest
            .iter()
            .skip(1)
            .find(|word| {
                !word.starts_with('-') && !word.bytes().all(|b| b.is_ascii_digit() || b == b'-') && **word != "all"
            })
            .is_some_and(|command| PLAIN.contains(command)),
        // A breakpoint or a watch of `lldb` can be given a command to run.
        _ if rest
            .iter()
            .any(|word| matches!(*word, "command" | "commands" | "script" | "-C" | "-o" | "--command")) =>
        {
            false
        }
        name => PLAIN.contains(&name.split('/').next().unwrap_or(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::program;
    use placet_model::Understood;

    #[track_caller]
    fn check(text: &str, expected: Understood) {
        assert_eq!(program(text), expected, "{text}");
    }

    #[test]
    fn commands_that_show_and_step_are_understood() {
        for text in [
            "bt",
            "bt full",
            "thread apply all bt",
            "info registers",
            "run",
            "set pagination off",
            "x/4i",
            "b main\nrun",
        ] {
            let expected = if text.starts_with('x') {
                Understood::Not
            } else {
                Understood::Fully
            };
            check(text, expected);
        }
    }

    #[test]
    fn commands_that_run_or_write_are_not() {
        for text in [
            "shell id",
            "!id",
            "python print(1)",
            "pipe bt | sh",
            "source x.gdb",
            "call system",
            "print system(\"id\")",
            "thread apply all shell id",
            "breakpoint command add -o id",
            "set exec-wrapper sh x.sh",
            "dump memory out 0 1",
            "bt\nshell id",
        ] {
            check(text, Understood::Not);
        }
    }
}
