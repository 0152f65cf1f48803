//! `sh`, `bash`, `zsh` …: inline text, a script file, or what comes in on standard input.

use placet_model::{Origin, Understood};

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Data, Taint, Value};

/// Runs what the shell would run.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let program = call.name.rsplit('/').next().unwrap_or_default();
    let posix = matches!(program, "sh" | "dash" | "ash");
    it.within(|context| context.posix = posix, |it| run(it, call));
}

fn run(it: &mut Interpreter<'_>, call: &Call<'_>) {
    for given in call
        .options
        .iter()
        .filter(|given| matches!(given.name, "--rcfile" | "--init-file"))
    {
        if let Some(file) = &given.value {
            it.shell_file(&file.value, &[], call.span, false);
        }
    }
    let by = call.name.as_str();
    if call.has(&["-c"]) {
        let Some((text, args)) = call.operands.split_first() else {
            return;
        };
        let positional = args.get(1..).unwrap_or_default();
        let exact = positional.iter().all(|arg| !arg.many);
        let values = exact.then(|| positional.iter().map(|arg| arg.value.clone()).collect());
        let zero = args.first().map_or_else(|| Value::text(by), |arg| arg.value.clone());
        let text = text.value.clone();
        let outer = std::mem::replace(&mut it.state.positional, values);
        let outer_zero = std::mem::replace(&mut it.state.zero, zero);
        it.within(|context| context.inner = true, |it| it.shell_text(&text, call.span, by));
        it.state.positional = outer;
        it.state.zero = outer_zero;
        return;
    }
    // `+n` takes `-n` back, wherever it stands.
    let taken_back = call.operands.iter().any(|arg| arg.value.prefix().starts_with('+'));
    let only_checks = call.has(&["-n"]) && !taken_back && !call.has(&["+o"]);
    if (only_checks || call.has(&["--version", "--help"])) && !call.has(&["-i"]) {
        return; // only checks the syntax
    }
    let input = call.has(&["-s"]);
    let options = call
        .operands
        .iter()
        .take_while(|arg| arg.known().is_some_and(|text| text.starts_with('+')))
        .count();
    match call.operands.get(options..).and_then(<[Arg]>::split_first) {
        Some((file, args)) if !input && file.known() != Some("-") => {
            let args: Vec<Arg> = args.to_vec();
            it.script("shell", &file.value, &args, file.span, by);
        }
        _ if it.stdin.present => {
            let data = it.stdin.clone();
            it.shell_data(&data, call.span, by);
        }
        _ => {
            // An interactive shell: whoever is at the other end runs anything.
            it.code(Origin::Dynamic, Understood::Not, by, call.span, by);
        }
    }
    let taint = it.stdin.taint;
    if !it.stdout.present {
        it.stdout.append(Data::unknown(Taint { data: true, ..taint }));
    }
}
