//! The judge as the policy configures it: settings to service, prose, price; what it is shown beside the action; and judges
//! that are not asked here but elsewhere. What it makes of an action is the judge's own business.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use placet_engine::policy::JudgeSettings;
use placet_engine::trace::Trace;
use placet_engine::{Policy, policy::Settings};
use placet_judge::trusted::{Earlier, Logged};
use placet_judge::{
    Asking, Cache, Case, Deadline, Dialect, Http, KeySource, Price, Program, Prose, Question, Recorded, Service, Stage,
    ask,
};
use placet_model::{Action, Decision, Effects, Facts, Judge, Judged, Outcome, Source, Verb};

use crate::{Error, cli};

/// As much of the log's end is looked at for what the session did before.
const LOG_END: u64 = 512 * 1024;
/// Minutes for which an answer is used again, where the policy says nothing.
const USUAL_LIFETIME: u32 = 60;

/// The prose in force.
pub(crate) fn prose(settings: &Settings) -> Prose {
    let judge = settings.judge();
    Prose::new(
        settings.environment(),
        judge.allow.as_deref(),
        judge.soft_deny.as_deref(),
        judge.hard_deny.as_deref(),
    )
}

/// Where the key comes from.
pub(crate) fn key_source(settings: &JudgeSettings, home: &str) -> KeySource {
    if let Some(name) = &settings.key_env {
        KeySource::Environment(name.clone())
    } else if let Some(file) = &settings.key_file {
        KeySource::File(match file.strip_prefix("~/") {
            Some(rest) => format!("{}/{rest}", home.trim_end_matches('/')),
            None => file.clone(),
        })
    } else if !settings.key_command.is_empty() {
        KeySource::Program(settings.key_command.clone())
    } else {
        KeySource::None
    }
}

/// The service that is asked.
pub(crate) fn service(
    settings: &JudgeSettings,
    home: &str,
    deadline: &Deadline,
) -> Result<Box<dyn Service>, placet_judge::Error> {
    let dialect = match settings.provider.as_deref() {
        Some("command") => return Ok(Box::new(Program::new(&settings.command)?)),
        Some("anthropic") => Dialect::Anthropic,
        Some("openai") => Dialect::OpenAi,
        Some(_) | None => return Err(placet_judge::Error::Settings("no `provider` is set".to_owned())),
    };
    let model = settings.model.as_deref().unwrap_or_default();
    let key = key_source(settings, home).key(deadline)?;
    Ok(Box::new(Http::new(dialect, settings.url.as_deref(), model, key)?))
}

/// How it is asked.
pub(crate) fn asking(settings: &JudgeSettings, state: Option<&str>) -> Asking {
    let lifetime = u64::from(lifetime(settings)).saturating_mul(60);
    Asking {
        // A program that is started for every stage had better be started once.
        first: settings
            .first
            .unwrap_or(settings.provider.as_deref() != Some("command")),
        price: settings
            .price_input
            .zip(settings.price_output)
            .map(|(input, output)| Price { input, output }),
        cache: state.map(|state| Cache::new(&Path::new(state).join("judge"), Duration::from_secs(lifetime))),
    }
}

/// Minutes for which an answer is used again.
pub(crate) fn lifetime(settings: &JudgeSettings) -> u32 {
    settings.lifetime.unwrap_or(USUAL_LIFETIME)
}

/// How long both stages may take.
pub(crate) fn deadline(settings: &JudgeSettings) -> Duration {
    Duration::from_secs(u64::from(settings.seconds()))
}

/// Text without secrets.
pub(crate) fn redact(text: &str) -> Cow<'_, str> {
    placet_audit::redact(text)
}

/// The question about an action.
pub(crate) fn question(
    action: &Action,
    effects: &Effects,
    facts: &dyn Facts,
    earlier: &[Earlier],
    prose: &Prose,
) -> Question {
    let words = placet_intent::read(facts.user_messages());
    // What looks like a boundary and can't be read is the judge's to read.
    let doubt = words.doubt.iter();
    let boundaries: Vec<(usize, String)> = words
        .boundaries
        .iter()
        .map(|boundary| &boundary.said)
        .chain(doubt)
        .map(|said| (said.message, said.words.clone()))
        .collect();
    Question::new(&Case {
        action,
        effects,
        facts,
        boundaries: &boundaries,
        earlier,
        prose,
        redact: &redact,
    })
}

/// A decision in Placet's own log.
struct Line {
    entry: placet_audit::Entry,
    verdict: Decision,
}

impl Logged for Line {
    fn action(&self) -> &str {
        &self.entry.action
    }

    fn command(&self) -> &str {
        &self.entry.command
    }

    fn verdict(&self) -> Decision {
        self.verdict
    }

    fn by(&self) -> Option<Source> {
        let told = [Source::Judge, Source::Person];
        told.into_iter().find(|source| source.name() == self.entry.by)
    }

    fn verbs(&self) -> Vec<Verb> {
        let effects = self.entry.effects.iter();
        effects.filter_map(|effect| Verb::from_name(&effect.verb)).collect()
    }
}

/// What the session did before this call, from the end of the log. A log that can't be read shows nothing; it authorises
/// nothing either.
pub(crate) fn earlier(log: &Path, session: &str, call: &str) -> Vec<Earlier> {
    let Ok(mut file) = File::open(log) else {
        return Vec::new();
    };
    let length = file.metadata().map(|about| about.len()).unwrap_or_default();
    let from = length.saturating_sub(LOG_END);
    let mut bytes = Vec::new();
    if file.seek(SeekFrom::Start(from)).is_err() || file.take(LOG_END).read_to_end(&mut bytes).is_err() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    text.lines()
        .filter_map(|line| placet_audit::Entry::parse(line).ok())
        .filter(|entry| entry.session == session && entry.is_decision())
        // An agent may report a call twice: before it, and before it asks a person.
        .filter(|entry| call.is_empty() || entry.call != call)
        .filter_map(|entry| {
            let verdict = match entry.verdict.as_str() {
                "approved" => Decision::Allow,
                "escalated" => Decision::Ask,
                "denied" => Decision::Deny,
                _ => return None,
            };
            Some(Earlier::of(&Line { entry, verdict }, &redact))
        })
        .collect()
}

/// A judge that is not asked here: requests go to one file, answers come from another.
pub(crate) struct Offline {
    answers: Option<Recorded>,
    export: Option<RefCell<Export>>,
    prose: Prose,
}

struct Export {
    out: BufWriter<File>,
    error: Option<std::io::Error>,
}

impl Offline {
    /// As typed.
    pub(crate) fn new(typed: &cli::Check, policy: &Policy) -> Result<Self, Error> {
        let answers = match &typed.judge_answers {
            None => None,
            Some(file) => {
                let text = std::fs::read_to_string(file).map_err(Error::file("read", file))?;
                let recorded = Recorded::read(&text).map_err(|what| {
                    Error::input(
                        format!("`{}`: {what}", file.display()),
                        "each line is {\"key\": …, \"answer\": …}",
                    )
                })?;
                Some(recorded)
            }
        };
        let export = match &typed.judge_export {
            None => None,
            Some(file) => Some(RefCell::new(Export {
                out: BufWriter::new(File::create(file).map_err(Error::file("write", file))?),
                error: None,
            })),
        };
        Ok(Self {
            answers,
            export,
            prose: prose(policy.settings()),
        })
    }

    /// The judge of one case, if there are answers.
    pub(crate) fn judge<'a>(&'a self, facts: &'a dyn Facts) -> Option<Replayed<'a>> {
        self.answers.as_ref().map(|answers| Replayed {
            answers,
            prose: &self.prose,
            facts,
        })
    }

    /// Writes the requests of both stages, where a judge would be asked.
    pub(crate) fn export(&self, id: &serde_json::Value, trace: &Trace, facts: &dyn Facts) {
        let Some(export) = &self.export else { return };
        let denied = |found: &placet_model::Match| found.outcome == Outcome::Decided(Decision::Deny);
        if trace.outcome != Outcome::Undecided || trace.limits.iter().any(denied) {
            return;
        }
        let question = question(&trace.action, &trace.analysis.effects, facts, &[], &self.prose);
        let mut export = export.borrow_mut();
        for stage in [Stage::First, Stage::Second] {
            let line = question.prompt(stage).line(id);
            if let Err(error) = writeln!(export.out, "{line}") {
                export.error.get_or_insert(error);
            }
        }
    }

    /// Everything is written.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Some(export) = self.export else { return Ok(()) };
        let mut export = export.into_inner();
        match export.error {
            Some(error) => Err(Error::Output(error)),
            None => Ok(export.out.flush()?),
        }
    }
}

/// The judge of one case, with answers that were had elsewhere.
pub(crate) struct Replayed<'a> {
    answers: &'a Recorded,
    prose: &'a Prose,
    facts: &'a dyn Facts,
}

impl Judge for Replayed<'_> {
    fn opinion(&self, action: &Action, effects: &Effects) -> Judged {
        let question = question(action, effects, self.facts, &[], self.prose);
        let asking = Asking {
            first: true,
            price: None,
            cache: None,
        };
        ask(
            &question,
            self.answers,
            &asking,
            &Deadline::after(Duration::from_secs(60)),
        )
    }
}
