//! The environment as a text (`env`, `printenv`) on its way through filters: whether what is left of it still shows a secret.
//! Which filters leave what of other texts is in `interpret/filters.rs`.

use crate::credential;
use crate::interpret::{Call, Interpreter, names_credential};
use crate::value::{Arg, Data, Lines, Taint};

/// What a filter leaves of the environment.
pub(crate) enum Left {
    /// Perhaps every line, in whatever order.
    All,
    /// Lines of which none holds a secret.
    NoSecret,
    /// Some lines; which can't be told.
    Some,
}

/// All of it, credentials included.
pub(crate) fn all(call: &Call<'_>, it: &Interpreter<'_>) -> Data {
    // What the text itself has set is not in the environment that can be looked at.
    let mut set = it.state.variables.iter();
    let secret = set.any(|(name, variable)| {
        let taint = variable.value.taint;
        taint.secret || taint.credential || is_secret(name, variable.value.known().unwrap_or_default())
    });
    let lines = !secret && call.environment.is_empty() && !call.has(&["-0", "--null"]);
    Data {
        listing: lines.then_some(Lines::Environment),
        ..Data::unknown(Taint {
            credential: true,
            ..Taint::default()
        })
    }
}

/// What a filter leaves of it.
pub(crate) fn left(call: &Call<'_>, it: &Interpreter<'_>) -> Left {
    if !call.doubts.is_empty() || !call.ignored.is_empty() {
        return Left::Some;
    }
    let only = |options: &[&str]| call.options.iter().all(|given| options.contains(&given.name));
    let shows = |shown: &dyn Fn(&str) -> bool| {
        let odd = |name: &str, value: &str| {
            // A value may have several lines.
            is_secret(name, value) && format!("{name}={value}").lines().any(shown)
        };
        if it.facts.has_variable(&odd) {
            Left::Some
        } else {
            Left::NoSecret
        }
    };
    match call.name.as_str() {
        "sort" | "head" | "tail" | "uniq" | "less" | "more" if call.operands.is_empty() => Left::All,
        "grep" | "ggrep" | "egrep" | "fgrep" | "rg" if only(PLAIN_SEARCH) => match search(call) {
            Some(search) => shows(&|line| search.finds(line)),
            None => Left::Some,
        },
        // Names alone; a further line of a value has no name.
        "cut" if call.operands.is_empty() && parts_at_names(call) => shows(&|line| !line.contains('=')),
        "sed" | "gsed" if call.options.is_empty() => match call.operands.as_slice() {
            [script] if matches!(script.known(), Some("s/=.*//" | "s/=.*$//")) => shows(&|line| !line.contains('=')),
            _ => Left::Some,
        },
        _ => Left::Some,
    }
}

/// Options of a search that show no line which the pattern does not find.
const PLAIN_SEARCH: &[&str] = &[
    "-i",
    "--ignore-case",
    "-E",
    "--extended-regexp",
    "-F",
    "--fixed-strings",
    "-w",
    "--word-regexp",
    "-n",
    "--line-number",
    "-o",
    "--only-matching",
    "--color",
    "--colour",
];

/// `-d= -f1`: what stands in front of the sign.
fn parts_at_names(call: &Call<'_>) -> bool {
    let [one, other] = call.options.as_slice() else {
        return false;
    };
    let mut given = [one, other].into_iter();
    given.all(|given| {
        let value = given.value.as_ref().and_then(Arg::known);
        // Of a sign behind the letter nothing is left: it could also part the option from its value.
        let sign = if given.attached { "" } else { "=" };
        matches!((given.name, value), ("-d", Some(value)) if value == sign) || given.name == "-f" && value == Some("1")
    }) && one.name != other.name
}

/// A search for plain words.
struct Search {
    words: Vec<Word>,
    any_case: bool,
}

struct Word {
    text: String,
    /// The line begins with it.
    first: bool,
}

impl Search {
    /// Whether it may find the line.
    fn finds(&self, line: &str) -> bool {
        let lower;
        let line = if self.any_case {
            lower = line.to_lowercase();
            &lower
        } else {
            line
        };
        self.words.iter().any(|word| {
            if word.first {
                line.starts_with(&word.text)
            } else {
                line.contains(&word.text)
            }
        })
    }
}

/// The search, if it is one for plain words that name no secret.
fn search(call: &Call<'_>) -> Option<Search> {
    /// What has to do with them among variables is mostly a key.
    const SERVICES: &[&str] = &[
        "anthropic",
        "api",
        "aws",
        "azure",
        "gcp",
        "gemini",
        "github",
        "gitlab",
        "google",
        "groq",
        "huggingface",
        "mistral",
        "openai",
        "slack",
        "stripe",
        "twilio",
    ];
    let [pattern] = call.operands.as_slice() else {
        return None;
    };
    let pattern = pattern.known()?;
    let lower = pattern.to_ascii_lowercase();
    if credential::is_sought(pattern) || is_secret(pattern, "") || SERVICES.iter().any(|name| lower.contains(name)) {
        return None;
    }
    let fixed = call.name == "fgrep" || call.has(&["-F", "--fixed-strings"]);
    let extended = matches!(call.name.as_str(), "egrep" | "rg") || call.has(&["-E", "--extended-regexp"]);
    let any_case = call.has(&["-i", "--ignore-case"]);
    let mut first = false;
    let mut rest = pattern;
    if extended && let Some(inside) = rest.strip_prefix("^(") {
        // `^(A|B)=`
        rest = inside.trim_end_matches(".*").trim_end_matches('=').strip_suffix(')')?;
        first = true;
    }
    let parts: Vec<&str> = match (fixed, extended) {
        (true, _) => vec![rest],
        (false, true) => rest.split('|').collect(),
        (false, false) => rest.split("\\|").collect(),
    };
    let word = |part: &str| {
        let (part, first) = match part.strip_prefix('^').filter(|_| !fixed) {
            Some(part) => (part, true),
            None => (part, first),
        };
        let text = part.trim_end_matches(".*");
        let plain = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'='));
        // So short a text is in many lines that nobody has in mind.
        (plain && text.len() > 1).then(|| Word {
            text: if any_case { text.to_lowercase() } else { text.to_owned() },
            first,
        })
    };
    let words = parts.into_iter().map(word).collect::<Option<Vec<Word>>>()?;
    Some(Search { words, any_case })
}

/// Whether a variable holds a secret, by its name or by its value.
fn is_secret(name: &str, value: &str) -> bool {
    const PARTS: &[&str] = &[
        "auth", "cookie", "cred", "dsn", "jwt", "key", "pass", "_pat", "private", "pwd", "secret", "session", "token",
    ];
    let lower = name.to_ascii_lowercase();
    let named = PARTS.iter().any(|part| lower.contains(part)) && !matches!(lower.as_str(), "pwd" | "oldpwd");
    let address = value
        .split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')));
    named || names_credential(name) || address || credential::is_in(value) || value.contains("-----BEGIN")
}
