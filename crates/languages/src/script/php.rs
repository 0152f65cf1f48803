//! PHP: its own functions, classes and functions of the text. Functions by their names in variables and texts, and classes
//! that nothing here defines, leave the doubt.

use std::collections::BTreeSet;

use super::tokens::{Kind, Token, known, quoted, word};
use super::{Does, Found, arguments, constants, text_of};
use crate::operation::{Analysis, Text, What};

#[rustfmt::skip]
const FACTS: &[(&str, Does)] = &[
    ("system", Does::Run), ("exec", Does::Run), ("passthru", Does::Run), ("shell_exec", Does::Run), ("popen", Does::Run),
    ("proc_open", Does::Run), ("pcntl_exec", Does::Dynamic("a program in place of this one")),
    ("unlink", Does::DeleteFile), ("rmdir", Does::DeleteFile), ("file_put_contents", Does::Write), ("fopen", Does::Open),
    ("touch", Does::Write), ("tempnam", Does::Nothing), ("tmpfile", Does::Nothing), ("file_get_contents", Does::ReadFile),
    ("readfile", Does::ReadFile), ("file", Does::ReadFile), ("parse_ini_file", Does::ReadFile),
    ("highlight_file", Does::ReadFile), ("show_source", Does::ReadFile), ("php_strip_whitespace", Does::ReadFile),
    ("simplexml_load_file", Does::ReadFile), ("md5_file", Does::ReadFile), ("hash_file", Does::ReadFile),
    ("sha1_file", Does::ReadFile), ("getimagesize", Does::ReadFile), ("copy", Does::Copy), ("rename", Does::Move),
    ("move_uploaded_file", Does::Move), ("mkdir", Does::MakeDirectory), ("chmod", Does::ChangeMode),
    ("chown", Does::ChangeOwner), ("chgrp", Does::ChangeOwner), ("symlink", Does::Link), ("link", Does::Link),
    ("scandir", Does::List), ("opendir", Does::List), ("glob", Does::List), ("dir", Does::List),
    ("getenv", Does::Environment), ("putenv", Does::SetEnvironment), ("phpinfo", Does::PrintAll),
    ("phpcredits", Does::Print), ("mail", Does::Send), ("curl_init", Does::Fetch), ("fsockopen", Does::Send),
    ("pfsockopen", Does::Send), ("stream_socket_client", Does::Send), ("get_headers", Does::Fetch),
    ("curl_setopt", Does::Send), ("curl_setopt_array", Does::Send), ("socket_connect", Does::Send), ("ftp_connect", Does::Send),
    ("mysqli_connect", Does::Nothing), ("mysqli_query", Does::Database), ("pg_query", Does::Database),
    ("sqlite_query", Does::Database), ("eval", Does::Code), ("assert", Does::Code), ("create_function", Does::Code),
    ("include", Does::Import), ("include_once", Does::Import), ("require", Does::Import), ("require_once", Does::Import),
    ("unserialize", Does::Dynamic("objects made of data")), ("dl", Does::Dynamic("a library that is loaded")),
    ("ini_set", Does::Dynamic("a setting of the interpreter")), ("extract", Does::Dynamic("variables by computed names")),
    ("parse_str", Does::Nothing), ("call_user_func", Does::Calls(0)), ("call_user_func_array", Does::Calls(0)),
    ("array_map", Does::Calls(0)), ("array_filter", Does::Calls(1)), ("array_walk", Does::Calls(1)),
    ("array_reduce", Does::Calls(1)), ("usort", Does::Calls(1)), ("uasort", Does::Calls(1)), ("uksort", Does::Calls(1)),
    ("preg_replace_callback", Does::Calls(1)), ("register_shutdown_function", Does::Calls(0)), ("ob_start", Does::Calls(0)),
    ("set_error_handler", Does::Calls(0)), ("set_exception_handler", Does::Calls(0)), ("spl_autoload_register", Does::Calls(0)),
    ("iterator_apply", Does::Calls(1)), ("forward_static_call", Does::Calls(0)), ("array_walk_recursive", Does::Calls(1)),
    ("print", Does::Print), ("printf", Does::Print), ("print_r", Does::Print), ("var_dump", Does::Print),
    ("var_export", Does::Print), ("fwrite", Does::Print), ("fputs", Does::Print), ("vprintf", Does::Print),
    ("fprintf", Does::Print), ("fputcsv", Does::Print), ("debug_zval_refcount", Does::Print), ("error_log", Does::Print),
];

/// Functions that only compute, read what is already open, or ask the interpreter about itself.
#[rustfmt::skip]
const COMPUTES: &[&str] = &[
    "abs", "array", "basename", "base64_decode", "base64_encode", "base_convert", "bin2hex", "bindec", "boolval", "ceil",
    "checkdate", "chr", "class_exists", "compact", "constant", "count", "crc32", "current", "curl_close", "curl_exec",
    "curl_getinfo", "curl_error", "curl_errno", "date", "decbin", "dechex", "decoct", "define", "defined", "die", "dirname",
    "doubleval", "each", "empty", "end", "escapeshellarg", "escapeshellcmd", "exit", "exp", "explode", "extension_loaded",
    "fclose", "feof", "fgetcsv", "fgets", "fgetc", "fread", "file_exists", "filemtime", "filesize", "fileperms", "filter_var",
    "floatval", "floor", "flush", "fmod", "fscanf", "fseek", "ftell", "func_get_args", "function_exists", "gc_collect_cycles",
    "get_class", "get_object_vars", "get_loaded_extensions", "getcwd", "getdate", "gethostname", "getmypid", "gettype",
    "gmdate", "hash", "hash_algos", "header", "hex2bin", "hexdec", "hrtime", "htmlspecialchars", "http_build_query", "implode", "in_array",
    "ini_get", "intdiv", "intval", "is_a", "is_array", "is_bool", "is_callable", "is_dir", "is_file", "is_float", "is_int",
    "is_null", "is_numeric", "is_object", "is_readable", "is_string", "is_writable", "isset", "iterator_to_array", "join",
    "json_decode", "json_encode", "json_last_error", "json_last_error_msg", "key", "key_exists", "krsort", "ksort", "lcfirst",
    "levenshtein", "list", "localeconv", "log", "log10", "ltrim", "max", "md5", "memory_get_peak_usage", "memory_get_usage",
    "method_exists", "microtime", "min", "mktime", "natsort", "next", "nl2br", "number_format", "ob_get_clean", "octdec",
    "ord", "parse_url", "pathinfo", "php_sapi_name", "php_uname", "phpversion", "pi", "pow", "preg_grep", "preg_last_error",
    "preg_match", "preg_match_all", "preg_quote", "preg_replace", "preg_split", "prev", "property_exists", "rand",
    "random_bytes", "random_int", "range", "rawurldecode", "rawurlencode", "realpath", "reset", "rewind", "round", "rsort",
    "rtrim", "serialize", "set_time_limit", "sha1", "shuffle", "similar_text", "sizeof", "sleep", "sort", "sprintf", "sqrt",
    "strval", "strtotime", "sys_get_temp_dir", "time", "trim", "ucfirst", "ucwords", "uniqid", "unset", "urldecode",
    "urlencode", "usleep", "utf8_decode", "utf8_encode", "version_compare", "vsprintf", "wordwrap", "error_reporting",
    "mt_rand", "mt_srand", "password_hash", "password_verify", "ctype_alpha", "ctype_digit", "ctype_upper", "trigger_error",
    "stream_get_contents", "closedir", "readdir", "pclose", "proc_close", "date_default_timezone_set", "fflush", "iterator_count",
];

/// Beginnings of the names of families that only compute.
const FAMILIES: &[&str] = &[
    "str",
    "substr",
    "array_",
    "mb_",
    "ctype_",
    "date_",
    "iconv",
    "math_",
    "bc",
    "gmp_",
    "html",
    "ucwords",
    "spl_object",
    "token_",
    "cal_",
];

/// Words before a parenthesis that call nothing.
const KEYWORDS: &[&str] = &[
    "if",
    "elseif",
    "else",
    "while",
    "for",
    "foreach",
    "switch",
    "match",
    "catch",
    "function",
    "fn",
    "return",
    "echo",
    "and",
    "or",
    "xor",
    "use",
    "static",
    "isset",
    "empty",
    "unset",
    "list",
    "array",
    "declare",
    "yield",
    "throw",
    "case",
    "as",
    "do",
    "print",
    "try",
    "finally",
    "class",
    "extends",
    "implements",
    "new",
    "instanceof",
    "global",
    "public",
    "private",
    "protected",
    "const",
    "int",
    "string",
    "bool",
    "float",
    "mixed",
    "void",
    "self",
];

/// Classes that hold or compute.
const CLASSES: &[&str] = &[
    "datetime",
    "datetimeimmutable",
    "dateinterval",
    "datetimezone",
    "dateperiod",
    "arrayobject",
    "arrayiterator",
    "stdclass",
    "exception",
    "runtimeexception",
    "invalidargumentexception",
    "logicexception",
    "errorexception",
    "typeerror",
    "splstack",
    "splqueue",
    "splobjectstorage",
    "splpriorityqueue",
    "splfixedarray",
    "domdocument",
    "domxpath",
    "pdo",
    "closure",
    "self",
    "static",
    "parent",
    "class",
    "json_throw_on_error",
];

/// Reads a program; `bare`: code from the first letter on.
pub(super) fn read(text: &str, bare: bool) -> Option<Analysis> {
    let mut found = Found::new();
    let tokens = tokens(text, bare, &mut found)?;
    let own = own_names(&tokens);
    let constants = constants(&tokens, ".");
    for at in 0..tokens.len() {
        step(&tokens, at, &own, &constants, &mut found);
    }
    Some(found.finish())
}

type Constants = std::collections::BTreeMap<String, Option<Text>>;

fn step(tokens: &[Token], at: usize, own: &BTreeSet<String>, constants: &Constants, found: &mut Found) {
    let Some(token) = tokens.get(at) else { return };
    let next = tokens.get(at + 1).map(|token| &token.kind);
    let previous = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| &token.kind);
    let calls = next == Some(&Kind::Sign('('));
    let values = || -> Vec<Text> {
        let (parts, _) = arguments(tokens, at + 1);
        parts.iter().map(|part| text_of(part, ".", constants)).collect()
    };
    match &token.kind {
        Kind::Command(text) => found.call(Does::Run, std::slice::from_ref(text), token.at),
        Kind::Variable(name) if matches!(name.as_str(), "_ENV" | "_SERVER" | "GLOBALS") => {
            let key = match (next, tokens.get(at + 2).map(|token| &token.kind)) {
                (Some(Kind::Sign('[')), Some(Kind::Text(Text::Known(key)))) => Text::Known(key.clone()),
                _ => Text::Unknown,
            };
            let of_request = matches!(&key, Text::Known(key) if name == "_SERVER" && matches!(key.as_str(), "argv" | "argc" | "REQUEST_TIME" | "SCRIPT_NAME" | "REQUEST_URI" | "REQUEST_METHOD"));
            if name == "GLOBALS" {
                found.dynamic("variables by computed names", token.at);
            } else if !of_request {
                found.environment(key, token.at);
            }
        }
        Kind::Variable(name) if calls && previous != Some(&Kind::Member) => {
            if !own.contains(&format!("${name}")) {
                found.dynamic("a function whose name is computed", token.at);
            }
        }
        Kind::Variable(_) if previous == Some(&Kind::Member) && calls => {
            found.dynamic("a method whose name is computed", token.at)
        }
        Kind::Variable(_) if matches!(previous, Some(Kind::Sign('$'))) => {
            found.dynamic("a variable whose name is computed", token.at)
        }
        Kind::Variable(_) if matches!(previous, Some(Kind::Name(word)) if word == "new") => {
            found.dynamic("a class whose name is computed", token.at)
        }
        Kind::Text(_) | Kind::Sign(')' | ']') if calls => {
            found.dynamic("a function that is chosen when it runs", token.at)
        }
        Kind::Name(name) => {
            let lower = name.trim_start_matches('\\').to_ascii_lowercase();
            let is_new = matches!(previous, Some(Kind::Name(word)) if word == "new");
            if previous == Some(&Kind::Member) {
                if calls {
                    method(&lower, &values(), token.at, own, found);
                }
            } else if is_new || next == Some(&Kind::Member) {
                if !CLASSES.contains(&lower.as_str()) && !own.contains(&lower) {
                    found.dynamic("a class that nothing here defines", token.at);
                }
            } else if matches!(lower.as_str(), "include" | "include_once" | "require" | "require_once") {
                let rest = tokens.get(at + 1..).unwrap_or_default();
                let end = rest
                    .iter()
                    .position(|token| token.kind == Kind::Sign(';'))
                    .unwrap_or(rest.len());
                let inside: Vec<Token> = rest
                    .get(..end)
                    .unwrap_or_default()
                    .iter()
                    .filter(|token| !matches!(token.kind, Kind::Sign('(' | ')')))
                    .cloned()
                    .collect();
                let path = match inside.as_slice() {
                    [
                        Token {
                            kind: Kind::Name(here), ..
                        },
                        Token {
                            kind: Kind::Operator("."),
                            ..
                        },
                        below @ ..,
                    ] if here == "__DIR__" => match text_of(below, ".", constants) {
                        Text::Known(path) => Text::Known(format!(".{path}")),
                        Text::Prefix(_) | Text::Unknown => Text::Unknown,
                    },
                    inside => text_of(inside, ".", constants),
                };
                found.call(Does::Import, &[path], token.at);
            } else if lower == "echo" || lower == "print" {
                found.prints = true;
            } else if calls && matches!(previous, Some(Kind::Name(word)) if word == "function" || word == "fn") {
                // It is defined here.
            } else if calls {
                function(&lower, tokens, at, &values(), own, constants, found);
            }
        }
        Kind::Variable(_) | Kind::Text(_) | Kind::Number | Kind::Member | Kind::Operator(_) | Kind::Sign(_) => {}
    }
}

fn function(
    name: &str,
    tokens: &[Token],
    at: usize,
    values: &[Text],
    own: &BTreeSet<String>,
    constants: &Constants,
    found: &mut Found,
) {
    let place = tokens.get(at).map_or(0, |token| token.at);
    let fact = FACTS.iter().find(|(known, _)| *known == name).map(|(_, does)| *does);
    match fact {
        _ if KEYWORDS.contains(&name) || own.contains(name) => {}
        Some(Does::Calls(argument)) => {
            let (parts, _) = arguments(tokens, at + 1);
            match parts.get(argument) {
                None => {}
                Some(
                    [
                        Token {
                            kind: Kind::Name(word), ..
                        },
                        ..,
                    ],
                ) if matches!(word.as_str(), "function" | "fn" | "static" | "null") => {}
                Some(part) => match text_of(part, ".", constants) {
                    Text::Known(callback) => {
                        let callback = callback.to_ascii_lowercase();
                        if is_pure(&callback) || own.contains(&callback) {
                            return;
                        }
                        match FACTS.iter().find(|(known, _)| *known == callback) {
                            Some((_, does)) => found.call(*does, &[], place),
                            None => found.dynamic("a function that nothing here defines", place),
                        }
                    }
                    Text::Prefix(_) | Text::Unknown => match part {
                        [
                            Token {
                                kind: Kind::Variable(variable),
                                ..
                            },
                        ] if own.contains(&format!("${variable}")) => {}
                        _ => found.dynamic("a function whose name is computed", place),
                    },
                },
            }
        }
        // Only some settings are more than how much and how loud.
        Some(Does::Dynamic(_))
            if name == "ini_set"
                && matches!(values.first(), Some(Text::Known(setting)) if matches!(setting.as_str(), "display_errors" | "memory_limit" | "max_execution_time" | "precision" | "date.timezone" | "error_reporting")) =>
            {}
        // What goes along is not told, and the address is that of `curl_init`.
        Some(Does::Send) if name.starts_with("curl_setopt") => {
            let carries = tokens.get(at..).unwrap_or_default().iter().any(|token| {
                matches!(&token.kind, Kind::Name(option) if option.contains("POST") || option.contains("UPLOAD") || option.contains("CUSTOMREQUEST") || option.contains("READ") || option.contains("INFILE"))
            });
            if carries {
                found.add(
                    What::Send {
                        to: Text::Unknown,
                        what: Vec::new(),
                    },
                    place,
                );
            }
        }
        Some(Does::Environment) if values.is_empty() => found.environment(Text::Unknown, place),
        Some(does) => found.call(does, values, place),
        None if is_pure(name) => {}
        None => found.dynamic("a function that nothing here defines", place),
    }
}

fn is_pure(name: &str) -> bool {
    let known = COMPUTES.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family));
    // `stream_…` and `str…` share letters, `array_map` calls what it is given.
    known && !name.starts_with("stream_") && !FACTS.iter().any(|(fact, _)| *fact == name)
}

/// A method, of whatever it is called on.
fn method(name: &str, values: &[Text], at: usize, own: &BTreeSet<String>, found: &mut Found) {
    match name {
        "query" | "exec" | "prepare" | "multi_query" => found.call(Does::Database, values, at),
        "load" | "loadhtmlfile" => found.call(Does::ReadFile, values, at),
        "format"
        | "modify"
        | "diff"
        | "add"
        | "sub"
        | "gettimestamp"
        | "getmessage"
        | "getcode"
        | "gettraceasstring"
        | "fetch"
        | "fetchall"
        | "fetchcolumn"
        | "execute"
        | "push"
        | "pop"
        | "count"
        | "current"
        | "next"
        | "key"
        | "valid"
        | "rewind"
        | "settimezone"
        | "loadhtml"
        | "loadxml"
        | "getelementsbytagname"
        | "getattribute"
        | "item"
        | "setattribute"
        | "__construct"
        | "begintransaction"
        | "commit" => {}
        _ if own.contains(name) => {}
        _ => found.dynamic("a method that nothing here defines", at),
    }
}

/// Functions and classes of the text by their names in small letters, and `$name` of variables that hold a function.
fn own_names(tokens: &[Token]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Name(word) if matches!(word.as_str(), "function" | "class" | "interface" | "trait" | "enum") => {
                if let Some(Kind::Name(name)) = tokens.get(at + 1).map(|token| &token.kind) {
                    out.insert(name.to_ascii_lowercase());
                }
            }
            Kind::Variable(name) if tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Sign('=')) => {
                let holds = matches!(tokens.get(at + 2).map(|token| &token.kind), Some(Kind::Name(word)) if word == "function" || word == "fn");
                let name = format!("${name}");
                if holds && !out.contains(&format!("!{name}")) {
                    out.insert(name);
                } else if !holds {
                    // Set to something else as well: no function of the text alone.
                    out.remove(&name);
                    out.insert(format!("!{name}"));
                }
            }
            Kind::Name(_)
            | Kind::Variable(_)
            | Kind::Text(_)
            | Kind::Command(_)
            | Kind::Number
            | Kind::Member
            | Kind::Operator(_)
            | Kind::Sign(_) => {}
        }
    }
    out
}

fn tokens(text: &str, bare: bool, found: &mut Found) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut at = 0;
    if !bare {
        at = opened(text, 0);
        found.prints = true;
    }
    while let Some(c) = text.get(at..)?.chars().next() {
        let rest = text.get(at..)?;
        let start = at;
        let mut push = |kind| out.push(Token { kind, at: start });
        if rest.starts_with("?>") {
            push(Kind::Sign(';'));
            at = opened(text, at + 2);
        } else if c.is_whitespace() {
            at += c.len_utf8();
        } else if c == '#' && !rest.starts_with("#[") || rest.starts_with("//") {
            // A comment ends with the line, or with the code.
            let line = rest.find('\n').unwrap_or(rest.len());
            at += rest.find("?>").map_or(line, |end| end.min(line));
        } else if rest.starts_with("/*") {
            at += rest.find("*/")? + 2;
        } else if rest.starts_with("<<<") {
            let (body, length) = heredoc(rest)?;
            push(Kind::Text(body));
            at += length;
        } else if c == '\'' {
            let (inside, length) = quoted(rest.get(1..)?, c, true)?;
            push(Kind::Text(Text::Known(inside)));
            at += 1 + length;
        } else if c == '"' || c == '`' {
            let raw = rest.get(1..)?;
            let (inside, length) = quoted(raw, c, false)?;
            let text = interpolated(raw.get(..length)?, inside);
            push(if c == '`' {
                Kind::Command(text)
            } else {
                Kind::Text(text)
            });
            at += 1 + length;
            // Code inside of a text is not read.
            if raw.get(..length)?.contains("{$") && raw.get(..length)?.contains('(') {
                found.dynamic("code inside of a text", start);
            }
        } else if c == '$' {
            let name = rest.get(1..)?;
            let length = word(name, &[]);
            if length == 0 {
                push(Kind::Sign('$'));
                at += 1;
            } else {
                push(Kind::Variable(name.get(..length)?.to_owned()));
                at += 1 + length;
            }
        } else if c.is_ascii_digit() {
            push(Kind::Number);
            at += word(rest, &['.']);
        } else if c.is_alphabetic() || c == '_' || c == '\\' {
            let length = word(rest, &['\\']);
            push(Kind::Name(rest.get(..length)?.to_owned()));
            at += length.max(1);
        } else if let Some(member) = ["?->", "->", "::"].iter().find(|sign| rest.starts_with(**sign)) {
            push(Kind::Member);
            at += member.len();
        } else if let Some(operator) = [
            "===", "!==", "==", "!=", "<=", ">=", "=>", "&&", "||", "??", "**", "++", "--",
        ]
        .iter()
        .find(|sign| rest.starts_with(**sign))
        {
            push(Kind::Operator(operator));
            at += operator.len();
        } else if c == '.' && !rest.starts_with(".=") && !rest.starts_with("...") {
            push(Kind::Operator("."));
            at += 1;
        } else {
            push(Kind::Sign(c));
            at += c.len_utf8();
        }
    }
    Some(out)
}

/// Where the code behind the next opening tag begins.
fn opened(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    match rest.find("<?") {
        None => text.len(),
        Some(tag) => {
            let inside = rest.get(tag + 2..).unwrap_or_default();
            let skipped = ["php", "="]
                .iter()
                .find(|word| inside.starts_with(**word))
                .map_or(0, |word| word.len());
            from + tag + 2 + skipped
        }
    }
}

/// A text in double quotes: known up to the first variable.
fn interpolated(raw: &str, inside: String) -> Text {
    let mut escaped = false;
    let computed = raw.char_indices().any(|(at, c)| {
        let follows = raw
            .get(at + 1..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '{'));
        let is = !escaped
            && (c == '$' && follows || c == '{' && raw.get(at + 1..).is_some_and(|rest| rest.starts_with('$')));
        escaped = c == '\\' && !escaped;
        is
    });
    let at = computed.then(|| inside.find(['$', '{']).unwrap_or(0));
    known(inside, at)
}

/// A here-document and its length.
fn heredoc(text: &str) -> Option<(Text, usize)> {
    let (head, body) = text.split_once('\n')?;
    let label = head.get(3..)?.trim();
    let plain = label.starts_with('\'');
    let label = label.trim_matches(['\'', '"']);
    if label.is_empty() || !label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    let mut length = head.len() + 1;
    let mut lines = Vec::new();
    for line in body.split_inclusive('\n') {
        if let Some(rest) = line.trim_start().strip_prefix(label)
            && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        {
            length += line.len() - rest.len();
            let inside: String = lines.concat();
            let computed = !plain && inside.contains(['$', '{', '\\']);
            return Some((if computed { Text::Unknown } else { Text::Known(inside) }, length));
        }
        length += line.len();
        lines.push(line);
    }
    None
}
