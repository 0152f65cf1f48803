//! Which records a person wants to see. Conditions only; reading is in `reader.rs`.

use crate::Entry;

/// Conditions that must all hold; an empty filter lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The session's id, or how it begins.
    pub session: Option<String>,
    /// `approved`, `denied` or `escalated`.
    pub verdict: Option<String>,
    /// A rule that spoke.
    pub rule: Option<String>,
    /// The tool.
    pub tool: Option<String>,
    /// Not before this moment, in milliseconds since the epoch.
    pub since: Option<u64>,
    /// Before this moment.
    pub until: Option<u64>,
}

impl Filter {
    /// Whether the record meets every condition.
    #[must_use]
    pub fn admits(&self, entry: &Entry) -> bool {
        let since = self
            .since
            .is_none_or(|since| entry.millis().is_some_and(|at| at >= since));
        let until = self
            .until
            .is_none_or(|until| entry.millis().is_some_and(|at| at < until));
        since
            && until
            && self
                .session
                .as_deref()
                .is_none_or(|session| entry.session.starts_with(session))
            && self.verdict.as_deref().is_none_or(|verdict| entry.verdict == verdict)
            && self
                .rule
                .as_deref()
                .is_none_or(|rule| entry.rules.iter().any(|name| name == rule))
            && self
                .tool
                .as_deref()
                .is_none_or(|tool| entry.tool.eq_ignore_ascii_case(tool))
    }
}
