//! `fd`: `-x` and `-X` run a command on what is found. Its other options are in the table.

use crate::interpret::{Call, Interpreter};
use crate::paths;
use crate::value::{Arg, Bound, Data, Taint, Value};

/// Runs the commands with what is found in place of `{}`, or behind the words if there is no place for it.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let here = [Value::text(".")];
    let named: Vec<Value> = call.operands.iter().skip(1).map(|arg| arg.value.clone()).collect();
    let roots = if named.is_empty() {
        here.as_slice()
    } else {
        named.as_slice()
    };
    let mut bound: Option<Bound> = None;
    for root in roots {
        let one = paths::printed(root, &it.state.cwd);
        bound = Some(bound.map_or(one.clone(), |old| paths::either(&old, &one)));
    }
    let elsewhere = ["--base-directory", "--search-path", "--format", "-l", "--list-details"];
    let bound = if call.has(&elsewhere) {
        Bound::Any
    } else {
        bound.unwrap_or(Bound::Any)
    };
    for names in [["-x", "--exec"], ["-X", "--exec-batch"]] {
        let words: Vec<Arg> = call
            .options
            .iter()
            .filter(|given| names.contains(&given.name))
            .filter_map(|given| given.value.clone())
            .collect();
        let mut ended = false;
        for part in words.split(|arg| arg.known() == Some(";")) {
            // Behind the first command there are further options: commands again, or nothing that runs.
            let command = match part.split_first() {
                Some((first, rest))
                    if ended && matches!(first.known(), Some("-x" | "--exec" | "-X" | "--exec-batch")) =>
                {
                    rest
                }
                Some(_) if ended => &[],
                Some(_) | None => part,
            };
            ended = true;
            if !command.is_empty() {
                run(it, command, &bound, call);
            }
        }
    }
    it.stdout.append(Data::words(bound, Taint::default()));
}

fn run(it: &mut Interpreter<'_>, command: &[Arg], bound: &Bound, call: &Call<'_>) {
    const PLACES: &[&str] = &["{}", "{//}", "{.}"];
    const NAMES: &[&str] = &["{/}", "{/.}"];
    let found = Value::hole(bound.clone());
    let mut placed = false;
    let mut args: Vec<Arg> = command
        .iter()
        .map(|arg| match arg.known() {
            Some(text) if PLACES.iter().chain(NAMES).any(|place| text.contains(place)) => {
                placed = true;
                let value = if NAMES.contains(&text) {
                    // Without where it lies: a name of the directory that the command works in.
                    Value::hole(Bound::Name)
                } else if PLACES.contains(&text) {
                    found.clone()
                } else {
                    Value::hole(Bound::Any)
                };
                Arg {
                    value,
                    span: arg.span,
                    many: false,
                }
            }
            Some(_) | None => arg.clone(),
        })
        .collect();
    if !placed {
        args.push(Arg {
            value: found,
            span: call.span,
            many: false,
        });
    }
    it.subshell(|it| {
        it.within(
            |context| context.inner = true,
            |it| it.with_stdin(Data::default(), |it| it.invoke(&args, &[], call.span)),
        );
    });
}
