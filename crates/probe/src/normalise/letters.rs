//! Letters as a reader sees them: invisible characters and terminal escapes dropped, look-alikes and accents folded.

use std::borrow::Cow;

use super::Mapping;
use crate::lexicon;
use crate::trick::Trick;

/// A text after it was cleaned.
pub(super) struct Cleaned<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) origin: Mapping,
    pub(super) marks: Vec<(Trick, u32)>,
    pub(super) tags: Option<Tags>,
}

/// What was written in Unicode's tag characters.
pub(super) struct Tags {
    pub(super) text: String,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// Cleans the text; one of plain ASCII is returned as it is.
pub(super) fn clean(text: &str) -> Cleaned<'_> {
    if text.bytes().all(|byte| byte < 0x80 && byte != 0x1b && byte != 0x08) {
        return Cleaned {
            text: Cow::Borrowed(text),
            origin: Mapping::Same,
            marks: Vec::new(),
            tags: None,
        };
    }
    let mut cleaner = Cleaner {
        out: String::with_capacity(text.len()),
        pieces: vec![(0, 0)],
        marks: Vec::new(),
        word: Vec::new(),
        tags: String::new(),
        tag_span: None,
        flag: false,
    };
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\u{1b}' {
            cleaner.flush();
            skip_escape(&mut letters, &mut cleaner, at);
        } else {
            let next = letters.peek().map(|(_, letter)| *letter);
            cleaner.letter(at, letter, next);
        }
    }
    cleaner.flush();
    let tags = cleaner
        .tag_span
        .filter(|_| cleaner.tags.len() >= 8)
        .map(|(start, end)| Tags {
            text: cleaner.tags,
            start,
            end,
        });
    Cleaned {
        text: Cow::Owned(cleaner.out),
        origin: Mapping::Pieces(cleaner.pieces),
        marks: cleaner.marks,
        tags,
    }
}

struct Cleaner {
    out: String,
    pieces: Vec<(u32, u32)>,
    marks: Vec<(Trick, u32)>,
    /// The word being read: its letters and their places.
    word: Vec<(char, usize)>,
    tags: String,
    tag_span: Option<(u32, u32)>,
    /// A flag's tag characters follow its sign.
    flag: bool,
}

fn small(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Cleaner {
    fn mark(&mut self, trick: Trick) {
        let at = small(self.out.len());
        if self.marks.len() < 1000 {
            self.marks.push((trick, at));
        }
    }

    fn put(&mut self, at: usize, letter: char) {
        let out = small(self.out.len());
        let at = small(at);
        let expected = self.pieces.last().map_or(0, |(from, to)| to.saturating_add(out - from));
        if expected != at {
            self.pieces.push((out, at));
        }
        self.out.push(letter);
    }

    fn letter(&mut self, at: usize, letter: char, next: Option<char>) {
        if letter.is_ascii() {
            if letter.is_ascii_alphanumeric() {
                self.word.push((letter, at));
                self.flag = false;
                return;
            }
            self.flush();
            if letter != '\u{8}' {
                self.put(at, letter);
            }
            return;
        }
        match u32::from(letter) {
            0xe0000..=0xe007f => self.tag(at, letter),
            // Joiners belong to emoji and to some scripts; between letters of ours they only hide.
            0x200b..=0x200d | 0x2060..=0x2064 | 0xfeff | 0x00ad | 0x034f | 0x180e | 0x115f | 0x1160 | 0x3164 => {
                let joins = |letter: char| letter.is_ascii_alphanumeric();
                if self.word.last().is_some_and(|(before, _)| joins(*before))
                    && next.is_some_and(joins)
                    && letter != '\u{ad}'
                {
                    self.mark(Trick::ZeroWidth);
                }
            }
            0x202a..=0x202e | 0x2066..=0x2069 | 0x200e | 0x200f => {
                if !matches!(letter, '\u{200e}' | '\u{200f}') {
                    self.mark(Trick::BidiControls);
                }
            }
            0xfe00..=0xfe0f => {}
            0xe0100..=0xe01ef => self.mark(Trick::ZeroWidth),
            0x00a0 | 0x1680 | 0x2000..=0x200a | 0x202f | 0x205f | 0x3000 | 0x2800 | 0x0085 => {
                if self.word.len() == 1 && next.is_some_and(|next| next.is_ascii_alphabetic()) {
                    self.mark(Trick::OddWhitespace);
                }
                self.flush();
                self.put(at, ' ');
            }
            0x2028 | 0x2029 => {
                self.flush();
                self.put(at, '\n');
            }
            0x1f3f4 => {
                self.flush();
                self.flag = true;
                self.put(at, letter);
            }
            _ if letter.is_alphabetic() => self.word.push((letter, at)),
            _ => {
                if let Some(folded) = styled(letter) {
                    self.word.push((letter, at));
                    let _ = folded;
                } else {
                    self.flush();
                    self.put(at, letter);
                }
            }
        }
    }

    fn tag(&mut self, at: usize, letter: char) {
        if self.flag {
            return;
        }
        let plain = char::from_u32(u32::from(letter) - 0xe0000).filter(|plain| matches!(plain, ' '..='~' | '\n'));
        if let Some(plain) = plain {
            if self.tags.is_empty() {
                self.flush();
                self.mark(Trick::UnicodeTags);
            }
            self.tags.push(plain);
            let start = self.tag_span.map_or(small(at), |(start, _)| start);
            self.tag_span = Some((start, small(at + letter.len_utf8())));
        }
    }

    /// Writes the word, folded if its letters only look like what they are.
    fn flush(&mut self) {
        self.flag = false;
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        let plain = word.iter().any(|(letter, _)| letter.is_ascii_alphabetic());
        let styles = word.iter().any(|(letter, _)| styled(*letter).is_some());
        let alike = word.iter().filter(|(letter, _)| look_alike(*letter).is_some()).count();
        let strange = word
            .iter()
            .any(|(letter, _)| !letter.is_ascii() && look_alike(*letter).is_none());
        // A word of another alphabet stays what it is, unless what it looks like is a word that matters.
        let disguised = alike > 0
            && (plain
                || !strange && {
                    let folded: String = word.iter().filter_map(|(letter, _)| look_alike(*letter)).collect();
                    folded.len() > 3 && !lexicon::signs(lexicon::hash(&folded.to_ascii_lowercase())).is_empty()
                });
        if disguised || styles {
            self.mark(Trick::LookalikeLetters);
        }
        for &(letter, at) in &word {
            let folded = styled(letter)
                .or_else(|| look_alike(letter).filter(|_| disguised))
                .or_else(|| accent(letter));
            match folded {
                Some(folded) => self.put(at, folded),
                None if letter == 'ß' => {
                    self.put(at, 's');
                    self.put(at, 's');
                }
                None => self.put(at, letter),
            }
        }
        self.word = word;
        self.word.clear();
    }
}

/// Skips a terminal's escape sequence; one that hides text or moves about is a trick.
fn skip_escape(letters: &mut std::iter::Peekable<std::str::CharIndices<'_>>, cleaner: &mut Cleaner, _at: usize) {
    match letters.peek().map(|(_, letter)| *letter) {
        Some('[') => {
            letters.next();
            let mut arguments = String::new();
            while let Some(&(_, letter)) = letters.peek() {
                if matches!(letter, '@'..='~') {
                    letters.next();
                    let conceals = letter == 'm' && arguments.split(';').any(|one| one == "8");
                    let moves = matches!(letter, 'A' | 'D' | 'F' | 'H' | 'f' | 's' | 'u') || letter == 'J';
                    if conceals || moves && arguments.len() < 8 {
                        cleaner.mark(Trick::AnsiEscapes);
                    }
                    return;
                }
                if !letter.is_ascii() || letter == '\n' || arguments.len() > 64 {
                    return;
                }
                arguments.push(letter);
                letters.next();
            }
        }
        Some(']' | 'P' | '_' | '^') => {
            letters.next();
            let mut length = 0;
            while let Some(&(_, letter)) = letters.peek() {
                if letter == '\u{7}' || letter == '\u{1b}' || letter == '\n' || length > 2048 {
                    break;
                }
                letters.next();
                length += 1;
            }
            if letters.peek().is_some_and(|(_, letter)| *letter == '\u{7}') {
                letters.next();
            }
        }
        _ => {}
    }
}

/// Letters in another style: full width, mathematical, circled.
fn styled(letter: char) -> Option<char> {
    let code = u32::from(letter);
    let ascii = |first: u32, base: u32| char::from_u32(base + (code - first));
    match code {
        0xff21..=0xff3a => ascii(0xff21, 0x41),
        0xff41..=0xff5a => ascii(0xff41, 0x61),
        0xff10..=0xff19 => ascii(0xff10, 0x30),
        0x1d400..=0x1d6a3 => {
            let index = (code - 0x1d400) % 52;
            char::from_u32(if index < 26 { 0x41 + index } else { 0x61 + index - 26 })
        }
        0x1d7ce..=0x1d7ff => char::from_u32(0x30 + (code - 0x1d7ce) % 10),
        0x24b6..=0x24cf => ascii(0x24b6, 0x41),
        0x24d0..=0x24e9 => ascii(0x24d0, 0x61),
        0x1f130..=0x1f149 => ascii(0x1f130, 0x41),
        0x1f170..=0x1f189 => ascii(0x1f170, 0x41),
        _ => None,
    }
}

/// Letters of other alphabets that look like one of ASCII.
fn look_alike(letter: char) -> Option<char> {
    let alike = match letter {
        'а' | 'α' | 'ɑ' => 'a',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'с' | 'ϲ' => 'c',
        'С' | 'Ϲ' => 'C',
        'ԁ' => 'd',
        'е' | 'ҽ' => 'e',
        'Е' | 'Ε' => 'E',
        'ɡ' => 'g',
        'һ' => 'h',
        'Н' | 'Η' => 'H',
        'і' | 'ι' | 'ı' => 'i',
        'І' | 'Ι' => 'I',
        'ј' => 'j',
        'Ј' => 'J',
        'κ' | 'к' => 'k',
        'К' | 'Κ' => 'K',
        'ӏ' | 'ⅼ' => 'l',
        'М' | 'Μ' => 'M',
        'ո' => 'n',
        'Ν' => 'N',
        'о' | 'ο' | 'օ' => 'o',
        'О' | 'Ο' => 'O',
        'р' | 'ρ' => 'p',
        'Р' | 'Ρ' => 'P',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'Ѕ' => 'S',
        'т' => 't',
        'Т' | 'Τ' => 'T',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'Х' | 'Χ' => 'X',
        'у' | 'γ' => 'y',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        _ => return None,
    };
    Some(alike)
}

/// Letters of Latin alphabets without their accents.
fn accent(letter: char) -> Option<char> {
    let plain = match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ā' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ē' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
        'ś' | 'š' | 'ş' => 's',
        'ù' | 'ú' | 'û' | 'ü' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => 'A',
        'Ç' => 'C',
        'È' | 'É' | 'Ê' | 'Ë' => 'E',
        'İ' => 'I',
        'Ñ' => 'N',
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => 'O',
        'Ś' | 'Š' | 'Ş' => 'S',
        'Ù' | 'Ú' | 'Û' | 'Ü' => 'U',
        'Ł' => 'L',
        'Ż' | 'Ź' | 'Ž' => 'Z',
        _ => return None,
    };
    Some(plain)
}
