//! Standard input, up to a size. Reads bytes only; what they mean is the agent's business.

use std::io::{self, ErrorKind, Read};

use placet_agents::MAX_INPUT;

/// A message of at most so many bytes takes no time worth speaking of.
pub(crate) const USUAL: usize = 32 * 1024;

/// Everything that comes, or one byte more than is ever read, which the reader then refuses as too large. `slow` is called
/// when time is likely to pass: nothing comes for a while, or a lot does.
pub(crate) fn read(mut from: impl Read, comes: impl Fn() -> bool, slow: &dyn Fn()) -> io::Result<Vec<u8>> {
    let limit = MAX_INPUT.saturating_add(1);
    let mut bytes = Vec::with_capacity(4096);
    let mut piece = [0; 8192];
    while bytes.len() < limit {
        if !comes() || bytes.len() > USUAL {
            slow();
        }
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(limit);
    Ok(bytes)
}

/// Whether something of the message, or its end, is there or comes soon: agents write it at once.
#[cfg(unix)]
pub(crate) fn comes(stdin: &io::Stdin) -> bool {
    use std::os::fd::AsFd;

    use nix::poll::{PollFd, PollFlags, poll};

    /// In milliseconds.
    const PATIENCE: u16 = 20;
    poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], PATIENCE).is_ok_and(|ready| ready > 0)
}

/// Nothing is known of it here.
#[cfg(not(unix))]
pub(crate) fn comes(_stdin: &io::Stdin) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{USUAL, read};

    #[test]
    fn reading_stops_at_the_limit_even_if_the_input_never_ends() {
        let read = |from: &mut dyn std::io::Read| read(from, || true, &|| ()).unwrap();
        assert_eq!(read(&mut std::io::repeat(b' ')).len(), placet_agents::MAX_INPUT + 1);
        assert_eq!(read(&mut &b"{}"[..]), b"{}");
    }

    #[test]
    fn an_input_that_is_slow_or_large_is_said_to_be() {
        for (size, comes, slow) in [(20, true, false), (20, false, true), (USUAL * 2, true, true)] {
            let said = Cell::new(false);
            let text = vec![b' '; size];
            assert_eq!(read(&*text, || comes, &|| said.set(true)).unwrap(), text);
            assert_eq!(said.get(), slow, "{size} {comes}");
        }
    }
}
