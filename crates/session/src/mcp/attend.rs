//! What is done for servers between turns: deciding about those that wait, starting again what died, and looking at what is new.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::admit::{Admitted, Manner, Said, admit};
use super::link::{Link, Phase};
use super::runtime::Runtime;
use super::{LOOK, Server, Servers, Started, State, Under, locked, names, offered};
use crate::Error;
use crate::conversation::ToolCall;
use crate::gate::{Gate, Ran};
use crate::model::Stop;
use crate::person::{Denial, Notice};
use crate::turns::With;

/// How long the first turn waits for servers that are being started.
const FIRST_WAIT: Duration = Duration::from_secs(5);

impl Servers {
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
}

/// Whether the probe takes a server's words for orders to the model. It is asked as about a tool's result: what the words ask
/// for is remembered, and later calls that match it are judged with that in mind.
fn suspicious(with: With<'_>, tool: &str, text: &str) -> Result<bool, Error> {
    let call = ToolCall {
        id: format!("{tool}-described"),
        tool: tool.to_owned(),
        input: serde_json::Map::new(),
    };
    let input = Gate::input(&call).map_err(|why| Error::input(why, "leave this server out"))?;
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
