//! How long one append takes, lock, chain and head included: `cargo bench -p placet-audit`. The log goes into `$TMPDIR`, or
//! into memory (`/dev/shm`) where there is such a thing, so that the disk is not what is measured.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a bench"
)]

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::path::Path;
use std::time::Instant;

use placet_audit::{Log, LogOptions, redact};

fn main() {
    let memory = Path::new("/dev/shm");
    let directory = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
    .unwrap();
    let mut log = Log::open(&directory.path().join("audit.jsonl"), LogOptions::default()).unwrap();
    let records: Vec<_> = (0..5000).map(sample::record).collect();
    let mut times: Vec<u128> = records
        .iter()
        .map(|record| {
            let begun = Instant::now();
            log.append(record).unwrap();
            begun.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    let micros = |share: usize| times[(times.len() - 1) * share / 100] as f64 / 1000.0;
    println!(
        "append of one record with three effects: median {:.1} µs, 90 % {:.1} µs, 99 % {:.1} µs",
        micros(50),
        micros(90),
        micros(99)
    );
    let text = "cargo test -p harbour && git commit -m \"token: see docs\" -- src/lib.rs ".repeat(1000);
    let begun = Instant::now();
    let length = redact(&text).len();
    println!(
        "redaction: {:.0} ns per byte ({length} bytes)",
        begun.elapsed().as_nanos() as f64 / text.len() as f64
    );
}
