//! From a command to the function that does it.

mod audit;
mod doctor;
mod grant;
mod init;
mod judge;
mod manual;
mod policy;
mod preference;
mod scan;
mod session;
mod settings;
mod trust;

use crate::cli::{Command, Line};
use crate::{Error, Outcome, Screen, check, explain, replay};

/// Does what was typed.
///
/// # Errors
/// When it can't be done; a finding is no error.
pub fn run(line: Line, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    match line.command {
        // `main` answers it before anything is parsed; this is for `placet --color never hook …`.
        Command::Hook { agent, block_on } => {
            let level = block_on.map(|level| format!("--block-on={level}"));
            placet_hook::main([agent].into_iter().chain(level).map(Into::into))
        }
        Command::Install(typed) => settings::install(&typed, screen),
        Command::Uninstall(typed) => settings::uninstall(&typed, screen),
        Command::Init { directory } => init::run(directory.as_deref(), screen),
        Command::Doctor { json } => doctor::run(json, screen),
        Command::Check(typed) => check::run(&typed, screen),
        Command::Explain(typed) => explain::run(&typed, screen),
        Command::Policy(typed) => policy::run(&typed, screen),
        Command::Grant(typed) => grant::run(&typed, screen),
        Command::Denials { last, json } => grant::list(last, json, screen),
        Command::Judge(typed) => judge::run(&typed, screen),
        Command::Trust { revoke, yes } => trust::run(revoke, yes, screen),
        Command::Mode { name } => preference::run("mode", name.as_deref(), screen),
        Command::Tier { name } => preference::run("tier", name.as_deref(), screen),
        Command::Audit(typed) => audit::run(&typed, screen),
        Command::Replay(typed) => replay::run(&typed, screen),
        Command::Session(typed) => session::run(&typed, screen),
        Command::Scan(typed) => scan::run(&typed, screen),
        Command::Completions { shell } => manual::completions(shell, screen),
        Command::Man { directory } => manual::pages(directory.as_deref(), screen),
    }
}
