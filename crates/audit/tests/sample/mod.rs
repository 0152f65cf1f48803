//! Records for the tests.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_model::{
    Carries, Cascade, Decision, Dimensions, Effect, JudgeRecord, Match, Mode, Outcome, Paths, Place, Qualifiers,
    Record, Resource, Reversibility, Scope, Sensitivity, Source, Span, Standing, Surface, Target, Tier, Verb,
};

/// 2026-01-31T12:00:00Z.
pub const NOON: u64 = 1_769_860_800_000;

pub fn record(number: u64) -> Record {
    let command = format!("rm -rf build/{number} && curl https://example.com/{number}");
    let decision = [Decision::Allow, Decision::Ask, Decision::Deny][number as usize % 3];
    Record {
        time: NOON + number * 1000,
        session: format!("session-{}", number % 4),
        agent: "claude-code".to_owned(),
        subagent: None,
        call: format!("toolu_{number}"),
        tool: ["Bash", "Read", "Edit"][number as usize % 3].to_owned(),
        action: "shell",
        command,
        targets: vec![format!("/home/dev/project/build/{number}")],
        decision,
        source: Source::Tier,
        matches: vec![Match {
            outcome: Outcome::Decided(decision),
            source: Source::Tier,
            rule: "delete-irreversible".to_owned(),
            origin: String::new(),
            span: Span::new(0, 12),
            effect: "delete a directory tree".to_owned(),
            reason: "it is not in version control".to_owned(),
            instead: Some("delete single files".to_owned()),
            would_allow: None,
        }],
        effects: vec![
            effect(Verb::DeleteTree, Resource::Path(target("/home/dev/project/build"))),
            effect(Verb::Fetch, Resource::Host(Some("example.com".to_owned()))),
            effect(Verb::List, Resource::Path(target("/home/dev/project"))),
        ],
        mode: Mode::Auto,
        tier: Tier::Balanced,
        micros: 20 + number,
        judge: None,
        note: None,
    }
}

pub fn judged(number: u64) -> Record {
    let judge = JudgeRecord {
        stage: 2,
        model: "small".to_owned(),
        millis: 420,
        tokens: 900,
        stages: vec![stage(1, 120, 880, 1), stage(2, 300, 0, 19)],
        micro_dollars: Some(1_300),
        cached: false,
        error: None,
    };
    Record {
        judge: Some(judge),
        source: Source::Judge,
        ..record(number)
    }
}

pub fn target(path: &str) -> Target {
    Target {
        paths: Paths::One(path.to_owned()),
        place: Place::Project,
        standing: Standing::Untracked,
        sensitivity: Sensitivity::Plain,
    }
}

pub fn effect(verb: Verb, resource: Resource) -> Effect {
    Effect {
        verb,
        resource,
        qualifiers: Qualifiers {
            force: true,
            carries: Carries::ProjectData,
            ..Qualifiers::default()
        },
        dimensions: Dimensions {
            reversibility: Reversibility::Irreversible,
            scope: Scope::Project,
            surface: Surface::Network,
            cascade: Cascade::Contained,
        },
        span: Span::new(0, 6),
        by: "rm".to_owned(),
    }
}

fn stage(stage: u8, millis: u64, tokens_in: u64, tokens_out: u64) -> placet_model::StageRecord {
    placet_model::StageRecord {
        stage,
        millis,
        tokens_in,
        tokens_out,
    }
}
