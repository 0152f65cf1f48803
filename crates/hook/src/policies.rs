//! Policy files, read. A file that is not there is no policy; one that is there and can't be read stops the decision.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use placet_engine::{Failure, IgnoreText, Policy, PolicyText, Scope};

use crate::{Places, trust};

/// A policy larger than this is none.
const MAX_SIZE: u64 = 1024 * 1024;

/// The policy in force in this project.
///
/// # Errors
/// When a file exists and can't be read.
pub fn load(places: &Places, project: &str) -> Result<Policy, Failure> {
    load_with(places, project, &[])
}

/// The policy in force in this project, with texts that no file of its own holds (what the command line says).
///
/// # Errors
/// When a file exists and can't be read.
pub fn load_with(places: &Places, project: &str, more: &[PolicyText]) -> Result<Policy, Failure> {
    let mut texts = more.to_vec();
    for file in places.policy_files(project) {
        if let Some(text) = read(&file.path)? {
            let comes_along = matches!(file.scope, Scope::Project | Scope::Local);
            let trusted = !comes_along || trust::is_trusted(places, &file.path, &text)?;
            let origin = file.path.to_string_lossy().into_owned();
            texts.push(PolicyText {
                origin,
                scope: file.scope,
                format: file.format,
                text,
                trusted,
            });
        }
    }
    let mut ignores = Vec::new();
    for path in places.ignore_files(project) {
        if let Some(text) = read(&path)? {
            ignores.push(IgnoreText {
                origin: path.to_string_lossy().into_owned(),
                root: project.to_owned(),
                text,
            });
        }
    }
    Ok(Policy::load(&texts, &ignores))
}

/// The text of a file; `None` when there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Failure> {
    let unreadable = |why: String| Failure::UnreadablePolicy(format!("`{}`: {why}", path.display()));
    // A pipe or device would be waited for, so it is not even opened.
    let size = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(unreadable("it is not a file".to_owned())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    // Room for all of it and one byte, so that it takes one read and one that finds the end.
    let room = usize::try_from(size.min(MAX_SIZE))
        .unwrap_or_default()
        .saturating_add(1);
    let mut bytes = Vec::with_capacity(room);
    File::open(path)
        .and_then(|file| file.take(MAX_SIZE.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(unreadable("it is larger than 1 MiB".to_owned()));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| unreadable("it is not UTF-8".to_owned()))
}
