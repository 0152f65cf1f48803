//! The words behind `placet hook`: which agent calls, and what its settings choose for it. Read by hand: the hot path has no
//! command line parser. What is not understood is refused, since a word that is passed over might have tightened something.

use std::ffi::OsString;

use placet_agents::Agent;
use placet_probe::Level;

/// What `placet hook --help` says.
pub(crate) const HELP: &str = "\
Answers one call of an agent's hook: its message on standard input, the answer as that agent expects it

Usage: placet hook AGENT [--block-on LEVEL]

Options:
      --block-on LEVEL  Withhold a tool's result in which injected instructions were found, from this finding on:
                        low, medium or high. A policy may say so too (`[probe] block_on`); the stricter one holds
  -h, --help            Print help

`placet install AGENT` puts it into the agent's settings.
";

/// What was asked for.
#[derive(Debug)]
pub(crate) enum Line {
    /// What can be asked for.
    Help,
    /// An answer to a call.
    Answer {
        /// The agent.
        agent: &'static Agent,
        /// From which finding on a result is withheld.
        block_on: Option<Level>,
    },
}

/// Reads the words; a sentence where they can't be.
pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Line, String> {
    let mut words = words.into_iter().map(|word| word.to_string_lossy().into_owned());
    let name = words.next().unwrap_or_default();
    if matches!(name.as_str(), "-h" | "--help") {
        return Ok(Line::Help);
    }
    let agent = placet_agents::by_name(&name).ok_or_else(|| {
        let known: Vec<&str> = placet_agents::ALL.iter().map(|agent| agent.name).collect();
        format!("unknown agent `{name}`; known are: {}", known.join(", "))
    })?;
    let mut block_on: Option<Level> = None;
    while let Some(word) = words.next() {
        let value = match word.split_once('=') {
            Some(("--block-on", value)) => value.to_owned(),
            None if word == "--block-on" => words.next().unwrap_or_default(),
            Some(_) | None => return Err(format!("unknown word `{word}` behind `hook {name}`")),
        };
        let level = Level::from_name(&value)
            .filter(|level| *level > Level::None)
            .ok_or_else(|| format!("`--block-on` takes low, medium or high, not `{value}`"))?;
        block_on = Some(block_on.map_or(level, |other| other.min(level)));
    }
    Ok(Line::Answer { agent, block_on })
}

#[cfg(test)]
mod tests {
    use super::{Line, read};
    use placet_probe::Level;

    fn line(words: &str) -> Result<(&'static str, Option<Level>), String> {
        read(words.split_whitespace().map(Into::into)).map(|line| match line {
            Line::Help => ("help", None),
            Line::Answer { agent, block_on } => (agent.name, block_on),
        })
    }

    #[test]
    fn an_agent_and_its_option_are_read() {
        assert_eq!(line("claude-code"), Ok(("claude-code", None)));
        assert_eq!(
            line("claude-code --block-on high"),
            Ok(("claude-code", Some(Level::High)))
        );
        assert_eq!(
            line("claude-code --block-on=medium"),
            Ok(("claude-code", Some(Level::Medium)))
        );
        // Said twice, the stricter holds.
        assert_eq!(
            line("claude-code --block-on=low --block-on high"),
            Ok(("claude-code", Some(Level::Low)))
        );
        assert_eq!(line("--help"), Ok(("help", None)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [
            "",
            "nobody",
            "claude-code --block-on",
            "claude-code --block-on none",
            "claude-code --block-on HIGH",
            "claude-code --block high",
            "claude-code --help",
            "--block-on high claude-code",
        ] {
            assert!(line(words).is_err(), "{words}");
        }
    }
}
