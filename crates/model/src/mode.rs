//! Permission modes and tiers: how much the user wants to be asked. Neither ever changes a hard limit.

/// How the agent is allowed to work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Reads in the project and read-only commands run; the rest is asked.
    #[default]
    Default,
    /// Also edits in the project.
    AcceptEdits,
    /// Reads only.
    Plan,
    /// Everything the pipeline clears.
    Auto,
    /// What default runs and what rules allow; the rest is denied.
    DontAsk,
    /// Everything but hard limits and ignore files.
    BypassPermissions,
}

impl Mode {
    /// Every mode.
    pub const ALL: &'static [Self] = &[
        Self::Default,
        Self::AcceptEdits,
        Self::Plan,
        Self::Auto,
        Self::DontAsk,
        Self::BypassPermissions,
    ];

    /// The name used on the command line, in settings and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::AcceptEdits => "acceptEdits",
            Self::Plan => "plan",
            Self::Auto => "auto",
            Self::DontAsk => "dontAsk",
            Self::BypassPermissions => "bypassPermissions",
        }
    }

    /// The mode with this name; `manual` is another name of `default`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "manual" {
            return Some(Self::Default);
        }
        Self::ALL.iter().copied().find(|mode| mode.name() == name)
    }
}

/// How strict `auto` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Asks least.
    Permissive,
    /// The default.
    #[default]
    Balanced,
    /// Asks most.
    Restrictive,
}

impl Tier {
    /// Every tier.
    pub const ALL: &'static [Self] = &[Self::Permissive, Self::Balanced, Self::Restrictive];

    /// The name used on the command line, in settings and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Permissive => "permissive",
            Self::Balanced => "balanced",
            Self::Restrictive => "restrictive",
        }
    }

    /// The tier with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|tier| tier.name() == name)
    }
}
