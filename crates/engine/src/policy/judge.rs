//! What policy files say of the judge: read, and laid over each other. Whether a file's word counts is `layers.rs`'s business.

use super::layers::texts;
use super::text::Format;
use super::tree::{Node, Value};

/// What a policy says of the judge. Only files of the user and of the administrator count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JudgeSettings {
    /// `anthropic`, `openai` or `command`; without it there is no judge.
    pub provider: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Where the service is.
    pub url: Option<String>,
    /// The program of the provider `command`.
    pub command: Vec<String>,
    /// The environment variable that holds the key.
    pub key_env: Option<String>,
    /// The file that holds the key.
    pub key_file: Option<String>,
    /// The program that prints the key.
    pub key_command: Vec<String>,
    /// Whether the first stage is asked.
    pub first: Option<bool>,
    /// Seconds for both stages.
    pub deadline: Option<u32>,
    /// Minutes for which an answer is used again.
    pub lifetime: Option<u32>,
    /// US cents for a million tokens of the question.
    pub price_input: Option<u32>,
    /// US cents for a million tokens of the answer.
    pub price_output: Option<u32>,
    /// What may be allowed, in prose; `None` is ours.
    pub allow: Option<Vec<String>>,
    /// What is denied unless the user asked for it; `None` is ours.
    pub soft_deny: Option<Vec<String>>,
    /// What is never allowed; `None` is ours.
    pub hard_deny: Option<Vec<String>>,
}

impl JudgeSettings {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a judge is to be asked.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.provider.is_some()
    }

    /// Seconds for both stages, bounded.
    #[must_use]
    pub fn seconds(&self) -> u32 {
        self.deadline.unwrap_or(Self::USUAL_SECONDS).min(Self::MOST_SECONDS)
    }

    /// Agents wait a minute for their hook; what is left of it is for everything else.
    pub const MOST_SECONDS: u32 = 45;
    const USUAL_SECONDS: u32 = 20;

    /// Those of a higher scope over these. A service's address and key belong to its provider: they are never mixed.
    pub(crate) fn overlay(&mut self, higher: Self) {
        if higher.provider.is_some() {
            let Self {
                allow,
                soft_deny,
                hard_deny,
                ..
            } = core::mem::take(self);
            *self = Self {
                allow,
                soft_deny,
                hard_deny,
                ..Self::default()
            };
        }
        fn take<T>(old: &mut Option<T>, new: Option<T>) {
            if new.is_some() {
                *old = new;
            }
        }
        fn list(old: &mut Vec<String>, new: Vec<String>) {
            if !new.is_empty() {
                *old = new;
            }
        }
        fn join(old: &mut Option<Vec<String>>, new: Option<Vec<String>>) {
            if let Some(mut new) = new {
                old.get_or_insert_default().append(&mut new);
            }
        }
        take(&mut self.provider, higher.provider);
        take(&mut self.model, higher.model);
        take(&mut self.url, higher.url);
        list(&mut self.command, higher.command);
        take(&mut self.key_env, higher.key_env);
        take(&mut self.key_file, higher.key_file);
        list(&mut self.key_command, higher.key_command);
        take(&mut self.first, higher.first);
        take(&mut self.deadline, higher.deadline);
        take(&mut self.lifetime, higher.lifetime);
        take(&mut self.price_input, higher.price_input);
        take(&mut self.price_output, higher.price_output);
        join(&mut self.allow, higher.allow);
        join(&mut self.soft_deny, higher.soft_deny);
        join(&mut self.hard_deny, higher.hard_deny);
    }
}

/// What is said of the judge; an agent's own settings hold prose for it.
pub(super) fn read(root: &Node<'_>, format: Format) -> JudgeSettings {
    let list = |table: &Node<'_>, key: &str| table.get(key).map(|node| texts(Some(node)));
    if format == Format::ClaudeSettings {
        let Some(table) = root.get("autoMode") else {
            return JudgeSettings::default();
        };
        return JudgeSettings {
            allow: list(table, "allow"),
            soft_deny: list(table, "soft_deny"),
            hard_deny: list(table, "hard_deny"),
            ..JudgeSettings::default()
        };
    }
    let Some(table) = root.get("judge") else {
        return JudgeSettings::default();
    };
    let text = |table: &Node<'_>, key: &str| table.get(key).and_then(Node::text).map(str::to_owned);
    let count = |table: &Node<'_>, key: &str| match table.get(key).map(|node| &node.value) {
        Some(Value::Number(count)) => u32::try_from(*count).ok().filter(|count| *count >= 1),
        Some(Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Table(_)) | None => None,
    };
    let key = table.get("key");
    let price = table.get("price");
    JudgeSettings {
        provider: text(table, "provider"),
        model: text(table, "model"),
        url: text(table, "url"),
        command: texts(table.get("command")),
        key_env: key.and_then(|key| text(key, "env")),
        key_file: key.and_then(|key| text(key, "file")),
        key_command: texts(key.and_then(|key| key.get("command"))),
        first: match table.get("first").map(|node| &node.value) {
            Some(Value::Bool(yes)) => Some(*yes),
            Some(Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Table(_)) | None => None,
        },
        deadline: count(table, "deadline"),
        lifetime: count(table, "lifetime"),
        price_input: price.and_then(|price| count(price, "input")),
        price_output: price.and_then(|price| count(price, "output")),
        allow: list(table, "allow"),
        soft_deny: list(table, "soft-deny"),
        hard_deny: list(table, "hard-deny"),
    }
}
