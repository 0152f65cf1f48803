//! The words of the program that causes an effect, as the parser read them. It compares words; it reads no command line.

use placet_effects::{Analysis, Invocation};
use placet_intent::{Grant, is_described, is_named, pieces};
use placet_model::Effect;

/// The program behind an effect: the smallest one whose text holds the effect's.
pub(super) fn of<'a>(effect: &Effect, analysis: &'a Analysis) -> Option<&'a Invocation> {
    let length = |invocation: &&Invocation| invocation.span.end.saturating_sub(invocation.span.start);
    analysis
        .invocations
        .iter()
        .filter(|invocation| {
            invocation.span.start <= effect.span.start
                && effect.span.end <= invocation.span.end
                && effect.span.start < effect.span.end
        })
        .min_by_key(length)
}

/// Its words, or nothing if one of them is not known.
pub(super) fn known_words(invocation: &Invocation) -> Option<Vec<&str>> {
    invocation.words.iter().map(Option::as_deref).collect()
}

/// Words for places that others depend on, and for those that nobody does.
const SHARED: &[&str] = &[
    "prod",
    "production",
    "live",
    "shared",
    "prd",
    "master",
    "main",
    "release",
];
const SAID_SHARED: &[&str] = &["prod", "production", "live", "shared", "prd"];
const SAID_OWN: &[&str] = &[
    "dev",
    "development",
    "staging",
    "sandbox",
    "test",
    "testing",
    "local",
    "preview",
];
const OWN: &[&str] = &[
    "dev",
    "development",
    "staging",
    "sandbox",
    "test",
    "testing",
    "local",
    "preview",
];

/// Whether the order's words fit the surroundings that a name tells of: what others depend on has to be said.
pub(super) fn surroundings_fit(grant: &Grant, name: &str) -> bool {
    let said: Vec<String> = grant.words.iter().flat_map(|word| pieces(word)).collect();
    let says = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
    let parts = pieces(name);
    let is = |list: &[&str]| parts.iter().any(|part| list.contains(&part.as_str()));
    if is(SHARED) {
        says(SAID_SHARED)
            || parts
                .iter()
                .filter(|part| SHARED.contains(&part.as_str()))
                .all(|part| said.contains(part))
    } else {
        !(is(OWN) && says(SAID_SHARED) && !says(SAID_OWN))
    }
}

/// Whether the order names this thing: by its name, or by an identifier in it.
pub(super) fn names(grant: &Grant, thing: &str) -> bool {
    let last = thing.rsplit('/').next().unwrap_or(thing);
    let excluded = grant
        .except
        .iter()
        .any(|name| is_named(name, thing) || is_named(name, last));
    let exact = grant.names().any(|name| is_named(name, thing) || is_named(name, last));
    let described = || is_described(grant.objects.iter().map(String::as_str), thing) && surroundings_fit(grant, thing);
    !excluded && (exact || described())
}

/// Whether the order names everything that the program is told to act upon, and at least one thing.
pub(super) fn names_all(grant: &Grant, invocation: &Invocation) -> bool {
    let Some(words) = known_words(invocation) else {
        return false;
    };
    let mut named = 0;
    for (at, word) in words.iter().enumerate().skip(1) {
        if word.starts_with('-') {
            let wide = matches!(
                *word,
                "--all" | "-A" | "--all-namespaces" | "--recursive" | "-r" | "-R" | "-a" | "--include" | "--exclude"
            );
            let value = word.split_once('=').map(|(_, value)| value);
            if wide || value.is_some_and(|value| value.len() > 1 && !stands_aside(grant, value) && !names(grant, value))
            {
                return false;
            }
            continue;
        }
        if names(grant, word) {
            named += 1;
        } else if word.contains(char::is_whitespace) {
            match named_statement(grant, word) {
                Some(found) => named += found,
                None => return false,
            }
        } else if !(stands_aside(grant, word) || at <= 3 && is_plain(word) || at == 1 && is_subcommand(word)) {
            return false;
        }
    }
    named > 0
}

/// A word that only says in which surroundings, and does not contradict the order.
fn stands_aside(grant: &Grant, word: &str) -> bool {
    let surroundings = pieces(word)
        .iter()
        .all(|part| SHARED.contains(&part.as_str()) || OWN.contains(&part.as_str()));
    surroundings && surroundings_fit(grant, word)
}

/// The first word of many programs: `s3`, `ec2`.
fn is_subcommand(word: &str) -> bool {
    word.len() <= 4
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// A subcommand's name or a kind of thing, not a thing.
fn is_plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && word.len() > 1
}

/// How many names of a statement (`DROP TABLE users`) the order names; `None` if it leaves one out.
fn named_statement(grant: &Grant, statement: &str) -> Option<u32> {
    const GRAMMAR: &[&str] = &[
        "drop", "table", "database", "schema", "truncate", "if", "exists", "cascade", "delete", "index", "view",
        "public", "restrict",
    ];
    let mut named = 0;
    for word in statement
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .filter(|word| !word.is_empty())
    {
        if GRAMMAR.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        if !grant.names().any(|name| is_named(name, word)) {
            return None;
        }
        named += 1;
    }
    Some(named)
}

/// Whether the order quotes exactly this command.
pub(super) fn is_quoted(grant: &Grant, invocation: &Invocation) -> bool {
    let Some(words) = known_words(invocation) else {
        return false;
    };
    words.len() > 1
        && grant
            .objects
            .iter()
            .any(|object| object.contains(' ') && object.split_whitespace().eq(words.iter().copied()))
}

/// The number of the issue or change request that the program is about.
pub(super) fn number(words: &[&str]) -> Option<u64> {
    let plain = words
        .iter()
        .skip(3)
        .find_map(|word| word.trim_start_matches('#').parse().ok());
    let in_path = words.iter().find_map(|word| {
        let mut parts = word
            .split('/')
            .skip_while(|part| !matches!(*part, "pulls" | "issues" | "pull" | "merge_requests"));
        parts.next()?;
        parts.next()?.parse().ok()
    });
    in_path.or(plain)
}
