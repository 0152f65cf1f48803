//! The limit `self-protection`: Placet's own files and process, and agents started with their checks off.

use placet_effects::Analysis;
use placet_model::{
    Action, Decision, Effect, Match, Outcome, Resource, RunsLater, Sensitivity, Source, Span, ToolInput, Verb,
};

use super::{HardLimit, found};
use crate::tiers::path_of;

/// Deny for log and state, at least Ask for policy, settings and process.
pub(super) fn check(effect: &Effect) -> Option<Match> {
    if effect.verb.only_reads()
        || matches!(effect.verb, Verb::ReadSecret | Verb::PrintSecret)
        || effect.qualifiers.elsewhere
    {
        return None;
    }
    let matched = |decision, reason| {
        found(
            HardLimit::SelfProtection,
            decision,
            effect,
            reason,
            Some("tell the user what should be changed, and let them do it"),
        )
    };
    match path_of(effect).map(|target| target.sensitivity) {
        Some(Sensitivity::PlacetState) => return Some(matched(Decision::Deny, "Placet's log and state are evidence")),
        Some(Sensitivity::PlacetPolicy) => return Some(matched(Decision::Ask, "it would change what Placet allows")),
        Some(Sensitivity::Plain | Sensitivity::Secret | Sensitivity::Personal) | None => {}
    }
    if effect.qualifiers.runs_later == Some(RunsLater::AgentSettings) {
        return Some(matched(
            Decision::Ask,
            "it would change permissions, hooks or servers of a coding agent",
        ));
    }
    let own_process = if let Resource::Process(set) = &effect.resource {
        set.text().is_some_and(|pattern| pattern.contains("placet"))
    } else {
        false
    };
    (effect.verb == Verb::Signal && own_process).then(|| matched(Decision::Ask, "it would stop Placet itself"))
}

/// Switches by which a coding agent runs without its checks, as its own documentation names them.
const UNCHECKED: &[(&str, &[&str])] = &[
    ("aider", &["--yes-always"]),
    (
        "claude",
        &[
            "--dangerously-skip-permissions",
            "--allow-dangerously-skip-permissions",
            "bypassPermissions",
        ],
    ),
    (
        "codex",
        &[
            "--dangerously-bypass-approvals-and-sandbox",
            "--yolo",
            "danger-full-access",
        ],
    ),
    ("copilot", &["--allow-all-tools", "--allow-all", "--yolo"]),
    ("cursor-agent", &["--force", "-f", "--yolo"]),
    ("gemini", &["--yolo", "-y", "yolo"]),
    ("goose", &["--auto"]),
    ("opencode", &["--dangerously-skip-permissions"]),
    ("qwen", &["--yolo", "-y", "yolo"]),
];

/// At least Ask for an agent that is started with its checks off.
pub(super) fn unchecked_agent(action: &Action, analysis: &Analysis) -> Option<Match> {
    let span = if let ToolInput::Spawn { unchecked: true, .. } = action.input {
        Span::default()
    } else {
        analysis
            .invocations
            .iter()
            .find(|invocation| is_unchecked(&invocation.words))?
            .span
    };
    Some(Match {
        outcome: Outcome::Decided(Decision::Ask),
        source: Source::HardLimit,
        rule: HardLimit::SelfProtection.id().to_owned(),
        origin: String::new(),
        span,
        effect: "start an agent with its checks off".to_owned(),
        reason: "nothing would look at what that agent does".to_owned(),
        instead: Some("start it with its checks on".to_owned()),
        would_allow: None,
    })
}

/// Commands of Placet that loosen something or speak for the user: at least Ask; approving a denied action: Deny, since it
/// would be the agent's own approval.
pub(super) fn own_commands(analysis: &Analysis) -> Option<Match> {
    analysis
        .invocations
        .iter()
        .filter_map(|invocation| Some((invocation, own_command(&invocation.words)?)))
        .max_by_key(|(_, decision)| *decision)
        .map(|(invocation, decision)| Match {
            outcome: Outcome::Decided(decision),
            source: Source::HardLimit,
            rule: HardLimit::SelfProtection.id().to_owned(),
            origin: String::new(),
            span: invocation.span,
            effect: match decision {
                Decision::Deny => "approve an action in the user's place".to_owned(),
                Decision::Ask | Decision::Allow => "change what Placet allows".to_owned(),
            },
            reason: "what is allowed is for the user to say, at their own terminal".to_owned(),
            instead: Some("tell the user what you need, and let them do it".to_owned()),
            would_allow: None,
        })
}

fn own_command(words: &[Option<String>]) -> Option<Decision> {
    let program = words.first()?.as_deref()?;
    let name = program.rsplit('/').next().unwrap_or(program);
    if name != "placet" {
        return None;
    }
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        return match word.as_deref() {
            None => Some(Decision::Ask),
            Some("--color") => {
                rest.next();
                continue;
            }
            Some(option) if option.starts_with('-') => continue,
            Some("grant") => Some(Decision::Deny),
            Some("init" | "install" | "judge" | "mode" | "session" | "tier" | "trust" | "uninstall") => {
                Some(Decision::Ask)
            }
            Some(_) => None,
        };
    }
    None
}

/// Whether this is the program of a coding agent.
pub(super) fn is_agent(by: &str) -> bool {
    let program = by.split(' ').next().unwrap_or(by);
    UNCHECKED.iter().any(|(agent, _)| *agent == program)
}

fn is_unchecked(words: &[Option<String>]) -> bool {
    let mut rest = words.iter().flatten();
    let Some(program) = words.first().and_then(Option::as_deref) else {
        return false;
    };
    let name = program.rsplit('/').next().unwrap_or(program);
    let Some((_, switches)) = UNCHECKED.iter().find(|(agent, _)| *agent == name) else {
        return false;
    };
    rest.any(|word| {
        let value = word.split_once('=').map_or(word.as_str(), |(_, value)| value);
        switches.contains(&word.as_str())
            || switches.contains(&value)
            || word.split_once('=').is_some_and(|(key, _)| switches.contains(&key))
    })
}
