//! Commits of somebody else in a repository of the user's, from the moment they are fetched until they lie in the work tree:
//! marks of references, kept under the names that git keeps them. How git's words move them is in `special/strangers.rs`.

use std::collections::BTreeMap;

use placet_model::{Content, FileKind, Repository};

use super::Interpreter;
use crate::paths::{self, Dir};

/// What this text did with them.
#[derive(Default)]
pub(crate) struct Strangers {
    /// Work trees that hold their code by now.
    trees: Vec<String>,
    /// Branches that the text went to, by the root of the work tree; none where it went to a commit.
    branches: BTreeMap<String, Option<String>>,
    /// What the call prints or writes comes out of their commits.
    pub shown: bool,
}

impl Interpreter<'_> {
    /// The root of the work tree that git would work in.
    pub(crate) fn work_tree(&self) -> Option<String> {
        match &self.state.cwd {
            Dir::At(here) | Dir::Below(here) => Some(
                self.facts
                    .repository(here)
                    .map_or_else(|| here.clone(), |repository| repository.root),
            ),
            Dir::Unknown => None,
        }
    }

    /// From now on this reference (a name below `.git`) leads to commits of somebody else.
    pub(crate) fn marks_strange(&mut self, root: &str, name: &str) {
        self.downloaded(paths::normal(root, &format!(".git/{name}")));
    }

    /// Whether the reference leads to commits of somebody else.
    pub(crate) fn is_strange(&self, root: &str, name: &str) -> bool {
        self.has_strangers(&paths::normal(root, &format!(".git/{name}")))
    }

    /// Whether any reference does: a commit that is named by its hash may be one of those.
    pub(crate) fn knows_strangers(&self, root: &str) -> bool {
        self.has_strangers(&paths::normal(root, ".git"))
    }

    /// Whether a mark lies around the path or below it.
    fn has_strangers(&self, path: &str) -> bool {
        let in_text = self.state.written.iter().any(|(known, written)| {
            written.data.taint.fetched && (paths::within(path, known) || paths::within(known, path))
        });
        in_text || self.remembered(path).fetched
    }

    /// The branch that commits go to; none where it is a commit, or not known.
    pub(crate) fn branch_of(&self, root: &str) -> Option<String> {
        match self.strangers.branches.get(root) {
            Some(branch) => branch.clone(),
            None => self.facts.repository(root).and_then(|repository| repository.branch),
        }
    }

    /// The text goes to another branch, or (none) to a commit.
    pub(crate) fn goes_to(&mut self, root: &str, branch: Option<&str>) {
        self.strangers
            .branches
            .insert(root.to_owned(), branch.map(str::to_owned));
    }

    /// Their code lies in the work tree now, and in what its branch leads to.
    pub(crate) fn takes_in(&mut self, root: &str) {
        let branch = self.branch_of(root);
        let reference = branch.map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}"));
        self.marks_strange(root, &reference);
        self.lies_open(root);
    }

    /// Their code lies in the work tree, until the text ends or the branch is left.
    pub(crate) fn lies_open(&mut self, root: &str) {
        if !self.strangers.trees.iter().any(|tree| tree == root) {
            self.strangers.trees.push(root.to_owned());
        }
    }

    /// A name in the working directory as a path.
    pub(crate) fn working_path(&self, name: &str) -> Option<String> {
        match &self.state.cwd {
            Dir::At(here) => Some(paths::normal(here, name)),
            Dir::Below(_) | Dir::Unknown => None,
        }
    }

    /// Whether a branch is here already, so that its name does not stand for one of a remote.
    pub(crate) fn has_branch(&self, root: &str, name: &str) -> bool {
        if self
            .facts
            .kind(&paths::normal(root, &format!(".git/refs/heads/{name}")))
            != FileKind::Missing
        {
            return true;
        }
        let reference = format!("refs/heads/{name}");
        match self.facts.read(&paths::normal(root, ".git/packed-refs")) {
            Content::Text(packed) => packed
                .lines()
                .any(|line| line.split_once(' ').is_some_and(|(_, known)| known == reference)),
            Content::Missing | Content::Ordinary | Content::Unreadable => false,
        }
    }

    /// Whether a path lies in a work tree that holds the code of somebody else: since this text put it there, or since what
    /// an earlier call has checked out is still what is checked out.
    pub(crate) fn lies_among_strangers(&self, path: &str) -> bool {
        let within = |root: &str| paths::within(path, root) && !paths::within(path, &paths::normal(root, ".git"));
        if self.strangers.trees.iter().any(|root| within(root)) {
            return true;
        }
        let project = self.facts.project();
        // Most sessions fetch from nobody else: then no repository needs to be read.
        if within(project) && !self.remembered(&paths::normal(project, ".git")).fetched {
            return false;
        }
        let Some(repository) = self.facts.repository(path) else {
            return false;
        };
        let root = repository.root.clone();
        if !within(&root) || !self.remembered(&paths::normal(&root, ".git")).fetched {
            return false;
        }
        let came = |name: &str| self.remembered(&paths::normal(&root, &format!(".git/{name}"))).fetched;
        let reference = match &repository.branch {
            Some(branch) => format!("refs/heads/{branch}"),
            None => "HEAD".to_owned(),
        };
        came(&reference) || came(REQUESTS) && follows_a_stranger(&repository)
    }
}

/// Where it is kept that a tool has checked out a request, under whatever name it chose.
pub(crate) const REQUESTS: &str = "refs/pull";

/// Whether what is checked out is a request of somebody who can't write to the repository, as tools note it: it follows a
/// repository by its address, or a reference that is no branch.
fn follows_a_stranger(repository: &Repository) -> bool {
    match (&repository.branch, &repository.follows) {
        (None, _) => true,
        (Some(_), Some((remote, reference))) => {
            remote.contains(['/', ':']) && remote != "." || !reference.starts_with("refs/heads/")
        }
        (Some(_), None) => false,
    }
}
