//! `cargo xtask trace CMD`: runs a command in a scratch copy of this directory under strace, and prints the files that it changed
//! and the programs that it started beside the effects that were predicted. A command whose prediction goes beyond files of the
//! scratch copy is refused: nothing is run that would do more.

use std::path::Path;
use std::process::{Command, Stdio};

use placet_effects::{analyse, render};
use placet_facts::{SessionState, World};
use placet_model::{Action, Dialect, Effect, Facts, Mode, Paths, Principal, Resource, Tier, ToolInput, Verb};

/// Copies larger than this many files are not made.
const MOST_FILES: usize = 5000;

/// Runs it.
pub(crate) fn run(command: &str) -> Result<(), String> {
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    let scratch = std::env::temp_dir().join(format!("placet-trace-{}", std::process::id()));
    let work = scratch.join("work");
    let done = traced(command, &here, &work);
    std::fs::remove_dir_all(&scratch).map_err(|error| format!("`{}`: {error}", scratch.display()))?;
    done
}

fn traced(command: &str, here: &Path, work: &Path) -> Result<(), String> {
    let mut left = MOST_FILES;
    copy(here, work, &mut left)?;
    let root = work.to_string_lossy().into_owned();
    let facts = World::new(&root, Some(&root), &root, SessionState::default());
    let effects = predicted(command, &facts);
    println!("predicted");
    for effect in &effects {
        println!("  {}", render::effect(effect, &facts));
    }
    if let Some(beyond) = effects.iter().find(|effect| !stays_inside(effect, facts.project())) {
        return Err(format!(
            "not run: `{}` goes beyond the scratch copy",
            render::effect(beyond, &facts)
        ));
    }
    println!("seen");
    for line in seen(command, work)? {
        println!("  {line}");
    }
    Ok(())
}

fn predicted(command: &str, facts: &World) -> Vec<Effect> {
    let action = Action {
        principal: Principal::default(),
        id: String::new(),
        tool: "Bash".to_owned(),
        input: ToolInput::Shell {
            command: command.to_owned(),
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        },
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: false,
    };
    analyse(&action, facts).effects.list
}

/// Reads anywhere, and changes of known paths inside. Everything else is refused.
fn stays_inside(effect: &Effect, project: &str) -> bool {
    match effect.verb {
        Verb::Read | Verb::List => true,
        Verb::Create
        | Verb::Modify
        | Verb::Truncate
        | Verb::Delete
        | Verb::DeleteTree
        | Verb::Move
        | Verb::ChangeMode
        | Verb::Link => match &effect.resource {
            Resource::Path(target) => match &target.paths {
                Paths::One(path) | Paths::Below(path) => {
                    placet_facts::paths::within(path, project) || path == "/dev/null"
                }
                Paths::Unknown => false,
            },
            _ => false,
        },
        _ => false,
    }
}

/// Changes and starts as strace tells them, sorted, each once.
fn seen(command: &str, work: &Path) -> Result<Vec<String>, String> {
    let log = work.with_extension("strace");
    let status = Command::new("strace")
        .args(["-f", "-qq", "-s", "4096", "-e", "trace=execve,open,openat,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,truncate,chmod,fchmodat,link,linkat,symlink,symlinkat,connect", "-o"])
        .arg(&log)
        .args(["bash", "-c", command])
        .current_dir(work)
        .env("HOME", work)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "strace is not installed: it is needed to see what a command does".to_owned(),
            _ => error.to_string(),
        })?;
    let text = std::fs::read(&log).map_err(|error| format!("`{}`: {error}", log.display()))?;
    let text = String::from_utf8_lossy(&text);
    let root = format!("{}/", work.display());
    let mut lines: Vec<String> = text
        .lines()
        .filter_map(change)
        .map(|line| line.replace(&root, "./"))
        .collect();
    lines.sort();
    lines.dedup();
    lines.push(format!(
        "exit {}",
        status.code().map_or("by a signal".to_owned(), |code| code.to_string())
    ));
    Ok(lines)
}

/// A line of strace, if it is a change that succeeded, without the process and the result.
fn change(line: &str) -> Option<String> {
    let call = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let (call, result) = call.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let opens = call.starts_with("open");
    let changes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"]
        .iter()
        .any(|flag| call.contains(flag));
    let harmless = call.contains("\"/dev/null\"") || call.contains("\"/dev/tty\"");
    if (opens && !changes) || harmless {
        return None;
    }
    let shown = if call.starts_with("execve") {
        call.split(" 0x").next().unwrap_or(call)
    } else {
        call
    };
    Some(shown.trim_end_matches([',', ' ']).to_owned())
}

/// A plain copy: links are left out, since they could lead away; `target` and `.git` are too large to be of use.
fn copy(from: &Path, to: &Path, left: &mut usize) -> Result<(), String> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("`{path}`: {error}")
    };
    std::fs::create_dir_all(to).map_err(failed(to))?;
    for entry in std::fs::read_dir(from).map_err(failed(from))? {
        let entry = entry.map_err(failed(from))?;
        let kind = entry.file_type().map_err(failed(from))?;
        let target = to.join(entry.file_name());
        if kind.is_dir() && entry.file_name() != "target" && entry.file_name() != ".git" {
            copy(&entry.path(), &target, left)?;
        } else if kind.is_file() {
            *left = left
                .checked_sub(1)
                .ok_or_else(|| format!("more than {MOST_FILES} files here: go to a smaller directory"))?;
            std::fs::copy(entry.path(), &target).map_err(failed(&target))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn changes_that_succeeded_are_seen_and_reads_and_failures_are_not() {
        assert_eq!(change(r#"12 unlink("a") = 0"#).as_deref(), Some(r#"unlink("a")"#));
        assert_eq!(
            change(r#"12 unlink("a") = -1 ENOENT (No such file or directory)"#),
            None
        );
        assert_eq!(change(r#"openat(AT_FDCWD, "x", O_RDONLY) = 3"#), None);
        let write = r#"openat(AT_FDCWD, "x", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3"#;
        assert!(change(write).is_some_and(|line| line.starts_with("openat(") && line.ends_with("0666)")));
    }
}
