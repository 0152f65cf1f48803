//! Placet's own agent. Every call is decided by the engine before it runs, every result passes the probe before the model sees
//! it, and a person keeps the wheel. It makes no decisions of its own: `gate.rs` is the only way to the engine.
//!
//! Read `turns.rs`, then `turns/admit.rs`. `model.rs` and `person.rs` are the ports; `tools.rs` is the bench.

mod command_line;
mod compact;
mod conversation;
pub mod demo;
mod error;
mod gate;
pub mod headless;
mod mcp;
mod model;
mod open;
mod person;
mod prompt;
mod store;
pub mod terminal;
mod tools;
mod turns;

pub use conversation::{Message, Reply, ToolCall, ToolResult, Usage};
pub use error::Error;
pub use model::{Http, Model, ModelError, Request, Script, Stop, Vendor};
pub use open::{Company, Options, Resume, Session, last_model};
pub use person::{Answered, Choice, Denial, Notice, Person, Question};
pub use store::Named;
pub use tools::{Tests, Tool, todo};
pub use turns::{Ending, Limits};
