//! The commands: `commands/*.txt`. A line `# NAME` begins the commands of a program (or of a feature of the shell); each further line is a
//! command; lines that begin with a tab continue the one before; `? ` in front marks a known gap. All of them are harmless by construction: they name nothing
//! outside of the project, the home and the temporary directory of the jail.

use serde::{Deserialize, Serialize};

/// One command.
#[derive(Serialize, Deserialize)]
pub struct Command {
    /// The program it is about.
    pub program: String,
    /// The text.
    pub text: String,
    /// Something happens that is not predicted yet, and has to go on to be noticed until it is.
    pub known_gap: bool,
}

const FILES: &[&str] = &["archives", "code", "files", "git", "shell", "system", "text"];

/// Every command.
pub fn all() -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for file in FILES {
        let path = format!("{}/tests/effects/commands/{file}.txt", env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read_to_string(path).unwrap();
        let mut program = "";
        for line in file.lines() {
            if let Some(name) = line.strip_prefix("# ") {
                program = name;
            } else if let Some(more) = line.strip_prefix('\t') {
                let last = commands.last_mut().expect("a command before its continuation");
                last.text.push('\n');
                last.text.push_str(more);
            } else if !line.is_empty() {
                assert!(!program.is_empty(), "a command before any program");
                commands.push(Command {
                    program: program.to_owned(),
                    text: line.strip_prefix("? ").unwrap_or(line).to_owned(),
                    known_gap: line.starts_with("? "),
                });
            }
        }
    }
    commands
}

/// Those that this run is about.
pub fn chosen() -> Vec<Command> {
    let only = std::env::var("PLACET_EFFECTS_ONLY").ok();
    let every = if only.is_some() || std::env::var("PLACET_EFFECTS_ALL").is_ok_and(|value| !value.is_empty()) {
        1
    } else {
        10
    };
    let wanted = |command: &Command| {
        only.as_ref()
            .is_none_or(|only| command.text.contains(only) || command.program == *only)
    };
    all().into_iter().step_by(every).filter(wanted).collect()
}
