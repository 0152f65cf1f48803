//! Asking: the kept answer, or the first stage, and the second if the first flags. One deadline for all of it.

use std::time::{Duration, Instant};

use placet_model::{JudgeRecord, Judged, Opinion, StageRecord};

use crate::opinion;
use crate::prompt::hash;
use crate::{Cache, Deadline, Error, Price, Prompt, Question, Service, Stage};

/// How to ask.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Whether the first stage is asked.
    pub first: bool,
    /// What the model costs, if the policy says so.
    pub price: Option<Price>,
    /// Where answers are kept.
    pub cache: Option<Cache>,
}

/// The judge's opinion, and what it took.
pub fn ask(question: &Question, service: &dyn Service, asking: &Asking, deadline: &Deadline) -> Judged {
    let begun = Instant::now();
    let second = question.prompt(Stage::Second);
    let first = asking.first.then(|| question.prompt(Stage::First));
    let key = hash(&[
        &service.identity(),
        &first.map(|prompt| prompt.key()).unwrap_or_default(),
        &second.key(),
    ]);
    let mut record = JudgeRecord {
        model: service.model().to_owned(),
        ..JudgeRecord::default()
    };
    if let Some((opinion, stage)) = asking.cache.as_ref().and_then(|cache| cache.get(&key)) {
        record.stage = stage;
        record.cached = true;
        record.millis = millis(begun);
        return Judged {
            opinion: Ok(opinion),
            record,
        };
    }
    let opinion = stages(question, first, second, service, deadline, &mut record);
    record.millis = millis(begun);
    let (tokens_in, tokens_out) = record.stages.iter().fold((0_u64, 0_u64), |(inside, out), stage| {
        (
            inside.saturating_add(stage.tokens_in),
            out.saturating_add(stage.tokens_out),
        )
    });
    record.tokens = tokens_in.saturating_add(tokens_out);
    record.micro_dollars = asking
        .price
        .or_else(|| Price::of(service.model()))
        .map(|price| price.micro_dollars(tokens_in, tokens_out));
    match &opinion {
        Ok(opinion) => {
            if let Some(cache) = &asking.cache {
                cache.put(&key, opinion, record.stage);
            }
        }
        Err(error) => record.error = Some(format!("{}: {error}", error.id())),
    }
    Judged {
        opinion: opinion.map_err(|error| error.to_string()),
        record,
    }
}

fn stages(
    question: &Question,
    first: Option<Prompt<'_>>,
    second: Prompt<'_>,
    service: &dyn Service,
    deadline: &Deadline,
    record: &mut JudgeRecord,
) -> Result<Opinion, Error> {
    // What is not shown to its end can't be passed, so the short question is not worth asking.
    if let Some(first) = first.filter(|_| question.is_whole())
        && opinion::passes(&one(&first, service, deadline, record)?)
    {
        return Ok(opinion::passed());
    }
    opinion::read(&one(&second, service, deadline, record)?, question)
}

/// One stage, with its further tries.
fn one(
    prompt: &Prompt<'_>,
    service: &dyn Service,
    deadline: &Deadline,
    record: &mut JudgeRecord,
) -> Result<String, Error> {
    let begun = Instant::now();
    record.stage = prompt.stage.number();
    let reply = deadline.retried(|| service.answer(prompt, deadline));
    let mut took = StageRecord {
        stage: record.stage,
        millis: millis(begun),
        ..StageRecord::default()
    };
    if let Ok(reply) = &reply {
        took.tokens_in = reply.tokens_in;
        took.tokens_out = reply.tokens_out;
    }
    record.stages.push(took);
    reply.map(|reply| reply.text)
}

/// What the model says of the user's own prose for it.
///
/// # Errors
/// Why it says nothing.
pub fn critique(entries: &[(String, &str)], service: &dyn Service, seconds: Duration) -> Result<String, Error> {
    let question = entries
        .iter()
        .map(|(name, text)| format!("## {name}\n\n{}\n", text.trim()))
        .collect::<Vec<_>>()
        .join("\n");
    let prompt = Prompt {
        stage: Stage::Second,
        system: "You review rules that a person wrote, in prose, for a program that judges what a coding agent may do. \
                 The rules are read by a model that sees the user's words, the action and its effects, and nothing else.",
        question: &question,
        instruction: "For each entry, by its name: say what is unclear, what it would stop that its author surely wants, \
                      what it would let through that its author surely does not want, and a better wording. One line for \
                      an entry that is fine.",
    };
    let deadline = Deadline::after(seconds);
    deadline
        .retried(|| service.answer(&prompt, &deadline))
        .map(|reply| reply.text)
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
