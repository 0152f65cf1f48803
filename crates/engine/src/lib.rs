//! The decision point: an event in, a verdict out. Pure: no I/O, no clock, no environment, no processes, no wire formats.
//!
//! [`decide`] is the only way to a [`Verdict`]; read [`pipeline`] first, then [`hard_limits`] and `tests/invariants.rs`.

mod approval;
mod asked;
pub mod asked_by_data;
mod combine;
pub mod escalation;
pub mod fail_closed;
pub mod hard_limits;
mod message;
mod modes;
mod normalise;
mod opinion;
pub mod pipeline;
pub mod policy;
pub mod tiers;
pub mod trace;
mod verdict;
mod words;
mod world;

pub use escalation::{EscalationLimits, SessionCounters};
pub use fail_closed::Failure;
pub use hard_limits::HardLimit;
pub use pipeline::{Decided, decide};
pub use policy::{Format, IgnoreText, Policy, PolicyText, Scope};
pub use verdict::Verdict;
pub use words::effect as in_words;
pub use world::World;
