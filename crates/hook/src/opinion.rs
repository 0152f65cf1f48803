//! What `placet judge ask` answers on its standard output, written and read. It says which question it answers, so that an
//! opinion on anything else counts for nothing.

use placet_model::{Decision, JudgeRecord, Judged, Opinion, StageRecord};
use serde_json::{Value, json};

/// The answer as one line of JSON.
#[must_use]
pub fn write(question: &str, judged: &Judged) -> String {
    let record = &judged.record;
    let stages: Vec<Value> = record
        .stages
        .iter()
        .map(|stage| json!([stage.stage, stage.millis, stage.tokens_in, stage.tokens_out]))
        .collect();
    let (opinion, silence) = match &judged.opinion {
        Ok(opinion) => (
            json!({
                "decision": opinion.decision.map(Decision::name), "rule": opinion.rule, "reason": opinion.reason,
                "quote": opinion.quote, "instead": opinion.instead,
            }),
            None,
        ),
        Err(why) => (Value::Null, Some(why)),
    };
    json!({
        "question": question, "opinion": opinion, "silence": silence,
        "record": {
            "stage": record.stage, "model": record.model, "millis": record.millis, "tokens": record.tokens,
            "stages": stages, "micro_dollars": record.micro_dollars, "cached": record.cached, "error": record.error,
        },
    })
    .to_string()
}

/// The answer to this question, from what the process printed.
pub fn read(question: &str, line: &str) -> Judged {
    let unusable = |why: &str| silent(why);
    let Ok(value) = serde_json::from_str::<Value>(line.trim()) else {
        return unusable("its process printed no answer");
    };
    if value.get("question").and_then(Value::as_str) != Some(question) {
        return unusable("the world changed while it was asked");
    }
    let text = |parent: &Value, key: &str| parent.get(key).and_then(Value::as_str).map(str::to_owned);
    let record = record(value.get("record").unwrap_or(&Value::Null));
    let opinion = match value.get("opinion") {
        Some(found @ Value::Object(_)) => {
            let decision = match found.get("decision") {
                Some(Value::Null) => Ok(None),
                Some(Value::String(word)) => match word.as_str() {
                    "allow" => Ok(Some(Decision::Allow)),
                    "ask" => Ok(Some(Decision::Ask)),
                    "deny" => Ok(Some(Decision::Deny)),
                    _ => Err(()),
                },
                Some(_) | None => Err(()),
            };
            match (decision, text(found, "rule"), text(found, "reason")) {
                (Ok(decision), Some(rule), Some(reason)) => Ok(Opinion {
                    decision,
                    rule,
                    reason,
                    quote: text(found, "quote"),
                    instead: text(found, "instead"),
                }),
                _ => return unusable("its process printed no answer"),
            }
        }
        Some(_) | None => Err(text(&value, "silence").unwrap_or_else(|| "it said nothing".to_owned())),
    };
    Judged { opinion, record }
}

/// No opinion, for this reason.
pub(crate) fn silent(why: &str) -> Judged {
    Judged {
        opinion: Err(why.to_owned()),
        record: JudgeRecord {
            error: Some(format!("process: {why}")),
            ..JudgeRecord::default()
        },
    }
}

fn record(value: &Value) -> JudgeRecord {
    let number = |key: &str| value.get(key).and_then(Value::as_u64).unwrap_or_default();
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let stages = value.get("stages").and_then(Value::as_array).into_iter().flatten();
    JudgeRecord {
        stage: u8::try_from(number("stage")).unwrap_or_default(),
        model: text("model").unwrap_or_default(),
        millis: number("millis"),
        tokens: number("tokens"),
        stages: stages
            .map(|stage| {
                let at = |index: usize| stage.get(index).and_then(Value::as_u64).unwrap_or_default();
                StageRecord {
                    stage: u8::try_from(at(0)).unwrap_or_default(),
                    millis: at(1),
                    tokens_in: at(2),
                    tokens_out: at(3),
                }
            })
            .collect(),
        micro_dollars: value.get("micro_dollars").and_then(Value::as_u64),
        cached: value.get("cached").and_then(Value::as_bool).unwrap_or_default(),
        error: text("error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_as_it_was_and_only_for_its_question() {
        let judged = Judged {
            opinion: Ok(Opinion {
                decision: Some(Decision::Allow),
                rule: "publishing".to_owned(),
                reason: "r".to_owned(),
                quote: Some("q".to_owned()),
                instead: None,
            }),
            record: JudgeRecord {
                stage: 2,
                model: "m".to_owned(),
                millis: 3,
                tokens: 4,
                stages: vec![StageRecord {
                    stage: 1,
                    millis: 2,
                    tokens_in: 3,
                    tokens_out: 1,
                }],
                micro_dollars: Some(5),
                cached: false,
                error: None,
            },
        };
        assert_eq!(read("abc", &write("abc", &judged)), judged);
        assert!(read("other", &write("abc", &judged)).opinion.is_err());
        for broken in [
            "",
            "{}",
            "allow",
            "{\"question\": \"abc\", \"opinion\": {\"decision\": \"yes\", \"rule\": \"\", \"reason\": \"\"}}",
        ] {
            assert!(read("abc", broken).opinion.is_err(), "{broken}");
        }
        let silence = silent("gone");
        assert_eq!(read("abc", &write("abc", &silence)), silence);
    }
}
