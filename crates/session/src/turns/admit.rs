//! Whether one call may run: the engine's verdict, and a person's word where the verdict is a question.

use placet_hook::decision::Answered;
use placet_model::{Decision, ToolInput};

use super::{Ending, Turns, With};
use crate::Error;
use crate::conversation::ToolCall;
use crate::gate::Gate;
use crate::person::{Choice, Denial, Notice, Question};

/// What becomes of a call.
pub(super) enum Admitted {
    /// It runs as it is here: a person may have changed its command.
    Run(ToolCall, ToolInput),
    /// It does not run; this is its result.
    Refused(String),
    /// Everything ends.
    End(Ending, String),
}

impl Turns<'_> {
    /// Decides one call.
    pub(super) fn admit(&mut self, call: &ToolCall) -> Result<Admitted, Error> {
        if !self.tools.iter().any(|tool| tool.name == call.tool) {
            return Ok(Admitted::Refused(format!("there is no tool `{}`", call.tool)));
        }
        let mut call = call.clone();
        // Each question can change the world it was asked about; what runs is what was decided last.
        loop {
            let input = match Gate::input(&call) {
                Ok(input) => input,
                Err(why) => return Ok(Admitted::Refused(format!("the arguments can't be read: {why}"))),
            };
            (self.with.tell)(&Notice::Called(&call));
            let cwd = self.with.bench.cwd();
            let answered = match self.with.gate.decide(&call, &cwd, self.agent.as_deref()) {
                Ok(answered) => answered,
                Err(failure) => {
                    let reason = format!(
                        "Placet can't decide this call, so it does not run: {}.",
                        failure.reason()
                    );
                    self.told(&call, "deny", failure.id(), &reason);
                    return Ok(Admitted::Refused(reason));
                }
            };
            if let Some(note) = self.with.gate.chosen.follow(&answered.policy) {
                (self.with.tell)(&Notice::Note(&note));
            }
            let explanation = self.with.gate.explanation(&answered);
            let reason = answered.answer.reason.clone();
            self.told(&call, answered.answer.decision.name(), &answered.answer.rule, &reason);
            match answered.answer.decision {
                Decision::Allow => return Ok(Admitted::Run(call, input)),
                Decision::Deny => return self.denied(&call, &answered, reason),
                Decision::Ask => match ask(self.with, &call, &answered, &explanation)? {
                    Asked::Again => {}
                    Asked::Changed(command) => {
                        call.input.insert("command".to_owned(), command.into());
                    }
                    Asked::No(text) => {
                        self.with.gate.refused_by_person(&answered)?;
                        self.remember(&call, &answered, &text);
                        return Ok(Admitted::Refused(text));
                    }
                    Asked::Stop => {
                        self.with.gate.refused_by_person(&answered)?;
                        return Ok(Admitted::End(
                            Ending::Stopped,
                            "a person ended the work here".to_owned(),
                        ));
                    }
                },
            }
        }
    }

    fn denied(&mut self, call: &ToolCall, answered: &Answered, reason: String) -> Result<Admitted, Error> {
        self.remember(call, answered, &reason);
        if !self.with.gate.too_many_denials(&answered.policy)? {
            return Ok(Admitted::Refused(reason));
        }
        let Some(person) = self.with.person else {
            return Ok(Admitted::End(Ending::TooManyDenials, reason));
        };
        match person.escalate(&self.denials) {
            Choice::Stop => Ok(Admitted::End(Ending::Stopped, reason)),
            Choice::No(words) if !words.trim().is_empty() => {
                self.with.gate.looked()?;
                // A person's own words, not the model's: they count as such.
                self.with.gate.user(&words, &self.with.bench.cwd())?;
                Ok(Admitted::Refused(format!(
                    "{reason}\nThe person looked at it and says: {words}"
                )))
            }
            Choice::Once | Choice::Session | Choice::Always | Choice::No(_) | Choice::Edit(_) => {
                self.with.gate.looked()?;
                Ok(Admitted::Refused(reason))
            }
        }
    }

    fn remember(&mut self, call: &ToolCall, answered: &Answered, reason: &str) {
        self.denials.push(Denial {
            what: call.line(),
            rule: answered.answer.rule.clone(),
            reason: reason.to_owned(),
            would_allow: first_rule(answered),
        });
    }

    fn told(&self, call: &ToolCall, decision: &'static str, rule: &str, reason: &str) {
        (self.with.tell)(&Notice::Decided {
            call,
            decision,
            rule,
            reason,
        });
    }
}

/// What a person made of a question.
pub(super) enum Asked {
    /// It was approved: the engine decides again, and finds the approval.
    Again,
    Changed(String),
    No(String),
    Stop,
}

/// Puts the question. A yes is remembered for exactly this action, and the engine looks again: if anything has changed while
/// the question stood there, it is no longer this action.
pub(super) fn ask(
    with: With<'_>,
    call: &ToolCall,
    answered: &Answered,
    explanation: &[String],
) -> Result<Asked, Error> {
    let Some(person) = with.person else {
        return Ok(Asked::No(answered.answer.reason.clone()));
    };
    let rule = first_rule(answered);
    let question = Question {
        call,
        decided: &answered.decided,
        reason: &answered.answer.reason,
        can_approve: answered.decided.verdict.is_grantable(),
        rule: rule.as_deref(),
        explanation,
    };
    let choice = person.decide(&question);
    if answered.decided.trace.escalated {
        with.gate.looked()?;
    }
    let can_approve = question.can_approve;
    Ok(match choice {
        Choice::Once | Choice::Session | Choice::Always if !can_approve => {
            Asked::No("nobody can approve this here".to_owned())
        }
        Choice::Once => {
            with.gate.approve(&answered.fingerprint(), call.line(), false)?;
            Asked::Again
        }
        Choice::Session => {
            with.gate.approve(&answered.fingerprint(), call.line(), true)?;
            Asked::Again
        }
        Choice::Always => {
            if let Some(rule) = rule {
                (with.gate.write_rule)(&with.gate.places, &rule)
                    .map_err(|what| Error::input(what, "`placet policy lint` shows what is wrong"))?;
            }
            with.gate.approve(&answered.fingerprint(), call.line(), false)?;
            Asked::Again
        }
        Choice::Edit(command) => Asked::Changed(command),
        Choice::No(words) if words.trim().is_empty() => Asked::No("A person said no.".to_owned()),
        Choice::No(words) => {
            with.gate.user(&words, &with.bench.cwd())?;
            Asked::No(format!("A person said no: {words}"))
        }
        Choice::Stop => Asked::Stop,
    })
}

fn first_rule(answered: &Answered) -> Option<String> {
    let first = answered.decided.verdict.matches().first()?;
    first.would_allow.clone()
}
