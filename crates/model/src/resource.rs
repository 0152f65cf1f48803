//! Resources: what an effect touches. Validated names only; nothing here looks at the world.

use core::fmt;

/// What an effect is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A path or a set of paths.
    Path(Target),
    /// Code that runs.
    Code(Code),
    /// A program that is started.
    Program(String),
    /// Processes.
    Process(ProcessSet),
    /// A host on the network; `None` when it could not be told.
    Host(Option<String>),
    /// A branch or tag at a remote.
    Ref {
        /// The remote's name or URL; `None` is the repository's default.
        remote: Option<String>,
        /// The branch; `None` is the current one.
        branch: Option<String>,
    },
    /// A package.
    Package {
        /// The package manager's name.
        manager: String,
        /// The package; `None` means what the manifest or lock file says.
        name: Option<String>,
        /// How firmly the version is fixed.
        pin: Pin,
    },
    /// A container that is started.
    Container {
        /// The image, if known.
        image: Option<String>,
        /// Has rights over the host: `--privileged`, the daemon's socket, host namespaces, `/` mounted.
        privileged: bool,
    },
    /// Anything else with a name: a database, a cluster object, a service, a variable, a setting.
    Named(String),
    /// Something that could not be told.
    Unknown,
}

/// A path an effect touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Which path or paths.
    pub paths: Paths,
    /// Where it lies.
    pub place: Place,
    /// What version control and the session know of it.
    pub standing: Standing,
    /// What kind of content it holds.
    pub sensitivity: Sensitivity,
}

/// A path, or a set of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paths {
    /// Exactly this absolute path, links resolved.
    One(String),
    /// Some paths below this absolute directory (a glob, a name that is only known at run time).
    Below(String),
    /// Could be anywhere.
    Unknown,
}

/// Where a path lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Inside the project (or an extra directory that counts as such).
    Project,
    /// The project's root itself, one of its parents, home, or `/`.
    Vital,
    /// A temporary directory.
    Temp,
    /// `/dev/null`, `/dev/stdout`, descriptors: no file at all.
    Stream,
    /// Read-only parts of the system and of toolchains: manuals, headers, installed packages, registries' caches.
    Toolchain,
    /// The rest of the home directory.
    Home,
    /// The operating system's files.
    System,
    /// A disk, partition or memory device.
    Device,
    /// Anywhere else, for example another project or another user's home.
    Outside,
    /// Cannot tell.
    Unknown,
}

/// What would be lost if a path were deleted or overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// In version control and unchanged: can be had back.
    Clean,
    /// Created in this session.
    Session,
    /// Ignored by version control and made by a tool that can make it again.
    Regenerable,
    /// Does not exist.
    Missing,
    /// In version control with changes that are not committed.
    Dirty,
    /// Not in version control.
    Untracked,
    /// Cannot tell, or too much to look at.
    Unknown,
}

/// What kind of content a path holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// Nothing special.
    Plain,
    /// Keys, tokens, credentials.
    Secret,
    /// Personal data of the user outside the project: mail, browser profiles, shell history.
    Personal,
    /// Placet's own policy, ignore files and settings.
    PlacetPolicy,
    /// Placet's log and state.
    PlacetState,
}

/// Code that an effect runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Where it comes from.
    pub origin: Origin,
    /// How far its text was understood; what was understood appears as further effects.
    pub understood: Understood,
    /// The file or language, for messages.
    pub name: String,
}

/// Where code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Written in the command itself.
    Inline,
    /// A file of the project that was there before the session.
    Project,
    /// The project as a whole, through its build or test tool.
    Toolchain,
    /// A file written or changed in this session.
    Session,
    /// A file outside the project.
    Outside,
    /// Fetched from the network.
    Downloaded,
    /// Decoded from something that can't be read here.
    Undecodable,
    /// Computed at run time.
    Dynamic,
}

/// How far a text was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Understood {
    /// All of it: its effects are listed.
    Fully,
    /// It exists and is ordinary, but was not looked into (the neutral world, a language without a parser here).
    Assumed,
    /// Parts of it could do anything.
    Partly,
    /// Nothing of it.
    Not,
}

/// Which processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessSet {
    /// A job this very command started.
    OwnChild,
    /// A process number.
    Pid(String),
    /// All whose command line matches.
    Pattern(String),
    /// All whose name matches.
    Name(String),
    /// All in whose line of a list this text stands: in their command line, or as their user.
    Listed(String),
    /// All that have to do with a port of the network.
    Port {
        /// The port.
        number: u16,
        /// Those as well that are connected to it from this machine, such as a browser.
        clients: bool,
    },
    /// All, or a set that can't be told.
    All,
}

impl ProcessSet {
    /// The text by which its processes are meant, where they are meant by one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Pattern(text) | Self::Name(text) | Self::Listed(text) => Some(text),
            Self::OwnChild | Self::Pid(_) | Self::Port { .. } | Self::All => None,
        }
    }
}

/// How firmly a package version is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pin {
    /// By the lock file.
    Locked,
    /// By an exact version.
    Pinned,
    /// By the manifest, without a lock file, or not at all.
    Unpinned,
    /// A URL, path or repository.
    Url,
    /// For the whole user or system.
    Global,
}

impl Pin {
    /// The word used in command files, rules and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Pinned => "pinned",
            Self::Unpinned => "unpinned",
            Self::Url => "url",
            Self::Global => "global",
        }
    }
}

impl Origin {
    /// The word used in command files, rules and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Project => "project",
            Self::Toolchain => "toolchain",
            Self::Session => "session",
            Self::Outside => "outside",
            Self::Downloaded => "downloaded",
            Self::Undecodable => "undecodable",
            Self::Dynamic => "dynamic",
        }
    }
}

impl Paths {
    /// The path or directory, if there is one.
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        match self {
            Self::One(path) | Self::Below(path) => Some(path),
            Self::Unknown => None,
        }
    }
}

impl fmt::Display for Paths {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(path) => out.write_str(path),
            Self::Below(path) if path == "/" => out.write_str("/**"),
            Self::Below(path) => write!(out, "{path}/**"),
            Self::Unknown => out.write_str("?"),
        }
    }
}

impl fmt::Display for Resource {
    /// The short form that examples in command files, rules and `explain` use. Paths are absolute.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(target) => target.paths.fmt(out),
            Self::Code(code) => out.write_str(code.origin.name()),
            Self::Program(name) | Self::Named(name) => out.write_str(name),
            Self::Process(ProcessSet::OwnChild) => out.write_str("own-child"),
            Self::Process(ProcessSet::Pid(pid)) => write!(out, "pid {pid}"),
            Self::Process(ProcessSet::Pattern(pattern)) => write!(out, "pattern {pattern}"),
            Self::Process(ProcessSet::Name(name)) => write!(out, "name {name}"),
            Self::Process(ProcessSet::Listed(text)) => write!(out, "listed {text}"),
            Self::Process(ProcessSet::Port { number, clients }) => {
                write!(out, "port {number}{}", if *clients { " with clients" } else { "" })
            }
            Self::Process(ProcessSet::All) => out.write_str("all"),
            Self::Host(Some(host)) => out.write_str(host),
            Self::Ref { remote, branch } => {
                write!(
                    out,
                    "{} {}",
                    remote.as_deref().unwrap_or("default"),
                    branch.as_deref().unwrap_or("current")
                )
            }
            Self::Package { manager, name, pin } => match name {
                Some(name) => write!(out, "{manager} {name} {}", pin.name()),
                None => write!(out, "{manager} {}", pin.name()),
            },
            Self::Container { image, privileged } => {
                write!(
                    out,
                    "{}{}",
                    image.as_deref().unwrap_or("?"),
                    if *privileged { " privileged" } else { "" }
                )
            }
            Self::Host(None) | Self::Unknown => out.write_str("?"),
        }
    }
}
