//! The audit log: one line of JSON per decision, redacted, chained by SHA-256, appended safely by many processes, and read
//! back. It records decisions and makes none. Start with [`Log`], then [`chain`].

pub mod chain;
mod entry;
mod error;
pub mod export;
mod files;
mod filter;
mod follow;
mod hash;
mod head;
mod json;
mod line;
mod log;
mod reader;
pub mod redact;
pub mod report;
pub mod show;
mod stats;
pub mod time;
pub mod verify;

pub use chain::Link;
pub use entry::{EffectEntry, Entry, JudgeEntry, MatchEntry, StageEntry};
pub use error::Error;
pub use filter::Filter;
pub use follow::Follow;
pub use log::{Durability, Log, LogOptions};
pub use reader::Reader;
pub use redact::redact;
pub use stats::{DIMENSIONS, Latency, Stats, Verdicts};
pub use verify::{Verification, verify};
