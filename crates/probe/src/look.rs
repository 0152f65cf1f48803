//! Looking at a text: block by block, view by view, window by window.

use crate::asked::Asked;
use crate::features::{self, PER_TOKEN, Shape};
use crate::meant;
use crate::normalise::{self, View};
use crate::sign::{Sign, Signs};
use crate::tokens::{self, Token};
use crate::{Finding, Level, Model, Origin, Part, Request, Trick, Weights};

/// As much is looked at in one go: what is held in memory is a small multiple of it.
pub(crate) const BLOCK: usize = 64 << 10;
/// As much of one block is seen again with the next, so that nothing hides at a border.
pub(crate) const OVERLAP: usize = 1 << 10;
/// Looks of windows whose sums are kept while a view is read.
const KEPT: usize = 256;
/// Parts that a finding names.
const PARTS: usize = 16;

/// Looks at a text of that origin, by the model that is compiled in.
#[must_use]
pub fn look(text: &str, origin: Origin, request: &Request) -> Finding {
    look_by(&Model::compiled_in(), text, origin, request)
}

/// [`look`] by another model.
#[must_use]
pub fn look_by(model: &Model<'_>, text: &str, origin: Origin, request: &Request) -> Finding {
    look_with_sum(model, text, origin, request).0
}

/// The sum of the text's most suspicious window; none counts as nothing.
pub(crate) fn best(model: &Model<'_>, text: &str, request: &Request) -> i32 {
    let views = blocks(text).flat_map(|(_, block)| all_views(block, request));
    let sums = views.flat_map(|view| window_scores(model, &view.tokens, request).0);
    sums.map(|(_, _, sum)| sum).max().unwrap_or(i32::MIN / 2)
}

/// [`look_by`], and the sum of the most suspicious window.
pub(crate) fn look_with_sum(model: &Model<'_>, text: &str, origin: Origin, request: &Request) -> (Finding, i32) {
    let mut finding = Finding::default();
    let mut best = i32::MIN;
    for (offset, block) in blocks(text) {
        for view in all_views(block, request) {
            let (seen, sums) = window_scores(model, &view.tokens, request);
            let mut suspicious: Vec<(usize, usize)> = Vec::new();
            for &(start, end, sum) in &seen {
                best = best.max(sum);
                if model.level(sum, origin) == Level::None {
                    continue;
                }
                let window = view.tokens.get(start..end).unwrap_or_default();
                note(&mut finding, &view, window, offset, model.score(sum), request);
                suspicious.push((start, end));
            }
            for range in united(suspicious) {
                let text = &view.view.text;
                for (start, end) in meant::sentences(text, &view.tokens, &sums, range) {
                    let sentence = view.tokens.get(start..end).unwrap_or_default();
                    finding.asked.add(text, sentence);
                }
            }
        }
    }
    if best > i32::MIN {
        finding.score = model.score(best);
        finding.level = model.level(best, origin);
    }
    finding.tricks.sort_unstable();
    finding.tricks.dedup();
    for part in &mut finding.parts {
        // A letter read as another is of another length: an end inside of it means all of it.
        part.start = text.floor_char_boundary(part.start);
        part.end = text.ceil_char_boundary(part.end);
    }
    finding.parts.sort_by_key(|part| (part.start, part.end));
    (finding, best)
}

/// The text in blocks with their places; blocks end at the end of a line, where there is one.
pub(crate) fn blocks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    let mut done = text.is_empty();
    core::iter::from_fn(move || {
        if done {
            return None;
        }
        let start = from;
        let mut end = text.floor_char_boundary(start + BLOCK);
        if end < text.len() {
            let tail = text.get(start + BLOCK / 2..end).unwrap_or_default();
            if let Some(line) = tail.rfind('\n') {
                end = start + BLOCK / 2 + line + 1;
            }
            from = text.floor_char_boundary(end.saturating_sub(OVERLAP).max(start + 1));
        } else {
            done = true;
        }
        text.get(start..end).map(|block| (start, block))
    })
}

/// A view and its words.
pub(crate) struct Read<'a> {
    pub(crate) view: View<'a>,
    pub(crate) tokens: Vec<Token>,
}

/// Every view of a block with its words, rot13 among them.
pub(crate) fn all_views<'a>(block: &'a str, request: &Request) -> Vec<Read<'a>> {
    let mut all: Vec<Read<'a>> = Vec::new();
    for view in normalise::views(block) {
        let tokens = words(&view, request);
        let turned = rotated(&view, &tokens);
        all.push(Read { view, tokens });
        if let Some(view) = turned {
            let tokens = words(&view, request);
            all.push(Read { view, tokens });
        }
    }
    all
}

fn words(view: &View<'_>, request: &Request) -> Vec<Token> {
    let mut words = tokens::read(&view.text, &view.regions, view.signs, request);
    for &(_, place) in &view.marks {
        let at = words.partition_point(|token| token.end <= place);
        if let Some(token) = words.get_mut(at) {
            token.signs = token.signs.with(Sign::Disguised);
        }
    }
    words
}

/// The part of the view that reads as prose after rot13.
fn rotated(view: &View<'_>, tokens: &[Token]) -> Option<View<'static>> {
    let turned = |token: &&Token| token.signs.has(Sign::Rot13);
    if tokens.iter().filter(turned).count() < 3 {
        return None;
    }
    let first = tokens.iter().find(turned)?.start.saturating_sub(200);
    let last = tokens.iter().rfind(turned)?.end.saturating_add(200);
    let text = &view.text;
    let (start, end) = (
        text.floor_char_boundary(first as usize),
        text.ceil_char_boundary(last as usize),
    );
    let (from, to) = view
        .origin
        .span(first, last.min(u32::try_from(text.len()).unwrap_or(u32::MAX)));
    let mut tricks = view.tricks.clone();
    tricks.push(Trick::Rot13);
    Some(View {
        text: normalise::rot13(text.get(start..end)?).into(),
        origin: normalise::Mapping::Within(from, to),
        regions: Vec::new(),
        signs: Signs::NONE.with(Sign::Decoded),
        tricks,
        marks: Vec::new(),
    })
}

/// Ranges that touch, as one.
fn united(mut ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    ranges.sort_unstable();
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        match all.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            Some(_) | None => all.push((start, end)),
        }
    }
    all
}

/// Each window's place and sum; and what the words before each place add up to.
fn window_scores(model: &impl Weights, tokens: &[Token], request: &Request) -> (Vec<(usize, usize, i32)>, Vec<i64>) {
    let mut sums: Vec<i64> = Vec::with_capacity(tokens.len() + 1);
    sums.push(0);
    let mut sum = 0_i64;
    features::of_tokens(tokens, |features: &[u32; PER_TOKEN]| {
        sum += i64::from(features.iter().map(|&feature| model.weight(feature)).sum::<i32>());
        sums.push(sum);
    });
    let bias = model.bias();
    // The empty look stands for no window: a window has a size.
    let mut kept = [(Shape::default(), 0_i32); KEPT];
    let windows = features::windows(tokens.len())
        .map(|(start, end)| {
            let words = sums.get(end).copied().unwrap_or_default() - sums.get(start).copied().unwrap_or_default();
            let mut score = i32::try_from(words).unwrap_or(i32::MAX).saturating_add(bias);
            let (shape, repeated) = features::shape(tokens.get(start..end).unwrap_or_default(), request);
            let slot = shape.slot(KEPT);
            let sum = match kept.get(slot) {
                Some((known, sum)) if *known == shape => *sum,
                Some(_) | None => {
                    let mut sum = 0_i32;
                    shape.each(|feature| sum = sum.saturating_add(model.weight(feature)));
                    if let Some(kept) = kept.get_mut(slot) {
                        *kept = (shape, sum);
                    }
                    sum
                }
            };
            score = score.saturating_add(sum);
            repeated.each(|feature| score = score.saturating_add(model.weight(feature)));
            (start, end, score)
        })
        .collect();
    (windows, sums)
}

/// Keeps a suspicious window.
fn note(finding: &mut Finding, read: &Read<'_>, window: &[Token], offset: usize, score: f32, request: &Request) {
    let (Some(first), Some(last)) = (window.first(), window.last()) else {
        return;
    };
    let signs = features::signs(window);
    finding.tricks.extend(read.view.tricks.iter().copied());
    let inside = |place: u32| first.start <= place && place <= last.end;
    finding.tricks.extend(
        read.view
            .marks
            .iter()
            .filter(|(_, place)| inside(*place))
            .map(|(trick, _)| *trick),
    );
    named(signs, window, request, &mut finding.tricks);
    finding.tricks.sort_unstable();
    finding.tricks.dedup();
    let (start, end) = read.view.origin.span(first.start, last.end);
    let (start, end) = (offset + start as usize, offset + end as usize);
    let decoded = (!read.view.tricks.is_empty())
        .then(|| {
            read.view
                .text
                .get(first.start as usize..last.end as usize)
                .map(str::to_owned)
        })
        .flatten();
    // Windows overlap; what touches becomes one part.
    let touching = finding
        .parts
        .iter_mut()
        .find(|part| part.decoded.is_some() == decoded.is_some() && part.start <= end && start <= part.end);
    if let Some(part) = touching {
        part.start = part.start.min(start);
        part.end = part.end.max(end);
        part.score = part.score.max(score);
    } else if finding.parts.len() < PARTS {
        finding.parts.push(Part {
            start,
            end,
            score,
            decoded,
        });
    } else if let Some(last) = finding.parts.last_mut() {
        // What is too much to be named apart is one part with what lies between.
        last.start = last.start.min(start);
        last.end = last.end.max(end);
        last.score = last.score.max(score);
    }
}

/// The names of what the signs show together.
fn named(signs: Signs, window: &[Token], request: &Request, tricks: &mut Vec<Trick>) {
    let has = |sign: Sign| signs.has(sign);
    let wants_data = has(Sign::Secrets) || has(Sign::Personal) || has(Sign::SecretPlace);
    let moves = has(Sign::Read) || has(Sign::Transmit) || has(Sign::Output);
    let foreign = window.iter().filter(|token| token.signs.has(Sign::Foreign)).count();
    let asked = window.iter().filter(|token| token.signs.has(Sign::Asked)).count();
    let shows = [
        (has(Sign::HtmlComment), Trick::HtmlComment),
        (has(Sign::Hidden), Trick::HiddenByStyle),
        (has(Sign::Caption), Trick::Caption),
        (has(Sign::Leetspeak), Trick::Leetspeak),
        (foreign * 4 > window.len(), Trick::OtherLanguage),
        (
            has(Sign::Override) && (has(Sign::Prior) || has(Sign::Orders)),
            Trick::Override,
        ),
        (
            has(Sign::Authority) && (has(Sign::Orders) || has(Sign::Urgency)),
            Trick::Authority,
        ),
        (has(Sign::RoleMarker), Trick::RoleMarker),
        (has(Sign::ToolCall), Trick::ToolCall),
        (has(Sign::Urgency), Trick::Urgency),
        (has(Sign::Secrecy) && has(Sign::Negation), Trick::Secrecy),
        (wants_data && moves, Trick::AsksForSecrets),
        (
            has(Sign::Transmit) && (has(Sign::Email) || has(Sign::Url) || has(Sign::Outside)),
            Trick::AsksToSend,
        ),
        (has(Sign::Destroy) && has(Sign::Imperative), Trick::AsksToDestroy),
        (has(Sign::Shell), Trick::Command),
        (has(Sign::PayloadUrl), Trick::PayloadUrl),
        (has(Sign::Reader), Trick::AddressesReader),
        (has(Sign::Imperative), Trick::Imperative),
        (has(Sign::Comment) && has(Sign::Imperative), Trick::OutOfPlace),
        (request.is_given() && asked == 0, Trick::OffTopic),
    ];
    tricks.extend(shows.iter().filter(|(shown, _)| *shown).map(|(_, trick)| *trick));
}

/// Everything that the text names, suspicious or not.
pub(crate) fn named_anywhere(text: &str) -> Asked {
    let mut all = Asked::default();
    for (_, block) in blocks(text) {
        for read in all_views(block, &Request::default()) {
            all.add(&read.view.text, &read.tokens);
        }
    }
    all
}

impl Asked {
    /// Adds what the words name.
    fn add(&mut self, text: &str, window: &[Token]) {
        for (at, token) in window.iter().enumerate() {
            let Some(word) = text.get(token.start as usize..token.end as usize) else {
                continue;
            };
            if token.signs.has(Sign::Url) {
                self.add_url(word);
            } else if token.signs.has(Sign::Email) {
                self.add_address(word);
            } else if token.signs.has(Sign::Path) {
                self.add_path(word, token.signs.has(Sign::SecretPlace));
            } else if token.signs.has(Sign::SecretPlace) || token.signs.has(Sign::Variable) {
                self.add_secret(word);
            } else if token.signs.has(Sign::AccountNumber) {
                self.add_account(word);
            }
            let before = at.checked_sub(1).and_then(|before| window.get(before));
            if token.signs.has(Sign::Shell) && before.is_none_or(|before| !before.signs.has(Sign::Shell)) {
                self.add_command(text, token.start as usize);
            }
        }
    }
}
