//! Policy texts: how they merge, what is told of errors, what is shown, and what answers say. Through the public face.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use placet_engine::policy::{Severity, lint, loosens, schema, show, trials};
use placet_engine::{Format, Policy, Scope, SessionCounters};
use placet_facts::NeutralWorld;
use placet_model::{Decision, Mode, Place, Sensitivity, Standing, Tier, Verb};
use support::*;

fn told(policy: &Policy) -> Vec<String> {
    lint(policy).iter().map(ToString::to_string).collect()
}

#[test]
fn a_misspelt_key_is_told_with_its_place_and_its_neighbour() {
    let policy =
        policy("tier = \"balanced\"\n\n[[rule]]\ndecision = \"deny\"\neffect = \"push\"\n  brnch = \"main\"\n");
    let told = told(&policy);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("/home/dev/.config/placet/policy.toml:6:3: error[unknown-key]: unknown key `brnch`"),
        "{told:?}"
    );
    assert!(told[0].contains("did you mean `branch`?"), "{told:?}");
}

#[test]
fn a_misspelt_value_is_told_with_its_neighbour() {
    let told = told(&policy("tier = 'restrictve'"));
    assert!(
        told[0].contains("error[unknown-value]") && told[0].contains("did you mean `restrictive`?"),
        "{told:?}"
    );
}

#[test]
fn a_sound_policy_has_no_findings() {
    let text = "mode = 'auto'\ntier = 'restrictive'\n[permissions]\nallow = ['Bash(npm run *)', 'Read(src/**)', 'mcp__notes__*']\ndeny = ['Bash(rm *)', 'WebFetch(domain:*.example)', '*']\n[tools]\nRead = 'allow'\n[escalation]\nin_a_row = 2\n[ignore]\npaths = ['secrets/']\n";
    assert_eq!(told(&policy(text)), Vec::<String>::new());
}

#[test]
fn an_agents_own_settings_may_hold_anything_beside_permissions() {
    let settings =
        r#"{"model": "x", "hooks": {"PreToolUse": []}, "permissions": {"allow": ["Bash(ls)"], "defaultMode": "plan"}}"#;
    let policy = Policy::load(&[text_of(Scope::User, Format::ClaudeSettings, settings, true)], &[]);
    assert_eq!(policy.findings(), []);
    assert_eq!(policy.rules().len(), 1);
    assert_eq!(policy.settings().start_mode(), Some(Mode::Plan));
    assert_eq!(policy.settings().mode(), None);
}

#[test]
fn single_values_of_higher_scopes_win_and_lists_merge() {
    let text = |scope, text: &str| text_of(scope, Format::PlacetToml, text, true);
    let policy = Policy::load(
        &[
            text(
                Scope::Managed,
                "tier = 'restrictive'\n[network]\ntrusted = ['m.example']",
            ),
            text(Scope::User, "tier = 'permissive'\n[network]\ntrusted = ['u.example']"),
        ],
        &[],
    );
    assert_eq!(policy.settings().tier(), Tier::Restrictive);
    assert_eq!(policy.settings().trusted_hosts(), ["u.example", "m.example"]);
}

#[test]
fn a_state_that_denies_stays_and_one_that_loosens_needs_trust() {
    let text = |scope, trusted, text: &str| text_of(scope, Format::PlacetToml, text, trusted);
    let read = || vec![effect(Verb::Read, path(Place::Project, Standing::Clean))];
    let denied = Policy::load(
        &[
            text(Scope::User, true, "[tools]\nBash = 'deny'"),
            text(Scope::Managed, true, "[tools]\nBash = 'allow'"),
        ],
        &[],
    );
    assert_eq!(
        Case {
            policy: denied,
            ..Case::new(read())
        }
        .decision(),
        Decision::Deny
    );
    let asked = [
        text(Scope::User, true, "[tools]\nBash = 'ask'"),
        text(Scope::Project, false, "[tools]\nBash = 'allow'"),
    ];
    assert_eq!(
        Case {
            policy: Policy::load(&asked, &[]),
            ..Case::new(read())
        }
        .decision(),
        Decision::Ask
    );
}

#[test]
fn only_what_loosens_needs_trust() {
    let text = |text: &str| text_of(Scope::Project, Format::PlacetToml, text, false);
    for needs in [
        "[permissions]\nallow = ['Bash(ls)']",
        "tier = 'permissive'",
        "mode = 'auto'",
        "directories = ['/srv']",
        "[network]\ntrusted = ['x']",
    ] {
        assert!(loosens(&text(needs)), "{needs}");
    }
    for does_not in [
        "",
        "[permissions]\ndeny = ['Bash(ls)']",
        "tier = 'restrictive'",
        "mode = 'plan'",
        "[ignore]\npaths = ['x']",
    ] {
        assert!(!loosens(&text(does_not)), "{does_not}");
    }
}

#[test]
fn a_general_rule_does_not_open_secrets_and_a_named_path_does() {
    let secret = || {
        vec![effect(
            Verb::Read,
            sensitive(path(Place::Home, Standing::Untracked), Sensitivity::Secret),
        )]
    };
    let general = policy("[[rule]]\ndecision = 'allow'\neffect = 'read'");
    assert_eq!(
        Case {
            policy: general,
            ..Case::new(secret())
        }
        .decision(),
        Decision::Ask
    );
    let named = policy("[[rule]]\ndecision = 'allow'\neffect = 'read'\npath = '~/notes.txt'");
    assert_eq!(
        Case {
            policy: named,
            ..Case::new(secret())
        }
        .decision(),
        Decision::Allow
    );
}

#[test]
fn a_broad_allow_rule_is_told() {
    for broad in ["Bash", "Bash(*)", "Bash(python*)", "Bash(npx *)", "Bash(bash -c *)"] {
        let told = told(&policy(&format!("[permissions]\nallow = ['{broad}']")));
        assert!(
            told.iter().any(|line| line.contains("broad-allow")),
            "{broad}: {told:?}"
        );
    }
    for named in ["Bash(npm run *)", "Bash(python3 scripts/gen.py *)", "Bash(git push *)"] {
        assert_eq!(
            told(&policy(&format!("[permissions]\nallow = ['{named}']"))),
            Vec::<String>::new(),
            "{named}"
        );
    }
}

#[test]
fn a_condition_that_could_never_match_is_told_and_holds_for_what_can_be_read() {
    let policy = policy("[[rule]]\ndecision = 'deny'\ntool = 'Bash(rm *)'\n");
    let told = told(&policy);
    assert!(told.iter().any(|line| line.contains("tool-with-specifier")), "{told:?}");
    let case = Case {
        policy,
        ..Case::new(vec![effect(Verb::Read, path(Place::Project, Standing::Unknown))])
    };
    assert_eq!(case.decision(), Decision::Deny);
}

#[test]
fn a_denied_rule_that_cannot_be_read_holds_for_what_can() {
    let policy = policy("[permissions]\ndeny = ['Bash(rm -rf']");
    assert!(
        policy
            .findings()
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    );
    let case = Case {
        policy,
        ..Case::new(Vec::new())
    };
    assert_eq!(case.decision(), Decision::Deny);
}

#[test]
fn what_is_in_force_is_shown_with_its_origin() {
    let policy = policy("tier = 'restrictive'\n[permissions]\ndeny = ['Bash(rm *)']\n[ignore]\npaths = ['secrets/']");
    let shown = show(&policy);
    assert!(shown.contains("tier        restrictive"), "{shown}");
    assert!(
        shown.contains("deny Bash(rm *)  (user, /home/dev/.config/placet/policy.toml:3:9)"),
        "{shown}"
    );
    assert!(shown.contains("ignore secrets"), "{shown}");
}

#[test]
fn examples_of_a_policy_are_run() {
    let rule = |expected: &str| {
        policy(&format!(
            "[[rule]]\nid = 'no-lists'\ndecision = 'deny'\neffect = 'list'\n[[rule.example]]\ncommand = 'ls src'\ndecision = '{expected}'"
        ))
    };
    let facts = NeutralWorld::new(None, None);
    let passed = trials(&rule("deny"), &facts);
    assert_eq!(passed.len(), 1);
    assert!(passed[0].passed(), "{passed:?}");
    assert!(!trials(&rule("allow"), &facts)[0].passed());
}

#[test]
fn the_schema_is_json_and_names_every_effect() {
    let schema = schema();
    for verb in Verb::ALL {
        assert!(schema.contains(&format!("\"{}\"", verb.name())));
    }
    let depth = |open: char, close: char| schema.matches(open).count() == schema.matches(close).count();
    assert!(depth('{', '}') && depth('[', ']'));
    // The reader of settings files is a JSON reader too: what it finds wrong would be found here.
    let read = Policy::load(&[text_of(Scope::User, Format::ClaudeSettings, &schema, true)], &[]);
    assert_eq!(read.findings(), []);
}

#[test]
fn a_denial_says_rule_effect_reason_and_a_way_within_bounds() {
    let case = Case::new(vec![effect(Verb::DeleteTree, path(Place::Vital, Standing::Clean))]);
    assert_eq!(
        case.decide().verdict.reason(),
        "Denied (irreversible-destruction): `some` would delete /home/dev and everything in it. It is the system, the home \
         directory, or the project as a whole. Name exactly the files that are to go, one by one."
    );
}

#[test]
fn a_question_says_the_exact_rule_that_would_allow_it() {
    let case = Case::new(vec![effect(Verb::Push, branch("feature/x"))]);
    assert_eq!(
        case.decide().verdict.reason(),
        "Please decide (push-branch): `some` would push to `feature/x` at `origin`. Others see what is pushed. Ask the user \
         to say that the branch is to be pushed. A person can allow it with [[rule]]\ndecision = 'allow'\neffect = 'push'\n\
         remote = 'origin'\nbranch = 'feature/x'"
    );
    let rule = "[[rule]]\ndecision = 'allow'\neffect = 'push'\nremote = 'origin'\nbranch = 'feature/x'";
    assert_eq!(
        Case {
            policy: policy(rule),
            ..case
        }
        .decision(),
        Decision::Allow
    );
}

#[test]
fn after_too_many_denials_the_answer_says_to_stop() {
    let counters = SessionCounters {
        denials_in_a_row: 3,
        denials_total: 3,
    };
    let case = Case {
        counters,
        attended: false,
        ..Case::new(vec![effect(Verb::Persist, named("x"))])
    };
    let verdict = case.decide().verdict;
    assert_eq!(verdict.decision(), Decision::Deny);
    assert!(
        verdict.reason().contains("stop here and tell the user"),
        "{}",
        verdict.reason()
    );
}

#[test]
fn a_tool_or_server_is_closed_by_rules_and_states_that_deny_all_of_it_and_by_no_others() {
    let closed = |text: &str, tool: &str| policy(text).closes(tool).is_some();
    let deny = |rule: &str| format!("[permissions]\ndeny = ['{rule}']\n");
    for rule in ["mcp__notes", "mcp__notes__*", "mcp__*", "*"] {
        assert!(
            closed(&deny(rule), "mcp__notes__") && closed(&deny(rule), "mcp__notes__get"),
            "{rule}"
        );
    }
    assert!(closed("[tools]\nmcp__notes = 'deny'\n", "mcp__notes__"));
    assert!(closed(&deny("mcp__notes__get"), "mcp__notes__get"));
    for rule in [
        "mcp__notes__get",
        "mcp__note",
        "mcp__notes2",
        "Bash",
        "Bash(mcp__notes *)",
    ] {
        assert!(!closed(&deny(rule), "mcp__notes__"), "{rule}");
    }
    let other = "[permissions]\nask = ['mcp__notes']\nallow = ['mcp__notes__*']\n[tools]\nmcp__notes = 'ask'\n";
    assert!(!closed(other, "mcp__notes__"));
}
