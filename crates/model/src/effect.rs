//! Effects: what an action would do to the world. A closed vocabulary; never "permit" or "forbid".

use crate::{Dimensions, Ownership, Resource, Span};

/// One read of or change to the world that an action would cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What is done.
    pub verb: Verb,
    /// To what.
    pub resource: Resource,
    /// Circumstances that change how bad it is.
    pub qualifiers: Qualifiers,
    /// The four dimensions, filled in from verb, resource and facts.
    pub dimensions: Dimensions,
    /// The part of the action that causes it.
    pub span: Span,
    /// The program or tool that does it, as its catalogue name (`git push`), empty for the shell itself.
    pub by: String,
}

/// Everything an action would do, as far as it could be told. `Opaque` effects stand for what could not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// The effects, in the order in which the action causes them, without duplicates.
    pub list: Vec<Effect>,
}

/// The closed list of verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// Read the content of a file.
    Read,
    /// Read names or attributes of files.
    List,
    /// Make a new file or directory.
    Create,
    /// Change an existing file in place or append to it.
    Modify,
    /// Replace the content of a file: the old content is gone.
    Truncate,
    /// Delete a file or an empty directory.
    Delete,
    /// Delete a directory with everything in it.
    DeleteTree,
    /// Move or rename: the resource is the source; the target appears as create or truncate.
    Move,
    /// Change permission bits.
    ChangeMode,
    /// Change owner or group.
    ChangeOwner,
    /// Make a link.
    Link,
    /// Mount, unmount, format, partition.
    Mount,
    /// Start a program that is not known, or known to be able to do anything.
    RunProgram,
    /// Run code: inline, from a file, downloaded.
    RunCode,
    /// Send a signal to a process.
    Signal,
    /// Start, stop or change a system or user service.
    ServiceControl,
    /// Run something later, at a time.
    Schedule,
    /// Run something later, by itself: shell start files, units, login items.
    Persist,
    /// Read from the network.
    Fetch,
    /// Write to the network.
    Send,
    /// Accept connections.
    Listen,
    /// Open a path through the network for others.
    Tunnel,
    /// Run something on another machine.
    RemoteShell,
    /// Record changes in local version control: commit, branch, tag, stash, index.
    Commit,
    /// Lose work that is not committed.
    DiscardChanges,
    /// Change history that exists.
    RewriteHistory,
    /// Publish commits to a remote repository.
    Push,
    /// Delete a branch or tag at a remote.
    DeleteRemote,
    /// Change version-control configuration of this repository.
    Config,
    /// Bypass the checks of the repository.
    SkipHooks,
    /// Install packages.
    Install,
    /// Publish a package.
    Publish,
    /// Run a container.
    ContainerRun,
    /// Read the state of infrastructure.
    InfraRead,
    /// Change infrastructure.
    InfraChange,
    /// Destroy infrastructure.
    InfraDestroy,
    /// Read from a data store.
    DbRead,
    /// Write to a data store.
    DbWrite,
    /// Drop, truncate or flush a data store.
    DbDestroy,
    /// Write to people: comment, mail, chat.
    Message,
    /// Merge a change request.
    Merge,
    /// Make a release.
    Release,
    /// Change settings of a shared repository.
    RepositorySettings,
    /// Read a secret into the process.
    ReadSecret,
    /// Change or create a secret.
    WriteSecret,
    /// Show a secret where the agent, a log or a person sees it.
    PrintSecret,
    /// Change configuration that applies beyond the project.
    GlobalConfig,
    /// Gain more rights.
    ElevatePrivilege,
    /// Cannot tell: the worst of what the text could do.
    Opaque,
}

impl Verb {
    /// Every verb, in order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::List,
        Self::Create,
        Self::Modify,
        Self::Truncate,
        Self::Delete,
        Self::DeleteTree,
        Self::Move,
        Self::ChangeMode,
        Self::ChangeOwner,
        Self::Link,
        Self::Mount,
        Self::RunProgram,
        Self::RunCode,
        Self::Signal,
        Self::ServiceControl,
        Self::Schedule,
        Self::Persist,
        Self::Fetch,
        Self::Send,
        Self::Listen,
        Self::Tunnel,
        Self::RemoteShell,
        Self::Commit,
        Self::DiscardChanges,
        Self::RewriteHistory,
        Self::Push,
        Self::DeleteRemote,
        Self::Config,
        Self::SkipHooks,
        Self::Install,
        Self::Publish,
        Self::ContainerRun,
        Self::InfraRead,
        Self::InfraChange,
        Self::InfraDestroy,
        Self::DbRead,
        Self::DbWrite,
        Self::DbDestroy,
        Self::Message,
        Self::Merge,
        Self::Release,
        Self::RepositorySettings,
        Self::ReadSecret,
        Self::WriteSecret,
        Self::PrintSecret,
        Self::GlobalConfig,
        Self::ElevatePrivilege,
        Self::Opaque,
    ];

    /// The kebab-case name used in command files, rules, records and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::List => "list",
            Self::Create => "create",
            Self::Modify => "modify",
            Self::Truncate => "truncate",
            Self::Delete => "delete",
            Self::DeleteTree => "delete-tree",
            Self::Move => "move",
            Self::ChangeMode => "change-mode",
            Self::ChangeOwner => "change-owner",
            Self::Link => "link",
            Self::Mount => "mount",
            Self::RunProgram => "run-program",
            Self::RunCode => "run-code",
            Self::Signal => "signal",
            Self::ServiceControl => "service-control",
            Self::Schedule => "schedule",
            Self::Persist => "persist",
            Self::Fetch => "fetch",
            Self::Send => "send",
            Self::Listen => "listen",
            Self::Tunnel => "tunnel",
            Self::RemoteShell => "remote-shell",
            Self::Commit => "commit",
            Self::DiscardChanges => "discard-changes",
            Self::RewriteHistory => "rewrite-history",
            Self::Push => "push",
            Self::DeleteRemote => "delete-remote",
            Self::Config => "config",
            Self::SkipHooks => "skip-hooks",
            Self::Install => "install",
            Self::Publish => "publish",
            Self::ContainerRun => "container-run",
            Self::InfraRead => "infra-read",
            Self::InfraChange => "infra-change",
            Self::InfraDestroy => "infra-destroy",
            Self::DbRead => "db-read",
            Self::DbWrite => "db-write",
            Self::DbDestroy => "db-destroy",
            Self::Message => "message",
            Self::Merge => "merge",
            Self::Release => "release",
            Self::RepositorySettings => "repository-settings",
            Self::ReadSecret => "read-secret",
            Self::WriteSecret => "write-secret",
            Self::PrintSecret => "print-secret",
            Self::GlobalConfig => "global-config",
            Self::ElevatePrivilege => "elevate-privilege",
            Self::Opaque => "opaque",
        }
    }

    /// The verb with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verb| verb.name() == name)
    }

    /// Whether the effect changes nothing: reads of files, names, infrastructure, data stores.
    #[must_use]
    pub fn only_reads(self) -> bool {
        matches!(self, Self::Read | Self::List | Self::InfraRead | Self::DbRead)
    }
}

/// Circumstances of an effect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Qualifiers {
    /// The command was told not to ask or to override a protection (`--force`).
    pub force: bool,
    /// What the changed file would do later, by itself or through another tool.
    pub runs_later: Option<RunsLater>,
    /// What leaves with a send, or is shown by a print.
    pub carries: Carries,
    /// A directory sweep (`grep -r`, `cp -r`): everything below the resource may be touched.
    pub sweep: bool,
    /// Of what a file outside the project holds only a measure comes out: a count, a checksum, its kind, whether something
    /// matches.
    pub measured: bool,
    /// The agent's user named this resource in their own words.
    pub named_by_user: bool,
    /// The effect happens on another machine or inside a container, not here.
    pub elsewhere: bool,
    /// Runs without being waited for: nobody sees how it ends.
    pub background: bool,
    /// What is replaced is kept and can be had back (git's reflog, jj's operation log).
    pub kept: bool,
    /// What would be lost for good, where somebody counted.
    pub lost: Option<Lost>,
    /// Whose the processes are that a signal would reach; `None` for what is no signal, and for signals elsewhere.
    pub processes: Option<Ownership>,
    /// What else a person should know, in words.
    pub note: Option<String>,
}

/// Files that an effect would take away for good, as counted in the world before it happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many.
    pub files: u32,
    /// Some of them by name, relative to the project or to what is deleted.
    pub names: Vec<String>,
}

impl Lost {
    /// In words: `3 files that no commit has: src/a.rs, src/b.rs and 1 more`; `None` if nothing is lost.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        const NAMED: usize = 3;
        if self.files == 0 {
            return None;
        }
        let named: Vec<&str> = self.names.iter().take(NAMED).map(String::as_str).collect();
        let files = if self.files == 1 { "file" } else { "files" };
        let mut words = format!("{} {files} with work that no commit has would be lost", self.files);
        if !named.is_empty() {
            words.push_str(": ");
            words.push_str(&named.join(", "));
            let more = self
                .files
                .saturating_sub(u32::try_from(named.len()).unwrap_or(u32::MAX));
            if more > 0 {
                words.push_str(&format!(" and {more} more"));
            }
        }
        Some(words)
    }
}

/// Where a text came from, as far as later decisions depend on it. Kept by the session from one call to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provenance {
    /// From the network, by a program: nobody vouches for it as code.
    Downloaded,
    /// From a secret.
    Secret,
    /// From a page or a tool's answer that was found to give the agent instructions.
    Web,
}

impl Provenance {
    /// Every provenance.
    pub const ALL: &'static [Self] = &[Self::Downloaded, Self::Secret, Self::Web];

    /// The word used in the session's memory.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Downloaded => "downloaded",
            Self::Secret => "secret",
            Self::Web => "web",
        }
    }

    /// The provenance with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }
}

/// Why a changed file is more than a file: something will execute or obey it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunsLater {
    /// Instructions or settings of a coding agent.
    AgentInstructions,
    /// Hook entries, permissions or servers in a coding agent's settings.
    AgentSettings,
    /// `build.rs`, `setup.py`, `conftest.py`, `vite.config.*` …
    BuildScript,
    /// Continuous-integration workflows.
    ContinuousIntegration,
    /// `.envrc`, `.vscode/tasks.json`, dev containers: run by opening or entering the project.
    EditorOrEnvironment,
    /// Git hooks, hook runners' files, repository configuration that names programs.
    GitHook,
    /// A manifest whose scripts run: `package.json`, `Makefile`, `justfile`.
    Manifest,
    /// A shell start file, unit, cron table, login item.
    StartFile,
}

impl RunsLater {
    /// In words, for messages.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AgentInstructions => "instructions of a coding agent",
            Self::AgentSettings => "settings of a coding agent",
            Self::BuildScript => "a build or test script",
            Self::ContinuousIntegration => "a CI workflow",
            Self::EditorOrEnvironment => "a file that runs when the project is opened or entered",
            Self::GitHook => "a git hook",
            Self::Manifest => "a manifest with scripts",
            Self::StartFile => "a start file",
        }
    }
}

/// What data an effect takes along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carries {
    /// Nothing of interest: constants from the command itself.
    #[default]
    Nothing,
    /// Content of files of the project or output of programs.
    ProjectData,
    /// Content of files outside the project, or something that could not be traced.
    Unknown,
    /// A secret.
    Secret,
}

impl Effects {
    /// Adds an effect unless the same one (but for its span) is there already.
    pub fn add(&mut self, effect: Effect) {
        let known = self.list.iter().any(|old| {
            old.verb == effect.verb
                && old.resource == effect.resource
                && old.qualifiers == effect.qualifiers
                && old.by == effect.by
        });
        if !known {
            self.list.push(effect);
        }
    }
}
