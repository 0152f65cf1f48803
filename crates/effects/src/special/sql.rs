//! SQL and the clients' own commands: whether a text reads, writes or destroys, statement by statement, and what it
//! does outside the database.

use placet_model::{Paths, Qualifiers, Resource, Span, Understood, Verb};

use crate::catalogue::table::{PathRole, Role};
use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Use};
use crate::value::{Bound, Value};

mod client;
mod functions;
mod outside;
mod statement;
mod tokens;

use statement::{Act, Change, Reading};
use tokens::{Dialect, Item, Token};

/// What is changed or read.
#[derive(Clone)]
enum Store {
    /// A server's, or one that can't be told, by the client's name.
    Named(String),
    /// A file.
    File(Value),
    /// Gone when the client ends.
    Memory,
}

/// Statements among the operands (`sqlite3 db "select …"`), in options of file databases, and on standard input.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["-V", "--version", "-version", "--help", "-help", "-?", "-l", "--list"]) {
        return;
    }
    let by = call.name.as_str();
    for given in call
        .options
        .iter()
        .filter(|given| matches!(given.name, "-o" | "--output"))
    {
        // `-o '|command'`, as `\o` has it.
        if let Some(value) = &given.value
            && value.value.prefix().starts_with('|')
        {
            let command = value.value.skip(1).unwrap_or_default();
            it.subshell(|it| it.shell_text(&command, value.span, by));
        }
    }
    let local = matches!(Dialect::of(by), Dialect::Sqlite | Dialect::DuckDb);
    let store = if local {
        store_of(call)
    } else {
        Store::Named(by.to_owned())
    };
    let mut seen = call
        .options
        .iter()
        .any(|given| matches!(given.opt.role, Role::Code("sql") | Role::Script("sql")));
    if local {
        let options = call
            .options
            .iter()
            .filter(|given| matches!(given.name, "-c" | "-cmd" | "-s"))
            .filter_map(|given| given.value.clone());
        for arg in options.chain(call.operands.iter().skip(1).cloned()) {
            // `-cmd` comes before what standard input or the operands say.
            seen = true;
            text(it, &arg.value, arg.span, by, &store);
        }
        seen &= !call.options.iter().all(|given| given.name == "-cmd") || call.operands.len() > 1;
    }
    if seen {
        return;
    }
    if it.stdin.present {
        let data = it.stdin.clone();
        let value = data.text.unwrap_or_else(|| Value::hole(Bound::Any));
        text(it, &value, call.span, by, &store);
    } else {
        // What is typed into an interactive session is not seen.
        change(it, Change::Writes, &store, call.span, by);
    }
}

/// The database that the call's first operand names.
fn store_of(call: &Call<'_>) -> Store {
    match call.operands.first() {
        None => Store::Memory,
        Some(arg) => store_at(&arg.value, &call.name),
    }
}

fn store_at(file: &Value, by: &str) -> Store {
    match file.known() {
        Some("" | ":memory:") => Store::Memory,
        Some(name) if name.contains(':') || name.contains('?') => Store::Named(by.to_owned()),
        Some(_) | None => Store::File(file.clone()),
    }
}

/// What statements of a program do in a file that is an SQLite database.
pub(crate) fn in_file(it: &mut Interpreter<'_>, statements: &Value, file: &Value, span: Span) {
    let by = "sqlite3";
    text(it, statements, span, by, &store_at(file, by));
}

/// Statements given as a value.
fn text(it: &mut Interpreter<'_>, value: &Value, span: Span, by: &str, store: &Store) {
    match crate::interpret::readable(value) {
        Some(known) => {
            all(it, &known, span, by, store);
        }
        None => begun(it, value.prefix(), span, by, store),
    }
}

/// Statements of which only the beginning is known: the rest may add another.
pub(crate) fn beginning(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) {
    begun(it, text, span, by, &Store::Named(by.to_owned()));
}

fn begun(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str, store: &Store) {
    let dialect = Dialect::of(by);
    let known = tokens::items(text, dialect).unwrap_or_default();
    it.here = false;
    let worst = known.iter().map(|item| reading(item, dialect).change).max();
    change(it, worst.unwrap_or(Change::Writes).max(Change::Writes), store, span, by);
    for item in &known {
        acts(it, reading(item, dialect).acts, span, by);
    }
}

/// What a text of statements does.
pub(crate) fn statements(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Understood {
    all(it, text, span, by, &Store::Named(by.to_owned()))
}

fn all(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str, store: &Store) -> Understood {
    let dialect = Dialect::of(by);
    let Some(items) = tokens::items(text, dialect) else {
        it.opaque("statements that readers would split differently", span);
        change(it, Change::Writes, store, span, by);
        return Understood::Fully;
    };
    it.here &= !items.iter().any(goes_elsewhere);
    if items.iter().any(reads_passwords) {
        it.print_secret("passwords of a data store", span, by);
    }
    let readings: Vec<Reading> = items.iter().map(|item| reading(item, dialect)).collect();
    // Another database that is attached may be what is changed from then on.
    let attached = readings.iter().any(|reading| {
        reading
            .acts
            .iter()
            .any(|act| matches!(act, Act::Modify(_) | Act::Fetch(_)))
    });
    let store = match store {
        Store::Memory if attached => Store::Named(by.to_owned()),
        Store::Named(_) | Store::File(_) | Store::Memory => store.clone(),
    };
    for reading in readings {
        change(it, reading.change, &store, span, by);
        acts(it, reading.acts, span, by);
    }
    Understood::Fully
}

/// Whether a statement names a table in which a server keeps its users' passwords.
fn reads_passwords(item: &Item) -> bool {
    let Item::Statement(tokens) = item else { return false };
    let name = |token: &Token| match token {
        Token::Word(name) | Token::Name(name) => Some(name.to_ascii_lowercase()),
        Token::Text(_) | Token::Number(_) | Token::Sign(_) => None,
    };
    let names: Vec<Option<String>> = tokens.iter().map(name).collect();
    let is = |at: usize, wanted: &str| names.get(at).is_some_and(|name| name.as_deref() == Some(wanted));
    (0..tokens.len()).any(|at| {
        is(at, "pg_shadow")
            || is(at, "pg_authid")
            || is(at, "mysql") && matches!(tokens.get(at + 1), Some(Token::Sign('.'))) && is(at + 2, "user")
    })
}

/// Whether the client is told to talk to another server from then on: `\c - - other.example`.
fn goes_elsewhere(item: &Item) -> bool {
    let Item::Client(command) = item else { return false };
    let mut words = command.split_ascii_whitespace();
    let connects = matches!(words.next(), Some("\\c" | "\\connect" | "\\r"));
    let database = words.next();
    connects && (words.next().is_some() || database.is_some_and(|name| name.contains(['=', ':', '$', '`'])))
}

fn reading(item: &Item, dialect: Dialect) -> Reading {
    match item {
        Item::Client(command) => client::read(command, dialect),
        Item::Statement(tokens) => (dialect == Dialect::MySql)
            .then(|| client::mysql_word(tokens))
            .flatten()
            .unwrap_or_else(|| statement::read(tokens, dialect)),
    }
}

fn change(it: &mut Interpreter<'_>, change: Change, store: &Store, span: Span, by: &str) {
    let verb = match change {
        Change::Reads => Verb::DbRead,
        Change::Writes => Verb::DbWrite,
        Change::Destroys => Verb::DbDestroy,
    };
    let resource = match store {
        Store::Named(name) if it.here => Resource::Named(format!("{name}{}", crate::interpret::HERE)),
        Store::Named(name) => Resource::Named(name.clone()),
        Store::File(value) => Resource::Path(paths::target(value, &it.state.cwd, Use::Look, it.facts)),
        Store::Memory => return,
    };
    it.emit(verb, resource, Qualifiers::default(), span, by);
}

fn acts(it: &mut Interpreter<'_>, acts: Vec<Act>, span: Span, by: &str) {
    let path = |path: Option<String>| path.map_or_else(|| Value::hole(Bound::Any), |path| Value::text(path.as_str()));
    for act in acts {
        match act {
            Act::Read(file) => it.touch(PathRole::Read, &path(file), span, by, None),
            Act::List(directory) => it.touch(PathRole::List, &path(directory), span, by, None),
            Act::Write(file) => {
                let value = path(file);
                it.touch(PathRole::Write, &value, span, by, None);
                let target = paths::target(&value, &it.state.cwd, Use::Look, it.facts);
                if let Paths::One(full) = target.paths {
                    it.wrote(full, crate::value::Data::unknown(crate::value::Taint::default()), false);
                }
            }
            Act::Modify(file) => it.touch(PathRole::Modify, &path(file), span, by, None),
            Act::Delete(file) => it.touch(PathRole::Delete, &path(file), span, by, None),
            Act::Fetch(address) => {
                let host = crate::interpret::host_of(&path(address));
                it.emit(Verb::Fetch, Resource::Host(host), Qualifiers::default(), span, by);
            }
            Act::Run(Some(command)) => it.shell_text(&Value::text(command.as_str()), span, by),
            Act::Run(None) => it.opaque("a command that a database client runs", span),
            Act::Changes => {}
            Act::Opaque(why) => it.opaque(why, span),
        }
    }
}
