//! The last word: exactly one reply leaves the process, in time. Not who decides what it says.
//!
//! A thread waits for the deadline. That costs a few hundredths of a millisecond; what it buys is an answer also where
//! the kernel keeps the main thread waiting (a network file system, a lock, an input that never ends), which no check
//! between steps can give, and a signal that ends the process would let the call run.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use placet_agents::Reply;

/// How long a call may take. Agents wait far longer, and then let the call run.
const DEADLINE: Duration = Duration::from_secs(3);

/// What blocks in every agent when nothing better can be said.
const BLOCKS: i32 = 2;

/// The waiting thread, and what it will say.
pub(crate) struct Watch {
    state: Arc<Mutex<State>>,
}

struct State {
    refusal: Reply,
    spoken: bool,
    ends: Instant,
}

impl Watch {
    /// Starts waiting; `refusal` is said if the time runs out.
    pub(crate) fn start(refusal: Reply) -> Self {
        let state = Arc::new(Mutex::new(State {
            refusal,
            spoken: false,
            ends: Instant::now() + DEADLINE,
        }));
        let waiting = Arc::clone(&state);
        let thread = thread::Builder::new().stack_size(64 * 1024).spawn(move || {
            // Whoever is asked for an opinion may move the end further away meanwhile.
            while let Some(left) = ends(&waiting).checked_duration_since(Instant::now()) {
                thread::sleep(left);
            }
            if let Some(refusal) = take_turn(&waiting) {
                say(&refusal);
            }
            // The main thread has begun to speak and is stuck: what it said so far must not count.
            std::process::exit(BLOCKS);
        });
        if thread.is_err() {
            // Without a deadline the agent's own would let the call run.
            std::process::exit(BLOCKS);
        }
        Self { state }
    }

    /// What is said if the time runs out from here on.
    pub(crate) fn refuse_with(&self, refusal: Reply) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).refusal = refusal;
    }

    /// Waits so much longer, for an opinion that takes time. What else a call does has to fit into the usual time.
    pub(crate) fn wait_longer(&self, time: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ends = state.ends.checked_add(time).unwrap_or(state.ends);
    }

    /// Says the reply and ends the process.
    pub(crate) fn finish(self, reply: &Reply) -> ! {
        if take_turn(&self.state).is_some() {
            say(reply);
        }
        // The deadline was first; it ends the process as soon as it has spoken.
        loop {
            thread::park();
        }
    }
}

fn ends(state: &Mutex<State>) -> Instant {
    state.lock().unwrap_or_else(PoisonError::into_inner).ends
}

/// The refusal, for the one who speaks first.
fn take_turn(state: &Mutex<State>) -> Option<Reply> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if core::mem::replace(&mut state.spoken, true) {
        None
    } else {
        Some(core::mem::take(&mut state.refusal))
    }
}

/// A reply that could not be written whole counts for nothing, so it ends as a block.
fn say(reply: &Reply) -> ! {
    let _ = std::io::stderr().write_all(reply.stderr.as_bytes());
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(reply.stdout.as_bytes()).and_then(|()| stdout.flush());
    std::process::exit(if written.is_ok() {
        i32::from(reply.exit_code)
    } else {
        BLOCKS
    });
}
