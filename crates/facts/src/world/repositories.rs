//! Which repository a directory belongs to, and what one that came with content makes git run. What a repository holds is read
//! in `git.rs`.

use std::rc::Rc;

use placet_model::Facts;

use super::World;
use crate::git::{WorkTree, embedded};
use crate::paths;

impl World {
    /// The work tree that a path in this directory belongs to: the nearest directory upwards that has a `.git`.
    pub(super) fn work_tree(&self, directory: &str) -> Option<Rc<WorkTree>> {
        if let Some(known) = self.work_trees.borrow().get(directory) {
            return known.clone();
        }
        let found = match WorkTree::at(directory, &self.home) {
            Some(found) => Some(Rc::new(found)),
            None => paths::parent(directory).and_then(|parent| self.work_tree(parent)),
        };
        self.work_trees.borrow_mut().insert(directory.to_owned(), found.clone());
        found
    }

    /// What git would run in the directory, or by the repository that the directory is, if that one is content.
    pub(super) fn repository_runs(&self, directory: &str, is_git_dir: bool) -> Vec<String> {
        if !is_git_dir {
            return self.found_repository_runs(directory);
        }
        match directory.strip_suffix("/.git") {
            Some(root) => self.found_repository_runs(root),
            None if embedded::is_repository(directory) => self.content_runs(directory),
            None => Vec::new(),
        }
    }

    /// The same for the repository that git finds from the directory upwards.
    fn found_repository_runs(&self, directory: &str) -> Vec<String> {
        let mut at = directory;
        loop {
            if let Some(tree) = WorkTree::at(at, &self.home) {
                let git_dir = tree.git_dir();
                // `.git` itself, a linked work tree of it, a submodule in it.
                if !git_dir.split('/').any(|name| name == ".git") {
                    return self.content_runs(git_dir);
                }
                let own = paths::below(self.project(), at).is_some();
                if own || !self.is_from_session(git_dir) {
                    return Vec::new();
                }
                let mut found = embedded::runs(git_dir, &self.home);
                found.retain(|entry| !embedded::is_usual(entry));
                return found;
            }
            if embedded::is_repository(at) {
                return self.content_runs(at);
            }
            match paths::parent(at) {
                Some(parent) => at = parent,
                None => return Vec::new(),
            }
        }
    }

    /// What a repository runs that is no work tree's own, if it is among files or the session put it there.
    fn content_runs(&self, git_dir: &str) -> Vec<String> {
        if self.work_tree(git_dir).is_some() || self.is_from_session(git_dir) {
            embedded::runs(git_dir, &self.home)
        } else {
            Vec::new()
        }
    }

    /// Whether the session wrote the repository's configuration, or brought the repository here.
    fn is_from_session(&self, git_dir: &str) -> bool {
        self.session.wrote(&paths::join(git_dir, "config")) || !self.provenance(git_dir).is_empty()
    }
}
