//! Reading the log back, record by record, over all its files. Not checking it: that is `verify`.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::Files;
use crate::{Entry, Error, Filter};

/// Longer lines are not ours.
pub(crate) const LONGEST: u64 = 64 * 1024 * 1024;

/// The records of a log, oldest first. A line that is no record is an error in its place, and reading goes on behind it.
#[derive(Debug)]
pub struct Reader {
    files: std::vec::IntoIter<PathBuf>,
    current: Option<Lines>,
    filter: Filter,
}

impl Reader {
    /// The log at this path, with every file that was set aside.
    ///
    /// # Errors
    /// When there is no log, or its directory cannot be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let files = Files::of(path);
        let full = files.all_full().map_err(Error::io("read", files.directory()))?;
        let mut paths: Vec<PathBuf> = full.into_iter().map(|(_, path)| path).collect();
        if path.exists() || paths.is_empty() {
            paths.push(path.to_path_buf());
        }
        let mut files = paths.into_iter();
        let current = files.next().map(|path| Lines::open(&path)).transpose()?;
        Ok(Self {
            files,
            current,
            filter: Filter::default(),
        })
    }

    /// Only the records that meet the filter.
    #[must_use]
    pub fn only(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }
}

impl Iterator for Reader {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.current.as_mut()?.next_line() {
                Ok(Some(line)) => match line.entry() {
                    Ok(entry) if !self.filter.admits(&entry) => {}
                    found => return Some(found),
                },
                Ok(None) => match self.files.next().map(|path| Lines::open(&path)).transpose() {
                    Ok(next) => self.current = next,
                    Err(error) => return Some(Err(error)),
                },
                Err(error) => {
                    self.current = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// The lines of one file.
#[derive(Debug)]
pub(crate) struct Lines {
    path: Arc<PathBuf>,
    from: BufReader<io::Take<File>>,
    number: u64,
}

/// One line, with its line feed if it has one.
pub(crate) struct Line {
    pub(crate) path: Arc<PathBuf>,
    pub(crate) number: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io("open", path))?;
        Ok(Self::of(file, path))
    }

    pub(crate) fn of(file: File, path: &Path) -> Self {
        Self::up_to(file, path, u64::MAX)
    }

    /// The lines among the first `length` bytes: what is appended meanwhile is left alone.
    pub(crate) fn up_to(file: File, path: &Path, length: u64) -> Self {
        let from = BufReader::with_capacity(64 * 1024, file.take(length));
        Self {
            path: Arc::new(path.to_path_buf()),
            from,
            number: 0,
        }
    }

    pub(crate) fn next_line(&mut self) -> Result<Option<Line>, Error> {
        let mut bytes = Vec::new();
        let read: io::Result<usize> = (&mut self.from).take(LONGEST).read_until(b'\n', &mut bytes);
        if read.map_err(Error::io("read", &self.path))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(Line {
            path: Arc::clone(&self.path),
            number: self.number,
            bytes,
        }))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Line {
    /// The line without its line feed.
    pub(crate) fn body(&self) -> &[u8] {
        self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes)
    }

    pub(crate) fn entry(&self) -> Result<Entry, Error> {
        let fail = |why: String| Error::Line {
            path: self.path.to_path_buf(),
            line: self.number,
            why,
        };
        let text = std::str::from_utf8(self.body()).map_err(|_| fail("it is not text".to_owned()))?;
        let entry = Entry::parse(text).map_err(fail)?;
        Ok(Entry {
            file: Arc::clone(&self.path),
            line: self.number,
            ..entry
        })
    }
}
