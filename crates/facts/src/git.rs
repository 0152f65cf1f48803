//! One git work tree, read from its files: discovery, index, ignore files, configuration, branches. Git itself is never
//! run: a repository can be configured to execute code when it is.

mod config;
pub mod embedded;
mod ignores;
mod index;
mod programs;

use std::cell::{Cell, OnceCell};
use std::fs::Metadata;

use placet_model::{Repository, Standing};
use placet_patterns::Case;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::{disk, paths};
use config::Config;
use ignores::Ignores;
use index::{Entry, Index};

/// A larger index is not read: about half a million files.
const INDEX_LIMIT: u64 = 64 << 20;
/// A larger file is not hashed to find out whether it changed.
const HASH_LIMIT: u64 = 16 << 20;
/// No more than this is hashed for one decision.
const HASH_BUDGET: u64 = 64 << 20;
/// `HEAD`, `commondir` and their like are a line.
const LINE_LIMIT: u64 = 64 << 10;
const PACKED_LIMIT: u64 = 16 << 20;

/// A git work tree. Everything beyond its place is read when it is first asked for.
#[derive(Debug)]
pub struct WorkTree {
    root: String,
    home: String,
    /// This work tree's own directory: index, `HEAD`.
    git_dir: String,
    /// The directory shared by all work trees: configuration, references, `info/exclude`.
    common_dir: String,
    config: OnceCell<Config>,
    index: OnceCell<Option<ReadIndex>>,
    ignores: OnceCell<Ignores>,
    /// What may still be hashed, in bytes.
    hash_left: Cell<u64>,
}

/// The index, and when it was written.
#[derive(Debug)]
struct ReadIndex {
    entries: Index,
    written: Option<(u32, u32)>,
}

impl WorkTree {
    /// The work tree whose root is exactly this directory.
    pub fn at(root: &str, home: &str) -> Option<Self> {
        let dot_git = paths::join(root, ".git");
        let disk::Found::Entry(metadata) = disk::look(&dot_git) else {
            return None;
        };
        let git_dir = if metadata.is_file() {
            let text = disk::read_text(&dot_git, LINE_LIMIT)?;
            paths::absolute(text.strip_prefix("gitdir:")?.trim(), root, home)
        } else {
            dot_git
        };
        // Git wants at least a HEAD before it takes a directory for a repository.
        let disk::Found::Entry(_) = disk::look(&paths::join(&git_dir, "HEAD")) else {
            return None;
        };
        let common_dir = disk::read_text(&paths::join(&git_dir, "commondir"), LINE_LIMIT)
            .map_or_else(|| git_dir.clone(), |text| paths::absolute(text.trim(), &git_dir, home));
        Some(Self {
            root: root.to_owned(),
            home: home.to_owned(),
            git_dir,
            common_dir,
            config: OnceCell::new(),
            index: OnceCell::new(),
            ignores: OnceCell::new(),
            hash_left: Cell::new(HASH_BUDGET),
        })
    }

    /// The directory that git keeps its own files in.
    pub fn git_dir(&self) -> &str {
        &self.git_dir
    }

    /// The directory that holds `.git`.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// How a file stands, if it is tracked: clean, dirty, or unknown if that can't be told. `None`: it is not tracked.
    ///
    /// `path` is relative to the root; `metadata` is that of the file itself, links not followed.
    pub fn tracked(&self, path: &str, metadata: &Metadata) -> Option<Standing> {
        let Some(index) = self.index() else {
            return Some(Standing::Unknown);
        };
        let entry = index.entries.find(path)?;
        if entry.is_announced {
            return None;
        }
        if entry.in_conflict || entry.is_link != metadata.is_symlink() || metadata.is_dir() {
            return Some(Standing::Dirty);
        }
        let size_differs = u64::from(entry.size) != metadata.len() & u64::from(u32::MAX);
        if size_differs && entry.size != 0 {
            return Some(Standing::Dirty);
        }
        // A file that changed in the moment in which the index was written looks unchanged: git calls that racy.
        let is_racy = index.written.is_none_or(|written| entry.modified >= written);
        let is_untouched = disk::modified(metadata) == Some(entry.modified)
            && disk::changed(metadata).is_none_or(|changed| changed == entry.changed);
        if !size_differs && !is_racy && is_untouched {
            return Some(Standing::Clean);
        }
        Some(match self.object_name(path, entry, metadata) {
            Some(object) if object == entry.object => Standing::Clean,
            Some(_) => Standing::Dirty,
            None => Standing::Unknown,
        })
    }

    /// How many tracked files at or below the path (relative to the root, empty for all) hold something that the last
    /// commit does not, with some of their names; `None` if that can't be told.
    ///
    /// Where something may be staged, nothing can be told: what is staged is in no commit, and comparing it would mean
    /// reading packed objects. Git itself keeps in the index whether it equals a tree that was written.
    pub fn uncommitted(&self, path: &str, most: usize) -> Option<(u32, Vec<String>)> {
        let index = self.index()?;
        let (mut files, mut names) = (0_u32, Vec::new());
        let mut before: &[u8] = &[];
        for (tracked, entry) in index.entries.below(path) {
            // A file in conflict has an entry for each side.
            if entry.in_conflict && tracked == std::mem::replace(&mut before, tracked) {
                continue;
            }
            let tracked = std::str::from_utf8(tracked).ok()?;
            let standing = match disk::look(&paths::join(&self.root, tracked)) {
                // A deletion loses nothing when it is undone.
                disk::Found::Nothing if !entry.in_conflict => continue,
                disk::Found::Nothing => Standing::Dirty,
                disk::Found::Hidden => return None,
                disk::Found::Entry(metadata) => self.tracked(tracked, &metadata).unwrap_or(Standing::Untracked),
            };
            match standing {
                Standing::Clean | Standing::Session | Standing::Regenerable | Standing::Missing => {}
                Standing::Dirty | Standing::Untracked | Standing::Unknown => {
                    files = files.saturating_add(1);
                    if names.len() < most {
                        names.push(tracked.to_owned());
                    }
                }
            }
        }
        (files > 0 || index.entries.equals_a_tree()).then_some((files, names))
    }

    /// Whether something at or below the path may be staged that no commit holds; `true` also if that can't be told.
    pub fn may_be_staged(&self, path: &str) -> bool {
        self.index()
            .is_none_or(|index| !index.entries.equals_a_tree() && index.entries.below(path).next().is_some())
    }

    /// Whether anything below the directory is tracked; `true` also if that can't be told.
    pub fn tracks_below(&self, directory: &str) -> bool {
        self.index().is_none_or(|index| index.entries.has_below(directory))
    }

    /// Whether git ignores the path, relative to the root, as far as it is not tracked.
    pub fn ignores(&self, path: &str, is_directory: bool) -> bool {
        self.ignores
            .get_or_init(|| {
                let config = self.config();
                let case = if config.is_true("core.ignorecase") {
                    Case::Insensitive
                } else {
                    Case::Sensitive
                };
                let general = vec![paths::join(&self.common_dir, "info/exclude"), self.excludes_file()];
                Ignores::new(&self.root, case, general)
            })
            .covers(path, is_directory)
    }

    /// Branch, remotes and what the repository makes git run.
    ///
    /// Programs come from the repository's own configuration only: the user's own is the user's choice.
    pub fn describe(&self) -> Repository {
        let config = self.config();
        let mut remotes: Vec<(String, String)> = Vec::new();
        for (key, value) in config.iter() {
            let Some(name) = key.strip_prefix("remote.").and_then(|rest| rest.strip_suffix(".url")) else {
                continue;
            };
            if !remotes.iter().any(|(known, _)| known == name) {
                remotes.push((name.to_owned(), value.to_owned()));
            }
        }
        let first = remotes
            .iter()
            .find(|(name, _)| name == "origin")
            .or(remotes.first())
            .map(|(name, _)| name.clone());
        let branch = self
            .symbolic_ref(&self.git_dir, "HEAD", "refs/heads/")
            .filter(|name| name != ".invalid");
        let follows = branch.as_ref().and_then(|branch| {
            let setting = |key: &str| config.last(&format!("branch.{branch}.{key}")).map(str::to_owned);
            Some((setting("remote")?, setting("merge")?))
        });
        Repository {
            root: self.root.clone(),
            branch,
            default_branch: first.and_then(|remote| self.default_branch(&remote)),
            remotes,
            follows,
            programs: config
                .iter()
                .filter(|(key, value)| programs::runs_program(key, value))
                .map(|(key, value)| format!("{key}={value}"))
                .collect(),
        }
    }

    fn config(&self) -> &Config {
        self.config.get_or_init(|| {
            let mut config = Config::read(&paths::join(&self.common_dir, "config"), &self.home);
            if config.is_true("extensions.worktreeconfig") {
                config.extend(Config::read(&paths::join(&self.git_dir, "config.worktree"), &self.home));
            }
            config
        })
    }

    fn index(&self) -> Option<&ReadIndex> {
        self.index
            .get_or_init(|| {
                let file = paths::join(&self.git_dir, "index");
                let metadata = match disk::look(&file) {
                    disk::Found::Entry(metadata) => metadata,
                    // A repository without an index tracks nothing.
                    disk::Found::Nothing => {
                        return Some(ReadIndex {
                            entries: Index::empty(),
                            written: None,
                        });
                    }
                    disk::Found::Hidden => return None,
                };
                let entries = Index::parse(&disk::read(&file, INDEX_LIMIT)?, self.object_length())?;
                Some(ReadIndex {
                    entries,
                    written: disk::modified(&metadata),
                })
            })
            .as_ref()
    }

    fn object_length(&self) -> usize {
        let format = self.config().last("extensions.objectformat").unwrap_or_default();
        if format.eq_ignore_ascii_case("sha256") { 32 } else { 20 }
    }

    /// The name that git would give to the file's present content, filters left out.
    fn object_name(&self, path: &str, entry: &Entry, metadata: &Metadata) -> Option<Vec<u8>> {
        let left = self.hash_left.get().checked_sub(metadata.len())?;
        if metadata.len() > HASH_LIMIT {
            return None;
        }
        self.hash_left.set(left);
        let file = paths::join(&self.root, path);
        if entry.object.len() == 32 {
            blob_name::<Sha256>(&file, metadata)
        } else {
            blob_name::<Sha1>(&file, metadata)
        }
    }

    fn excludes_file(&self) -> String {
        let xdg = std::env::var("XDG_CONFIG_HOME")
            .ok()
            .filter(|value| value.starts_with('/'));
        let config_home = xdg.unwrap_or_else(|| paths::join(&self.home, ".config"));
        let named = self.config().last("core.excludesfile").map(str::to_owned);
        let named = named
            .or_else(|| user_setting(&paths::join(&self.home, ".gitconfig"), &self.home))
            .or_else(|| user_setting(&paths::join(&config_home, "git/config"), &self.home));
        named.map_or_else(
            || paths::join(&config_home, "git/ignore"),
            |path| paths::absolute(&path, &self.root, &self.home),
        )
    }

    /// The default branch: where the remote's `HEAD` points, or the usual name that the remote has.
    fn default_branch(&self, remote: &str) -> Option<String> {
        let prefix = format!("refs/remotes/{remote}/");
        if let Some(branch) = self.symbolic_ref(&self.common_dir, &format!("{prefix}HEAD"), &prefix) {
            return Some(branch);
        }
        let packed = disk::read_text(&paths::join(&self.common_dir, "packed-refs"), PACKED_LIMIT).unwrap_or_default();
        ["main", "master"].into_iter().map(str::to_owned).find(|branch| {
            let name = format!("{prefix}{branch}");
            matches!(disk::look(&paths::join(&self.common_dir, &name)), disk::Found::Entry(_))
                || packed
                    .lines()
                    .any(|line| line.split_once(' ').is_some_and(|(_, found)| found == name))
        })
    }

    fn symbolic_ref(&self, directory: &str, file: &str, prefix: &str) -> Option<String> {
        let text = disk::read_text(&paths::join(directory, file), LINE_LIMIT)?;
        Some(text.strip_prefix("ref:")?.trim().strip_prefix(prefix)?.to_owned())
    }
}

fn blob_name<D: Digest>(file: &str, metadata: &Metadata) -> Option<Vec<u8>> {
    let mut hash = D::new().chain_update(format!("blob {}\0", metadata.len()));
    if metadata.is_symlink() {
        hash.update(std::fs::read_link(file).ok()?.into_os_string().into_encoded_bytes());
        return Some(hash.finalize().to_vec());
    }
    let mut length = 0_u64;
    let is_whole = disk::read_pieces(file, HASH_LIMIT, |piece| {
        length = length.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        hash.update(piece);
    });
    // A file that grew or shrank meanwhile has no name that could be trusted.
    (is_whole && length == metadata.len()).then(|| hash.finalize().to_vec())
}

fn user_setting(file: &str, home: &str) -> Option<String> {
    Config::read(file, home).last("core.excludesfile").map(str::to_owned)
}
