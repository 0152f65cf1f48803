//! A naive second copy of the decision, to disagree with: the table of tiers as it is written for people, strictest
//! wins. Compared with the engine on generated actions; it knows nothing of paths, spans or how rules are written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use placet_engine::SessionCounters;
use placet_model::{
    Carries, Decision, Effect, Mode, Origin, Others, Ownership, Pin, Place, ProcessSet, Resource, RunsLater,
    Sensitivity, Standing, Tier, Understood, Verb,
};
use proptest::prelude::*;
use proptest::sample::select;
use support::*;

/// What the table says: allow, judge, ask; and what hard limits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    Allow,
    Judge,
    Ask,
    Deny,
}
use Say::{Allow as A, Ask as Q, Deny as D, Judge as J};

/// One line of the table: an effect, what the tiers say, what hard limits say at least, and whether it is a read or an
/// edit of the project.
#[derive(Clone, Debug)]
struct Line {
    effect: Effect,
    tiers: [Say; 3],
    limit: Say,
    reads: bool,
    edits: bool,
}

fn line(effect: Effect, tiers: [Say; 3], limit: Say) -> Line {
    let reads = matches!(effect.verb, Verb::Read | Verb::List | Verb::InfraRead | Verb::DbRead);
    Line {
        effect,
        tiers,
        limit,
        reads,
        edits: false,
    }
}

fn edit(effect: Effect, tiers: [Say; 3], limit: Say) -> Line {
    Line {
        edits: true,
        ..line(effect, tiers, limit)
    }
}

/// A signal to processes of these owners.
fn signal(owners: Ownership) -> Effect {
    let mut signal = effect(Verb::Signal, Resource::Process(ProcessSet::Pattern("vite".into())));
    signal.qualifiers.processes = Some(owners);
    signal
}

#[rustfmt::skip]
fn table() -> Vec<Line> {
    use Standing::{Clean, Dirty, Missing, Regenerable, Session, Untracked};
    let project = |verb, standing| effect(verb, path(Place::Project, standing));
    let secret = sensitive(path(Place::Project, Untracked), Sensitivity::Secret);
    vec![
        line(project(Verb::Read, Clean), [A, A, A], A),
        line(effect(Verb::Read, path(Place::Home, Untracked)), [J, J, Q], A),
        line(measured(effect(Verb::Read, path(Place::Home, Untracked))), [A, A, Q], A),
        line(measured(effect(Verb::Read, path(Place::Unknown, Untracked))), [J, J, Q], A),
        line(measured(effect(Verb::Read, path(Place::Device, Untracked))), [Q, Q, Q], A),
        line(measured(effect(Verb::Read, secret.clone())), [Q, Q, Q], A),
        line(effect(Verb::Read, path(Place::Toolchain, Untracked)), [A, A, A], A),
        edit(project(Verb::Modify, Clean), [A, A, A], A),
        edit(project(Verb::Create, Missing), [A, A, Q], A),
        line(later(project(Verb::Modify, Clean), RunsLater::GitHook), [J, J, Q], A),
        edit(project(Verb::Delete, Clean), [A, A, Q], A),
        edit(project(Verb::DeleteTree, Regenerable), [A, A, Q], A),
        edit(project(Verb::Delete, Session), [A, A, Q], A),
        edit(project(Verb::Delete, Untracked), [Q, Q, Q], Q),
        edit(project(Verb::Delete, Dirty), [Q, Q, Q], Q),
        line(effect(Verb::RunCode, code(Origin::Toolchain, Understood::Assumed)), [A, A, Q], A),
        line(effect(Verb::RunCode, code(Origin::Session, Understood::Fully)), [A, A, Q], A),
        line(effect(Verb::RunCode, code(Origin::Session, Understood::Partly)), [J, J, Q], A),
        line(effect(Verb::RunCode, code(Origin::Downloaded, Understood::Not)), [Q, Q, Q], A),
        line(effect(Verb::RunCode, code(Origin::Undecodable, Understood::Not)), [D, D, D], D),
        line(effect(Verb::RunProgram, Resource::Program("x".into())), [J, J, Q], A),
        line(effect(Verb::Install, package(Pin::Locked)), [A, A, Q], A),
        line(effect(Verb::Install, package(Pin::Unpinned)), [J, Q, Q], A),
        line(effect(Verb::Install, package(Pin::Global)), [J, Q, Q], A),
        line(effect(Verb::Fetch, host("other.example")), [A, J, Q], A),
        line(effect(Verb::Fetch, host("www.example.com")), [A, A, Q], A),
        line(effect(Verb::Fetch, host("trusted.example")), [A, A, Q], A),
        line(effect(Verb::Send, host("example.com")), [J, J, Q], A),
        line(carrying(effect(Verb::Send, host("example.com")), Carries::Secret), [J, J, Q], D),
        line(effect(Verb::Modify, path(Place::Home, Untracked)), [J, Q, Q], A),
        edit(effect(Verb::Create, path(Place::Temp, Missing)), [A, A, A], A),
        line(effect(Verb::GlobalConfig, named("x")), [Q, Q, Q], A),
        line(effect(Verb::Persist, named("x")), [Q, Q, Q], A),
        line(effect(Verb::ServiceControl, named("x")), [Q, Q, Q], A),
        line(effect(Verb::Signal, Resource::Process(ProcessSet::Pid("1".into()))), [Q, Q, Q], A),
        line(effect(Verb::Signal, Resource::Process(ProcessSet::OwnChild)), [A, A, A], A),
        line(signal(Ownership::Session), [A, A, Q], A),
        line(signal(Ownership::Restarted), [A, A, Q], A),
        line(signal(Ownership::Nobody), [A, A, Q], A),
        line(signal(Ownership::Unknown), [Q, Q, Q], A),
        line(signal(Ownership::Others(Others::default())), [Q, Q, Q], A),
        line(effect(Verb::Commit, named("x")), [A, A, Q], A),
        line(irreversible(effect(Verb::DiscardChanges, named("x"))), [Q, Q, Q], Q),
        line(irreversible(effect(Verb::RewriteHistory, named("x"))), [Q, Q, Q], Q),
        line(forced(effect(Verb::Push, branch("feature/x"))), [Q, Q, Q], Q),
        line(effect(Verb::Push, branch("feature/x")), [J, J, Q], A),
        line(effect(Verb::Publish, package(Pin::Pinned)), [J, J, Q], A),
        line(effect(Verb::Release, named("x")), [J, J, Q], A),
        line(effect(Verb::Merge, named("x")), [J, J, Q], A),
        line(effect(Verb::Message, named("x")), [J, J, Q], A),
        line(effect(Verb::InfraChange, named("x")), [J, J, Q], A),
        line(effect(Verb::DbWrite, named("x")), [J, J, Q], A),
        line(irreversible(effect(Verb::InfraDestroy, named("x"))), [Q, Q, Q], Q),
        line(irreversible(effect(Verb::DbDestroy, named("x"))), [Q, Q, Q], Q),
        line(effect(Verb::Read, secret), [Q, Q, Q], A),
        line(effect(Verb::PrintSecret, named("x")), [Q, Q, Q], A),
        line(effect(Verb::ElevatePrivilege, Resource::Unknown), [Q, Q, Q], D),
        line(effect(Verb::DeleteTree, path(Place::Vital, Clean)), [Q, Q, Q], D),
        line(effect(Verb::Opaque, Resource::Unknown), [J, J, Q], A),
    ]
}

#[derive(Clone, Debug)]
struct Situation {
    lines: Vec<Line>,
    /// Decision, verb, and whether it covers forced effects.
    rules: Vec<(Decision, Verb, bool)>,
    mode: Mode,
    tier: Tier,
    attended: bool,
    judge: Option<Option<Decision>>,
    recorded: bool,
    tired: bool,
}

/// The whole decision, as a person would work it out with the tables beside them.
fn decide_spec(now: &Situation) -> Decision {
    let limit = now.lines.iter().map(|line| line.limit).max().unwrap_or(A);
    let bypass = now.mode == Mode::BypassPermissions;
    let says = now.lines.iter().map(|line| {
        let rules = || now.rules.iter().filter(|(_, verb, _)| *verb == line.effect.verb);
        let strict = rules()
            .filter(|(decision, _, force)| *decision != Decision::Allow && (!force || line.effect.qualifiers.force));
        let strict = strict
            .map(|(decision, ..)| if *decision == Decision::Deny { D } else { Q })
            .max()
            .unwrap_or(A);
        let forcible = matches!(
            line.effect.verb,
            Verb::Push | Verb::RewriteHistory | Verb::DiscardChanges | Verb::DeleteRemote
        );
        // A rule that names no path does not open a secret file.
        let secret_file =
            matches!(&line.effect.resource, Resource::Path(target) if target.sensitivity == Sensitivity::Secret);
        let covered = !secret_file
            && rules().any(|(decision, _, force)| {
                *decision == Decision::Allow
                    && (*force == line.effect.qualifiers.force || !(*force || forcible && line.effect.qualifiers.force))
            });
        let row = line.tiers[now.tier as usize];
        let asked = row.max(if row == J { Q } else { A });
        let by_mode = match now.mode {
            Mode::BypassPermissions => A,
            Mode::Plan if line.reads || (covered && line.effect.verb == Verb::Fetch) => {
                if covered {
                    A
                } else {
                    asked
                }
            }
            Mode::Plan => D,
            _ if covered => A,
            Mode::Auto => row,
            Mode::AcceptEdits if line.edits => asked,
            Mode::Default | Mode::AcceptEdits | Mode::DontAsk => {
                if line.reads {
                    asked
                } else {
                    asked.max(Q)
                }
            }
        };
        strict.max(if bypass && covered { A } else { by_mode })
    });
    let policy = says.max().unwrap_or(A);
    let judged = match (policy, now.judge) {
        (J, Some(Some(Decision::Allow))) if !now.tired && limit < D => A,
        (J, Some(Some(Decision::Deny))) if !now.tired && limit < D => D,
        (J, _) => Q,
        (other, _) => other,
    };
    let floor = if bypass && limit == Q { A } else { limit };
    let decided = match judged.max(floor) {
        A => Decision::Allow,
        J | Q => Decision::Ask,
        D => Decision::Deny,
    };
    let decided = if decided == Decision::Ask && (!now.attended || now.mode == Mode::DontAsk) {
        Decision::Deny
    } else {
        decided
    };
    let network = now.lines.iter().any(|line| {
        matches!(
            line.effect.verb,
            Verb::Fetch
                | Verb::Send
                | Verb::Push
                | Verb::Install
                | Verb::Publish
                | Verb::Message
                | Verb::Merge
                | Verb::Release
                | Verb::InfraChange
                | Verb::InfraDestroy
        )
    });
    match (now.recorded, network || !now.attended) {
        (true, _) => decided,
        (false, true) => Decision::Deny,
        (false, false) => decided.max(Decision::Ask),
    }
}

fn engine(now: &Situation) -> Decision {
    let mut text = String::from("[network]\ntrusted = ['trusted.example']\n");
    for (decision, verb, force) in &now.rules {
        let force = if *force { "force = true\n" } else { "" };
        text.push_str(&format!(
            "[[rule]]\ndecision = '{}'\neffect = '{}'\n{force}",
            decision.name(),
            verb.name()
        ));
    }
    let judge = now.judge.map(|opinion| support::Says(Ok(opinion)));
    Case {
        policy: policy(&text),
        mode: now.mode,
        tier: now.tier,
        attended: now.attended,
        judge: judge.as_ref().map(|judge| judge as &dyn placet_model::Judge),
        journal: if now.recorded { Ok(()) } else { Err("full".to_owned()) },
        counters: SessionCounters {
            denials_in_a_row: if now.tired { 3 } else { 0 },
            denials_total: 0,
        },
        ..Case::new(now.lines.iter().map(|line| line.effect.clone()).collect())
    }
    .decision()
}

fn situations() -> impl Strategy<Value = Situation> {
    let decisions = vec![Decision::Allow, Decision::Allow, Decision::Ask, Decision::Deny];
    let verbs: Vec<Verb> = table().iter().map(|line| line.effect.verb).collect();
    let rule = (select(decisions), select(verbs), prop::bool::weighted(0.2));
    let judge = prop::option::of(select(vec![Some(Decision::Allow), Some(Decision::Deny), None]));
    (
        prop::collection::vec(select(table()), 0..4),
        prop::collection::vec(rule, 0..4),
        select(Mode::ALL),
        select(Tier::ALL),
        prop::bool::weighted(0.8),
        judge,
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(lines, rules, mode, tier, attended, judge, recorded, tired)| Situation {
                lines,
                rules,
                mode,
                tier,
                attended,
                judge,
                recorded,
                tired,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_the_naive_copy(now in situations()) {
        prop_assert_eq!(engine(&now), decide_spec(&now));
    }
}

#[test]
fn the_engine_agrees_on_every_line_of_the_table_in_every_mode_and_tier() {
    for line in table() {
        for mode in Mode::ALL {
            for tier in Tier::ALL {
                let now = Situation {
                    lines: vec![line.clone()],
                    rules: Vec::new(),
                    mode: *mode,
                    tier: *tier,
                    attended: true,
                    judge: None,
                    recorded: true,
                    tired: false,
                };
                assert_eq!(engine(&now), decide_spec(&now), "{now:?}");
            }
        }
    }
}
