//! `placet explain`: each stage of one decision, or the documentation of a rule. It shows; the engine decides.

mod rules;
mod stages;
mod underline;

use placet_engine::Policy;
use placet_engine::trace::Heard;
use placet_hook::decision::Answered;
use placet_model::Facts;

use crate::check::Typed;
pub(crate) use stages::About;

use crate::{Error, Outcome, Screen, cli};

/// Runs it.
pub(crate) fn run(typed: &cli::Explain, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    if typed.rules {
        return rules::list(screen);
    }
    if let ([word], false) = (typed.words.as_slice(), typed.command) {
        if let Some(rule) = rules::find(word) {
            return rules::show(&rule, screen);
        }
        if looks_like_an_id(word) && placet_effects::catalogue::find(word).is_none() {
            return Err(Error::input(
                format!("there is no rule `{word}`"),
                format!(
                    "`placet explain --rules` lists them; for a command of that name: placet explain --command {word}"
                ),
            ));
        }
    }
    let call = Typed::new(&typed.tool, &typed.words, typed.cwd.as_deref(), &typed.judging)?;
    let decided = call.decide();
    if typed.json {
        stages::json(&call.about(), &decided, screen)?;
    } else {
        stages::show(&call.about(), &decided, screen)?;
    }
    Ok(Outcome::Fine)
}

/// A decision of a session, in lines that fit on a narrow screen.
pub(crate) fn answered(answered: &Answered) -> Vec<String> {
    const WIDTH: usize = 76;
    let about = About {
        text: answered.decided.trace.text(),
        facts: &answered.facts,
        judge: heard(&answered.decided.trace.heard, &answered.policy),
    };
    let mut out = Vec::new();
    let mut screen = Screen::page(&mut out, WIDTH, answered.facts.home());
    // Memory takes every byte.
    let _ = stages::show(&about, &answered.decided, &mut screen);
    String::from_utf8_lossy(&out)
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// What came of asking the judge.
fn heard(heard: &Heard, policy: &Policy) -> String {
    match heard {
        Heard::Opinion(opinion) => {
            let said = opinion.decision.map_or("unsure", placet_model::Decision::name);
            format!("{said} by {}: {}", opinion.rule, opinion.reason)
        }
        Heard::Silence(why) => format!("no opinion: {why}"),
        Heard::NotAsked if policy.settings().judge().is_configured() => "was not asked".to_owned(),
        Heard::NotAsked => "none is configured, so what is undecided becomes ask".to_owned(),
    }
}

/// Kebab-case with at least one dash: what a person types who means a rule.
fn looks_like_an_id(word: &str) -> bool {
    word.contains('-')
        && word
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}
