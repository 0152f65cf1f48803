//! `sed`: its script may write files (`w`) and run commands (`e`). Only what the script does; options are in the table.

use placet_model::{Span, Understood};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Bound, Value};

/// Without `-e`/`-f`, the first operand is the script; the others are files, changed in place with `-i`.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let given = call.has(&["-e", "--expression", "-f", "--file"]);
    let in_place = call.has(&["-i", "--in-place", "-I"]);
    // BSD's `-i ''` and `-i .bak`: the suffix is a word of its own. No script begins with a dot.
    let operands = match call.operands.split_first() {
        Some((suffix, rest))
            if in_place
                && suffix
                    .known()
                    .is_some_and(|text| text.is_empty() || text.starts_with('.')) =>
        {
            rest
        }
        Some(_) | None => call.operands.as_slice(),
    };
    let files = if given {
        operands
    } else {
        let Some((script, files)) = operands.split_first() else {
            return;
        };
        match script.known() {
            Some(text) => {
                let text = text.to_owned();
                let _ = program(it, &text, script.span, "sed");
            }
            None => holes(it, script),
        }
        files
    };
    for file in files {
        let role = if in_place { PathRole::Modify } else { PathRole::Read };
        it.touch(role, &file.value, file.span, "sed", None);
        if let Some(suffix) = call
            .option(&["-i", "--in-place", "-I"])
            .and_then(|given| given.value.as_ref())
        {
            // The old content is kept under another name; a `*` in it stands for the file's.
            let mut kept = file.value.clone();
            match suffix.known() {
                Some(suffix) if !suffix.contains(['*', '/']) => kept.push_text(suffix),
                Some(_) | None => kept.push(&Value::hole(Bound::Any)),
            }
            it.touch(PathRole::Write, &kept, file.span, "sed", None);
        }
    }
}

/// A script with unknown parts: fine inside a substitution's text, as long as its flags are known.
fn holes(it: &mut Interpreter<'_>, script: &Arg) {
    let shown: String = script.value.shown();
    let last = script.value.pieces.last();
    let ends_known = matches!(last, Some(crate::value::Piece::Text(text)) if text.len() > 1 || text.ends_with(['/', '|', '#', 'p', 'd', 'g', ',']));
    let substitutes = shown.starts_with('s') && ends_known;
    let prints = shown
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'?' | b',' | b'p' | b'd' | b'q' | b'$' | b';' | b' '));
    if !substitutes && !prints {
        it.opaque("a script of `sed` that can't be told", script.span);
    }
}

/// What a script does.
pub(crate) fn program(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Understood {
    let mut reader = Reader { text, at: 0 };
    match reader.script(&mut |action| match action {
        Action::Write(path) => it.touch(PathRole::Write, &Value::text(path), span, by, None),
        Action::Read(path) => it.touch(PathRole::Read, &Value::text(path), span, by, None),
        Action::Run(Some(command)) => it.shell_text(&Value::text(command), span, by),
        Action::Run(None) => it.opaque("`sed` runs the text it works on as a command", span),
    }) {
        Some(()) => Understood::Fully,
        None => {
            it.opaque("a script of `sed` that was not understood", span);
            Understood::Not
        }
    }
}

/// What a script leaves of lines that are paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Some of them, as they were.
    Lines,
    /// Their names may be others; which of them are directories is as it was, and nothing climbs.
    Names,
    /// Cannot tell.
    Unknown,
}

/// What the script leaves, of one command: a choice of lines by number or pattern, or a substitution of plain text.
pub(crate) fn leaves(script: &str) -> Left {
    let script = script.trim();
    let choice = script.trim_end_matches(['p', 'd', 'q']);
    if choice.len() + 1 == script.len() {
        let by_number = choice
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'$' | b'!'));
        let by_pattern = choice
            .strip_prefix('/')
            .and_then(|rest| rest.trim_end_matches('!').strip_suffix('/'))
            .is_some_and(|pattern| !pattern.contains('/') && !pattern.contains('\\'));
        if by_number || by_pattern {
            return Left::Lines;
        }
    }
    let Some(rest) = script.strip_prefix('s') else {
        return Left::Unknown;
    };
    let Some(delimiter) = rest.chars().next().filter(char::is_ascii_punctuation) else {
        return Left::Unknown;
    };
    let mut parts = rest.split(delimiter).skip(1);
    let (Some(pattern), Some(new), Some(flags), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Left::Unknown;
    };
    if !matches!(flags, "" | "g") || delimiter == '\\' {
        return Left::Unknown;
    }
    // `./x` is `x`.
    if new.is_empty() && matches!(pattern, r"^\./" | r"^[.]/") {
        return Left::Lines;
    }
    let plain = |text: &str, more: &[u8]| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || more.contains(&byte))
    };
    let old = pattern.strip_suffix('$').unwrap_or(pattern).replace(r"\.", "");
    let named = new.bytes().any(|byte| byte.is_ascii_alphanumeric());
    if !pattern.is_empty() && plain(&old, b"") && named && plain(&new.replace(r"\.", "."), b".") {
        Left::Names
    } else {
        Left::Unknown
    }
}

enum Action<'t> {
    Write(&'t str),
    Read(&'t str),
    Run(Option<&'t str>),
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip(&mut self, set: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&set) {
            self.next();
        }
    }

    fn line(&mut self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find('\n').unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn script(&mut self, act: &mut impl FnMut(Action<'t>)) -> Option<()> {
        loop {
            self.skip(|c| c.is_whitespace() || matches!(c, ';' | '}'));
            if self.peek().is_none() {
                return Some(());
            }
            self.address()?;
            self.skip(|c| c == ' ' || c == '\t' || c == '!');
            match self.next()? {
                '{' | '=' | 'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' | 'F' => {}
                '#' => {
                    self.line();
                }
                'q' | 'Q' | 'l' | 'L' => self.skip(|c| c == ' ' || c.is_ascii_digit()),
                'a' | 'i' | 'c' => loop {
                    let line = self.line();
                    if !line.ends_with('\\') {
                        break;
                    }
                    self.next()?;
                },
                ':' | 'b' | 't' | 'T' => self.skip(|c| c != ';' && c != '\n' && c != '}'),
                'r' | 'R' => {
                    let path = self.line().trim();
                    act(Action::Read(path));
                }
                'w' | 'W' => {
                    let path = self.line().trim();
                    act(Action::Write(path));
                }
                'e' => {
                    let command = self.line().trim();
                    act(Action::Run((!command.is_empty()).then_some(command)));
                }
                's' => {
                    let delimiter = self.next()?;
                    self.until(delimiter)?;
                    self.until(delimiter)?;
                    loop {
                        match self.peek() {
                            Some('g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9') => {
                                self.next();
                            }
                            Some('e') => {
                                self.next();
                                act(Action::Run(None));
                            }
                            Some('w') => {
                                self.next();
                                let path = self.line().trim();
                                act(Action::Write(path));
                                break;
                            }
                            Some(';' | '}' | '\n' | ' ' | '\t' | '#') | None => break,
                            Some(_) => return None,
                        }
                    }
                }
                'y' => {
                    let delimiter = self.next()?;
                    self.until(delimiter)?;
                    self.until(delimiter)?;
                }
                _ => return None,
            }
        }
    }

    fn address(&mut self) -> Option<()> {
        loop {
            match self.peek()? {
                '0'..='9' | '$' | ',' | '~' | '+' | ' ' => {
                    self.next();
                }
                '/' => {
                    self.next();
                    self.until('/')?;
                    self.skip(|c| matches!(c, 'I' | 'M'));
                }
                '\\' => {
                    self.next();
                    let delimiter = self.next()?;
                    self.until(delimiter)?;
                    self.skip(|c| matches!(c, 'I' | 'M'));
                }
                _ => return Some(()),
            }
        }
    }

    /// Past the next delimiter that is neither escaped nor in a character class.
    fn until(&mut self, delimiter: char) -> Option<()> {
        let mut class = false;
        loop {
            match self.next()? {
                '\\' => {
                    self.next()?;
                }
                '[' if !class && delimiter != '[' => {
                    class = self.text.get(self.at..).is_some_and(|rest| {
                        let close = rest.find(']').unwrap_or(usize::MAX);
                        close < rest.find(delimiter).unwrap_or(usize::MAX)
                            && !rest.get(..close).is_some_and(|inside| inside.contains('\n'))
                    });
                }
                ']' if class => class = false,
                c if c == delimiter => return Some(()),
                _ => {}
            }
        }
    }
}
