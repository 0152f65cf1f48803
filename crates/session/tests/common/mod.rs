//! A project, a state and a scripted model for one test.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

pub mod mcp;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use placet_model::{Mode, Tier};
use placet_session::{
    Company, Ending, Limits, Message, Notice, Options, Person, Resume, Script, Session, Stop, ToolResult,
};
use serde_json::{Value, json};

pub struct Scratch {
    pub root: tempfile::TempDir,
    pub options: Options,
}

impl Scratch {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().canonicalize().unwrap().join("project");
        std::fs::create_dir_all(project.join(".git")).unwrap();
        let place = |name: &str| root.path().join(name).to_string_lossy().into_owned();
        let variables = BTreeMap::from([
            ("XDG_STATE_HOME".to_owned(), place("state")),
            ("XDG_CONFIG_HOME".to_owned(), place("config")),
            ("CLAUDE_CONFIG_DIR".to_owned(), place("claude")),
        ]);
        let options = Options {
            cwd: project,
            variables,
            mode: Some(Mode::Auto),
            tier: Some(Tier::Balanced),
            allowed: Vec::new(),
            disallowed: Vec::new(),
            settings: None,
            directories: Vec::new(),
            mcp: Vec::new(),
            log: None,
            limits: Limits::default(),
            resume: Resume::New,
            attended: false,
            withheld: Vec::new(),
            write_rule: |_, _| Err("no rule is written in tests".to_owned()),
            explain: |_| Vec::new(),
        };
        Self { root, options }
    }

    pub fn project(&self) -> &Path {
        &self.options.cwd
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.project().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.project().join(name)).unwrap()
    }

    pub fn log(&self) -> PathBuf {
        self.root.path().join("state/placet/audit.jsonl")
    }

    pub fn open(&self, turns: &[Value]) -> Session {
        Session::open(&self.options, Box::new(script(turns))).unwrap()
    }

    /// Runs the turns and a last one that only says something.
    pub fn run(&self, turns: &[Value]) -> Ran {
        let mut turns = turns.to_vec();
        turns.push(json!({"say": "done"}));
        let mut session = self.open(&turns);
        let ending = go(&mut session, Some("do it"), None);
        let ran = Ran::of(&session, ending);
        session.close().unwrap();
        ran
    }
}

/// Whether the process has ended; one that nobody has asked after yet has ended too.
pub fn is_gone(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    let state = stat.rsplit(')').next().unwrap_or_default().trim();
    state.is_empty() || state.starts_with('Z')
}

pub struct Ran {
    pub ending: Ending,
    pub results: Vec<ToolResult>,
    pub denied: Vec<String>,
}

impl Ran {
    pub fn of(session: &Session, ending: Ending) -> Self {
        Self {
            ending,
            results: results(session.messages()),
            denied: session.denials().iter().map(|denial| denial.rule.clone()).collect(),
        }
    }

    pub fn text(&self, at: usize) -> &str {
        &self.results[at].text
    }
}

pub fn results(messages: &[Message]) -> Vec<ToolResult> {
    let all = messages.iter().filter_map(|message| match message {
        Message::Results(results) => Some(results.clone()),
        Message::User(_) | Message::Summary(_) | Message::Reply(_) => None,
    });
    all.flatten().collect()
}

pub fn script(turns: &[Value]) -> Script {
    let lines: Vec<String> = turns.iter().map(Value::to_string).collect();
    Script::read("test", &lines.join("\n"), false).unwrap()
}

pub fn call(tool: &str, input: Value) -> Value {
    json!({"calls": [{"tool": tool, "input": input}]})
}

pub fn bash(command: &str) -> Value {
    call("Bash", json!({"command": command}))
}

pub fn go(session: &mut Session, prompt: Option<&str>, person: Option<&dyn Person>) -> Ending {
    go_with(session, prompt, person, &Stop::default())
}

pub fn go_with(session: &mut Session, prompt: Option<&str>, person: Option<&dyn Person>, stop: &Stop) -> Ending {
    let told: Mutex<Vec<String>> = Mutex::default();
    let tell = |notice: &Notice<'_>| told.lock().unwrap().push(format!("{notice:?}"));
    let company = Company {
        person,
        tell: &tell,
        stop,
    };
    session.go(prompt, company).unwrap()
}
