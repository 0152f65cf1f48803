//! Development tasks: `cargo xtask TASK`. One module for each task; nothing here is part of the product.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "reports about kinds of things, not decisions about them"
)]

mod ci;
mod eval;
mod judge;
mod judge_server;
mod llama;
mod new;
mod probe;
mod session_figures;
mod session_server;
mod trace;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK
  ci quick              format, clippy, unit tests, walls: seconds when warm
  ci full               everything that has to hold before a change lands
  eval [--data DIR] [--set NAME] [--tier NAME] [--unknown] [--intent] [--every] [--out DIR]
                        the figures on the labelled cases; --intent shows small sets case by case, --every writes
                        every case to the list of disagreements
  eval --judge [--export FILE] [--answers FILE | --program PROGRAM]
                        how a judge does on them, stage by stage; without answers: what it would be asked
  judge-server [--python PYTHON]
                        ask llama.cpp's server, with a tiny model made here, both stages for real
  session-server [--python PYTHON]
                        whole sessions against the same server: it talks nonsense, and the session has to survive that
  session-figures [--program FILE]
                        memory of an idle session, time to its first screen, memory under a flood of output
  eval --probe [--data DIR] [--cross] [--roc FILE] [--write FILE]
                        the figures of the injection probe; --cross trains without what it is tested on
  train-probe [--data DIR] [--out FILE]
                        train the injection probe on generated texts, and on rows under permissive licences
  new command NAME [--specs FILE]
                        a draft of a command file, with options from a list of command-line specs
  new agent NAME        a draft of an agent's integration
  oracle                run a thousand harmless commands under strace: what was not predicted, and what was predicted in vain
  trace CMD             run a command in a scratch copy under strace: effects seen beside effects predicted";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rest = |count: usize| arguments.get(count..).unwrap_or_default();
    let result = match words.as_slice() {
        ["eval", "--probe", ..] => probe::figures(rest(2)),
        ["train-probe", ..] => probe::train(rest(1)),
        ["eval", ..] => eval::run(rest(1)),
        ["ci", "quick"] => ci::quick(),
        ["ci", "full"] => ci::full(),
        ["judge-server", ..] => judge_server::run(rest(1)),
        ["session-server", ..] => session_server::run(rest(1)),
        ["session-figures", ..] => session_figures::run(rest(1)),
        ["new", "command", name, ..] => new::command(name, rest(3)),
        ["new", "agent", name] => new::agent(name),
        ["oracle"] => ci::oracle(),
        ["trace", command] => trace::run(command),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
