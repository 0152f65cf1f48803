//! The last word: exactly one reply leaves the process, in time. Not who decides what it says.
//!
//! Whatever happens, an alarm ends the process with the code that blocks: also where the kernel keeps it waiting (a network
//! file system, a lock), which no check between steps can do. That costs two calls of the kernel, and says nothing. Where
//! time is likely to pass (an input that doesn't come, a large one, somebody is asked for an opinion) a thread waits for an
//! earlier deadline and says why. A thread for every call would take a tenth of it. Where there are no alarms, there is
//! always the thread.

use std::cell::Cell;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use placet_agents::Reply;

/// How long a call may take. Agents wait far longer, and then let the call run.
const DEADLINE: Duration = Duration::from_secs(3);

/// How much later than the deadline the alarm goes off.
const GRACE: Duration = Duration::from_secs(1);

/// What blocks in every agent when nothing better can be said.
const BLOCKS: i32 = 2;

/// The alarm, the waiting thread if there is one, and what it will say.
pub(crate) struct Watch {
    state: Arc<Mutex<State>>,
    waits: Cell<bool>,
}

struct State {
    refusal: Reply,
    spoken: bool,
    ends: Instant,
}

impl Watch {
    /// Sets the alarm; `refusal` is said if the time runs out while the thread waits.
    pub(crate) fn start(refusal: Reply) -> Self {
        let watch = Self {
            state: Arc::new(Mutex::new(State {
                refusal,
                spoken: false,
                ends: Instant::now() + DEADLINE,
            })),
            waits: Cell::new(false),
        };
        if !alarm::is_heard() || !alarm::set(DEADLINE + GRACE) {
            watch.speak_in_time();
        }
        watch
    }

    /// Says why in time, should the time run out: from here on it may.
    pub(crate) fn speak_in_time(&self) {
        if self.waits.replace(true) {
            return;
        }
        let waiting = Arc::clone(&self.state);
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
    }

    /// What is said if the time runs out from here on.
    pub(crate) fn refuse_with(&self, refusal: Reply) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).refusal = refusal;
    }

    /// Waits so much longer, for an opinion that takes time. What else a call does has to fit into the usual time.
    pub(crate) fn wait_longer(&self, time: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ends = state.ends.checked_add(time).unwrap_or(state.ends);
        let left = state.ends.saturating_duration_since(Instant::now());
        drop(state);
        alarm::set(left + GRACE);
        self.speak_in_time();
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

/// The process's one alarm clock.
#[cfg(unix)]
mod alarm {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use nix::sys::signal::{SigSet, Signal};
    use signal_hook::consts::SIGALRM;

    /// Has the process end with the code that blocks when the alarm goes off; whether that could be arranged. Whoever
    /// starts the hook may have left the signal blocked.
    pub(super) fn is_heard() -> bool {
        let always = Arc::new(AtomicBool::new(true));
        signal_hook::flag::register_conditional_shutdown(SIGALRM, super::BLOCKS, always).is_ok()
            && SigSet::from(Signal::SIGALRM).thread_unblock().is_ok()
    }

    /// Sets it anew, to whole seconds; whether there is one.
    pub(super) fn set(after: Duration) -> bool {
        let seconds = u32::try_from(after.as_secs().max(1)).unwrap_or(u32::MAX);
        nix::unistd::alarm::set(seconds);
        true
    }
}

/// There is none here.
#[cfg(not(unix))]
mod alarm {
    use std::time::Duration;

    pub(super) fn is_heard() -> bool {
        false
    }

    pub(super) fn set(_after: Duration) -> bool {
        false
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
