//! A command that is written in another way, with the same effects, is never judged more leniently. Seeds are the examples of the
//! command files and the corpus; the other ways are chosen by a fixed sequence of numbers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]
#![allow(clippy::print_stdout, reason = "figures are printed")]

mod support;

use std::path::{Path, PathBuf};

use placet_engine::{Policy, SessionCounters, World, decide};
use placet_facts::NeutralWorld;
use placet_model::{Decision, Mode, Tier};
use support::{Shelf, event, shell};
use toml::de::{DeTable, DeValue};

/// Ways that are tried for each seed.
const WAYS: usize = 24;
/// Fewer pairs would mean that the seeds were not found.
const LEAST: usize = 10_000;

fn files(directory: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
}

fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut tables, mut cases) = (Vec::new(), Vec::new());
    files(&root.join("../effects/commands"), "toml", &mut tables);
    files(&root.join("../../corpus"), "md", &mut cases);
    let mut seeds = Vec::new();
    for path in tables {
        let text = std::fs::read_to_string(path).unwrap();
        let table = DeTable::parse(&text).unwrap().into_inner();
        let Some(DeValue::Array(examples)) = table.get("example").map(toml::Spanned::get_ref) else {
            continue;
        };
        for example in examples {
            let example = example.get_ref().as_table().unwrap();
            // A prepared world would have to be prepared here as well.
            if example.get("files").is_none() && example.get("cwd").is_none() {
                seeds.push(example["run"].get_ref().as_str().unwrap().to_owned());
            }
        }
    }
    for path in cases {
        let text = std::fs::read_to_string(path).unwrap();
        for block in text.split("\n```case\n").skip(1) {
            let block = block.split("\n```").next().unwrap();
            let Ok(table) = DeTable::parse(block) else { continue };
            if let Some(command) = table
                .get_ref()
                .get("command")
                .and_then(|value| value.get_ref().as_str())
            {
                seeds.push(command.trim_end().to_owned());
            }
        }
    }
    seeds.sort();
    seeds.dedup();
    seeds
}

fn decision(command: &str) -> Decision {
    let facts = NeutralWorld::new(None, None);
    let world = World {
        facts: &facts,
        judge: None,
        approvals: None,
        attended: true,
        counters: SessionCounters::default(),
        mode: Some(Mode::Auto),
        tier: Some(Tier::Balanced),
        now: 0,
        elapsed: &|| 0,
    };
    let event = event("Bash", shell(command), Mode::Auto);
    decide(&event, &Policy::default(), &world, &mut Shelf(Ok(())))
        .verdict
        .decision()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap();
            out.push(if place <= three.len() {
                DIGITS[digit].into()
            } else {
                '='
            });
        }
    }
    out
}

/// Any text, inside of something that runs it as it is.
const WRAPPERS: &[fn(&str) -> String] = &[
    |text| format!("bash -c {}", quoted(text)),
    |text| format!("sh -c {}", quoted(text)),
    |text| format!("/bin/bash -c {}", quoted(text)),
    |text| format!("env bash -c {}", quoted(text)),
    |text| format!("nice timeout 60 sh -c {}", quoted(text)),
    |text| format!("eval {}", quoted(text)),
    |text| format!("eval \"$(echo {} | base64 -d)\"", base64(text)),
    |text| format!("(\n{text}\n)"),
    |text| format!("{{\n{text}\n}}"),
    |text| format!("true && (\n{text}\n)"),
    |text| format!("f() {{\n{text}\n}}\nf"),
    |text| format!("if true; then\n{text}\nfi"),
    |text| format!("for once in 1; do\n{text}\ndone"),
    |text| format!("while true; do\n{text}\nbreak\ndone"),
    |text| format!("case x in x)\n{text}\n;; esac"),
    |text| format!("sh <<'PLACET_END'\n{text}\nPLACET_END"),
    |text| format!("bash -s <<'PLACET_END'\n{text}\nPLACET_END"),
    |text| format!("echo {} | base64 -d | sh", base64(text)),
    |text| format!("echo {} | base64 --decode | bash", base64(text)),
    |text| format!("printf '%s\\n' {} | sh", quoted(text)),
    |text| format!("bash <<< {}", quoted(text)),
    |text| format!("code={}; eval \"$code\"", quoted(text)),
    |text| format!("code={}; bash -c \"$code\"", quoted(text)),
    |text| format!("source <(printf '%s\\n' {})", quoted(text)),
    |text| format!("trap {} EXIT", quoted(text)),
    |text| format!("echo \"$(\n{text}\n)\""),
    |text| format!("{{\n{text}\n}} &\nwait"),
    |text| {
        format!(
            "find . -maxdepth 0 -exec sh -c {} \\;",
            quoted(&text.replace("{}", "{\"\"}"))
        )
    },
];

/// A simple command of plain words, with each of them spelt in another way, or started by something else.
const SPELLINGS: &[fn(&[&str]) -> String] = &[
    |words| {
        words
            .iter()
            .map(|word| format!("'{word}'"))
            .collect::<Vec<_>>()
            .join(" ")
    },
    |words| {
        words
            .iter()
            .map(|word| format!("\"{word}\""))
            .collect::<Vec<_>>()
            .join("  ")
    },
    |words| {
        words
            .iter()
            .map(|word| format!("\\{word}"))
            .collect::<Vec<_>>()
            .join("\t")
    },
    |words| {
        words
            .iter()
            .map(|word| format!("{}''{}", &word[..1], &word[1..]))
            .collect::<Vec<_>>()
            .join(" ")
    },
    |words| {
        words
            .iter()
            .map(|word| format!("{}\"{}\"", &word[..1], &word[1..]))
            .collect::<Vec<_>>()
            .join(" ")
    },
    |words| {
        words
            .iter()
            .map(|word| format!("$'\\x{:02x}'{}", word.as_bytes()[0], &word[1..]))
            .collect::<Vec<_>>()
            .join(" ")
    },
    |words| {
        words
            .iter()
            .map(|word| format!("{}\\\n{}", &word[..1], &word[1..]))
            .collect::<Vec<_>>()
            .join(" ")
    },
    |words| words.join(" \\\n  "),
    |words| format!("/usr/bin/{}", words.join(" ")),
    |words| format!("/bin/{}", words.join(" ")),
    |words| format!("command {}", words.join(" ")),
    |words| format!("env {}", words.join(" ")),
    |words| format!("env -u NOTHING X=1 {}", words.join(" ")),
    |words| format!("/usr/bin/env {}", words.join(" ")),
    |words| format!("env -S {}", quoted(&words.join(" "))),
    |words| format!("nice -n 5 {}", words.join(" ")),
    |words| format!("timeout 60 {}", words.join(" ")),
    |words| format!("nohup {}", words.join(" ")),
    |words| format!("time {}", words.join(" ")),
    |words| format!("exec {}", words.join(" ")),
    |words| format!("setsid {}", words.join(" ")),
    |words| format!("stdbuf -oL {}", words.join(" ")),
    |words| format!("X=1 {}", words.join(" ")),
    |words| format!("p={}; $p {}", words[0], words[1..].join(" ")),
    |words| format!("p={}; \"${{p}}\" {}", words[0], words[1..].join(" ")),
    |words| format!("c='{}'; $c", words.join(" ")),
    |words| format!("c=({}); \"${{c[@]}}\"", words.join(" ")),
    |words| format!("set -- {}; \"$@\"", words.join(" ")),
    |words| format!("a='{}'; {} $a", words[1..].join(" "), words[0]),
    |words| format!("run() {{ \"$@\"; }}; run {}", words.join(" ")),
    |words| {
        format!(
            "shopt -s expand_aliases\nalias other='{}'\nother {}",
            words[0],
            words[1..].join(" ")
        )
    },
    |words| format!("{} $(printf '%s ' {})", words[0], words[1..].join(" ")),
    |words| format!("$(echo {}) {}", words[0], words[1..].join(" ")),
    |words| format!("printf '%s ' {} | xargs {}", words[1..].join(" "), words[0]),
    |words| format!("printf '%s\\0' {} | xargs -0 {}", words[1..].join(" "), words[0]),
    |words| format!("bash -c '\"$0\" \"$@\"' {}", words.join(" ")),
    |words| format!("{{{}}}", words.join(",")),
];

/// The words, if the text is one simple command of plain words that starts a program.
fn plain(text: &str) -> Option<Vec<&str>> {
    const NO_PROGRAMS: &[&str] = &[
        ".",
        ":",
        "alias",
        "bind",
        "break",
        "builtin",
        "caller",
        "cd",
        "command",
        "complete",
        "continue",
        "coproc",
        "declare",
        "dirs",
        "do",
        "done",
        "enable",
        "eval",
        "exec",
        "exit",
        "export",
        "fc",
        "fg",
        "bg",
        "for",
        "function",
        "hash",
        "help",
        "history",
        "if",
        "jobs",
        "let",
        "local",
        "logout",
        "mapfile",
        "popd",
        "pushd",
        "read",
        "readarray",
        "readonly",
        "return",
        "set",
        "shift",
        "shopt",
        "source",
        "suspend",
        "test",
        "time",
        "times",
        "trap",
        "type",
        "typeset",
        "ulimit",
        "umask",
        "unalias",
        "unset",
        "wait",
        "while",
        "until",
        "case",
        "select",
        "[",
        "disown",
        "compgen",
        "getopts",
    ];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+-".contains(c);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let (first, rest) = words.split_first()?;
    let fits = text.chars().all(|c| c == ' ' || is_plain(c))
        && !rest.is_empty()
        && !first.contains(['=', '/', '%'])
        && !NO_PROGRAMS.contains(first)
        // A backslash before these would be read as an escape by no shell, but the first letter is split off below.
        && words.iter().all(|word| word.len() > 1);
    fits.then_some(words)
}

/// A fixed sequence (xorshift).
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn rewriting_a_command_never_makes_the_decision_more_permissive() {
    let mut state = 0x5eed_u64;
    let (mut pairs, mut looser) = (0_usize, Vec::new());
    for seed in seeds() {
        let strict = decision(&seed);
        if strict == Decision::Allow {
            // Nothing is more permissive than this.
            continue;
        }
        let words = plain(&seed);
        for _ in 0..WAYS {
            let spelt = words.as_ref().filter(|_| !next(&mut state).is_multiple_of(3));
            let other = match spelt {
                Some(words) => SPELLINGS[next(&mut state) % SPELLINGS.len()](words),
                None => WRAPPERS[next(&mut state) % WRAPPERS.len()](&seed),
            };
            pairs += 1;
            let found = decision(&other);
            if found < strict {
                looser.push(format!("{strict:?} `{seed}`, but {found:?} `{other}`"));
            }
        }
    }
    println!("{pairs} pairs");
    assert!(pairs >= LEAST, "only {pairs} pairs");
    assert!(looser.is_empty(), "{} of {pairs}:\n{}", looser.len(), looser.join("\n"));
}
