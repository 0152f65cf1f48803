//! A session, opened: from what was typed to a conversation that can go on. Nothing is decided here.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use placet_engine::PolicyText;
use placet_facts::World;
use placet_facts::session::SessionState;
use placet_hook::Places;
use placet_hook::decision::Answered;
use placet_model::{EventKind, Facts, Mode, Tier};

use crate::Error;
use crate::command_line::{permitted, texts};
use crate::conversation::{Message, ToolCall, ToolResult, Usage};
use crate::gate::{Choices, Explained, Gate, Grants, Switch, now, variable};
use crate::mcp::{Around, Servers};
use crate::model::{Model, Stop};
use crate::person::{Denial, Notice, Person};
use crate::store::{self, Line, Named, Saved, Store};
use crate::tools::{Bench, table};
use crate::turns::{Ending, Limits, Turns, With};

/// What was typed.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it was typed.
    pub cwd: PathBuf,
    /// Variables over those of this process.
    pub variables: BTreeMap<String, String>,
    /// The mode.
    pub mode: Option<Mode>,
    /// The tier.
    pub tier: Option<Tier>,
    /// Tools that are allowed, as rules name them.
    pub allowed: Vec<String>,
    /// Tools that are denied.
    pub disallowed: Vec<String>,
    /// A further policy file.
    pub settings: Option<PathBuf>,
    /// Directories that count as the project.
    pub directories: Vec<PathBuf>,
    /// Files of MCP servers, beside the user's own and the project's.
    pub mcp: Vec<PathBuf>,
    /// The audit log, if not the usual one.
    pub log: Option<PathBuf>,
    /// How far it may go.
    pub limits: Limits,
    /// Which session.
    pub resume: Resume,
    /// Whether a person can be asked.
    pub attended: bool,
    /// Variables that commands are not given: the model's keys.
    pub withheld: Vec<String>,
    /// Writes a rule into the user's own policy file.
    pub write_rule: fn(&Places, &str) -> Result<(), String>,
    /// Tells a decision in lines, as `placet explain` does.
    pub explain: fn(&Answered) -> Vec<String>,
}

/// Which session it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resume {
    /// A new one.
    New,
    /// The last one of this project.
    Last,
    /// The one whose id begins so.
    Id(String),
}

/// An open session.
pub struct Session {
    gate: Gate,
    bench: Bench,
    model: Option<Box<dyn Model>>,
    store: Option<Store>,
    messages: Vec<Message>,
    open: Vec<(ToolCall, bool)>,
    results: Vec<ToolResult>,
    limits: Limits,
    spent: Usage,
    before: Before,
    denials: Vec<Denial>,
    turns: u32,
}

/// What earlier models of the session took.
#[derive(Clone, Copy, Debug)]
struct Before {
    usage: Usage,
    /// Unknown, if one of them has no known price.
    micro_dollars: Option<u64>,
}

/// What a person can look up: policy, memory, log.
#[derive(Clone, Debug)]
pub(crate) struct Records {
    pub(crate) places: Places,
    pub(crate) project: String,
    pub(crate) policy: Vec<PolicyText>,
    pub(crate) session: String,
    pub(crate) log: PathBuf,
    pub(crate) grants: Grants,
    pub(crate) explained: Explained,
    pub(crate) model: String,
    pub(crate) servers: Arc<Servers>,
}

impl Records {
    /// Has the switch follow the policy as it is now; the sentence says what that changed.
    pub(crate) fn follow(&self, switch: &Switch) -> Option<String> {
        let policy = placet_hook::policies::load_with(&self.places, &self.project, &self.policy);
        // Without a policy nothing runs; the next call says so.
        policy.ok().and_then(|policy| switch.follow(&policy))
    }
}

/// Who is there while a session goes on.
#[derive(Clone, Copy)]
pub struct Company<'a> {
    /// A person, if one is there.
    pub person: Option<&'a dyn Person>,
    /// Is told of everything.
    pub tell: &'a (dyn Fn(&Notice<'_>) + Sync),
    /// Ends what is going on.
    pub stop: &'a Stop,
}

impl Session {
    /// Opens it.
    ///
    /// # Errors
    /// When places, policy or files can't be used, or what was typed is not allowed.
    pub fn open(options: &Options, model: Box<dyn Model>) -> Result<Self, Error> {
        let places = Places::of(&|name: &str| variable(&options.variables, name))?;
        let typed = options.cwd.to_string_lossy().into_owned();
        let world = World::new(&typed, None, &places.home, SessionState::default());
        let (here, cwd) = (world.project().to_owned(), world.cwd().to_owned());
        let (store, saved) = match &options.resume {
            Resume::New => (None, None),
            Resume::Last => opened(&store::find(&places.state, None, &here)?)?,
            Resume::Id(id) => opened(&store::find(&places.state, Some(id), &here)?)?,
        };
        let saved = saved.unwrap_or_else(|| Saved::new(&here));
        let project = saved.project.clone();
        let cwd = match saved.cwd {
            Some(cwd) if Path::new(&cwd).is_dir() => cwd,
            Some(_) => project.clone(),
            None if store.is_some() => project.clone(),
            None => cwd,
        };
        let directories: Vec<String> = options
            .directories
            .iter()
            .map(|directory| {
                world.resolve(&placet_facts::paths::absolute(
                    &directory.to_string_lossy(),
                    &typed,
                    &places.home,
                ))
            })
            .collect();
        let mut gate = Gate {
            session: saved.id.clone(),
            policy: texts(options, &project)?,
            directories: directories.clone(),
            log: options.log.clone().unwrap_or_else(|| places.log()),
            attended: options.attended,
            chosen: Switch::new(Choices::default(), false),
            variables: options.variables.clone(),
            grants: Grants::default(),
            write_rule: options.write_rule,
            explain: options.explain,
            explained: Explained::default(),
            project: project.clone(),
            places,
        };
        let policy = gate.policy()?;
        permitted(options.mode, &policy)?;
        let settings = policy.settings();
        // What the policy sets is what the person sees, and what the first press of a key goes on from.
        let choices = Choices {
            mode: Some(
                options
                    .mode
                    .or(settings.mode())
                    .or(settings.start_mode())
                    .unwrap_or_default(),
            ),
            tier: Some(options.tier.unwrap_or(settings.tier())),
        };
        gate.chosen = Switch::new(choices, !settings.auto_disabled());
        let store = match store {
            Some(store) => store,
            None => Store::create(&gate.places.state, &saved.id, &project, now())?,
        };
        let mut bench = Bench::new(&project, &cwd, &gate.places.home, scratch(&saved.id)?);
        bench.directories = directories;
        bench.variables = options.variables.clone();
        bench.withheld = options.withheld.clone();
        bench.servers = Arc::new(Servers::configured(Around {
            named: &options.mcp,
            config: &gate.places.config,
            state: &gate.places.state,
            project: &project,
            variable: &|name| variable(&options.variables, name),
            withheld: &options.withheld,
        })?);
        gate.note(EventKind::SessionStart, &cwd, None)?;
        Ok(Self {
            gate,
            bench,
            model: Some(model),
            store: Some(store),
            messages: saved.messages,
            open: saved.open,
            results: saved.results,
            limits: options.limits,
            spent: saved.usage,
            before: Before {
                usage: Usage::default(),
                micro_dollars: Some(0),
            },
            denials: Vec::new(),
            turns: 0,
        })
    }

    /// The switch for mode and tier.
    pub(crate) fn switch(&self) -> Switch {
        self.gate.chosen.clone()
    }

    /// What a person can look up while the work goes on.
    pub(crate) fn records(&self) -> Records {
        Records {
            places: self.gate.places.clone(),
            project: self.gate.project.clone(),
            policy: self.gate.policy.clone(),
            session: self.gate.session.clone(),
            log: self.gate.log.clone(),
            grants: self.gate.grants.clone(),
            servers: Arc::clone(&self.bench.servers),
            explained: self.gate.explained.clone(),
            model: self
                .model
                .as_ref()
                .map(|model| model.name().to_owned())
                .unwrap_or_default(),
        }
    }

    /// Makes room in the context now.
    pub(crate) fn make_room(&mut self, company: Company<'_>) -> Result<(), Error> {
        self.with_turns(company, |turns| turns.make_room(true))
    }

    /// Another model goes on from here. It is written down, so that a resumed session has it too.
    ///
    /// # Errors
    /// When it can't be written down.
    pub fn use_model(&mut self, named: &Named, model: Box<dyn Model>) -> Result<(), Error> {
        self.keep_model(named)?;
        self.before = Before {
            micro_dollars: if self.spent == Usage::default() {
                Some(0)
            } else {
                self.micro_dollars()
            },
            usage: self.spent,
        };
        self.model = Some(model);
        Ok(())
    }

    /// Writes down which model it is.
    ///
    /// # Errors
    /// When it can't be written down.
    pub fn keep_model(&mut self, named: &Named) -> Result<(), Error> {
        match &mut self.store {
            Some(store) => store.write(&Line::Model(named.clone())),
            None => Ok(()),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.gate.session
    }

    /// The conversation so far.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// What was denied since it was opened.
    #[must_use]
    pub fn denials(&self) -> &[Denial] {
        &self.denials
    }

    /// Tokens in all.
    #[must_use]
    pub fn spent(&self) -> Usage {
        self.spent
    }

    /// What they cost, in millionths of a US dollar, if the model's price is known. What a service takes off for what it has
    /// kept is not counted.
    #[must_use]
    pub fn micro_dollars(&self) -> Option<u64> {
        let now = self.spent.less(self.before.usage);
        let cost = self.model.as_ref()?.micro_dollars(now)?;
        Some(self.before.micro_dollars?.saturating_add(cost))
    }

    /// Replies of the model since it was opened.
    #[must_use]
    pub fn turns(&self) -> u32 {
        self.turns
    }

    /// Whether an earlier process left work open.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        !self.open.is_empty()
            || !self.results.is_empty()
            || matches!(self.messages.last(), Some(Message::User(_) | Message::Results(_)))
    }

    /// Goes on: with what was left open, then with what a person wrote, if they did.
    ///
    /// # Errors
    /// When the session can't be written down or remembered; then nothing more runs.
    pub fn go(&mut self, prompt: Option<&str>, company: Company<'_>) -> Result<Ending, Error> {
        let open = core::mem::take(&mut self.open);
        let results = core::mem::take(&mut self.results);
        self.with_turns(company, |turns| {
            turns.attend()?;
            match (turns.take_up(open, results)?, prompt) {
                (Some(ending), _) => Ok(ending),
                (None, Some(text)) => turns.prompt(text),
                (None, None) => turns.run(),
            }
        })
    }

    /// Starts MCP servers that nobody has to be asked about, while the person still types.
    pub(crate) fn start_ahead(&self, stop: &Stop) -> Result<(), Error> {
        self.bench.servers.ahead(With {
            gate: &self.gate,
            bench: &self.bench,
            person: None,
            tell: &|_| {},
            stop,
        })
    }

    fn with_turns<T>(
        &mut self,
        company: Company<'_>,
        work: impl FnOnce(&mut Turns<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let busy = || Error::input("it is at work already", "wait for it");
        let mut turns = Turns {
            model: self.model.take().ok_or_else(busy)?,
            with: With {
                gate: &self.gate,
                bench: &self.bench,
                person: company.person,
                tell: company.tell,
                stop: company.stop,
            },
            agent: None,
            store: self.store.take(),
            tools: table::all(false),
            messages: core::mem::take(&mut self.messages),
            limits: self.limits,
            spent: self.spent,
            denials: core::mem::take(&mut self.denials),
            turns: self.turns,
        };
        let done = work(&mut turns);
        self.model = Some(turns.model);
        self.store = turns.store;
        self.messages = turns.messages;
        self.spent = turns.spent;
        self.denials = turns.denials;
        self.turns = turns.turns;
        done
    }

    /// Ends it: what it started in the background ends with it.
    ///
    /// # Errors
    /// When the end can't be recorded.
    pub fn close(self) -> Result<(), Error> {
        self.bench.close();
        self.gate.note(EventKind::SessionEnd, &self.bench.cwd(), None)?;
        Ok(())
    }
}

impl Drop for Session {
    /// Also where an error ends it, nothing is left running.
    fn drop(&mut self) {
        self.bench.close();
    }
}

/// The model that the session had which is to go on, if it says.
///
/// # Errors
/// When there is no such session.
pub fn last_model(options: &Options) -> Result<Option<Named>, Error> {
    let places = Places::of(&|name: &str| variable(&options.variables, name))?;
    let typed = options.cwd.to_string_lossy().into_owned();
    let world = World::new(&typed, None, &places.home, SessionState::default());
    let path = match &options.resume {
        Resume::New => return Ok(None),
        Resume::Last => store::find(&places.state, None, world.project())?,
        Resume::Id(id) => store::find(&places.state, Some(id), world.project())?,
    };
    store::model_of(&path)
}

fn opened(path: &Path) -> Result<(Option<Store>, Option<Saved>), Error> {
    let (store, saved) = Store::open(path)?;
    Ok((Some(store), Some(saved)))
}

/// A directory of this process's own, for output that is too long for the context.
fn scratch(id: &str) -> Result<PathBuf, Error> {
    let place = std::env::temp_dir();
    let mut last = None;
    for number in 0..100_u32 {
        let path = place.join(format!("placet-{id}-{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok(path),
            Err(error) => last = Some((path, error)),
        }
    }
    match last {
        Some((path, source)) => Err(Error::File { path, source }),
        None => Err(Error::input("there is no place for output", "set TMPDIR")),
    }
}

impl Saved {
    fn new(project: &str) -> Self {
        Self {
            id: format!(
                "{:x}-{:04x}",
                now(),
                RandomState::new().build_hasher().finish() & 0xffff
            ),
            project: project.to_owned(),
            cwd: None,
            messages: Vec::new(),
            open: Vec::new(),
            results: Vec::new(),
            usage: Usage::default(),
            model: None,
        }
    }
}
