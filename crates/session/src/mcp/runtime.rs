//! Where the SDK runs: one thread with a runtime of its own, started for the first server. Everything else of the session is
//! synchronous and talks to it through links.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rmcp::model::{
    CallToolRequest, CallToolRequestParams, ClientCapabilities, ClientConfig, ClientRequest, Implementation,
    PaginatedRequestParams, ServerResult,
};
use rmcp::service::{NotificationContext, PeerRequestOptions};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, Peer, RoleClient, ServiceExt};
use tokio::net::unix::pipe;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use super::http::Client;
use super::link::{Call, Link, Listed, Listing};
use super::process::{LOGGED, Pipes, Start};

/// The longest message of a server.
const LARGEST: usize = 8 << 20;
/// Tools of one server that are looked at, and pages of them that are fetched.
const TOOLS: usize = 128;
const PAGES: usize = 32;

/// The running thread.
#[derive(Debug)]
pub(super) struct Runtime {
    orders: mpsc::UnboundedSender<(Arc<Link>, Target)>,
    thread: JoinHandle<()>,
}

/// What is connected to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) to: To,
    /// How long connecting, and how long a call may take.
    pub(super) times: Times,
}

/// A program, or an address.
#[derive(Debug)]
pub(super) enum To {
    Program(Start),
    Address {
        client: Client,
        url: String,
        headers: HashMap<http::HeaderName, http::HeaderValue>,
    },
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) connect: Duration,
    pub(super) call: Duration,
}

impl Runtime {
    pub(super) fn start() -> io::Result<Self> {
        let (orders, mut ordered) = mpsc::unbounded_channel::<(Arc<Link>, Target)>();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let thread = thread::Builder::new().name("mcp".to_owned()).spawn(move || {
            runtime.block_on(async {
                while let Some((link, target)) = ordered.recv().await {
                    tokio::spawn(async move {
                        let (Ok(why) | Err(why)) = connection(&link, target).await;
                        link.closed(why);
                        // Ending takes a while, and the runtime has other servers.
                        thread::spawn(move || link.end());
                    });
                }
            });
            // What is still open is dropped, pipes among it; nothing is waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self { orders, thread })
    }

    pub(super) fn connect(&self, link: Arc<Link>, target: Target) {
        if let Err(unsent) = self.orders.send((link, target)) {
            unsent.0.0.closed("the thread for servers is gone".to_owned());
        }
    }

    /// Lets go of every connection.
    pub(super) fn stop(self) {
        drop(self.orders);
        let _ = self.thread.join();
    }
}

/// Told by the server; it is given nothing and asked nothing in return.
#[derive(Clone, Debug, Default)]
struct Ears(Arc<Notify>);

impl ClientHandler for Ears {
    fn get_info(&self) -> ClientConfig {
        ClientConfig::new(
            ClientCapabilities::default(),
            Implementation::new("placet", env!("CARGO_PKG_VERSION")),
        )
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.0.notify_one();
    }
}

/// The whole life of a connection; either way, what is told is why it ended.
async fn connection(link: &Arc<Link>, target: Target) -> Result<String, String> {
    let Target { to, times } = target;
    let ears = Ears::default();
    let changed = Arc::clone(&ears.0);
    let late = |_| format!("it was not ready within {} s", times.connect.as_secs());
    let refused = |error: &dyn core::fmt::Display| format!("it does not speak the protocol: {error}");
    let service = match to {
        To::Program(start) => {
            let (running, pipes) = start
                .run()
                .map_err(|error| format!("`{}` can't be started: {error}", start.command))?;
            link.runs(running);
            let transport = spoken(pipes).map_err(|error| format!("its pipes can't be used: {error}"))?;
            let served = timeout(times.connect, ears.serve(transport)).await.map_err(late)?;
            served.map_err(|error| refused(&error))?
        }
        To::Address { client, url, headers } => {
            let config = StreamableHttpClientTransportConfig::with_uri(url)
                .custom_headers(headers)
                .max_sse_event_size(LARGEST)
                .max_json_response_size(LARGEST);
            let transport = StreamableHttpClientTransport::with_client(client, config);
            let served = timeout(times.connect, ears.serve(transport)).await.map_err(late)?;
            served.map_err(|error| refused(&error))?
        }
    };
    let peer = service.peer().clone();
    let listing = timeout(times.connect, listed(&peer)).await.map_err(late)??;
    let (sender, mut calls) = mpsc::unbounded_channel();
    link.opened(listing, sender);
    let mut end = std::pin::pin!(service.waiting());
    // One after the other, however often the server says so.
    let mut changes = std::pin::pin!(async {
        while !peer.is_transport_closed() {
            changed.notified().await;
            if let Ok(Ok(listing)) = timeout(times.connect, listed(&peer)).await {
                link.listed(listing);
            }
        }
    });
    loop {
        tokio::select! {
            _ = &mut end => return Ok("it ended".to_owned()),
            call = calls.recv() => match call {
                Some(call) => {
                    tokio::spawn(answered(peer.clone(), call, times.call));
                }
                None => return Ok("it is not used any more".to_owned()),
            },
            () = &mut changes => return Ok("it is not used any more".to_owned()),
        }
    }
}

type Spoken = AsyncRwTransport<RoleClient, pipe::Receiver, pipe::Sender>;

fn spoken(pipes: Pipes) -> io::Result<Spoken> {
    let input = pipe::Sender::from_owned_fd(pipes.input)?;
    let output = pipe::Receiver::from_owned_fd(pipes.output)?;
    let errors = pipe::Receiver::from_owned_fd(pipes.errors)?;
    tokio::spawn(logged(errors, pipes.log));
    Ok(AsyncRwTransport::new_client(output, input).with_max_line_length(LARGEST))
}

/// Copies what the server says on standard error. Beyond the limit it is read and let go: a full pipe would stop the server.
async fn logged(errors: pipe::Receiver, mut log: std::fs::File) {
    let mut room = LOGGED;
    let mut bytes = [0_u8; 4096];
    loop {
        if errors.readable().await.is_err() {
            return;
        }
        match errors.try_read(&mut bytes) {
            Ok(0) => return,
            Ok(read) => {
                let some = bytes.get(..read).unwrap_or_default();
                let fits = u64::try_from(read).unwrap_or(u64::MAX);
                if fits <= room {
                    room = room.saturating_sub(fits);
                    let _ = log.write_all(some);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// What the server has, page by page.
async fn listed(peer: &Peer<RoleClient>) -> Result<Listing, String> {
    let info = peer.peer_info();
    let mut listing = Listing::default();
    if let Some(info) = &info {
        listing.instructions = info.instructions.clone().unwrap_or_default();
        if let Some(about) = &info.server_info {
            listing.server = format!("{} {}", about.name, about.version);
        }
        if info.capabilities.tools.is_none() {
            return Ok(listing);
        }
    }
    let mut cursor = None;
    for _ in 0..PAGES {
        let asked = PaginatedRequestParams::default().with_cursor(cursor);
        let page = peer.list_tools(Some(asked)).await;
        let page = page.map_err(|error| format!("its tools can't be listed: {error}"))?;
        for tool in page.tools {
            if listing.tools.len() >= TOOLS {
                listing.cut = true;
                return Ok(listing);
            }
            listing.tools.push(Listed {
                name: tool.name.into_owned(),
                description: tool.description.unwrap_or_default().into_owned(),
                schema: tool.input_schema,
            });
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(listing);
        }
    }
    listing.cut = true;
    Ok(listing)
}

async fn answered(peer: Peer<RoleClient>, call: Call, longest: Duration) {
    let Call {
        tool,
        arguments,
        reply,
        cancel,
    } = call;
    let asked = CallToolRequestParams::new(tool).with_arguments(arguments);
    let request = ClientRequest::CallToolRequest(CallToolRequest::new(asked));
    let sent = peer
        .send_cancellable_request(request, PeerRequestOptions::no_options())
        .await;
    let mut handle = match sent {
        Ok(handle) => handle,
        Err(error) => {
            let _ = reply.send(Err(format!("the server could not be asked: {error}")));
            return;
        }
    };
    let why = tokio::select! {
        answer = &mut handle.rx => {
            let _ = reply.send(match answer {
                Ok(Ok(ServerResult::CallToolResult(result))) => Ok(result),
                Ok(Ok(_)) => Err("the server wants something in return that this session does not give".to_owned()),
                Ok(Err(error)) => Err(format!("the server says: {error}")),
                Err(_) => Err(GONE.to_owned()),
            });
            return;
        }
        _ = cancel => "a person stopped it",
        () = tokio::time::sleep(longest) => "it took too long",
    };
    let _ = handle.cancel(Some(why.to_owned())).await;
    let _ = reply.send(Err(format!("{why}; the server was told, and may have done some of it")));
}

/// What is said of a call whose server is gone.
pub(super) const GONE: &str = "the server ended while this ran. It is not known how far it got";
