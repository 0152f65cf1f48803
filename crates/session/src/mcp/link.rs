//! One connection to a server, as the session's threads and the runtime's both see it.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rmcp::model::{CallToolResult, JsonObject};
use tokio::sync::{mpsc, oneshot};

use super::process::Running;

/// A connection.
#[derive(Debug, Default)]
pub(super) struct Link {
    phase: Mutex<Phase>,
    process: Mutex<Option<Running>>,
}

/// How far it is.
#[derive(Clone, Debug, Default)]
pub(super) enum Phase {
    #[default]
    Connecting,
    Open(Arc<Listing>, mpsc::UnboundedSender<Call>),
    /// It is over, for this reason.
    Closed(String),
}

/// What a server says that it has, in its own words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listing {
    /// Grows with each change.
    pub(super) number: u64,
    /// Name and version, as it calls itself.
    pub(super) server: String,
    pub(super) instructions: String,
    pub(super) tools: Vec<Listed>,
    /// There were more than are looked at.
    pub(super) cut: bool,
}

/// A tool, in its server's words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) schema: Arc<JsonObject>,
}

/// A call that is to be made.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) tool: String,
    pub(super) arguments: JsonObject,
    pub(super) reply: Sender<Result<CallToolResult, String>>,
    /// Told, or dropped, when nobody wants its result any more.
    pub(super) cancel: oneshot::Receiver<()>,
}

impl Link {
    pub(super) fn phase(&self) -> Phase {
        locked(&self.phase).clone()
    }

    pub(super) fn opened(&self, listing: Listing, calls: mpsc::UnboundedSender<Call>) {
        *locked(&self.phase) = Phase::Open(Arc::new(listing), calls);
    }

    /// The server has said anew what it has.
    pub(super) fn listed(&self, mut listing: Listing) {
        let mut phase = locked(&self.phase);
        if let Phase::Open(last, _) = &mut *phase {
            listing.number = last.number;
            if listing != **last {
                listing.number = last.number.saturating_add(1);
                *last = Arc::new(listing);
            }
        }
    }

    pub(super) fn closed(&self, why: String) {
        let ending = locked(&self.process).as_mut().and_then(Running::ending);
        *locked(&self.phase) = Phase::Closed(match ending {
            Some(ending) => format!("{why} ({ending})"),
            None => why,
        });
    }

    pub(super) fn runs(&self, process: Running) {
        *locked(&self.process) = Some(process);
    }

    /// Ends the process, if there is one. The runtime has let go of its pipes.
    pub(super) fn end(&self) {
        let process = locked(&self.process).take();
        if let Some(mut process) = process {
            process.end();
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
