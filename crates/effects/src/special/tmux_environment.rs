//! `tmux set-environment`: a variable that shells in windows of later see. What a variable does is in
//! `interpret::environment`.

use placet_model::{Origin, Understood};

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Value};

/// Reads the name and the value.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let mut words = call.operands.iter();
    let name = words.next();
    let value = words.next();
    // A semicolon begins another command of tmux, and a format may run one of the shell.
    let plain = |arg: &Arg| {
        arg.known()
            .is_some_and(|word| !word.ends_with(';') && !word.contains("#(") && !word.contains("#{"))
    };
    let known = name.filter(|name| plain(name)).and_then(Arg::known);
    let more = words.next().is_some() || value.is_some_and(|value| value.known().is_some() && !plain(value));
    if known.is_none() || more || value.is_some_and(|value| value.many) {
        let what = "tmux set-environment";
        it.code(Origin::Inline, Understood::Not, what, call.span, &call.name);
    }
    let Some(known) = known else { return };
    if !call.has(&["-u", "-r"]) {
        let value = value.map_or_else(Value::default, |value| value.value.clone());
        it.environment_effect(known, &value, call.span);
    }
}
