//! What the probe found in a text.

use crate::{Asked, Trick};

/// Where a text came from, as far as that changes how much it takes to doubt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// From outside: a page, another server's tool, a download.
    Network = 0,
    /// The output of a program of this machine.
    Output = 1,
    /// A file of the project, which somebody took in.
    Project = 2,
}

impl Origin {
    /// Every origin.
    pub const ALL: &'static [Self] = &[Self::Network, Self::Output, Self::Project];

    /// By the name of the tool that gave the text, where nothing else is known of it.
    #[must_use]
    pub fn of_tool(name: &str) -> Self {
        match name {
            "WebFetch" | "WebSearch" => Self::Network,
            "Read" | "Grep" | "Glob" | "LS" | "NotebookRead" | "Edit" | "MultiEdit" | "Write" => Self::Project,
            name if name.starts_with("mcp__") => Self::Network,
            _ => Self::Output,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Output => "output",
            Self::Project => "project",
        }
    }
}

/// How sure the probe is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing was found.
    #[default]
    None,
    /// Found, at the stated rate of false alarms.
    Low,
    /// Found, at a tenth of it.
    Medium,
    /// Found beyond what any harmless text of the training showed.
    High,
}

impl Level {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The level with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::None, Self::Low, Self::Medium, Self::High]
            .into_iter()
            .find(|level| level.name() == name)
    }
}

/// A part of the text that is suspicious.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How likely it is meant to steer, between 0 and 1.
    pub score: f32,
    /// What it says, where it was encoded.
    pub decoded: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// How sure the probe is.
    pub level: Level,
    /// How likely some part is meant to steer the reader, between 0 and 1.
    pub score: f32,
    /// The tricks seen, sorted.
    pub tricks: Vec<Trick>,
    /// The suspicious parts, in order.
    pub parts: Vec<Part>,
    /// What they ask for.
    pub asked: Asked,
}
