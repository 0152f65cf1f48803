//! `policy lint` and `policy show`: what is wrong with a policy, and what is in force and where it comes from. Text for
//! people; nothing here decides.

use core::fmt::Write as _;

use super::text::{Diagnostic, Position, Severity};
use super::{Policy, State};

/// Everything that is wrong or worth knowing, in the order of files and lines.
#[must_use]
pub fn lint(policy: &Policy) -> Vec<Diagnostic> {
    let mut findings = policy.findings.clone();
    for (index, rule) in policy.rules.iter().enumerate() {
        let twin = policy
            .rules
            .iter()
            .take(index)
            .find(|earlier| earlier.text == rule.text && earlier.at.file == rule.at.file);
        if let Some(earlier) = twin {
            findings.push(Diagnostic {
                severity: Severity::Warning,
                id: "same-rule-twice",
                at: rule.at.clone(),
                message: format!("`{}` stands in line {} already", rule.text, earlier.at.line),
                help: None,
            });
        }
    }
    for file in &policy.ignored {
        for line in file.lines.malformed() {
            findings.push(Diagnostic {
                severity: Severity::Error,
                id: "unreadable-pattern",
                at: Position {
                    file: file.origin.clone(),
                    line: line.number,
                    column: 1,
                },
                message: format!("`{}` can never match", file.lines.pattern(line)),
                help: Some("close the class, or write `\\\\` for a backslash".to_owned()),
            });
        }
    }
    findings.sort_by(|left, right| left.at.cmp(&right.at));
    findings
}

/// The policy in force, each line with its origin.
#[must_use]
pub fn show(policy: &Policy) -> String {
    let mut text = String::new();
    let settings = policy.settings();
    let escalation = settings.escalation();
    let _ = writeln!(
        text,
        "mode        {}",
        settings.mode().map_or("as the agent reports", placet_model::Mode::name)
    );
    let _ = writeln!(text, "tier        {}", settings.tier().name());
    let _ = writeln!(
        text,
        "escalation  {} in a row, {} in all",
        escalation.in_a_row, escalation.total
    );
    for (name, disabled) in [
        ("auto", settings.auto_disabled()),
        ("bypassPermissions", settings.bypass_disabled()),
    ] {
        if disabled {
            let _ = writeln!(text, "switched off  mode {name}");
        }
    }
    for (name, values) in [
        ("trusted host", settings.trusted_hosts()),
        ("directory", settings.directories()),
    ] {
        for value in values {
            let _ = writeln!(text, "{name}  {value}");
        }
    }
    for state in &policy.states {
        let word = match state.state {
            State::Allow => "allow",
            State::Auto => "auto",
            State::Ask => "ask",
            State::Deny => "deny",
        };
        let _ = writeln!(
            text,
            "{word} every {}  ({}, {})",
            state.tool,
            state.scope.name(),
            state.at
        );
    }
    let mut rules: Vec<_> = policy.rules.iter().collect();
    rules.sort_by_key(|rule| core::cmp::Reverse(rule.decision));
    for rule in rules {
        let _ = writeln!(text, "{}  ({}, {})", rule.text, rule.scope.name(), rule.at);
    }
    for file in &policy.ignored {
        for line in file.lines.lines() {
            let sign = if line.negated { "!" } else { "" };
            let _ = writeln!(
                text,
                "ignore {sign}{}  ({}:{})",
                file.lines.pattern(line),
                file.origin,
                line.number
            );
        }
    }
    text
}
