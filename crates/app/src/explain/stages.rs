//! The stages of one decision, for people and as JSON.

use placet_engine::{Decided, Verdict};
use placet_model::{Decision, Effect, Facts, Match, Outcome, Source, Span};
use serde_json::json;

use super::underline::{self, Row};
use crate::screen::{Ink, ink_of};
use crate::{Error, Screen, visible};

/// How wide the names of stages are.
const NAMES: usize = 15;

/// What is explained, beside the decision.
pub(crate) struct About<'a> {
    /// The text that spans of the effects point into.
    pub(crate) text: &'a str,
    pub(crate) facts: &'a dyn Facts,
    /// What is to be said of the judge, where no rule decided.
    pub(crate) judge: String,
}

/// Shows every stage.
pub(super) fn show(call: &About<'_>, decided: &Decided, screen: &mut Screen<'_>) -> Result<(), Error> {
    let effects = &decided.trace.analysis.effects.list;
    let numbered = Numbered::of(effects);
    command(call, &numbered, screen)?;
    screen.line("")?;
    effects_shown(effects, &numbered, call.facts, screen)?;
    screen.line("")?;
    matches(decided, &numbered, screen)?;
    if decided.trace.outcome == Outcome::Undecided && decided.trace.limits.is_empty() {
        named("judge", &visible::line(&call.judge), screen)?;
    }
    screen.line("")?;
    verdict(decided, call.text, screen)
}

/// The same as one JSON object.
pub(super) fn json(call: &About<'_>, decided: &Decided, screen: &mut Screen<'_>) -> Result<(), Error> {
    let trace = &decided.trace;
    let effects: Vec<serde_json::Value> = trace
        .analysis
        .effects
        .list
        .iter()
        .map(|effect| {
            json!({
                "effect": placet_effects::render::effect(effect, call.facts),
                "by": effect.by,
                "span": [effect.span.start, effect.span.end],
                "reversibility": effect.dimensions.reversibility.name(),
                "scope": effect.dimensions.scope.name(),
                "surface": effect.dimensions.surface.name(),
                "cascade": effect.dimensions.cascade.name(),
            })
        })
        .collect();
    let all = |found: &[Match]| -> Vec<serde_json::Value> { found.iter().map(as_json).collect() };
    let value = json!({
        "tool": trace.action.tool,
        "text": call.text,
        "mode": trace.action.mode.name(),
        "tier": trace.action.tier.name(),
        "effects": effects,
        "limits": all(&trace.limits),
        "policy": all(&trace.policy),
        "decision": decided.verdict.decision().name(),
        "undecided": decided.verdict.was_undecided(),
        "rule": decided.verdict.rule(),
        "source": decided.verdict.source().name(),
        "reason": decided.verdict.reason(),
        "would_allow": would_allow(&decided.verdict),
    });
    let text = serde_json::to_string_pretty(&value).map_err(|error| Error::Output(error.into()))?;
    screen.line(text)
}

fn as_json(found: &Match) -> serde_json::Value {
    json!({
        "outcome": word(found.outcome),
        "source": found.source.name(),
        "rule": found.rule,
        "origin": found.origin,
        "span": [found.span.start, found.span.end],
        "effect": found.effect,
        "reason": found.reason,
        "instead": found.instead,
        "would_allow": found.would_allow,
    })
}

/// Spans with their numbers, in the order of the text.
struct Numbered(Vec<(usize, Span)>);

impl Numbered {
    fn of(effects: &[Effect]) -> Self {
        let mut spans: Vec<Span> = effects
            .iter()
            .map(|effect| effect.span)
            .filter(|span| span.end > span.start)
            .collect();
        spans.sort_by_key(|span| (span.start, core::cmp::Reverse(span.end)));
        spans.dedup();
        Self((1..).zip(spans).collect())
    }

    fn number(&self, span: Span) -> String {
        self.0
            .iter()
            .find(|(_, known)| *known == span)
            .map_or(String::new(), |(number, _)| number.to_string())
    }
}

fn command(call: &About<'_>, numbered: &Numbered, screen: &mut Screen<'_>) -> Result<(), Error> {
    let width = screen.width().saturating_sub(4);
    for row in underline::draw(call.text, &numbered.0, width) {
        match row {
            Row::Text(text) => {
                let text = screen.paint(Ink::Bold, &text);
                screen.line(format!("  {text}"))?;
            }
            Row::Marks(marks) => {
                let marks = screen.paint(Ink::Accent, &marks);
                screen.line(format!("  {marks}"))?;
            }
        }
    }
    Ok(())
}

fn effects_shown(
    effects: &[Effect],
    numbered: &Numbered,
    facts: &dyn Facts,
    screen: &mut Screen<'_>,
) -> Result<(), Error> {
    heading("Effects", "reversibility · scope · risk surface · cascade", screen)?;
    if effects.is_empty() {
        return screen.line("  none: nothing outside the call itself is read or changed");
    }
    for effect in effects {
        let number = format!("{:>3}", numbered.number(effect.span));
        let number = screen.paint(Ink::Accent, &number);
        let by = if effect.by.is_empty() {
            String::new()
        } else {
            screen.paint(Ink::Dim, &format!("  by {}", visible::line(&effect.by)))
        };
        let text = visible::line(&placet_effects::render::effect(effect, facts));
        screen.line(format!("{number}  {text}{by}"))?;
        let dimensions = &effect.dimensions;
        let scales = [
            dimensions.reversibility.name(),
            dimensions.scope.name(),
            dimensions.surface.name(),
            dimensions.cascade.name(),
        ];
        let scales = screen.paint(Ink::Dim, &format!("     {}", scales.join(" · ")));
        screen.line(scales)?;
    }
    Ok(())
}

fn matches(decided: &Decided, numbered: &Numbered, screen: &mut Screen<'_>) -> Result<(), Error> {
    let trace = &decided.trace;
    let (ignored, limits): (Vec<&Match>, Vec<&Match>) =
        trace.limits.iter().partition(|found| found.source == Source::Ignore);
    let (rules, others): (Vec<&Match>, Vec<&Match>) =
        trace.policy.iter().partition(|found| found.source == Source::Rule);
    let (said, others): (Vec<&Match>, Vec<&Match>) = others.into_iter().partition(|found| found.source == Source::User);
    heading("Decision", "the strictest holds", screen)?;
    stage("hard limits", "none applies", &limits, numbered, screen)?;
    stage("ignore files", "none covers it", &ignored, numbered, screen)?;
    stage("rules", "none speaks", &rules, numbered, screen)?;
    if !said.is_empty() {
        stage("your words", "", &said, numbered, screen)?;
    }
    named("mode", trace.action.mode.name(), screen)?;
    let tier = trace.action.tier.name();
    named("tier", tier, screen)?;
    let mut shown: Vec<&Match> = Vec::new();
    for found in others {
        let twin = |earlier: &&Match| {
            earlier.rule == found.rule && earlier.span == found.span && earlier.outcome == found.outcome
        };
        let allows = found.outcome == Outcome::Decided(Decision::Allow);
        // One word of a command can have many effects that nothing speaks against; they stand above already.
        if !(allows && shown.iter().any(twin)) {
            one(found, numbered, screen)?;
        }
        shown.push(found);
    }
    if trace.escalated {
        named(
            "escalation",
            "this session gathered too many denials: a person has to look",
            screen,
        )?;
    }
    Ok(())
}

fn stage(
    name: &str,
    nothing: &str,
    found: &[&Match],
    numbered: &Numbered,
    screen: &mut Screen<'_>,
) -> Result<(), Error> {
    named(name, if found.is_empty() { nothing } else { "" }, screen)?;
    found.iter().try_for_each(|found| one(found, numbered, screen))
}

fn named(name: &str, text: &str, screen: &mut Screen<'_>) -> Result<(), Error> {
    let shown = screen.paint(Ink::Dim, &format!("{name:<NAMES$}"));
    screen.line(format!("  {shown}{text}").trim_end())
}

/// A match: what it says, its rule, why.
fn one(found: &Match, numbered: &Numbered, screen: &mut Screen<'_>) -> Result<(), Error> {
    let number = screen.paint(Ink::Accent, &format!("{:>5}", numbered.number(found.span)));
    let said = screen.paint(ink(found.outcome), &format!("{:<9}", word(found.outcome)));
    screen.line(format!("{number}  {said} {}", visible::line(&found.rule)))?;
    if found.outcome == Outcome::Decided(Decision::Allow) {
        if found.source == Source::User {
            return screen.wrapped(17, &visible::line(&found.reason));
        }
        // Of all other rules the reason names the place.
        return match found.origin.as_str() {
            "" => Ok(()),
            origin => screen.wrapped(17, &visible::line(origin)),
        };
    }
    screen.wrapped(17, &visible::line(&format!("would {}: {}", found.effect, found.reason)))
}

fn verdict(decided: &Decided, text: &str, screen: &mut Screen<'_>) -> Result<(), Error> {
    let verdict = &decided.verdict;
    let decision = verdict.decision();
    let word = screen.paint(ink_of(decision), &decision.name().to_uppercase());
    let undecided = if verdict.was_undecided() {
        ", undecided without a judge"
    } else {
        ""
    };
    let title = screen.paint(Ink::Bold, "Verdict");
    screen.line(format!(
        "{title}  {word}  by {} ({}{undecided})",
        visible::line(verdict.rule()),
        verdict.source().name()
    ))?;
    let sentence = |found: &Match| {
        let part = decided.trace.analysis.command_at(found.span).of(text);
        let part = part.map(str::trim).filter(|part| !part.is_empty());
        let part = part.map_or(String::new(), |part| {
            format!("`{}` ", visible::cut(&visible::line(part), 80))
        });
        visible::line(&format!("{part}would {}: {}.", found.effect, found.reason))
    };
    if decision == Decision::Allow {
        let mut said: Vec<&str> = Vec::new();
        for found in verdict.matches() {
            if found.outcome == Outcome::Decided(Decision::Allow) && !said.contains(&found.rule.as_str()) {
                screen.wrapped(2, &sentence(found))?;
                said.push(&found.rule);
            }
        }
        return Ok(());
    }
    let Some(strictest) = verdict.matches().first() else {
        return Ok(());
    };
    screen.wrapped(2, &sentence(strictest))?;
    if let Some(instead) = &strictest.instead {
        screen.line("")?;
        named("instead", "", screen)?;
        screen.wrapped(4, &visible::line(instead))?;
    }
    screen.line("")?;
    let unless = match strictest.source {
        Source::HardLimit if decision == Decision::Deny => Some("nothing can: it is a hard limit"),
        Source::HardLimit => Some("a person says yes each time; no rule can, since it is a hard limit"),
        Source::Ignore => Some("change the ignore file; no rule can"),
        Source::Rule => Some("change or remove that rule: an allow rule does not outweigh it"),
        Source::User => Some("the user can lift it, by saying so"),
        Source::Finding => {
            Some("the user names it, or a person says yes each time; no rule can, since a text asked for it")
        }
        Source::Mode | Source::Tier | Source::Judge | Source::Person | Source::FailClosed | Source::Escalation => None,
    };
    if let Some(unless) = unless {
        return named("to allow it", unless, screen);
    }
    match would_allow(verdict).as_slice() {
        [] => named(
            "to allow it",
            "a person says yes each time; no rule can name this",
            screen,
        ),
        rules => {
            named(
                "to allow it",
                "add to ~/.config/placet/policy.toml or .placet/policy.toml:",
                screen,
            )?;
            for rule in rules {
                for line in rule.lines() {
                    screen.line(format!("    {}", visible::line(line)))?;
                }
            }
            Ok(())
        }
    }
}

/// The rules that a person would add, each once: one for every effect that is not allowed. None, if one of them has none.
fn would_allow(verdict: &Verdict) -> Vec<String> {
    let stops = |found: &&Match| found.source == Source::Tier && found.outcome != Outcome::Decided(Decision::Allow);
    let mut stopping = verdict.matches().iter().filter(stops);
    if stopping.any(|found| found.would_allow.is_none()) {
        return Vec::new();
    }
    let mut rules: Vec<String> = Vec::new();
    for rule in verdict.matches().iter().filter_map(|found| found.would_allow.as_ref()) {
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
    rules
}

fn heading(name: &str, note: &str, screen: &mut Screen<'_>) -> Result<(), Error> {
    let name = screen.paint(Ink::Bold, name);
    let note = screen.paint(Ink::Dim, &format!("({note})"));
    screen.line(format!("{name}  {note}"))
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Decided(decision) => decision.name(),
        Outcome::Undecided => "undecided",
    }
}

fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Decided(decision) => ink_of(decision),
        Outcome::Undecided => Ink::Accent,
    }
}
