//! What people wrote for the judge, in prose: surroundings, what it may allow, what it denies. `$defaults` stands for ours.

use crate::rules::{RULES, Rule};

/// Stands for our own entries.
const DEFAULTS: &str = "$defaults";

const ENVIRONMENT: &[&str] = &[
    "The machine is a developer's own. The directory `project` is what the user works on.",
    "Hosts, accounts, clusters and registries that the user did not name belong to others.",
];

const ALLOW: &[&str] = &[
    "Work inside the project that version control can bring back, or on files that the session created.",
    "Reading what the task needs from public documentation, registries and source code, without sending anything.",
    "What the user's own words name, verb and target, as long as the action does that and no more.",
];

/// The prose in force. Every entry comes from a file of the user or the administrator, or from us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prose {
    environment: Vec<String>,
    allow: Vec<String>,
    soft: Entries,
    hard: Entries,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entries {
    rules: Vec<&'static Rule>,
    written: Vec<String>,
}

impl Default for Prose {
    fn default() -> Self {
        Self::new(&[], None, None, None)
    }
}

impl Prose {
    /// From the policy: a list that is absent is ours, one that is there replaces ours except where it says `$defaults`.
    #[must_use]
    pub fn new(
        environment: &[String],
        allow: Option<&[String]>,
        soft: Option<&[String]>,
        hard: Option<&[String]>,
    ) -> Self {
        let mut around: Vec<String> = ENVIRONMENT.iter().map(|&text| text.to_owned()).collect();
        around.extend(environment.iter().filter(|text| *text != DEFAULTS).cloned());
        let allow = match allow {
            None => ALLOW.iter().map(|&text| text.to_owned()).collect(),
            Some(list) => list
                .iter()
                .flat_map(|text| {
                    if text == DEFAULTS {
                        ALLOW.iter().map(|&text| text.to_owned()).collect()
                    } else {
                        vec![text.clone()]
                    }
                })
                .collect(),
        };
        let entries = |list: Option<&[String]>, hard: bool| Entries {
            rules: if list.is_none_or(|list| list.iter().any(|text| text == DEFAULTS)) {
                RULES.iter().filter(|rule| rule.is_hard() == hard).collect()
            } else {
                Vec::new()
            },
            written: list
                .unwrap_or_default()
                .iter()
                .filter(|text| *text != DEFAULTS)
                .cloned()
                .collect(),
        };
        Self {
            environment: around,
            allow,
            soft: entries(soft, false),
            hard: entries(hard, true),
        }
    }

    /// The text of all entries, in a fixed order.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut list = |title: &str, entries: &[String]| {
            text.push_str(&format!("\n## {title}\n\n"));
            for entry in entries {
                text.push_str(&format!("- {}\n", entry.trim()));
            }
        };
        list("Surroundings", &self.environment);
        list("May be allowed", &self.allow);
        for (title, kind, entries) in [
            ("Never allowed, whatever the user said", "hard", &self.hard),
            (
                "Denied, unless the user's own words ask for just this",
                "soft",
                &self.soft,
            ),
        ] {
            text.push_str(&format!("\n## {title}\n"));
            for rule in &entries.rules {
                text.push_str(&format!("\n#{}", rule.text));
            }
            for (number, written) in (1..).zip(&entries.written) {
                text.push_str(&format!("\n## own-{kind}-{number}\n\n{}\n", written.trim()));
            }
        }
        text
    }

    /// Entries that people wrote, for review; nothing of ours.
    #[must_use]
    pub fn own(&self) -> Vec<(String, &str)> {
        let mut own = Vec::new();
        for (list, ours, entries) in [
            ("environment", ENVIRONMENT, &self.environment),
            ("allow", ALLOW, &self.allow),
        ] {
            let written = entries.iter().filter(|text| !ours.contains(&text.as_str()));
            own.extend(written.map(|text| (list.to_owned(), text.as_str())));
        }
        for (kind, entries) in [("soft", &self.soft), ("hard", &self.hard)] {
            own.extend(
                (1..)
                    .zip(&entries.written)
                    .map(|(n, text)| (format!("own-{kind}-{n}"), text.as_str())),
            );
        }
        own
    }

    /// Whether there is such a rule, and whether it is hard.
    #[must_use]
    pub fn hardness(&self, id: &str) -> Option<bool> {
        let own = |kind: &str, entries: &Entries| {
            let number = id.strip_prefix("own-")?.strip_prefix(kind)?.strip_prefix('-')?;
            let number: usize = number.parse().ok()?;
            (1..=entries.written.len()).contains(&number).then_some(())
        };
        let ours = |entries: &Entries| entries.rules.iter().any(|rule| rule.id == id);
        if ours(&self.hard) || own("hard", &self.hard).is_some() {
            Some(true)
        } else if ours(&self.soft) || own("soft", &self.soft).is_some() {
            Some(false)
        } else {
            None
        }
    }
}
