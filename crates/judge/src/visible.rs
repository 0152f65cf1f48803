//! Letters that nobody sees but a model reads: escaped in what is sent, left out of what comes back.

/// A JSON text whose invisible letters are written as escapes. It means the same: outside of its strings it has none.
pub(crate) fn escaped(json: &str) -> String {
    use core::fmt::Write as _;
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\n' || !(letter.is_control() || is_invisible(letter)) {
            text.push(letter);
            continue;
        }
        let mut units = [0; 2];
        for unit in letter.encode_utf16(&mut units) {
            // Writing to a string can't fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// Letters without a form of their own: marks of direction, joiners, tags, fillers, variations.
pub(crate) fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{f0000}'..='\u{10ffff}')
}
