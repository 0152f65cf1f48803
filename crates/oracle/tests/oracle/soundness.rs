//! The promise that matters: every command that bash runs was reported by the parser, unless it said Opaque. Checked by letting
//! bash run mutated scripts in a jail.

use crate::jail::Jail;
use crate::mutate::{Chance, mutated};
use crate::reported::Reported;
use crate::seeds;

/// How many mutated scripts the normal run makes.
const SCRIPTS: usize = 2_000;
/// Scripts that go into the jail at once.
const BATCH: usize = 1_000;

#[test]
fn every_command_that_bash_runs_was_reported() {
    let jail = match Jail::build() {
        Ok(jail) => jail,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<usize>().ok());
    let wanted = number("PLACET_JAIL_SCRIPTS").unwrap_or(SCRIPTS);
    let mut chance = Chance::new(number("PLACET_JAIL_SEED").unwrap_or(1) as u64);
    let seeds = seeds::all();
    let mut scripts: Vec<String> = seeds.clone();
    while scripts.len() < seeds.len() + wanted {
        scripts.push(mutated(&seeds, &mut chance));
    }
    let (mut understood, mut active, mut commands, mut missed) = (0, 0, 0, Vec::new());
    for batch in scripts.chunks(BATCH) {
        let reported: Vec<Reported> = batch.iter().map(|script| Reported::of(script)).collect();
        let taken = |index: &usize| !reported[*index].opaque && !reported[*index].has_separators();
        let indices: Vec<usize> = (0..batch.len()).filter(taken).collect();
        let taken: Vec<String> = indices.iter().map(|&index| batch[index].clone()).collect();
        for (&index, ran) in indices.iter().zip(jail.run(&taken)) {
            understood += 1;
            active += usize::from(!ran.commands.is_empty() || !ran.files.is_empty());
            commands += ran.commands.len();
            let lost: Vec<_> = ran
                .commands
                .iter()
                .filter(|command| !reported[index].covers(command))
                .collect();
            if !lost.is_empty() {
                missed.push(format!(
                    "{:?}\n    ran {lost:?}\n    reported {:?}",
                    batch[index], reported[index].commands
                ));
            }
            if !ran.files.is_empty() && !reported[index].writes {
                missed.push(format!(
                    "{:?}\n    wrote {:?}, no writing redirection reported",
                    batch[index], ran.files
                ));
            }
        }
    }
    println!(
        "{} scripts ({} seeds), {understood} understood, {active} of them did something, {commands} commands run, {} missed",
        scripts.len(),
        seeds.len(),
        missed.len()
    );
    for miss in &missed {
        println!("{miss}");
    }
    assert!(active * 2 > understood, "the jail runs too little to say anything");
    assert!(
        missed.is_empty(),
        "{} scripts ran something that was not reported",
        missed.len()
    );
}
