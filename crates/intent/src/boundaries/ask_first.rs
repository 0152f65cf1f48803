//! When the user wants to be asked: before something is done, or until they have looked at it.

use super::{EVERYTHING, Limit, TOUCHING, forbiddable, objects_after};
use crate::lexicon::MINE;
use crate::tokens::Token;
use crate::{Deeds, Kind};

/// "Ask me before you push", "push only once I've approved": the deeds that the user wants to be asked about.
pub(super) fn ask_first(tokens: &[Token<'_>]) -> Option<Limit> {
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| token.is_one(words));
    let asking = tokens.iter().enumerate().any(|(at, token)| {
        token.is_one(&["ask", "asking", "check", "confirm", "consult", "tell", "notify", "warn"])
            && (word(at + 1, &["me", "with", "before", "first", "for", "us"]) || word(at.wrapping_sub(1), &["without"]))
            || token.is_one(&["wait", "waiting"]) && (word(at + 1, &["for", "until"]))
            || token.is_one(&["without"])
                && (1..4).any(|ahead| {
                    word(
                        at + ahead,
                        &[
                            "approval",
                            "permission",
                            "ok",
                            "okay",
                            "consent",
                            "confirmation",
                            "go-ahead",
                            "say-so",
                            "asking",
                            "confirming",
                            "checking",
                        ],
                    )
                })
            || token.is_one(&["run"])
                && tokens.iter().any(|t| t.is_one(&["past", "by"]))
                && tokens.iter().any(|t| t.is("me"))
    });
    let gated = tokens.iter().enumerate().any(|(at, token)| {
        token.is_one(&["before", "unless", "until", "till", "once", "after", "when", "if"])
            && tokens
                .get(at + 1..)
                .unwrap_or_default()
                .iter()
                .any(|t| t.is_one(&["i", "i've", "i'm", "me", "my"]))
            && tokens.get(at + 1..).unwrap_or_default().iter().any(|t| {
                t.is_one(&[
                    "approve",
                    "approved",
                    "approval",
                    "reviewed",
                    "review",
                    "ok",
                    "okay",
                    "say",
                    "said",
                    "tell",
                    "confirm",
                    "confirmed",
                    "look",
                    "looked",
                    "checked",
                    "permission",
                    "agree",
                    "agreed",
                    "sign",
                    "signed",
                    "explicitly",
                    "ask",
                    "read",
                    "test",
                    "tested",
                ])
            })
    });
    let before = asking
        && tokens.iter().any(|token| {
            token.is_one(&[
                "before", "first", "without", "until", "prior", "every", "any", "whenever",
            ])
        });
    let myself =
        tokens.iter().any(|token| token.is_one(&["i'll", "i"])) && tokens.iter().any(|token| token.is("myself"));
    let unneeded = ["need", "have"].iter().any(|need| {
        tokens.windows(2).any(|pair| {
            pair.first().is_some_and(|t| t.is_one(&["no", "don't"])) && pair.get(1).is_some_and(|t| t.is(need))
        })
    }) && tokens.iter().any(|t| t.is_one(&["ask", "asking", "confirm", "check"]));
    if unneeded || !(before || gated || myself) {
        return None;
    }
    let mut deeds = Deeds::default();
    let mut force = false;
    let mut objects = Vec::new();
    let mut touching = false;
    for (at, token) in tokens.iter().enumerate() {
        if let Some(found) = forbiddable(token) {
            let asks_itself = token.is_one(&["run", "read", "look", "stop", "open", "log", "post"])
                && !tokens
                    .get(at.wrapping_sub(1))
                    .is_some_and(|t| t.is_one(&["before", "you", "any", "every", "to"]));
            if !asks_itself {
                deeds = deeds.with(Deeds::of(found));
                force |= token.lower.starts_with("force") || word(at.wrapping_sub(1), &["force"]);
                objects.extend(objects_after(tokens, at + 1, &mut Vec::new()));
            }
        } else if token.is_in(&TOUCHING) {
            touching = true;
            objects.extend(objects_after(tokens, at + 1, &mut Vec::new()));
        }
    }
    objects.retain(|name| !MINE.has(name.as_str()) && !EVERYTHING.has(name.as_str()));
    (touching || !deeds.is_empty()).then_some(Limit {
        kind: Kind::AskFirst,
        deeds,
        force,
        objects,
        except: Vec::new(),
    })
}
