//! Which paths of a work tree git ignores, from the ignore files themselves. Whether a path is tracked, which wins over
//! being ignored, is asked elsewhere.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use placet_patterns::{Case, IgnoreFile};

use crate::{disk, paths};

/// No more than this is read of one ignore file.
const FILE_LIMIT: u64 = 1 << 20;

/// The ignore files of one work tree, each read when it is first needed.
#[derive(Debug)]
pub struct Ignores {
    root: String,
    case: Case,
    /// `info/exclude` and `core.excludesFile`, strongest first.
    general: Vec<String>,
    read: RefCell<HashMap<String, Option<Rc<IgnoreFile>>>>,
}

impl Ignores {
    /// For the work tree at `root`; `general` are the files that hold for all of it, strongest first.
    pub fn new(root: &str, case: Case, general: Vec<String>) -> Self {
        Self {
            root: root.to_owned(),
            case,
            general,
            read: RefCell::default(),
        }
    }

    /// Whether the path, relative to the work tree, or a directory above it is ignored.
    pub fn covers(&self, path: &str, is_directory: bool) -> bool {
        let mut ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
        ends.push(path.len());
        ends.into_iter().filter_map(|end| path.get(..end)).any(|part| {
            // What is below an ignored directory can't be taken back, so the first part that is ignored decides.
            self.ignores_itself(part, is_directory || part.len() < path.len())
        })
    }

    fn ignores_itself(&self, path: &str, is_directory: bool) -> bool {
        let mut directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        loop {
            let at = if directory.is_empty() {
                self.root.clone()
            } else {
                paths::join(&self.root, directory)
            };
            if let Some(file) = self.file(&paths::join(&at, ".gitignore")) {
                let relative = paths::below(path, directory)
                    .filter(|_| !directory.is_empty())
                    .unwrap_or(path);
                if let Some(line) = file.last_match(relative, is_directory, self.case) {
                    return !line.negated;
                }
            }
            if directory.is_empty() {
                break;
            }
            directory = directory.rsplit_once('/').map_or("", |(above, _)| above);
        }
        for file in &self.general {
            let found = self.file(file);
            if let Some(line) = found
                .as_deref()
                .and_then(|file| file.last_match(path, is_directory, self.case))
            {
                return !line.negated;
            }
        }
        false
    }

    fn file(&self, path: &str) -> Option<Rc<IgnoreFile>> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let file = disk::read_text(path, FILE_LIMIT).map(|text| Rc::new(IgnoreFile::parse(text)));
        self.read.borrow_mut().insert(path.to_owned(), file.clone());
        file
    }
}
