//! The effect oracle: runs harmless commands under strace, each in a fresh copy of a small project where nothing else can be
//! reached, and checks that everything that happened had been predicted.
//!
//! Every tenth command by default, all of them with `PLACET_EFFECTS_ALL=1`, only those that contain a text with `PLACET_EFFECTS_ONLY`.
//! What was predicted and never happened is written to `target/oracle/effects.txt`; `cargo xtask oracle` prints it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]
#![allow(clippy::print_stderr, clippy::print_stdout, reason = "figures are printed")]

mod compare;
mod corpus;
mod fixture;
mod jail;
mod known;
mod lines;
mod report;
mod seen;

#[test]
fn the_corpus_is_large_enough() {
    let commands = corpus::all();
    let programs: std::collections::BTreeSet<_> = commands.iter().map(|command| &command.program).collect();
    assert!(commands.len() >= 1000, "{} commands", commands.len());
    assert!(programs.len() >= 200, "{} programs", programs.len());
}

#[test]
fn effects_seen_were_predicted() {
    let commands = corpus::chosen();
    let outcomes = match jail::run_all(&commands) {
        Ok(outcomes) => outcomes,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return;
        }
    };
    assert_eq!(outcomes.len(), commands.len(), "every command was run");
    let report = report::Report::of(&outcomes);
    report.write();
    println!("{}", report.summary());
    assert!(report.violations.is_empty(), "{}", report.violations.join("\n"));
}

/// Runs its part of the commands; started by `effects_seen_were_predicted` inside of new namespaces, and of no use elsewhere.
#[test]
#[ignore = "only inside of the jail"]
fn inside_the_jail() {
    jail::inside();
}
