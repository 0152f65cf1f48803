//! A scratch home with a project in it, and the real program run there.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

/// A tool that is always denied and one that is always asked about, so that a drill need not depend on any command.
const POLICY: &str = "[tools]\nWebFetch = \"deny\"\nWebSearch = \"ask\"\n";

pub struct Scratch {
    root: tempfile::TempDir,
}

/// What the program said.
#[derive(Debug)]
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

impl Said {
    /// The decision for a call that is about to run: `block` for exit code 2, `none` for silence.
    pub fn decision(&self) -> String {
        match self.code {
            Some(2) => "block".to_owned(),
            Some(0) if self.stdout.is_empty() => "none".to_owned(),
            Some(0) => {
                let json: Value = serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{self:?}"));
                let output = &json["hookSpecificOutput"];
                let word = output["permissionDecision"]
                    .as_str()
                    .or(output["decision"]["behavior"].as_str());
                word.unwrap_or_else(|| panic!("{self:?}")).to_owned()
            }
            _ => panic!("neither an answer nor a block: {self:?}"),
        }
    }

    /// Whether the client would go ahead without asking anybody.
    pub fn goes_ahead(&self) -> bool {
        !matches!(self.decision().as_str(), "block" | "deny" | "ask")
    }
}

impl Scratch {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let root_path = fs::canonicalize(root.path()).unwrap();
        fs::create_dir_all(root_path.join("home")).unwrap();
        fs::create_dir_all(root_path.join("project/.git")).unwrap();
        fs::write(root_path.join("project/.git/HEAD"), "ref: refs/heads/feature/work\n").unwrap();
        fs::write(root_path.join("project/a.txt"), "alpha\n").unwrap();
        fs::create_dir_all(root_path.join("home/.config/placet")).unwrap();
        fs::write(root_path.join("home/.config/placet/policy.toml"), POLICY).unwrap();
        Self { root }
    }

    pub fn root(&self) -> PathBuf {
        fs::canonicalize(self.root.path()).unwrap()
    }

    pub fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    pub fn project(&self) -> PathBuf {
        self.root().join("project")
    }

    pub fn state(&self) -> PathBuf {
        self.home().join(".local/state/placet")
    }

    pub fn write(&self, path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// An event of session `s` in the mode `auto`.
    pub fn event(&self, name: &str, fields: Value) -> String {
        let mut event = json!({
            "session_id": "s",
            "cwd": self.project(),
            "permission_mode": "auto",
            "hook_event_name": name,
        });
        for (key, value) in fields.as_object().unwrap() {
            event[key] = value.clone();
        }
        event.to_string()
    }

    pub fn before(&self, tool: &str, input: Value) -> String {
        self.event(
            "PreToolUse",
            json!({ "tool_name": tool, "tool_input": input, "tool_use_id": "call" }),
        )
    }

    pub fn shell(&self, command: &str) -> String {
        self.before("Bash", json!({ "command": command }))
    }

    /// A call that the policy denies.
    pub fn denied(&self, name: &str) -> String {
        self.before(
            "WebFetch",
            json!({ "url": format!("https://example.com/{name}"), "prompt": "x" }),
        )
    }

    /// A call that the policy asks about.
    pub fn asked(&self) -> String {
        self.before("WebSearch", json!({ "query": "x" }))
    }

    pub fn command(&self) -> Command {
        self.command_with(&["claude-code"])
    }

    fn command_with(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_placet-hook"));
        command
            .args(words)
            .env_clear()
            .env("HOME", self.home())
            .env("CLAUDE_PROJECT_DIR", self.project());
        command.current_dir(self.project());
        command
    }

    pub fn run(&self, input: impl AsRef<[u8]>) -> Said {
        say(&mut self.command(), input.as_ref())
    }

    /// With these words behind the program's name.
    pub fn run_with(&self, words: &[&str], input: impl AsRef<[u8]>) -> Said {
        say(&mut self.command_with(words), input.as_ref())
    }

    /// Every line of the audit log, in order.
    pub fn records(&self) -> Vec<Value> {
        let mut lines = Vec::new();
        let mut files: Vec<PathBuf> = walk(&self.state()).into_iter().filter(|path| is_log(path)).collect();
        files.sort();
        for file in files {
            for line in fs::read_to_string(file).unwrap().lines() {
                lines.push(serde_json::from_str(line).unwrap());
            }
        }
        lines
    }
}

fn is_log(path: &Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().starts_with("audit") && path.extension().is_some_and(|e| e == "jsonl")
}

pub fn walk(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files
}

pub fn start(command: &mut Command, input: &[u8]) -> Child {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may answer before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    child
}

pub fn say(command: &mut Command, input: &[u8]) -> Said {
    said(start(command, input).wait_with_output().unwrap())
}

pub fn said(output: Output) -> Said {
    Said {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}
