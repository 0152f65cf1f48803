//! Many hook processes of one session at once, and some of them killed: every record that was answered is in the log,
//! the chain holds, the counters are right.

use std::collections::BTreeSet;
use std::process::Child;

use crate::scratch::{Scratch, said, start};
use placet_facts::session::SessionMemory;

const PROCESSES: usize = 64;

#[test]
fn sixty_four_at_once_are_all_recorded_and_counted() {
    let scratch = Scratch::new();
    let children: Vec<Child> = (0..PROCESSES)
        .map(|number| {
            let input = if number % 4 == 0 {
                scratch.denied(&number.to_string())
            } else {
                scratch.shell(&format!("echo {number}"))
            };
            start(&mut scratch.command(), input.as_bytes())
        })
        .collect();
    let mut denied = 0;
    for (number, child) in children.into_iter().enumerate() {
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(
            said.decision(),
            if number % 4 == 0 { "deny" } else { "allow" },
            "{number}: {said:?}"
        );
        denied += u32::from(number % 4 == 0);
    }
    let commands: BTreeSet<String> = scratch
        .records()
        .iter()
        .map(|record| record["command"].to_string())
        .collect();
    assert_eq!((scratch.records().len(), commands.len()), (PROCESSES, PROCESSES));
    assert_chain(&scratch);
    let memory = SessionMemory::open(scratch.state().to_str().unwrap(), "s").unwrap();
    assert_eq!(memory.state().unwrap().denials_total, denied);
    assert_eq!(memory.state().unwrap().damaged, 0);
}

#[test]
fn killing_some_of_them_loses_no_answered_call_and_breaks_no_chain() {
    let scratch = Scratch::new();
    let mut answered = BTreeSet::new();
    let mut killed = 0;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..6 {
        let mut children: Vec<(String, Child)> = (0..PROCESSES / 2)
            .map(|number| {
                let command = format!("echo round {round} number {number}");
                let child = start(&mut scratch.command(), scratch.shell(&command).as_bytes());
                (command, child)
            })
            .collect();
        for (_, child) in &mut children {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            if random.is_multiple_of(3) {
                child.kill().unwrap();
            }
        }
        for (command, child) in children {
            let output = child.wait_with_output().unwrap();
            match output.status.code() {
                Some(0) if said(output.clone()).goes_ahead() => {
                    answered.insert(command);
                }
                Some(_) => {}
                None => killed += 1,
            }
        }
    }
    assert!(
        killed > 0 && !answered.is_empty(),
        "{killed} killed, {} answered",
        answered.len()
    );
    let recorded: BTreeSet<String> = scratch
        .records()
        .iter()
        .filter_map(|record| record["command"].as_str().map(str::to_owned))
        .collect();
    let lost: Vec<_> = answered.difference(&recorded).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(scratch.run(scratch.shell("ls")).goes_ahead());
    assert_chain(&scratch);
}

/// Every record names the hash of the one before.
fn assert_chain(scratch: &Scratch) {
    let records = scratch.records();
    for pair in records.windows(2) {
        assert_eq!(pair[1]["prev"], pair[0]["hash"], "{} follows {}", pair[1], pair[0]);
    }
}
