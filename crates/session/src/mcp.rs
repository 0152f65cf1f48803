//! MCP servers of a session: which are configured, which run, and what they offer. Their tools are called as any other, through
//! the gate; what they answer passes the probe as any other result. What they say of themselves does too, before the model
//! sees it.
//!
//! `config.rs` reads the files, `attend.rs` looks after servers between turns, `admit.rs` decides about starting, `offered.rs`
//! about what is told; `runtime.rs` holds the SDK.

mod admit;
mod approvals;
mod attend;
mod config;
mod content;
mod describe;
mod expand;
mod http;
mod link;
mod names;
mod offered;
mod process;
mod runtime;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use placet_model::{Mode, Tier};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

use self::approvals::Approvals;
use self::config::Configured;
use self::link::{Call, Link, Listing, Phase};
use self::offered::Offer;
use self::runtime::{Runtime, Times};
use crate::Error;
use crate::conversation::ToolCall;
use crate::model::Stop;
use crate::tools::{Outcome, Tool};

/// How often a wish to stop is looked for.
const LOOK: Duration = Duration::from_millis(20);

/// The servers of a session.
#[derive(Debug)]
pub(crate) struct Servers {
    list: Vec<Server>,
    /// What is wrong with files, until it was told.
    wrong: Mutex<Vec<String>>,
    approvals: Approvals,
    this_time: Mutex<BTreeSet<String>>,
    logs: PathBuf,
    times: Times,
    runtime: Mutex<Option<Runtime>>,
}

#[derive(Debug)]
struct Server {
    configured: Configured,
    state: Mutex<State>,
}

/// How far a server is.
#[derive(Debug)]
enum State {
    /// Nobody has decided yet whether it may be started.
    Waiting,
    /// It may not; in another mode that may be otherwise.
    Refused {
        why: String,
        under: Under,
    },
    Started(Started),
}

type Under = (Option<Mode>, Option<Tier>);

#[derive(Clone, Debug)]
struct Started {
    link: Arc<Link>,
    /// The name of its content.
    content: String,
    /// What is told of it, and of which of its listings.
    offer: Option<(u64, Arc<Offer>)>,
    /// It was open once.
    was_open: bool,
    /// A turn has waited for it.
    waited: bool,
    /// It was started again already.
    again: bool,
    /// That it is over was told.
    told: bool,
}

impl Default for Servers {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            wrong: Mutex::default(),
            approvals: Approvals::default(),
            this_time: Mutex::default(),
            logs: PathBuf::new(),
            times: Times {
                connect: Duration::from_secs(30),
                call: Duration::from_secs(600),
            },
            runtime: Mutex::default(),
        }
    }
}

/// Where things are that servers are read from and written to.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// Files named on the command line.
    pub(crate) named: &'a [PathBuf],
    /// Placet's configuration of this user.
    pub(crate) config: &'a str,
    pub(crate) state: &'a str,
    pub(crate) project: &'a str,
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    /// Variables that a project's server is not given.
    pub(crate) withheld: &'a [String],
}

impl Servers {
    /// Reads what is configured. Nothing is started.
    pub(crate) fn configured(around: Around<'_>) -> Result<Self, Error> {
        let files = config::Files {
            named: around.named,
            user: &Path::new(around.config).join("mcp.json"),
            project: &Path::new(around.project).join(".mcp.json"),
        };
        let (found, wrong) = config::read(files, around.variable, around.withheld)?;
        let usual = Self::default();
        // As Claude Code names them; in milliseconds.
        let time = |name: &str, usual: Duration| {
            let set = (around.variable)(name).and_then(|text| text.trim().parse().ok());
            set.map_or(usual, Duration::from_millis)
        };
        Ok(Self {
            list: found
                .into_iter()
                .map(|configured| Server {
                    configured,
                    state: Mutex::new(State::Waiting),
                })
                .collect(),
            wrong: Mutex::new(wrong),
            approvals: Approvals::of(around.state),
            logs: Path::new(around.state).join("mcp"),
            times: Times {
                connect: time("MCP_TIMEOUT", usual.times.connect),
                call: time("MCP_TOOL_TIMEOUT", usual.times.call),
            },
            ..usual
        })
    }

    /// The tools of all servers that are there.
    pub(crate) fn tools(&self) -> Vec<Tool> {
        let offers = self
            .list
            .iter()
            .filter_map(|server| server.open().map(|(_, _, offer)| offer));
        offers
            .flat_map(|offer| {
                offer
                    .tools
                    .iter()
                    .map(|offered| offered.tool.clone())
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Makes a call that was allowed; `None` if no server has the tool.
    pub(crate) fn call(&self, call: &ToolCall, stop: &Stop, scratch: &Path) -> Option<Outcome> {
        let (calls, tool) = self.list.iter().find_map(|server| {
            let (_, calls, offer) = server.open()?;
            let offered = offer.tools.iter().find(|offered| offered.tool.name == call.tool)?;
            Some((calls, offered.at_server.clone()))
        })?;
        let (reply, answer) = mpsc::channel();
        let (stopper, cancel) = oneshot::channel();
        let asked = Call {
            tool,
            arguments: call.input.clone(),
            reply,
            cancel,
        };
        if calls.send(asked).is_err() {
            return Some(Outcome::failed("the server is gone; the call was not made"));
        }
        loop {
            match answer.recv_timeout(LOOK) {
                Ok(Ok(result)) => return Some(content::outcome(&result, scratch)),
                Ok(Err(why)) => return Some(Outcome::failed(why)),
                Err(RecvTimeoutError::Disconnected) => return Some(Outcome::failed(runtime::GONE)),
                Err(RecvTimeoutError::Timeout) if stop.is_wanted() => {
                    // The server is told that nobody waits for it any more.
                    drop(stopper);
                    let last = answer.recv_timeout(Duration::from_secs(1)).ok();
                    let why = last
                        .and_then(Result::err)
                        .unwrap_or_else(|| "a person stopped it".to_owned());
                    return Some(Outcome::failed(why));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Ends every server, and all that they started.
    pub(crate) fn close(&self) {
        let runtime = locked(&self.runtime).take();
        let Some(runtime) = runtime else {
            return;
        };
        runtime.stop();
        thread::scope(|scope| {
            for server in &self.list {
                if let State::Started(started) = locked(&server.state).copy() {
                    scope.spawn(move || started.link.end());
                }
            }
        });
    }
}

impl Server {
    /// Its connection, if it is there and was looked at.
    fn open(&self) -> Option<(Arc<Listing>, UnboundedSender<Call>, Arc<Offer>)> {
        let State::Started(started) = locked(&self.state).copy() else {
            return None;
        };
        let Phase::Open(listing, calls) = started.link.phase() else {
            return None;
        };
        let (_, offer) = started.offer?;
        Some((listing, calls, offer))
    }
}

impl State {
    fn copy(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Refused { why, under } => Self::Refused {
                why: why.clone(),
                under: *under,
            },
            Self::Started(started) => Self::Started(started.clone()),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
