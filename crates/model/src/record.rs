//! The record: what the audit log keeps of one decision. Plain data; redaction and chaining happen in the audit crate.

use crate::{Decision, Effect, Match, Mode, Source, Tier};

/// One decision, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Milliseconds since the epoch.
    pub time: u64,
    /// The session's id.
    pub session: String,
    /// The agent's name.
    pub agent: String,
    /// The sub-agent, if one acted.
    pub subagent: Option<String>,
    /// The agent's id of the call.
    pub call: String,
    /// The tool's name.
    pub tool: String,
    /// The kind of action: `shell`, `read`, `edit` …
    pub action: &'static str,
    /// The command or the arguments in short, before redaction.
    pub command: String,
    /// Full paths that are touched.
    pub targets: Vec<String>,
    /// The decision that was answered.
    pub decision: Decision,
    /// Who decided.
    pub source: Source,
    /// Every match, the strictest first.
    pub matches: Vec<Match>,
    /// The effects with their dimensions.
    pub effects: Vec<Effect>,
    /// The mode.
    pub mode: Mode,
    /// The tier.
    pub tier: Tier,
    /// How long the decision took, in microseconds.
    pub micros: u64,
    /// What the judge did, if it was asked.
    pub judge: Option<JudgeRecord>,
    /// What else happened, for records that are no decisions (session start, a denial by the agent itself).
    pub note: Option<String>,
}

/// What the judge did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JudgeRecord {
    /// The last stage that ran.
    pub stage: u8,
    /// The model.
    pub model: String,
    /// Milliseconds.
    pub millis: u64,
    /// Tokens in and out.
    pub tokens: u64,
    /// What each stage took, in order.
    pub stages: Vec<StageRecord>,
    /// What it cost, in millionths of a US dollar, if the model's price is known.
    pub micro_dollars: Option<u64>,
    /// The answer was given to the same question before.
    pub cached: bool,
    /// The error, if it could not answer.
    pub error: Option<String>,
}

/// What one stage of the judge took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageRecord {
    /// 1 or 2.
    pub stage: u8,
    /// Milliseconds, waiting and further tries included.
    pub millis: u64,
    /// Tokens of the question.
    pub tokens_in: u64,
    /// Tokens of the answer.
    pub tokens_out: u64,
}
