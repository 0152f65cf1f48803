//! Names that others chose, made into names that models, rules and terminals take.

use sha2::{Digest, Sha256};

/// The longest name of a tool that every provider takes.
pub(crate) const TOOL: usize = 64;
/// The longest name of a server, so that there is room for its tools'.
pub(crate) const SERVER: usize = 24;

/// A server's name. It holds no `__`, which ends it in the names of its tools.
pub(crate) fn server(written: &str) -> String {
    let mut name = plain(written);
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    let name = name.trim_matches('_').to_owned();
    match name.len() {
        0 => apart("server", written, SERVER),
        1..=SERVER => name,
        _ => apart(&name, written, SERVER),
    }
}

/// The full name of a server's tool, unless the name is taken: `taken` says so.
pub(crate) fn tool(server: &str, written: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let body = plain(written);
    // Of a name without a letter nothing is left that could be told apart.
    let empty = body.trim_matches('_').is_empty();
    let name = format!("mcp__{server}__{}", if empty { "tool" } else { &body });
    if name.len() <= TOOL && !empty && !taken(&name) {
        return name;
    }
    apart(&name, written, TOOL)
}

/// The name with a mark of what it was made from, within so many letters.
pub(crate) fn apart(name: &str, written: &str, most: usize) -> String {
    let mark: String = Sha256::digest(written.as_bytes())
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let room = most.saturating_sub(mark.len().saturating_add(1));
    // All of it is ASCII by now.
    let kept = name.get(..room.min(name.len())).unwrap_or_default();
    format!("{}_{mark}", kept.trim_end_matches('_'))
}

fn plain(written: &str) -> String {
    written
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '-' || letter == '_' {
                letter
            } else {
                '_'
            }
        })
        .collect()
}

/// Whether a shell takes it for the name of a variable.
pub(crate) fn is_variable(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Text of others in one line of a bounded length.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 400;
    let mut line: String = visible(text).chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

/// All of a text of others in one line, without what would steer a terminal or hide in it.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            letter if letter.is_control() => ' ',
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '?',
            '\u{e0000}'..='\u{e007f}' => '?',
            letter => letter,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{SERVER, TOOL, server, shown, tool};

    #[test]
    fn names_become_what_providers_take_and_a_server_ends_where_its_tools_begin() {
        for (written, name) in [
            ("git hub", "git_hub"),
            ("a__b", "a_b"),
            ("_a_", "a"),
            ("a-b_c9", "a-b_c9"),
        ] {
            assert_eq!(server(written), name);
        }
        assert!(server("日本").starts_with("server_"));
        assert_ne!(server("日本"), server("本日"));
        assert!(server(&"x".repeat(90)).len() <= SERVER);
        let free = |_: &str| false;
        assert_eq!(tool("s", "read.file", &free), "mcp__s__read_file");
        for written in ["", "日本", "a\u{202e}b", "x/y", &"long".repeat(50)] {
            let name = tool("s", written, &free);
            let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
            assert!(name.len() <= TOOL && name.chars().all(fits), "{name}");
            assert!(name.starts_with("mcp__s__"), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_mark_of_what_it_came_from() {
        let taken = |name: &str| name == "mcp__s__a_b";
        let (one, other) = (tool("s", "a.b", &taken), tool("s", "a/b", &taken));
        assert!(one != other && one.starts_with("mcp__s__a_b_"), "{one} {other}");
    }

    #[test]
    fn what_is_shown_steers_no_terminal() {
        assert_eq!(shown("a\u{1b}[2J\nb\u{202e}c"), "a [2J b?c");
        assert!(shown(&"x".repeat(1000)).ends_with('…'));
    }
}
