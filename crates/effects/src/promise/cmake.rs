//! What a change to a `CMakeLists.txt` says: targets, their sources and libraries, versions. Commands that run something,
//! load something or are not known here leave the doubt.

use super::Both;
use super::difference::difference;

/// A command with its arguments as written.
#[derive(PartialEq)]
struct Invocation {
    name: String,
    arguments: Vec<String>,
}

/// Endings of files that are compiled, not run.
const SOURCES: &[&str] = &[
    "c", "cc", "cpp", "cxx", "c++", "h", "hh", "hpp", "hxx", "inl", "ipp", "m", "mm", "cu", "cuh", "f90", "s", "S",
    "rc", "qrc", "ui", "ixx", "cppm", "proto",
];

/// Settings of CMake that only choose how the language is read.
const SETTINGS: &[&str] = &[
    "CMAKE_C_STANDARD",
    "CMAKE_C_STANDARD_REQUIRED",
    "CMAKE_C_EXTENSIONS",
    "CMAKE_CXX_STANDARD",
    "CMAKE_CXX_STANDARD_REQUIRED",
    "CMAKE_CXX_EXTENSIONS",
    "CMAKE_EXPORT_COMPILE_COMMANDS",
    "CMAKE_BUILD_TYPE",
    "CMAKE_POSITION_INDEPENDENT_CODE",
    "BUILD_SHARED_LIBS",
];

/// Whether everything that was changed is known to run nothing.
pub(super) fn harmless(both: &Both) -> bool {
    if let (Some(old), Some(new)) = (invocations(&both.old), invocations(&both.new)) {
        return difference(&old, &new).is_some_and(|difference| {
            difference
                .removed
                .iter()
                .chain(&difference.added)
                .all(|one| is_inert(one))
        });
    }
    // Lines out of a list of sources.
    let sources = |text: &str| text.split_whitespace().all(is_source);
    both.fragment && sources(&both.old) && sources(&both.new)
}

fn is_inert(one: &Invocation) -> bool {
    let arguments = one.arguments.as_slice();
    let all = |holds: fn(&str) -> bool| arguments.iter().all(|word| holds(word));
    match one.name.as_str() {
        "add_executable" | "add_library" | "target_sources" => all(|word| is_word(word) && !word.starts_with('-')),
        "target_link_libraries" => all(|word| is_word(word) && !word.starts_with('-')),
        "target_include_directories" | "include_directories" | "source_group" => all(is_directory),
        "target_compile_features" | "enable_testing" => all(is_word),
        // A path would name another place to load from.
        "find_package" => all(|word| is_word(word) && !word.contains(['/', '$'])),
        "cmake_minimum_required" | "project" => all(|word| is_word(word) || is_text(word)),
        "target_compile_definitions" | "add_compile_definitions" => all(|word| is_word(word.trim_start_matches("-D"))),
        "target_compile_options" | "add_compile_options" => all(is_warning),
        "add_subdirectory" => all(|word| is_word(word) && !word.starts_with(['/', '$', '~'])),
        "set" => match arguments {
            [name, values @ ..] => {
                (SETTINGS.contains(&name.as_str())
                    || !name.starts_with("CMAKE_") && is_word(name) && !name.contains('$'))
                    && values.iter().all(|word| is_source(word) || is_switch(word))
            }
            [] => false,
        },
        "option" => arguments.iter().all(|word| is_word(word) || is_text(word)),
        "message" => arguments.iter().all(|word| is_word(word) || is_text(word)),
        _ => false,
    }
}

/// A word without anything that CMake or a shell computes, but for the value of a variable.
fn is_word(word: &str) -> bool {
    !word.is_empty()
        && !word.contains("..")
        && word.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'-' | b'.' | b'/' | b':' | b'+' | b'=' | b'$' | b'{' | b'}')
        })
        && !word.contains("$ENV")
}

fn is_directory(word: &str) -> bool {
    is_word(word.trim_matches('"')) && !word.starts_with('-')
}

fn is_text(word: &str) -> bool {
    word.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .is_some_and(|inner| !inner.contains(['$', '\\']))
}

fn is_source(word: &str) -> bool {
    is_word(word)
        && !word.starts_with(['-', '/', '$'])
        && word
            .rsplit_once('.')
            .is_some_and(|(_, ending)| SOURCES.contains(&ending))
}

fn is_switch(word: &str) -> bool {
    matches!(
        word,
        "ON" | "OFF" | "TRUE" | "FALSE" | "Release" | "Debug" | "RelWithDebInfo"
    ) || !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn is_warning(word: &str) -> bool {
    let flag = word.strip_prefix("-W").is_some_and(|name| {
        !name.contains(',')
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'=' | b'+'))
    });
    flag || matches!(
        word,
        "PRIVATE" | "PUBLIC" | "INTERFACE" | "-O0" | "-O1" | "-O2" | "-O3" | "-g" | "-Os" | "-pedantic"
    ) || is_word(word) && !word.starts_with('-') && !word.contains('$')
}

/// The commands of a file; `None` if it is not fully understood.
fn invocations(text: &str) -> Option<Vec<Invocation>> {
    let mut out = Vec::new();
    let mut rest = skipped(text)?;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        let name = rest.get(..end)?.to_ascii_lowercase();
        if name.is_empty() {
            return None;
        }
        rest = rest.get(end..)?.trim_start_matches([' ', '\t']).strip_prefix('(')?;
        let mut arguments = Vec::new();
        let mut depth = 0_u32;
        loop {
            rest = skipped(rest)?;
            let first = rest.chars().next()?;
            let length = match first {
                ')' if depth == 0 => {
                    rest = rest.get(1..)?;
                    break;
                }
                ')' => {
                    depth -= 1;
                    1
                }
                '(' => {
                    depth += 1;
                    1
                }
                '"' => quoted(rest)?,
                '[' => return None,
                _ => rest.find([' ', '\t', '\n', '(', ')', '"', '#']).unwrap_or(rest.len()),
            };
            let word = rest.get(..length)?;
            // An escape or a quote inside of a word: legal, and rare.
            if first != '"' && word.contains('\\') {
                return None;
            }
            arguments.push(word.to_owned());
            rest = rest.get(length..)?;
        }
        out.push(Invocation { name, arguments });
        rest = skipped(rest)?;
    }
    Some(out)
}

/// The length of a quoted argument with its quotes.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at.checked_add(1),
            _ => {}
        }
    }
    None
}

/// The text after blanks and line comments; `None` at a comment in brackets.
fn skipped(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix('#') {
        if comment.starts_with('[') {
            return None;
        }
        rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    Some(rest)
}
