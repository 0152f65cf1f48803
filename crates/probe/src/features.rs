//! What the model looks at: hashed words and their neighbours for each token, signs and their pairs for each window.
//! The trainer and the probe use the same functions, so that they can't see different things.

use crate::request::Request;
use crate::sign::{Sign, Signs};
use crate::tokens::Token;

/// Weights that features are hashed into, as a power of two.
pub(crate) const BITS: u32 = 20;
/// Windows: so many tokens, and from one to the next. The short ones see an order that stands among other things, the
/// long ones see an argument.
const WINDOWS: [(usize, usize); 2] = [(20, 8), (48, 16)];
/// Features of one token.
pub(crate) const PER_TOKEN: usize = 9;

/// Signs by which tokens are chained over what stands between them.
const CHAINED: Signs = Signs::ACTION
    .with(Sign::Secrets)
    .with(Sign::Personal)
    .with(Sign::Reader)
    .with(Sign::Me)
    .with(Sign::User)
    .with(Sign::Authority)
    .with(Sign::Prior)
    .with(Sign::Orders)
    .with(Sign::Secrecy)
    .with(Sign::Urgency)
    .with(Sign::Always)
    .with(Sign::Negation)
    .with(Sign::OrderInTime)
    .with(Sign::Shell)
    .with(Sign::Pretext)
    .with(Sign::Outside)
    .with(Sign::Talk)
    .with(Sign::Device)
    .with(Sign::Continue)
    .with(Sign::Url)
    .with(Sign::Email)
    .with(Sign::Path)
    .with(Sign::Variable)
    .with(Sign::AccountNumber)
    .with(Sign::RoleMarker)
    .with(Sign::ToolCall);

/// How far a chain reaches, in tokens.
const REACH: usize = 10;

#[inline]
fn mix(kind: u32, first: u32, second: u32, third: u32) -> u32 {
    let mut hash = kind.wrapping_mul(0x9e37_79b1) ^ first;
    hash = hash.wrapping_mul(0x85eb_ca6b).rotate_left(13) ^ second;
    hash = hash.wrapping_mul(0xc2b2_ae35).rotate_left(15) ^ third;
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^= hash >> 16;
    hash & ((1 << BITS) - 1)
}

/// Calls with the features of each token, in order.
pub(crate) fn of_tokens(tokens: &[Token], mut each: impl FnMut(&[u32; PER_TOKEN])) {
    // The last two tokens with a sign that chains: place and sign.
    let mut chain: [(usize, u32); 2] = [(0, 0); 2];
    let (mut before, mut before_that) = ((0, 0), (0, 0));
    for (at, token) in tokens.iter().enumerate() {
        let words = (token.hash, token.stem);
        let sign = if token.signs.any(CHAINED) {
            token
                .signs
                .bits()
                .find(|bit| Signs::from_bits(1 << bit).any(CHAINED))
                // "delete" that begins a sentence is another thing than one within it.
                .map_or(0, |bit| bit + if token.signs.has(Sign::Imperative) { 65 } else { 1 })
        } else {
            0
        };
        let [last, last_but_one] = chain;
        let near = |link: (usize, u32)| if link.1 != 0 && link.0 + REACH > at { link.1 } else { 0 };
        let (one, two) = (near(last), near(last_but_one));
        let chained = |fits: bool, feature: u32| if fits { feature } else { NOTHING };
        let features = [
            mix(1, words.0, 0, 0),
            mix(2, before.0, words.0, 0),
            mix(3, before_that.0, before.0, words.0),
            mix(4, before_that.0, 0, words.0),
            mix(5, words.1, 0, 0),
            mix(6, before.1, words.1, 0),
            chained(sign != 0 && one != 0, mix(7, one, sign, 0)),
            chained(sign != 0 && one != 0 && two != 0, mix(8, two, one, sign)),
            chained(one != 0, mix(9, one, words.1, 0)),
        ];
        each(&features);
        if sign != 0 {
            chain = [(at, sign), last];
        }
        before_that = before;
        before = words;
    }
}

/// The feature that has no weight.
pub(crate) const NOTHING: u32 = 0;

/// The windows of so many tokens: where each begins and ends.
pub(crate) fn windows(tokens: usize) -> impl Iterator<Item = (usize, usize)> {
    WINDOWS.into_iter().enumerate().flat_map(move |(kind, (size, step))| {
        let last = tokens.saturating_sub(size).div_ceil(step);
        // A text that fits into a short window is one window.
        let shorter = WINDOWS.into_iter().take(kind).any(|(size, _)| tokens <= size);
        let count = if tokens == 0 || shorter { 0 } else { last + 1 };
        (0..count).map(move |index| (index * step, (index * step + size).min(tokens)))
    })
}

/// The signs of a window, together.
pub(crate) fn signs(window: &[Token]) -> Signs {
    window.iter().fold(Signs::NONE, |all, token| all.union(token.signs))
}

/// What a window as a whole looks like. Windows of one look have the same features, so that many need not be summed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    all: Signs,
    /// Measures by which it counts, as numbers of features.
    measures: [u32; 5],
}

/// The signs that a window has twice, and those that it has more often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeated {
    twice: Signs,
    often: Signs,
}

/// The window's look.
pub(crate) fn shape(window: &[Token], request: &Request) -> (Shape, Repeated) {
    let (mut all, mut twice, mut often) = (Signs::NONE, Signs::NONE, Signs::NONE);
    let (mut asked, mut content, mut comment, mut foreign) = (0_usize, 0_usize, 0_usize, 0_usize);
    for token in window {
        let both = token.signs.bits_in(twice);
        often = often.union(both);
        twice = twice.union(token.signs.bits_in(all));
        all = all.union(token.signs);
        asked += usize::from(token.signs.has(Sign::Asked));
        content += usize::from(token.end - token.start >= 4);
        comment += usize::from(token.signs.has(Sign::Comment));
        foreign += usize::from(token.signs.has(Sign::Foreign));
    }
    let size = window.len().max(1);
    let symbols = match (window.first(), window.last()) {
        (Some(first), Some(last)) => last.symbols.saturating_sub(first.symbols) as usize,
        _ => 0,
    };
    let density = bucket(symbols * 40 / size, &[1, 4, 8, 14, 24, 40]);
    let wanted = if request.is_given() {
        140 + bucket(asked * 20 / content.max(1), &[1, 2, 4, 8])
    } else {
        NO_MEASURE
    };
    let shape = Shape {
        all,
        measures: [
            100 + density,
            110 + bucket(comment * 10 / size, &[1, 4, 8]),
            120 + bucket(foreign * 10 / size, &[1, 4, 8]),
            130 + bucket(size, &[6, 12, 20, 21, 48]),
            wanted,
        ],
    };
    (shape, Repeated { twice, often })
}

/// In place of a measure that can't be taken.
const NO_MEASURE: u32 = u32::MAX;

impl Shape {
    /// Calls with each feature of the look.
    pub(crate) fn each(&self, mut each: impl FnMut(u32)) {
        let mut active: [u32; 80] = [0; 80];
        let mut count = 0;
        let measures = self.measures.into_iter().filter(|measure| *measure != NO_MEASURE);
        for feature in self.all.bits().chain(measures) {
            if let Some(slot) = active.get_mut(count) {
                *slot = feature;
                count += 1;
            }
        }
        let active = active.get(..count).unwrap_or_default();
        for (at, &first) in active.iter().enumerate() {
            each(mix(20, first, 0, 0));
            for &second in active.get(..at).unwrap_or_default() {
                each(mix(21, second, first, 0));
            }
        }
    }

    /// Where sums of such a look are kept.
    pub(crate) fn slot(&self, slots: usize) -> usize {
        let measures = self.measures.iter().fold(0, |all, measure| mix(1, all, *measure, 0));
        let low = self
            .all
            .bits()
            .fold(measures, |all, bit| all.wrapping_mul(31).wrapping_add(bit));
        low as usize % slots.max(1)
    }
}

impl Repeated {
    /// Calls with the feature of each.
    pub(crate) fn each(&self, mut each: impl FnMut(u32)) {
        for bit in self.twice.bits() {
            each(mix(22, bit, 0, 0));
        }
        for bit in self.often.bits() {
            each(mix(23, bit, 0, 0));
        }
    }
}

/// Calls with each feature of the window as a whole.
pub(crate) fn of_window(window: &[Token], request: &Request, mut each: impl FnMut(u32)) {
    let (shape, repeated) = shape(window, request);
    shape.each(&mut each);
    repeated.each(each);
}

fn bucket(value: usize, bounds: &[usize]) -> u32 {
    u32::try_from(bounds.iter().filter(|&&bound| value >= bound).count()).unwrap_or_default()
}
