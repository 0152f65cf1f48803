//! Following the log while it is written: each poll gives what is new. No thread and no waiting; the caller has the clock.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::chain::Seal;
use crate::files::Files;
use crate::reader::{LONGEST, Line};
use crate::{Entry, Error, Filter};

/// A place in the log from which one goes on reading.
#[derive(Debug)]
pub struct Follow {
    files: Files,
    filter: Filter,
    current: Option<Current>,
    /// The last record that was given out.
    seen: u64,
}

#[derive(Debug)]
struct Current {
    from: BufReader<File>,
    path: Arc<PathBuf>,
    /// The first record's number, which tells one file from the next.
    first: Option<u64>,
    number: u64,
    /// A line whose end has not been written yet.
    rest: Vec<u8>,
}

impl Follow {
    /// From the end of the log as it is now. A log that is not there yet is waited for.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn from_end(path: &Path, filter: Filter) -> Result<Self, Error> {
        let mut follow = Self {
            files: Files::of(path),
            filter: Filter::default(),
            current: None,
            seen: 0,
        };
        follow.poll()?;
        follow.filter = filter;
        Ok(follow)
    }

    /// What was appended since the last time, over a file that was set aside meanwhile. Lines that are no record are left
    /// out: `verify` is for these.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn poll(&mut self) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        loop {
            if self.current.is_none() {
                self.current = Current::open(&self.files.active)?;
            }
            let Some(current) = &mut self.current else {
                return Ok(entries);
            };
            current.read(&mut entries, &mut self.seen)?;
            let there = first_record(&self.files.active)?;
            if there.is_none() || there == current.first {
                break;
            }
            // Another file is in its place. What was appended to the old one before it was set aside comes first; and more
            // than one may have been set aside since the last time.
            current.read(&mut entries, &mut self.seen)?;
            self.current = None;
            for (_, path) in self
                .files
                .all_full()
                .map_err(Error::io("read", self.files.directory()))?
            {
                let first = first_record(&path)?;
                if first.is_some_and(|first| first > self.seen)
                    && let Some(mut full) = Current::open(&path)?
                {
                    full.read(&mut entries, &mut self.seen)?;
                }
            }
        }
        entries.retain(|entry| self.filter.admits(entry));
        Ok(entries)
    }
}

impl Current {
    fn open(path: &Path) -> Result<Option<Self>, Error> {
        match File::open(path) {
            Ok(file) => {
                let path = Arc::new(path.to_path_buf());
                Ok(Some(Self {
                    from: BufReader::new(file),
                    path,
                    first: None,
                    number: 0,
                    rest: Vec::new(),
                }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("open", path)(error)),
        }
    }

    fn read(&mut self, entries: &mut Vec<Entry>, seen: &mut u64) -> Result<(), Error> {
        let length = self
            .from
            .get_ref()
            .metadata()
            .map_err(Error::io("read", &self.path))?
            .len();
        let at = self.from.stream_position().map_err(Error::io("read", &self.path))?;
        if at > length {
            // Cut while it was followed (half a line was taken back): what is behind is read again, and known by number.
            self.rest.clear();
            self.number = 0;
            self.from
                .seek(SeekFrom::Start(0))
                .map_err(Error::io("read", &self.path))?;
        }
        loop {
            let read = (&mut self.from).take(LONGEST).read_until(b'\n', &mut self.rest);
            if read.map_err(Error::io("read", &self.path))? == 0 || !self.rest.ends_with(b"\n") {
                return Ok(());
            }
            self.number += 1;
            let line = Line {
                path: Arc::clone(&self.path),
                number: self.number,
                bytes: std::mem::take(&mut self.rest),
            };
            let Ok(entry) = line.entry() else { continue };
            self.first = self.first.or(Some(entry.seq));
            if entry.seq > *seen {
                *seen = entry.seq;
                entries.push(entry);
            }
        }
    }
}

/// The number of the first record in a file; `None` if it holds none yet.
fn first_record(path: &Path) -> Result<Option<u64>, Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("open", path)(error)),
    };
    let mut line = Vec::new();
    BufReader::new(file)
        .take(LONGEST)
        .read_until(b'\n', &mut line)
        .map_err(Error::io("read", path))?;
    let seal = Seal::of(line.strip_suffix(b"\n").unwrap_or_default());
    Ok(seal.map(|seal| seal.seq))
}
