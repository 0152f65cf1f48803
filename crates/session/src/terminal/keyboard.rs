//! The keyboard, read in a thread of its own: nothing that is done or drawn keeps a key waiting, each key has the time at
//! which it was pressed, and a terminal that is gone holds up nobody but that thread.

use std::io::stdin;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Something that was pressed.
pub(super) struct Pressed {
    pub(super) event: Event,
    pub(super) at: Instant,
}

/// What is pressed from now on. The stream ends when nothing can be read any more.
pub(super) fn listen() -> Receiver<Pressed> {
    let (to, keys) = channel();
    thread::spawn(move || {
        while let Ok(event) = event::read() {
            let at = Instant::now();
            if to.send(Pressed { event, at }).is_err() {
                return;
            }
        }
    });
    keys
}

/// Waits until the terminal at standard input is gone. A session that has no controlling terminal is told of that by no
/// signal, and who reads keys from what is left finds the end of the input for ever.
pub fn wait_until_gone() {
    const LOOK: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };
    loop {
        let input = stdin();
        let mut polled = [PollFd::new(&input, PollFlags::empty())];
        let found = poll(&mut polled, Some(&LOOK));
        let gone = polled
            .iter()
            .any(|one| one.revents().intersects(PollFlags::HUP | PollFlags::ERR));
        match found {
            Ok(0) => {}
            Ok(_) if gone => return,
            // Some systems can't poll a terminal; they send the signal.
            Ok(_) | Err(_) => thread::sleep(Duration::from_secs(1)),
        }
    }
}
