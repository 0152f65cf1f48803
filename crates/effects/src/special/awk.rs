//! `awk`: its program may run commands (`system`, pipes) and write files (`print > file`).

use placet_model::{Qualifiers, Resource, Span, Understood, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::value::{Bound, Data, Lines, Value};

/// Without `-f`, the first operand is the program; the others are files (or assignments).
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let numbers = it.stdin.listing.as_ref().and_then(|lines| match lines {
        Lines::Processes(listing) => super::listing::column(listing, call),
        Lines::Environment => None,
    });
    if let Some(numbers) = numbers {
        it.stdout.append(numbers);
    } else if let Some(word) = it.stdin.words.as_ref().filter(|_| prints_first(call)) {
        let words = Data::alike(crate::interpret::first_of(word), it.stdin.taint);
        it.stdout.append(words);
    }
    let given = call.has(&["-f", "--file", "-e", "--source", "-E", "--exec"]);
    let files = if given {
        call.operands.as_slice()
    } else {
        let Some((text, files)) = call.operands.split_first() else {
            return;
        };
        match crate::interpret::readable(&text.value) {
            Some(known) => {
                let _ = program(it, &known, text.span, "awk");
            }
            None => it.opaque("a program of `awk` that can't be told", text.span),
        }
        files
    };
    // A library or a text that is put in front; `inplace` is in the table.
    for given in call
        .options
        .iter()
        .filter(|given| given.name == "-i" || given.name == "--include")
    {
        if let Some(value) = &given.value
            && !value
                .known()
                .is_some_and(|name| name.rsplit('/').next().is_some_and(|n| n.starts_with("inplace")))
        {
            it.script("awk", &value.value, &[], value.span, "awk");
        }
    }
    for file in files {
        if !file.value.prefix().split('/').next().unwrap_or("").contains('=') {
            it.touch(PathRole::Read, &file.value, file.span, "awk", None);
        }
    }
}

/// Whether the first field of each line is printed, of nothing but what comes in.
fn prints_first(call: &Call<'_>) -> bool {
    let [program] = call.operands.as_slice() else {
        return false;
    };
    let plain = call.options.is_empty() && call.doubts.is_empty() && call.ignored.is_empty();
    plain
        && program.known().is_some_and(|text| {
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            matches!(
                text.as_str(),
                "{print$1}" | "{print$1;}" | "NR==1{print$1}" | "{print$1;exit}"
            )
        })
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number,
    Pattern,
    Sign(char),
    Newline,
}

/// What a program does.
pub(crate) fn program(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Understood {
    let Some(tokens) = tokens(text) else {
        it.opaque("a program of `awk` that was not understood", span);
        return Understood::Not;
    };
    // Depth of parentheses since the last `print`: `>` means a file only outside of them.
    let mut printing: Option<u32> = None;
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        match token {
            Token::Name(name) if name == "print" || name == "printf" => printing = Some(0),
            Token::Name(name) if name == "ENVIRON" => environment(it, &tokens, at, span, by),
            // The operands are set: any file may be read.
            Token::Name(name) if matches!(name.as_str(), "ARGV" | "ARGC") && sets(&tokens, at) => {
                it.touch(PathRole::Read, &Value::hole(Bound::Any), span, by, None);
            }
            Token::Name(name) if name == "system" && next == Some(&Token::Sign('(')) => {
                match (tokens.get(at + 2), tokens.get(at + 3)) {
                    (Some(Token::Text(command)), Some(Token::Sign(')'))) => {
                        it.shell_text(&Value::text(command.as_str()), span, by)
                    }
                    _ => it.opaque("`awk` runs a command that it computes", span),
                }
            }
            Token::Sign('@') => it.opaque("an extension of `awk` or an indirect call", span),
            Token::Sign('|')
                if next == Some(&Token::Sign('|')) || at > 0 && tokens.get(at - 1) == Some(&Token::Sign('|')) => {}
            Token::Sign('|') => {
                let into = tokens.get(at + 1).filter(|_| printing.is_some());
                let from = next
                    .filter(|next| matches!(next, Token::Name(name) if name == "getline"))
                    .and_then(|_| at.checked_sub(1))
                    .and_then(|at| tokens.get(at));
                // A text beside another operand is only a part of the command.
                let whole_from = !at.checked_sub(2).is_some_and(|before| ends_operand(tokens.get(before)));
                let whole_into = ends_statement(tokens.get(at + 2));
                match (from, into) {
                    (Some(Token::Text(command)), _) if whole_from => {
                        it.shell_text(&Value::text(command.as_str()), span, by)
                    }
                    (None, Some(Token::Text(command))) if whole_into => {
                        it.shell_text(&Value::text(command.as_str()), span, by);
                    }
                    _ => it.opaque("`awk` pipes to a command that it computes", span),
                }
            }
            Token::Sign('(') => {
                if let Some(depth) = &mut printing {
                    *depth += 1;
                }
            }
            Token::Sign(')') => {
                if let Some(depth) = &mut printing {
                    *depth = depth.saturating_sub(1);
                }
            }
            Token::Sign('>') if printing == Some(0) => {
                let append = next == Some(&Token::Sign('>'));
                let target = tokens.get(if append { at + 2 } else { at + 1 });
                let after = tokens.get(if append { at + 3 } else { at + 2 });
                let ends = ends_statement(after);
                let role = if append { PathRole::Append } else { PathRole::Write };
                match target {
                    Some(Token::Text(path)) if network(it, path, true, span, by) => {}
                    Some(Token::Text(path)) if ends => it.touch(role, &Value::text(path.as_str()), span, by, None),
                    _ => it.touch(role, &Value::hole(Bound::Any), span, by, None),
                }
                printing = None;
            }
            Token::Sign('<') => {
                if reads_line(&tokens, at) {
                    match next {
                        Some(Token::Text(path)) if network(it, path, false, span, by) => {}
                        // Whether what follows belongs to the name, implementations disagree.
                        Some(Token::Text(_)) if begins_operand(tokens.get(at + 2)) => {
                            it.touch(PathRole::Read, &Value::hole(Bound::Any), span, by, None)
                        }
                        Some(Token::Text(path)) => {
                            it.touch(PathRole::Read, &Value::text(path.as_str()), span, by, None)
                        }
                        _ => it.touch(PathRole::Read, &Value::hole(Bound::Any), span, by, None),
                    }
                }
            }
            Token::Sign(';' | '}') | Token::Newline => printing = None,
            Token::Name(_) | Token::Text(_) | Token::Number | Token::Pattern | Token::Sign(_) => {}
        }
    }
    Understood::Fully
}

fn ends_statement(token: Option<&Token>) -> bool {
    matches!(token, None | Some(Token::Newline | Token::Sign(';' | '}')))
}

/// Whether the `<` at this place belongs to a `getline`, with or without a variable that gets the line.
fn reads_line(tokens: &[Token], at: usize) -> bool {
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    for token in before.take(12) {
        match token {
            Token::Name(name) if name == "getline" => return true,
            Token::Name(_) | Token::Text(_) | Token::Number | Token::Sign('[' | ']' | '$' | ',') => {}
            Token::Pattern | Token::Sign(_) | Token::Newline => return false,
        }
    }
    false
}

/// Whether the array at this place is set, or handed over as a whole.
fn sets(tokens: &[Token], at: usize) -> bool {
    let rest = tokens.get(at + 1..).unwrap_or_default();
    if rest.first() != Some(&Token::Sign('[')) {
        let assigns = matches!(rest.first(), Some(Token::Sign('=' | '+' | '-')));
        return assigns && rest.get(1) != Some(&Token::Sign('='))
            || matches!(rest.first(), Some(Token::Sign(',' | ')')));
    }
    let Some(close) = rest.iter().position(|token| *token == Token::Sign(']')) else {
        return true;
    };
    rest.get(close + 1) == Some(&Token::Sign('=')) && rest.get(close + 2) != Some(&Token::Sign('='))
}

/// The environment: one variable by its name, or any.
fn environment(it: &mut Interpreter<'_>, tokens: &[Token], at: usize, span: Span, by: &str) {
    match (tokens.get(at + 1), tokens.get(at + 2), tokens.get(at + 3)) {
        (Some(Token::Sign('[')), Some(Token::Text(name)), Some(Token::Sign(']')))
            if !crate::interpret::names_credential(name) => {}
        // Whether a name is there is no secret.
        _ if at > 0 && matches!(tokens.get(at - 1), Some(Token::Name(word)) if word == "in") => {}
        _ => it.print_secret("environment", span, by),
    }
}

/// gawk's names for connections: `/inet/tcp/LOCAL/HOST/PORT`.
fn network(it: &mut Interpreter<'_>, path: &str, sends: bool, span: Span, by: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    if !matches!(parts.next(), Some("inet" | "inet4" | "inet6")) {
        return false;
    }
    let host = parts.nth(2).map(str::to_owned);
    let verb = if sends { Verb::Send } else { Verb::Fetch };
    it.emit(verb, Resource::Host(host), Qualifiers::default(), span, by);
    true
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        match c {
            '\n' => out.push(Token::Newline),
            c if c.is_whitespace() => {}
            '\\' => {
                chars.next();
            }
            '#' => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '"' => {
                let mut string = String::new();
                loop {
                    match chars.next()?.1 {
                        '"' => break,
                        '\\' => {
                            string.push('\\');
                            string.push(chars.next()?.1);
                        }
                        c => string.push(c),
                    }
                }
                out.push(Token::Text(super::printf::unescape(&string)?));
            }
            '/' if !ends_operand(out.last()) => {
                let mut class = false;
                loop {
                    match chars.next()?.1 {
                        '\\' => {
                            chars.next()?;
                        }
                        '[' => class = true,
                        ']' => class = false,
                        '/' if !class => break,
                        '\n' => return None,
                        _ => {}
                    }
                }
                out.push(Token::Pattern);
            }
            c if c.is_ascii_digit() || c == '.' => {
                while chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '.').is_some() {}
                out.push(Token::Number);
            }
            c if c.is_alphabetic() || c == '_' => {
                let mut name = String::from(c);
                while let Some((_, c)) = chars.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                out.push(Token::Name(name));
            }
            c => out.push(Token::Sign(c)),
        }
    }
    Some(out)
}

fn begins_operand(token: Option<&Token>) -> bool {
    matches!(
        token,
        Some(Token::Name(_) | Token::Text(_) | Token::Number | Token::Sign('$' | '('))
    )
}

/// After an operand a slash divides.
fn ends_operand(last: Option<&Token>) -> bool {
    match last {
        Some(Token::Name(name)) => !matches!(
            name.as_str(),
            "print" | "printf" | "return" | "in" | "case" | "getline" | "else" | "do"
        ),
        Some(Token::Text(_) | Token::Number | Token::Pattern | Token::Sign(')' | ']' | '$')) => true,
        Some(Token::Sign(_) | Token::Newline) | None => false,
    }
}
