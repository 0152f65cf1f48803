//! The product's table of contents: one function, one call per step. Every answer passes through it.
//!
//! normalise → effects → hard limits → policy → a person's approval → opinion (only if Undecided) → settle → record. `settle` can tighten; it
//! can't relax. Where to go next: `hard_limits.rs`, `policy.rs`, `tiers.rs`, `verdict.rs`.

use placet_effects::Analysis;
use placet_model::{Action, Event, Facts, Journal, Record};

use crate::asked::{self, Asked, Words};
use crate::trace::Trace;
use crate::verdict::{Settled, Told};
use crate::{Policy, Verdict, World, approval, asked_by_data, hard_limits, normalise, opinion, policy, verdict};

/// A verdict, and how it came about.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The verdict: final and recorded.
    pub verdict: Verdict,
    /// What each stage yielded.
    pub trace: Trace,
}

/// Decides one tool call.
pub fn decide(event: &Event, policy: &Policy, world: &World<'_>, journal: &mut dyn Journal) -> Decided {
    decide_by(placet_effects::analyse, event, policy, world, journal)
}

/// [`decide`] with another analysis in place of the real one, for tests of what follows it.
#[doc(hidden)]
pub fn decide_by(
    analyse: impl Fn(&Action, &dyn Facts) -> Analysis,
    event: &Event,
    policy: &Policy,
    world: &World<'_>,
    journal: &mut dyn Journal,
) -> Decided {
    let normalised = normalise::action(event, policy, world);
    let mut analysis = normalise::effects(&normalised, world.facts, analyse);
    let action = normalised.action;
    let words = Words::of(world.facts);
    asked::note_names(&mut analysis, &action, &words);
    let asked = Asked::new(&action, &analysis, &words);
    let limits = hard_limits::check(&action, &analysis, normalised.doubt.as_ref(), policy, &asked);
    let weighed = policy::weigh(&action, &analysis, policy, &asked);
    let weighed = asked_by_data::tighten(weighed, &action, &analysis, world.facts);
    let escalated = policy.settings().escalation().reached(world.counters);
    let approved = approval::of(&limits, weighed.outcome, &action, &analysis.effects, world);
    let asked = approved.is_none() && !escalated && limits.is_ok();
    let (heard, judge) = opinion::if_undecided(weighed.outcome, &action, &analysis, world, asked);
    let limit_matches = match &limits {
        Ok(passed) => passed.floor().to_vec(),
        Err(refused) => refused.matches.clone(),
    };
    let trace = Trace {
        limits: limit_matches,
        policy: weighed.matches.clone(),
        outcome: weighed.outcome,
        heard,
        judge,
        approved,
        escalated,
        action,
        analysis,
    };
    let told = Told {
        text: normalise::text(&trace.action),
        analysis: &trace.analysis,
    };
    let settled = verdict::settle(limits, weighed, &trace, told);
    let record = record(&settled, &trace, world);
    let network = trace.analysis.effects.list.iter().any(hard_limits::reaches_network);
    let verdict = settled.recorded_in(journal, &record, network, world.attended);
    Decided { verdict, trace }
}

/// What the log keeps.
fn record(settled: &Settled, trace: &Trace, world: &World<'_>) -> Record {
    let verdict = settled.verdict();
    Record {
        time: world.now,
        session: trace.action.principal.session.clone(),
        agent: trace.action.principal.agent.clone(),
        subagent: trace.action.principal.subagent.clone(),
        call: trace.action.id.clone(),
        tool: trace.action.tool.clone(),
        action: normalise::kind(&trace.action.input),
        command: normalise::text(&trace.action).to_owned(),
        targets: trace.targets(),
        decision: verdict.decision(),
        source: verdict.source(),
        matches: verdict.matches().to_vec(),
        effects: trace.analysis.effects.list.clone(),
        mode: trace.action.mode,
        tier: trace.action.tier,
        micros: (world.elapsed)(),
        judge: trace.judge.clone(),
        note: None,
    }
}
