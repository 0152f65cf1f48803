//! When the judge is asked, and what its answer becomes. Only what is Undecided reaches it.

use placet_effects::Analysis;
use placet_model::{Action, Decision, JudgeRecord, Match, Opinion, Outcome, Source, Span};

use crate::{Failure, World};

/// What came of asking the judge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Heard {
    /// It was not asked: something was decided already, none is configured, or a person has to look first.
    NotAsked,
    /// It answered.
    Opinion(Opinion),
    /// It gave no opinion, and why.
    Silence(String),
}

/// Asks the judge if policy left the action undecided, unless a person has spoken or has to.
pub(crate) fn if_undecided(
    outcome: Outcome,
    action: &Action,
    analysis: &Analysis,
    world: &World<'_>,
    may_ask: bool,
) -> (Heard, Option<JudgeRecord>) {
    match (outcome, world.judge) {
        (Outcome::Decided(_), _) | (Outcome::Undecided, None) => (Heard::NotAsked, None),
        (Outcome::Undecided, Some(_)) if !may_ask => (Heard::NotAsked, None),
        (Outcome::Undecided, Some(judge)) => {
            let judged = judge.opinion(action, &analysis.effects);
            let heard = match judged.opinion {
                Ok(opinion) => Heard::Opinion(opinion),
                Err(why) => Heard::Silence(why),
            };
            (heard, Some(judged.record))
        }
    }
}

impl Heard {
    /// What it makes of Undecided: unsure and silent become Ask.
    pub(crate) fn decision(&self) -> Decision {
        match self {
            Self::Opinion(opinion) => opinion.decision.unwrap_or(Decision::Ask),
            Self::NotAsked | Self::Silence(_) => Decision::Ask,
        }
    }

    /// As a match, to stand beside those of limits and rules. It is about what policy left open.
    pub(crate) fn to_match(&self, open: Option<&Match>) -> Option<Match> {
        let mut found = match self {
            Self::NotAsked => return None,
            Self::Silence(why) => Failure::NoOpinion(why.clone()).to_match(),
            Self::Opinion(opinion) => Match {
                outcome: Outcome::Decided(self.decision()),
                source: Source::Judge,
                rule: opinion.rule.clone(),
                origin: String::new(),
                span: Span::default(),
                effect: "go beyond what policy decides by itself".to_owned(),
                reason: match &opinion.quote {
                    Some(quote) => format!("{} (you said: \u{201c}{quote}\u{201d})", opinion.reason),
                    None => opinion.reason.clone(),
                },
                instead: opinion.instead.clone(),
                would_allow: None,
            },
        };
        if let Some(open) = open {
            found.span = open.span;
            found.effect = open.effect.clone();
            found.would_allow = open.would_allow.clone();
            found.instead = found.instead.or_else(|| open.instead.clone());
        }
        Some(found)
    }
}
