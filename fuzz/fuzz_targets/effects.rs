//! Any command: the analysis never panics, takes bounded time, and every effect points into the text that causes it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_effects::analyse;
use placet_facts::NeutralWorld;
use placet_model::{Action, Dialect, Mode, Principal, Tier, ToolInput};

fuzz_target!(|command: &str| {
    let facts = NeutralWorld::new(None, None);
    let action = Action {
        principal: Principal::default(),
        id: String::new(),
        tool: "Bash".to_owned(),
        input: ToolInput::Shell {
            command: command.to_owned(),
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        },
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: true,
    };
    for effect in analyse(&action, &facts).effects.list {
        assert!(effect.span.of(command).is_some(), "{effect:?} points beside the text");
    }
});
