//! Redaction: secrets are taken out of a text before it is written. A linear scan by hand, no regular expressions. It
//! understands no shell: it errs towards taking out too much, and it never decides anything.
//!
//! What is taken out is replaced by `[redacted:kind:1a2b]`, where the four characters are the beginning of the SHA-256 of
//! the secret: enough to see that two records hold the same one, far too little to find it.

mod names;
mod scan;
mod shapes;

use std::borrow::Cow;

use crate::hash;

/// Rounds after which a text that still changes is taken out as a whole. Ordinary text needs two.
const ROUNDS: usize = 6;

/// The text without its secrets. Redacting twice is the same as redacting once.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let Some(mut current) = scan::once(text) else {
        return Cow::Borrowed(text);
    };
    for _ in 0..ROUNDS {
        match scan::once(&current) {
            Some(next) => current = next,
            None => return Cow::Owned(current),
        }
    }
    Cow::Owned(marker("text", text.as_bytes()))
}

/// Every kind that a marker can name. A marker of another kind is ordinary text: nobody hides a secret in one.
const KINDS: &[&str] = &[
    "age",
    "aws",
    "cookie",
    "digitalocean",
    "discord",
    "docker",
    "github",
    "gitlab",
    "google",
    "grafana",
    "jwt",
    "key",
    "linear",
    "model-provider",
    "npm",
    "password",
    "private-key",
    "pypi",
    "secret",
    "sendgrid",
    "session",
    "shopify",
    "signature",
    "slack",
    "square",
    "stripe",
    "telegram",
    "text",
    "token",
    "twilio",
    "url-password",
    "vault",
];

fn marker(kind: &str, secret: &[u8]) -> String {
    let hash = hash::hex(&[secret]);
    format!("[redacted:{kind}:{}]", hash.get(..4).unwrap_or_default())
}

/// The length of the marker that begins here, if one does.
fn marker_length(rest: &[u8]) -> Option<usize> {
    let body = rest.strip_prefix(b"[redacted:")?;
    let colon = body.iter().take(16).position(|byte| *byte == b':')?;
    let kind = body.get(..colon)?;
    if !KINDS.iter().any(|known| known.as_bytes() == kind) {
        return None;
    }
    let digits = body.get(colon + 1..colon + 5)?;
    let hex = digits
        .iter()
        .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte));
    (hex && body.get(colon + 5) == Some(&b']')).then_some(10 + colon + 6)
}
