//! The hot path of one hook call: standard input → agent → engine → audit log → standard output. No command line, no
//! runtime, no network. Everything that goes wrong ends in a refusal; read [`main`], then `answer.rs`.

mod answer;
mod approvals;
mod aside;
pub mod decision;
mod input;
mod judge;
mod line;
mod memory;
mod notes;
pub mod opinion;
mod places;
pub mod policies;
mod probe;
pub mod second;
mod situation;
pub mod trust;
mod watch;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use placet_agents::{Agent, Reply};
use placet_engine::Failure;

use line::Line;

pub use approvals::Fingerprint;
pub use aside::Aside;
pub use judge::for_the_service;
pub use places::{Places, PolicyPlace};
pub use placet_agents::Environment;
pub use placet_probe::Level;
pub use probe::Told;
pub use situation::{Situation, situation};

/// For every program that holds the hot path: musl's own allocator is several times slower.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// What one call is told by its process.
pub struct Call<'a> {
    /// Variables of the environment.
    pub environment: &'a Environment<'a>,
    /// Milliseconds since the epoch.
    pub now: u64,
    /// When the call began.
    pub begun: Instant,
    /// From which finding on the caller wants a tool's result withheld; a policy may be stricter.
    pub block_on: Option<Level>,
    /// Asks for so much more time than a call usually has.
    pub wait_longer: &'a dyn Fn(Duration),
}

/// Answers one call of an agent's hook, as the words behind `placet hook` say, and ends the process.
pub fn main(words: impl IntoIterator<Item = OsString>) -> ! {
    let begun = Instant::now();
    let watch = watch::Watch::start(blocked(&Failure::Deadline));
    let (agent, block_on) = match line::read(words) {
        Ok(Line::Answer { agent, block_on }) => (agent, block_on),
        Ok(Line::Help) => watch.finish(&Reply {
            stdout: line::HELP.to_owned(),
            ..Reply::default()
        }),
        Err(why) => watch.finish(&Reply {
            stdout: String::new(),
            stderr: format!("placet: {why}\n"),
            exit_code: 2,
        }),
    };
    // What a panic says goes into the answer, not to a terminal that nobody reads.
    std::panic::set_hook(Box::new(|_| {}));
    let environment = |name: &str| std::env::var(name).ok();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|time| u64::try_from(time.as_millis()).ok());
    let call = Call {
        environment: &environment,
        now: now.unwrap_or_default(),
        begun,
        block_on,
        wait_longer: &|time| watch.wait_longer(time),
    };
    let stdin = std::io::stdin();
    let read = || input::read(stdin.lock(), || input::comes(&stdin), &|| watch.speak_in_time());
    let reply = caught(blocked, || match read() {
        Ok(bytes) => run(agent, &bytes, &call, &|refusal| watch.refuse_with(refusal)),
        Err(error) => blocked(&Failure::BadInput(error.to_string())),
    });
    watch.finish(&reply)
}

/// The reply to one message. `in_case` is told what to say should this not come to an end in time.
pub fn run(agent: &Agent, bytes: &[u8], call: &Call<'_>, in_case: &dyn Fn(Reply)) -> Reply {
    let event = match (agent.parse)(bytes) {
        Ok(event) => event,
        Err(error) => return (agent.reject)(&error),
    };
    let refusal = |failure: &Failure| (agent.refuse)(&event, &sentence(failure));
    in_case(refusal(&Failure::Deadline));
    caught(refusal, || {
        answer::to(agent, &event, bytes, call).unwrap_or_else(|failure| refusal(&failure))
    })
}

/// The reply, or a refusal if the way to it panics.
fn caught(refusal: impl Fn(&Failure) -> Reply, reply: impl FnOnce() -> Reply) -> Reply {
    catch_unwind(AssertUnwindSafe(reply)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        refusal(&Failure::Crash(text.unwrap_or_else(|| "no reason given".to_owned())))
    })
}

/// Before the event is known, an exit code is all there is.
fn blocked(failure: &Failure) -> Reply {
    Reply {
        stdout: String::new(),
        stderr: format!("{}\n", sentence(failure)),
        exit_code: 2,
    }
}

fn sentence(failure: &Failure) -> String {
    format!(
        "Placet can't decide this call, so it is not allowed ({}): {}.",
        failure.id(),
        failure.reason()
    )
}

#[cfg(test)]
mod tests {
    use super::{blocked, caught};

    #[test]
    fn a_panic_becomes_a_block_that_says_why() {
        for reply in [
            caught(blocked, || panic!("out of {}", "luck")),
            caught(blocked, || panic!("out of luck")),
        ] {
            assert_eq!(reply.exit_code, 2);
            assert!(
                reply.stderr.contains("(crash)") && reply.stderr.contains("out of luck"),
                "{}",
                reply.stderr
            );
            assert_eq!(reply.stdout, "");
        }
    }
}
