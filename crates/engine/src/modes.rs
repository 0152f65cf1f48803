//! What a mode lets through without asking. A mode never changes a hard limit, an ignore file or a rule.

use placet_model::{
    Action, Decision, Effect, Lost, Match, Mode, Outcome, Ownership, Place, Resource, Source, Tier, ToolInput, Verb,
};

use crate::policy::would_allow;
use crate::tiers::{self, Row, Surroundings, path_of};
use crate::words;

/// What mode and tier say of one effect that no allow rule covers.
#[must_use]
pub(crate) fn of_effect(effect: &Effect, action: &Action, around: Surroundings<'_>) -> Match {
    let row = tiers::row(effect, around);
    let (outcome, source, reason) = by_mode(Some(effect), row, action.mode, action.tier);
    let decided_by_row = reason.is_none();
    Match {
        outcome,
        source,
        rule: if decided_by_row {
            row.id.to_owned()
        } else {
            rule_of(action.mode).to_owned()
        },
        origin: String::new(),
        span: effect.span,
        effect: words::effect(effect),
        reason: match (reason, found(effect)) {
            (None, Some(found)) if !allows(outcome) => found,
            (reason, _) => reason.unwrap_or(row.why).to_owned(),
        },
        instead: if allows(outcome) || !decided_by_row {
            None
        } else {
            row.instead.map(str::to_owned)
        },
        would_allow: if allows(outcome) || action.mode == Mode::Plan {
            None
        } else {
            would_allow::rule(effect, &action.tool)
        },
    }
}

/// What mode and tier say of an action that has no effect at all.
#[must_use]
pub(crate) fn of_nothing(action: &Action) -> Match {
    let row = tiers::no_effect();
    Match {
        outcome: row.outcome(action.tier),
        source: Source::Tier,
        rule: row.id.to_owned(),
        origin: String::new(),
        span: placet_model::Span::default(),
        effect: match action.input {
            ToolInput::Internal => "use the agent's own bookkeeping".to_owned(),
            ToolInput::Shell { .. }
            | ToolInput::Read { .. }
            | ToolInput::Write { .. }
            | ToolInput::Edit { .. }
            | ToolInput::Delete { .. }
            | ToolInput::List { .. }
            | ToolInput::Search { .. }
            | ToolInput::Fetch { .. }
            | ToolInput::WebSearch { .. }
            | ToolInput::Spawn { .. }
            | ToolInput::Skill { .. }
            | ToolInput::Other { .. } => "change nothing".to_owned(),
        },
        reason: row.why.to_owned(),
        instead: None,
        would_allow: None,
    }
}

/// What was found out about this very effect, in words.
fn found(effect: &Effect) -> Option<String> {
    let lost = effect.qualifiers.lost.as_ref().and_then(Lost::words);
    lost.or_else(|| match &effect.qualifiers.processes {
        Some(Ownership::Others(others)) => others.words().map(|others| format!("it would reach {others}")),
        Some(Ownership::Unknown | Ownership::Nobody | Ownership::Session | Ownership::Restarted) | None => None,
    })
}

fn allows(outcome: Outcome) -> bool {
    outcome == Outcome::Decided(Decision::Allow)
}

fn rule_of(mode: Mode) -> &'static str {
    match mode {
        Mode::Default => "mode-default",
        Mode::AcceptEdits => "mode-accept-edits",
        Mode::Plan => "mode-plan",
        Mode::Auto => "mode-auto",
        Mode::DontAsk => "mode-dont-ask",
        Mode::BypassPermissions => "mode-bypass",
    }
}

/// The mode's say, and its reason where the mode rather than the row decides.
fn by_mode(effect: Option<&Effect>, row: &Row, mode: Mode, tier: Tier) -> (Outcome, Source, Option<&'static str>) {
    let of_row = row.outcome(tier);
    let at_least_ask = match of_row {
        Outcome::Undecided => Outcome::Decided(Decision::Ask),
        Outcome::Decided(decision) => Outcome::Decided(decision),
    };
    let without_asking = match (mode, effect) {
        (Mode::Auto, _) => return (of_row, Source::Tier, None),
        (Mode::BypassPermissions, _) => {
            return (
                Outcome::Decided(Decision::Allow),
                Source::Mode,
                Some("permission checks are switched off"),
            );
        }
        (_, None) => true,
        (Mode::Default | Mode::Plan | Mode::DontAsk, Some(effect)) => only_reads(effect),
        (Mode::AcceptEdits, Some(effect)) => only_reads(effect) || edits_project(effect),
    };
    match (without_asking, mode) {
        (true, _) => (at_least_ask, Source::Tier, None),
        (false, Mode::Plan) => (
            Outcome::Decided(Decision::Deny),
            Source::Mode,
            Some("plan mode: only reading is allowed until the plan is accepted"),
        ),
        (false, Mode::Default | Mode::AcceptEdits | Mode::DontAsk | Mode::Auto | Mode::BypassPermissions) => {
            match of_row {
                Outcome::Decided(Decision::Deny | Decision::Ask) => (of_row, Source::Tier, None),
                Outcome::Undecided | Outcome::Decided(Decision::Allow) => (
                    Outcome::Decided(Decision::Ask),
                    Source::Mode,
                    Some("in this mode only reads, and what rules allow, go ahead without a person"),
                ),
            }
        }
    }
}

/// Reads, and what vanishes into a stream.
fn only_reads(effect: &Effect) -> bool {
    effect.verb.only_reads()
        || (effect.verb == Verb::Fetch && tiers::is_local(&effect.resource))
        || path_of(effect).is_some_and(|target| target.place == Place::Stream)
        || matches!((&effect.verb, &effect.resource), (Verb::RunCode, Resource::Code(code))
            if code.origin == placet_model::Origin::Inline && code.understood == placet_model::Understood::Fully)
}

/// Edits, and the moves and deletions that belong to editing, in the project or in temporary places.
fn edits_project(effect: &Effect) -> bool {
    let edit = matches!(
        effect.verb,
        Verb::Create | Verb::Modify | Verb::Truncate | Verb::Delete | Verb::DeleteTree | Verb::Move | Verb::Link
    );
    edit && effect.qualifiers.runs_later.is_none()
        && path_of(effect).is_some_and(|target| matches!(target.place, Place::Project | Place::Temp))
}
