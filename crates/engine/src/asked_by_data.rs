//! Actions that a text asked for which the agent read and the probe doubts. Such an action is Undecided at best; nothing
//! here can relax. What is compared are effects and arguments, never the spelling of a command.

use placet_effects::Analysis;
use placet_model::{
    Action, Decision, Dialect, Effect, Facts, Match, Outcome, Paths, Resource, Source, Span, Suspicion, TextKind,
    ToolInput,
};

use crate::verdict::Weighed;

/// The rule's id.
pub const RULE: &str = "asked-by-data";
/// Commands of suspicious texts that are looked into, newest first.
const COMMANDS: usize = 32;

/// Tightens what policy says, if the action is one that a suspicious text asked for and the user did not.
pub(crate) fn tighten(mut weighed: Weighed, action: &Action, analysis: &Analysis, facts: &dyn Facts) -> Weighed {
    let suspicions = facts.suspicions();
    if suspicions.is_empty() || weighed.outcome == Outcome::Decided(Decision::Deny) {
        return weighed;
    }
    let mut left = COMMANDS;
    let found = suspicions
        .iter()
        .rev()
        .find_map(|one| matching(one, action, analysis, facts, &mut left).map(|(span, what)| (one, span, what)));
    if let Some((suspicion, span, what)) = found {
        weighed.matches.insert(0, to_match(suspicion, span, &what));
        if weighed.outcome == Outcome::Decided(Decision::Allow) {
            weighed.outcome = Outcome::Undecided;
        }
    }
    weighed
}

/// What the action does that the text asked for, and where.
fn matching(
    suspicion: &Suspicion,
    action: &Action,
    analysis: &Analysis,
    facts: &dyn Facts,
    left: &mut usize,
) -> Option<(Span, String)> {
    let effects = &analysis.effects.list;
    let own = |thing: &str| facts.user_messages().iter().any(|message| message.contains(thing));
    let named = effects
        .iter()
        .filter(|effect| !effect.qualifiers.named_by_user)
        .find_map(|effect| named(suspicion, effect, facts).map(|what| (effect.span, what)));
    if let Some((span, what)) = named.filter(|(_, what)| !own(what)) {
        return Some((span, what));
    }
    if let ToolInput::Other { arguments, .. } = &action.input {
        let things = suspicion.addresses.iter().chain(&suspicion.hosts);
        let given = |thing: &&String| arguments.iter().any(|argument| argument.value.contains(thing.as_str()));
        if let Some(thing) = things.filter(|thing| !own(thing)).find(given) {
            return Some((Span::default(), thing.clone()));
        }
    }
    for command in suspicion.commands.iter().filter(|command| !own(command)) {
        *left = left.checked_sub(1)?;
        let asked = Action {
            input: ToolInput::Shell {
                command: command.clone(),
                dialect: Dialect::Bash,
                background: false,
                unconfined: false,
            },
            ..action.clone()
        };
        let asked = placet_effects::analyse(&asked, facts).effects.list;
        let same = |effect: &&Effect| {
            let wanted = matches!(&effect.resource, Resource::Host(Some(host)) if own(host));
            let consequential = !effect.verb.only_reads() && effect.resource != Resource::Unknown;
            consequential
                && !wanted
                && asked
                    .iter()
                    .any(|other| other.verb == effect.verb && other.resource == effect.resource)
        };
        if let Some(effect) = effects.iter().find(same) {
            return Some((effect.span, command.clone()));
        }
    }
    None
}

/// The host or path that both the text and the effect name. A path inside the project is named by many texts and counts
/// only as a secret.
fn named(suspicion: &Suspicion, effect: &Effect, facts: &dyn Facts) -> Option<String> {
    match &effect.resource {
        Resource::Host(Some(host)) => suspicion
            .hosts
            .iter()
            .find(|asked| asked.eq_ignore_ascii_case(host))
            .cloned(),
        Resource::Path(target) => {
            let (Paths::One(path) | Paths::Below(path)) = &target.paths else {
                return None;
            };
            let inside = path
                .strip_prefix(facts.project())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let is = |asked: &&String| absolute(asked, facts) == *path;
            let outside = suspicion.paths.iter().filter(|_| !inside);
            suspicion.secrets.iter().chain(outside).find(is).cloned()
        }
        Resource::Host(None)
        | Resource::Code(_)
        | Resource::Program(_)
        | Resource::Process(_)
        | Resource::Ref { .. }
        | Resource::Package { .. }
        | Resource::Container { .. }
        | Resource::Named(_)
        | Resource::Unknown => None,
    }
}

fn absolute(path: &str, facts: &dyn Facts) -> String {
    let full = match path.strip_prefix("~/") {
        Some(rest) => format!("{}/{rest}", facts.home()),
        None if path.starts_with('/') => path.to_owned(),
        None => format!("{}/{}", facts.cwd(), path.trim_start_matches("./")),
    };
    facts.resolve(&full)
}

fn to_match(suspicion: &Suspicion, span: Span, what: &str) -> Match {
    Match {
        outcome: Outcome::Undecided,
        source: Source::Finding,
        rule: RULE.to_owned(),
        origin: format!("{}: {}", suspicion.kind.name(), suspicion.source),
        span,
        effect: "do what a text asked for that the agent read".to_owned(),
        reason: format!(
            "{} {} asked for `{what}`, and you did not",
            text(suspicion),
            ago(suspicion.steps)
        ),
        instead: None,
        would_allow: None,
    }
}

/// The text in words. What others chose, an address or a name, is cut and quoted.
fn text(suspicion: &Suspicion) -> String {
    let source = suspicion.source.as_str();
    match suspicion.kind {
        TextKind::Page => {
            let host = source.split_once("://").map_or(source, |(_, rest)| rest);
            let host = host.split(['/', '?', '#']).next().unwrap_or_default();
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("a web page of `{}` read", cut(host))
        }
        TextKind::File => format!("the file `{}` read", cut(source)),
        TextKind::Command => format!("the output of the command `{}` run", cut(source)),
        TextKind::Server => format!("the answer of {}, called", cut(source)),
        TextKind::Search => "the results of a web search made".to_owned(),
        TextKind::Agent => "what a sub-agent said".to_owned(),
        TextKind::Tool => format!("the answer of {}, called", cut(source)),
    }
}

fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(80)).unwrap_or_default()
}

/// How many calls of the session ago, the text's own call included.
fn ago(since: u32) -> String {
    const WORDS: &[&str] = &[
        "one step",
        "two steps",
        "three steps",
        "four steps",
        "five steps",
        "six steps",
        "seven steps",
        "eight steps",
        "nine steps",
        "ten steps",
    ];
    let word = usize::try_from(since).ok().and_then(|since| WORDS.get(since));
    word.map_or_else(
        || format!("{} steps ago", since.saturating_add(1)),
        |word| format!("{word} ago"),
    )
}
