//! Other parsers as second opinions: on ordinary scripts all should see the same commands; on mutated ones, where two others agree
//! against us, bash decides. Each of them is known to lose commands, so none of them alone is right.

use crate::bash;
use crate::jail::Jail;
use crate::mutate::{Chance, mutated};
use crate::others::{Heads, brush, placet, shuck, tree_sitter};
use crate::seeds;

#[test]
fn other_parsers_see_the_same_commands_in_ordinary_scripts() {
    let seeds = seeds::ordinary();
    let mut least = 100.0_f64;
    for (name, parse) in [
        ("brush", brush as fn(&str) -> Heads),
        ("shuck", shuck),
        ("tree-sitter", tree_sitter),
    ] {
        let (mut both, mut same) = (0, 0);
        for seed in &seeds {
            let (Some(ours), Some(theirs)) = (placet(seed), parse(seed)) else {
                continue;
            };
            both += 1;
            if ours == theirs {
                same += 1;
            } else {
                println!("{name}: {seed:?}\n    ours {ours:?}\n    theirs {theirs:?}");
            }
        }
        println!("{name}: the same heads in {same} of {both} ordinary scripts that both take");
        assert!(
            both * 10 > seeds.len() * 8,
            "{name} takes too few scripts to say anything"
        );
        least = least.min(f64::from(same) * 100.0 / both as f64);
    }
    assert!(least >= 97.0, "only {least:.1} % agreement");
}

/// Where two others agree against ours, bash is the referee: it must not run a command that only they saw. (Both are known to
/// take `t<(list)` for two words, and a subscript with a blank for a command.)
#[test]
fn two_other_parsers_that_agree_against_ours_are_wrong_in_bash() {
    let jail = match Jail::build() {
        Ok(jail) => jail,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let seeds = seeds::all();
    let mut chance = Chance::new(2);
    let (mut compared, mut scripts, mut heads) = (0, Vec::new(), Vec::new());
    for _ in 0..4_000 {
        let script = mutated(&seeds, &mut chance);
        let Some(ours) = placet(&script) else { continue };
        let (Some(first), Some(second)) = (brush(&script), shuck(&script)) else {
            continue;
        };
        compared += 1;
        if first == second && first != ours && bash::accepts(&script) {
            scripts.push(script);
            heads.push((ours, first));
        }
    }
    println!(
        "{compared} mutated scripts that three parsers take, {} where two agree against ours",
        scripts.len()
    );
    let mut lost = Vec::new();
    for ((script, (ours, theirs)), ran) in scripts.iter().zip(&heads).zip(jail.run(&scripts)) {
        println!(
            "{script:?}\n    ours {ours:?}\n    theirs {theirs:?}\n    bash ran {:?}",
            ran.commands
        );
        let only_theirs = |head: &String| theirs.contains(head) && !ours.contains(head);
        if ran
            .commands
            .iter()
            .filter_map(|command| command.first())
            .any(only_theirs)
        {
            lost.push(script);
        }
    }
    assert!(compared > 500, "too few scripts to say anything");
    assert!(
        scripts.len() * 100 <= compared,
        "too many disagreements to be their known faults"
    );
    assert!(lost.is_empty(), "bash ran what only the others saw: {lost:?}");
}

#[test]
fn bash_refuses_no_script_that_is_understood() {
    let seeds = seeds::all();
    let mut chance = Chance::new(3);
    let (mut understood, mut wrong) = (0, Vec::new());
    for _ in 0..3_000 {
        let script = mutated(&seeds, &mut chance);
        if placet(&script).is_some() {
            understood += 1;
            if !bash::accepts(&script) {
                wrong.push(script);
            }
        }
    }
    println!(
        "{understood} mutated scripts understood, {} of them refused by bash",
        wrong.len()
    );
    for script in &wrong {
        println!("{script:?}");
    }
    assert!(understood > 1_000, "too few scripts to say anything");
    assert!(
        wrong.len() * 200 <= understood,
        "too often taken though bash refuses it"
    );
}
