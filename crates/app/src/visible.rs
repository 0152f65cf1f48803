//! Text of others, made harmless to show: a command may hold what would steer a terminal. Each character becomes
//! exactly one, so that columns stay columns.

/// The character to show for this one.
#[must_use]
pub(crate) fn character(given: char) -> char {
    match given {
        '\t' => ' ',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400_u32.saturating_add(u32::from(given))).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        other => other,
    }
}

/// One line: line feeds are shown as such.
#[must_use]
pub(crate) fn line(text: &str) -> String {
    text.chars().map(character).collect()
}

/// At most this many characters, the last one `…` if something was cut. Zero is no limit.
#[must_use]
pub(crate) fn cut(text: &str, most: usize) -> String {
    if most == 0 || text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::{cut, line};

    #[test]
    fn what_would_steer_a_terminal_is_shown_instead_of_obeyed() {
        assert_eq!(line("a\u{1b}[2Jb\nc\td"), "a␛[2Jb␊c d");
        assert_eq!(line("rm \u{202e}txt.exe\u{200b}"), "rm \u{fffd}txt.exe\u{fffd}");
        assert_eq!(line("grüße, 世界"), "grüße, 世界");
    }

    #[test]
    fn a_cut_is_seen() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("abcd", 4), "abcd");
        assert_eq!(cut("abcd", 0), "abcd");
    }
}
