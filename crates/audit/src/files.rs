//! Where the log's files are. Paths only; nothing is opened here.
//!
//! For a log at `audit.jsonl`: the file that is written to is `audit.jsonl`; a full one is renamed to
//! `audit.<first sequence number>.jsonl`; `audit.jsonl.head` says where the chain ends; `audit.jsonl.lock` is held while
//! one process appends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The paths of one log.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) active: PathBuf,
    pub(crate) head: PathBuf,
    pub(crate) lock: PathBuf,
}

impl Files {
    pub(crate) fn of(path: &Path) -> Self {
        let with = |ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        Self {
            active: path.to_path_buf(),
            head: with(".head"),
            lock: with(".lock"),
        }
    }

    pub(crate) fn directory(&self) -> &Path {
        match self.active.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    /// The name under which a full file is kept whose first record has this number.
    pub(crate) fn full(&self, first: u64) -> PathBuf {
        let (stem, ending) = self.name_parts();
        self.directory().join(format!("{stem}.{first:012}{ending}"))
    }

    /// The full files, oldest first.
    pub(crate) fn all_full(&self) -> io::Result<Vec<(u64, PathBuf)>> {
        let (stem, ending) = self.name_parts();
        let mut found = Vec::new();
        let entries = match fs::read_dir(self.directory()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(number) = name.to_str().and_then(|name| {
                name.strip_prefix(stem.as_str())?
                    .strip_prefix('.')?
                    .strip_suffix(ending.as_str())
            }) else {
                continue;
            };
            if number.len() >= 12
                && number.bytes().all(|byte| byte.is_ascii_digit())
                && let Ok(first) = number.parse()
            {
                found.push((first, entry.path()));
            }
        }
        found.sort();
        Ok(found)
    }

    fn name_parts(&self) -> (String, String) {
        let text = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let stem = text(self.active.file_stem()).unwrap_or_default();
        let ending = text(self.active.extension())
            .map(|ending| format!(".{ending}"))
            .unwrap_or_default();
        (stem, ending)
    }
}
