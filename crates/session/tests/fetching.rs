//! WebFetch against a server of our own on this machine: pages, redirects, and where they must not lead.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use common::{Scratch, call};
use serde_json::json;

/// Answers each path with what is said here; the paths that were asked come through the channel.
fn serve(answers: &'static [(&'static str, &'static str)]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap())
                .lines()
                .map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            let _ = lines.take_while(|line| !line.is_empty()).count();
            let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
            let found = answers.iter().find(|(name, _)| *name == path);
            let answer = found.map_or("HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", |(_, answer)| answer);
            let _ = sender.send(path);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, receiver)
}

#[test]
fn a_page_comes_as_markdown_other_text_as_it_is_and_the_rest_is_named() {
    let (url, _asked) = serve(&[
        (
            "/page",
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<h1>Hello</h1><script>x()</script><p>A <b>bold</b> word",
        ),
        (
            "/data",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"a\": 1}",
        ),
        (
            "/picture",
            "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\nconnection: close\r\n\r\n\u{1}\u{2}",
        ),
        (
            "/from",
            "HTTP/1.1 302 Found\r\nlocation: data\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            "/circle",
            "HTTP/1.1 302 Found\r\nlocation: /circle\r\ncontent-length: 0\r\n\r\n",
        ),
    ]);
    let fetch = |path: &str| call("WebFetch", json!({"url": format!("{url}{path}")}));
    let ran = Scratch::new().run(&[
        fetch("/page"),
        fetch("/data"),
        fetch("/picture"),
        fetch("/from"),
        fetch("/circle"),
        fetch("/missing"),
        call("WebFetch", json!({"url": "ftp://127.0.0.1/x"})),
    ]);
    assert!(
        ran.text(0).contains("# Hello") && ran.text(0).contains("**bold**"),
        "{}",
        ran.text(0)
    );
    assert!(!ran.text(0).contains("x()"));
    assert!(ran.text(1).contains("{\"a\": 1}"));
    assert!(ran.text(2).contains("image/png, which is no text"), "{}", ran.text(2));
    assert!(ran.text(3).contains("{\"a\": 1}"), "{}", ran.text(3));
    assert!(ran.text(4).contains("more than 8 redirects"), "{}", ran.text(4));
    assert!(
        ran.results[5].failed && ran.text(5).contains("status 404"),
        "{}",
        ran.text(5)
    );
    assert!(ran.results[6].failed);
}

#[test]
fn a_redirect_to_where_the_call_itself_would_not_be_allowed_is_not_followed() {
    let (url, asked) = serve(&[
        (
            "/away",
            "HTTP/1.1 302 Found\r\nlocation: https://collector-of-things.io/?take=this\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            "/inside",
            "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/meta-data/\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            "/file",
            "HTTP/1.1 302 Found\r\nlocation: file:///etc/hostname\r\ncontent-length: 0\r\n\r\n",
        ),
    ]);
    let fetch = |path: &str| call("WebFetch", json!({"url": format!("{url}{path}")}));
    let scratch = Scratch::new();
    let ran = scratch.run(&[fetch("/away"), fetch("/inside"), fetch("/file")]);
    assert!(ran.results.iter().all(|result| result.failed), "{:?}", ran.results);
    assert!(ran.text(0).contains("which was not followed"), "{}", ran.text(0));
    assert_eq!(asked.try_iter().count(), 3);
    let log = std::fs::read_to_string(scratch.log()).unwrap();
    assert!(
        log.contains("collector-of-things.io"),
        "each hop has a record of its own"
    );
}

#[test]
fn a_private_address_takes_a_person_or_a_trusted_host() {
    let mut scratch = Scratch::new();
    let settings = scratch.root.path().join("policy.toml");
    std::fs::write(&settings, "[[rule]]\ndecision = 'allow'\neffect = 'fetch'\n").unwrap();
    scratch.options.settings = Some(settings);
    let fetch = call("WebFetch", json!({"url": "http://[::ffff:169.254.169.254]/latest/"}));
    let ran = scratch.run(&[fetch]);
    assert!(ran.results[0].failed);
    assert!(ran.text(0).contains("private address"), "{}", ran.text(0));
}
