//! Reading back: filters, counts, exports, following, and what a terminal gets to see.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod sample;

use std::path::{Path, PathBuf};

use placet_audit::show::{self, Style};
use placet_audit::{Entry, Filter, Follow, Log, LogOptions, Reader, Stats, export};
use placet_model::Record;
use sample::{NOON, judged, record};

fn log_of(records: impl Iterator<Item = Record>, rotate_at: u64) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    append(&path, records, rotate_at);
    (directory, path)
}

fn append(path: &Path, records: impl Iterator<Item = Record>, rotate_at: u64) {
    let mut log = Log::open(
        path,
        LogOptions {
            rotate_at,
            ..LogOptions::default()
        },
    )
    .unwrap();
    for record in records {
        log.append(&record).unwrap();
    }
}

fn read(path: &Path, filter: Filter) -> Vec<Entry> {
    Reader::open(path).unwrap().only(filter).map(Result::unwrap).collect()
}

fn numbers(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

#[test]
fn records_come_back_in_order_over_all_files() {
    let (_directory, path) = log_of((0..20).map(record), 5000);
    let entries = read(&path, Filter::default());
    assert_eq!(numbers(&entries), (1..=20).collect::<Vec<_>>());
    let third = &entries[2];
    assert_eq!(
        (third.tool.as_str(), third.verdict.as_str(), third.micros),
        ("Edit", "denied", 22)
    );
    assert_eq!(third.effects[0].verb, "delete-tree");
    assert_eq!(third.reason(), "it is not in version control");
    assert_eq!(third.millis(), Some(NOON + 2000));
    assert!(entries[19].file.ends_with("audit.jsonl") && entries[0].file.ends_with("audit.000000000001.jsonl"));
}

#[test]
fn each_filter_keeps_what_it_names_and_drops_its_neighbours() {
    let (_directory, path) = log_of((0..12).map(record), 1 << 20);
    let only = |filter: Filter| numbers(&read(&path, filter));
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        only(Filter {
            session: text("session-1"),
            ..Filter::default()
        }),
        [2, 6, 10]
    );
    assert_eq!(
        only(Filter {
            session: text("session-"),
            ..Filter::default()
        })
        .len(),
        12
    );
    assert_eq!(
        only(Filter {
            verdict: text("denied"),
            ..Filter::default()
        }),
        [3, 6, 9, 12]
    );
    assert_eq!(
        only(Filter {
            tool: text("read"),
            ..Filter::default()
        }),
        [2, 5, 8, 11]
    );
    assert_eq!(
        only(Filter {
            rule: text("delete-irreversible"),
            ..Filter::default()
        })
        .len(),
        12
    );
    assert_eq!(
        only(Filter {
            rule: text("delete"),
            ..Filter::default()
        })
        .len(),
        0
    );
    assert_eq!(
        only(Filter {
            since: Some(NOON + 10_000),
            ..Filter::default()
        }),
        [11, 12]
    );
    assert_eq!(
        only(Filter {
            until: Some(NOON + 2000),
            ..Filter::default()
        }),
        [1, 2]
    );
    assert_eq!(
        only(Filter {
            verdict: text("denied"),
            tool: text("Bash"),
            ..Filter::default()
        })
        .len(),
        0
    );
}

#[test]
fn a_line_that_is_no_record_is_an_error_in_its_place_and_reading_goes_on() {
    let (_directory, path) = log_of((0..3).map(record), 1 << 20);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(1, "{\"seq\":2,\"pr");
    std::fs::write(&path, lines.join("\n")).unwrap();
    let found: Vec<_> = Reader::open(&path).unwrap().collect();
    assert_eq!(found.len(), 4);
    let error = found[1].as_ref().unwrap_err().to_string();
    assert!(error.ends_with("line 2: it ends too early"), "{error}");
}

#[test]
fn counts_are_those_of_the_records() {
    let notes = (0..2).map(|number| Record {
        note: Some("session start".to_owned()),
        ..record(number)
    });
    let (_directory, path) = log_of((0..9).map(record).chain([judged(9)]).chain(notes), 1 << 20);
    let stats = Stats::of(&read(&path, Filter::default()));
    assert_eq!(stats.decisions, 10);
    assert_eq!(
        (
            stats.verdict("approved"),
            stats.verdict("escalated"),
            stats.verdict("denied")
        ),
        (4, 3, 3)
    );
    assert_eq!(stats.tools["Bash"].approved, 4);
    assert_eq!(stats.effects["delete-tree"].all(), 10);
    assert_eq!(stats.sessions["session-0"].all(), 3);
    assert_eq!(stats.days["2026-01-31"].all(), 10);
    assert_eq!(stats.sources["judge"], 1);
    assert_eq!(
        (stats.judge_asked, stats.judge_tokens, stats.judge_latency().max),
        (1, 900, 420)
    );
    let times = stats.latency();
    assert_eq!((times.median, times.p90, times.p99, times.max), (24, 28, 29, 29));
    assert_eq!(
        stats.dimensions[&("reversibility", "irreversible".to_owned())].all(),
        10
    );
    let json: serde_json::Value = serde_json::from_str(&stats.to_json()).unwrap();
    assert_eq!(json["verdicts"]["approved"], 4);
    assert_eq!(json["surface"]["network"]["denied"], 3);
    let text = stats.to_text();
    assert!(
        text.contains("10 decisions: 4 approved, 3 escalated, 3 denied"),
        "{text}"
    );
    assert!(text.contains("delete-irreversible"), "{text}");
    assert_eq!(Stats::of(&[]).to_text(), "no decisions\n");
}

#[test]
fn an_export_as_lines_is_the_log_byte_for_byte() {
    let (_directory, path) = log_of((0..5).map(record), 1 << 20);
    let mut out = Vec::new();
    export::jsonl(&read(&path, Filter::default()), &mut out).unwrap();
    assert_eq!(out, std::fs::read(&path).unwrap());
}

#[test]
fn an_export_as_a_table_keeps_every_field_in_its_column_and_starts_no_formula() {
    let awkward = |command: &str| Record {
        command: command.to_owned(),
        matches: Vec::new(),
        ..record(1)
    };
    let commands = ["a,b \"c\"\nd", "=HYPERLINK(1)", "-rf", "plain"];
    let (_directory, path) = log_of(commands.iter().map(|command| awkward(command)), 1 << 20);
    let mut out = Vec::new();
    export::csv(&read(&path, Filter::default()), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let rows: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(rows.len(), 6);
    assert!(rows[1].contains(",\"a,b \"\"c\"\"\nd\","), "{}", rows[1]);
    assert!(rows[2].contains(",'=HYPERLINK(1),"), "{}", rows[2]);
    assert!(rows[3].contains(",'-rf,"), "{}", rows[3]);
    assert!(rows[4].contains(",plain,"), "{}", rows[4]);
    assert_eq!(rows[0].split(',').count(), 29);
    assert_eq!(rows[4].split(',').count(), 29);
}

#[test]
fn following_gives_each_new_record_once_also_over_set_aside_files() {
    let (_directory, path) = log_of((0..3).map(record), 5000);
    let mut follow = Follow::from_end(&path, Filter::default()).unwrap();
    assert!(follow.poll().unwrap().is_empty());
    append(&path, (3..4).map(record), 5000);
    assert_eq!(numbers(&follow.poll().unwrap()), [4]);
    append(&path, (4..30).map(record), 5000);
    assert_eq!(numbers(&follow.poll().unwrap()), (5..=30).collect::<Vec<_>>());
    assert!(follow.poll().unwrap().is_empty());
}

#[test]
fn following_waits_for_a_log_that_is_not_there_and_for_the_end_of_a_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let denied = Filter {
        verdict: Some("denied".to_owned()),
        ..Filter::default()
    };
    let mut follow = Follow::from_end(&path, denied).unwrap();
    append(&path, (0..3).map(record), 1 << 20);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    assert!(follow.poll().unwrap().is_empty());
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(numbers(&follow.poll().unwrap()), [3]);
}

#[test]
fn a_row_is_one_line_of_the_width_and_steers_no_terminal() {
    let hostile = "echo \u{1b}[2J\u{202e}\nrm -rf / \u{7}".to_owned();
    let (_directory, path) = log_of(
        std::iter::once(Record {
            command: hostile,
            ..record(2)
        }),
        1 << 20,
    );
    let entry = &read(&path, Filter::default())[0];
    let row = show::row(entry, Style::Plain, 0);
    assert!(
        !row.chars().any(char::is_control) && !row.contains('\u{202e}'),
        "{row:?}"
    );
    assert!(
        row.starts_with("2026-01-31 12:00:02  denied     delete-irreversible"),
        "{row}"
    );
    assert!(
        row.ends_with("Edit        echo \\u{1b}[2J\\u{202e}⏎rm -rf / \\u{7}"),
        "{row}"
    );
    assert_eq!(show::row(entry, Style::Plain, 60).chars().count(), 60);
    assert!(show::row(entry, Style::Colour, 60).contains("\u{1b}[31mdenied"));
    let detail = show::detail(entry, Style::Plain);
    assert!(!detail.contains('\u{1b}'));
    for words in [
        "delete a directory tree",
        "delete single files",
        "irreversible · project · network · contained",
        "by tier in 22 µs",
    ] {
        assert!(detail.contains(words), "{words}\n{detail}");
    }
    assert!(show::heading(Style::Plain, 0).starts_with("TIME"));
}
