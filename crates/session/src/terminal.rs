//! The session at a terminal: a screen, or plain lines where a screen is of no use. What is shown and typed, nothing else.

mod commands;
mod desk;
mod happened;
mod input;
mod keyboard;
mod keys;
mod markdown;
mod plain;
mod question;
mod screen;
mod short;
mod transcript;
mod view;
mod worker;
mod wrap;

pub use keyboard::wait_until_gone;
pub use plain::run as plain;
pub use screen::run as screen;
pub use short::Short;

use crate::gate::Switch;
use crate::model::{Model, Stop};
use crate::store::Named;
use crate::{Error, Session};

/// What a session at a terminal is started with.
pub struct Start {
    /// The session.
    pub session: Session,
    /// What it begins with.
    pub prompt: Option<String>,
    /// Whether colours are wanted.
    pub colour: bool,
    /// Set from outside when the session is to end.
    pub end: Stop,
    /// Finds a model by its name.
    pub models: Models,
}

/// Finds a model by what a person types for it; or says why not.
pub type Models = Box<dyn Fn(&str) -> Result<(Named, Box<dyn Model>), String>>;

/// How the session at a terminal ended: its id, and whether it holds anything.
pub type Ended = Result<(String, bool), Error>;

/// The modes that Shift+Tab goes through, without those that are switched off.
fn cycle(switch: &Switch) -> Vec<placet_model::Mode> {
    use placet_model::Mode::{AcceptEdits, Auto, Default, Plan};
    let mut modes = vec![Default, AcceptEdits, Plan];
    if switch.offers_auto() {
        modes.push(Auto);
    }
    modes
}
