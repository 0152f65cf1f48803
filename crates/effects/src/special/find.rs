//! `find`: its expression is a language. Starting points are listed; `-exec` runs commands on what is found.

use placet_model::{Paths, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Use};
use crate::value::{Arg, Bound, Data, Piece, Taint, Value};

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
        value: it.cwd_value(),
        span: call.span,
        many: false,
    }];
    let roots = if roots.is_empty() { here.as_slice() } else { roots };
    let mut bound: Option<Bound> = None;
    for root in roots {
        it.touch(PathRole::List, &root.value, root.span, "find", None);
        let target = paths::target(&root.value, &it.state.cwd.clone(), Use::Look, it.facts);
        let one = match target.paths {
            Paths::One(path) | Paths::Below(path) => Bound::Below(path),
            Paths::Unknown => Bound::Any,
        };
        bound = Some(match bound {
            None => one,
            Some(old) if old == one => old,
            Some(_) => Bound::Any,
        });
    }
    let bound = bound.unwrap_or(Bound::Any);
    it.stdout.append(Data::words(bound.clone(), Taint::default()));
    walk(it, expression, roots, &bound, call);
}

fn walk(it: &mut Interpreter<'_>, expression: &[Arg], roots: &[Arg], bound: &Bound, call: &Call<'_>) {
    let narrowed = expression.iter().any(|arg| {
        matches!(
            arg.known(),
            Some(
                "-name" | "-iname" | "-empty" | "-path" | "-regex" | "-newer" | "-mtime" | "-mmin" | "-size" | "-type"
            )
        )
    });
    let mut at = 0;
    while let Some(arg) = expression.get(at) {
        at += 1;
        let Some(text) = arg.known() else {
            it.opaque("a word that can't be told in an expression of `find`", arg.span);
            continue;
        };
        match text {
            "-delete" => remove(it, roots, bound, narrowed, arg),
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
                    bound,
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
            other => it.opaque(&format!("what `{other}` of `find` does is not known"), arg.span),
        }
    }
}

fn remove(it: &mut Interpreter<'_>, roots: &[Arg], bound: &Bound, narrowed: bool, arg: &Arg) {
    if narrowed {
        let value = Value::hole(bound.clone());
        let mut some = value;
        some.push_text("/x"); // some paths below, not all of them
        let target = match bound {
            Bound::Below(dir) => paths::below(dir, false, Use::Remove, it.facts),
            Bound::Any | Bound::Number | Bound::Name | Bound::Word | Bound::Relative => {
                paths::target(&Value::hole(Bound::Any), &it.state.cwd.clone(), Use::Remove, it.facts)
            }
        };
        it.emit(
            Verb::Delete,
            placet_model::Resource::Path(target),
            placet_model::Qualifiers::default(),
            arg.span,
            "find",
        );
        return;
    }
    for root in roots {
        it.touch(PathRole::DeleteTree, &root.value, arg.span, "find", None);
    }
}

/// Runs the command of `-exec` with what was found in place of `{}`.
fn run(it: &mut Interpreter<'_>, command: &[Arg], bound: &Bound, batch: bool, in_directory: bool, call: &Call<'_>) {
    let mut found = Value::hole(if in_directory { Bound::Name } else { bound.clone() });
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
        if in_directory && let Bound::Below(dir) = bound {
            it.state.cwd = paths::Dir::Below(dir.clone());
        }
        it.within(
            |context| context.inner = true,
            |it| it.with_stdin(Data::default(), |it| it.invoke(&args, &[], call.span)),
        );
    });
}
