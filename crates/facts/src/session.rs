//! What a session remembers from one tool call to the next, shared by hook processes that may run at once and may be
//! killed at any moment. What follows from it is decided elsewhere.
//!
//! One JSON Lines file per session, only ever appended to while a lock is held; a line that a killed process left torn is
//! closed by the next writer and passed over by readers. A file that grows too large is rewritten to what still counts,
//! beside it, and put in its place in one step. Readers need no lock.

mod entry;
mod state;

pub use entry::{Entry, Refusal};
pub use state::{Grant, SessionState, Trace, Written};

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::paths;

/// A user message that makes a longer line is cut.
const LINE_LIMIT: usize = 256 << 10;
/// A longer file is rewritten to what still counts; if that does not help, nothing more is taken.
const FILE_LIMIT: u64 = 4 << 20;
/// Files whose content is hashed; a larger one gets a hash that equals no content.
const CONTENT_LIMIT: u64 = 64 << 20;
/// How often, a millisecond apart, the lock is tried.
const LOCK_TRIES: u32 = 2_000;

/// The memory of one session.
#[derive(Clone, Debug)]
pub struct SessionMemory {
    file: PathBuf,
    lock: PathBuf,
}

/// Why the memory could not be read or written.
#[derive(Debug)]
pub enum Error {
    /// Other processes held the lock for too long.
    Busy {
        /// The file.
        file: PathBuf,
    },
    /// The session remembers as much as it may.
    Full {
        /// The file.
        file: PathBuf,
    },
    /// The file system refused.
    Io {
        /// The file.
        file: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { file } => write!(out, "session memory `{}` is locked by another process", file.display()),
            Self::Full { file } => write!(out, "session memory `{}` is full", file.display()),
            Self::Io { file, source } => write!(out, "session memory `{}` cannot be used: {source}", file.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Busy { .. } | Self::Full { .. } => None,
            Self::Io { source, .. } => Some(source),
        }
    }
}

/// Where Placet keeps its state: `$XDG_STATE_HOME/placet`, or `.local/state/placet` in the home.
#[must_use]
pub fn state_directory(home: &str, xdg_state_home: Option<&str>) -> String {
    match xdg_state_home.filter(|path| path.starts_with('/')) {
        Some(state) => paths::join(state, "placet"),
        None => paths::join(home, ".local/state/placet"),
    }
}

/// The SHA-256 of a regular file's content, in hexadecimal digits; `None` if it is missing, too large or no file.
#[must_use]
pub fn content_hash(path: &str) -> Option<String> {
    let mut hash = Sha256::new();
    crate::disk::read_pieces(path, CONTENT_LIMIT, |piece| hash.update(piece)).then(|| hex(&hash.finalize()))
}

impl SessionMemory {
    /// The memory of this session, below the state directory's `sessions`. Directories are made; the file is made by the
    /// first append.
    ///
    /// # Errors
    /// The directories can't be made.
    pub fn open(state_directory: &str, session: &str) -> Result<Self, Error> {
        let directory = Path::new(state_directory).join("sessions");
        make_private_directory(&directory).map_err(|source| Error::Io {
            file: directory.clone(),
            source,
        })?;
        // An agent chooses its session ids; as a hash none of them can name a place.
        let mut name = hex(&Sha256::digest(session));
        name.truncate(32);
        let file = directory.join(format!("{name}.jsonl"));
        Ok(Self {
            lock: file.with_extension("lock"),
            file,
        })
    }

    /// The memories of all sessions that are remembered, in no order.
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn all(state_directory: &str) -> Result<Vec<Self>, Error> {
        let directory = Path::new(state_directory).join("sessions");
        let io = |source| Error::Io {
            file: directory.clone(),
            source,
        };
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(error)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let file = entry.map_err(io)?.path();
            if file.extension().is_some_and(|extension| extension == "jsonl") {
                all.push(Self {
                    lock: file.with_extension("lock"),
                    file,
                });
            }
        }
        Ok(all)
    }

    /// Remembers one thing.
    ///
    /// # Errors
    /// It is not remembered, for the reason given.
    pub fn append(&self, entry: &Entry) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.append_locked(entry)
    }

    /// Remembers that a file was written, with the hash of what it holds now.
    ///
    /// # Errors
    /// It is not remembered, for the reason given.
    pub fn append_written(&self, path: &str) -> Result<(), Error> {
        let hash = content_hash(path).unwrap_or_default();
        self.append(&Entry::Written {
            path: path.to_owned(),
            hash,
        })
    }

    /// Uses up a one-time grant of this action, if one is there and has not run out. Of several processes that ask at
    /// once, one gets it.
    ///
    /// # Errors
    /// It could not be marked as used, and so must not be used.
    pub fn take_grant(&self, action: &str, now: u64) -> Result<bool, Error> {
        let _lock = self.lock()?;
        if !self
            .state()?
            .grants
            .iter()
            .any(|grant| grant.action == action && grant.expires > now)
        {
            return Ok(false);
        }
        self.append_locked(&Entry::GrantUsed {
            action: action.to_owned(),
        })?;
        Ok(true)
    }

    /// What the session remembers now. A session that is new remembers nothing.
    ///
    /// # Errors
    /// The file is there but can't be read.
    pub fn state(&self) -> Result<SessionState, Error> {
        // An append may run over the limit by the state that was rewritten and by one line.
        let limit = FILE_LIMIT.saturating_mul(2);
        let file = match File::open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(SessionState::default()),
            Err(error) => return Err(self.io(error)),
        };
        let size = file.metadata().map_err(|source| self.io(source))?.len().min(limit);
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default().saturating_add(1));
        file.take(limit)
            .read_to_end(&mut bytes)
            .map_err(|source| self.io(source))?;
        Ok(SessionState::read(&bytes))
    }

    fn append_locked(&self, entry: &Entry) -> Result<(), Error> {
        let mut line = entry.line(LINE_LIMIT);
        let mut file = private_file()
            .read(true)
            .append(true)
            .create(true)
            .open(&self.file)
            .map_err(|source| self.io(source))?;
        let length = file.seek(SeekFrom::End(0)).map_err(|source| self.io(source))?;
        if length > FILE_LIMIT {
            self.rewrite()?;
            file = private_file()
                .read(true)
                .append(true)
                .open(&self.file)
                .map_err(|source| self.io(source))?;
            if file.metadata().map_err(|source| self.io(source))?.len() > FILE_LIMIT {
                return Err(Error::Full {
                    file: self.file.clone(),
                });
            }
        } else if length > 0 && ends_torn(&mut file).map_err(|source| self.io(source))? {
            line.insert(0, '\n');
        }
        file.write_all(line.as_bytes()).map_err(|source| self.io(source))
    }

    /// Puts a file with only what still counts in place of this one.
    fn rewrite(&self) -> Result<(), Error> {
        let text: String = self
            .state()?
            .entries()
            .iter()
            .map(|entry| entry.line(LINE_LIMIT))
            .collect();
        let beside = self.file.with_extension("new");
        let mut file = private_file()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&beside)
            .map_err(|source| Error::Io {
                file: beside.clone(),
                source,
            })?;
        file.write_all(text.as_bytes()).map_err(|source| Error::Io {
            file: beside.clone(),
            source,
        })?;
        fs::rename(&beside, &self.file).map_err(|source| self.io(source))
    }

    /// Held until dropped; the system lets go of it when the process dies.
    fn lock(&self) -> Result<File, Error> {
        let io = |source| Error::Io {
            file: self.lock.clone(),
            source,
        };
        let file = private_file()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.lock)
            .map_err(io)?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(fs::TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
                Err(fs::TryLockError::Error(source)) => return Err(io(source)),
            }
        }
        Err(Error::Busy {
            file: self.lock.clone(),
        })
    }

    fn io(&self, source: std::io::Error) -> Error {
        Error::Io {
            file: self.file.clone(),
            source,
        }
    }
}

fn ends_torn(file: &mut File) -> std::io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn make_private_directory(path: &Path) -> std::io::Result<()> {
    // Nearly always it is there, and asking is cheaper than trying.
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
        text
    })
}
