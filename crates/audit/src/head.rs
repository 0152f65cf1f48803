//! The head: a small file that says where the chain ends, so that a log whose end was cut off is noticed. It is not
//! trusted for anything else: the log itself is the evidence.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::chain::Link;
use crate::files::Files;
use crate::{Error, hash};

/// Bytes of the file: more than the longest head.
const WIDTH: u64 = 192;

/// Where the chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The last record.
    pub(crate) link: Link,
    /// The number of the first record in the file that is written to.
    pub(crate) first: u64,
    /// How long that file is.
    pub(crate) bytes: u64,
}

/// What was found in the head's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Head(Head),
    Missing,
    /// Something else is in its place.
    Unreadable,
}

impl Head {
    pub(crate) fn genesis() -> Self {
        Self {
            link: Link::genesis(),
            first: 1,
            bytes: 0,
        }
    }

    pub(crate) fn read(path: &Path) -> Result<Found, Error> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
            Err(error) => return Err(Error::io("read", path)(error)),
        };
        Ok(Self::parse(&bytes).map_or(Found::Unreadable, Found::Head))
    }

    /// Writes the head, over the one before and just as long, so that it needs no more room on the disk. One small
    /// write in place takes a fraction of what a new file and its renaming take; whoever reads holds the lock, and a head
    /// that a power cut left half written is unreadable, which the next append says in the log.
    pub(crate) fn put(&self, files: &Files) -> Result<(), Error> {
        let path = &files.head;
        let text = self.text();
        open_private(path, OpenOptions::new().write(true).truncate(false))
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                // Something else may have been in its place, and longer.
                if file.metadata()?.len() > WIDTH {
                    file.set_len(WIDTH)
                } else {
                    Ok(())
                }
            })
            .map_err(Error::io("write", path))
    }

    fn text(&self) -> String {
        let Self { link, first, bytes } = self;
        let fields = format!(
            "{{\"seq\":{},\"hash\":\"{}\",\"first\":{first},\"bytes\":{bytes}}}",
            link.seq, link.hash
        );
        let blanks = usize::try_from(WIDTH).unwrap_or_default().saturating_sub(1);
        format!("{fields:blanks$}\n")
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (seq, rest) = text.strip_prefix("{\"seq\":")?.split_once(",\"hash\":\"")?;
        let (hash, rest) = rest.split_once("\",\"first\":")?;
        let (first, rest) = rest.split_once(",\"bytes\":")?;
        let link = Link {
            seq: seq.parse().ok()?,
            hash: hash.to_owned(),
        };
        let head = Self {
            link,
            first: first.parse().ok()?,
            bytes: rest
                .strip_suffix('\n')?
                .trim_end_matches(' ')
                .strip_suffix('}')?
                .parse()
                .ok()?,
        };
        (hash::is_hash(hash) && head.text() == text).then_some(head)
    }
}

/// Opens a file that only its owner may read, and creates it so.
pub(crate) fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_and_anything_else_is_unreadable() {
        let head = Head {
            link: Link {
                seq: 7,
                hash: hash::hex(&[b"x"]),
            },
            first: 3,
            bytes: 99,
        };
        assert_eq!(Head::parse(head.text().as_bytes()), Some(head.clone()));
        for text in [
            "",
            "{}",
            "{\"seq\":7}",
            &head.text().replace('7', "07"),
            &head.text().to_uppercase(),
            &format!(" {}", head.text()),
        ] {
            assert_eq!(Head::parse(text.as_bytes()), None, "{text}");
        }
    }
}
