//! Git's index, versions 2 to 4, read by a bounded reader that refuses what it does not fully understand: split
//! indexes, impossible lengths. What a refusal means is for the caller; it is never "not tracked".

/// The tracked files, sorted by path.
#[derive(Debug)]
pub struct Index {
    entries: Vec<Entry>,
    paths: Vec<u8>,
    equals_a_tree: bool,
}

/// One tracked file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Seconds and nanoseconds of the last change of the file's attributes when it was last seen equal.
    pub changed: (u32, u32),
    /// The same of its content.
    pub modified: (u32, u32),
    /// The file's size then, cut to 32 bits; 0 also where git wants the content compared.
    pub size: u32,
    /// A symbolic link.
    pub is_link: bool,
    /// Part of a conflict that is not resolved.
    pub in_conflict: bool,
    /// Only announced by `git add -N`: its content is nowhere.
    pub is_announced: bool,
    /// The object's name, 20 or 32 bytes.
    pub object: Vec<u8>,
    path: (usize, usize),
}

const LINK: u32 = 0o120_000;
const KIND: u32 = 0o170_000;

impl Index {
    /// Reads an index whose object names have `object_length` bytes; `None` if it is not fully understood.
    pub fn parse(bytes: &[u8], object_length: usize) -> Option<Self> {
        let mut input = Input(bytes);
        if input.take(4)? != b"DIRC" {
            return None;
        }
        let version = input.number()?;
        if !(2..=4).contains(&version) {
            return None;
        }
        let count = usize::try_from(input.number()?).ok()?;
        // The smallest entry is larger than this: a count that can't be true is refused before memory is taken.
        if count > bytes.len() / 60 {
            return None;
        }
        let mut index = Self {
            entries: Vec::with_capacity(count),
            paths: Vec::with_capacity(bytes.len() / 2),
            equals_a_tree: false,
        };
        let mut previous: Vec<u8> = Vec::new();
        for _ in 0..count {
            index.read_entry(&mut input, version, object_length, &mut previous)?;
        }
        index.equals_a_tree = extensions(input, object_length)?;
        Some(index)
    }

    /// An index that tracks nothing.
    pub fn empty() -> Self {
        Self {
            entries: Vec::new(),
            paths: Vec::new(),
            equals_a_tree: true,
        }
    }

    /// The file with this path relative to the work tree.
    pub fn find(&self, path: &str) -> Option<&Entry> {
        let at = self.entries.partition_point(|entry| self.path(entry) < path.as_bytes());
        self.entries.get(at).filter(|entry| self.path(entry) == path.as_bytes())
    }

    /// Whether a file below this directory is tracked; the empty path is the work tree.
    pub fn has_below(&self, directory: &str) -> bool {
        if directory.is_empty() {
            return !self.entries.is_empty();
        }
        let prefix = format!("{directory}/");
        let at = self
            .entries
            .partition_point(|entry| self.path(entry) < prefix.as_bytes());
        self.entries
            .get(at)
            .is_some_and(|entry| self.path(entry).starts_with(prefix.as_bytes()))
    }

    /// The tracked files at or below this path, with their entries; the empty path is the work tree.
    pub fn below(&self, path: &str) -> impl Iterator<Item = (&[u8], &Entry)> {
        let at = if path.is_empty() {
            0
        } else {
            self.entries.partition_point(|entry| self.path(entry) < path.as_bytes())
        };
        let inside = move |tracked: &[u8]| {
            path.is_empty()
                || tracked
                    .strip_prefix(path.as_bytes())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        };
        let candidate = move |tracked: &[u8]| path.is_empty() || tracked.starts_with(path.as_bytes());
        self.entries
            .iter()
            .skip(at)
            .map(|entry| (self.path(entry), entry))
            .take_while(move |(tracked, _)| candidate(tracked))
            .filter(move |(tracked, _)| inside(tracked))
    }

    /// Whether git noted that the whole index equals a tree object: then nothing is staged that was never committed.
    pub fn equals_a_tree(&self) -> bool {
        self.equals_a_tree
    }

    fn path(&self, entry: &Entry) -> &[u8] {
        self.paths.get(entry.path.0..entry.path.1).unwrap_or_default()
    }

    fn read_entry(
        &mut self,
        input: &mut Input<'_>,
        version: u32,
        object_length: usize,
        previous: &mut Vec<u8>,
    ) -> Option<()> {
        let start = input.0.len();
        let changed = (input.number()?, input.number()?);
        let modified = (input.number()?, input.number()?);
        input.take(8)?; // device, inode
        let mode = input.number()?;
        input.take(8)?; // owner, group
        let size = input.number()?;
        let object = input.take(object_length)?.to_vec();
        let flags = input.short()?;
        let extended = if flags & 0x4000 == 0 {
            0
        } else if version >= 3 {
            input.short()?
        } else {
            return None;
        };
        if version == 4 {
            let drop = input.varint()?;
            previous.truncate(previous.len().checked_sub(drop)?);
            previous.extend_from_slice(input.until_zero()?);
        } else {
            previous.clear();
            previous.extend_from_slice(input.until_zero()?);
            // Entries are padded with zeros to a multiple of eight; the one that ends the path counts.
            let length = start.checked_sub(input.0.len())?;
            input.take(length.next_multiple_of(8).checked_sub(length)?)?;
        }
        let from = self.paths.len();
        self.paths.extend_from_slice(previous);
        let entry = Entry {
            changed,
            modified,
            size,
            is_link: mode & KIND == LINK,
            in_conflict: flags & 0x3000 != 0,
            is_announced: extended & 0x2000 != 0,
            object,
            path: (from, self.paths.len()),
        };
        // `find` relies on the order, so an index out of order is refused.
        if self
            .entries
            .last()
            .is_some_and(|last| self.path(last) > self.path(&entry))
        {
            return None;
        }
        self.entries.push(entry);
        Some(())
    }
}

/// Walks the extensions: whether the root of the cached trees is valid. A `link` with a base means that most entries are in
/// another file; then nothing is understood.
fn extensions(mut input: Input<'_>, object_length: usize) -> Option<bool> {
    let mut root_is_valid = false;
    while input.0.len() > object_length {
        let name = input.take(4)?;
        let length = usize::try_from(input.number()?).ok()?;
        let data = input.take(length)?;
        if name == b"link" && data.iter().take(object_length).any(|&byte| byte != 0) {
            return None;
        }
        if name == b"TREE" {
            root_is_valid = is_root_valid(data);
        }
    }
    Some(root_is_valid)
}

/// The first entry of the cached trees is the root: an empty path, a zero, the number of entries (-1 if invalid).
fn is_root_valid(data: &[u8]) -> bool {
    data.strip_prefix(b"\0")
        .and_then(|rest| rest.first())
        .is_some_and(u8::is_ascii_digit)
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// Git's offset encoding: seven bits a byte, each continuation adds one.
    fn varint(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        loop {
            let &byte = self.take(1)?.first()?;
            value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
        }
    }

    fn until_zero(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|&byte| byte == 0)?;
        let text = self.take(end)?;
        self.take(1)?;
        Some(text)
    }
}
