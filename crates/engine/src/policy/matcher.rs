//! How one-line rules match: deny and ask rules any effect or subcommand, allow rules one effect at a time, each of
//! which has to be covered.

use placet_effects::{Analysis, Invocation};
use placet_model::{
    Action, Dialect, Effect, Facts, Mode, Origin, Paths, Place, Resource, Sensitivity, Span, Target, ToolInput, Verb,
};
use placet_patterns::{Case, IgnoreFile, glob, stars};

use super::grammar::{Anchor, CommandPattern, PathPattern, Specifier, ToolRule};
use super::ignore;
use super::rule::Fit;
use crate::tiers::path_of;
use crate::{normalise, words};

/// What a rule was found to be about.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) fit: Fit,
    pub(crate) span: Span,
    pub(crate) effect: String,
}

impl ToolRule {
    /// Whether a deny or ask rule is about this action, or any part of it.
    pub(crate) fn hit(&self, action: &Action, analysis: &Analysis, facts: &dyn Facts) -> Option<Hit> {
        let whole = |fit: Fit| Hit {
            fit,
            span: Span::default(),
            effect: format!("use `{}`", words::short(&action.tool)),
        };
        match &self.specifier {
            Specifier::Any => tool_is(&self.tool, action).then(|| whole(Fit::Certain)),
            Specifier::Command(pattern) => {
                if shell_is(&self.tool, action) {
                    command_hit(pattern, analysis)
                } else {
                    None
                }
            }
            Specifier::Path(pattern) => self.path_hit(pattern, action, analysis, facts),
            Specifier::Domain(pattern) => analysis.effects.list.iter().find_map(|effect| {
                let Resource::Host(host) = &effect.resource else {
                    return None;
                };
                let fit = host
                    .as_ref()
                    .map_or(Fit::Possible, |host| Fit::of(domain_is(pattern, host)));
                (fit > Fit::No).then(|| on(effect, fit))
            }),
            Specifier::Parameter { name, value } => {
                if !tool_is(&self.tool, action) {
                    return None;
                }
                let fit = parameter(name, value, action);
                (fit > Fit::No).then(|| whole(fit))
            }
            Specifier::Name(pattern) => {
                if !tool_is(&self.tool, action) {
                    return None;
                }
                let fit = match &action.input {
                    ToolInput::Skill { name } => Fit::of(glob(pattern, name, Case::Sensitive)),
                    // Without a name the agent chooses one, which may be this.
                    ToolInput::Spawn { agent, .. } => agent
                        .as_ref()
                        .map_or(Fit::Possible, |agent| Fit::of(glob(pattern, agent, Case::Sensitive))),
                    ToolInput::Shell { .. }
                    | ToolInput::Read { .. }
                    | ToolInput::Write { .. }
                    | ToolInput::Edit { .. }
                    | ToolInput::Delete { .. }
                    | ToolInput::List { .. }
                    | ToolInput::Search { .. }
                    | ToolInput::Fetch { .. }
                    | ToolInput::WebSearch { .. }
                    | ToolInput::Other { .. }
                    | ToolInput::Internal => Fit::Certain,
                };
                (fit > Fit::No).then(|| whole(fit))
            }
        }
    }

    fn path_hit(&self, pattern: &PathPattern, action: &Action, analysis: &Analysis, facts: &dyn Facts) -> Option<Hit> {
        let by_effect = analysis.effects.list.iter().find_map(|effect| {
            let target = path_of(effect)?;
            if effect.qualifiers.elsewhere || !is_about(&self.tool, effect.verb) {
                return None;
            }
            let mut fit = path(pattern, target, facts);
            if fit != Fit::Certain
                && let Paths::Below(directory) = &target.paths
            {
                let below = ignore::find_below(directory, facts, |found, is_directory| {
                    line_matches(pattern, found, is_directory, facts)
                });
                fit = match below {
                    ignore::Below::Found(_) => Fit::Certain,
                    ignore::Below::Nothing => Fit::No,
                    ignore::Below::CanNotTell if effect.qualifiers.sweep => Fit::No,
                    ignore::Below::CanNotTell => fit,
                };
            }
            (fit > Fit::No).then(|| on(effect, fit))
        });
        by_effect.or_else(|| {
            // A link is named in the call, its target in the effect: either is enough for a deny.
            let named = named_path(action)?;
            let path = ignore::absolute(named, facts.cwd(), facts.home());
            (tool_is(&self.tool, action) && line_matches(pattern, &path, false, facts)).then(|| Hit {
                fit: Fit::Certain,
                span: Span::default(),
                effect: format!("use {}", words::short(&path)),
            })
        })
    }

    /// Whether an allow rule covers this effect of the action.
    pub(crate) fn covers(&self, effect: &Effect, action: &Action, analysis: &Analysis, facts: &dyn Facts) -> bool {
        match &self.specifier {
            Specifier::Any => tool_is(&self.tool, action) && whole_tool_covers(effect, action),
            Specifier::Command(pattern) => {
                shell_is(&self.tool, action)
                    && !(action.mode == Mode::Auto && pattern.names_nothing())
                    && command_covers(pattern, effect, analysis, facts)
            }
            Specifier::Path(pattern) => {
                let Some(target) = path_of(effect) else { return false };
                let plain = target.sensitivity == Sensitivity::Plain && effect.qualifiers.runs_later.is_none();
                !effect.qualifiers.elsewhere
                    && is_opened(&self.tool, effect.verb)
                    && (plain || !pattern.everything)
                    && path_covers(pattern, target, facts)
            }
            Specifier::Domain(pattern) => {
                effect.verb == Verb::Fetch
                    && matches!(&effect.resource, Resource::Host(Some(host)) if domain_is(pattern, host))
            }
            Specifier::Parameter { .. } => false,
            Specifier::Name(pattern) => match &action.input {
                ToolInput::Skill { name } => tool_is(&self.tool, action) && glob(pattern, name, Case::Sensitive),
                ToolInput::Spawn {
                    agent: Some(agent),
                    unchecked: false,
                    ..
                } => tool_is(&self.tool, action) && glob(pattern, agent, Case::Sensitive),
                ToolInput::Shell { .. }
                | ToolInput::Read { .. }
                | ToolInput::Write { .. }
                | ToolInput::Edit { .. }
                | ToolInput::Delete { .. }
                | ToolInput::List { .. }
                | ToolInput::Search { .. }
                | ToolInput::Fetch { .. }
                | ToolInput::WebSearch { .. }
                | ToolInput::Spawn { .. }
                | ToolInput::Other { .. }
                | ToolInput::Internal => false,
            },
        }
    }
}

fn on(effect: &Effect, fit: Fit) -> Hit {
    Hit {
        fit,
        span: effect.span,
        effect: words::effect(effect),
    }
}

/// Whether the pattern names the tool of this action: by the agent's own name, or by the name that rules use for its
/// kind.
pub(crate) fn tool_is(pattern: &str, action: &Action) -> bool {
    let usual: &[&str] = match &action.input {
        ToolInput::Shell {
            dialect: Dialect::Bash, ..
        } => &["Bash", "Shell"],
        ToolInput::Shell {
            dialect: Dialect::PowerShell,
            ..
        } => &["PowerShell", "Shell"],
        ToolInput::Read { .. } => &["Read"],
        ToolInput::Write { .. } => &["Write", "Edit"],
        ToolInput::Edit { .. } => &["Edit"],
        ToolInput::Delete { .. } => &["Delete", "Edit"],
        ToolInput::List { .. } => &["LS", "Glob"],
        ToolInput::Search { .. } => &["Grep"],
        ToolInput::Fetch { .. } => &["WebFetch"],
        ToolInput::WebSearch { .. } => &["WebSearch"],
        ToolInput::Spawn { .. } => &["Agent", "Task"],
        ToolInput::Skill { .. } => &["Skill"],
        ToolInput::Other { .. } | ToolInput::Internal => &[],
    };
    let one = |name: &str| glob(pattern, name, Case::Sensitive);
    names(pattern, &action.tool) || usual.iter().any(|name| one(name)) || one(normalise::kind(&action.input))
}

/// Whether the pattern names a tool of this name. `mcp__NAME` is about every tool of that server.
pub(crate) fn names(pattern: &str, tool: &str) -> bool {
    let below = tool.strip_prefix(pattern).is_some_and(|rest| rest.starts_with("__"));
    glob(pattern, tool, Case::Sensitive) || below && pattern.starts_with("mcp__")
}

fn shell_is(tool: &str, action: &Action) -> bool {
    matches!(action.input, ToolInput::Shell { .. }) && (tool_is(tool, action) || tool == "Bash")
}

/// Whether a path rule of this tool is about effects of this verb, for deny and ask. What must not be read must not be
/// changed, moved or copied either.
fn is_about(tool: &str, verb: Verb) -> bool {
    let changes = matches!(
        verb,
        Verb::Create
            | Verb::Modify
            | Verb::Truncate
            | Verb::Delete
            | Verb::DeleteTree
            | Verb::Move
            | Verb::ChangeMode
            | Verb::ChangeOwner
            | Verb::Link
            | Verb::WriteSecret
            | Verb::Persist
            | Verb::GlobalConfig
            | Verb::DiscardChanges
    );
    let reads = matches!(
        verb,
        Verb::Read | Verb::List | Verb::ReadSecret | Verb::PrintSecret | Verb::Send
    );
    match tool {
        "Edit" | "Write" | "MultiEdit" | "NotebookEdit" => changes,
        "Delete" => matches!(verb, Verb::Delete | Verb::DeleteTree | Verb::Move),
        _ => changes || reads,
    }
}

/// Whether an allow rule with a path opens effects of this verb. To edit is not to delete.
fn is_opened(tool: &str, verb: Verb) -> bool {
    match tool {
        "Read" | "NotebookRead" => matches!(verb, Verb::Read | Verb::List | Verb::ReadSecret | Verb::PrintSecret),
        "Glob" | "LS" | "Grep" => matches!(verb, Verb::Read | Verb::List),
        "Edit" | "Write" | "MultiEdit" | "NotebookEdit" => {
            matches!(
                verb,
                Verb::Create | Verb::Modify | Verb::Truncate | Verb::WriteSecret | Verb::Read | Verb::List
            )
        }
        "Delete" => verb == Verb::Delete,
        _ => false,
    }
}

/// What a rule that names nothing but the tool covers. For the shell that is nothing in auto mode; for file tools it
/// is plain files; for tools of servers everything but destruction.
fn whole_tool_covers(effect: &Effect, action: &Action) -> bool {
    let destroys = matches!(
        effect.verb,
        Verb::DbDestroy | Verb::InfraDestroy | Verb::DeleteTree | Verb::ElevatePrivilege
    );
    match &action.input {
        ToolInput::Shell { .. } => action.mode != Mode::Auto && !effect.by.is_empty() && !never_covered(effect),
        ToolInput::Read { .. }
        | ToolInput::Write { .. }
        | ToolInput::Edit { .. }
        | ToolInput::List { .. }
        | ToolInput::Search { .. } => {
            effect.qualifiers.runs_later.is_none()
                && path_of(effect).is_some_and(|target| target.sensitivity == Sensitivity::Plain)
        }
        ToolInput::Delete { .. } => false,
        ToolInput::Fetch { .. } | ToolInput::WebSearch { .. } => effect.verb == Verb::Fetch,
        ToolInput::Spawn { .. } => action.mode != Mode::Auto,
        ToolInput::Skill { .. } | ToolInput::Other { .. } | ToolInput::Internal => !destroys,
    }
}

/// Effects that no rule about commands covers: nobody can have named what can't be told.
fn never_covered(effect: &Effect) -> bool {
    let unknown_code = matches!(&effect.resource, Resource::Code(code)
        if matches!(code.origin, Origin::Downloaded | Origin::Undecodable | Origin::Dynamic));
    unknown_code || matches!(effect.verb, Verb::Opaque | Verb::ElevatePrivilege)
}

fn command_hit(pattern: &CommandPattern, analysis: &Analysis) -> Option<Hit> {
    let mut worst: Option<Hit> = None;
    for part in &pattern.parts {
        let hit = analysis
            .invocations
            .iter()
            .filter_map(|invocation| {
                let fit = invocation_fit(part, invocation, analysis);
                (fit > Fit::No).then_some((fit, invocation))
            })
            .max_by_key(|(fit, _)| *fit);
        let (fit, invocation) = hit?;
        let fit = worst.as_ref().map_or(fit, |before| before.fit.min(fit));
        let shown: Vec<&str> = invocation
            .words
            .iter()
            .map(|word| word.as_deref().unwrap_or("…"))
            .collect();
        worst = Some(Hit {
            fit,
            span: invocation.span,
            effect: format!("run `{}`", words::short(&shown.join(" "))),
        });
    }
    worst
}

/// How surely one part of a pattern is about one program that would be started.
fn invocation_fit(part: &str, invocation: &Invocation, analysis: &Analysis) -> Fit {
    let Some(Some(program)) = invocation.words.first() else {
        return Fit::Possible;
    };
    let file = program.rsplit('/').next().unwrap_or(program);
    let rest = invocation.words.get(1..).unwrap_or_default();
    let mut fit = words_fit(part, program, rest).max(words_fit(part, file, rest));
    for effect in &analysis.effects.list {
        if fit == Fit::Certain {
            break;
        }
        if effect.by.contains(' ') && within(effect.span, invocation.span) && effect.by.starts_with(file) {
            fit = fit.max(without_global_options(part, &effect.by, rest));
        }
    }
    fit
}

/// `git -C dir push origin` as `git push origin`, when an effect says that it is a `git push`.
fn without_global_options(part: &str, by: &str, rest: &[Option<String>]) -> Fit {
    let mut from = 0_usize;
    for name in by.split(' ').skip(1) {
        let Some(at) = rest.iter().skip(from).position(|word| word.as_deref() == Some(name)) else {
            return Fit::No;
        };
        from = from.saturating_add(at).saturating_add(1);
    }
    words_fit(part, by, rest.get(from..).unwrap_or_default())
}

fn words_fit(part: &str, program: &str, rest: &[Option<String>]) -> Fit {
    let mut known = program.to_owned();
    for word in rest {
        known.push(' ');
        match word {
            Some(word) => known.push_str(word),
            None if matches_command(part, &format!("{known}\u{fffc}")) => return Fit::Certain,
            None => {
                return if may_begin(part, &known) {
                    Fit::Possible
                } else {
                    Fit::No
                };
            }
        }
    }
    Fit::of(matches_command(part, &known))
}

/// `*` spans anything; ` *` at the end also stands for nothing at all.
fn matches_command(part: &str, command: &str) -> bool {
    stars(part, command) || part.strip_suffix(" *").is_some_and(|bare| stars(bare, command))
}

/// Whether some text that begins with `known` matches.
fn may_begin(pattern: &str, known: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut states = vec![false; pattern.len().saturating_add(1)];
    let reach = |states: &mut Vec<bool>| {
        for at in 0..pattern.len() {
            if states.get(at) == Some(&true)
                && pattern.get(at) == Some(&'*')
                && let Some(next) = states.get_mut(at.saturating_add(1))
            {
                *next = true;
            }
        }
    };
    if let Some(first) = states.first_mut() {
        *first = true;
    }
    reach(&mut states);
    for letter in known.chars() {
        let mut next = vec![false; states.len()];
        for (at, expected) in pattern.iter().enumerate() {
            if states.get(at) != Some(&true) {
                continue;
            }
            let to = if *expected == '*' {
                at
            } else if *expected == letter {
                at.saturating_add(1)
            } else {
                continue;
            };
            if let Some(state) = next.get_mut(to) {
                *state = true;
            }
        }
        reach(&mut next);
        states = next;
    }
    states.contains(&true)
}

/// An allow rule about commands covers what the named program does by itself, not what another program inside it does,
/// nor what it, or the shell around it, writes to places that a rule about commands can't name. Secrets and files that
/// run later are covered only by a rule without a wildcard.
fn command_covers(pattern: &CommandPattern, effect: &Effect, analysis: &Analysis, facts: &dyn Facts) -> bool {
    let [part] = pattern.parts.as_slice() else { return false };
    if effect.by.is_empty() || never_covered(effect) || !is_command_business(effect, !part.contains('*'), facts) {
        return false;
    }
    let around = || {
        analysis
            .invocations
            .iter()
            .filter(|invocation| within(effect.span, invocation.span))
    };
    let Some(smallest) = around().map(|invocation| length(invocation.span)).min() else {
        return false;
    };
    around()
        .filter(|invocation| length(invocation.span) == smallest)
        .any(|invocation| {
            let Some(Some(program)) = invocation.words.first() else {
                return false;
            };
            did_it(program, &effect.by)
                && words_fit(part, program, invocation.words.get(1..).unwrap_or_default()) == Fit::Certain
        })
}

/// Whether the effect is said to be done by this program, or by something that it ran itself.
fn did_it(program: &str, by: &str) -> bool {
    let unversioned = |name: &str| {
        name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
            .to_owned()
    };
    let file = unversioned(program.rsplit('/').next().unwrap_or(program));
    by.split(" › ")
        .any(|part| unversioned(part.split(' ').next().unwrap_or(part)) == file)
}

/// Whether a rule about commands can cover such an effect at all.
fn is_command_business(effect: &Effect, exact: bool, facts: &dyn Facts) -> bool {
    if effect.qualifiers.runs_later.is_some()
        || matches!(effect.verb, Verb::ReadSecret | Verb::PrintSecret | Verb::WriteSecret)
    {
        return exact;
    }
    let Some(target) = path_of(effect) else { return true };
    if target.sensitivity != Sensitivity::Plain {
        return exact;
    }
    let in_reach = match target.place {
        Place::Project | Place::Temp | Place::Stream => true,
        Place::Vital
        | Place::Toolchain
        | Place::Home
        | Place::System
        | Place::Device
        | Place::Outside
        | Place::Unknown => target.paths.base().is_some_and(|path| path == facts.project()),
    };
    effect.verb.only_reads() || in_reach
}

fn within(inner: Span, outer: Span) -> bool {
    inner.start >= outer.start && inner.end <= outer.end
}

fn length(span: Span) -> u32 {
    span.end.saturating_sub(span.start)
}

/// How surely a target is what the pattern names.
pub(crate) fn path(pattern: &PathPattern, target: &Target, facts: &dyn Facts) -> Fit {
    match &target.paths {
        Paths::One(path) => Fit::of(line_matches(pattern, path, true, facts)),
        Paths::Below(directory)
            if line_matches(pattern, directory, true, facts) || path_covers(pattern, target, facts) =>
        {
            Fit::Certain
        }
        Paths::Below(_) | Paths::Unknown => Fit::Possible,
    }
}

/// Whether everything that the target may be is what the pattern names.
pub(crate) fn path_covers(pattern: &PathPattern, target: &Target, facts: &dyn Facts) -> bool {
    match &target.paths {
        Paths::One(path) => line_matches(pattern, path, false, facts),
        // A name that no pattern is written for: only what takes any name takes this one.
        Paths::Below(directory) => line_matches(pattern, &format!("{directory}/\u{1}\u{2}"), false, facts),
        Paths::Unknown => false,
    }
}

fn line_matches(pattern: &PathPattern, path: &str, is_directory: bool, facts: &dyn Facts) -> bool {
    let base = match &pattern.anchor {
        Anchor::Root => "",
        Anchor::Home => facts.home(),
        Anchor::Source(Some(directory)) => directory,
        Anchor::Source(None) => facts.project(),
        Anchor::Cwd => facts.cwd(),
    };
    let matched = |lines: &IgnoreFile, base: &str| {
        ignore::below(path, base).is_some_and(|rest| lines.ignores(rest, is_directory, Case::Sensitive).is_some())
    };
    matched(&pattern.lines, base) || pattern.anywhere.as_ref().is_some_and(|lines| matched(lines, ""))
}

/// Whether the host is what the pattern names: letters' case and a final dot do not matter, a leading `*.` is any depth
/// but not the domain itself, any other `*` stays within one label.
pub(crate) fn domain_is(pattern: &str, host: &str) -> bool {
    let pattern = pattern.trim_end_matches('.').to_ascii_lowercase();
    let mut host = host.trim_end_matches('.').to_ascii_lowercase();
    if !pattern.contains(':')
        && host.matches(':').count() == 1
        && let Some((name, _)) = host.split_once(':')
    {
        host = name.trim_end_matches('.').to_owned();
    }
    if let Some(domain) = pattern.strip_prefix("*.")
        && !domain.contains('*')
    {
        return host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
    }
    let mut labels = host.split('.');
    let all = pattern
        .split('.')
        .all(|part| labels.next().is_some_and(|label| stars(part, label)));
    pattern == "*" || (all && labels.next().is_none())
}

/// How surely a parameter has this value. One that was not passed on to us may have any.
fn parameter(name: &str, value: &str, action: &Action) -> Fit {
    let flag = |given: bool| Fit::of(stars(value, if given { "true" } else { "false" }));
    match (&action.input, name) {
        (ToolInput::Shell { background, .. }, "run_in_background") => flag(*background),
        (ToolInput::Shell { unconfined, .. }, "dangerouslyDisableSandbox") => flag(*unconfined),
        (ToolInput::Other { arguments, .. }, _) => Fit::of(
            arguments
                .iter()
                .any(|argument| argument.name == name && stars(value, &argument.value)),
        ),
        _ => Fit::Possible,
    }
}

fn named_path(action: &Action) -> Option<&str> {
    match &action.input {
        ToolInput::Read { path }
        | ToolInput::Write { path, .. }
        | ToolInput::Edit { path, .. }
        | ToolInput::Delete { path } => Some(path),
        ToolInput::List { path, .. } | ToolInput::Search { path, .. } => path.as_deref(),
        ToolInput::Shell { .. }
        | ToolInput::Fetch { .. }
        | ToolInput::WebSearch { .. }
        | ToolInput::Spawn { .. }
        | ToolInput::Skill { .. }
        | ToolInput::Other { .. }
        | ToolInput::Internal => None,
    }
}
