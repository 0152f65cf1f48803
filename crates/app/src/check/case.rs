//! One line of `check --jsonl`: a call with what is said of its world, and the answer to it. Reading and wording only.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use placet_agents::Agent;
use placet_engine::{Decided, Failure};
use placet_facts::{Candidate, GitState, NeutralWorld, SessionState};
use placet_model::{Facts, ToolInput};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A call to be decided.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Whatever the asker calls it; given back unchanged.
    #[serde(default)]
    pub id: Value,
    /// The agent's tool.
    pub tool: String,
    /// Its arguments.
    pub input: Map<String, Value>,
    /// The working directory.
    #[serde(default)]
    pub cwd: Option<String>,
    /// The project.
    #[serde(default)]
    pub project: Option<String>,
    /// What the user said, oldest first.
    #[serde(default)]
    pub user_messages: Option<Vec<String>>,
    /// Files and what they hold; `null` is no file.
    #[serde(default)]
    pub files: Option<BTreeMap<String, Option<String>>>,
    /// How paths stand in version control.
    #[serde(default)]
    pub git: Option<BTreeMap<String, String>>,
}

/// Where facts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// An ordinary project is assumed; no file is looked at.
    Neutral,
    /// This machine.
    Real,
}

/// A line that is no call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// The answer to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// As given.
    pub id: Value,
    /// `allow`, `ask`, `deny` or `undecided`.
    pub decision: &'static str,
    /// The rules that spoke, the strictest first.
    pub rules: Vec<String>,
    /// What a person or the model is told.
    pub reason: String,
    /// What the call would do.
    pub effects: Vec<String>,
    /// How long the decision took, in microseconds.
    pub micros: u64,
}

impl Case {
    /// Reads a line.
    ///
    /// # Errors
    /// When it is no JSON object, or a field is missing or of the wrong type.
    pub fn read(line: &[u8]) -> Result<Self, Unreadable> {
        serde_json::from_slice(line).map_err(|error| {
            // The position that serde gives is within the line; its own "line 1" would mislead.
            let text = error.to_string();
            Unreadable(text.replace(" at line 1 column ", " at column "))
        })
    }

    /// What the tool is asked to do.
    ///
    /// # Errors
    /// When the arguments are not those of the tool.
    pub fn call(&self, agent: &Agent) -> Result<ToolInput, Unreadable> {
        (agent.tool)(&self.tool, &self.input).map_err(|problem| Unreadable(format!("`input`: {problem}")))
    }

    /// The world that the line describes.
    ///
    /// # Errors
    /// When a state of version control has no such name.
    pub fn neutral_world(&mut self, input: &ToolInput) -> Result<NeutralWorld, Unreadable> {
        let mut world = match (&self.cwd, &self.project) {
            (None, None) => presumed(&self.tool, input),
            (Some(cwd), None) => NeutralWorld::at(cwd),
            (cwd, Some(project)) => NeutralWorld::new(cwd.as_deref(), Some(project)),
        };
        for (path, content) in self.files.take().into_iter().flatten() {
            world = world.with_file(&path, content);
        }
        for (path, state) in self.git.iter().flatten() {
            let state = GitState::from_name(state).ok_or_else(|| {
                Unreadable(format!(
                    "`git`: unknown state `{state}`; known are tracked, dirty, untracked, ignored"
                ))
            })?;
            world = world.with_git(path, state);
        }
        Ok(world.with_user_messages(self.user_messages.take().unwrap_or_default()))
    }

    /// This machine, where the line says that the call is made.
    #[must_use]
    pub fn real_world(&mut self, home: &str, cwd: &str) -> placet_facts::World {
        let mut session = SessionState::default();
        session.user_messages = self.user_messages.take().unwrap_or_default();
        placet_facts::World::new(
            self.cwd.as_deref().unwrap_or(cwd),
            self.project.as_deref(),
            home,
            session,
        )
    }
}

impl Answer {
    /// The answer; `undecided` keeps apart what only a judge or a person could tell.
    #[must_use]
    pub fn new(id: Value, decided: &Decided, undecided: bool, facts: &dyn Facts, micros: u64) -> Self {
        let verdict = &decided.verdict;
        let mut rules: Vec<String> = Vec::new();
        for found in verdict.matches() {
            if !rules.contains(&found.rule) {
                rules.push(found.rule.clone());
            }
        }
        Self {
            id,
            decision: if undecided && verdict.was_undecided() {
                "undecided"
            } else {
                verdict.decision().name()
            },
            rules,
            reason: verdict.reason().to_owned(),
            effects: decided
                .trace
                .analysis
                .effects
                .list
                .iter()
                .map(|effect| placet_effects::render::effect(effect, facts))
                .collect(),
            micros,
        }
    }

    /// The answer where the decision crashed: never allow.
    #[must_use]
    pub fn failed(id: Value, failure: &Failure) -> Self {
        Self {
            id,
            decision: failure.decision().name(),
            rules: vec![failure.id().to_owned()],
            reason: failure.reason(),
            effects: Vec::new(),
            micros: 0,
        }
    }
}

/// The world around a call of which neither working directory nor project is known: what it names itself is all there
/// is to go by.
#[must_use]
pub fn presumed(tool: &str, input: &ToolInput) -> NeutralWorld {
    let plain = NeutralWorld::new(None, None);
    // A call that can't be looked at names nothing; deciding it will fail again, and say so.
    let named = catch_unwind(AssertUnwindSafe(|| placet_effects::named(tool, input, &plain))).unwrap_or_default();
    let candidates: Vec<Candidate<'_>> = (named.directories.iter().map(|path| Candidate::Directory(path)))
        .chain(named.files.iter().map(|path| Candidate::File(path)))
        .chain(named.looked.iter().map(|path| Candidate::Looked(path)))
        .collect();
    let climbs: Vec<&str> = named.climbs.iter().map(String::as_str).collect();
    NeutralWorld::around(&candidates, &climbs)
}

#[cfg(test)]
mod tests {
    use placet_facts::NeutralWorld;
    use placet_model::{Dialect, Facts, ToolInput};

    use super::{Case, presumed};

    fn of(command: &str) -> Vec<String> {
        world(command).extra_directories().to_vec()
    }

    fn world(command: &str) -> NeutralWorld {
        let input = ToolInput::Shell {
            command: command.to_owned(),
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        };
        presumed("Bash", &input)
    }

    #[test]
    fn a_change_of_directory_names_a_project_and_an_echo_does_not() {
        assert_eq!(of("cd /home/ann/code/app && cargo test"), ["/home/ann/code/app"]);
        assert_eq!(of("cd '/home/ann/code/app'; ls"), ["/home/ann/code/app"]);
        assert!(of("echo 'cd /home/ann/code/app'").is_empty());
        assert!(of("cd \"$X/home/ann/code/app\" && ls").is_empty());
    }

    #[test]
    fn absolute_paths_name_their_directories_and_quoted_homes_do_not() {
        assert_eq!(of("cat ~/code/app/src/main.rs"), ["/home/dev/code/app"]);
        assert_eq!(of("D=/home/ann/code/app; cat \"$D\"/src/*.rs"), ["/home/ann/code/app"]);
        assert!(of("cat '~/code/app/src/main.rs'").is_empty());
        assert!(of("ls src/main.rs").is_empty());
    }

    #[test]
    fn a_mount_is_presumed_where_it_is_looked_into_and_not_where_it_is_changed() {
        assert_eq!(of("grep -rn main /depot"), ["/depot"]);
        assert!(of("grep -rn main /depot; chmod -R 777 /depot/x").is_empty());
        assert!(of("cat /flag; cat /etc/passwd; ls /mnt/disk").is_empty());
    }

    #[test]
    fn a_call_that_climbs_works_below_the_root_of_its_project() {
        assert_eq!(world("cp a.png ../images/").cwd(), "/home/dev/project/app");
        assert_eq!(
            world("cd ../.. && cd web && npm test").cwd(),
            "/home/dev/project/packages/app"
        );
        assert_eq!(world("cd a/b && cat ../../c").cwd(), "/home/dev/project");
        for climbs in [
            "cat ../../../etc/passwd",
            "cat ../../.ssh/id_rsa",
            "cat ../../../../../x/y",
            "ls ../Documents/x",
        ] {
            assert_eq!(world(climbs).cwd(), "/home/dev/project", "{climbs}");
        }
    }

    #[test]
    fn the_only_home_that_is_named_is_the_users() {
        assert_eq!(world("cat /Users/ann/notes/x").home(), "/Users/ann");
        assert_eq!(world("cat /Users/ann/x /Users/bob/y").home(), "/home/dev");
    }

    #[test]
    fn a_line_that_is_no_call_says_where_it_goes_wrong() {
        let error = Case::read(br#"{"id": 1, "tool": 3, "input": {}}"#).unwrap_err();
        assert!(error.0.contains("column 19"), "{}", error.0);
        assert!(Case::read(br#"{"tool": "Bash", "input": {"command": "ls"}, "other": 1}"#).is_ok());
    }
}
