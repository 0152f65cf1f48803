//! Boundaries in English: what must not be done, what is to be left alone, where work has to stay, and when the user
//! wants to be asked first.

use crate::lexicon::{ASKING, CONDITIONS, DETERMINERS, ENDS, EXCEPT, KINDS, LATER, MINE, PLACES, PRONOUNS, REQUEST};
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

/// "Ask me before you push", "push only once I've approved": the deeds that the user wants to be asked about.
fn ask_first(tokens: &[Token<'_>]) -> Option<Limit> {
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

fn forbiddable(token: &Token<'_>) -> Option<&'static [Deed]> {
    FORBIDDABLE
        .iter()
        .find(|(words, _)| token.is_in(words))
        .map(|(_, deeds)| *deeds)
}

/// "Don't push", "no new dependencies", "without touching the tests".
fn denied(tokens: &[Token<'_>]) -> Vec<Limit> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let here = at;
        at += 1;
        let denies = token.is_in(&DENYING) || token.is("do") && tokens.get(at).is_some_and(|next| next.is("not"));
        if !denies || told_of(tokens, here) {
            continue;
        }
        if token.is("do") {
            at += 1;
        }
        // "Don't forget to push" is an order; "stop the server" is one as well.
        let next = tokens.get(at);
        if next.is_some_and(|next| next.is_one(&["forget", "hesitate", "bother", "worry", "sure", "only"]))
            && !next.is_some_and(|n| n.is("bother"))
        {
            continue;
        }
        if token.is_one(&["stop", "quit", "skip"]) && !next.is_some_and(|next| next.lower.ends_with("ing")) {
            continue;
        }
        if token.is("off") && !next.is_some_and(|next| next.is("on")) {
            continue;
        }
        let mut skipped = 0;
        while skipped < 5
            && tokens
                .get(at)
                .is_some_and(|next| next.is_in(&BETWEEN) && !is_noun_of_denial(token, next))
        {
            at += 1;
            skipped += 1;
        }
        let mut force = false;
        if tokens.get(at).is_some_and(|next| next.is_one(&["force", "hard"])) {
            force = tokens.get(at).is_some_and(|next| next.is("force"));
            at += 1;
        }
        found.extend(chain(tokens, at, force, token));
    }
    found
}

/// After "no" a noun that is in [`BETWEEN`] as well is what is denied.
fn is_noun_of_denial(denial: &Token<'_>, next: &Token<'_>) -> bool {
    denial.is("no") && next.is_one(&["code"])
}

/// "There are no commits", "tests don't touch it", "not running": a description rather than a prohibition.
fn told_of(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return true };
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
    let follows = |words: &[&str]| tokens.get(at + 1).is_some_and(|next| next.is_one(words));
    let opens = |word: Option<&Token<'_>>, words: &[&str]| {
        word.is_none_or(|word| word.shape == Shape::Separator || word.is_one(words))
    };
    let addressed = |word: Option<&Token<'_>>| {
        opens(
            word,
            &[
                "you", "we", "agent", "claude", "and", "but", "please", "u", "that", "also", "or",
            ],
        )
    };
    let wish = |ahead: usize| {
        before(1).is_some_and(|word| word.is("i"))
            && tokens
                .get(at + ahead)
                .is_some_and(|next| next.is_one(&["want", "think", "wish"]))
    };
    match token.lower.as_ref() {
        "without" => false,
        "don't" | "dont" => before(1).is_some_and(|word| is_subject(word)) && !wish(1),
        "do" => before(1).is_some_and(|word| is_subject(word)) && !wish(2),
        "not" if follows(&["allowed", "permitted", "supposed", "to"]) => false,
        "not" if before(1).is_some_and(|word| word.is_in(&MODALS)) => !addressed(before(2)),
        "not" => {
            !opens(
                before(1),
                &[
                    "please", "you", "and", "but", "or", "just", "we", "to", "so", "then", "let's", "lets",
                ],
            ) || {
                let bare = tokens.iter().skip(at + 1).find(|token| !token.is_in(&BETWEEN));
                !bare.is_some_and(|verb| !verb.lower.ends_with("ing") && !verb.lower.ends_with('s'))
            }
        }
        "no" => !before(1).is_none_or(|word| word.shape == Shape::Separator || word.is_in(&BEFORE_NO)),
        "never" if before(1).is_some_and(|word| word.is_in(&MODALS)) => !addressed(before(2)),
        "never" => before(1).is_some_and(|word| is_subject(word)),
        "off" => !before(1).is_some_and(|word| word.is_one(&["hold", "holding"])),
        "shouldn't" | "mustn't" | "can't" | "cannot" | "needn't" => !addressed(before(1)),
        _ => !opens(
            before(1),
            &[
                "please", "and", "but", "then", "to", "you", "should", "must", "so", "also",
            ],
        ),
    }
}

static BEFORE_NO: List = List::new(
    "and or with please so but absolutely strictly also make do ok okay just then actually still now sorry wait nope again",
);
static MODALS: List = List::new("should must may can could");

/// Whether the word before a denial is its subject, and not the person that is spoken to.
fn is_subject(word: &Token<'_>) -> bool {
    static ELSE: List = List::new("this always it's let's yes thanks unless is as us tests' its");
    let plural = word.shape == Shape::Word && word.lower.len() > 3 && word.lower.ends_with('s') && !word.is_in(&ELSE);
    word.names() && !word.raw.contains('#')
        || plural
        || word.is_one(&[
            "i", "they", "he", "she", "it", "who", "which", "people", "was", "is", "are", "were", "has", "have", "why",
        ])
}

/// The verbs that a denial reaches, over "and", "or" and "nor", and what they are about.
fn chain(tokens: &[Token<'_>], from: usize, force: bool, denial: &Token<'_>) -> Vec<Limit> {
    let mut found: Vec<Limit> = Vec::new();
    let (mut at, mut force) = (from, force);
    for _ in 0..12 {
        if !is_reached(tokens, at, denial) {
            break;
        }
        found.extend(limit_at(tokens, at, force, denial));
        match next_of_list(tokens, at, denial) {
            Some((next, forced)) => (at, force) = (next, forced),
            None => break,
        }
    }
    found
}

/// Whether a verb stands here that can be denied, and is one here.
fn is_reached(tokens: &[Token<'_>], at: usize, denial: &Token<'_>) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let next = tokens.get(at + 1);
    // "Push through", "push back": no push.
    let idiom = token.is_one(&["push", "pushing"])
        && next.is_some_and(|next| next.is_one(&["through", "back", "forward", "harder", "hard"]));
    // "No push access": a compound.
    let compound = denial.is("no")
        && next.is_some_and(|next| {
            next.shape == Shape::Word
                && ![&DETERMINERS, &PLACES, &CONDITIONS, &LATER, &AFTER_NO]
                    .iter()
                    .any(|list| next.is_in(list))
        });
    (token.is_in(&TOUCHING) || forbiddable(token).is_some()) && !idiom && !compound
}

static AFTER_NO: List = List::new("and or please for without access ever now then until today allowed before nor");

/// What is denied by the verb here.
fn limit_at(tokens: &[Token<'_>], at: usize, force: bool, denial: &Token<'_>) -> Option<Limit> {
    let token = tokens.get(at)?;
    let force = force || token.lower.starts_with("force");
    let mut except = Vec::new();
    let mut objects = objects_after(tokens, at + 1, &mut except);
    let limit = |kind, deeds, objects, except| {
        Some(Limit {
            kind,
            deeds,
            force,
            objects,
            except,
        })
    };
    let unclear = || limit(Kind::Never, Deeds::default(), Vec::new(), Vec::new());
    let follows = |words: &[&str]| tokens.get(at + 1).is_some_and(|next| next.is_one(words));
    let anything = follows(&["anything", "any", "something", "everything", "all", "a"]);
    let Some(deeds) = forbiddable(token).map(Deeds::of) else {
        if objects.is_empty() && except.is_empty() {
            objects = kinds_after(tokens, at + 1);
        }
        objects.retain(|name| !EVERYTHING.has(name));
        let changes = denial.is("no") && token.is_one(&["changes", "edits", "modifications", "writes"]);
        return match (objects.is_empty(), except.is_empty()) {
            // "Don't change anything outside src/".
            (true, false) => limit(Kind::Only, Deeds::default(), except, Vec::new()),
            (true, true) if anything || changes || follows(&["files", "code"]) => {
                limit(Kind::ReadOnly, Deeds::default(), Vec::new(), Vec::new())
            }
            // "Don't touch that": what it is about can't be told.
            (true, true) => unclear(),
            (false, _) => limit(Kind::Never, Deeds::default(), objects, except),
        };
    };
    objects.retain(|name| !EVERYTHING.has(name));
    let request = token.is_one(&["open", "opening"]) && objects.iter().any(|name| REQUEST.has(name));
    let deeds = if request { Deeds::of(&[Deed::Request]) } else { deeds };
    if request {
        objects.clear();
    }
    let formal = objects.iter().any(|name| is_formal(name) || name.contains(['-', '~']));
    if deeds.has(Deed::Read) && !formal {
        return None;
    }
    // "Don't run it", "don't delete the file": one thing, that is not named here.
    let alone = tokens.get(at + 1).is_none_or(|next| {
        next.shape == Shape::Separator
            || [&LATER, &CONDITIONS, &AFTER_NO].iter().any(|list| next.is_in(list))
            || next.is_one(&["but", "or", "so", "just", "at", "here", "yourself", "again"])
    });
    let several = tokens
        .iter()
        .skip(at + 1)
        .take(3)
        .any(|next| next.lower.len() > 3 && next.lower.ends_with('s'));
    if NAMED_ONLY.meets(deeds) && objects.is_empty() && !denial.is("no") && !alone && !anything && !several {
        return unclear();
    }
    limit(Kind::Never, deeds, objects, except)
}

/// Deeds that are so common that denying one thing must not deny all.
const NAMED_ONLY: Deeds = Deeds::of(&[
    Deed::Delete,
    Deed::Run,
    Deed::Fetch,
    Deed::Stop,
    Deed::Restart,
    Deed::Send,
    Deed::Connect,
]);

/// The next verb of the list, over "or", "and", "nor", commas and slashes; and whether force is spoken of before it.
fn next_of_list(tokens: &[Token<'_>], at: usize, denial: &Token<'_>) -> Option<(usize, bool)> {
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|token| {
        !token.is_one(&["or", "and", "nor", "but"]) && token.shape != Shape::Separator && forbiddable(token).is_none()
    }) {
        next += 1;
    }
    let (mut joined, mut force, mut comma, mut spoken) = (false, false, false, false);
    while let Some(token) = tokens.get(next)
        && (token.is_one(&["or", "and", "nor", "even", "any", "force"]) || token.ends(&[",", "/"]))
    {
        joined = true;
        force = token.is("force");
        comma |= token.ends(&[","]);
        spoken |= token.is_one(&["or", "and", "nor"]);
        next += 1;
    }
    // "Don't push, just commit": behind a bare comma another clause begins, unless a list ends later on.
    let ends_later = || {
        tokens
            .iter()
            .skip(next)
            .take(6)
            .any(|token| token.is_one(&["or", "nor"]))
    };
    let another = comma && !spoken && !ends_later() && !denial.is_one(&["no", "without"]);
    (joined && !another).then_some((next, force))
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

/// "Leave the prod database alone", "hands off x", "stay out of x", "x is off limits".
fn left_alone(tokens: &[Token<'_>]) -> Option<Limit> {
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
fn confined(tokens: &[Token<'_>]) -> Option<Limit> {
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
fn read_only(tokens: &[Token<'_>]) -> Option<Limit> {
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
