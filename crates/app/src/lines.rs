//! JSON Lines as they come in: what is there to be read is one batch, so that a program that asks line by line gets its
//! answers line by line. What a line means is not known here.

use std::io::{BufRead, BufReader, Read};

use crate::Error;

/// Lines that are answered together.
const BATCH: usize = 4096;
/// A longer line is no call.
const LONGEST_LINE: usize = placet_agents::MAX_INPUT;

/// Where lines come from.
pub(crate) type Input = BufReader<Box<dyn Read>>;

/// Lines that were there to be read.
pub(crate) struct Batch {
    /// Without those that follow later.
    pub(crate) lines: Vec<Vec<u8>>,
    /// The number of the first line.
    pub(crate) first: u64,
    /// What they took.
    pub(crate) bytes: u64,
    /// There was nothing more to be read without waiting.
    pub(crate) drained: bool,
}

impl Batch {
    /// Reads the next ones, after so many lines.
    pub(crate) fn read(input: &mut Input, before: u64) -> Result<Self, Error> {
        let mut batch = Self {
            lines: Vec::new(),
            first: before.saturating_add(1),
            bytes: 0,
            drained: false,
        };
        while batch.lines.len() < BATCH && !batch.drained {
            let mut line = Vec::new();
            let read = input.by_ref().take(LONGEST_LINE as u64).read_until(b'\n', &mut line)?;
            if read == 0 {
                break;
            }
            batch.bytes = batch.bytes.saturating_add(read as u64);
            if line.last() != Some(&b'\n') && read == LONGEST_LINE {
                // The rest of a line that is too long is skipped; what is kept is no JSON, and said so.
                batch.bytes = batch.bytes.saturating_add(skip_line(input)?);
                line.truncate(64);
            }
            batch.lines.push(line);
            batch.drained = !input.buffer().contains(&b'\n');
        }
        Ok(batch)
    }
}

fn skip_line(input: &mut Input) -> Result<u64, Error> {
    let mut skipped = 0_u64;
    loop {
        let (used, done) = {
            let buffer = input.fill_buf()?;
            match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at.saturating_add(1), true),
                None => (buffer.len(), buffer.is_empty()),
            }
        };
        input.consume(used);
        skipped = skipped.saturating_add(used as u64);
        if done {
            return Ok(skipped);
        }
    }
}
