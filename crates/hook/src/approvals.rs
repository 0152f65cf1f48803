//! Approvals of exactly one action: which ones the session remembers, and what makes an action this one and no other.

use std::collections::BTreeSet;

use placet_facts::session::{SessionMemory, SessionState, content_hash};
use placet_facts::{World, paths};
use placet_model::{Action, Approvals, Effects, Facts};
use sha2::{Digest, Sha256};

/// What the session remembers of approvals.
pub(crate) struct Granted {
    once: BTreeSet<String>,
    session: BTreeSet<String>,
}

impl Granted {
    pub(crate) fn of(state: &SessionState) -> Self {
        Self {
            once: state.grants.iter().map(|grant| grant.action.clone()).collect(),
            session: state.granted.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.once.is_empty() && self.session.is_empty()
    }
}

/// The approvals of one call.
pub(crate) struct Approved<'a> {
    pub(crate) granted: Granted,
    pub(crate) memory: &'a SessionMemory,
    pub(crate) facts: &'a World,
    pub(crate) now: u64,
}

impl Approvals for Approved<'_> {
    fn take(&self, action: &Action, effects: &Effects) -> Option<String> {
        if self.granted.is_empty() {
            return None;
        }
        let name = Fingerprint::of(action, effects, self.facts).text();
        if self.granted.session.contains(&name) {
            return Some("for this session".to_owned());
        }
        // A grant that can't be marked as used must not be used.
        let taken =
            self.granted.once.contains(&name) && self.memory.take_grant(&name, self.now / 1000).unwrap_or(false);
        taken.then(|| "once".to_owned())
    }
}

/// Every word of every command that the action would run, and what stands behind the `=` of one: any of them may name a
/// file whose content matters.
fn words(action: &Action, facts: &World) -> BTreeSet<String> {
    let analysis = placet_effects::analyse(action, facts);
    let all = analysis
        .invocations
        .iter()
        .flat_map(|invocation| invocation.words.iter().flatten());
    all.flat_map(|word| {
        let behind = word.split_once('=').map(|(_, value)| value.to_owned());
        [Some(word.clone()), behind]
    })
    .flatten()
    .filter(|word| !word.is_empty())
    .collect()
}

/// What makes an action this one: tool and arguments to the letter, who acts, where, what it would do, and the content of
/// the files that its commands name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// That of an action.
    #[must_use]
    pub fn of(action: &Action, effects: &Effects, facts: &World) -> Self {
        let mut state = Sha256::new();
        let mut part = |text: &str| {
            state.update((text.len() as u64).to_be_bytes());
            state.update(text);
        };
        part(&action.tool);
        // Derived from the types: every argument is in it, and none can be mistaken for another.
        part(&format!("{:?}", action.input));
        part(&format!("{:?}", action.principal));
        part(facts.project());
        part(facts.cwd());
        part(&format!("{:?}", effects.list));
        for word in words(action, facts) {
            let path = facts.resolve(&paths::absolute(&word, facts.cwd(), facts.home()));
            if let Some(hash) = content_hash(&path) {
                part(&path);
                part(&hash);
            }
        }
        Self(
            state
                .finalize()
                .iter()
                .fold(String::with_capacity(64), |mut text, byte| {
                    // Writing to a string can't fail.
                    let _ = core::fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
                    text
                }),
        )
    }

    /// As hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.clone()
    }
}
