//! What the lines of a session's memory add up to.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;

/// Messages kept when a file is rewritten, newest first, in bytes.
const KEPT_MESSAGES: usize = 512 << 10;

/// What a session remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionState {
    /// What the user wrote, oldest first.
    pub user_messages: Vec<String>,
    /// Files that the agent wrote.
    pub written: BTreeMap<String, Written>,
    /// Denials since the last approval.
    pub denials_in_a_row: u32,
    /// Denials in all.
    pub denials_total: u32,
    /// Grants not used yet; they may have run out.
    pub grants: Vec<Grant>,
    /// Lines that could not be read: torn by a killed process, or written by somebody else.
    pub damaged: u32,
    absent: BTreeSet<String>,
}

/// A file that the agent wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The SHA-256 of the content after the last write, empty if it could not be had.
    pub hash: String,
    /// Nothing was there before the session wrote it.
    pub created: bool,
}

/// A permission that a person gave for one action, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The action's hash.
    pub action: String,
    /// When it runs out, in seconds since 1970.
    pub expires: u64,
}

impl SessionState {
    /// Whether the path was created in this session.
    #[must_use]
    pub fn created(&self, path: &str) -> bool {
        self.written.get(path).is_some_and(|written| written.created)
    }

    /// Whether the path was written in this session. What it holds by now does not matter: if it is no longer what was
    /// written, something else has changed it since.
    #[must_use]
    pub fn wrote(&self, path: &str) -> bool {
        self.written.contains_key(path)
    }

    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut state = Self::default();
        for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(entry) => state.add(entry),
                Err(_) => state.damaged = state.damaged.saturating_add(1),
            }
        }
        state
    }

    /// The fewest entries that add up to this state, except that old messages go.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut left = KEPT_MESSAGES;
        let mut messages: Vec<Entry> = Vec::new();
        for text in self.user_messages.iter().rev() {
            let Some(fewer) = left.checked_sub(text.len()) else {
                break;
            };
            left = fewer;
            messages.push(Entry::UserMessage { text: text.clone() });
        }
        messages.reverse();
        let counters = Entry::Counters {
            in_a_row: self.denials_in_a_row,
            total: self.denials_total,
        };
        let mut entries = vec![Entry::Start, counters];
        entries.append(&mut messages);
        entries.extend(self.absent.iter().map(|path| Entry::Absent { path: path.clone() }));
        for (path, written) in &self.written {
            if written.created {
                entries.push(Entry::Absent { path: path.clone() });
            }
            entries.push(Entry::Written {
                path: path.clone(),
                hash: written.hash.clone(),
            });
        }
        entries.extend(self.grants.iter().map(|grant| Entry::Granted {
            action: grant.action.clone(),
            expires: grant.expires,
        }));
        entries
    }

    fn add(&mut self, entry: Entry) {
        match entry {
            Entry::Start | Entry::End => {}
            Entry::UserMessage { text } => self.user_messages.push(text),
            Entry::Absent { path } => {
                self.absent.insert(path);
            }
            Entry::Written { path, hash } => {
                let created = self.absent.remove(&path) || self.created(&path);
                self.written.insert(path, Written { hash, created });
            }
            Entry::Denied { .. } => {
                self.denials_in_a_row = self.denials_in_a_row.saturating_add(1);
                self.denials_total = self.denials_total.saturating_add(1);
            }
            Entry::Approved => self.denials_in_a_row = 0,
            Entry::Counters { in_a_row, total } => {
                self.denials_in_a_row = in_a_row;
                self.denials_total = total;
            }
            Entry::Granted { action, expires } => self.grants.push(Grant { action, expires }),
            Entry::GrantUsed { action } => {
                // Of several, the one that lasts longest: that one was good when the grant was taken.
                let last = self
                    .grants
                    .iter()
                    .enumerate()
                    .filter(|(_, grant)| grant.action == action);
                if let Some(at) = last.max_by_key(|(_, grant)| grant.expires).map(|(at, _)| at) {
                    self.grants.remove(at);
                }
            }
        }
    }
}
