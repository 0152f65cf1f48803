//! `find`: its expression is a language. Starting points are listed; `-exec` runs commands on what is found.

mod refusal;

use placet_model::{Between, Shape};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::paths;
use crate::value::{Arg, Bound, Data, Piece, Taint, Value};

/// Patterns that, whatever the case of their letters, are used for nothing else than what tools make and make again.
const MADE_AGAIN: &[&str] = &[
    "*.pyc",
    "*.pyo",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    "node_modules",
    ".ds_store",
    ".DS_Store",
    "thumbs.db",
    "*.o",
    "*.class",
];

/// Reads the expression.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let args = call.operands.as_slice();
    let start = args
        .iter()
        .take_while(|arg| {
            matches!(arg.known(), Some("-H" | "-L" | "-P")) || arg.known().is_some_and(|text| text.starts_with("-O"))
        })
        .count();
    let args = args.get(start..).unwrap_or_default();
    let begins = |arg: &Arg| {
        arg.known()
            .is_some_and(|text| text.starts_with('-') && text.len() > 1 || matches!(text, "(" | ")" | "!" | ","))
    };
    let count = args.iter().take_while(|arg| !begins(arg)).count();
    let (roots, expression) = args.split_at(count);
    let here = [Arg {
        value: Value::text("."),
        span: call.span,
        many: false,
    }];
    let roots = if roots.is_empty() { here.as_slice() } else { roots };
    let mut bound: Option<Bound> = None;
    for root in roots {
        // Whoever calls a script gives it a directory; a text that was read can say `-delete`.
        if root.value.may_be_option() && !root.value.taint.is_plain() {
            it.opaque(
                "a word that can't be told may be part of an expression of `find`",
                root.span,
            );
        }
        it.touch(PathRole::List, &root.value, root.span, "find", None);
        let one = printed_below(&root.value, it);
        bound = Some(bound.map_or(one.clone(), |old| paths::either(&old, &one)));
    }
    // Starting points out of a file can be any.
    let listed = expression.iter().any(|arg| arg.known() == Some("-files0-from"));
    let bound = bound.filter(|_| !listed).unwrap_or(Bound::Any);
    let found = named(expression, &bound).unwrap_or_else(|| Value::hole(bound.clone()));
    let printed = printed(expression, &found);
    it.stdout.append(Data::alike(printed, Taint::default()));
    walk(it, expression, roots, &found, call);
}

/// What is known of the paths below a starting point: each begins with the word that was given.
fn printed_below(root: &Value, it: &Interpreter<'_>) -> Bound {
    let mut bound = paths::printed(root, &it.state.cwd);
    if let Bound::Printed(printed) = &mut bound {
        printed.begins = root.prefix().trim_end_matches('/').to_owned();
    }
    bound
}

/// What is printed of what is found: its path, or what a format makes of it.
fn printed(expression: &[Arg], found: &Value) -> Value {
    let mut formats = expression
        .iter()
        .zip(expression.iter().skip(1))
        .filter(|(name, _)| name.known() == Some("-printf"))
        .map(|(_, format)| format.known());
    let Some(first) = formats.next() else {
        // Sizes and owners beside the path, and where links lead.
        let details = expression.iter().any(|arg| arg.known() == Some("-ls"));
        return if details {
            Value::hole(Bound::Any)
        } else {
            found.clone()
        };
    };
    match (first.map(str::trim_end), formats.next()) {
        (Some(r"%p\n" | r"%p\0" | "%p"), None) => found.clone(),
        (Some(r"%f\n" | r"%f\0" | "%f"), None) => Value::hole(Bound::Name),
        _ => Value::hole(Bound::Any),
    }
}

/// What the paths look like that are found, if a single `-name` says so.
fn named(expression: &[Arg], bound: &Bound) -> Option<Value> {
    let root = match bound {
        Bound::Below(root) => root,
        Bound::Printed(printed) => &printed.below,
        Bound::Any | Bound::Setup | Bound::Number | Bound::Pids(_) | Bound::Name | Bound::Word | Bound::Relative => {
            return None;
        }
    };
    let mut pattern: Option<&str> = None;
    for (at, arg) in expression.iter().enumerate() {
        match arg.known()? {
            "-o" | "-or" | "!" | "-not" | "," => return None,
            "-name" | "-iname" if pattern.is_some() => return None,
            // What is done before the name is looked at is done to everything.
            word if pattern.is_none() && acts(word) => return None,
            "-name" => pattern = Some(expression.get(at + 1)?.known()?),
            // Which letters are large is not told: names of what can be made again are not made of other letters than
            // these, but `-iname makefile` finds a `Makefile`.
            "-iname" => {
                let text = expression.get(at + 1)?.known()?;
                pattern = Some(text).filter(|text| MADE_AGAIN.contains(text));
                pattern?;
            }
            _ => {}
        }
    }
    let pattern = pattern?;
    let special = |c: char| matches!(c, '*' | '?' | '[' | ']' | '\\');
    let (begins, ends) = match (pattern.find(special), pattern.rfind(special)) {
        (Some(first), Some(last)) => (pattern.get(..first)?, pattern.get(last + 1..)?),
        _ => (pattern, ""),
    };
    let whole = !pattern.contains(special);
    if begins.is_empty() && ends.is_empty() || pattern.contains('/') {
        return None;
    }
    // The starting point itself may be found by its name.
    let between = if whole { Between::Nothing } else { Between::Anything };
    let shape = Shape { begins, ends, between };
    if root.rsplit('/').next().is_none_or(|name| shape.fits(name)) {
        return None;
    }
    let mut found = Value::hole(bound.clone());
    found.push_text("/");
    found.push_text(begins);
    if !whole {
        found.pieces.push(Piece::Hole(Bound::Name));
        found.push_text(ends);
    }
    Some(found)
}

fn walk(it: &mut Interpreter<'_>, expression: &[Arg], roots: &[Arg], found: &Value, call: &Call<'_>) {
    let refused = refusal::is_refused(expression);
    let mut at = 0;
    while let Some(arg) = expression.get(at) {
        at += 1;
        let Some(text) = arg.known() else {
            if refused {
                continue;
            }
            it.opaque("a word that can't be told in an expression of `find`", arg.span);
            continue;
        };
        match text {
            "-delete" => {
                let narrowed = expression.iter().take(at - 1).any(|arg| {
                    matches!(
                        arg.known(),
                        Some(
                            "-name"
                                | "-iname"
                                | "-empty"
                                | "-path"
                                | "-regex"
                                | "-newer"
                                | "-mtime"
                                | "-mmin"
                                | "-size"
                                | "-type"
                        )
                    )
                });
                let before = |wanted: &str| expression.iter().take(at - 1).any(|arg| arg.known() == Some(wanted));
                let joined = ["-o", "-or", "!", "-not", ","].iter().any(|word| before(word));
                if before("-empty") && before("d") && before("-type") && !joined {
                    // Nothing lies in an empty directory, and git keeps none.
                    it.delete_empty(found, arg.span, "find");
                    continue;
                }
                remove(it, roots, found, narrowed, arg);
            }
            "-exec" | "-execdir" | "-ok" | "-okdir" => {
                let rest = expression.get(at..).unwrap_or_default();
                let end = rest
                    .iter()
                    .position(|arg| matches!(arg.known(), Some(";" | "+")))
                    .unwrap_or(rest.len());
                let batch = rest.get(end).and_then(Arg::known) == Some("+");
                run(
                    it,
                    rest.get(..end).unwrap_or_default(),
                    found,
                    batch,
                    text.ends_with("dir"),
                    call,
                );
                at += end + 1;
            }
            "-fprint" | "-fprint0" | "-fls" | "-fprintf" => {
                if let Some(file) = expression.get(at) {
                    it.touch(PathRole::Write, &file.value, file.span, "find", None);
                }
                at += if text == "-fprintf" { 2 } else { 1 };
            }
            "-files0-from" => {
                if let Some(file) = expression.get(at) {
                    it.touch(PathRole::Read, &file.value, file.span, "find", None);
                }
                at += 1;
            }
            "-name" | "-iname" | "-path" | "-ipath" | "-wholename" | "-iwholename" | "-lname" | "-ilname"
            | "-regex" | "-iregex" | "-regextype" | "-type" | "-xtype" | "-size" | "-mtime" | "-ctime" | "-atime"
            | "-mmin" | "-cmin" | "-amin" | "-newer" | "-anewer" | "-cnewer" | "-samefile" | "-perm" | "-user"
            | "-group" | "-uid" | "-gid" | "-links" | "-inum" | "-maxdepth" | "-mindepth" | "-printf" | "-fstype"
            | "-used" | "-D" | "-context" | "-f" => at += 1,
            _ if text.starts_with("-newer") => at += 1,
            "-print"
            | "-print0"
            | "-ls"
            | "-prune"
            | "-quit"
            | "-true"
            | "-false"
            | "-empty"
            | "-executable"
            | "-readable"
            | "-writable"
            | "-depth"
            | "-d"
            | "-xdev"
            | "-mount"
            | "-follow"
            | "-daystart"
            | "-noleaf"
            | "-ignore_readdir_race"
            | "-warn"
            | "-nowarn"
            | "-nouser"
            | "-nogroup"
            | "-not"
            | "-a"
            | "-and"
            | "-o"
            | "-or"
            | "("
            | ")"
            | "!"
            | ","
            | "-x"
            | "-s"
            | "-E"
            | "-X"
            | "--help"
            | "--version"
            | "-help"
            | "-version" => {}
            other if other.starts_with('-') && !refused => {
                it.opaque(&format!("what `{other}` of `find` does is not known"), arg.span);
            }
            // A word that makes every `find` refuse the whole, before it has looked at anything.
            _ => {}
        }
    }
}

/// Whether a word of the expression does something, or prints what was found.
fn acts(word: &str) -> bool {
    matches!(
        word,
        "-delete" | "-exec" | "-execdir" | "-ok" | "-okdir" | "-ls" | "-fls" | "-prune" | "-quit"
    ) || word.starts_with("-print")
        || word.starts_with("-fprint")
}

fn remove(it: &mut Interpreter<'_>, roots: &[Arg], found: &Value, narrowed: bool, arg: &Arg) {
    if narrowed {
        it.delete_some(found, arg.span, "find");
        return;
    }
    for root in roots {
        it.touch(PathRole::DeleteTree, &root.value, arg.span, "find", None);
    }
}

/// Runs the command of `-exec` with what was found in place of `{}`.
fn run(it: &mut Interpreter<'_>, command: &[Arg], paths: &Value, batch: bool, in_directory: bool, call: &Call<'_>) {
    let mut found = paths.clone();
    if in_directory {
        found = Value::text("./");
        found.pieces.push(Piece::Hole(Bound::Name));
    }
    let args: Vec<Arg> = command
        .iter()
        .map(|arg| match arg.known() {
            Some("{}") => Arg {
                value: found.clone(),
                span: arg.span,
                many: batch,
            },
            Some(text) if text.contains("{}") => {
                let mut value = Value::default();
                for (index, piece) in text.split("{}").enumerate() {
                    if index > 0 {
                        value.push(&found);
                    }
                    value.push_text(piece);
                }
                Arg {
                    value,
                    span: arg.span,
                    many: false,
                }
            }
            Some(_) | None => arg.clone(),
        })
        .collect();
    it.subshell(|it| {
        if in_directory {
            it.state.cwd = match paths.pieces.first() {
                Some(Piece::Hole(Bound::Below(dir))) => crate::paths::Dir::Below(dir.clone()),
                Some(Piece::Hole(Bound::Printed(printed))) => crate::paths::Dir::Below(printed.below.clone()),
                Some(_) | None => crate::paths::Dir::Unknown,
            };
        }
        it.within(
            |context| context.inner = true,
            |it| it.with_stdin(Data::default(), |it| it.invoke(&args, &[], call.span)),
        );
    });
}
