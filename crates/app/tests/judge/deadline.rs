//! The deadline through the real hook: it holds from the question to the answer, and nothing is left running.
//!
//! With `PLACET_TIMING` set, on a machine that has little else to do, a decision may come 50 ms after the deadline and no later.

use super::{UNDECIDED, answered, call, judged_by, records};
use crate::desk::Desk;

#[test]
fn a_judge_that_hangs_is_left_at_the_deadline_and_ended_with_what_it_started() {
    let desk = Desk::new();
    let pids = desk.home("pids");
    let hangs = format!("sleep 60 & echo $! >> {0}; echo $$ >> {0}; wait", pids.display());
    judged_by(&desk, &hangs, "deadline = 1");
    assert_eq!(answered(&desk, &call(&desk, UNDECIDED), &[]).0, "ask");
    let record = records(&desk).pop().unwrap();
    let micros = record["micros"].as_u64().unwrap();
    println!("decided after {micros} µs");
    let most = match std::env::var_os("PLACET_TIMING") {
        Some(_) => 1_050_000,
        None => 10_000_000,
    };
    assert!(micros <= most, "{record}");
    if cfg!(target_os = "linux") {
        let pids = std::fs::read_to_string(pids).unwrap();
        for pid in pids.lines() {
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            // What nobody has waited for yet is dead all the same.
            assert!(state.is_empty() || state.contains(") Z "), "{state}");
        }
    }
}
