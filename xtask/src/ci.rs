//! `cargo xtask ci`: what has to hold, the quick part and all of it. The whole is `.ci/run`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Format, clippy, unit tests, walls.
pub(crate) fn quick() -> Result<(), String> {
    let begun = Instant::now();
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&[
        "clippy",
        "--workspace",
        "--exclude",
        "placet-oracle",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ])?;
    cargo(&["test", "--workspace", "--exclude", "placet-oracle", "--lib", "--quiet"])?;
    cargo(&["test", "--package", "xtask", "--quiet"])?;
    fuzz_targets()?;
    println!("all of it holds, after {} s", begun.elapsed().as_secs());
    Ok(())
}

/// The fuzz targets compile. They are a workspace of their own, so that nothing above notices when they fall behind.
fn fuzz_targets() -> Result<(), String> {
    cargo(&[
        "check",
        "--quiet",
        "--locked",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--target-dir",
        "target/fuzz",
    ])
}

/// The script that the continuous integration runs.
pub(crate) fn full() -> Result<(), String> {
    run(
        Command::new(root().join(".ci/run")).env("PLACET_EFFECTS_ALL", "1"),
        ".ci/run",
    )
}

/// Runs harmless commands under strace and prints what was predicted in vain, by program.
pub(crate) fn oracle() -> Result<(), String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["test", "--quiet", "-p", "placet-oracle", "--test", "effects"])
        .env("PLACET_EFFECTS_ALL", "1");
    let done = run(&mut command, "the effect oracle");
    let report = root().join("target/oracle/effects.txt");
    let text = std::fs::read_to_string(&report).map_err(|error| format!("`{}`: {error}", report.display()))?;
    println!("{text}");
    done
}

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

fn cargo(words: &[&str]) -> Result<(), String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words);
    run(&mut command, &format!("cargo {}", words.join(" ")))
}

fn run(command: &mut Command, name: &str) -> Result<(), String> {
    println!("== {name}");
    let status = command
        .current_dir(root())
        .status()
        .map_err(|error| format!("`{name}` can't be run: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{name}` failed"))
    }
}
