//! Every `[[example]]` of every command file as a test of its own name. Judged in the neutral world.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use placet_effects::render;
use placet_model::{Action, Dialect, Mode, Principal, Tier, ToolInput};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    name: String,
    #[serde(rename = "example")]
    examples: Vec<Example>,
}

#[derive(Clone, Deserialize)]
struct Example {
    run: String,
    effects: Vec<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    cwd: Option<String>,
}

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let commands = Path::new(env!("CARGO_MANIFEST_DIR")).join("commands");
    let mut files: Vec<_> = std::fs::read_dir(commands)
        .expect("commands are there")
        .map(|entry| entry.expect("entry").path())
        .collect();
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let file: File = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (index, example) in file.examples.into_iter().enumerate() {
            let name = format!(
                "{}::{:02} {}",
                file.name,
                index + 1,
                example.run.lines().next().unwrap_or("")
            );
            trials.push(Trial::test(name, move || check(&example)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn check(example: &Example) -> Result<(), Failed> {
    let mut facts = placet_facts::NeutralWorld::new(example.cwd.as_deref(), Some("/home/dev/project"));
    for (path, text) in &example.files {
        facts = facts.with_file(path, Some(text.clone()));
    }
    let action = Action {
        principal: Principal::default(),
        id: String::new(),
        tool: "Bash".into(),
        input: ToolInput::Shell {
            command: example.run.clone(),
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        },
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: true,
    };
    let analysis = placet_effects::analyse(&action, &facts);
    let mut seen: Vec<String> = analysis
        .effects
        .list
        .iter()
        .map(|effect| render::effect(effect, &facts))
        .collect();
    seen.sort();
    seen.dedup();
    let mut wanted = example.effects.clone();
    wanted.sort();
    wanted.dedup();
    if seen == wanted {
        return Ok(());
    }
    let notes: Vec<String> = analysis
        .effects
        .list
        .iter()
        .filter_map(|effect| effect.qualifiers.note.clone())
        .collect();
    Err(format!(
        "{}\n   wanted {wanted:?}\n     seen {seen:?}\n    notes {notes:?}",
        example.run
    )
    .into())
}
