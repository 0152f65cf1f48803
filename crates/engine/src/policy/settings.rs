//! What a policy sets beside its rules: mode, tier, trusted hosts, directories, limits. Single values; the highest scope
//! wins, except that what loosens needs trust (`layers.rs`).

use placet_model::{Mode, Tier};

use super::judge::JudgeSettings;
use super::matcher::domain_is;
use crate::EscalationLimits;

/// The settings in force.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(crate) mode: Option<Mode>,
    pub(crate) start_mode: Option<Mode>,
    pub(crate) tier: Option<Tier>,
    pub(crate) trusted_hosts: Vec<String>,
    pub(crate) directories: Vec<String>,
    pub(crate) escalation_in_a_row: Option<u32>,
    pub(crate) escalation_total: Option<u32>,
    pub(crate) auto_disabled: bool,
    pub(crate) bypass_disabled: bool,
    pub(crate) environment: Vec<String>,
    pub(crate) probe_block_on: Option<String>,
    pub(crate) probe_second_opinion: bool,
    pub(crate) judge: JudgeSettings,
}

impl Settings {
    /// The mode that the policy sets for agents in their default mode.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.mode
    }

    /// The mode that an agent's own settings start in; it matters where the agent reports none.
    #[must_use]
    pub fn start_mode(&self) -> Option<Mode> {
        self.start_mode
    }

    /// Whether somebody chose the tier.
    #[must_use]
    pub fn has_tier(&self) -> bool {
        self.tier.is_some()
    }

    /// The tier.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.tier.unwrap_or_default()
    }

    /// Hosts that may be read from without asking.
    #[must_use]
    pub fn trusted_hosts(&self) -> &[String] {
        &self.trusted_hosts
    }

    /// Whether the user or a trusted policy trusts the host.
    #[must_use]
    pub fn trusts(&self, host: &str) -> bool {
        self.trusted_hosts.iter().any(|pattern| domain_is(pattern, host))
    }

    /// Further directories that count as the project, as written.
    #[must_use]
    pub fn directories(&self) -> &[String] {
        &self.directories
    }

    /// How many denials call for a person.
    #[must_use]
    pub fn escalation(&self) -> EscalationLimits {
        let usual = EscalationLimits::default();
        EscalationLimits {
            in_a_row: self.escalation_in_a_row.unwrap_or(usual.in_a_row),
            total: self.escalation_total.unwrap_or(usual.total),
        }
    }

    /// From which finding of the probe on a tool's result is withheld, by the level's name.
    #[must_use]
    pub fn probe_block_on(&self) -> Option<&str> {
        self.probe_block_on.as_deref()
    }

    /// Whether the judge's service is asked for a second opinion on suspicious parts of a result.
    #[must_use]
    pub fn probe_second_opinion(&self) -> bool {
        self.probe_second_opinion
    }

    /// Whether the mode `auto` is switched off.
    #[must_use]
    pub fn auto_disabled(&self) -> bool {
        self.auto_disabled
    }

    /// Whether the mode `bypassPermissions` is switched off.
    #[must_use]
    pub fn bypass_disabled(&self) -> bool {
        self.bypass_disabled
    }

    /// What the policy tells the judge about its surroundings, in prose.
    #[must_use]
    pub fn environment(&self) -> &[String] {
        &self.environment
    }

    /// What the policy says of the judge.
    #[must_use]
    pub fn judge(&self) -> &JudgeSettings {
        &self.judge
    }
}
