//! A model behind HTTP: one request, a stream of events, and trying again where that is of use. The words of each vendor are in
//! `anthropic.rs` and `openai.rs`.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::stream::{Gathered, Part};
use super::{Model, ModelError, Request, anthropic, openai};
use crate::Error;
use crate::conversation::{Reply, Usage};

/// The most that is read of one reply.
const LARGEST: u64 = 32 << 20;
/// How long a service may say nothing.
const SILENCE: Duration = Duration::from_secs(180);
/// Tries of one request, and the first pause between them; each further one is twice as long.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(500);
/// How often a person's wish to stop is looked for.
const LOOK: Duration = Duration::from_millis(20);

/// The wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Anthropic Messages.
    Anthropic,
    /// OpenAI Chat Completions, which nearly everybody else speaks.
    OpenAi,
}

/// A model behind HTTP.
#[derive(Clone)]
pub struct Http {
    vendor: Vendor,
    url: String,
    model: String,
    key: Option<String>,
    name: String,
    pause: Duration,
    /// US cents for a million tokens of requests and of replies.
    price: Option<(u32, u32)>,
}

impl core::fmt::Debug for Http {
    /// Never the key.
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(out, "Http({} at {})", self.name, self.url)
    }
}

impl Http {
    /// The model at this address (up to `/v1`; absent: the vendor's own).
    ///
    /// # Errors
    /// When the address is none, or the key would travel in the clear.
    pub fn new(vendor: Vendor, url: Option<&str>, model: &str, key: Option<String>) -> Result<Self, Error> {
        let (usual, word) = match vendor {
            Vendor::Anthropic => ("https://api.anthropic.com/v1", "anthropic"),
            Vendor::OpenAi => ("https://api.openai.com/v1", "openai"),
        };
        let url = url.unwrap_or(usual).trim_end_matches('/').to_owned();
        let rest = match url.split_once("://") {
            Some(("https", rest)) => rest,
            Some(("http", rest)) if key.is_none() || is_here(rest) => rest,
            Some(("http", _)) => {
                return Err(Error::input(
                    "a key is only sent by `https://`, or to this machine",
                    "use an `https://` address, or no key",
                ));
            }
            Some(_) | None => {
                return Err(Error::input(
                    format!("`{url}` is no address"),
                    "it begins with `https://`",
                ));
            }
        };
        if rest.is_empty() || rest.contains(['@', '?', '#', ' ']) {
            return Err(Error::input(
                format!("`{url}` is no plain address"),
                "leave out user and query",
            ));
        }
        if key
            .as_ref()
            .is_some_and(|key| key.trim().is_empty() || key.chars().any(char::is_control))
        {
            return Err(Error::input(
                "the key is empty, or no key",
                "set the variable that holds it",
            ));
        }
        Ok(Self {
            vendor,
            url,
            name: format!("{word}:{model}"),
            model: model.to_owned(),
            key,
            pause: PAUSE,
            price: None,
        })
    }

    /// With a price: US cents for a million tokens of requests, and of replies.
    #[must_use]
    pub fn with_price(self, input: u32, output: u32) -> Self {
        Self {
            price: Some((input, output)),
            ..self
        }
    }

    /// With other pauses between tries.
    #[must_use]
    pub fn with_pause(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    fn once(&self, body: &str, stop: &super::Stop, said: &mut dyn FnMut(&str)) -> Result<Reply, ModelError> {
        let (sender, receiver) = mpsc::channel();
        let (http, body) = (self.clone(), body.to_owned());
        // Its end is not waited for: a service that says nothing must not keep a person waiting.
        thread::spawn(move || {
            let end = http.stream(&body, &sender);
            let _ = sender.send(Err(end.err().unwrap_or(ModelError::Cut)));
        });
        gather(&receiver, stop, said)
    }

    /// Sends the request and hands on each part of the stream. It ends with `Part::End`, or with an error.
    fn stream(&self, body: &str, to: &Sender<Result<Part, ModelError>>) -> Result<(), ModelError> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_per_read(Some(SILENCE))
            .user_agent(concat!("placet/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let path = match self.vendor {
            Vendor::Anthropic => "messages",
            Vendor::OpenAi => "chat/completions",
        };
        let mut request = agent
            .post(format!("{}/{path}", self.url))
            .header("content-type", "application/json")
            .header("accept", "text/event-stream");
        if self.vendor == Vendor::Anthropic {
            request = request.header("anthropic-version", "2023-06-01");
        }
        if let Some(key) = &self.key {
            request = match self.vendor {
                Vendor::Anthropic => request.header("x-api-key", key.trim()),
                Vendor::OpenAi => request.header("authorization", format!("Bearer {}", key.trim())),
            };
        }
        let unreachable = |error: &ureq::Error| ModelError::Unreachable(error.to_string());
        let mut response = request.send(body.as_bytes()).map_err(|error| unreachable(&error))?;
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let code = response.status().as_u16();
        let wait = header("retry-after").and_then(|text| text.trim().parse().ok());
        let streams = header("content-type").is_some_and(|kind| kind.contains("event-stream"));
        let reader = response.body_mut().as_reader().take(LARGEST);
        if code != 200 {
            let mut text = String::new();
            let _ = reader.take(1 << 16).read_to_string(&mut text);
            return Err(refused(code, wait, &text));
        }
        if !streams {
            return self.whole(reader, to);
        }
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(|_| ModelError::Cut)? == 0 {
                return Err(ModelError::Cut);
            }
            let text = String::from_utf8_lossy(&line);
            let Some(data) = text.trim_end().strip_prefix("data:") else {
                continue;
            };
            match self.parts(data.trim(), to) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                // A line without its end is not the whole line.
                Err(_) if !line.ends_with(b"\n") => return Err(ModelError::Cut),
                Err(error) => return Err(error),
            }
        }
    }

    /// Hands on what one event says; whether the reply is complete, or nobody listens any more.
    fn parts(&self, data: &str, to: &Sender<Result<Part, ModelError>>) -> Result<bool, ModelError> {
        if data == "[DONE]" {
            let _ = to.send(Ok(Part::End));
            return Ok(true);
        }
        let value: Value =
            serde_json::from_str(data).map_err(|_| ModelError::Nonsense("an event is no JSON".to_owned()))?;
        let parts = match self.vendor {
            Vendor::Anthropic => anthropic::parts(&value)?,
            Vendor::OpenAi => openai::parts(&value)?,
        };
        for part in parts {
            let ends = part == Part::End;
            if to.send(Ok(part)).is_err() || ends {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A server that does not stream.
    fn whole(&self, mut reader: impl Read, to: &Sender<Result<Part, ModelError>>) -> Result<(), ModelError> {
        let mut text = String::new();
        reader.read_to_string(&mut text).map_err(|_| ModelError::Cut)?;
        let value: Value = serde_json::from_str(&text)
            .map_err(|_| ModelError::Nonsense("the answer is neither a stream nor JSON".to_owned()))?;
        let parts = match self.vendor {
            Vendor::Anthropic => anthropic::whole(&value),
            Vendor::OpenAi => openai::whole(&value),
        };
        for part in parts? {
            let _ = to.send(Ok(part));
        }
        let _ = to.send(Ok(Part::End));
        Ok(())
    }
}

fn gather(
    receiver: &Receiver<Result<Part, ModelError>>,
    stop: &super::Stop,
    said: &mut dyn FnMut(&str),
) -> Result<Reply, ModelError> {
    let mut gathered = Gathered::default();
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(Ok(Part::End)) => return gathered.reply(),
            // Also where words come faster than they are waited for.
            Ok(Ok(_)) if stop.is_wanted() => return Err(ModelError::Stopped),
            Ok(Ok(part)) => {
                gathered.add(part, said);
                if gathered.is_stuck() {
                    return gathered.reply();
                }
            }
            Ok(Err(error)) => return Err(error),
            Err(RecvTimeoutError::Timeout) if stop.is_wanted() => return Err(ModelError::Stopped),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(ModelError::Cut),
        }
    }
}

impl Model for Http {
    fn name(&self) -> &str {
        &self.name
    }

    fn reply(&mut self, request: &Request<'_>, said: &mut dyn FnMut(&str)) -> Result<Reply, ModelError> {
        let body = match self.vendor {
            Vendor::Anthropic => anthropic::body(&self.model, request),
            Vendor::OpenAi => openai::body(&self.model, request),
        }
        .to_string();
        let mut tries = 0_u32;
        loop {
            let mut begun = false;
            let result = self.once(&body, request.stop, &mut |piece| {
                begun = true;
                said(piece);
            });
            let error = match result {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            tries = tries.saturating_add(1);
            let Some(wait) = error.passes().filter(|_| tries < TRIES) else {
                return Err(error);
            };
            if begun {
                said("\n[the reply broke off; it is asked for again]\n");
            }
            let pause = self.pause.saturating_mul(1 << tries.min(8).saturating_sub(1)).max(wait);
            if !waited(pause, request.stop) {
                return Err(ModelError::Stopped);
            }
        }
    }

    fn micro_dollars(&self, usage: Usage) -> Option<u64> {
        let (input, output) = self.price?;
        let cents = usage
            .input
            .saturating_mul(u64::from(input))
            .saturating_add(usage.output.saturating_mul(u64::from(output)));
        Some(cents.div_ceil(100))
    }

    fn another(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }
}

/// Waits; false if a person wants it to end.
fn waited(pause: Duration, stop: &super::Stop) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < pause {
        if stop.is_wanted() {
            return false;
        }
        thread::sleep(LOOK.min(pause));
    }
    !stop.is_wanted()
}

/// What a status that is not 200 means.
fn refused(code: u16, wait: Option<u64>, text: &str) -> ModelError {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let said: String = ["/error/message", "/error", "/message"]
        .iter()
        .find_map(|path| value.pointer(path).and_then(Value::as_str))
        .unwrap_or_default()
        .chars()
        .filter(|letter| !letter.is_control())
        .take(300)
        .collect();
    let lower = said.to_ascii_lowercase();
    if matches!(code, 400 | 413)
        && ["too long", "context", "too large"]
            .iter()
            .any(|word| lower.contains(word))
    {
        return ModelError::TooLong;
    }
    ModelError::Status { code, said, wait }
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
