//! Opinions by question, on disk: the very same question has the very same answer for a while. What is no opinion is not kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use placet_model::{Decision, Opinion};
use serde::{Deserialize, Serialize};

/// Files of answers; with more, those that ran out go, and then the oldest.
const MOST: usize = 2000;
/// A larger file is none of ours.
const LARGEST: u64 = 64 * 1024;

/// Answers in a directory.
#[derive(Clone, Debug)]
pub struct Cache {
    directory: PathBuf,
    lifetime: Duration,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    stage: u8,
    decision: Option<String>,
    rule: String,
    reason: String,
    quote: Option<String>,
    instead: Option<String>,
}

impl Cache {
    /// Answers in this directory, good for so long. The directory is made when the first answer is kept.
    #[must_use]
    pub fn new(directory: &Path, lifetime: Duration) -> Self {
        Self {
            directory: directory.to_path_buf(),
            lifetime,
        }
    }

    /// The answer to this question, and the stage that gave it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<(Opinion, u8)> {
        let path = self.path(key);
        let about = fs::metadata(&path).ok()?;
        if about.len() > LARGEST || !self.is_good(about.modified().ok()?) {
            return None;
        }
        let kept: Kept = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
        let decision = match kept.decision.as_deref() {
            None => None,
            Some("allow") => Some(Decision::Allow),
            Some("ask") => Some(Decision::Ask),
            Some("deny") => Some(Decision::Deny),
            Some(_) => return None,
        };
        (kept.key == key).then_some((
            Opinion {
                decision,
                rule: kept.rule,
                reason: kept.reason,
                quote: kept.quote,
                instead: kept.instead,
            },
            kept.stage,
        ))
    }

    /// Keeps an answer. That it can't be kept changes nothing about it.
    pub fn put(&self, key: &str, opinion: &Opinion, stage: u8) {
        let kept = Kept {
            key: key.to_owned(),
            stage,
            decision: opinion.decision.map(|decision| decision.name().to_owned()),
            rule: opinion.rule.clone(),
            reason: opinion.reason.clone(),
            quote: opinion.quote.clone(),
            instead: opinion.instead.clone(),
        };
        let path = self.path(key);
        let beside = path.with_extension(format!("{}.new", std::process::id()));
        let text = serde_json::to_vec(&kept).unwrap_or_default();
        let written = self
            .make()
            .and_then(|()| private(&beside))
            .and_then(|mut file| file.write_all(&text))
            .and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        self.prune();
    }

    fn make(&self) -> std::io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory)
    }

    fn path(&self, key: &str) -> PathBuf {
        self.directory.join(format!("{key}.json"))
    }

    /// A file of the future is as little to be relied on as one that is too old.
    fn is_good(&self, modified: SystemTime) -> bool {
        SystemTime::now()
            .duration_since(modified)
            .is_ok_and(|age| age < self.lifetime)
    }

    fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.directory) else {
            return;
        };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        if files.len() <= MOST {
            return;
        }
        files.sort();
        let over = files.len().saturating_sub(MOST / 2);
        for (_, path) in files.into_iter().take(over) {
            let _ = fs::remove_file(path);
        }
    }
}

fn private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
