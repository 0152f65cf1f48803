//! The model: one small weight for each hashed feature, and what a sum of weights means. Trained by `cargo xtask
//! train-probe`, which writes `model.bin`; compiled in, and read where it lies.

use crate::features::BITS;
use crate::{Level, Origin};

/// Weights by which a text is scored; sums of them are exact.
pub trait Weights {
    /// The weight of a feature, in units of [`Weights::UNIT`].
    fn weight(&self, feature: u32) -> i32;
    /// Added to every window.
    fn bias(&self) -> i32;
}

/// The size of the head, in bytes.
const HEAD: usize = 64;
/// How many weights there are.
pub const SIZE: usize = 1 << BITS;

/// The model that is compiled in, or one that was just trained.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    bytes: &'a [u8],
}

static COMPILED_IN: &[u8] = include_bytes!("../model.bin");

impl Model<'static> {
    /// The one that is compiled in.
    #[must_use]
    pub const fn compiled_in() -> Self {
        Self { bytes: COMPILED_IN }
    }
}

/// What stands before the weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Added to every window.
    pub bias: i32,
    /// A sum of this much is one unit of the logistic function, above `even`.
    pub slope: i32,
    /// The sum at which the chances are even.
    pub even: i32,
    /// From which sum on a level is reached: for each origin, low, medium and high.
    pub thresholds: [[i32; 3]; 3],
}

impl<'a> Model<'a> {
    /// A model in the bytes that [`write`] made.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn number(&self, index: usize) -> i32 {
        let at = 4 + index * 4;
        self.bytes
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, i32::from_le_bytes)
    }

    /// A sum of this much is one unit of the logistic function.
    pub(crate) fn unit(&self) -> i32 {
        self.number(1).max(1)
    }

    /// The level that a sum reaches.
    #[must_use]
    pub fn level(&self, sum: i32, origin: Origin) -> Level {
        let first = 3 + origin as usize * 3;
        if sum < self.number(first) {
            Level::None
        } else if sum < self.number(first + 1) {
            Level::Low
        } else if sum < self.number(first + 2) {
            Level::Medium
        } else {
            Level::High
        }
    }

    /// The sum as a chance between 0 and 1.
    #[must_use]
    pub fn score(&self, sum: i32) -> f32 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "sums are far below what the type holds exactly"
        )]
        let units = (sum - self.number(2)) as f32 / self.number(1).max(1) as f32;
        1.0 / (1.0 + (-units).exp())
    }
}

impl Weights for Model<'_> {
    #[inline]
    fn weight(&self, feature: u32) -> i32 {
        self.bytes
            .get(HEAD + feature as usize)
            .map_or(0, |&byte| i32::from(i8::from_le_bytes([byte])))
    }

    fn bias(&self) -> i32 {
        self.number(0)
    }
}

/// The bytes of a model.
#[must_use]
pub fn write(head: &Head, weights: &[i8]) -> Vec<u8> {
    let mut bytes = b"PLP1".to_vec();
    let thresholds = head.thresholds.iter().flatten().copied();
    for number in [head.bias, head.slope, head.even].into_iter().chain(thresholds) {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.resize(HEAD, 0);
    bytes.extend(weights.iter().flat_map(|weight| weight.to_le_bytes()));
    bytes
}
