//! Text that goes to a model or a terminal: bounded, and without characters that steer either. Not the wording itself.

/// The most characters of a reason.
pub(crate) const MAX_REASON: usize = 400;

/// The text with control and invisible formatting characters made visible, cut to `max` characters.
pub(crate) fn short(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max.saturating_mul(4)));
    for (count, character) in text.chars().enumerate() {
        if count.saturating_add(1) >= max && text.chars().nth(max).is_some() {
            out.push('…');
            break;
        }
        out.push(if steers(character) { '\u{fffd}' } else { character });
    }
    out
}

/// Characters that move a cursor, colour, reorder or hide text.
fn steers(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_short_text_is_kept_as_it_is() {
        assert_eq!(
            short("deny `rm`: äöü 日本\nsecond line", 400),
            "deny `rm`: äöü 日本\nsecond line"
        );
        assert_eq!(short(&"x".repeat(400), 400), "x".repeat(400));
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        let cut = short(&"ä".repeat(401), 400);
        assert_eq!(cut.chars().count(), 400);
        assert!(cut.ends_with("ä…"));
    }

    #[test]
    fn characters_that_steer_a_terminal_or_hide_text_are_shown() {
        assert_eq!(
            short("a\u{1b}[2Kb\u{202e}c\u{200b}d\u{e0041}", 400),
            "a\u{fffd}[2Kb\u{fffd}c\u{fffd}d\u{fffd}"
        );
    }
}
