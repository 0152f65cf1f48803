//! A text as words with their signs. One pass over the bytes; addresses, paths and variables are one word each, and
//! Chinese, Japanese and Korean are read by pairs of characters.

use crate::lexicon::{self, SEED, step};
use crate::request::Request;
use crate::sign::{Sign, Signs};

/// One word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// Where it begins, in bytes.
    pub(crate) start: u32,
    /// Where it ends.
    pub(crate) end: u32,
    /// The hash of the word in lower case; one for all of its kind where the kind is all that matters.
    pub(crate) hash: u32,
    /// The hash of its beginning, for words that are inflected.
    pub(crate) stem: u32,
    /// What it is a sign of.
    pub(crate) signs: Signs,
    /// Marks of code and data seen before it, since the text began.
    pub(crate) symbols: u32,
}

/// A part of a text that is marked as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Where it begins, in bytes.
    pub(crate) start: u32,
    /// Where it ends.
    pub(crate) end: u32,
    /// What its words are signs of.
    pub(crate) signs: Signs,
}

const URL: u32 = lexicon::hash("<url>");
const EMAIL: u32 = lexicon::hash("<email>");
const PATH: u32 = lexicon::hash("<path>");
const VARIABLE: u32 = lexicon::hash("<variable>");
const NUMBER: u32 = lexicon::hash("<number>");
const ACCOUNT: u32 = lexicon::hash("<account>");

/// Parts of a path or variable by which it holds secrets or makes code run.
const SECRET_PARTS: &[&str] = &[
    ".env",
    ".ssh",
    "id_rsa",
    "id_ed25519",
    "credential",
    ".aws",
    ".npmrc",
    ".pypirc",
    "passwd",
    "shadow",
    "secret",
    "token",
    "api_key",
    "apikey",
    "password",
    ".git/hooks",
    ".bashrc",
    ".zshrc",
    "private_key",
    ".kube",
    "wallet",
    ".netrc",
];

/// Speakers and markers of chat templates, as they are written.
const MARKERS: &[(&str, Sign)] = &[
    ("<|", Sign::RoleMarker),
    ("|>", Sign::RoleMarker),
    ("[INST]", Sign::RoleMarker),
    ("[/INST]", Sign::RoleMarker),
    ("<<SYS>>", Sign::RoleMarker),
    ("</s>", Sign::RoleMarker),
    ("<system", Sign::RoleMarker),
    ("</system", Sign::RoleMarker),
    ("<assistant", Sign::RoleMarker),
    ("<user_", Sign::RoleMarker),
    ("<instructions", Sign::RoleMarker),
    ("</instructions", Sign::RoleMarker),
    ("<important", Sign::RoleMarker),
    ("</important", Sign::RoleMarker),
    ("<information", Sign::RoleMarker),
    ("</information", Sign::RoleMarker),
    ("###(", Sign::RoleMarker),
    ("### instruction", Sign::RoleMarker),
    ("### system", Sign::RoleMarker),
    ("system:", Sign::RoleMarker),
    ("assistant:", Sign::RoleMarker),
    ("human:", Sign::RoleMarker),
    ("system_message", Sign::RoleMarker),
    ("system message", Sign::RoleMarker),
    ("system override", Sign::RoleMarker),
    ("end of ", Sign::RoleMarker),
    ("<tool_call", Sign::ToolCall),
    ("<function_call", Sign::ToolCall),
    ("<invoke", Sign::ToolCall),
    ("\"tool_calls\"", Sign::ToolCall),
    ("\"arguments\":", Sign::ToolCall),
    ("function_call", Sign::ToolCall),
    ("use the tool", Sign::ToolCall),
    ("call the tool", Sign::ToolCall),
];

/// Whether markers may begin with the byte; most bytes of a text are skipped by it.
const fn may_begin_marker(byte: u8) -> bool {
    matches!(
        byte,
        b'<' | b'|'
            | b'['
            | b'#'
            | b's'
            | b'S'
            | b'a'
            | b'A'
            | b'h'
            | b'H'
            | b'e'
            | b'E'
            | b'"'
            | b'f'
            | b'u'
            | b'U'
            | b'c'
            | b'C'
    )
}

/// Reads the text's words. The regions are in order and don't overlap.
pub(crate) fn read(text: &str, regions: &[Region], everywhere: Signs, request: &Request) -> Vec<Token> {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        text,
        at: 0,
        symbols: 0,
        begins: true,
        line_begins: true,
        comment: false,
        regions: regions.iter(),
        region: None,
        pending: Signs::NONE,
        everywhere,
        request,
        tokens: Vec::with_capacity(text.len() / 6),
    };
    reader.region = reader.regions.next().copied();
    while let Some(&byte) = reader.bytes.get(reader.at) {
        reader.step(byte);
    }
    reader.tokens
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    symbols: u32,
    /// A sentence begins here.
    begins: bool,
    /// Nothing but space stood in this line so far.
    line_begins: bool,
    comment: bool,
    regions: core::slice::Iter<'a, Region>,
    region: Option<Region>,
    /// Signs that go to the next word.
    pending: Signs,
    everywhere: Signs,
    request: &'a Request,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn starts_with(&self, at: usize, word: &str) -> bool {
        self.bytes
            .get(at..at + word.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    }

    fn step(&mut self, byte: u8) {
        let fresh = self.at == 0 || !self.bytes.get(self.at - 1).is_some_and(u8::is_ascii_alphanumeric);
        if may_begin_marker(byte) && (fresh || !byte.is_ascii_alphabetic()) {
            for (marker, sign) in MARKERS {
                if self.starts_with(self.at, marker) {
                    self.pending = self.pending.with(*sign);
                    break;
                }
            }
        }
        match byte {
            b'\n' => {
                self.begins = true;
                self.line_begins = true;
                self.comment = false;
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\\' => self.escape(),
            b'.' | b'!' | b'?' | b':' | b';' | b'"' | b'\'' | b'(' | b')' | b'>' | b'*' | b'-' | b'|' | b'`' | b'['
            | b']' => {
                self.begins = true;
                if matches!(byte, b'.') && fresh && self.peek(1).is_ascii_alphanumeric() {
                    // `.env`, `.ssh/id`: a path.
                    self.path();
                    return;
                }
                if byte == b'-' && self.line_begins && self.peek(1) == b'-' {
                    self.comment = true;
                }
                if byte == b'*' && self.line_begins && self.peek(1) == b' ' {
                    self.comment |= self.previous_line_is_comment();
                }
                if !matches!(byte, b'.' | b'!' | b'?' | b'*' | b'-' | b'\'') {
                    self.symbols += 1;
                }
                self.at += 1;
                self.line_begins &= matches!(byte, b'-' | b'*' | b'>' | b'|');
            }
            b'#' => {
                self.begins = true;
                self.comment |=
                    self.peek(1) == b' ' && fresh && !self.line_begins || self.line_begins && self.peek(1) != b'#';
                self.at += 1;
            }
            b'/' if self.peek(1) == b'/' || self.peek(1) == b'*' => {
                self.begins = true;
                self.comment = true;
                self.at += 2;
            }
            b'/' | b'~' if self.peek(1).is_ascii_alphanumeric() || matches!(self.peek(1), b'/' | b'.') => self.path(),
            b'$' if self.peek(1).is_ascii_alphabetic() || self.peek(1) == b'{' => self.variable(),
            byte if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 => self.word(),
            _ => {
                if matches!(byte, b'{' | b'}' | b'=' | b'<' | b'+' | b'&' | b'%' | b'^' | b'$') {
                    self.symbols += 1;
                }
                if byte == b'<' || byte == b'{' || byte == b'=' {
                    self.begins = true;
                }
                self.at += 1;
            }
        }
    }

    /// Whether the last word of the line before stood in a comment: a block comment's further lines begin with a star.
    fn previous_line_is_comment(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.signs.has(Sign::Comment))
    }

    /// What a string writes for a line's end is one here too.
    fn escape(&mut self) {
        match self.peek(1) {
            b'n' | b'r' => {
                self.begins = true;
                self.line_begins = true;
                self.at += 2;
            }
            b't' | b'"' | b'\'' | b'\\' | b'/' => self.at += 2,
            _ => {
                self.symbols += 1;
                self.at += 1;
            }
        }
    }

    fn push(&mut self, start: usize, end: usize, hash: u32, stem: u32, mut signs: Signs) {
        while let Some(region) = self.region {
            if (region.end as usize) <= start {
                self.region = self.regions.next().copied();
                continue;
            }
            if (region.start as usize) < end {
                signs = signs.union(region.signs);
            }
            break;
        }
        signs = signs.union(self.everywhere).union(self.pending);
        self.pending = Signs::NONE;
        if self.comment {
            signs = signs.with(Sign::Comment);
        }
        if self.begins && signs.any(Signs::ACTION) {
            signs = signs.with(Sign::Imperative);
        }
        if self.request.names(hash) {
            signs = signs.with(Sign::Asked);
        }
        // After "please", "and", "then" a verb may still be an order.
        self.begins = signs.has(Sign::Please)
            || self.begins && signs.has(Sign::Number)
            || hash == AND
            || hash == THEN
            || hash == TO;
        self.line_begins = false;
        self.tokens.push(Token {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
            hash,
            stem,
            signs,
            symbols: self.symbols,
        });
        self.at = end;
    }

    /// The end of a run that holds no space, quote or bracket.
    fn run_end(&self) -> usize {
        let ends = |byte: &u8| {
            matches!(
                byte,
                b' ' | b'\n'
                    | b'\t'
                    | b'\r'
                    | b'"'
                    | b'\''
                    | b'`'
                    | b'<'
                    | b'>'
                    | b')'
                    | b'('
                    | b','
                    | b';'
                    | b'|'
                    | b'\\'
            ) || *byte >= 0x80
        };
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + rest.iter().position(ends).unwrap_or(rest.len()).max(1)
    }

    fn path(&mut self) {
        let start = self.at;
        let end = self.run_end();
        let signs = Signs::NONE
            .with(Sign::Path)
            .union(secret_place(self.bytes.get(start..end)));
        self.push(start, end, PATH, PATH, signs);
    }

    fn variable(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start + 1..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'{' | b'}')));
        let end = start + 1 + length.unwrap_or(rest.len());
        let signs = Signs::NONE
            .with(Sign::Variable)
            .union(secret_place(self.bytes.get(start..end)));
        self.push(start, end, VARIABLE, VARIABLE, signs);
    }

    fn word(&mut self) {
        let start = self.at;
        let mut end = start;
        let (mut hash, mut stem) = (SEED, SEED);
        let (mut letters, mut digits, mut upper, mut humps) = (0_u32, 0_u32, 0_u32, 0_u32);
        let mut underscore = false;
        let mut foreign = false;
        let mut lower_before = false;
        while let Some(&byte) = self.bytes.get(end) {
            if byte < 0x80 {
                match byte {
                    b'a'..=b'z' => {
                        letters += 1;
                        lower_before = true;
                    }
                    b'A'..=b'Z' => {
                        letters += 1;
                        upper += 1;
                        humps += u32::from(lower_before);
                    }
                    b'0'..=b'9' => digits += 1,
                    b'_' => underscore = true,
                    // "don't" is a word of its own.
                    b'\''
                        if end > start
                            && self
                                .bytes
                                .get(end + 1)
                                .is_some_and(|next| matches!(next, b't' | b'r' | b'v' | b'l')) =>
                    {
                        end += 1;
                        continue;
                    }
                    _ => break,
                }
                hash = step(hash, byte.to_ascii_lowercase());
                if end - start < 5 {
                    stem = hash;
                }
                end += 1;
                continue;
            }
            let Some(letter) = self.text.get(end..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            if is_ideograph(letter) {
                if end == start {
                    self.ideographs(start);
                    return;
                }
                break;
            }
            if !letter.is_alphabetic() {
                if end == start {
                    // A sign that is no letter.
                    self.begins |= matches!(letter, '。' | '！' | '？' | '：' | '“' | '”' | '«' | '»' | '•' | '→');
                    self.at = start + letter.len_utf8();
                    return;
                }
                break;
            }
            foreign = true;
            letters += 1;
            for low in letter.to_lowercase() {
                let mut buffer = [0; 4];
                for &byte in low.encode_utf8(&mut buffer).as_bytes() {
                    hash = step(hash, byte);
                }
            }
            if end - start < 9 {
                stem = hash;
            }
            end += letter.len_utf8();
        }
        if end == start {
            self.at += 1;
            return;
        }
        let next = self.bytes.get(end).copied().unwrap_or(0);
        let after = self.bytes.get(end + 1).copied().unwrap_or(0);
        if next == b':' && after == b'/' && self.bytes.get(end + 2) == Some(&b'/') {
            self.url(start);
            return;
        }
        if next == b'@' && after.is_ascii_alphanumeric() {
            self.email(start, end);
            return;
        }
        if next == b'/' && after.is_ascii_alphanumeric() && letters > 0 && digits == 0 {
            let end = self.run_end();
            let run = self.bytes.get(start..end);
            let slashes = run.map_or(0, |run| run.iter().filter(|&&byte| byte == b'/').count());
            if slashes > 1 || run.is_some_and(|run| run.contains(&b'.')) {
                let signs = Signs::NONE.with(Sign::Path).union(secret_place(run));
                self.push(start, end, PATH, PATH, signs);
                return;
            }
        }
        let mut signs = Signs::NONE;
        if digits >= 8 && end - start >= 12 {
            self.push(start, end, ACCOUNT, ACCOUNT, signs.with(Sign::AccountNumber));
            return;
        }
        if letters == 0 {
            self.push(start, end, NUMBER, NUMBER, signs.with(Sign::Number));
            return;
        }
        signs = signs.union(lexicon::signs(hash));
        if underscore || humps > 0 {
            signs = signs
                .with(Sign::Identifier)
                .union(secret_place(self.bytes.get(start..end)));
        } else if upper >= 4 && upper == letters {
            signs = signs.with(Sign::Capitals);
        }
        if foreign {
            signs = signs.with(Sign::Foreign);
        }
        if digits > 0 && letters > 0 && end - start >= 4 && signs.is_empty() {
            signs = signs.union(leetspeak(self.bytes.get(start..end)));
        }
        self.push(start, end, hash, stem, signs);
    }

    fn ideographs(&mut self, start: usize) {
        let mut before: Option<(usize, char)> = None;
        let mut at = start;
        while let Some(letter) = self.text.get(at..).and_then(|rest| rest.chars().next()) {
            if !is_ideograph(letter) {
                break;
            }
            if let Some((from, first)) = before {
                let hash = hash_chars(&[first, letter]);
                let stem = hash_chars(&[first]);
                let signs = lexicon::signs(hash).with(Sign::Foreign);
                self.push(from, at + letter.len_utf8(), hash, stem, signs);
            }
            before = Some((at, letter));
            at += letter.len_utf8();
        }
        self.at = at;
    }

    fn url(&mut self, start: usize) {
        let end = self.run_end();
        let run = self.bytes.get(start..end).unwrap_or_default();
        let slot = run.contains(&b'?') && run.contains(&b'=')
            || run.iter().any(|byte| matches!(byte, b'{' | b'$' | b'[' | b'%'));
        let mut signs = Signs::NONE.with(Sign::Url);
        if slot {
            signs = signs.with(Sign::PayloadUrl);
        }
        self.push(start, end, URL, URL, signs);
    }

    fn email(&mut self, start: usize, at: usize) {
        let rest = self.bytes.get(at + 1..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')));
        let end = at + 1 + length.unwrap_or(rest.len());
        // The part before a dot was read as a word.
        let part = |last: &Token| last.end as usize + 1 == start && self.bytes.get(last.end as usize) == Some(&b'.');
        if self.tokens.last().is_some_and(part) {
            self.tokens.pop();
        }
        self.push(start, end, EMAIL, EMAIL, Signs::NONE.with(Sign::Email));
    }
}

const AND: u32 = lexicon::hash("and");
const THEN: u32 = lexicon::hash("then");
const TO: u32 = lexicon::hash("to");

fn hash_chars(letters: &[char]) -> u32 {
    let mut hash = SEED;
    for letter in letters {
        let mut buffer = [0; 4];
        for &byte in letter.encode_utf8(&mut buffer).as_bytes() {
            hash = step(hash, byte);
        }
    }
    hash
}

/// Scripts that put no space between words.
pub(crate) fn is_ideograph(letter: char) -> bool {
    matches!(u32::from(letter), 0x3041..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff)
}

fn secret_place(run: Option<&[u8]>) -> Signs {
    let Some(run) = run.filter(|run| run.len() < 400) else {
        return Signs::NONE;
    };
    let holds = SECRET_PARTS.iter().any(|part| {
        run.windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    });
    if holds {
        Signs::NONE.with(Sign::SecretPlace)
    } else {
        Signs::NONE
    }
}

/// `1gn0r3` is read as the word it looks like, if that is a word we know.
fn leetspeak(run: Option<&[u8]>) -> Signs {
    let mut hash = SEED;
    for &byte in run.unwrap_or_default() {
        let letter = match byte.to_ascii_lowercase() {
            b'0' => b'o',
            b'1' => b'i',
            b'3' => b'e',
            b'4' => b'a',
            b'5' => b's',
            b'7' => b't',
            other => other,
        };
        hash = step(hash, letter);
    }
    let signs = lexicon::signs(hash);
    if signs.is_empty() {
        Signs::NONE
    } else {
        signs.with(Sign::Leetspeak)
    }
}
