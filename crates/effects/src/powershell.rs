//! PowerShell: pipelines of cmdlets that only read, and programs started with plain words. Not a parser of the language:
//! variables, script blocks, expressions and everything else that computes is Opaque.

use placet_model::Span;

use crate::catalogue;
use crate::catalogue::table::PathRole;
use crate::interpret::{DEPTH, Interpreter};
use crate::value::{Arg, Data, Value};

/// Cmdlets that read what paths name.
const READERS: &[&str] = &[
    "get-content",
    "gc",
    "cat",
    "type",
    "import-csv",
    "get-filehash",
    "format-hex",
];

/// Cmdlets that look at names and attributes.
const LISTERS: &[&str] = &[
    "get-childitem",
    "gci",
    "ls",
    "dir",
    "test-path",
    "resolve-path",
    "get-item",
    "gi",
    "get-acl",
];

/// Cmdlets that print what the system says of itself.
const TELLERS: &[&str] = &[
    "get-location",
    "pwd",
    "gl",
    "get-date",
    "get-process",
    "gps",
    "ps",
    "get-service",
    "gsv",
    "get-host",
    "get-module",
    "gmo",
    "get-command",
    "gcm",
    "get-alias",
    "gal",
    "get-culture",
    "get-timezone",
    "get-uptime",
    "get-psdrive",
    "get-volume",
    "get-disk",
    "get-nettcpconnection",
    "get-netipaddress",
    "get-computerinfo",
    "get-executionpolicy",
    "get-random",
    "hostname",
    "whoami",
];

/// Cmdlets that only change what is shown of what comes down the pipeline.
const FILTERS: &[&str] = &[
    "where-object",
    "where",
    "?",
    "select-object",
    "select",
    "sort-object",
    "sort",
    "group-object",
    "group",
    "measure-object",
    "measure",
    "format-table",
    "ft",
    "format-list",
    "fl",
    "format-wide",
    "fw",
    "out-string",
    "out-host",
    "oh",
    "out-null",
    "get-member",
    "gm",
    "get-unique",
    "gu",
    "convertto-json",
    "convertto-csv",
    "convertfrom-json",
    "convertfrom-csv",
    "compare-object",
    "write-output",
    "echo",
    "write",
    "write-host",
    "join-path",
    "split-path",
];

/// Parameters without a value.
const SWITCHES: &[&str] = &[
    "-recurse",
    "-force",
    "-raw",
    "-file",
    "-directory",
    "-hidden",
    "-system",
    "-readonly",
    "-simplematch",
    "-casesensitive",
    "-allmatches",
    "-list",
    "-quiet",
    "-notmatch",
    "-unique",
    "-descending",
    "-autosize",
    "-wrap",
    "-line",
    "-word",
    "-character",
    "-sum",
    "-average",
    "-maximum",
    "-minimum",
    "-compress",
    "-notypeinformation",
    "-leaf",
    "-parent",
    "-all",
    "-listavailable",
    "-nonewline",
    "-hidetableheaders",
    "-noelement",
    "-asstring",
    "-isvalid",
];

/// Parameters with a value that names no path.
const VALUES: &[&str] = &[
    "-tail",
    "-totalcount",
    "-head",
    "-first",
    "-last",
    "-skip",
    "-index",
    "-filter",
    "-include",
    "-exclude",
    "-depth",
    "-pattern",
    "-context",
    "-encoding",
    "-property",
    "-expandproperty",
    "-excludeproperty",
    "-groupby",
    "-id",
    "-format",
    "-uformat",
    "-delimiter",
    "-header",
    "-pathtype",
    "-algorithm",
    "-module",
    "-commandtype",
    "-erroraction",
    "-ea",
    "-like",
    "-notlike",
    "-match",
    "-eq",
    "-ne",
    "-gt",
    "-ge",
    "-lt",
    "-le",
    "-contains",
    "-notcontains",
    "-in",
    "-notin",
    "-childpath",
    "-width",
    "-displayname",
    "-foregroundcolor",
];

/// Names that stand for cmdlets, so that no program is meant by them.
const ALIASES: &[&str] = &[
    "ac", "asnp", "cd", "chdir", "clc", "clear", "clhy", "cli", "clp", "cls", "clv", "cp", "copy", "cpi", "cpp",
    "curl", "cvpa", "dbp", "del", "diff", "ebp", "epal", "epcsv", "erase", "etsn", "exsn", "fc", "fhx", "foreach", "h",
    "history", "icm", "iex", "ihy", "ii", "ipal", "ipcsv", "ipmo", "ipsn", "irm", "ise", "iwmi", "iwr", "kill", "lp",
    "man", "md", "mi", "mkdir", "more", "mount", "move", "mp", "mv", "nal", "ndr", "ni", "nmo", "npssc", "nsn", "nv",
    "popd", "pushd", "r", "rbp", "rcjb", "rcsn", "rd", "rdr", "ren", "ri", "rjb", "rm", "rmdir", "rmo", "rni", "rnp",
    "rp", "rsn", "rsnp", "rujb", "rv", "rvpa", "rwmi", "sajb", "sal", "saps", "sasv", "sbp", "sc", "set", "shcm", "si",
    "sl", "sleep", "sls", "sp", "spjb", "spps", "spsv", "start", "sujb", "sv", "swmi", "tee", "trcm", "wget", "wjb",
    "if", "for", "while", "do", "switch", "function", "filter", "try", "trap", "return", "throw", "exit", "begin",
    "process", "end", "param", "class", "using", "data", "break", "continue", "help",
];

/// Adds the effects of a text; false, with nothing added, where it is more than such pipelines.
pub(crate) fn apply(it: &mut Interpreter<'_>, text: &str, span: Span) -> bool {
    let Some(statements) = statements(text) else {
        return false;
    };
    if it.context.depth >= DEPTH || !statements.iter().all(is_understood) {
        return false;
    }
    for statement in &statements {
        run(it, statement, span);
    }
    true
}

/// The words of the commands of a pipeline.
type Pipeline = Vec<Vec<Word>>;

/// A word and whether any of it was quoted.
struct Word {
    text: String,
    quoted: bool,
}

impl Word {
    /// The text in small letters, as names of cmdlets and parameters are compared.
    fn name(&self) -> String {
        self.text.to_ascii_lowercase()
    }
}

/// Whether every command is known, in its place.
fn is_understood(pipeline: &Pipeline) -> bool {
    pipeline.iter().enumerate().all(|(index, words)| {
        let Some((head, rest)) = words.split_first() else {
            return false;
        };
        let name = head.name();
        let name = name.as_str();
        if head.quoted {
            return false;
        }
        let cmdlet = FILTERS.contains(&name) || name == "select-string";
        if cmdlet || READERS.contains(&name) || LISTERS.contains(&name) || TELLERS.contains(&name) {
            let names_files = READERS.contains(&name) || LISTERS.contains(&name) || name == "select-string";
            return (index == 0 || cmdlet || READERS.contains(&name))
                && paths_of(rest).is_some_and(|paths| !names_files || paths.iter().all(|path| is_file_path(path)));
        }
        // What comes down a pipeline is text for a program, which may run it.
        index == 0
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !ALIASES.contains(&name)
            && !name.contains('-')
            && catalogue::find(&head.text).is_some()
    })
}

/// The operands and the values of `-Path`; `None` if a parameter is not known.
fn paths_of(words: &[Word]) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = word.name();
        if word.quoted || !name.starts_with('-') || name.len() < 2 {
            out.extend(word.text.split(',').map(|path| path.trim().to_owned()));
        } else if VALUES.contains(&name.as_str()) {
            words.next()?;
        } else if !SWITCHES.contains(&name.as_str()) && !matches!(name.as_str(), "-path" | "-literalpath" | "-name") {
            return None;
        }
    }
    Some(out)
}

/// A drive may also be the environment, the certificates or the registry.
fn is_file_path(path: &str) -> bool {
    match path.split_once(':') {
        Some((drive, rest)) => drive.len() == 1 && !rest.contains(':'),
        None => !path.starts_with("\\\\") && !path.starts_with("//"),
    }
}

fn run(it: &mut Interpreter<'_>, pipeline: &Pipeline, span: Span) {
    let reads_on = |from: usize| {
        pipeline.iter().skip(from + 1).any(|words| {
            words
                .first()
                .is_some_and(|word| READERS.contains(&word.name().as_str()) || word.name() == "select-string")
        })
    };
    for (index, words) in pipeline.iter().enumerate() {
        let Some((head, rest)) = words.split_first() else {
            continue;
        };
        let name = head.name();
        let mut paths = paths_of(rest).unwrap_or_default();
        let role = if READERS.contains(&name.as_str()) {
            PathRole::Read
        } else if LISTERS.contains(&name.as_str()) {
            if paths.is_empty() {
                paths.push(".".to_owned());
            }
            // The names that it gives are read by what comes after.
            if reads_on(index) {
                PathRole::Sweep
            } else {
                PathRole::List
            }
        } else if name == "select-string" {
            let named = rest.iter().any(|word| word.name() == "-pattern");
            if !named && !paths.is_empty() {
                paths.remove(0);
            }
            PathRole::Sweep
        } else if TELLERS.contains(&name.as_str()) || FILTERS.contains(&name.as_str()) {
            continue;
        } else {
            let args: Vec<Arg> = words
                .iter()
                .map(|word| Arg {
                    value: Value::text(word.text.as_str()),
                    span,
                    many: false,
                })
                .collect();
            // It reads what the user types, not the text that runs here.
            it.within(
                |context| {
                    context.depth = context.depth.saturating_add(1);
                    context.inner = true;
                },
                |it| {
                    it.subshell(|it| it.with_stdin(Data::default(), |it| it.capture(|it| it.invoke(&args, &[], span))))
                },
            );
            continue;
        };
        for path in paths {
            // A wildcard stands for names below its directory.
            let path = path.replace('\\', "/");
            let fixed = path.split(['*', '?']).next().unwrap_or("");
            let (path, role) = match fixed.rsplit_once('/') {
                _ if fixed.len() == path.len() => (path.clone(), role),
                Some((directory, _)) => (format!("{directory}/"), PathRole::Sweep),
                None => (".".to_owned(), PathRole::Sweep),
            };
            it.touch(role, &Value::text(path), span, "PowerShell", None);
        }
    }
}

/// The statements of a text; `None` at anything that computes.
fn statements(text: &str) -> Option<Vec<Pipeline>> {
    let mut out: Vec<Pipeline> = vec![vec![Vec::new()]];
    let mut word: Option<Word> = None;
    let mut rest = text.chars().peekable();
    let end_word = |out: &mut Vec<Pipeline>, word: &mut Option<Word>| {
        if let Some(word) = word.take() {
            out.last_mut()?.last_mut()?.push(word);
        }
        Some(())
    };
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' => end_word(&mut out, &mut word)?,
            ';' | '\n' | '\r' => {
                end_word(&mut out, &mut word)?;
                out.push(vec![Vec::new()]);
            }
            '&' if rest.peek() == Some(&'&') && word.is_none() => {
                rest.next();
                out.push(vec![Vec::new()]);
            }
            '|' => {
                end_word(&mut out, &mut word)?;
                if rest.peek() == Some(&'|') {
                    rest.next();
                    out.push(vec![Vec::new()]);
                } else {
                    out.last_mut()?.push(Vec::new());
                }
            }
            '\'' | '"' => {
                let word = word.get_or_insert(Word {
                    text: String::new(),
                    quoted: false,
                });
                word.quoted = true;
                loop {
                    let inner = rest.next()?;
                    if inner == c {
                        if rest.peek() != Some(&c) {
                            break;
                        }
                        rest.next();
                    } else if c == '"' && matches!(inner, '$' | '`') {
                        return None;
                    }
                    word.text.push(inner);
                }
            }
            c if c.is_alphanumeric()
                || matches!(
                    c,
                    '-' | '.' | '/' | '\\' | '_' | ':' | '~' | '*' | '?' | ',' | '=' | '+' | '^'
                ) =>
            {
                // `.` and `?` as commands are the dot operator and a filter.
                word.get_or_insert(Word {
                    text: String::new(),
                    quoted: false,
                })
                .text
                .push(c);
            }
            _ => return None,
        }
    }
    end_word(&mut out, &mut word)?;
    out.retain(|pipeline| !matches!(pipeline.as_slice(), [words] if words.is_empty()));
    (!text.contains("::") && !out.is_empty()).then_some(out)
}
