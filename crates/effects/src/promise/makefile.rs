//! What a change to a Makefile adds: recipe lines as make would hand them to the shell. Anything that make itself runs or
//! computes, and any line of another kind than rules, plain variables and comments, leaves the doubt.

use super::{Both, Here};
use crate::manifest;

/// Variables that change how make runs everything else.
const POWERFUL: &[&str] = &[
    "SHELL",
    "MAKE",
    "MAKEFLAGS",
    "MAKEFILES",
    "VPATH",
    "GNUMAKEFLAGS",
    "PATH",
];

/// Words that begin a line which is no rule.
const DIRECTIVES: &[&str] = &[
    "include", "-include", "sinclude", "define", "load", "-load", "export", "unexport", "override", "undefine",
    "vpath", "private",
];

/// Whether everything that was added is understood and harmless.
pub(super) fn harmless(here: &Here<'_, '_>, both: &Both) -> bool {
    let (old, new) = if both.fragment {
        (in_a_rule(&both.old), in_a_rule(&both.new))
    } else {
        (both.old.clone(), both.new.clone())
    };
    let before = manifest::make_text_lines(&old);
    let lines_are_plain = manifest::make_text_lines(&new)
        .iter()
        .filter(|line| !before.contains(line))
        .all(|line| is_plain(line));
    if assigned_twice(&new) {
        return false;
    }
    let known = manifest::make_lines(&old);
    lines_are_plain
        && manifest::make_lines(&new)
            .iter()
            .filter(|line| !known.contains(line))
            .all(|line| here.runs_harmlessly(line))
}

/// Whether a variable is given more than once: which value counts then depends on the kinds of assignment.
fn assigned_twice(text: &str) -> bool {
    let mut seen: Vec<String> = Vec::new();
    for line in manifest::make_text_lines(text) {
        if line.starts_with('\t') || line.starts_with('#') {
            continue;
        }
        let Some((head, _)) = line.split_once('=') else {
            continue;
        };
        let name = head.trim_end_matches([':', '?', '+', ' ', '\t']).trim().to_owned();
        if seen.contains(&name) {
            return true;
        }
        seen.push(name);
    }
    false
}

/// Recipe lines without their rule get one.
fn in_a_rule(text: &str) -> String {
    if text.starts_with('\t') {
        format!("fragment:\n{text}")
    } else {
        text.to_owned()
    }
}

/// Whether make does nothing with the line but hand it to the shell, or remember it.
fn is_plain(line: &str) -> bool {
    if line.starts_with('\t') {
        return has_plain_references(line);
    }
    let text = line.trim();
    if text.is_empty() || text.starts_with('#') {
        return true;
    }
    if line.starts_with(' ') || !has_plain_references(text) {
        return false;
    }
    match text.split_once('=') {
        Some((head, _)) => {
            // What is added to a value is not the value.
            if head.ends_with('+') {
                return false;
            }
            let name = head.trim_end_matches([':', '?', '+', ' ', '\t']);
            is_name(name) && !name.starts_with('.') && !POWERFUL.contains(&name)
        }
        None => {
            // `target: needs`; a recipe behind a semicolon is compared as a recipe line.
            let head = text.split(':').next().unwrap_or("");
            let directive = head
                .split_whitespace()
                .next()
                .is_some_and(|word| DIRECTIVES.contains(&word));
            text.contains(':')
                && !directive
                && !head.is_empty()
                && head
                    .split_whitespace()
                    .all(|target| target == ".PHONY" || is_target(target))
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

fn is_target(text: &str) -> bool {
    !text.starts_with('.')
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b'%' | b'$' | b'(' | b')'))
}

/// Whether every `$(…)` and `${…}` is the value of a variable, not a function of make.
fn has_plain_references(line: &str) -> bool {
    let mut rest = line;
    while let Some((_, tail)) = rest.split_once('$') {
        let close = match tail.chars().next() {
            Some('$') => {
                // The shell's own.
                rest = tail.get(1..).unwrap_or_default();
                continue;
            }
            Some('(') => ')',
            Some('{') => '}',
            Some('@' | '<' | '^' | '*' | '?' | '+') => {
                rest = tail;
                continue;
            }
            Some(_) | None => return false,
        };
        let Some((name, after)) = tail.get(1..).unwrap_or_default().split_once(close) else {
            return false;
        };
        if !is_name(name) || POWERFUL.contains(&name) && name != "MAKE" {
            return false;
        }
        rest = after;
    }
    true
}
