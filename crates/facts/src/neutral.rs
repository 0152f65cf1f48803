//! The neutral world: what is assumed of a project when no machine is looked at. It reads nothing and knows no clock.
//!
//! The home is `/home/dev`. The project is a git repository on branch `feature/work` with the remote `origin` and the
//! default branch `main`. A path inside it exists, is tracked and clean, unless it is of a kind that projects usually
//! ignore: then a tool made it and can make it again. `.env` files, keys and credentials exist and are in no commit.
//! Manifests have ordinary scripts. Nothing was created in this session. What the caller says of single paths wins.

use std::collections::BTreeMap;

use placet_model::{Content, Facts, FileKind, Ownership, ProcessSet, Repository, Resource, Shape, Standing, Tree};

use crate::presumed::{home_of, may_be_in_a_project};
use crate::{Candidate, paths, presumed_directories, regenerable, standing};

/// The home directory of the neutral world.
const HOME: &str = "/home/dev";
/// The project, where none is given.
const PROJECT: &str = "/home/dev/project";
/// Where in its project a call works that climbs by so many levels.
const DEEPER: &[&str] = &["", "/app", "/packages/app", "/packages/app/src"];
/// How many lost files a tree names.
const NAMED_LOST: usize = 5;

/// A world made of assumptions and of what the caller says of single paths.
#[derive(Clone, Debug)]
pub struct NeutralWorld {
    home: String,
    project: String,
    cwd: String,
    /// The call climbs out of its working directory: what lies beside and above that is presumed, not known.
    climbs: bool,
    presumed: Vec<String>,
    files: BTreeMap<String, Option<String>>,
    git: BTreeMap<String, GitState>,
    session: BTreeMap<String, Standing>,
    processes: BTreeMap<String, Ownership>,
    user_messages: Vec<String>,
}

/// What the caller says of a path's place in version control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitState {
    /// Tracked with changes that are not committed.
    Dirty,
    /// Ignored.
    Ignored,
    /// Tracked and unchanged.
    Tracked,
    /// Neither tracked nor ignored.
    Untracked,
}

impl GitState {
    /// The state with this name: `tracked`, `dirty`, `untracked` or `ignored`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "dirty" => Some(Self::Dirty),
            "ignored" => Some(Self::Ignored),
            "tracked" => Some(Self::Tracked),
            "untracked" => Some(Self::Untracked),
            _ => None,
        }
    }
}

impl NeutralWorld {
    /// The world around a working directory and a project. Without a project the working directory is it; without
    /// either it is `/home/dev/project`. A leading `~` is the home, a relative directory is below the project.
    #[must_use]
    pub fn new(cwd: Option<&str>, project: Option<&str>) -> Self {
        let project = paths::absolute(project.or(cwd).unwrap_or(PROJECT), PROJECT, HOME);
        let cwd = cwd.map_or_else(|| project.clone(), |cwd| paths::absolute(cwd, &project, HOME));
        Self {
            home: HOME.to_owned(),
            project,
            cwd,
            climbs: false,
            presumed: Vec::new(),
            files: BTreeMap::new(),
            git: BTreeMap::new(),
            session: BTreeMap::new(),
            processes: BTreeMap::new(),
            user_messages: Vec::new(),
        }
    }

    /// The world around a working directory of which nothing more is told: it may lie deep in a project, and the only home
    /// that it shows is the user's.
    #[must_use]
    pub fn at(cwd: &str) -> Self {
        let mut world = Self::new(Some(cwd), None);
        if let Some(home) = home_of(core::iter::once(cwd)) {
            world.home = home;
        }
        world.presumed = presumed_directories(&[Candidate::Directory(cwd)], &world.home);
        world
    }

    /// The world around a call of which neither working directory nor project is told, only what it names itself.
    ///
    /// Directories of the usual shape are presumed to be projects. A call that climbs works somewhere below its
    /// project's root. The only home that its paths show is the user's.
    #[must_use]
    pub fn around(named: &[Candidate<'_>], climbs: &[&str]) -> Self {
        let mut world = Self::new(None, None);
        let paths = named.iter().map(|candidate| match *candidate {
            Candidate::File(path) | Candidate::Directory(path) | Candidate::Looked(path) => path,
        });
        if let Some(home) = home_of(paths) {
            world.home = home;
        }
        let levels = climbs
            .iter()
            .map(|path| path.split('/').filter(|part| *part == "..").count())
            .max();
        let stays = climbs.iter().all(|path| {
            let after = path.split('/').find(|part| !matches!(*part, ".." | "." | ""));
            after.is_none_or(may_be_in_a_project)
        });
        if let Some(below) = levels.and_then(|levels| DEEPER.get(levels)).filter(|_| stays) {
            world.cwd = format!("{PROJECT}{below}");
            world.climbs = true;
        }
        world.presumed = presumed_directories(named, &world.home);
        world.presumed.retain(|directory| !paths::within(directory, PROJECT));
        world
    }

    /// Adds directories that are presumed to be projects, see [`presumed_directories`](crate::presumed_directories).
    #[must_use]
    pub fn with_presumed(mut self, directories: Vec<String>) -> Self {
        self.presumed.extend(directories);
        self
    }

    /// Says what a file holds, or with `None` that nothing is there. Relative paths are below the working directory.
    ///
    /// A directory of which this names at least one entry has exactly the entries that are named.
    #[must_use]
    pub fn with_file(mut self, path: &str, content: Option<String>) -> Self {
        self.files.insert(paths::absolute(path, &self.cwd, &self.home), content);
        self
    }

    /// Says how a path and everything below it stands in version control.
    #[must_use]
    pub fn with_git(mut self, path: &str, state: GitState) -> Self {
        self.git.insert(paths::absolute(path, &self.cwd, &self.home), state);
        self
    }

    /// Says whose the processes of a set are, which is written as in an effect: `port 3000`, `pattern vite`.
    #[must_use]
    pub fn with_processes(mut self, set: &str, owners: Ownership) -> Self {
        self.processes.insert(set.to_owned(), owners);
        self
    }

    /// Says that the path was created in this session.
    #[must_use]
    pub fn with_created(mut self, path: &str) -> Self {
        self.session
            .insert(paths::absolute(path, &self.cwd, &self.home), Standing::Session);
        self
    }

    /// Says that the path was there before and was changed in this session.
    #[must_use]
    pub fn with_changed(mut self, path: &str) -> Self {
        self.session
            .insert(paths::absolute(path, &self.cwd, &self.home), Standing::Dirty);
        self
    }

    /// Says what the user wrote in this session, oldest first.
    #[must_use]
    pub fn with_user_messages(mut self, messages: Vec<String>) -> Self {
        self.user_messages = messages;
        self
    }

    /// The root of the project, given or presumed, that the path lies in.
    fn project_of(&self, path: &str) -> Option<&str> {
        core::iter::once(&self.project)
            .chain(&self.presumed)
            .map(String::as_str)
            .find(|root| paths::within(path, root))
    }

    /// Coding agents are set up on this machine, in the usual way.
    fn is_agent_settings(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.home.as_str());
        below.is_some_and(|rest| matches!(rest, "/.claude/settings.json" | "/.claude/settings.local.json"))
    }

    /// The path lies in a project that nobody told us of.
    fn is_presumed(&self, path: &str) -> bool {
        if paths::within(path, &self.project) {
            return self.climbs && !paths::within(path, &self.cwd);
        }
        self.presumed.iter().any(|root| paths::within(path, root))
    }

    /// A name that the caller put into the directory, or anything deeper below it.
    fn has_given_entries(&self, directory: &str) -> bool {
        self.files
            .iter()
            .any(|(path, content)| content.is_some() && is_strictly_below(path, directory))
    }

    fn is_directory(&self, path: &str) -> bool {
        const DIRECTORIES: &[&str] = &[
            "/",
            "/bin",
            "/dev",
            "/etc",
            "/home",
            "/home/dev/.aws",
            "/home/dev/.config",
            "/home/dev/.ssh",
            "/lib",
            "/opt",
            "/proc",
            "/root",
            "/sbin",
            "/sys",
            "/tmp",
            "/usr",
            "/usr/bin",
            "/usr/lib",
            "/usr/local",
            "/usr/share",
            "/var",
            "/var/log",
            "/var/tmp",
        ];
        DIRECTORIES.contains(&path)
            || [self.project.as_str(), self.cwd.as_str(), HOME, self.home.as_str()]
                .into_iter()
                .chain(self.presumed.iter().map(String::as_str))
                .any(|known| paths::within(known, path))
            || matches!(paths::name(path), ".git" | "node_modules" | "__pycache__")
            || self.has_given_entries(path)
    }

    /// What is there, without regard to version control, of a path whose nearest given ancestor decides.
    fn is_missing(&self, path: &str) -> bool {
        for part in paths::self_and_ancestors(path) {
            if let Some(content) = self.files.get(part) {
                return content.is_none();
            }
            if self.has_given_entries(part) {
                return false;
            }
        }
        false
    }
}

impl Facts for NeutralWorld {
    fn home(&self) -> &str {
        &self.home
    }

    fn project(&self) -> &str {
        &self.project
    }

    fn cwd(&self) -> &str {
        &self.cwd
    }

    fn extra_directories(&self) -> &[String] {
        &self.presumed
    }

    /// There are no links.
    fn resolve(&self, path: &str) -> String {
        path.to_owned()
    }

    fn kind(&self, path: &str) -> FileKind {
        if self.files.get(path).is_some_and(Option::is_some) {
            FileKind::File
        } else if self.is_missing(path) {
            FileKind::Missing
        } else if self.is_directory(path) {
            FileKind::Directory
        } else if paths::within(path, "/dev") {
            FileKind::Special
        } else {
            FileKind::Unknown
        }
    }

    fn standing(&self, path: &str) -> Standing {
        if self.is_missing(path) {
            return Standing::Missing;
        }
        if let Some(&standing) = self.session.get(path) {
            return standing;
        }
        if let Some(state) = paths::self_and_ancestors(path).find_map(|part| self.git.get(part)) {
            return match state {
                GitState::Dirty => Standing::Dirty,
                GitState::Ignored if is_usually_ignored(path, "/") => Standing::Regenerable,
                GitState::Ignored | GitState::Untracked => Standing::Untracked,
                GitState::Tracked => Standing::Clean,
            };
        }
        let Some(root) = self.project_of(path) else {
            return Standing::Untracked;
        };
        if is_never_committed(path, root) {
            Standing::Untracked
        } else if self.is_presumed(path) && is_tools_own(path, root) {
            Standing::Regenerable
        } else if self.is_presumed(path) && (self.is_directory(path) || !looks_like_a_file(path)) {
            Standing::Unknown
        } else if is_usually_ignored(path, root) {
            Standing::Regenerable
        } else {
            Standing::Clean
        }
    }

    fn written_this_session(&self, path: &str) -> bool {
        self.session.contains_key(path)
    }

    fn written_files(&self) -> Vec<String> {
        self.session.keys().cloned().collect()
    }

    fn tree(&self, path: &str) -> Tree {
        if self.is_missing(path) {
            return Tree {
                worst: Standing::Missing,
                files: 0,
                losing: 0,
                lost: Vec::new(),
            };
        }
        let root = self.project_of(path);
        if root.is_none_or(|root| self.is_presumed(path) && !is_tools_own(path, root)) {
            return Tree {
                worst: Standing::Unknown,
                files: 0,
                losing: 0,
                lost: Vec::new(),
            };
        }
        let mut tree = Tree {
            worst: self.standing(path),
            files: 0,
            losing: 0,
            lost: Vec::new(),
        };
        let secrets = [paths::join(&self.project, ".env"), paths::join(&self.project, ".git")];
        let given = self
            .files
            .iter()
            .filter(|(_, content)| content.is_some())
            .map(|(path, _)| path);
        let mut seen: Vec<&str> = Vec::new();
        for file in given.chain(self.git.keys()).chain(self.session.keys()).chain(&secrets) {
            if !is_strictly_below(file, path) || self.is_missing(file) || seen.contains(&file.as_str()) {
                continue;
            }
            seen.push(file);
            let standing = self.standing(file);
            tree.worst = standing::worse(tree.worst, standing);
            tree.files = tree.files.saturating_add(1);
            if standing::loses(standing) {
                tree.losing = tree.losing.saturating_add(1);
            }
            if standing::loses(standing) && tree.lost.len() < NAMED_LOST {
                tree.lost.extend(paths::below(file, path).map(str::to_owned));
            }
        }
        tree
    }

    /// Names of this shape are ordinary ones, but for those that no project commits, those in the history, and those
    /// that are given.
    fn tree_of(&self, path: &str, shape: Shape<'_>) -> Tree {
        const IN_THE_HISTORY: &[&str] = &[
            ".git",
            ".git/HEAD",
            ".git/config",
            ".git/index",
            ".git/objects/pack/pack-1.idx",
            ".git/objects/pack/pack-1.pack",
            ".git/refs/heads/main",
            ".env",
        ];
        if self.is_missing(path) || self.project_of(path).is_none() {
            return self.tree(path);
        }
        let example = paths::join(path, &shape.example());
        let mut tree = Tree {
            worst: self.standing(&example),
            files: 1,
            losing: 0,
            lost: Vec::new(),
        };
        let given = self
            .files
            .iter()
            .filter(|(_, content)| content.is_some())
            .map(|(path, _)| path);
        let history: Vec<String> = IN_THE_HISTORY
            .iter()
            .map(|name| paths::join(&self.project, name))
            .collect();
        let mut seen: Vec<&str> = Vec::new();
        for file in given.chain(self.git.keys()).chain(self.session.keys()).chain(&history) {
            let below = paths::below(file, path).filter(|rest| rest.split('/').any(|name| shape.fits(name)));
            let Some(rest) = below.filter(|_| !self.is_missing(file) && !seen.contains(&file.as_str())) else {
                continue;
            };
            seen.push(file);
            let standing = self.standing(file);
            tree.worst = standing::worse(tree.worst, standing);
            tree.files = tree.files.saturating_add(1);
            if standing::loses(standing) {
                tree.losing = tree.losing.saturating_add(1);
                if tree.lost.len() < NAMED_LOST {
                    tree.lost.push(rest.to_owned());
                }
            }
        }
        tree
    }

    fn read(&self, path: &str) -> Content {
        match self.files.get(path) {
            Some(Some(text)) => Content::Text(text.clone()),
            Some(None) => Content::Missing,
            None if self.is_missing(path) => Content::Missing,
            // What the session wrote there is not known, and no longer what was there before.
            None if self.session.contains_key(path) => Content::Unreadable,
            None if self.project_of(path).is_some() => Content::Ordinary,
            None if self.is_agent_settings(path) => Content::Ordinary,
            None => Content::Unreadable,
        }
    }

    fn entries(&self, path: &str) -> Option<Vec<String>> {
        let mut names: Vec<String> = self
            .files
            .iter()
            .filter(|(_, content)| content.is_some())
            .filter_map(|(file, _)| paths::below(file, path)?.split('/').next())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        names.dedup();
        (!names.is_empty()).then_some(names)
    }

    /// No name is odd in an ordinary project, but those that are given.
    fn has_name(&self, path: &str, _deep: bool, odd: &dyn Fn(&str) -> bool) -> bool {
        let given = self.files.iter().filter(|(_, content)| content.is_some());
        given
            .filter_map(|(file, _)| paths::below(file, path))
            .any(|rest| rest.split('/').any(odd))
    }

    fn repository(&self, path: &str) -> Option<Repository> {
        let root = self.project_of(path)?;
        Some(Repository {
            root: root.to_owned(),
            branch: Some("feature/work".to_owned()),
            default_branch: Some("main".to_owned()),
            remotes: vec![("origin".to_owned(), "https://github.com/dev/project.git".to_owned())],
            follows: None,
            programs: Vec::new(),
        })
    }

    /// Nothing is known of processes but what is given.
    fn processes(&self, set: &ProcessSet) -> Ownership {
        let written = Resource::Process(set.clone()).to_string();
        self.processes.get(&written).cloned().unwrap_or_default()
    }

    /// Nothing is staged but what the text itself stages.
    fn may_be_staged(&self, _: &str) -> bool {
        false
    }

    fn has_variable(&self, odd: &dyn Fn(&str, &str) -> bool) -> bool {
        ["HOME", "LANG", "LOGNAME", "PWD", "SHELL", "USER"]
            .into_iter()
            .any(|name| self.variable(name).is_some_and(|value| odd(name, &value)))
    }

    fn variable(&self, name: &str) -> Option<String> {
        let value = match name {
            "HOME" => &self.home,
            "LANG" => "C.UTF-8",
            "LOGNAME" | "USER" => "dev",
            "PWD" => &self.cwd,
            "SHELL" => "/bin/bash",
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn user_messages(&self) -> &[String] {
        &self.user_messages
    }
}

fn is_strictly_below(path: &str, directory: &str) -> bool {
    paths::below(path, directory).is_some_and(|rest| !rest.is_empty())
}

/// Some name of the path below the root is one that projects usually ignore since a tool makes it.
fn is_usually_ignored(path: &str, root: &str) -> bool {
    paths::below(path, root).is_some_and(|rest| rest.split('/').any(regenerable::is_product_name))
}

/// What a tool keeps under a name that nobody else gives: such a directory is made again also where nothing is known of the
/// project around it. A `dist` may be anybody's.
fn is_tools_own(path: &str, root: &str) -> bool {
    let own = |name: &str| {
        regenerable::is_product_name(name)
            && (name.starts_with('.') && name != ".venv" || matches!(name, "node_modules" | "__pycache__"))
    };
    paths::below(path, root).is_some_and(|rest| rest.split('/').any(own))
}

/// What no project should commit: the history itself, environments, keys and credentials.
fn is_never_committed(path: &str, root: &str) -> bool {
    let Some(rest) = paths::below(path, root) else {
        return false;
    };
    let name = paths::name(path);
    let is_template = ["example", "sample", "template", "dist", "defaults"]
        .iter()
        .any(|word| name.ends_with(word));
    rest.split('/')
        .any(|part| matches!(part, ".git" | ".ssh" | ".gnupg" | ".aws"))
        || (name.starts_with(".env") && !name.starts_with(".envrc") && !is_template)
        || matches!(
            name,
            "id_rsa" | "id_ed25519" | "id_ecdsa" | "id_dsa" | ".netrc" | ".pgpass" | "credentials.json"
        )
        || [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

/// A name with an ending, or one that is known to be a file's.
fn looks_like_a_file(path: &str) -> bool {
    let name = paths::name(path);
    let has_ending = name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && (1..=10).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    has_ending
        || matches!(
            name,
            "Dockerfile"
                | "Gemfile"
                | "Jenkinsfile"
                | "LICENSE"
                | "Makefile"
                | "Podfile"
                | "Procfile"
                | "README"
                | "Rakefile"
                | "justfile"
                | ".gitignore"
                | ".gitattributes"
                | ".dockerignore"
                | ".editorconfig"
                | ".prettierrc"
                | ".eslintrc"
        )
}
