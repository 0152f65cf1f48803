//! The chain: what makes a line a link of it. Not where lines are kept.
//!
//! A line is one JSON object that begins with `"seq"` and `"prev"` and ends with `"hash"`, and a line feed. The hash is
//! the SHA-256 of the line's exact bytes without its last field, that is of `{"seq":…}` with `,"hash":"…"` taken out and
//! without the line feed. `prev` is the hash of the line before; the first line has 64 zeros. By hand, for line 7:
//!
//! ```sh
//! sed -n 7p audit.jsonl | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum
//! ```
//!
//! prints the line's own `hash`, and line 8 names it as `prev`.

use crate::hash::{self, GENESIS};
use crate::json::Object;

/// A place in the chain: the number and hash of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The sequence number; 0 stands before the first record.
    pub seq: u64,
    /// The hash.
    pub hash: String,
}

impl Link {
    /// Before the first record.
    #[must_use]
    pub fn genesis() -> Self {
        Self {
            seq: 0,
            hash: GENESIS.to_owned(),
        }
    }

    /// Appends the line that follows this link to `out`, with its line feed; the new end of the chain.
    pub(crate) fn extend(&self, out: &mut String, fill: impl FnOnce(&mut Object<'_>)) -> Self {
        let start = out.len();
        let seq = self.seq.saturating_add(1);
        let mut object = Object::open(out);
        object.number("seq", seq);
        object.text("prev", &self.hash);
        fill(&mut object);
        object.close();
        let hash = hash::hex(&[out.as_bytes().get(start..).unwrap_or_default()]);
        out.pop();
        out.push_str(HASH_FIELD);
        out.push_str(&hash);
        out.push_str("\"}\n");
        Self { seq, hash }
    }
}

const HASH_FIELD: &str = ",\"hash\":\"";

/// The parts of a line that tie it into the chain, and whether they hold.
#[derive(Clone, Debug)]
pub(crate) struct Seal<'line> {
    pub(crate) seq: u64,
    pub(crate) prev: &'line str,
    pub(crate) hash: &'line str,
    /// The hash is that of the line.
    pub(crate) holds: bool,
}

impl<'line> Seal<'line> {
    /// The seal of a line (without its line feed); `None` if it is not written as a line of a log.
    pub(crate) fn of(line: &'line [u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let (number, rest) = line.strip_prefix("{\"seq\":")?.split_once(",\"prev\":\"")?;
        let prev = rest.get(..64).filter(|prev| hash::is_hash(prev))?;
        let tail = line.len().checked_sub(HASH_FIELD.len() + 64 + 2)?;
        let body = line.get(..tail)?;
        let hash = line
            .get(tail..)?
            .strip_prefix(HASH_FIELD)?
            .strip_suffix("\"}")
            .filter(|hash| hash::is_hash(hash))?;
        let canonical = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
        let seq = number.parse().ok().filter(|_| canonical)?;
        Some(Self {
            seq,
            prev,
            hash,
            holds: hash::hex(&[body.as_bytes(), b"}"]) == hash,
        })
    }

    /// Whether the line is whole and follows the link.
    pub(crate) fn follows(&self, link: &Link) -> bool {
        self.holds && Some(self.seq) == link.seq.checked_add(1) && self.prev == link.hash
    }

    pub(crate) fn link(&self) -> Link {
        Link {
            seq: self.seq,
            hash: self.hash.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_follows_the_one_before_and_any_change_breaks_it() {
        let mut out = String::new();
        let first = Link::genesis().extend(&mut out, |line| line.text("command", "ls"));
        let line = out.trim_end().as_bytes();
        let seal = Seal::of(line).unwrap();
        assert!(seal.follows(&Link::genesis()) && seal.link() == first);
        assert!(!seal.follows(&first));
        for at in 0..line.len() {
            let mut changed = line.to_vec();
            changed[at] ^= 1;
            assert!(
                Seal::of(&changed).is_none_or(|seal| !seal.follows(&Link::genesis())),
                "byte {at}"
            );
        }
    }
}
