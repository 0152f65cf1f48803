//! What is to be left alone, where changes are to stay, and when nothing is to be changed at all.

use super::{Limit, TOUCHING, or_kinds};
use crate::tokens::{Shape, Token};
use crate::{Deeds, Kind};

/// "Leave the prod database alone", "hands off x", "stay out of x", "x is off limits".
pub(super) fn left_alone(tokens: &[Token<'_>]) -> Option<Limit> {
    let at = |words: &[&str]| {
        (0..tokens.len()).find(|&from| {
            words
                .iter()
                .enumerate()
                .all(|(ahead, word)| tokens.get(from + ahead).is_some_and(|token| token.is(word)))
        })
    };
    let limit = |mut objects: Vec<String>| {
        objects.retain(|name| {
            !matches!(
                name.as_str(),
                "leave"
                    | "keep"
                    | "alone"
                    | "untouched"
                    | "unchanged"
                    | "intact"
                    | "as"
                    | "is"
                    | "be"
                    | "stay"
                    | "stays"
                    | "remain"
                    | "must"
                    | "should"
                    | "off-limits"
                    | "off"
                    | "limits"
            )
        });
        (!objects.is_empty()).then_some(Limit {
            kind: Kind::Never,
            deeds: Deeds::default(),
            force: false,
            objects,
            except: Vec::new(),
        })
    };
    let ends_in = |words: &[&str]| {
        tokens
            .iter()
            .rev()
            .find(|token| token.shape == Shape::Word && !token.is_one(&["please", "though", "ok", "now", "for"]))
            .is_some_and(|token| token.is_one(words))
    };
    if let Some(verb) = tokens
        .iter()
        .position(|token| token.is_one(&["leave", "keep", "leaving", "keeping"]))
    {
        let span = tokens.get(verb + 1..).unwrap_or_default();
        let end = span
            .iter()
            .position(|token| token.is_one(&["alone", "untouched", "unchanged", "intact", "be"]) || token.is("as"));
        if let Some(end) = end
            && (span.get(end).is_some_and(|token| !token.is("as"))
                || span
                    .get(end + 1)
                    .is_some_and(|token| token.is_one(&["is", "it", "they", "are"])))
        {
            return limit(or_kinds(span.get(..end).unwrap_or_default(), 0));
        }
    }
    for words in [
        &["hands", "off"][..],
        &["stay", "away", "from"],
        &["stay", "out", "of"],
        &["keep", "out", "of"],
        &["keep", "away", "from"],
        &["steer", "clear", "of"],
        &["keep", "off"],
    ] {
        if let Some(from) = at(words) {
            return limit(or_kinds(tokens, from + words.len()));
        }
    }
    let off = at(&["off", "limits"]).or_else(|| tokens.iter().position(|token| token.lower == "off-limits"));
    let must = tokens.iter().any(|token| token.is_one(&["must", "should", "has"]))
        && ends_in(&["alone", "untouched", "unchanged", "intact"]);
    if off.is_some() || must {
        let end = off.unwrap_or(tokens.len());
        let subject = tokens
            .iter()
            .take(end)
            .position(|token| token.is_one(&["is", "are", "must", "should", "has", "stays"]))
            .unwrap_or(end);
        return limit(or_kinds(tokens.get(..subject).unwrap_or_default(), 0));
    }
    None
}

/// "Only touch src/", "stay within src/", "keep your changes to src/".
pub(super) fn confined(tokens: &[Token<'_>]) -> Option<Limit> {
    let paths = |from: usize| -> Vec<String> {
        tokens
            .iter()
            .skip(from)
            .take_while(|token| !token.is_one(&["because", "since", "then", "but", "which", "where"]))
            .filter(|token| token.names() && is_path(token.raw))
            .map(|token| token.raw.to_owned())
            .collect()
    };
    let limit = |objects: Vec<String>| {
        (!objects.is_empty()).then_some(Limit {
            kind: Kind::Only,
            deeds: Deeds::default(),
            force: false,
            objects,
            except: Vec::new(),
        })
    };
    for (at, token) in tokens.iter().enumerate() {
        let head = at == 0
            || tokens.get(at - 1).is_some_and(|before| {
                before.shape == Shape::Separator
                    || before.is_one(&[
                        "and", "but", "please", "you", "should", "may", "can", "to", "ok", "just", "work", "make",
                    ])
            });
        let follows = |words: &[&str]| tokens.iter().skip(at + 1).take(3).any(|token| token.is_one(words));
        if token.is("only")
            && (head
                || tokens
                    .get(at.wrapping_sub(1))
                    .is_some_and(|before| before.is_in(&TOUCHING) || before.is_one(&["work", "works", "changes"])))
            && !tokens
                .get(at.wrapping_sub(1))
                .is_some_and(|before| before.lower.ends_with("ing"))
            && (tokens.iter().skip(at + 1).take(3).any(|token| token.is_in(&TOUCHING))
                || follows(&["in", "inside", "within", "under", "work", "files", "add", "fix"])
                || tokens
                    .get(at.wrapping_sub(1))
                    .is_some_and(|before| before.is_in(&TOUCHING)))
        {
            return limit(paths(at));
        }
        if head
            && token.is_one(&[
                "stay", "remain", "keep", "limit", "restrict", "confine", "work", "touch",
            ])
            && follows(&[
                "in",
                "inside",
                "within",
                "your",
                "changes",
                "to",
                "the",
                "edits",
                "yourself",
                "it",
                "everything",
                "nothing",
                "only",
                "exclusively",
            ])
            && !token.is_one(&["work", "touch"])
            && tokens
                .iter()
                .any(|token| token.is_one(&["within", "inside", "in", "to", "only"]))
        {
            let found = limit(paths(at));
            if found.is_some() {
                return found;
            }
        }
        let touched = head
            || tokens
                .get(at.wrapping_sub(1))
                .is_some_and(|before| before.is_in(&TOUCHING));
        if token.is("nothing") && touched && follows(&["outside", "but", "except", "else"]) {
            return limit(paths(at));
        }
    }
    None
}

fn is_path(name: &str) -> bool {
    name.contains('/') || name.contains('.') && !name.ends_with('.')
}

/// "This is a read-only task", "look but don't change anything", "no changes, analysis only".
pub(super) fn read_only(tokens: &[Token<'_>]) -> Option<Limit> {
    let at = tokens.iter().position(|token| {
        token.is_one(&["read-only", "readonly"])
            || token.is("read")
                && tokens.get(1..).is_some_and(|rest| rest.iter().any(|t| t.is("only")))
                && tokens.len() <= 3
    })?;
    let words = tokens.iter().filter(|token| token.shape == Shape::Word).count();
    let next = tokens.get(at + 1);
    let kind = next.is_none_or(|next| {
        next.shape == Shape::Separator
            || next.is_one(&[
                "task",
                "review",
                "analysis",
                "session",
                "mode",
                "investigation",
                "audit",
                "please",
                "exercise",
                "question",
                "look",
                "for",
                "here",
                "work",
                "access",
                "run",
            ])
    });
    let makes = tokens.iter().any(|token| {
        token.is_one(&[
            "field",
            "property",
            "attribute",
            "column",
            "variable",
            "prop",
            "flag",
            "replica",
            "implement",
            "add",
            "input",
            "user",
            "users",
            "role",
            "token",
            "filesystem",
            "support",
            "should",
            "button",
            "form",
            "when",
            "struct",
        ])
    });
    let told = words <= 4
        || tokens.iter().any(|token| {
            token.is_one(&[
                "this",
                "stay",
                "keep",
                "strictly",
                "remain",
                "in",
                "it's",
                "everything",
                "purely",
                "only",
            ])
        });
    (kind && told && !makes).then_some(Limit {
        kind: Kind::ReadOnly,
        deeds: Deeds::default(),
        force: false,
        objects: Vec::new(),
        except: Vec::new(),
    })
}
