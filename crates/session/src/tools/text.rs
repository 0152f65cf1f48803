//! Files as text: what can be shown to a model and what can't. Pipes and devices are never opened.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// Larger files are not edited as a whole.
pub(super) const LARGEST: u64 = 16 << 20;

/// What a file is, as far as showing it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Image(&'static str),
    Binary,
}

/// The kind of a regular file and its size, by its first bytes.
pub(super) fn kind(path: &Path) -> Result<(Kind, u64), String> {
    let data = fs::metadata(path).map_err(|error| said(path, &error))?;
    if data.is_dir() {
        return Err(format!("`{}` is a directory; LS lists it", path.display()));
    }
    if !data.is_file() {
        return Err(format!("`{}` is a pipe, socket or device, not a file", path.display()));
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(8192).read_to_end(&mut head))
        .map_err(|error| said(path, &error))?;
    let kind = match head.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => Kind::Image("PNG"),
        [0xff, 0xd8, 0xff, ..] => Kind::Image("JPEG"),
        [b'G', b'I', b'F', b'8', ..] => Kind::Image("GIF"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::Image("WebP"),
        head if head.contains(&0) => Kind::Binary,
        _ => Kind::Text,
    };
    Ok((kind, data.len()))
}

/// All of a text file.
pub(super) fn whole(path: &Path) -> Result<String, String> {
    let (kind, size) = kind(path)?;
    if kind != Kind::Text {
        return Err(format!("`{}` is no text file", path.display()));
    }
    if size > LARGEST {
        return Err(format!(
            "`{}` has {size} bytes; at most {LARGEST} can be edited",
            path.display()
        ));
    }
    let bytes = fs::read(path).map_err(|error| said(path, &error))?;
    String::from_utf8(bytes).map_err(|_| format!("`{}` is not UTF-8", path.display()))
}

/// Replaces the file in one step, or creates it. A link stays a link; permissions stay.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), String> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let directory = target
        .parent()
        .ok_or_else(|| format!("`{}` is no file", path.display()))?;
    fs::create_dir_all(directory).map_err(|error| said(directory, &error))?;
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = directory.join(format!(".{name}.placet-{}", std::process::id()));
    let written = fs::write(&beside, text)
        .and_then(|()| match fs::metadata(&target) {
            Ok(data) => fs::set_permissions(&beside, data.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&beside, &target));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        said(&target, &error)
    })
}

pub(super) fn said(path: &Path, error: &std::io::Error) -> String {
    format!("`{}`: {error}", path.display())
}

/// At most so many bytes of the text, and whether something is missing.
pub(crate) fn cut(text: &str, most: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(most);
    (text.get(..end).unwrap_or_default(), end < text.len())
}
