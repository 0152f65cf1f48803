//! What agents put into the environment of the commands that they run. Data only, each line with its source.

/// A variable that an agent sets for what its shell tool starts, and for nothing else.
pub(super) struct Marker {
    pub(super) variable: &'static str,
    pub(super) value: &'static str,
}

/// Variables that editors set in every terminal, also in the user's own, are left out.
pub(super) const MARKERS: &[Marker] = &[
    // Claude Code: https://code.claude.com/docs/en/env-vars
    Marker {
        variable: "CLAUDECODE",
        value: "1",
    },
    // Codex, where its sandbox has no network: https://github.com/openai/codex/blob/main/AGENTS.md
    Marker {
        variable: "CODEX_SANDBOX_NETWORK_DISABLED",
        value: "1",
    },
    // Gemini CLI: https://geminicli.com/docs/tools/shell
    Marker {
        variable: "GEMINI_CLI",
        value: "1",
    },
];

/// Whether one of the markers stands in an environment as the kernel shows it: `NAME=value`, each ended by a zero byte.
pub(super) fn is_marked(environment: &[u8]) -> bool {
    environment.split(|byte| *byte == 0).any(|entry| {
        MARKERS.iter().any(|marker| {
            entry
                .strip_prefix(marker.variable.as_bytes())
                .and_then(|rest| rest.strip_prefix(b"="))
                == Some(marker.value.as_bytes())
        })
    })
}
