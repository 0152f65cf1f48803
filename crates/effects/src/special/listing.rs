//! Lists of processes on their way through filters: `ps aux | grep x | awk '{print $2}'` prints the numbers of some.

use placet_model::ProcessSet;

use crate::interpret::Call;
use crate::value::{Arg, Bound, Data, Listing, Taint};

/// Fields of `ps -o` that hold no text but names, numbers and the command.
const FIELDS: &[&str] = &[
    "args", "cmd", "comm", "command", "%cpu", "%mem", "etime", "pcpu", "pgid", "pid", "pmem", "ppid", "rss", "stat",
    "start", "time", "tt", "tty", "user", "vsz",
];
/// So many letters in a row stand in no other column than the user's and the command's.
const LETTERS: usize = 4;

/// The list that `ps` prints, if its columns are known.
pub(super) fn of_ps(call: &Call<'_>) -> Option<Listing> {
    if !call.doubts.is_empty() || call.operands.iter().any(|operand| operand.known().is_none()) {
        return None;
    }
    let mut long = false;
    let mut custom = None;
    let operands = call.operands.iter().filter_map(Arg::known);
    let words = call.options.iter().map(|given| given.name);
    for word in words
        .chain(call.ignored.iter().map(|(text, _)| text.as_str()))
        .chain(operands)
    {
        if word == "--sort" || word == "--no-headers" || word == "-o" {
            continue;
        }
        let letters = word.trim_start_matches('-');
        if let Some(before) = letters.strip_suffix('o').filter(|_| word.starts_with('-')) {
            // The fields come as the next word.
            custom = Some(());
            if !before.bytes().all(|b| b"aAexw".contains(&b)) {
                return None;
            }
        } else if !(word.contains(',') || FIELDS.contains(&word)) {
            let dashed = word.starts_with('-');
            let known: &[u8] = if dashed { b"aAefFuxw" } else { b"auxw" };
            if letters.is_empty() || !letters.bytes().all(|b| known.contains(&b)) {
                return None;
            }
            long |= letters.contains(['f', 'F', 'u']);
        }
    }
    let fields = call
        .option(&["-o"])
        .and_then(|given| given.value.as_ref())
        .and_then(Arg::known)
        .or_else(|| custom.and_then(|()| call.operands.first()).and_then(Arg::known));
    let column = match fields {
        None if custom.is_some() => return None,
        None if long => 2,
        None => 1,
        Some(fields) => {
            let names: Vec<&str> = fields.split(',').map(|field| field.trim_end_matches('=')).collect();
            if !names.iter().all(|name| FIELDS.contains(name)) {
                return None;
            }
            let at = names.iter().position(|name| *name == "pid")?;
            // What holds blanks moves the columns behind it.
            let before = names.iter().take(at);
            if before
                .into_iter()
                .any(|name| matches!(*name, "args" | "cmd" | "comm" | "command" | "start"))
            {
                return None;
            }
            at.saturating_add(1)
        }
    };
    Some(Listing { set: None, column })
}

/// What a filter of lines leaves of a list.
pub(crate) fn filtered(listing: &Listing, call: &Call<'_>) -> Option<Listing> {
    let only = |options: &[&str]| call.options.iter().all(|given| options.contains(&given.name));
    if !call.doubts.is_empty() || !call.ignored.is_empty() {
        return None;
    }
    match call.name.as_str() {
        "head" | "tail" if only(&["-n", "--lines"]) && call.operands.is_empty() => Some(listing.clone()),
        "sort" | "uniq" if only(&["-r", "-n", "-u", "-k"]) && call.operands.is_empty() => Some(listing.clone()),
        "grep" | "egrep" | "fgrep"
            if only(&[
                "-v",
                "-i",
                "-E",
                "-F",
                "-w",
                "--invert-match",
                "--ignore-case",
                "--fixed-strings",
            ]) =>
        {
            let [pattern] = call.operands.as_slice() else {
                return None;
            };
            let inverse = call.has(&["-v", "--invert-match"]);
            Some(match pattern.known() {
                Some(text) if !inverse => narrowed(listing, text),
                Some(_) | None => listing.clone(),
            })
        }
        _ => None,
    }
}

/// The numbers that `awk` prints of a list: `{print $2}`, perhaps only of lines with a word in them.
pub(super) fn column(listing: &Listing, call: &Call<'_>) -> Option<Data> {
    let [program] = call.operands.as_slice() else {
        return None;
    };
    if !call.options.is_empty() || !call.doubts.is_empty() || !call.ignored.is_empty() {
        return None;
    }
    let text = program.known()?.trim();
    let (before, rest) = text.split_once('{')?;
    let listing = match before.trim() {
        "" | "NR>1" | "NR > 1" => listing.clone(),
        before => narrowed(
            listing,
            before
                .strip_prefix('/')?
                .strip_suffix('/')
                .filter(|word| !word.contains('/'))?,
        ),
    };
    let printed = rest.strip_suffix('}')?.trim().trim_end_matches(';').trim();
    let number: usize = printed.strip_prefix("print")?.trim().strip_prefix('$')?.parse().ok()?;
    let set = listing.set.filter(|_| number == listing.column)?;
    Some(Data::words(Bound::Pids(Box::new(set)), Taint::default()))
}

/// Lines with this text. Where it can't be told which processes' lines have it, all of them may.
fn narrowed(listing: &Listing, text: &str) -> Listing {
    let set = match &listing.set {
        Some(ProcessSet::Port { number, .. }) if text == "LISTEN" => Some(ProcessSet::Port {
            number: *number,
            clients: false,
        }),
        Some(set) => Some(set.clone()),
        None => plain(text).map(ProcessSet::Listed),
    };
    Listing {
        set,
        column: listing.column,
    }
}

/// A text that a line has in its command or nowhere: letters enough, and nothing that a pattern reads otherwise.
fn plain(text: &str) -> Option<String> {
    // `[v]ite`: so that the search does not find itself.
    let text = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((first, rest)) if first.len() == 1 => format!("{first}{rest}"),
        Some(_) => return None,
        None => text.to_owned(),
    };
    let read_alike = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b':' | b'=' | b'@' | b' '));
    let longest = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::len).max();
    (read_alike && longest >= Some(LETTERS)).then_some(text)
}
