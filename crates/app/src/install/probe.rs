//! Does the installed hook really fire? Runs the very command that stands in the settings, the way the agent runs it,
//! with a call that must be refused and one that must not be. Decides nothing by itself.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use placet_agents::Reply;

/// What running the installed command showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// It answered both calls as it must.
    Fires,
    /// It could not be run; the reason.
    NotRun(String),
    /// It ran, but the call that must be refused would have gone ahead.
    DoesNotBlock(Reply),
    /// It ran, but refuses everything; the answer to a call that nothing speaks against.
    BlocksEverything(Reply),
}

/// Runs the hook command of the settings with two calls of a session named `placet-doctor`.
#[must_use]
pub fn claude_code(command: &str, project: &Path) -> Probe {
    let refused = match run(command, &payload(project, "sudo true")) {
        Ok(reply) => reply,
        Err(error) => return Probe::NotRun(error.to_string()),
    };
    if refused.exit_code != 2 && decision(&refused) != Some("deny") {
        return Probe::DoesNotBlock(refused);
    }
    match run(command, &payload(project, "true")) {
        Ok(reply) if reply.exit_code == 0 && decision(&reply) == Some("allow") => Probe::Fires,
        Ok(reply) => Probe::BlocksEverything(reply),
        Err(error) => Probe::NotRun(error.to_string()),
    }
}

fn payload(project: &Path, command: &str) -> String {
    serde_json::json!({
        "session_id": "placet-doctor",
        "cwd": project.to_string_lossy(),
        "permission_mode": "auto",
        "hook_event_name": "PreToolUse",
        "tool_name": "Bash",
        "tool_input": { "command": command },
        "tool_use_id": "placet-doctor",
    })
    .to_string()
}

/// The decision in an answer of ours, whose bytes are exactly known.
fn decision(reply: &Reply) -> Option<&'static str> {
    let says = |word: &str| reply.stdout.contains(&format!("\"permissionDecision\":\"{word}\""));
    ["deny", "ask", "allow"].into_iter().find(|word| says(word))
}

fn run(command: &str, input: &str) -> std::io::Result<Reply> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    let input = input.to_owned();
    // A program that reads nothing ends the pipe; that shows in its answer.
    let writer = thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(input.as_bytes())));
    let mut reply = Reply::default();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_string(&mut reply.stdout)?;
    }
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_string(&mut reply.stderr)?;
    }
    let _ = writer.join();
    reply.exit_code = child
        .wait()?
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX);
    Ok(reply)
}
