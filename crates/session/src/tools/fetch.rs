//! WebFetch: one page as text. Each hop of a redirect is decided anew, and a name that leads to a private address needs a
//! person's word. What is connected to is what was looked at: the name is resolved once.

use std::io::Read;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::{Bench, Outcome, Running, shell, text};
use crate::conversation::ToolCall;

/// Redirects that are followed.
const HOPS: usize = 8;
/// As much of a page is read.
const LARGEST: u64 = 8 << 20;
/// As much of it is shown.
const SHOWN: usize = 48 << 10;
const SECONDS: u64 = 30;

/// Who decides about hops.
pub(crate) trait Hops {
    /// Whether this redirect may be followed.
    ///
    /// # Errors
    /// It may not, for the reason given.
    fn follow(&self, url: &str) -> Result<(), String>;

    /// Whether this host may be asked although its address is private.
    ///
    /// # Errors
    /// It may not, for the reason given.
    fn private(&self, host: &str, address: IpAddr) -> Result<(), String>;
}

/// What one request yielded.
enum Hop {
    Redirect(String),
    /// A page: its status, its media type, and its content as far as it was read.
    Page {
        status: u16,
        kind: String,
        body: Vec<u8>,
    },
}

pub(super) fn run(bench: &Bench, call: &ToolCall, running: &Running<'_>) -> Result<Outcome, String> {
    let mut url = call.text("url").ok_or("`url` is missing")?.to_owned();
    for hop in 0..=HOPS {
        if hop > 0 {
            running.hops.follow(&url)?;
        }
        let addresses = addresses(&url, running.hops)?;
        match one(&url, addresses, running)? {
            Hop::Redirect(to) => url = joined(&url, &to)?,
            Hop::Page { status, kind, body } => return page(bench, &url, status, &kind, &body),
        }
    }
    Err(format!("more than {HOPS} redirects"))
}

/// One request, in a thread of its own so that a person can end it at once.
fn one(url: &str, addresses: Vec<SocketAddr>, running: &Running<'_>) -> Result<Hop, String> {
    let (sender, receiver) = mpsc::channel();
    let url = url.to_owned();
    thread::spawn(move || sender.send(request(&url, addresses)));
    loop {
        match receiver.recv_timeout(Duration::from_millis(20)) {
            Ok(hop) => return hop,
            Err(RecvTimeoutError::Timeout) if running.stop.is_wanted() => return Err("a person stopped it".to_owned()),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("the request failed".to_owned()),
        }
    }
}

fn request(url: &str, addresses: Vec<SocketAddr>) -> Result<Hop, String> {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(SECONDS)))
        .timeout_connect(Some(Duration::from_secs(10)))
        .user_agent("placet")
        .build();
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), Known(addresses));
    let mut response = agent.get(url).call().map_err(|error| format!("`{url}`: {error}"))?;
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let status = response.status().as_u16();
    if (300..400).contains(&status)
        && let Some(to) = header("location")
    {
        return Ok(Hop::Redirect(to));
    }
    let kind = header("content-type").unwrap_or_default();
    let mut body = Vec::new();
    response
        .body_mut()
        .as_reader()
        .take(LARGEST)
        .read_to_end(&mut body)
        .map_err(|error| format!("`{url}`: {error}"))?;
    Ok(Hop::Page { status, kind, body })
}

fn page(bench: &Bench, url: &str, status: u16, kind: &str, body: &[u8]) -> Result<Outcome, String> {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let readable = kind.is_empty()
        || kind.starts_with("text/")
        || ["json", "xml", "javascript", "yaml", "toml"]
            .iter()
            .any(|part| kind.contains(part));
    if !readable || body.contains(&0) {
        return Ok(Outcome::done(format!(
            "[{url}: {} bytes of {kind}, which is no text; not shown]",
            body.len()
        )));
    }
    let raw = String::from_utf8_lossy(body).into_owned();
    let content = if kind.contains("html") { markdown(&raw)? } else { raw };
    let (shown, more) = text::cut(&content, SHOWN);
    let mut text = format!("{url} (status {status})\n\n{shown}\n");
    if more {
        let rest = shell::output_file(&bench.scratch)?;
        std::fs::write(&rest, &content).map_err(|error| text::said(&rest, &error))?;
        text.push_str(&format!(
            "[cut; all {} bytes are in {}]\n",
            content.len(),
            rest.display()
        ));
    }
    Ok(Outcome {
        text,
        failed: status >= 400,
        changed: Vec::new(),
    })
}

/// What a page says, without what only browsers use.
fn markdown(html: &str) -> Result<String, String> {
    htmd::HtmlToMarkdown::builder()
        .skip_tags(vec!["script", "style", "noscript", "svg", "iframe", "template"])
        .build()
        .convert(html)
        .map_err(|error| format!("the page can't be read: {error}"))
}

/// The addresses of the URL's host. Those that are not public have to be let through by a person.
pub(crate) fn addresses(url: &str, hops: &dyn Hops) -> Result<Vec<SocketAddr>, String> {
    let uri: Uri = url.parse().map_err(|_| format!("`{url}` is no address"))?;
    let port = match uri.scheme_str() {
        Some("http") => 80,
        Some("https") => 443,
        _ => return Err(format!("`{url}`: only http and https are fetched")),
    };
    let host = uri.host().ok_or_else(|| format!("`{url}` names no host"))?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> = (bare, uri.port_u16().unwrap_or(port))
        .to_socket_addrs()
        .map_err(|error| format!("`{host}`: {error}"))?
        .collect();
    // This machine by its own name was judged as that.
    let names_itself =
        bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if let Some(private) = found.iter().find(|address| !is_public(address.ip()))
        && !(names_itself && found.iter().all(|address| address.ip().is_loopback()))
    {
        hops.private(host, private.ip())?;
    }
    if found.is_empty() {
        return Err(format!("`{host}` has no address"));
    }
    Ok(found)
}

/// Whether anybody on the Internet could have this address.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || (a == 192 && b == 0))
        }
        IpAddr::V6(ip) => match within_v6(ip) {
            Some(inner) => is_public(inner),
            None => {
                let [first, ..] = ip.segments();
                !(ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_multicast()
                    || (first & 0xfe00) == 0xfc00
                    || (first & 0xffc0) == 0xfe80)
            }
        },
    }
}

/// The IPv4 address that an IPv6 one stands for: mapped, translated (64:ff9b::/96), or 6to4.
fn within_v6(ip: Ipv6Addr) -> Option<IpAddr> {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return Some(IpAddr::V4(inner));
    }
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::from([a, b, c, d])
    };
    match (a, b, c, d, e, f) {
        (0x64, 0xff9b, 0, 0, 0, 0) => Some(v4(g, h)),
        (0x2002, high, low, ..) => Some(v4(high, low)),
        _ => None,
    }
}

/// Where a redirect leads.
fn joined(from: &str, to: &str) -> Result<String, String> {
    let to = to.split('#').next().unwrap_or_default();
    let (scheme, rest) = from
        .split_once("://")
        .ok_or_else(|| format!("`{from}` is no address"))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if to.contains("://") {
        return Ok(to.to_owned());
    }
    if let Some(other) = to.strip_prefix("//") {
        return Ok(format!("{scheme}://{other}"));
    }
    if to.starts_with('/') {
        return Ok(format!("{scheme}://{authority}{to}"));
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    Ok(format!("{scheme}://{authority}{directory}/{to}"))
}

/// Addresses that were looked at.
#[derive(Debug)]
pub(crate) struct Known(pub(crate) Vec<SocketAddr>);

impl Resolver for Known {
    fn resolve(&self, _: &Uri, _: &ureq::config::Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut all = self.empty();
        for address in self.0.iter().take(8) {
            all.push(*address);
        }
        if self.0.is_empty() {
            return Err(ureq::Error::HostNotFound);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_public, joined, markdown};

    #[test]
    fn private_addresses_are_known_in_every_dress() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "255.255.255.255",
        ];
        for address in private {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_redirect_leads_where_a_browser_would_go() {
        let from = "https://a.example:8443/x/y?q=1";
        for (to, there) in [
            ("http://b.example/", "http://b.example/"),
            ("//b.example/z", "https://b.example/z"),
            ("/z", "https://a.example:8443/z"),
            ("z?p#f", "https://a.example:8443/x/z?p"),
        ] {
            assert_eq!(joined(from, to).unwrap(), there);
        }
        assert_eq!(joined("http://a.example", "z").unwrap(), "http://a.example/z");
    }

    #[test]
    fn a_page_becomes_markdown_without_scripts() {
        let text = markdown("<h1>Title</h1><script>steal()</script><p>Read <a href='/x'>this</a>.</p>").unwrap();
        assert!(text.contains("# Title") && text.contains("[this](/x)"), "{text}");
        assert!(!text.contains("steal"), "{text}");
    }
}
