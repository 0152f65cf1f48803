//! What the lines of a session's memory add up to.

use std::collections::{BTreeMap, BTreeSet};

use placet_model::{Provenance, Suspicion, TextKind};

use super::entry::{Entry, Refusal};
use crate::paths;

/// Messages kept when a file is rewritten, newest first, in bytes.
const KEPT_MESSAGES: usize = 512 << 10;
/// Suspicious texts that are remembered, the newest.
const FINDINGS: usize = 50;
/// Denied actions that are remembered, the newest.
const REFUSALS: usize = 50;

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
    /// Actions that a person granted for the session.
    pub granted: BTreeSet<String>,
    /// Calls that were put to a person after too many denials and are still open, and since when, in milliseconds since 1970.
    pub escalated: BTreeMap<String, u64>,
    /// The last denied actions, oldest first.
    pub refusals: Vec<Refusal>,
    /// Lines that could not be read: torn by a killed process, or written by somebody else.
    pub damaged: u32,
    /// What was found in texts that the agent read, oldest first.
    pub findings: Vec<Suspicion>,
    /// How the last result ended, if that could be the beginning of an order.
    pub open_end: String,
    absent: BTreeSet<String>,
    /// Who wrote where, in order.
    history: Vec<Step>,
}

/// One step of a path's history.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Traced(Trace),
    Replaced(String),
}

/// Something that an action of the session was about to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The path; if it is a directory, the files below it may have been written.
    pub path: String,
    /// Milliseconds since 1970: what has not changed since then was not written by it.
    pub since: u64,
    /// Where the content comes from.
    pub from: Vec<Provenance>,
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

    /// Everything that actions of the session were about to write at the path, around it or below it, since its content
    /// was last replaced as a whole.
    pub fn traces(&self, path: &str) -> impl Iterator<Item = &Trace> {
        let replaced = self
            .history
            .iter()
            .rposition(|step| matches!(step, Step::Replaced(at) if at == path));
        let from = replaced.map_or(0, |at| at.saturating_add(1));
        self.history
            .iter()
            .skip(from)
            .filter_map(|step| match step {
                Step::Traced(trace) => Some(trace),
                Step::Replaced(_) => None,
            })
            .filter(move |trace| paths::within(path, &trace.path) || paths::within(&trace.path, path))
    }

    /// Every trace, whatever became of it.
    pub fn all_traces(&self) -> impl Iterator<Item = &Trace> {
        self.history.iter().filter_map(|step| match step {
            Step::Traced(trace) => Some(trace),
            Step::Replaced(_) => None,
        })
    }

    /// Whether it is noted already that nothing was at this path when a call was about to create it.
    #[must_use]
    pub fn was_absent(&self, path: &str) -> bool {
        self.absent.contains(path)
    }

    /// Whether such a trace is known already, so that another one would tell nothing new.
    #[must_use]
    pub fn knows(&self, path: &str, from: &[Provenance]) -> bool {
        self.traces(path)
            .any(|trace| trace.path == path && from.iter().all(|one| trace.from.contains(one)))
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
        entries.extend(self.history.iter().map(|step| match step {
            Step::Traced(trace) => Entry::Traced {
                path: trace.path.clone(),
                since: trace.since,
                from: trace.from.iter().map(|one| one.name().to_owned()).collect(),
            },
            Step::Replaced(path) => Entry::Replaced { path: path.clone() },
        }));
        entries.extend(self.findings.iter().cloned().map(Entry::finding));
        if !self.open_end.is_empty() {
            entries.push(Entry::OpenEnd {
                text: self.open_end.clone(),
            });
        }
        let escalated = self.escalated.iter();
        entries.extend(escalated.map(|(call, time)| Entry::Escalated {
            call: call.clone(),
            time: *time,
        }));
        entries.extend(self.refusals.iter().cloned().map(Entry::Refused));
        let granted = self.granted.iter().cloned();
        entries.extend(granted.map(|action| Entry::GrantedForSession { action }));
        entries.extend(self.grants.iter().map(|grant| Entry::Granted {
            action: grant.action.clone(),
            expires: grant.expires,
        }));
        entries
    }

    fn step(&mut self) {
        for finding in &mut self.findings {
            finding.steps = finding.steps.saturating_add(1);
        }
    }

    fn add(&mut self, entry: Entry) {
        match entry {
            Entry::Start | Entry::End => {}
            Entry::UserMessage { text } => {
                self.escalated.clear();
                self.user_messages.push(text);
            }
            Entry::Absent { path } => {
                self.absent.insert(path);
            }
            Entry::Written { path, hash } => {
                let created = self.absent.remove(&path) || self.created(&path);
                self.written.insert(path, Written { hash, created });
            }
            Entry::Traced { path, since, from } => {
                // A name that this version does not know counts as the one that matters most.
                let from: Vec<Provenance> = from
                    .iter()
                    .map(|name| Provenance::from_name(name).unwrap_or(Provenance::Secret))
                    .collect();
                if !self.knows(&path, &from) {
                    self.history.push(Step::Traced(Trace { path, since, from }));
                }
            }
            Entry::Replaced { path } => {
                self.history.push(Step::Replaced(path));
            }
            Entry::Step => self.step(),
            Entry::OpenEnd { text } => self.open_end = text,
            Entry::Finding {
                source,
                kind,
                steps,
                level,
                commands,
                hosts,
                addresses,
                paths,
                secrets,
            } => {
                if self.findings.len() >= FINDINGS {
                    self.findings.remove(0);
                }
                self.findings.push(Suspicion {
                    source,
                    kind: TextKind::from_name(&kind).unwrap_or_default(),
                    steps,
                    level,
                    commands,
                    hosts,
                    addresses,
                    paths,
                    secrets,
                });
            }
            Entry::Denied { .. } => {
                self.step();
                self.denials_in_a_row = self.denials_in_a_row.saturating_add(1);
                self.denials_total = self.denials_total.saturating_add(1);
            }
            Entry::Refused(refusal) => {
                if self.refusals.len() >= REFUSALS {
                    self.refusals.remove(0);
                }
                self.refusals.push(refusal);
            }
            Entry::GrantedForSession { action } => {
                self.granted.insert(action);
            }
            Entry::Approved => self.denials_in_a_row = 0,
            // The first time says how long nobody has answered.
            Entry::Escalated { call, time } => {
                self.escalated.entry(call).or_insert(time);
            }
            Entry::Answered => self.escalated.clear(),
            Entry::Counters { in_a_row, total } => {
                self.denials_in_a_row = in_a_row;
                self.denials_total = total;
            }
            Entry::Granted { action, expires } => self.grants.push(Grant { action, expires }),
            Entry::TakenBack { action } => {
                self.grants.retain(|grant| grant.action != action);
                self.granted.remove(&action);
            }
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
