//! SQL and the clients' own commands: whether a text reads, writes or destroys, statement by statement.

use placet_model::{Qualifiers, Resource, Span, Understood, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Value};

/// Statements among the operands (`sqlite3 db "select …"`) and on standard input.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["-V", "--version", "-version", "--help", "-help", "-?", "-l", "--list"]) {
        return;
    }
    let inline = call
        .options
        .iter()
        .any(|given| matches!(given.opt.role, crate::catalogue::table::Role::Code("sql")));
    let file_database = call.name.starts_with("sqlite3") || call.name.starts_with("duckdb");
    let mut seen = inline;
    if file_database {
        for arg in call.operands.iter().skip(1) {
            seen = true;
            argument(it, arg, call);
        }
    }
    if !seen && it.stdin.present {
        let data = it.stdin.clone();
        match data.text.as_ref().and_then(crate::interpret::readable) {
            Some(text) => {
                let _ = statements(it, &text, call.span, &call.name);
            }
            None => it.emit(
                Verb::DbWrite,
                Resource::Named(call.name.clone()),
                Qualifiers::default(),
                call.span,
                &call.name,
            ),
        }
        return;
    }
    if !seen {
        // An interactive session.
        it.emit(
            Verb::DbRead,
            Resource::Named(call.name.clone()),
            Qualifiers::default(),
            call.span,
            &call.name,
        );
    }
}

fn argument(it: &mut Interpreter<'_>, arg: &Arg, call: &Call<'_>) {
    match crate::interpret::readable(&arg.value) {
        Some(text) => {
            let _ = statements(it, &text, arg.span, &call.name);
        }
        None => {
            let prefix = arg.value.prefix().to_owned();
            beginning(it, &prefix, arg.span, &call.name);
        }
    }
}

/// Statements of which only the beginning is known.
pub(crate) fn beginning(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) {
    let verb = match statement(text) {
        Some(Verb::DbRead) if text.to_ascii_lowercase().contains(" where ") => Verb::DbRead,
        Some(Verb::DbDestroy) => Verb::DbDestroy,
        Some(_) | None => Verb::DbWrite,
    };
    it.emit(verb, Resource::Named(by.to_owned()), Qualifiers::default(), span, by);
}

/// What a text of statements does.
pub(crate) fn statements(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Understood {
    let Some(list) = split(text) else {
        it.emit(Verb::DbWrite, Resource::Unknown, Qualifiers::default(), span, by);
        return Understood::Fully;
    };
    for one in list {
        let one = one.trim();
        if one.is_empty() {
            continue;
        }
        if one.starts_with('\\') || one.starts_with('.') && !one.starts_with("..") {
            meta(it, one, span, by);
            continue;
        }
        let verb = statement(one).unwrap_or(Verb::DbWrite);
        it.emit(verb, Resource::Named(by.to_owned()), Qualifiers::default(), span, by);
    }
    Understood::Fully
}

/// The clients' own commands: `\!` and `.shell` run programs, `\o`, `.output` write files.
fn meta(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) {
    let (command, rest) = text
        .split_once(char::is_whitespace)
        .map_or((text, ""), |(a, b)| (a, b.trim()));
    let first = rest.split_whitespace().next().unwrap_or("").trim_matches(['\'', '"']);
    let file = |it: &mut Interpreter<'_>, role: PathRole| {
        if let Some(command) = rest.strip_prefix('|') {
            it.shell_text(&Value::text(command), span, by);
        } else if !first.is_empty() && first != "stdout" {
            it.touch(role, &Value::text(first), span, by, None);
        }
    };
    match command {
        "\\!" | ".shell" | ".system" => it.shell_text(&Value::text(rest), span, by),
        "\\o" | "\\out" | "\\w" | "\\write" | "\\s" | ".output" | ".once" | ".backup" | ".save" | ".log" | ".excel" => {
            file(it, PathRole::Write)
        }
        "\\i" | "\\ir" | "\\include" | ".read" => {
            file(it, PathRole::Read);
            it.emit(
                Verb::DbWrite,
                Resource::Named(by.to_owned()),
                Qualifiers::default(),
                span,
                by,
            );
        }
        "\\copy" | "\\g" | "\\gx" => {
            if rest.to_ascii_lowercase().contains("program") || rest.starts_with('|') {
                it.opaque("a program started by a database client", span);
            }
            it.emit(
                Verb::DbWrite,
                Resource::Named(by.to_owned()),
                Qualifiers::default(),
                span,
                by,
            );
        }
        ".import" | ".restore" | ".open" | ".load" | ".clone" | "\\password" => {
            it.emit(
                Verb::DbWrite,
                Resource::Named(by.to_owned()),
                Qualifiers::default(),
                span,
                by,
            );
        }
        _ => it.emit(
            Verb::DbRead,
            Resource::Named(by.to_owned()),
            Qualifiers::default(),
            span,
            by,
        ),
    }
}

/// What one statement does, by its keywords outside strings and comments.
fn statement(text: &str) -> Option<Verb> {
    let words = keywords(text);
    let mut words = words.iter().map(String::as_str);
    let first = words.next()?;
    let has = |wanted: &str| keywords(text).iter().any(|word| word == wanted);
    Some(match first {
        "select" | "values" | "table" => {
            if has("into")
                || has("pg_terminate_backend")
                || has("lo_export")
                || has("pg_read_file")
                || has("load_file")
                || has("dblink")
            {
                Verb::DbWrite
            } else {
                Verb::DbRead
            }
        }
        "explain" | "describe" | "desc" => {
            if has("analyze") && (has("delete") || has("update") || has("insert")) {
                Verb::DbWrite
            } else {
                Verb::DbRead
            }
        }
        "with" => {
            if has("delete") || has("update") || has("insert") || has("merge") {
                Verb::DbWrite
            } else {
                Verb::DbRead
            }
        }
        "show" | "use" | "begin" | "start" | "commit" | "rollback" | "savepoint" | "release" | "end" | "help"
        | "status" | "fetch" | "declare" | "from" => Verb::DbRead,
        "set" | "reset" => Verb::DbRead,
        "pragma" => {
            if text.contains('=') {
                Verb::DbWrite
            } else {
                Verb::DbRead
            }
        }
        "drop" | "truncate" => Verb::DbDestroy,
        "delete" | "update" => {
            if has("where") {
                Verb::DbWrite
            } else {
                Verb::DbDestroy
            }
        }
        "alter" => {
            if has("drop") {
                Verb::DbDestroy
            } else {
                Verb::DbWrite
            }
        }
        // Redis and MongoDB.
        "flushall" | "flushdb" => Verb::DbDestroy,
        "get" | "mget" | "keys" | "scan" | "hgetall" | "hget" | "lrange" | "smembers" | "ttl" | "type" | "exists"
        | "info" | "ping" | "dbsize" | "llen" | "zrange" | "count" | "monitor" => Verb::DbRead,
        "db" => {
            if has("dropdatabase") || has("drop") || has("deletemany") || has("remove") {
                Verb::DbDestroy
            } else if has("insertone")
                || has("insertmany")
                || has("updateone")
                || has("updatemany")
                || has("deleteone")
                || has("replaceone")
                || has("createindex")
                || has("bulkwrite")
            {
                Verb::DbWrite
            } else {
                Verb::DbRead
            }
        }
        _ => Verb::DbWrite,
    })
}

fn keywords(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' | '`' => {
                while let Some(inner) = chars.next() {
                    if inner == '\\' {
                        chars.next();
                    } else if inner == c {
                        break;
                    }
                }
            }
            '-' if chars.peek() == Some(&'-') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for inner in chars.by_ref() {
                    if last == '*' && inner == '/' {
                        break;
                    }
                    last = inner;
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                word.push(c.to_ascii_lowercase());
                continue;
            }
            _ => {}
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// Statements, split at semicolons outside strings; client commands end with their line.
fn split(text: &str) -> Option<Vec<String>> {
    let mut out = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let line_command = out.last().is_some_and(|one| one.trim_start().starts_with(['\\', '.']));
        match c {
            ';' => out.push(String::new()),
            '\n' if line_command => out.push(String::new()),
            '\'' | '"' if !line_command => {
                let last = out.last_mut()?;
                last.push(c);
                loop {
                    let inner = chars.next()?;
                    last.push(inner);
                    if inner == c {
                        break;
                    }
                }
            }
            '$' if chars.peek() == Some(&'$') => {
                // A body in dollar quotes may hold semicolons: its statements count as well.
                chars.next();
                out.last_mut()?.push(' ');
            }
            c => out.last_mut()?.push(c),
        }
    }
    Some(out)
}
