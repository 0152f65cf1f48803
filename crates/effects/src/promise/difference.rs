//! What a change takes away and what it puts there, between two sequences. Says nothing of what the parts mean.

/// Larger differences are not worked out.
const MOST_STEPS: usize = 1 << 20;

/// The parts that are only in the old sequence and those that are only in the new one, in order.
pub(super) struct Difference<'a, T> {
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
}

/// The difference with the longest common subsequence kept; `None` if it would take too long.
pub(super) fn difference<'a, T: PartialEq>(old: &'a [T], new: &'a [T]) -> Option<Difference<'a, T>> {
    let (old, new) = trimmed(old, new);
    let width = new.len().checked_add(1)?;
    if old.len().checked_add(1)?.checked_mul(width)? > MOST_STEPS {
        return None;
    }
    // `kept[i][j]`: how much the ends from `i` and `j` have in common, written from the last row to the first.
    let mut kept: Vec<Vec<u32>> = vec![vec![0; width]];
    for left in old.iter().rev() {
        let below = kept.last()?;
        let mut row = vec![0_u32; width];
        for (at, right) in new.iter().enumerate().rev() {
            let best = if left == right {
                below.get(at + 1)?.checked_add(1)?
            } else {
                (*below.get(at)?).max(*row.get(at + 1)?)
            };
            *row.get_mut(at)? = best;
        }
        kept.push(row);
    }
    let common = |left: usize, right: usize| {
        let row = kept.get(old.len().checked_sub(left)?)?;
        row.get(right).copied()
    };
    let (mut left, mut right) = (0, 0);
    let mut out = Difference {
        removed: Vec::new(),
        added: Vec::new(),
    };
    loop {
        match (old.get(left), new.get(right)) {
            (Some(one), Some(other)) if one == other => {
                left += 1;
                right += 1;
            }
            (Some(one), Some(other)) => {
                if common(left + 1, right)? >= common(left, right + 1)? {
                    out.removed.push(one);
                    left += 1;
                } else {
                    out.added.push(other);
                    right += 1;
                }
            }
            (Some(one), None) => {
                out.removed.push(one);
                left += 1;
            }
            (None, Some(other)) => {
                out.added.push(other);
                right += 1;
            }
            (None, None) => return Some(out),
        }
    }
}

/// Both without what they begin and end with in common.
fn trimmed<'a, T: PartialEq>(old: &'a [T], new: &'a [T]) -> (&'a [T], &'a [T]) {
    let (old, new) = after_common_start(old, new);
    before_common_end(old, new)
}

fn after_common_start<'a, T: PartialEq>(old: &'a [T], new: &'a [T]) -> (&'a [T], &'a [T]) {
    let same = old.iter().zip(new).take_while(|(left, right)| left == right).count();
    (old.get(same..).unwrap_or_default(), new.get(same..).unwrap_or_default())
}

fn before_common_end<'a, T: PartialEq>(old: &'a [T], new: &'a [T]) -> (&'a [T], &'a [T]) {
    let same = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(left, right)| left == right)
        .count();
    (
        old.get(..old.len().saturating_sub(same)).unwrap_or_default(),
        new.get(..new.len().saturating_sub(same)).unwrap_or_default(),
    )
}

/// Whether a change of lines leaves everything around it as it was, and consists of lines that `is_inert` knows: what is
/// taken away and what comes are both known, and close the blocks that they open. `is_inert` gets a line and the lines of
/// the other side.
pub(super) fn is_inert_change(old: &str, new: &str, is_inert: impl Fn(&str, &[&str]) -> bool) -> bool {
    let old: Vec<&str> = old.lines().map(str::trim).collect();
    let new: Vec<&str> = new.lines().map(str::trim).collect();
    let holds = |(gone, come): (&[&str], &[&str])| {
        is_balanced(gone)
            && is_balanced(come)
            && gone.iter().all(|line| line.is_empty() || is_inert(line, come))
            && come.iter().all(|line| line.is_empty() || is_inert(line, gone))
    };
    // A block put beside one that ends alike can be told apart from either end.
    let (gone, come) = before_common_end(&old, &new);
    holds(trimmed(&old, &new)) || holds(after_common_start(gone, come))
}

/// Whether the lines close every block that they open, and no other.
fn is_balanced(lines: &[&str]) -> bool {
    let mut open = 0_u32;
    for line in lines {
        if line.starts_with('}') {
            let Some(rest) = open.checked_sub(1) else { return false };
            open = rest;
        }
        if line.ends_with('{') {
            open = open.saturating_add(1);
        }
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use super::{difference, is_inert_change};

    #[test]
    fn a_difference_is_what_is_only_on_one_side() {
        let of = |old: &str, new: &str| {
            let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
            let found = difference(&old, &new).unwrap();
            (
                found.removed.into_iter().collect::<String>(),
                found.added.into_iter().collect::<String>(),
            )
        };
        assert_eq!(of("abcd", "abcd"), (String::new(), String::new()));
        assert_eq!(of("abcd", "axcyd"), ("b".into(), "xy".into()));
        assert_eq!(of("", "ab"), (String::new(), "ab".into()));
        // What only changes its place goes and comes.
        assert_eq!(of("ab", "ba"), ("a".into(), "a".into()));
        let long: Vec<u32> = (0..2_000).collect();
        let other: Vec<u32> = (10_000..12_000).collect();
        assert!(difference(&long, &other).is_none());
    }

    #[test]
    fn a_change_that_reaches_into_the_blocks_around_it_is_never_inert() {
        let any = |_: &str, _: &[&str]| true;
        assert!(is_inert_change("a {\n}\n", "a {\n}\nb {\n}\n", any));
        assert!(is_inert_change("b {\n}\n", "a {\n}\nb {\n}\n", any));
        assert!(!is_inert_change("a {\nx\n}\n", "a {\n}\nx\n}\n", any));
        assert!(!is_inert_change("a {\nx\n}\n", "a {\nx\n", any));
        assert!(!is_inert_change("x\n", "y\n", |line, _| line == "y"));
    }
}
