//! Text that may stand in a question. There is no way to make one from a plain string: each comes from a value of which it
//! is known who wrote it (the user, Placet, or the action's own arguments), by a function of this file.
//!
//! What has no function here has no way into a question: the agent's explanations and descriptions, what tools return, what
//! files and pages hold, what a sub-agent is told. Contents that the agent writes into files are left out as well; their
//! effects stand for them.

use std::borrow::Cow;

use placet_model::{Action, Argument, Effect, Facts, Mode, Repository, Tier, ToolInput};
use serde::{Serialize, Serializer};

/// Takes secrets out of a text.
pub type Redact<'r> = &'r dyn Fn(&str) -> Cow<'_, str>;

/// Names and addresses longer than this are cut: they come from files that others may have written.
const NAME: usize = 300;
/// A single argument of a tool that is no shell.
const ARGUMENT: usize = 4000;

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
        Some(Self(redact(words).into_owned()).shortened(ARGUMENT))
    }

    /// The parts of a message that are kept where it is too long, of at most this many bytes.
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
        Self(cut(&action.tool, NAME))
    }

    /// What the tool is asked to do: its arguments by name. What is written into files and what a sub-agent is told is not
    /// among them.
    #[must_use]
    pub fn arguments(action: &Action, redact: Redact<'_>) -> Vec<(Self, Self)> {
        let pair = |name: &str, value: &str| (Self(name.to_owned()), Self(redact(value).into_owned()));
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
                .chain(arguments.iter().map(|Argument { name, value }| {
                    pair(&format!("argument {}", cut(name, NAME)), &cut(value, ARGUMENT))
                }))
                .collect(),
            ToolInput::Internal => Vec::new(),
        }
    }

    /// What an effect is about, in short.
    #[must_use]
    pub fn resource(effect: &Effect, redact: Redact<'_>) -> Self {
        Self(cut(&redact(&effect.resource.to_string()), 2 * NAME))
    }

    /// The program or tool that causes it.
    #[must_use]
    pub fn by(effect: &Effect) -> Self {
        Self(cut(&effect.by, NAME))
    }

    /// A word of Placet's own vocabulary.
    #[must_use]
    pub const fn word(word: &'static str) -> Word {
        Word(word)
    }

    /// The project's root, the working directory.
    #[must_use]
    pub fn places(facts: &dyn Facts) -> (Self, Self) {
        (Self(cut(facts.project(), NAME)), Self(cut(facts.cwd(), NAME)))
    }

    /// What is known of the repository: branch, default branch, remotes. Passwords in addresses go.
    #[must_use]
    pub fn repository(repository: &Repository, redact: Redact<'_>) -> (Option<Self>, Option<Self>, Vec<(Self, Self)>) {
        let name = |text: &String| Self(cut(text, NAME));
        let remotes = repository
            .remotes
            .iter()
            .take(8)
            .map(|(remote, url)| (name(remote), Self(cut(&redact(&without_user(url)), NAME))));
        (
            repository.branch.as_ref().map(name),
            repository.default_branch.as_ref().map(name),
            remotes.collect(),
        )
    }

    /// The mode and the tier in force.
    #[must_use]
    pub fn mode(mode: Mode, tier: Tier) -> (Word, Word) {
        (Word(mode.name()), Word(tier.name()))
    }

    /// An action from Placet's own log. What a sub-agent was told stays out.
    #[must_use]
    pub fn recorded(kind: &str, command: &str, redact: Redact<'_>) -> Self {
        if kind == "spawn" {
            return Self("a sub-agent was started".to_owned());
        }
        Self(cut(&redact(command), NAME))
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

fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    format!("{}…", text.get(..text.floor_char_boundary(most)).unwrap_or_default())
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
