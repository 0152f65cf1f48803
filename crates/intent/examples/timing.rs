#![allow(missing_docs)]
fn main() {
    let rows = std::fs::read_to_string(std::env::args().nth(1).unwrap_or_default()).unwrap_or_default();
    let sets: Vec<Vec<String>> = rows
        .lines()
        .map(|l| l.split('\u{1}').map(|m| m.replace('\u{2}', "\n")).collect())
        .collect();
    let mut times: Vec<(f64, usize)> = Vec::new();
    for set in &sets {
        let mut t = f64::MAX;
        for _ in 0..15 {
            let start = std::time::Instant::now();
            let read = if std::env::args().count() > 2 {
                usize::from(placet_intent::may_bind(set))
            } else {
                placet_intent::read(set).grants.len()
            };
            t = t.min(start.elapsed().as_secs_f64() * 1e6);
            std::hint::black_box(read);
        }
        times.push((t, set.iter().map(String::len).sum()));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = times.len();
    let total: f64 = times.iter().map(|t| t.0).sum();
    let bytes: usize = times.iter().map(|t| t.1).sum();
    println!(
        "n {n} median {:?} p90 {:?} p99 {:?} max {:?} ns/byte {:.1}",
        times[n / 2],
        times[n * 9 / 10],
        times[n * 99 / 100],
        times[n - 1],
        total * 1000.0 / bytes as f64
    );
}
