//! `git cat-file`: an object whose name is only known when it runs, in a text that names a file with secrets. What the
//! program shows of objects that are named plainly is in its table.

use placet_model::Sensitivity;

use crate::interpret::{Call, Interpreter};
use crate::paths;
use crate::value::{Arg, Piece};

/// Says where the object may be such a file's content.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let attributes = ["-e", "-t", "-s", "--batch-check", "--batch-all-objects"];
    if call.has(&attributes) && !call.has(&["-p", "--batch", "--batch-command", "--textconv", "--filters"]) {
        return;
    }
    let unknown: Vec<&Arg> = call.operands.iter().filter(|arg| arg.known().is_none()).collect();
    if unknown.is_empty() && !(it.stdin.present && call.has(&["--batch", "--batch-command"])) {
        return;
    }
    let home = it.facts.home();
    let pieces = unknown.iter().flat_map(|arg| &arg.value.pieces);
    let here = pieces.into_iter().any(|piece| match piece {
        Piece::Text(text) => names_secrets(text, home),
        Piece::Hole(_) => false,
    });
    // How the object was chosen is said by whatever stands in front: an operand, the pattern of a filter.
    let words = it.analysis.invocations.iter().flat_map(|earlier| &earlier.words);
    if here || words.flatten().any(|word| names_secrets(word, home)) {
        it.print_secret("git-history", call.span, &call.name);
    }
}

/// Whether a word, which may be a pattern or a short program, has the name of a file with secrets in it.
fn names_secrets(word: &str, home: &str) -> bool {
    let plain: String = word.chars().filter(|c| *c != '\\').collect();
    plain
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/')))
        .map(|name| name.trim_matches('/'))
        .filter(|name| !name.is_empty())
        .any(|name| paths::sensitivity(&["/", name].concat(), home) == Sensitivity::Secret)
}
