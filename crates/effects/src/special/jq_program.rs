//! Programs of `jq`: they compute and can't act, but they can show the environment. Options and operands are in `jq.rs`.

use placet_model::{Span, Understood};

use crate::interpret::Interpreter;

/// What a program shows of the environment.
pub(crate) fn program(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Understood {
    let mut words = Vec::new();
    if code(&mut text.chars().peekable(), &mut words, 0).is_none() {
        it.print_secret("environment", span, by);
        return Understood::Fully;
    }
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map(String::as_str);
        let after = |n: usize| words.get(at + n).map(String::as_str);
        let whole = match word.as_str() {
            "$ENV" => true,
            "env" => before != Some(".") && after(1) != Some(":"),
            _ => false,
        };
        if !whole {
            continue;
        }
        let name = match (after(1), after(2)) {
            (Some("."), Some(name)) => Some(name.trim_matches('"')),
            (Some("["), Some(name)) => name.strip_prefix('"').and_then(|name| name.strip_suffix('"')),
            _ => None,
        };
        if name.is_none_or(crate::interpret::names_credential) {
            it.print_secret("environment", span, by);
        }
    }
    Understood::Fully
}

/// The words and signs of a program; code inside texts is part of it.
fn code(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut Vec<String>, depth: u32) -> Option<()> {
    if depth > 16 {
        return None;
    }
    let mut open = 0_u32;
    while let Some(c) = chars.next() {
        match c {
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            '"' => {
                let mut text = String::from('"');
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => match chars.next()? {
                            '(' => code(chars, out, depth + 1)?,
                            c => text.extend(['\\', c]),
                        },
                        c => text.push(c),
                    }
                }
                text.push('"');
                out.push(text);
            }
            '(' => {
                open += 1;
                out.push("(".into());
            }
            ')' if open == 0 => return (depth > 0).then_some(()),
            ')' => {
                open -= 1;
                out.push(")".into());
            }
            c if c.is_whitespace() => {}
            c if c.is_alphabetic() || matches!(c, '_' | '$' | '@') => {
                let mut word = String::from(c);
                // `$ ENV` is one variable as well.
                while c == '$' && chars.next_if(|c| c.is_whitespace()).is_some() {}
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                out.push(word);
            }
            c => out.push(c.to_string()),
        }
    }
    (depth == 0 && open == 0).then_some(())
}
