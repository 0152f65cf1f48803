//! A unified diff of two small texts. Not a general one: settings files have hundreds of lines, not millions.

/// Lines of context.
const CONTEXT: usize = 3;

/// Above this many line pairs the differing middle is shown as one replacement.
const MAX_PAIRS: usize = 4_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    Added(&'a str),
}

/// The diff, or nothing when the texts are the same.
pub(super) fn unified(name: &str, before: Option<&str>, after: &str) -> String {
    let old = before.unwrap_or_default();
    if old == after {
        return String::new();
    }
    let lines = compare(
        &old.split_inclusive('\n').collect::<Vec<_>>(),
        &after.split_inclusive('\n').collect::<Vec<_>>(),
    );
    let from = if before.is_some() { name } else { "/dev/null" };
    let mut out = format!("--- {from}\n+++ {name}\n");
    for hunk in hunks(&lines) {
        write_hunk(&lines, hunk, &mut out);
    }
    out
}

fn compare<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let middle = |list: &[&'a str]| list.get(..list.len().saturating_sub(tail)).unwrap_or_default().to_vec();
    let mut lines: Vec<Line<'a>> = old.iter().take(head).map(|line| Line::Same(line)).collect();
    lines.extend(compare_middle(&middle(old_rest), &middle(new_rest)));
    lines.extend(
        old.iter()
            .skip(old.len().saturating_sub(tail))
            .map(|line| Line::Same(line)),
    );
    lines
}

/// Longest common subsequence, by table.
fn compare_middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let width = new.len().saturating_add(1);
    if old.len().saturating_mul(width) > MAX_PAIRS {
        return old
            .iter()
            .map(|l| Line::Gone(l))
            .chain(new.iter().map(|l| Line::Added(l)))
            .collect();
    }
    let mut table = vec![0_u32; old.len().saturating_add(1).saturating_mul(width)];
    let cell = |table: &[u32], i: usize, j: usize| {
        table
            .get(i.saturating_mul(width).saturating_add(j))
            .copied()
            .unwrap_or(0)
    };
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let value = if a == b {
                cell(&table, i.saturating_add(1), j.saturating_add(1)).saturating_add(1)
            } else {
                cell(&table, i.saturating_add(1), j).max(cell(&table, i, j.saturating_add(1)))
            };
            if let Some(slot) = table.get_mut(i.saturating_mul(width).saturating_add(j)) {
                *slot = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (None, None) => return lines,
            (Some(a), Some(b)) if a == b => {
                lines.push(Line::Same(a));
                (i, j) = (i.saturating_add(1), j.saturating_add(1));
            }
            (Some(a), b)
                if b.is_none() || cell(&table, i.saturating_add(1), j) >= cell(&table, i, j.saturating_add(1)) =>
            {
                lines.push(Line::Gone(a));
                i = i.saturating_add(1);
            }
            (_, Some(b)) => {
                lines.push(Line::Added(b));
                j = j.saturating_add(1);
            }
            (Some(_), None) => return lines,
        }
    }
}

fn hunks(lines: &[Line<'_>]) -> Vec<core::ops::Range<usize>> {
    let mut hunks: Vec<core::ops::Range<usize>> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if matches!(line, Line::Same(_)) {
            continue;
        }
        let range = index.saturating_sub(CONTEXT)..index.saturating_add(CONTEXT).saturating_add(1).min(lines.len());
        match hunks.last_mut() {
            Some(last) if last.end >= range.start => last.end = range.end,
            Some(_) | None => hunks.push(range),
        }
    }
    hunks
}

fn write_hunk(lines: &[Line<'_>], hunk: core::ops::Range<usize>, out: &mut String) {
    let count = |part: &[Line<'_>], old: bool| {
        part.iter()
            .filter(|line| match line {
                Line::Same(_) => true,
                Line::Gone(_) => old,
                Line::Added(_) => !old,
            })
            .count()
    };
    let before = lines.get(..hunk.start).unwrap_or_default();
    let part = lines.get(hunk).unwrap_or_default();
    let (old, new) = (count(part, true), count(part, false));
    let start = |old_side: bool, length: usize| count(before, old_side).saturating_add(usize::from(length > 0));
    out.push_str(&format!(
        "@@ -{},{old} +{},{new} @@\n",
        start(true, old),
        start(false, new)
    ));
    for line in part {
        let (sign, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Gone(text) => ('-', text),
            Line::Added(text) => ('+', text),
        };
        out.push(sign);
        out.push_str(text);
        if !text.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}
