//! Terraform: programs that configuration of this session starts, at plan (`external` data), at apply and at destroy
//! (`local-exec`), and what a saved plan may do. What the commands do to infrastructure besides is in the table.

use placet_languages::document;
use placet_model::{Origin, Paths, Qualifiers, Resource, Span, Understood, Verb};

use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Dir, Use};
use crate::value::{Arg, Data, Value};

/// What a saved plan of this text is known to hold.
const CHANGES: &str = "a plan that changes\n";

/// Looks through the configuration in the working directory, and at the plan that is saved or applied.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    plan(it, call);
    configuration(it, call);
}

/// A plan that was made by this very text, and not to destroy, changes what there is. Of any other nobody can tell.
fn plan(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.name.ends_with("plan") {
        if let Some(out) = call.option(&["-out"]).and_then(|given| given.value.clone())
            && let Paths::One(path) = paths::target(&out.value, &it.state.cwd, Use::Look, it.facts).paths
        {
            let known = !call.has(&["-destroy"]);
            let data = if known {
                Data::of(Value::text(CHANGES))
            } else {
                Data::of(Value::text("a plan that destroys\n"))
            };
            it.wrote(path, data, false);
        }
        return;
    }
    if !call.name.ends_with("apply") {
        return;
    }
    let Some(file) = call.operands.first() else { return };
    it.touch(
        crate::catalogue::table::PathRole::Read,
        &file.value,
        file.span,
        &call.name,
        None,
    );
    let content = it.content(&file.value);
    if content.text.as_ref().and_then(Value::known) != Some(CHANGES) {
        let what = Resource::Named("terraform".to_owned());
        it.emit(Verb::InfraDestroy, what, Qualifiers::default(), file.span, &call.name);
    }
}

fn configuration(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let Dir::At(here) = it.state.cwd.clone() else { return };
    let planned = call.name.ends_with("plan");
    for path in it.session_files() {
        let inside = path.strip_prefix(&here).and_then(|rest| rest.strip_prefix('/'));
        // Modules of the configuration are below it as a rule.
        if !inside.is_some_and(|name| name.ends_with(".tf") || name.ends_with(".tofu") || name.ends_with(".tf.json")) {
            continue;
        }
        let text = match it.text_of(&Value::text(path.as_str())) {
            Some((text, Origin::Session | Origin::Inline)) => Some(text),
            Some((_, Origin::Project | Origin::Toolchain)) => continue,
            Some(_) | None => None,
        };
        if path.ends_with(".json") {
            match text.as_deref().and_then(document::json) {
                Some(leaves) => in_json(it, &leaves, planned, call.span),
                None => it.code(Origin::Session, Understood::Not, &path, call.span, &call.name),
            }
            continue;
        }
        match text.as_deref().and_then(tokens) {
            Some(tokens) => programs(it, &tokens, planned, call.span),
            None => it.code(Origin::Session, Understood::Not, &path, call.span, &call.name),
        }
    }
}

/// The same for configuration that is written as JSON.
fn in_json(it: &mut Interpreter<'_>, leaves: &[document::Leaf], planned: bool, span: Span) {
    let mut argv: Vec<(Vec<String>, Vec<Arg>)> = Vec::new();
    for leaf in leaves {
        let path: Vec<&str> = leaf
            .path
            .iter()
            .map(String::as_str)
            .filter(|key| *key != "[]")
            .collect();
        let inside = |name: &str| path.contains(&name);
        if inside("local-exec") && !planned {
            match path.last() {
                Some(&"command") if !computed(&leaf.value) => {
                    it.shell_text(&Value::text(leaf.value.as_str()), span, "terraform");
                }
                Some(&("command" | "interpreter")) => it.opaque("a program that Terraform starts", span),
                Some(_) | None => {}
            }
        } else if matches!(path.as_slice(), ["data", "external", _, "program"]) {
            if computed(&leaf.value) {
                it.opaque("a program that Terraform starts", span);
            }
            let word = Arg::text(leaf.value.as_str(), span);
            match argv.iter_mut().find(|(known, _)| *known == leaf.path) {
                Some((_, words)) => words.push(word),
                None => argv.push((leaf.path.clone(), vec![word])),
            }
        }
    }
    for (_, words) in argv {
        it.subshell(|it| it.invoke(&words, &[], span));
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    /// None where a part of it is computed.
    Text(Option<String>),
    Sign(char),
}

/// What blocks of the configuration start.
fn programs(it: &mut Interpreter<'_>, tokens: &[Token], planned: bool, span: Span) {
    let word = |at: usize, wanted: &str| matches!(tokens.get(at), Some(Token::Word(word)) if word == wanted);
    let text = |at: usize, wanted: &str| matches!(tokens.get(at), Some(Token::Text(Some(text))) if text == wanted);
    for at in 0..tokens.len() {
        let (key, from) = if word(at, "data") && text(at + 1, "external") {
            ("program", at + 2)
        } else if word(at, "provisioner") && text(at + 1, "local-exec") && !planned {
            ("command", at + 2)
        } else {
            continue;
        };
        let inside = block(tokens.get(from..).unwrap_or_default());
        let place = inside.windows(2).position(|pair| match pair {
            [Token::Word(word), Token::Sign('=')] => word == key,
            _ => false,
        });
        let value = place.map_or(&[][..], |place| inside.get(place + 2..).unwrap_or_default());
        let interpreter = inside
            .iter()
            .any(|token| matches!(token, Token::Word(word) if word == "interpreter"));
        match value {
            [Token::Text(Some(command)), ..] if key == "command" && !interpreter => {
                it.shell_text(&Value::text(command.as_str()), span, "terraform");
            }
            [Token::Sign('['), list @ ..] if key == "program" => {
                let mut argv = Vec::new();
                let mut known = false;
                for token in list {
                    match token {
                        Token::Text(Some(text)) => argv.push(Arg::text(text, span)),
                        Token::Sign(',') => {}
                        Token::Sign(']') => {
                            known = !argv.is_empty();
                            break;
                        }
                        Token::Text(None) | Token::Word(_) | Token::Sign(_) => break,
                    }
                }
                if known {
                    it.subshell(|it| it.invoke(&argv, &[], span));
                } else {
                    it.opaque("a program that Terraform starts", span);
                }
            }
            _ => it.opaque("a program that Terraform starts", span),
        }
    }
}

/// The tokens between the next brace and the one that closes it.
fn block(tokens: &[Token]) -> &[Token] {
    let Some(start) = tokens.iter().position(|token| *token == Token::Sign('{')) else {
        return &[];
    };
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token {
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return tokens.get(start + 1..at).unwrap_or_default();
                }
            }
            Token::Sign(_) | Token::Text(_) | Token::Word(_) => {}
        }
    }
    &[]
}

/// Words, texts and signs; None where a text does not end.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..)?;
        if c == '#' || rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/")?.1;
        } else if rest.starts_with("<<") {
            let (head, body) = rest.split_once('\n')?;
            let end = head.trim_start_matches('<').trim_start_matches('-').trim();
            let mut lines = Vec::new();
            let mut after = body;
            loop {
                let (line, next) = after.split_once('\n').unwrap_or((after, ""));
                if line.trim() == end {
                    rest = next;
                    break;
                }
                if next.is_empty() {
                    return None;
                }
                lines.push(line);
                after = next;
            }
            let text = lines.join("\n");
            out.push(Token::Text((!computed(&text)).then_some(text)));
        } else if c == '"' {
            let (text, next) = quoted(tail)?;
            out.push(Token::Text(text));
            rest = next;
        } else if c.is_alphabetic() || c == '_' {
            let len = rest.len()
                - rest
                    .trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'))
                    .len();
            out.push(Token::Word(rest.get(..len)?.to_owned()));
            rest = rest.get(len..)?;
        } else {
            if !c.is_whitespace() {
                out.push(Token::Sign(c));
            }
            rest = tail;
        }
    }
    Some(out)
}

fn computed(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

/// A text up to its quote, and what follows. Where code is inside, quotes nest, and nothing of the text is told.
fn quoted(text: &str) -> Option<(Option<String>, &str)> {
    let mut out = String::new();
    let mut depth = 0_u32;
    let mut code = false;
    let mut inner = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                c => out.push(c),
            },
            '$' | '%' if !inner && chars.peek().is_some_and(|(_, c)| *c == '{') => {
                chars.next();
                code = true;
                depth += 1;
            }
            '"' if depth == 0 => return Some(((!code).then_some(out), text.get(at + 1..)?)),
            '"' => inner = !inner,
            '{' if depth > 0 && !inner => depth += 1,
            '}' if depth > 0 && !inner => depth -= 1,
            c => out.push(c),
        }
    }
    None
}
