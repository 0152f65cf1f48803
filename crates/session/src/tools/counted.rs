//! How many tests a running command has run, by the lines that common test runners write. For people to look at: nothing is
//! decided by it, and a command that writes such lines without running anything deceives nobody but its reader.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// As much is read at one look; a command that writes faster is not counted to the end.
const AT_ONCE: u64 = 256 << 10;
/// A longer line is none of a test runner's.
const LINE: usize = 2000;

/// Tests so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tests {
    /// That have ended, the failed ones among them.
    pub done: u32,
    /// That have failed.
    pub failed: u32,
    /// In all, where the runner says.
    pub total: Option<u32>,
}

/// Counts as the output grows.
#[derive(Debug, Default)]
pub(super) struct Counter {
    tests: Tests,
    /// As much of the file was read.
    read: u64,
    /// The line that is not complete yet.
    open: Vec<u8>,
}

impl Counter {
    /// Reads on; the tests so far, if there are some.
    pub(super) fn look(&mut self, output: &Path) -> Option<Tests> {
        let mut piece = Vec::new();
        let read = File::open(output).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.read))?;
            file.take(AT_ONCE).read_to_end(&mut piece)
        });
        if read.is_ok() {
            self.read = self.read.saturating_add(u64::try_from(piece.len()).unwrap_or_default());
            self.take(&piece);
        }
        (self.tests != Tests::default()).then_some(self.tests)
    }

    fn take(&mut self, piece: &[u8]) {
        for byte in piece {
            match byte {
                b'\n' => {
                    let line = core::mem::take(&mut self.open);
                    self.line(&without_colours(&String::from_utf8_lossy(&line)));
                }
                _ if self.open.len() < LINE => self.open.push(*byte),
                _ => {}
            }
        }
    }

    fn line(&mut self, line: &str) {
        let line = line.trim();
        if let Some(total) = announced(line) {
            self.tests.total = Some(self.tests.total.unwrap_or_default().saturating_add(total));
        } else {
            let (done, failed) = ended(line);
            self.tests.done = self.tests.done.saturating_add(done);
            self.tests.failed = self.tests.failed.saturating_add(failed);
        }
    }
}

/// How many tests the line says will be run.
fn announced(line: &str) -> Option<u32> {
    let number = |before: &str, after: &str| -> Option<u32> {
        let rest = line.strip_prefix(before)?;
        let (number, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        rest.starts_with(after).then(|| number.parse().ok())?
    };
    number("running ", "test")
        .or_else(|| number("Starting ", "tests across"))
        .or_else(|| number("collected ", "item"))
        .or_else(|| number("1..", ""))
}

/// How many tests the line says have ended, and how many of them failed.
fn ended(line: &str) -> (u32, u32) {
    const GOOD: (u32, u32) = (1, 0);
    const BAD: (u32, u32) = (1, 1);
    let first = line.split(' ').next().unwrap_or_default();
    match first {
        // Rust's own runner.
        "test" if line.ends_with("... ok") || line.contains(" ... ignored") => GOOD,
        "test" if line.ends_with("... FAILED") => BAD,
        // nextest.
        "PASS" | "SKIP" | "LEAK" if line.contains(" [") => GOOD,
        "FAIL" | "TIMEOUT" | "SIGABRT" | "SIGSEGV" if line.contains(" [") => BAD,
        // TAP.
        "ok" if line.split(' ').nth(1).is_some_and(is_number) => GOOD,
        "not" if line.starts_with("not ok ") => BAD,
        // Jest, Vitest, Mocha.
        "✓" | "✔" => GOOD,
        "✕" | "✗" | "×" => BAD,
        // Go.
        "---" if line.starts_with("--- PASS:") || line.starts_with("--- SKIP:") => GOOD,
        "---" if line.starts_with("--- FAIL:") => BAD,
        _ => pytest(line),
    }
}

/// `tests/test_a.py ..F.  [ 40%]`, or `tests/test_a.py::test_b PASSED  [ 40%]`.
fn pytest(line: &str) -> (u32, u32) {
    let mut words = line.split_ascii_whitespace();
    let name = words.next().unwrap_or_default();
    let signs = words.next().unwrap_or_default();
    let is_file = name.ends_with(".py");
    if !(is_file || name.contains(".py::")) || signs.is_empty() {
        return (0, 0);
    }
    match signs {
        "PASSED" | "SKIPPED" | "XFAIL" | "XPASS" => (1, 0),
        "FAILED" | "ERROR" => (1, 1),
        signs if is_file && signs.chars().all(|sign| ".FEsxX".contains(sign)) => {
            let count = |wanted: &str| signs.chars().filter(|sign| wanted.contains(*sign)).count();
            let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
            (number(signs.len()), number(count("FE")))
        }
        _ => (0, 0),
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The line without what only colours it.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            for inside in letters.by_ref() {
                if inside.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(output: &str) -> Tests {
        let mut counter = Counter::default();
        counter.take(output.as_bytes());
        counter.tests
    }

    fn tests(done: u32, failed: u32, total: Option<u32>) -> Tests {
        Tests { done, failed, total }
    }

    #[test]
    fn lines_of_common_runners_are_counted() {
        let rust = "\nrunning 3 tests\ntest a::b ... ok\ntest c ... FAILED\ntest d ... ignored, slow\n\ntest result: FAILED. 1 \
                    passed\n\nrunning 2 tests\ntest e ... ok\n";
        assert_eq!(counted(rust), tests(4, 1, Some(5)));
        let nextest = "\u{1b}[32;1m    Starting\u{1b}[0m 2 tests across 1 binary\n\u{1b}[32;1m        PASS\u{1b}[0m [   \
                       0.005s] x y\n        FAIL [   0.1s] x z\n";
        assert_eq!(counted(nextest), tests(2, 1, Some(2)));
        let pytest = "collected 6 items\n\ntests/test_a.py ..F.    [ 66%]\ntests/test_b.py::test_c PASSED [ 83%]\n";
        assert_eq!(counted(pytest), tests(5, 1, Some(6)));
        assert_eq!(
            counted("TAP version 13\n1..2\nok 1 - a\nnot ok 2 - b\n"),
            tests(2, 1, Some(2))
        );
        assert_eq!(counted("  ✓ adds (2 ms)\n  ✕ divides\n"), tests(2, 1, None));
        assert_eq!(counted("=== RUN   TestA\n--- PASS: TestA (0.00s)\n"), tests(1, 0, None));
    }

    #[test]
    fn other_output_counts_nothing_and_a_line_is_counted_once_however_it_comes() {
        let other =
            "test the waters ... fine\nok then\nnothing is not ok\nrunning late\nfile.py 12\nmain.py: ....\n1. one\n";
        assert_eq!(counted(other), Tests::default());
        let mut counter = Counter::default();
        for byte in b"test a ... ok\ntest b ... o" {
            counter.take(&[*byte]);
        }
        assert_eq!(counter.tests, tests(1, 0, None));
    }
}
