//! `jq` and `yq`: filters that look at the environment or load files, and options that take a name and a file. What else
//! they read and write is in their tables; a filter itself changes nothing.

use placet_model::Span;

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter, names_credential};
use crate::paths::{self, Use};
use crate::value::{Arg, Bound, Data, Taint, Value};

/// Options that take a name and then a text.
const NAMED_TEXT: &[&str] = &["--arg", "--argjson"];
/// Options that take a name and then a file.
const NAMED_FILE: &[&str] = &["--slurpfile", "--rawfile", "--argfile"];

/// Reads the filter, and the words that belong to options with two values.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let named: Vec<(&Arg, bool)> = call
        .options
        .iter()
        .filter(|given| NAMED_TEXT.contains(&given.name) || NAMED_FILE.contains(&given.name))
        .filter_map(|given| {
            let name = given.value.as_ref()?;
            let second = call
                .operands
                .iter()
                .find(|operand| operand.span.start >= name.span.end)?;
            Some((second, NAMED_FILE.contains(&given.name)))
        })
        .collect();
    let mut taint = Taint::default();
    for (file, _) in named.iter().filter(|(_, is_file)| *is_file) {
        taint = taint.and(read(it, &file.value, file.span, &call.name));
    }
    let mut operands = call
        .operands
        .iter()
        .filter(|operand| !named.iter().any(|(taken, _)| core::ptr::eq(*taken, *operand)));
    if !call.has(&["-f", "--from-file"])
        && let Some(filter) = operands.next()
    {
        taint = taint.and(seen(it, filter, call));
    }
    let mut files = false;
    if !named.is_empty() && !call.has(&["--args", "--jsonargs"]) {
        for file in operands {
            files = true;
            taint = taint.and(read(it, &file.value, file.span, &call.name));
        }
    }
    if files || taint != Taint::default() {
        let input = if files { Taint::default() } else { it.stdin.taint };
        it.stdout.append(Data::unknown(taint.and(input)));
    }
}

fn read(it: &mut Interpreter<'_>, file: &Value, span: Span, by: &str) -> Taint {
    it.touch(PathRole::Read, file, span, by, None);
    let target = paths::target(file, &it.state.cwd, Use::Look, it.facts);
    it.taint_of_target(&target)
}

/// What a filter looks at besides its input.
fn seen(it: &mut Interpreter<'_>, filter: &Arg, call: &Call<'_>) -> Taint {
    let mut taint = Taint::default();
    let words = words(filter.value.prefix());
    for (at, word) in words.iter().enumerate() {
        let next = |offset: usize| words.get(at + offset).copied();
        match *word {
            // `$ENV.HOME`, `env.HOME`, `env(HOME)`: one variable; else all of them.
            "$ENV" | "env" | "strenv" if next(1) != Some(":") => {
                let name = matches!(next(1), Some("." | "(" | "[")).then(|| next(2)).flatten();
                let plain = name.is_some_and(|name| !names_credential(name.trim_matches('"')));
                taint.credential |= !plain;
            }
            "envsubst" => taint.credential = true,
            "load" | "load_str" | "load_xml" | "load_props" | "load_base64" if next(1) == Some("(") => {
                let path = match next(2).and_then(|path| path.strip_prefix('"')) {
                    Some(path) => Value::text(path.trim_end_matches('"')),
                    None => Value::hole(Bound::Any),
                };
                taint = taint.and(read(it, &path, filter.span, &call.name));
            }
            _ => {}
        }
    }
    taint
}

/// The words of a filter: names with their `$`, texts with their quotes, everything else by character. Fields (`.env`)
/// lose their name. What stands in `\\(…)` inside a text is read as well.
fn words(filter: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = filter;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => text(rest, &mut out),
            '.' => {
                out.push(".");
                1
            }
            '$' | 'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest
                    .char_indices()
                    .skip(1)
                    .find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '_')
                    .map_or(rest.len(), |(at, _)| at);
                let word = rest.get(..end).unwrap_or(rest);
                let field = out.last() == Some(&".");
                let environment = out.len() > 1 && matches!(out.get(out.len() - 2), Some(&("$ENV" | "env")));
                out.push(if field && !environment { "field" } else { word });
                end
            }
            c if c.is_whitespace() => c.len_utf8(),
            c => {
                out.push(rest.get(..c.len_utf8()).unwrap_or_default());
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// A text in quotes: pushes it, and the words of what is put into it. Its length.
fn text<'f>(rest: &'f str, out: &mut Vec<&'f str>) -> usize {
    let mut escaped = false;
    let mut end = rest.len();
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
            if c == '(' {
                // Up to the end of the filter: what is too much is only names that mean nothing.
                out.extend(words(rest.get(at + 1..).unwrap_or_default()));
                return rest.len();
            }
        } else if c == '\\' {
            escaped = true;
        } else if c == '"' {
            end = at + 1;
            break;
        }
    }
    out.push(rest.get(..end).unwrap_or(rest));
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_texts_and_fields_are_told_apart() {
        assert_eq!(words("$ENV.HOME"), ["$ENV", ".", "HOME"]);
        assert_eq!(
            words(".env | {env: .x}"),
            [".", "field", "|", "{", "env", ":", ".", "field", "}"]
        );
        assert_eq!(words("\"env\""), ["\"env\""]);
        assert_eq!(words("\"a \\(env)\""), ["env", ")", "\""]);
    }
}
