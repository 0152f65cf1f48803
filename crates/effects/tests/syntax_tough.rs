//! The tough list: hand-written scripts with the commands and redirections that bash sees in them. Not a list of accepted texts:
//! a script may be Opaque only where it is named here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod shape;

use placet_effects::syntax::parse;
use placet_effects::syntax::tree::{Part, Redirection, RedirectionOperator, Simple};
use placet_effects::syntax::walk::{Visitor, has_opaque, walk};
use shape::without_spans;

/// Valid in bash and refused on purpose: `$[ ]`, arithmetic that is none, `${ cmd; }`, `coproc`.
const REFUSED: [&str; 5] = ["s21", "s27", "s38", "c8", "c9"];

#[derive(serde::Deserialize)]
struct Case {
    id: String,
    src: String,
    cmds: serde_json::Value,
    redirs: Vec<String>,
}

#[derive(Default)]
struct Seen<'t> {
    simple: Vec<&'t Simple>,
    redirections: Vec<&'t Redirection>,
}

impl<'t> Visitor<'t> for Seen<'t> {
    fn simple(&mut self, simple: &'t Simple) {
        self.simple.push(simple);
    }
    fn redirection(&mut self, redirection: &'t Redirection) {
        self.redirections.push(redirection);
    }
}

fn cases() -> Vec<Case> {
    let lines = include_str!("data/shell_tough.jsonl").lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a case per line"))
        .collect()
}

#[test]
fn every_command_and_redirection_of_the_tough_list_is_found() {
    let mut exact = 0;
    for case in cases() {
        let Some(expected) = case.cmds.as_array() else { continue };
        let script = parse(&case.src);
        assert_eq!(
            has_opaque(&script.items),
            REFUSED.contains(&case.id.as_str()),
            "{}: {:?}: {script:#?}",
            case.id,
            case.src
        );
        if has_opaque(&script.items) {
            continue;
        }
        let mut seen = Seen::default();
        walk(&script.items, &mut seen);
        let found = seen.simple.iter().filter(|simple| !simple.words.is_empty());
        let mut found: Vec<String> = found.map(|simple| without_spans(&simple.words)).collect();
        let mut wanted: Vec<String> = expected.iter().map(|text| words_of(text.as_str().unwrap())).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{}: {:?}", case.id, case.src);
        let mut found: Vec<String> = seen.redirections.iter().map(|redirection| brief(redirection)).collect();
        let mut wanted: Vec<String> = case.redirs.iter().map(|text| brief_of(text)).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{}: {:?}", case.id, case.src);
        exact += 1;
    }
    println!("{exact} scripts exact, {} refused on purpose", REFUSED.len());
    assert!(exact >= 160, "the list has shrunk");
}

#[test]
fn invalid_scripts_of_the_tough_list_are_opaque() {
    let invalid: Vec<Case> = cases().into_iter().filter(|case| case.cmds == "INVALID").collect();
    assert!(invalid.len() >= 31, "the list has shrunk");
    for case in invalid {
        assert!(has_opaque(&parse(&case.src).items), "{}: {:?}", case.id, case.src);
    }
}

fn words_of(text: &str) -> String {
    let script = parse(text);
    let mut seen = Seen::default();
    walk(&script.items, &mut seen);
    without_spans(
        &seen
            .simple
            .first()
            .unwrap_or_else(|| panic!("no command in {text:?}"))
            .words,
    )
}

fn brief(redirection: &Redirection) -> String {
    if redirection.operator == RedirectionOperator::HereDocument {
        let literal = |part: &Part| {
            let Part::Literal { text, .. } = part else {
                panic!("a delimiter is literal")
            };
            text.clone()
        };
        return format!(
            "<< {}",
            redirection.target.parts.iter().map(literal).collect::<String>()
        );
    }
    format!("{:?} {}", redirection.operator, without_spans(&redirection.target))
}

fn brief_of(text: &str) -> String {
    if text.starts_with("<< ") {
        return text.to_owned();
    }
    let script = parse(text);
    let mut seen = Seen::default();
    walk(&script.items, &mut seen);
    brief(
        seen.redirections
            .first()
            .unwrap_or_else(|| panic!("no redirection in {text:?}")),
    )
}
