//! `tar`: its mode may be a word without a dash, and `-C` changes the directory of what stands behind it.
//! What its options run is in the table.

use placet_model::{Paths, Qualifiers, Resource, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter, Written};
use crate::paths::{self, Dir, Use};
use crate::value::{Arg, Bound, Data, Taint, Value};

/// Reads mode, archive, directories and members.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["--help", "--version", "--usage", "--show-defaults"]) {
        return;
    }
    let mut read = Reading::of(call);
    let stays = it.state.cwd.clone();
    match read.mode {
        Some('x') => extract(it, call, &read),
        Some('t' | 'd') => {
            archive(it, &read, PathRole::Read);
        }
        Some('c') => {
            archive(it, &read, PathRole::Write);
            members(it, call, &mut read);
        }
        Some('r' | 'u' | 'A') => {
            archive(it, &read, PathRole::Modify);
            members(it, call, &mut read);
        }
        Some(_) | None => it.opaque("a call of `tar` whose mode can't be told", call.span),
    }
    it.state.cwd = stays;
}

/// What the words say.
struct Reading {
    mode: Option<char>,
    archive: Option<Value>,
    members: Vec<Arg>,
    /// Each `-C`, in order.
    directories: Vec<Arg>,
    to_output: bool,
    anywhere: bool,
    removes: bool,
}

impl Reading {
    fn of(call: &Call<'_>) -> Self {
        const MODES: &[(&[&str], char)] = &[
            (&["-x", "--extract", "--get"], 'x'),
            (&["-t", "--list"], 't'),
            (&["-d", "--diff", "--compare"], 'd'),
            (&["-c", "--create"], 'c'),
            (&["-r", "--append"], 'r'),
            (&["-u", "--update"], 'u'),
            (&["-A", "--catenate", "--concatenate", "--delete"], 'A'),
        ];
        let mut it = Self {
            mode: MODES.iter().find(|(names, _)| call.has(names)).map(|(_, mode)| *mode),
            archive: call
                .option(&["-f", "--file"])
                .and_then(|given| given.value.as_ref())
                .map(|arg| arg.value.clone()),
            members: call.operands.clone(),
            directories: call
                .options
                .iter()
                .filter(|given| given.opt.names.contains(&"-C"))
                .filter_map(|given| given.value.clone())
                .collect(),
            to_output: call.has(&["-O", "--to-stdout", "--to-command"]),
            anywhere: call.has(&["-P", "--absolute-names"]),
            removes: call.has(&["--remove-files"]),
        };
        if it.mode.is_none() {
            it.old_style();
        }
        it
    }

    /// `tar xzf a.tgz`: the first word is a bundle, and its letters take the words behind it.
    fn old_style(&mut self) {
        let Some(bundle) = self.members.first().and_then(Arg::known).map(str::to_owned) else {
            return;
        };
        let mut rest = self.members.split_off(1).into_iter();
        for letter in bundle.chars() {
            match letter {
                'x' | 't' | 'd' | 'c' | 'r' | 'u' | 'A' => self.mode = Some(letter),
                'O' => self.to_output = true,
                'P' => self.anywhere = true,
                'f' => self.archive = rest.next().map(|arg| arg.value),
                'C' => self.directories.extend(rest.next()),
                'b' | 'T' | 'X' | 'g' | 'K' | 'L' | 'N' | 'V' | 'H' => {
                    rest.next();
                }
                // These run programs: only the spelling with a dash is in the table.
                'I' | 'F' => self.mode = Some('?'),
                _ => {}
            }
        }
        if self.mode == Some('?') || bundle.contains(['I', 'F']) {
            self.mode = None;
        }
        self.members = rest.collect();
    }
}

/// The archive itself. `host:file` lies on another machine.
fn archive(it: &mut Interpreter<'_>, read: &Reading, role: PathRole) -> Taint {
    let Some(value) = &read.archive else {
        return it.stdin.taint;
    };
    let prefix = value.prefix();
    if prefix == "-" {
        return it.stdin.taint;
    }
    if let Some((host, _)) = prefix.split_once(':')
        && !host.contains('/')
    {
        let host = host.rsplit('@').next().unwrap_or(host).to_owned();
        let verb = if role == PathRole::Read {
            Verb::Fetch
        } else {
            Verb::Send
        };
        it.emit(
            verb,
            Resource::Host(Some(host)),
            Qualifiers::default(),
            placet_model::Span::default(),
            "tar",
        );
        return Taint {
            fetched: true,
            foreign: true,
            ..Taint::default()
        };
    }
    let span = placet_model::Span::default();
    it.touch(role, value, span, "tar", None);
    it.content(value).taint
}

fn extract(it: &mut Interpreter<'_>, call: &Call<'_>, read: &Reading) {
    let taint = archive(it, read, PathRole::Read);
    if read.to_output {
        it.stdout.append(Data::unknown(Taint { decoded: true, ..taint }));
        return;
    }
    if read.anywhere {
        it.touch(PathRole::Extract, &Value::hole(Bound::Any), call.span, "tar", None);
        return;
    }
    for directory in &read.directories {
        it.state.cwd = paths::directory(&directory.value, &it.state.cwd.clone(), it.facts);
    }
    let here = it.cwd_value();
    it.touch(PathRole::Extract, &here, call.span, "tar", None);
    if let Paths::One(path) = paths::target(&here, &it.state.cwd.clone(), Use::Look, it.facts).paths
        && taint.fetched
    {
        it.state.written.insert(
            path,
            Written {
                data: Data::unknown(taint),
                directory: true,
                built: false,
            },
        );
    }
}

/// What goes into the archive: each member as seen from the `-C` in front of it.
fn members(it: &mut Interpreter<'_>, call: &Call<'_>, read: &mut Reading) {
    let start: Dir = it.state.cwd.clone();
    for member in std::mem::take(&mut read.members) {
        it.state.cwd = start.clone();
        for directory in read
            .directories
            .iter()
            .filter(|directory| directory.span.start <= member.span.start)
        {
            it.state.cwd = paths::directory(&directory.value, &it.state.cwd.clone(), it.facts);
        }
        it.touch(PathRole::Sweep, &member.value, member.span, "tar", None);
        if read.removes {
            it.touch(PathRole::DeleteTree, &member.value, member.span, "tar", None);
        }
        let taint = it.content(&member.value).taint;
        if read.archive.as_ref().is_none_or(|archive| archive.known() == Some("-")) {
            it.stdout.append(Data::unknown(taint));
        }
    }
    it.state.cwd = start;
    let _ = call;
}
