//! One line of `check --jsonl`: a call with what is said of its world, and the answer to it. Reading and wording only.

use std::collections::BTreeMap;

use placet_agents::Agent;
use placet_effects::syntax::{self, tree, walk};
use placet_engine::{Decided, Failure};
use placet_facts::{Candidate, GitState, NeutralWorld, SessionState, presumed_directories};
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
        let mut world = NeutralWorld::new(self.cwd.as_deref(), self.project.as_deref());
        if self.cwd.is_none() && self.project.is_none() {
            let home = world.home().to_owned();
            world = world.with_presumed(presumed(input, &home));
        }
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

/// Projects that the call itself names, for a call of which neither working directory nor project is known.
#[must_use]
pub fn presumed(input: &ToolInput, home: &str) -> Vec<String> {
    let named = |candidate: Candidate<'_>| presumed_directories(&[candidate], home);
    match input {
        ToolInput::Read { path }
        | ToolInput::Write { path, .. }
        | ToolInput::Edit { path, .. }
        | ToolInput::Delete { path } => named(Candidate::File(path)),
        ToolInput::List { path: Some(path), .. } | ToolInput::Search { path: Some(path), .. } => {
            named(Candidate::Directory(path))
        }
        // A path without a slash is no absolute one, so there is nothing to parse for.
        ToolInput::Shell { command, .. } if command.contains('/') => {
            let script = syntax::parse(command);
            let mut words = Words::default();
            words.leading_directory(&script);
            for simple in walk::simple_commands(&script.items) {
                words.absolute_paths(simple);
            }
            let candidates: Vec<Candidate<'_>> = words
                .directories
                .iter()
                .map(|path| Candidate::Directory(path))
                .chain(words.files.iter().map(|path| Candidate::File(path)))
                .collect();
            presumed_directories(&candidates, home)
        }
        ToolInput::Shell { .. }
        | ToolInput::List { path: None, .. }
        | ToolInput::Search { path: None, .. }
        | ToolInput::Fetch { .. }
        | ToolInput::WebSearch { .. }
        | ToolInput::Spawn { .. }
        | ToolInput::Skill { .. }
        | ToolInput::Other { .. }
        | ToolInput::Internal => Vec::new(),
    }
}

/// Paths that the words of a command name.
#[derive(Default)]
struct Words {
    directories: Vec<String>,
    files: Vec<String>,
}

impl Words {
    /// The directory of a `cd` with which the script begins.
    fn leading_directory(&mut self, script: &tree::Script) {
        let first = script.items.first().and_then(|item| item.first.commands.first());
        let Some(tree::Command::Simple(simple)) = first else {
            return;
        };
        let mut words = simple.words.iter().map(literal);
        if words.next().flatten().as_deref() == Some("cd") {
            self.directories
                .extend(words.flatten().find(|word| !word.starts_with('-')));
        }
    }

    fn absolute_paths(&mut self, simple: &tree::Simple) {
        // The directory of a `cd` is no file in the directory above it.
        if simple.words.first().and_then(literal).as_deref() == Some("cd") {
            return;
        }
        let words = simple.words.iter().skip(1).filter_map(literal);
        self.files
            .extend(words.filter(|word| word.starts_with('/') || word.starts_with("~/")));
    }
}

/// The word's text, if it is all there to be read. A quoted `~` is no home.
fn literal(word: &tree::Word) -> Option<String> {
    let mut text = String::new();
    for part in &word.parts {
        match part {
            tree::Part::Literal { text: part, quote } => {
                if text.is_empty() && part.starts_with('~') && *quote != tree::Quote::None {
                    return None;
                }
                text.push_str(part);
            }
            tree::Part::Parameter(_)
            | tree::Part::Command { .. }
            | tree::Part::Arithmetic { .. }
            | tree::Part::Process { .. } => {
                return None;
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use placet_model::{Dialect, ToolInput};

    use super::{Case, presumed};

    fn of(command: &str) -> Vec<String> {
        let input = ToolInput::Shell {
            command: command.to_owned(),
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        };
        presumed(&input, "/home/dev")
    }

    #[test]
    fn a_leading_change_of_directory_names_a_project_and_a_later_echo_does_not() {
        assert_eq!(of("cd /Users/ann/code/app && cargo test"), ["/Users/ann/code/app"]);
        assert_eq!(of("cd '/Users/ann/code/app'; ls"), ["/Users/ann/code/app"]);
        assert!(of("echo 'cd /Users/ann/code/app'").is_empty());
        assert!(of("cd \"$X/Users/ann/code/app\" && ls").is_empty());
    }

    #[test]
    fn absolute_paths_in_words_name_their_directories_and_quoted_homes_do_not() {
        assert_eq!(of("cat ~/code/app/src/main.rs"), ["/home/dev/code/app"]);
        assert!(of("cat '~/code/app/src/main.rs'").is_empty());
        assert!(of("ls src/main.rs").is_empty());
    }

    #[test]
    fn a_line_that_is_no_call_says_where_it_goes_wrong() {
        let error = Case::read(br#"{"id": 1, "tool": 3, "input": {}}"#).unwrap_err();
        assert!(error.0.contains("column 19"), "{}", error.0);
        assert!(Case::read(br#"{"tool": "Bash", "input": {"command": "ls"}, "other": 1}"#).is_ok());
    }
}
