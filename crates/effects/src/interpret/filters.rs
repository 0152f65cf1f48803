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
        "head" if call.has(&["-c", "--bytes"]) => {
            let count = call
                .option(&["-c", "--bytes"])
                .and_then(|given| given.value.as_ref())
                .and_then(Arg::known);
            let short = count
                .and_then(|count| count.parse::<usize>().ok())
                .is_some_and(|count| count <= CHECKSUM);
            let begins = is_word(word) || headed(word).is_some() && short;
            return (begins && only(&["-c", "--bytes"])).then(|| shortened(word));
        }
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
            if is_word(word) {
                return (only(&["-d", "-f", "-c", "-b", "-s"]) && from_the_first(call)).then(|| shortened(word));
            }
            let starts = only(&["-d", "-f", "-s"]) && first_field(call);
            // A line without the character is printed whole; what describes a file follows a colon and a blank.
            let ends = match headed(word) {
                Some(by) => delimiter(call).unwrap_or("\t") == by,
                None => !is_labelled(word) || matches!(delimiter(call), Some(":" | " ")),
            };
            return (starts && ends).then(|| word.blurred());
        }
        "sed" | "gsed" => return edited(word, call, only(&["-n", "-e", "-E", "-r", "-u", "-z"])),
        _ => return None,
    };
    only(lines).then(|| word.clone())
}

/// So many letters every checksum has.
const CHECKSUM: usize = 32;

/// Whether it is one word without blanks and slashes that begins with a letter or a digit.
fn is_word(word: &Value) -> bool {
    let begins = matches!(word.pieces.first(), Some(Piece::Hole(Bound::Word | Bound::Number)));
    begins
        && word.pieces.iter().all(|piece| match piece {
            Piece::Text(text) => !text.contains(|c: char| c.is_whitespace() || c == '/'),
            Piece::Hole(bound) => matches!(bound, Bound::Word | Bound::Number),
        })
}

/// The beginning of a word.
fn shortened(word: &Value) -> Value {
    match word.pieces.as_slice() {
        [Piece::Hole(Bound::Number)] => word.clone(),
        _ => Value::hole(Bound::Word).tainted(word.taint),
    }
}

/// What stands behind a word that something follows which can be anything.
fn headed(word: &Value) -> Option<&str> {
    match word.pieces.as_slice() {
        [Piece::Hole(Bound::Word), Piece::Text(by), Piece::Hole(Bound::Any)] => Some(by),
        _ => None,
    }
}

/// Fields or characters from the first on.
fn from_the_first(call: &Call<'_>) -> bool {
    let mut given = call
        .options
        .iter()
        .filter(|given| matches!(given.name, "-f" | "-c" | "-b"));
    let list = match (given.next(), given.next()) {
        (Some(one), None) => one.value.as_ref().and_then(Arg::known),
        _ => None,
    };
    list.is_some_and(|list| {
        let first = list.split([',', '-']).next();
        matches!(first, Some("1" | "")) && list.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'-'))
    })
}

/// The first field of each line that `awk '{print $1}'` prints: words are left of words, and of paths their beginnings.
pub(crate) fn first_of(word: &Value) -> Value {
    if is_word(word) { word.clone() } else { word.blurred() }
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
