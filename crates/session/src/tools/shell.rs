//! Bash: one command in a process group of its own. Its output goes to a file, so that memory stays bounded whatever it writes.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use placet_facts::paths;
use rustix::process::{Pid, Signal, kill_process_group};

use super::counted::Counter;
use super::{Bench, Outcome, Running, flag, locked, number, text};
use crate::conversation::ToolCall;

/// Seconds where nothing is said, and at most.
const SECONDS: u64 = 120;
const MOST_SECONDS: u64 = 600;
/// A command that writes more is ended: it would fill the disk.
const LARGEST: u64 = 1 << 30;
/// As much of the beginning and of the end is shown.
const HEAD: u64 = 16 << 10;
const TAIL: u64 = 8 << 10;
/// How long a process gets to end by itself.
const GRACE: Duration = Duration::from_millis(800);
/// How often a running command is looked at.
const LOOK: Duration = Duration::from_millis(15);

/// Stands for `/` in a file's name.
const SLASH: char = '\u{2}';

/// How a command came to its end.
enum End {
    Exit(ExitStatus),
    Stopped,
    TimedOut,
    TooMuch,
}

pub(super) fn run(bench: &Bench, call: &ToolCall, running: &Running<'_>) -> Result<Outcome, String> {
    let command = call.text("command").ok_or("`command` is missing")?;
    let seconds = number(call, "timeout")?.unwrap_or(SECONDS).clamp(1, MOST_SECONDS);
    let output = output_file(&bench.scratch)?;
    let directory = output.with_extension("cwd");
    fs::create_dir(&directory).map_err(|error| text::said(&directory, &error))?;
    let mut child = start(bench, command, &output, &directory)?;
    if flag(call, "background") {
        let _ = fs::remove_dir(&directory);
        let name = locked(&bench.jobs).add(child, output);
        return Ok(Outcome::done(format!(
            "`{name}` runs; JobOutput shows what it writes, JobStop ends it"
        )));
    }
    let end = wait(&mut child, &output, Duration::from_secs(seconds), running)?;
    // What it left in the background is not waited for and not left behind.
    end_group(&mut child);
    let note = moved(bench, &directory);
    let _ = fs::remove_dir_all(&directory);
    let mut told = shown(&output)?;
    let failed = match end {
        End::Exit(status) if status.success() => false,
        End::Exit(status) => {
            told.push_str(&match (status.code(), status.signal()) {
                (Some(code), _) => format!("[exit code {code}]\n"),
                (None, signal) => format!("[ended by signal {}]\n", signal.unwrap_or_default()),
            });
            true
        }
        End::Stopped => {
            told.push_str("[a person stopped it]\n");
            true
        }
        End::TimedOut => {
            told.push_str(&format!(
                "[stopped after {seconds} s; `background` has no such limit]\n"
            ));
            true
        }
        End::TooMuch => {
            told.push_str("[stopped: it wrote more than 1 GiB]\n");
            true
        }
    };
    told.push_str(&note);
    if told.is_empty() {
        told.push_str("[no output]\n");
    }
    Ok(Outcome {
        text: told,
        failed,
        changed: Vec::new(),
    })
}

fn start(bench: &Bench, command: &str, output: &Path, directory: &Path) -> Result<Child, String> {
    let file = OpenOptions::new()
        .append(true)
        .create_new(true)
        .mode(0o600)
        .open(output)
        .map_err(|error| format!("its output can't be kept: {error}"))?;
    let both = file.try_clone().map_err(|error| error.to_string())?;
    let mut process = Command::new("bash");
    process
        .arg("-c")
        .arg(format!("{}{command}", prologue(directory)))
        .current_dir(bench.cwd())
        .envs(&bench.variables)
        // Files that a shell would read first are no part of the command that was judged.
        .env_remove("BASH_ENV")
        .env_remove("ENV")
        .stdin(Stdio::null())
        .stdout(both)
        .stderr(file)
        .process_group(0);
    for name in &bench.withheld {
        process.env_remove(name);
    }
    process
        .spawn()
        .map_err(|error| format!("bash can't be started: {error}"))
}

/// Has the shell say where it was when it ends, as the name of a file. The command follows on lines of its own, to the letter.
///
/// The command runs in the same shell and was judged without this, so nothing here may mean something else after it: no
/// variable but `PWD` is read, and no command is named. A function can take the place of any command, even of `builtin` and
/// of names with a slash; it can't of `[[` and of a redirection.
fn prologue(directory: &Path) -> String {
    let place = directory.to_string_lossy().replace(['\\', '"', '$', '`'], "?");
    let ending = format!("{{ [[ 1 ]]; }} 2>/dev/null >|\"{place}/${{PWD//\\//{SLASH}}}\"");
    format!("trap '{}' EXIT\n", ending.replace('\'', "'\\''"))
}

fn wait(child: &mut Child, output: &Path, limit: Duration, running: &Running<'_>) -> Result<End, String> {
    let begun = Instant::now();
    let mut told = begun;
    let mut counter = Counter::default();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(End::Exit(status));
        }
        let size = fs::metadata(output).map(|data| data.len()).unwrap_or_default();
        if running.stop.is_wanted() {
            return Ok(End::Stopped);
        }
        if begun.elapsed() > limit {
            return Ok(End::TimedOut);
        }
        if size > LARGEST {
            return Ok(End::TooMuch);
        }
        if told.elapsed() > Duration::from_millis(200) {
            told = Instant::now();
            (running.progress)(size, &tail(output, 400), counter.look(output));
        }
        thread::sleep(LOOK);
    }
}

/// Ends whatever of the group still runs: asked first, killed then.
pub(super) fn end_group(child: &mut Child) {
    let group = Pid::from_child(child);
    if kill_process_group(group, Signal::TERM).is_err() {
        let _ = child.try_wait();
        return;
    }
    let begun = Instant::now();
    while begun.elapsed() < GRACE {
        let _ = child.try_wait();
        if rustix::process::test_kill_process_group(group).is_err() {
            return;
        }
        thread::sleep(LOOK);
    }
    let _ = kill_process_group(group, Signal::KILL);
    let _ = child.wait();
}

/// Where the next command runs. Outside the project it does not stay.
fn moved(bench: &Bench, directory: &Path) -> String {
    let named = fs::read_dir(directory).into_iter().flatten().flatten().next();
    let said = named.map(|entry| entry.file_name().to_string_lossy().replace(SLASH, "/"));
    let Some(to) = said.and_then(|path| fs::canonicalize(path).ok()) else {
        return String::new();
    };
    let to: &str = &to.to_string_lossy();
    let mut cwd = locked(&bench.cwd);
    if to == *cwd || !to.starts_with('/') {
        return String::new();
    }
    let inside = paths::within(to, &bench.project) || bench.directories.iter().any(|extra| paths::within(to, extra));
    if inside && Path::new(to).is_dir() {
        to.clone_into(&mut cwd);
        format!("[the working directory is now {to}]\n")
    } else {
        bench.project.clone_into(&mut cwd);
        format!(
            "[{to} is outside the project; the working directory is {} again]\n",
            bench.project
        )
    }
}

/// A new file for output, in a directory that only this user can look into.
pub(crate) fn output_file(scratch: &Path) -> Result<PathBuf, String> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    if !scratch.is_dir() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(scratch)
            .map_err(|error| format!("`{}`: {error}", scratch.display()))?;
    }
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Ok(scratch.join(format!("output-{}-{number}.txt", std::process::id())))
}

/// What of the output is shown. If that is all of it, the file goes; else it is named.
fn shown(output: &Path) -> Result<String, String> {
    let size = fs::metadata(output).map_err(|error| error.to_string())?.len();
    let part = |from: u64, most: u64| part(output, from, most).map_err(|error| error.to_string());
    if size <= HEAD + TAIL {
        let mut text = part(0, size)?;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let _ = fs::remove_file(output);
        return Ok(text);
    }
    let left_out = size.saturating_sub(HEAD + TAIL);
    Ok(format!(
        "{}\n[… {left_out} bytes left out; all {size} are in {}]\n{}\n",
        part(0, HEAD)?,
        output.display(),
        part(size.saturating_sub(TAIL), TAIL)?
    ))
}

/// The last lines of a file.
pub(super) fn tail(output: &Path, most: u64) -> String {
    let size = fs::metadata(output).map(|data| data.len()).unwrap_or_default();
    part(output, size.saturating_sub(most), most).unwrap_or_default()
}

pub(super) fn part(output: &Path, from: u64, most: u64) -> std::io::Result<String> {
    let mut file = File::open(output)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
