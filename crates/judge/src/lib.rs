//! The judge: a model's opinion on an action that no rule decides. It sees what the user said, the action, its effects and
//! Placet's own facts, and nothing else: read [`trusted`] for why nothing else can get in, then [`ask`].
//!
//! The only network client of the product. Not on the hook's path: the hook starts `placet judge ask` as a process of its own.

mod ask;
mod budget;
mod cache;
mod deadline;
mod error;
mod opinion;
mod price;
mod prompt;
mod prose;
mod question;
mod quote;
mod rules;
mod service;
mod suspect;
pub mod trusted;
mod visible;

pub use ask::{Asking, ask, critique};
pub use cache::Cache;
pub use deadline::Deadline;
pub use error::Error;
pub use price::Price;
pub use prompt::{Prompt, Stage};
pub use prose::Prose;
pub use question::{Case, Question};
pub use rules::{RULES, Rule};
pub use service::command::Program;
pub use service::http::{Dialect, Http};
pub use service::key::{Key, KeySource};
pub use service::recorded::Recorded;
pub use service::{Reply, Service};
pub use suspect::Suspect;
