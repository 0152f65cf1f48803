//! Where things lie: the home, Placet's state, and every policy file, in order of precedence. Names only; reading is
//! done in `policies.rs`.

use std::path::{Path, PathBuf};

use placet_engine::{Failure, Format, Scope};
use placet_facts::session::state_directory;

use crate::Environment;

/// The places that do not depend on the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The user's home.
    pub home: String,
    /// Placet's log, session memories and trust.
    pub state: String,
    /// Placet's configuration of this user.
    pub config: String,
    claude: String,
}

/// A file that may hold policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyPlace {
    /// The file.
    pub path: PathBuf,
    /// Whose it is.
    pub scope: Scope,
    /// How it is written.
    pub format: Format,
}

/// The variables that say where things lie.
pub(crate) const VARIABLES: [&str; 4] = ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "CLAUDE_CONFIG_DIR"];

impl Places {
    /// The places that the environment names.
    ///
    /// # Errors
    /// Without an absolute home there is no policy and no log, and so no decision.
    pub fn of(environment: &Environment<'_>) -> Result<Self, Failure> {
        let absolute = |name: &str| environment(name).filter(|path| path.starts_with('/'));
        let home =
            absolute("HOME").ok_or_else(|| Failure::BrokenState("`HOME` is not set to an absolute path".to_owned()))?;
        let in_home = |path: &str| format!("{}/{path}", home.trim_end_matches('/'));
        let config = absolute("XDG_CONFIG_HOME").unwrap_or_else(|| in_home(".config"));
        Ok(Self {
            state: state_directory(&home, absolute("XDG_STATE_HOME").as_deref()),
            config: format!("{}/placet", config.trim_end_matches('/')),
            claude: absolute("CLAUDE_CONFIG_DIR").unwrap_or_else(|| in_home(".claude")),
            home,
        })
    }

    /// The audit log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        Path::new(&self.state).join("audit.jsonl")
    }

    /// Every file that may hold policy, lowest precedence first.
    #[must_use]
    pub fn policy_files(&self, project: &str) -> Vec<PolicyPlace> {
        let place = |path: PathBuf, scope, format| PolicyPlace { path, scope, format };
        let user = Path::new(&self.claude).join("settings.json");
        let in_project = |name: &str| Path::new(project).join(name);
        let mut files = vec![
            place(
                Path::new(&self.config).join("policy.toml"),
                Scope::User,
                Format::PlacetToml,
            ),
            place(user.clone(), Scope::User, Format::ClaudeSettings),
            place(in_project(".placet/policy.toml"), Scope::Project, Format::PlacetToml),
            place(in_project(".claude/policy.json"), Scope::Project, Format::ClaudePolicy),
            place(
                in_project(".claude/settings.json"),
                Scope::Project,
                Format::ClaudeSettings,
            ),
            place(
                in_project(".claude/settings.local.json"),
                Scope::Local,
                Format::ClaudeSettings,
            ),
            place(
                in_project(".placet/policy.local.toml"),
                Scope::Local,
                Format::PlacetToml,
            ),
            place(
                PathBuf::from("/etc/placet/managed.toml"),
                Scope::Managed,
                Format::PlacetToml,
            ),
            place(PathBuf::from(CLAUDE_MANAGED), Scope::Managed, Format::ClaudeSettings),
        ];
        // In the home itself the user's settings are also the project's; they are the user's.
        files.retain(|file| file.scope != Scope::Project || file.path != user);
        files
    }

    /// Every ignore file of the project.
    #[must_use]
    pub fn ignore_files(&self, project: &str) -> [PathBuf; 2] {
        [".placetignore", ".claudeignore"].map(|name| Path::new(project).join(name))
    }
}

const CLAUDE_MANAGED: &str = if cfg!(target_os = "macos") {
    "/Library/Application Support/ClaudeCode/managed-settings.json"
} else {
    "/etc/claude-code/managed-settings.json"
};

#[cfg(test)]
mod tests {
    use super::Places;

    fn places(variables: &[(&str, &str)]) -> Option<Places> {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Places::of(&find).ok()
    }

    #[test]
    fn without_an_absolute_home_there_are_no_places() {
        assert_eq!(places(&[]), None);
        assert_eq!(places(&[("HOME", "home/dev")]), None);
        assert_eq!(places(&[("HOME", "")]), None);
    }

    #[test]
    fn places_follow_the_home_and_the_variables_of_the_desktop_standard() {
        let usual = places(&[("HOME", "/home/dev")]).unwrap();
        assert_eq!(
            (usual.state.as_str(), usual.config.as_str()),
            ("/home/dev/.local/state/placet", "/home/dev/.config/placet")
        );
        let moved = places(&[
            ("HOME", "/home/dev"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_CONFIG_HOME", "/c"),
        ])
        .unwrap();
        assert_eq!(
            (moved.state.as_str(), moved.config.as_str()),
            ("/s/placet", "/c/placet")
        );
        let relative = places(&[("HOME", "/home/dev"), ("XDG_STATE_HOME", "s")]).unwrap();
        assert_eq!(relative, usual);
    }

    #[test]
    fn in_the_home_itself_settings_are_the_users_and_not_the_projects() {
        let places = places(&[("HOME", "/home/dev")]).unwrap();
        let count = |project: &str| {
            let files = places.policy_files(project);
            files
                .iter()
                .filter(|file| file.path.ends_with(".claude/settings.json"))
                .count()
        };
        assert_eq!(count("/home/dev"), 1);
        assert_eq!(count("/home/dev/project"), 2);
    }
}
