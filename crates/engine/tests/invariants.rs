//! The promises, by name. Each is a property over generated effects, policies, modes and tiers; not here: what single
//! commands get (`corpus.rs`) and how rules are written (`rules.rs`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use placet_engine::{HardLimit, Policy, SessionCounters};
use placet_facts::NeutralWorld;
use placet_model::{
    AgentCapabilities, Carries, Code, Decision, Dimensions, Effect, Mode, Origin, Outcome, Paths, Pin, Place,
    ProcessSet, Qualifiers, Resource, Reversibility, RunsLater, Scope, Sensitivity, Source, Span, Standing, Target,
    Tier, ToolInput, Understood, Verb,
};
use proptest::prelude::*;
use proptest::sample::select;
use support::*;

fn any_path() -> impl Strategy<Value = Resource> {
    let places = vec![
        Place::Project,
        Place::Vital,
        Place::Temp,
        Place::Stream,
        Place::Toolchain,
        Place::Home,
        Place::System,
        Place::Device,
        Place::Outside,
        Place::Unknown,
    ];
    let standings = vec![
        Standing::Clean,
        Standing::Session,
        Standing::Regenerable,
        Standing::Missing,
        Standing::Dirty,
        Standing::Untracked,
        Standing::Unknown,
    ];
    let kinds = vec![
        Sensitivity::Plain,
        Sensitivity::Plain,
        Sensitivity::Plain,
        Sensitivity::Secret,
        Sensitivity::Personal,
        Sensitivity::PlacetPolicy,
        Sensitivity::PlacetState,
    ];
    (select(places), select(standings), select(kinds), 0..3_u8).prop_map(|(place, standing, sensitivity, form)| {
        let Resource::Path(target) = path(place, standing) else {
            panic!("a path")
        };
        let paths = match (form, target.paths) {
            (0, Paths::One(path)) => Paths::Below(path),
            (_, paths) => paths,
        };
        Resource::Path(Target {
            paths,
            place,
            standing,
            sensitivity,
        })
    })
}

fn any_resource() -> impl Strategy<Value = Resource> {
    let origins = vec![
        Origin::Inline,
        Origin::Project,
        Origin::Toolchain,
        Origin::Session,
        Origin::Outside,
        Origin::Downloaded,
        Origin::Undecodable,
        Origin::Dynamic,
    ];
    let depths = vec![
        Understood::Fully,
        Understood::Assumed,
        Understood::Partly,
        Understood::Not,
    ];
    prop_oneof![
        6 => any_path(),
        2 => (select(origins), select(depths))
            .prop_map(|(origin, understood)| Resource::Code(Code { origin, understood, name: String::new() })),
        1 => select(vec![None, Some("localhost"), Some("example.com"), Some("trusted.example")])
            .prop_map(|host| Resource::Host(host.map(str::to_owned))),
        1 => select(vec![None, Some("main"), Some("feature/x")]).prop_map(|branch| Resource::Ref {
            remote: None,
            branch: branch.map(str::to_owned)
        }),
        1 => select(vec![Pin::Locked, Pin::Pinned, Pin::Unpinned, Pin::Url, Pin::Global]).prop_map(package),
        1 => any::<bool>().prop_map(|privileged| Resource::Container { image: None, privileged }),
        1 => select(vec![ProcessSet::OwnChild, ProcessSet::Pid("7".into()), ProcessSet::All]).prop_map(Resource::Process),
        1 => Just(named("thing")),
        1 => Just(Resource::Unknown),
    ]
}

fn any_effect() -> impl Strategy<Value = Effect> {
    let laters = vec![
        None,
        None,
        None,
        Some(RunsLater::GitHook),
        Some(RunsLater::AgentSettings),
        Some(RunsLater::StartFile),
    ];
    let carries = vec![
        Carries::Nothing,
        Carries::Nothing,
        Carries::ProjectData,
        Carries::Unknown,
        Carries::Secret,
    ];
    let undo = vec![
        Reversibility::Reversible,
        Reversibility::Recoverable,
        Reversibility::Irreversible,
    ];
    let scopes = vec![
        Scope::Named,
        Scope::Project,
        Scope::Outside,
        Scope::System,
        Scope::Shared,
    ];
    let flags = (
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.2),
    );
    (
        select(Verb::ALL),
        any_resource(),
        select(laters),
        select(carries),
        select(undo),
        select(scopes),
        flags,
    )
        .prop_map(
            |(
                verb,
                resource,
                runs_later,
                carries,
                reversibility,
                scope,
                (force, named_by_user, sweep, elsewhere, measured),
            )| {
                Effect {
                    verb,
                    resource,
                    qualifiers: Qualifiers {
                        force,
                        runs_later,
                        carries,
                        sweep,
                        measured,
                        named_by_user,
                        elsewhere,
                        ..Qualifiers::default()
                    },
                    dimensions: Dimensions {
                        reversibility,
                        scope,
                        ..Dimensions::default()
                    },
                    span: Span::new(0, 4),
                    by: "program".to_owned(),
                }
            },
        )
}

fn effects() -> impl Strategy<Value = Vec<Effect>> {
    prop::collection::vec(any_effect(), 0..4)
}

/// Orders for much of what the generated effects touch.
const ORDERS: &[&str] = &[
    "delete /home/dev/notes.txt and /home/other/x",
    "delete the folder /home/dev",
    "delete src/x.rs",
    "discard all uncommitted changes",
    "fetch https://example.com",
    "send it to example.com",
    "push to main",
    "force push main, then force push this branch",
    "read /home/dev/notes.txt and /etc/hosts",
    "write it to /home/dev/notes.txt",
    "merge it, release 1.0.0 and publish to npm",
    "install left-pad globally",
    "run tool",
];

const BOUNDARIES: &[&str] = &[
    "don't push",
    "don't touch src/",
    "only touch docs/",
    "read-only please",
    "ask me before you delete anything",
    "no network access",
    "never force push",
];

fn said(sentences: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(select(sentences).prop_map(str::to_owned), 1..4)
}

fn any_mode() -> impl Strategy<Value = Mode> {
    select(Mode::ALL)
}

fn any_tier() -> impl Strategy<Value = Tier> {
    select(Tier::ALL)
}

/// Rules as lines of a policy file.
fn rules() -> impl Strategy<Value = Vec<String>> {
    let decision = select(vec!["allow", "ask", "deny"]);
    let rule = (decision, select(Verb::ALL), any::<bool>()).prop_map(|(decision, verb, force)| {
        let force = if force { "force = true\n" } else { "" };
        format!("[[rule]]\ndecision = '{decision}'\neffect = '{}'\n{force}", verb.name())
    });
    prop::collection::vec(rule, 0..5)
}

fn with_rules(rules: &[String]) -> Policy {
    let policy = policy(&rules.join("\n"));
    assert_eq!(policy.findings(), []);
    policy
}

/// What a decision would become for the better: the judge may settle Undecided, a person may settle Ask.
fn rank(case: &Case<'_>) -> u8 {
    let verdict = case.decide().verdict;
    match (verdict.was_undecided(), verdict.decision()) {
        (_, Decision::Allow) => 0,
        (true, _) => 1,
        (false, Decision::Ask) => 2,
        (false, Decision::Deny) => 3,
    }
}

fn cases(number: u32) -> ProptestConfig {
    ProptestConfig {
        cases: number,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn nothing_is_allowed_by_default(effect in any_effect(), mode in any_mode(), tier in any_tier()) {
        let case = Case { mode, tier, ..Case::new(vec![effect]) };
        let decided = case.decide();
        if decided.verdict.decision() == Decision::Allow {
            let spoke = decided.trace.policy.iter().all(|found| found.outcome == Outcome::Decided(Decision::Allow) && !found.rule.is_empty());
            prop_assert!(spoke && !decided.trace.policy.is_empty(), "allowed without a rule that says so: {decided:?}");
        }
    }

    #[test]
    fn deny_beats_ask_beats_allow(verb in select(Verb::ALL), mut order in Just(vec!["allow", "ask", "deny"]).prop_shuffle(), drop in 0..2_usize) {
        let strictest = |left: &[&str]| if left.contains(&"deny") { Decision::Deny } else { Decision::Ask };
        order.truncate(3 - drop);
        prop_assume!(order.contains(&"deny") || order.contains(&"ask"));
        let text: String = order.iter().map(|decision| format!("[[rule]]\ndecision='{decision}'\neffect='{}'\n", verb.name())).collect();
        let case = Case { policy: policy(&text), ..Case::new(vec![effect(verb, named("x"))]) };
        prop_assert!(case.decision() >= strictest(&order));
    }

    #[test]
    fn order_and_duplicates_do_not_matter(effects in effects(), rules in rules(), mode in any_mode(), tier in any_tier(), seed in any::<u64>()) {
        let mut other: Vec<String> = rules.iter().chain(&rules).cloned().collect();
        let mut swapped = effects.clone();
        let turns = (seed % (other.len().max(1) as u64)) as usize;
        other.rotate_left(turns);
        swapped.reverse();
        let first = Case { policy: with_rules(&rules), mode, tier, ..Case::new(effects) };
        let second = Case { policy: with_rules(&other), mode, tier, ..Case::new(swapped) };
        prop_assert_eq!(rank(&first), rank(&second));
    }

    #[test]
    fn adding_a_deny_never_loosens(effects in effects(), rules in rules(), verb in select(Verb::ALL), mode in any_mode(), tier in any_tier()) {
        let before = Case { policy: with_rules(&rules), mode, tier, ..Case::new(effects.clone()) };
        let mut more = rules.clone();
        more.push(format!("[[rule]]\ndecision = 'deny'\neffect = '{}'\n", verb.name()));
        let after = Case { policy: with_rules(&more), mode, tier, ..Case::new(effects) };
        prop_assert!(rank(&after) >= rank(&before));
    }

    #[test]
    fn more_effects_never_loosen(effects in effects(), more in any_effect(), rules in rules(), mode in any_mode(), tier in any_tier()) {
        // A container or another machine stands for what happens inside it, so it is left out of what is added.
        prop_assume!(!matches!(more.verb, Verb::RemoteShell | Verb::ContainerRun | Verb::InfraChange));
        let before = Case { policy: with_rules(&rules), mode, tier, ..Case::new(effects.clone()) };
        prop_assume!(!effects.is_empty());
        let mut all = effects.clone();
        all.push(more);
        let after = Case { policy: with_rules(&rules), mode, tier, ..Case::new(all) };
        prop_assert!(rank(&after) >= rank(&before));
    }

    #[test]
    fn a_path_that_cannot_be_told_is_never_below_one_that_can(verb in select(Verb::ALL), standing in select(vec![Standing::Dirty, Standing::Untracked]), tier in any_tier()) {
        prop_assume!(!verb.only_reads());
        let known = Case { tier, ..Case::new(vec![effect(verb, path(Place::Project, standing))]) };
        let unknown = Case { tier, ..Case::new(vec![effect(verb, path(Place::Unknown, Standing::Unknown))]) };
        prop_assert!(rank(&unknown) >= rank(&known));
    }

    #[test]
    fn a_stricter_tier_never_loosens(effects in effects(), rules in rules()) {
        let at = |tier| rank(&Case { policy: with_rules(&rules), tier, ..Case::new(effects.clone()) });
        prop_assert!(at(Tier::Permissive) <= at(Tier::Balanced));
        prop_assert!(at(Tier::Balanced) <= at(Tier::Restrictive));
    }

    #[test]
    fn hard_limits_outrank_everything(
        effects in effects(), which in 0..8_usize, mode in any_mode(), tier in any_tier(), at in any::<prop::sample::Index>()
    ) {
        let fatal = [
            effect(Verb::ElevatePrivilege, Resource::Unknown),
            effect(Verb::ContainerRun, Resource::Container { image: None, privileged: true }),
            effect(Verb::DeleteTree, path(Place::Vital, Standing::Clean)),
            effect(Verb::DeleteTree, path(Place::Unknown, Standing::Unknown)),
            effect(Verb::Truncate, path(Place::Device, Standing::Unknown)),
            carrying(effect(Verb::Send, host("example.com")), Carries::Secret),
            effect(Verb::RunCode, code(Origin::Undecodable, Understood::Not)),
            effect(Verb::Modify, sensitive(path(Place::Home, Standing::Untracked), Sensitivity::PlacetState)),
        ];
        let mut effects = effects;
        effects.insert(at.index(effects.len() + 1), fatal[which].clone());
        let everything: String = Verb::ALL.iter().map(|verb| format!("[[rule]]\ndecision='allow'\neffect='{}'\nforce=true\n[[rule]]\ndecision='allow'\neffect='{}'\n", verb.name(), verb.name())).collect();
        let open = policy(&format!("[tools]\nBash = 'allow'\n{everything}"));
        let judge = Says(Ok(Some(Decision::Allow)));
        let case = Case { policy: open, mode, tier, judge: Some(&judge), ..Case::new(effects) };
        let decided = case.decide();
        prop_assert_eq!(decided.verdict.decision(), Decision::Deny);
        let limit = HardLimit::ALL.iter().any(|limit| limit.id() == decided.verdict.rule());
        prop_assert!(limit, "denied by {}", decided.verdict.rule());
    }

    #[test]
    fn the_model_cannot_relax(effects in effects(), rules in rules(), mode in any_mode(), tier in any_tier()) {
        let alone = Case { policy: with_rules(&rules), mode, tier, ..Case::new(effects.clone()) };
        let judge = Says(Ok(Some(Decision::Allow)));
        let judged = Case { policy: with_rules(&rules), mode, tier, judge: Some(&judge), ..Case::new(effects) };
        let before = alone.decide();
        let after = judged.decide();
        if !before.verdict.was_undecided() {
            prop_assert_eq!(before.verdict.decision(), after.verdict.decision());
            prop_assert_eq!(before.verdict.rule(), after.verdict.rule());
        }
    }

    #[test]
    fn an_approval_answers_a_question_and_lifts_no_denial(effects in effects(), rules in rules(), mode in any_mode(), tier in any_tier()) {
        let case = |approvals| Case { policy: with_rules(&rules), mode, tier, approvals, ..Case::new(effects.clone()) };
        let before = case(None).decide();
        let after = case(Some(&support::Approved as &dyn placet_model::Approvals)).decide();
        if before.verdict.is_grantable() {
            prop_assert_eq!(after.verdict.decision(), Decision::Allow);
            prop_assert_eq!(after.verdict.source() == Source::Person, before.verdict.decision() != Decision::Allow);
        } else {
            prop_assert_eq!(before.verdict.decision(), Decision::Deny);
            prop_assert_eq!(before.verdict.rule(), after.verdict.rule());
            prop_assert_eq!(after.verdict.decision(), Decision::Deny);
        }
    }

    #[test]
    fn a_silent_or_unsure_judge_is_not_consent(effects in effects(), mode in any_mode(), silent in any::<bool>()) {
        let judge = Says(if silent { Err("unreachable".to_owned()) } else { Ok(None) });
        let alone = Case { mode, ..Case::new(effects.clone()) };
        let judged = Case { mode, judge: Some(&judge), ..Case::new(effects) };
        prop_assert_eq!(alone.decision(), judged.decision());
    }

    #[test]
    fn unrecorded_is_not_allowed(effects in effects(), rules in rules(), mode in any_mode(), tier in any_tier(), attended in any::<bool>()) {
        let case = Case {
            policy: with_rules(&rules), mode, tier, attended, journal: Err("disk full".to_owned()), ..Case::new(effects.clone())
        };
        let decision = case.decision();
        prop_assert_ne!(decision, Decision::Allow);
        let network = effects.iter().any(|effect| effect.verb == Verb::Send && effect.resource == host("example.com"));
        if network || !attended {
            prop_assert_eq!(decision, Decision::Deny);
        }
    }

    #[test]
    fn where_nobody_can_be_asked_the_answer_is_yes_or_no(effects in effects(), mode in any_mode(), tier in any_tier()) {
        let case = Case { mode, tier, attended: false, ..Case::new(effects.clone()) };
        prop_assert_ne!(case.decision(), Decision::Ask);
        let dont_ask = Case { mode: Mode::DontAsk, tier, ..Case::new(effects) };
        prop_assert_ne!(dont_ask.decision(), Decision::Ask);
    }

    #[test]
    fn too_many_denials_never_loosen(effects in effects(), mode in any_mode(), tier in any_tier(), rules in rules()) {
        let judge = Says(Ok(Some(Decision::Allow)));
        let counters = SessionCounters { denials_in_a_row: 3, denials_total: 3 };
        let calm = Case { policy: with_rules(&rules), mode, tier, judge: Some(&judge), ..Case::new(effects.clone()) };
        let tired = Case { policy: with_rules(&rules), mode, tier, judge: Some(&judge), counters, ..Case::new(effects) };
        prop_assert!(tired.decision() >= calm.decision());
    }

    #[test]
    fn words_lift_no_denial(effects in effects(), rules in rules(), said in said(ORDERS), mode in any_mode(), tier in any_tier()) {
        let case = Case { policy: with_rules(&rules), mode, tier, ..Case::new(effects) };
        let facts = NeutralWorld::new(None, None).with_user_messages(said);
        let with = case.decide_in(&facts).verdict.decision();
        let without = case.decision();
        prop_assert!(with <= without, "orders set no boundary");
        if without == Decision::Deny {
            prop_assert_eq!(with, Decision::Deny);
        }
        if mode != Mode::Auto || tier == Tier::Restrictive {
            prop_assert_eq!(with, without);
        }
    }

    #[test]
    fn a_boundary_never_loosens(effects in effects(), rules in rules(), said in said(BOUNDARIES), mode in any_mode(), tier in any_tier()) {
        let case = Case { policy: with_rules(&rules), mode, tier, ..Case::new(effects) };
        let facts = NeutralWorld::new(None, None).with_user_messages(said);
        prop_assert!(case.decide_in(&facts).verdict.decision() >= case.decision());
    }

    #[test]
    fn a_plan_changes_nothing(effects in effects(), rules in rules(), tier in any_tier()) {
        let case = Case { policy: with_rules(&rules), mode: Mode::Plan, tier, ..Case::new(effects.clone()) };
        let changes = |effect: &Effect| {
            !effect.verb.only_reads() && effect.verb != Verb::Fetch
                && !matches!(&effect.resource, Resource::Path(target) if target.place == Place::Stream)
                && !matches!(&effect.resource, Resource::Code(code) if code.origin == Origin::Inline)
        };
        if effects.iter().any(changes) {
            prop_assert_eq!(case.decision(), Decision::Deny);
        }
    }

    #[test]
    fn an_answer_is_short_and_names_its_rule(effects in effects(), mode in any_mode(), tier in any_tier(), attended in any::<bool>()) {
        let case = Case { mode, tier, attended, ..Case::new(effects) };
        let verdict = case.decide().verdict;
        prop_assert!(verdict.reason().chars().count() <= 400, "{}", verdict.reason());
        prop_assert!(verdict.reason().contains(verdict.rule()), "{} lacks {}", verdict.reason(), verdict.rule());
        if verdict.decision() != Decision::Allow {
            prop_assert!(verdict.matches().iter().any(|found| !found.effect.is_empty() && !found.reason.is_empty()));
        }
    }
}

#[test]
fn an_unsupported_obligation_denies() {
    let ask = Case::new(vec![effect(Verb::DbDestroy, named("prod"))]).decide().verdict;
    let able = AgentCapabilities {
        can_ask: true,
        can_rewrite: true,
        can_confine: true,
    };
    assert_eq!(ask.answer(able).decision, Decision::Ask);
    assert_eq!(
        ask.answer(AgentCapabilities { can_ask: false, ..able }).decision,
        Decision::Deny
    );
}

#[test]
fn an_erroring_rule_tightens() {
    let push = || vec![effect(Verb::Push, branch("feature/x"))];
    let misspelt = policy("[[rule]]\ndecision = 'deny'\neffect = 'push'\nbrnch = 'main'");
    assert_eq!(misspelt.findings().len(), 1, "the misspelt key is told");
    assert_eq!(
        Case {
            policy: misspelt,
            ..Case::new(push())
        }
        .decision(),
        Decision::Deny
    );

    let unknown_effect = policy("[[rule]]\ndecision = 'deny'\neffect = 'psh'");
    assert_eq!(
        Case {
            policy: unknown_effect,
            ..Case::new(push())
        }
        .decision(),
        Decision::Deny
    );

    let odd_decision = policy("[[rule]]\ndecision = 'forbid'\neffect = 'push'");
    assert_eq!(
        Case {
            policy: odd_decision,
            ..Case::new(push())
        }
        .decision(),
        Decision::Ask
    );

    let sound = policy("[[rule]]\ndecision = 'allow'\neffect = 'push'");
    assert_eq!(
        Case {
            policy: sound,
            ..Case::new(push())
        }
        .decision(),
        Decision::Allow
    );
    let broken = policy("[[rule]]\ndecision = 'allow'\neffect = 'push'\n[oops");
    assert_eq!(
        Case {
            policy: broken,
            ..Case::new(push())
        }
        .decision(),
        Decision::Ask
    );
}

#[test]
fn untrusted_text_is_never_an_instruction() {
    use placet_engine::Scope::{Project, User};
    let allow = "tier = 'permissive'\nmode = 'bypassPermissions'\n[tools]\nBash = 'allow'\n[network]\ntrusted = ['*']\n[[rule]]\ndecision = 'allow'\neffect = 'push'";
    let push = || vec![effect(Verb::Push, branch("feature/x"))];
    let untrusted = policy_of(Project, allow, false);
    assert!(untrusted.settings().trusted_hosts().is_empty());
    assert_eq!(untrusted.settings().tier(), Tier::Balanced);
    assert_eq!(untrusted.settings().mode(), None);
    assert_eq!(
        Case {
            policy: untrusted,
            ..Case::new(push())
        }
        .decision(),
        Decision::Ask
    );
    assert_eq!(
        Case {
            policy: policy_of(Project, allow, true),
            ..Case::new(push())
        }
        .decision(),
        Decision::Allow
    );
    assert_eq!(
        Case {
            policy: policy_of(User, allow, false),
            ..Case::new(push())
        }
        .decision(),
        Decision::Allow
    );
    let deny = policy_of(Project, "[[rule]]\ndecision = 'deny'\neffect = 'push'", false);
    assert_eq!(
        Case {
            policy: deny,
            ..Case::new(push())
        }
        .decision(),
        Decision::Deny
    );
}

#[test]
fn everything_is_bounded() {
    let long = |bytes: usize| Case {
        input: shell(&"x".repeat(bytes)),
        ..Case::new(Vec::new())
    };
    assert_eq!(long(64 * 1024).decision(), Decision::Allow);
    let decided = long(64 * 1024 + 1).decide();
    assert_eq!(decided.verdict.decision(), Decision::Ask);
    assert_eq!(decided.verdict.rule(), "over-budget");
    let write = |bytes: usize| {
        let input = ToolInput::Write {
            path: "a".to_owned(),
            content: "x".repeat(bytes),
        };
        Case {
            input,
            ..Case::new(Vec::new())
        }
        .decision()
    };
    assert_eq!(write(1024), Decision::Allow);
    assert_eq!(write(1024 * 1024), Decision::Ask);
}

#[test]
fn a_message_that_is_no_call_is_not_allowed() {
    use placet_model::{Event, EventKind};
    let facts = NeutralWorld::new(None, None);
    let world = placet_engine::World {
        facts: &facts,
        judge: None,
        approvals: None,
        attended: true,
        counters: SessionCounters::default(),
        mode: None,
        tier: None,
        now: 0,
        elapsed: &|| 0,
    };
    for kind in [
        EventKind::SessionStart,
        EventKind::UserMessage("yes, allow all".to_owned()),
        EventKind::Other("x".to_owned()),
    ] {
        let event = Event {
            kind,
            ..event("Bash", shell("ls"), Mode::BypassPermissions)
        };
        let decided = placet_engine::decide(&event, &Policy::default(), &world, &mut Shelf(Ok(())));
        assert_eq!(decided.verdict.decision(), Decision::Ask);
        assert_eq!(decided.verdict.source(), Source::FailClosed);
    }
}

#[test]
fn what_is_shared_stays_shared_when_the_user_names_it() {
    let mut write = effect(
        Verb::DbWrite,
        Resource::Path(Target {
            paths: Paths::One("/home/dev/notes.txt".into()),
            place: Place::Home,
            standing: Standing::Clean,
            sensitivity: Sensitivity::Plain,
        }),
    );
    write.qualifiers.carries = Carries::Secret;
    write.dimensions.scope = Scope::Shared;
    let case = Case::new(vec![write]);
    let said = vec!["delete /home/dev/notes.txt".to_owned()];
    let facts = NeutralWorld::new(None, None).with_user_messages(said);
    assert_eq!(case.decision(), Decision::Deny);
    assert_eq!(case.decide_in(&facts).verdict.decision(), Decision::Deny);
}
