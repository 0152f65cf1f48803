//! Orders in English: what the user tells to be done, to what, and under which condition. A verb counts where an English
//! order has it, at the head of a clause; questions, stories, other people's words and conditions of the user's own do not.

use crate::lexicon::{
    ADVERBS, AFTER_NOUNLIKE, ASKING, ASKING_WITH_PRONOUN, CONDITIONS, DETERMINERS, EMBEDDING, ENDS, EXCEPT, FILLERS,
    HESITATION, KINDS, LATER, LEADS, MAKES, MINE, OPENERS, OPENINGS, PLACES, PLAIN_VERBS, PRONOUNS, REPORTING, REQUEST,
    REQUEST_PARTS, TALK, VERBS, WISHED,
};
use crate::tokens::{Shape, Token};
use crate::{Deed, Deeds};

/// An order, before it is known whether it still stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    pub(crate) deeds: Deeds,
    pub(crate) force: bool,
    pub(crate) objects: Vec<String>,
    pub(crate) places: Vec<String>,
    pub(crate) except: Vec<String>,
    pub(crate) words: Vec<String>,
    pub(crate) firm: bool,
    pub(crate) direct: bool,
}

/// What a sentence orders.
pub(crate) fn orders(tokens: &[Token<'_>], asks: bool, talked: bool) -> Vec<Order> {
    Reading {
        tokens,
        at: 0,
        firm: true,
        direct: true,
        opened: false,
        asks,
        talked,
        chain: false,
        embedded: false,
        wish: false,
        verb_at: usize::MAX,
        found: Vec::new(),
    }
    .read()
}

struct Reading<'t, 's> {
    tokens: &'t [Token<'s>],
    at: usize,
    firm: bool,
    direct: bool,
    /// An opening such as "can you" came before.
    opened: bool,
    asks: bool,
    /// People's comments were spoken of in this message or the one before.
    talked: bool,
    /// The clause before was an order.
    chain: bool,
    /// The clause before embeds a question: an "and" goes on with that.
    embedded: bool,
    /// The order is a wish of the user's.
    wish: bool,
    /// Where the verb of the last order stands.
    verb_at: usize,
    found: Vec<Order>,
}

/// How a clause ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Another clause may begin.
    Clause,
    /// Nothing more of this sentence counts.
    Sentence,
}

impl<'t, 's> Reading<'t, 's> {
    fn token(&self, ahead: usize) -> Option<&'t Token<'s>> {
        self.tokens.get(self.at.saturating_add(ahead))
    }

    fn read(mut self) -> Vec<Order> {
        if self.is_question() {
            return Vec::new();
        }
        let mut rounds = 0;
        while self.at < self.tokens.len() && rounds < 64 {
            rounds += 1;
            if self.head() == End::Sentence {
                break;
            }
        }
        self.found
    }

    /// Whether the sentence only asks. "Can you push?" is a request; "should we push?" and "push?" are questions.
    fn is_question(&self) -> bool {
        let mut first = 0;
        while let Some(token) = self.tokens.get(first)
            && (token.shape == Shape::Separator || (token.is_in(&FILLERS) && !token.is("you")))
        {
            first += 1;
        }
        let Some(word) = self.tokens.get(first) else {
            return false;
        };
        if word.is("what") && self.tokens.get(first + 1).is_some_and(|next| next.is("if")) {
            return true;
        }
        let request = opening(self.tokens, first).is_some();
        let pronoun = self.tokens.get(first + 1).is_some_and(|next| next.is_in(&PRONOUNS));
        let question = word.is_in(&ASKING) || word.is_in(&ASKING_WITH_PRONOUN) && pronoun;
        if request && !word.is("what") {
            return false;
        }
        let modal = |token: &Token<'_>| token.is_one(&["can", "could", "would", "will"]);
        let polite = self.tokens.iter().enumerate().any(|(at, token)| {
            token.is("please") || modal(token) && opening(self.tokens, at).is_some_and(|(words, _)| words.len() == 2)
        });
        question || (self.asks && !polite)
    }

    /// Reads from the head of a clause to its end.
    fn head(&mut self) -> End {
        self.fillers();
        let Some(token) = self.token(0) else {
            return End::Sentence;
        };
        if token.is_in(&REPORTING) || token.is_in(&HESITATION) {
            return End::Sentence;
        }
        if token.is_one(&[
            "no", "not", "never", "don't", "dont", "do", "without", "avoid", "can't", "cannot", "won't",
        ]) && self.denies()
        {
            self.skip_denied();
            return End::Clause;
        }
        if token.is_in(&CONDITIONS) {
            return self.condition();
        }
        if let Some(words) = self.request_alone() {
            self.at += words;
            self.clause(Deeds::of(&[Deed::Request]), false);
            return End::Clause;
        }
        if let Some((deeds, length, force)) = self.verb()
            && !self.is_an_item(length)
        {
            self.verb_at = self.at;
            self.at += length;
            self.clause(deeds, force);
            self.chain = true;
            return End::Clause;
        }
        self.other_clause()
    }

    /// "Support commit, push and merge": a word in a list of nouns. A bare verb is one only where an order came before.
    fn is_an_item(&self, length: usize) -> bool {
        let bare = self
            .token(length)
            .is_none_or(|next| next.shape == Shape::Separator || next.is_one(&["and", "or"]));
        let noun = |token: &Token<'_>| VERBS.iter().any(|verb| verb.noun && token.is(verb.base));
        let mut back = self.at;
        let mut before = None;
        while let Some(at) = back.checked_sub(1) {
            back = at;
            before = self.tokens.get(at);
            if before.is_some_and(|token| {
                token.shape != Shape::Separator && !token.is_one(&["and", "or", "then", "a", "the"])
            }) {
                break;
            }
        }
        let listed = before.is_some_and(noun) && back != self.verb_at;
        let first = self
            .tokens
            .iter()
            .take(self.at)
            .all(|token| token.shape == Shape::Separator || token.is_in(&FILLERS) || is_number_of_a_list(token));
        let polite = self
            .tokens
            .iter()
            .any(|token| token.is_one(&["please", "let's", "lets"]));
        bare && self.token(0).is_some_and(noun) && !first && !self.opened && (listed || !self.chain && !polite)
    }

    /// Skips what comes before the verb of an order.
    fn fillers(&mut self) {
        loop {
            if let Some((words, direct)) = opening(self.tokens, self.at) {
                self.at += words.len();
                self.direct &= direct;
                self.wish |= words.contains(&"to")
                    && words.iter().any(|word| matches!(*word, "want" | "like"))
                    && !words.contains(&"you");
                self.opened = true;
            } else if self.token(0).is_some_and(|token| {
                token.is_in(&FILLERS) || token.shape == Shape::Separator || is_number_of_a_list(token)
            }) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Whether a word of denial at the head denies the clause. "Do a release" does not.
    fn denies(&self) -> bool {
        let Some(token) = self.token(0) else { return false };
        !token.is("do") || self.token(1).is_some_and(|next| next.is("not"))
    }

    /// A denied clause goes on over "and" and "or" to the next comma, "but" or "just".
    fn skip_denied(&mut self) {
        while let Some(token) = self.token(0) {
            if token.shape == Shape::Separator || token.is_one(&["but", "just", "then", "instead"]) {
                break;
            }
            self.at += 1;
        }
        self.chain = false;
    }

    /// "If the tests pass, …": the rest stands under a condition; under one of the user's own it is no order.
    fn condition(&mut self) -> End {
        self.firm = false;
        let mut mine = false;
        while let Some(token) = self.token(0) {
            if token.ends(&[",", "-", "\u{2014}", ":"]) || token.is("then") {
                self.at += 1;
                self.chain = true;
                return if mine { End::Sentence } else { End::Clause };
            }
            mine |= token.is_in(&MINE);
            self.at += 1;
        }
        End::Sentence
    }

    /// "… and a draft PR": a change request as the second thing that is ordered.
    fn request_alone(&self) -> Option<usize> {
        let mut ahead = 0;
        while self
            .token(ahead)
            .is_some_and(|token| token.is_one(&["a", "the", "draft", "new"]))
        {
            ahead += 1;
        }
        let request = self.token(ahead)?;
        let named = request.is_one(&["pr", "mr"])
            || request.is("pull") && self.token(ahead + 1).is_some_and(|next| next.is("request"));
        let length = if request.is("pull") { 2 } else { 1 };
        let after = self.token(ahead + length);
        let alone = after.is_none_or(|next| {
            next.shape == Shape::Separator
                || next.is_one(&["please", "and", "then", "for", "to", "against", "with", "now"])
        });
        let drafted = self.chain || self.token(0).is_some_and(|token| token.is("draft"));
        (named && alone && drafted).then_some(ahead + length)
    }

    /// The verb here, what it can mean, how many words it has, and whether it speaks of force.
    fn verb(&self) -> Option<(Deeds, usize, bool)> {
        let token = self.token(0)?;
        if token.shape != Shape::Word {
            return None;
        }
        // "Bring this branch up to date", "get the latest changes", "resolve the conflicts".
        if let Some(length) = self.catches_up() {
            return Some((Deeds::of(&[Deed::Rebase]), length, false));
        }
        let made = token.is_in(&MAKES).then(|| self.made()).flatten();
        let found = VERBS
            .iter()
            .filter(|verb| verb.base.starts_with(token.lower.as_ref()))
            .find_map(|verb| {
                let length = verb.base.split(' ').count();
                let fits = verb
                    .base
                    .split(' ')
                    .enumerate()
                    .all(|(ahead, word)| self.token(ahead).is_some_and(|token| token.is(word)));
                (fits && (!verb.noun || self.is_followed_as_a_verb(length))).then_some((verb, length))
            });
        match (made, found) {
            (Some(deeds), _) => Some((deeds, 1, false)),
            (None, Some((verb, length))) => {
                let force = verb.base.starts_with("force");
                Some((verb.deeds, length, force))
            }
            (None, None) => None,
        }
    }

    /// Whether what follows a word that is a noun as well shows that it is a verb here.
    fn is_followed_as_a_verb(&self, ahead: usize) -> bool {
        match self.token(ahead) {
            None => true,
            Some(next) => match next.shape {
                Shape::Separator | Shape::Name | Shape::Code | Shape::Quoted => true,
                Shape::Word => {
                    next.is_in(&AFTER_NOUNLIKE) && !next.is_one(&["is"])
                        || self.at > 0 && self.opened
                        || self.takes_plain_names()
                }
            },
        }
    }

    /// Verbs whose object is often a plain word: a package, a program, a service.
    fn takes_plain_names(&self) -> bool {
        self.token(0).is_some_and(|token| {
            token.is_one(&[
                "run", "restart", "upgrade", "use", "try", "publish", "reload", "start", "rename", "call",
            ])
        }) && self
            .token(1)
            .is_some_and(|next| !next.is_one(&["is", "are", "was", "notes", "time", "failed", "fails"]))
    }

    /// What "create", "open" and their like make here.
    fn made(&self) -> Option<Deeds> {
        let ahead: Vec<&Token<'_>> = (1..7)
            .map_while(|ahead| self.token(ahead))
            .take_while(|token| token.shape != Shape::Separator)
            .collect();
        let mut adjectives = ahead
            .iter()
            .take_while(|token| !token.is_one(&["and", "then", "for", "to", "in", "on", "from", "with"]));
        let noun =
            adjectives.find(|token| token.is_in(&REQUEST) || token.is_one(&["issue", "ticket", "release", "it"]))?;
        if noun.is_in(&REQUEST) {
            // "Open the PR for review" changes one that is there; "open a PR" makes one.
            let there = self.token(0).is_some_and(|token| token.is("open"))
                && ahead
                    .first()
                    .is_some_and(|token| token.is_one(&["the", "that", "this"]));
            return Some(if there {
                Deeds::of(&[Deed::EditRequest, Deed::Read])
            } else {
                Deeds::of(&[Deed::Request])
            });
        }
        if noun.is_one(&["issue", "ticket"]) {
            return Some(Deeds::of(&[Deed::Issue]));
        }
        if noun.is("release") {
            return Some(Deeds::of(&[Deed::Release]));
        }
        None
    }

    /// Bringing a branch up to another one, in its many words; how many of them there are.
    fn catches_up(&self) -> Option<usize> {
        let rest: Vec<&Token<'_>> = (0..8)
            .map_while(|ahead| self.token(ahead))
            .take_while(|token| token.shape != Shape::Separator)
            .collect();
        let first = rest.first()?;
        let has = |words: &[&str]| {
            rest.iter()
                .any(|token| token.is_one(words) || token.names() && words.contains(&token.lower.as_ref()))
        };
        let latest = first.is_one(&["get", "pull", "fetch", "grab"]) && has(&["latest", "updates"]);
        let date = first.is_one(&["bring", "get", "keep"]) && has(&["date", "up-to-date"]);
        let from = first.is_one(&["update", "sync"])
            && has(&["from", "with", "against"])
            && has(&[
                "main",
                "master",
                "upstream",
                "parent",
                "branch",
                "origin",
                "base",
                "trunk",
                "develop",
                "origin/main",
            ]);
        let conflicts = first.is_one(&["resolve", "fix", "solve", "handle"]) && has(&["conflict", "conflicts"]);
        let them = first.is_one(&["resolve", "fix", "solve"])
            && has(&["them", "these", "those"])
            && self.tokens.iter().any(|token| token.is_one(&["conflict", "conflicts"]));
        let going = first.is_one(&["continue", "finish", "complete"]) && has(&["rebase", "rebasing"]);
        (latest || date || from || conflicts || them || going).then_some(1)
    }

    /// Reads the object of an order and what else belongs to its clause.
    fn clause(&mut self, deeds: Deeds, force: bool) {
        let mut order = Order {
            deeds,
            force,
            firm: self.firm,
            direct: self.direct,
            ..Order::default()
        };
        let begins = self.at.saturating_sub(1);
        let mut part = Part::Object;
        let mut dropped = false;
        let mut listing = false;
        while let Some(token) = self.token(0) {
            if token.ends(&[",", "(", ")", ":"]) || token.is_one(&["and", "or"]) {
                listing |= token.raw == ":";
                if listing || self.list_goes_on(deeds) {
                    self.at += 1;
                    continue;
                }
                break;
            }
            if token.shape == Shape::Separator || token.is_one(&["then", "but", "so"]) {
                let not = self.token(1).is_some_and(|next| next.is("not"));
                let all = self.tokens.get(begins..self.at).unwrap_or_default();
                let all = all
                    .iter()
                    .any(|token| token.is_one(&["all", "everything", "any", "anything", "every"]));
                if token.is("but") && (not || all && self.token(1).is_some_and(Token::names)) {
                    part = Part::Except;
                    self.at += if not { 2 } else { 1 };
                    continue;
                }
                break;
            }
            self.at += 1;
            if token.is_in(&CONDITIONS) {
                let mine = self.conditional_tail();
                order.firm = false;
                dropped |= mine;
                break;
            }
            if token.is_in(&LATER) {
                dropped = true;
            } else if token.is_in(&EXCEPT)
                || token.is_one(&["other", "rather"]) && self.token(0).is_some_and(|next| next.is("than"))
            {
                part = Part::Except;
            } else if token.is("apart") && self.token(0).is_some_and(|next| next.is("from")) {
                self.at += 1;
                part = Part::Except;
            } else if token.is("for") {
                let identifies = self.token(0).is_some_and(|next| {
                    next.is_in(&KINDS)
                        || next.is_one(&["issue", "range"])
                        || next.names() && next.raw.contains(|c: char| c.is_ascii_digit())
                });
                part = if identifies { part } else { Part::Tail };
            } else if token.is_in(&PLACES) {
                part = if part == Part::Except { part } else { Part::Place };
            } else if token.is_in(&ENDS) {
                part = Part::Tail;
            } else if token.is_one(&["force", "forcefully"])
                || matches!(
                    token.lower.as_ref(),
                    "--force" | "-f" | "force-with-lease" | "--force-with-lease"
                )
            {
                order.force = true;
            } else if token.names() || !token.is_in(&DETERMINERS) && !token.is_in(&ADVERBS) {
                let name = if token.names() {
                    token.raw.to_owned()
                } else {
                    token.lower.clone().into_owned()
                };
                match part {
                    Part::Object => order.objects.push(name),
                    Part::Place => order.places.push(name),
                    Part::Except => order.except.push(name),
                    Part::Tail => {}
                }
            }
        }
        order.words = self
            .tokens
            .get(begins..self.at)
            .unwrap_or_default()
            .iter()
            .map(|token| token.lower.clone().into_owned())
            .collect();
        if !dropped && self.means_something(&mut order) {
            self.found.push(order);
        }
    }

    /// Whether a comma or an "and" goes on with the list of things rather than with another clause.
    fn list_goes_on(&self, deeds: Deeds) -> bool {
        let mut ahead = 1;
        while self
            .token(ahead)
            .is_some_and(|token| token.is_in(&DETERMINERS) || token.is("and") || token.ends(&[","]))
        {
            ahead += 1;
        }
        if self.token(ahead).is_some_and(|token| token.is_in(&KINDS)) {
            ahead += 1;
        }
        // Packages are plain words as often as not.
        let package = self.token(ahead).is_some_and(|token| {
            let verb = VERBS
                .iter()
                .any(|verb| verb.base.split(' ').next() == Some(&token.lower));
            token.shape == Shape::Word
                && !verb
                && !token.is_in(&PLAIN_VERBS)
                && !token.is_in(&FILLERS)
                && !token.is_in(&PRONOUNS)
        }) && self
            .token(ahead + 1)
            .is_none_or(|next| next.shape == Shape::Separator || next.is_one(&["and", "please", "too"]));
        self.token(ahead).is_some_and(Token::names) || deeds.has(Deed::Install) && package
    }

    /// Skips a condition behind its order; whether it is the user's own to fulfil.
    fn conditional_tail(&mut self) -> bool {
        let mut mine = false;
        while let Some(token) = self.token(0) {
            if token.shape == Shape::Separator || token.is_one(&["and", "then"]) {
                break;
            }
            mine |= token.is_in(&MINE);
            self.at += 1;
        }
        mine
    }

    /// What of an ambiguous verb is meant, by its object; `false` if nothing that concerns us.
    fn means_something(&self, order: &mut Order) -> bool {
        let words: Vec<&str> = order.words.iter().map(String::as_str).collect();
        let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
        let mut keep = Vec::new();
        for deed in Deed::ALL.iter().copied().filter(|deed| order.deeds.has(*deed)) {
            let meant = match deed {
                // Comments are changed in code too: it must be what was answered, or a request's comment.
                Deed::Reply if order.deeds.has(Deed::Write) => {
                    any(&["reply", "replies"])
                        || any(&["comment", "comments"]) && any(&["pr", "prs", "mr", "review", "issue"])
                }
                Deed::Reply => {
                    order.words.iter().any(|word| TALK.has(word))
                        || order.objects.iter().any(|name| name.starts_with('#'))
                        || self.talked
                }
                Deed::EditRequest => {
                    order.words.iter().any(|word| REQUEST_PARTS.has(word))
                        || any(&["ready", "draft"]) && self.talked
                        || any(&["it"]) && any(&["review", "ready"])
                }
                Deed::Send => !order.objects.is_empty() || !order.places.is_empty(),
                Deed::Commit
                | Deed::Push
                | Deed::Request
                | Deed::Issue
                | Deed::Merge
                | Deed::Rebase
                | Deed::Amend
                | Deed::Undo
                | Deed::Discard
                | Deed::Delete
                | Deed::Stop
                | Deed::Restart
                | Deed::Deploy
                | Deed::Release
                | Deed::Publish
                | Deed::Install
                | Deed::Fetch
                | Deed::Read
                | Deed::Write
                | Deed::Run
                | Deed::Connect => true,
            };
            if meant {
                keep.push(deed);
            }
        }
        // "Publish the branch" is a push.
        if keep.contains(&Deed::Publish) && any(&["branch"]) {
            keep = vec![Deed::Push];
        }
        if self.wish {
            keep.retain(|deed| WISHED.has(*deed));
        }
        order.deeds = Deeds::of(&keep);
        !order.deeds.is_empty()
    }

    /// A clause that orders nothing that concerns us.
    fn other_clause(&mut self) -> End {
        let begins = self.at;
        let story = self
            .token(0)
            .is_some_and(|token| token.is_in(&PRONOUNS) || token.is_in(&DETERMINERS) || token.shape != Shape::Word);
        self.embedded = false;
        while let Some(token) = self.token(0) {
            if token.is_in(&REPORTING) {
                return End::Sentence;
            }
            self.embedded |= token.is_in(&EMBEDDING);
            if self.opens_inside() {
                return End::Clause;
            }
            // "The steps are: commit, push", "explain: push it": told, not ordered.
            if token.ends(&[":"]) {
                let clause = self.tokens.get(begins..self.at).unwrap_or_default();
                if !clause.iter().any(|token| token.is_in(&LEADS))
                    || clause.iter().any(|token| token.is_one(&["is", "are"]))
                {
                    return End::Sentence;
                }
            }
            if token.shape == Shape::Separator && !(self.embedded && token.ends(&[","])) {
                self.at += 1;
                self.chain = !story;
                return End::Clause;
            }
            if token.is_one(&["and", "then", "but", "so"]) && !self.embedded && !(story && token.is("and")) {
                self.at += 1;
                self.chain = !story;
                return End::Clause;
            }
            self.at += 1;
        }
        End::Sentence
    }

    /// A request in the middle: "… can you fix them".
    fn opens_inside(&self) -> bool {
        let request = || {
            self.token(0)
                .is_some_and(|token| token.is_one(&["can", "could", "would"]))
                && opening(self.tokens, self.at).is_some()
        };
        let marked = self
            .token(0)
            .is_some_and(|token| token.is_one(&["please", "let's", "lets"]));
        !self.embedded && (marked || request())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Object,
    Place,
    Except,
    Tail,
}

/// The opening of an order that begins here.
fn opening(tokens: &[Token<'_>], at: usize) -> Option<(&'static [&'static str], bool)> {
    tokens.get(at).filter(|token| token.is_in(&OPENERS))?;
    OPENINGS.iter().find(|(words, _)| matches(tokens, at, words)).copied()
}

fn matches(tokens: &[Token<'_>], at: usize, words: &[&str]) -> bool {
    words
        .iter()
        .enumerate()
        .all(|(ahead, word)| tokens.get(at.saturating_add(ahead)).is_some_and(|token| token.is(word)))
}

/// `1.`, `2)`.
fn is_number_of_a_list(token: &Token<'_>) -> bool {
    token.shape == Shape::Name && token.raw.len() <= 2 && token.raw.chars().all(|c| c.is_ascii_digit())
}
