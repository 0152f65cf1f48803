//! The wire: requests as the vendors document them, and everything that can go wrong with an answer.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use placet_judge::{Asking, Cache, Deadline, Dialect, Http, KeySource, Price, Program, Question, ask};
use placet_model::{Decision, Judged};
use serde_json::json;
use support::question;
use support::server::{Server, Then, anthropic, openai, says};

fn asking() -> Asking {
    Asking {
        first: true,
        price: None,
        cache: None,
    }
}

fn asked(dialect: Dialect, server: &Server, question: &Question, time: Duration) -> Judged {
    let key = KeySource::Environment("CARGO_PKG_NAME".to_owned())
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
fn a_server_that_knows_no_schema_is_asked_in_another_way() {
    let unknown = |code| {
        Then::Answer(
            code,
            json!({"error": {"message": "response_format is not known"}}).to_string(),
        )
    };
    let answer = || openai(&says("deny", "publishing", ""), "stop");
    for (script, formats) in [
        (vec![answer()], vec!["json_schema"]),
        (vec![unknown(422), answer()], vec!["json_schema", "json_object"]),
        (vec![unknown(500), answer()], vec!["json_schema", "json_object"]),
        (
            vec![unknown(400), unknown(400), answer()],
            vec!["json_schema", "json_object", "none"],
        ),
    ] {
        let server = Server::new([vec![openai("yes", "length")], script].concat());
        let judged = asked(Dialect::OpenAi, &server, &publish(), LONG);
        assert_eq!(judged.opinion.unwrap().decision, Some(Decision::Deny));
        let seen = server.requests.lock().unwrap();
        let asked: Vec<&str> = seen[1..]
            .iter()
            .map(|(_, body, _)| body["response_format"]["type"].as_str().unwrap_or("none"))
            .collect();
        assert_eq!(asked, formats);
    }
    let server = Server::new(vec![openai("yes", "length"), unknown(400), unknown(400), unknown(400)]);
    let judged = asked(Dialect::OpenAi, &server, &publish(), LONG);
    assert!(judged.record.error.unwrap().starts_with("status: "));
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
fn a_kept_answer_to_another_question_or_half_a_one_counts_for_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let kept = Asking {
        cache: Some(Cache::new(directory.path(), Duration::from_secs(600))),
        ..asking()
    };
    let server = Server::new(vec![openai("no", "stop"); 5]);
    let service = Http::new(Dialect::OpenAi, Some(&server.url), "m", None).unwrap();
    let files = || {
        let entries = std::fs::read_dir(directory.path()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let asked = |question: &Question| ask(question, &service, &kept, &Deadline::after(LONG)).record.cached;
    let (one, other) = (
        question("cargo publish", &["publish it"]),
        question("cargo yank", &["publish it"]),
    );
    assert!(!asked(&one));
    let first = files().pop().unwrap();
    assert!(!asked(&other));
    let second = files().into_iter().find(|file| *file != first).unwrap();
    assert!(asked(&other));
    std::fs::copy(&first, &second).unwrap();
    assert!(!asked(&other), "it is the answer to another question");
    let text = std::fs::read_to_string(&second).unwrap();
    std::fs::write(&second, text.get(..text.len() / 2).unwrap()).unwrap();
    assert!(!asked(&other), "half of it");
    std::fs::write(&second, text.replace("\"allow\"", "\"always\"")).unwrap();
    assert!(!asked(&other), "no decision");
    assert_eq!(server.count(), 5);
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
fn a_key_that_a_service_says_back_is_not_kept() {
    let key = |text: &str| {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        std::fs::write(&file, text).unwrap();
        KeySource::File(file.to_str().unwrap().to_owned()).key(&Deadline::after(LONG))
    };
    let secret = "sesame-open-0123456789";
    let error = json!({"error": {"message": format!("{} {secret} is no key of ours", "x".repeat(150))}}).to_string();
    let said = says("deny", "publishing", "").replace("because.", &format!("because of {secret}"));
    for script in [
        vec![Then::Answer(401, error)],
        vec![openai("yes", "length"), openai(&said, "stop")],
    ] {
        let server = Server::new(script);
        let service = Http::new(Dialect::OpenAi, Some(&server.url), "m", key(secret).unwrap()).unwrap();
        let judged = ask(&publish(), &service, &asking(), &Deadline::after(LONG));
        assert!(server.requests.lock().unwrap()[0].0.contains(secret), "it was sent");
        assert!(!format!("{judged:?}").contains("sesame"), "{judged:?}");
    }
    for broken in ["a b", "a\nb: c", "k\u{e9}y", "", &"x".repeat(20_000)] {
        assert!(key(broken).is_err(), "{broken:?}");
    }
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
