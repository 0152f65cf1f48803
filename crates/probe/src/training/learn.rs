//! The trainer: logistic regression over hashed features, where a text counts by its most suspicious window. Every sum
//! is taken in one fixed order and nothing but addition, multiplication, division and square roots is used, so that the
//! same texts give the same bytes everywhere.
#![expect(
    clippy::indexing_slicing,
    reason = "the trainer is no part of the product: what is out of bounds is to stop it"
)]

use super::{Features, Window};
use crate::{SIZE, Weights};

/// Rounds over all texts.
const EPOCHS: usize = 14;
/// How far one step goes, before it is divided by the root of the steps so far.
const RATE: f64 = 0.05;
/// What stays of every weight after each round.
const DECAY: f64 = 0.985;
/// Windows of a harmless text that count in each round.
const HARDEST: usize = 2;

/// One text to learn from.
pub struct Example {
    /// Its features.
    pub features: Features,
    /// It holds an injected instruction.
    pub injected: bool,
    /// Where that stands, if it is known.
    pub span: Option<(usize, usize)>,
    /// Its family. A feature counts only if it was seen in two.
    pub family: u64,
    /// How much it counts.
    pub weight: f64,
}

impl Example {
    /// Whether the window may be the one that is meant.
    fn may_be(&self, window: &Window) -> bool {
        let Some((start, end)) = self.span else {
            return true;
        };
        let common = window.end.min(end).saturating_sub(window.start.max(start));
        common * 2 >= (window.end - window.start).min(end - start)
    }
}

/// Weights while they are learned.
#[derive(Clone)]
pub struct Learned {
    weights: Vec<f64>,
    bias: f64,
}

/// Pinned: another seed is another order of the texts and another model.
const SEED: u64 = 0x005e_ed09_ace7;

/// Numbers that only look random (xorshift64*).
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below the bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from((self.roll() >> 16) % bound).unwrap_or_default()
    }

    /// One of them.
    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Puts the list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// Learns from the texts.
#[must_use]
pub fn learn(examples: &[&Example]) -> Learned {
    let counts = seen_twice(examples);
    let mut weights = vec![0.0_f64; SIZE];
    let mut steps = vec![1.0_f64; SIZE];
    let mut bias = 0.0_f64;
    // What is kept is the mean of the later rounds: it leans less on the texts that happened to come last.
    let (mut sums, mut bias_sum, mut rounds) = (vec![0.0_f64; SIZE], 0.0_f64, 0.0_f64);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut dice = Dice::new(SEED);
    let injected: f64 = examples.iter().filter(|one| one.injected).map(|one| one.weight).sum();
    let harmless: f64 = examples.iter().filter(|one| !one.injected).map(|one| one.weight).sum();
    let balance = (harmless / injected.max(1.0)).clamp(0.2, 5.0);
    for epoch in 0..EPOCHS {
        dice.shuffle(&mut order);
        for &at in &order {
            let example = examples[at];
            let mut scored: Vec<(f64, usize)> = Vec::new();
            for (index, window) in example.features.windows.iter().enumerate() {
                if example.injected && !example.may_be(window) {
                    continue;
                }
                let mut sum = bias;
                example
                    .features
                    .each(window, |feature| sum += weights[feature as usize]);
                scored.push((sum, index));
            }
            scored.sort_by(|a, b| b.0.total_cmp(&a.0));
            let count = if example.injected { 1 } else { HARDEST };
            for &(sum, index) in scored.iter().take(count) {
                let target = if example.injected { 1.0 } else { 0.0 };
                let class = if example.injected { balance } else { 1.0 };
                let error = (target - logistic(sum)) * class * example.weight;
                if error.abs() < 0.01 {
                    continue;
                }
                let window = &example.features.windows[index];
                example.features.each(window, |feature| {
                    let feature = feature as usize;
                    if counts[feature] {
                        steps[feature] += error * error;
                        weights[feature] += RATE * error / steps[feature].sqrt();
                    }
                });
                bias += RATE * error * 0.1;
            }
        }
        if epoch >= EPOCHS / 2 {
            for (sum, weight) in sums.iter_mut().zip(&weights) {
                *sum += weight;
            }
            bias_sum += bias;
            rounds += 1.0;
        }
        if epoch + 1 < EPOCHS {
            for weight in &mut weights {
                *weight *= DECAY;
            }
        }
    }
    for sum in &mut sums {
        *sum /= rounds;
    }
    Learned {
        weights: sums,
        bias: bias_sum / rounds,
    }
}

/// Which features were seen in two families.
fn seen_twice(examples: &[&Example]) -> Vec<bool> {
    let mut first = vec![0_u64; SIZE];
    let mut twice = vec![false; SIZE];
    for example in examples {
        for window in &example.features.windows {
            example.features.each(window, |feature| {
                let feature = feature as usize;
                if first[feature] == 0 {
                    first[feature] = example.family | 1;
                } else if first[feature] != example.family | 1 {
                    twice[feature] = true;
                }
            });
        }
    }
    twice
}

/// The logistic function by arithmetic alone.
fn logistic(x: f64) -> f64 {
    let x = x.clamp(-30.0, 30.0);
    let mut power = 1.0 - x / 1024.0;
    for _ in 0..10 {
        power *= power;
    }
    1.0 / (1.0 + power)
}

/// Weights as the product holds them.
pub struct Small {
    /// One for each feature.
    pub weights: Vec<i8>,
    /// Added to every window.
    pub bias: i32,
    /// A weight of this much is one unit of the logistic function.
    pub unit: f64,
}

impl Weights for Small {
    fn weight(&self, feature: u32) -> i32 {
        i32::from(self.weights[feature as usize])
    }

    fn bias(&self) -> i32 {
        self.bias
    }
}

impl Learned {
    /// In whole numbers.
    #[must_use]
    pub fn small(&self) -> Small {
        let mut sizes: Vec<f64> = self
            .weights
            .iter()
            .map(|weight| weight.abs())
            .filter(|size| *size > 0.0)
            .collect();
        sizes.sort_by(f64::total_cmp);
        // The few largest are cut, so that the many small ones keep their differences.
        let largest = sizes
            .get(sizes.len().saturating_sub(1 + sizes.len() / 2000))
            .copied()
            .unwrap_or(1.0);
        let unit = 127.0 / largest;
        #[expect(clippy::cast_possible_truncation, reason = "clamped to the type's range")]
        let weights = self
            .weights
            .iter()
            .map(|weight| (weight * unit).round().clamp(-127.0, 127.0) as i8)
            .collect();
        #[expect(clippy::cast_possible_truncation, reason = "a bias is a few units")]
        let bias = (self.bias * unit).round() as i32;
        Small { weights, bias, unit }
    }
}

impl Small {
    /// The text's sum: that of its most suspicious window.
    #[must_use]
    pub fn score(&self, features: &Features) -> i32 {
        let one = |window: &Window| {
            let mut sum = self.bias;
            features.each(window, |feature| sum += self.weight(feature));
            sum
        };
        features.windows.iter().map(one).max().unwrap_or(i32::MIN / 2)
    }
}
