//! The shell parser against bash itself and against other parsers. Not unit tests of the parser.
//!
//! `PLACET_JAIL_SCRIPTS` is how many mutated scripts bash runs in the jail (30000 for the full run), `PLACET_JAIL_SEED` makes other
//! ones, `PLACET_ORACLE_FULL` asks bash about every real command, `PLACET_EVAL_DATA` is where the evaluation cases are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::cast_precision_loss,
    reason = "tests"
)]
#![allow(clippy::print_stderr, clippy::print_stdout, reason = "figures are printed")]

mod acceptance;
mod bash;
mod differential;
mod jail;
mod mutate;
mod others;
mod reported;
mod seeds;
mod soundness;
