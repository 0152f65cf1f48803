//! What a tool brought back, looked at by the probe: the agent is to be told what is suspicious and who gives orders, the
//! session remembers what the text asked for, and the log keeps the finding without the text. The probe's weights are
//! read here and nowhere else, so that no call before a tool pays for them.

mod source;
mod told;

use placet_engine::{Failure, PolicyText};
use placet_facts::session::{Entry, SessionMemory};
use placet_model::{
    Decision, Event, Facts, Journal, Notice, Record, Source, Steers, Suspicion, TextKind, Tier, ToolCall,
};
use placet_probe::{Finding, Level, Origin, Request, look, look_across, open_end};
use sha2::{Digest, Sha256};

use self::source::{in_words, origin, source};
use self::told::{fences, tricks, words};
use crate::second;
use crate::{Call, Places, memory, policies};

/// Things of each kind that are remembered.
const THINGS: usize = 8;

/// What there is to say of a tool's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// For the agent.
    pub notice: Notice,
    /// What was found, in a few words for people.
    pub what: String,
    /// The probe is surer than at its lowest level.
    pub grave: bool,
}

/// Looks at the output of a tool, and says what there is to say.
pub(crate) fn after(
    event: &Event,
    (tool, output): (&ToolCall, &str),
    session: &SessionMemory,
    (places, more): (&Places, &[PolicyText]),
    call: &Call<'_>,
    journal: &mut dyn Journal,
) -> Result<Option<Told>, Failure> {
    if output.trim().is_empty() {
        return Ok(None);
    }
    let state = session.state().map_err(memory::broken)?;
    let before = state.open_end.clone();
    let facts = memory::world(places, event, call, state);
    let origin = origin(event, tool, &facts);
    let request = Request::new(facts.user_messages());
    let mut finding = look(output, origin, &request);
    if finding.level == Level::None && !before.is_empty() {
        // An order may begin in one result and end in the next.
        finding = look_across(&before, output, origin, &request).unwrap_or_default();
    }
    let end = open_end(output, origin, &request).unwrap_or_default();
    if !end.is_empty() || !before.is_empty() {
        let text = placet_audit::redact(end).into_owned();
        session.append(&Entry::OpenEnd { text }).map_err(memory::broken)?;
    }
    if finding.level == Level::None {
        return Ok(None);
    }
    let (kind, name) = source(tool);
    let policy = policies::load_with(places, facts.project(), more)?;
    let second = second::opinion(&finding, output, event, &policy, &facts, call);
    finding.level = second::weigh(finding.level, second.as_ref());
    session
        .append(&Entry::finding(suspicion(&finding, kind, &name)))
        .map_err(memory::broken)?;
    let of_policy = policy.settings().probe_block_on().and_then(Level::from_name);
    let limit = of_policy.into_iter().chain(call.block_on).min();
    let withhold = limit.is_some_and(|limit| finding.level >= limit);
    journal
        .record(&record(
            event,
            tool,
            call,
            (&finding, output),
            (origin, &name),
            (withhold, second.as_ref()),
        ))
        .map_err(Failure::Unrecorded)?;
    let fences = if withhold {
        Vec::new()
    } else {
        fences(&finding, output, &event.session)
    };
    let source = in_words(kind, &name);
    let marked = (!withhold).then_some(fences.as_slice());
    let text = words(&finding, output, &source, facts.user_messages(), marked);
    Ok(Some(Told {
        what: format!(
            "{source} holds text that reads like instructions ({})",
            tricks(&finding)
        ),
        notice: Notice { text, withhold, fences },
        grave: finding.level >= Level::Medium,
    }))
}

fn suspicion(finding: &Finding, kind: TextKind, name: &str) -> Suspicion {
    let some = |list: &[String]| list.iter().take(THINGS).cloned().collect();
    Suspicion {
        source: name.to_owned(),
        kind,
        steps: 0,
        level: finding.level.name().to_owned(),
        commands: some(&finding.asked.commands),
        hosts: some(&finding.asked.hosts),
        addresses: some(&finding.asked.addresses),
        paths: some(&finding.asked.paths),
        secrets: some(&finding.asked.secrets),
    }
}

fn record(
    event: &Event,
    tool: &ToolCall,
    call: &Call<'_>,
    (finding, output): (&Finding, &str),
    (origin, source): (Origin, &str),
    (withhold, second): (bool, Option<&Result<Steers, String>>),
) -> Record {
    let parts: Vec<String> = finding
        .parts
        .iter()
        .map(|part| {
            let text = output.get(part.start..part.end).unwrap_or_default();
            let hash = Sha256::digest(text.as_bytes());
            let short: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!("{}-{} sha256:{short}", part.start, part.end)
        })
        .collect();
    let note = format!(
        "finding {} ({:.2}) in a text from {}: {}; parts {}{}{}",
        finding.level.name(),
        finding.score,
        origin.name(),
        tricks(finding),
        parts.join(", "),
        second.map_or(String::new(), |said| match said {
            Ok(said) => format!("; second opinion {}", said.name()),
            Err(why) => format!("; no second opinion: {}", placet_audit::redact(why)),
        }),
        if withhold { "; withheld" } else { "" }
    );
    Record {
        time: call.now,
        session: event.session.clone(),
        agent: event.agent.to_owned(),
        subagent: event.subagent.clone(),
        call: tool.id.clone(),
        tool: tool.tool.clone(),
        action: "tool_result",
        command: String::new(),
        targets: vec![source.to_owned()],
        decision: if withhold { Decision::Deny } else { Decision::Allow },
        source: Source::Finding,
        matches: Vec::new(),
        effects: Vec::new(),
        mode: event.mode.unwrap_or_default(),
        tier: Tier::default(),
        micros: u64::try_from(call.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
        judge: None,
        note: Some(note),
    }
}
