//! Lua: its own library, and functions of the text. A function of the library that reaches the world may be called, but not
//! handed around.

use std::collections::BTreeSet;

use super::tokens::{Kind, Token, known, quoted, word};
use super::{Does, Found, arguments, constants, text_of};
use crate::operation::Analysis;

#[rustfmt::skip]
const FACTS: &[(&str, Does)] = &[
    ("os.execute", Does::Run), ("io.popen", Does::Run), ("os.remove", Does::DeleteFile), ("os.rename", Does::Move),
    ("os.getenv", Does::Environment), ("io.open", Does::Open), ("io.lines", Does::ReadFile), ("io.input", Does::ReadFile),
    ("io.output", Does::Write), ("io.write", Does::Print), ("print", Does::Print), ("dofile", Does::Import),
    ("loadfile", Does::Import), ("require", Does::Import), ("load", Does::Code), ("loadstring", Does::Code),
    ("io.read", Does::Nothing), ("io.close", Does::Nothing), ("io.type", Does::Nothing), ("io.stdout", Does::Print),
    ("io.stderr", Does::Print), ("io.stdin", Does::Nothing), ("os.time", Does::Nothing), ("os.date", Does::Nothing),
    ("os.clock", Does::Nothing), ("os.difftime", Does::Nothing), ("os.exit", Does::Nothing),
    ("os.tmpname", Does::Nothing), ("os.setlocale", Does::Nothing), ("pcall", Does::Nothing), ("xpcall", Does::Nothing),
    ("error", Does::Nothing), ("assert", Does::Nothing), ("type", Does::Nothing), ("tostring", Does::Nothing),
    ("tonumber", Does::Nothing), ("pairs", Does::Nothing), ("ipairs", Does::Nothing), ("next", Does::Nothing),
    ("select", Does::Nothing), ("unpack", Does::Nothing), ("rawget", Does::Nothing), ("rawset", Does::Nothing),
    ("rawlen", Does::Nothing), ("rawequal", Does::Nothing), ("setmetatable", Does::Nothing),
    ("getmetatable", Does::Nothing), ("collectgarbage", Does::Nothing),
];

/// Parts of the library that only compute.
const COMPUTES: &[&str] = &["string.", "table.", "math.", "utf8.", "coroutine.", "bit32.", "bit."];

/// What a name alone may lead to anything by.
const REACHES: &[&str] = &["os", "io", "_G", "_ENV", "debug", "package", "ffi", "jit"];

/// Methods of texts and files.
const METHODS: &[&str] = &[
    "upper", "lower", "len", "sub", "gsub", "gmatch", "match", "find", "format", "rep", "reverse", "byte", "read",
    "lines", "write", "close", "seek", "flush", "setvbuf",
];

const KEYWORDS: &[&str] = &[
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
    "not", "or", "repeat", "return", "then", "true", "until", "while",
];

/// Reads a program.
pub(super) fn read(text: &str) -> Option<Analysis> {
    let tokens = tokens(text)?;
    let own = own_names(&tokens);
    let constants = constants(&tokens, "..");
    let mut found = Found::new();
    for (at, token) in tokens.iter().enumerate() {
        let name = match &token.kind {
            Kind::Name(name) | Kind::Variable(name) => name.as_str(),
            // What a call or an index gave is called.
            Kind::Sign(')' | ']' | '}') => {
                if matches!(next(&tokens, at), Some(Kind::Sign('(') | Kind::Text(_))) && adjoins(&tokens, at) {
                    found.dynamic("a function that is chosen when it runs", token.at);
                }
                continue;
            }
            Kind::Text(_) | Kind::Command(_) | Kind::Number | Kind::Member | Kind::Operator(_) | Kind::Sign(_) => {
                continue;
            }
        };
        let previous = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| &token.kind);
        if previous == Some(&Kind::Member) {
            let calls = matches!(next(&tokens, at), Some(Kind::Sign('(' | '{') | Kind::Text(_)));
            if calls && !METHODS.contains(&name) && !own.contains(name) {
                found.dynamic("a method that is not known", token.at);
            }
            if name == "write" {
                found.prints = true;
            }
            continue;
        }
        let calls = matches!(next(&tokens, at), Some(Kind::Sign('(' | '{') | Kind::Text(_)));
        let root = name.split('.').next().unwrap_or(name);
        let is_own = own.contains(root) && !REACHES.contains(&root);
        let fact = FACTS.iter().find(|(known, _)| *known == name).map(|(_, does)| *does);
        let computes = COMPUTES.iter().any(|part| name.starts_with(part));
        match fact {
            // A key of a table, or a field of its own.
            _ if is_own || KEYWORDS.contains(&name) || computes => {}
            Some(does) if calls => {
                let values = match next(&tokens, at) {
                    Some(Kind::Text(text)) => vec![text.clone()],
                    _ => arguments(&tokens, at + 1)
                        .0
                        .iter()
                        .map(|part| text_of(part, "..", &constants))
                        .collect(),
                };
                if does == Does::Import
                    && name == "require"
                    && matches!(values.first(), Some(crate::Text::Known(module)) if !is_local(module))
                {
                    found.dynamic("a library that is not known", token.at);
                } else {
                    found.call(does, &values, token.at);
                }
            }
            Some(Does::Nothing | Does::Print) => {}
            Some(_) => found.dynamic("a function that is handed around", token.at),
            None if REACHES.contains(&root) => found.dynamic("the library as a whole is handed around", token.at),
            None if calls => found.dynamic("a function that nothing here defines", token.at),
            None => {}
        }
    }
    Some(found.finish())
}

/// Whether a module is one of the program's own, by how it is called.
fn is_local(module: &str) -> bool {
    !matches!(
        module.split('.').next().unwrap_or(module),
        "socket"
            | "ssl"
            | "lfs"
            | "posix"
            | "ffi"
            | "luv"
            | "uv"
            | "cqueues"
            | "http"
            | "resty"
            | "luasql"
            | "os"
            | "io"
            | "debug"
    )
}

fn next(tokens: &[Token], at: usize) -> Option<&Kind> {
    tokens.get(at + 1).map(|token| &token.kind)
}

/// Whether the next token is on the same statement: behind `}` or `end` of a line nothing is called.
fn adjoins(tokens: &[Token], at: usize) -> bool {
    match (tokens.get(at), tokens.get(at + 1)) {
        (Some(this), Some(next)) => next.at <= this.at + 1,
        _ => false,
    }
}

/// Names that the text gives to functions, variables and parameters.
fn own_names(tokens: &[Token]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let word = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Name(name) | Kind::Variable(name)) => Some(name.as_str()),
        _ => None,
    };
    for at in 0..tokens.len() {
        match word(at) {
            Some("function") => {
                let mut inside = at + 1;
                if let Some(name) = word(inside) {
                    out.insert(name.split('.').next().unwrap_or(name).to_owned());
                    inside += 1;
                    if tokens.get(inside).is_some_and(|token| token.kind == Kind::Member) {
                        out.extend(word(inside + 1).map(str::to_owned));
                        inside += 2;
                    }
                }
                for parameter in super::arguments(tokens, inside).0 {
                    if let [
                        Token {
                            kind: Kind::Name(name) | Kind::Variable(name),
                            ..
                        },
                    ] = parameter
                    {
                        out.insert(name.clone());
                    }
                }
            }
            Some("local" | "for") => {
                let mut name = at + 1;
                while let Some(word) = word(name).filter(|word| !KEYWORDS.contains(word)) {
                    out.insert(word.to_owned());
                    if tokens.get(name + 1).is_none_or(|token| token.kind != Kind::Sign(',')) {
                        break;
                    }
                    name += 2;
                }
            }
            Some(name)
                if tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Sign('='))
                    && !FACTS.iter().any(|(known, _)| *known == name) =>
            {
                out.insert(name.split('.').next().unwrap_or(name).to_owned());
            }
            Some(_) | None => {}
        }
    }
    out
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut at = 0;
    if text.starts_with('#') {
        at = text.find('\n').unwrap_or(text.len());
    }
    while let Some(c) = text.get(at..)?.chars().next() {
        let rest = text.get(at..)?;
        let start = at;
        let mut push = |kind| out.push(Token { kind, at: start });
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if let Some(comment) = rest.strip_prefix("--") {
            at += 2 + match long(comment) {
                Some((_, length)) => length,
                None => comment.find('\n').unwrap_or(comment.len()),
            };
        } else if c == '"' || c == '\'' {
            let (inside, length) = quoted(rest.get(1..)?, c, false)?;
            push(Kind::Text(known(inside, None)));
            at += 1 + length;
        } else if let Some((inside, length)) = long(rest) {
            push(Kind::Text(known(inside, None)));
            at += length;
        } else if c.is_ascii_digit() {
            push(Kind::Number);
            at += word(rest, &['.']);
        } else if c.is_alphabetic() || c == '_' {
            let mut length = word(rest, &[]);
            // `a.b.c` is one name.
            while let Some(more) = rest
                .get(length..)
                .and_then(|rest| rest.strip_prefix('.'))
                .filter(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'))
            {
                length += 1 + word(more, &[]);
            }
            let name = rest.get(..length)?.to_owned();
            push(if name.contains('.') || KEYWORDS.contains(&name.as_str()) {
                Kind::Name(name)
            } else {
                Kind::Variable(name)
            });
            at += length;
        } else if rest.starts_with("...") {
            push(Kind::Number);
            at += 3;
        } else if rest.starts_with("..") {
            push(Kind::Operator(".."));
            at += 2;
        } else if rest.starts_with("==")
            || rest.starts_with("~=")
            || rest.starts_with("<=")
            || rest.starts_with(">=")
            || rest.starts_with("//")
        {
            push(Kind::Operator("compares"));
            at += 2;
        } else if rest.starts_with("::") {
            at += 2;
        } else if c == ':' {
            push(Kind::Member);
            at += 1;
        } else {
            push(Kind::Sign(c));
            at += c.len_utf8();
        }
    }
    Some(out)
}

/// A text in long brackets, and its length with them.
fn long(text: &str) -> Option<(String, usize)> {
    let level = text.strip_prefix('[')?;
    let equals = level.len() - level.trim_start_matches('=').len();
    let body = level.get(equals..)?.strip_prefix('[')?;
    let close = format!("]{}]", "=".repeat(equals));
    let end = body.find(&close)?;
    Some((body.get(..end)?.to_owned(), 2 + equals + end + close.len()))
}
