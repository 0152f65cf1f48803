//! How much is read, how deep, and for how long; and a stack that is large enough. Not a judgement of the code.

/// Longer sources are not read.
const SOURCE_BYTES: usize = 256 * 1024;
/// Deeper trees are not followed.
pub(crate) const TREE_DEPTH: usize = 200;
/// How many statements and expressions are looked at.
pub(crate) const STEPS: usize = 150_000;
/// How deep calls of the code's own functions are followed.
pub(crate) const CALL_DEPTH: usize = 6;
/// How deep code inside strings is followed.
pub(crate) const CODE_DEPTH: u8 = 3;
/// How many values one expression may have before it counts as unknown.
pub(crate) const ALTERNATIVES: usize = 48;
/// How long a list is followed element by element.
pub(crate) const LIST_LENGTH: usize = 1_000;
/// How long a text may grow before only its start is kept.
pub(crate) const TEXT_BYTES: usize = 64 * 1024;
/// How many operations are listed.
pub(crate) const OPERATIONS: usize = 4_000;
/// Sources of more tokens are not read.
const TOKENS: usize = 60_000;
/// Stack that one level of nesting may cost; each level needs a token at least.
const STACK_PER_TOKEN: usize = 8 * 1024;
/// Stack for the walk itself.
const STACK_BASE: usize = 1536 * 1024;

/// Runs `work` on a stack that holds it, or not at all when the source is too long. The parsers recurse without a
/// bound of their own, so the stack is sized for the deepest tree that so many tokens can make.
pub(crate) fn within<R>(source: &str, work: impl FnOnce() -> R) -> Option<R> {
    if source.len() > SOURCE_BYTES {
        return None;
    }
    let tokens = tokens(source);
    if tokens > TOKENS {
        return None;
    }
    let need = STACK_BASE + tokens * STACK_PER_TOKEN;
    Some(stacker::maybe_grow(need, need + STACK_BASE, work))
}

/// An upper bound for the nesting: every level costs a punctuation byte or a word.
fn tokens(source: &str) -> usize {
    let mut count = 0;
    let mut in_word = false;
    for byte in source.bytes() {
        let word = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        if (word && !in_word) || (!word && !byte.is_ascii_whitespace()) {
            count += 1;
        }
        in_word = word;
    }
    count
}
