//! What the user's words make of an action, for several hundred messages in seven languages: each is one decision through
//! the whole pipeline, in the neutral world. The messages stand in `messages/*.toml`.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::path::Path;

use placet_engine::{Policy, SessionCounters, World, decide};
use placet_facts::NeutralWorld;
use placet_model::{Decision, Dialect, Event, EventKind, Journal, Mode, Record, Tier, ToolCall, ToolInput};
use toml::de::{DeTable, DeValue};

struct Nowhere;

impl Journal for Nowhere {
    fn record(&mut self, _record: &Record) -> Result<(), String> {
        Ok(())
    }
}

/// The decision and its rules, by name.
fn decided(run: &str, said: &[String], mode: Mode, tier: Tier) -> (Decision, Vec<String>, String) {
    let event = Event {
        agent: "test",
        session: "test".to_owned(),
        cwd: "/home/dev/project".to_owned(),
        subagent: None,
        mode: Some(mode),
        kind: EventKind::BeforeTool(ToolCall {
            id: String::new(),
            tool: "Bash".to_owned(),
            input: ToolInput::Shell {
                command: run.to_owned(),
                dialect: Dialect::Bash,
                background: false,
                unconfined: false,
            },
        }),
    };
    let facts = NeutralWorld::new(None, None).with_user_messages(said.to_vec());
    let world = World {
        facts: &facts,
        judge: None,
        approvals: None,
        attended: true,
        counters: SessionCounters::default(),
        mode: Some(mode),
        tier: Some(tier),
        now: 0,
        elapsed: &|| 0,
    };
    let decided = decide(&event, &Policy::load(&[], &[]), &world, &mut Nowhere);
    let rules = decided
        .verdict
        .matches()
        .iter()
        .map(|found| found.rule.clone())
        .collect();
    (decided.verdict.decision(), rules, decided.verdict.reason().to_owned())
}

/// What the words came to: `grant`, `boundary`, `asks-first`, or `none` where they changed nothing.
fn made_of(run: &str, said: &[String]) -> &'static str {
    let (decision, rules, _) = decided(run, said, Mode::Auto, Tier::Balanced);
    let has = |rule: &str| rules.iter().any(|found| found == rule);
    let (without, _, _) = decided(run, &[], Mode::Auto, Tier::Balanced);
    match decision {
        Decision::Deny if has("user-boundary") => "boundary",
        Decision::Ask if has("user-asks-first") => "asks-first",
        // A host that is named is a known one: a row of its own says so.
        Decision::Allow if without != Decision::Allow => "grant",
        decision if decision == without && !has("user-boundary") && !has("user-asks-first") => "none",
        Decision::Allow | Decision::Ask | Decision::Deny => "something else",
    }
}

fn texts(value: &DeValue<'_>) -> Vec<String> {
    match value {
        DeValue::String(text) => vec![text.to_string()],
        DeValue::Array(texts) => texts.iter().flat_map(|text| self::texts(text.get_ref())).collect(),
        other => panic!("neither a text nor a list: {other:?}"),
    }
}

#[test]
fn every_message_comes_to_what_is_written_beside_it() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let table = DeTable::parse(&text).unwrap();
        for action in table.get_ref()["action"].get_ref().as_array().unwrap() {
            let action = action.get_ref().as_table().unwrap();
            let run = action["run"].get_ref().as_str().unwrap();
            for (expected, messages) in action.iter().filter(|(key, _)| key.get_ref() != "run") {
                let expected = expected.get_ref().as_ref();
                for message in messages.get_ref().as_array().unwrap() {
                    count += 1;
                    let said = texts(message.get_ref());
                    let came = made_of(run, &said);
                    // `free`: what is allowed without any words stays allowed.
                    let wanted = if expected == "free" { "none" } else { expected };
                    if came != wanted {
                        wrong.push(format!(
                            "{}: `{run}` after {said:?}: {came}, not {expected}",
                            file.file_stem().unwrap().display()
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 300, "only {count} messages");
}
