//! What statements do outside the database: files, addresses, programs, loaded code.

use super::functions;
use super::statement::{Act, Change, UNKNOWN, follows, has, selects, text, unknown};
use super::tokens::{Dialect, Token};

/// `COPY t FROM|TO 'file' | PROGRAM 'command' | STDIN`, also behind psql's `\copy`.
pub(super) fn copies(rest: &[Token], acts: &mut Vec<Act>) -> Change {
    let mut depth = 0u32;
    let way = rest.iter().position(|token| {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth = depth.saturating_sub(1),
            Token::Word(_) | Token::Name(_) | Token::Text(_) | Token::Number(_) | Token::Sign(_) => {}
        }
        depth == 0 && matches!(token.word(), "from" | "to" | "into")
    });
    let Some(at) = way else {
        return unknown(acts, UNKNOWN);
    };
    let (what, target) = rest.split_at(at);
    let into_file = target.first().is_some_and(|token| token.word() == "to");
    let place = target.get(1);
    match place.map_or("", Token::word) {
        "program" => acts.push(Act::Run(text(target.get(2)))),
        "stdin" | "stdout" | "pstdin" | "pstdout" => {}
        // psql's own `\copy` takes a file's name without quotes, too: not followed, and so unknown.
        _ if into_file => acts.push(Act::Write(text(place))),
        _ => match text(place) {
            Some(path) if remote(&path) => acts.push(Act::Fetch(Some(path))),
            path => acts.push(Act::Read(path)),
        },
    }
    // The query inside may change things as well.
    let query = what.split_first().filter(|(first, _)| **first == Token::Sign('('));
    let inside = query.map_or(Change::Reads, |(_, query)| {
        match query.first().map_or("", Token::word) {
            "select" | "with" | "values" | "from" | "table" => selects(query),
            _ => Change::Writes,
        }
    });
    inside.max(if into_file { Change::Reads } else { Change::Writes })
}

/// `LOAD DATA INFILE` of MySQL, `LOAD 'library'` of PostgreSQL, `INSTALL` and `LOAD` of DuckDB, `INSTALL PLUGIN`.
pub(super) fn loads(word: &str, rest: &[Token], acts: &mut Vec<Act>) -> Change {
    if word == "load" && has(rest.get(..1).unwrap_or_default(), &["data", "xml"]) {
        let at = rest.iter().position(|token| token.word() == "infile");
        acts.push(Act::Read(at.and_then(|at| text(rest.get(at + 1)))));
    } else {
        acts.push(Act::Opaque("code that the database loads"));
    }
    Change::Writes
}

/// Whether a file's name is an address.
pub(super) fn remote(path: &str) -> bool {
    path.contains("://") || path.starts_with("md:")
}

/// Files and functions, wherever they stand in the statement.
pub(super) fn outside(tokens: &[Token], dialect: Dialect, acts: &mut Vec<Act>) {
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        if let Token::Word(name) | Token::Name(name) = token
            && next == Some(&Token::Sign('('))
        {
            let defined = follows(
                tokens,
                at,
                &[
                    "into",
                    "table",
                    "exists",
                    "index",
                    "on",
                    "view",
                    "as",
                    "references",
                    "with",
                    "recursive",
                ],
            );
            match functions::call(name, tokens.get(at + 2..).unwrap_or_default(), dialect) {
                // A table or a name with its columns, not a call.
                Some(Act::Changes) if defined || !token_calls(tokens) => {}
                Some(act) => acts.push(act),
                None => {}
            }
        }
        match token.word() {
            "outfile" | "dumpfile" => acts.push(Act::Write(text(next))),
            "infile" if tokens.first().is_none_or(|token| token.word() != "load") => acts.push(Act::Read(text(next))),
            "soname" => acts.push(Act::Opaque("code that the database loads")),
            "xp_cmdshell" if next != Some(&Token::Sign('(')) => {
                acts.push(Act::Opaque("a command that the server runs"))
            }
            _ => {}
        }
        // DuckDB reads a file that is named where a table may be.
        let table = matches!(token.word(), "from" | "join" | "summarize" | "describe") || *token == Token::Sign(',');
        if dialect == Dialect::DuckDb
            && table
            && tokens.first().is_none_or(|token| token.word() != "copy")
            && let Some(Token::Text(path) | Token::Name(path)) = next
            && path.contains(['/', '.', ':'])
        {
            acts.push(if remote(path) {
                Act::Fetch(Some(path.clone()))
            } else {
                Act::Read(Some(path.clone()))
            });
        }
    }
}

/// Statements in which a name before a parenthesis is a call rather than a table with its columns.
fn token_calls(tokens: &[Token]) -> bool {
    !tokens
        .first()
        .is_some_and(|token| matches!(token.word(), "create" | "insert" | "alter" | "grant"))
}
