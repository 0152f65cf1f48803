//! `xargs` and `parallel`: a command with arguments made of standard input.

use placet_model::{Origin, Understood};

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Bound, Data, Value};

/// Runs the command with what comes in.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let parallel = call.name.starts_with("parallel");
    let mut operands = call.operands.clone();
    let mut sources: Vec<Vec<Arg>> = Vec::new();
    if parallel
        && let Some(at) = operands
            .iter()
            .position(|arg| matches!(arg.known(), Some(":::" | ":::+" | "::::" | "::::+")))
    {
        let literal = operands
            .get(at)
            .and_then(Arg::known)
            .is_some_and(|text| text.starts_with(":::") && !text.starts_with("::::"));
        let tail = operands.split_off(at);
        if literal {
            sources = tail
                .get(1..)
                .unwrap_or_default()
                .iter()
                .map(|arg| vec![arg.clone()])
                .collect();
        }
    }
    let replace = call
        .option(&["-I", "-i", "--replace", "-J"])
        .map(|given| given.value.as_ref().and_then(Arg::known).unwrap_or("{}").to_owned())
        .or_else(|| parallel.then(|| "{}".to_owned()));
    let file = call.option(&["-a", "--arg-file"]).and_then(|given| given.value.clone());
    let outer = file.map(|file| {
        let data = it.content(&file.value);
        std::mem::replace(&mut it.stdin, Data { present: true, ..data })
    });
    let inputs = if sources.is_empty() { items(it, call) } else { sources };
    if let Some(outer) = outer {
        it.stdin = outer;
    }
    if operands.is_empty() {
        if parallel {
            // Each line is a command.
            let data = it.stdin.clone();
            if inputs.is_empty() || data.present {
                it.shell_data(&data, call.span, "parallel")
            }
            for arg in inputs.iter().flatten() {
                it.shell_text(&arg.value, call.span, "parallel");
            }
            return;
        }
        let data = it.stdin.clone();
        it.stdout.append(Data { present: true, ..data });
        return;
    }
    for input in &inputs {
        let mut args: Vec<Arg> = Vec::with_capacity(operands.len() + input.len());
        let mut replaced = false;
        for operand in &operands {
            match (&replace, operand.known()) {
                (_, Some(text)) if parallel && numbered(text) => {
                    replaced = true;
                    args.push(Arg {
                        value: Value::hole(Bound::Any),
                        span: operand.span,
                        many: false,
                    });
                }
                (Some(mark), Some(text)) if text.contains(mark.as_str()) => {
                    replaced = true;
                    args.push(substituted(operand, text, mark, input));
                }
                _ => args.push(operand.clone()),
            }
        }
        if !replaced && (replace.is_none() || parallel) {
            args.extend(input.iter().cloned());
        }
        if parallel {
            // The words are joined and read by a shell; quoting that is meant to survive that may do so.
            it.within(
                |context| context.inner = true,
                |it| it.subshell(|it| it.with_stdin(Data::default(), |it| it.invoke(&args, &[], call.span))),
            );
            let mut line = Value::default();
            for (index, arg) in args.iter().enumerate() {
                if index > 0 {
                    line.push_text(" ");
                }
                line.push(&arg.value);
            }
            it.within(
                |context| context.inner = true,
                |it| it.shell_text(&line, call.span, "parallel"),
            );
        } else {
            it.within(
                |context| context.inner = true,
                |it| it.subshell(|it| it.with_stdin(Data::default(), |it| it.invoke(&args, &[], call.span))),
            );
        }
    }
    if inputs.is_empty() && it.stdin.taint.fetched && it.stdin.text.is_none() {
        it.code(Origin::Downloaded, Understood::Not, "xargs", call.span, "xargs");
    }
}

/// What one run gets: known words as they are, otherwise words within a bound.
fn items(it: &Interpreter<'_>, call: &Call<'_>) -> Vec<Vec<Arg>> {
    let taint = it.stdin.taint;
    if let Some(text) = it.stdin.text.as_ref().and_then(Value::known) {
        let words: Vec<Arg> = text
            .split(|c: char| c.is_whitespace() || c == '\0')
            .filter(|word| !word.is_empty())
            .take(256)
            .map(|word| Arg {
                value: Value::text(word.trim_matches(['"', '\''])).tainted(taint),
                span: call.span,
                many: false,
            })
            .collect();
        let lines = call.has(&["-0", "--null", "-d", "--delimiter"]);
        let shell = call
            .operands
            .first()
            .and_then(Arg::known)
            .is_some_and(|name| matches!(name, "sh" | "bash" | "zsh" | "dash" | "ksh"));
        if lines || shell {
            // Each line is one argument; a shell may be meant to get either reading.
            let whole: Vec<Arg> = text
                .split(['\n', '\0'])
                .filter(|line| !line.is_empty())
                .take(256)
                .map(|line| Arg {
                    value: Value::text(line).tainted(taint),
                    span: call.span,
                    many: false,
                })
                .collect();
            if lines {
                // All of them at once, unless it was told how many.
                let some = call.has(&["-n", "--max-args", "-L", "--max-lines", "-l"]);
                let one = call.has(&["-I", "-i", "--replace", "-J"]);
                let singles = whole.iter().filter(|_| some || one).map(|line| vec![line.clone()]);
                let mut runs: Vec<Vec<Arg>> = singles.collect();
                if !one {
                    runs.push(whole);
                }
                return runs;
            }
            return whole
                .into_iter()
                .map(|line| vec![line])
                .chain(std::iter::once(words))
                .collect();
        }
        let each = call.has(&["-n", "-L", "-I", "-i", "--max-args", "--replace", "-J", "--max-lines"]);
        return if each {
            words.into_iter().map(|word| vec![word]).collect()
        } else {
            vec![words]
        };
    }
    let word = it.stdin.words.clone().unwrap_or_else(|| Value::hole(Bound::Any));
    let each = |many| Arg {
        value: word.clone().tainted(taint),
        span: call.span,
        many,
    };
    if it.stdin.words.is_some() && one_by_one(call) {
        // Without any word the command runs once as well, and without one.
        return vec![vec![each(false)], Vec::new()];
    }
    vec![vec![each(true)]]
}

/// Whether a shell is started with one word at a time: then `$1` is that word.
fn one_by_one(call: &Call<'_>) -> bool {
    let shell = call
        .operands
        .first()
        .and_then(Arg::known)
        .is_some_and(|name| matches!(name, "sh" | "bash" | "zsh" | "dash" | "ksh"));
    let one = call
        .option(&["-n", "--max-args", "-L", "--max-lines", "-l"])
        .and_then(|given| given.value.as_ref())
        .and_then(Arg::known)
        == Some("1");
    shell && one && call.name == "xargs" && !call.has(&["-I", "-i", "--replace", "-J"])
}

/// `{1}`, `{.}`, `{/}`, `{#}`: other marks of `parallel`, whose text is not followed.
fn numbered(text: &str) -> bool {
    text.match_indices('{').any(|(at, _)| {
        let inside = text
            .get(at + 1..)
            .and_then(|rest| rest.split_once('}'))
            .map(|(inside, _)| inside);
        inside.is_some_and(|inside| {
            !inside.is_empty()
                && inside
                    .bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'/' | b'#' | b'%' | b'-' | b'+'))
        })
    })
}

fn substituted(operand: &Arg, text: &str, mark: &str, input: &[Arg]) -> Arg {
    let mut value = Value::default();
    for (index, piece) in text.split(mark).enumerate() {
        if index > 0 {
            for arg in input {
                value.push(&arg.value);
            }
        }
        value.push_text(piece);
    }
    Arg {
        value,
        span: operand.span,
        many: false,
    }
}
