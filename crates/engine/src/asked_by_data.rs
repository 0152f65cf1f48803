//! Actions that a text asked for which the agent read and the probe doubts. Such an action is Undecided at best; nothing
//! here can relax. What is compared are effects and arguments, never the spelling of a command.

use placet_effects::Analysis;
use placet_model::{
    Action, Decision, Dialect, Effect, Facts, Match, Outcome, Paths, Resource, Source, Span, Suspicion, ToolInput,
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
        source: Source::FailClosed,
        rule: RULE.to_owned(),
        origin: String::new(),
        span,
        effect: "do what a text asked for that the agent read".to_owned(),
        reason: format!(
            "a text that the agent read earlier in this session ({}) asked for `{what}`, and you did not",
            suspicion.source
        ),
        instead: None,
        would_allow: None,
    }
}
