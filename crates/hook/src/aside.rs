//! What was chosen for a session on its command line, as a line that goes before the message to the judge's process: policy
//! that stands in no file of its own, and directories that count as the project. Written and read; nothing is decided by it.

use placet_engine::{Failure, Format, PolicyText, Scope};
use serde_json::{Value, json};

/// What no file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Policy of the command line.
    pub policy: Vec<PolicyText>,
    /// Further directories that count as the project.
    pub directories: Vec<String>,
    /// The audit log, if it is not the usual one.
    pub log: Option<String>,
}

impl Aside {
    /// Whether there is nothing to be told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policy.is_empty() && self.directories.is_empty() && self.log.is_none()
    }

    /// As one line of JSON, with its end.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        let policy: Vec<Value> = self
            .policy
            .iter()
            .map(|text| json!({"origin": text.origin, "format": name(text.format), "text": text.text}))
            .collect();
        let all = json!({"policy": policy, "directories": self.directories, "log": self.log});
        format!("{all}\n").into_bytes()
    }

    /// The first line of these bytes, and the rest of them.
    ///
    /// # Errors
    /// When it is no such line.
    pub fn split(bytes: &[u8]) -> Result<(Self, &[u8]), Failure> {
        let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
        let (line, rest) = bytes.split_at(end);
        Self::read(line)
            .map(|aside| (aside, rest))
            .ok_or_else(|| Failure::BadInput("what goes before the message can't be read".to_owned()))
    }

    fn read(line: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(line).ok()?;
        let text = |value: &Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
        let policy = value.get("policy")?.as_array()?.iter().map(|one| {
            Some(PolicyText {
                origin: text(one, "origin")?,
                scope: Scope::CommandLine,
                format: format(&text(one, "format")?)?,
                text: text(one, "text")?,
                trusted: true,
            })
        });
        let directories = value.get("directories")?.as_array()?.iter();
        Some(Self {
            policy: policy.collect::<Option<_>>()?,
            directories: directories
                .map(|path| path.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            log: text(&value, "log"),
        })
    }
}

fn name(format: Format) -> &'static str {
    match format {
        Format::PlacetToml => "placet",
        Format::ClaudeSettings => "claude-settings",
        Format::ClaudePolicy => "claude-policy",
    }
}

fn format(name: &str) -> Option<Format> {
    [Format::PlacetToml, Format::ClaudeSettings, Format::ClaudePolicy]
        .into_iter()
        .find(|format| self::name(*format) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read_and_the_message_follows() {
        let aside = Aside {
            policy: vec![PolicyText {
                origin: "/p/settings.json".to_owned(),
                scope: Scope::CommandLine,
                format: Format::ClaudeSettings,
                text: "{\n\"judge\": 1}".to_owned(),
                trusted: true,
            }],
            directories: vec!["/other".to_owned()],
            log: Some("/elsewhere.jsonl".to_owned()),
        };
        let mut bytes = aside.line();
        bytes.extend_from_slice(b"{}");
        let (read, rest) = Aside::split(&bytes).unwrap();
        assert_eq!((read, rest), (aside, b"\n{}".as_slice()));
        for broken in ["", "{}", "{\"policy\": [{}], \"directories\": []}"] {
            assert!(Aside::split(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
