//! Expressions that every `find` refuses. It reads the whole expression before it looks at anything: a word that stands where
//! none may stand, a command without its end, a parenthesis without its other half, and nothing happens. What an
//! expression does is said elsewhere.

use crate::value::Arg;

/// Primaries that take no word, whichever `find` it is.
const ALONE: &[&str] = &[
    "-print", "-print0", "-ls", "-prune", "-quit", "-empty", "-delete", "-xdev", "-mount", "-follow", "-noleaf",
    "-nouser", "-nogroup", "-not", "-a", "-and", "-o", "-or", "!", ",",
];

/// Primaries that take one.
const WITH_ONE: &[&str] = &[
    "-name",
    "-iname",
    "-path",
    "-ipath",
    "-wholename",
    "-iwholename",
    "-lname",
    "-ilname",
    "-regex",
    "-iregex",
    "-type",
    "-xtype",
    "-size",
    "-mtime",
    "-ctime",
    "-atime",
    "-mmin",
    "-cmin",
    "-amin",
    "-newer",
    "-anewer",
    "-cnewer",
    "-samefile",
    "-perm",
    "-user",
    "-group",
    "-uid",
    "-gid",
    "-links",
    "-inum",
    "-maxdepth",
    "-mindepth",
    "-printf",
    "-fprint",
    "-fprint0",
    "-fls",
];

/// No primary but a command takes more words than this.
const MOST: usize = 2;
/// Words that can't be told from which on nothing is claimed.
const DOUBTS: u8 = 3;

/// Whether the expression is refused, whatever the words mean that can't be told.
pub(super) fn is_refused(expression: &[Arg]) -> bool {
    refused(expression, 0, 0, DOUBTS)
}

fn refused(expression: &[Arg], mut at: usize, mut open: u32, doubts: u8) -> bool {
    while let Some(arg) = expression.get(at) {
        at += 1;
        match arg.known() {
            Some("(") => open += 1,
            Some(")") if open == 0 => return true,
            Some(")") => open -= 1,
            Some(word) if ALONE.contains(&word) => {}
            Some(word) if WITH_ONE.contains(&word) => match expression.get(at) {
                Some(value) if value.many => return unsure(expression, at, open, doubts),
                Some(_) => at += 1,
                None => return true,
            },
            Some("-exec" | "-execdir" | "-ok" | "-okdir") => match end_of_command(expression, at) {
                End::At(end) => at = end + 1,
                End::None => return true,
                End::Unsure => return false,
            },
            Some(word) if !word.is_empty() && !word.starts_with('-') => return true,
            // It may take words that follow, or be words that can't be told.
            Some(_) | None => return unsure(expression, at, open, doubts),
        }
    }
    open > 0
}

/// Whether the rest is refused however many words the one before takes, a whole command included.
fn unsure(expression: &[Arg], at: usize, open: u32, doubts: u8) -> bool {
    let Some(doubts) = doubts.checked_sub(1) else {
        return false;
    };
    let may_be_a_command = !matches!(end_of_command(expression, at), End::None);
    !may_be_a_command && (at..=at + MOST).all(|next| refused(expression, next, open, doubts))
}

/// Where a command that begins here ends.
enum End {
    At(usize),
    None,
    Unsure,
}

fn end_of_command(expression: &[Arg], from: usize) -> End {
    for (at, arg) in expression.iter().enumerate().skip(from) {
        let behind_braces = at > from
            && expression
                .get(at - 1)
                .is_some_and(|before| before.known() == Some("{}"));
        match arg.known() {
            Some(";") => return End::At(at),
            Some("+") if behind_braces => return End::At(at),
            Some("+") | None => return End::Unsure,
            Some(_) => {}
        }
    }
    End::None
}
