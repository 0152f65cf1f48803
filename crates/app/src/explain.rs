//! `placet explain`: each stage of one decision, or the documentation of a rule. It shows; the engine decides.

mod rules;
mod stages;
mod underline;

use crate::check::Typed;
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
        stages::json(&call, &decided, screen)?;
    } else {
        stages::show(&call, &decided, screen)?;
    }
    Ok(Outcome::Fine)
}

/// Kebab-case with at least one dash: what a person types who means a rule.
fn looks_like_an_id(word: &str) -> bool {
    word.contains('-')
        && word
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}
