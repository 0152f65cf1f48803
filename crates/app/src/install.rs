//! Putting Placet into an agent's settings, and taking it out again. Changes only Placet's own entries, keeps every
//! other byte, and writes nothing when the file is not understood. What the entries mean to the agent is in
//! [`claude_code`]; whether they work is [`probe`]'s question.

pub mod claude_code;
mod diff;
mod error;
mod json_edit;
pub mod probe;
mod write;

use std::path::{Path, PathBuf};

pub use error::InstallError;

/// Whose settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every project of this user.
    User,
    /// Everybody who works on this project.
    Project,
    /// This user in this project.
    Local,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[Self::User, Self::Project, Self::Local];

    /// The name used on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
            Self::Local => "local",
        }
    }

    /// The scope with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name)
    }
}

/// A settings file before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing is written before `apply`"]
pub struct SettingsChange {
    /// The file.
    pub path: PathBuf,
    /// Its text; `None` when it does not exist.
    pub before: Option<String>,
    /// What it will be.
    pub after: String,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

impl SettingsChange {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before.as_deref().unwrap_or_default() == self.after
    }

    /// What changes, as a unified diff; empty when nothing does.
    #[must_use]
    pub fn diff(&self) -> String {
        diff::unified(&self.path.display().to_string(), self.before.as_deref(), &self.after)
    }

    /// Writes the file: all of it or nothing, with its permissions, through links.
    ///
    /// # Errors
    /// When it can't be written, or was changed by somebody else in the meantime.
    pub fn apply(&self) -> Result<(), InstallError> {
        if self.is_empty() {
            Ok(())
        } else {
            write::replace(&self.path, self.before.as_deref(), &self.after)
        }
    }
}

/// What would be changed to install `program` (an absolute path) into the agent's settings. `block_on` is the finding from
/// which on results are withheld, or `off`; without it, entries that are there keep theirs.
///
/// # Errors
/// When the agent is unknown or its settings are not understood.
pub fn install(
    agent: &str,
    scope: Scope,
    home: &Path,
    project: &Path,
    program: &Path,
    block_on: Option<&str>,
) -> Result<SettingsChange, InstallError> {
    known(agent)?;
    change(claude_code::settings_path(scope, home, project), |path, text| {
        claude_code::install(path, text, program, block_on)
    })
}

/// What would be changed to take Placet's entries out again.
///
/// # Errors
/// When the agent is unknown or its settings are not understood.
pub fn uninstall(agent: &str, scope: Scope, home: &Path, project: &Path) -> Result<SettingsChange, InstallError> {
    known(agent)?;
    change(claude_code::settings_path(scope, home, project), claude_code::uninstall)
}

fn known(agent: &str) -> Result<(), InstallError> {
    if agent == claude_code::NAME {
        Ok(())
    } else {
        Err(InstallError::UnknownAgent(agent.to_owned()))
    }
}

fn change(
    path: PathBuf,
    edit: impl FnOnce(&Path, Option<&str>) -> Result<claude_code::Edited, InstallError>,
) -> Result<SettingsChange, InstallError> {
    let before = write::read(&path)?;
    let edited = edit(&path, before.as_deref())?;
    Ok(SettingsChange {
        path,
        before,
        after: edited.text,
        notes: edited.notes,
    })
}
