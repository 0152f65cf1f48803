//! Every entry of `carriers.toml`: its assignment has an effect, its neighbour has none. Judged in the neutral world.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_effects::render;
use placet_model::{Action, Dialect, Mode, Principal, Tier, ToolInput};

fn effects(command: String) -> Vec<String> {
    let facts = placet_facts::NeutralWorld::new(None, None);
    let action = Action {
        principal: Principal::default(),
        id: String::new(),
        tool: "Bash".into(),
        input: ToolInput::Shell {
            command,
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        },
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: true,
    };
    let found = placet_effects::analyse(&action, &facts).effects.list;
    found.iter().map(|effect| render::effect(effect, &facts)).collect()
}

#[test]
fn every_carrier_fires_and_its_neighbour_is_silent() {
    let text = include_str!("../carriers.toml");
    let table: toml::Table = toml::from_str(text).expect("carriers.toml is TOML");
    let mut seen = 0;
    for (kind, start) in [("variable", "export "), ("git-setting", "git -c ")] {
        for entry in table[kind].as_array().expect("a list") {
            let command = |key: &str| {
                let assignment = entry[key].as_str().expect("a text");
                match kind {
                    "variable" => format!("{start}{assignment}"),
                    _ => format!("{start}'{assignment}' status"),
                }
            };
            let (fires, silent) = (command("fires"), command("silent"));
            assert!(!effects(fires.clone()).is_empty(), "{fires} has no effect");
            assert_eq!(effects(silent.clone()), Vec::<String>::new(), "{silent}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen} entries");
}

#[test]
fn names_are_found_by_pattern_and_in_any_case_where_programs_do_so() {
    for carrier in [
        "export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER=./x.sh",
        "export NPM_CONFIG_REGISTRY=https://x.example",
        "export npm_config_script-shell=./x.sh; env npm_config_script-shell=./x.sh npm test",
        "export HTTPS_PROXY=http://x.example",
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0=./x.sh git log",
    ] {
        assert!(!effects(carrier.into()).is_empty(), "{carrier}");
    }
    // Another variable: programs on these systems tell small letters from capital ones.
    assert_eq!(effects("git_editor=./x.sh git status".into()), Vec::<String>::new());
}
