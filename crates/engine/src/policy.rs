//! Policy: what people wrote down, as one value, and what it says of an action. Hard limits are not policy.
//!
//! `text.rs` is what comes in, `layers.rs` how texts become one policy, `matcher.rs` and `effect_rule.rs` how rules match.

mod effect_rule;
mod grammar;
pub(crate) mod hosts;
pub(crate) mod ignore;
mod json;
mod judge;
mod keys;
mod layers;
mod lint;
mod matcher;
mod plain;
mod rule;
mod schema;
mod settings;
mod text;
mod tree;
mod trial;
mod trust;
pub(crate) mod would_allow;

use placet_effects::Analysis;
use placet_model::{Action, Decision, Effect, Facts, Match, Mode, Outcome, Source, Span, Verb};

pub use judge::JudgeSettings;
pub use lint::{lint, show};
pub use rule::{Example, ExampleCall, Rule};
pub use schema::schema;
pub use settings::Settings;
pub use text::{Diagnostic, Format, IgnoreText, PolicyText, Position, Scope, Severity};
pub use trial::{Trial, trials};
pub use trust::loosens;

use crate::asked::Asked;
use crate::tiers::Surroundings;
use crate::verdict::Weighed;
use crate::{combine, modes};
use ignore::Ignored;
use matcher::Hit;
use rule::{Fit, Pattern};

/// Everything that people wrote down, merged.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub(crate) rules: Vec<Rule>,
    pub(crate) states: Vec<ToolState>,
    pub(crate) ignored: Vec<Ignored>,
    /// See [`Policy::with_sparing_search`].
    pub(crate) sparing: bool,
    pub(crate) settings: Settings,
    pub(crate) findings: Vec<Diagnostic>,
}

/// What a policy says of a tool or kind of action as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not asked again.
    Allow,
    /// Judged by its effects.
    Auto,
    /// A person decides.
    Ask,
    /// No.
    Deny,
}

#[derive(Clone, Debug)]
pub(crate) struct ToolState {
    pub(crate) tool: String,
    pub(crate) state: State,
    pub(crate) at: Position,
    pub(crate) scope: Scope,
}

impl Policy {
    /// Merges policy texts and ignore files. Never fails: what can't be read tightens, and is told by [`Self::findings`].
    #[must_use]
    pub fn load(texts: &[PolicyText], ignores: &[IgnoreText]) -> Self {
        let mut policy = Self {
            ignored: ignores.iter().map(Ignored::read).collect(),
            ..Self::default()
        };
        let mut ordered: Vec<&PolicyText> = texts.iter().collect();
        ordered.sort_by_key(|text| text.scope);
        for text in ordered {
            layers::add(&mut policy, text);
        }
        policy
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The rules that count, lowest scope first.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule by which every call of this tool of an MCP server is denied, whatever its arguments are, as it is written and
    /// where. `mcp__NAME__` asks about the server as a whole. For an agent that leaves such tools out; the answer to a call
    /// does not depend on it.
    #[must_use]
    pub fn closes(&self, tool: &str) -> Option<String> {
        let rules = self.rules.iter().filter_map(|rule| match &rule.pattern {
            Pattern::Tool(pattern) if rule.decision == Decision::Deny => {
                let whole = matches!(pattern.specifier, grammar::Specifier::Any) && matcher::names(&pattern.tool, tool);
                whole.then(|| format!("`{}` ({})", rule.text, rule.at))
            }
            Pattern::Tool(_) | Pattern::Effect(_) => None,
        });
        let states = self.states.iter().filter_map(|state| {
            let denied = state.state == State::Deny && (state.tool == "mcp" || matcher::names(&state.tool, tool));
            denied.then(|| format!("`{} = deny` ({})", state.tool, state.at))
        });
        rules.chain(states).next()
    }

    /// For a program whose own search leaves out what [`Self::ignores`] says, by asking it about every path that it comes to:
    /// its searches take in no ignored path that lies below the one they name. Of other agents' searches, and of what a
    /// shell runs, that is not known.
    #[must_use]
    pub fn with_sparing_search(mut self) -> Self {
        self.sparing = true;
        self
    }

    /// Whether an ignore file keeps this path from agents. The path is absolute, without links.
    #[must_use]
    pub fn ignores(&self, path: &str, is_directory: bool, project: &str) -> bool {
        self.ignored
            .iter()
            .any(|file| file.line(path, is_directory, project).is_some())
    }

    /// What is wrong, or worth knowing.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }
}

/// What rules, states, mode and tier say of an action: every match, and their outcome.
pub(crate) fn weigh(action: &Action, analysis: &Analysis, policy: &Policy, asked: &Asked<'_>) -> Weighed {
    let facts = asked.facts();
    let mut matches: Vec<Match> = Vec::new();
    for rule in policy.rules.iter().filter(|rule| rule.decision != Decision::Allow) {
        matches.extend(rule_matches(rule, action, analysis, facts));
    }
    matches.extend(policy.states.iter().filter_map(|state| state_matches(state, action)));
    let open = policy
        .states
        .iter()
        .find(|state| state.state == State::Allow && matcher::tool_is(&state.tool, action));
    let around = Surroundings::new(&analysis.effects, policy, facts);
    for effect in &analysis.effects.list {
        let may_cover = action.mode != Mode::Plan || effect.verb.only_reads() || effect.verb == Verb::Fetch;
        let covered = may_cover.then(|| match open {
            Some(state) => Some(allowed(&format!("tools.{}", state.tool), &state.at, effect)),
            None => covering(policy, effect, action, analysis, facts).map(|rule| allowed(&rule.id, &rule.at, effect)),
        });
        matches.push(covered.flatten().unwrap_or_else(|| {
            let found = modes::of_effect(effect, action, around);
            if found.outcome == Outcome::Decided(Decision::Allow) {
                return found;
            }
            asked.allows(effect).unwrap_or(found)
        }));
        matches.extend(asked.forbids(effect));
    }
    if analysis.effects.list.is_empty() {
        matches.push(modes::of_nothing(action));
    }
    combine::strictest_first(&mut matches);
    Weighed {
        outcome: combine::strictest(&matches),
        matches,
    }
}

fn covering<'a>(
    policy: &'a Policy,
    effect: &Effect,
    action: &Action,
    analysis: &Analysis,
    facts: &dyn Facts,
) -> Option<&'a Rule> {
    policy
        .rules
        .iter()
        .filter(|rule| rule.decision == Decision::Allow)
        .find(|rule| match &rule.pattern {
            Pattern::Tool(pattern) => pattern.covers(effect, action, analysis, facts),
            Pattern::Effect(pattern) => pattern.covers(effect, action, facts),
        })
}

fn allowed(id: &str, at: &Position, effect: &Effect) -> Match {
    Match {
        outcome: Outcome::Decided(Decision::Allow),
        source: Source::Rule,
        rule: id.to_owned(),
        origin: at.to_string(),
        span: effect.span,
        effect: crate::words::effect(effect),
        reason: "a rule of the policy allows it".to_owned(),
        instead: None,
        would_allow: None,
    }
}

/// The match of a deny or ask rule. Where it can't be told whether the rule is about this, a person has to look.
fn rule_matches(rule: &Rule, action: &Action, analysis: &Analysis, facts: &dyn Facts) -> Option<Match> {
    let hit = match &rule.pattern {
        Pattern::Tool(pattern) => pattern.hit(action, analysis, facts),
        Pattern::Effect(pattern) => analysis
            .effects
            .list
            .iter()
            .map(|effect| (pattern.fits(effect, action, facts), effect))
            .filter(|(fit, _)| *fit > Fit::No)
            .max_by_key(|(fit, _)| *fit)
            .map(|(fit, effect)| Hit {
                fit,
                span: effect.span,
                effect: crate::words::effect(effect),
            }),
    }?;
    let (decision, reason) = match hit.fit {
        Fit::No => return None,
        Fit::Possible => (
            Decision::Ask,
            format!("it can't be told whether `{}` ({}) is about this", rule.text, rule.at),
        ),
        Fit::Certain => {
            let said = rule
                .why
                .clone()
                .unwrap_or_else(|| format!("the policy says `{}`", rule.text));
            (rule.decision, format!("{said} ({})", rule.at))
        }
    };
    Some(Match {
        outcome: Outcome::Decided(decision),
        source: Source::Rule,
        rule: rule.id.clone(),
        origin: rule.at.to_string(),
        span: hit.span,
        effect: hit.effect,
        reason,
        instead: rule.instead.clone(),
        would_allow: None,
    })
}

fn state_matches(state: &ToolState, action: &Action) -> Option<Match> {
    let decision = match state.state {
        State::Allow | State::Auto => return None,
        State::Ask => Decision::Ask,
        State::Deny => Decision::Deny,
    };
    matcher::tool_is(&state.tool, action).then(|| Match {
        outcome: Outcome::Decided(decision),
        source: Source::Rule,
        rule: format!("tools.{}", state.tool),
        origin: state.at.to_string(),
        span: Span::default(),
        effect: format!("use `{}`", crate::words::short(&action.tool)),
        reason: format!("the policy says {} for this tool ({})", decision.name(), state.at),
        instead: None,
        would_allow: None,
    })
}
