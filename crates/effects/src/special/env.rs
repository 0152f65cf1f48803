//! `env`: assignments, options, then a command. What an assignment does to programs is in `interpret::environment`.

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Value};

/// Runs the command behind the assignments.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if let Some(text) = call
        .option(&["-S", "--split-string"])
        .and_then(|given| given.value.as_ref())
    {
        // `env -S 'cmd args'`: the string is split into words by rules close to the shell's.
        let mut line = text.value.clone();
        for arg in &call.operands {
            line.push_text(" ");
            line.push(&arg.value);
        }
        it.within(
            |context| context.inner = true,
            |it| it.shell_text(&line, call.span, "env"),
        );
        return;
    }
    let mut environment: Vec<(String, Value)> = Vec::new();
    let mut rest = call.operands.as_slice();
    let assigns = |arg: &&Arg| arg.value.prefix().contains('=');
    let program = rest.iter().find(|arg| !assigns(arg));
    while let Some((first, tail)) = rest.split_first() {
        let prefix = first.value.prefix();
        let Some((name, _)) = prefix.split_once('=') else { break };
        let value = first.value.skip(name.len() + 1).unwrap_or_default();
        it.environment_of(program, name, &value, first.span);
        environment.push((name.to_owned(), value));
        rest = tail;
    }
    if rest.is_empty() {
        let mut all = super::variables::all(call, it);
        if !environment.is_empty() {
            all.listing = None;
        }
        it.stdout.append(all);
        return;
    }
    let args: Vec<Arg> = rest.to_vec();
    it.within(
        |context| context.inner = true,
        |it| it.invoke(&args, &environment, call.span),
    );
}
