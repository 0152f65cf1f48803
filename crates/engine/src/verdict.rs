//! The verdict: final, recorded, unforgeable. Fields are private, and the only way to one is [`settle`] followed by
//! [`Settled::recorded_in`]. `settle` can tighten; it can't relax.

use placet_effects::Analysis;
use placet_model::{
    AgentCapabilities, Answer, Decision, Journal, Match, Mode, Obligation, Outcome, Record, Source, Span,
};

use crate::hard_limits::{HardLimitsPassed, Refused};
use crate::opinion::Heard;
use crate::trace::Trace;
use crate::{Failure, approval, combine, message};

/// What was decided, by what, and what it takes. Recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verdict {
    decision: Decision,
    matches: Vec<Match>,
    obligations: Vec<Obligation>,
    undecided: bool,
    grantable: bool,
    text: String,
}

impl Verdict {
    /// The decision.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// Whether no rule spoke: the decision is what Undecided becomes without a judge.
    #[must_use]
    pub fn was_undecided(&self) -> bool {
        self.undecided
    }

    /// Whether a person could approve exactly this action: no hard limit, ignore file, rule or mode says no.
    #[must_use]
    pub fn is_grantable(&self) -> bool {
        self.grantable
    }

    /// Who decided.
    #[must_use]
    pub fn source(&self) -> Source {
        self.matches.first().map_or(Source::FailClosed, |found| found.source)
    }

    /// The id of the rule that decided.
    #[must_use]
    pub fn rule(&self) -> &str {
        self.matches
            .first()
            .map_or("nothing-matched", |found| found.rule.as_str())
    }

    /// Every match, the strictest first.
    #[must_use]
    pub fn matches(&self) -> &[Match] {
        &self.matches
    }

    /// What the person or the model is told.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.text
    }

    /// The answer for an agent whose integration can do this much. What it can't honour becomes Deny.
    #[must_use]
    pub fn answer(&self, able: AgentCapabilities) -> Answer {
        let unable = self.obligations.iter().find_map(|obligation| match obligation {
            Obligation::Confine => (!able.can_confine).then_some("it runs confined"),
            Obligation::Snapshot => (!able.can_confine).then_some("a snapshot is taken first"),
            Obligation::Redact => (!able.can_rewrite).then_some("its result is redacted"),
        });
        if let (Some(what), Decision::Allow | Decision::Ask) = (unable, self.decision) {
            return crate::fail_closed::answer(&Failure::UnsupportedObligation(what), able.can_ask);
        }
        let decision = match (self.decision, able.can_ask) {
            (Decision::Ask, false) => Decision::Deny,
            (decision, _) => decision,
        };
        let unasked = self.decision == Decision::Ask && decision == Decision::Deny && self.grantable;
        Answer {
            decision,
            reason: if unasked {
                message::with_grant(&self.text)
            } else {
                self.text.clone()
            },
            rule: self.rule().to_owned(),
            obligations: self.obligations.clone(),
        }
    }
}

/// What policy made of the action: every match, and their outcome.
#[derive(Debug)]
pub(crate) struct Weighed {
    pub(crate) outcome: Outcome,
    pub(crate) matches: Vec<Match>,
}

/// Decided, not yet recorded: no answer can be made from it.
#[must_use]
pub(crate) struct Settled(Verdict);

/// What an answer may quote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) text: &'a str,
    pub(crate) analysis: &'a Analysis,
}

impl<'a> Told<'a> {
    fn part(self, span: Span) -> &'a str {
        self.analysis.command_at(span).of(self.text).unwrap_or_default()
    }
}

/// Puts limits, policy and opinion together. The token is spent here; without it the decision is Deny.
pub(crate) fn settle(
    limits: Result<HardLimitsPassed, Refused>,
    policy: Weighed,
    trace: &Trace,
    told: Told<'_>,
) -> Settled {
    let (heard, escalated) = (&trace.heard, trace.escalated);
    let grantable = approval::possible(&limits, policy.outcome);
    let approved = trace.approved.as_deref().filter(|_| grantable);
    let (decision, mut matches) = match limits {
        Err(refused) => (Decision::Deny, refused.matches),
        Ok(passed) => {
            let floor = passed.into_floor();
            let at_least = if floor.is_empty() {
                Decision::Allow
            } else {
                Decision::Ask
            };
            let by_policy = match policy.outcome {
                Outcome::Decided(decision) => decision.max(tightening(heard)),
                Outcome::Undecided => heard.decision(),
            };
            let decision = match approved {
                Some(_) => Decision::Allow,
                None => by_policy.max(at_least),
            };
            (decision, floor)
        }
    };
    let undecided = policy.outcome == Outcome::Undecided
        && decision == Decision::Ask
        && *heard == Heard::NotAsked
        && matches.is_empty();
    let settled_by_judge = policy.outcome == Outcome::Undecided;
    let open = policy.matches.iter().find(|found| found.outcome == Outcome::Undecided);
    let heard = heard.to_match(open);
    matches.extend(policy.matches);
    matches.extend(heard);
    combine::strictest_first(&mut matches);
    if let Some(how_long) = approved {
        matches.insert(0, approval::to_match(how_long));
    } else if settled_by_judge
        && decision != Decision::Ask
        && let Some(at) = matches.iter().position(|found| found.source == Source::Judge)
    {
        let judge = matches.remove(at);
        matches.insert(0, judge);
    }
    if decision == Decision::Allow
        && approved.is_none()
        && let Some(at) = matches.iter().position(|found| found.source == Source::User)
    {
        let asked = matches.remove(at);
        matches.insert(0, asked);
    }
    let decision = match (decision, trace.action.mode, trace.action.attended) {
        (Decision::Ask, Mode::DontAsk, _) | (Decision::Ask, _, false) => Decision::Deny,
        (decision, _, _) => decision,
    };
    if escalated && decision != Decision::Allow {
        matches.push(escalation());
    }
    let mut verdict = Verdict {
        decision,
        matches,
        obligations: Vec::new(),
        undecided,
        grantable,
        text: String::new(),
    };
    verdict.text = explanation(&verdict, Some(told), escalated);
    Settled(verdict)
}

impl Settled {
    /// The decision, for the record.
    pub(crate) fn verdict(&self) -> &Verdict {
        &self.0
    }

    /// Writes the record. No record, no Allow; and nothing that reaches the network happens unrecorded.
    pub(crate) fn recorded_in(
        self,
        journal: &mut dyn Journal,
        record: &Record,
        network: bool,
        attended: bool,
    ) -> Verdict {
        let Err(why) = journal.record(record) else {
            return self.0;
        };
        let mut verdict = self.0;
        let mut failure = Failure::Unrecorded(why).to_match();
        let least = if network || !attended {
            Decision::Deny
        } else {
            Decision::Ask
        };
        if network {
            failure.outcome = Outcome::Decided(Decision::Deny);
            failure.source = Source::HardLimit;
            failure.rule = crate::HardLimit::UnrecordedNetwork.id().to_owned();
            failure.effect = "reach the network without a record".to_owned();
        }
        if verdict.decision < least {
            verdict.decision = least;
            verdict.matches.insert(0, failure);
            verdict.text = explanation(&verdict, None, false);
        } else {
            verdict.matches.push(failure);
        }
        verdict
    }
}

/// An opinion on something that is decided can only tighten it.
fn tightening(heard: &Heard) -> Decision {
    match heard {
        Heard::Opinion(_) => heard.decision(),
        Heard::NotAsked | Heard::Silence(_) => Decision::Allow,
    }
}

fn escalation() -> Match {
    Match {
        outcome: Outcome::Decided(Decision::Ask),
        source: Source::Escalation,
        rule: "too-many-denials".to_owned(),
        origin: String::new(),
        span: placet_model::Span::default(),
        effect: "go on after many denials".to_owned(),
        reason: "too many actions of this session were denied".to_owned(),
        instead: None,
        would_allow: None,
    }
}

fn explanation(verdict: &Verdict, told: Option<Told<'_>>, escalated: bool) -> String {
    match verdict.matches.first() {
        Some(strictest) => message::text(
            verdict.decision,
            strictest,
            told.map_or("", |told| told.part(strictest.span)),
            escalated && verdict.decision != Decision::Allow,
            verdict.grantable && verdict.decision == Decision::Deny,
        ),
        None => message::capped(format!(
            "Nothing decided this action, so it is {}.",
            verdict.decision.name()
        )),
    }
}
