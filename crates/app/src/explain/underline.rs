//! A text with numbered underlines below the parts that are spoken of. Layout only.

use placet_model::Span;

use crate::visible;

/// A line of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// Text as given, made visible.
    Text(String),
    /// Marks below it.
    Marks(String),
}

/// The most lines of the text that are drawn.
const MOST_LINES: usize = 60;

/// The text in lines of at most `width` columns, each with marks below it. `spans` come with their numbers.
pub(super) fn draw(text: &str, spans: &[(usize, Span)], width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut start = 0_usize;
    for (count, line) in text.split('\n').enumerate() {
        if count >= MOST_LINES {
            rows.push(Row::Marks("…".to_owned()));
            break;
        }
        for (offset, part) in chunks(line, width.max(8)) {
            let at = start.saturating_add(offset);
            rows.push(Row::Text(visible::line(part)));
            rows.extend(marks(part, at, spans).into_iter().map(Row::Marks));
        }
        start = start.saturating_add(line.len()).saturating_add(1);
    }
    rows
}

/// The line in parts of at most `width` characters, with the byte at which each begins.
fn chunks(line: &str, width: usize) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut rest = line;
    let mut at = 0_usize;
    loop {
        let end = rest.char_indices().nth(width).map_or(rest.len(), |(end, _)| end);
        let (part, behind) = rest.split_at(end);
        parts.push((at, part));
        at = at.saturating_add(end);
        rest = behind;
        if rest.is_empty() {
            return parts;
        }
    }
}

/// Lines of marks below this part of the text, which begins at byte `at`.
fn marks(part: &str, at: usize, spans: &[(usize, Span)]) -> Vec<String> {
    let mut lines: Vec<Vec<char>> = Vec::new();
    let mut ordered: Vec<&(usize, Span)> = spans.iter().collect();
    ordered.sort_by_key(|(_, span)| (span.start, core::cmp::Reverse(span.end)));
    for (number, span) in ordered {
        let column = |byte: u32| {
            let byte = (byte as usize).saturating_sub(at);
            part.char_indices().take_while(|(index, _)| *index < byte).count()
        };
        let here = span.start as usize >= at && (span.start as usize) < at.saturating_add(part.len().max(1));
        let (first, end) = (column(span.start), column(span.end));
        if end <= first || (span.end as usize) <= at {
            continue;
        }
        // The number stands where the span begins; a part of it in a later line is only drawn.
        let label = if here { number.to_string() } else { String::new() };
        let length = (end.saturating_sub(first)).max(label.chars().count());
        let drawn: Vec<char> = label.chars().chain(core::iter::repeat('─')).take(length).collect();
        let free = lines
            .iter()
            .position(|line| line.len() < first || (first == 0 && line.is_empty()));
        let line = match free.and_then(|free| lines.get_mut(free)) {
            Some(line) => line,
            None => {
                lines.push(Vec::new());
                match lines.last_mut() {
                    Some(line) => line,
                    None => continue,
                }
            }
        };
        line.resize(first, ' ');
        line.extend(drawn);
    }
    lines.into_iter().map(|line| line.into_iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use placet_model::Span;

    use super::{Row, draw};

    fn picture(text: &str, spans: &[(usize, usize)], width: usize) -> String {
        let spans: Vec<(usize, Span)> = spans
            .iter()
            .enumerate()
            .map(|(index, (start, end))| (index + 1, Span::new(*start, *end)))
            .collect();
        draw(text, &spans, width)
            .into_iter()
            .map(|row| match row {
                Row::Text(text) | Row::Marks(text) => text + "\n",
            })
            .collect()
    }

    #[test]
    fn spans_are_marked_below_the_text_and_nested_ones_get_a_line_of_their_own() {
        let expected = "git pull && rm -r x\n1───────    2──────\n                  3\n";
        assert_eq!(
            picture("git pull && rm -r x", &[(0, 8), (12, 19), (18, 19)], 80),
            expected
        );
    }

    #[test]
    fn a_span_goes_on_over_line_ends_and_wide_letters_keep_the_columns() {
        assert_eq!(picture("é rm\nx y", &[(3, 6)], 80), "é rm\n  1─\nx y\n");
        assert_eq!(picture("ab\ncd", &[(1, 4)], 80), "ab\n 1\ncd\n─\n");
        assert_eq!(picture("abcdefghijkl", &[(6, 10)], 8), "abcdefgh\n      1─\nijkl\n──\n");
    }

    #[test]
    fn a_text_that_would_steer_the_terminal_is_only_shown() {
        assert_eq!(picture("a\u{1b}[2J", &[(0, 1)], 80), "a␛[2J\n1\n");
    }
}
