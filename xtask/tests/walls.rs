//! The walls between the crates: who may depend on whom, and where nothing may touch the machine. Written down once, here and in
//! `ARCHITECTURE.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Crate and what of ours it may depend on. `app` and `xtask` may use everything, `oracle` compares from outside.
const ALLOWED: &[(&str, &[&str])] = &[
    ("placet-model", &[]),
    ("placet-patterns", &[]),
    ("placet-probe", &[]),
    ("placet-languages", &[]),
    ("placet-effects", &["placet-model", "placet-languages"]),
    ("placet-intent", &[]),
    (
        "placet-engine",
        &["placet-model", "placet-effects", "placet-patterns", "placet-intent"],
    ),
    ("placet-agents", &["placet-model"]),
    ("placet-facts", &["placet-model", "placet-patterns"]),
    ("placet-audit", &["placet-model"]),
    ("placet-judge", &["placet-model"]),
    (
        "placet-session",
        &[
            "placet-agents",
            "placet-audit",
            "placet-engine",
            "placet-facts",
            "placet-hook",
            "placet-model",
        ],
    ),
    (
        "placet-hook",
        &[
            "placet-agents",
            "placet-audit",
            "placet-effects",
            "placet-engine",
            "placet-facts",
            "placet-model",
            "placet-probe",
        ],
    ),
];

/// Crates that nothing is kept from.
const OUTERMOST: &[&str] = &["placet-app", "placet-oracle", "xtask"];

/// Crates that get the world only through their arguments.
const PURE: &[&str] = &[
    "model",
    "effects",
    "engine",
    "agents",
    "patterns",
    "languages",
    "intent",
    "probe",
];

/// What such a crate never names.
const WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::os",
    "std::time",
    "SystemTime",
    "Instant::now",
];

#[test]
fn every_crate_depends_on_what_the_table_allows_and_on_nothing_else_of_ours() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 9, "cargo metadata lists the workspace");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        if OUTERMOST.contains(&name) {
            continue;
        }
        let (_, allowed) = ALLOWED.iter().find(|(known, _)| *known == name).unwrap_or_else(|| {
            panic!("`{name}` stands in no table: say here what it may depend on");
        });
        for dependency in package["dependencies"].as_array().unwrap() {
            let on = dependency["name"].as_str().unwrap();
            let only_for_tests = dependency["kind"] == "dev";
            if on.starts_with("placet-") && !only_for_tests {
                assert!(allowed.contains(&on), "`{name}` may not depend on `{on}`");
            }
        }
    }
}

#[test]
fn only_the_session_has_a_runtime_and_only_the_judge_and_the_session_a_network_client() {
    const CLOSED: &[(&str, &[&str])] = &[
        ("tokio", &["placet-session"]),
        ("rmcp", &["placet-session"]),
        ("hyper", &["placet-session"]),
        ("ureq", &["placet-judge", "placet-session"]),
    ];
    let mut found = 0_usize;
    for package in metadata()["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let on = dependency["name"].as_str().unwrap();
            if let Some((_, allowed)) = CLOSED.iter().find(|(closed, _)| *closed == on) {
                found += 1;
                assert!(allowed.contains(&name), "`{name}` may not depend on `{on}`");
                assert!(on != "hyper" || dependency["kind"] == "dev", "a server is for tests");
            }
        }
    }
    assert!(found >= 4, "{found} were looked at");
}

#[test]
fn nothing_of_ours_depends_on_the_outermost_crates() {
    for package in metadata()["packages"].as_array().unwrap() {
        for dependency in package["dependencies"].as_array().unwrap() {
            let on = dependency["name"].as_str().unwrap();
            assert!(!OUTERMOST.contains(&on), "`{}` depends on `{on}`", package["name"]);
        }
    }
}

#[test]
fn pure_crates_never_name_files_variables_processes_network_or_clock() {
    let mut files = 0_usize;
    for name in PURE {
        for file in sources(&root().join("crates").join(name).join("src")) {
            files += 1;
            let text = std::fs::read_to_string(&file).unwrap();
            for (number, line) in (1..).zip(text.lines()) {
                let found: Vec<String> = named(line).collect();
                assert_eq!(found, Vec::<String>::new(), "{}:{number}", file.display());
            }
        }
    }
    assert!(files > 50, "{files} files were looked at");
}

#[test]
fn the_search_for_names_of_the_world_finds_them_and_leaves_comments_alone() {
    assert_eq!(
        named("    let text = std::fs::read(path);").collect::<Vec<_>>(),
        ["std::fs"]
    );
    assert_eq!(
        named("use std::{env, fs};").collect::<Vec<_>>(),
        ["std::{env", "std::{fs"]
    );
    assert_eq!(named("/// Never `std::fs`.").count(), 0);
    assert_eq!(named("use std::fmt;").count(), 0);
}

/// Names of the world in a line of code.
fn named(line: &str) -> impl Iterator<Item = String> {
    let code = line.split("//").next().unwrap_or_default().to_owned();
    let plain = WORLD
        .iter()
        .filter(|word| code.contains(**word))
        .map(|word| (*word).to_owned())
        .collect::<Vec<_>>();
    let group = code.split_once("std::{").map_or("", |(_, group)| group);
    let grouped: Vec<String> = ["env", "fs", "net", "process", "time", "os"]
        .iter()
        .filter(|word| {
            group
                .split([',', '{', '}', ' ', ';'])
                .any(|part| part.split("::").next() == Some(word))
        })
        .map(|word| format!("std::{{{word}"))
        .collect();
    plain.into_iter().chain(grouped)
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}
