//! Paths in a role: which effect a path operand has, and what reading it carries along. No tables are read here.

use placet_model::{FileKind, Lost, Paths, Place, Qualifiers, Resource, Sensitivity, Span, Standing, Target, Verb};

use super::Interpreter;
use super::call::Call;
use super::roles::Applied;
use crate::catalogue::table::PathRole;
use crate::paths::{self, Use};
use crate::value::{Arg, Bound, Piece, Taint, Value};

impl Interpreter<'_> {
    pub(super) fn path_role(
        &mut self,
        role: PathRole,
        arg: &Arg,
        call: &Call<'_>,
        applied: &mut Applied,
        others: &[Arg],
    ) {
        let by = call.name.as_str();
        if arg.known() == Some("-")
            && matches!(
                role,
                PathRole::Read | PathRole::Sweep | PathRole::Measure | PathRole::Write
            )
        {
            applied.read = applied.read.and(self.stdin.taint);
            return;
        }
        let value =
            if arg.many && !matches!(arg.value.pieces.last(), Some(Piece::Hole(_))) && arg.value.known().is_some() {
                Value::hole(Bound::Any).tainted(arg.value.taint)
            } else {
                arg.value.clone()
            };
        let role = if role == PathRole::Measure && super::measure::descends(&value, call, self) {
            PathRole::Sweep
        } else if role == PathRole::Measure && super::measure::may_tell_more(call) {
            PathRole::Read
        } else {
            role
        };
        if role == PathRole::Move && self.stays_in_the_project(&value, call) {
            self.move_some(&value, arg.span, by);
        } else {
            self.touch(role, &value, arg.span, by, Some(others));
        }
        match role {
            PathRole::Read | PathRole::Sweep | PathRole::Measure | PathRole::Move => {
                let target = paths::target(&value, &self.state.cwd, Use::Look, self.facts);
                applied.read = applied.read.and(self.read_taint(&target));
                self.printed(&value, applied);
            }
            PathRole::List => self.printed(&value, applied),
            PathRole::Write
            | PathRole::Append
            | PathRole::Modify
            | PathRole::Into
            | PathRole::Create
            | PathRole::Extract => {
                for value in self.destinations(role, &value, others) {
                    if let Paths::One(path) = paths::target(&value, &self.state.cwd, Use::Look, self.facts).paths {
                        if matches!(role, PathRole::Append | PathRole::Modify | PathRole::Extract) {
                            applied.changed.push(path.clone());
                        }
                        applied.written.push(path);
                    }
                }
            }
            PathRole::Delete | PathRole::DeleteTree => {
                if let Paths::One(path) = paths::target(&value, &self.state.cwd, Use::Look, self.facts).paths {
                    self.state.written.retain(|written, _| !paths::within(written, &path));
                }
            }
            PathRole::Link => {
                if let Paths::One(path) = paths::target(&value, &self.state.cwd, Use::Look, self.facts).paths {
                    applied.linked.push(path);
                }
            }
            PathRole::ChangeMode | PathRole::ChangeOwner | PathRole::Mount => {}
        }
    }

    /// The effect of a path in a role.
    pub(crate) fn touch(&mut self, role: PathRole, value: &Value, span: Span, by: &str, others: Option<&[Arg]>) {
        let cwd = self.state.cwd.clone();
        match role {
            PathRole::Read | PathRole::Sweep | PathRole::Measure => {
                let target = paths::target(value, &cwd, Use::Look, self.facts);
                let remembered = |path: &str| self.written_at(path).is_none() && self.remembered(path).secret;
                let secret = target.sensitivity == Sensitivity::Secret && !self.only_written_here(&target)
                    || target.paths.base().is_some_and(remembered);
                let verb = if secret { Verb::ReadSecret } else { Verb::Read };
                let qualifiers = Qualifiers {
                    sweep: role == PathRole::Sweep,
                    measured: role == PathRole::Measure
                        && !secret
                        && super::measure::is_told(value, &target, self.facts),
                    ..Qualifiers::default()
                };
                self.emit(verb, Resource::Path(target), qualifiers, span, by);
            }
            PathRole::List => {
                let target = paths::target(value, &cwd, Use::Look, self.facts);
                self.emit(Verb::List, Resource::Path(target), Qualifiers::default(), span, by);
            }
            PathRole::Write
            | PathRole::Append
            | PathRole::Modify
            | PathRole::Create
            | PathRole::Into
            | PathRole::Extract => {
                for value in self.destinations(role, value, others.unwrap_or_default()) {
                    let role = if role == PathRole::Into && self.refuses_to_replace(&value, by) {
                        PathRole::Create
                    } else {
                        role
                    };
                    self.write(role, &value, span, by);
                    self.changed(&value);
                }
            }
            PathRole::Delete => self.path_effect(Verb::Delete, value, Use::Remove, span, by),
            PathRole::DeleteTree => self.path_effect(Verb::DeleteTree, value, Use::Remove, span, by),
            PathRole::Move => self.path_effect(Verb::Move, value, Use::Remove, span, by),
            PathRole::ChangeMode => self.path_effect(Verb::ChangeMode, value, Use::Change, span, by),
            PathRole::ChangeOwner => self.path_effect(Verb::ChangeOwner, value, Use::Change, span, by),
            PathRole::Link => self.path_effect(Verb::Link, value, Use::Change, span, by),
            PathRole::Mount => self.path_effect(Verb::Mount, value, Use::Change, span, by),
        }
    }

    /// An effect on a path, with what would run it later.
    pub(crate) fn path_effect(&mut self, verb: Verb, value: &Value, how: Use, span: Span, by: &str) {
        if matches!(verb, Verb::Delete | Verb::DeleteTree | Verb::Link | Verb::Move)
            && let Some(itself) = paths::link_itself(value, &self.state.cwd, how, self.facts)
        {
            let qualifiers = Qualifiers {
                runs_later: paths::target_runs_later(&itself, self.facts),
                ..Qualifiers::default()
            };
            self.emit(verb, Resource::Path(itself), qualifiers, span, by);
            if matches!(verb, Verb::Delete | Verb::Move) {
                // What the link leads to stays.
                return;
            }
        }
        let mut target = paths::target(value, &self.state.cwd.clone(), how, self.facts);
        let climbs = value
            .known()
            .is_some_and(|text| text.split('/').any(|name| name == ".."));
        if verb == Verb::DeleteTree && climbs && target.place == Place::Temp {
            // Scratch is deleted by its plain name.
            target.standing = Standing::Unknown;
        }
        let runs_later = if how == Use::Look {
            None
        } else {
            paths::target_runs_later(&target, self.facts)
        };
        let removes = how == Use::Remove && target.place != Place::Vital;
        let lost = if removes { self.narrow(&mut target, value) } else { None };
        let qualifiers = Qualifiers {
            runs_later,
            lost,
            ..Qualifiers::default()
        };
        self.emit(verb, Resource::Path(target), qualifiers, span, by);
    }

    /// Some paths are deleted one by one, never a directory as a whole.
    pub(crate) fn delete_some(&mut self, value: &Value, span: Span, by: &str) {
        let mut target = self.some_below(value);
        let lost = self.narrow(&mut target, value);
        let qualifiers = Qualifiers {
            lost,
            ..Qualifiers::default()
        };
        self.emit(Verb::Delete, Resource::Path(target), qualifiers, span, by);
    }

    /// Directories with nothing in them are deleted.
    pub(crate) fn delete_empty(&mut self, value: &Value, span: Span, by: &str) {
        let mut target = self.some_below(value);
        target.standing = Standing::Clean;
        self.emit(Verb::Delete, Resource::Path(target), Qualifiers::default(), span, by);
    }

    /// Some of the names in a directory go away, and it stays.
    fn move_some(&mut self, value: &Value, span: Span, by: &str) {
        let mut target = self.some_below(value);
        let lost = self.narrow(&mut target, value);
        let qualifiers = Qualifiers {
            runs_later: paths::target_runs_later(&target, self.facts),
            lost,
            ..Qualifiers::default()
        };
        self.emit(Verb::Move, Resource::Path(target), qualifiers, span, by);
    }

    fn some_below(&self, value: &Value) -> Target {
        let cwd = self.state.cwd.clone();
        match paths::paths(value, &cwd) {
            Paths::Below(dir) => paths::below(&dir, false, Use::Remove, self.facts),
            Paths::One(_) | Paths::Unknown => paths::target(&Value::hole(Bound::Any), &cwd, Use::Remove, self.facts),
        }
    }

    /// The command may print this path, or paths below it.
    fn printed(&self, value: &Value, applied: &mut Applied) {
        let one = paths::printed(value, &self.state.cwd);
        applied.paths = Some(match &applied.paths {
            Some(before) => paths::either(before, &one),
            None => one,
        });
    }

    /// Some paths below a directory stand as those do whose names look like this one; what of them would be lost.
    fn narrow(&self, target: &mut Target, value: &Value) -> Option<Lost> {
        let (Paths::Below(dir), Some(shape)) = (&target.paths, paths::shape(value)) else {
            return None;
        };
        // A name with a blank in it is two words to a shell, and a quote is none to `xargs`.
        let splits = |name: &str| {
            name.chars()
                .any(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'))
        };
        if self.has_name(&Bound::Below(dir.clone()), true, &splits) {
            return None;
        }
        let tree = self.facts.tree_of(dir, shape);
        target.standing = tree.worst;
        (tree.losing > 0).then_some(Lost {
            files: tree.losing,
            names: tree.lost,
        })
    }

    /// What was written there before is not what is there any more.
    fn changed(&mut self, value: &Value) {
        match paths::paths(value, &self.state.cwd) {
            Paths::One(path) => {
                let path = self.facts.resolve(&path);
                let unpacked = self.unpacked.last().is_some_and(|directory| *directory == path);
                for (written, what) in self.state.written.iter_mut() {
                    if *written == path || unpacked && paths::within(written, &path) {
                        what.changed();
                    }
                }
            }
            Paths::Below(directory) => {
                let shape = paths::shape(value);
                for (written, what) in self.state.written.iter_mut() {
                    let name = written.rsplit('/').next().unwrap_or(written);
                    if paths::within(written, &directory) && shape.is_none_or(|shape| shape.fits(name)) {
                        what.changed();
                    }
                }
            }
            Paths::Unknown => {}
        }
    }

    /// `mv` puts nothing in the place of a directory, unless that is empty.
    fn refuses_to_replace(&self, value: &Value, by: &str) -> bool {
        let cwd = &self.state.cwd;
        let target = paths::target(value, cwd, Use::Look, self.facts);
        let Paths::One(path) = &target.paths else { return false };
        matches!(by, "mv" | "gmv")
            && self.facts.kind(path) == FileKind::Directory
            && self.written_at(path).is_none()
            && paths::link_itself(value, cwd, Use::Look, self.facts).is_none()
    }

    pub(super) fn write(&mut self, role: PathRole, value: &Value, span: Span, by: &str) {
        let target = if role == PathRole::Extract {
            let cwd = self.state.cwd.clone();
            match paths::paths(value, &cwd) {
                Paths::One(dir) | Paths::Below(dir) => paths::below(&dir, true, Use::Change, self.facts),
                Paths::Unknown => paths::target(value, &cwd, Use::Change, self.facts),
            }
        } else {
            let target = paths::target(value, &self.state.cwd.clone(), Use::Change, self.facts);
            match &target.paths {
                // Nobody writes a directory: some files in it are meant.
                Paths::One(path) if role != PathRole::Create && self.facts.kind(path) == FileKind::Directory => {
                    paths::below(path, true, Use::Change, self.facts)
                }
                Paths::One(_) | Paths::Below(_) | Paths::Unknown => target,
            }
        };
        if role == PathRole::Extract {
            self.unpacked.push(target.paths.base().unwrap_or("/").to_owned());
        }
        let exists = match &target.paths {
            Paths::One(path) => self.facts.kind(path) != FileKind::Missing,
            Paths::Below(_) | Paths::Unknown => true,
        };
        let mut target = target;
        let mut lost = None;
        if let (PathRole::Write | PathRole::Into, Paths::Below(dir), Place::Project) =
            (role, &target.paths, target.place)
        {
            // Which of the files there are replaced is not known: the worst that lies there counts.
            target.standing = self.facts.tree(dir).worst;
            lost = self.narrow(&mut target, value);
        }
        let secret = target.sensitivity == Sensitivity::Secret;
        let verb = match role {
            _ if secret && exists => Verb::WriteSecret,
            PathRole::Create => Verb::Create,
            PathRole::Write | PathRole::Into if exists => Verb::Truncate,
            PathRole::Append | PathRole::Modify | PathRole::Extract if exists => Verb::Modify,
            PathRole::Write
            | PathRole::Into
            | PathRole::Append
            | PathRole::Modify
            | PathRole::Extract
            | PathRole::Read
            | PathRole::List
            | PathRole::Sweep
            | PathRole::Measure
            | PathRole::Delete
            | PathRole::DeleteTree
            | PathRole::Move
            | PathRole::ChangeMode
            | PathRole::ChangeOwner
            | PathRole::Link
            | PathRole::Mount => Verb::Create,
        };
        // A directory that is made is empty: what is put there is looked at when it is put there.
        let empty = role == PathRole::Create && by == "mkdir";
        let runs_later = paths::target_runs_later(&target, self.facts)
            .or_else(|| paths::spelt_runs_later(value, &self.state.cwd, self.facts))
            .filter(|_| !empty);
        let qualifiers = Qualifiers {
            runs_later,
            lost,
            ..Qualifiers::default()
        };
        self.emit(verb, Resource::Path(target), qualifiers, span, by);
    }

    /// The paths that a write really reaches: `into` a directory means names below it.
    pub(super) fn destinations(&self, role: PathRole, value: &Value, others: &[Arg]) -> Vec<Value> {
        if role != PathRole::Into || others.is_empty() {
            return vec![value.clone()];
        }
        let known = value.known();
        let is_directory = others.len() > 1
            || known.is_some_and(|text| {
                text.ends_with('/') || matches!(text, "." | "..") || text.ends_with("/.") || text.ends_with("/..")
            })
            || known.is_some() && {
                let target = paths::target(value, &self.state.cwd, Use::Look, self.facts);
                target.paths.base().is_some_and(|path| {
                    self.facts.kind(path) == FileKind::Directory
                        || self.state.written.get(path).is_some_and(|written| written.directory)
                        || path.ends_with("/.git/hooks")
                        || path == self.facts.home()
                })
            };
        if !is_directory {
            return vec![value.clone()];
        }
        others
            .iter()
            .map(|other| {
                let mut path = value.clone();
                path.push_text("/");
                match other.known() {
                    Some(text) => path.push_text(text.trim_end_matches('/').rsplit('/').next().unwrap_or(text)),
                    None => path.push(&last_name(&other.value)),
                }
                path
            })
            .collect()
    }

    pub(super) fn only_written_here(&self, target: &Target) -> bool {
        matches!(&target.paths, Paths::One(path) if self.state.written.get(path).is_some_and(|written| !written.data.taint.secret && written.data.text.is_some()))
    }

    /// The taint of what is read at a target, including what this text put there.
    pub(super) fn read_taint(&self, target: &Target) -> Taint {
        let base = target.paths.base();
        let mut own = self
            .state
            .written
            .iter()
            .filter(|(path, _)| base.is_some_and(|base| paths::within(path, base)))
            .fold(Taint::default(), |all, (_, written)| all.and(written.data.taint));
        let replaced = base.is_some_and(|path| self.written_at(path).is_some_and(|written| !written.directory));
        if !replaced && base.is_some_and(|path| self.is_in_a_download(path)) {
            own.fetched = true;
            own.foreign = true;
        }
        match &target.paths {
            Paths::One(path) if self.state.written.get(path).is_some_and(|written| !written.directory) => own,
            Paths::One(path) | Paths::Below(path) => taint_of(target).and(own).and(self.remembered(path)),
            Paths::Unknown => taint_of(target).and(own),
        }
    }
}

/// The last name of a path that is known in part: `a?.png` of `dir/a?.png`.
fn last_name(value: &Value) -> Value {
    let mut name: Vec<Piece> = Vec::new();
    for piece in value.pieces.iter().rev() {
        match piece {
            Piece::Text(text) => match text.rsplit_once('/') {
                Some((_, tail)) => {
                    name.push(Piece::Text(tail.to_owned()));
                    break;
                }
                None => name.push(piece.clone()),
            },
            Piece::Hole(Bound::Name | Bound::Word | Bound::Number | Bound::Pids(_)) => name.push(piece.clone()),
            // Some names and slashes, of which the last one counts.
            Piece::Hole(Bound::Any | Bound::Setup | Bound::Below(_) | Bound::Relative | Bound::Printed(_)) => {
                name.push(Piece::Hole(Bound::Name));
                break;
            }
        }
    }
    let mut out = Value::default();
    for piece in name.into_iter().rev() {
        match piece {
            Piece::Text(text) => out.push_text(&text),
            Piece::Hole(bound) => out.pieces.push(Piece::Hole(bound)),
        }
    }
    if out.pieces.is_empty() {
        out.pieces.push(Piece::Hole(Bound::Name));
    }
    out
}

/// The taint of what a file holds.
pub(super) fn taint_of(target: &Target) -> Taint {
    let secret = target.sensitivity == Sensitivity::Secret;
    let own = matches!(
        target.place,
        Place::Project | Place::Temp | Place::Toolchain | Place::Stream
    );
    Taint {
        secret,
        data: own && target.place != Place::Stream && target.place != Place::Toolchain,
        foreign: !own,
        ..Taint::default()
    }
}
