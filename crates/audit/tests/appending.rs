//! Appending: what a line holds, that the chain can be checked with standard tools, and that nothing that was acknowledged
//! is lost, whoever dies and whatever runs full.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod sample;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use placet_audit::{Link, Log, LogOptions};
use placet_model::{Decision, Journal as _, Record};
use sample::{judged, record};

fn lines(path: &Path) -> Vec<serde_json::Value> {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn open(path: &Path) -> Log {
    Log::open(path, LogOptions::default()).unwrap()
}

#[test]
fn a_line_holds_all_that_was_decided() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new/deep/audit.jsonl");
    let mut log = open(&path);
    log.append(&Record {
        subagent: Some("explore".to_owned()),
        ..judged(2)
    })
    .unwrap();
    let line = &lines(&path)[0];
    for (field, value) in [
        ("seq", "1"),
        ("time", "\"2026-01-31T12:00:02.000Z\""),
        ("kind", "\"decision\""),
        ("session", "\"session-2\""),
        ("agent", "\"claude-code\""),
        ("subagent", "\"explore\""),
        ("call", "\"toolu_2\""),
        ("tool", "\"Edit\""),
        ("action", "\"shell\""),
        ("command", "\"rm -rf build/2 && curl https://example.com/2\""),
        ("targets", "[\"/home/dev/project/build/2\"]"),
        ("verdict", "\"denied\""),
        ("by", "\"judge\""),
        ("rules", "[\"delete-irreversible\"]"),
        ("mode", "\"auto\""),
        ("tier", "\"balanced\""),
        ("micros", "22"),
    ] {
        assert_eq!(line[field].to_string(), value, "{field}");
    }
    let judge = &line["judge"];
    assert_eq!(
        (
            judge["stage"].as_u64(),
            judge["millis"].as_u64(),
            judge["tokens"].as_u64()
        ),
        (Some(2), Some(420), Some(900))
    );
    let effect = &line["effects"][0];
    for (field, value) in [
        ("verb", "delete-tree"),
        ("resource", "/home/dev/project/build"),
        ("reversibility", "irreversible"),
        ("scope", "project"),
        ("surface", "network"),
        ("cascade", "contained"),
        ("carries", "project-data"),
    ] {
        assert_eq!(effect[field], value, "{field}");
    }
    assert_eq!(line["matches"][0]["instead"], "delete single files");
    assert_eq!(line["matches"][0]["span"].to_string(), "[0,12]");
}

#[test]
fn no_secret_reaches_the_file_wherever_it_stands_in_the_record() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    let with = |text: &mut String| text.push_str(&format!(" {secret}"));
    let mut full = judged(1);
    for text in [
        &mut full.command,
        &mut full.session,
        &mut full.call,
        &mut full.targets[0],
        &mut full.effects[0].by,
    ] {
        with(text);
    }
    let found = &mut full.matches[0];
    for text in [
        &mut found.rule,
        &mut found.origin,
        &mut found.effect,
        &mut found.reason,
        found.instead.as_mut().unwrap(),
    ] {
        with(text);
    }
    found.would_allow = Some(format!("Bash(echo {secret})"));
    full.effects[0].qualifiers.note = Some(secret.to_owned());
    full.effects[0].resource = placet_model::Resource::Host(Some(secret.to_owned()));
    full.judge.as_mut().unwrap().error = Some(secret.to_owned());
    full.note = Some(secret.to_owned());
    open(&path).append(&full).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("ghp_"), "{text}");
    assert_eq!(text.matches("[redacted:github:").count(), 16);
    assert!(
        !text.contains("\"span\":[0,12]"),
        "spans of a changed command would point at the wrong bytes"
    );
}

#[test]
fn the_chain_can_be_checked_with_sed_and_sha256sum() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let mut log = open(&path);
    for number in 0..3 {
        log.append(&record(number)).unwrap();
    }
    let lines = lines(&path);
    for (number, line) in lines.iter().enumerate() {
        let script = r#"sed -n "$2p" "$1" | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum"#;
        let out = Command::new("sh")
            .args(["-c", script, "sh"])
            .arg(&path)
            .arg((number + 1).to_string())
            .output()
            .unwrap();
        let sum = String::from_utf8(out.stdout).unwrap();
        assert_eq!(sum.get(..64), line["hash"].as_str());
        assert_eq!(
            line["prev"].as_str(),
            if number == 0 {
                Some("0".repeat(64))
            } else {
                lines[number - 1]["hash"].as_str().map(str::to_owned)
            }
            .as_deref()
        );
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_log() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state/audit.jsonl");
    open(&path).append(&record(0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn a_full_file_is_set_aside_and_the_chain_goes_on_in_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let mut log = Log::open(
        &path,
        LogOptions {
            rotate_at: 4000,
            ..LogOptions::default()
        },
    )
    .unwrap();
    for number in 0..20 {
        log.append(&record(number)).unwrap();
    }
    let mut files: Vec<PathBuf> = fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| {
        path.extension().is_some_and(|ending| ending == "jsonl") && path.file_stem().unwrap() != "audit"
    });
    files.sort();
    files.push(path);
    assert!(files.len() > 4, "{files:?}");
    let mut end = Link::genesis();
    for file in &files {
        assert!(fs::metadata(file).unwrap().len() <= 4000);
        for line in lines(file) {
            assert_eq!(line["seq"], end.seq + 1);
            assert_eq!(line["prev"], end.hash);
            end = Link {
                seq: end.seq + 1,
                hash: line["hash"].as_str().unwrap().to_owned(),
            };
        }
    }
    assert_eq!(end.seq, 20);
}

#[test]
fn half_a_line_of_a_process_that_died_is_kept_and_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let mut log = open(&path);
    log.append(&record(0)).unwrap();
    let half = "{\"seq\":2,\"prev\":\"";
    fs::write(&path, fs::read_to_string(&path).unwrap() + half).unwrap();
    let link = log.append(&record(1)).unwrap();
    assert_eq!(link.seq, 3);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], half);
    let torn: serde_json::Value = serde_json::from_str(lines[2]).unwrap();
    assert_eq!(
        (torn["kind"].as_str(), torn["seq"].as_u64(), torn["bytes"].as_u64()),
        (Some("torn"), Some(2), Some(half.len() as u64 + 1))
    );
}

#[test]
fn a_whole_record_of_a_process_that_died_before_the_head_is_taken_up() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let mut log = open(&path);
    log.append(&record(0)).unwrap();
    let head = directory.path().join("audit.jsonl.head");
    let before = fs::read(&head).unwrap();
    log.append(&record(1)).unwrap();
    fs::write(&head, before).unwrap();
    assert_eq!(log.append(&record(2)).unwrap().seq, 3);
    assert_eq!(
        lines(&path)
            .iter()
            .map(|line| line["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>(),
        ["decision"; 3]
    );
}

#[test]
fn a_process_that_died_between_setting_aside_and_saying_so_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let mut log = open(&path);
    for number in 0..3 {
        log.append(&record(number)).unwrap();
    }
    fs::rename(&path, directory.path().join("audit.000000000001.jsonl")).unwrap();
    let link = log.append(&record(3)).unwrap();
    assert_eq!(link.seq, 4);
    assert_eq!(lines(&path).len(), 1);
    let head = fs::read_to_string(directory.path().join("audit.jsonl.head")).unwrap();
    assert!(head.contains("\"first\":4"), "{head}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_with_a_hint() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    std::os::unix::fs::symlink("/dev/full", &path).unwrap();
    let error = open(&path).record(&record(0)).unwrap_err();
    assert!(error.contains("make room on the disk"), "{error}");
}

#[cfg(unix)]
#[test]
fn what_was_written_before_the_disk_was_full_stays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    // The limit on the size of files stands in for the disk; without the signal, the write comes back short.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    let mut writer = Command::new("bash");
    writer
        .args(["-c", script, "bash"])
        .arg(std::env::current_exe().unwrap())
        .args(WRITER);
    let status = writer
        .env("PLACET_TEST_LOG", &path)
        .env("PLACET_TEST_COUNT", "50")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success(), "fifty records do not fit");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.ends_with("}\n"), "the half line was cut off");
    let acknowledged = fs::read_to_string(directory.path().join("acks")).unwrap();
    let hashes: Vec<&str> = acknowledged.lines().collect();
    assert!(hashes.len() > 2);
    assert_eq!(
        lines(&path)
            .iter()
            .map(|line| line["hash"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>(),
        hashes
    );
    // With room again, it goes on where it was.
    assert_eq!(open(&path).append(&record(0)).unwrap().seq, hashes.len() as u64 + 1);
}

#[test]
fn a_log_that_is_held_for_too_long_is_an_error_and_not_a_hang() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let patience = std::time::Duration::from_millis(20);
    let mut log = Log::open(
        &path,
        LogOptions {
            patience,
            ..LogOptions::default()
        },
    )
    .unwrap();
    let lock = fs::File::create(directory.path().join("audit.jsonl.lock")).unwrap();
    lock.lock().unwrap();
    assert!(log.append(&record(0)).unwrap_err().to_string().contains("was held for"));
    lock.unlock().unwrap();
    assert_eq!(log.append(&record(0)).unwrap().seq, 1);
}

#[test]
fn an_approval_that_cannot_be_recorded_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    fs::create_dir(&path).unwrap();
    assert!(
        open(&path)
            .record(&Record {
                decision: Decision::Allow,
                ..record(0)
            })
            .is_err()
    );
}

const WRITER: [&str; 4] = [
    "--exact",
    "writes_for_the_tests_in_a_process_of_its_own",
    "--ignored",
    "--nocapture",
];

/// Appends records until it has done its count or is killed; notes each one that was acknowledged.
#[test]
#[ignore = "run by other tests as a process of its own"]
fn writes_for_the_tests_in_a_process_of_its_own() {
    use std::io::Write as _;
    let path = PathBuf::from(std::env::var("PLACET_TEST_LOG").unwrap());
    let count: u64 = std::env::var("PLACET_TEST_COUNT").unwrap().parse().unwrap();
    let acks = path.with_file_name("acks");
    let patience = std::time::Duration::from_secs(120);
    let mut log = Log::open(
        &path,
        LogOptions {
            rotate_at: 60_000,
            patience,
            ..LogOptions::default()
        },
    )
    .unwrap();
    let mut acks = fs::OpenOptions::new().create(true).append(true).open(acks).unwrap();
    for number in 0..count {
        let link = log.append(&record(number)).unwrap();
        acks.write_all(format!("{}\n", link.hash).as_bytes()).unwrap();
    }
}
