//! A plainly written TOML text as a tree, in one pass over the parser's events. Policy files are read in every call, and
//! the library's own document costs three times as much as the rest of a decision. What is not plain (an error, a table
//! that comes to be without a header of its own, a dotted key, a date) is left to the library, which has the last word.

use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{EventReceiver, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Raw, Source, Span};

use super::tree::{Entry, Node, Value};

/// Deeper nesting is not plain.
const DEEPEST: usize = 16;

/// The tree of the text, if it is plain.
pub(super) fn read(text: &str) -> Option<Node<'_>> {
    let source = Source::new(text);
    let mut errors = Errors(false);
    let mut builder = Builder::new(source);
    {
        let mut receiver = ValidateWhitespace::new(&mut builder, source);
        // Room that is not used costs nothing, and growing would copy all that is there.
        let mut tokens = Vec::with_capacity(text.len().div_ceil(2));
        tokens.extend(source.lex());
        parse_document(&tokens, &mut receiver, &mut errors);
    }
    builder.finish_table();
    let root = Value::Table(builder.root);
    (builder.plain && !errors.0).then_some(Node { value: root, at: 0 })
}

/// Whether there was any.
struct Errors(bool);

impl ErrorSink for Errors {
    fn report_error(&mut self, _: ParseError) {
        self.0 = true;
    }
}

/// A key and where it stands.
type Key<'t> = (Cow<'t, str>, usize);

/// The header that is being read, or under which the entries stand.
#[derive(Default)]
struct Header<'t> {
    path: Vec<Key<'t>>,
    at: usize,
    /// `[[x]]`: one more item of a list.
    item: bool,
}

/// A list or an inline table that is not closed yet.
enum Open<'t> {
    List(usize, Vec<Node<'t>>),
    Table(usize, Vec<Entry<'t>>),
}

struct Builder<'t> {
    source: Source<'t>,
    plain: bool,
    /// Entries of finished tables.
    root: Vec<Entry<'t>>,
    header: Header<'t>,
    in_header: bool,
    /// Entries under the header.
    entries: Vec<Entry<'t>>,
    /// Keys whose values have not come to an end: of the entry, and of the inline tables in it.
    keys: Vec<Key<'t>>,
    open: Vec<Open<'t>>,
}

impl<'t> Builder<'t> {
    fn new(source: Source<'t>) -> Self {
        Self {
            source,
            plain: true,
            root: Vec::new(),
            header: Header::default(),
            in_header: false,
            entries: Vec::new(),
            keys: Vec::new(),
            open: Vec::new(),
        }
    }

    fn not_plain(&mut self) {
        self.plain = false;
    }

    fn raw(&self, span: Span, encoding: Option<Encoding>) -> Option<Raw<'t>> {
        let text = self.source.input().get(span.start()..span.end())?;
        Some(Raw::new_unchecked(text, encoding, span))
    }

    fn begin_header(&mut self, at: usize, item: bool) {
        self.finish_table();
        self.in_header = true;
        self.header = Header {
            path: Vec::new(),
            at,
            item,
        };
    }

    /// Puts the entries under the last header to where the header says.
    fn finish_table(&mut self) {
        let entries = core::mem::take(&mut self.entries);
        let header = core::mem::take(&mut self.header);
        let Some(((name, at), parents)) = header.path.split_last() else {
            // Before the first header.
            self.root.extend(entries);
            return;
        };
        let node = Node {
            value: Value::Table(entries),
            at: header.at,
        };
        let Some(parent) = table_of_header(&mut self.root, parents) else {
            return self.not_plain();
        };
        match parent.iter_mut().find(|entry| entry.key == *name) {
            None => {
                let node = if header.item {
                    Node {
                        value: Value::List(vec![node]),
                        at: header.at,
                    }
                } else {
                    node
                };
                parent.push(Entry {
                    key: name.clone(),
                    at: *at,
                    node,
                });
            }
            Some(old) => match &mut old.node.value {
                Value::List(items) if header.item && is_of_headers(old.node.at, items) => items.push(node),
                Value::List(_) | Value::Table(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {
                    self.not_plain()
                }
            },
        }
    }

    /// A value has come to its end.
    fn value(&mut self, node: Node<'t>) {
        if let Some(Open::List(_, items)) = self.open.last_mut() {
            items.push(node);
            return;
        }
        let Some((key, at)) = self.keys.pop() else {
            return self.not_plain();
        };
        let entries = match self.open.last_mut() {
            Some(Open::Table(_, entries)) => entries,
            Some(Open::List(..)) | None => &mut self.entries,
        };
        if entries.iter().any(|entry| entry.key == key) {
            return self.not_plain();
        }
        entries.push(Entry { key, at, node });
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::List(at, items)) => self.value(Node {
                value: Value::List(items),
                at,
            }),
            Some(Open::Table(at, entries)) => self.value(Node {
                value: Value::Table(entries),
                at,
            }),
            None => self.not_plain(),
        }
    }

    fn begin(&mut self, open: Open<'t>) -> bool {
        self.open.push(open);
        let allowed = self.open.len() <= DEEPEST;
        self.plain &= allowed;
        allowed
    }
}

/// The entries of the table that these headers have opened; `None` if it is none of theirs.
fn table_of_header<'n, 't>(root: &'n mut Vec<Entry<'t>>, path: &[Key<'t>]) -> Option<&'n mut Vec<Entry<'t>>> {
    let mut table = root;
    for (name, _) in path {
        let entry = table.iter_mut().find(|entry| entry.key == *name)?;
        // A header's table stands where its header does, outside of any entry: before its key.
        let opened = entry.node.at < entry.at;
        table = match &mut entry.node.value {
            Value::Table(entries) if opened => entries,
            Value::List(items) if opened => match &mut items.last_mut()?.value {
                Value::Table(entries) => entries,
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => return None,
            },
            Value::Table(_) | Value::List(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {
                return None;
            }
        };
    }
    Some(table)
}

fn is_bare_key(text: &[u8]) -> bool {
    let usual = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.iter().all(usual)
}

/// What is between the quotes, where it is what it looks like: nearly all texts of a policy.
fn as_it_stands(text: &str, encoding: Option<Encoding>) -> Option<&str> {
    if encoding != Some(Encoding::BasicString) {
        return None;
    }
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    inner.as_bytes().iter().all(plain).then_some(inner)
}

/// Whether a list was written as `[[x]]`: it stands where its first item does, which no other list can.
fn is_of_headers(at: usize, items: &[Node<'_>]) -> bool {
    items.first().is_some_and(|item| item.at == at)
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.begin_header(span.start(), false);
    }

    fn std_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.in_header = false;
    }

    fn array_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.begin_header(span.start(), true);
    }

    fn array_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.in_header = false;
    }

    fn inline_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.begin(Open::Table(span.start(), Vec::new()))
    }

    fn inline_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.close();
    }

    fn array_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.begin(Open::List(span.start(), Vec::new()))
    }

    fn array_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.close();
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut key = Cow::Borrowed("");
        match self.raw(span, encoding) {
            Some(raw) if encoding.is_none() && is_bare_key(raw.as_bytes()) => {
                key = Cow::Borrowed(raw.as_str());
            }
            Some(raw) => raw.decode_key(&mut key, error),
            None => self.not_plain(),
        }
        if self.in_header {
            self.header.path.push((key, span.start()));
        } else {
            self.keys.push((key, span.start()));
        }
    }

    fn key_sep(&mut self, _: Span, _: &mut dyn ErrorSink) {
        if !self.in_header {
            self.not_plain();
        }
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let Some(raw) = self.raw(span, encoding) else {
            return self.not_plain();
        };
        if let Some(text) = as_it_stands(raw.as_str(), encoding) {
            return self.value(Node {
                value: Value::Text(Cow::Borrowed(text)),
                at: span.start(),
            });
        }
        let mut text = Cow::Borrowed("");
        let value = match raw.decode_scalar(&mut text, error) {
            ScalarKind::String => Value::Text(text),
            ScalarKind::Boolean(yes) => Value::Bool(yes),
            ScalarKind::Float => Value::Null,
            ScalarKind::Integer(radix) => i64::from_str_radix(&text, radix.value()).map_or(Value::Null, Value::Number),
            // Whether it is a date at all is for the library to say.
            ScalarKind::DateTime => return self.not_plain(),
        };
        self.value(Node {
            value,
            at: span.start(),
        });
    }

    fn error(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.not_plain();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::super::tree;
    use super::read;

    fn same_as_the_library(text: &str) -> bool {
        let (whole, errors) = tree::of_library(text);
        match read(text) {
            Some(plain) => {
                assert!(errors.is_empty(), "{text}\nis an error: {errors:?}");
                assert_eq!(format!("{plain:?}"), format!("{whole:?}"), "{text}");
                true
            }
            None => false,
        }
    }

    #[test]
    fn what_policies_look_like_is_plain() {
        for text in [
            "",
            "tier = \"balanced\" # why\r\nmode = 'auto'\n",
            "[[rule]]\nid = \"a\"\n[[rule.example]]\ncommand = 'x'\n[[rule.example]]\n[[rule]]\nid = \"\\u0062\"\n",
            "[permissions]\ndeny = [\"a\", # one\n 'b',]\n[judge]\nfirst = true\n[judge.price]\ninput = 0x1_0\n",
            "x = { a = 1, b = [[1], { c = \"\"\"\nline\"\"\" }] }\n\"y z\" = -1.5\n",
            "[a]\n[a.b]\n[c]\n[a.d]\n",
        ] {
            assert!(same_as_the_library(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_library() {
        for text in [
            "a = 1\na = 2\n",
            "a.b = 1\n",
            "[a.b]\n",
            "[a]\n[a]\n",
            "[[a]]\n[a]\n",
            "a = [{}]\n[[a]]\n",
            "a = [{}]\n[a.b]\n",
            "a = {}\n[a.b]\n",
            "x = { a = 1, a = 2 }\n",
            "d = 1979-05-27\n",
            "tier = \n[[rule]]\n",
            "[[rule]\nid = 1",
            "a = \"\\q\"\n",
            "a = 1 b = 2\n",
            "a = 'x\u{1}'\n",
            "# \u{1}\n",
            "a = 01\n",
        ] {
            assert!(!same_as_the_library(text), "{text}");
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        let name = || prop::sample::select(vec!["a", "b", "rule", "'c d'", "\"e\\n\"", "a.b", "rule.a"]);
        let value = prop::sample::select(vec![
            "1",
            "true",
            "'x'",
            "\"\\\"y\\u00e9\"",
            "\"plain text\"",
            "\"\"",
            "\"a",
            "\"\u{7f}\"",
            "\"\t\"",
            "\"é\"",
            "[]",
            "[1, 'a',\n 2]",
            "{}",
            "{ a = 1, b = { c = [] } }",
            "[{a=1}]",
            "'''\nm\n'''",
            "1e3",
            "0o17",
            "inf",
            "1979-05-27",
            "",
            "nonsense",
            "99999999999999999999",
        ]);
        prop_oneof![
            6 => (name(), value).prop_map(|(name, value)| format!("{name} = {value}\n")),
            2 => name().prop_map(|name| format!("[{name}]\n")),
            3 => name().prop_map(|name| format!("[[{name}]] # x\n")),
            1 => prop::sample::select(vec!["\n", "# c\n", "\t", "=", "[", "]]", "\r\n", "\u{feff}"]).prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn a_plain_text_reads_as_the_library_reads_it(pieces in prop::collection::vec(piece(), 0..9)) {
            same_as_the_library(&pieces.concat());
        }
    }
}
