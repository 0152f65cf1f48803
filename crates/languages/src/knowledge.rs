//! The form of the facts about modules and functions, and how they are found. The facts themselves are the tables
//! in this directory, one file per family. A fact says what a call does, never whether it may.

mod names;
mod node;
mod node_packages;
mod perl;
mod python_packages;
mod python_std;
mod ruby;

use crate::Language;

/// Where a fact takes a value from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Slot {
    /// A URL, a host, or what an object of options has for it (JavaScript).
    Address,
    /// Every argument, and the elements of those that are lists.
    All,
    /// The argument at this place or with this keyword.
    At(usize, &'static str),
    /// What the receiver is about: the path of an open file, the address of a connection.
    Held,
    /// The last argument.
    Last,
    /// Nothing: the call has no such thing.
    Never,
    /// A field of the object of options among the arguments (JavaScript).
    Option(&'static str),
    /// The object of options among the arguments (JavaScript).
    Options,
    /// Every argument from this one on, as [`Slot::All`].
    Rest(usize),
    /// Nothing can be said.
    Unknown,
}

/// What a call does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    /// Changes the directory that relative paths are in.
    ChangeDirectory(Slot),
    ChangeMode(Slot),
    ChangeOwner(Slot),
    /// Ties the receiver to an address.
    Connect(Slot),
    Copy(Slot, Slot),
    CreateDirectory(Slot),
    Database(Slot),
    /// The same, in the file that the receiver is about.
    DatabaseFile(Slot),
    /// A whole tree when the option says so, else a file.
    DeleteAsAsked(Slot, Slot),
    DeleteFile(Slot),
    DeleteTree(Slot),
    Dynamic(&'static str),
    /// Only when the argument is given and may be true.
    DynamicIf(Slot, &'static str),
    /// Only when the argument is, or may be, one of these.
    DynamicWith(Slot, &'static [&'static str], &'static str),
    Fetch(Slot),
    /// A fetch, or a send when data is given.
    FetchOrSend(Slot, Slot),
    Import(Slot),
    Link {
        target: Slot,
        link: Slot,
    },
    List(Slot),
    Listen,
    Move(Slot, Slot),
    /// Opens a file in a mode like `r+`.
    Open {
        path: Slot,
        mode: Slot,
        default: &'static str,
    },
    /// Opens a file, or runs a command when the name begins with `|` (Ruby).
    OpenOrPipe {
        path: Slot,
        mode: Slot,
    },
    /// Opens as Perl does: with a mode of its own, or with one inside the name.
    OpenPerl,
    /// Gives the receiver's data to this argument.
    PipeTo(Slot),
    Print,
    ReadEnvironment(Slot),
    ReadFile(Slot),
    /// A web request whose method is text, with its address and options.
    Request {
        method: Slot,
        url: Slot,
    },
    /// Code as text.
    RunCode(Slot),
    RunFile(Slot),
    /// One text is a command line of a shell, several are a program and its arguments (Perl, Ruby).
    RunEither,
    /// All arguments from here are program and arguments.
    RunRest(usize),
    RunShell(Slot),
    /// Code when it is a text, else a function.
    RunText(Slot),
    /// A program and a list of its arguments; the option says whether a shell is used.
    Run {
        program: Slot,
        arguments: Slot,
        shell: Slot,
    },
    Send(Slot, Slot),
    /// Only when data is given.
    SendIfGiven(Slot, Slot),
    SetEnvironment(Slot, Slot),
    Signal(Slot),
    /// Writes to the file that this argument is.
    Write {
        file: Slot,
        content: Slot,
        append: bool,
    },
    /// The same, only when content is given.
    WriteIfGiven {
        file: Slot,
        content: Slot,
    },
}

/// What a call is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Gives {
    /// A text or collection that is the first argument's.
    Argument(usize),
    /// The attribute of the first argument whose name is the second.
    AttributeOf,
    Base64Decoded,
    Base64Encoded,
    /// The first argument, decoded as the second says.
    Encoded,
    HexDecoded,
    PercentDecoded,
    Rot13,
    /// The working directory.
    Here,
    /// The home directory.
    Home,
    /// The home directory for a leading `~`.
    ExpandHome,
    JoinPaths,
    /// Paths put one after the other: an absolute one does not stand alone.
    JoinTexts,
    DirectoryOf,
    BaseNameOf,
    /// Paths inside the first argument.
    EntryPaths,
    /// Names in a directory.
    Entries,
    /// What `os.walk` gives.
    Walk,
    /// The module that the argument names.
    Module,
    /// Something about the first argument: an object on which known methods can be called.
    Object,
    /// The same as another function's result, about the first argument.
    ObjectOf(&'static str),
    /// A path object.
    Path,
    /// A function that is the first argument with some arguments bound.
    Partial,
    /// The receiver.
    Receiver,
    /// A new file in the directory for temporary files.
    TemporaryFile,
    /// A descriptor and the path of such a file.
    TemporaryPair,
    /// A new path in the directory for temporary files.
    TemporaryPath,
    /// The element of the collection that is the argument, with its index.
    Numbered,
    /// Elements of several collections.
    Zipped,
    /// A collection of the same elements.
    Elements,
    /// What the first argument, a function, gives for the elements of the others.
    Mapped,
    /// Keys and values.
    Pairs,
    /// The words of a command line or sentence.
    Words,
    Unknown,
}

/// One fact: the function's dotted name, what a call of it does and what it is worth.
pub(crate) type Fact = (&'static str, &'static [Does], Gives);

/// What is known of a module from its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    /// Part of the language or a well-known public module.
    Known,
    /// Somebody's own.
    Local,
}

/// The fact about a function.
pub(crate) fn fact(language: Language, name: &str) -> Option<&'static Fact> {
    let tables: [&[Fact]; 2] = match language {
        Language::Python => [python_std::FACTS, python_packages::FACTS],
        Language::JavaScript | Language::TypeScript => [node::FACTS, node_packages::FACTS],
        Language::Perl => [perl::FACTS, &[]],
        Language::Ruby => [ruby::FACTS, &[]],
    };
    let find = |wanted: &str| tables.iter().find_map(|t| t.iter().find(|(name, ..)| *name == wanted));
    if let Some(fact) = find(name) {
        return Some(fact);
    }
    // `ctypes.*`: everything in a module.
    let mut rest = name;
    while let Some((head, _)) = rest.rsplit_once('.') {
        if let Some(fact) = tables.iter().find_map(|t| {
            t.iter()
                .find(|(name, ..)| name.strip_suffix(".*").is_some_and(|prefix| prefix == head))
        }) {
            return Some(fact);
        }
        rest = head;
    }
    None
}

/// Whether calling a function does something.
pub(crate) fn acts(language: Language, name: &str) -> bool {
    fact(language, name).is_some_and(|(_, does, _)| !does.is_empty())
}

/// Whether a dotted name is in a module of the language itself, whose functions the facts list.
pub(crate) fn is_own(language: Language, name: &str) -> bool {
    let first = name.split(['.', '(', '[']).next().unwrap_or(name);
    match language {
        Language::Python => first == "builtins" || names::PYTHON_MODULES.contains(&first),
        Language::JavaScript | Language::TypeScript => names::NODE_MODULES.contains(&first),
        Language::Perl => true,
        Language::Ruby => ruby::CONSTANTS.iter().any(|(_, full)| *full == first),
    }
}

/// What a method call does when nothing is known of the receiver: only names that hardly mean anything else.
pub(crate) fn telling_method(language: Language, name: &str) -> Option<&'static Fact> {
    let table = match language {
        Language::Python => python_std::TELLING_METHODS,
        Language::JavaScript | Language::TypeScript => node::TELLING_METHODS,
        Language::Perl => perl::TELLING_METHODS,
        Language::Ruby => ruby::TELLING_METHODS,
    };
    table.iter().find(|(method, ..)| *method == name)
}

/// What a method of the thing that a task gets does, in the files of task runners for Python: the session of nox takes a
/// program and its arguments, the context of Invoke and Fabric a line for a shell.
pub(crate) fn task_method(file: Option<&str>, name: &str) -> Option<Does> {
    let file = file?.rsplit('/').next()?;
    match (file, name) {
        ("noxfile.py", "run" | "run_always" | "run_install") => Some(Does::RunRest(0)),
        ("tasks.py" | "fabfile.py", "run" | "sudo" | "local") => Some(Does::RunShell(Slot::At(0, "command"))),
        _ => None,
    }
}

/// The dotted name under which a name without a definition is known, if it is one of the language's own.
pub(crate) fn builtin(language: Language, name: &str) -> Option<&'static str> {
    let table = match language {
        Language::Python => names::PYTHON_BUILTINS,
        Language::JavaScript | Language::TypeScript => names::JAVASCRIPT_GLOBALS,
        Language::Perl => return function_alone(perl::FACTS, name),
        Language::Ruby => ruby::CONSTANTS,
    };
    let constant = table.iter().find(|(short, _)| *short == name).map(|(_, full)| *full);
    match language {
        Language::Ruby => constant.or_else(|| function_alone(ruby::FACTS, name)),
        Language::JavaScript | Language::Perl | Language::Python | Language::TypeScript => constant,
    }
}

/// The name of a function that is called without module or receiver.
fn function_alone(facts: &'static [Fact], name: &str) -> Option<&'static str> {
    facts.iter().find(|(fact, ..)| *fact == name).map(|(fact, ..)| *fact)
}

/// Whether every Ruby object has a method of this name, and it does something.
pub(crate) fn acts_alone(name: &str) -> bool {
    ruby::FACTS
        .iter()
        .any(|(fact, does, _)| *fact == name && !does.is_empty())
}

/// Whether a method that is called without a receiver is Ruby's own.
pub(crate) fn ruby_method(name: &str) -> bool {
    ruby::PLAIN_METHODS.contains(&name) || builtin(Language::Ruby, name).is_some()
}

/// Whether a function is Perl's own and only computes.
pub(crate) fn perl_computes(name: &str) -> bool {
    perl::PLAIN_FUNCTIONS.contains(&name)
}

/// The name under which the facts know a module or member.
pub(crate) fn canonical(language: Language, name: &str) -> String {
    let aliases = match language {
        Language::Python => names::PYTHON_ALIASES,
        Language::JavaScript | Language::TypeScript => names::JAVASCRIPT_ALIASES,
        Language::Perl | Language::Ruby => &[],
    };
    let name = match language {
        Language::Python => through_other_modules(name),
        Language::Perl | Language::Ruby => name,
        Language::JavaScript | Language::TypeScript => {
            let name = name.strip_prefix("node:").unwrap_or(name);
            // `globalThis.fetch` is `fetch`.
            let name = name.strip_prefix("globalThis.").unwrap_or(name);
            // The forms that wait do the same.
            match name.strip_suffix("Sync") {
                Some(plain) if name.starts_with("fs") || name.starts_with("Deno.") => plain,
                _ => name,
            }
        }
    };
    for (from, to) in aliases {
        if let Some(rest) = name.strip_prefix(from)
            && (rest.is_empty() || rest.starts_with('.'))
        {
            return canonical(language, &format!("{to}{rest}"));
        }
    }
    name.to_owned()
}

/// `shutil.os.remove` is `os.remove`: modules show what they import.
fn through_other_modules(name: &str) -> &str {
    let root = name.split('.').next().unwrap_or(name);
    for (at, _) in name.match_indices('.') {
        let Some(rest) = name.get(at + 1..) else { continue };
        let first = rest.split('.').next().unwrap_or(rest);
        if first == root {
            continue;
        }
        if matches!(
            first,
            "os" | "sys" | "subprocess" | "shutil" | "socket" | "builtins" | "importlib" | "ctypes"
        ) && !name.starts_with("asyncio.subprocess")
        {
            return rest;
        }
        if matches!(first, "_os" | "_sys" | "_shutil") {
            return rest.get(1..).unwrap_or(rest);
        }
    }
    name
}

/// Whether a module is the language's own or a well-known one.
pub(crate) fn standing(language: Language, module: &str) -> Standing {
    let known = match language {
        Language::Python => {
            let first = module.split('.').next().unwrap_or(module);
            names::PYTHON_MODULES.contains(&first) || names::PYTHON_PACKAGES.contains(&first)
        }
        Language::JavaScript | Language::TypeScript => {
            let module = module.strip_prefix("node:").unwrap_or(module);
            // `@scope/name/part` and `name/part`.
            let parts = if module.starts_with('@') { 2 } else { 1 };
            let name: Vec<&str> = module.split('/').take(parts).collect();
            !module.starts_with(['.', '/'])
                && (names::NODE_MODULES.contains(&name.concat().as_str())
                    || names::NODE_PACKAGES.contains(&name.join("/").as_str()))
        }
        Language::Perl => perl::LIBRARIES.contains(&module.split("::").next().unwrap_or(module)),
        Language::Ruby => ruby::LIBRARIES.contains(&module.split(['/', '.']).next().unwrap_or(module)),
    };
    if known { Standing::Known } else { Standing::Local }
}

/// Names whose use as an attribute reaches into the language itself.
pub(crate) fn reaches_inside(name: &str) -> bool {
    matches!(
        name,
        "f_globals"
            | "f_builtins"
            | "__loader__"
            | "__spec__"
            | "__subclasses__"
            | "__globals__"
            | "__builtins__"
            | "__code__"
            | "__getattribute__"
    )
}

/// Whether a name is the process environment.
pub(crate) fn is_environment(name: &str) -> bool {
    matches!(
        name,
        "os.environ" | "os.environb" | "process.env" | "Bun.env" | "Deno.env" | "ENV"
    )
}

/// Whether what is shown of a thing of this name holds all of the environment.
pub(crate) fn holds_environment(name: &str) -> bool {
    is_environment(name) || matches!(name, "process" | "os.__dict__")
}

/// The module whose members a mapping like `os.__dict__` holds.
pub(crate) fn mapping_of_members(name: &str) -> Option<&str> {
    name.strip_suffix(".__dict__")
}

/// Whether something is known of members of this name.
pub(crate) fn has_members(language: Language, name: &str) -> bool {
    let tables: [&[Fact]; 2] = match language {
        Language::Python => [python_std::FACTS, python_packages::FACTS],
        Language::JavaScript | Language::TypeScript => [node::FACTS, node_packages::FACTS],
        Language::Perl => [perl::FACTS, &[]],
        Language::Ruby => [ruby::FACTS, &[]],
    };
    if matches!(name, "globalThis" | "builtins") {
        return true;
    }
    tables.iter().any(|t| {
        t.iter()
            .any(|(fact, does, _)| !does.is_empty() && fact.strip_prefix(name).is_some_and(|r| r.starts_with('.')))
    })
}

/// Whether importing a module is already more than can be read: code that is not in this language.
pub(crate) fn acts_when_imported(module: &str) -> bool {
    matches!(module, "ctypes" | "cffi" | "_ctypes" | "ffi-napi" | "bun:ffi" | "koffi")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LANGUAGES: [(Language, [&[Fact]; 2]); 4] = [
        (Language::Perl, [perl::FACTS, &[]]),
        (Language::Ruby, [ruby::FACTS, &[]]),
        (Language::Python, [python_std::FACTS, python_packages::FACTS]),
        (Language::JavaScript, [node::FACTS, node_packages::FACTS]),
    ];

    #[test]
    fn every_fact_has_one_place() {
        for (language, tables) in LANGUAGES {
            let mut seen = BTreeSet::new();
            for (name, ..) in tables.iter().flat_map(|t| t.iter()) {
                assert!(seen.insert(*name), "{language:?} {name} is said twice");
            }
        }
    }

    #[test]
    fn every_fact_is_found_under_the_name_that_code_gives_it() {
        for (language, tables) in LANGUAGES {
            for (name, ..) in tables.iter().flat_map(|t| t.iter()) {
                assert_eq!(canonical(language, name), *name, "{language:?}");
            }
        }
    }

    #[test]
    fn names_lists_have_no_doubles() {
        for list in [
            names::PYTHON_MODULES,
            names::PYTHON_PACKAGES,
            names::NODE_MODULES,
            names::NODE_PACKAGES,
        ] {
            let once: BTreeSet<_> = list.iter().collect();
            assert_eq!(once.len(), list.len());
        }
    }
}
