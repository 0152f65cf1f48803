//! What a replayed session did so far, in memory only: messages, files and their texts, denials. The worlds of its calls are
//! built from it.

use std::collections::BTreeMap;

use placet_engine::{Decided, SessionCounters};
use placet_facts::session::Written;
use placet_facts::{NeutralWorld, SessionState, World, paths};
use placet_model::{ChangeKind, Content, Decision, Facts, FileChange, Paths, Resource, ToolCall, ToolInput, Verb};

/// What is remembered.
pub(super) struct Memory {
    project: String,
    directories: Vec<String>,
    messages: Vec<String>,
    /// Paths that the session wrote; true where nothing was there before.
    written: BTreeMap<String, bool>,
    /// What files hold as far as it is known, `None` where nothing is.
    texts: BTreeMap<String, Option<String>>,
    counters: SessionCounters,
}

impl Memory {
    pub(super) fn new(project: &str, directories: &[String]) -> Self {
        Self {
            project: project.to_owned(),
            directories: directories.to_vec(),
            messages: Vec::new(),
            written: BTreeMap::new(),
            texts: BTreeMap::new(),
            counters: SessionCounters::default(),
        }
    }

    pub(super) fn user_said(&mut self, text: &str) {
        self.messages.push(text.to_owned());
    }

    pub(super) fn counters(&self) -> SessionCounters {
        self.counters
    }

    /// The session so far, on top of assumptions.
    pub(super) fn neutral_world(&self, cwd: &str) -> NeutralWorld {
        let mut world = NeutralWorld::new(Some(cwd), Some(&self.project))
            .with_presumed(self.directories.clone())
            .with_user_messages(self.messages.clone());
        for (path, text) in &self.texts {
            world = world.with_file(path, text.clone());
        }
        for (path, created) in &self.written {
            world = if *created {
                world.with_created(path)
            } else {
                world.with_changed(path)
            };
        }
        world
    }

    /// The session so far, on top of this machine.
    pub(super) fn real_world(&self, cwd: &str, home: &str) -> World {
        let written = self
            .written
            .iter()
            .map(|(path, created)| {
                (
                    path.clone(),
                    Written {
                        hash: String::new(),
                        created: *created,
                    },
                )
            })
            .collect();
        let mut state = SessionState::default();
        state.user_messages.clone_from(&self.messages);
        state.written = written;
        World::new(cwd, None, home, state).with_extra_directories(&self.directories)
    }

    /// The recording knows that the file of this call was not there.
    pub(super) fn is_absent(&mut self, input: &ToolInput) {
        if let ToolInput::Write { path, .. } = input {
            self.texts.insert(self.absolute(path), None);
        }
    }

    pub(super) fn was_decided(&mut self, decision: Decision) {
        match decision {
            Decision::Allow => self.counters.denials_in_a_row = 0,
            Decision::Ask => {}
            Decision::Deny => {
                self.counters.denials_in_a_row = self.counters.denials_in_a_row.saturating_add(1);
                self.counters.denials_total = self.counters.denials_total.saturating_add(1);
            }
        }
    }

    /// The call was made: its files are the session's from now on.
    pub(super) fn was_done(&mut self, call: &ToolCall, decided: &Decided) {
        for effect in &decided.trace.analysis.effects.list {
            let Resource::Path(target) = &effect.resource else {
                continue;
            };
            let (Paths::One(path), Verb::Create | Verb::Modify | Verb::Truncate) = (&target.paths, effect.verb) else {
                continue;
            };
            let created = effect.verb == Verb::Create || self.texts.get(path).is_some_and(Option::is_none);
            self.wrote(path.clone(), created);
        }
        match &call.input {
            ToolInput::Write { path, content } => {
                let path = self.absolute(path);
                self.texts.insert(path, Some(content.clone()));
            }
            ToolInput::Edit { path, changes } => {
                let path = self.absolute(path);
                let Content::Text(mut text) = self.neutral_world(&self.project).read(&path) else {
                    return;
                };
                for change in changes {
                    text = if change.all {
                        text.replace(&change.old, &change.new)
                    } else {
                        text.replacen(&change.old, &change.new, 1)
                    };
                }
                self.texts.insert(path, Some(text));
            }
            ToolInput::Shell { .. }
            | ToolInput::Read { .. }
            | ToolInput::Delete { .. }
            | ToolInput::List { .. }
            | ToolInput::Search { .. }
            | ToolInput::Fetch { .. }
            | ToolInput::WebSearch { .. }
            | ToolInput::Spawn { .. }
            | ToolInput::Skill { .. }
            | ToolInput::Other { .. }
            | ToolInput::Internal => {}
        }
    }

    /// What the agent's program reports.
    pub(super) fn changed(&mut self, changes: &[FileChange]) {
        for change in changes {
            let path = self.absolute(&change.path);
            match change.kind {
                ChangeKind::Created => {
                    self.written.insert(path, true);
                }
                ChangeKind::Modified => {
                    self.written.entry(path).or_insert(false);
                }
                ChangeKind::Deleted => {
                    self.texts.insert(path, None);
                }
            }
        }
    }

    fn wrote(&mut self, path: String, created: bool) {
        // Whatever a shell command wrote there, what was known of the text no longer holds.
        self.texts.remove(&path);
        let before = self.written.get(&path).copied();
        self.written.insert(path, before.unwrap_or(created));
    }

    fn absolute(&self, path: &str) -> String {
        paths::absolute(path, &self.project, "/home/dev")
    }
}
