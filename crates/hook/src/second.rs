//! The second opinion on a suspicious text: asked for in a process of its own, only if the user's policy wants it and a judge is
//! configured, and what it may change. No opinion, for whatever reason, changes nothing.

use std::time::Duration;

use placet_engine::Policy;
use placet_facts::World;
use placet_model::{Event, Facts, Steers};
use placet_probe::{Finding, Level};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Call, judge};

/// Parts that are shown.
const PARTS: usize = 4;
/// As much of each, in bytes.
const PART: usize = 4000;

/// What `placet judge look` is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The suspicious parts, without secrets.
    pub parts: Vec<String>,
    /// Something that the text can't know.
    pub secret: String,
}

impl Asked {
    fn write(&self) -> String {
        json!({ "parts": self.parts, "secret": self.secret }).to_string()
    }

    /// Reads what was written.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let parts = value.get("parts")?.as_array()?.iter();
        Some(Self {
            parts: parts
                .map(|part| part.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            secret: value.get("secret")?.as_str()?.to_owned(),
        })
    }

    /// A name for exactly this.
    fn name(&self) -> String {
        let hash = Sha256::digest(self.write());
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The line that answers it.
#[must_use]
pub fn answer(asked: &Asked, said: &Result<Steers, String>) -> String {
    let (word, error) = match said {
        Ok(said) => (Some(said.name()), None),
        Err(why) => (None, Some(why)),
    };
    json!({ "question": asked.name(), "injection": word, "error": error }).to_string()
}

fn read(asked: &Asked, line: &str) -> Result<Steers, String> {
    let value: Value = serde_json::from_str(line.trim()).map_err(|_| "its process printed no answer".to_owned())?;
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    if text("question") != Some(asked.name().as_str()) {
        return Err("the answer is to another question".to_owned());
    }
    let said = text("injection").and_then(Steers::from_name);
    said.ok_or_else(|| text("error").unwrap_or("it said nothing").to_owned())
}

/// The second opinion, if one is wanted.
pub(crate) fn opinion(
    finding: &Finding,
    output: &str,
    event: &Event,
    policy: &Policy,
    facts: &World,
    call: &Call<'_>,
) -> Option<Result<Steers, String>> {
    let settings = policy.settings();
    if !settings.probe_second_opinion() || !settings.judge().is_configured() {
        return None;
    }
    let parts = finding.parts.iter().take(PARTS).map(|part| {
        let text = part
            .decoded
            .as_deref()
            .unwrap_or_else(|| output.get(part.start..part.end).unwrap_or_default());
        let text = placet_audit::redact(text);
        text.get(..text.floor_char_boundary(PART))
            .unwrap_or_default()
            .to_owned()
    });
    let asked = Asked {
        parts: parts.collect(),
        secret: event.session.clone(),
    };
    let deadline = Duration::from_secs(u64::from(settings.judge().seconds()));
    let line = judge::run(
        &["judge", "look"],
        asked.write().as_bytes(),
        facts.project(),
        deadline,
        call,
    );
    Some(line.and_then(|line| read(&asked, &line)))
}

/// The level with the second opinion: a yes raises it by one, a no makes a medium finding a low one. A finding stays one, and
/// what is high stays high: a text may have talked the other model round as well.
pub(crate) fn weigh(level: Level, said: Option<&Result<Steers, String>>) -> Level {
    match (said, level) {
        (Some(Ok(Steers::Yes)), Level::Low) => Level::Medium,
        (Some(Ok(Steers::Yes)), Level::Medium) => Level::High,
        (Some(Ok(Steers::No)), Level::Medium) => Level::Low,
        (
            None | Some(Err(_) | Ok(Steers::Yes | Steers::No | Steers::Unsure)),
            Level::None | Level::Low | Level::Medium | Level::High,
        ) => level,
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Steers, answer, read, weigh};
    use placet_probe::Level;

    #[test]
    fn an_opinion_raises_by_one_or_lowers_a_medium_finding_and_nothing_else_changes_it() {
        let with = |level, said: Result<Steers, String>| weigh(level, Some(&said));
        assert_eq!(with(Level::Low, Ok(Steers::Yes)), Level::Medium);
        assert_eq!(with(Level::Medium, Ok(Steers::Yes)), Level::High);
        assert_eq!(with(Level::High, Ok(Steers::Yes)), Level::High);
        assert_eq!(with(Level::Medium, Ok(Steers::No)), Level::Low);
        for level in [Level::Low, Level::High] {
            assert_eq!(with(level, Ok(Steers::No)), level);
        }
        for level in [Level::Low, Level::Medium, Level::High] {
            assert_eq!(with(level, Ok(Steers::Unsure)), level);
            assert_eq!(with(level, Err("out of reach".to_owned())), level);
            assert_eq!(weigh(level, None), level);
        }
    }

    #[test]
    fn an_answer_comes_back_as_it_was_and_only_for_its_question() {
        let asked = |part: &str| Asked {
            parts: vec![part.to_owned()],
            secret: "s".to_owned(),
        };
        assert_eq!(Asked::read(asked("a").write().as_bytes()), Some(asked("a")));
        for said in [
            Ok(Steers::Yes),
            Ok(Steers::No),
            Ok(Steers::Unsure),
            Err("gone".to_owned()),
        ] {
            assert_eq!(read(&asked("a"), &answer(&asked("a"), &said)), said);
            assert!(read(&asked("b"), &answer(&asked("a"), &said)).is_err());
        }
        for broken in ["", "{}", "no", "{\"injection\": \"no\"}"] {
            assert!(read(&asked("a"), broken).is_err(), "{broken}");
        }
    }
}
