//! Models behind HTTP, against a server of our own on this machine: what they are sent, what is made of what comes, and every way
//! in which it can go wrong.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use common::{Scratch, go, results};
use placet_session::{Ending, Http, Message, Model, ModelError, Reply, Request, Session, Stop, Vendor};
use serde_json::{Value, json};

/// Answers one connection after the other with these bytes; what was asked comes through the channel.
fn serve(answers: Vec<String>) -> (String, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let _ = sender.send((head, serde_json::from_slice(&body).unwrap()));
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, receiver)
}

fn stream(events: &[Value]) -> String {
    let data: String = events
        .iter()
        .map(|event| format!("event: x\ndata: {event}\n\n"))
        .collect();
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{data}")
}

fn status(code: u16, more: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {code} Status\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{more}connection: \
         close\r\n\r\n{body}",
        body.len()
    )
}

fn anthropic_events(text: &str, calls: &[(&str, &str, &[&str])]) -> Vec<Value> {
    let mut events = vec![
        json!({"type": "message_start", "message": {"usage": {"input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}),
        json!({"type": "content_block_stop", "index": 0}),
    ];
    for (index, (id, tool, pieces)) in calls.iter().enumerate() {
        let index = index + 1;
        events.push(json!({"type": "content_block_start", "index": index, "content_block": {"type": "tool_use", "id": id, "name": tool, "input": {}}}));
        for piece in *pieces {
            events.push(json!({"type": "content_block_delta", "index": index, "delta": {"type": "input_json_delta", "partial_json": piece}}));
        }
    }
    events.push(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}}));
    events.push(json!({"type": "message_stop"}));
    events
}

fn openai_events(parts: &[Value]) -> String {
    let mut text = stream(
        &parts
            .iter()
            .map(|delta| json!({"choices": [{"index": 0, "delta": delta}]}))
            .collect::<Vec<_>>(),
    );
    text.push_str("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n");
    text
}

fn http(vendor: Vendor, url: &str, key: Option<&str>) -> Http {
    Http::new(vendor, Some(url), "some-model", key.map(str::to_owned))
        .unwrap()
        .with_pause(Duration::from_millis(1))
}

fn ask(vendor: Vendor, url: &str) -> (Result<Reply, ModelError>, String) {
    let mut said = String::new();
    let request = Request {
        system: "be brief",
        messages: &[Message::User("hello".to_owned())],
        tools: &[],
        stop: &Stop::default(),
    };
    let reply = http(vendor, url, Some("key-of-test")).reply(&request, &mut |piece| said.push_str(piece));
    (reply, said)
}

#[test]
fn an_anthropic_stream_becomes_text_and_calls_and_a_whole_session_runs_on_it() {
    let first = anthropic_events(
        "I look.",
        &[("t1", "Read", &["{\"path\": \"a.t", "xt\"}"]), ("t2", "LS", &[])],
    );
    let (url, asked) = serve(vec![stream(&first), stream(&anthropic_events("All done.", &[]))]);
    let scratch = Scratch::new();
    scratch.write("a.txt", "content");
    let model = http(Vendor::Anthropic, &url, Some("key-of-test"));
    let mut session = Session::open(&scratch.options, Box::new(model)).unwrap();
    assert_eq!(
        go(&mut session, Some("look"), None),
        Ending::Done("All done.".to_owned())
    );
    assert_eq!(results(session.messages())[0].text, "     1\tcontent\n");
    assert_eq!(session.spent().input, 30);
    let (head, body) = asked.recv().unwrap();
    assert!(
        head.starts_with("POST /v1/messages ") && head.contains("key-of-test"),
        "{head}"
    );
    assert_eq!(body["stream"], true);
    assert_eq!(body["messages"][0]["content"][0]["text"], "look");
    assert!(body["tools"].as_array().unwrap().len() > 10);
    let (_, body) = asked.recv().unwrap();
    let content = &body["messages"][2]["content"];
    assert_eq!(
        (&content[0]["type"], &content[0]["tool_use_id"]),
        (&json!("tool_result"), &json!("t1"))
    );
    assert_eq!(content.as_array().unwrap().len(), 2);
    assert_eq!(body["messages"][1]["content"][1]["input"], json!({"path": "a.txt"}));
}

#[test]
fn an_openai_stream_with_calls_in_pieces_becomes_the_same() {
    let events = openai_events(&[
        json!({"role": "assistant", "content": "Look"}),
        json!({"content": "ing."}),
        json!({"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "Read", "arguments": ""}}]}),
        json!({"tool_calls": [{"index": 1, "id": "c2", "function": {"name": "LS", "arguments": "{}"}}]}),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"path\":"}}]}),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "\"b\"}"}}]}),
    ]);
    let (url, asked) = serve(vec![events]);
    let (reply, said) = ask(Vendor::OpenAi, &url);
    let reply = reply.unwrap();
    assert_eq!((said.as_str(), reply.text.as_str()), ("Looking.", "Looking."));
    assert_eq!(reply.calls[0].input["path"], "b");
    assert_eq!(reply.calls[1].tool, "LS");
    assert_eq!((reply.usage.input, reply.usage.output), (7, 3));
    let (head, body) = asked.recv().unwrap();
    assert!(head.starts_with("POST /v1/chat/completions ") && head.contains("Bearer key-of-test"));
    assert_eq!(body["messages"][0], json!({"role": "system", "content": "be brief"}));
}

#[test]
fn what_passes_is_tried_again_and_what_does_not_is_not() {
    let done = stream(&anthropic_events("fine", &[]));
    let cut: String = done.chars().take(done.len() / 2).collect();
    let (url, asked) = serve(vec![
        status(529, "", "{\"error\":{\"message\":\"overloaded\"}}"),
        status(429, "retry-after: 0\r\n", "{}"),
        cut,
        done,
    ]);
    assert_eq!(ask(Vendor::Anthropic, &url).0.unwrap().text, "fine");
    assert_eq!(asked.try_iter().count(), 4);
    let (url, asked) = serve(vec![status(401, "", "{\"error\":{\"message\":\"bad key\"}}")]);
    let (reply, _) = ask(Vendor::Anthropic, &url);
    assert!(
        matches!(&reply, Err(ModelError::Status { code: 401, said, .. }) if said == "bad key"),
        "{reply:?}"
    );
    assert_eq!(asked.try_iter().count(), 1);
}

#[test]
fn a_service_that_is_not_there_is_said_to_be_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    assert!(matches!(ask(Vendor::OpenAi, &url).0, Err(ModelError::Unreachable(_))));
}

#[test]
fn a_redirect_is_not_followed_so_the_key_goes_nowhere_else() {
    let (other, reached) = serve(vec![status(200, "", "{}")]);
    let (url, _asked) = serve(vec![status(302, &format!("location: {other}\r\n"), "{}")]);
    let (reply, _) = ask(Vendor::OpenAi, &url);
    assert!(matches!(reply, Err(ModelError::Status { code: 302, .. })), "{reply:?}");
    assert!(reached.try_recv().is_err());
}

#[test]
fn nonsense_is_an_error_or_a_call_that_is_refused_and_never_a_crash() {
    let ok = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
    for answer in [
        format!("{ok}content-type: text/event-stream\r\n\r\ndata: {{not json\n\n"),
        format!("{ok}content-type: text/html\r\n\r\n<html>hello</html>"),
        format!("{ok}content-type: application/json\r\n\r\n[1, 2]"),
        format!(
            "{ok}content-type: text/event-stream\r\n\r\ndata: {{\"choices\":[{{\"delta\":{{}}}}]}}\n\ndata: [DONE]\n\n"
        ),
        format!("{ok}content-type: text/event-stream\r\n\r\ndata: {{\"error\":{{\"message\":\"boom\"}}}}\n\n"),
    ] {
        let (url, _asked) = serve(vec![answer.clone()]);
        let (reply, _) = ask(Vendor::OpenAi, &url);
        assert!(matches!(reply, Err(ModelError::Nonsense(_))), "{answer}: {reply:?}");
    }
    let scratch = Scratch::new();
    let calls = json!({"tool_calls": [
        {"index": 0, "id": "", "function": {"name": "Bash", "arguments": "{\"command\": \"ls"}},
        {"index": 1, "id": "", "function": {"name": "Explode", "arguments": "{}"}},
        {"index": 2, "id": "", "function": {"name": "", "arguments": "[]"}}]});
    let (url, _asked) = serve(vec![
        openai_events(&[calls]),
        openai_events(&[json!({"content": "sorry"})]),
    ]);
    let mut session = Session::open(&scratch.options, Box::new(http(Vendor::OpenAi, &url, None))).unwrap();
    assert_eq!(go(&mut session, Some("go"), None), Ending::Done("sorry".to_owned()));
    let results = results(session.messages());
    assert_eq!(results.len(), 3);
    assert!(results.iter().all(|result| result.failed), "{results:?}");
    let ids: std::collections::BTreeSet<&str> = results.iter().map(|result| result.call.as_str()).collect();
    assert_eq!(ids.len(), 3, "each call has an id of its own");
}

#[test]
fn a_server_that_does_not_stream_is_understood_too() {
    let answer = json!({"choices": [{"message": {"content": "whole", "tool_calls": [
        {"id": "c", "function": {"name": "LS", "arguments": {"path": "."}}}]}}], "usage": {"prompt_tokens": 1, "completion_tokens": 2}});
    let (url, _asked) = serve(vec![status(200, "", &answer.to_string())]);
    let reply = ask(Vendor::OpenAi, &url).0.unwrap();
    assert_eq!((reply.text.as_str(), reply.calls[0].tool.as_str()), ("whole", "LS"));
    assert_eq!(reply.calls[0].input["path"], ".");
}

#[test]
fn a_call_that_the_limit_of_length_cut_off_is_not_made() {
    let mut events = anthropic_events(
        "Writing.",
        &[("t1", "Write", &["{\"path\": \"a\", \"content\": \"half of"])],
    );
    let at = events.len() - 2;
    events[at] =
        json!({"type": "message_delta", "delta": {"stop_reason": "max_tokens"}, "usage": {"output_tokens": 9}});
    let (url, _asked) = serve(vec![stream(&events)]);
    let reply = ask(Vendor::Anthropic, &url).0.unwrap();
    assert!(
        reply.calls.is_empty() && reply.text.contains("limit of length"),
        "{reply:?}"
    );
}

#[test]
fn a_service_that_says_nothing_keeps_nobody_from_stopping() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let stop = Stop::default();
    let wish = stop.clone();
    let hold = thread::spawn(move || {
        let connection = listener.accept().unwrap();
        wish.now();
        connection
    });
    let request = Request {
        system: "",
        messages: &[Message::User("hello".to_owned())],
        tools: &[],
        stop: &stop,
    };
    let reply = http(Vendor::OpenAi, &url, None).reply(&request, &mut |_| {});
    assert_eq!(reply, Err(ModelError::Stopped));
    drop(hold.join().unwrap());
}

#[test]
fn a_conversation_that_is_too_long_makes_room_and_goes_on() {
    let too_long = status(
        400,
        "",
        "{\"error\":{\"message\":\"prompt is too long: 300000 tokens\"}}",
    );
    let mut answers: Vec<String> = (0..8)
        .map(|n| stream(&anthropic_events("step", &[(format!("t{n}").as_str(), "LS", &[])])))
        .collect();
    answers.push(too_long);
    answers.push(stream(&anthropic_events("done", &[])));
    let (url, asked) = serve(answers);
    let scratch = Scratch::new();
    let model = http(Vendor::Anthropic, &url, None);
    let mut session = Session::open(&scratch.options, Box::new(model)).unwrap();
    assert_eq!(
        go(&mut session, Some("never push"), None),
        Ending::Done("done".to_owned())
    );
    let bodies: Vec<Value> = asked.try_iter().map(|(_, body)| body).collect();
    let last = bodies.last().unwrap().to_string();
    assert!(last.len() < bodies[bodies.len() - 2].to_string().len());
    assert!(last.contains("never push"));
}

#[test]
fn a_key_is_not_shown_and_not_sent_in_the_clear() {
    let model = Http::new(Vendor::Anthropic, None, "m", Some("very-secret".to_owned())).unwrap();
    assert!(!format!("{model:?}").contains("very-secret"));
    assert!(
        Http::new(
            Vendor::OpenAi,
            Some("http://models.example/v1"),
            "m",
            Some("k".to_owned())
        )
        .is_err()
    );
    assert!(Http::new(Vendor::OpenAi, Some("http://models.example/v1"), "m", None).is_ok());
    assert!(Http::new(Vendor::OpenAi, Some("https://user:pw@models.example"), "m", None).is_err());
}
