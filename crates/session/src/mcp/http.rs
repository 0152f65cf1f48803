//! HTTP as the SDK wants it, by the client that the session fetches pages with: each request in a thread of its own, to addresses
//! that were looked at before, without redirects and proxies. The protocol is the SDK's.

use core::fmt;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_client::{
    SseError, StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse, StreamableHttpResponseLimits,
};
use sse_stream::Sse;
use tokio::sync::{mpsc, oneshot};
use ureq::http::Response;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

use crate::tools::Known;

/// The SDK checks that nobody else sets these.
const SESSION: &str = "mcp-session-id";
const LAST_EVENT: &str = "last-event-id";
const EVENTS: &str = "text/event-stream";
const JSON: &str = "application/json";

/// The client of one server.
#[derive(Clone)]
pub(super) struct Client {
    agent: Agent,
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Client")
    }
}

/// Why a request failed.
#[derive(Debug)]
pub(super) struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

type Error = StreamableHttpError<Failed>;
type Events = Pin<Box<dyn futures_core::Stream<Item = Result<Sse, SseError>> + Send>>;

impl Client {
    /// A client that asks these addresses and no others, and lets a call take so long.
    pub(super) fn new(addresses: Known, longest: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(longest))
            .timeout_per_read(Some(longest))
            .user_agent(concat!("placet/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), addresses),
        }
    }

    /// Does the work in a thread, since it waits. One whose result nobody wants any more ends with its request.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Agent) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (sender, receiver) = oneshot::channel();
        let agent = self.agent.clone();
        thread::Builder::new()
            .name("mcp-http".to_owned())
            .spawn(move || {
                let _ = sender.send(work(&agent));
            })
            .map_err(|error| failed(&error))?;
        receiver.await.map_err(|_| failed(&"the request was given up"))?
    }
}

impl StreamableHttpClient for Client {
    type Error = Failed;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Error> {
        let limits = StreamableHttpResponseLimits::default();
        self.post_message_with_response_limits(uri, message, session, token, headers, limits)
            .await
    }

    async fn post_message_with_response_limits(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
        limits: StreamableHttpResponseLimits,
    ) -> Result<StreamableHttpPostResponse, Error> {
        let waits = matches!(message, ClientJsonRpcMessage::Request(_));
        let body = serde_json::to_vec(&message)?;
        self.aside(move |agent| {
            let mut request = agent
                .post(uri.as_ref())
                .header("content-type", JSON)
                .header("accept", format!("{EVENTS}, {JSON}"));
            for (name, value) in all(session.as_deref(), None, token.as_deref(), &headers) {
                request = request.header(name, value);
            }
            let response = request.send(body.as_slice()).map_err(|error| failed(&error))?;
            posted(response, session.is_some(), waits, limits)
        })
        .await
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session: Arc<str>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), Error> {
        self.aside(move |agent| {
            let mut request = agent.delete(uri.as_ref());
            for (name, value) in all(Some(&session), None, token.as_deref(), &headers) {
                request = request.header(name, value);
            }
            let response = request.call().map_err(|error| failed(&error))?;
            match response.status().as_u16() {
                405 => Err(StreamableHttpError::ServerDoesNotSupportDeleteSession),
                200..=299 | 404 => Ok(()),
                code => Err(status(code)),
            }
        })
        .await
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session: Option<Arc<str>>,
        last_event: Option<String>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<Events, Error> {
        let most = StreamableHttpResponseLimits::default().max_sse_event_size;
        self.get_stream_with_max_sse_event_size(uri, session, last_event, token, headers, most)
            .await
    }

    async fn get_stream_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        session: Option<Arc<str>>,
        last_event: Option<String>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
        most: usize,
    ) -> Result<Events, Error> {
        self.aside(move |agent| {
            let mut request = agent.get(uri.as_ref()).header("accept", EVENTS);
            for (name, value) in all(session.as_deref(), last_event.as_deref(), token.as_deref(), &headers) {
                request = request.header(name, value);
            }
            let response = request.call().map_err(|error| failed(&error))?;
            match response.status().as_u16() {
                405 => Err(StreamableHttpError::ServerDoesNotSupportSse),
                404 if session.is_some() => Err(StreamableHttpError::SessionExpired),
                200..=299 if is(&response, EVENTS) => events(response, most),
                200..=299 => Err(StreamableHttpError::UnexpectedContentType(None)),
                code => Err(status(code)),
            }
        })
        .await
    }
}

/// What was answered to a message.
fn posted(
    mut response: Response<Body>,
    in_session: bool,
    waits: bool,
    limits: StreamableHttpResponseLimits,
) -> Result<StreamableHttpPostResponse, Error> {
    let session = response.headers().get(SESSION).and_then(|value| value.to_str().ok());
    let session = session.map(str::to_owned);
    match response.status().as_u16() {
        202 | 204 => return Ok(StreamableHttpPostResponse::Accepted),
        404 if in_session => return Err(StreamableHttpError::SessionExpired),
        200..=299 => {}
        // An error in the protocol's own words may come with any status.
        code @ (400 | 402 | 404..=599) if is(&response, JSON) => {
            let body = whole(&mut response, limits.max_json_response_size)?;
            return match serde_json::from_slice(&body) {
                Ok(message @ ServerJsonRpcMessage::Error(_)) => Ok(StreamableHttpPostResponse::Json(message, session)),
                Ok(_) | Err(_) => Err(status(code)),
            };
        }
        code => return Err(status(code)),
    }
    if is(&response, EVENTS) {
        return Ok(StreamableHttpPostResponse::Sse(
            events(response, limits.max_sse_event_size)?,
            session,
        ));
    }
    if !waits {
        return Ok(StreamableHttpPostResponse::Accepted);
    }
    if !is(&response, JSON) {
        return Err(StreamableHttpError::UnexpectedContentType(None));
    }
    let body = whole(&mut response, limits.max_json_response_size)?;
    Ok(StreamableHttpPostResponse::Json(
        serde_json::from_slice(&body)?,
        session,
    ))
}

/// Every further header.
fn all<'a>(
    session: Option<&'a str>,
    last_event: Option<&'a str>,
    token: Option<&str>,
    headers: &'a HashMap<HeaderName, HeaderValue>,
) -> impl Iterator<Item = (String, HeaderValue)> {
    let own = [
        (SESSION, session.map(str::to_owned)),
        (LAST_EVENT, last_event.map(str::to_owned)),
        ("authorization", token.map(|token| format!("Bearer {token}"))),
    ];
    let own = own
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), HeaderValue::from_str(&value?).ok()?)));
    let given = headers.iter().map(|(name, value)| (name.to_string(), value.clone()));
    own.chain(given)
}

fn is(response: &Response<Body>, kind: &str) -> bool {
    let said = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok());
    let said = said.and_then(|said| said.split(';').next()).unwrap_or_default();
    said.trim().eq_ignore_ascii_case(kind)
}

fn whole(response: &mut Response<Body>, most: usize) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = response.body_mut().as_reader().take(limit).read_to_end(&mut body);
    read.map_err(|error| failed(&error))?;
    if body.len() > most {
        return Err(StreamableHttpError::ResponseBodyTooLarge { max_size: most });
    }
    Ok(body)
}

/// The events of a stream, read in a thread that ends when nobody listens any more or the server falls silent.
fn events(mut response: Response<Body>, most: usize) -> Result<Events, Error> {
    let (sender, receiver) = mpsc::channel(16);
    thread::Builder::new()
        .name("mcp-events".to_owned())
        .spawn(move || {
            let mut reader = BufReader::new(response.body_mut().as_reader());
            loop {
                let (item, last) = match event(&mut reader, most) {
                    Ok(Some(event)) => (Ok(event), false),
                    Ok(None) => return,
                    Err(error) => (Err(SseError::Body(Box::new(error))), true),
                };
                if sender.blocking_send(item).is_err() || last {
                    return;
                }
            }
        })
        .map_err(|error| failed(&error))?;
    Ok(Box::pin(Received(receiver)))
}

/// The next event; `None` at the end of the stream. One that did not end is none.
fn event(reader: &mut impl BufRead, most: usize) -> Result<Option<Sse>, std::io::Error> {
    let mut event = Sse::default();
    let mut size = 0_usize;
    let mut line = Vec::new();
    loop {
        line.clear();
        let room = u64::try_from(most.saturating_sub(size))
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let read = reader.by_ref().take(room).read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            let full = u64::try_from(read).unwrap_or(u64::MAX) >= room;
            return if full {
                Err(std::io::Error::other("an event is too large"))
            } else {
                Ok(None)
            };
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() {
            // Lines of comments alone are no event.
            if event == Sse::default() {
                continue;
            }
            return Ok(Some(event));
        }
        size = size.saturating_add(line.len());
        let (field, value) = text.split_once(':').unwrap_or((text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => event.event = Some(value.to_owned()),
            "id" => event.id = Some(value.to_owned()),
            "retry" => event.retry = value.parse().ok(),
            "data" => match &mut event.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => event.data = Some(value.to_owned()),
            },
            _ => {}
        }
    }
}

struct Received(mpsc::Receiver<Result<Sse, SseError>>);

impl futures_core::Stream for Received {
    type Item = Result<Sse, SseError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

fn failed(why: &dyn fmt::Display) -> Error {
    StreamableHttpError::Client(Failed(why.to_string()))
}

fn status(code: u16) -> Error {
    failed(&match code {
        300..=399 => {
            format!("the server redirects (status {code}), which is not followed: name the address that is meant")
        }
        401 | 403 => format!("the server wants to know who asks (status {code}): give a token in `headers`"),
        _ => format!("the server answers with status {code}"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Sse, event};

    fn of(text: &str, most: usize) -> Vec<Result<Sse, String>> {
        let mut reader = text.as_bytes();
        let mut found = Vec::new();
        loop {
            match event(&mut reader, most) {
                Ok(Some(event)) => found.push(Ok(event)),
                Ok(None) => return found,
                Err(error) => {
                    found.push(Err(error.to_string()));
                    return found;
                }
            }
        }
    }

    #[test]
    fn events_are_read_as_they_come_and_what_did_not_end_is_none() {
        let found = of(
            ": ping\n\nid: 1\r\ndata: a\r\ndata:b\r\n\r\nevent: x\ndata\nretry: 5\n\ndata: cut",
            100,
        );
        let data = |event: &Result<Sse, String>| event.clone().unwrap().data;
        assert_eq!(found.len(), 2);
        assert_eq!(data(&found[0]).as_deref(), Some("a\nb"));
        assert_eq!(found[0].clone().unwrap().id.as_deref(), Some("1"));
        assert_eq!(
            (data(&found[1]).as_deref(), found[1].clone().unwrap().retry),
            (Some(""), Some(5))
        );
    }

    #[test]
    fn an_event_is_bounded_over_all_its_lines() {
        assert!(of(&format!("data: {}\n\n", "x".repeat(50)), 100)[0].is_ok());
        assert!(of(&format!("data: {}\n\n", "x".repeat(200)), 100)[0].is_err());
        assert!(of(&format!("{}\n", "data: xxxxxxxxx\n".repeat(20)), 100)[0].is_err());
    }
}
