//! Reading and replacing one settings file. A reader sees the old text or the new one, never a part.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::InstallError;

/// Settings larger than this are not settings.
const MAX_SIZE: u64 = 4 * 1024 * 1024;

/// The text of the file; `None` when it does not exist.
pub(super) fn read(path: &Path) -> Result<Option<String>, InstallError> {
    let unreadable = |error| InstallError::Unreadable(path.to_owned(), error);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_SIZE.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(unreadable(io::Error::other("larger than 4 MiB")));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// Replaces the file if it still has the text that was read.
pub(super) fn replace(path: &Path, before: Option<&str>, after: &str) -> Result<(), InstallError> {
    let unwritable = |error| InstallError::Unwritable(path.to_owned(), error);
    let target = through_links(path).map_err(unwritable)?;
    let directory = target.parent().unwrap_or(Path::new("/")).to_owned();
    fs::create_dir_all(&directory).map_err(unwritable)?;
    let temporary = directory.join(format!(".placet-settings.{}", std::process::id()));
    let written =
        write_new(&temporary, &target, after).map(|()| read(&target).is_ok_and(|now| now.as_deref() == before));
    let result = match written {
        Ok(true) => fs::rename(&temporary, &target).map_err(unwritable),
        Ok(false) => Err(InstallError::ChangedMeanwhile(path.to_owned())),
        Err(error) => Err(unwritable(error)),
    };
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}

fn write_new(temporary: &Path, target: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
    if let Ok(metadata) = fs::metadata(target) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The file that a chain of links leads to, whether it exists or not.
fn through_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("/")).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}
