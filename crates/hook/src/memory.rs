//! What a session remembers because of this call: what the user said, how it was decided, which files came to be.

use placet_engine::trace::Heard;
use placet_engine::{Decided, Failure, SessionCounters};
use placet_facts::session::{Entry, Error, Refusal, SessionMemory, SessionState};
use placet_facts::{Seat, World, paths};
use placet_model::{
    Action, ChangeKind, Decision, Effect, Event, Facts, FileChange, FileKind, Paths, Principal, Provenance, Resource,
    Source, Tier, ToolCall, ToolInput, Verb,
};

use crate::{Call, Fingerprint, Places};

/// Files remembered of one call; more than this no one writes by hand.
const MAX_FILES: usize = 64;
/// As much of a denied action is remembered, in bytes. A person sees all of it before approving it, or can't approve it.
const SHOWN: usize = 4000;

/// The variable that names the project.
pub(crate) const PROJECT: &str = "CLAUDE_PROJECT_DIR";

/// The world around the event.
pub(crate) fn world(places: &Places, event: &Event, call: &Call<'_>, state: SessionState) -> World {
    let hint = (call.environment)(PROJECT).filter(|path| path.starts_with('/'));
    let seat = if event.agent == "placet" {
        Seat::Here
    } else {
        Seat::Above
    };
    World::new(&event.cwd, hint.as_deref(), &places.home, state).with_seat(seat)
}

/// What the user said. Losing it could lose a boundary that the user set, so that is a failure.
pub(crate) fn user_message(memory: &SessionMemory, text: &str) -> Result<(), Failure> {
    memory
        .append(&Entry::UserMessage { text: text.to_owned() })
        .map_err(broken)
}

/// How it was decided, and which paths do not exist yet that the call would create.
pub(crate) fn verdict(
    memory: &SessionMemory,
    decided: &Decided,
    answered: Decision,
    counters: SessionCounters,
    facts: &World,
    now: u64,
) -> Result<(), Failure> {
    if answered != Decision::Deny {
        traces(memory, decided, facts, now)?;
    }
    match answered {
        Decision::Deny => {
            memory
                .append(&Entry::Refused(refusal(decided, facts, now)))
                .map_err(broken)?;
            // That the judge was out of reach says nothing about the agent.
            let outage =
                matches!(decided.trace.heard, Heard::Silence(_)) && decided.verdict.source() == Source::FailClosed;
            if outage {
                return Ok(());
            }
            let rule = decided.verdict.rule().to_owned();
            return memory.append(&Entry::Denied { rule }).map_err(broken);
        }
        // Whether a person says yes is not known here; what came of it is, in the event after the call.
        Decision::Ask if decided.trace.escalated => {
            let call = decided.trace.action.id.clone();
            return memory.append(&Entry::Escalated { call, time: now }).map_err(broken);
        }
        Decision::Ask => return Ok(()),
        Decision::Allow if counters.denials_in_a_row > 0 => memory.append(&Entry::Approved).map_err(broken)?,
        Decision::Allow => {}
    }
    let effects = &decided.trace.analysis.effects.list;
    let created = effects
        .iter()
        .filter(|effect| effect.verb == Verb::Create)
        .filter_map(|effect| one_path(&effect.resource));
    for path in created
        .filter(|path| !facts.session().was_absent(path) && facts.kind(path) == FileKind::Missing)
        .take(MAX_FILES)
    {
        memory
            .append(&Entry::Absent { path: path.to_owned() })
            .map_err(broken)?;
    }
    Ok(())
}

/// Where a shell command that may go ahead writes, and where that comes from. Noted before it runs: a command that fails
/// half-way or is never reported back has written all the same. What it did not touch in the end does not count.
fn traces(memory: &SessionMemory, decided: &Decided, facts: &World, now: u64) -> Result<(), Failure> {
    if !matches!(decided.trace.action.input, ToolInput::Shell { .. }) {
        return Ok(());
    }
    let analysis = &decided.trace.analysis;
    let mut found: Vec<(String, Vec<Provenance>)> = analysis
        .written
        .iter()
        .map(|file| (facts.resolve(&file.path), file.provenance.clone()))
        .collect();
    let writes = |effect: &&Effect| {
        matches!(
            effect.verb,
            Verb::Create | Verb::Modify | Verb::Truncate | Verb::Link | Verb::WriteSecret
        ) && !effect.qualifiers.elsewhere
    };
    for effect in analysis.effects.list.iter().filter(writes) {
        if let Resource::Path(target) = &effect.resource
            && let Some(path) = target.paths.base()
            && !found.iter().any(|(known, _)| known == path)
        {
            found.push((path.to_owned(), Vec::new()));
        }
    }
    for (path, from) in found.into_iter().take(MAX_FILES) {
        if facts.session().knows(&path, &from) {
            continue;
        }
        let from = from.iter().map(|one| one.name().to_owned()).collect();
        memory
            .append(&Entry::Traced { path, since: now, from })
            .map_err(broken)?;
    }
    Ok(())
}

/// What a person needs to know of a denial, to approve just this.
fn refusal(decided: &Decided, facts: &World, now: u64) -> Refusal {
    let trace = &decided.trace;
    let first = decided.verdict.matches().first();
    let what = what(&trace.action, trace.text());
    let text = placet_audit::redact(&what);
    let end = text.floor_char_boundary(SHOWN);
    Refusal {
        action: Fingerprint::of(&trace.action, &trace.analysis.effects, facts).text(),
        what: text.get(..end).unwrap_or_default().to_owned(),
        cut: end < text.len(),
        rule: decided.verdict.rule().to_owned(),
        reason: first
            .map(|found| placet_audit::redact(&found.reason).into_owned())
            .unwrap_or_default(),
        time: now,
        grantable: decided.verdict.is_grantable(),
        would_allow: first.and_then(|found| found.would_allow.clone()),
    }
}

/// The action as a person has to see it: with every argument, and what is written.
fn what(action: &Action, text: &str) -> String {
    let tool = &action.tool;
    match &action.input {
        ToolInput::Write { path, content } => format!("{tool} {path} [{content}]"),
        ToolInput::Edit { path, changes } => {
            let each = changes
                .iter()
                .map(|change| format!(" [{} => {}]", change.old, change.new));
            format!("{tool} {path}{}", each.collect::<String>())
        }
        ToolInput::Other { name, arguments, .. } => {
            let each = arguments
                .iter()
                .map(|argument| format!(" {}={}", argument.name, argument.value));
            let name = Some(name).filter(|name| !tool.ends_with(name.as_str()));
            let name = name.map_or(String::new(), |name| format!(" {name}"));
            format!("{tool}{name}{}", each.collect::<String>())
        }
        ToolInput::Shell { .. }
        | ToolInput::Read { .. }
        | ToolInput::Delete { .. }
        | ToolInput::List { .. }
        | ToolInput::Search { .. }
        | ToolInput::Fetch { .. }
        | ToolInput::WebSearch { .. }
        | ToolInput::Spawn { .. }
        | ToolInput::Skill { .. }
        | ToolInput::Internal => format!("{tool} {text}"),
    }
}

/// Which files the call wrote: those that the agent's program reports, and those that the command's effects name.
pub(crate) fn after(
    memory: &SessionMemory,
    places: &Places,
    event: &Event,
    tool: &ToolCall,
    changed: &[FileChange],
    call: &Call<'_>,
) -> Result<(), Failure> {
    let state = memory.state().map_err(broken)?;
    if !state.findings.is_empty() {
        memory.append(&Entry::Step).map_err(broken)?;
    }
    if state.denials_in_a_row > 0 {
        // It ran, so somebody allowed it.
        memory.append(&Entry::Approved).map_err(broken)?;
    }
    if state.escalated.contains_key(&tool.id) {
        looked(memory)?;
    }
    let facts = world(places, event, call, state);
    let mut written: Vec<String> = Vec::new();
    for change in changed {
        let path = facts.resolve(&paths::absolute(&change.path, facts.cwd(), facts.home()));
        match change.kind {
            ChangeKind::Created => memory.append(&Entry::Absent { path: path.clone() }).map_err(broken)?,
            ChangeKind::Modified => {}
            ChangeKind::Deleted => continue,
        }
        if matches!(tool.input, ToolInput::Write { .. }) && facts.session().traces(&path).next().is_some() {
            memory.append(&Entry::Replaced { path: path.clone() }).map_err(broken)?;
        }
        written.push(path);
    }
    if matches!(tool.input, ToolInput::Shell { .. }) {
        let effects = effects_of(event, tool, &facts);
        let writes = effects
            .iter()
            .filter(|effect| matches!(effect.verb, Verb::Create | Verb::Modify | Verb::Truncate))
            .filter_map(|effect| one_path(&effect.resource));
        written.extend(
            writes
                .filter(|path| facts.kind(path) == FileKind::File)
                .map(str::to_owned),
        );
    }
    written.sort();
    written.dedup();
    for path in written.iter().take(MAX_FILES) {
        memory.append_written(path).map_err(broken)?;
    }
    Ok(())
}

/// A person has looked after too many denials: what was put to them is open no more, and counting begins anew.
pub(crate) fn looked(memory: &SessionMemory) -> Result<(), Failure> {
    let counters = Entry::Counters { in_a_row: 0, total: 0 };
    for entry in [Entry::Answered, counters] {
        memory.append(&entry).map_err(broken)?;
    }
    Ok(())
}

/// What a failing memory means.
pub(crate) fn broken(error: Error) -> Failure {
    Failure::BrokenState(error.to_string())
}

fn one_path(resource: &Resource) -> Option<&str> {
    match resource {
        Resource::Path(target) => match &target.paths {
            Paths::One(path) => Some(path),
            Paths::Below(_) | Paths::Unknown => None,
        },
        Resource::Code(_)
        | Resource::Program(_)
        | Resource::Process(_)
        | Resource::Host(_)
        | Resource::Ref { .. }
        | Resource::Package { .. }
        | Resource::Container { .. }
        | Resource::Named(_)
        | Resource::Unknown => None,
    }
}

/// What the call that has run did, by the analysis.
pub(crate) fn effects_of(event: &Event, tool: &ToolCall, facts: &World) -> Vec<Effect> {
    let action = Action {
        principal: Principal {
            agent: event.agent.to_owned(),
            session: event.session.clone(),
            subagent: None,
        },
        id: tool.id.clone(),
        tool: tool.tool.clone(),
        input: tool.input.clone(),
        mode: event.mode.unwrap_or_default(),
        tier: Tier::default(),
        attended: false,
    };
    placet_effects::analyse(&action, facts).effects.list
}
