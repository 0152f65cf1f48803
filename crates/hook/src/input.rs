//! Standard input, up to a size. Reads bytes only; what they mean is the agent's business.

use std::io::{self, Read};

use placet_agents::MAX_INPUT;

/// A message of at most so many bytes takes no time worth speaking of.
pub(crate) const USUAL: usize = 32 * 1024;

/// Whether a message has begun to come: agents write it at once. Not how much of it.
#[cfg(unix)]
pub(crate) fn is_there() -> bool {
    use std::os::fd::AsFd;

    use nix::poll::{PollFd, PollFlags, poll};

    /// In milliseconds.
    const PATIENCE: u16 = 20;
    let stdin = io::stdin();
    poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], PATIENCE).is_ok_and(|ready| ready > 0)
}

/// Nothing is known of it here.
#[cfg(not(unix))]
pub(crate) fn is_there() -> bool {
    false
}

/// Everything that comes, or one byte more than is ever read, which the reader then refuses as too large.
pub(crate) fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(MAX_INPUT).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::with_capacity(4096);
    from.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reading_stops_at_the_limit_even_if_the_input_never_ends() {
        assert_eq!(read(std::io::repeat(b' ')).unwrap().len(), placet_agents::MAX_INPUT + 1);
        assert_eq!(read(&b"{}"[..]).unwrap(), b"{}");
    }
}
