//! Names that betray the value beside them: `password=…`, `"apiKey": "…"`, `--token …`. Not the values; `scan.rs` reads
//! those.

/// What a name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The value is a secret whatever it looks like.
    Secret(&'static str),
    /// The value is a secret if it looks random (`key`, `session`).
    Perhaps(&'static str),
    /// The value is an authorization header: a scheme, then the secret.
    Authorization,
    /// The value is a cookie header: all of it.
    Cookie,
}

/// Endings of the name, written in small letters and without separators.
const SECRET: &[(&str, &str)] = &[
    ("password", "password"),
    ("passwd", "password"),
    ("passphrase", "password"),
    ("passcode", "password"),
    ("mysqlpwd", "password"),
    ("secret", "secret"),
    ("clientsecrets", "secret"),
    ("token", "token"),
    ("apikey", "key"),
    ("secretkey", "key"),
    ("accesskey", "key"),
    ("privatekey", "key"),
    ("authkey", "key"),
    ("accountkey", "key"),
    ("sharedkey", "key"),
    ("masterkey", "key"),
    ("signingkey", "key"),
    ("encryptionkey", "key"),
    ("secretkeybase", "key"),
    ("credential", "secret"),
    ("credentials", "secret"),
];

/// Last words that make a value suspicious.
const PERHAPS: &[(&str, &str)] = &[
    ("key", "key"),
    ("auth", "token"),
    ("pat", "token"),
    ("sig", "signature"),
    ("signature", "signature"),
    ("session", "session"),
    ("sessionid", "session"),
    ("sid", "session"),
    ("cookie", "session"),
];

/// What the name says of its value, if anything.
pub(super) fn meaning(name: &[u8]) -> Option<Named> {
    // Every ending in the tables is shorter than this; a longer name is judged by its end.
    let name = name.get(name.len().saturating_sub(48)..)?;
    let mut small = [0_u8; 48];
    let mut length = 0;
    for byte in name.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
        *small.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let small = small.get(..length)?;
    if small.ends_with(b"authorization") {
        return Some(Named::Authorization);
    }
    if matches!(small, b"cookie" | b"setcookie") {
        return Some(Named::Cookie);
    }
    if let Some((_, kind)) = SECRET.iter().find(|(end, _)| small.ends_with(end.as_bytes())) {
        return Some(Named::Secret(kind));
    }
    let last = last_word(name);
    let is = |word: &str| last.eq_ignore_ascii_case(word.as_bytes());
    if is("pass") || is("pw") {
        return Some(Named::Secret("password"));
    }
    if is("pwd") && small != b"pwd" && small != b"oldpwd" {
        return Some(Named::Secret("password"));
    }
    PERHAPS
        .iter()
        .find(|(word, _)| is(word))
        .map(|(_, kind)| Named::Perhaps(kind))
}

/// The last word of `DB_PASS`, `db-pass`, `dbPass`.
fn last_word(name: &[u8]) -> &[u8] {
    let mut start = name.len();
    while let Some(before) = start.checked_sub(1).and_then(|at| name.get(at)) {
        if !before.is_ascii_alphanumeric() {
            break;
        }
        start -= 1;
        let capital = before.is_ascii_uppercase();
        let after_small = start
            .checked_sub(1)
            .and_then(|at| name.get(at))
            .is_some_and(u8::is_ascii_lowercase);
        if capital && after_small {
            break;
        }
    }
    name.get(start..).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_in_every_spelling() {
        for name in [
            "password",
            "DB_PASSWORD",
            "dbPass",
            "PGPASSWORD",
            "MYSQL_PWD",
            "client-secret",
            "clientSecret",
            "x-api-key",
            "ANTHROPIC_API_KEY",
            "accessToken",
            "_authToken",
            "aws_secret_access_key",
            "secret_key_base",
            "AccountKey",
        ] {
            assert!(matches!(meaning(name.as_bytes()), Some(Named::Secret(_))), "{name}");
        }
        for name in ["key", "cacheKey", "PHPSESSION_ID_session", "_auth"] {
            assert!(matches!(meaning(name.as_bytes()), Some(Named::Perhaps(_))), "{name}");
        }
    }

    #[test]
    fn their_neighbours_are_not() {
        for name in [
            "",
            "max_tokens",
            "tokens",
            "token_count",
            "PWD",
            "OLDPWD",
            "password-file",
            "passwordless",
            "keyboard",
            "compass",
            "bypass",
            "secretary",
            "author",
            "credential.helper",
            "monkey",
            "path",
            "token_url",
            "tokenizer",
        ] {
            assert_eq!(meaning(name.as_bytes()), None, "{name}");
        }
    }
}
