//! `${VAR}` and `${VAR:-default}` in the texts of a server's entry: as written, as they become, and as a shell would be told.

use std::fmt::Write;

/// A text with variables in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Plain(String),
    Variable {
        name: String,
        default: Option<String>,
        /// What it is, once that was looked up.
        value: Option<String>,
    },
}

/// What becomes of a text when its variables are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expanded {
    Whole(Text),
    /// This variable is not set and has no default.
    Missing(String),
}

impl Text {
    /// As it is written. What is no reference to a variable stands for itself.
    pub(crate) fn of(written: &str) -> Self {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once("${") {
            plain.push_str(before);
            let reference = after.split_once('}').and_then(|(inside, behind)| {
                let (name, default) = match inside.split_once(":-") {
                    Some((name, default)) => (name, Some(default.to_owned())),
                    None => (inside, None),
                };
                super::names::is_variable(name).then(|| (name.to_owned(), default, behind))
            });
            match reference {
                Some((name, default, behind)) => {
                    parts.push(Part::Plain(core::mem::take(&mut plain)));
                    parts.push(Part::Variable {
                        name,
                        default,
                        value: None,
                    });
                    rest = behind;
                }
                None => {
                    plain.push_str("${");
                    rest = after;
                }
            }
        }
        plain.push_str(rest);
        parts.push(Part::Plain(plain));
        parts.retain(|part| *part != Part::Plain(String::new()));
        Self { parts }
    }

    /// Names of the variables in it.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Plain(_) => None,
            Part::Variable { name, .. } => Some(name.as_str()),
        })
    }

    /// With what its variables are. A value is never looked into again.
    pub(crate) fn fill(mut self, variable: &dyn Fn(&str) -> Option<String>) -> Expanded {
        for part in &mut self.parts {
            if let Part::Variable { name, default, value } = part {
                let found = variable(name).filter(|found| !found.is_empty() && !found.contains('\0'));
                *value = found.or_else(|| default.clone());
                if value.is_none() {
                    return Expanded::Missing(name.clone());
                }
            }
        }
        Expanded::Whole(self)
    }

    /// What it has become.
    pub(crate) fn value(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Plain(text) => text.as_str(),
                Part::Variable { value, .. } => value.as_deref().unwrap_or_default(),
            })
            .collect()
    }

    /// As one word of a shell's, to the letter. Values of variables that may be secret stay references: the engine takes them
    /// for unknown, and the log has none of them.
    pub(crate) fn word(&self, all_references: bool) -> String {
        let mut word = String::new();
        let mut literal = String::new();
        for part in &self.parts {
            match part {
                Part::Plain(text) => literal.push_str(text),
                Part::Variable { name, value, default } => {
                    // A default is the file's own text, no secret.
                    let is_default = value.is_some() && value == default;
                    if !is_default && (all_references || may_be_secret(name)) {
                        quote(&mut word, &core::mem::take(&mut literal));
                        // Writing to a string can't fail.
                        let _ = write!(word, "\"${{{name}}}\"");
                    } else {
                        literal.push_str(value.as_deref().unwrap_or_default());
                    }
                }
            }
        }
        if word.is_empty() && literal.is_empty() {
            return "''".to_owned();
        }
        quote(&mut word, &literal);
        word
    }
}

fn quote(word: &mut String, text: &str) {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+,".contains(letter);
    if text.is_empty() || text.chars().all(plain) {
        word.push_str(text);
    } else {
        let _ = write!(word, "'{}'", text.replace('\'', "'\\''"));
    }
}

fn may_be_secret(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "KEY", "TOKEN", "SECRET", "PASS", "AUTH", "CRED", "PWD", "COOKIE", "SESSION",
    ];
    let name = name.to_ascii_uppercase();
    name != "PWD" && WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{Expanded, Text};

    fn filled(written: &str) -> Result<Text, String> {
        let variable = |name: &str| match name {
            "DIR" => Some("/a b".to_owned()),
            "API_TOKEN" => Some("t0k3n".to_owned()),
            "NESTED" => Some("${DIR}".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        match Text::of(written).fill(&variable) {
            Expanded::Whole(text) => Ok(text),
            Expanded::Missing(name) => Err(name),
        }
    }

    #[test]
    fn variables_and_defaults_are_filled_in_once() {
        for (written, becomes) in [
            ("plain", "plain"),
            ("${DIR}/x", "/a b/x"),
            ("${MISSING:-y}", "y"),
            ("${MISSING:-}", ""),
            ("${EMPTY:-z}", "z"),
            ("${DIR:-y}", "/a b"),
            ("${NESTED}", "${DIR}"),
            ("$DIR ${", "$DIR ${"),
            ("${not a name}", "${not a name}"),
            ("${DIR}${DIR}", "/a b/a b"),
        ] {
            assert_eq!(
                filled(written).map(|text| text.value()),
                Ok(becomes.to_owned()),
                "{written}"
            );
        }
        assert_eq!(filled("a ${MISSING}"), Err("MISSING".to_owned()));
    }

    #[test]
    fn a_shell_would_read_the_same_word_and_secrets_stay_references() {
        for (written, word) in [
            ("a.b/c", "a.b/c"),
            ("", "''"),
            ("it's; rm -rf $HOME `x`", "'it'\\''s; rm -rf $HOME `x`'"),
            ("${DIR}/x", "'/a b/x'"),
            ("A=b", "'A=b'"),
            ("--key=${API_TOKEN}.", "'--key='\"${API_TOKEN}\"."),
            ("${MY_TOKEN:-none}", "none"),
        ] {
            assert_eq!(filled(written).unwrap().word(false), word);
        }
        assert_eq!(filled("x${DIR}").unwrap().word(true), "x\"${DIR}\"");
    }
}
