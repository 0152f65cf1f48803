//! One statement: whether it reads, changes or destroys, and what it does outside the database. What is not
//! recognised is not guessed.

use super::outside::{copies, loads, outside, remote};
use super::tokens::{Dialect, Token};

/// How much a statement changes in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// Nothing: it looks, or it steers the session.
    Reads,
    /// Something.
    Writes,
    /// All of something.
    Destroys,
}

/// What a statement does besides, each with its path, command or address where that is a plain string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Reads a file.
    Read(Option<String>),
    /// Names files.
    List(Option<String>),
    /// Writes a file.
    Write(Option<String>),
    /// Changes a file: another database that is attached.
    Modify(Option<String>),
    /// Deletes a file.
    Delete(Option<String>),
    /// Asks an address.
    Fetch(Option<String>),
    /// Runs a command line.
    Run(Option<String>),
    /// Calls a procedure that nobody knows.
    Changes,
    /// What it does is decided elsewhere; the reason.
    Opaque(&'static str),
}

/// A statement as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) change: Change,
    pub(super) acts: Vec<Act>,
}

/// Why.
pub(super) const UNKNOWN: &str = "a statement of a database that is not known here";
const CODE: &str = "code that the database runs";

/// What a statement does.
pub(super) fn read(tokens: &[Token], dialect: Dialect) -> Reading {
    let mut acts = Vec::new();
    let mut change = first(tokens, dialect, &mut acts, 0);
    outside(tokens, dialect, &mut acts);
    // Where statements need no semicolon between them, each word may begin the next one.
    if dialect == Dialect::Other {
        for (at, token) in tokens.iter().enumerate().skip(1) {
            let rest = tokens.get(at..).unwrap_or_default();
            if matches!(
                token.word(),
                "drop" | "truncate" | "delete" | "exec" | "execute" | "shutdown" | "dbcc" | "bulk" | "merge"
            ) && !follows(tokens, at, &["on", "for", "then"])
            {
                change = change.max(first(rest, dialect, &mut acts, 1));
            }
        }
    }
    if acts.contains(&Act::Changes) {
        change = change.max(Change::Writes);
    }
    acts.retain(|act| *act != Act::Changes);
    Reading { change, acts }
}

/// Whether one of these words stands before.
pub(super) fn follows(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    at.checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| words.contains(&token.word()))
}

/// Whether one of these words stands anywhere.
pub(super) fn has(tokens: &[Token], wanted: &[&str]) -> bool {
    tokens.iter().any(|token| wanted.contains(&token.word()))
}

/// The content of a string.
pub(super) fn text(token: Option<&Token>) -> Option<String> {
    match token {
        Some(Token::Text(text)) => Some(text.clone()),
        Some(Token::Word(_) | Token::Name(_) | Token::Number(_) | Token::Sign(_)) | None => None,
    }
}

/// By its first word.
fn first(tokens: &[Token], dialect: Dialect, acts: &mut Vec<Act>, depth: u8) -> Change {
    let Some((head, rest)) = tokens.split_first() else {
        return Change::Reads;
    };
    if depth > 8 {
        acts.push(Act::Opaque(UNKNOWN));
        return Change::Writes;
    }
    let inner = |tokens: &[Token], acts: &mut Vec<Act>| first(tokens, dialect, acts, depth + 1);
    let word = |at: usize| rest.get(at).map_or("", Token::word);
    match head {
        Token::Sign('(') => return inner(rest, acts),
        Token::Word(_) => {}
        Token::Name(_) | Token::Text(_) | Token::Number(_) | Token::Sign(_) => {
            acts.push(Act::Opaque(UNKNOWN));
            return Change::Writes;
        }
    }
    match head.word() {
        "select" | "values" | "table" | "from" | "with" | "summarize" => selects(tokens),
        "explain" | "describe" | "desc" => explains(rest, inner, acts),
        "show" | "help" | "status" | "fetch" | "close" | "commit" | "rollback" | "savepoint" | "release" | "end"
        | "abort" | "start" | "listen" | "unlisten" | "deallocate" | "reset" | "print" => Change::Reads,
        "use" if dialect != Dialect::Other || rest.len() == 1 => Change::Reads,
        "begin" => {
            let only_begins = rest.iter().all(|token| {
                matches!(
                    token.word(),
                    "transaction"
                        | "tran"
                        | "work"
                        | "immediate"
                        | "deferred"
                        | "exclusive"
                        | "isolation"
                        | "level"
                        | "read"
                        | "only"
                        | "write"
                        | "committed"
                        | "uncommitted"
                        | "repeatable"
                        | "serializable"
                        | "concurrent"
                )
            });
            if only_begins { Change::Reads } else { inner(rest, acts) }
        }
        // `DECLARE c CURSOR FOR SELECT …`; variables and blocks otherwise.
        "declare" if rest.iter().any(|token| token.word() == "cursor") => {
            match rest.iter().position(|token| token.word() == "for") {
                Some(at) => inner(rest.get(at + 1..).unwrap_or_default(), acts),
                None => unknown(acts, UNKNOWN),
            }
        }
        "set" => {
            if has(
                rest,
                &[
                    "global",
                    "persist",
                    "persist_only",
                    "password",
                    "role",
                    "authorization",
                    "resource",
                    "session_authorization",
                ],
            ) || rest.first() == Some(&Token::Sign('@')) && rest.get(1) == Some(&Token::Sign('@'))
            {
                Change::Writes
            } else {
                Change::Reads
            }
        }
        "pragma" => pragma(rest),
        "insert" | "replace" | "upsert" | "merge" | "comment" | "reindex" | "refresh" | "lock" | "unlock" | "call"
        | "optimize" | "rename" | "analyze" | "analyse" | "cluster" | "grant" | "revoke" | "reassign" | "security"
        | "notify" | "checkpoint" | "checksum" | "check" | "repair" | "cache" | "flush" | "kill" | "handler"
        | "discard" | "undrop" | "backup" | "move" | "pivot" | "unpivot" => Change::Writes,
        "vacuum" => {
            if let Some(at) = rest.iter().position(|token| token.word() == "into") {
                acts.push(Act::Write(text(rest.get(at + 1))));
            }
            Change::Writes
        }
        "attach" => {
            let place = if word(0) == "database" { 1 } else { 0 };
            let place = if word(place) == "if" { place + 3 } else { place };
            match text(rest.get(place)) {
                Some(path) if path == ":memory:" || path.is_empty() => {}
                Some(path) if remote(&path) => acts.push(Act::Fetch(Some(path))),
                path if has(rest, &["read_only", "readonly"]) => acts.push(Act::Read(path)),
                path => acts.push(Act::Modify(path)),
            }
            Change::Reads
        }
        "detach" => Change::Reads,
        "copy" => copies(rest, acts),
        // DuckDB.
        "export" => {
            acts.push(Act::Write(None));
            Change::Reads
        }
        "install" | "load" => loads(head.word(), rest, acts),
        "import" | "restore" | "source" => unknown(acts, CODE),
        "create" | "alter" => {
            if has(
                rest.get(..4.min(rest.len())).unwrap_or_default(),
                &[
                    "function",
                    "procedure",
                    "extension",
                    "language",
                    "server",
                    "subscription",
                    "event",
                    "aggregate",
                    "system",
                    "assembly",
                    "secret",
                    "macro",
                    "wrapper",
                    "foreign",
                    "operator",
                    "trigger",
                    "rule",
                    "job",
                ],
            ) && !(head.word() == "create"
                && has(rest.get(..3.min(rest.len())).unwrap_or_default(), &["trigger"])
                && dialect == Dialect::Sqlite)
            {
                acts.push(Act::Opaque(CODE));
            }
            if head.word() == "alter" && drops(rest) {
                Change::Destroys
            } else {
                Change::Writes
            }
        }
        "drop" | "truncate" | "purge" => Change::Destroys,
        "delete" | "update" => {
            if restricted(rest) {
                Change::Writes
            } else {
                Change::Destroys
            }
        }
        "prepare" => match rest.iter().position(|token| matches!(token.word(), "as" | "from")) {
            Some(at) if word(at) == "as" => inner(rest.get(at + 1..).unwrap_or_default(), acts),
            Some(_) | None => unknown(acts, "a statement made of text"),
        },
        "execute" | "exec" | "do" | "declare" | "eval" | "sp_executesql" => {
            unknown(acts, "a statement made of text, or a procedure")
        }
        "shutdown" | "bulk" | "dbcc" | "system" => unknown(acts, UNKNOWN),
        _ => unknown(acts, UNKNOWN),
    }
}

/// Not recognised: it may change anything.
pub(super) fn unknown(acts: &mut Vec<Act>, why: &'static str) -> Change {
    acts.push(Act::Opaque(why));
    Change::Writes
}

/// A query, with the statements that may stand in its `WITH`.
pub(super) fn selects(tokens: &[Token]) -> Change {
    let mut change = Change::Reads;
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        match token.word() {
            "insert" | "merge" => change = change.max(Change::Writes),
            // `REPLACE(…)` and `SELECT * REPLACE (…)` compute.
            "replace" if next.is_some_and(|next| next.word() == "into") => change = change.max(Change::Writes),
            "delete" | "update" if !follows(tokens, at, &["for", "key", "on"]) => {
                let rest = tokens.get(at + 1..).unwrap_or_default();
                let end = closing(rest).unwrap_or(rest.len());
                let own = restricted(rest.get(..end).unwrap_or_default());
                change = change.max(if own { Change::Writes } else { Change::Destroys });
            }
            "into" => {
                let local = matches!(next, Some(Token::Sign('@')))
                    || next.is_some_and(|next| matches!(next.word(), "outfile" | "dumpfile"));
                if !local {
                    change = change.max(Change::Writes);
                }
            }
            _ => {}
        }
    }
    change
}

fn explains(rest: &[Token], inner: impl Fn(&[Token], &mut Vec<Act>) -> Change, acts: &mut Vec<Act>) -> Change {
    let Some(at) = rest.iter().position(|token| {
        matches!(
            token.word(),
            "select"
                | "insert"
                | "update"
                | "delete"
                | "merge"
                | "with"
                | "values"
                | "create"
                | "replace"
                | "execute"
                | "declare"
                | "refresh"
                | "drop"
                | "truncate"
                | "copy"
                | "call"
        )
    }) else {
        // `describe table`.
        return Change::Reads;
    };
    let (options, statement) = rest.split_at(at);
    if has(options, &["analyze", "analyse"]) {
        inner(statement, acts)
    } else {
        Change::Reads
    }
}

/// Only those that are known to look.
fn pragma(rest: &[Token]) -> Change {
    let name = rest.iter().map(Token::word).find(|word| !word.is_empty()).unwrap_or("");
    let looks = matches!(
        name,
        "table_info"
            | "table_xinfo"
            | "table_list"
            | "index_list"
            | "index_info"
            | "index_xinfo"
            | "foreign_key_list"
            | "foreign_key_check"
            | "integrity_check"
            | "quick_check"
            | "database_list"
            | "collation_list"
            | "function_list"
            | "module_list"
            | "pragma_list"
            | "compile_options"
            | "show_tables"
            | "database_size"
            | "storage_info"
            | "version"
    );
    let given = rest.iter().any(|token| matches!(token, Token::Sign('=' | '(')));
    if looks && !rest.contains(&Token::Sign('=')) || !given && rest.len() <= 3 {
        Change::Reads
    } else {
        Change::Writes
    }
}

/// Whether a `WHERE` of the statement itself excludes anything.
fn restricted(rest: &[Token]) -> bool {
    let mut depth = 0u32;
    for (at, token) in rest.iter().enumerate() {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth = depth.saturating_sub(1),
            Token::Word(word) if depth == 0 && word == "where" => {
                let condition = rest.get(at + 1..).unwrap_or_default();
                return condition
                    .iter()
                    .any(|token| matches!(token, Token::Word(word) if word != "true" && word != "or" && word != "and" && word != "not" && word != "is" && word != "null" && word != "like") || matches!(token, Token::Name(_)))
                    && !trivially_true(condition);
            }
            Token::Word(_) | Token::Name(_) | Token::Text(_) | Token::Number(_) | Token::Sign(_) => {}
        }
    }
    false
}

/// `… OR 1=1`, `… OR true`.
fn trivially_true(condition: &[Token]) -> bool {
    condition.iter().enumerate().any(|(at, token)| {
        token.word() == "or"
            && match (condition.get(at + 1), condition.get(at + 2), condition.get(at + 3)) {
                (Some(Token::Word(word)), _, _) => word == "true",
                (Some(one @ (Token::Number(_) | Token::Text(_))), Some(Token::Sign('=')), Some(other)) => one == other,
                (Some(Token::Number(number)), None, _) => number != "0",
                _ => false,
            }
    })
}

/// `ALTER TABLE … DROP COLUMN`, not `DROP CONSTRAINT`, `DROP DEFAULT`, `DROP NOT NULL`.
fn drops(rest: &[Token]) -> bool {
    rest.iter().enumerate().any(|(at, token)| {
        token.word() == "drop"
            && !matches!(
                rest.get(at + 1).map_or("", Token::word),
                "constraint" | "default" | "not" | "index" | "key" | "identity" | "expression"
            )
    })
}

fn closing(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0u32;
    tokens.iter().position(|token| match token {
        Token::Sign('(') => {
            depth += 1;
            false
        }
        Token::Sign(')') if depth == 0 => true,
        Token::Sign(')') => {
            depth -= 1;
            false
        }
        Token::Word(_) | Token::Name(_) | Token::Text(_) | Token::Number(_) | Token::Sign(_) => false,
    })
}
