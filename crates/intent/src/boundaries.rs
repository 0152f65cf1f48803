//! Boundaries in English: what must not be done, what is to be left alone, where work has to stay, and when the user
//! wants to be asked first.

mod ask_first;
mod confined;
mod denied;

use crate::lexicon::{ASKING, DETERMINERS, ENDS, EXCEPT, KINDS, LATER, PLACES, PRONOUNS};
use ask_first::ask_first;
use confined::{confined, left_alone, read_only};
use denied::denied;

use crate::tokens::{List, Shape, Token};
use crate::{Deed, Deeds, Kind};

/// A boundary, before it is known whether it still stands.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(crate) kind: Kind,
    pub(crate) deeds: Deeds,
    pub(crate) force: bool,
    pub(crate) objects: Vec<String>,
    pub(crate) except: Vec<String>,
}

/// Forms of the verbs that boundaries are about: base, `-ing`, and the noun that follows "no".
static FORBIDDABLE: &[(List, &[Deed])] = &[
    (List::new(""), &[]),
    (List::new("commit committing commits"), &[Deed::Commit]),
    (List::new("push pushing pushes"), &[Deed::Push]),
    (List::new("force-push force-pushing"), &[Deed::Push]),
    (List::new("merge merging merges"), &[Deed::Merge]),
    (List::new("rebase rebasing rebases"), &[Deed::Rebase]),
    (List::new("amend amending squash squashing"), &[Deed::Amend]),
    (
        List::new("reset resetting revert reverting undo"),
        &[Deed::Undo, Deed::Discard],
    ),
    (List::new("discard discarding"), &[Deed::Discard]),
    (
        List::new(
            "delete deleting deletes deletion deletions remove removing rm erase erasing wipe wiping drop dropping \
          truncate truncating destroy destroying",
        ),
        &[Deed::Delete],
    ),
    (List::new("kill killing stop stopping terminate"), &[Deed::Stop]),
    (List::new("restart restarting restarts"), &[Deed::Restart]),
    (
        List::new("deploy deploying deploys deployment deployments apply applying"),
        &[Deed::Deploy],
    ),
    (List::new("release releasing releases"), &[Deed::Release]),
    (List::new("publish publishing"), &[Deed::Publish]),
    (
        List::new("install installing installs upgrade upgrading dependency dependencies package packages"),
        &[Deed::Install],
    ),
    (
        List::new("download downloading downloads fetch fetching curl network internet web"),
        &[Deed::Fetch, Deed::Send],
    ),
    (
        List::new("comment commenting comments reply replying respond responding"),
        &[Deed::Reply],
    ),
    (List::new("pr prs"), &[Deed::Request]),
    (
        List::new("send sending email emailing message messaging post posting upload uploading"),
        &[Deed::Send, Deed::Reply],
    ),
    (List::new("run running execute executing"), &[Deed::Run]),
    (
        List::new("read reading open opening look looking access accessing print printing view"),
        &[Deed::Read],
    ),
    (List::new("ssh connect connecting log"), &[Deed::Connect]),
];
/// Verbs of any change.
static TOUCHING: List = List::new(
    "touch touching change changing edit editing modify modifying alter altering mess messing write writing \
     overwrite overwriting rename renaming move moving rewrite rewriting refactor refactoring update updating \
     format reformat mutate fiddle tamper changes edits modifications writes",
);
/// Words of denial that come before a verb.
static DENYING: List = List::new(
    "don't dont never mustn't shouldn't can't cannot without avoid refrain no not stop quit off needn't skip",
);
/// Words that may stand between the denial and the verb.
static BETWEEN: List = List::new(
    "dare direct ever just please try to even directly start you go and from any yet on auto automatically more new actually \
     accidentally need have doing with further me want think should git or the in code file",
);
/// Words for everything.
static EVERYTHING: List =
    List::new("anything any everything files file code changes something nothing commands command");

/// Words without which there is no boundary.
static CUES: List = List::new(
    "don't dont never mustn't shouldn't can't cannot without avoid refrain no not stop quit off needn't skip ask asking check \
     confirm consult tell notify warn wait waiting before unless until till once myself leave keep leaving keeping hands stay \
     steer limits alone untouched unchanged intact only remain limit restrict confine nothing read-only readonly exclusively \
     after when if",
);

/// The boundaries that a sentence sets.
pub(crate) fn limits(tokens: &[Token<'_>], asks: bool) -> Vec<Limit> {
    let mut found = Vec::new();
    let Some(first) = tokens.iter().find(|token| token.shape != Shape::Separator) else {
        return found;
    };
    if !tokens
        .iter()
        .any(|token| token.is_in(&CUES) || token.lower == "off-limits")
    {
        return found;
    }
    let why = first.is_in(&ASKING) && !first.is_one(&["any", "may", "might"]);
    if why {
        return found;
    }
    // "Can you not push?" asks for it; "don't you push it anyway?" asks about it.
    let asked = asks
        && !tokens
            .iter()
            .enumerate()
            .any(|(at, token)| token.is_one(&["can", "could", "please"]) && tokens.get(at + 1).is_some());
    if !asked {
        found.extend(ask_first(tokens));
        if found.is_empty() {
            found.extend(denied(tokens));
        }
        found.extend(left_alone(tokens));
        found.extend(confined(tokens));
        found.extend(read_only(tokens));
    }
    found
}

fn forbiddable(token: &Token<'_>) -> Option<&'static [Deed]> {
    FORBIDDABLE
        .iter()
        .find(|(words, _)| token.is_in(words))
        .map(|(_, deeds)| *deeds)
}

/// The names and words that follow a verb as its object, up to the end of the clause.
fn objects_after(tokens: &[Token<'_>], from: usize, except: &mut Vec<String>) -> Vec<String> {
    let mut objects = Vec::new();
    let mut excepted = false;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        if token.ends(&[",", "/"]) || token.is_one(&["or", "and", "nor"]) {
            let next = tokens.get(at + 1);
            let goes_on = next.is_some_and(Token::names)
                || next.is_some_and(|next| next.is_in(&DETERMINERS) && !next.is_one(&["any"]))
                || next.is_some_and(|next| {
                    next.shape == Shape::Word
                        && token.is_one(&["or", "and"])
                        && forbiddable(next).is_none()
                        && !next.is_in(&TOUCHING)
                        && !next.is_in(&PRONOUNS)
                        && !next.is_in(&STARTING)
                });
            if goes_on {
                continue;
            }
            break;
        }
        if token.shape == Shape::Separator
            || token.is_one(&[
                "but", "then", "just", "so", "please", "unless", "until", "before", "if", "when", "once", "after",
                "yourself", "instead", "only",
            ])
        {
            if token.is_one(&["but"])
                && tokens.get(at + 1).is_some_and(Token::names)
                && tokens.iter().take(at).any(|t| t.is_one(&["anything", "nothing"]))
            {
                excepted = true;
                continue;
            }
            break;
        }
        if token.is_in(&EXCEPT)
            || token.is_one(&["outside", "beyond"])
            || token.is("other") && tokens.get(at + 1).is_some_and(|t| t.is("than"))
            || token.is("apart")
        {
            excepted = true;
            continue;
        }
        if token.is_in(&ENDS) {
            break;
        }
        let small = token.is_in(&DETERMINERS)
            || token.is_in(&PLACES)
            || token.is_in(&PRONOUNS)
            || token.is_in(&LATER)
            || token.is_in(&SMALL)
            || token.is_in(&KINDS);
        if small {
            continue;
        }
        let name = if token.names() {
            token.raw.to_owned()
        } else {
            token.lower.clone().into_owned()
        };
        if excepted {
            if token.names() || token.shape == Shape::Word {
                except.push(name);
            }
        } else {
            objects.push(name);
        }
    }
    if except.iter().any(|name| is_formal(name)) {
        except.retain(|name| is_formal(name));
    }
    objects
}

/// Kinds of things that stand for themselves where nothing else is named: "don't touch the database".
fn kinds_after(tokens: &[Token<'_>], from: usize) -> Vec<String> {
    static TOLD: List = List::new(
        "database databases db table tables service services server servers container containers job jobs script scripts \
         dependency dependencies volume volumes bucket buckets pod pods deployment deployments image images cluster",
    );
    let clause = tokens
        .iter()
        .skip(from)
        .take_while(|token| token.shape != Shape::Separator);
    clause
        .filter(|token| token.is_in(&TOLD))
        .map(|token| token.lower.to_string())
        .collect()
}

fn is_formal(name: &str) -> bool {
    name.contains(['/', '.', '_', '*'])
}

/// The objects, or the kinds of things if nothing is named.
fn or_kinds(tokens: &[Token<'_>], from: usize) -> Vec<String> {
    let objects = objects_after(tokens, from, &mut Vec::new());
    if objects.is_empty() {
        kinds_after(tokens, from)
    } else {
        objects
    }
}

/// Verbs with which another clause begins.
static STARTING: List = List::new(
    "leave keep use make let tell show explain stop ask wait just only fix do report summarize give then focus \
     stay",
);
/// Words of an object that name nothing.
static SMALL: List = List::new(
    "myself anyone anybody someone somebody people than from it them yet now me us here there at all anymore again today ever for stuff things thing with up \
     directly yourself already existing else right still too contents content out around permission access git \
     force",
);
