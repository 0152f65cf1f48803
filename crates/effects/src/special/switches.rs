//! The switches of Perl and Ruby, which bundle in ways of their own (`-lane`, `-pi.bak`), and what they make of the
//! operands. Not what the code does: that is read in the languages crate.

use placet_model::{Origin, Span, Understood};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Bound, Value};

/// What the switches say.
#[derive(Default)]
struct Switches {
    code: Vec<Arg>,
    /// Lines of code that load modules.
    loads: String,
    /// Files are changed in place; what their old content is called.
    in_place: Option<String>,
    /// The code runs for every line of the operands.
    each_line: bool,
    /// And prints the line when it is done with it.
    prints_each: bool,
    /// Nothing is run.
    informs: bool,
    doubt: Option<Span>,
    directories: Vec<Arg>,
    /// Where modules are looked for.
    searched: Vec<Arg>,
    operands: Vec<Arg>,
}

/// Runs what the interpreter would run.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>, language: &'static str) {
    let switches = read(it, &call.operands, language);
    if let Some(span) = switches.doubt {
        it.opaque("a switch of an interpreter that is not known", span);
    }
    for directory in &switches.searched {
        it.foreign_code(&directory.value, directory.span, &call.name);
    }
    let outer = it.state.cwd.clone();
    for directory in &switches.directories {
        it.state.cwd = crate::paths::directory(&directory.value, &it.state.cwd, it.facts);
    }
    run(it, call, language, &switches);
    it.state.cwd = outer;
}

fn run(it: &mut Interpreter<'_>, call: &Call<'_>, language: &'static str, switches: &Switches) {
    let by = call.name.as_str();
    if switches.code.is_empty() {
        if !switches.loads.is_empty() {
            it.language_code(language, &Value::text(switches.loads.as_str()), call.span, by);
        }
        match switches.operands.split_first() {
            _ if switches.informs => {}
            Some((file, args)) if file.known() != Some("-") => {
                it.script(language, &file.value, args, file.span, by);
                files(it, args, switches, by);
            }
            _ if it.stdin.present => {
                let data = it.stdin.clone();
                it.code_data(language, &data, call.span, by);
            }
            _ => it.code(Origin::Dynamic, Understood::Not, by, call.span, by),
        }
        return;
    }
    let mut code = Value::text(switches.loads.as_str());
    for (at, part) in switches.code.iter().enumerate() {
        if at > 0 {
            code.push_text("\n");
        }
        code.push(&part.value);
    }
    if switches.prints_each && switches.in_place.is_none() {
        code.push_text("\n;print $_;");
    }
    let span = switches.code.first().map_or(call.span, |part| part.span);
    files(it, &switches.operands, switches, by);
    if !switches.each_line && switches.in_place.is_none() && reads_operands(&code) {
        for file in &switches.operands {
            it.touch(PathRole::Read, &file.value, file.span, by, None);
        }
    }
    it.language_code(language, &code, span, by);
}

/// What the switches do with the operands.
fn files(it: &mut Interpreter<'_>, files: &[Arg], switches: &Switches, by: &str) {
    for file in files {
        match &switches.in_place {
            Some(suffix) => {
                it.touch(PathRole::Modify, &file.value, file.span, by, None);
                if !suffix.is_empty() {
                    // A `*` in it stands for the file's name.
                    let mut kept = file.value.clone();
                    if suffix.contains(['*', '/']) {
                        kept = Value::hole(Bound::Any);
                    } else {
                        kept.push_text(suffix);
                    }
                    it.touch(PathRole::Write, &kept, file.span, by, None);
                }
            }
            None if switches.each_line => it.touch(PathRole::Read, &file.value, file.span, by, None),
            None => {}
        }
    }
}

/// Whether the code may read its operands as files. Names of them in a text only add a read.
fn reads_operands(code: &Value) -> bool {
    let text = code.shown();
    ["<>", "<<>>", "ARGV", "ARGF", "gets", "readline", "$<"]
        .iter()
        .any(|sign| text.contains(sign))
}

fn read(it: &Interpreter<'_>, words: &[Arg], language: &str) -> Switches {
    let mut out = Switches::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(text) = word.known() else {
            if it.may_be_option(word) || word.value.prefix().starts_with('-') {
                out.doubt.get_or_insert(word.span);
            }
            out.operands.push(word.clone());
            break;
        };
        match text {
            "--" => break,
            "-" => {
                out.operands.push(word.clone());
                break;
            }
            _ if text.starts_with("--") => out.long(text, &mut words, word.span, language),
            _ if text.starts_with('-') => {
                let letters = text.get(1..).unwrap_or_default();
                out.letters(letters, &mut words, word.span, language);
            }
            _ => {
                out.operands.push(word.clone());
                break;
            }
        }
    }
    out.operands.extend(words.cloned());
    out
}

impl Switches {
    fn long<'w>(&mut self, text: &str, words: &mut impl Iterator<Item = &'w Arg>, span: Span, language: &str) {
        let (name, value) = text
            .split_once('=')
            .map_or((text, None), |(name, value)| (name, Some(value)));
        match (language, name) {
            (_, "--version" | "--help" | "--copyright") => self.informs = true,
            ("ruby", "--verbose" | "--debug" | "--yjit" | "--jit" | "--disable-all" | "--disable-gems") => {}
            (
                "ruby",
                "--disable"
                | "--enable"
                | "--encoding"
                | "--external-encoding"
                | "--internal-encoding"
                | "--backtrace-limit"
                | "--dump"
                | "--parser",
            ) => {
                if value.is_none() {
                    words.next();
                }
            }
            ("ruby", name)
                if name.starts_with("--yjit") || name.starts_with("--disable-") || name.starts_with("--enable-") => {}
            _ => {
                self.doubt.get_or_insert(span);
            }
        }
    }

    fn letters<'w>(&mut self, letters: &str, words: &mut impl Iterator<Item = &'w Arg>, span: Span, language: &str) {
        let mut rest = letters;
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            let digits = |text: &str| {
                text.len()
                    - text
                        .trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == 'x')
                        .len()
            };
            match (language, letter) {
                (_, 'n') => self.each_line = true,
                (_, 'p') => {
                    self.each_line = true;
                    self.prints_each = true;
                }
                (_, 'a' | 'c' | 'w') | ("perl", 'f' | 'g' | 't' | 'T' | 'u' | 'U' | 'W' | 'X') => {}
                ("ruby", 'l' | 'd' | 'y' | 'U') => {}
                (_, 'v') if rest.is_empty() => self.informs = true,
                (_, 'h') | ("perl", 'V' | '?') => {
                    self.informs = true;
                    return;
                }
                (_, '0') => rest = rest.get(digits(rest)..).unwrap_or_default(),
                ("perl", 'l') => {
                    let octal = rest.len() - rest.trim_start_matches(|c: char| c.is_digit(8)).len();
                    rest = rest.get(octal..).unwrap_or_default();
                }
                ("perl", 'C') => {
                    let flags = rest.len()
                        - rest
                            .trim_start_matches(|c: char| c.is_ascii_digit() || "IOEioADSLa".contains(c))
                            .len();
                    rest = rest.get(flags..).unwrap_or_default();
                }
                (_, 'i') => {
                    self.in_place = Some(rest.to_owned());
                    return;
                }
                ("ruby", 'W') => {
                    let level = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':').len();
                    if rest.starts_with(':') {
                        return;
                    }
                    rest = rest.get(level..).unwrap_or_default();
                }
                ("ruby", 'K' | 'T') | ("perl", 'F') if !rest.is_empty() => return,
                (_, 'e') | ("perl", 'E') => {
                    match self.value(rest, words, span) {
                        Some(code) => self.code.push(code),
                        None => self.note(span),
                    }
                    return;
                }
                ("ruby", 'r') => {
                    let module = self.value(rest, words, span);
                    match module.as_ref().and_then(Arg::known) {
                        Some(name) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_/.-".contains(&b)) => {
                            self.loads.push_str(&format!("require '{name}'\n"));
                        }
                        Some(_) | None => self.note(span),
                    }
                    return;
                }
                ("perl", 'M' | 'm') => {
                    let module = self.value(rest, words, span);
                    match module.as_ref().and_then(Arg::known).and_then(perl_use) {
                        Some(line) => self.loads.push_str(&line),
                        None => self.note(span),
                    }
                    return;
                }
                (_, 'F') | ("ruby", 'E') => {
                    self.value(rest, words, span);
                    return;
                }
                // Where modules are looked for: the session's own may come first.
                (_, 'I') => {
                    let place = self.value(rest, words, span);
                    self.searched.extend(place);
                    return;
                }
                ("ruby", 'C' | 'X') => {
                    match self.value(rest, words, span) {
                        Some(directory) => self.directories.push(directory),
                        None => self.note(span),
                    }
                    return;
                }
                _ => {
                    self.note(span);
                    return;
                }
            }
        }
    }

    fn note(&mut self, span: Span) {
        self.doubt.get_or_insert(span);
    }

    /// The rest of the word, or the next one.
    fn value<'w>(&mut self, rest: &str, words: &mut impl Iterator<Item = &'w Arg>, span: Span) -> Option<Arg> {
        if rest.is_empty() {
            return words.next().cloned();
        }
        Some(Arg::text(rest, span))
    }
}

/// `-MList::Util=sum,max` as the line that it stands for.
fn perl_use(module: &str) -> Option<String> {
    let (word, name) = match module.strip_prefix('-') {
        Some(name) => ("no", name),
        None => ("use", module),
    };
    let (name, list) = name
        .split_once('=')
        .map_or((name, None), |(name, list)| (name, Some(list)));
    let plain = |text: &str, more: &[u8]| {
        text.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || more.contains(&b))
    };
    if name.is_empty() || !plain(name, b":") || !list.is_none_or(|list| plain(list, b",:-$@%&")) {
        return None;
    }
    let list = list
        .map(|list| format!(" qw({})", list.replace(',', " ")))
        .unwrap_or_default();
    Some(format!("{word} {name}{list};\n"))
}
