//! Characters that don't show: a person who reads a command sees another text than the one that runs. Which they are, not
//! what follows from it.

use placet_model::Span;

/// Where the first of them stands.
pub(crate) fn find(text: &str) -> Option<Span> {
    if text.is_ascii() {
        return None;
    }
    let mut before = None;
    for (at, c) in text.char_indices() {
        if is_hidden(c) || joins_nothing(before, c) {
            return Some(Span::new(at, at + c.len_utf8()));
        }
        before = Some(c);
    }
    None
}

/// Characters that turn the direction of writing, have no width, or are tags.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{180e}'
        | '\u{e0000}'..='\u{e001f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// A joiner joins letters of scripts that need it, and parts of a picture; behind a letter of ours or another joiner it
/// only hides.
fn joins_nothing(before: Option<char>, c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
        && before.is_none_or(|before| before.is_ascii() || matches!(before, '\u{200c}' | '\u{200d}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_reads_otherwise_than_it_runs_is_found() {
        assert!(find("echo a\u{202e}b").is_some());
        assert!(find("rm\u{200b} x").is_some());
        assert!(find("echo run\u{200d}\u{200d}x").is_some());
    }

    #[test]
    fn letters_and_pictures_of_other_scripts_are_not() {
        assert!(find("git commit -m 'größer — naïve'").is_none());
        assert!(find("echo 👩\u{200d}👩\u{200d}👧").is_none());
        assert!(find("echo می\u{200c}خواهم").is_none());
        assert!(find("echo 日本語").is_none());
    }
}
