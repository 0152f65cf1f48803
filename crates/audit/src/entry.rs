//! A line read back. Plain data as it stands in the log; nothing is decided from it.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use crate::time;

/// One record of the log. Fields that a line does not have are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The sequence number.
    pub seq: u64,
    /// The hash of the record before.
    pub prev: String,
    /// RFC 3339, UTC.
    pub time: String,
    /// `decision`, `note`, or what the log says of itself: `torn`, `head-lost`.
    pub kind: String,
    /// The session.
    pub session: String,
    /// The agent.
    pub agent: String,
    /// The sub-agent, if one acted.
    pub subagent: Option<String>,
    /// The agent's id of the call.
    pub call: String,
    /// The tool.
    pub tool: String,
    /// The kind of action.
    pub action: String,
    /// The command, or the arguments in short.
    pub command: String,
    /// The paths that are touched.
    pub targets: Vec<String>,
    /// `approved`, `denied` or `escalated`.
    pub verdict: String,
    /// Who decided.
    pub by: String,
    /// The rules that spoke, the strictest first.
    pub rules: Vec<String>,
    /// The mode.
    pub mode: String,
    /// The tier.
    pub tier: String,
    /// What each rule said.
    pub matches: Vec<MatchEntry>,
    /// The effects.
    pub effects: Vec<EffectEntry>,
    /// What the judge did.
    pub judge: Option<JudgeEntry>,
    /// How long the decision took.
    pub micros: u64,
    /// What else happened.
    pub note: Option<String>,
    /// The record's own hash.
    pub hash: String,
    /// The line as it stands, without its line feed.
    #[serde(skip)]
    pub raw: String,
    /// The file it stands in.
    #[serde(skip)]
    pub file: Arc<PathBuf>,
    /// Its line there, counted from 1.
    #[serde(skip)]
    pub line: u64,
}

/// What one rule said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MatchEntry {
    /// `allow`, `ask`, `deny` or `undecided`.
    pub outcome: String,
    /// Who said it.
    pub by: String,
    /// The rule.
    pub rule: String,
    /// The file in which the rule stands.
    pub origin: String,
    /// The effect in words.
    pub effect: String,
    /// Why.
    pub reason: String,
    /// The way within bounds.
    pub instead: Option<String>,
    /// The rule that a person would add.
    pub would_allow: Option<String>,
}

/// One effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EffectEntry {
    /// The verb.
    pub verb: String,
    /// The resource in short.
    pub resource: String,
    /// What does it.
    pub by: String,
    /// The first dimension.
    pub reversibility: String,
    /// The second.
    pub scope: String,
    /// The third.
    pub surface: String,
    /// The fourth.
    pub cascade: String,
}

/// What the judge did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct JudgeEntry {
    /// The last stage that ran.
    pub stage: u8,
    /// The model.
    pub model: String,
    /// How long it took.
    pub millis: u64,
    /// How many tokens it took.
    pub tokens: u64,
    /// What each stage took.
    pub stages: Vec<StageEntry>,
    /// What it cost, in millionths of a US dollar, if that is known.
    pub micro_dollars: Option<u64>,
    /// The answer was there already.
    pub cached: bool,
    /// Why it could not answer.
    pub error: Option<String>,
}

/// What one stage of the judge took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct StageEntry {
    /// 1 or 2.
    pub stage: u8,
    /// Milliseconds.
    pub millis: u64,
    /// Tokens of the question.
    pub tokens_in: u64,
    /// Tokens of the answer.
    pub tokens_out: u64,
}

impl Entry {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        match serde_json::from_str::<Self>(line) {
            Ok(entry) if entry.seq > 0 => Ok(Self {
                raw: line.to_owned(),
                ..entry
            }),
            Ok(_) => Err("it has no sequence number".to_owned()),
            Err(error) if error.is_eof() => Err("it ends too early".to_owned()),
            Err(error) => Err(format!("it is no record ({error})")),
        }
    }

    /// Milliseconds since the epoch; `None` if the time cannot be read.
    #[must_use]
    pub fn millis(&self) -> Option<u64> {
        time::parse(&self.time)
    }

    /// It records a decision, not something that only happened.
    #[must_use]
    pub fn is_decision(&self) -> bool {
        self.kind == "decision"
    }

    /// Why it was decided so: the reason of the strictest match.
    #[must_use]
    pub fn reason(&self) -> &str {
        match (self.matches.first(), &self.note) {
            (Some(found), _) => &found.reason,
            (None, Some(note)) => note,
            (None, None) => "",
        }
    }

    /// What was done in one line: the command, or the paths.
    #[must_use]
    pub fn what(&self) -> String {
        if !self.command.is_empty() {
            return self.command.clone();
        }
        if !self.targets.is_empty() {
            return self.targets.join(" ");
        }
        match (self.kind.as_str(), &self.note) {
            ("torn", _) => "a process died while it wrote a record".to_owned(),
            ("head-lost", _) => "the file that says where the log ends was gone".to_owned(),
            (_, Some(note)) => note.clone(),
            _ => String::new(),
        }
    }
}
