//! The real world, as far as one decision asks for it: each answer is found when it is first needed and kept until the
//! decision is made. Nothing is run, nothing is written, no pipe or device is opened.

mod repositories;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fs::Metadata;
use std::rc::Rc;

use placet_model::{
    Content, Facts, FileKind, Lost, Ownership, ProcessSet, Provenance, Repository, Shape, Standing, Suspicion, Tree,
};

use crate::disk::{self, Found};
use crate::git::WorkTree;
use crate::links::Links;
use crate::processes::{Processes, Project, Seat};
use crate::session::SessionState;
use crate::{paths, regenerable, standing};

/// A larger text is not read.
const TEXT_LIMIT: u64 = 256 << 10;
/// A larger directory is not listed.
const ENTRIES_LIMIT: usize = 5_000;
/// A tree with more entries is not looked at to its end.
const TREE_LIMIT: u32 = 20_000;
/// From here on a tree is looked at no further once enough lost files are named: nothing can make it better.
const TREE_ENOUGH: u32 = 2_000;
/// How many names are looked at for an odd one.
const NAMES_LIMIT: usize = 20_000;
/// How many lost files a tree names.
const NAMED_LOST: usize = 5;

/// The machine that this runs on.
#[derive(Debug)]
pub struct World {
    home: String,
    project: OnceCell<String>,
    project_hint: Option<String>,
    cwd: String,
    extra: Vec<String>,
    session: SessionState,
    links: Links,
    tree_limit: u32,
    work_trees: RefCell<HashMap<String, Option<Rc<WorkTree>>>>,
    standings: RefCell<HashMap<String, Standing>>,
    products: RefCell<HashMap<String, bool>>,
    seat: Seat,
    processes: OnceCell<Processes>,
}

impl World {
    /// The world around a working directory.
    ///
    /// The project is `project_hint` where the agent names one; otherwise the root of the git work tree around the
    /// working directory, unless that is the home or `/`; otherwise the working directory itself.
    #[must_use]
    pub fn new(cwd: &str, project_hint: Option<&str>, home: &str, session: SessionState) -> Self {
        let links = Links::default();
        let home = links.resolve(&paths::absolute(home, "/", "/"));
        let cwd = links.resolve(&paths::absolute(cwd, "/", &home));
        Self {
            project: OnceCell::new(),
            project_hint: project_hint.map(|hint| links.resolve(&paths::absolute(hint, &cwd, &home))),
            home,
            cwd,
            extra: Vec::new(),
            session,
            links,
            tree_limit: TREE_LIMIT,
            work_trees: RefCell::default(),
            standings: RefCell::default(),
            products: RefCell::default(),
            seat: Seat::default(),
            processes: OnceCell::new(),
        }
    }

    /// Adds directories that count as the project.
    #[must_use]
    pub fn with_extra_directories(mut self, directories: &[String]) -> Self {
        let resolved = directories
            .iter()
            .map(|path| self.links.resolve(&paths::absolute(path, &self.cwd, &self.home)));
        self.extra = resolved.collect();
        self
    }

    /// Says which process starts the commands that are judged.
    #[must_use]
    pub fn with_seat(mut self, seat: Seat) -> Self {
        self.seat = seat;
        self
    }

    /// What the session remembers.
    #[must_use]
    pub fn session(&self) -> &SessionState {
        &self.session
    }

    /// Where what earlier calls put at the path or around it, and perhaps below it, came from.
    fn provenance_of(&self, path: &str, below: bool) -> Vec<Provenance> {
        let mut found: Vec<Provenance> = Vec::new();
        // Most sessions bring nothing in: then no link needs to be followed.
        if self.session.all_traces().all(|trace| trace.from.is_empty()) {
            return found;
        }
        let real = &self.resolve(path);
        for trace in self.session.traces(real).filter(|trace| !trace.from.is_empty()) {
            let around = paths::within(real, &trace.path);
            let subject = if around { real.as_str() } else { trace.path.as_str() };
            // What is not there yet may be about to come.
            if (around || below) && is_touched(subject, trace.since).unwrap_or(true) {
                found.extend(&trace.from);
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// `path` has no links on its way.
    fn standing_of_file(&self, path: &str, metadata: &Metadata) -> Standing {
        if self.session.created(path) {
            return Standing::Session;
        }
        if disk::is_special(metadata.file_type()) {
            return Standing::Unknown;
        }
        let work_tree = paths::parent(path).and_then(|directory| self.work_tree(directory));
        if let Some((work_tree, relative)) = work_tree
            .as_ref()
            .and_then(|tree| Some((tree, paths::below(path, tree.root())?)))
        {
            if is_in_git_directory(relative) {
                return Standing::Untracked;
            }
            if let Some(standing) = work_tree.tracked(relative, metadata) {
                return standing;
            }
        }
        if self.is_regenerable(path, false, work_tree.as_deref()) {
            Standing::Regenerable
        } else {
            Standing::Untracked
        }
    }

    /// A tool made the path, or a directory around it within the work tree or project, and can make it again.
    fn is_regenerable(&self, path: &str, is_directory: bool, work_tree: Option<&WorkTree>) -> bool {
        let root = work_tree.map_or_else(|| self.project(), WorkTree::root);
        paths::self_and_ancestors(path)
            .take_while(|part| paths::within(part, root) && *part != root)
            .filter(|part| regenerable::is_product_name(paths::name(part)))
            .any(|part| self.is_product(part, is_directory || part.len() < path.len(), work_tree))
    }

    /// The path, which has the name of a product, is ignored or lies beside its tool's manifest.
    fn is_product(&self, path: &str, is_directory: bool, work_tree: Option<&WorkTree>) -> bool {
        if let Some(&known) = self.products.borrow().get(path) {
            return known;
        }
        let is_ignored = work_tree
            .and_then(|tree| Some((tree, paths::below(path, tree.root())?)))
            .is_some_and(|(tree, relative)| tree.ignores(relative, is_directory));
        let beside = || {
            paths::parent(path)
                .and_then(|parent| self.entries(parent))
                .unwrap_or_default()
        };
        let is_product = is_ignored || regenerable::is_product_here(paths::name(path), beside);
        self.products.borrow_mut().insert(path.to_owned(), is_product);
        is_product
    }

    fn walk(&self, root: &str) -> Tree {
        let mut tree = Tree {
            worst: Standing::Missing,
            files: 0,
            losing: 0,
            lost: Vec::new(),
        };
        let mut left = vec![root.to_owned()];
        let mut seen = 0_u32;
        while let Some(directory) = left.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else {
                note(&mut tree, root, &directory, Standing::Unknown);
                continue;
            };
            for entry in entries {
                seen = seen.saturating_add(1);
                if seen > TREE_ENOUGH && tree.lost.len() >= NAMED_LOST {
                    return tree;
                }
                let name = entry.ok().and_then(|entry| entry.file_name().into_string().ok());
                // A name that is no UTF-8 can't be compared with the index.
                let Some(path) = name
                    .map(|name| paths::join(&directory, &name))
                    .filter(|_| seen <= self.tree_limit)
                else {
                    tree.worst = Standing::Unknown;
                    if seen > self.tree_limit {
                        return tree;
                    }
                    continue;
                };
                match disk::look(&path) {
                    Found::Nothing => {}
                    Found::Hidden => note(&mut tree, root, &path, Standing::Unknown),
                    Found::Entry(metadata) if metadata.is_dir() => match self.standing_of_whole(&path) {
                        Some(standing) => note(&mut tree, root, &path, standing),
                        None => left.push(path),
                    },
                    Found::Entry(metadata) => {
                        let standing = self.standing_of_file(&path, &metadata);
                        note(&mut tree, root, &path, standing);
                    }
                }
            }
        }
        if tree.files == 0 && tree.worst == Standing::Missing {
            // Empty directories lose nothing.
            tree.worst = Standing::Clean;
        }
        tree
    }

    /// The same for names of a shape and what lies below them. What git keeps for itself is looked through as well.
    fn walk_of(&self, root: &str, shape: Shape<'_>) -> Tree {
        let mut tree = Tree {
            worst: Standing::Missing,
            files: 0,
            losing: 0,
            lost: Vec::new(),
        };
        let mut left = vec![(root.to_owned(), false)];
        let mut seen = 0_u32;
        while let Some((directory, inside)) = left.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else {
                note(&mut tree, root, &directory, Standing::Unknown);
                continue;
            };
            for entry in entries {
                seen = seen.saturating_add(1);
                let name = entry.ok().and_then(|entry| entry.file_name().into_string().ok());
                let Some(name) = name.filter(|_| seen <= self.tree_limit) else {
                    tree.worst = Standing::Unknown;
                    if seen > self.tree_limit {
                        return tree;
                    }
                    continue;
                };
                let inside = inside || shape.fits(&name);
                let path = paths::join(&directory, &name);
                match disk::look(&path) {
                    Found::Nothing => {}
                    Found::Hidden => note(&mut tree, root, &path, Standing::Unknown),
                    Found::Entry(metadata) if metadata.is_dir() => match self.standing_of_whole(&path) {
                        Some(standing) if inside => note(&mut tree, root, &path, standing),
                        // What a tool makes again is made again in part as well.
                        Some(Standing::Regenerable) => {}
                        Some(_) | None => left.push((path, inside)),
                    },
                    Found::Entry(metadata) if inside => {
                        let standing = self.standing_of_file(&path, &metadata);
                        note(&mut tree, root, &path, standing);
                    }
                    Found::Entry(_) => {}
                }
            }
        }
        tree
    }

    /// Whether a directory for temporary files is the user's own, no mount, and no work tree with changes that are not
    /// committed: then nobody misses it.
    fn is_own_scratch(&self, path: &str, metadata: &Metadata) -> bool {
        let above = paths::parent(path).map(disk::look);
        let (Some(Found::Entry(above)), Found::Entry(home)) = (above, disk::look(&self.home)) else {
            return false;
        };
        disk::same_owner(metadata, &home) && disk::same_device(metadata, &above) && !self.has_dirty(path)
    }

    /// Whether some tracked file at or below the directory has changes that are not committed, or it can't be told.
    fn has_dirty(&self, root: &str) -> bool {
        let mut left = vec![root.to_owned()];
        let mut seen = 0_u32;
        while let Some(directory) = left.pop() {
            let Some(names) = disk::names(&directory, ENTRIES_LIMIT) else {
                return true;
            };
            for name in names {
                seen = seen.saturating_add(1);
                if seen > self.tree_limit {
                    return true;
                }
                let path = paths::join(&directory, &name);
                match disk::look(&path) {
                    Found::Nothing => {}
                    Found::Hidden => return true,
                    Found::Entry(metadata) if metadata.is_dir() => {
                        if self.standing_of_whole(&path).is_none() {
                            left.push(path);
                        }
                    }
                    Found::Entry(metadata) => {
                        if self.standing_of_file(&path, &metadata) == Standing::Dirty {
                            return true;
                        }
                    }
                }
            }
        }
        false
    }

    /// The standing of a directory that need not be walked: a history, or the product of a tool with nothing tracked in it.
    fn standing_of_whole(&self, path: &str) -> Option<Standing> {
        if paths::name(path) == ".git" {
            return Some(Standing::Untracked);
        }
        let work_tree = paths::parent(path).and_then(|parent| self.work_tree(parent));
        let has_tracked = work_tree
            .as_ref()
            .and_then(|tree| Some((tree, paths::below(path, tree.root())?)))
            .is_some_and(|(tree, relative)| tree.tracks_below(relative));
        (!has_tracked && self.is_regenerable(path, true, work_tree.as_deref())).then_some(Standing::Regenerable)
    }
}

impl Facts for World {
    fn home(&self) -> &str {
        &self.home
    }

    fn project(&self) -> &str {
        self.project.get_or_init(|| {
            if let Some(hint) = &self.project_hint {
                return hint.clone();
            }
            let root = self.work_tree(&self.cwd).map(|tree| tree.root().to_owned());
            root.filter(|root| root != "/" && *root != self.home)
                .unwrap_or_else(|| self.cwd.clone())
        })
    }

    fn cwd(&self) -> &str {
        &self.cwd
    }

    fn extra_directories(&self) -> &[String] {
        &self.extra
    }

    fn resolve(&self, path: &str) -> String {
        self.links.resolve(path)
    }

    /// A link is what it leads to.
    fn kind(&self, path: &str) -> FileKind {
        match disk::look(&self.resolve(path)) {
            Found::Nothing => FileKind::Missing,
            Found::Hidden => FileKind::Unknown,
            Found::Entry(metadata) if metadata.is_file() => FileKind::File,
            Found::Entry(metadata) if metadata.is_dir() => FileKind::Directory,
            // A link that is left over leads in a circle.
            Found::Entry(metadata) if metadata.is_symlink() => FileKind::Unknown,
            Found::Entry(_) => FileKind::Special,
        }
    }

    /// A link is itself, not what it leads to; a directory stands as the worst in it.
    fn standing(&self, path: &str) -> Standing {
        if let Some(&known) = self.standings.borrow().get(path) {
            return known;
        }
        let real = self.links.resolve_parent(path);
        let standing = match disk::look(&real) {
            Found::Nothing => Standing::Missing,
            Found::Hidden => Standing::Unknown,
            Found::Entry(metadata) if metadata.is_dir() => {
                let tree = self.tree(path);
                if tree.worst == Standing::Untracked && is_temporary(&real) && !self.is_own_scratch(&real, &metadata) {
                    Standing::Unknown
                } else {
                    tree.worst
                }
            }
            Found::Entry(metadata) => self.standing_of_file(&real, &metadata),
        };
        self.standings.borrow_mut().insert(path.to_owned(), standing);
        standing
    }

    fn written_this_session(&self, path: &str) -> bool {
        let real = self.resolve(path);
        self.session.wrote(path)
            || self.session.wrote(&real)
            || self
                .session
                .traces(&real)
                .any(|trace| paths::within(&real, &trace.path) && is_touched(&real, trace.since) == Some(true))
    }

    fn provenance(&self, path: &str) -> Vec<Provenance> {
        self.provenance_of(path, true)
    }

    fn provenance_around(&self, path: &str) -> Vec<Provenance> {
        self.provenance_of(path, false)
    }

    fn written_files(&self) -> Vec<String> {
        let by_tools = self.session.written.keys().cloned();
        let by_commands = self
            .session
            .all_traces()
            .filter(|trace| matches!(disk::look(&trace.path), Found::Entry(file) if file.is_file()))
            .filter(|trace| is_touched(&trace.path, trace.since) == Some(true))
            .map(|trace| trace.path.clone());
        by_tools.chain(by_commands).collect()
    }

    fn uncommitted(&self, path: &str) -> Option<Lost> {
        let real = self.links.resolve_parent(path);
        let work_tree = self.work_tree(&real)?;
        let relative = paths::below(&real, work_tree.root())?;
        let (files, names) = work_tree.uncommitted(relative, NAMED_LOST)?;
        Some(Lost { files, names })
    }

    fn may_be_staged(&self, path: &str) -> bool {
        let real = self.links.resolve_parent(path);
        let Some(work_tree) = self.work_tree(&real) else {
            return false;
        };
        paths::below(&real, work_tree.root()).is_none_or(|relative| work_tree.may_be_staged(relative))
    }

    fn tree(&self, path: &str) -> Tree {
        let real = self.links.resolve_parent(path);
        match disk::look(&real) {
            Found::Entry(metadata) if metadata.is_dir() => match self.standing_of_whole(&real) {
                Some(worst) => Tree {
                    worst,
                    files: 0,
                    losing: 0,
                    lost: Vec::new(),
                },
                None => self.walk(&real),
            },
            Found::Entry(_) => {
                let worst = self.standing(path);
                let lost = if standing::loses(worst) {
                    vec![paths::name(path).to_owned()]
                } else {
                    Vec::new()
                };
                let losing = u32::from(standing::loses(worst));
                Tree {
                    worst,
                    files: 1,
                    losing,
                    lost,
                }
            }
            Found::Nothing => Tree {
                worst: Standing::Missing,
                files: 0,
                losing: 0,
                lost: Vec::new(),
            },
            Found::Hidden => Tree {
                worst: Standing::Unknown,
                files: 0,
                losing: 0,
                lost: Vec::new(),
            },
        }
    }

    fn tree_of(&self, path: &str, shape: Shape<'_>) -> Tree {
        self.walk_of(&self.links.resolve_parent(path), shape)
    }

    fn read(&self, path: &str) -> Content {
        let real = self.resolve(path);
        match disk::look(&real) {
            Found::Nothing => Content::Missing,
            Found::Hidden => Content::Unreadable,
            Found::Entry(_) => match disk::read_text(&real, TEXT_LIMIT) {
                Some(text) if !text.contains('\0') => Content::Text(text),
                Some(_) | None => Content::Unreadable,
            },
        }
    }

    fn entries(&self, path: &str) -> Option<Vec<String>> {
        disk::names(&self.resolve(path), ENTRIES_LIMIT)
    }

    fn has_name(&self, path: &str, deep: bool, odd: &dyn Fn(&str) -> bool) -> bool {
        let mut left = vec![self.resolve(path)];
        let mut seen = 0_usize;
        while let Some(directory) = left.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else {
                return true;
            };
            for entry in entries {
                seen = seen.saturating_add(1);
                let Ok(entry) = entry else { return true };
                let name = entry.file_name();
                let Some(name) = name.to_str().filter(|_| seen <= NAMES_LIMIT) else {
                    return true;
                };
                if odd(name) {
                    return true;
                }
                // What git keeps for itself is named by git.
                if deep && name != ".git" && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    left.push(paths::join(&directory, name));
                }
            }
        }
        false
    }

    fn repository(&self, path: &str) -> Option<Repository> {
        self.work_tree(&self.resolve(path)).map(|tree| tree.describe())
    }

    fn git_runs(&self, directory: &str, is_git_dir: bool) -> Vec<String> {
        self.repository_runs(&self.resolve(directory), is_git_dir)
    }

    fn has_variable(&self, odd: &dyn Fn(&str, &str) -> bool) -> bool {
        std::env::vars_os().any(|(name, value)| odd(&name.to_string_lossy(), &value.to_string_lossy()))
    }

    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "HOME" => return Some(self.home.clone()),
            "PWD" => return Some(self.cwd.clone()),
            _ if !is_plain_variable(name) => return None,
            _ => {}
        }
        std::env::var(name).ok().filter(|value| !looks_secret(value))
    }

    fn processes(&self, set: &ProcessSet) -> Ownership {
        let processes = || Processes::new("/proc", "/etc/passwd", std::process::id(), self.seat);
        let project = Project {
            root: self.project(),
            extra: &self.extra,
            home: &self.home,
        };
        self.processes.get_or_init(processes).whose(set, project)
    }

    fn suspicions(&self) -> Vec<Suspicion> {
        self.session.findings.clone()
    }

    fn user_messages(&self) -> &[String] {
        &self.session.user_messages
    }
}

/// Whether the file or its attributes changed since then; `None` if nothing is there. Of a directory it can't be told
/// from the directory itself.
fn is_touched(path: &str, since: u64) -> Option<bool> {
    // The clock that files are stamped with lags behind the one that processes ask.
    const LAG: u64 = 100;
    match disk::look(path) {
        Found::Nothing => None,
        Found::Hidden => Some(true),
        Found::Entry(metadata) if metadata.is_dir() => Some(true),
        Found::Entry(metadata) => Some(disk::changed(&metadata).is_none_or(|(seconds, nanos)| {
            let at = u64::from(seconds).saturating_mul(1000) + u64::from(nanos / 1_000_000);
            at.saturating_add(LAG) >= since
        })),
    }
}

fn note(tree: &mut Tree, root: &str, path: &str, standing: Standing) {
    tree.files = tree.files.saturating_add(1);
    tree.worst = standing::worse(tree.worst, standing);
    if standing::loses(standing) {
        tree.losing = tree.losing.saturating_add(1);
    }
    if standing::loses(standing) && tree.lost.len() < NAMED_LOST {
        tree.lost.extend(paths::below(path, root).map(str::to_owned));
    }
}

fn is_temporary(path: &str) -> bool {
    [
        "/tmp",
        "/var/tmp",
        "/private/tmp",
        "/private/var/tmp",
        "/var/folders",
        "/private/var/folders",
    ]
    .iter()
    .any(|directory| paths::within(path, directory))
}

fn is_in_git_directory(relative: &str) -> bool {
    relative.split('/').any(|name| name == ".git")
}

/// Names whose values say where things lie or how the machine is set up, and nothing that should not be seen.
fn is_plain_variable(name: &str) -> bool {
    const PLAIN: &[&str] = &[
        "ANDROID_HOME",
        "CARGO_HOME",
        "CI",
        "CONDA_PREFIX",
        "GOBIN",
        "GOPATH",
        "GOROOT",
        "HOSTNAME",
        "JAVA_HOME",
        "LANG",
        "LOGNAME",
        "NODE_ENV",
        "NVM_DIR",
        "PNPM_HOME",
        "PYENV_ROOT",
        "RUSTUP_HOME",
        "SHELL",
        "TEMP",
        "TERM",
        "TMP",
        "TMPDIR",
        "USER",
        "VIRTUAL_ENV",
    ];
    PLAIN.contains(&name) || name.starts_with("XDG_") || name.starts_with("LC_")
}

/// A value with the marks of a key, a token or a URL with a password in it. Nobody should put one there; some do.
fn looks_secret(value: &str) -> bool {
    const MARKS: &[&str] = &[
        "-----BEGIN",
        "AKIA",
        "eyJ",
        "ghp_",
        "github_pat_",
        "glpat-",
        "sk-",
        "xox",
    ];
    MARKS.iter().any(|mark| value.contains(mark)) || value.split_once("://").is_some_and(|(_, rest)| rest.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::{Facts, ProcessSet, SessionState, Standing, World};

    fn world() -> World {
        World::new(
            env!("CARGO_MANIFEST_DIR"),
            Some(env!("CARGO_MANIFEST_DIR")),
            "/",
            SessionState::default(),
        )
    }

    #[test]
    fn where_things_are_is_told_without_a_look_at_git() {
        let world = world();
        let file = format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
        let _ = (
            world.project(),
            world.resolve(&file),
            world.kind(&file),
            world.read(&file),
            world.entries(world.cwd()),
        );
        assert!(world.work_trees.borrow().is_empty());
        let _ = world.standing(&file);
        assert!(!world.work_trees.borrow().is_empty());
    }

    #[test]
    fn processes_are_looked_at_only_when_a_signal_asks() {
        let world = world();
        let _ = (
            world.standing(world.cwd()),
            world.user_messages(),
            world.variable("HOME"),
        );
        assert!(world.processes.get().is_none());
        let _ = world.processes(&ProcessSet::Pid("1".to_owned()));
        assert!(world.processes.get().is_some());
    }

    #[test]
    fn a_tree_with_more_entries_than_the_limit_is_unknown() {
        let source = format!("{}/src", env!("CARGO_MANIFEST_DIR"));
        let all = world().tree(&source).files;
        assert!(all > 5);
        let mut world = world();
        world.tree_limit = 5;
        assert_eq!(world.tree(&source).worst, Standing::Unknown);
    }
}
