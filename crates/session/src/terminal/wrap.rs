//! Text in columns: cut into lines by how wide its characters are. What would steer a terminal is shown, not obeyed.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthChar;

/// As many marks are shown on one letter.
const MARKS: usize = 3;

/// Lines of at most this width; words are kept together where they fit.
pub(super) fn wrapped(text: &str, style: Style, width: usize, indent: &str) -> Vec<Line<'static>> {
    text.split('\n')
        .flat_map(|line| spans(&[(line.to_owned(), style)], width, indent))
        .collect()
}

/// The same for pieces in different styles that make one paragraph.
pub(super) fn spans(pieces: &[(String, Style)], width: usize, indent: &str) -> Vec<Line<'static>> {
    let indent_width = columns(indent);
    let room = width.saturating_sub(indent_width).max(4);
    let mut lines: Vec<Vec<(char, Style)>> = vec![Vec::new()];
    let mut used = 0_usize;
    let mut marks = 0_usize;
    for (letter, style) in pieces
        .iter()
        .flat_map(|(text, style)| text.chars().map(move |letter| (harmless(letter), *style)))
    {
        let wide = letter.width().unwrap_or_default();
        // A pile of marks on one letter would reach over other lines.
        marks = if wide == 0 { marks.saturating_add(1) } else { 0 };
        if marks > MARKS {
            continue;
        }
        if used.saturating_add(wide) > room {
            let tail = lines.last_mut().map(last_word).unwrap_or_default();
            used = tail.iter().map(|(letter, _)| letter.width().unwrap_or_default()).sum();
            lines.push(tail);
        }
        if let Some(line) = lines.last_mut() {
            line.push((letter, style));
        }
        used = used.saturating_add(wide);
    }
    lines
        .into_iter()
        .map(|letters| {
            let mut all = vec![Span::raw(indent.to_owned())];
            for (letter, style) in letters {
                // The indent stays a piece of its own: a mark may take its place.
                let alone = all.len() == 1;
                match all.last_mut() {
                    Some(span) if span.style == style && !alone => span.content.to_mut().push(letter),
                    Some(_) | None => all.push(Span::styled(letter.to_string(), style)),
                }
            }
            Line::from(all)
        })
        .collect()
}

/// Takes the unfinished word off the line, unless it is all of it.
fn last_word(line: &mut Vec<(char, Style)>) -> Vec<(char, Style)> {
    match line.iter().rposition(|(letter, _)| *letter == ' ') {
        Some(blank) => {
            let tail = line.split_off(blank.saturating_add(1));
            line.pop();
            tail
        }
        None => Vec::new(),
    }
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|letter| letter.width().unwrap_or_default()).sum()
}

/// What of a line fits into so many columns, made harmless.
pub(super) fn cut(text: &str, width: usize) -> String {
    let mut used = 0_usize;
    text.chars()
        .map(harmless)
        .take_while(|letter| {
            used = used.saturating_add(letter.width().unwrap_or_default());
            used <= width
        })
        .collect()
}

/// The character to show for this one.
pub(super) fn harmless(letter: char) -> char {
    match letter {
        '\t' => ' ',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400_u32.saturating_add(u32::from(letter))).unwrap_or('\u{fffd}'),
        '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{34f}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => '\u{fffd}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, width: usize) -> Vec<String> {
        let lines = wrapped(text, Style::default(), width, "");
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_stay_together_and_wide_letters_count_twice() {
        assert_eq!(plain("one two three", 8), ["one two", "three"]);
        assert_eq!(plain("世界世界世界", 8), ["世界世界", "世界"]);
        assert_eq!(plain("unbreakable", 5), ["unbre", "akabl", "e"]);
        assert_eq!(plain("a\n\nb", 5), ["a", "", "b"]);
    }

    #[test]
    fn what_would_steer_a_terminal_is_shown() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}", 20), ["a␛[2Jb\u{fffd}"]);
        assert_eq!(plain("a\u{9b}2J\u{3164}\u{e0141}", 20), ["a\u{fffd}2J\u{fffd}\u{fffd}"]);
        assert_eq!(cut("a\u{1b}世界", 4), "a␛世");
    }

    #[test]
    fn a_letter_carries_a_few_marks_and_no_pile_of_them() {
        assert_eq!(plain("e\u{301}\u{323}x", 5), ["e\u{301}\u{323}x"]);
        assert_eq!(
            plain(&format!("e{}x", "\u{301}".repeat(500)), 5),
            ["e\u{301}\u{301}\u{301}x"]
        );
    }
}
