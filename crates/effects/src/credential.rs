//! Credentials spelt out in a text: known shapes of keys, and passwords in addresses. What may happen to them is not said here.

/// Beginnings of keys, with the length from which on a word is taken for one.
const SHAPES: &[(&str, usize)] = &[
    ("sk-", 24),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("AKIA", 20),
    ("ASIA", 20),
    ("xoxb-", 24),
    ("xoxp-", 24),
    ("AIza", 35),
    ("eyJhbGciOi", 40),
    ("npm_", 36),
    ("hf_", 30),
    ("dop_v1_", 40),
    ("SG.", 40),
    ("sk_live_", 24),
    ("rk_live_", 24),
    ("pypi-", 40),
];

/// Words that say of a key that it is none.
const MADE_UP: &[&str] = &[
    "test",
    "fake",
    "mock",
    "dummy",
    "example",
    "sample",
    "placeholder",
    "your",
];

/// Names under which an address hands over a key.
const PARAMETERS: &[&str] = &[
    "api_key",
    "apikey",
    "api-key",
    "access_token",
    "auth_token",
    "token",
    "password",
    "passwd",
    "secret",
    "client_secret",
    "private_token",
];

/// Ends of addresses where services show their settings, tokens or memory.
const SHOWN_AT: &[&str] = &[
    "/actuator/env",
    "/actuator/configprops",
    "/actuator/heapdump",
    "/actuator/httpexchanges",
    "/actuator/httptrace",
    "/actuator/sessions",
    "/.env",
    "/.git/config",
    "/.aws/credentials",
    "/phpinfo.php",
];

/// Parts of addresses where clouds hand out the credentials of a machine.
const HANDED_OUT_AT: &[&str] = &[
    "/meta-data/iam/",
    "/computemetadata/v1/instance/service-accounts",
    "/metadata/identity/oauth2",
    "/opc/v2/identity",
];

/// Whether a service shows secrets at this address, also to whoever sits at the machine.
pub(crate) fn is_shown_at(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
    let path = path.to_ascii_lowercase();
    SHOWN_AT
        .iter()
        .any(|end| path.ends_with(end) || path.contains(&format!("{end}/")))
        || HANDED_OUT_AT.iter().any(|part| path.contains(part))
}

/// What a search for secrets asks for.
const SOUGHT: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "api-key",
    "api.key",
    "apikey",
    "credential",
    "private_key",
    "private key",
    "access_key",
    "akia",
    "ghp_",
    "sk-",
    "bearer",
];

/// Whether the pattern of a search names secrets.
pub(crate) fn is_sought(pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    SOUGHT.iter().any(|sought| pattern.contains(sought))
}

/// Whether a file of settings may hold a secret: one of a known shape, or any word for one. What it says of tokens
/// without holding any is taken for the same, since the values can be of any shape.
#[must_use]
pub fn may_be_in_settings(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "auth", "cookie", "_key", "_pass", "\"pass", "_pat\"", "_pw", "pwd", "dsn",
    ];
    let lower = text.to_ascii_lowercase();
    let address = text.split("://").skip(1).any(|rest| {
        let host = rest.split(['/', '"', '?', '\n']).next().unwrap_or(rest);
        host.contains('@')
    });
    is_sought(text) || is_in(text) || address || NAMES.iter().any(|name| lower.contains(name))
}

/// Whether a key of a known shape stands in a text.
pub(crate) fn is_in(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        .any(is_key)
}

fn is_key(word: &str) -> bool {
    SHAPES
        .iter()
        .any(|(prefix, length)| word.starts_with(prefix) && word.len() >= *length)
        && !made_up(word)
}

fn made_up(word: &str) -> bool {
    word.split(['-', '_', '.'])
        .any(|part| MADE_UP.iter().any(|made| part.eq_ignore_ascii_case(made)))
}

/// Whether a URL takes a key along: one of a known shape, a user with a password in front of the host, or a parameter
/// that is called so and has a value.
pub(crate) fn is_in_url(url: &str) -> bool {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or("");
    if authority.split_once('@').is_some_and(|(user, _)| user.contains(':')) {
        return true;
    }
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let handed_over = query.split(['&', ';', '#']).any(|pair| {
        pair.split_once('=').is_some_and(|(name, value)| {
            value.len() >= 8 && PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known)) && !made_up(value)
        })
    });
    handed_over || is_in(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_shape() {
        assert!(is_in("Authorization: Bearer ghp_16C7e42F292c6912E7710c838347Ae178B4a"));
        assert!(!is_in("Authorization: Bearer $TOKEN"));
        assert!(!is_in("sk-test-0123456789abcdef0123456789"));
        assert!(!is_in("sk-build"));
    }

    #[test]
    fn addresses_hand_keys_over_in_three_ways() {
        assert!(is_in_url("https://user:word@x.example/r"));
        assert!(is_in_url("https://x.example/v1?api_key=0123456789abcdef"));
        assert!(is_in_url("https://ghp_16C7e42F292c6912E7710c838347Ae178B4a@x.example"));
        assert!(!is_in_url("https://git@x.example/r"));
        assert!(!is_in_url("https://x.example/v1?token_type=bearer&page=2"));
    }
}
