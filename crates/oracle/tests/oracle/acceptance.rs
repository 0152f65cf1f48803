//! Real commands: what bash accepts should parse without an Opaque part. Not a test of what the tree says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use placet_effects::syntax::parse;
use placet_effects::syntax::tree::Script;
use placet_effects::syntax::walk::{Visitor, walk};
use placet_model::Span;

use crate::bash;

#[test]
fn real_commands_parse_without_opaque_parts() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval/dev");
    let directory = std::env::var_os("PLACET_EVAL_DATA").map_or(beside, PathBuf::from);
    let Ok(files) = std::fs::read_dir(&directory) else {
        println!("skipped: the evaluation cases are not here");
        return;
    };
    let mut commands = BTreeMap::<String, BTreeSet<String>>::new();
    for file in files {
        let path = file.unwrap().path();
        let set = path.file_stem().unwrap().to_string_lossy().into_owned();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let row: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
            let is_shell = matches!(row["tool"].as_str(), Some("Bash" | "bash" | "shell"));
            if let (true, Some(command)) = (is_shell, row["input"]["command"].as_str()) {
                commands.entry(set.clone()).or_default().insert(command.to_owned());
            }
        }
    }
    let (mut valid, mut read, mut invalid, mut wrong) = (0, 0, 0, Vec::new());
    let full = std::env::var_os("PLACET_ORACLE_FULL").is_some();
    let mut asked = 0_u32;
    for (set, commands) in &commands {
        let (mut set_valid, mut set_read) = (0, 0);
        for command in commands {
            let script = parse(command);
            let reason = why_opaque(&script);
            // Asking bash takes longest: the short run asks of one command in eight, and of every one that is Opaque.
            asked += 1;
            if reason.is_none() && !asked.is_multiple_of(8) && !full {
                set_valid += 1;
                set_read += 1;
                continue;
            }
            if !bash::accepts(command) {
                invalid += 1;
                if reason.is_none() {
                    wrong.push(command);
                }
                continue;
            }
            set_valid += 1;
            match reason {
                None => set_read += 1,
                Some(reason) => println!("{set}: {reason}: {command:?}"),
            }
        }
        println!("{set}: {set_read} of {set_valid} commands that bash accepts");
        valid += set_valid;
        read += set_read;
    }
    let share = f64::from(read) * 100.0 / f64::from(valid);
    println!(
        "{read} of {valid} commands that bash accepts: {share:.2} %; {} of {invalid} invalid ones taken",
        wrong.len()
    );
    for command in &wrong {
        println!("taken though bash refuses it: {command:?}");
    }
    assert!(valid > 1000, "too few commands to say anything");
    assert!(
        share >= 99.5,
        "only {share:.2} % of the commands that bash accepts are understood"
    );
}

#[test]
fn shell_scripts_of_this_system_parse_without_opaque_parts() {
    let (mut valid, mut read) = (0, 0);
    for directory in [
        "/usr/bin",
        "/usr/sbin",
        "/etc/init.d",
        "/usr/lib/git-core",
        "/var/lib/dpkg/info",
    ] {
        for file in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let Ok(script) = std::fs::read_to_string(file.path()) else {
                continue;
            };
            let first = script.lines().next().unwrap_or_default();
            let is_shell = first.starts_with("#!") && (first.contains("/sh") || first.contains("bash"));
            if !is_shell || script.len() > placet_effects::syntax::LONGEST_INPUT || !bash::accepts(&script) {
                continue;
            }
            valid += 1;
            match why_opaque(&parse(&script)) {
                None => read += 1,
                Some(reason) => println!("{}: {reason}", file.path().display()),
            }
        }
    }
    println!("{read} of {valid} shell scripts of this system");
    assert!(
        read * 100 >= valid * 97,
        "only {read} of {valid} scripts are understood"
    );
}

#[test]
fn every_ordinary_seed_is_understood() {
    for seed in crate::seeds::ordinary() {
        assert!(bash::accepts(&seed), "bash refuses {seed:?}");
        assert_eq!(why_opaque(&parse(&seed)), None, "{seed:?}");
    }
}

/// The first reason for an Opaque part.
fn why_opaque(script: &Script) -> Option<&str> {
    struct First<'t>(Option<&'t str>);
    impl<'t> Visitor<'t> for First<'t> {
        fn opaque(&mut self, reason: &'t str, _span: Span) {
            self.0.get_or_insert(reason);
        }
    }
    let mut first = First(None);
    walk(&script.items, &mut first);
    first.0
}
