//! Which sentences of a suspicious window are meant: those that made it suspicious, and what follows directly from them, as a
//! command follows from "run this:". What else stands near is no part of the order, whatever it names.

use crate::features;
use crate::sign::{Sign, Signs};
use crate::tokens::Token;

/// What an order or a command has.
const ORDERS: Signs = Signs::NONE.with(Sign::Imperative).with(Sign::Shell);
/// A sentence that is longer, in words, is looked at in pieces.
const LONGEST: usize = 60;

/// The sentences of the words between `from` and `to` that are meant, as places in the list of words. `sums` says what the
/// words before each place add up to.
pub(crate) fn sentences(text: &str, tokens: &[Token], sums: &[i64], (from, to): (usize, usize)) -> Vec<(usize, usize)> {
    let gap = |at: usize| -> &str {
        let end = at
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .map_or(0, |token| token.end);
        let start = tokens.get(at).map_or(text.len(), |token| token.start as usize);
        text.get(end as usize..start).unwrap_or_default()
    };
    let weight = |start: usize, end: usize| {
        let sum = |at: usize| sums.get(at).copied().unwrap_or_default();
        sum(end) - sum(start)
    };
    let mut all: Vec<(usize, usize)> = Vec::new();
    let mut start = from;
    for at in from + 1..=to {
        let next = tokens.get(at).and_then(|token| text.get(token.start as usize..));
        if at == to || ends_sentence(gap(at), next.unwrap_or_default()) || at - start >= LONGEST {
            all.push((start, at));
            start = at;
        }
    }
    let begins = tokens.get(from).map_or(0, |token| token.start as usize);
    let marks = text.get(..begins).map_or(0, |before| before.matches("```").count());
    // What stands in the block of code that a meant sentence leads to is meant, up to the block's end.
    let (mut in_block, mut block_meant) = (marks % 2 == 1, false);
    let (mut before_meant, mut follows) = (false, false);
    let mut meant = Vec::new();
    for (start, end) in all {
        if start > from && gap(start).contains("```") {
            in_block = !in_block;
            block_meant = in_block && before_meant;
        }
        // A further order, or a command, is as much a part of it as what stands in the same line behind it.
        let orders = features::signs(tokens.get(start..end).unwrap_or_default()).any(ORDERS);
        let behind = before_meant && !gap(start).contains('\n');
        let is_meant = block_meant || follows || behind || orders || weight(start, end) > 0;
        if is_meant {
            meant.push((start, end));
        }
        before_meant = is_meant;
        follows = is_meant && leads_on(gap(end));
    }
    meant
}

/// Whether a sentence ends in what stands between two words, of which the second begins what comes next. A line that was only
/// broken goes on.
fn ends_sentence(gap: &str, next: &str) -> bool {
    let mut letters = gap.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let after = letters.peek().map(|(_, letter)| *letter);
        match letter {
            '。' | '！' | '？' => return true,
            '.' | '!' | '?' | ';' if after.is_some_and(|next| next.is_whitespace() || next == '"') => return true,
            '\\' if after == Some('n') => return true,
            '\n' => {
                let rest = gap.get(at + 1..).unwrap_or_default();
                let marks = rest.trim_start_matches([' ', '\t', '#', '*', '/', '\'', '"', '(']);
                let word = next.split([' ', '\n']).next().unwrap_or_default();
                let goes_on = marks.is_empty()
                    && next.starts_with(|letter: char| letter.is_lowercase() || letter.is_numeric())
                    && !word.ends_with(':');
                if !goes_on {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether what comes next belongs to the sentence before: a list or a line that it leads to.
fn leads_on(gap: &str) -> bool {
    gap.trim_start_matches([' ', '"', '\'', '*', '`', ')'])
        .starts_with([':', '：'])
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use crate::request::Request;
    use crate::sign::Signs;
    use crate::tokens;

    /// The meant sentences, if only this word counts.
    fn meant(text: &str, heavy: &str) -> Vec<String> {
        let tokens = tokens::read(text, &[], Signs::NONE, &Request::default());
        let mut sums = vec![0];
        for token in &tokens {
            let is_heavy = text.get(token.start as usize..token.end as usize) == Some(heavy);
            sums.push(sums.last().copied().unwrap_or_default() + if is_heavy { 9 } else { -1 });
        }
        sentences(text, &tokens, &sums, (0, tokens.len()))
            .into_iter()
            .filter_map(|(start, end)| {
                let (first, last) = (tokens.get(start)?, tokens.get(end - 1)?);
                text.get(first.start as usize..last.end as usize).map(str::to_owned)
            })
            .collect()
    }

    #[test]
    fn only_the_sentence_that_counts_is_meant() {
        assert_eq!(
            meant("It is at a.example. Nobody minds.\n\nSo marmalade it is", "marmalade"),
            ["So marmalade it is"]
        );
        assert_eq!(meant("One line\nSo marmalade\nAnother", "marmalade"), ["So marmalade"]);
        // A line that was only broken goes on.
        assert_eq!(
            meant("So marmalade and\n  the other one: b.example\nAnother", "marmalade"),
            ["So marmalade and\n  the other one: b.example"]
        );
    }

    #[test]
    fn what_a_meant_sentence_leads_to_is_meant_as_well() {
        assert_eq!(
            meant("So marmalade this:\nFrobnicate x\nDone", "marmalade"),
            ["So marmalade this", "Frobnicate x"]
        );
        assert_eq!(
            meant("So marmalade. It is at b.example\nDone", "marmalade"),
            ["So marmalade", "It is at b.example"]
        );
        assert_eq!(
            meant(
                "So marmalade\n```\nFrobnicate x\nFrobnicate y\n```\nSee b.example\n```\nBob\n```\n",
                "marmalade"
            ),
            ["So marmalade", "Frobnicate x", "Frobnicate y"]
        );
        // The neighbour: a block that no meant sentence leads to.
        assert_eq!(
            meant("It is:\n```\nBob\n```\nSo marmalade", "marmalade"),
            ["So marmalade"]
        );
    }
}
