//! Whether a server may be started. Starting one is running its command, and connecting to one is fetching from its host: the
//! engine decides about exactly that. What came with a project takes a person's word besides, whatever the engine says of it.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use placet_hook::decision::Answered as Decided;
use placet_model::{Decision, Source};
use serde_json::{Map, Value};

use super::approvals::{self, Approvals};
use super::config::{Configured, How, Whose};
use super::http::Client;
use super::names::{shown, visible};
use super::process::Start;
use super::runtime::{Target, Times, To};
use crate::Error;
use crate::conversation::ToolCall;
use crate::gate::now;
use crate::person::{Answered, Denial, Notice};
use crate::tools::{Hops, Known, addresses};
use crate::turns::With;

/// What a person can answer.
const NO: &str = "no";
const THIS_TIME: &str = "yes, this time";
const ALWAYS: &str = "yes, as long as it stays the same";

/// What is longer is not asked about: its end would say yes unread.
const READABLE: usize = 1500;
/// How long a name may take to be looked up.
const LOOKED_UP: Duration = Duration::from_secs(5);

/// What becomes of a server.
pub(super) enum Admitted {
    /// It is started; the name of its content goes with it.
    Start(Box<Target>, String),
    /// It is not, for this reason.
    Not(String),
    /// A person has to say, and is not asked now.
    Later,
}

/// What is known of approvals: for good, and for this process.
pub(super) struct Said<'a> {
    pub(super) approvals: &'a Approvals,
    pub(super) this_time: &'a mut BTreeSet<String>,
}

/// How servers are started.
#[derive(Clone, Copy)]
pub(super) struct Manner<'a> {
    pub(super) times: Times,
    /// Where logs go.
    pub(super) logs: &'a Path,
    /// Nobody is to be asked or told yet.
    pub(super) ahead: bool,
}

/// Decides. Denials are added to what the session tells at its end.
pub(super) fn admit(
    server: &Configured,
    with: With<'_>,
    known: &mut Said<'_>,
    manner: Manner<'_>,
    denials: &mut Vec<Denial>,
) -> Result<Admitted, Error> {
    let how = match &server.how {
        Ok(how) => how,
        Err(why) => return Ok(Admitted::Not(why.clone())),
    };
    let policy = with.gate.policy()?;
    if let Some(rule) = policy.closes(&format!("mcp__{}__", server.name)) {
        return Ok(Admitted::Not(format!("the policy denies its tools: {rule}")));
    }
    let project = &with.gate.project;
    let content = approvals::content(server, how, project, &with.bench.home);
    let call = call(server, how);
    let decide = || with.gate.decide(&call, project, None);
    let mut decided = match decide() {
        Ok(decided) => decided,
        Err(failure) => return Ok(Admitted::Not(failure.reason())),
    };
    let tell = |decided: &Decided| {
        (with.tell)(&Notice::Decided {
            call: &call,
            decision: decided.answer.decision.name(),
            rule: &decided.answer.rule,
            reason: &decided.answer.reason,
        });
    };
    // Who names a file on the command line has said that its servers are to run.
    let mut approved =
        server.whose == Whose::CommandLine || known.approvals.has(&content) || known.this_time.contains(&content);
    let trusted = approved || server.whose != Whose::Project || allowed_by_rule(&decided, how);
    let mut person_needed = !trusted;
    let mut reason = String::new();
    if decided.answer.decision != Decision::Allow {
        reason = decided.answer.reason.clone();
        if !decided.decided.verdict.is_grantable() {
            return Ok(refused(&call, server, &decided, reason, denials));
        }
        person_needed |= !approved;
    }
    let mut reach = None;
    if let How::Http { url, .. } = how {
        let private = match looked_up(url.value()) {
            Ok((found, private)) => {
                reach = Some(found);
                private
            }
            Err(why) => return Ok(Admitted::Not(why)),
        };
        if let Some((host, address)) = private
            && !policy.settings().trusts(&host)
        {
            person_needed |= !approved;
            reason.push_str(&format!(" The address of `{host}`, {address}, is a private one."));
        }
    }
    if person_needed {
        if manner.ahead && with.gate.attended {
            return Ok(Admitted::Later);
        }
        if let Some(why) = asked(server, how, with, known, (&decided, reason.trim()), &content)? {
            return Ok(refused(&call, server, &decided, why, denials));
        }
        approved = true;
    }
    if decided.answer.decision != Decision::Allow && approved {
        // Exactly this action; the engine looks again, and the log has the person's word.
        with.gate.approve(
            &decided.fingerprint(),
            format!("start the MCP server {}", server.name),
            false,
        )?;
        decided = match decide() {
            Ok(decided) => decided,
            Err(failure) => return Ok(Admitted::Not(failure.reason())),
        };
    }
    tell(&decided);
    if decided.answer.decision != Decision::Allow {
        let reason = decided.answer.reason.clone();
        return Ok(refused(&call, server, &decided, reason, denials));
    }
    Ok(match target(server, how, reach, with, manner) {
        Ok(target) => Admitted::Start(Box::new(target), content),
        Err(why) => Admitted::Not(why),
    })
}

/// Addresses of a host, and one of them that is private.
type Reach = (Vec<SocketAddr>, Option<(String, IpAddr)>);

/// The addresses of the URL's host. The system waits long for names that nobody answers for.
fn looked_up(url: String) -> Result<Reach, String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let private = Private::default();
        let found = addresses(&url, &private);
        let _ = sender.send(found.map(|found| (found, private.0.take())));
    });
    let late = |_| "the name of its host could not be looked up in time".to_owned();
    receiver.recv_timeout(LOOKED_UP).map_err(late)?
}

/// The call that starting it amounts to.
fn call(server: &Configured, how: &How) -> ToolCall {
    let (tool, input) = match how {
        How::Stdio { .. } => (
            "Bash",
            Map::from_iter([
                ("command".to_owned(), Value::from(command_line(how, false))),
                ("background".to_owned(), Value::from(true)),
            ]),
        ),
        How::Http { url, .. } => (
            "WebFetch",
            Map::from_iter([("url".to_owned(), Value::from(url.value()))]),
        ),
    };
    ToolCall {
        id: format!("mcp-{}", server.name),
        tool: tool.to_owned(),
        input,
    }
}

/// The command line that would start it from a shell: what is run is this, word for word.
fn command_line(how: &How, references: bool) -> String {
    match how {
        How::Stdio {
            command,
            arguments,
            variables,
        } => {
            let set = variables
                .iter()
                .map(|(name, value)| format!("{name}={}", value.word(true)));
            let words = core::iter::once(command)
                .chain(arguments)
                .map(|word| word.word(references));
            set.chain(words).collect::<Vec<_>>().join(" ")
        }
        How::Http { url, headers } => {
            let headers = headers
                .iter()
                .map(|(name, value)| format!(" with {name}: {}", value.word(true)));
            core::iter::once(url.word(references)).chain(headers).collect()
        }
    }
}

/// Whether rules of the policy allow all of it. They are about this command or host; what a project's entry would send of the
/// user's variables they can't see.
fn allowed_by_rule(decided: &Decided, how: &How) -> bool {
    let matches = decided.decided.verdict.matches();
    let sends = matches!(how, How::Http { .. }) && how.reads().next().is_some();
    let all = !matches.is_empty() && matches.iter().all(|found| found.source == Source::Rule);
    decided.answer.decision == Decision::Allow && all && !sends
}

/// Puts the question; `None` is a yes, anything else why not.
fn asked(
    server: &Configured,
    how: &How,
    with: With<'_>,
    known: &mut Said<'_>,
    (decided, reason): (&Decided, &str),
    content: &str,
) -> Result<Option<String>, Error> {
    let Some(person) = with.person else {
        return Ok(Some(match (server.whose, reason) {
            (Whose::Project, "") => format!(
                "it came with the project, and nobody has approved it. `--mcp-config {}` does, or a session at a terminal, \
                 which asks once",
                server.file.display()
            ),
            (_, reason) => format!("a person would have to say yes to it: {reason}"),
        }));
    };
    let line = visible(&command_line(how, true));
    if line.chars().count() > READABLE {
        return Ok(Some("its command line is longer than a person would read".to_owned()));
    }
    let effects = &decided.decided.trace.analysis.effects.list;
    let mut question = format!(
        "Start the MCP server `{}`? {} names it{}:\n  {}\n",
        server.name,
        server.file.display(),
        if server.whose == Whose::Project {
            ", which came with the project"
        } else {
            ""
        },
        line,
    );
    for effect in effects.iter().take(6) {
        question.push_str(&format!(
            "- {} ({}, {})\n",
            placet_engine::in_words(effect),
            effect.dimensions.reversibility.name(),
            effect.dimensions.scope.name()
        ));
    }
    question.push_str(reason);
    let options = [NO, THIS_TIME, ALWAYS].map(str::to_owned);
    let answer = match person.answer(question.trim_end(), &options) {
        Some(Answered::Option(word)) => word,
        Some(Answered::Words(word)) if ["y", "yes"].contains(&word.trim().to_ascii_lowercase().as_str()) => {
            THIS_TIME.to_owned()
        }
        Some(Answered::Words(words)) => {
            with.gate.user(&words, &with.gate.project)?;
            return Ok(Some(format!("a person said: {}", shown(&words))));
        }
        None => return Ok(Some("nobody answered".to_owned())),
    };
    match answer.as_str() {
        THIS_TIME => {}
        ALWAYS => known.approvals.approve(&server.name, content, now())?,
        _ => return Ok(Some("a person said no".to_owned())),
    }
    known.this_time.insert(content.to_owned());
    Ok(None)
}

fn refused(
    call: &ToolCall,
    server: &Configured,
    decided: &Decided,
    reason: String,
    denials: &mut Vec<Denial>,
) -> Admitted {
    let first = decided.decided.verdict.matches().first();
    denials.push(Denial {
        what: format!("start the MCP server `{}`: {}", server.name, call.line()),
        rule: decided.answer.rule.clone(),
        reason: reason.clone(),
        would_allow: first.and_then(|found| found.would_allow.clone()),
    });
    Admitted::Not(reason)
}

fn target(
    server: &Configured,
    how: &How,
    reach: Option<Vec<SocketAddr>>,
    with: With<'_>,
    manner: Manner<'_>,
) -> Result<Target, String> {
    let times = manner.times;
    let to = match how {
        How::Stdio {
            command,
            arguments,
            variables,
        } => {
            let given = variables.iter().map(|(name, value)| (name.clone(), value.value()));
            let mut all = with.bench.variables.clone();
            all.extend(given);
            let mut withheld = with.bench.withheld.clone();
            // A person's own entry may hand a key on by name; nothing else does.
            withheld.retain(|name| !variables.contains_key(name));
            To::Program(Start {
                command: command.value(),
                arguments: arguments.iter().map(super::expand::Text::value).collect(),
                variables: all,
                withheld,
                directory: with.gate.project.clone(),
                log: manner.logs.join(format!("{}.log", server.name)),
            })
        }
        How::Http { url, headers } => {
            // The probing of addresses let each of them pass, or a person did.
            let reach = reach.ok_or("its address is not known")?;
            let mut all = HashMap::new();
            for (name, value) in headers {
                let wrong = || format!("`{}` is no header", shown(name));
                let value = HeaderValue::from_str(value.value().trim()).map_err(|_| wrong())?;
                all.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?, value);
            }
            To::Address {
                client: Client::new(Known(reach), times.call.max(Duration::from_secs(60))),
                url: url.value(),
                headers: all,
            }
        }
    };
    Ok(Target { to, times })
}

/// Takes down that an address is private; whether that may be is part of the question.
#[derive(Default)]
struct Private(Cell<Option<(String, IpAddr)>>);

impl Hops for Private {
    fn follow(&self, url: &str) -> Result<(), String> {
        Err(format!("{url} is not followed"))
    }

    fn private(&self, host: &str, address: IpAddr) -> Result<(), String> {
        self.0.set(Some((host.to_owned(), address)));
        Ok(())
    }
}
