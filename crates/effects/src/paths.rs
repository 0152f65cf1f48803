//! Paths: joining, normalising, and what a path is to the user: where it lies, how sensitive it is, what runs it.
//! Pure text and [`Facts`]; no effect is made here.

use placet_model::{Between, Facts, Paths, Place, RunsLater, Sensitivity, Shape, Standing, Target};

use crate::value::{Bound, Piece, Printed, Value};

mod later;
mod places;
mod sensitive;

pub use later::{is_tool_config, runs_later};
pub use places::{is_agent_extension, is_of_the_kernel, is_shell_start};
pub use sensitive::{may_name_a_secret, sensitivity};

/// The directory in which a command works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dir {
    /// This one.
    At(String),
    /// Some directory below this one.
    Below(String),
    /// Cannot tell.
    Unknown,
}

/// Whether an effect takes something away or replaces it, so that the project's root itself matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Reads and listings.
    Look,
    /// Creates, changes, overwrites.
    Change,
    /// Deletes or moves away.
    Remove,
}

/// The absolute, lexically normal form of `path` seen from `base`.
#[must_use]
pub fn normal(base: &str, path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let absolute = path.starts_with('/');
    let from = if absolute { "" } else { base };
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                out.pop();
            }
            name => out.push(name),
        }
    }
    let mut text = String::with_capacity(base.len() + path.len() + 1);
    for part in out {
        text.push('/');
        text.push_str(part);
    }
    if text.is_empty() { "/".to_owned() } else { text }
}

/// Whether `path` is `dir` or lies below it.
#[must_use]
pub fn within(path: &str, dir: &str) -> bool {
    dir == "/"
        || path
            .strip_prefix(dir)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The directory that `value` names, seen from `cwd`.
#[must_use]
pub fn directory(value: &Value, cwd: &Dir, facts: &dyn Facts) -> Dir {
    match paths(value, cwd) {
        Paths::One(path) => Dir::At(facts.resolve(&path)),
        Paths::Below(dir) => Dir::Below(dir),
        Paths::Unknown => Dir::Unknown,
    }
}

/// The target that `value` names, seen from `cwd`.
#[must_use]
pub fn target(value: &Value, cwd: &Dir, how: Use, facts: &dyn Facts) -> Target {
    let bare = bare_glob(value);
    if let Some(path) = of_some_process(value) {
        return one(&path, how, facts);
    }
    match paths(value, cwd) {
        Paths::One(path) => one(&path, how, facts),
        Paths::Below(dir) => {
            let mut target = below(&dir, bare, how, facts);
            // `.env*`, `id_rsa?`: the known text of the last name tells as much as the whole.
            let shape = shape_sensitivity(value, &dir, facts.home());
            target.sensitivity = worse(shape, target.sensitivity);
            target
        }
        Paths::Unknown => {
            let sensitivity = tail_sensitivity(value, facts.home());
            Target {
                paths: Paths::Unknown,
                place: Place::Unknown,
                standing: Standing::Unknown,
                sensitivity,
            }
        }
    }
}

/// `/proc/$PID/fd`: which process it is can't be told, and what of it can.
fn of_some_process(value: &Value) -> Option<String> {
    let [Piece::Text(head), Piece::Hole(_), Piece::Text(rest)] = value.pieces.as_slice() else {
        return None;
    };
    (head == "/proc/" && rest.starts_with('/')).then(|| format!("/proc/0{rest}"))
}

/// A link itself, where `value` names one: not what it leads to.
#[must_use]
pub fn link_itself(value: &Value, cwd: &Dir, how: Use, facts: &dyn Facts) -> Option<Target> {
    let Paths::One(path) = paths(value, cwd) else {
        return None;
    };
    let (parent, name) = path.rsplit_once('/')?;
    let parent = facts.resolve(if parent.is_empty() { "/" } else { parent });
    let itself = format!("{}/{name}", parent.trim_end_matches('/'));
    if name.is_empty() || itself == facts.resolve(&path) {
        return None;
    }
    Some(Target {
        place: place(&itself, how, facts),
        standing: facts.standing(&itself),
        sensitivity: sensitivity(&itself, facts.home()),
        paths: Paths::One(itself),
    })
}

/// A target with a known path.
#[must_use]
pub fn one(path: &str, how: Use, facts: &dyn Facts) -> Target {
    if let Some(target) = stream(path) {
        return target;
    }
    let resolved = facts.resolve(path);
    let spelt = sensitivity(path, facts.home());
    let real = if resolved == path {
        spelt
    } else {
        worse(spelt, sensitivity(&resolved, facts.home()))
    };
    let place = place(&resolved, how, facts);
    let standing = match how {
        Use::Look => Standing::Unknown,
        Use::Change | Use::Remove => facts.standing(&resolved),
    };
    Target {
        paths: Paths::One(resolved),
        place,
        standing,
        sensitivity: real,
    }
}

/// A target that is some paths below a directory.
#[must_use]
pub fn below(dir: &str, everything: bool, how: Use, facts: &dyn Facts) -> Target {
    let dir = facts.resolve(dir);
    let place = match (how, everything) {
        (Use::Remove, true) => place(&dir, Use::Remove, facts),
        (Use::Look | Use::Change, _) | (Use::Remove, false) => {
            let place = place(&dir, Use::Look, facts);
            // Changing some file right below home could hit a start file.
            if place == Place::Home && dir == facts.home() && how != Use::Look {
                Place::Vital
            } else {
                place
            }
        }
    };
    let standing = match how {
        Use::Look | Use::Change => Standing::Unknown,
        Use::Remove => facts.tree(&dir).worst,
    };
    let sensitivity = sensitivity(&dir, facts.home());
    Target {
        paths: Paths::Below(dir),
        place,
        standing,
        sensitivity,
    }
}

/// Where a path lies.
#[must_use]
pub fn place(path: &str, how: Use, facts: &dyn Facts) -> Place {
    let (home, project) = (facts.home(), facts.project());
    if how == Use::Remove && (path == "/" || within(home, path) || within(project, path) || places::is_top(path)) {
        return Place::Vital;
    }
    if within(path, project) && project != home && project != "/"
        || facts.extra_directories().iter().any(|dir| within(path, dir))
    {
        return Place::Project;
    }
    places::place(path, home, facts)
}

/// Which paths a value names.
#[must_use]
pub fn paths(value: &Value, cwd: &Dir) -> Paths {
    if let Some(text) = value.known() {
        if text.starts_with('/') {
            return Paths::One(normal("/", text));
        }
        return match cwd {
            Dir::At(dir) => Paths::One(normal(dir, text)),
            Dir::Below(dir) if !climbs(text) => Paths::Below(dir.clone()),
            Dir::Below(_) | Dir::Unknown => Paths::Unknown,
        };
    }
    // The directory before the first hole, provided that no hole can climb out of it.
    let mut base = String::new();
    let mut pieces = value.pieces.iter();
    match pieces.next() {
        Some(Piece::Text(text)) => {
            base.push_str(
                text.rsplit_once('/')
                    .map_or("", |(dir, _)| if dir.is_empty() { "/" } else { dir }),
            );
        }
        Some(Piece::Hole(Bound::Below(dir))) => base.push_str(dir),
        Some(Piece::Hole(Bound::Printed(printed))) if printed.from == *cwd => base.push_str(&printed.below),
        Some(Piece::Hole(Bound::Name | Bound::Number | Bound::Pids(_) | Bound::Word | Bound::Relative)) => {}
        Some(Piece::Hole(Bound::Any | Bound::Setup | Bound::Printed(_))) | None => return Paths::Unknown,
    }
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                if climbs(text) {
                    return Paths::Unknown;
                }
            }
            // A relative path behind a directory: below it, unless it climbs.
            Piece::Hole(Bound::Printed(printed)) if !printed.climbs => {}
            Piece::Hole(Bound::Any | Bound::Setup | Bound::Below(_) | Bound::Printed(_)) => return Paths::Unknown,
            Piece::Hole(Bound::Name | Bound::Number | Bound::Pids(_) | Bound::Word | Bound::Relative) => {}
        }
    }
    if base.starts_with('/') {
        return Paths::Below(normal("/", &base));
    }
    match cwd {
        Dir::At(dir) => Paths::Below(normal(dir, &base)),
        Dir::Below(dir) if !climbs(&base) => Paths::Below(dir.clone()),
        Dir::Below(_) | Dir::Unknown => Paths::Unknown,
    }
}

/// What is known of the paths that a program prints which was told to look at this one and prints what it finds behind
/// the words that it was given.
#[must_use]
pub fn printed(root: &Value, cwd: &Dir) -> Bound {
    let below = match paths(root, cwd) {
        Paths::One(path) | Paths::Below(path) => path,
        Paths::Unknown => return Bound::Any,
    };
    let climbs = word_climbs(root);
    match root.pieces.first() {
        Some(Piece::Text(text)) if text.starts_with('/') => Bound::Below(below),
        Some(Piece::Hole(Bound::Below(_))) => Bound::Below(below),
        Some(Piece::Text(_) | Piece::Hole(_)) | None => Bound::Printed(Box::new(Printed {
            from: cwd.clone(),
            below,
            begins: String::new(),
            climbs,
            deleted: false,
        })),
    }
}

/// Whether the word may name something outside of the directory it is used in. `:/` is the top for git.
#[must_use]
pub fn may_climb(word: &Value) -> bool {
    word.prefix().starts_with(['/', ':']) || word_climbs(word)
}

fn word_climbs(word: &Value) -> bool {
    word.pieces.iter().any(|piece| match piece {
        Piece::Text(text) => climbs(text),
        Piece::Hole(Bound::Printed(printed)) => printed.climbs,
        Piece::Hole(Bound::Any | Bound::Setup | Bound::Below(_)) => true,
        Piece::Hole(Bound::Number | Bound::Pids(_) | Bound::Name | Bound::Word | Bound::Relative) => false,
    })
}

/// What is known of paths of which each is one or the other.
#[must_use]
pub fn either(one: &Bound, other: &Bound) -> Bound {
    match (one, other) {
        (Bound::Printed(one), Bound::Printed(other)) if one.from == other.from => Bound::Printed(Box::new(Printed {
            from: one.from.clone(),
            below: common(&one.below, &other.below),
            begins: one.begin_alike(other),
            climbs: one.climbs || other.climbs,
            deleted: one.deleted && other.deleted,
        })),
        (Bound::Below(one), Bound::Below(other)) => Bound::Below(common(one, other)),
        (one, other) if one == other => one.clone(),
        _ => Bound::Any,
    }
}

/// The directory that holds both.
fn common(one: &str, other: &str) -> String {
    let mut shared = String::new();
    for (name, also) in one.split('/').zip(other.split('/')).skip(1) {
        if name != also {
            break;
        }
        shared.push('/');
        shared.push_str(name);
    }
    if shared.is_empty() { "/".to_owned() } else { shared }
}

/// What is known of the last name of a path: `$DIR/*.log` ends with `.log`. `None` if nothing is.
#[must_use]
pub fn shape(value: &Value) -> Option<Shape<'_>> {
    let (ends, before) = match value.pieces.split_last()? {
        (Piece::Text(_), []) => return None,
        (Piece::Text(text), before) => match text.rsplit_once('/') {
            Some((_, "")) => return None,
            Some((_, name)) => {
                return Some(Shape {
                    begins: "",
                    ends: name,
                    between: Between::Nothing,
                });
            }
            None => (text.as_str(), before),
        },
        (Piece::Hole(bound), _) if may_hold_slash(bound) => return None,
        (Piece::Hole(_), _) => ("", value.pieces.as_slice()),
    };
    let (begins, middle) = beginning(before)?;
    let digits = |piece: &Piece| matches!(piece, Piece::Hole(Bound::Number | Bound::Pids(_)));
    // Any of the words may be missing.
    let word = |piece: &&Piece| digits(piece) || matches!(piece, Piece::Hole(Bound::Word));
    let between = match middle.iter().find(|piece| !word(piece)) {
        _ if middle.iter().all(digits) => Between::Digits,
        None => Between::Word,
        Some(Piece::Text(text)) if !text.starts_with('.') => Between::Word,
        Some(Piece::Text(_) | Piece::Hole(_)) => Between::Anything,
    };
    let known = !begins.is_empty() || !ends.is_empty() || between != Between::Anything;
    known.then_some(Shape { begins, ends, between })
}

/// How the last name begins, and what stands behind that.
fn beginning(pieces: &[Piece]) -> Option<(&str, &[Piece])> {
    let is_open = |piece: &Piece| match piece {
        Piece::Text(text) => text.contains('/'),
        Piece::Hole(bound) => may_hold_slash(bound),
    };
    match pieces.iter().rposition(is_open) {
        Some(at) => match pieces.get(at) {
            Some(Piece::Text(text)) => Some((text.rsplit('/').next()?, pieces.get(at + 1..)?)),
            // The name begins somewhere in what can't be told.
            Some(Piece::Hole(_)) | None => Some(("", pieces.get(at..)?)),
        },
        None => match pieces.split_first() {
            Some((Piece::Text(text), rest)) => Some((text, rest)),
            Some((Piece::Hole(_), _)) | None => Some(("", pieces)),
        },
    }
}

fn may_hold_slash(bound: &Bound) -> bool {
    match bound {
        Bound::Any | Bound::Setup | Bound::Below(_) | Bound::Relative | Bound::Printed(_) => true,
        Bound::Name | Bound::Word | Bound::Number | Bound::Pids(_) => false,
    }
}

fn climbs(text: &str) -> bool {
    text.split('/').any(|part| part == "..")
}

/// Whether the last component is nothing but a glob: `*`, `dir/*`, or everything below (`Bound::Below` alone).
fn bare_glob(value: &Value) -> bool {
    match value.pieces.as_slice() {
        [.., Piece::Text(text), Piece::Hole(_)] => text.ends_with('/'),
        [Piece::Hole(_)] => true,
        _ => false,
    }
}

/// What the known end of an unknown path tells of it: `$DIR/.env` is a secret wherever it lies.
fn tail_sensitivity(value: &Value, home: &str) -> Sensitivity {
    match value.pieces.last() {
        Some(Piece::Text(text)) if text.starts_with('/') => sensitivity(text, home),
        _ => Sensitivity::Plain,
    }
}

/// What the last name of a value with holes tells when the holes are left out: `.env?`, `*.pem`.
fn shape_sensitivity(value: &Value, dir: &str, home: &str) -> Sensitivity {
    let mut text = String::new();
    for piece in &value.pieces {
        match piece {
            Piece::Text(known) => text.push_str(known),
            Piece::Hole(_) => {}
        }
    }
    let name = text.rsplit('/').next().unwrap_or(&text);
    if name.is_empty() {
        Sensitivity::Plain
    } else {
        sensitivity(&format!("{dir}/{name}"), home)
    }
}

fn worse(a: Sensitivity, b: Sensitivity) -> Sensitivity {
    if a == Sensitivity::Plain { b } else { a }
}

fn stream(path: &str) -> Option<Target> {
    let name = path.strip_prefix("/dev/")?;
    let is_stream = matches!(
        name,
        "null" | "stdout" | "stderr" | "stdin" | "tty" | "zero" | "full" | "random" | "urandom"
    ) || name
        .strip_prefix("fd/")
        .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    is_stream.then(|| Target {
        paths: Paths::One(path.to_owned()),
        place: Place::Stream,
        standing: Standing::Missing,
        sensitivity: Sensitivity::Plain,
    })
}

/// Why a target is more than a file, if it is.
#[must_use]
pub fn target_runs_later(target: &Target, facts: &dyn Facts) -> Option<RunsLater> {
    match &target.paths {
        Paths::One(path) => runs_later(path, facts.home()).or_else(|| configured_hook(path, facts)),
        Paths::Below(dir) => {
            later::runs_later_below(dir, facts.home()).or_else(|| configured_hook(&format!("{dir}/x"), facts))
        }
        Paths::Unknown => None,
    }
}

/// The same by the name that was written, where a link leads somewhere without a meaning.
#[must_use]
pub fn spelt_runs_later(value: &Value, cwd: &Dir, facts: &dyn Facts) -> Option<RunsLater> {
    match paths(value, cwd) {
        Paths::One(path) => runs_later(&path, facts.home()),
        Paths::Below(_) | Paths::Unknown => None,
    }
}

/// A file in the directory that the repository's configuration names for its hooks.
fn configured_hook(path: &str, facts: &dyn Facts) -> Option<RunsLater> {
    if !within(path, facts.project()) {
        return None;
    }
    let repository = facts.repository(path.rsplit_once('/')?.0)?;
    repository.programs.iter().find_map(|entry| {
        let (key, value) = entry.split_once('=')?;
        let hooks = key.eq_ignore_ascii_case("core.hookspath") && within(path, &normal(&repository.root, value));
        hooks.then_some(RunsLater::GitHook)
    })
}
