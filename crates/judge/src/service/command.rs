//! Any program as judge: the request on its standard input, the answer on its standard output. Killed at the deadline.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::{Reply, Service};
use crate::{Deadline, Error, Prompt};

/// The most that is read.
const LARGEST: u64 = 1 << 20;

/// Set for the program, so that an agent that serves as judge is not judged by itself.
pub const INSIDE: &str = "PLACET_INSIDE_JUDGE";

/// A program and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    program: String,
    arguments: Vec<String>,
}

/// Ends the child and what it has started, whichever way the wait for it ends.
struct Killed {
    child: Child,
    /// It was waited for: its number may be somebody else's by now.
    ended: bool,
}

impl Drop for Killed {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // The child leads a process group of its own.
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// The words of a command.
    ///
    /// # Errors
    /// When there are none.
    pub fn new(words: &[String]) -> Result<Self, Error> {
        match words.split_first() {
            Some((program, arguments)) => Ok(Self {
                program: program.clone(),
                arguments: arguments.to_vec(),
            }),
            None => Err(Error::Settings("`command` is empty".to_owned())),
        }
    }

    /// What it prints.
    pub(crate) fn run(&self, input: &str, variables: &[(&str, &str)], deadline: &Deadline) -> Result<String, Error> {
        let failed = |what: &str| Error::Program(format!("`{}` {what}", self.program));
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .map_err(|error| failed(&format!("can't be started: {error}")))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let mut child = Killed { child, ended: false };
        // Neither thread is waited for: what a killed program has left running may hold the pipes for as long as it likes.
        let input = input.to_owned();
        thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(input.as_bytes())));
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut text = Vec::new();
            let read = stdout.map(|pipe| pipe.take(LARGEST).read_to_end(&mut text));
            let _ = sender.send(matches!(read, Some(Ok(_))).then_some(text));
        });
        let output = match receiver.recv_timeout(deadline.left()?) {
            Ok(Some(output)) => output,
            Ok(None) | Err(RecvTimeoutError::Disconnected) => return Err(failed("gave no output")),
            Err(RecvTimeoutError::Timeout) => return Err(deadline.over()),
        };
        let status = loop {
            match child.child.try_wait() {
                Ok(Some(status)) => {
                    child.ended = true;
                    break status;
                }
                Ok(None) => {
                    deadline.left()?;
                    thread::sleep(Duration::from_millis(2));
                }
                Err(error) => return Err(failed(&format!("can't be waited for: {error}"))),
            }
        };
        if !status.success() {
            return Err(failed(&format!("ended with {status}")));
        }
        String::from_utf8(output).map_err(|_| failed("printed no text"))
    }
}

impl Service for Program {
    fn model(&self) -> &str {
        self.program.rsplit('/').next().unwrap_or(&self.program)
    }

    fn identity(&self) -> String {
        format!("command {} {:?}", self.program, self.arguments)
    }

    fn answer(&self, prompt: &Prompt<'_>, deadline: &Deadline) -> Result<Reply, Error> {
        let input = format!(
            "{}\n# The action\n\n{}\n\n{}\n",
            prompt.system, prompt.question, prompt.instruction
        );
        let stage = prompt.stage.number().to_string();
        self.run(&input, &[("PLACET_JUDGE_STAGE", &stage), (INSIDE, "1")], deadline)
            .map(|text| Reply {
                text,
                ..Reply::default()
            })
    }
}
