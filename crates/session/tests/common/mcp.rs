//! The MCP server of the tests, and a model that keeps what it is told of tools.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use placet_session::{Model, ModelError, Reply, Request, Script, Tool};
use serde_json::{Value, json};

use super::Scratch;

/// The program. It stands beside the tests; where only these were built, it is built now.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(2).unwrap();
    let program = target.join("examples/mcp_server");
    if !program.exists() {
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--package",
                "placet-session",
                "--example",
                "mcp_server",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(built.success());
    }
    program
}

/// An entry that starts it over its pipes.
pub fn entry(scratch: &Scratch, variables: Value) -> Value {
    let mut entry = json!({"command": program(), "env": {"CALLS": calls_file(scratch)}});
    for (name, value) in variables.as_object().unwrap() {
        entry["env"][name] = value.clone();
    }
    entry
}

/// Writes the entry as the server `test` of a file, and returns its path.
pub fn file(path: &Path, entry: &Value) -> PathBuf {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, json!({"mcpServers": {"test": entry}}).to_string()).unwrap();
    path.to_path_buf()
}

/// A project with the server named on the command line.
pub fn with_server(variables: Value) -> Scratch {
    let mut scratch = Scratch::new();
    let entry = entry(&scratch, variables);
    scratch.options.mcp = vec![file(&scratch.root.path().join("servers.json"), &entry)];
    scratch
}

fn calls_file(scratch: &Scratch) -> PathBuf {
    scratch.root.path().join("calls")
}

/// What the server was asked to do, in order; `started` stands for itself.
pub fn calls(scratch: &Scratch) -> Vec<String> {
    let text = std::fs::read_to_string(calls_file(scratch)).unwrap_or_default();
    text.lines()
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect()
}

/// Ids of its processes, oldest first.
pub fn processes(scratch: &Scratch) -> Vec<String> {
    let text = std::fs::read_to_string(calls_file(scratch)).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.strip_prefix("started "))
        .map(str::to_owned)
        .collect()
}

/// The server over HTTP, ended with the test.
pub struct Served {
    process: Child,
    pub url: String,
}

impl Served {
    pub fn new(scratch: &Scratch) -> Self {
        let mut process = Command::new(program())
            .arg("http")
            .env("CALLS", calls_file(scratch))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        Self {
            process,
            url: url.trim().to_owned(),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A script that also keeps the tools and the system prompt of its last request.
#[derive(Clone)]
pub struct Keeps {
    script: Arc<Mutex<Script>>,
    pub tools: Arc<Mutex<Vec<Tool>>>,
    pub system: Arc<Mutex<String>>,
}

impl Keeps {
    pub fn new(turns: &[Value]) -> Self {
        Self {
            script: Arc::new(Mutex::new(super::script(turns))),
            tools: Arc::default(),
            system: Arc::default(),
        }
    }

    /// The tool as it was told last.
    pub fn tool(&self, name: &str) -> Option<Tool> {
        self.tools
            .lock()
            .unwrap()
            .iter()
            .find(|tool| tool.name == name)
            .cloned()
    }
}

impl Model for Keeps {
    fn name(&self) -> &str {
        "keeps"
    }

    fn reply(&mut self, request: &Request<'_>, said: &mut dyn FnMut(&str)) -> Result<Reply, ModelError> {
        *self.tools.lock().unwrap() = request.tools.to_vec();
        *self.system.lock().unwrap() = request.system.to_owned();
        self.script.lock().unwrap().reply(request, said)
    }

    fn another(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }
}
