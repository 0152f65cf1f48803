//! The reports: they say what the records say, load nothing, and show hostile text as text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

mod sample;

use placet_audit::report::{self, ReportOptions};
use placet_audit::{Entry, Log, LogOptions, Reader, verify};
use placet_model::{Decision, Record};
use sample::{judged, record};

fn entries(records: impl Iterator<Item = Record>) -> (tempfile::TempDir, Vec<Entry>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let mut log = Log::open(&path, LogOptions::default()).unwrap();
    for record in records {
        log.append(&record).unwrap();
    }
    let entries = Reader::open(&path).unwrap().map(Result::unwrap).collect();
    (directory, entries)
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "<!-- --><svg/onload=alert(1)>",
    "]]><iframe srcdoc='<b>'>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; &#60;",
    "echo \u{202e}\u{1b}[31m\0",
    "`<b>` and ``<i>",
];

/// A record in which the hostile text stands wherever a text can stand.
fn hostile(number: u64, text: &str) -> Record {
    let text = text.to_owned();
    let mut hostile = judged(number);
    hostile.decision = [Decision::Deny, Decision::Ask, Decision::Allow][number as usize % 3];
    hostile.command.clone_from(&text);
    hostile.session.clone_from(&text);
    hostile.agent.clone_from(&text);
    hostile.tool.clone_from(&text);
    hostile.targets = vec![text.clone()];
    hostile.effects[0].resource = placet_model::Resource::Named(text.clone());
    let found = &mut hostile.matches[0];
    for field in [&mut found.rule, &mut found.reason, &mut found.effect] {
        field.clone_from(&text);
    }
    found.instead = Some(text);
    hostile
}

/// Every tag of the page with its attributes, as a browser would find them.
fn tags(page: &str) -> Vec<&str> {
    page.split('<')
        .skip(1)
        .map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag))
        .collect()
}

#[test]
fn hostile_text_makes_no_tag_and_no_attribute() {
    let (_directory, calm) = entries((0..9).map(judged));
    let known: std::collections::HashSet<String> = tags(&report::html(&calm, &ReportOptions::default()))
        .iter()
        .map(|tag| tag.split_whitespace().next().unwrap_or_default().to_owned())
        .collect();
    for text in HOSTILE {
        let (_directory, entries) = entries((0..9).map(|number| hostile(number, text)));
        let page = report::html(
            &entries,
            &ReportOptions {
                title: (*text).to_owned(),
                verification: None,
            },
        );
        for tag in tags(&page) {
            let name = tag.split_whitespace().next().unwrap_or_default();
            assert!(known.contains(name), "{text} made <{tag}>");
            let outside_quotes: String = tag.split('"').step_by(2).collect();
            for sign in [" on", "srcdoc", "autofocus", "src="] {
                assert!(!outside_quotes.to_lowercase().contains(sign), "{text} made <{tag}>");
            }
        }
        assert_eq!(page.matches("<script>").count(), 1, "{text}");
        assert!(!page.contains(['\u{202e}', '\u{1b}', '\0']), "{text}");
    }
}

#[test]
fn the_page_asks_for_nothing_from_anywhere() {
    let (_directory, entries) = entries((0..40).map(record));
    let page = report::html(&entries, &ReportOptions::default());
    for tag in tags(&page) {
        for sign in ["src=", "href=", "url(", "@import", "srcset", "action="] {
            assert!(!tag.contains(sign), "<{tag}>");
        }
    }
    assert!(page.contains("default-src 'none'"));
    assert!(
        !page.contains("url(") && !page.contains("@import") && !page.contains("fetch(") && !page.contains("XMLHttp")
    );
}

#[test]
fn the_content_policy_names_the_script_that_is_there() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let (_directory, entries) = entries((0..3).map(record));
    let page = report::html(&entries, &ReportOptions::default());
    let script = page
        .split_once("<script>")
        .unwrap()
        .1
        .split_once("</script>")
        .unwrap()
        .0;
    let mut sum = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    sum.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let hex = String::from_utf8(sum.wait_with_output().unwrap().stdout).unwrap();
    let named = page
        .split_once("script-src 'sha256-")
        .unwrap()
        .1
        .split_once('\'')
        .unwrap()
        .0;
    let mut decode = Command::new("base64")
        .arg("-d")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    decode.stdin.take().unwrap().write_all(named.as_bytes()).unwrap();
    let bytes = decode.wait_with_output().unwrap().stdout;
    let found: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex.get(..64), Some(found.as_str()));
}

#[test]
fn the_page_says_what_the_records_say() {
    let (directory, entries) = entries((0..30).map(record).chain([judged(30)]));
    let path = directory.path().join("audit.jsonl");
    let found = verify(&path, None).unwrap();
    let page = report::html(
        &entries,
        &ReportOptions {
            title: String::new(),
            verification: Some(&found),
        },
    );
    for text in [
        "<b>11</b><span>approved, 35 %",
        "<b>10</b><span>denied, 32 %",
        "delete-irreversible",
        "It is not in version control.",
        "Instead: Delete single files.",
        "The chain holds",
        "31 records",
        "irreversible",
        "affects others",
        "4 sessions",
        "<svg class=\"plot\"",
        "the judge was asked <b>1</b>",
    ] {
        assert!(page.contains(text), "{text}");
    }
    // One mark for each denial, one row for each decision that was stopped, one for each approval.
    assert_eq!(page.matches("class=\"mark denied\"").count(), 10);
    assert_eq!(page.matches("<tr data-verdict=").count(), 20);
    std::fs::write(
        &path,
        std::fs::read_to_string(&path).unwrap().replacen("rm -rf", "ls -la", 1),
    )
    .unwrap();
    let found = verify(&path, None).unwrap();
    let page = report::html(
        &entries,
        &ReportOptions {
            title: String::new(),
            verification: Some(&found),
        },
    );
    assert!(!page.contains("The chain holds") && page.contains("line 1: the record was changed after it was written"));
}

#[test]
fn a_log_without_decisions_and_one_with_a_single_one_have_a_page() {
    let none = report::html(&[], &ReportOptions::default());
    assert!(none.contains("No decisions were recorded."));
    let (_directory, entries) = entries(std::iter::once(Record {
        decision: Decision::Allow,
        ..record(0)
    }));
    let page = report::html(&entries, &ReportOptions::default());
    assert!(page.contains("Nothing was stopped.") && page.contains("approved, 100 %"));
    assert!(report::markdown(&entries, &ReportOptions::default()).contains("**1 decisions:** 1 approved"));
}

#[test]
fn markdown_says_the_same_and_collapses_what_was_tried_again() {
    let again = (0..6).map(|number| Record {
        command: "git push --force".to_owned(),
        decision: Decision::Deny,
        ..record(number)
    });
    let (_directory, entries) = entries(again.chain((0..3).map(record)));
    let text = report::markdown(&entries, &ReportOptions::default());
    assert!(
        text.contains("**9 decisions:** 1 approved (11 %), 1 escalated (11 %), 7 denied (78 %)."),
        "{text}"
    );
    assert!(
        text.contains("| 6 | denied | `git push --force` | `delete-irreversible` | it is not in version control |"),
        "{text}"
    );
    assert!(text.contains("| delete-tree | 1 | 1 | 7 |"), "{text}");
}

#[test]
fn markdown_shows_hostile_text_as_text() {
    let more = [
        "[click](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "@everyone see #1",
        "a | b\n| c |",
        "https://evil.example www.evil.example",
        "``` \n# heading",
    ];
    for text in HOSTILE.iter().chain(&more) {
        let (_directory, entries) = entries((0..2).map(|number| hostile(number, text)));
        let out = report::markdown(
            &entries,
            &ReportOptions {
                title: (*text).to_owned(),
                verification: None,
            },
        );
        for line in out.lines() {
            let prose: String = strip_code(line);
            for sign in ["<script", "<img", "<svg", "<iframe", "](", "://", "www.", "@e", "#1"] {
                assert!(!prose.contains(sign), "{text}: {line}");
            }
        }
        let rows: Vec<&str> = out.lines().filter(|line| line.starts_with("| 2026-")).collect();
        assert_eq!(rows.len(), 2, "{text}\n{out}");
        for row in rows {
            assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
        }
    }
}

/// The line without its code spans, as Markdown finds them.
fn strip_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let escaped = rest[..at].ends_with('\\');
        let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let (fence, after) = rest[at..].split_at(run);
        let close = (!escaped)
            .then(|| {
                after
                    .match_indices(fence)
                    .map(|(close, _)| close)
                    .find(|close| !after[..*close].ends_with('`') && !after[close + run..].starts_with('`'))
            })
            .flatten();
        out.push_str(&rest[..at]);
        rest = match close {
            Some(close) => &after[close + run..],
            None => after,
        };
    }
    out + rest
}
