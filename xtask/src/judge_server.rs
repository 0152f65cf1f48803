//! `xtask judge-server`: the judge's client against a server that nobody here wrote, llama.cpp's, with a tiny random model.
//! It shows that the wire fits: one token at the first stage, an answer in the schema's form at the second. It judges
//! nothing.

use std::time::Duration;

use placet_facts::NeutralWorld;
use placet_judge::{Asking, Case, Deadline, Dialect, Http, Prose, Question, ask};
use placet_model::{Action, Decision, Dialect as Shell, Mode, Principal, Tier, ToolInput};

use crate::llama::Llama;

/// How long an answer may take. The model is tiny, but its tokens are bytes, and the rules are a long text.
const ANSWERING: Duration = Duration::from_secs(300);

/// Runs the command.
///
/// # Errors
/// A sentence for a person.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let server = Llama::of(arguments)?.start("chatml")?;
    let service = Http::new(Dialect::OpenAi, Some(&server.url()), "tiny", None).map_err(|error| error.to_string())?;
    for first in [true, false] {
        let asking = Asking {
            first,
            price: None,
            cache: None,
        };
        let judged = ask(&question(), &service, &asking, &Deadline::after(ANSWERING));
        let stages: Vec<String> = judged
            .record
            .stages
            .iter()
            .map(|took| {
                format!(
                    "stage {}: {} ms, {} tokens in, {} out",
                    took.stage, took.millis, took.tokens_in, took.tokens_out
                )
            })
            .collect();
        println!("{}", stages.join("; "));
        let opinion = judged.opinion.map_err(|why| format!("no opinion: {why}"))?;
        let said = opinion.decision.map_or("unsure", Decision::name);
        println!("    {said} by {}: {}", opinion.rule, opinion.reason);
        let tokens = |stage: u8| {
            let mut took = judged.record.stages.iter().filter(move |took| took.stage == stage);
            took.next().map(|took| took.tokens_out)
        };
        if first && tokens(1).is_none_or(|count| count > 1) {
            return Err("the first stage is not one token".to_owned());
        }
        if !first && tokens(2).is_none_or(|count| count < 2) {
            return Err("the second stage said nothing".to_owned());
        }
    }
    Ok(())
}

/// A question that any judge would be asked.
fn question() -> Question {
    let facts = NeutralWorld::new(None, None).with_user_messages(vec!["please publish version 0.3.1".to_owned()]);
    let action = Action {
        principal: Principal::default(),
        id: String::new(),
        tool: "Bash".to_owned(),
        input: ToolInput::Shell {
            command: "cargo publish".to_owned(),
            dialect: Shell::Bash,
            background: false,
            unconfined: false,
        },
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: true,
    };
    Question::new(&Case {
        action: &action,
        effects: &placet_effects::analyse(&action, &facts).effects,
        facts: &facts,
        boundaries: &[],
        earlier: &[],
        prose: &Prose::default(),
        redact: &crate::judge::plain,
    })
}
