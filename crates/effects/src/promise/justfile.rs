//! What a change to a justfile adds: recipe lines as just would hand them to the shell. What just computes or runs by itself,
//! and another shell, leave the doubt.

use super::difference::difference;
use super::{Both, Here};
use crate::manifest;

/// Whether everything that was added is understood and harmless.
pub(super) fn harmless(here: &Here<'_, '_>, both: &Both) -> bool {
    let (old, new) = (
        manifest::make_text_lines(&both.old),
        manifest::make_text_lines(&both.new),
    );
    // Lines that no shell of the usual kind gets.
    let other_shell = |line: &String| {
        let text = line.trim();
        text.starts_with("set ") && (text.contains("shell") || text.contains("interpreter"))
            || text.starts_with("#!") && !text.ends_with("sh")
            || text.starts_with("[script")
    };
    if new.iter().any(other_shell) {
        return false;
    }
    let Some(difference) = difference(&old, &new) else {
        return false;
    };
    // A guard in front of a recipe, or the line that ends a recipe.
    let gone = difference
        .removed
        .iter()
        .all(|line| line.starts_with([' ', '\t']) || is_plain(line));
    gone && difference.added.iter().all(|line| {
        if line.starts_with([' ', '\t']) {
            let command = line.trim().trim_start_matches(['@', '-']);
            manifest::just_line(command).is_some_and(|command| here.runs_harmlessly(&command))
        } else {
            is_plain(line)
        }
    })
}

/// Whether the line only names: a recipe and what it needs, a comment, a setting that runs nothing.
fn is_plain(line: &str) -> bool {
    let text = line.trim();
    if text.is_empty() || text.starts_with("# ") || text == "#" {
        return true;
    }
    if matches!(
        text,
        "[private]" | "[no-cd]" | "set dotenv-load" | "set dotenv-load := true" | "set quiet"
    ) {
        return true;
    }
    if text.starts_with("[group(") || text.starts_with("[doc(") {
        return text.ends_with(")]") && !text.contains('`');
    }
    // `name *arguments="default": needs`
    let name = |word: &str| {
        let word = word.trim_start_matches(['*', '+', '@', '$']);
        let (word, default) = word.split_once('=').unwrap_or((word, ""));
        let default = default.trim_matches(['"', '\'']);
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            && default
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    };
    match text.split_once(':') {
        Some((_, needs)) if needs.starts_with('=') => false,
        Some((head, needs)) => {
            let first = head.split_whitespace().next().unwrap_or("");
            !matches!(first, "set" | "import" | "mod" | "alias" | "export" | "")
                && head.split_whitespace().all(name)
                && needs.split_whitespace().all(|word| word == "&&" || name(word))
        }
        None => false,
    }
}
