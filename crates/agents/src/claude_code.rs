//! Claude Code: its command hooks. The vendor's words (event names, tool names, fields) end in this folder.
//! Read [`parse`], then [`render`]; [`tools`] says what each of its tools asks for.

mod output;
mod parse;
mod question;
mod render;
mod tell;
mod tools;

pub(crate) use tools::flatten;

use placet_model::AgentCapabilities;

use crate::{Agent, Environment};

pub(crate) const NAME: &str = "claude-code";

pub(crate) const AGENT: Agent = Agent {
    name: NAME,
    // `updatedInput` could rewrite a call, but with several hooks the last writer wins, so no verdict may rest on it.
    capabilities: AgentCapabilities {
        can_ask: true,
        can_rewrite: false,
        can_confine: false,
    },
    parse: parse::parse,
    tool: |tool, input| tools::input(tool, crate::fields::Fields(input), None),
    render: render::render,
    tell: tell::tell,
    refuse: render::refuse,
    reject: render::reject,
    attended,
};

/// Whether a person is there: the client says so in its hooks' environment; a one-shot run (`-p`) has nobody.
/// Where nothing is said, a question is put; the client itself refuses it when nobody can answer.
fn attended(variable: &Environment<'_>) -> bool {
    match variable("CLAUDE_CODE_SESSION_ATTENDED") {
        Some(value) => value == "1" || value == "true",
        None => variable("CLAUDE_CODE_ENTRYPOINT").is_none_or(|entry| entry != "sdk-cli"),
    }
}

#[cfg(test)]
mod tests {
    use super::attended;

    #[test]
    fn a_one_shot_run_has_nobody_to_ask_and_a_terminal_has() {
        let environment =
            |name: &'static str, value: &'static str| move |asked: &str| (asked == name).then(|| value.to_owned());
        assert!(attended(&environment("CLAUDE_CODE_SESSION_ATTENDED", "1")));
        assert!(!attended(&environment("CLAUDE_CODE_SESSION_ATTENDED", "0")));
        assert!(!attended(&environment("CLAUDE_CODE_ENTRYPOINT", "sdk-cli")));
        assert!(attended(&environment("CLAUDE_CODE_ENTRYPOINT", "cli")));
        assert!(attended(&|_| None));
    }
}
