//! What of a message the user says, and what they only show: code blocks, quotations, logs and other pasted text give no
//! order and set no boundary.

/// A sentence that the user wrote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentence<'m> {
    pub(crate) text: &'m str,
    /// Where it begins in the message.
    pub(crate) start: usize,
    /// It ends with a question mark.
    pub(crate) asks: bool,
    /// It belongs to a document that was put into the message (a plan, a page): it may limit, it orders nothing.
    pub(crate) document: bool,
    /// Which paragraph of the message it stands in.
    pub(crate) paragraph: usize,
}

/// In longer messages, only what is near an end is taken for an order.
const SPOKEN_AT_THE_START: usize = 4 << 10;
const SPOKEN_AT_THE_END: usize = 1 << 10;

/// The sentences of a message.
pub(crate) fn sentences(message: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut state = State::default();
    let mut at = 0;
    for line in message.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let far = start > SPOKEN_AT_THE_START && message.len().saturating_sub(start) > SPOKEN_AT_THE_END;
        if let Some((spoken, offset)) = state.spoken(line) {
            split(spoken, start + offset, &state, far, &mut found);
        }
    }
    found
}

#[derive(Default)]
struct State {
    fence: Option<&'static str>,
    element: Option<String>,
    pasted: bool,
    document: bool,
    paragraph: usize,
}

impl State {
    /// The part of a line that is speech, and where it begins in the line.
    fn spoken<'l>(&mut self, line: &'l str) -> Option<(&'l str, usize)> {
        let text = line.trim_end();
        let body = text.trim_start();
        if let Some(fence) = self.fence {
            if body.starts_with(fence) {
                self.fence = None;
            }
            return None;
        }
        if let Some(name) = &self.element {
            if let Some((_, after)) = text.split_once(&format!("</{name}>")) {
                self.element = None;
                let offset = text.len() - after.len();
                return (!after.trim().is_empty()).then_some((after, offset));
            }
            return None;
        }
        if body.is_empty() {
            self.pasted = false;
            self.paragraph += 1;
            return None;
        }
        for fence in ["```", "~~~"] {
            if body.starts_with(fence) {
                // A block on one line.
                let rest = body.get(fence.len()..).unwrap_or_default();
                if !rest.contains(fence) {
                    self.fence = Some(fence);
                }
                return None;
            }
        }
        if let Some(name) = opened(body) {
            let (open, close) = (format!("<{name}>"), format!("</{name}>"));
            if name == "command-args" {
                let inner = body.strip_prefix(&open).unwrap_or(body);
                let inner = inner.split_once(&close).map_or(inner, |(inner, _)| inner);
                return Some((inner, text.find(inner).unwrap_or_default()));
            }
            if !body.contains(&close) {
                self.element = Some(name.to_owned());
            }
            return None;
        }
        let body = body.strip_suffix("</command-args>").unwrap_or(body);
        if is_heading(body) {
            self.document = true;
            return None;
        }
        if is_shown(body) || text.starts_with("    ") || text.starts_with('\t') {
            self.document |= body.starts_with('\u{23fa}') || body.starts_with('\u{23bf}');
            self.pasted = true;
            return None;
        }
        (!self.pasted).then(|| (body, text.len() - text.trim_start().len()))
    }
}

/// The name of the element that the line begins with, as tools of an agent put them into messages.
fn opened(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('<')?.split_once('>')?;
    let name = name.split(' ').next().unwrap_or(name);
    let kebab = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_');
    kebab.then_some(name)
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    rest.len() < line.len() && line.len() - rest.len() <= 6 && rest.starts_with(' ')
}

/// Lines that programs print, as far as they can be known by how they begin.
fn is_shown(line: &str) -> bool {
    const MARKS: &[&str] = &[
        ">",
        "$ ",
        "\u{276f}",
        "\u{23fa}",
        "\u{23bf}",
        "\u{2502}",
        "\u{251c}",
        "\u{2514}",
        "\u{250c}",
        "+++",
        "---",
        "@@ ",
        "diff --git",
        "===",
        "***",
        "Traceback",
        "File \"",
        "at ",
        "Error: ",
        "error: ",
        "error[",
        "ERROR",
        "WARN",
        "INFO",
        "DEBUG",
        "FAIL",
        "fatal: ",
        "warning: ",
        "remote: ",
        "hint: ",
        "npm ERR",
        "npm warn",
        "E ",
        "{",
        "}",
        "[ERROR",
        "[WARN",
        "[INFO",
        "From: ",
        "Subject: ",
        "<",
        "commit ",
        "Author: ",
    ];
    let dated = line.len() > 10 && line.chars().take(4).all(|c| c.is_ascii_digit()) && line.chars().nth(4) == Some('-');
    let commit = line
        .strip_prefix("commit ")
        .is_none_or(|rest| rest.len() >= 40 && rest.chars().take(40).all(|c| c.is_ascii_hexdigit()));
    let at = line
        .strip_prefix("at ")
        .is_none_or(|rest| rest.contains(['(', ':', '/']));
    MARKS.iter().any(|mark| line.starts_with(mark)) && commit && at || dated
}

fn split<'m>(text: &'m str, start: usize, state: &State, far: bool, found: &mut Vec<Sentence<'m>>) {
    let mut from = 0;
    let mut inside: Option<char> = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        match (inside, letter) {
            (Some(mark), _) if letter == mark => inside = None,
            (None, '`' | '"') if text.get(at + 1..).is_some_and(|rest| rest.contains(letter)) => inside = Some(letter),
            (None, '.' | '!' | '?') if next.is_none_or(char::is_whitespace) && !abbreviates(text, at) => {
                let end = at + letter.len_utf8();
                add(text, from, end, start, letter == '?', state, far, found);
                from = end;
            }
            (None, '\u{3002}' | '\u{ff01}' | '\u{ff1f}' | ';' | '\u{ff1b}') => {
                let end = at + letter.len_utf8();
                add(text, from, end, start, letter == '\u{ff1f}', state, far, found);
                from = end;
            }
            _ => {}
        }
    }
    add(text, from, text.len(), start, false, state, far, found);
}

/// `e.g.`, `i.e.`, `vs.`, `re.`, or the number of a list.
fn abbreviates(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let numbered = before.trim().len() == word.len() && word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty();
    numbered || matches!(word.as_str(), "e.g" | "i.e" | "vs" | "re" | "incl" | "approx" | "etc") || word.is_empty()
}

#[expect(
    clippy::too_many_arguments,
    reason = "a sentence is its text and all that surrounds it"
)]
fn add<'m>(
    text: &'m str,
    from: usize,
    to: usize,
    start: usize,
    asks: bool,
    state: &State,
    far: bool,
    found: &mut Vec<Sentence<'m>>,
) {
    let Some(sentence) = text.get(from..to) else { return };
    let trimmed = sentence.trim();
    if trimmed.is_empty() {
        return;
    }
    found.push(Sentence {
        text: trimmed,
        start: start + from + (sentence.len() - sentence.trim_start().len()),
        asks,
        document: state.document || far,
        paragraph: state.paragraph,
    });
}
