//! What the arguments and names of unknown tools tell. Hints only: a name never makes a call harmless by itself
//! unless all it could do is look something up at its own server.

use placet_model::Verb;

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A path.
    Path,
    /// A URL.
    Url,
    /// Statements of a data store.
    Sql,
    /// A command line.
    Command,
    /// Text of no further interest.
    Text,
}

/// What an argument is, by its name and value.
#[must_use]
pub(crate) fn kind(key: &str, value: &str) -> Kind {
    if value.starts_with("http://")
        || value.starts_with("https://")
        || value.starts_with("ftp://")
        || value.starts_with("file://")
    {
        return Kind::Url;
    }
    // `url: "host.example/page"`: what a browser makes of it is a fetch too.
    if (matches!(key, "href" | "uri" | "website" | "webpage") || key.ends_with("url"))
        && !value.is_empty()
        && !value.starts_with(['/', '.', '~'])
        && value != "about:blank"
    {
        return Kind::Url;
    }
    if key.ends_with("id") || key.contains("library") || key.contains("pattern") || key.contains("query") {
        return Kind::Text;
    }
    let one_line = !value.contains('\n') && value.len() < 4096;
    if matches!(key, "sql" | "statement") || key == "query" && is_sql(value) {
        return Kind::Sql;
    }
    if matches!(key, "command" | "cmd" | "shell_command" | "script" | "bash") && !value.is_empty() {
        return Kind::Command;
    }
    let named = key.contains("path")
        || key.contains("file")
        || key.contains("dir")
        || matches!(
            key,
            "uri" | "url" | "source" | "destination" | "root" | "cwd" | "folder" | "target"
        );
    let shaped = value.starts_with('/') && value.len() > 1 && !value.contains(' ')
        || value.starts_with("~/")
        || value.starts_with("./")
        || value.starts_with("../");
    if one_line
        && !value.is_empty()
        && (shaped || named && !value.contains(char::is_whitespace) && (value.contains('/') || value.contains('.')))
    {
        return Kind::Path;
    }
    Kind::Text
}

fn is_sql(value: &str) -> bool {
    let first = value
        .trim_start()
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    matches!(
        first.as_str(),
        "select"
            | "insert"
            | "update"
            | "delete"
            | "drop"
            | "create"
            | "alter"
            | "truncate"
            | "with"
            | "grant"
            | "revoke"
            | "merge"
            | "replace"
            | "pragma"
            | "explain"
            | "vacuum"
    )
}

/// Words that begin the name of a tool that looks something up.
const LOOKUPS: &[&str] = &[
    "get",
    "list",
    "read",
    "search",
    "find",
    "fetch",
    "query",
    "describe",
    "show",
    "view",
    "check",
    "status",
    "count",
    "lookup",
    "inspect",
    "think",
    "activate",
    "switch",
    "open",
    "prepare",
    "resolve",
    "browse",
    "retrieve",
    "summarize",
    "analyze",
    "explain",
    "preview",
    "diff",
    "onboarding",
    "initial",
    "symbol",
    "snapshot",
    "take",
    "health",
    "ping",
    "version",
    "info",
    "validate",
    "lint",
    "recall",
    "wait",
    "hover",
    "scroll",
    "resize",
    "observe",
    "measure",
    "highlight",
];

/// Words in front of a name that only say where it acts: what follows says what it does.
const PLACES: &[&str] = &[
    "browser",
    "page",
    "puppeteer",
    "playwright",
    "stagehand",
    "chrome",
    "devtools",
    "tab",
    "simulator",
];

/// Words that bring a browser to a page: a fetch of the address that is given with them.
const NAVIGATES: &[&str] = &["navigate", "goto", "visit"];

/// Words that say that a document is drawn in.
const DRAWS: &[&str] = &["design", "draw", "layout", "render", "annotate", "sketch", "diagram"];

/// Words of text in a file.
const TEXTS: &[&str] = &[
    "symbol", "body", "content", "text", "lines", "line", "file", "regex", "cell", "function",
];

/// Words that say that text is changed, and the text stays where it is.
const EDITS: &[&str] = &["replace", "insert", "edit", "append", "write"];

/// What an argument can choose that changes nothing: asking a person among it.
const ASKS: &[&str] = &[
    "request", "status", "list", "get", "read", "search", "find", "show", "check", "view",
];

/// Words anywhere in a name that say it changes something.
const CHANGES: &[&str] = &[
    "create", "update", "delete", "remove", "write", "insert", "execute", "exec", "run", "send", "post", "put",
    "patch", "merge", "close", "add", "set", "edit", "replace", "move", "rename", "upload", "push", "deploy", "drop",
    "destroy", "kill", "restart", "start", "stop", "approve", "publish", "grant", "revoke", "invite", "pay",
    "transfer", "book", "reserve", "schedule", "cancel", "submit", "click", "type", "evaluate", "fill", "install",
    "fork", "assign", "comment", "reply", "share", "archive", "enable", "disable", "reset", "apply", "import", "sync",
    "trigger", "store", "save",
];

fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous_lower = false;
    for c in name.chars() {
        let begins = c.is_ascii_uppercase() && previous_lower || !c.is_ascii_alphanumeric();
        if begins && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        previous_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// Words at the end of a name that say the same.
const TOPICS: &[&str] = &[
    "status",
    "guide",
    "docs",
    "info",
    "list",
    "search",
    "help",
    "tree",
    "structure",
    "schema",
    "stats",
    "summary",
    "history",
    "version",
    "logs",
    "diagnostics",
    "instructions",
    "overview",
    "screenshot",
    "snapshot",
    "get",
    "read",
    "connection",
    "files",
    "insights",
];

/// The words of a name without those that only say where it acts.
fn acts(name: &str) -> Vec<String> {
    let mut words = words(name);
    if words.len() > 1 && words.first().is_some_and(|first| PLACES.contains(&first.as_str())) {
        words.remove(0);
    }
    words
}

fn any(words: &[String], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_str()))
}

/// Whether the name says that the tool only looks something up, or turns to something without changing it.
#[must_use]
pub(crate) fn reads_only(name: &str) -> bool {
    let words = acts(name);
    let begins = words.first().is_some_and(|first| LOOKUPS.contains(&first.as_str()));
    let ends = words.last().is_some_and(|last| TOPICS.contains(&last.as_str()));
    (begins || ends) && !any(&words, CHANGES) && !any(&words, NAVIGATES)
}

/// Whether the name says that a browser goes to a page. It is a fetch only if the page's address is given.
#[must_use]
pub(crate) fn navigates(name: &str) -> bool {
    let words = acts(name);
    any(&words, NAVIGATES) && !any(&words, CHANGES)
}

/// Whether the name says that a document named in the arguments is edited, and nothing else is done.
#[must_use]
pub(crate) fn edits(name: &str) -> bool {
    let words = acts(name);
    let other = words
        .iter()
        .any(|word| CHANGES.contains(&word.as_str()) && !EDITS.contains(&word.as_str()));
    !other && (any(&words, DRAWS) || any(&words, EDITS) && any(&words, TEXTS))
}

/// Whether the name is that of a thing (`approvals`, `tabs`), so that an argument says what is done with it.
#[must_use]
pub(crate) fn is_thing(name: &str) -> bool {
    let words = acts(name);
    !any(&words, CHANGES) && !any(&words, NAVIGATES) && words.last().is_some_and(|last| last.ends_with('s'))
}

/// Whether an argument chooses what the tool does, and chooses nothing that changes anything: `action: "status"`.
#[must_use]
pub(crate) fn chooses_lookup(key: &str, value: &str) -> bool {
    matches!(key, "action" | "operation" | "op") && ASKS.contains(&value)
}

/// Whether what the tool looks at is written to the file that an argument names.
#[must_use]
pub(crate) fn saves(name: &str, key: &str) -> bool {
    let words = words(name);
    any(
        &words,
        &[
            "screenshot",
            "snapshot",
            "pdf",
            "record",
            "trace",
            "capture",
            "export",
            "download",
        ],
    ) || ["output", "save", "dest", "outfile", "target"]
        .iter()
        .any(|part| key.contains(part))
}

/// Whether an argument chooses what the tool does, and chooses a change: `action: "delete"`.
#[must_use]
pub(crate) fn chooses_change(key: &str, value: &str) -> bool {
    matches!(key, "action" | "operation" | "method" | "mode" | "verb" | "op")
        && (value.len() > 64 || words(value).iter().any(|word| CHANGES.contains(&word.as_str())))
}

/// The verb that a tool's server and name suggest, where they do.
#[must_use]
pub(crate) fn verb(server: Option<&str>, name: &str, reads: bool) -> Option<Verb> {
    let words = words(name);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    server?;
    if reads {
        return Some(Verb::InfraRead);
    }
    if has(&["delete", "drop", "destroy", "purge", "wipe", "terminate"]) {
        return Some(Verb::InfraDestroy);
    }
    if has(&["merge"]) {
        return Some(Verb::Merge);
    }
    if has(&["send", "reply", "comment", "post", "message", "invite", "email", "mail"]) {
        return Some(Verb::Message);
    }
    if has(&[
        "pay", "transfer", "deploy", "update", "create", "insert", "patch", "grant", "revoke", "publish", "schedule",
        "book", "reserve", "cancel", "upload", "push",
    ]) {
        return Some(Verb::InfraChange);
    }
    None
}
