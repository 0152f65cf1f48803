//! One line of a session's memory. Its order among the others is its place in the file.

use placet_model::Suspicion;
use serde::{Deserialize, Serialize};

/// Something to remember.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// The session began or was resumed.
    Start,
    /// The session ended.
    End,
    /// The user wrote something.
    UserMessage {
        /// What.
        text: String,
    },
    /// An action that was allowed is about to create this path, where nothing is yet.
    Absent {
        /// The path, links resolved.
        path: String,
    },
    /// The agent wrote this file.
    Written {
        /// The path, links resolved.
        path: String,
        /// The SHA-256 of the content after the write, empty if it could not be had.
        hash: String,
    },
    /// An action that may go ahead writes here, or (if it is a directory) somewhere below.
    Traced {
        /// The path, links resolved.
        path: String,
        /// When it was decided, in milliseconds since 1970: what has not changed since then was not written by it.
        since: u64,
        /// Where the content comes from: names of `Provenance`.
        #[serde(default)]
        from: Vec<String>,
    },
    /// The agent replaced the whole content of this file by text of its own: where the old content came from no longer
    /// matters.
    Replaced {
        /// The path, links resolved.
        path: String,
    },
    /// A page or a tool's answer was found to give the agent instructions.
    Finding {
        /// Where it came from: a URL, a path, a command, a tool's name.
        source: String,
        /// What that is: the name of a `TextKind`.
        #[serde(default)]
        kind: String,
        /// Calls since then, where a file was rewritten.
        #[serde(default)]
        steps: u32,
        /// How sure the probe was, by its name.
        level: String,
        /// The commands it asked for, as written.
        #[serde(default)]
        commands: Vec<String>,
        /// The hosts.
        #[serde(default)]
        hosts: Vec<String>,
        /// Mail addresses and account numbers.
        #[serde(default)]
        addresses: Vec<String>,
        /// The paths.
        #[serde(default)]
        paths: Vec<String>,
        /// Paths and variables that hold secrets.
        #[serde(default)]
        secrets: Vec<String>,
    },
    /// How the last result ended, if that could be the beginning of an order; empty if it could not.
    OpenEnd {
        /// The end.
        text: String,
    },
    /// A call ran. Kept only once something was found: what is told is how long ago that was.
    Step,
    /// An action was denied.
    Denied {
        /// The rule that decided.
        rule: String,
    },
    /// An action that was denied, so that a person can approve just this one. It counts nothing; `Denied` does.
    Refused(Refusal),
    /// An action was approved: the row of denials ends.
    Approved,
    /// After too many denials, an action was put to a person. Until one is approved or the user writes, it is open.
    Escalated {
        /// The agent's id of the call.
        call: String,
        /// When, in milliseconds since 1970.
        time: u64,
    },
    /// A person has answered: no such question is open any more.
    Answered,
    /// The counters, where a file was rewritten.
    Counters {
        /// Denials since the last approval.
        in_a_row: u32,
        /// Denials in all.
        total: u32,
    },
    /// A person granted one action, once.
    Granted {
        /// The action's hash.
        action: String,
        /// When it runs out, in seconds since 1970.
        expires: u64,
    },
    /// A person granted one action for as long as the session lasts.
    GrantedForSession {
        /// The action's hash.
        action: String,
    },
    /// A person took back what they had granted: once and for the session.
    TakenBack {
        /// The action's hash.
        action: String,
    },
    /// A grant was used.
    GrantUsed {
        /// The action's hash.
        action: String,
    },
}

/// An action that was denied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The action's hash.
    pub action: String,
    /// The action, without secrets.
    pub what: String,
    /// That is not all of the action: it is too long.
    #[serde(default)]
    pub cut: bool,
    /// The rule that decided.
    pub rule: String,
    /// Why, in one sentence.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub time: u64,
    /// Whether a person can approve it.
    pub grantable: bool,
    /// The rule that would allow it from now on.
    #[serde(default)]
    pub would_allow: Option<String>,
}

impl Entry {
    /// What a suspicious text asked for.
    #[must_use]
    pub fn finding(found: Suspicion) -> Self {
        Self::Finding {
            source: found.source,
            kind: found.kind.name().to_owned(),
            steps: found.steps,
            level: found.level,
            commands: found.commands,
            hosts: found.hosts,
            addresses: found.addresses,
            paths: found.paths,
            secrets: found.secrets,
        }
    }

    /// The entry as a line with its end. A text that would make it longer than the limit is cut.
    pub(super) fn line(&self, limit: usize) -> String {
        let mut line = self.json();
        if line.len() > limit
            && let Self::UserMessage { text } = self
        {
            // Escapes make a text longer, up to six times.
            let end = text.floor_char_boundary(limit / 8);
            line = Self::UserMessage {
                text: text.get(..end).unwrap_or_default().to_owned(),
            }
            .json();
        }
        line.push('\n');
        line
    }

    fn json(&self) -> String {
        // Strings and numbers always have a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }
}
