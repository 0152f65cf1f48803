//! A progress bar on standard error, for long input. Nothing is shown before half a second has gone by.

use std::io::Write;
use std::time::{Duration, Instant};

const BAR: usize = 30;
const FIRST: Duration = Duration::from_millis(500);
const EVERY: Duration = Duration::from_millis(100);

/// How far it is.
pub(super) struct Progress {
    shown: bool,
    size: Option<u64>,
    bytes: u64,
    lines: usize,
    begun: Instant,
    last: Option<Instant>,
}

impl Progress {
    /// `size` in bytes, where it is known.
    pub(super) fn new(shown: bool, size: Option<u64>) -> Self {
        Self {
            shown,
            size,
            bytes: 0,
            lines: 0,
            begun: Instant::now(),
            last: None,
        }
    }

    /// So many more bytes and lines are done.
    pub(super) fn went_on(&mut self, bytes: u64, lines: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.lines = self.lines.saturating_add(lines);
        let due = match self.last {
            None => self.begun.elapsed() >= FIRST,
            Some(last) => last.elapsed() >= EVERY,
        };
        if self.shown && due {
            self.last = Some(Instant::now());
            // A bar that can't be drawn is not worth an error.
            let _ = write!(std::io::stderr(), "\r{}\u{1b}[K", self.text());
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&mut self) {
        if self.last.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }

    fn text(&self) -> String {
        let rate = self.lines as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        match self.size.filter(|size| *size > 0) {
            Some(size) => {
                let part = (self.bytes as f64 / size as f64).clamp(0.0, 1.0);
                let full = (part * BAR as f64) as usize;
                format!(
                    "[{}{}] {:>3.0} %  {} decisions, {rate:.0} a second",
                    "█".repeat(full),
                    "·".repeat(BAR.saturating_sub(full)),
                    part * 100.0,
                    self.lines
                )
            }
            None => format!("{} decisions, {rate:.0} a second", self.lines),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn the_bar_says_how_much_is_done_and_stays_in_its_frame() {
        let mut progress = Progress::new(false, Some(200));
        progress.went_on(100, 7);
        let text = progress.text();
        assert!(text.contains("50 %") && text.contains("7 decisions"), "{text}");
        assert_eq!(text.matches('█').count(), 15);
        progress.went_on(1000, 1);
        assert!(progress.text().contains("100 %"));
    }
}
