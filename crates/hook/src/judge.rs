//! The judge's port: a process of its own, killed at its deadline. The hook itself knows no network and no model.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use placet_agents::Agent;
use placet_engine::policy::JudgeSettings;
use placet_facts::World;
use placet_model::{Action, Effects, Judge, Judged};

use crate::opinion::{read, silent};
use crate::{Aside, Call, Fingerprint, memory, places};

/// Set for a program that serves as judge: what it calls is not judged by itself.
const INSIDE: &str = "PLACET_INSIDE_JUDGE";
/// What the judge's process keeps of the deadline for itself: to say in time that it has run out.
const RESERVE: Duration = Duration::from_millis(200);
/// The longest answer that is read.
const LARGEST: u64 = 1 << 16;

/// `placet judge ask`.
pub(crate) struct Process<'a> {
    agent: &'static str,
    bytes: &'a [u8],
    facts: &'a World,
    call: &'a Call<'a>,
    deadline: Duration,
    /// Goes before the message.
    aside: Option<Vec<u8>>,
}

impl<'a> Process<'a> {
    /// The judge that the policy configures, if it does.
    pub(crate) fn of(
        settings: &JudgeSettings,
        agent: &Agent,
        bytes: &'a [u8],
        facts: &'a World,
        call: &'a Call<'a>,
    ) -> Option<Self> {
        settings.is_configured().then(|| Self {
            agent: agent.name,
            bytes,
            facts,
            call,
            deadline: Duration::from_secs(u64::from(settings.seconds())),
            aside: None,
        })
    }

    /// Its process is told what no file says.
    pub(crate) fn with_aside(self, aside: &Aside) -> Self {
        Self {
            aside: (!aside.is_empty()).then(|| aside.line()),
            ..self
        }
    }

    fn asked(&self) -> Result<String, String> {
        let project = placet_model::Facts::project(self.facts);
        let mut words = vec!["judge", "ask", self.agent];
        words.extend(self.aside.is_some().then_some("--aside"));
        let bytes = [self.aside.as_deref().unwrap_or_default(), self.bytes].concat();
        run(&words, &bytes, project, self.deadline, self.call)
    }
}

/// What `placet` with these words answers to the bytes, within the deadline.
pub(crate) fn run(
    words: &[&str],
    bytes: &[u8],
    project: &str,
    deadline: Duration,
    call: &Call<'_>,
) -> Result<String, String> {
    if (call.environment)(INSIDE).is_some() {
        return Err("this call comes from the judge itself".to_owned());
    }
    let program = program().ok_or("the program `placet` is not beside the hook")?;
    let asked = Instant::now();
    let mut command = Command::new(program);
    command.args(words);
    // Whatever told this process its places and its project, the other one has to see the same.
    for name in places::VARIABLES {
        if let Some(value) = (call.environment)(name) {
            command.env(name, value);
        }
    }
    let mut child = command
        .env(memory::PROJECT, project)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("its process can't be started: {error}"))?;
    (call.wait_longer)(deadline);
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let bytes = bytes.to_vec();
    thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(&bytes)));
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.map(|pipe| pipe.take(LARGEST).read_to_string(&mut text));
        let _ = sender.send(matches!(read, Some(Ok(_))).then_some(text));
    });
    let answer = receiver.recv_timeout(deadline.saturating_sub(asked.elapsed()));
    // Whatever it is doing by now, nobody waits for it any more.
    let _ = child.kill();
    let _ = child.wait();
    match answer {
        Ok(Some(text)) if !text.is_empty() => Ok(text),
        Ok(_) => Err("its process printed no answer".to_owned()),
        Err(_) => Err(format!("it did not answer within {} s", deadline.as_secs())),
    }
}

impl Judge for Process<'_> {
    fn opinion(&self, action: &Action, effects: &Effects) -> Judged {
        let question = Fingerprint::of(action, effects, self.facts).text();
        match self.asked() {
            Ok(line) => read(&question, &line),
            Err(why) => silent(&why),
        }
    }
}

/// What is left of the deadline for the service, once the judge's process has begun.
#[must_use]
pub fn for_the_service(deadline: Duration) -> Duration {
    deadline.saturating_sub(RESERVE)
}

/// `placet`, in the directory that this program is in; never one that the environment names.
fn program() -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let beside = here.with_file_name(format!("placet{}", std::env::consts::EXE_SUFFIX));
    beside.is_file().then_some(beside)
}
