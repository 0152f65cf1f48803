//! The four dimensions of an effect: small closed scales, each ordered from harmless to grave.

/// How the effect lies in each dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimensions {
    /// Can it be undone?
    pub reversibility: Reversibility,
    /// Does it stay within what the user works on?
    pub scope: Scope,
    /// What it exposes.
    pub surface: Surface,
    /// What follows from it.
    pub cascade: Cascade,
}

/// Can it be undone?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reversibility {
    /// Yes: nothing changes, or it is tracked and clean, created this session, or regenerable.
    Reversible,
    /// With effort: a reflog, a registry, a backup.
    Recoverable,
    /// No.
    Irreversible,
}

/// Does it stay within what the user works on?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The user named it.
    Named,
    /// Inside the project.
    Project,
    /// Outside the project, on this machine, in the user's reach.
    Outside,
    /// The operating system.
    System,
    /// Shared with others, or on another machine.
    Shared,
}

/// What it exposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Surface {
    /// Nothing.
    None,
    /// The network sees it.
    Network,
    /// Personal or otherwise sensitive data.
    SensitiveData,
    /// Keys, tokens, passwords.
    Credentials,
    /// A system that others depend on.
    ExternalSystem,
    /// Rights on this machine.
    Privilege,
}

/// What follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cascade {
    /// Nothing more.
    Contained,
    /// More code runs.
    RunsCode,
    /// It stays in force after the session.
    Persists,
    /// Other people or processes are affected.
    AffectsOthers,
}

impl Default for Dimensions {
    /// The harmless end of every scale.
    fn default() -> Self {
        Self {
            reversibility: Reversibility::Reversible,
            scope: Scope::Project,
            surface: Surface::None,
            cascade: Cascade::Contained,
        }
    }
}

macro_rules! names {
    ($type:ty { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// The word used in records and messages.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

names!(Reversibility { Reversible => "reversible", Recoverable => "recoverable", Irreversible => "irreversible" });
names!(Scope { Named => "named", Project => "project", Outside => "outside", System => "system", Shared => "shared" });
names!(Surface {
    None => "none",
    Network => "network",
    SensitiveData => "sensitive-data",
    Credentials => "credentials",
    ExternalSystem => "external-system",
    Privilege => "privilege",
});
names!(Cascade {
    Contained => "contained",
    RunsCode => "runs-code",
    Persists => "persists",
    AffectsOthers => "affects-others",
});
