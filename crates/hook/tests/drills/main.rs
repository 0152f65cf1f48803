//! Drills: the real program, run in a scratch home, with good calls, bad input, broken surroundings and in a crowd.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod across_calls;
mod bad_input;
mod broken_surroundings;
mod calls;
mod content_changes;
mod crowd;
mod escalation;
mod followed;
mod other_repositories;
mod proposals;
mod scratch;
mod settings_changes;
mod what_comes_in;
mod what_is_lost;
mod what_runs_later;
