//! What must not be done: words of denial, the verbs that they reach, and what is only described.

use super::{BETWEEN, DENYING, EVERYTHING, Limit, TOUCHING, forbiddable, is_formal, kinds_after, objects_after};
use crate::lexicon::{CONDITIONS, DETERMINERS, LATER, PLACES, REQUEST};
use crate::tokens::{List, Shape, Token};
use crate::{Deed, Deeds, Kind};

/// "Don't push", "no new dependencies", "without touching the tests".
pub(super) fn denied(tokens: &[Token<'_>]) -> Vec<Limit> {
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

/// Whether the words behind the verb leave out what is being done: "anything else", "any other files".
fn beside(tokens: &[Token<'_>], at: usize) -> bool {
    tokens
        .iter()
        .skip(at + 1)
        .take(3)
        .any(|token| token.is_one(&["else", "other", "unrelated", "more"]))
}

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
            // "Don't touch anything else": beside what was asked for, and how far that goes can't be told here.
            (true, true) if anything && beside(tokens, at) => None,
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
