//! Messages with bytes changed, lost and added: never a panic, and a denial stays one whatever became of the event.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;
use std::sync::LazyLock;

use placet_agents::by_name;
use placet_model::{Answer, Decision, EventKind};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Mangle {
    Change(usize, u8),
    Cut(usize, usize),
    Insert(usize, Vec<u8>),
    Double(usize, usize),
}

fn mangle() -> impl Strategy<Value = Mangle> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..4),
        Just(b"\"".to_vec()),
        Just(b"\\u0000".to_vec()),
        Just(b",\"tool_name\":\"Read\"".to_vec()),
        Just(b"{\"a\":[".to_vec()),
        Just(b"null".to_vec()),
    ];
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Mangle::Change(at, byte)),
        (any::<usize>(), 1_usize..40).prop_map(|(at, length)| Mangle::Cut(at, length)),
        (any::<usize>(), piece).prop_map(|(at, bytes)| Mangle::Insert(at, bytes)),
        (any::<usize>(), 1_usize..40).prop_map(|(at, length)| Mangle::Double(at, length)),
    ]
}

fn mangled(mut bytes: Vec<u8>, changes: &[Mangle]) -> Vec<u8> {
    for change in changes {
        let length = bytes.len().max(1);
        match change {
            Mangle::Change(at, byte) => {
                if let Some(slot) = bytes.get_mut(at % length) {
                    *slot = *byte;
                }
            }
            Mangle::Cut(at, count) => {
                let start = (at % length).min(bytes.len());
                bytes.drain(start..(start + count).min(bytes.len()));
            }
            Mangle::Insert(at, piece) => {
                let at = (at % length).min(bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
            Mangle::Double(at, count) => {
                let start = (at % length).min(bytes.len());
                let piece = bytes[start..(start + count).min(bytes.len())].to_vec();
                bytes.splice(start..start, piece);
            }
        }
    }
    bytes
}

static RECORDED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/claude-code");
    let mut paths: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.to_str().unwrap().contains("-code/P"))
        .map(|path| std::fs::read(path).unwrap())
        .collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_mangled_message_is_refused_or_still_answered(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(mangle(), 1..5),
    ) {
        let agent = by_name("claude-code").unwrap();
        let bytes = mangled(RECORDED[which.index(RECORDED.len())].clone(), &changes);
        match (agent.parse)(&bytes) {
            Err(error) => {
                let reply = (agent.reject)(&error);
                let denied = reply.exit_code == 0 && reply.stdout.contains("\"behavior\":\"deny\"");
                prop_assert!(reply.exit_code == 2 || denied, "{reply:?}");
            }
            Ok(event) => {
                let answer = Answer {
                    decision: Decision::Deny,
                    reason: String::from_utf8_lossy(&bytes).into_owned(),
                    rule: "some-rule".to_owned(),
                    obligations: Vec::new(),
                };
                let reply = (agent.render)(&event, &answer);
                prop_assert_eq!(reply.exit_code, 0);
                if matches!(event.kind, EventKind::BeforeTool(_) | EventKind::PermissionAsked(_)) {
                    let json: serde_json::Value = serde_json::from_str(&reply.stdout).unwrap();
                    let output = &json["hookSpecificOutput"];
                    let word = output["permissionDecision"].as_str().or(output["decision"]["behavior"].as_str());
                    prop_assert_eq!(word, Some("deny"));
                } else {
                    prop_assert_eq!(reply.stdout, "");
                }
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let agent = by_name("claude-code").unwrap();
        let error = (agent.parse)(&bytes).unwrap_err();
        prop_assert_eq!((agent.reject)(&error).exit_code, 2);
    }
}
