//! What a command did, from the logs of strace: one log for each process.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::lines::Call;

/// One thing that was seen. Paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A file was opened for reading.
    Read(String),
    /// A file was opened for writing, or replaced by another one; `true`: its content went.
    Write(String, bool),
    /// A directory, link or node was made.
    Make(String),
    /// A file or directory was deleted.
    Delete(String),
    /// It was moved away.
    MoveAway(String),
    /// Its permission bits were set.
    Mode(String),
    /// Its owner was set.
    Owner(String),
    /// Its times or attributes were set.
    Attributes(String),
    /// A program was started.
    Exec(String),
    /// A connection was attempted, or accepted.
    Network(String),
    /// A signal to a process that is none of the command's own.
    Signal(String),
    /// Something was mounted.
    Mount(String),
}

/// Everything that the logs `PREFIX.PID` tell.
pub fn events(directory: &Path) -> BTreeSet<Event> {
    let mut logs: BTreeMap<i32, Vec<Call>> = BTreeMap::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.rsplit('.').next().and_then(|pid| pid.parse().ok()) else {
            continue;
        };
        let text = std::fs::read(entry.path()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        logs.insert(pid, text.lines().filter_map(Call::read).collect());
    }
    let children: BTreeSet<i32> = logs.values().flatten().filter_map(child).collect();
    let own: BTreeSet<i32> = logs.keys().copied().collect();
    let mut events = BTreeSet::new();
    let roots: Vec<i32> = own.iter().copied().filter(|pid| !children.contains(pid)).collect();
    for root in roots {
        follow(
            &logs,
            root,
            "/home/dev/project".to_owned(),
            &own,
            &mut events,
            &mut BTreeSet::new(),
        );
    }
    events
}

fn child(call: &Call) -> Option<i32> {
    let forks = matches!(call.name.as_str(), "fork" | "vfork" | "clone" | "clone3");
    (forks && !call.failed()).then(|| call.number())?
}

fn follow(
    logs: &BTreeMap<i32, Vec<Call>>,
    pid: i32,
    mut cwd: String,
    own: &BTreeSet<i32>,
    events: &mut BTreeSet<Event>,
    done: &mut BTreeSet<i32>,
) {
    if !done.insert(pid) {
        return;
    }
    for call in logs.get(&pid).into_iter().flatten() {
        if let Some(child) = child(call) {
            follow(logs, child, cwd.clone(), own, events, done);
        } else if call.name == "chdir" && !call.failed() {
            if let Some(path) = call.text(0) {
                cwd = absolute(&cwd, &path);
            }
        } else if call.name == "fchdir" && !call.failed() {
            cwd = call.descriptor(0).unwrap_or(cwd);
        } else {
            of_call(call, &cwd, own, events);
        }
    }
}

fn absolute(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let base = if path.starts_with('/') { "" } else { base };
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn of_call(call: &Call, cwd: &str, own: &BTreeSet<i32>, events: &mut BTreeSet<Event>) {
    let name = call.name.as_str();
    if matches!(name, "connect" | "sendto" | "bind") {
        let address = call.arguments.get(if name == "sendto" { 4 } else { 1 });
        if let Some(address) = address.filter(|address| address.contains("sa_family=AF_INET")) {
            events.insert(Event::Network(format!("{name} {address}")));
        }
        return;
    }
    if call.failed() {
        return;
    }
    // The path at an argument, and below the directory of the argument before it.
    let plain = |index: usize| call.text(index).map(|path| absolute(cwd, &path));
    let at = |index: usize| {
        let base = call.descriptor(index);
        match call.text(index + 1) {
            Some(path) => Some(absolute(base.as_deref().unwrap_or(cwd), &path)),
            None => base,
        }
    };
    let one = |event: fn(String) -> Event, path: Option<String>| path.map(event);
    let found: Vec<Option<Event>> = match name {
        "open" | "openat" | "openat2" | "creat" => vec![opened(call)],
        "truncate" => vec![plain(0).map(|path| Event::Write(path, true))],
        "ftruncate" => vec![call.descriptor(0).map(|path| Event::Write(path, true))],
        "unlink" | "rmdir" => vec![one(Event::Delete, plain(0))],
        "unlinkat" => vec![one(Event::Delete, at(0))],
        "rename" => vec![
            one(Event::MoveAway, plain(0)),
            plain(1).map(|path| Event::Write(path, true)),
        ],
        "renameat" | "renameat2" => {
            vec![one(Event::MoveAway, at(0)), at(2).map(|path| Event::Write(path, true))]
        }
        "mkdir" | "mknod" => vec![one(Event::Make, plain(0))],
        "mkdirat" | "mknodat" => vec![one(Event::Make, at(0))],
        "link" | "symlink" => vec![one(Event::Make, plain(1))],
        "linkat" => vec![one(Event::Make, at(2))],
        "symlinkat" => vec![one(Event::Make, at(1))],
        "chmod" => vec![one(Event::Mode, plain(0))],
        "fchmod" => vec![one(Event::Mode, call.descriptor(0))],
        "fchmodat" => vec![one(Event::Mode, at(0))],
        "chown" | "lchown" => vec![one(Event::Owner, plain(0))],
        "fchown" => vec![one(Event::Owner, call.descriptor(0))],
        "fchownat" => vec![one(Event::Owner, at(0))],
        "utime" | "utimes" | "setxattr" | "lsetxattr" | "removexattr" => vec![one(Event::Attributes, plain(0))],
        "utimensat" | "futimesat" => vec![one(Event::Attributes, at(0))],
        "fsetxattr" | "fremovexattr" => vec![one(Event::Attributes, call.descriptor(0))],
        "execve" => vec![one(Event::Exec, plain(0))],
        "execveat" => vec![one(Event::Exec, at(0))],
        "mount" | "umount2" => vec![one(Event::Mount, plain(usize::from(name == "mount")))],
        "kill" | "tkill" | "pidfd_open" => {
            let to: Option<i32> = call.arguments[0].parse().ok();
            let harmless = name == "pidfd_open" || call.arguments.get(1).is_some_and(|signal| signal == "0");
            let to_others = to.is_none_or(|pid| !own.contains(&pid.abs()) && pid != 0);
            vec![(to_others && !harmless).then(|| Event::Signal(format!("{to:?}")))]
        }
        _ => Vec::new(),
    };
    events.extend(found.into_iter().flatten());
}

fn opened(call: &Call) -> Option<Event> {
    let path = call.opened()?;
    let flags = if call.name == "open" { 1 } else { 2 };
    let has = |flag: &str| call.arguments[flags.min(call.arguments.len() - 1)].contains(flag);
    if has("O_TMPFILE") {
        return None;
    }
    if call.name == "creat" || has("O_WRONLY") || has("O_RDWR") || has("O_TRUNC") || has("O_CREAT") {
        return Some(Event::Write(path, call.name == "creat" || has("O_TRUNC")));
    }
    (!has("O_DIRECTORY") && !has("O_PATH")).then_some(Event::Read(path))
}
