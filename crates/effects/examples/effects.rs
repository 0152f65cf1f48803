//! Prints what commands would do, one effect a line: `cargo run --example effects -- 'rm -rf build' …`. In the neutral world.

use placet_model::{Action, Dialect, Mode, Principal, Tier, ToolInput};

fn main() {
    for command in std::env::args().skip(1) {
        let facts = placet_facts::NeutralWorld::new(None, None);
        let action = Action {
            principal: Principal::default(),
            id: String::new(),
            tool: "Bash".into(),
            input: ToolInput::Shell {
                command: command.clone(),
                dialect: Dialect::Bash,
                background: false,
                unconfined: false,
            },
            mode: Mode::Auto,
            tier: Tier::Balanced,
            attended: true,
        };
        println!("{command}");
        for effect in &placet_effects::analyse(&action, &facts).effects.list {
            let note = effect
                .qualifiers
                .note
                .as_deref()
                .map(|note| format!("  ({note})"))
                .unwrap_or_default();
            println!(
                "    {}  by {}{note}",
                placet_effects::render::effect(effect, &facts),
                effect.by
            );
        }
    }
}
