//! Which of the user's messages are kept where they are too many: the newest, then the oldest; the rest is counted. Of
//! boundaries none may be missing.

use serde::Serialize;

use crate::trusted::Trusted;

/// Bytes of all messages together.
const ALL: usize = 32 * 1024;
/// Bytes of the oldest ones, which say what the work is about.
const OLDEST: usize = 8 * 1024;
/// Bytes of one.
const ONE: usize = 6 * 1024;

/// A message, or how many are missing in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Kept {
    /// A message.
    Message {
        /// Its number, counted from 1.
        message: usize,
        /// What the user wrote.
        text: Trusted,
    },
    /// Messages that are not shown.
    Gap {
        /// How many.
        messages_left_out: usize,
    },
}

/// Boundaries as long as they fit, and whether those are all.
pub(crate) fn all_or_some(boundaries: impl Iterator<Item = Trusted>) -> (Vec<Trusted>, bool) {
    let (mut kept, mut left) = (Vec::new(), ALL);
    for boundary in boundaries {
        let Some(fewer) = left.checked_sub(boundary.text().len()) else {
            return (kept, false);
        };
        left = fewer;
        kept.push(boundary);
    }
    (kept, true)
}

/// Those that fit, in their order.
pub(crate) fn keep(messages: &[Trusted]) -> Vec<Kept> {
    let short: Vec<Trusted> = messages.iter().map(|message| message.shortened(ONE)).collect();
    let mut oldest = 0;
    let mut left = OLDEST;
    for message in &short {
        let Some(fewer) = left.checked_sub(message.text().len()) else {
            break;
        };
        left = fewer;
        oldest += 1;
    }
    let mut left = ALL - (OLDEST - left);
    let mut newest = short.len();
    for message in short.iter().skip(oldest).rev() {
        let Some(fewer) = left.checked_sub(message.text().len()) else {
            break;
        };
        left = fewer;
        newest -= 1;
    }
    let mut kept = Vec::new();
    for (index, text) in short.into_iter().enumerate() {
        if index == oldest && newest > oldest {
            kept.push(Kept::Gap {
                messages_left_out: newest - oldest,
            });
        }
        if index < oldest || index >= newest {
            kept.push(Kept::Message {
                message: index + 1,
                text,
            });
        }
    }
    kept
}
