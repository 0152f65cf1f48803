//! The `placet` binary. `placet hook AGENT` is the hot path and never reaches the command line's parser.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == "hook") {
        placet_hook::main(words);
    }
    let line = match placet_app::cli::parse() {
        Ok(line) => line,
        Err(error) => {
            // Help and version are "errors" of the parser that go to standard output.
            let code = if error.use_stderr() {
                placet_app::Outcome::BadInput
            } else {
                placet_app::Outcome::Fine
            };
            return if error.print().is_ok() {
                code.exit()
            } else {
                placet_app::Outcome::BadInput.exit()
            };
        }
    };
    let stdout = std::io::stdout();
    let mut out = std::io::BufWriter::new(stdout.lock());
    let mut screen = placet_app::Screen::of_terminal(&mut out, line.color);
    let done = placet_app::run(line, &mut screen);
    let done = done.and_then(|outcome| screen.flush().map(|()| outcome));
    match done {
        Ok(outcome) => outcome.exit(),
        Err(error) if error.is_closed_pipe() => placet_app::Outcome::Fine.exit(),
        Err(error) => {
            // What was said before the error is still worth reading; if it can't be written, neither can anything else.
            let _ = screen.flush();
            let mut stderr = std::io::stderr().lock();
            let _ = writeln!(stderr, "placet: {error}");
            if let Some(help) = error.help() {
                let _ = writeln!(stderr, "  help: {help}");
            }
            placet_app::Outcome::BadInput.exit()
        }
    }
}
