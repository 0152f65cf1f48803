//! `xtask session-server`: whole sessions against a server that nobody here wrote, llama.cpp's, with a tiny random model. What
//! it says is nonsense, in words and, where the server makes calls of it, in calls. A session has to start, stream, survive
//! that, end with an exit code that says how, and go on when it is resumed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use serde_json::Value;

use crate::llama::{Llama, done};

const PROMPT: &str = "Read README.md and say what it is about. \u{4e16}\u{754c}";

/// Runs the command.
///
/// # Errors
/// A sentence for a person.
pub fn run(arguments: &[String]) -> Result<(), String> {
    done(Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "placet-app"]))?;
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/placet");
    let llama = Llama::of(arguments)?;
    // Words only; and calls, whose arguments are as random as the words.
    for format in ["chatml", "chatml-function-calling"] {
        let server = llama.start(format)?;
        println!("{format}");
        let desk = Desk::new(&program, &server.url())?;
        let first = desk.session(&[PROMPT])?;
        println!("  {}", first.line());
        first.check()?;
        let again = desk.session(&["--continue", "Go on."])?;
        println!("  {}, resumed", again.line());
        again.check()?;
    }
    Ok(())
}

/// A home and a project for one session.
struct Desk {
    root: PathBuf,
    program: PathBuf,
    url: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Desk {
    fn new(program: &Path, url: &str) -> Result<Self, String> {
        let root = std::env::temp_dir().join(format!("placet-session-server-{}", std::process::id()));
        let project = root.join("project");
        std::fs::create_dir_all(project.join(".git"))
            .and_then(|()| std::fs::write(project.join("README.md"), "# Nothing\n"))
            .map_err(|error| format!("{}: {error}", root.display()))?;
        Ok(Self {
            root,
            program: program.to_owned(),
            url: url.to_owned(),
        })
    }

    fn session(&self, words: &[&str]) -> Result<Ran, String> {
        let begun = Instant::now();
        let output = Command::new(&self.program)
            .args(["session", "-p", "--auto-mode", "--output-format", "stream-json"])
            .args(["--model", "openai:tiny", "--model-url", &self.url, "--max-turns", "2"])
            .args(words)
            .current_dir(self.root.join("project"))
            .env("HOME", &self.root)
            .env("TMPDIR", &self.root)
            .output()
            .map_err(|error| format!("placet: {error}"))?;
        Ok(Ran {
            output,
            millis: begun.elapsed().as_millis(),
        })
    }
}

/// A session that has ended.
struct Ran {
    output: Output,
    millis: u128,
}

impl Ran {
    fn events(&self) -> Vec<Value> {
        let text = String::from_utf8_lossy(&self.output.stdout);
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_default())
            .collect()
    }

    fn count(&self, kind: &str) -> usize {
        self.events().iter().filter(|event| event["type"] == kind).count()
    }

    fn line(&self) -> String {
        let events = self.events();
        let last = events.last();
        let ending = last.and_then(|last| last["ending"].as_str()).unwrap_or("no ending");
        let denied = events.iter().filter(|event| event["decision"] == "deny").count();
        format!(
            "{ending}, exit code {:?}, {} ms: {} pieces of text, {} calls, {denied} of them denied, {} results",
            self.output.status.code(),
            self.millis,
            self.count("text"),
            self.count("call"),
            self.count("result-of-call"),
        )
    }

    /// What has to hold, whatever the model says.
    fn check(&self) -> Result<(), String> {
        let events = self.events();
        let said = String::from_utf8_lossy(&self.output.stderr).into_owned();
        if events.iter().any(Value::is_null) {
            return Err("a line of its output is no JSON".to_owned());
        }
        let kinds = [events.first(), events.last()].map(|event| event.map(|event| event["type"].clone()));
        if kinds != [Some("session".into()), Some("result".into())] {
            return Err(format!(
                "it does not begin with `session` and end with `result`: {said}"
            ));
        }
        // Done, too much denied, no reply, a limit.
        if !matches!(self.output.status.code(), Some(0 | 3 | 4 | 5)) || !said.is_empty() {
            return Err(format!("it did not end as a session does: {said}"));
        }
        if self.count("text") + self.count("call") + self.count("result-of-call") == 0 {
            let last = events.last().cloned().unwrap_or_default();
            return Err(format!("the model was not heard: {last}"));
        }
        Ok(())
    }
}
