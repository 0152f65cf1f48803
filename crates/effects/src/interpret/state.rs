//! What the shell remembers between commands: directory, variables, functions, files it wrote. No effects.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::paths::Dir;
use crate::syntax::tree::Command;
use crate::value::{Bound, Data, Value};

/// The shell's memory. A subshell works on a copy.
#[derive(Clone, Debug)]
pub struct State {
    /// The working directory.
    pub cwd: Dir,
    /// The one before, for `cd -`.
    pub previous: Dir,
    /// Variables set by the text itself.
    pub variables: Shared<BTreeMap<String, Variable>>,
    /// Functions defined by the text itself.
    pub functions: Shared<BTreeMap<String, Rc<Command>>>,
    /// `$1`, `$2` …; `None` when unknown.
    pub positional: Option<Vec<Value>>,
    /// `$0`.
    pub zero: Value,
    /// Files that the text itself wrote, by absolute path.
    pub written: Shared<BTreeMap<String, Written>>,
    /// Those of them that were not written on every way here.
    pub perhaps: Shared<BTreeSet<String>>,
    /// Aliases were changed: a name may stand for something else.
    pub aliases: Shared<BTreeMap<String, Value>>,
    /// Variables that are computed when they are assigned.
    pub integers: Shared<BTreeSet<String>>,
    /// `set -a`: every variable is exported.
    pub exports_all: bool,
    /// `exec`, `exit`, `return`, `break` … was reached on every way here.
    pub diverted: bool,
}

/// What copies of a shell's memory have in common until one of them changes it. Every part of a pipeline is a subshell, and
/// few of them change anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared<T>(Rc<T>);

impl<T: Clone> Shared<T> {
    /// What it holds, for oneself; `None` if it is the very one that `other` holds.
    fn unless_in(self, other: &Self) -> Option<T> {
        (!Rc::ptr_eq(&self.0, &other.0)).then(|| Rc::unwrap_or_clone(self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Rc::make_mut(&mut self.0)
    }
}

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its value; for an array its first element.
    pub value: Value,
    /// The elements, if it is an array.
    pub array: Option<Vec<Value>>,
    /// Programs see it.
    pub exported: bool,
}

/// A file that the text wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What was written, as far as it is known.
    pub data: Data,
    /// It is a directory.
    pub directory: bool,
    /// A build tool made it from the project's code.
    pub built: bool,
}

impl Written {
    /// What it holds can't be told any more.
    pub fn changed(&mut self) {
        self.data = Data::unknown(self.data.taint);
        self.built = false;
    }

    /// What is known after it was written on two ways.
    fn join(&mut self, other: Self) {
        if self.data != other.data {
            self.data = Data::unknown(self.data.taint.and(other.data.taint));
        }
        self.directory |= other.directory;
        self.built &= other.built;
    }
}

impl State {
    /// A fresh shell in a directory.
    #[must_use]
    pub fn new(cwd: &str) -> Self {
        Self {
            cwd: Dir::At(cwd.to_owned()),
            previous: Dir::Unknown,
            variables: Shared::default(),
            functions: Shared::default(),
            positional: None,
            zero: Value::text("bash"),
            written: Shared::default(),
            perhaps: Shared::default(),
            aliases: Shared::default(),
            integers: Shared::default(),
            exports_all: false,
            diverted: false,
        }
    }

    /// Sets a variable, keeping whether it is exported.
    pub fn set(&mut self, name: &str, value: Value) {
        let exported = self.variables.get(name).is_some_and(|old| old.exported);
        self.variables.insert(
            name.to_owned(),
            Variable {
                value,
                array: None,
                exported,
            },
        );
    }

    /// What is known of files if, on another way here, these were written.
    pub fn perhaps_not(&mut self, others: Shared<BTreeMap<String, Written>>) {
        let Some(others) = others.unless_in(&self.written) else {
            return;
        };
        let here = self.written.keys().filter(|path| !others.contains_key(*path));
        self.perhaps.extend(here.cloned());
        for (path, theirs) in others {
            match self.written.get_mut(&path) {
                Some(ours) => ours.join(theirs),
                None => {
                    self.perhaps.insert(path.clone());
                    self.written.insert(path, theirs);
                }
            }
        }
    }

    /// What is known after either of two ways was taken.
    pub fn join(&mut self, other: Self) {
        if other.diverted {
            return;
        }
        if self.diverted {
            *self = other;
            return;
        }
        if self.cwd != other.cwd {
            self.cwd = match (&self.cwd, &other.cwd) {
                (Dir::At(a) | Dir::Below(a), Dir::At(b) | Dir::Below(b)) if crate::paths::within(b, a) => {
                    Dir::Below(a.clone())
                }
                (Dir::At(a) | Dir::Below(a), Dir::At(b) | Dir::Below(b)) if crate::paths::within(a, b) => {
                    Dir::Below(b.clone())
                }
                _ => Dir::Unknown,
            };
        }
        if self.previous != other.previous {
            self.previous = Dir::Unknown;
        }
        for (name, theirs) in other.variables.unless_in(&self.variables).into_iter().flatten() {
            match self.variables.get_mut(&name) {
                Some(ours) if *ours == theirs => {}
                Some(ours) => {
                    let value = std::mem::take(&mut ours.value);
                    ours.value = value.join(&theirs.value);
                    if ours.array != theirs.array {
                        ours.array = None;
                        ours.value = Value::hole(Bound::Any).tainted(ours.value.taint);
                    }
                    ours.exported |= theirs.exported;
                }
                None => {
                    // Unset on one way: what the environment has then, or nothing.
                    let value = theirs.value.join(&Value::default());
                    self.variables.insert(name, Variable { value, ..theirs });
                }
            }
        }
        if let Some(theirs) = other.functions.unless_in(&self.functions) {
            self.functions.extend(theirs);
        }
        if let Some(theirs) = other.aliases.unless_in(&self.aliases) {
            self.aliases.extend(theirs);
        }
        if let Some(theirs) = other.integers.unless_in(&self.integers) {
            self.integers.extend(theirs);
        }
        self.exports_all |= other.exports_all;
        if let Some(theirs) = other.perhaps.unless_in(&self.perhaps) {
            self.perhaps.extend(theirs);
        }
        self.perhaps_not(other.written);
        if self.positional != other.positional {
            self.positional = None;
        }
    }
}
