//! PHP and Lua by strict readers of their calls: which functions a program calls, with which texts. Not a parser: order and
//! conditions don't count, everything in the text is taken to run. A call of something that is not known here, a name that
//! is computed, a function that is handed around leave the doubt.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a token or an operation without a rule of its own adds nothing that is known"
)]

mod lua;
mod php;
mod tokens;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::operation::{Analysis, Carries, Operation, Text, What};
use tokens::{Kind, Token};

/// A longer program is not read.
const LONGEST: usize = 256 * 1024;

/// The language of a script that is read for its calls.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Script {
    /// Lua 5.
    Lua,
    /// PHP; `true` where the text is code from its first letter on, as behind `php -r`.
    Php(bool),
}

/// Everything that the program could do when it runs.
///
/// Never fails and never panics: what could not be understood makes the analysis incomplete.
#[must_use]
pub fn analyse_script(script: Script, text: &str) -> Analysis {
    if text.len() > LONGEST {
        return Analysis::not_understood();
    }
    let read = || match script {
        Script::Lua => lua::read(text),
        Script::Php(bare) => php::read(text, bare),
    };
    catch_unwind(AssertUnwindSafe(read))
        .ok()
        .flatten()
        .unwrap_or_else(Analysis::not_understood)
}

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    /// It computes.
    Nothing,
    /// Its argument at this place is a function, which it calls.
    Calls(usize),
    ChangeMode,
    ChangeOwner,
    Code,
    Copy,
    Database,
    DeleteFile,
    Dynamic(&'static str),
    /// The environment: one variable, or all without an argument.
    Environment,
    Fetch,
    Import,
    Link,
    List,
    MakeDirectory,
    Move,
    /// A file in a mode.
    Open,
    Print,
    /// The environment, printed.
    PrintAll,
    ReadFile,
    Run,
    Send,
    SetEnvironment,
    Write,
}

/// The operations found so far.
struct Found {
    operations: Vec<Operation>,
    carries: Carries,
    prints: bool,
    complete: bool,
}

impl Found {
    fn new() -> Self {
        Self {
            operations: Vec::new(),
            carries: Carries::default(),
            prints: false,
            complete: true,
        }
    }

    fn add(&mut self, what: What, at: usize) {
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        let operation = Operation {
            what,
            span: (place, place),
            carries: Carries::default(),
        };
        if !self.operations.contains(&operation) {
            self.operations.push(operation);
        }
    }

    fn dynamic(&mut self, why: &'static str, at: usize) {
        self.add(What::Dynamic(why), at);
    }

    /// A variable of the environment whose value goes somewhere; every one if none is named.
    fn environment(&mut self, name: Text, at: usize) {
        self.add(What::ReadEnvironment(name.clone()), at);
        if !self.carries.environment.contains(&name) {
            self.carries.environment.push(name);
        }
    }

    fn file(&mut self, path: Text, at: usize) {
        self.add(What::ReadFile(path.clone()), at);
        if !self.carries.files.contains(&path) {
            self.carries.files.push(path);
        }
    }

    /// What a call with these arguments does.
    fn call(&mut self, does: Does, arguments: &[Text], at: usize) {
        let argument = |place: usize| arguments.get(place).cloned().unwrap_or(Text::Unknown);
        let first = argument(0);
        if self.elsewhere(does, &first, &argument(1), at) {
            return;
        }
        match does {
            Does::Nothing | Does::Calls(_) => {}
            Does::ChangeMode => self.add(What::ChangeMode(first), at),
            Does::ChangeOwner => self.add(What::ChangeOwner(first), at),
            Does::Code => self.dynamic("code made of a text", at),
            Does::Copy => self.add(
                What::Copy {
                    from: first,
                    to: argument(1),
                },
                at,
            ),
            Does::Database => self.add(
                What::Database {
                    statement: first,
                    file: None,
                },
                at,
            ),
            Does::DeleteFile => self.add(What::DeleteFile(first), at),
            Does::Dynamic(why) => self.dynamic(why, at),
            Does::Environment if arguments.is_empty() => self.environment(Text::Unknown, at),
            Does::Environment => self.environment(first, at),
            Does::Fetch => {
                self.add(What::Fetch(first.clone()), at);
                self.carries.network.push(first);
            }
            Does::Import => match first {
                Text::Known(name) => self.add(What::ImportLocal(Text::Known(name)), at),
                Text::Prefix(_) | Text::Unknown => self.dynamic("a file of code that can't be told", at),
            },
            Does::Link => self.add(
                What::Link {
                    target: first,
                    link: argument(1),
                },
                at,
            ),
            Does::List => self.add(What::ListDirectory(first), at),
            Does::MakeDirectory => self.add(What::CreateDirectory(first), at),
            Does::Move => self.add(
                What::Move {
                    from: first,
                    to: argument(1),
                },
                at,
            ),
            Does::Open => self.open(first, arguments.get(1), at),
            Does::Print => self.prints = true,
            Does::PrintAll => {
                self.environment(Text::Unknown, at);
                self.prints = true;
            }
            Does::ReadFile => self.read_or_fetch(first, at),
            Does::Run => self.add(
                What::RunShell {
                    command: first,
                    directory: None,
                },
                at,
            ),
            Does::Send => self.add(
                What::Send {
                    to: first,
                    what: Vec::new(),
                },
                at,
            ),
            Does::SetEnvironment => {
                let (name, value) = match &first {
                    Text::Known(pair) => match pair.split_once('=') {
                        Some((name, value)) => (Text::Known(name.to_owned()), Text::Known(value.to_owned())),
                        None => (first.clone(), Text::Known(String::new())),
                    },
                    Text::Prefix(_) | Text::Unknown => (Text::Unknown, Text::Unknown),
                };
                self.add(What::SetEnvironment { name, value }, at);
            }
            Does::Write => self.add(
                What::WriteFile {
                    path: first,
                    content: argument(1),
                    append: false,
                },
                at,
            ),
        }
    }

    fn open(&mut self, path: Text, mode: Option<&Text>, at: usize) {
        let mode = match mode {
            None => "r",
            Some(Text::Known(mode)) => mode.as_str(),
            Some(Text::Prefix(_) | Text::Unknown) => "r+",
        };
        if mode.starts_with('r') {
            self.read_or_fetch(path.clone(), at);
        }
        if mode.contains(['w', 'a', 'x', 'c', '+']) {
            self.add(
                What::WriteFile {
                    path,
                    content: Text::Unknown,
                    append: mode.starts_with('a'),
                },
                at,
            );
        }
    }

    /// A path that is an address, where the language takes one for the other; whether the call is told by that.
    fn elsewhere(&mut self, does: Does, path: &Text, second: &Text, at: usize) -> bool {
        let scheme = |path: &Text| match path {
            Text::Known(text) | Text::Prefix(text) => Scheme::of(text),
            Text::Unknown => Scheme::File,
        };
        match does {
            Does::Import => {
                let here = scheme(path) == Scheme::File;
                if !here {
                    self.dynamic("code that comes from elsewhere", at);
                }
                !here
            }
            Does::Copy | Does::Move => {
                let (from, to) = (scheme(path), scheme(second));
                if from == Scheme::File && to == Scheme::File {
                    return false;
                }
                if from == Scheme::Network && to == Scheme::File {
                    self.read_or_fetch(path.clone(), at);
                    self.add(
                        What::WriteFile {
                            path: second.clone(),
                            content: Text::Unknown,
                            append: false,
                        },
                        at,
                    );
                } else {
                    self.dynamic("a stream with a scheme of its own", at);
                }
                true
            }
            Does::Write
            | Does::Open
            | Does::ReadFile
            | Does::DeleteFile
            | Does::Link
            | Does::List
            | Does::MakeDirectory => match scheme(path) {
                Scheme::File => false,
                Scheme::Network if does == Does::ReadFile => false,
                Scheme::Network => {
                    self.add(
                        What::Send {
                            to: path.clone(),
                            what: Vec::new(),
                        },
                        at,
                    );
                    true
                }
                Scheme::Standard => {
                    self.prints |= does != Does::ReadFile;
                    true
                }
                Scheme::Other => {
                    self.dynamic("a stream with a scheme of its own", at);
                    true
                }
            },
            Does::Nothing
            | Does::Calls(_)
            | Does::ChangeMode
            | Does::ChangeOwner
            | Does::Code
            | Does::Database
            | Does::Dynamic(_)
            | Does::Environment
            | Does::Fetch
            | Does::Print
            | Does::PrintAll
            | Does::Run
            | Does::Send
            | Does::SetEnvironment => false,
        }
    }

    /// A path, or an address where the language takes one for the other.
    fn read_or_fetch(&mut self, path: Text, at: usize) {
        match &path {
            Text::Known(text) | Text::Prefix(text) if Scheme::of(text) == Scheme::Network => {
                self.add(What::Fetch(path.clone()), at);
                self.carries.network.push(path);
            }
            Text::Known(text) => {
                let local = text.strip_prefix("file://").unwrap_or(text);
                self.file(Text::Known(local.to_owned()), at);
            }
            Text::Prefix(_) | Text::Unknown => self.file(path, at),
        }
    }

    /// All of it. What is read anywhere may go wherever something goes.
    fn finish(mut self) -> Analysis {
        if self.prints && !self.carries.is_empty() {
            self.add(What::Print, 0);
        }
        for operation in &mut self.operations {
            match operation.what {
                What::Print
                | What::Send { .. }
                | What::Fetch(_)
                | What::WriteFile { .. }
                | What::RunShell { .. }
                | What::RunProgram { .. } => operation.carries = self.carries.clone(),
                _ => {}
            }
        }
        Analysis {
            operations: self.operations,
            complete: self.complete,
        }
    }
}

/// What a path leads to by what stands in front of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// A file.
    File,
    /// A server.
    Network,
    /// What the program was given, or memory.
    Standard,
    /// Filters, archives, programs, data in the path itself.
    Other,
}

impl Scheme {
    fn of(path: &str) -> Self {
        let lower = path.trim_start().to_ascii_lowercase();
        let Some((scheme, rest)) = lower.split_once("://") else {
            return if lower.starts_with("data:") {
                Self::Other
            } else {
                Self::File
            };
        };
        match scheme {
            "file" => Self::File,
            "http" | "https" | "ftp" | "ftps" => Self::Network,
            "php" => {
                let name = rest.split('/').next().unwrap_or(rest);
                match name {
                    "stdin" | "stdout" | "stderr" | "output" | "input" | "memory" | "temp" => Self::Standard,
                    _ => Self::Other,
                }
            }
            _ => Self::Other,
        }
    }
}

/// Variables that are set once, to a text that is known.
fn constants(tokens: &[Token], concat: &str) -> BTreeMap<String, Option<Text>> {
    let mut out: BTreeMap<String, Option<Text>> = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let Kind::Variable(name) = &token.kind else { continue };
        let next = tokens.get(at + 1).map(|token| &token.kind);
        let sets = matches!(next, Some(Kind::Sign('=')))
            && !matches!(tokens.get(at + 2).map(|t| &t.kind), Some(Kind::Sign('=')));
        // `.=`, `+=`, `[`, `->`, a reference: the value is no longer the text that was put there.
        let changes = matches!(next, Some(Kind::Sign('.' | '+' | '-' | '*' | '?' | '[')))
            && tokens.get(at + 2).is_some_and(|token| token.kind == Kind::Sign('='))
            || at > 0 && tokens.get(at - 1).is_some_and(|token| token.kind == Kind::Sign('&'));
        if sets && !out.contains_key(name) {
            let rest = tokens.get(at + 2..).unwrap_or_default();
            let end = rest.iter().position(|token| token.ends()).unwrap_or(rest.len());
            let value = text_of(rest.get(..end).unwrap_or_default(), concat, &out);
            out.insert(
                name.clone(),
                Some(value).filter(|value| matches!(value, Text::Known(_))),
            );
        } else if sets || changes {
            out.insert(name.clone(), None);
        }
    }
    out
}

/// The text that an expression of texts is.
fn text_of(tokens: &[Token], concat: &str, constants: &BTreeMap<String, Option<Text>>) -> Text {
    let mut out = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let part = match &token.kind {
            Kind::Operator(sign) if *sign == concat && at > 0 => continue,
            Kind::Text(text) => text.clone(),
            Kind::Variable(name) => constants.get(name).cloned().flatten().unwrap_or(Text::Unknown),
            _ => Text::Unknown,
        };
        match part {
            Text::Known(text) => out.push_str(&text),
            Text::Prefix(text) => return Text::Prefix(out + &text),
            Text::Unknown if out.is_empty() => return Text::Unknown,
            Text::Unknown => return Text::Prefix(out),
        }
    }
    if tokens.is_empty() {
        Text::Unknown
    } else {
        Text::Known(out)
    }
}

/// The arguments of a call whose parenthesis is at `open`, each with its tokens, and where it ends.
fn arguments(tokens: &[Token], open: usize) -> (Vec<&[Token]>, usize) {
    let mut out = Vec::new();
    let mut depth = 0_usize;
    let mut start = open + 1;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    if at > start {
                        out.push(tokens.get(start..at).unwrap_or_default());
                    }
                    return (out, at);
                }
            }
            Kind::Sign(',') if depth == 1 => {
                out.push(tokens.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    (out, tokens.len())
}
