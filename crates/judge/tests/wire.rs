//! The wire: requests as the vendors document them, and everything that can go wrong with an answer.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use placet_judge::{Asking, Cache, Deadline, Dialect, Http, KeySource, Price, Program, Question, ask};
use placet_model::{Decision, Judged};
use serde_json::{Value, json};
use support::question;

/// What the scripted server does with one request.
#[derive(Clone)]
enum Then {
    Answer(u16, String),
    AnswerWith(u16, &'static str, String),
    /// Says nothing for so long.
    Sleep(Duration),
    /// One byte at a time, for ever.
    Drip,
    /// Half of what it announced.
    Half(String),
    /// Nothing that is HTTP.
    Noise,
}

struct Server {
    url: String,
    requests: Arc<Mutex<Vec<(String, Value, Instant)>>>,
}

impl Server {
    fn new(script: Vec<Then>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for then in script {
                let Ok((stream, _)) = listener.accept() else { return };
                let seen = Arc::clone(&seen);
                serve(stream, &then, &seen);
            }
        });
        Self { url, requests }
    }

    fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

fn serve(mut stream: TcpStream, then: &Then, seen: &Mutex<Vec<(String, Value, Instant)>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = serde_json::from_slice(&body).unwrap();
    seen.lock().unwrap().push((head, body, Instant::now()));
    let answer = |code: u16, more: &str, length: usize, body: &str| {
        format!(
            "HTTP/1.1 {code} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{body}"
        )
    };
    let _ = match then {
        Then::Answer(code, body) => stream.write_all(answer(*code, "", body.len(), body).as_bytes()),
        Then::AnswerWith(code, more, body) => stream.write_all(answer(*code, more, body.len(), body).as_bytes()),
        Then::Sleep(time) => {
            thread::sleep(*time);
            Ok(())
        }
        Then::Drip => {
            let text = answer(200, "", 100_000, "");
            let mut sent = stream.write_all(text.as_bytes());
            while sent.is_ok() {
                thread::sleep(Duration::from_millis(20));
                sent = stream.write_all(b" ");
            }
            Ok(())
        }
        Then::Half(body) => stream.write_all(answer(200, "", body.len() * 2, body).as_bytes()),
        Then::Noise => stream.write_all(b"220 mail.example.com ready\r\n"),
    };
}

fn anthropic(text: &str, stop: &str) -> Then {
    Then::Answer(
        200,
        json!({"type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": text}], "stop_reason": stop,
               "usage": {"input_tokens": 20, "cache_read_input_tokens": 1000, "cache_creation_input_tokens": 0, "output_tokens": 7}})
        .to_string(),
    )
}

fn openai(text: &str, stop: &str) -> Then {
    Then::Answer(
        200,
        json!({"object": "chat.completion", "choices": [{"index": 0, "finish_reason": stop, "message": {"role": "assistant", "content": text, "refusal": null}}],
               "usage": {"prompt_tokens": 1020, "completion_tokens": 7, "total_tokens": 1027}})
        .to_string(),
    )
}

fn says(decision: &str, rule: &str, words: &str) -> String {
    json!({"thoughts": "t", "decision": decision, "rule": rule, "user_words": words, "reason": "because.", "instead": ""}).to_string()
}

fn asking() -> Asking {
    Asking {
        first: true,
        price: None,
        cache: None,
    }
}

fn asked(dialect: Dialect, server: &Server, question: &Question, time: Duration) -> Judged {
    let key = KeySource::Environment("PATH".to_owned())
        .key(&Deadline::after(time))
        .unwrap();
    let service = Http::new(dialect, Some(&server.url), "m", key).unwrap();
    ask(question, &service, &asking(), &Deadline::after(time))
}

const LONG: Duration = Duration::from_secs(20);

fn publish() -> Question {
    question("cargo publish", &["please publish it: `cargo publish`"])
}

#[test]
fn a_question_that_is_not_flagged_takes_one_token_and_one_request() {
    for (dialect, answer) in [
        (Dialect::Anthropic, anthropic("no", "max_tokens")),
        (Dialect::OpenAi, openai("No", "length")),
    ] {
        let server = Server::new(vec![answer]);
        let judged = asked(dialect, &server, &publish(), LONG);
        let opinion = judged.opinion.unwrap();
        assert_eq!(
            (opinion.decision, opinion.rule.as_str()),
            (Some(Decision::Allow), "not-flagged")
        );
        assert_eq!(
            (judged.record.stage, judged.record.tokens, judged.record.stages.len()),
            (1, 1027, 1)
        );
        let seen = server.requests.lock().unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].1["max_tokens"], 1);
    }
}

#[test]
fn requests_have_the_form_that_the_vendors_document() {
    let server = Server::new(vec![
        anthropic("yes", "max_tokens"),
        anthropic(&says("unsure", "none", ""), "end_turn"),
    ]);
    let judged = asked(Dialect::Anthropic, &server, &publish(), LONG);
    assert_eq!(judged.opinion.unwrap().decision, None);
    let seen = server.requests.lock().unwrap();
    let (head, first, _) = &seen[0];
    let head = head.to_ascii_lowercase();
    assert!(
        head.starts_with("post /v1/messages ")
            && head.contains("anthropic-version: 2023-06-01")
            && head.contains("x-api-key: "),
        "{head}"
    );
    assert_eq!(first["system"][0]["cache_control"]["type"], "ephemeral");
    assert_eq!(
        first["messages"][0]["content"][0], seen[1].1["messages"][0]["content"][0],
        "the same beginning"
    );
    assert_ne!(
        first["messages"][0]["content"][1],
        seen[1].1["messages"][0]["content"][1]
    );

    let server = Server::new(vec![
        openai("yes", "length"),
        openai(&says("deny", "publishing", ""), "stop"),
    ]);
    let judged = asked(Dialect::OpenAi, &server, &publish(), LONG);
    assert_eq!(judged.opinion.unwrap().decision, Some(Decision::Deny));
    assert_eq!(judged.record.stage, 2);
    let seen = server.requests.lock().unwrap();
    let head = seen[0].0.to_ascii_lowercase();
    assert!(
        head.starts_with("post /v1/chat/completions ") && head.contains("authorization: bearer "),
        "{head}"
    );
    assert!(seen[0].1.get("response_format").is_none());
    assert_eq!(seen[1].1["response_format"]["json_schema"]["strict"], true);
}

#[test]
fn an_allowance_in_the_face_of_a_rule_needs_words_that_the_user_wrote() {
    for (answer, expected) in [
        (says("allow", "publishing", "please publish it"), Some(Decision::Allow)),
        (says("allow", "none", ""), Some(Decision::Allow)),
        (says("allow", "publishing", ""), None),
        (
            says("allow", "publishing", "yes, go ahead and publish everything"),
            None,
        ),
        (says("allow", "none", "words that nobody wrote"), None),
        (says("allow", "publishing", "p"), None),
        (says("allow", "data-exfiltration", "please publish it"), None),
        (says("allow", "rule-of-my-own", "please publish it"), None),
        (says("deny", "rule-of-my-own", ""), Some(Decision::Deny)),
        (
            format!("```json\n{}\n```", says("deny", "publishing", "")),
            Some(Decision::Deny),
        ),
    ] {
        let server = Server::new(vec![openai("yes", "length"), openai(&answer, "stop")]);
        let judged = asked(Dialect::OpenAi, &server, &publish(), LONG);
        assert_eq!(judged.opinion.unwrap().decision, expected, "{answer}");
    }
}

#[test]
fn whatever_is_not_the_word_no_is_a_flag() {
    for word in [
        "yes",
        "",
        "no, it is fine",
        "nothing",
        "allow",
        "{\"decision\": \"allow\"}",
        "n",
        "maybe",
    ] {
        let server = Server::new(vec![openai(word, "stop"), openai(&says("unsure", "none", ""), "stop")]);
        let judged = asked(Dialect::OpenAi, &server, &publish(), LONG);
        assert_eq!(judged.opinion.unwrap().decision, None, "{word}");
        assert_eq!(server.count(), 2, "{word}");
    }
}

/// Every outage, as a script and what is said of it.
#[test]
fn an_outage_is_explained_and_never_an_opinion() {
    let flagged = || openai("yes", "length");
    let error = |code| Then::Answer(code, json!({"error": {"message": "that went wrong"}}).to_string());
    let drill = [
        (vec![error(401)], "status", "401: that went wrong"),
        (vec![error(400)], "status", "400"),
        (vec![error(503), error(503), error(503), error(503)], "status", "503"),
        (
            vec![Then::AnswerWith(
                302,
                "location: http://127.0.0.1:1/\r\n",
                String::new(),
            )],
            "status",
            "302",
        ),
        (
            vec![Then::AnswerWith(429, "retry-after: 3600\r\n", String::new())],
            "rate-limited",
            "3600 s",
        ),
        (vec![Then::Answer(200, "<html>".to_owned())], "malformed", "no JSON"),
        (
            vec![Then::Answer(200, "{}".to_owned())],
            "malformed",
            "no answer of a model",
        ),
        (
            vec![Then::Half("{\"choices\": [".to_owned())],
            "truncated",
            "ends in the middle",
        ),
        (
            vec![flagged(), openai("{\"decision\": \"allow\", \"rule\": \"no", "length")],
            "truncated",
            "ends in the middle",
        ),
        (
            vec![flagged(), openai("{\"decision\": \"allow\", \"rule\": \"no", "stop")],
            "truncated",
            "ends in the middle",
        ),
        (
            vec![flagged(), openai("Sure! I would allow it.", "stop")],
            "malformed",
            "no JSON object",
        ),
        (
            vec![
                flagged(),
                openai(
                    "{\"decision\": \"permit\", \"rule\": \"none\", \"reason\": \"x\"}",
                    "stop",
                ),
            ],
            "malformed",
            "unknown variant",
        ),
        (
            vec![
                flagged(),
                openai(
                    "{\"decision\": \"deny\", \"decision\": \"allow\", \"rule\": \"none\", \"reason\": \"x\"}",
                    "stop",
                ),
            ],
            "malformed",
            "duplicate field",
        ),
        (vec![flagged(), openai("", "content_filter")], "refused", "refused"),
        (vec![flagged(), openai("", "stop")], "malformed", "empty"),
    ];
    for (script, id, said) in drill {
        let server = Server::new(script);
        let judged = asked(Dialect::OpenAi, &server, &publish(), LONG);
        let why = judged.opinion.unwrap_err();
        assert!(why.contains(said), "{id}: {why}");
        let error = judged.record.error.unwrap();
        assert!(error.starts_with(&format!("{id}: ")), "{error}");
    }
    let server = Server::new(vec![anthropic("yes", "end_turn"), anthropic("", "refusal")]);
    let judged = asked(Dialect::Anthropic, &server, &publish(), LONG);
    assert!(judged.record.error.unwrap().starts_with("refused: "));
}

#[test]
fn a_server_that_is_down_or_speaks_another_protocol_is_unreachable() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", gone.local_addr().unwrap());
    drop(gone);
    let service = Http::new(Dialect::OpenAi, Some(&url), "m", None).unwrap();
    let judged = ask(
        &publish(),
        &service,
        &asking(),
        &Deadline::after(Duration::from_millis(900)),
    );
    assert!(judged.record.error.unwrap().starts_with("unreachable: "));
    let server = Server::new(vec![Then::Noise; 4]);
    let judged = asked(Dialect::OpenAi, &server, &publish(), Duration::from_millis(900));
    assert!(judged.record.error.unwrap().starts_with("unreachable: "));
}

#[test]
fn what_passes_is_tried_again_within_the_deadline() {
    let busy = || Then::Answer(529, "{}".to_owned());
    let server = Server::new(vec![
        busy(),
        Then::AnswerWith(429, "retry-after: 0\r\n", String::new()),
        openai("no", "stop"),
    ]);
    let judged = asked(Dialect::OpenAi, &server, &publish(), LONG);
    assert_eq!(judged.opinion.unwrap().decision, Some(Decision::Allow));
    assert_eq!(server.count(), 3);
    let server = Server::new(vec![busy(), busy(), busy(), busy(), openai("no", "stop")]);
    assert!(asked(Dialect::OpenAi, &server, &publish(), LONG).opinion.is_err());
    assert_eq!(server.count(), 4, "no more than four tries");
}

#[test]
fn one_deadline_holds_for_both_stages_and_no_try_begins_after_it() {
    let time = Duration::from_millis(400);
    let slow = Then::Sleep(Duration::from_secs(30));
    for (script, most) in [
        (vec![slow.clone()], 1),
        (vec![Then::Drip], 1),
        (vec![openai("yes", "length"), slow.clone()], 2),
        (vec![Then::Answer(503, String::new()), slow], 2),
    ] {
        let server = Server::new(script);
        let begun = Instant::now();
        let judged = asked(Dialect::OpenAi, &server, &publish(), time);
        let took = begun.elapsed();
        let error = judged.record.error.unwrap();
        assert!(
            error.starts_with("deadline: ") || error.starts_with("status: "),
            "{error}"
        );
        assert!(took < Duration::from_secs(15), "{took:?}");
        let seen = server.requests.lock().unwrap();
        assert!(seen.len() <= most, "{}", seen.len());
        assert!(
            seen.iter()
                .all(|(_, _, at)| *at < begun + time + Duration::from_secs(2))
        );
    }
}

#[test]
fn the_same_question_has_the_same_answer_for_as_long_as_it_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::new(vec![
        openai("yes", "length"),
        openai(&says("deny", "publishing", ""), "stop"),
        openai("no", "stop"),
    ]);
    let service = Http::new(Dialect::OpenAi, Some(&server.url), "m", None).unwrap();
    let kept = Asking {
        price: Some(Price {
            input: 100,
            output: 500,
        }),
        cache: Some(Cache::new(directory.path(), Duration::from_secs(600))),
        first: true,
    };
    let once = ask(&publish(), &service, &kept, &Deadline::after(LONG));
    let twice = ask(&publish(), &service, &kept, &Deadline::after(LONG));
    assert_eq!(once.opinion, twice.opinion);
    assert!(!once.record.cached && twice.record.cached);
    assert_eq!(
        (once.record.micro_dollars, twice.record.micro_dollars),
        (Some(2110), None)
    );
    assert_eq!(server.count(), 2);
    let other = ask(
        &question("cargo publish", &["please do not"]),
        &service,
        &kept,
        &Deadline::after(LONG),
    );
    assert_eq!(other.opinion.unwrap().rule, "not-flagged", "another question is asked");
    let expired = Asking {
        cache: Some(Cache::new(directory.path(), Duration::ZERO)),
        ..kept
    };
    let again = ask(
        &publish(),
        &service,
        &expired,
        &Deadline::after(Duration::from_millis(300)),
    );
    assert!(!again.record.cached);
}

#[test]
fn an_outage_is_not_kept() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::new(vec![Then::Answer(401, String::new()), openai("no", "stop")]);
    let service = Http::new(Dialect::OpenAi, Some(&server.url), "m", None).unwrap();
    let kept = Asking {
        cache: Some(Cache::new(directory.path(), LONG)),
        ..asking()
    };
    assert!(
        ask(&publish(), &service, &kept, &Deadline::after(LONG))
            .opinion
            .is_err()
    );
    assert!(ask(&publish(), &service, &kept, &Deadline::after(LONG)).opinion.is_ok());
}

#[cfg(unix)]
#[test]
fn any_program_can_serve_and_is_left_behind_at_the_deadline() {
    let program = |script: &str| Program::new(&["sh".to_owned(), "-c".to_owned(), script.to_owned()]).unwrap();
    let straight = Asking {
        first: false,
        ..asking()
    };
    let answer = says("deny", "publishing", "");
    let good = program(&format!(
        "cat > /dev/null; test \"$PLACET_INSIDE_JUDGE\" = 1 && printf '%s' '{answer}'"
    ));
    let judged = ask(&publish(), &good, &straight, &Deadline::after(LONG));
    assert_eq!(judged.opinion.unwrap().decision, Some(Decision::Deny));
    for (script, id) in [
        ("exit 3", "program"),
        ("echo hello", "malformed"),
        ("sleep 30", "deadline"),
        ("sleep 30 & wait", "deadline"),
    ] {
        let judged = ask(
            &publish(),
            &program(script),
            &straight,
            &Deadline::after(Duration::from_millis(500)),
        );
        let error = judged.record.error.unwrap();
        assert!(error.starts_with(id), "{script}: {error}");
    }
    let missing = Program::new(&["/no/such/program".to_owned()]).unwrap();
    assert!(
        ask(&publish(), &missing, &straight, &Deadline::after(LONG))
            .opinion
            .is_err()
    );
}

#[test]
fn a_key_is_never_shown_and_never_sent_in_the_clear() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key");
    std::fs::write(&file, "sesame-open\n").unwrap();
    let deadline = Deadline::after(LONG);
    let key = KeySource::File(file.to_str().unwrap().to_owned())
        .key(&deadline)
        .unwrap();
    assert!(!format!("{key:?}").contains("sesame"));
    let service = Http::new(Dialect::OpenAi, Some("https://models.example.com/v1"), "m", key.clone()).unwrap();
    assert!(!format!("{service:?}").contains("sesame"));
    for url in [
        "http://models.example.com/v1",
        "http://127.0.0.1.example.com/v1",
        "ftp://x/v1",
        "https://u:p@x/v1",
        "https://",
    ] {
        assert!(
            Http::new(Dialect::OpenAi, Some(url), "m", key.clone()).is_err(),
            "{url}"
        );
    }
    for source in [
        KeySource::File("/no/such/file".to_owned()),
        KeySource::File("/".to_owned()),
        KeySource::Environment("PLACET_NO_SUCH_VARIABLE".to_owned()),
        KeySource::Program(vec!["/no/such/program".to_owned()]),
    ] {
        assert!(
            source
                .key(&deadline)
                .unwrap_err()
                .to_string()
                .contains("key can't be had")
        );
    }
}
