//! `echo`: its output is its operands. Nothing else happens.

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Bound, Data, Value};

/// Prints the operands.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let mut rest = call.operands.as_slice();
    let (mut newline, mut escapes) = (true, false);
    while let Some((first, tail)) = rest.split_first() {
        let Some(flags) = first.known().and_then(|text| text.strip_prefix('-')) else {
            break;
        };
        if flags.is_empty() || !flags.bytes().all(|b| matches!(b, b'n' | b'e' | b'E')) {
            break;
        }
        newline &= !flags.contains('n');
        escapes |= flags.contains('e');
        rest = tail;
    }
    let mut out = Value::default();
    for (index, arg) in rest.iter().enumerate() {
        if index > 0 {
            out.push_text(" ");
        }
        out.push(&shown(arg));
    }
    if escapes && let Some(text) = out.known() {
        out = match super::printf::unescape(text) {
            Some(text) => Value::text(text).tainted(out.taint),
            None => Value::hole(Bound::Any).tainted(out.taint),
        };
    }
    // zsh and dash read escapes without being told to, bash does not: what comes out can't be told then.
    if !escapes
        && let Some(text) = out.known().filter(|text| text.contains('\\'))
        && super::printf::unescape(text).as_deref() != Some(text)
    {
        out = Value::hole(Bound::Any).tainted(out.taint);
    }
    if newline {
        out.push_text("\n");
    }
    it.stdout.append(Data::of(out));
}

/// A word that may be several is unknown text.
fn shown(arg: &Arg) -> Value {
    if arg.many {
        Value::hole(Bound::Any).tainted(arg.value.taint)
    } else {
        arg.value.clone()
    }
}
