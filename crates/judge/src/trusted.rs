//! Text that may stand in a question. There is no way to make one from a plain string: each comes from a value of which it
//! is known who wrote it (the user, Placet, or the action's own arguments), by a function of this file.
//!
//! What has no function here has no way into a question: the agent's explanations and descriptions, what tools return, what
//! files and pages hold, what a sub-agent is told. Contents that the agent writes into files are left out as well; their
//! effects stand for them.
//!
//! Names are a channel that can't be closed: whoever names a file, a branch or a script's target chooses a few words that
//! the judge reads. They are bounded to the length and the words of a name, and the judge is told what they are.

use std::borrow::Cow;

use placet_model::{Action, Argument, Decision, Effect, Facts, Mode, Repository, Source, Tier, ToolInput, Verb};
use serde::{Serialize, Serializer};

/// Takes secrets out of a text.
pub type Redact<'r> = &'r dyn Fn(&str) -> Cow<'_, str>;

/// Names and addresses longer than this are cut: they come from files that others may have written.
const NAME: usize = 200;
/// A name of more words is prose.
const WORDS: usize = 8;
/// The user's words for a boundary.
const BOUNDARY: usize = 4000;
/// An action's arguments together. Of longer ones the beginning and the end are shown, and that is not enough to allow it.
const ARGUMENTS: usize = 24 * 1024;
/// Arguments of one call.
const MOST_ARGUMENTS: usize = 64;

/// Text with a provenance of user or Placet, or the action's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trusted(String);

impl Serialize for Trusted {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl Trusted {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the user said in this session, oldest first.
    pub fn messages(facts: &dyn Facts, redact: Redact<'_>) -> Vec<Self> {
        facts
            .user_messages()
            .iter()
            .map(|text| Self(redact(text).into_owned()))
            .collect()
    }

    /// Words of a message (by its number, from 0), if they stand in it; otherwise the message, so that what was found in it
    /// is not lost.
    #[must_use]
    pub fn words_of_message(facts: &dyn Facts, message: usize, words: &str, redact: Redact<'_>) -> Option<Self> {
        let message = facts.user_messages().get(message)?;
        let words = if message.contains(words) { words } else { message };
        Some(Self(redact(words).into_owned()).shortened(BOUNDARY))
    }

    /// The beginning and the end, of at most this many bytes together.
    pub(crate) fn shortened(&self, most: usize) -> Self {
        if self.0.len() <= most {
            return self.clone();
        }
        let half = most / 2;
        let head = self.0.get(..self.0.floor_char_boundary(half)).unwrap_or_default();
        let from = self.0.ceil_char_boundary(self.0.len().saturating_sub(half));
        let tail = self.0.get(from..).unwrap_or_default();
        let left_out = self.0.len().saturating_sub(head.len()).saturating_sub(tail.len());
        Self(format!("{head} [{left_out} bytes left out] {tail}"))
    }

    /// The tool's name.
    #[must_use]
    pub fn tool(action: &Action) -> Self {
        Self(name(&action.tool))
    }

    /// What the tool is asked to do: its arguments by name, and whether that is all of them. What is written into files and
    /// what a sub-agent is told is not among them.
    #[must_use]
    pub fn arguments(action: &Action, redact: Redact<'_>) -> (Vec<(Self, Self)>, bool) {
        let mut all = Self::every_argument(action, redact);
        let mut whole = all.len() <= MOST_ARGUMENTS;
        all.truncate(MOST_ARGUMENTS);
        let each = ARGUMENTS.checked_div(all.len()).unwrap_or(ARGUMENTS);
        let size: usize = all.iter().map(|(_, value)| value.0.len()).sum();
        if size > ARGUMENTS {
            for (_, value) in &mut all {
                whole &= value.0.len() <= each;
                *value = value.shortened(each);
            }
        }
        (all, whole)
    }

    fn every_argument(action: &Action, redact: Redact<'_>) -> Vec<(Self, Self)> {
        let pair = |called: &str, value: &str| (Self(name(called)), Self(redact(value).into_owned()));
        let some = |name: &str, value: &Option<String>| value.iter().map(|value| pair(name, value)).collect::<Vec<_>>();
        let flag = |name: &str, set: bool| set.then(|| pair(name, "true"));
        match &action.input {
            ToolInput::Shell {
                command,
                background,
                unconfined,
                dialect: _,
            } => [
                Some(pair("command", command)),
                flag("in the background", *background),
                flag("outside the agent's sandbox", *unconfined),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ToolInput::Read { path } | ToolInput::Delete { path } => vec![pair("path", path)],
            ToolInput::Write { path, content } => {
                vec![pair("path", path), pair("bytes written", &content.len().to_string())]
            }
            ToolInput::Edit { path, changes } => {
                vec![pair("path", path), pair("replacements", &changes.len().to_string())]
            }
            ToolInput::List { path, pattern } => [some("path", path), some("pattern", pattern)].concat(),
            ToolInput::Search { path, filter } => [some("path", path), some("filter", filter)].concat(),
            ToolInput::Fetch { url } => vec![pair("url", url)],
            ToolInput::WebSearch { query } => vec![pair("query", query)],
            ToolInput::Spawn { agent, unchecked, .. } => some("kind of agent", agent)
                .into_iter()
                .chain(flag("with its checks off", *unchecked))
                .collect(),
            ToolInput::Skill { name } => vec![pair("name", name)],
            ToolInput::Other {
                server,
                name,
                arguments,
            } => some("server", server)
                .into_iter()
                .chain([pair("name", name)])
                .chain(
                    arguments
                        .iter()
                        .map(|Argument { name, value }| pair(&format!("argument {name}"), value)),
                )
                .collect(),
            ToolInput::Internal => Vec::new(),
        }
    }

    /// What an effect is about, in short.
    #[must_use]
    pub fn resource(effect: &Effect, redact: Redact<'_>) -> Self {
        Self(name(&redact(&effect.resource.to_string())))
    }

    /// The program or tool that causes it.
    #[must_use]
    pub fn by(effect: &Effect) -> Self {
        Self(name(&effect.by))
    }

    /// A word of Placet's own vocabulary.
    #[must_use]
    pub const fn word(word: &'static str) -> Word {
        Word(word)
    }

    /// The project's root, the working directory.
    #[must_use]
    pub fn places(facts: &dyn Facts) -> (Self, Self) {
        (Self(name(facts.project())), Self(name(facts.cwd())))
    }

    /// What is known of the repository: branch, default branch, remotes. Passwords in addresses go, and so does what is no
    /// plain name: others may have chosen it.
    #[must_use]
    pub fn repository(repository: &Repository, redact: Redact<'_>) -> (Option<Self>, Option<Self>, Vec<(Self, Self)>) {
        let named = |text: &String| Self(plain(text));
        let remotes = repository
            .remotes
            .iter()
            .take(8)
            .map(|(remote, url)| (named(remote), Self(plain(&redact(&without_user(url))))));
        (
            repository.branch.as_ref().map(named),
            repository.default_branch.as_ref().map(named),
            remotes.collect(),
        )
    }

    /// The mode and the tier in force.
    #[must_use]
    pub fn mode(mode: Mode, tier: Tier) -> (Word, Word) {
        (Word(mode.name()), Word(tier.name()))
    }
}

/// A decision in Placet's own log: who reads the log says what it holds. There is no other way to an [`Earlier`] action.
pub trait Logged {
    /// The kind of action.
    fn action(&self) -> &str;
    /// The command, the path, the address.
    fn command(&self) -> &str;
    /// The verdict.
    fn verdict(&self) -> Decision;
    /// Who decided, where it matters to the judge.
    fn by(&self) -> Option<Source>;
    /// What it did, as the log says it.
    fn verbs(&self) -> Vec<Verb>;
}

/// An earlier action of the session and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Earlier {
    action: Trusted,
    does: Vec<Word>,
    verdict: Word,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<Word>,
}

impl Earlier {
    /// From the log. What a sub-agent was told stays out.
    #[must_use]
    pub fn of(logged: &dyn Logged, redact: Redact<'_>) -> Self {
        let action = if logged.action() == "spawn" {
            "a sub-agent was started".to_owned()
        } else {
            redact(logged.command()).into_owned()
        };
        let mut does: Vec<Word> = Vec::new();
        for verb in logged.verbs() {
            let verb = Word(verb.name());
            if !does.contains(&verb) && does.len() < WORDS {
                does.push(verb);
            }
        }
        Self {
            action: Trusted(action).shortened(NAME),
            does,
            verdict: Word(logged.verdict().name()),
            decided_by: logged.by().map(|source| Word(source.name())),
        }
    }
}

/// A word that is written in Placet itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(&'static str);

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0)
    }
}

/// The name of a branch, a remote or an address, if it looks like one.
fn plain(text: &str) -> String {
    let fits = |letter: char| letter.is_alphanumeric() || "._-/+@#:~%…".contains(letter);
    if text.len() <= NAME && text.chars().all(fits) {
        text.to_owned()
    } else {
        "(no plain name)".to_owned()
    }
}

/// A name of bounded length and few words, on one line.
fn name(text: &str) -> String {
    let mut words = text.split(char::is_whitespace).filter(|word| !word.is_empty());
    let mut name = words.by_ref().take(WORDS).collect::<Vec<_>>().join(" ");
    let more = words.next().is_some() || name.len() > NAME;
    name.truncate(name.floor_char_boundary(NAME));
    if more {
        name.push('…');
    }
    name
}

fn without_user(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest
                .split_once('/')
                .map_or((rest, None), |(host, path)| (host, Some(path)));
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            match path {
                Some(path) => format!("{scheme}://{host}/{path}"),
                None => format!("{scheme}://{host}"),
            }
        }
        None => url.to_owned(),
    }
}
