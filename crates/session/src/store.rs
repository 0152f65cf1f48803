//! A session on disk: one JSON Lines file below the state directory's `transcripts`, only ever appended to. A process may be
//! killed between any two bytes: what is there is read back, a torn last line is passed over, and a call that had begun is
//! never begun again.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::conversation::{Message, Reply, ToolCall, ToolResult, Usage};

/// An open session file.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    file: File,
}

/// What a file says of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) cwd: Option<String>,
    pub(crate) messages: Vec<Message>,
    /// Calls of the last reply that have no result yet, and whether they had begun.
    pub(crate) open: Vec<(ToolCall, bool)>,
    /// Results of that reply's other calls.
    pub(crate) results: Vec<ToolResult>,
    pub(crate) usage: Usage,
    pub(crate) model: Option<Named>,
}

/// A model as it was named, so that it can be found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// `anthropic:NAME`, `openai:NAME` or `script:FILE`.
    pub name: String,
    /// Where it is, if not where its vendor's models are.
    #[serde(default)]
    pub url: Option<String>,
    /// The variable that holds its key, if not the usual one. Never the key.
    #[serde(default)]
    pub key_env: Option<String>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub(crate) enum Line {
    Session {
        id: String,
        project: String,
        time: u64,
    },
    User {
        text: String,
    },
    Reply(Reply),
    Begun {
        call: String,
    },
    Done(ToolResult),
    Directory {
        path: String,
    },
    /// The model from here on.
    Model(Named),
    /// Everything before is now this text, and these messages of people.
    Compacted {
        summary: String,
        kept: usize,
    },
}

impl Store {
    /// A new session's file.
    pub(crate) fn create(state: &str, id: &str, project: &str, time: u64) -> Result<Self, Error> {
        let directory = directory(state);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)
            .map_err(Error::file(&directory))?;
        let path = directory.join(format!("{id}.jsonl"));
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(Error::file(&path))?;
        let mut store = Self::locked(path, file, id)?;
        store.write(&Line::Session {
            id: id.to_owned(),
            project: project.to_owned(),
            time,
        })?;
        Ok(store)
    }

    /// An older session's file, to go on with.
    pub(crate) fn open(path: &Path) -> Result<(Self, Saved), Error> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(path)
            .map_err(Error::file(path))?;
        let mut bytes = Vec::new();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut store = Self::locked(path.to_path_buf(), file.try_clone().map_err(Error::file(path))?, &name)?;
        file.seek(SeekFrom::Start(0))
            .and_then(|_| file.read_to_end(&mut bytes))
            .map_err(Error::file(path))?;
        let saved = Saved::read(&bytes)
            .ok_or_else(|| Error::input(format!("`{}` is no session", path.display()), "start a new one"))?;
        if bytes.last().is_some_and(|&byte| byte != b'\n') {
            store.raw(b"\n")?;
        }
        Ok((store, saved))
    }

    fn locked(path: PathBuf, file: File, id: &str) -> Result<Self, Error> {
        match file.try_lock() {
            Ok(()) => Ok(Self { path, file }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::InUse(id.to_owned())),
            Err(fs::TryLockError::Error(source)) => Err(Error::File { path, source }),
        }
    }

    /// Appends one line, in one write.
    pub(crate) fn write(&mut self, line: &Line) -> Result<(), Error> {
        let mut text = serde_json::to_vec(line).map_err(|error| Error::File {
            path: self.path.clone(),
            source: error.into(),
        })?;
        text.push(b'\n');
        self.raw(&text)?;
        // What follows this line happens in the world: it has to be known even after the power was cut.
        if matches!(line, Line::Begun { .. }) {
            self.file.sync_data().map_err(Error::file(&self.path))?;
        }
        Ok(())
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(Error::file(&self.path))
    }
}

/// The file of a session: by the beginning of its id, or the last one of this project.
pub(crate) fn find(state: &str, id: Option<&str>, project: &str) -> Result<PathBuf, Error> {
    let directory = directory(state);
    let mut found: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let wanted = match id {
            Some(id) => name.starts_with(id),
            None => project_of(&path).is_some_and(|at| at == project),
        };
        if path.extension().is_some_and(|ending| ending == "jsonl") && wanted {
            let time = entry
                .metadata()
                .and_then(|data| data.modified())
                .map_err(Error::file(&path))?;
            found.push((time, path));
        }
    }
    if id.is_some() && found.len() > 1 {
        return Err(Error::input("several sessions have such an id", "give more of it"));
    }
    found.sort();
    found.pop().map(|(_, path)| path).ok_or_else(|| {
        Error::input(
            "there is no such session",
            "`--continue` takes the last one of this project, `--resume ID` a certain one",
        )
    })
}

/// The model that a session's file names last.
pub(crate) fn model_of(path: &Path) -> Result<Option<Named>, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    Ok(Saved::read(&bytes).and_then(|saved| saved.model))
}

fn directory(state: &str) -> PathBuf {
    Path::new(state).join("transcripts")
}

fn project_of(path: &Path) -> Option<String> {
    const FIRST_LINE: u64 = 8192;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(FIRST_LINE).read_to_end(&mut bytes).ok()?;
    let line = bytes.split(|&byte| byte == b'\n').next()?;
    match serde_json::from_slice(line).ok()? {
        Line::Session { project, .. } => Some(project),
        Line::User { .. }
        | Line::Reply(_)
        | Line::Begun { .. }
        | Line::Done(_)
        | Line::Directory { .. }
        | Line::Model(_)
        | Line::Compacted { .. } => None,
    }
}

impl Saved {
    /// What the lines add up to; `None` if the first one is missing.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes
            .split(|&byte| byte == b'\n')
            .filter_map(|line| serde_json::from_slice::<Line>(line).ok());
        let Line::Session { id, project, .. } = lines.next()? else {
            return None;
        };
        let mut saved = Self {
            id,
            project,
            cwd: None,
            messages: Vec::new(),
            open: Vec::new(),
            results: Vec::new(),
            usage: Usage::default(),
            model: None,
        };
        for line in lines {
            saved.add(line);
        }
        Some(saved)
    }

    fn add(&mut self, line: Line) {
        match line {
            Line::Session { .. } => {}
            Line::User { text } => self.messages.push(Message::User(text)),
            Line::Reply(reply) => {
                self.usage = self.usage.plus(reply.usage);
                self.open = reply.calls.iter().map(|call| (call.clone(), false)).collect();
                self.messages.push(Message::Reply(reply));
            }
            Line::Begun { call } => {
                if let Some((_, begun)) = self.open.iter_mut().find(|(open, _)| open.id == call) {
                    *begun = true;
                }
            }
            Line::Done(result) => {
                self.open.retain(|(call, _)| call.id != result.call);
                self.results.push(result);
                if self.open.is_empty() {
                    let results = core::mem::take(&mut self.results);
                    self.messages.push(Message::Results(in_order(&self.messages, results)));
                }
            }
            Line::Directory { path } => self.cwd = Some(path),
            Line::Model(named) => self.model = Some(named),
            Line::Compacted { summary, kept } => crate::compact::replace(&mut self.messages, summary, kept),
        }
    }
}

/// Results in the order of their calls; they may have been done side by side.
fn in_order(messages: &[Message], mut results: Vec<ToolResult>) -> Vec<ToolResult> {
    if let Some(Message::Reply(reply)) = messages.last() {
        results.sort_by_key(|result| reply.calls.iter().position(|call| call.id == result.call));
    }
    results
}
