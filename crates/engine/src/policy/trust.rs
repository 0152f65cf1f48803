//! What a policy text would loosen: the question behind `placet trust`. Pinning to content is the caller's.

use super::Policy;
use super::layers;
use super::text::{PolicyText, Scope};

/// Whether the text holds anything that counts only if it is trusted, such as allow rules or a looser tier.
#[must_use]
pub fn loosens(text: &PolicyText) -> bool {
    let mut policy = Policy::default();
    let probe = PolicyText {
        trusted: false,
        scope: Scope::Project,
        ..text.clone()
    };
    layers::add(&mut policy, &probe);
    policy.findings.iter().any(|finding| finding.id == "untrusted-policy")
}
