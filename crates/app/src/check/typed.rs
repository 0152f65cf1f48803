//! One call as typed at the command line: its tool, its text and its world.

use std::path::Path;

use placet_engine::Decided;
use placet_facts::{NeutralWorld, SessionState};
use placet_model::{Dialect, Facts, ToolInput};
use serde_json::Value;

use super::case::presumed;
use crate::explain::About;
use crate::judging::{self, Judging};
use crate::{Error, cli};

/// A call and all that it takes to decide it.
pub(crate) struct Typed {
    tool: String,
    input: ToolInput,
    facts: Box<dyn Facts>,
    judging: Judging,
}

impl Typed {
    /// As typed. Files of this machine are looked at unless the neutral world is asked for.
    pub(crate) fn new(tool: &str, words: &[String], cwd: Option<&Path>, typed: &cli::Judging) -> Result<Self, Error> {
        let input = input(tool, words)?;
        let real = !typed.neutral;
        let cwd_text = cwd.map(|path| path.to_string_lossy().into_owned());
        let (facts, judging): (Box<dyn Facts>, Judging) = if real {
            let home = judging::places()?.home;
            let cwd = match cwd_text {
                Some(cwd) => placet_facts::paths::absolute(&cwd, &here()?, &home),
                None => here()?,
            };
            let world = placet_facts::World::new(&cwd, None, &home, SessionState::default());
            let judging = Judging::new(typed, true, world.project())?;
            let world = world.with_extra_directories(judging.policy.settings().directories());
            (Box::new(world), judging)
        } else {
            let world = match cwd_text.as_deref() {
                None => presumed(tool, &input),
                cwd => NeutralWorld::new(cwd, None),
            };
            let judging = Judging::new(typed, false, world.project())?;
            (Box::new(world), judging)
        };
        Ok(Self {
            tool: tool.to_owned(),
            input,
            facts,
            judging,
        })
    }

    /// Decides it.
    pub(crate) fn decide(&self) -> Decided {
        self.judging.decide(&self.tool, self.input.clone(), self.facts(), None)
    }

    /// What an explanation is about. Nobody is asked, here.
    pub(crate) fn about(&self) -> About<'_> {
        let judge = if self.judging.policy.settings().judge().is_configured() {
            "would be asked here; explaining asks nobody"
        } else {
            "none is configured, so what is undecided becomes ask"
        };
        About {
            text: self.text(),
            facts: self.facts(),
            judge: judge.to_owned(),
        }
    }

    pub(crate) fn facts(&self) -> &dyn Facts {
        &*self.facts
    }

    /// The text that spans of its effects point into.
    pub(crate) fn text(&self) -> &str {
        self.input.text().unwrap_or(&self.tool)
    }
}

/// The directory that this process works in.
pub(crate) fn here() -> Result<String, Error> {
    let path = std::env::current_dir().map_err(Error::file("find", Path::new(".")))?;
    path.into_os_string().into_string().map_err(|_| {
        Error::input(
            "the working directory is not UTF-8",
            "work in a directory whose name is",
        )
    })
}

/// The project around a directory of this machine.
pub(crate) fn real_project(directory: Option<&Path>) -> Result<String, Error> {
    let home = judging::places()?.home;
    let here = here()?;
    let directory = directory.map_or_else(
        || here.clone(),
        |path| placet_facts::paths::absolute(&path.to_string_lossy(), &here, &home),
    );
    let world = placet_facts::World::new(&directory, None, &home, SessionState::default());
    Ok(world.project().to_owned())
}

fn input(tool: &str, words: &[String]) -> Result<ToolInput, Error> {
    let text = command(words);
    if let (true, Ok(Value::Object(arguments))) = (text.starts_with('{'), serde_json::from_str(&text)) {
        let agent = placet_agents::by_name("claude-code")
            .ok_or_else(|| Error::input("the agent `claude-code` is not known", "build Placet with it"))?;
        return (agent.tool)(tool, &arguments).map_err(|problem| {
            Error::input(
                format!("arguments of `{tool}`: {problem}"),
                "give them as that tool takes them",
            )
        });
    }
    let path = text.clone();
    Ok(match tool.to_ascii_lowercase().as_str() {
        "bash" | "shell" => ToolInput::Shell {
            command: text,
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        },
        "powershell" => ToolInput::Shell {
            command: text,
            dialect: Dialect::PowerShell,
            background: false,
            unconfined: false,
        },
        "read" => ToolInput::Read { path },
        "write" => ToolInput::Write {
            path,
            content: String::new(),
        },
        "edit" | "multiedit" => ToolInput::Edit {
            path,
            changes: Vec::new(),
        },
        "delete" => ToolInput::Delete { path },
        "list" | "ls" => ToolInput::List {
            path: Some(path),
            pattern: None,
        },
        "glob" => ToolInput::List {
            path: None,
            pattern: Some(text),
        },
        "search" | "grep" => ToolInput::Search {
            path: Some(path),
            filter: None,
        },
        "fetch" | "webfetch" => ToolInput::Fetch { url: text },
        "websearch" => ToolInput::WebSearch { query: text },
        _ => {
            return Err(Error::input(
                format!("`{tool}` needs its arguments as a JSON object"),
                format!("for example: placet check --tool {tool} '{{\"path\": \"src\"}}'"),
            ));
        }
    })
}

/// One word is a command's text; several are words of one command.
pub(crate) fn command(words: &[String]) -> String {
    match words {
        [text] => text.clone(),
        words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    }
}

/// The word so that a shell reads it as one.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn several_words_are_quoted_as_one_command_and_one_word_is_taken_as_it_is() {
        let words = |all: &[&str]| command(&all.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["git commit -m 'x y'"]), "git commit -m 'x y'");
        assert_eq!(words(&["git", "commit", "-m", "it's"]), "git commit -m 'it'\\''s'");
        assert_eq!(words(&["rm", "a;b", ""]), "rm 'a;b' ''");
    }
}
