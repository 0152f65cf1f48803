//! Paths with their links resolved, as far as they exist. Only names are read, nothing is opened.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;

use crate::disk::{self, Found};
use crate::paths;

/// As many links as Linux follows.
const HOPS: u32 = 40;

/// What each path seen so far turned out to be.
#[derive(Debug, Default)]
pub struct Links {
    known: RefCell<HashMap<String, String>>,
}

impl Links {
    /// The path with every link on the way and at its end resolved. What does not exist is kept as it is written, and so
    /// is a link in a circle.
    pub fn resolve(&self, path: &str) -> String {
        let mut hops = HOPS;
        self.follow(path, &mut hops)
    }

    /// The path with the links on the way to its last name resolved, but not that of the name itself.
    pub fn resolve_parent(&self, path: &str) -> String {
        match paths::parent(path) {
            Some(parent) => paths::join(&self.resolve(parent), paths::name(path)),
            None => path.to_owned(),
        }
    }

    fn follow(&self, path: &str, hops: &mut u32) -> String {
        if let Some(known) = self.known.borrow().get(path) {
            return known.clone();
        }
        // What a path begins with was mostly resolved before, for another path.
        let resolved = match paths::parent(path) {
            Some(parent) if is_plain(path) => {
                let parent = self.follow(parent, hops);
                self.walk(parent, vec![paths::name(path).to_owned()], hops)
            }
            Some(_) | None => self.walk(String::from("/"), names(path), hops),
        };
        let resolved = without_alias(resolved);
        self.known.borrow_mut().insert(path.to_owned(), resolved.clone());
        resolved
    }

    /// Goes on from a resolved path by names, the next one last.
    fn walk(&self, mut resolved: String, mut left: Vec<String>, hops: &mut u32) -> String {
        while let Some(name) = left.pop() {
            if name == ".." {
                resolved = paths::parent(&resolved).unwrap_or("/").to_owned();
                continue;
            }
            let next = paths::join(&resolved, &name);
            let target = match disk::look(&next) {
                Found::Entry(metadata) if metadata.is_symlink() => fs::read_link(&next).ok(),
                Found::Entry(_) | Found::Nothing | Found::Hidden => None,
            };
            // A target that is no UTF-8 can't be followed here: the link stays, and nothing is at home there.
            let Some(target) = target.and_then(|target| target.into_os_string().into_string().ok()) else {
                resolved = next;
                continue;
            };
            let Some(fewer) = hops.checked_sub(1) else {
                resolved = next;
                continue;
            };
            *hops = fewer;
            if target.starts_with('/') {
                "/".clone_into(&mut resolved);
            }
            left.extend(names(&target));
        }
        resolved
    }
}

/// Whether the path goes straight down, and not so deep that its parents can't be asked one by one.
fn is_plain(path: &str) -> bool {
    path.len() <= 1024
        && path
            .strip_prefix('/')
            .is_some_and(|rest| !rest.split('/').any(|name| matches!(name, "" | "." | "..")))
}

fn names(path: &str) -> Vec<String> {
    path.split('/')
        .rev()
        .filter(|name| !name.is_empty() && *name != ".")
        .map(str::to_owned)
        .collect()
}

/// On macOS `/tmp`, `/var` and `/etc` are links into `/private`; their short names are the ones everybody knows.
fn without_alias(path: String) -> String {
    if cfg!(target_os = "macos") {
        let short = path.strip_prefix("/private");
        let aliased = short.filter(|rest| ["/tmp", "/var", "/etc"].iter().any(|alias| paths::within(rest, alias)));
        if let Some(rest) = aliased {
            return rest.to_owned();
        }
    }
    path
}
