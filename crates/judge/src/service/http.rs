//! Models behind HTTP: Anthropic's Messages, and the Chat Completions that nearly everybody else speaks.

use std::time::Duration;

use serde_json::{Value, json};

use super::key::Key;
use super::{Reply, Service};
use crate::visible::is_invisible;
use crate::{Deadline, Error, Prompt, Stage};

/// The largest answer that is read.
const LARGEST: u64 = 1 << 20;

/// What a service says of its own error is kept up to here, in letters.
const LONGEST_ERROR: usize = 160;

/// The wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Anthropic Messages.
    Anthropic,
    /// OpenAI Chat Completions.
    OpenAi,
}

/// How the form of an answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// By a schema, as OpenAI does it.
    Schema,
    /// A JSON object, with the schema beside it for servers that know that.
    Object,
    /// By the words of the instruction alone.
    Words,
}

/// A model behind HTTP.
#[derive(Debug)]
pub struct Http {
    dialect: Dialect,
    url: String,
    model: String,
    key: Option<Key>,
}

impl Http {
    /// The service at this address (up to `/v1`; absent: the vendor's own).
    ///
    /// # Errors
    /// When the address is none, or the key would travel in the clear.
    pub fn new(dialect: Dialect, url: Option<&str>, model: &str, key: Option<Key>) -> Result<Self, Error> {
        let usual = match dialect {
            Dialect::Anthropic => "https://api.anthropic.com/v1",
            Dialect::OpenAi => "https://api.openai.com/v1",
        };
        let url = url.unwrap_or(usual).trim_end_matches('/');
        let rest = match url.split_once("://") {
            Some(("https", rest)) => rest,
            Some(("http", rest)) if key.is_none() || is_here(rest) => rest,
            Some(("http", _)) => {
                return Err(Error::Settings(
                    "`url` is `http://`, and a key is only sent by `https://` or to this machine".to_owned(),
                ));
            }
            Some(_) | None => return Err(Error::Settings(format!("`url` is no address: `{url}`"))),
        };
        if rest.is_empty() || rest.contains(['@', '?', '#', ' ']) {
            return Err(Error::Settings(
                "`url` must be a plain address, without a user or a query".to_owned(),
            ));
        }
        if model.is_empty() {
            return Err(Error::Settings("`model` is not set".to_owned()));
        }
        Ok(Self {
            dialect,
            url: url.to_owned(),
            model: model.to_owned(),
            key,
        })
    }

    fn is_openai_itself(&self) -> bool {
        self.url.starts_with("https://api.openai.com/")
    }

    fn body(&self, prompt: &Prompt<'_>, form: Form) -> Value {
        match self.dialect {
            Dialect::Anthropic => {
                let kept = json!({"type": "ephemeral"});
                json!({
                    "model": self.model,
                    "max_tokens": prompt.stage.tokens(),
                    "system": [{"type": "text", "text": prompt.system, "cache_control": kept}],
                    "messages": [{"role": "user", "content": [
                        {"type": "text", "text": prompt.question, "cache_control": kept},
                        {"type": "text", "text": prompt.instruction},
                    ]}],
                })
            }
            Dialect::OpenAi => {
                let mut body = json!({
                    "model": self.model,
                    "messages": [
                        {"role": "system", "content": prompt.system},
                        {"role": "user", "content": format!("{}\n\n{}", prompt.question, prompt.instruction)},
                    ],
                });
                // OpenAI's newer models know only the one name of the limit and no temperature, other servers the other.
                let (limit, temperature) = if self.is_openai_itself() {
                    ("max_completion_tokens", None)
                } else {
                    ("max_tokens", Some(0))
                };
                if let Some(object) = body.as_object_mut() {
                    object.insert(limit.to_owned(), prompt.stage.tokens().into());
                    if let Some(temperature) = temperature {
                        object.insert("temperature".to_owned(), temperature.into());
                    }
                    let wanted = match form {
                        Form::Schema => Some(
                            json!({"type": "json_schema", "json_schema": {"name": "opinion", "strict": true, "schema": schema()}}),
                        ),
                        Form::Object => Some(json!({"type": "json_object", "schema": schema()})),
                        Form::Words => None,
                    };
                    if let Some(wanted) = wanted {
                        object.insert("response_format".to_owned(), wanted);
                    }
                }
                body
            }
        }
    }

    fn without_key(&self, text: &str) -> String {
        self.key
            .as_ref()
            .map_or_else(|| text.to_owned(), |key| key.taken_out_of(text))
    }

    fn read(&self, stage: Stage, text: &str) -> Result<Reply, Error> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            if error.is_eof() {
                Error::Truncated
            } else {
                Error::Malformed("the service sent no JSON".to_owned())
            }
        })?;
        let number = |path: &str| value.pointer(path).and_then(Value::as_u64).unwrap_or_default();
        let word = |path: &str| value.pointer(path).and_then(Value::as_str);
        let (text, stopped, tokens_in, tokens_out) = match self.dialect {
            Dialect::Anthropic => {
                let blocks = value.get("content").and_then(Value::as_array);
                let said: Vec<&str> = blocks
                    .into_iter()
                    .flatten()
                    .filter_map(|block| block.get("text").and_then(Value::as_str))
                    .collect();
                (
                    blocks.map(|_| said.concat()),
                    word("/stop_reason"),
                    number("/usage/input_tokens")
                        .saturating_add(number("/usage/cache_read_input_tokens"))
                        .saturating_add(number("/usage/cache_creation_input_tokens")),
                    number("/usage/output_tokens"),
                )
            }
            Dialect::OpenAi => {
                if word("/choices/0/message/refusal").is_some_and(|text| !text.is_empty()) {
                    return Err(Error::Refused);
                }
                (
                    word("/choices/0/message/content").map(str::to_owned),
                    word("/choices/0/finish_reason"),
                    number("/usage/prompt_tokens"),
                    number("/usage/completion_tokens"),
                )
            }
        };
        match stopped {
            Some("refusal" | "content_filter") => return Err(Error::Refused),
            Some("max_tokens" | "length") if stage == Stage::Second => return Err(Error::Truncated),
            Some(_) | None => {}
        }
        let text = text.ok_or_else(|| Error::Malformed("the service sent no answer of a model".to_owned()))?;
        Ok(Reply {
            text: self.without_key(&text),
            tokens_in,
            tokens_out,
        })
    }
}

impl Service for Http {
    fn model(&self) -> &str {
        &self.model
    }

    fn identity(&self) -> String {
        format!("{:?} {} {}", self.dialect, self.url, self.model)
    }

    fn answer(&self, prompt: &Prompt<'_>, deadline: &Deadline) -> Result<Reply, Error> {
        // A schema would cost Anthropic's Messages the beginning that both stages share; there the words have to do.
        let forms: &[Form] = if prompt.wants_opinion() && self.dialect == Dialect::OpenAi {
            &[Form::Schema, Form::Object]
        } else {
            &[]
        };
        for form in forms {
            match self.once(prompt, *form, deadline) {
                // A server that does not know this way of asking for it says so, some as if the fault were their own. The
                // answer is read alike in any case.
                Err(Error::Status { code: 400 | 422, .. }) => {}
                Err(Error::Status { said, .. }) if said.contains("response_format") => {}
                other => return other,
            }
        }
        self.once(prompt, Form::Words, deadline)
    }
}

impl Http {
    fn once(&self, prompt: &Prompt<'_>, form: Form, deadline: &Deadline) -> Result<Reply, Error> {
        let mut settings = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(deadline.left()?))
            .user_agent(concat!("placet/", env!("CARGO_PKG_VERSION")));
        if self.url.starts_with("http://") {
            // A proxy would read what is only meant for this machine or this network, the key included.
            settings = settings.proxy(None);
        }
        let agent: ureq::Agent = settings.build().into();
        let path = match self.dialect {
            Dialect::Anthropic => "messages",
            Dialect::OpenAi => "chat/completions",
        };
        let mut request = agent
            .post(format!("{}/{path}", self.url))
            .header("content-type", "application/json");
        if self.dialect == Dialect::Anthropic {
            request = request.header("anthropic-version", "2023-06-01");
        }
        if let Some(key) = &self.key {
            request = match self.dialect {
                Dialect::Anthropic => request.header("x-api-key", key.header("")),
                Dialect::OpenAi => request.header("authorization", key.header("Bearer ")),
            };
        }
        let body = self.body(prompt, form).to_string();
        let mut response = request
            .send(body.as_bytes())
            .map_err(|error| failed(&error, deadline, || Error::Unreachable(error.to_string())))?;
        let code = response.status().as_u16();
        let wait = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.trim().parse().ok())
            .map(Duration::from_secs);
        let text = response.body_mut().with_config().limit(LARGEST).read_to_string();
        match code {
            200 => self.read(
                prompt.stage,
                &text.map_err(|error| failed(&error, deadline, || Error::Truncated))?,
            ),
            429 => Err(Error::RateLimited { wait }),
            _ => Err(Error::Status {
                code,
                said: said(&self.without_key(&text.unwrap_or_default())),
            }),
        }
    }
}

/// What an error of the client means; `otherwise` depends on how far it came.
fn failed(error: &ureq::Error, deadline: &Deadline, otherwise: impl FnOnce() -> Error) -> Error {
    if matches!(error, ureq::Error::Timeout(_)) {
        deadline.over()
    } else if matches!(error, ureq::Error::BodyExceedsLimit(_)) {
        Error::Malformed("its answer is too large".to_owned())
    } else {
        otherwise()
    }
}

/// What a service says of its own error, in short.
fn said(text: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let message = value
        .pointer("/error/message")
        .or_else(|| value.pointer("/error"))
        .or_else(|| value.pointer("/message"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    message
        .chars()
        .filter(|letter| !letter.is_control() && !is_invisible(*letter))
        .take(LONGEST_ERROR)
        .collect()
}

/// Whether the address is this machine.
fn is_here(rest: &str) -> bool {
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The form of the second stage's answer.
fn schema() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["thoughts", "decision", "rule", "user_words", "reason", "instead"],
        "properties": {
            "thoughts": text,
            "decision": {"type": "string", "enum": ["allow", "deny", "unsure"]},
            "rule": text,
            "user_words": text,
            "reason": text,
            "instead": text,
        },
    })
}
