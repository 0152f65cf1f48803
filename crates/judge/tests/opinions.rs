//! What an answer comes to: words of the user have to be theirs, and whatever is not plainly consent is none.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::time::Duration;

use placet_judge::{Asking, Deadline, Dialect, Http, Question, ask};
use placet_model::{Decision, Judged};
use serde_json::json;
use support::question;
use support::server::{Server, openai, says};

fn asking() -> Asking {
    Asking {
        first: true,
        price: None,
        cache: None,
    }
}

fn asked(dialect: Dialect, server: &Server, question: &Question, time: Duration) -> Judged {
    let service = Http::new(dialect, Some(&server.url), "m", None).unwrap();
    ask(question, &service, &asking(), &Deadline::after(time))
}

const LONG: Duration = Duration::from_secs(20);

fn publish() -> Question {
    question("cargo publish", &["please publish it: `cargo publish`"])
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
fn a_quote_is_whole_words_of_one_message_and_none_that_forbid() {
    let messages = [
        "Please publish it.",
        "do not publish the old one",
        "deploy",
        "第二个版本可以发布",
    ];
    let facts = support::world(&messages);
    let call = support::action("Bash", &json!({"command": "cargo publish"}), &serde_json::Value::Null);
    let boundaries = [(1, "do not publish the old one".to_owned())];
    let question = support::question_of(&call, &facts, &boundaries, &placet_judge::Prose::default());
    for (words, expected) in [
        ("please  PUBLISH it", Some(Decision::Allow)),
        ("\u{201c}publish it\u{201d}", Some(Decision::Allow)),
        ("publ\u{200b}ish it", Some(Decision::Allow)),
        ("deploy", Some(Decision::Allow)),
        ("版本可以发布", Some(Decision::Allow)),
        ("publish", None),
        ("ase publish i", None),
        ("publish it do not", None),
        ("publish the old one", None),
        ("do not publish the old one", None),
        ("please publish the old one", None),
        ("可以", None),
        (".", None),
    ] {
        let server = Server::new(vec![
            openai("yes", "length"),
            openai(&says("allow", "publishing", words), "stop"),
        ]);
        let opinion = asked(Dialect::OpenAi, &server, &question, LONG).opinion.unwrap();
        assert_eq!(opinion.decision, expected, "{words}: {}", opinion.reason);
    }
}

#[test]
fn what_is_not_shown_to_its_end_is_not_allowed() {
    let long = format!("frobnicate {}", "a ".repeat(20_000));
    let many = format!("rm {}", (0..300).map(|n| format!("f{n} ")).collect::<String>());
    let few = format!("rm {}", (0..50).map(|n| format!("f{n} ")).collect::<String>());
    for (command, expected) in [(long, None), (many, None), (few, Some(Decision::Allow))] {
        let flagged = [openai("no", "stop")].into_iter().filter(|_| expected.is_some());
        let allowed = openai(&says("allow", "none", ""), "stop");
        let server = Server::new(flagged.chain([allowed]).collect());
        let opinion = asked(Dialect::OpenAi, &server, &question(&command, &[]), LONG)
            .opinion
            .unwrap();
        assert_eq!(opinion.decision, expected, "{}", opinion.reason);
        let seen = server.requests.lock().unwrap();
        assert!(seen[0].1.to_string().len() < 128 * 1024);
    }
}

#[test]
fn where_not_every_boundary_can_be_shown_nothing_is_allowed() {
    for (count, expected) in [(200, None), (5, Some(Decision::Allow))] {
        let messages: Vec<String> = (0..count)
            .map(|n| format!("do not touch {n} {}", "x ".repeat(200)))
            .collect();
        let texts: Vec<&str> = messages.iter().map(String::as_str).collect();
        let boundaries: Vec<(usize, String)> = messages.iter().cloned().enumerate().collect();
        let call = support::action("Bash", &json!({"command": "cargo publish"}), &serde_json::Value::Null);
        let facts = support::world(&texts);
        let question = support::question_of(&call, &facts, &boundaries, &placet_judge::Prose::default());
        let flagged = [openai("yes", "stop")].into_iter().filter(|_| expected.is_some());
        let server = Server::new(flagged.chain([openai(&says("allow", "none", ""), "stop")]).collect());
        let opinion = asked(Dialect::OpenAi, &server, &question, LONG).opinion.unwrap();
        assert_eq!(opinion.decision, expected, "{}", opinion.reason);
        assert!(server.requests.lock().unwrap()[0].1.to_string().len() < 256 * 1024);
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
