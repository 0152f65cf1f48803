//! From messages to an authorization: what was said when, what still stands, what was lifted.

use crate::boundaries::{Limit, limits};
use crate::lexicon::TALK;
use crate::orders::{Order, orders};
use crate::speech::{Sentence, sentences};
use crate::tokens::{List, Shape, Token, tokens};
use crate::{Authorization, Boundary, Deed, Deeds, Grant, Kind, Mention, Said, languages};

/// How much text is read at most: of more, the oldest and the newest messages.
pub const MOST_TEXT: usize = 64 << 10;
/// How much of that belongs to the oldest messages.
const OLDEST: usize = 16 << 10;

/// Reads what the user wrote, oldest first.
#[must_use]
pub fn read(messages: &[String]) -> Authorization {
    let mut reader = Reader::default();
    let chosen = within_budget(messages);
    let texts: Vec<(usize, &str)> = chosen
        .into_iter()
        .filter_map(|index| messages.get(index).map(|text| (index, text.as_str())))
        .collect();
    for (index, text) in &texts {
        reader.message(*index, text);
    }
    reader.finish()
}

/// Words without which a sentence sets no boundary, in any of the languages.
static CUES: List = List::new(
    "don't dont never mustn't shouldn't can't cannot without avoid refrain no not stop quit off needn't skip ask asking myself \
     leave keep leaving keeping hands stay steer limits alone untouched unchanged intact only remain limit restrict confine \
     nothing read-only readonly exclusively off-limits \
     nicht nichts kein keine keinen keinerlei niemals nie ohne verboten nur finger ruhe tabu frag frage fragst bleib \
     ne pas jamais sans aucun aucune rien interdit interdiction lecture seulement uniquement tranquille tel \
     demande demandez demander demande-moi demandez-moi reste nunca sin ninguna evita nada prohibido solo solamente paz \
     intacto intacta tranquilo tranquila sem nem nenhum nenhuma proibido evite apenas somente pergunte pergunta perguntar \
     pergunte-me pergunta-me quieto nao preguntame preguntarme consultarme",
);
/// Words that tie an action to the user's own decision.
static GATES: List =
    List::new("before unless until till once after when if wait waiting check confirm tell consult notify warn run");
static SELF: List = List::new("i i'm i've i'll me my");

/// Whether these messages may set a boundary at all: a quick look, so that actions which need no leave need no reading.
/// It may be wrong in one direction only.
#[must_use]
pub fn may_bind(messages: &[String]) -> bool {
    let binds = |text: &str| {
        let tokens = tokens(text);
        if languages::is_foreign(text, &tokens) {
            let heard = languages::heard(text, &tokens);
            if !heard.limits.is_empty() || heard.doubtful {
                return true;
            }
        }
        !limits(&tokens, false).is_empty()
    };
    let cue = |text: &str| CUES.may_stand_in(text) || GATES.may_stand_in(text) && SELF.may_stand_in(text);
    messages.iter().any(|message| {
        cue(message)
            && sentences(message)
                .iter()
                .any(|sentence| cue(sentence.text) && binds(sentence.text))
    })
}

/// The messages that are read, by index.
fn within_budget(messages: &[String]) -> Vec<usize> {
    if messages.iter().map(String::len).sum::<usize>() <= MOST_TEXT {
        return (0..messages.len()).collect();
    }
    let mut newest = Vec::new();
    let mut left = MOST_TEXT - OLDEST;
    for (index, text) in messages.iter().enumerate().rev() {
        let Some(fewer) = left.checked_sub(text.len()) else {
            break;
        };
        left = fewer;
        newest.push(index);
    }
    let first_new = newest.last().copied().unwrap_or(messages.len());
    let mut kept = Vec::new();
    let mut left = OLDEST;
    for (index, text) in messages.iter().enumerate().take(first_new) {
        let Some(fewer) = left.checked_sub(text.len()) else {
            break;
        };
        left = fewer;
        kept.push(index);
    }
    newest.reverse();
    kept.extend(newest);
    kept
}

#[derive(Default)]
struct Reader {
    grants: Vec<(usize, Grant)>,
    boundaries: Vec<Boundary>,
    lifts: Vec<(usize, Deeds, Vec<String>)>,
    freed: Vec<usize>,
    mentions: Vec<Mention>,
    doubt: Option<Said>,
    /// Sentences so far.
    at: usize,
    talked: bool,
}

impl Reader {
    fn message(&mut self, index: usize, text: &str) {
        let all = sentences(text);
        if all.is_empty() && text.trim().is_empty() {
            return;
        }
        let read: Vec<(Sentence<'_>, Vec<Token<'_>>)> = all
            .into_iter()
            .map(|sentence| (sentence, tokens(sentence.text)))
            .collect();
        if !goes_on(&read) {
            for (_, grant) in &mut self.grants {
                grant.current = false;
            }
        }
        let talks = read
            .iter()
            .any(|(_, tokens)| tokens.iter().any(|token| token.is_in(&TALK)));
        let talked = talks || self.talked;
        self.talked = talks;
        let last = read.last().map_or(0, |(sentence, _)| sentence.paragraph);
        let mut new: Vec<(usize, Grant, usize)> = Vec::new();
        for (sentence, tokens) in &read {
            self.at += 1;
            let said = Said {
                message: index,
                start: sentence.start,
                words: sentence.text.to_owned(),
            };
            if languages::is_foreign(sentence.text, tokens) {
                let heard = languages::heard(sentence.text, tokens);
                self.bound(heard.limits, &said);
                if let Some(deeds) = heard.lifted {
                    self.lifts.push((self.at, deeds, Vec::new()));
                }
                if heard.doubtful {
                    self.doubt = Some(said.clone());
                }
                // Smileys, accents and quotes make no foreign sentence of an English one.
                if !is_english_all_the_same(tokens) {
                    self.mention(tokens, &said, sentence);
                    continue;
                }
            }
            if frees(tokens) {
                self.freed.push(self.at);
            }
            let limits = limits(tokens, sentence.asks);
            let limited = !limits.is_empty();
            self.bound(limits, &said);
            if !sentence.document {
                for order in orders(tokens, sentence.asks, talked) {
                    new.push((self.at, grant(order, said.clone()), sentence.paragraph));
                }
            }
            if !limited {
                self.mention(tokens, &said, sentence);
            }
            // What is said after an order belongs to it.
            for (_, grant, _) in &mut new {
                if grant.said.start < sentence.start {
                    grant.words.extend(
                        tokens
                            .iter()
                            .filter(|token| token.shape != Shape::Separator)
                            .map(|token| token.lower.clone().into_owned()),
                    );
                }
            }
        }
        for (at, mut grant, paragraph) in new {
            // Several tasks in one message: an order that belongs to one that is not the last stands with that one.
            let several = paragraph < last && grant.objects.iter().all(|name| !name.contains(['/', '.', '#']));
            grant.current = !several;
            self.grants.push((at, grant));
        }
    }

    fn bound(&mut self, limits: Vec<Limit>, said: &Said) {
        for limit in limits {
            let unclear = limit.kind == Kind::Never
                && limit.deeds.is_empty()
                && limit.objects.is_empty()
                && limit.except.is_empty();
            if unclear {
                self.doubt = Some(said.clone());
                continue;
            }
            self.boundaries.push(Boundary {
                kind: limit.kind,
                deeds: limit.deeds,
                force: limit.force,
                objects: limit.objects,
                except: limit.except,
                said: said.clone(),
                at: self.at,
            });
        }
    }

    fn mention(&mut self, tokens: &[Token<'_>], said: &Said, sentence: &Sentence<'_>) {
        static DENIALS: List = List::new(
            "don't dont never not without avoid no except nicht kein keine nie ne pas jamais nunca sin sem não",
        );
        let denied = tokens.iter().any(|token| token.is_in(&DENIALS))
            || sentence.text.contains(['别', '勿', '禁'])
            || sentence.text.contains("不要")
            || sentence.text.contains("ない")
            || sentence.text.contains("ません");
        if denied || sentence.document || self.mentions.len() > 400 {
            return;
        }
        for token in tokens
            .iter()
            .filter(|token| token.names() && token.raw.contains(['/', '.']))
        {
            self.mentions.push(Mention {
                name: token.raw.to_owned(),
                said: said.clone(),
            });
        }
    }

    fn finish(mut self) -> Authorization {
        self.grants.reverse();
        self.boundaries.reverse();
        let (grants, lifts, freed) = (&self.grants, &self.lifts, &self.freed);
        self.boundaries
            .retain(|boundary| !is_lifted(boundary, grants, lifts, freed));
        Authorization {
            grants: self.grants.into_iter().map(|(_, grant)| grant).collect(),
            boundaries: self.boundaries,
            mentions: self.mentions,
            doubt: self.doubt,
        }
    }
}

fn grant(order: Order, said: Said) -> Grant {
    Grant {
        deeds: order.deeds,
        force: order.force,
        objects: order.objects,
        places: order.places,
        except: order.except,
        words: order.words,
        firm: order.firm,
        direct: order.direct,
        current: true,
        said,
    }
}

/// Whether something that was said later lifts the boundary.
fn is_lifted(
    boundary: &Boundary,
    grants: &[(usize, Grant)],
    lifts: &[(usize, Deeds, Vec<String>)],
    freed: &[usize],
) -> bool {
    let names = |grant: &Grant| {
        boundary.objects.iter().all(|name| {
            grant
                .names()
                .any(|said| crate::is_named(said, name) || stem(said) == stem(name))
        })
    };
    let later = |at: usize| at > boundary.at;
    if freed.iter().any(|at| later(*at)) {
        return boundary.kind != Kind::Only || boundary.objects.is_empty() || freed.iter().any(|at| later(*at));
    }
    if lifts
        .iter()
        .any(|(at, deeds, _)| later(*at) && boundary.deeds.meets(*deeds))
    {
        return true;
    }
    const CHANGES: Deeds = Deeds::of(&[Deed::Write, Deed::Delete]);
    grants.iter().any(|(at, grant)| {
        let same = match boundary.kind {
            Kind::Never | Kind::AskFirst if boundary.deeds.is_empty() => {
                grant.deeds.meets(CHANGES) && !boundary.objects.is_empty() && names(grant)
            }
            Kind::Never | Kind::AskFirst => {
                boundary.deeds.meets(grant.deeds) && (!boundary.force || grant.force) && names(grant)
            }
            Kind::ReadOnly => grant.deeds.meets(CHANGES),
            Kind::Only => false,
        };
        later(*at) && grant.direct && same
    })
}

/// Without the ending of a plural.
pub(crate) fn stem(word: &str) -> String {
    let lower = word.to_lowercase();
    for ending in ["ches", "shes", "sses", "xes"] {
        if lower.ends_with(ending) {
            return lower.strip_suffix("es").unwrap_or(&lower).to_owned();
        }
    }
    match lower.strip_suffix('s') {
        Some(rest) if rest.len() > 2 && !rest.ends_with('s') => rest.to_owned(),
        Some(_) | None => lower,
    }
}

/// "You no longer need to ask", "do whatever you want", "forget what I said".
fn frees(tokens: &[Token<'_>]) -> bool {
    let has = |word: &str| tokens.iter().any(|token| token.is(word));
    let pair = |first: &str, second: &str| {
        tokens
            .windows(2)
            .any(|pair| pair.first().is_some_and(|t| t.is(first)) && pair.get(1).is_some_and(|t| t.is(second)))
    };
    let ask = has("ask") || has("asking");
    (ask && (pair("need", "to") || pair("have", "to")) && (has("no") || has("don't")))
        || pair("stop", "asking")
        || has("anymore") && ask
        || has("ignore") && (has("restriction") || has("restrictions") || has("boundaries") || has("limits"))
        || pair("forget", "what") && has("said")
        || has("anywhere")
            && (pair("can", "edit") || pair("can", "change") || pair("can", "work") || pair("can", "touch"))
}

/// Whether the message goes on with the task before: a word of assent, or a detail of the same commit, branch or request.
fn goes_on(sentences: &[(Sentence<'_>, Vec<Token<'_>>)]) -> bool {
    static ASSENT: List = List::new(
        "yes yep yeah yup y ok okay k sure continue proceed go on ahead thanks thank you great good perfect nice cool \
     please lgtm do it that right correct fine sounds looks done agreed exactly keep going for now and carry a b \
     resume next",
    );
    // A choice among what is on the table: "skip 5 and 7 and do the rest", "give me the list again", "just the first two".
    static CHOICE: List = List::new(
        "the of them these those all both either rest remaining other others only just skip ignore leave out then but \
     first second third last one ones two three list again give me show us let's option options number numbers too",
    );
    static SAME: List = List::new("branch pr commit title description name message squash rebase base");
    static NEW: List = List::new(
        "fail failing failed fails error errors broken comment comments conflict conflicts bug lint issue ci checks \
     why how link linear todo docs feature",
    );
    if sentences.is_empty() {
        return false;
    }
    let words: Vec<&Token<'_>> = sentences
        .iter()
        .flat_map(|(_, tokens)| tokens)
        .filter(|token| token.shape != Shape::Separator)
        .collect();
    let asks = sentences.iter().any(|(sentence, _)| sentence.asks);
    let assent = words.len() <= 12
        && words.iter().all(|token| {
            token.is_in(&ASSENT)
                || token.is_in(&CHOICE)
                || token.raw.len() <= 2 && token.names()
                || token.raw.bytes().all(|byte| byte.is_ascii_digit())
        });
    let detail = words.len() <= 16
        && words.iter().any(|token| token.is_in(&SAME))
        && !words.iter().any(|token| token.is_in(&NEW));
    !asks && (assent || detail)
}

/// A sentence that is English but for a smiley, an accent or a quoted word.
fn is_english_all_the_same(tokens: &[Token<'_>]) -> bool {
    static COMMON: List =
        List::new("the and to it this please don't of with you not let's my we can just commit push then all");
    let words: Vec<&Token<'_>> = tokens
        .iter()
        .filter(|token| token.shape == Shape::Word && token.raw.chars().any(char::is_alphabetic))
        .collect();
    let ascii = words
        .iter()
        .filter(|token| token.raw.chars().all(|c| c.is_ascii() || c == '\u{2019}'))
        .count();
    !words.is_empty()
        && ascii == words.len()
        && words.iter().any(|token| token.is_in(&COMMON))
        && !words.iter().any(|token| token.is_in(&FOREIGN))
}

/// Little words of other languages that English does not have.
static FOREIGN: List = List::new(
    "nicht kein keine und der das bitte auf ohne nur pas les et sans jamais dans el los las sin nunca por y em os \
     agora puis puedes pode",
);
