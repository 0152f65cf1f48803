//! Verifying: an untouched log holds, and whatever is done to one is found, with the place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod sample;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use placet_audit::verify::Problem;
use placet_audit::{Link, Log, LogOptions, Reader, verify};
use proptest::prelude::*;
use sample::record;

struct Sample {
    directory: tempfile::TempDir,
    path: PathBuf,
    links: Vec<Link>,
}

fn log_of(count: u64, rotate_at: u64) -> Sample {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let mut log = Log::open(
        &path,
        LogOptions {
            rotate_at,
            ..LogOptions::default()
        },
    )
    .unwrap();
    let links = (0..count).map(|number| log.append(&record(number)).unwrap()).collect();
    Sample { directory, path, links }
}

impl Sample {
    fn lines(&self) -> Vec<String> {
        fs::read_to_string(&self.path)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    fn put(&self, lines: &[String]) {
        fs::write(
            &self.path,
            lines.iter().map(|line| format!("{line}\n")).collect::<String>(),
        )
        .unwrap();
    }

    fn problems(&self) -> Vec<(u64, Problem)> {
        verify(&self.path, None)
            .unwrap()
            .findings
            .into_iter()
            .map(|finding| (finding.line, finding.problem))
            .collect()
    }

    fn head(&self) -> PathBuf {
        self.directory.path().join("audit.jsonl.head")
    }

    fn append(&self, number: u64) -> Link {
        Log::open(&self.path, LogOptions::default())
            .unwrap()
            .append(&record(number))
            .unwrap()
    }
}

#[test]
fn an_untouched_log_holds() {
    for (count, rotate_at) in [(1, 1 << 20), (20, 1 << 20), (20, 5000), (20, 1)] {
        let log = log_of(count, rotate_at);
        let found = verify(&log.path, log.links.first()).unwrap();
        assert!(
            found.holds() && found.notes.is_empty(),
            "{:?} {:?}",
            found.findings,
            found.notes
        );
        assert_eq!((found.records, Some(&found.end)), (count, log.links.last()));
    }
}

#[test]
fn a_log_that_is_not_there_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    assert!(verify(&directory.path().join("audit.jsonl"), None).is_err());
}

#[test]
fn an_edit_is_found_in_its_line_and_only_there() {
    let log = log_of(9, 1 << 20);
    let mut lines = log.lines();
    lines[4] = lines[4].replace("rm -rf build", "ls -la build");
    log.put(&lines);
    assert_eq!(log.problems(), [(5, Problem::Edited)]);
}

#[test]
fn an_edit_with_its_hash_made_anew_is_found_at_the_next_record() {
    let log = log_of(9, 1 << 20);
    let other = log_of(4, 1 << 20);
    let link = Log::open(&other.path, LogOptions::default())
        .unwrap()
        .append(&record(100))
        .unwrap();
    assert_eq!(link.seq, 5);
    let mut lines = log.lines();
    lines[4] = other.lines()[4].clone();
    log.put(&lines);
    assert_eq!(log.problems(), [(6, Problem::Replaced { seq: 6 })]);
}

#[test]
fn a_missing_record_is_found_by_its_number() {
    let log = log_of(9, 1 << 20);
    let mut lines = log.lines();
    lines.drain(3..5);
    log.put(&lines);
    assert_eq!(log.problems(), [(4, Problem::Gap { from: 4, to: 5 })]);
}

#[test]
fn a_cut_end_is_found_and_stays_found_after_more_was_appended() {
    let log = log_of(9, 1 << 20);
    let mut lines = log.lines();
    lines.truncate(6);
    log.put(&lines);
    assert_eq!(log.problems(), [(0, Problem::CutEnd { from: 7, to: 9 })]);
    assert_eq!(log.append(9).seq, 11);
    assert_eq!(log.problems(), [(7, Problem::Gap { from: 7, to: 9 })]);
}

#[test]
fn an_emptied_log_is_found_before_and_after_the_next_append() {
    let log = log_of(9, 1 << 20);
    fs::write(&log.path, "").unwrap();
    assert_eq!(log.problems(), [(0, Problem::CutEnd { from: 1, to: 9 })]);
    log.append(9);
    assert_eq!(log.problems(), [(1, Problem::Gap { from: 1, to: 9 })]);
    fs::remove_file(&log.path).unwrap();
    assert_eq!(log.problems(), [(0, Problem::CutEnd { from: 1, to: 11 })]);
}

#[test]
fn records_in_another_order_are_found() {
    let log = log_of(9, 1 << 20);
    let mut lines = log.lines();
    lines.swap(3, 4);
    log.put(&lines);
    let problems = log.problems();
    assert!(problems.contains(&(4, Problem::Gap { from: 4, to: 4 })), "{problems:?}");
}

#[test]
fn a_record_that_stands_there_twice_is_found() {
    let log = log_of(9, 1 << 20);
    let mut lines = log.lines();
    lines.insert(5, lines[2].clone());
    log.put(&lines);
    assert_eq!(log.problems(), [(6, Problem::OutOfOrder { seq: 3 })]);
}

#[test]
fn a_foreign_line_is_found() {
    let log = log_of(9, 1 << 20);
    let mut lines = log.lines();
    lines.insert(5, "hello".to_owned());
    log.put(&lines);
    assert_eq!(log.problems(), [(6, Problem::NoRecord)]);
}

#[test]
fn a_lost_head_is_found_before_and_after_the_next_append() {
    let log = log_of(9, 1 << 20);
    fs::remove_file(log.head()).unwrap();
    assert_eq!(log.problems(), [(0, Problem::HeadMissing)]);
    assert_eq!(log.append(9).seq, 11);
    assert_eq!(log.problems(), [(10, Problem::HeadLost)]);
}

#[test]
fn a_head_that_was_changed_is_found_before_and_after_the_next_append() {
    for (from, to) in [
        ("\"bytes\":", "\"bytes\":9"),
        ("\"seq\":9", "\"seq\":8"),
        ("\"first\":1", "\"first\":2"),
        ("\"hash\":\"", "\"hash\":\"0"),
    ] {
        let log = log_of(9, 1 << 20);
        let head = fs::read_to_string(log.head()).unwrap();
        let changed = head.replacen(from, to, 1);
        assert_ne!(head, changed);
        fs::write(log.head(), changed).unwrap();
        assert!(!log.problems().is_empty(), "{to}");
        log.append(9);
        assert!(!log.problems().is_empty(), "{to} and an append");
    }
}

#[test]
fn a_file_that_was_set_aside_and_deleted_is_found() {
    let log = log_of(20, 5000);
    fs::remove_file(log.directory.path().join("audit.000000000001.jsonl")).unwrap();
    let problems = log.problems();
    assert!(
        matches!(problems.as_slice(), [(1, Problem::Gap { from: 1, .. })]),
        "{problems:?}"
    );
}

#[test]
fn a_log_told_anew_is_found_by_a_link_that_was_noted() {
    let log = log_of(9, 1 << 20);
    let noted = log.links[4].clone();
    assert!(verify(&log.path, Some(&noted)).unwrap().holds());
    let other = log_of(3, 1 << 20);
    other.append(7);
    other.append(8);
    assert!(verify(&other.path, None).unwrap().holds());
    assert_eq!(
        verify(&other.path, Some(&noted)).unwrap().findings[0].problem,
        Problem::Anchor(noted)
    );
}

#[test]
fn half_a_record_of_a_dead_process_is_a_note_and_a_change_to_it_a_finding() {
    let log = log_of(3, 1 << 20);
    fs::write(&log.path, fs::read_to_string(&log.path).unwrap() + "{\"seq\":4,\"prev").unwrap();
    let found = verify(&log.path, None).unwrap();
    assert!(found.holds() && found.notes.len() == 1, "{found:?}");
    log.append(3);
    let found = verify(&log.path, None).unwrap();
    assert!(
        found.holds() && found.notes[0].problem == Problem::Torn && found.notes[0].line == 4,
        "{found:?}"
    );
    let text = fs::read_to_string(&log.path).unwrap();
    fs::write(&log.path, text.replace("{\"seq\":4,\"prev\n", "{\"seq\":4,\"pre\n")).unwrap();
    assert!(!verify(&log.path, None).unwrap().holds());
}

#[test]
fn a_line_that_a_stranger_appends_does_not_pass_for_half_a_record() {
    let log = log_of(3, 1 << 20);
    fs::write(
        &log.path,
        fs::read_to_string(&log.path).unwrap() + "{\"verdict\":\"approved\"}\n",
    )
    .unwrap();
    log.append(3);
    assert_eq!(log.problems(), [(4, Problem::NoRecord)]);
}

/// What somebody may do to the files of a log.
#[derive(Clone, Debug)]
enum Tamper {
    Flip(u8),
    Remove(usize),
    Insert(Vec<u8>),
    Cut,
    SwapLines(usize),
    RepeatLine(usize),
    DropLine,
    DeleteFile,
    RenameFile,
}

fn tamper() -> impl Strategy<Value = Tamper> {
    prop_oneof![
        4 => (0..8_u8).prop_map(|bit| Tamper::Flip(1 << bit)),
        2 => (1..2000_usize).prop_map(Tamper::Remove),
        2 => prop::collection::vec(any::<u8>(), 1..80).prop_map(Tamper::Insert),
        2 => Just(Tamper::Cut),
        2 => (0..20_usize).prop_map(Tamper::SwapLines),
        2 => (0..20_usize).prop_map(Tamper::RepeatLine),
        2 => Just(Tamper::DropLine),
        1 => Just(Tamper::DeleteFile),
        1 => Just(Tamper::RenameFile),
    ]
}

/// Does it to the file, at a place given as a share of its length.
fn apply(tamper: &Tamper, path: &Path, share: f64) {
    let mut bytes = fs::read(path).unwrap();
    let at = ((bytes.len() - 1) as f64 * share) as usize;
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let line = ((lines.len() - 1) as f64 * share) as usize;
    match tamper {
        Tamper::Flip(bit) => bytes[at] ^= bit,
        Tamper::Remove(count) => drop(bytes.drain(at..(at + count).min(bytes.len()))),
        Tamper::Insert(new) => drop(bytes.splice(at..at, new.iter().copied())),
        Tamper::Cut => bytes.truncate(at),
        Tamper::SwapLines(other) => {
            let other = other % lines.len();
            lines.swap(line, other);
            bytes = lines.concat();
        }
        Tamper::RepeatLine(other) => {
            lines.insert(other % lines.len(), lines[line].clone());
            bytes = lines.concat();
        }
        Tamper::DropLine => {
            lines.remove(line);
            bytes = lines.concat();
        }
        Tamper::DeleteFile => return fs::remove_file(path).unwrap(),
        Tamper::RenameFile => return fs::rename(path, path.with_file_name("audit.000000000999.jsonl")).unwrap(),
    }
    fs::write(path, bytes).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_to_the_files_is_found(tamper in tamper(), file in 0..20_usize, share in 0.0..1.0_f64, later in 0..3_u64) {
        let log = log_of(14, 5000);
        let mut files: Vec<PathBuf> = fs::read_dir(log.directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending != "lock"));
        files.sort();
        let file = &files[file % files.len()];
        let before = fs::read(file).unwrap();
        apply(&tamper, file, share);
        if fs::read(file).ok() == Some(before) {
            return Ok(());
        }
        let found = verify(&log.path, None).unwrap();
        prop_assert!(!found.holds(), "{:?} of {} left {:?}", tamper, file.display(), found);
        // Appending goes on whatever was done, and does not cover it up.
        for number in 0..later {
            log.append(number);
            let found = verify(&log.path, None).unwrap();
            prop_assert!(!found.holds(), "{:?} of {} and an append left {:?}", tamper, file.display(), found);
        }
    }
}

const WRITER: [&str; 4] = [
    "--exact",
    "writes_for_the_tests_in_a_process_of_its_own",
    "--ignored",
    "--nocapture",
];

#[test]
fn sixty_four_processes_of_which_some_are_killed_lose_no_acknowledged_record() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let start = |name: usize| {
        let mut writer = Command::new(std::env::current_exe().unwrap());
        writer
            .args(WRITER)
            .env("PLACET_TEST_LOG", &path)
            .env("PLACET_TEST_NAME", name.to_string());
        writer.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut writers: Vec<Child> = (0..64).map(start).collect();
    let records = || {
        fs::read_dir(directory.path())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("ack"))
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap().lines().count())
            .sum::<usize>()
    };
    // Every third is killed, at moments that the number of records sets: they differ with every run.
    let mut killed = 0;
    for victim in (0..64).step_by(3) {
        let enough = records() + 7;
        while records() < enough && writers.iter_mut().any(|writer| writer.try_wait().unwrap().is_none()) {
            std::thread::yield_now();
        }
        if writers[victim].try_wait().unwrap().is_none() {
            writers[victim].kill().unwrap();
            killed += 1;
        }
    }
    for writer in &mut writers {
        writer.wait().unwrap();
    }
    assert!(killed > 5, "only {killed} were killed while they wrote");
    let found = verify(&path, None).unwrap();
    assert!(found.holds(), "{:?}", found.findings);
    let mut hashes = HashSet::new();
    let mut entries = 0;
    // Half a line that a killed process left is no record; the torn record behind it accounts for it.
    for entry in Reader::open(&path).unwrap().flatten() {
        entries += 1;
        assert!(hashes.insert(entry.hash));
    }
    assert_eq!(entries, found.records);
    for name in 0..64 {
        let Ok(acknowledged) = fs::read_to_string(directory.path().join(format!("acks-{name}"))) else {
            continue;
        };
        let whole = acknowledged.rsplit_once('\n').map_or("", |(whole, _)| whole);
        for hash in whole.lines() {
            assert!(
                hashes.contains(hash),
                "writer {name} was told that {hash} is in the log"
            );
        }
        if name % 3 != 0 {
            assert_eq!(whole.lines().count(), RECORDS as usize, "writer {name} was not killed");
        }
    }
    assert!(found.files.len() > 1, "the files were set aside meanwhile");
}

const RECORDS: u64 = 25;

#[test]
#[ignore = "run by other tests as a process of its own"]
fn writes_for_the_tests_in_a_process_of_its_own() {
    use std::io::Write as _;
    let path = PathBuf::from(std::env::var("PLACET_TEST_LOG").unwrap());
    let name = std::env::var("PLACET_TEST_NAME").unwrap();
    let patience = std::time::Duration::from_secs(120);
    let mut log = Log::open(
        &path,
        LogOptions {
            rotate_at: 300_000,
            patience,
            ..LogOptions::default()
        },
    )
    .unwrap();
    let mut acks = fs::File::create(path.with_file_name(format!("acks-{name}"))).unwrap();
    for number in 0..RECORDS {
        let link = log.append(&record(number)).unwrap();
        acks.write_all(format!("{}\n", link.hash).as_bytes()).unwrap();
    }
}
