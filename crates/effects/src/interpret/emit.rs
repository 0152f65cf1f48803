//! Recording effects: the one place where they get their span, their context and their dimensions.

use placet_model::{
    Effect, FileKind, Lost, Origin, Ownership, Paths, Place, ProcessSet, Qualifiers, Resource, Span, Standing, Target,
    Understood, Verb,
};

use super::Interpreter;
use crate::value::{Bound, Piece, Value};
use crate::{dimensions, paths};

impl Interpreter<'_> {
    /// Records an effect.
    pub(crate) fn emit(&mut self, verb: Verb, resource: Resource, mut qualifiers: Qualifiers, span: Span, by: &str) {
        if self.is_quiet() {
            return;
        }
        if let Resource::Path(target) = &resource
            && target.place == Place::Stream
        {
            return;
        }
        let mut resource = self.behind_links(verb, resource);
        qualifiers.elsewhere |= self.context.elsewhere;
        qualifiers.background |= self.context.background;
        if by == "git clean" {
            self.spare_history(&mut resource);
        }
        if qualifiers.lost.is_none() {
            qualifiers.lost = self.lost(verb, &resource, &qualifiers, by);
        }
        if let Resource::Process(set) = &resource
            && verb == Verb::Signal
            && *set != ProcessSet::OwnChild
            && !qualifiers.elsewhere
        {
            // What is left to repeat it goes on when other processes run than now.
            let lasts = qualifiers.background && self.context.maybe;
            qualifiers.processes = Some(if lasts {
                Ownership::Unknown
            } else {
                self.facts.processes(set)
            });
        }
        if let Resource::Code(code) = &mut resource
            && matches!(code.origin, Origin::Project | Origin::Toolchain)
            && (self.works_in_a_download() || self.names_a_download() || self.took_in_a_download())
        {
            // A tool of the machine obeys what lies where it works.
            code.origin = Origin::Downloaded;
            code.understood = Understood::Not;
        }
        if let Resource::Code(code) = &resource
            && verb == Verb::RunCode
        {
            self.restarts(code);
        }
        let mut loads = None;
        if let Resource::Code(code) = &resource
            && verb == Verb::RunCode
            && matches!(code.origin, Origin::Toolchain | Origin::Project)
        {
            loads = Some([by.to_owned(), code.name.clone()]);
        }
        let hooks = matches!(
            verb,
            Verb::Commit | Verb::Push | Verb::DiscardChanges | Verb::RewriteHistory
        ) && by.starts_with("git");
        let hooks = hooks.then(|| by.to_owned());
        let by = match (self.context.by.is_empty(), by.is_empty()) {
            (true, _) => by.to_owned(),
            (false, true) => self.context.by.clone(),
            (false, false) => format!("{} › {by}", self.context.by),
        };
        let dimensions = dimensions::of(verb, &resource, &qualifiers);
        let span = self.context.span.unwrap_or(span);
        self.analysis.effects.add(Effect {
            verb,
            resource,
            qualifiers,
            dimensions,
            span,
            by,
        });
        if let Some([by, name]) = loads {
            self.loaded_by([&by, &name], span);
        }
        if let Some(by) = hooks {
            self.git_hooks(&by, span);
        }
    }

    /// `git clean` leaves the repository's own directory alone: where nothing else would be lost, nothing is.
    fn spare_history(&self, resource: &mut Resource) {
        if let Resource::Path(target) = resource
            && let Paths::Below(base) = &target.paths
            && target.standing == Standing::Untracked
        {
            let tree = self.facts.tree(base);
            if tree.worst == Standing::Untracked && tree.losing == 1 && tree.lost == [".git"] {
                target.standing = Standing::Clean;
            }
        }
    }

    /// What would be lost for good, counted where that can be done.
    fn lost(&self, verb: Verb, resource: &Resource, qualifiers: &Qualifiers, by: &str) -> Option<Lost> {
        let Resource::Path(target) = resource else { return None };
        if qualifiers.elsewhere {
            return None;
        }
        let base = target.paths.base()?;
        if verb == Verb::DiscardChanges {
            return self.discarded(target, base, qualifiers, by);
        }
        let takes = matches!(verb, Verb::Delete | Verb::DeleteTree | Verb::Truncate);
        let loses = matches!(
            target.standing,
            Standing::Dirty | Standing::Untracked | Standing::Unknown
        );
        if !takes || !loses || matches!(target.place, Place::Vital | Place::Device) {
            return None;
        }
        let tree = self.facts.tree(base);
        (tree.losing > 0).then_some(Lost {
            files: tree.losing,
            names: tree.lost,
        })
    }

    /// What discarding changes would lose. Counted only if nothing before it in the same text could make new changes:
    /// what is counted now need not be what is there then.
    fn discarded(&self, target: &Target, base: &str, qualifiers: &Qualifiers, by: &str) -> Option<Lost> {
        if !self.is_untouched(by) || qualifiers.force || self.context.background {
            return None;
        }
        match &target.paths {
            // A pathspec with a meaning of its own is no path.
            Paths::One(path) if path.contains(['*', '?', '[', ':']) => None,
            Paths::One(_) => {
                let lost = self.facts.uncommitted(base)?;
                let own = matches!(target.standing, Standing::Clean | Standing::Missing);
                (lost.files > 0 || own || self.facts.kind(base) == FileKind::Directory).then_some(lost)
            }
            Paths::Below(_) => {
                let root = self.facts.repository(base)?.root;
                self.facts.uncommitted(&root)
            }
            Paths::Unknown => None,
        }
    }

    /// Whether nothing before in the same text could make new changes.
    fn is_untouched(&self, by: &str) -> bool {
        self.analysis.effects.list.iter().all(|earlier| {
            earlier.verb.only_reads() || matches!(earlier.verb, Verb::Commit | Verb::DiscardChanges) && earlier.by == by
        })
    }

    /// What restoring these files loses, where they were listed since they are gone: nothing.
    pub(super) fn lost_of_deleted(&self, verb: Verb, value: &Value, by: &str) -> Option<Lost> {
        let [Piece::Hole(Bound::Printed(printed))] = value.pieces.as_slice() else {
            return None;
        };
        let restores = verb == Verb::DiscardChanges && printed.deleted && printed.from == self.state.cwd;
        (restores && self.is_untouched(by) && !self.context.background).then(|| Lost {
            files: 0,
            names: Vec::new(),
        })
    }

    /// A path that leads through a link which this very action makes could be anything: no look at the disk tells.
    fn behind_links(&self, verb: Verb, resource: Resource) -> Resource {
        let Resource::Path(mut target) = resource else {
            return resource;
        };
        let Paths::One(path) = &target.paths else {
            return Resource::Path(target);
        };
        if verb == Verb::Link {
            return Resource::Path(target);
        }
        let made = || {
            let effects = self.analysis.effects.list.iter();
            effects.filter(|effect| effect.verb == Verb::Link).filter_map(|effect| {
                if let Resource::Path(link) = &effect.resource {
                    link.paths.base()
                } else {
                    None
                }
            })
        };
        let removes = matches!(verb, Verb::Delete | Verb::DeleteTree | Verb::Move);
        let through = made().any(|link| paths::within(path, link));
        // A link that was moved since may stand at any name but those around where it was made.
        let perhaps = verb == Verb::DeleteTree
            && target.place == Place::Temp
            && made().any(|link| link == path || !paths::within(link, path));
        if through || perhaps {
            target.standing = Standing::Unknown;
            if !removes {
                target.place = Place::Outside;
            }
        }
        Resource::Path(target)
    }

    /// Records that something can't be told.
    pub(crate) fn opaque(&mut self, why: &str, span: Span) {
        let qualifiers = Qualifiers {
            note: Some(why.to_owned()),
            ..Qualifiers::default()
        };
        self.emit(Verb::Opaque, Resource::Unknown, qualifiers, span, "");
    }
}
