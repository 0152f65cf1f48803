//! JSON as people write settings in it, with positions, reading on after errors. Not a wire format: agents' messages are
//! read elsewhere, strictly.

use super::tree::{Entry, Node, Value};

/// Deeper nesting is not read.
const DEEPEST: usize = 32;
/// After so many errors reading stops.
const MOST_ERRORS: usize = 20;

pub(crate) struct Error {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// The tree, and everything that is not JSON.
pub(crate) fn read(text: &str) -> (Node<'_>, Vec<Error>) {
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let mut reader = Reader {
        text,
        at: start,
        errors: Vec::new(),
    };
    let node = reader.value(0);
    reader.blank();
    if reader.at < text.len() {
        reader.error("text after the end of the value");
    }
    if !matches!(node.value, Value::Table(_)) {
        reader.errors.push(Error {
            at: node.at,
            message: format!("expected a table, found {}", node.kind()),
        });
    }
    (node, reader.errors)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    errors: Vec<Error>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&mut self, message: &str) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(Error {
                at: self.at,
                message: message.to_owned(),
            });
        }
    }

    fn given_up(&self) -> bool {
        self.errors.len() >= MOST_ERRORS
    }

    /// One character onwards, however many bytes it has.
    fn skip(&mut self) {
        let width = self.rest().chars().next().map_or(1, char::len_utf8);
        self.at = self.at.saturating_add(width);
    }

    fn blank(&mut self) {
        loop {
            let before = self.at;
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                self.skip();
            }
            if self.rest().starts_with("//") {
                self.error("comments are not JSON");
                let line = self.rest().find('\n').unwrap_or(self.rest().len());
                self.at = self.at.saturating_add(line);
            } else if self.rest().starts_with("/*") {
                self.error("comments are not JSON");
                let comment = self
                    .rest()
                    .find("*/")
                    .map_or(self.rest().len(), |end| end.saturating_add(2));
                self.at = self.at.saturating_add(comment);
            }
            if self.at == before {
                return;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Node<'a> {
        self.blank();
        let at = self.at;
        if depth > DEEPEST {
            self.error("nested too deeply");
            self.at = self.text.len();
            return Node { value: Value::Null, at };
        }
        let value = match self.peek() {
            Some(b'{') => self.table(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Value::Text(self.string().into()),
            Some(_) => self.word(),
            None => {
                self.error("expected a value, found the end of the file");
                Value::Null
            }
        };
        Node { value, at }
    }

    fn table(&mut self, depth: usize) -> Value<'a> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        self.skip();
        let mut comma = true;
        loop {
            self.blank();
            match self.peek() {
                Some(b'}') => {
                    if comma && !entries.is_empty() {
                        self.error("a comma before `}`");
                    }
                    self.skip();
                    return Value::Table(entries);
                }
                Some(b'"') => {
                    if !comma {
                        self.error("expected a comma");
                    }
                    let at = self.at;
                    let key = self.string();
                    self.blank();
                    if self.peek() == Some(b':') {
                        self.skip();
                    } else {
                        self.error("expected a colon");
                    }
                    if entries.iter().any(|entry| entry.key == key) {
                        self.errors.push(Error {
                            at,
                            message: format!("the key `{key}` is there twice"),
                        });
                    }
                    let node = self.value(depth.saturating_add(1));
                    entries.push(Entry {
                        key: key.into(),
                        at,
                        node,
                    });
                    comma = self.comma();
                }
                Some(_) if !self.given_up() => {
                    self.error("expected a key in double quotes");
                    self.skip();
                }
                Some(_) | None => {
                    self.error("expected `}`, found the end of the file");
                    self.at = self.text.len();
                    return Value::Table(entries);
                }
            }
        }
    }

    fn list(&mut self, depth: usize) -> Value<'a> {
        let mut items: Vec<Node<'a>> = Vec::new();
        self.skip();
        let mut comma = true;
        loop {
            self.blank();
            match self.peek() {
                Some(b']') => {
                    if comma && !items.is_empty() {
                        self.error("a comma before `]`");
                    }
                    self.skip();
                    return Value::List(items);
                }
                Some(b'}' | b':') => {
                    self.error("expected `]`");
                    return Value::List(items);
                }
                Some(_) if !self.given_up() => {
                    if !comma {
                        self.error("expected a comma");
                    }
                    let before = self.at;
                    items.push(self.value(depth.saturating_add(1)));
                    if self.at == before {
                        self.skip();
                    }
                    comma = self.comma();
                }
                Some(_) | None => {
                    self.error("expected `]`, found the end of the file");
                    self.at = self.text.len();
                    return Value::List(items);
                }
            }
        }
    }

    fn comma(&mut self) -> bool {
        self.blank();
        let found = self.peek() == Some(b',');
        if found {
            self.skip();
        }
        found
    }

    fn string(&mut self) -> String {
        let mut text = String::new();
        self.skip();
        loop {
            let Some(next) = self.rest().chars().next() else {
                self.error("expected `\"`, found the end of the file");
                return text;
            };
            match next {
                '"' => {
                    self.skip();
                    return text;
                }
                '\n' => {
                    self.error("expected `\"` before the end of the line");
                    return text;
                }
                '\\' => {
                    self.skip();
                    self.escape(&mut text);
                }
                other => {
                    text.push(other);
                    self.skip();
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String) {
        let Some(letter) = self.rest().chars().next() else {
            return;
        };
        let meant = match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                self.skip();
                text.push(self.unicode());
                return;
            }
            _ => {
                self.error("an unknown escape");
                letter
            }
        };
        text.push(meant);
        self.skip();
    }

    fn unicode(&mut self) -> char {
        let first = self.four_digits();
        let code = match (first, self.rest().strip_prefix("\\u")) {
            (0xd800..=0xdbff, Some(_)) => {
                self.at = self.at.saturating_add(2);
                let second = self.four_digits();
                let low = second.wrapping_sub(0xdc00) & 0x3ff;
                0x1_0000_u32.saturating_add((first & 0x3ff) << 10).saturating_add(low)
            }
            (code, _) => code,
        };
        char::from_u32(code).unwrap_or_else(|| {
            self.error("an escape that is no character");
            '\u{fffd}'
        })
    }

    fn four_digits(&mut self) -> u32 {
        let digits = self.text.get(self.at..self.at.saturating_add(4)).unwrap_or_default();
        match u32::from_str_radix(digits, 16) {
            Ok(code) if digits.len() == 4 => {
                self.at = self.at.saturating_add(4);
                code
            }
            Ok(_) | Err(_) => {
                self.error("expected four hexadecimal digits");
                0xfffd
            }
        }
    }

    fn word(&mut self) -> Value<'a> {
        let rest = self.rest();
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '+' | '.' | '_')))
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        let value = match word.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            number => match number.parse::<i64>() {
                Ok(number) => Value::Number(number),
                Err(_) if number.parse::<f64>().is_ok() => Value::Null,
                Err(_) => {
                    self.error("expected a value");
                    Value::Null
                }
            },
        };
        if word.is_empty() {
            self.skip();
        } else {
            self.at = self.at.saturating_add(word.len());
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<String> {
        read(text).1.into_iter().map(|error| error.message).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        let root = read(text).0;
        let Value::List(items) = &root.get("deny").unwrap().value else {
            panic!("no list")
        };
        items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
    }

    #[test]
    fn ordinary_json_is_read_without_errors() {
        let text = r#"{"a": [1, -2.5, true, null, "x\n\u00e9\ud83d\ude00"], "b": {"c": ""}}"#;
        assert_eq!(errors(text), Vec::<String>::new());
    }

    #[test]
    fn what_stands_after_an_error_is_still_read() {
        assert_eq!(texts(r#"{"allow": [1,], "deny": ["Bash"]}"#), ["Bash"]);
        assert_eq!(texts("{// note\n\"deny\": [\"A\" \"B\"]"), ["A", "B"]);
        assert_eq!(texts(r#"{"deny": ["A", oops, "B"]}"#), ["A", "B"]);
        assert!(!errors(r#"{"deny": ["A", oops, "B"]}"#).is_empty());
    }

    #[test]
    fn nothing_makes_it_hang_or_crash() {
        for text in [
            "",
            "{",
            "[",
            "\"",
            "{\"",
            "{\"a\"",
            "{\"a\":",
            "[[[[",
            "{]",
            "[}",
            "\\",
            "\u{feff}{}",
            "{\"a\":\"\\u12",
            "é",
        ] {
            let _ = read(text);
        }
        let _ = read(&"[".repeat(100_000));
        let _ = read(&"{\"a\":".repeat(100_000));
        let _ = read(&",".repeat(100_000));
    }
}
