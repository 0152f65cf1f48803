//! Escalation: after too many denials a person has to look. It never turns a denial into anything looser.

/// Denials of a session so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionCounters {
    /// Denials since the last approved action.
    pub denials_in_a_row: u32,
    /// Denials since the session began.
    pub denials_total: u32,
}

/// How many denials a session may gather before a person has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscalationLimits {
    /// Denials in a row.
    pub in_a_row: u32,
    /// Denials in all.
    pub total: u32,
}

impl Default for EscalationLimits {
    fn default() -> Self {
        Self { in_a_row: 3, total: 20 }
    }
}

impl EscalationLimits {
    /// Whether the session has gathered that many.
    #[must_use]
    pub fn reached(self, counters: SessionCounters) -> bool {
        counters.denials_in_a_row >= self.in_a_row || counters.denials_total >= self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_a_row_or_twenty_in_all_are_too_many() {
        let limits = EscalationLimits::default();
        let counters = |row, total| SessionCounters {
            denials_in_a_row: row,
            denials_total: total,
        };
        assert!(limits.reached(counters(3, 3)));
        assert!(limits.reached(counters(0, 20)));
        assert!(!limits.reached(counters(2, 19)));
    }
}
