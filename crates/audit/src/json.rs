//! Writing JSON objects by hand, so that the order of fields and every byte are ours. Not a reader, not a formatter.

use std::fmt::Write as _;

/// An object under construction: `{"a":1,"b":"x"` until [`Object::close`].
pub(crate) struct Object<'out> {
    out: &'out mut String,
    empty: bool,
}

impl<'out> Object<'out> {
    pub(crate) fn open(out: &'out mut String) -> Self {
        out.push('{');
        Self { out, empty: true }
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        string(self.out, value);
    }

    pub(crate) fn text_if(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    pub(crate) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// Present when true, absent when false.
    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        if value {
            self.name(name);
            self.out.push_str("true");
        }
    }

    pub(crate) fn list<T>(&mut self, name: &str, items: impl Iterator<Item = T>, mut item: impl FnMut(&mut String, T)) {
        self.name(name);
        self.out.push('[');
        for (index, value) in items.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            item(self.out, value);
        }
        self.out.push(']');
    }

    pub(crate) fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_>)) {
        self.name(name);
        let mut inner = Object::open(self.out);
        fill(&mut inner);
        inner.close();
    }

    /// As [`Object::number`], for a name that may hold anything.
    pub(crate) fn number_of(&mut self, name: &str, value: u64) {
        self.any_name(name);
        let _ = write!(self.out, "{value}");
    }

    /// As [`Object::object`], for a name that may hold anything.
    pub(crate) fn object_of(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_>)) {
        self.any_name(name);
        let mut inner = Object::open(self.out);
        fill(&mut inner);
        inner.close();
    }

    pub(crate) fn close(self) {
        self.out.push('}');
    }

    fn any_name(&mut self, name: &str) {
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
        string(self.out, name);
        self.out.push(':');
    }

    fn name(&mut self, name: &str) {
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }
}

/// A JSON string. Control and direction characters are escaped although JSON does not demand it, so that a log that is
/// printed as it stands cannot steer the terminal or reorder what a person reads.
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // Most of a text is plain: as many bytes as there are of it go over at once.
    while let Some(end) = rest.bytes().position(|byte| !plain(byte)) {
        out.push_str(rest.get(..end).unwrap_or_default());
        let mut chars = rest.get(end..).unwrap_or_default().chars();
        let Some(char) = chars.next() else { break };
        rest = chars.as_str();
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            char if unprintable(char) => {
                let mut units = [0; 2];
                for unit in char.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            char => out.push(char),
        }
    }
    out.push_str(rest);
    out.push('"');
}

/// ASCII that a JSON string holds as it is.
fn plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// Characters that do something to a terminal or to the order of what is read, or that cannot be seen at all.
pub(crate) fn unprintable(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_read_back_as_they_were() {
        for text in [
            "",
            "plain",
            "a\"b\\c\n\t\r",
            "\u{1b}[31mred\u{7f}\u{9b}",
            "\u{202e}txt\u{e0041}",
            "日本🦀",
        ] {
            let mut out = String::new();
            string(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
            assert!(!out.chars().any(unprintable), "{out:?}");
        }
    }
}
