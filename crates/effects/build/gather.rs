// The texts of a table, put side by side. A compiler scatters small texts over all of its read-only data, and a lookup
// that compares a dozen of them would touch a dozen pages; every page that is touched costs the hook a microsecond.

use std::fmt::Write as _;

/// The code of a table with its texts cut out of one constant of the given name, and the constant before it. Texts are what
/// stands in quotes; those with an escape stay where they are.
pub fn gather(name: &str, code: &str) -> (String, String) {
    let mut all = String::new();
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(open) = rest.find('"') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let length = end_of_text(from).expect("a text that was written ends");
        let (quoted, after) = from.split_at(length);
        let text = &quoted[1..length - 1];
        if text.is_empty() || text.contains('\\') {
            out.push_str(quoted);
        } else {
            let start = all.find(text).unwrap_or_else(|| {
                all.push_str(text);
                all.len() - text.len()
            });
            write!(out, "cut({name}, {start}, {})", start + text.len()).expect("a string takes everything");
        }
        rest = after;
    }
    out.push_str(rest);
    (format!("const {name}: &str = \"{all}\";\n"), out)
}

/// The bytes of a quoted text at the beginning, with its quotes.
fn end_of_text(code: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in code.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
