//! Verifying: whether the log is what was written to it. Finds any edit, cut, gap, insertion and change of order, and says
//! where. It repairs nothing.
//!
//! The chain has no secret key. Whoever can write the log *and* its head file, and computes every hash anew, can tell
//! another story; so can whoever deletes both. Against that, keep the end of the chain ([`Verification::end`]) somewhere
//! else, and give it to [`verify`] later: it must still be in the log.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::chain::{Link, Seal};
use crate::files::Files;
use crate::head::{Found, Head};
use crate::reader::{Line, Lines};
use crate::{Entry, Error, hash};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verification {
    /// The files that were read, oldest first.
    pub files: Vec<PathBuf>,
    /// Records that hold.
    pub records: u64,
    /// Where the chain ends.
    pub end: Link,
    /// What is wrong. Empty means that the log is what was written to it.
    pub findings: Vec<Finding>,
    /// What is worth knowing and not wrong: traces of processes that died.
    pub notes: Vec<Finding>,
}

/// Something found at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: u64,
    /// What it is.
    pub problem: Problem,
}

/// What can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The record is not in the log any more that was there when the person noted it.
    Anchor(Link),
    /// The last records are gone.
    CutEnd {
        /// The first that is missing.
        from: u64,
        /// The last.
        to: u64,
    },
    /// The line was changed after it was written.
    Edited,
    /// The head file and the log end with different records of the same number.
    EndReplaced,
    /// Records are missing before this one.
    Gap {
        /// The first that is missing.
        from: u64,
        /// The last.
        to: u64,
    },
    /// The head file is older than the log by these many records.
    HeadBehind(u64),
    /// An append found the head file gone, unreadable, or naming more than there was.
    HeadLost,
    /// There is no head file, so a cut at the end could not be told.
    HeadMissing,
    /// The head file is not what was written.
    HeadUnreadable,
    /// The file is not as long as the head file says.
    Length {
        /// By the head.
        expected: u64,
        /// Of the records.
        found: u64,
    },
    /// The file was renamed: it begins with another record than its name says.
    Misnamed,
    /// The line is no record.
    NoRecord,
    /// The record was written before, or belongs further up.
    OutOfOrder {
        /// Its number.
        seq: u64,
    },
    /// The number is right, but it does not follow the record before it: one of the two was put in another's place.
    Replaced {
        /// Its number.
        seq: u64,
    },
    /// Half a record of a process that died.
    Torn,
    /// The line says that half a record stands before it, and none does, or another.
    TornMissing,
}

impl Verification {
    /// Nothing is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Reads the whole log and checks every link. `anchor` is a link that a person noted earlier and that must still be there.
///
/// # Errors
/// When the log cannot be read, or there is none.
pub fn verify(path: &Path, anchor: Option<&Link>) -> Result<Verification, Error> {
    let files = Files::of(path);
    let snapshot = Snapshot::take(&files)?;
    let mut check = Check::default();
    let mut read = Vec::new();
    for (first, mut lines) in snapshot.files {
        read.push(lines.path().to_path_buf());
        check.file(first, &mut lines, anchor)?;
    }
    check.finish(&files, &snapshot.head, anchor);
    Ok(Verification {
        files: read,
        records: check.records,
        end: check.link,
        findings: check.findings,
        notes: check.notes,
    })
}

/// How long to wait for a process that appends. Then the log is read all the same.
const PATIENCE: Duration = Duration::from_secs(2);

/// The files and the head as they were at one moment, so that appends meanwhile do not look like damage.
struct Snapshot {
    head: Found,
    /// Each with the number of its first record, as far as its name says it.
    files: Vec<(Option<u64>, Lines)>,
}

impl Snapshot {
    fn take(files: &Files) -> Result<Self, Error> {
        // Where the lock cannot be had (a copy of the log on a read-only disk), nobody appends either.
        let lock = File::open(&files.lock).ok();
        if let Some(lock) = &lock {
            let begun = Instant::now();
            while lock.try_lock_shared().is_err() && begun.elapsed() < PATIENCE {
                thread::sleep(Duration::from_millis(1));
            }
        }
        let head = Head::read(&files.head)?;
        let full = files.all_full().map_err(Error::io("read", files.directory()))?;
        let mut open = Vec::new();
        for (first, path) in full {
            open.push((Some(first), Lines::open(&path)?));
        }
        match File::open(&files.active) {
            Ok(file) => {
                let length = file.metadata().map_err(Error::io("read", &files.active))?.len();
                open.push((None, Lines::up_to(file, &files.active, length)));
            }
            // Set aside by a process that died before it began the next; or deleted, which the head tells.
            Err(_) if !open.is_empty() || head != Found::Missing => {}
            Err(error) => return Err(Error::io("open", &files.active)(error)),
        }
        Ok(Self { head, files: open })
    }
}

struct Check {
    /// The end of the chain so far.
    link: Link,
    /// What the line that did not follow claims to be: the next one may follow it instead.
    claim: Option<Link>,
    /// Links that the head may name although the log is further.
    recent: Vec<Link>,
    /// The lines since the last that followed, and what they would be if no torn record accounts for them.
    loose: Vec<u8>,
    pending: Vec<Finding>,
    records: u64,
    /// Bytes of the last file up to and with its last record, and the number of its first.
    good: u64,
    first: Option<u64>,
    seen_anchor: bool,
    findings: Vec<Finding>,
    notes: Vec<Finding>,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            link: Link::genesis(),
            claim: None,
            recent: vec![Link::genesis()],
            loose: Vec::new(),
            pending: Vec::new(),
            records: 0,
            good: 0,
            first: None,
            seen_anchor: false,
            findings: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// How far the head may be behind: one record, and what the same append had to say before it.
const BEHIND: u64 = 3;

impl Check {
    fn file(&mut self, named: Option<u64>, lines: &mut Lines, anchor: Option<&Link>) -> Result<(), Error> {
        // A file that was begun and holds nothing yet says nothing of where the chain ends.
        let before = (self.good, self.first);
        (self.good, self.first) = (0, None);
        let mut offset = 0;
        while let Some(line) = lines.next_line()? {
            offset += line.bytes.len() as u64;
            let seal = Seal::of(line.body());
            if let Some(seal) = &seal
                && self.first.is_none()
            {
                self.first = Some(seal.seq);
                if named.is_some_and(|named| named != seal.seq) {
                    self.findings.push(finding(&line, Problem::Misnamed));
                }
            }
            self.line(&line, seal.as_ref(), anchor);
            if self.loose.is_empty() {
                self.good = offset;
            }
        }
        if offset == 0 {
            (self.good, self.first) = before;
        }
        Ok(())
    }

    fn line(&mut self, line: &Line, seal: Option<&Seal<'_>>, anchor: Option<&Link>) {
        let Some(seal) = seal else {
            self.pending.push(finding(line, Problem::NoRecord));
            self.loose.extend_from_slice(&line.bytes);
            return;
        };
        let after_claim = self.claim.as_ref().is_some_and(|claim| seal.follows(claim));
        if !seal.follows(&self.link) && !after_claim {
            let expected = self.link.seq.saturating_add(1);
            let problem = if !seal.holds {
                Problem::Edited
            } else if seal.seq > expected {
                Problem::Gap {
                    from: expected,
                    to: seal.seq - 1,
                }
            } else if seal.seq < expected {
                Problem::OutOfOrder { seq: seal.seq }
            } else {
                Problem::Replaced { seq: seal.seq }
            };
            self.pending.push(finding(line, problem));
            self.loose.extend_from_slice(&line.bytes);
            self.claim = Some(seal.link());
            return;
        }
        let entry = line.entry().unwrap_or_default();
        if after_claim {
            self.settle();
        } else if !self.loose.is_empty() || entry.kind == "torn" {
            self.torn(line, &entry);
        }
        if entry.kind == "head-lost" {
            self.findings.push(finding(line, Problem::HeadLost));
        }
        self.claim = None;
        self.link = seal.link();
        self.records += 1;
        self.seen_anchor |= anchor == Some(&self.link);
        self.recent.push(self.link.clone());
        if self.recent.len() as u64 > BEHIND + 1 {
            self.recent.remove(0);
        }
    }

    /// The chain goes on behind loose lines: a torn record may account for them.
    fn torn(&mut self, line: &Line, entry: &Entry) {
        let accounted = entry.kind == "torn" && named_by(entry, &self.loose);
        if accounted && is_half(&self.loose) {
            let place = self
                .pending
                .first()
                .cloned()
                .unwrap_or_else(|| finding(line, Problem::Torn));
            self.notes.push(Finding {
                problem: Problem::Torn,
                ..place
            });
            self.pending.clear();
            self.loose.clear();
            return;
        }
        self.settle();
        if entry.kind == "torn" && !accounted {
            self.findings.push(finding(line, Problem::TornMissing));
        }
    }

    /// The loose lines are what they look like.
    fn settle(&mut self) {
        self.findings.append(&mut self.pending);
        self.loose.clear();
    }

    fn finish(&mut self, files: &Files, head: &Found, anchor: Option<&Link>) {
        let whole = |problem: Problem| Finding {
            file: files.active.clone(),
            line: 0,
            problem,
        };
        let half = is_half(&self.loose) && !self.loose.ends_with(b"\n");
        if let (true, Some(place)) = (half, self.pending.first().cloned()) {
            self.notes.push(Finding {
                problem: Problem::Torn,
                ..place
            });
            self.pending.clear();
        }
        // What the last line claims to be is all that the head can be compared with.
        if let Some(claim) = self.claim.take() {
            self.link = claim;
        }
        self.settle();
        let ends = &self.link;
        match head {
            Found::Missing if self.records == 0 && self.findings.is_empty() => {}
            Found::Missing => self.findings.push(whole(Problem::HeadMissing)),
            Found::Unreadable => self.findings.push(whole(Problem::HeadUnreadable)),
            Found::Head(head) if head.link == *ends => {
                let fresh = head.link.seq == 0 && head.first == 1;
                if !self.findings.is_empty() {
                    // What was changed within the log also changed its length; that is said already.
                } else if head.bytes != self.good {
                    self.findings.push(whole(Problem::Length {
                        expected: head.bytes,
                        found: self.good,
                    }));
                } else if self.first != Some(head.first) && !fresh {
                    self.findings.push(whole(Problem::HeadUnreadable));
                }
            }
            Found::Head(head) if head.link.seq > ends.seq => {
                self.findings.push(whole(Problem::CutEnd {
                    from: ends.seq.saturating_add(1),
                    to: head.link.seq,
                }));
            }
            Found::Head(head) if self.recent.contains(&head.link) => {
                self.notes.push(whole(Problem::HeadBehind(ends.seq - head.link.seq)));
            }
            Found::Head(_) => self.findings.push(whole(Problem::EndReplaced)),
        }
        if let Some(anchor) = anchor
            && !self.seen_anchor
            && *anchor != Link::genesis()
        {
            self.findings.push(whole(Problem::Anchor(anchor.clone())));
        }
    }
}

fn finding(line: &Line, problem: Problem) -> Finding {
    Finding {
        file: line.path.to_path_buf(),
        line: line.number,
        problem,
    }
}

/// Whether the torn record names exactly these bytes.
fn named_by(entry: &Entry, loose: &[u8]) -> bool {
    let Ok(fields) = serde_json::from_str::<serde_json::Value>(&entry.raw) else {
        return false;
    };
    let bytes = fields.get("bytes").and_then(serde_json::Value::as_u64);
    let sum = fields.get("sha256").and_then(serde_json::Value::as_str);
    bytes == Some(loose.len() as u64) && sum == Some(hash::hex(&[loose]).as_str())
}

/// Whether every line is the beginning of a record and no more: what a process leaves that dies while it writes.
fn is_half(loose: &[u8]) -> bool {
    const BEGINNING: &[u8] = b"{\"seq\":";
    let text = loose.strip_suffix(b"\n").unwrap_or(loose);
    !loose.is_empty()
        && text.split(|byte| *byte == b'\n').all(|line| {
            let begins = line.starts_with(BEGINNING) || BEGINNING.starts_with(line);
            begins && Seal::of(line).is_none()
        })
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.file.display(), self.problem),
            line => write!(out, "{}, line {line}: {}", self.file.display(), self.problem),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records = |out: &mut fmt::Formatter<'_>, from: u64, to: u64| {
            if from == to {
                write!(out, "record {from} is missing")
            } else {
                write!(out, "records {from} to {to} are missing")
            }
        };
        match self {
            Self::Anchor(link) => write!(
                out,
                "record {} with the hash that was noted is not in the log",
                link.seq
            ),
            Self::CutEnd { from, to } => {
                out.write_str("the end was cut off: ")?;
                records(out, *from, *to)
            }
            Self::Edited => out.write_str("the record was changed after it was written"),
            Self::EndReplaced => {
                out.write_str("the last records are not those that were written: the head file names others")
            }
            Self::Gap { from, to } => {
                records(out, *from, *to)?;
                out.write_str(" before this one")
            }
            Self::HeadBehind(count) => write!(
                out,
                "the head file is {count} behind: a process died before it could write it"
            ),
            Self::HeadLost => {
                out.write_str("the head file was gone or did not agree with the log when this was written")
            }
            Self::HeadMissing => out.write_str("the head file is missing: a cut at the end could not be told"),
            Self::HeadUnreadable => out.write_str("the head file was changed: a cut at the end could not be told"),
            Self::Length { expected, found } => write!(
                out,
                "the file holds {found} bytes of records where {expected} were written"
            ),
            Self::Misnamed => {
                out.write_str("the file was renamed: it does not begin with the record that its name says")
            }
            Self::NoRecord => out.write_str("the line is no record"),
            Self::OutOfOrder { seq } => write!(out, "record {seq} stands here again, or in the wrong place"),
            Self::Replaced { seq } => write!(
                out,
                "record {seq} does not follow the one before it: one of them was put in another's place"
            ),
            Self::Torn => out.write_str("half a record of a process that died; it was never reported as written"),
            Self::TornMissing => out.write_str("the half record that this line speaks of is not there, or was changed"),
        }
    }
}
