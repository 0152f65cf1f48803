//! The abstract interpreter: walks a shell tree as the shell would, with values that may be unknown, and collects effects.
//! It runs nothing, and where it can't tell it says so with an `Opaque` effect.

mod assignment;
mod builtins;
mod call;
mod condition;
mod control;
mod emit;
mod entries;
mod environment;
mod evaluate;
mod expand;
mod fill;
mod filters;
mod fitting;
mod follow;
mod http_store;
mod invoke;
mod later;
mod listed;
mod measure;
mod outcome;
mod parameter;
mod paths_of;
mod provenance;
mod redirect;
mod restart;
mod roles;
mod scripts;
mod staged;
mod state;
mod store;
mod strangers;
mod tasked;
mod telling;
mod words;

pub use call::{Call, Given, pattern};
pub use state::{State, Written};

use std::collections::BTreeSet;

use placet_model::{Facts, Span};

use crate::analysis::Analysis;
use crate::value::{Data, Taint, Value};

pub(crate) use fill::processes as named_processes;
pub(crate) use filters::first_of;
pub(crate) use parameter::names_credential;
pub(crate) use scripts::readable;
pub(crate) use store::HERE;
pub(crate) use strangers::REQUESTS;

/// How many steps one action may take before the rest is Opaque.
pub const STEPS: u32 = 20_000;
/// How deep scripts, functions and inline shells may nest.
pub const DEPTH: u8 = 12;

/// The state of one analysis.
pub struct Interpreter<'a> {
    pub(crate) facts: &'a dyn Facts,
    pub(crate) analysis: Analysis,
    pub(crate) state: State,
    /// What the current command reads.
    pub(crate) stdin: Data,
    /// What the current list of commands has written so far.
    pub(crate) stdout: Data,
    pub(crate) context: Context,
    /// What was set up in any shell of this action, and whether by its own text or by a file of the project.
    set_up: later::SetUp,
    /// Files that were followed into from other code.
    pub(crate) followed: BTreeSet<String>,
    steps: u32,
    /// Directories that an archive was unpacked into, so that they hold names nobody has seen.
    unpacked: Vec<String>,
    /// What was done with commits of somebody else.
    pub(crate) strangers: strangers::Strangers,
    /// The database client that is being read talks to a server on this machine.
    pub(crate) here: bool,
    /// Effects are not recorded: the first of two passes over a loop.
    quiet: bool,
    /// How many texts were run as code so far.
    texts: u32,
    /// Unquoted expansions stay one word, as in zsh.
    whole_words: bool,
}

/// Where in the analysis we are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    /// Inside a text that is not the action's own: every effect gets this span.
    pub span: Option<Span>,
    /// On another machine or in a container.
    pub elsewhere: bool,
    /// Not waited for.
    pub background: bool,
    /// In a branch, a loop, or behind `||`: it may not be reached.
    pub maybe: bool,
    /// Behind something that may fail, or set up for later: what starts there may not start.
    pub unsure: bool,
    /// Reached through another invocation.
    pub inner: bool,
    /// Nesting of scripts, functions and inline shells.
    pub depth: u8,
    /// Functions and scripts that are being run, to see endless recursion.
    pub running: Vec<String>,
    /// In a file that was in the project before.
    pub filed: bool,
    /// The file whose code runs, where imports of it are relative to.
    pub file: Option<String>,
    /// What led here, for the `by` of effects: `npm test`, `deploy.sh`.
    pub by: String,
    /// In a shell that knows POSIX alone, where some words of bash are others.
    pub posix: bool,
    /// In the second reading of a command, which has no further ones inside.
    pub second: bool,
    /// How the command that is next stands in a pipeline.
    pub piped: Piped,
}

/// The ends of a command that are in a pipeline. zsh keeps them beside redirections of the same command.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Piped {
    /// It reads what another one wrote.
    pub reads: bool,
    /// Another one reads what it writes.
    pub writes: bool,
}

impl<'a> Interpreter<'a> {
    /// An interpreter at the beginning of an action.
    #[must_use]
    pub fn new(facts: &'a dyn Facts) -> Self {
        Self {
            facts,
            analysis: Analysis::default(),
            state: State::new(facts.cwd()),
            stdin: Data::default(),
            stdout: Data::default(),
            context: Context::default(),
            set_up: later::SetUp::default(),
            followed: BTreeSet::new(),
            steps: 0,
            unpacked: Vec::new(),
            strangers: strangers::Strangers::default(),
            here: false,
            quiet: false,
            texts: 0,
            whole_words: false,
        }
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Analysis {
        let mut analysis = self.analysis;
        analysis.written = provenance::of_files(&self.state.written);
        analysis
    }

    /// Counts a step; false, with an `Opaque` effect the first time, when the budget is spent.
    pub(crate) fn step(&mut self, span: Span) -> bool {
        self.steps = self.steps.saturating_add(1);
        if self.steps == STEPS {
            self.quiet = false;
            self.opaque("the command is too long or loops too much to be followed", span);
        }
        self.steps < STEPS
    }

    /// Runs `inside` with a copy of the state that is thrown away after: a subshell.
    pub(crate) fn subshell<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let state = self.state.clone();
        let result = inside(self);
        let written = std::mem::take(&mut self.state.written);
        self.state = state;
        self.state.written = written; // files outlive the subshell
        result
    }

    /// Runs `inside` and returns what it wrote to standard output.
    pub(crate) fn capture(&mut self, inside: impl FnOnce(&mut Self)) -> Data {
        let outer = std::mem::take(&mut self.stdout);
        inside(self);
        std::mem::replace(&mut self.stdout, outer)
    }

    /// Runs `inside` with this standard input.
    pub(crate) fn with_stdin<T>(&mut self, stdin: Data, inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.stdin, stdin);
        let result = inside(self);
        self.stdin = outer;
        result
    }

    /// Runs `inside` in another context.
    pub(crate) fn within<T>(&mut self, change: impl FnOnce(&mut Context), inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.context.clone();
        change(&mut self.context);
        let result = inside(self);
        self.context = outer;
        result
    }

    /// Runs `inside` without recording effects.
    pub(crate) fn quietly(&mut self, inside: impl FnOnce(&mut Self)) {
        let was = std::mem::replace(&mut self.quiet, true);
        // What is followed without a sound is followed again when it counts.
        let followed = self.followed.clone();
        inside(self);
        self.followed = followed;
        self.quiet = was;
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The taint of what is read at a target.
    pub(crate) fn taint_of_target(&self, target: &placet_model::Target) -> Taint {
        self.read_taint(target)
    }
}

/// The host that a URL or address names.
#[must_use]
pub(crate) fn host_of(value: &Value) -> Option<String> {
    fill::host(value).0
}
