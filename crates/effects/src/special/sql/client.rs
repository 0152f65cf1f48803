//! The clients' own commands: `\!`, `.shell` run programs; `\o`, `.output` write files; `\i`, `.read` run statements
//! from a file.

use super::outside::copies;
use super::statement::{Act, Change, Reading};
use super::tokens::{Dialect, Item, Token, items};

const UNKNOWN: &str = "a command of a database client that is not known here";

/// How far a command of psql reaches: to the end of the line, or to the next backslash outside quotes.
pub(super) fn length(text: &str) -> usize {
    let line = text.get(..text.find('\n').unwrap_or(text.len())).unwrap_or_default();
    let name: String = line
        .chars()
        .skip(1)
        .take_while(|c| c.is_ascii_alphabetic() || *c == '!')
        .collect();
    if name.starts_with('!') || matches!(name.as_str(), "copy" | "ef" | "ev" | "sf" | "sv" | "h" | "help") {
        return line.len();
    }
    let mut quote: Option<char> = None;
    let mut chars = line.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            ('\\', Some('\'')) => {
                chars.next();
            }
            ('\\', None) => return at,
            ('\'' | '"' | '`', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    line.len()
}

/// What a command does.
pub(super) fn read(command: &str, dialect: Dialect) -> Reading {
    match dialect {
        Dialect::Postgres => psql(command),
        Dialect::MySql => mysql(command),
        Dialect::Sqlite | Dialect::DuckDb => dotted(command),
        Dialect::ClickHouse | Dialect::Other => opaque(UNKNOWN),
    }
}

fn reads(acts: Vec<Act>) -> Reading {
    Reading {
        change: Change::Reads,
        acts,
    }
}

fn opaque(why: &'static str) -> Reading {
    Reading {
        change: Change::Writes,
        acts: vec![Act::Opaque(why)],
    }
}

/// Splits off the first word.
fn head(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace)
        .map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

/// A file's name, perhaps in quotes; nothing if there is anything else about it.
fn file(text: &str) -> Option<String> {
    let bare = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''))
        .or_else(|| text.strip_prefix('"').and_then(|text| text.strip_suffix('"')))
        .unwrap_or(text);
    (!bare.is_empty() && !bare.contains(['\'', '"', '`', '\\', ':', '\n'])).then(|| bare.to_owned())
}

/// A target that is a file or a command behind a pipe.
fn target(text: &str) -> Vec<Act> {
    match text.trim() {
        "" | "stdout" | "off" => Vec::new(),
        text => match text.trim_matches(['\'', '"']).strip_prefix('|') {
            Some(command) => vec![Act::Run(Some(command.to_owned()))],
            None => vec![Act::Write(file(text))],
        },
    }
}

fn psql(command: &str) -> Reading {
    // A command that touches its argument: `\!ls`.
    if let Some(shell) = command.strip_prefix("\\!") {
        return reads(vec![Act::Run(Some(shell.trim().to_owned()))]);
    }
    let (name, rest) = head(command);
    let name = name.strip_prefix('\\').unwrap_or(name);
    let mut backquoted: Vec<Act> = rest
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|command| Act::Run(Some(command.to_owned())))
        .collect();
    let mut reading = match name {
        "o" | "out" | "w" | "write" | "s" | "g" | "gx" => {
            // Options of `\g` come in parentheses.
            let rest = rest
                .strip_prefix('(')
                .and_then(|rest| rest.split_once(')'))
                .map_or(rest, |(_, rest)| rest.trim());
            reads(target(rest))
        }
        "copy" => match items(rest, Dialect::Postgres).as_deref() {
            Some([Item::Statement(tokens)]) => {
                let mut acts = Vec::new();
                let change = copies(&unquoted(tokens), &mut acts);
                Reading { change, acts }
            }
            Some(_) | None => opaque(UNKNOWN),
        },
        "lo_export" => reads(vec![Act::Write(file(head(rest).1))]),
        "lo_import" => Reading {
            change: Change::Writes,
            acts: vec![Act::Read(file(head(rest).0))],
        },
        "i" | "ir" | "include" | "include_relative" => Reading {
            change: Change::Writes,
            acts: vec![Act::Read(file(rest)), Act::Opaque("statements in a file")],
        },
        "gexec" | "e" | "edit" | "ef" | "ev" | "setenv" | "cd" | "watch" | "password" | "lo_unlink" => opaque(UNKNOWN),
        // What a variable holds may be part of a statement later; psql refuses to be read then.
        "set" | "unset" | "pset" | "echo" | "qecho" | "warn" | "prompt" | "if" | "elif" | "else" | "endif" | "q"
        | "quit" | "x" | "t" | "a" | "f" | "H" | "T" | "C" | "r" | "reset" | "p" | "print" | "timing" | "conninfo"
        | "encoding" | "errverbose" | "gset" | "gdesc" | "crosstabview" | "crosstab" | "h" | "help" | "?"
        | "copyright" | "c" | "connect" | "l" | "l+" | "list" | "sf" | "sv" | "sf+" | "sv+" | "z" | "bind"
        | "getenv" | "lo_list" => {
            // An editor or a pager may be set by name.
            if matches!(name, "set" | "pset") && rest.to_ascii_lowercase().contains("editor") {
                opaque(UNKNOWN)
            } else {
                reads(Vec::new())
            }
        }
        name if name.starts_with('d')
            && name
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || matches!(b, b'+' | b'S')) =>
        {
            reads(Vec::new())
        }
        _ => opaque(UNKNOWN),
    };
    reading.acts.append(&mut backquoted);
    reading
}

/// psql takes the file's name in `\copy` without quotes, too, but only a plain one is followed here.
fn unquoted(tokens: &[Token]) -> Vec<Token> {
    let mut out = tokens.to_vec();
    if let Some(at) = out.iter().position(|token| matches!(token.word(), "to" | "from"))
        && let Some(Token::Word(word)) = out.get(at + 1)
        && !matches!(word.as_str(), "program" | "stdin" | "stdout" | "pstdin" | "pstdout")
        && matches!(out.get(at + 2), Some(Token::Sign('.')))
        && let (Some(Token::Word(extension)), None | Some(Token::Word(_) | Token::Sign('('))) =
            (out.get(at + 3), out.get(at + 4))
    {
        let path = format!("{word}.{extension}");
        out.splice(at + 1..at + 4, [Token::Text(path)]);
    }
    out
}

fn mysql(command: &str) -> Reading {
    let mut chars = command.chars();
    chars.next();
    let letter = chars.next();
    let rest = chars.as_str().trim();
    let plain = rest.trim_end_matches(';').trim();
    match letter {
        Some('!') => reads(vec![Act::Run(Some(rest.to_owned()))]),
        Some('.') => Reading {
            change: Change::Writes,
            acts: vec![Act::Read(file(plain)), Act::Opaque("statements in a file")],
        },
        Some('T') => reads(vec![Act::Write(file(plain))]),
        Some('P') if !plain.is_empty() => reads(vec![Act::Run(Some(plain.to_owned()))]),
        Some('c' | 'h' | '?' | 'n' | 'p' | 'q' | 's' | 't' | 'u' | 'w' | 'W' | 'r' | 'P' | '#' | 'x')
            if !plain.contains('\\') =>
        {
            reads(Vec::new())
        }
        Some(_) | None => opaque(UNKNOWN),
    }
}

/// MySQL's commands by their long names, where a statement would begin. `None`: it is a statement.
pub(super) fn mysql_word(tokens: &[Token]) -> Option<Reading> {
    let word = tokens.first().map_or("", Token::word);
    match word {
        "system" => Some(opaque("a command that a database client runs")),
        "source" | "edit" | "delimiter" | "query_attributes" => Some(opaque(UNKNOWN)),
        "pager" if tokens.len() > 1 => Some(opaque("a pager that a database client runs")),
        "tee" => Some(reads(vec![Act::Write(None)])),
        "notee" | "nopager" | "pager" | "warnings" | "nowarning" | "clear" | "ego" | "exit" | "quit" | "go"
        | "print" | "rehash" | "charset" | "status" => Some(reads(Vec::new())),
        _ => None,
    }
}

/// Commands of sqlite3 and duckdb that only look or change how results are shown.
const LOOKS: &[&str] = &[
    ".bail",
    ".changes",
    ".columns",
    ".databases",
    ".dbinfo",
    ".dump",
    ".echo",
    ".eqp",
    ".exit",
    ".expert",
    ".explain",
    ".fullschema",
    ".headers",
    ".help",
    ".highlight",
    ".indexes",
    ".indices",
    ".large_number_rendering",
    ".limit",
    ".lint",
    ".maxrows",
    ".maxwidth",
    ".mode",
    ".nullvalue",
    ".print",
    ".prompt",
    ".quit",
    ".rows",
    ".schema",
    ".separator",
    ".sha3sum",
    ".show",
    ".stats",
    ".tables",
    ".timeout",
    ".timer",
    ".version",
    ".vfsinfo",
    ".vfslist",
    ".width",
];

/// Commands that do more. A beginning of a name counts as the name.
const ACTS: &[&str] = &[
    ".archive",
    ".auth",
    ".backup",
    ".binary",
    ".cd",
    ".check",
    ".clone",
    ".connection",
    ".crnl",
    ".dbconfig",
    ".edit",
    ".excel",
    ".filectrl",
    ".import",
    ".imposter",
    ".iotrace",
    ".load",
    ".log",
    ".nonce",
    ".once",
    ".open",
    ".output",
    ".parameter",
    ".progress",
    ".read",
    ".recover",
    ".restore",
    ".save",
    ".scanstats",
    ".selftest",
    ".session",
    ".shell",
    ".system",
    ".testcase",
    ".testctrl",
    ".trace",
    ".unmodule",
    ".ui_command",
    ".www",
];

fn dotted(command: &str) -> Reading {
    let (name, rest) = head(command);
    if LOOKS.contains(&name) {
        return reads(Vec::new());
    }
    let begun: Vec<&str> = ACTS.iter().copied().filter(|known| known.starts_with(name)).collect();
    let looks = LOOKS.iter().any(|known| known.starts_with(name) && name.len() > 2);
    if begun.is_empty() {
        return if looks { reads(Vec::new()) } else { opaque(UNKNOWN) };
    }
    let [full] = begun.as_slice() else {
        return if begun.contains(&name) || begun.iter().all(|known| matches!(*known, ".shell" | ".system")) {
            act(
                begun.iter().find(|known| **known == name).copied().unwrap_or(".shell"),
                rest,
            )
        } else {
            opaque(UNKNOWN)
        };
    };
    act(full, rest)
}

fn act(name: &str, rest: &str) -> Reading {
    match name {
        ".shell" | ".system" => match words(rest) {
            Some(words) => reads(vec![Act::Run(Some(words.join(" ")))]),
            None => reads(vec![Act::Run(None)]),
        },
        ".output" | ".once" if rest.starts_with('-') => opaque("an editor that a database client runs"),
        ".output" | ".once" | ".log" | ".trace" => reads(target(rest)),
        ".backup" | ".save" | ".clone" => reads(vec![Act::Write(file(head(rest).1).or_else(|| file(rest)))]),
        ".read" => Reading {
            change: Change::Writes,
            acts: match rest.trim_matches(['\'', '"']).strip_prefix('|') {
                Some(command) => vec![
                    Act::Run(Some(command.to_owned())),
                    Act::Opaque("statements that a command prints"),
                ],
                None => vec![Act::Read(file(rest)), Act::Opaque("statements in a file")],
            },
        },
        ".import" => {
            let words = words(rest).unwrap_or_default();
            let source = words.iter().find(|word| !word.starts_with('-'));
            let source = match source {
                Some(source) => source.trim_matches(['\'', '"']),
                None => return opaque(UNKNOWN),
            };
            Reading {
                change: Change::Writes,
                acts: match source.strip_prefix('|') {
                    Some(_) => vec![Act::Opaque("a command that a database client runs")],
                    None => vec![Act::Read(file(source))],
                },
            }
        }
        ".parameter" | ".progress" | ".scanstats" | ".check" | ".crnl" | ".binary" => reads(Vec::new()),
        _ => opaque(UNKNOWN),
    }
}

/// The words of a command as sqlite3 hands them to the shell: quotes removed, one with blanks in double quotes.
fn words(text: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let word;
        if matches!(c, '\'' | '"') {
            let body = rest.get(1..)?;
            let end = body.find(c)?;
            word = body.get(..end)?;
            if word.contains('\\') {
                return None;
            }
            rest = body.get(end + 1..)?.trim_start();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            word = rest.get(..end)?;
            rest = rest.get(end..)?.trim_start();
        }
        // The first word is given as it is only if it has no blank, either.
        out.push(if word.contains(' ') {
            format!("\"{word}\"")
        } else {
            word.to_owned()
        });
    }
    Some(out)
}
