//! The process of a server that speaks over its pipes: started in a group of its own, watched so that it does not outlive the
//! session, and ended with all that it started.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// As much of what a server says on standard error is kept.
pub(super) const LOGGED: u64 = 4 << 20;
/// How long a server gets to end by itself once its input is closed, and how long once it is asked to.
const PATIENCE: Duration = Duration::from_millis(300);
const GRACE: Duration = Duration::from_millis(800);
/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(10);

/// What is started.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) command: String,
    pub(super) arguments: Vec<String>,
    /// Set over the variables of this process.
    pub(super) variables: BTreeMap<String, String>,
    /// Variables that it does not get, whoever set them.
    pub(super) withheld: Vec<String>,
    pub(super) directory: String,
    /// Where its standard error goes.
    pub(super) log: PathBuf,
}

/// A server's process.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    /// The first of its group, there before the server is: it ends the group when this process is gone, however it went, for it
    /// waits for the end of a pipe that only we hold open.
    watch: Child,
}

/// The ends of its pipes.
#[derive(Debug)]
pub(super) struct Pipes {
    pub(super) input: OwnedFd,
    pub(super) output: OwnedFd,
    pub(super) errors: OwnedFd,
    pub(super) log: File,
}

/// What the watching process runs; `0` is its group.
const WATCH: &str = "read -r _; trap '' TERM; kill -TERM 0; sleep 1; kill -KILL 0";

impl Start {
    pub(super) fn run(&self) -> io::Result<(Running, Pipes)> {
        let log = opened(&self.log)?;
        let mut watch = watch()?;
        let mut command = Command::new(&self.command);
        command
            .args(&self.arguments)
            .envs(&self.variables)
            .current_dir(&self.directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(watch.id().cast_signed());
        for name in &self.withheld {
            command.env_remove(name);
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                let _ = watch.kill();
                let _ = watch.wait();
                return Err(error);
            }
        };
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let mut running = Running { child, watch };
        let (Some(input), Some(output), Some(errors)) = pipes else {
            running.end();
            return Err(io::Error::other("it has no pipes"));
        };
        let pipes = Pipes {
            input: input.into(),
            output: output.into(),
            errors: errors.into(),
            log,
        };
        Ok((running, pipes))
    }
}

impl Running {
    /// How it ended, if it has.
    pub(super) fn ending(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok()??;
        Some(status.to_string())
    }

    /// Ends it and all that it started. Its input is closed by now.
    pub(super) fn end(&mut self) {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(LOOK);
        }
        let group = Pid::from_child(&self.watch);
        let _ = kill_process_group(group, Signal::TERM);
        let begun = Instant::now();
        while begun.elapsed() < GRACE {
            let _ = (self.child.try_wait(), self.watch.try_wait());
            if test_kill_process_group(group).is_err() {
                return;
            }
            thread::sleep(LOOK);
        }
        let _ = kill_process_group(group, Signal::KILL);
        let _ = (self.child.wait(), self.watch.wait());
    }
}

fn watch() -> io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", WATCH])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

/// The log, for this user only; what is old is let go before it grows without end.
fn opened(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let full = fs::metadata(path).is_ok_and(|data| data.len() > LOGGED);
    OpenOptions::new()
        .create(true)
        .append(!full)
        .write(true)
        .truncate(full)
        .mode(0o600)
        .open(path)
}
