//! What a filter leaves of the paths and names that go through it: whole lines, their beginnings, or something else that
//! names other files. A filter that is not known here leaves nothing.

use super::call::Call;
use crate::special::sed;
use crate::value::{Arg, Bound, Piece, Value};

/// What is known of each word behind the filter, of such words in front of it; `None` if nothing is.
pub(super) fn left_of(word: &Value, call: &Call<'_>) -> Option<Value> {
    if !call.doubts.is_empty() {
        return None;
    }
    let only = |options: &[&str]| call.options.iter().all(|given| options.contains(&given.name));
    let lines: &[&str] = match call.name.as_str() {
        "grep" | "egrep" | "fgrep" | "ggrep" | "rg" | "ag" => &[
            "-v",
            "-i",
            "-E",
            "-F",
            "-P",
            "-w",
            "-x",
            "-e",
            "-z",
            "-a",
            "-s",
            "-m",
            "--color",
            "--colour",
            "--extended-regexp",
            "--fixed-strings",
            "--ignore-case",
            "--invert-match",
            "--regexp",
            "--word-regexp",
        ],
        "head" | "tail" => &["-n", "--lines", "-z", "-q"],
        "sort" => &[
            "-r",
            "-u",
            "-n",
            "-z",
            "-V",
            "-h",
            "-f",
            "-k",
            "-t",
            "-R",
            "--key",
            "--numeric-sort",
            "--reverse",
            "--unique",
            "--version-sort",
            "--zero-terminated",
        ],
        "uniq" => &["-u", "-d", "-i", "-z"],
        "less" | "more" | "tac" | "shuf" | "sponge" | "fzf" => &[],
        "cut" => {
            let starts = only(&["-d", "-f", "-s"]) && first_field(call);
            // A line without the character is printed whole; what describes a file follows a colon and a blank.
            let ends = !is_labelled(word) || matches!(delimiter(call), Some(":" | " "));
            return (starts && ends).then(|| word.blurred());
        }
        "sed" | "gsed" => return edited(word, call, only(&["-n", "-e", "-E", "-r", "-u", "-z"])),
        _ => return None,
    };
    only(lines).then(|| word.clone())
}

/// Whether something follows the path that can be anything.
fn is_labelled(word: &Value) -> bool {
    word.pieces
        .iter()
        .skip(1)
        .any(|piece| matches!(piece, Piece::Hole(Bound::Any)))
}

fn delimiter<'c>(call: &'c Call<'_>) -> Option<&'c str> {
    let given = call.options.iter().find(|given| given.name == "-d")?;
    given.value.as_ref().and_then(Arg::known)
}

/// The first of the fields that a character separates which stands in no usual path.
fn first_field(call: &Call<'_>) -> bool {
    let given = |name: &str| {
        let mut values = call.options.iter().filter(|given| given.name == name);
        match (values.next(), values.next()) {
            (Some(one), None) => one.value.as_ref().and_then(Arg::known),
            _ => None,
        }
    };
    let by = call.options.iter().any(|given| given.name == "-d");
    given("-f") == Some("1") && (!by || matches!(given("-d"), Some(":" | " " | "," | "=" | ";" | "|")))
}

fn edited(word: &Value, call: &Call<'_>, plain: bool) -> Option<Value> {
    let scripts: Vec<&Arg> = call
        .options
        .iter()
        .filter(|given| given.name == "-e")
        .filter_map(|given| given.value.as_ref())
        .collect();
    let scripts = if scripts.is_empty() {
        call.operands.first().into_iter().collect()
    } else {
        scripts
    };
    let mut word = word.clone();
    for script in scripts {
        word = match sed::leaves(script.known().filter(|_| plain)?) {
            sed::Left::Lines => word,
            sed::Left::Names if is_labelled(&word) => return None,
            // Another path than before, as relative as before.
            sed::Left::Names => match word.pieces.first()? {
                Piece::Hole(Bound::Name) => Value::hole(Bound::Name).tainted(word.taint),
                Piece::Hole(Bound::Relative) => Value::hole(Bound::Relative).tainted(word.taint),
                Piece::Hole(Bound::Printed(printed)) if !printed.climbs => {
                    Value::hole(Bound::Relative).tainted(word.taint)
                }
                Piece::Text(_) | Piece::Hole(_) => return None,
            },
            sed::Left::Unknown => return None,
        };
    }
    Some(word)
}
