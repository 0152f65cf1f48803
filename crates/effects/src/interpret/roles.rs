//! Applying a table to a call: which word gets which role, and what effect that is.

use placet_model::{Carries, Origin, Paths, Pin, Place, Qualifiers, Resource, RunsLater, Span, Understood, Verb};

use super::Interpreter;
use super::call::{Call, Given};
use super::condition::about_options;
use crate::catalogue::table::{At, Case, Command, DataRole, EffectSpec, Output, PathRole, Positional, Role};
use crate::paths::{self, Dir, Use};
use crate::value::{Arg, Bound, Taint, Value};

/// What gathers while a table is applied.
#[derive(Default)]
pub(super) struct Applied {
    /// What would leave with a send.
    pub(super) sent: Taint,
    /// Something is sent at all.
    pub(super) sends: bool,
    /// What was read.
    pub(super) read: Taint,
    /// Something was fetched.
    pub(super) fetched: bool,
    /// URLs that were named, with whether they are sent to in any case.
    pub(super) urls: Vec<(Value, Span, bool)>,
    /// Files that were written, by absolute path.
    pub(super) written: Vec<String>,
    /// Those of them that hold something else besides.
    pub(super) changed: Vec<String>,
    /// Directories in which something gets a name of its own.
    pub(super) below: Vec<String>,
    /// Names that downloads get from their addresses.
    pub(super) names: Vec<String>,
    /// Further names that files got, by absolute path.
    pub(super) linked: Vec<String>,
    /// Paths that name what comes out.
    pub(super) paths: Option<Bound>,
}

impl Interpreter<'_> {
    /// Adds the effects that the call's tables say.
    pub(crate) fn apply(&mut self, call: &Call<'_>) {
        let Some(command) = call.command() else { return };
        let outer = self.enter_directory(call);
        if let Some(always) = call.chain.first().and_then(|program| program.always) {
            always(self, call);
        }
        let mut applied = Applied {
            fetched: std::mem::take(&mut self.strangers.shown),
            ..Applied::default()
        };
        // What a parent says of its own options alone holds for its subcommands too.
        let cases: Vec<(&'static Case, Option<&'static Command>)> = command
            .cases
            .iter()
            .map(|case| (case, None))
            .chain(call.chain.iter().rev().skip(1).flat_map(|parent| {
                let about_options = parent.cases.iter().filter(|case| about_options(&case.when));
                about_options.map(|case| (case, Some(*parent)))
            }))
            .collect();
        let replacing = cases
            .iter()
            .find(|(case, owner)| case.replace && self.holds(&case.when, call, false, *owner))
            .map(|(case, _)| *case);
        for given in &call.options {
            let replaced = replacing.is_some() && given.opt.effects.is_empty() && given.opt.role == Role::Text;
            if !replaced {
                self.option(given, call, &mut applied);
            }
        }
        let (effects, positionals) = match replacing {
            Some(case) => (case.effects, case.positionals),
            None => (command.effects, command.positionals),
        };
        // A parent's own effects hold when no subcommand was given; its positionals likewise.
        self.specs(effects, None, call, &mut applied);
        self.operands(positionals, call, &mut applied);
        for (case, owner) in cases.iter().filter(|(case, _)| !case.replace) {
            if self.holds(&case.when, call, true, *owner) {
                self.specs(case.effects, None, call, &mut applied);
                self.operands(case.positionals, call, &mut applied);
            }
        }
        self.flows(call, command, &mut applied);
        self.remember(call, command, &applied);
        let marker = self.stdout.present;
        if let Some(special) = command.special {
            let before = std::mem::take(&mut self.stdout);
            special(self, call);
            let made = std::mem::replace(&mut self.stdout, before);
            if made.present {
                self.stdout.append(made);
                self.leave_directory(outer);
                return;
            }
        }
        let _ = marker;
        self.standard_input(call, command);
        let output = replacing
            .and_then(|case| case.output)
            .or_else(|| self.case_output(command.cases, call))
            .unwrap_or(command.output);
        let data = self.output_of(output, call, &applied);
        self.stdout.append(data);
        self.leave_directory(outer);
    }

    fn case_output(&self, cases: &[Case], call: &Call<'_>) -> Option<Output> {
        cases
            .iter()
            .filter(|case| !case.replace && case.output.is_some())
            .find(|case| self.holds(&case.when, call, false, None))
            .and_then(|case| case.output)
    }

    fn enter_directory(&mut self, call: &Call<'_>) -> Option<Dir> {
        let mut outer = None;
        for given in &call.options {
            if given.opt.role == Role::Directory
                && let Some(value) = &given.value
            {
                let inside = paths::directory(&value.value, &self.state.cwd, self.facts);
                if runs_project(call) {
                    self.foreign_code(&value.value, value.span, &call.name);
                }
                let before = std::mem::replace(&mut self.state.cwd, inside);
                outer.get_or_insert(before);
            }
        }
        outer
    }

    fn leave_directory(&mut self, outer: Option<Dir>) {
        if let Some(outer) = outer {
            self.state.cwd = outer;
        }
    }

    fn option(&mut self, given: &Given, call: &Call<'_>, applied: &mut Applied) {
        self.specs(given.opt.effects, given.value.as_ref(), call, applied);
        if let Some(value) = &given.value {
            if given.opt.role == Role::Path(PathRole::Into) {
                // `-t DIR`: every operand arrives there.
                let mut directory = value.clone();
                directory.value.push_text("/");
                self.role(given.opt.role, &directory, call, applied, &call.operands);
            } else {
                self.role(given.opt.role, value, call, applied, &[]);
            }
        }
    }

    fn operands(&mut self, positionals: &[Positional], call: &Call<'_>, applied: &mut Applied) {
        if positionals.is_empty() {
            return;
        }
        let count = call.operands.len();
        let mut claimed = vec![false; count];
        let mut order: Vec<&Positional> = positionals.iter().collect();
        order.sort_by_key(|positional| match positional.at {
            At::Index(index) => (0, index),
            At::Last => (1, 0),
            At::Rest => (2, 0),
        });
        for positional in order {
            match positional.at {
                At::Index(index) => self.claim(usize::from(index), positional, call, &mut claimed, applied),
                At::Last => {
                    let free = claimed.iter().filter(|taken| !**taken).count();
                    let unknown_count = call.operands.iter().any(|arg| arg.many);
                    if let Some(last) = claimed.iter().rposition(|taken| !*taken)
                        && (free > 1 || unknown_count)
                    {
                        self.claim(last, positional, call, &mut claimed, applied);
                    }
                }
                At::Rest if positional.role == Role::Shell => self.joined(positional, call, &mut claimed, applied),
                At::Rest => {
                    for index in 0..count {
                        if claimed.get(index) == Some(&false) {
                            self.claim(index, positional, call, &mut claimed, applied);
                        }
                    }
                }
            }
        }
    }

    /// `watch rm old.txt`: the words that are left are joined by blanks, and a shell reads that.
    fn joined(&mut self, positional: &Positional, call: &Call<'_>, claimed: &mut [bool], applied: &mut Applied) {
        let mut line = Value::default();
        let mut first: Option<Span> = None;
        for (operand, taken) in call
            .operands
            .iter()
            .zip(claimed.iter_mut())
            .filter(|(_, taken)| !**taken)
        {
            *taken = true;
            self.specs(positional.effects, Some(operand), call, applied);
            if first.is_some() {
                line.push_text(" ");
            }
            first.get_or_insert(operand.span);
            if operand.many {
                line.push(&Value::hole(Bound::Any).tainted(operand.value.taint));
            } else {
                line.push(&operand.value);
            }
        }
        if let Some(span) = first {
            let by = call.name.clone();
            self.within(|context| context.inner = true, |it| it.shell_text(&line, span, &by));
        }
    }

    fn claim(
        &mut self,
        index: usize,
        positional: &Positional,
        call: &Call<'_>,
        claimed: &mut [bool],
        applied: &mut Applied,
    ) {
        let Some(operand) = call.operands.get(index) else {
            return;
        };
        if let Some(taken) = claimed.get_mut(index) {
            if *taken {
                return;
            }
            *taken = true;
        }
        self.specs(positional.effects, Some(operand), call, applied);
        if matches!(positional.role, Role::Command | Role::CommandElsewhere) {
            let elsewhere = positional.role == Role::CommandElsewhere;
            // This word and all that follow are one command.
            for taken in claimed.iter_mut().skip(index) {
                *taken = true;
            }
            let args = call.operands.get(index..).unwrap_or_default().to_vec();
            let environment = call.environment.to_vec();
            if elsewhere {
                self.elsewhere(&args, call.span);
            } else {
                self.within(
                    |context| context.inner = true,
                    |it| it.invoke(&args, &environment, call.span),
                );
            }
            return;
        }
        let others: Vec<Arg> = call
            .operands
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != index)
            .map(|(_, arg)| arg.clone())
            .collect();
        self.role(positional.role, operand, call, applied, &others);
    }

    /// Runs a command in a container or on another machine: nothing that is known of files here holds there.
    fn elsewhere(&mut self, args: &[Arg], span: Span) {
        self.within(
            |context| {
                context.inner = true;
                context.elsewhere = true;
            },
            |it| {
                let written = it.state.written.clone();
                it.subshell(|it| {
                    it.state.cwd = Dir::Unknown;
                    it.state.written.clear();
                    it.invoke(args, &[], span);
                });
                it.state.written = written;
            },
        );
    }

    /// Gives a word its role.
    pub(super) fn role(&mut self, role: Role, arg: &Arg, call: &Call<'_>, applied: &mut Applied, others: &[Arg]) {
        let by = call.name.as_str();
        match role {
            Role::Text | Role::Directory => {}
            Role::Path(path_role) => self.path_role(path_role, arg, call, applied, others),
            Role::Url => applied.urls.push((arg.value.clone(), arg.span, false)),
            Role::SendTo => applied.urls.push((arg.value.clone(), arg.span, true)),
            Role::Data(kind) => self.data(kind, arg, by, applied),
            Role::Remote(into) => self.remote(into, arg, call, applied),
            Role::CommandElsewhere => {
                let mut args = vec![arg.clone()];
                args.extend(others.iter().cloned());
                self.elsewhere(&args, call.span);
            }
            Role::Command => {
                let mut args = vec![arg.clone()];
                args.extend(others.iter().cloned());
                self.within(|context| context.inner = true, |it| it.invoke(&args, &[], call.span));
            }
            Role::Shell => {
                let value = arg.value.clone();
                self.within(|context| context.inner = true, |it| it.shell_text(&value, arg.span, by));
            }
            Role::Program => self.program_value(&arg.value, arg.span, by),
            Role::Code(language) => self.language_code(language, &arg.value, arg.span, by),
            Role::Script(language) => self.script(language, &arg.value, others, arg.span, by),
            Role::Module(language) => self.module(language, arg, call),
            Role::Assignment => {
                if let Some((name, _)) = arg.value.prefix().split_once('=') {
                    let name = name.to_owned();
                    let value = arg.value.skip(name.len() + 1).unwrap_or_default();
                    self.environment_effect(&name, &value, arg.span);
                }
            }
            Role::CodeFrom => {
                self.touch(PathRole::Read, &arg.value, arg.span, by, None);
                self.named_code(&arg.value, arg.span, by);
            }
            Role::KeptAssignment => {
                let name = arg.value.prefix().split('=').next().unwrap_or_default();
                if super::names_credential(name) || crate::credential::is_in(arg.value.prefix()) {
                    self.print_secret("a credential among build arguments", arg.span, by);
                }
            }
            Role::Package(manager) => {
                let (name, pin) = super::fill::package(manager, &arg.value);
                let resource = Resource::Package {
                    manager: manager.to_owned(),
                    name,
                    pin,
                };
                self.emit(Verb::Install, resource, Qualifiers::default(), arg.span, by);
            }
            Role::GitConfig => crate::special::git_config::entry(self, &arg.value, arg.span, by),
        }
    }

    /// A file or directory that says what runs: outside the project nobody vouches for it.
    /// A file that says what runs: one of this session's making is judged by what it holds, if that can be told.
    pub(crate) fn named_code(&mut self, file: &Value, span: Span, by: &str) {
        let target = paths::target(file, &self.state.cwd, Use::Look, self.facts);
        let made = target.paths.base().is_some_and(|path| {
            self.written_at(path).is_some_and(|written| !written.directory) || self.facts.written_this_session(path)
        });
        let ending = file
            .known()
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, ending)| ending);
        match ending {
            Some("js" | "cjs" | "mjs" | "ts" | "cts" | "mts" | "py" | "rb" | "php") if made => {
                self.script("any", file, &[], span, by);
            }
            Some(_) | None if made => self.code(Origin::Session, Understood::Not, &file.shown(), span, by),
            Some(_) | None => self.foreign_code(file, span, by),
        }
    }

    pub(crate) fn foreign_code(&mut self, value: &Value, span: Span, by: &str) {
        let target = paths::target(value, &self.state.cwd, Use::Look, self.facts);
        let own = match target.place {
            Place::Project | Place::Toolchain | Place::Stream => true,
            Place::Vital => target.paths.base() == Some(self.facts.project()),
            Place::Temp | Place::Home | Place::System | Place::Device | Place::Outside | Place::Unknown => false,
        };
        let made = target
            .paths
            .base()
            .is_some_and(|path| self.written_at(path).is_some() || self.facts.written_this_session(path));
        if !own && !made {
            self.code(Origin::Outside, Understood::Partly, &value.shown(), span, by);
        }
    }

    fn data(&mut self, kind: DataRole, arg: &Arg, by: &str, applied: &mut Applied) {
        applied.sends = true;
        let file = match kind {
            DataRole::Raw => None,
            DataRole::File => Some(arg.value.clone()),
            DataRole::AtFile => {
                let prefix = arg.value.prefix();
                match prefix.find('@') {
                    Some(0) => arg.value.skip(1),
                    // `name=@file` and `name@file`, but not an address in a text.
                    Some(at)
                        if prefix
                            .get(..at)
                            .is_some_and(|head| head.ends_with('=') && !head.contains([' ', '{', '&'])) =>
                    {
                        arg.value.skip(at + 1)
                    }
                    Some(_) | None => None,
                }
            }
        };
        match file {
            Some(value) if value.known() == Some("-") => applied.sent = applied.sent.and(self.stdin.taint),
            Some(value) => {
                let value = match value.known().and_then(|text| text.split_once(';')) {
                    Some((path, _)) => Value::text(path),
                    None => value,
                };
                self.touch(PathRole::Read, &value, arg.span, by, None);
                let target = paths::target(&value, &self.state.cwd, Use::Look, self.facts);
                applied.sent = applied.sent.and(self.read_taint(&target));
            }
            None => applied.sent = applied.sent.and(arg.value.taint),
        }
    }

    /// `host:path` or a local path, as scp and rsync spell it.
    fn remote(&mut self, into: bool, arg: &Arg, call: &Call<'_>, applied: &mut Applied) {
        let prefix = arg.value.prefix();
        let host = match prefix.find(':') {
            Some(at) if prefix.get(..at).is_some_and(|host| !host.contains('/')) && !prefix.starts_with('[') => Some(
                prefix
                    .get(..at)
                    .unwrap_or_default()
                    .rsplit('@')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            ),
            _ if prefix.starts_with("rsync://") || prefix.starts_with("scp://") || prefix.starts_with("sftp://") => {
                super::fill::host(&arg.value).0
            }
            _ => None,
        };
        match (host, into) {
            (Some(host), true) => {
                applied.sends = true;
                applied.urls.push((Value::text(host), arg.span, true));
            }
            (Some(host), false) => applied.urls.push((Value::text(host), arg.span, false)),
            (None, true) => {
                let others: Vec<Arg> = call
                    .operands
                    .iter()
                    .filter(|other| other.span != arg.span || other.value != arg.value)
                    .cloned()
                    .collect();
                let stripped: Vec<Arg> = others
                    .iter()
                    .map(|other| match other.known().and_then(|text| text.split_once(':')) {
                        Some((_, path)) => Arg::text(path, other.span),
                        None => other.clone(),
                    })
                    .collect();
                // `rsync dir/ to`: what is in the directory arrives, not the directory.
                let content = |other: &Arg| {
                    other
                        .known()
                        .is_none_or(|text| text.ends_with('/') || text.ends_with("/."))
                };
                if stripped.iter().any(content) {
                    self.path_role(PathRole::Extract, arg, call, applied, &[]);
                }
                if !stripped.is_empty() && stripped.iter().all(content) {
                    return;
                }
                self.path_role(PathRole::Into, arg, call, applied, &stripped);
            }
            (None, false) => {
                self.path_role(PathRole::Sweep, arg, call, applied, &[]);
                applied.sent = applied.sent.and(applied.read);
            }
        }
    }

    fn specs(&mut self, specs: &[EffectSpec], value: Option<&Arg>, call: &Call<'_>, applied: &mut Applied) {
        for spec in specs {
            for filled in super::fill::fill(self, spec, value, call) {
                if spec.verb == Verb::Read && spec.resource == super::fill::LIST {
                    // A name in a list is read as it would be as an operand.
                    let role = if spec.flags.sweep {
                        PathRole::Sweep
                    } else {
                        PathRole::Read
                    };
                    let span = value.map_or(call.span, |value| value.span);
                    let arg = Arg {
                        value: filled,
                        span,
                        many: false,
                    };
                    self.path_role(role, &arg, call, applied, &[]);
                    continue;
                }
                self.spec(
                    spec,
                    &filled,
                    call,
                    applied,
                    value.map_or(call.span, |value| value.span),
                );
            }
        }
    }

    fn spec(&mut self, spec: &EffectSpec, text: &Value, call: &Call<'_>, applied: &mut Applied, span: Span) {
        let by = call.name.as_str();
        let Some(mut resource) = super::fill::resource(self, spec, text, call) else {
            return;
        };
        let staged = self.loses_what_is_staged(spec.verb, &mut resource, call);
        let mut qualifiers = Qualifiers {
            force: spec.flags.force,
            sweep: spec.flags.sweep,
            elsewhere: spec.flags.elsewhere,
            background: spec.flags.background,
            kept: spec.flags.kept,
            lost: self.lost_of_deleted(spec.verb, text, by).filter(|_| !staged),
            ..Qualifiers::default()
        };
        if matches!(spec.verb, Verb::Send | Verb::Publish | Verb::Message) {
            let taint = text.taint.and(applied.sent).and(applied.read).and(self.stdin.taint);
            qualifiers.carries = taint.carries();
            applied.sends = true;
        } else if spec.verb == Verb::Fetch {
            applied.fetched = true;
            if text.taint.secret {
                // The secret leaves inside the address.
                qualifiers.carries = Carries::Secret;
                self.emit(Verb::Send, resource.clone(), qualifiers.clone(), span, by);
            }
        }
        if spec.flags.secret {
            qualifiers.carries = Carries::Secret;
        } else if spec.flags.data {
            qualifiers.carries = qualifiers.carries.max(Carries::ProjectData);
        }
        if let Resource::Path(target) = &resource
            && !spec.verb.only_reads()
            && !spec.flags.inert
        {
            if let (Verb::Create, Paths::Below(directory)) = (spec.verb, &target.paths) {
                applied.below.push(directory.clone());
            }
            // A manifest that a program makes anew, and never over another, is the program's own template.
            let template = spec.verb == Verb::Create && matches!(target.paths, Paths::One(_));
            qualifiers.runs_later =
                paths::target_runs_later(target, self.facts).filter(|later| !template || *later != RunsLater::Manifest);
        }
        self.emit(spec.verb, resource, qualifiers, span, by);
    }
}

/// Whether the call runs what the directory it works in says.
fn runs_project(call: &Call<'_>) -> bool {
    let runs = |command: &Command| command.effects.iter().any(|effect| effect.verb == Verb::RunCode);
    call.command().is_some_and(runs)
}

/// How firmly a package is pinned when nothing else is said.
pub(super) const DEFAULT_PIN: Pin = Pin::Unpinned;
