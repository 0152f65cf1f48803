//! Writing the log: one line per record, appended under a lock, chained to the line before. Not reading it back.
//!
//! What survives what:
//! - A process that is killed loses at most the record it was writing, which it had not yet reported as written. Half a
//!   line that it leaves stays where it is; the next append adds a `torn` record that names its length and hash.
//! - A full disk makes the append fail; half a line is cut off again, and nothing earlier is touched.
//! - A power cut can lose what the system had not written out. The file is synced (`fdatasync`) for every record that is
//!   no approval, and for the first record of each file; see [`Durability`].
//! - Whoever cuts, edits or replaces lines is found by [`crate::verify`]: appending never repairs the chain. It goes on
//!   where the head file says the chain ended, so the hole stays visible.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use placet_model::{Decision, Journal, Record};

use crate::chain::{Link, Seal};
use crate::files::Files;
use crate::head::{Found, Head, open_private};
use crate::{Error, hash, line, time};

/// How the log is written.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// A file that has grown past this is set aside and a new one begun. Default 16 MiB.
    pub rotate_at: u64,
    /// When the file is synced to the disk.
    pub durability: Durability,
    /// How long to wait for other processes that append. Default two seconds.
    pub patience: Duration,
}

/// When the file is synced to the disk, so that a power cut cannot take a record back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Left to the system.
    System,
    /// For every record that is no approval, and for the first record of each file. An approval that is lost in a power
    /// cut leaves no hole in the chain of what stayed.
    Careful,
    /// For every record.
    Always,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            rotate_at: 16 * 1024 * 1024,
            durability: Durability::Careful,
            patience: Duration::from_secs(2),
        }
    }
}

/// A log that is written to. Nothing is held open between two records, so that many processes share one log.
#[derive(Clone, Debug)]
pub struct Log {
    files: Files,
    options: LogOptions,
}

impl Log {
    /// The log at this path. Its directory is created if need be, for its owner alone.
    ///
    /// # Errors
    /// When the directory cannot be created.
    pub fn open(path: &Path, options: LogOptions) -> Result<Self, Error> {
        let files = Files::of(path);
        if !files.directory().is_dir() {
            create_private(files.directory()).map_err(Error::io("create", files.directory()))?;
        }
        Ok(Self { files, options })
    }

    /// Appends a record; its place in the chain. When this returns, the record is in the log.
    ///
    /// # Errors
    /// When the record could not be written. Then it is not in the log.
    pub fn append(&mut self, record: &Record) -> Result<Link, Error> {
        let _lock = self.lock()?;
        let mut tail = Tail::find(&self.files)?;
        let mut text = tail.repairs(record.time);
        let repairs = text.len();
        let link = tail.link.extend(&mut text, |fields| line::decision(fields, record));
        let full = tail.bytes > 0 && tail.bytes.saturating_add(text.len() as u64) > self.options.rotate_at;
        // Repairs stay in the file that they speak of: it is set aside with the next append.
        if full && repairs == 0 {
            tail.set_aside(&self.files)?;
        }
        self.write(&tail, &text, link, record)
    }

    fn write(&self, tail: &Tail, text: &str, link: Link, record: &Record) -> Result<Link, Error> {
        let path = &self.files.active;
        let head = Head {
            link,
            first: tail.first,
            bytes: tail.bytes.saturating_add(text.len() as u64),
        };
        let mut file = &tail.file;
        let written = file.write_all(text.as_bytes()).and_then(|()| {
            let important = record.decision != Decision::Allow || tail.bytes == 0;
            match self.options.durability {
                Durability::Always => file.sync_data(),
                Durability::Careful if important => file.sync_data(),
                Durability::Careful | Durability::System => Ok(()),
            }
        });
        if let Err(error) = written
            .map_err(Error::io("write", path))
            .and_then(|()| head.put(&self.files))
        {
            // Nobody was told that the record is there, so it must not be. If it cannot be cut off, the next append
            // finds it: half a line as torn, a whole one as a record.
            let _ = file.set_len(tail.bytes);
            return Err(error);
        }
        Ok(head.link)
    }

    fn lock(&self) -> Result<File, Error> {
        let path = &self.files.lock;
        let begun = Instant::now();
        let mut pause = Duration::from_micros(50);
        loop {
            let file =
                open_private(path, OpenOptions::new().write(true).truncate(false)).map_err(Error::io("open", path))?;
            loop {
                match file.try_lock() {
                    Ok(()) => break,
                    Err(TryLockError::Error(error)) => return Err(Error::io("lock", path)(error)),
                    Err(TryLockError::WouldBlock) => {
                        let waited = begun.elapsed();
                        if waited > self.options.patience {
                            return Err(Error::Busy {
                                path: path.clone(),
                                millis: waited.as_millis().try_into().unwrap_or(u64::MAX),
                            });
                        }
                        thread::sleep(pause);
                        pause = (pause * 2).min(Duration::from_millis(2));
                    }
                }
            }
            // A lock on a file that somebody has deleted meanwhile holds nobody else off.
            if is_at(&file, path) {
                return Ok(file);
            }
        }
    }
}

impl Journal for Log {
    fn record(&mut self, record: &Record) -> Result<(), String> {
        match self.append(record) {
            Ok(_) => Ok(()),
            Err(error) => Err(match error.help() {
                Some(help) => format!("{error}: {help}"),
                None => error.to_string(),
            }),
        }
    }
}

/// The end of the log: where the next line goes, and what has to be said before it.
struct Tail {
    file: File,
    link: Link,
    first: u64,
    bytes: u64,
    /// The last line has no line feed.
    unfinished: bool,
    /// Bytes since the last whole record that are none: length and hash.
    torn: Option<(u64, String)>,
    /// The head file was gone or unreadable, or names more than there is.
    head_lost: bool,
}

impl Tail {
    fn find(files: &Files) -> Result<Self, Error> {
        let path = &files.active;
        let found = Head::read(&files.head)?;
        let file = open_private(path, OpenOptions::new().append(true).read(true)).map_err(Error::io("open", path))?;
        let bytes = file.metadata().map_err(Error::io("read", path))?.len();
        let (head, head_lost) = match found {
            Found::Head(head) => (head, false),
            Found::Missing | Found::Unreadable => {
                let full = files.all_full().map_err(Error::io("read", files.directory()))?;
                if bytes == 0 && full.is_empty() && found == Found::Missing {
                    // The head comes first, so that a log without one is never the trace of an ordinary crash.
                    let head = Head::genesis();
                    head.put(files)?;
                    (head, false)
                } else {
                    (last_known(&file, path, bytes, full)?, true)
                }
            }
        };
        let mut tail = Self {
            file,
            link: head.link,
            first: head.first,
            bytes,
            unfinished: false,
            torn: None,
            head_lost,
        };
        if bytes > head.bytes {
            let from = head.bytes;
            tail.advance(path, from, bytes)?;
        } else if bytes < head.bytes {
            // Either the file was set aside and the process died before it could say so, or somebody cut the log. In both
            // cases the chain goes on from the head; what is missing shows.
            let aside = files.full(tail.first);
            if bytes == 0
                && let Ok(old) = File::open(&aside)
            {
                let length = old.metadata().map_err(Error::io("read", &aside))?.len();
                let fresh = std::mem::replace(&mut tail.file, old);
                let advanced = tail.advance(&aside, head.bytes, length);
                tail.file = fresh;
                tail.unfinished = false;
                tail.torn = None;
                advanced?;
                tail.first = tail.link.seq.saturating_add(1);
            } else {
                tail.head_lost = true;
            }
        }
        if tail.torn.is_none() && bytes > 0 {
            let mut last = [0];
            tail.file
                .seek(SeekFrom::Start(bytes - 1))
                .and_then(|_| tail.file.read_exact(&mut last))
                .map_err(Error::io("read", path))?;
            tail.unfinished = last != *b"\n";
        }
        Ok(tail)
    }

    /// Follows the chain over what was written since the head was: by a process that died, or by a stranger.
    fn advance(&mut self, path: &Path, from: u64, to: u64) -> Result<(), Error> {
        let mut rest = Vec::new();
        self.file.seek(SeekFrom::Start(from)).map_err(Error::io("read", path))?;
        (&self.file)
            .take(to.saturating_sub(from))
            .read_to_end(&mut rest)
            .map_err(Error::io("read", path))?;
        let mut rest = rest.as_slice();
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            match Seal::of(line) {
                Some(seal) if seal.follows(&self.link) => self.link = seal.link(),
                Some(_) | None => break,
            }
            rest = end.and_then(|end| rest.get(end + 1..)).unwrap_or_default();
        }
        if !rest.is_empty() {
            self.unfinished = !rest.ends_with(b"\n");
            let (feed, length): (&[u8], u64) = if self.unfinished { (b"\n", 1) } else { (b"", 0) };
            self.torn = Some((rest.len() as u64 + length, hash::hex(&[rest, feed])));
        }
        Ok(())
    }

    /// What must be written before the next record: a line feed, and records of what was found.
    fn repairs(&mut self, now: u64) -> String {
        let mut text = String::with_capacity(2048);
        if self.unfinished {
            text.push('\n');
        }
        if let Some((bytes, hash)) = self.torn.take() {
            self.link = self.link.extend(&mut text, |line| {
                line.text("time", &time::rfc3339(now));
                line.text("kind", "torn");
                line.number("bytes", bytes);
                line.text("sha256", &hash);
            });
        }
        if self.head_lost {
            self.link = self.link.extend(&mut text, |line| {
                line.text("time", &time::rfc3339(now));
                line.text("kind", "head-lost");
            });
        }
        text
    }

    /// Sets the full file aside and begins a new one, unless another file has the name: nothing is ever overwritten.
    fn set_aside(&mut self, files: &Files) -> Result<(), Error> {
        let aside = files.full(self.first);
        if !aside.exists() {
            fs::rename(&files.active, &aside).map_err(Error::io("rename", &files.active))?;
            self.file = open_private(&files.active, OpenOptions::new().append(true).read(true))
                .map_err(Error::io("open", &files.active))?;
            self.first = self.link.seq.saturating_add(1);
            self.bytes = 0;
        }
        Ok(())
    }
}

/// The last record that holds, for a log whose head is gone.
fn last_known(active: &File, path: &Path, bytes: u64, full: Vec<(u64, std::path::PathBuf)>) -> Result<Head, Error> {
    let read = |mut file: &File, path: &Path| -> Result<Vec<u8>, Error> {
        let mut content = Vec::new();
        file.seek(SeekFrom::Start(0))
            .and_then(|_| file.read_to_end(&mut content))
            .map_err(Error::io("read", path))?;
        Ok(content)
    };
    let last = |content: &[u8]| {
        let mut lines = content.split(|byte| *byte == b'\n');
        lines
            .rfind(|line| Seal::of(line).is_some_and(|seal| seal.holds))
            .map(|line| {
                let end = line.as_ptr() as usize - content.as_ptr() as usize + line.len();
                (
                    Seal::of(line).map_or_else(Link::genesis, |seal| seal.link()),
                    (end + 1).min(content.len()) as u64,
                )
            })
    };
    let content = read(active, path)?;
    let first = content
        .split(|byte| *byte == b'\n')
        .find_map(|line| Seal::of(line).map(|seal| seal.seq));
    if let Some((link, end)) = last(&content) {
        return Ok(Head {
            first: first.unwrap_or(link.seq),
            link,
            bytes: end.min(bytes),
        });
    }
    for (_, path) in full.into_iter().rev() {
        let file = File::open(&path).map_err(Error::io("open", &path))?;
        if let Some((link, _)) = last(&read(&file, &path)?) {
            return Ok(Head {
                first: link.seq.saturating_add(1),
                link,
                bytes: 0,
            });
        }
    }
    Ok(Head::genesis())
}

fn create_private(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(directory)
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(held), Ok(there)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    held.ino() == there.ino() && held.dev() == there.dev()
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    // Elsewhere a file that is open cannot be deleted.
    true
}
