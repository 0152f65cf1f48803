//! The ports: the only ways by which the world comes in. Traits only; who implements them is elsewhere.

use crate::{
    Action, Effects, JudgeRecord, Lost, Opinion, Ownership, ProcessSet, Provenance, Record, Standing, Suspicion,
};

/// What the world tells us. Every answer is bounded, nothing is run to find it, and doubt is a value.
///
/// Paths given are absolute and lexically normal (no `.`, `..` or doubled slashes).
pub trait Facts {
    /// The user's home directory.
    fn home(&self) -> &str;
    /// The project's root.
    fn project(&self) -> &str;
    /// The directory that relative paths are relative to when the action begins.
    fn cwd(&self) -> &str;
    /// Further directories that count as the project.
    fn extra_directories(&self) -> &[String];
    /// The path with links resolved as far as it exists; the tail that does not exist is kept.
    fn resolve(&self, path: &str) -> String;
    /// What the path is.
    fn kind(&self, path: &str) -> FileKind;
    /// What version control and the session know of the path.
    fn standing(&self, path: &str) -> Standing;
    /// Whether the path was created or changed by the agent in this session.
    fn written_this_session(&self, path: &str) -> bool {
        self.standing(path) == Standing::Session
    }
    /// The worst standing of everything at or below the directory, with counts.
    fn tree(&self, path: &str) -> Tree;
    /// The same for what has a name of this shape, and for what lies below directories that have.
    fn tree_of(&self, path: &str, shape: Shape<'_>) -> Tree {
        let _ = shape;
        self.tree(path)
    }
    /// The content, if it is text of a reasonable size.
    fn read(&self, path: &str) -> Content;
    /// Names in the directory; `None` if it can't be listed or is too large.
    fn entries(&self, path: &str) -> Option<Vec<String>>;
    /// Whether some name in the directory, or (`deep`) anywhere below it, is odd. True if that can't be told.
    fn has_name(&self, path: &str, deep: bool, odd: &dyn Fn(&str) -> bool) -> bool {
        let _ = (path, deep, odd);
        true
    }
    /// The repository that the directory belongs to.
    fn repository(&self, path: &str) -> Option<Repository>;
    /// What git itself would run in the directory (or, if `is_git_dir`, by the repository that the directory is), because
    /// of a repository that came with content: a bare one among files, or one that the session made. Settings as
    /// `key=value` and hooks by their file; empty for the project's own repository and the user's others.
    fn git_runs(&self, directory: &str, is_git_dir: bool) -> Vec<String> {
        let _ = (directory, is_git_dir);
        Vec::new()
    }
    /// Whether some variable of the environment that the command would see is odd, by its name and value. True if that can't
    /// be told.
    fn has_variable(&self, odd: &dyn Fn(&str, &str) -> bool) -> bool {
        let _ = odd;
        true
    }
    /// An environment variable that the command would see, if it is known; never a secret's value.
    fn variable(&self, name: &str) -> Option<String>;
    /// Where the content came from that earlier calls of this session put at the path, around it or (for a directory)
    /// below it. Empty for what the session did not touch.
    fn provenance(&self, path: &str) -> Vec<Provenance> {
        let _ = path;
        Vec::new()
    }
    /// The same without what lies below: where a directory itself came from.
    /// Unless somebody tells the two apart, what lies below counts.
    fn provenance_around(&self, path: &str) -> Vec<Provenance> {
        self.provenance(path)
    }
    /// Files that the agent wrote in this session, as far as their names are known.
    fn written_files(&self) -> Vec<String> {
        Vec::new()
    }
    /// What would be lost if tracked files at or below the path were put back to what the last commit holds; `None`
    /// where nobody measured (the neutral world, no repository, an index that is not understood).
    fn uncommitted(&self, path: &str) -> Option<Lost> {
        let _ = path;
        None
    }
    /// Whether something may be staged at or below the path that no commit holds. True if that can't be told.
    fn may_be_staged(&self, path: &str) -> bool {
        let _ = path;
        true
    }
    /// Whose the processes are that a signal to this set would reach.
    fn processes(&self, set: &ProcessSet) -> Ownership {
        let _ = set;
        Ownership::Unknown
    }
    /// What texts that the agent read in this session asked it to do, where that was found suspicious; oldest first.
    fn suspicions(&self) -> Vec<Suspicion> {
        Vec::new()
    }
    /// What the user said in this session, oldest first.
    fn user_messages(&self) -> &[String];
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Nothing there.
    Missing,
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A device, socket or pipe.
    Special,
    /// There, but of which kind is not known (the neutral world), or unreadable.
    Unknown,
}

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(String),
    /// Nothing there.
    Missing,
    /// There before the session, ordinary for its name, not to be had here (the neutral world).
    Ordinary,
    /// Not text, too large, or not readable.
    Unreadable,
}

/// What is known of names: how they begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape<'s> {
    /// The text at the beginning.
    pub begins: &'s str,
    /// The text at the end.
    pub ends: &'s str,
    /// What stands between the two.
    pub between: Between,
}

/// What stands between the known beginning of a name and its known end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Nothing: there is one such name.
    Nothing,
    /// Digits, if anything.
    Digits,
    /// Something that begins with no dot.
    Word,
    /// Anything.
    Anything,
}

impl Shape<'_> {
    /// Whether a name has this shape.
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        let rest = name
            .strip_prefix(self.begins)
            .and_then(|rest| rest.strip_suffix(self.ends));
        rest.is_some_and(|between| match self.between {
            Between::Nothing => between.is_empty(),
            Between::Digits => between.bytes().all(|b| b.is_ascii_digit()),
            Between::Word => !between.starts_with('.'),
            Between::Anything => true,
        })
    }

    /// A name of this shape.
    #[must_use]
    pub fn example(&self) -> String {
        let between = match self.between {
            Between::Nothing => "",
            Between::Digits => "1",
            Between::Word | Between::Anything => "x",
        };
        format!("{}{between}{}", self.begins, self.ends)
    }
}

/// What lies below a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The worst standing found; [`Standing::Unknown`] when there was too much to look at.
    pub worst: Standing,
    /// Files seen.
    pub files: u32,
    /// How many of them would be lost.
    pub losing: u32,
    /// Names of some files that would be lost, relative to the directory.
    pub lost: Vec<String>,
}

/// A git repository, as read from its directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// The work tree's root.
    pub root: String,
    /// The current branch, if on one.
    pub branch: Option<String>,
    /// The default branch of the first remote, if known.
    pub default_branch: Option<String>,
    /// Remotes and their URLs.
    pub remotes: Vec<(String, String)>,
    /// The remote and the reference that the current branch follows, as configured. The remote may be an address.
    pub follows: Option<(String, String)>,
    /// Configuration that makes git run programs, as `key=value`.
    pub programs: Vec<String>,
}

/// The judge. It sees what is listed in its signature, and nothing else.
pub trait Judge {
    /// What it thinks of the action, and what asking took.
    fn opinion(&self, action: &Action, effects: &Effects) -> Judged;
}

/// What came of asking the judge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Judged {
    /// What it thinks; `Err` says why there is no opinion (unreachable, deadline, refusal), and is never a reason to allow.
    pub opinion: Result<Opinion, String>,
    /// What it took, for the log.
    pub record: JudgeRecord,
}

/// Approvals that a person gave for exactly one action, by its content.
pub trait Approvals {
    /// Takes the approval of this very action, if there is one: one that was given for a single use is gone after that. The
    /// text says how long it was given for. Asked only where it would change the decision.
    fn take(&self, action: &Action, effects: &Effects) -> Option<String>;
}

/// Where records go.
pub trait Journal {
    /// Writes the record durably. No record, no Allow.
    ///
    /// # Errors
    /// A sentence for a person.
    fn record(&mut self, record: &Record) -> Result<(), String>;
}

#[cfg(test)]
mod tests {
    use super::{Between, Shape};

    #[test]
    fn a_shape_fits_names_that_begin_and_end_so() {
        let shape = |begins, ends, between| Shape { begins, ends, between };
        assert!(shape("", ".log", Between::Anything).fits("a.log"));
        assert!(shape("build-", "", Between::Anything).fits("build-"));
        assert!(shape("__pycache__", "", Between::Nothing).fits("__pycache__"));
        assert!(!shape("__pycache__", "", Between::Nothing).fits("__pycache__2"));
        assert!(!shape("", ".log", Between::Anything).fits("a.log.gz"));
        // The beginning and the end do not share letters.
        assert!(!shape("aba", "aba", Between::Anything).fits("aba"));
    }

    #[test]
    fn a_date_is_no_hidden_name() {
        let shape = |begins, ends, between| Shape { begins, ends, between };
        assert!(shape("", ".tar", Between::Digits).fits("20260101.tar"));
        assert!(!shape("", "", Between::Digits).fits("notes"));
        assert!(shape("", "", Between::Word).fits("monday"));
        assert!(!shape("", "", Between::Word).fits(".env"));
        // Where it is empty, the end is the whole name.
        assert!(shape("", ".env", Between::Digits).fits(".env"));
        assert!(shape(".e", "", Between::Word).fits(".env"));
    }
}
