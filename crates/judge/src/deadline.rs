//! One deadline for everything that asking takes: both stages, further tries, and the pauses between them.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use crate::Error;

/// The most tries of one stage.
const TRIES: u32 = 4;
/// The first pause; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);

/// When it has to be over.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    begun: Instant,
    length: Duration,
}

impl Deadline {
    /// From now on.
    #[must_use]
    pub fn after(length: Duration) -> Self {
        Self {
            begun: Instant::now(),
            length,
        }
    }

    /// What is left.
    ///
    /// # Errors
    /// When nothing is.
    pub fn left(&self) -> Result<Duration, Error> {
        self.length
            .checked_sub(self.begun.elapsed())
            .filter(|left| *left > Duration::ZERO)
            .ok_or_else(|| self.over())
    }

    /// The error that says that it is over.
    #[must_use]
    pub fn over(&self) -> Error {
        Error::Deadline {
            seconds: self
                .length
                .as_secs()
                .saturating_add(u64::from(self.length.subsec_nanos() > 0)),
        }
    }

    /// Tries until it works, until trying again is of no use, or until a further try would come too late.
    ///
    /// # Errors
    /// That of the last try.
    pub(crate) fn retried<T>(&self, mut one: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        let mut tries = 0;
        loop {
            self.left()?;
            let error = match one() {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            tries += 1;
            if !error.is_passing() || tries >= TRIES {
                return Err(error);
            }
            let wanted = if let Error::RateLimited { wait: Some(wait) } = &error {
                *wait
            } else {
                Duration::ZERO
            };
            let pause = wanted
                .max(PAUSE.saturating_mul(1 << (tries - 1)))
                .saturating_add(jitter());
            if self.left().is_ok_and(|left| pause < left) {
                thread::sleep(pause);
            } else {
                return Err(error);
            }
        }
    }
}

/// Up to a quarter of a second, so that many who were turned away do not come back together.
fn jitter() -> Duration {
    // Each of these states is seeded by the system.
    Duration::from_millis(RandomState::new().build_hasher().finish() % 250)
}
