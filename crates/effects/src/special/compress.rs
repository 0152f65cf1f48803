//! `gzip` and its kin: a file becomes another one, whose name is made from its own.

use placet_model::{FileKind, Paths};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Use};
use crate::value::{Arg, Bound, Data, Taint, Value};

/// What the programs put behind a name, by the beginning of theirs (without `un` and `p`).
const SUFFIXES: &[(&str, &str)] = &[
    ("brotli", ".br"),
    ("bz", ".bz2"),
    ("compress", ".Z"),
    ("gz", ".gz"),
    ("igz", ".gz"),
    ("lz4", ".lz4"),
    ("lzip", ".lz"),
    ("lzma", ".lzma"),
    ("lzop", ".lzo"),
    ("xz", ".xz"),
    ("zstd", ".zst"),
];

/// Adds what is left beside each operand, and that the operand goes.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let only_reads = [
        "-c",
        "--stdout",
        "--to-stdout",
        "-t",
        "--test",
        "-l",
        "--list",
        "-h",
        "--help",
        "-V",
        "--version",
    ];
    if call.has(&only_reads) || call.has(&["-o", "--output"]) {
        return;
    }
    let program = call.name.rsplit('/').next().unwrap_or(&call.name);
    let plain = program.strip_prefix("un").unwrap_or(program);
    let plain = plain.strip_prefix("gun").map_or(plain, |_| "gzip");
    let plain = plain.strip_prefix("bun").map_or(plain, |_| "bzip2");
    let plain = plain
        .strip_prefix('p')
        .filter(|rest| !rest.starts_with("igz"))
        .unwrap_or(plain);
    let expands = program.contains("un") || call.has(&["-d", "--decompress", "--uncompress"]);
    let given = call.option(&["-S", "--suffix"]).and_then(|given| given.value.as_ref());
    let own = SUFFIXES
        .iter()
        .find(|(name, _)| plain.starts_with(name))
        .map(|(_, suffix)| *suffix);
    let suffix = given.and_then(|value| value.known()).or(own);
    // These leave the original alone unless they are told otherwise.
    let keeps = call.has(&["-k", "--keep"])
        || (["zstd", "lz4", "brotli"].iter().any(|name| plain.starts_with(name)) && !call.has(&["--rm", "-m", "-j"]));
    if let ([from, to], true) = (
        call.operands.as_slice(),
        plain.starts_with("lz4") && !call.has(&["-m", "--multiple"]),
    ) {
        it.touch(PathRole::Read, &from.value, from.span, &call.name, None);
        it.touch(PathRole::Write, &to.value, to.span, &call.name, None);
        return;
    }
    for operand in call.operands.iter().filter(|operand| operand.known() != Some("-")) {
        let role = if keeps { PathRole::Read } else { PathRole::Move };
        let taint = it.content(&operand.value).taint;
        it.touch(role, &operand.value, operand.span, &call.name, None);
        made(it, call, operand, suffix, expands, taint);
    }
}

/// The file that comes out, with the marks of the one it is made from.
fn made(it: &mut Interpreter<'_>, call: &Call<'_>, operand: &Arg, suffix: Option<&str>, expands: bool, taint: Taint) {
    let is_directory = match paths::paths(&operand.value, &it.state.cwd) {
        Paths::One(path) => it.facts.kind(&path) == FileKind::Directory,
        Paths::Below(_) | Paths::Unknown => true,
    };
    if is_directory {
        it.touch(PathRole::Extract, &operand.value, operand.span, &call.name, None);
        return;
    }
    let name = match (operand.known(), suffix) {
        (Some(path), Some(suffix)) if expands => path.strip_suffix(suffix).map(str::to_owned),
        (Some(path), Some(suffix)) => Some(format!("{path}{suffix}")),
        (Some(_) | None, _) => None,
    };
    let value = match name {
        Some(name) => Value::text(name),
        // Some name beside it.
        None => {
            let shown = operand.known().unwrap_or_default();
            let directory = shown.rsplit_once('/').map_or("", |(directory, _)| directory);
            let mut value = if operand.known().is_none() {
                operand.value.clone()
            } else if directory.is_empty() && !shown.starts_with('/') {
                Value::default()
            } else {
                Value::text(format!("{directory}/"))
            };
            value.push(&Value::hole(Bound::Name));
            value
        }
    };
    it.touch(PathRole::Write, &value, operand.span, &call.name, None);
    if let Paths::One(path) = paths::target(&value, &it.state.cwd.clone(), Use::Look, it.facts).paths
        && !taint.is_plain()
    {
        it.wrote(path, Data::unknown(taint), false);
    }
}
