//! The tools that the model may call: names, arguments, and who does them. What they may do is not decided here; a tool runs
//! only after the gate has allowed exactly this call.

mod counted;
mod edit;
mod fetch;
mod jobs;
mod list;
mod read;
mod search;
mod shell;
pub(crate) mod table;
mod text;
pub mod todo;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use placet_engine::Policy;
use placet_facts::paths;
use placet_model::FileChange;

use crate::conversation::ToolCall;
use crate::mcp::Servers;
use crate::model::Stop;
pub use counted::Tests;
pub(crate) use fetch::{Hops, Known, addresses};
pub(crate) use shell::output_file;
pub use table::Tool;
pub(crate) use text::cut;

/// Where the tools work, and what they remember of each other.
#[derive(Debug)]
pub(crate) struct Bench {
    /// The project's root.
    pub(crate) project: String,
    /// Directories beside it that count as the project.
    pub(crate) directories: Vec<String>,
    pub(crate) home: String,
    /// For output that is too long for the context.
    pub(crate) scratch: PathBuf,
    /// Set over the variables of this process, for commands.
    pub(crate) variables: BTreeMap<String, String>,
    /// Variables that commands don't get: keys of the model.
    pub(crate) withheld: Vec<String>,
    /// MCP servers, whose tools it has as well.
    pub(crate) servers: Arc<Servers>,
    cwd: Mutex<String>,
    jobs: Mutex<jobs::Jobs>,
    todo: Mutex<Vec<todo::Item>>,
    /// Files as they were when the model last saw them.
    seen: Mutex<HashMap<PathBuf, Stamp>>,
}

/// What a file looked like.
type Stamp = (u64, Option<SystemTime>);

/// What came of a call.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What the model is told.
    pub(crate) text: String,
    pub(crate) failed: bool,
    pub(crate) changed: Vec<FileChange>,
}

/// What a running call is given.
pub(crate) struct Running<'a> {
    pub(crate) stop: &'a Stop,
    /// Told how much a command has written, the end of it, and how many tests it has run.
    pub(crate) progress: &'a dyn Fn(u64, &str, Option<Tests>),
    /// The policy in force: searches leave out what its ignore files cover.
    pub(crate) policy: &'a dyn Fn() -> Result<Policy, String>,
    pub(crate) hops: &'a dyn Hops,
}

impl Outcome {
    pub(crate) fn done(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            failed: true,
            changed: Vec::new(),
        }
    }
}

impl Bench {
    pub(crate) fn new(project: &str, cwd: &str, home: &str, scratch: PathBuf) -> Self {
        Self {
            project: project.to_owned(),
            directories: Vec::new(),
            home: home.to_owned(),
            jobs: Mutex::new(jobs::Jobs::new(scratch.clone())),
            scratch,
            variables: BTreeMap::new(),
            withheld: Vec::new(),
            servers: Arc::default(),
            cwd: Mutex::new(cwd.to_owned()),
            todo: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// Where commands run and relative paths begin.
    pub(crate) fn cwd(&self) -> String {
        locked(&self.cwd).clone()
    }

    /// Does what the call asks for. It has been allowed.
    pub(crate) fn run(&self, call: &ToolCall, running: &Running<'_>) -> Outcome {
        let done = match call.tool.as_str() {
            "Read" => read::run(self, call),
            "Write" => write::run(self, call),
            "Edit" | "MultiEdit" => edit::run(self, call),
            "LS" => list::directory(self, call),
            "Glob" => list::glob(self, call, running),
            "Grep" => search::run(self, call, running),
            "Bash" => shell::run(self, call, running),
            "JobOutput" => locked(&self.jobs).output(call),
            "JobStop" => locked(&self.jobs).stop(call),
            "WebFetch" => fetch::run(self, call, running),
            "Todo" => todo::run(self, call),
            other => self
                .servers
                .call(call, running.stop, &self.scratch)
                .ok_or_else(|| format!("there is no tool `{other}`")),
        };
        done.unwrap_or_else(Outcome::failed)
    }

    /// Ends every job that still runs.
    pub(crate) fn close(&self) {
        locked(&self.jobs).close();
        self.servers.close();
        let _ = std::fs::remove_dir(&self.scratch);
    }

    pub(crate) fn todo(&self) -> Vec<todo::Item> {
        locked(&self.todo).clone()
    }

    /// The path that the call names, read as the engine reads it.
    fn path(&self, call: &ToolCall, name: &str) -> Result<PathBuf, String> {
        let given = call.text(name).ok_or_else(|| format!("`{name}` is missing"))?;
        Ok(self.absolute(given))
    }

    fn absolute(&self, given: &str) -> PathBuf {
        PathBuf::from(paths::absolute(given, &self.cwd(), &self.home))
    }

    fn has_seen(&self, path: &Path) {
        if let Some(stamp) = stamp(path) {
            locked(&self.seen).insert(path.to_path_buf(), stamp);
        }
    }

    /// Whether the model knows the file as it is now.
    fn knows(&self, path: &Path) -> bool {
        let known = locked(&self.seen).get(path).copied();
        known.is_some() && known == stamp(path)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let data = std::fs::metadata(path).ok()?;
    Some((data.len(), data.modified().ok()))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An optional whole number.
fn number(call: &ToolCall, name: &str) -> Result<Option<u64>, String> {
    match call.input.get(name) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(value) => value
            .as_u64()
            .map(Some)
            .ok_or_else(|| format!("`{name}` is not a whole number")),
    }
}

fn flag(call: &ToolCall, name: &str) -> bool {
    call.input
        .get(name)
        .and_then(serde_json::Value::as_bool)
        .unwrap_or_default()
}
