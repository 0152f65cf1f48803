//! MCP servers of a session: which are configured, which run, and what they offer. Their tools are called as any other, through
//! the gate; what they answer passes the probe as any other result. What they say of themselves does too, before the model
//! sees it.
//!
//! `config.rs` reads the files, `admit.rs` decides about starting, `offered.rs` about what is told, `runtime.rs` holds the SDK.

mod admit;
mod approvals;
mod config;
mod content;
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
use std::time::{Duration, Instant};

use placet_model::{Mode, Tier};
use tokio::sync::oneshot;

use self::admit::{Admitted, Manner, Said, admit};
use self::approvals::Approvals;
use self::config::Configured;
use self::link::{Call, Link, Phase};
use self::offered::Offer;
use self::runtime::{Runtime, Times};
use crate::Error;
use crate::conversation::ToolCall;
use crate::gate::Ran;
use crate::model::Stop;
use crate::person::{Denial, Notice};
use crate::tools::{Outcome, Tool};
use crate::turns::With;

/// How long the first turn waits for servers that are being started.
const FIRST_WAIT: Duration = Duration::from_secs(5);
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

    /// Starts what may be started without a word of anybody's, while the person still types.
    pub(crate) fn ahead(&self, with: With<'_>) -> Result<(), Error> {
        let mut unsaid = Vec::new();
        for server in &self.list {
            if matches!(&*locked(&server.state), State::Waiting) {
                self.begin(server, with, true, &mut unsaid)?;
            }
        }
        Ok(())
    }

    /// Before the model is asked: decides about what waits, starts again what died, and looks at what is new. What was denied
    /// is added to the list.
    pub(crate) fn attend(&self, with: With<'_>, denials: &mut Vec<Denial>) -> Result<(), Error> {
        let note = |text: &str| (with.tell)(&Notice::Note(text));
        for what in core::mem::take(&mut *locked(&self.wrong)) {
            note(&what);
        }
        for server in &self.list {
            let wanted = match &mut *locked(&server.state) {
                State::Waiting => true,
                State::Refused { under, .. } => *under != under_now(with),
                State::Started(started) => match started.link.phase() {
                    Phase::Closed(why) if !started.told => {
                        started.told = true;
                        let again = started.was_open && !started.again;
                        note(&format!(
                            "the MCP server `{}` is not there: {}{}",
                            server.configured.name,
                            names::shown(&why),
                            if again { "; it is started again, once" } else { "" }
                        ));
                        again
                    }
                    Phase::Connecting | Phase::Open(..) | Phase::Closed(_) => false,
                },
            };
            if wanted {
                self.begin(server, with, false, denials)?;
            }
        }
        self.wait(with.stop);
        for server in &self.list {
            self.look(server, with)?;
        }
        Ok(())
    }

    /// Decides about one server, and starts it if it may be.
    fn begin(&self, server: &Server, with: With<'_>, ahead: bool, denials: &mut Vec<Denial>) -> Result<(), Error> {
        let manner = Manner {
            times: self.times,
            logs: &self.logs,
            ahead,
        };
        let again = matches!(&*locked(&server.state), State::Started(_));
        let row = with.gate.row()?;
        let mut said = Said {
            approvals: &self.approvals,
            this_time: &mut locked(&self.this_time),
        };
        let state = match admit(&server.configured, with, &mut said, manner, denials)? {
            Admitted::Later => State::Waiting,
            Admitted::Not(why) => {
                let note = format!(
                    "the MCP server `{}` is not started: {}",
                    server.configured.name,
                    names::shown(&why)
                );
                if ahead {
                    locked(&self.wrong).push(note);
                } else {
                    (with.tell)(&Notice::Note(&note));
                }
                with.gate.no_row_begins(row)?;
                State::Refused {
                    why,
                    under: under_now(with),
                }
            }
            Admitted::Start(target, content) => {
                let link = Arc::new(Link::default());
                let mut runtime = locked(&self.runtime);
                if runtime.is_none() {
                    *runtime = Some(Runtime::start().map_err(Error::file(&self.logs))?);
                }
                if let Some(runtime) = &*runtime {
                    runtime.connect(Arc::clone(&link), *target);
                }
                State::Started(Started {
                    link,
                    content,
                    offer: None,
                    was_open: false,
                    waited: false,
                    again,
                    told: false,
                })
            }
        };
        *locked(&server.state) = state;
        Ok(())
    }

    /// Waits a while for what is being started, once for each. What takes longer is there in a later turn.
    fn wait(&self, stop: &Stop) {
        let begun = Instant::now();
        let any = |what: &dyn Fn(&mut Started) -> bool| {
            self.list.iter().any(|server| match &mut *locked(&server.state) {
                State::Started(started) => matches!(started.link.phase(), Phase::Connecting) && what(started),
                State::Waiting | State::Refused { .. } => false,
            })
        };
        while any(&|started| !started.waited) && begun.elapsed() < FIRST_WAIT && !stop.is_wanted() {
            thread::sleep(LOOK);
        }
        any(&|started| {
            started.waited = true;
            false
        });
    }

    /// Has what a server says of its tools looked at, where it said something new.
    fn look(&self, server: &Server, with: With<'_>) -> Result<(), Error> {
        let State::Started(mut started) = locked(&server.state).copy() else {
            return Ok(());
        };
        let Phase::Open(listing, _) = started.link.phase() else {
            return Ok(());
        };
        if started
            .offer
            .as_ref()
            .is_some_and(|(number, _)| *number == listing.number)
        {
            return Ok(());
        }
        let name = &server.configured.name;
        let note = |text: &str| (with.tell)(&Notice::Note(&format!("the MCP server `{name}`: {text}")));
        if self.approvals.says_otherwise(&started.content, &listing)? {
            note("it describes its tools otherwise than before");
        }
        let policy = with.gate.policy()?;
        let mut offer = offered::offer(name, &listing, &mut |tool, text| suspicious(with, tool, text))?;
        for what in &offer.withheld {
            note(what);
        }
        offer
            .tools
            .retain(|offered| policy.closes(&offered.tool.name).is_none());
        started.was_open = true;
        started.offer = Some((listing.number, Arc::new(offer)));
        *locked(&server.state) = State::Started(started);
        Ok(())
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

    /// What servers say of themselves, marked as theirs.
    pub(crate) fn instructions(&self) -> String {
        let mut all = String::new();
        for server in &self.list {
            if let Some((_, _, offer)) = server.open()
                && !offer.instructions.trim().is_empty()
            {
                all.push_str(&format!(
                    "\nThe MCP server {} says of itself:\n",
                    server.configured.name
                ));
                for line in offer.instructions.lines() {
                    all.push_str(&format!("> {line}\n"));
                }
            }
        }
        all
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

    /// What a person is told: each server, how far it is, what it offers, and why it is not there.
    pub(crate) fn describe(&self) -> String {
        if self.list.is_empty() {
            return "no MCP server is configured: `.mcp.json` in the project, `mcp.json` beside your policy file, or \
                    `--mcp-config FILE`"
                .to_owned();
        }
        let mut text = String::new();
        for server in &self.list {
            let name = &server.configured.name;
            let from = server.configured.file.display();
            let line = match &*locked(&server.state) {
                State::Waiting => "waits for your word; it is asked for with your next message".to_owned(),
                State::Refused { why, .. } => format!("is not started: {}", names::shown(why)),
                State::Started(started) => started.words(),
            };
            text.push_str(&format!("{name} ({from}) {line}\n"));
        }
        text.push_str(&format!(
            "What they say on standard error is in {}",
            self.logs.display()
        ));
        text
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
    fn open(&self) -> Option<(Arc<link::Listing>, tokio::sync::mpsc::UnboundedSender<Call>, Arc<Offer>)> {
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

impl Started {
    fn words(&self) -> String {
        match (self.link.phase(), &self.offer) {
            (Phase::Connecting, _) => "is being started".to_owned(),
            (Phase::Closed(why), _) => format!("is not there: {}", names::shown(&why)),
            (Phase::Open(listing, _), None) => {
                format!(
                    "is there ({}); its tools were not looked at yet",
                    names::shown(&listing.server)
                )
            }
            (Phase::Open(listing, _), Some((_, offer))) => {
                let mut text = format!("is there ({})", names::shown(&listing.server));
                for offered in &offer.tools {
                    text.push_str(&format!("\n  {}", offered.tool.name));
                }
                for what in &offer.withheld {
                    text.push_str(&format!("\n  {what}"));
                }
                text
            }
        }
    }
}

/// Whether the probe takes a server's words for orders to the model. It is asked as about a tool's result: what the words ask
/// for is remembered, and later calls that match it are judged with that in mind.
fn suspicious(with: With<'_>, tool: &str, text: &str) -> Result<bool, Error> {
    let call = ToolCall {
        id: format!("{tool}-described"),
        tool: tool.to_owned(),
        input: serde_json::Map::new(),
    };
    let input = crate::gate::Gate::input(&call).map_err(|why| Error::input(why, "leave this server out"))?;
    let ran = Ran {
        input: &input,
        failed: false,
        changed: Vec::new(),
        output: text,
        cwd: &with.gate.project,
    };
    let told = with.gate.after(&call, ran, None)?;
    Ok(told.is_some_and(|told| told.grave || told.notice.withhold))
}

fn under_now(with: With<'_>) -> Under {
    let choices = with.gate.choices();
    (choices.mode, choices.tier)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
