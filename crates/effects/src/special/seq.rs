//! `seq -s`: numbers with a text between them are one word, which is known if they are.

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Bound, Data, Value};

/// So many numbers are spelt out.
const MOST: i64 = 1024;

/// Prints the numbers with their separator.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let separator = call
        .option(&["-s", "--separator"])
        .and_then(|given| given.value.as_ref());
    let others = call.has(&["-t", "--terminator", "-f", "--format", "-w", "--equal-width"]) || !call.ignored.is_empty();
    let Some(separator) = separator
        .and_then(Arg::known)
        .filter(|_| !others && call.doubts.is_empty())
    else {
        return;
    };
    if let Some(numbers) = numbers(&call.operands) {
        it.stdout.append(Data::of(Value::text(numbers.join(separator))));
    } else if separator
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b','))
    {
        it.stdout.append(Data::words(Bound::Word, it.stdin.taint));
    }
}

/// From the first to the last, where both are known and not many.
fn numbers(operands: &[Arg]) -> Option<Vec<String>> {
    let number = |arg: &Arg| arg.known()?.parse::<i64>().ok();
    let (first, last) = match operands {
        [last] => (1, number(last)?),
        [first, last] => (number(first)?, number(last)?),
        _ => return None,
    };
    let few = last.checked_sub(first)? < MOST;
    few.then(|| (first..=last).map(|number| number.to_string()).collect())
}
