//! The only reads of the disk: bounded, of regular files, and never through a pipe or a device. No meaning is given to
//! what is read.

use std::fs::{self, File, FileType, Metadata};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::time::UNIX_EPOCH;

/// What lies at a path, links not followed.
pub enum Found {
    Nothing,
    Entry(Metadata),
    /// There may be something, but we may not look.
    Hidden,
}

pub fn look(path: &str) -> Found {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Found::Entry(metadata),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Found::Nothing,
        Err(_) => Found::Hidden,
    }
}

pub fn is_special(kind: FileType) -> bool {
    !(kind.is_file() || kind.is_dir() || kind.is_symlink())
}

/// The content of a regular file of at most `limit` bytes; a link is not followed.
pub fn read(path: &str, limit: u64) -> Option<Vec<u8>> {
    let Found::Entry(metadata) = look(path) else {
        return None;
    };
    if !metadata.is_file() || metadata.len() > limit {
        return None;
    }
    let mut content = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0).saturating_add(1));
    // One byte more than allowed shows that the file grew meanwhile.
    File::open(path)
        .ok()?
        .take(limit.saturating_add(1))
        .read_to_end(&mut content)
        .ok()?;
    (u64::try_from(content.len()).ok()? <= limit).then_some(content)
}

/// Feeds the content of a regular file of at most `limit` bytes to `take`, piece by piece; whether all of it came.
pub fn read_pieces(path: &str, limit: u64, mut take: impl FnMut(&[u8])) -> bool {
    let Found::Entry(metadata) = look(path) else {
        return false;
    };
    if !metadata.is_file() || metadata.len() > limit {
        return false;
    }
    let Ok(file) = File::open(path) else { return false };
    let mut input = BufReader::with_capacity(64 << 10, file.take(limit));
    loop {
        let count = match input.fill_buf() {
            Ok([]) => return true,
            Ok(piece) => {
                take(piece);
                piece.len()
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => 0,
            Err(_) => return false,
        };
        input.consume(count);
    }
}

/// What the kernel tells at a path of its own, where no file has a size: at most `limit` bytes, and whether that is all.
pub fn told(path: &str, limit: usize) -> std::io::Result<(Vec<u8>, bool)> {
    let mut content = Vec::new();
    let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(bound).read_to_end(&mut content)?;
    let whole = content.len() <= limit;
    content.truncate(limit);
    Ok((content, whole))
}

pub fn read_text(path: &str, limit: u64) -> Option<String> {
    String::from_utf8(read(path, limit)?).ok()
}

/// Names in the directory, sorted; `None` if it can't be listed, has more than `limit`, or a name is no UTF-8.
pub fn names(path: &str, limit: usize) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).ok()? {
        if names.len() >= limit {
            return None;
        }
        names.push(entry.ok()?.file_name().into_string().ok()?);
    }
    names.sort_unstable();
    Some(names)
}

/// Seconds and nanoseconds of the last change of the content, as git's index keeps them.
pub fn modified(metadata: &Metadata) -> Option<(u32, u32)> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    // The index keeps the low 32 bits.
    let seconds = u32::try_from(since.as_secs() & u64::from(u32::MAX)).ok()?;
    Some((seconds, since.subsec_nanos()))
}

/// The same of the file's attributes, which nobody can set back; `None` where the system does not keep it.
pub fn changed(metadata: &Metadata) -> Option<(u32, u32)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let seconds = u32::try_from(metadata.ctime() & i64::from(u32::MAX)).ok()?;
        Some((seconds, u32::try_from(metadata.ctime_nsec()).ok()?))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        None
    }
}

/// Whether both belong to the same user; where the system does not tell, they don't.
pub fn same_owner(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        one.uid() == other.uid()
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        false
    }
}

/// Whether both lie in the same file system; where the system does not tell, they don't.
pub fn same_device(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        one.dev() == other.dev()
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{names, read, read_pieces};

    #[test]
    fn a_directory_with_more_names_than_the_limit_is_not_listed() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let count = names(source, 1_000).unwrap().len();
        assert_eq!(names(source, count).unwrap().len(), count);
        assert_eq!(names(source, count - 1), None);
    }

    #[test]
    fn a_file_larger_than_the_limit_is_not_read() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let whole = read(file, 10_000).unwrap();
        let size = u64::try_from(whole.len()).unwrap();
        assert!(read(file, size).is_some() && read(file, size - 1).is_none());
        let mut pieces = Vec::new();
        assert!(read_pieces(file, size, |piece| pieces.extend_from_slice(piece)));
        assert_eq!(pieces, whole);
        assert!(!read_pieces(file, size - 1, |_| {}));
    }
}
