//! The judge's own rules: one Markdown file each, compiled in. Reading them; what they say is in `rules/`.

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: &'static str,
    /// The whole file.
    pub text: &'static str,
}

macro_rules! rules {
    ($($id:literal),+ $(,)?) => {
        /// Every rule.
        pub const RULES: &[Rule] = &[$(Rule { id: $id, text: include_str!(concat!("../rules/", $id, ".md")) }),+];
    };
}

rules!(
    "credentials",
    "data-exfiltration",
    "destroying-older-work",
    "guessed-parameters",
    "hidden-meaning",
    "merging-and-self-approval",
    "messages-to-people",
    "permission-grants",
    "persistence",
    "production",
    "publishing",
    "remote-machines",
    "safety-switches-off",
    "scope-creep",
    "shared-infrastructure",
    "supply-chain",
);

impl Rule {
    /// Whether no word of the user makes up for it.
    #[must_use]
    pub fn is_hard(&self) -> bool {
        self.line().starts_with("hard: ")
    }

    /// What it is about, in one sentence.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.line().split_once(": ").map_or("", |(_, what)| what)
    }

    /// The rule with this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id)
    }

    fn line(&self) -> &'static str {
        self.text.lines().nth(2).unwrap_or_default()
    }
}
