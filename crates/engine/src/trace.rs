//! Each stage of one decision as plain values, for `explain` and the record. It formats nothing and decides nothing.

use placet_effects::Analysis;
use placet_model::{Action, JudgeRecord, Match, Outcome};

pub use crate::opinion::Heard;

/// What each stage yielded.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The normalised call.
    pub action: Action,
    /// What it would do.
    pub analysis: Analysis,
    /// Hard limits and ignore files that matched.
    pub limits: Vec<Match>,
    /// What rules, mode and tier said of each effect.
    pub policy: Vec<Match>,
    /// Their outcome.
    pub outcome: Outcome,
    /// What the judge said, if it was asked.
    pub heard: Heard,
    /// What asking it took.
    pub judge: Option<JudgeRecord>,
    /// How long a person approved exactly this action for, if one did.
    pub approved: Option<String>,
    /// The session has gathered so many denials that a person has to look.
    pub escalated: bool,
}

impl Trace {
    /// The text that spans of the effects point into: the command, the path, the address.
    #[must_use]
    pub fn text(&self) -> &str {
        crate::normalise::text(&self.action)
    }

    /// Full paths that the action touches.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        let mut targets: Vec<String> = Vec::new();
        for effect in &self.analysis.effects.list {
            let Some(target) = crate::tiers::path_of(effect) else {
                continue;
            };
            let path = target.paths.to_string();
            if !targets.contains(&path) {
                targets.push(path);
            }
        }
        targets
    }
}
