//! Any bytes from an agent: they become an event, of which a denial can be said, or a refusal that blocks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_agents::ALL;
use placet_model::{Answer, Decision, EventKind};

fuzz_target!(|bytes: &[u8]| {
    for agent in ALL {
        match (agent.parse)(bytes) {
            Err(error) => {
                let reply = (agent.reject)(&error);
                assert!(
                    reply.exit_code != 0 || reply.stdout.contains("deny"),
                    "not refused: {reply:?}"
                );
            }
            Ok(event) => {
                let answer = Answer {
                    decision: Decision::Deny,
                    reason: String::from_utf8_lossy(bytes).into_owned(),
                    rule: "some-rule".to_owned(),
                    obligations: Vec::new(),
                };
                let reply = (agent.render)(&event, &answer);
                if matches!(event.kind, EventKind::BeforeTool(_) | EventKind::PermissionAsked(_)) {
                    assert!(
                        reply.exit_code != 0 || reply.stdout.contains("deny"),
                        "not denied: {reply:?}"
                    );
                }
            }
        }
    }
});
