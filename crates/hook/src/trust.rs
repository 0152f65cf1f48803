//! Which policy files of projects the user trusts: by place *and* content, so that a pulled change has to be trusted
//! anew. What trust means for a rule is decided in the engine.
//!
//! One line per file in `trust` below the state directory: the SHA-256 of the content, two blanks, the path.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use placet_engine::Failure;
use sha2::{Digest, Sha256};

use crate::{Places, policies};

/// Whether the user trusts this content at this place.
///
/// # Errors
/// When the list exists and can't be read.
pub fn is_trusted(places: &Places, path: &Path, text: &str) -> Result<bool, Failure> {
    let Some(list) = policies::read(&list(places))? else {
        return Ok(false);
    };
    let wanted = line(path, text);
    Ok(list.lines().any(|line| line == wanted))
}

/// Trusts this content at this place; an older trust in the same place ends.
///
/// # Errors
/// When the list can't be read or written.
pub fn trust(places: &Places, path: &Path, text: &str) -> Result<(), Failure> {
    change(places, path, Some(&line(path, text)))
}

/// Ends the trust in a file.
///
/// # Errors
/// When the list can't be read or written.
pub fn distrust(places: &Places, path: &Path) -> Result<(), Failure> {
    change(places, path, None)
}

fn change(places: &Places, path: &Path, add: Option<&str>) -> Result<(), Failure> {
    let file = list(places);
    let old = policies::read(&file)?.unwrap_or_default();
    let ending = format!("  {}", path.display());
    let mut new: String = old
        .lines()
        .filter(|line| !line.ends_with(&ending))
        .flat_map(|line| [line, "\n"])
        .collect();
    if let Some(line) = add {
        new.push_str(line);
        new.push('\n');
    }
    let beside = file.with_extension("new");
    let written = fs::create_dir_all(&places.state)
        .and_then(|()| fs::File::create(&beside))
        .and_then(|mut out| out.write_all(new.as_bytes()).and_then(|()| out.sync_all()))
        .and_then(|()| fs::rename(&beside, &file));
    written.map_err(|error| Failure::BrokenState(format!("`{}`: {error}", file.display())))
}

fn list(places: &Places) -> PathBuf {
    Path::new(&places.state).join("trust")
}

fn line(path: &Path, text: &str) -> String {
    use core::fmt::Write as _;
    let mut line = String::with_capacity(128);
    for byte in Sha256::digest(text) {
        // Writing to a string can't fail.
        let _ = write!(line, "{byte:02x}");
    }
    let _ = write!(line, "  {}", path.display());
    line
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{distrust, is_trusted, trust};
    use crate::Places;

    #[test]
    fn trust_holds_for_one_content_at_one_place() {
        let home = tempfile::tempdir().unwrap();
        let text = home.path().to_str().unwrap().to_owned();
        let places = Places::of(&|name: &str| (name == "HOME").then(|| text.clone())).unwrap();
        let (here, there) = (Path::new("/p/.placet/policy.toml"), Path::new("/q/.placet/policy.toml"));
        assert!(!is_trusted(&places, here, "a").unwrap());
        trust(&places, here, "a").unwrap();
        trust(&places, there, "b").unwrap();
        assert!(is_trusted(&places, here, "a").unwrap());
        assert!(!is_trusted(&places, here, "b").unwrap());
        assert!(!is_trusted(&places, there, "a").unwrap());
        trust(&places, here, "b").unwrap();
        assert!(!is_trusted(&places, here, "a").unwrap(), "the older trust ended");
        distrust(&places, here).unwrap();
        assert!(!is_trusted(&places, here, "b").unwrap());
        assert!(is_trusted(&places, there, "b").unwrap());
    }
}
