//! Every key of a policy file, once: reading, the check for unknown keys, and the JSON Schema come from this table.

/// A key of a policy file.
pub(crate) struct Key {
    /// Where it stands: names joined by `.`, `[]` for the items of a list, `*` for any name.
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    pub(crate) words: &'static str,
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A list of texts.
    Texts,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// The name of an effect, or several.
    Effects,
    /// A whole number of at least 1.
    Count,
    /// True or false.
    Flag,
    /// A table.
    Table,
    /// A list of tables.
    Tables,
}

pub(crate) const DECISIONS: &[&str] = &["allow", "ask", "deny"];
const STATES: &[&str] = &["allow", "auto", "ask", "deny"];
const MODES: &[&str] = &[
    "default",
    "manual",
    "acceptEdits",
    "plan",
    "auto",
    "dontAsk",
    "bypassPermissions",
];
const PROVIDERS: &[&str] = &["anthropic", "openai", "command"];
const TIERS: &[&str] = &["permissive", "balanced", "restrictive"];

macro_rules! keys {
    ($($path:literal $kind:expr, $words:literal;)+) => {
        &[$(Key { path: $path, kind: $kind, words: $words }),+]
    };
}

/// Every key.
pub(crate) const KEYS: &[Key] = keys! {
    "$schema" Kind::Text, "The JSON Schema of this file, for editors.";
    "mode" Kind::OneOf(MODES), "The mode for agents that are in their default mode.";
    "tier" Kind::OneOf(TIERS), "How strict the mode auto is.";
    "directories" Kind::Texts, "Further directories that count as the project.";
    "environment" Kind::Texts, "What the judge should know of the surroundings, in prose.";
    "disableAutoMode" Kind::OneOf(&["disable"]), "Switches the mode auto off.";
    "disableBypassPermissionsMode" Kind::OneOf(&["disable"]), "Switches the mode bypassPermissions off.";
    "tools" Kind::Table, "A state for each tool or kind of action.";
    "tools.*" Kind::OneOf(STATES), "allow: not asked again. auto: judged by its effects. ask, deny: always.";
    "permissions" Kind::Table, "Rules in one line: `Tool` or `Tool(specifier)`.";
    "permissions.allow" Kind::Texts, "What may go ahead.";
    "permissions.ask" Kind::Texts, "What a person decides.";
    "permissions.deny" Kind::Texts, "What may not happen.";
    "network" Kind::Table, "The network.";
    "network.trusted" Kind::Texts, "Hosts that may be read from without asking.";
    "ignore" Kind::Table, "Paths that agents may not touch, beside those of ignore files.";
    "ignore.paths" Kind::Texts, "Lines in gitignore syntax, relative to the project.";
    "escalation" Kind::Table, "How many denials call for a person.";
    "escalation.in_a_row" Kind::Count, "Denials in a row.";
    "escalation.total" Kind::Count, "Denials in a session.";
    "probe" Kind::Table, "What becomes of tool results in which injected instructions were found.";
    "probe.block_on" Kind::OneOf(&["low", "medium", "high"]), "From which finding on a result is withheld, where the agent lets us.";
    "probe.second_opinion" Kind::Flag, "Whether the judge's service is shown suspicious parts for a second opinion; not from files that come with a project.";
    "judge" Kind::Table, "The model that is asked where no rule speaks; not from files that come with a project.";
    "judge.provider" Kind::OneOf(PROVIDERS), "What kind of service it is; without it no judge is asked.";
    "judge.model" Kind::Text, "The model's name.";
    "judge.url" Kind::Text, "Where the service is, up to `/v1`.";
    "judge.command" Kind::Texts, "The program and its arguments, for the provider `command`.";
    "judge.key" Kind::Table, "Where the key of the service comes from; never the key itself.";
    "judge.key.env" Kind::Text, "An environment variable that holds it.";
    "judge.key.file" Kind::Text, "A file that holds it: an absolute path, or one in the home (`~/`).";
    "judge.key.command" Kind::Texts, "A program that prints it, and its arguments.";
    "judge.first" Kind::Flag, "Whether the short first stage is asked before the second.";
    "judge.deadline" Kind::Count, "Seconds for both stages together, at most 45.";
    "judge.lifetime" Kind::Count, "Minutes for which an answer to the very same question is used again.";
    "judge.price" Kind::Table, "What the model costs, in US cents for a million tokens.";
    "judge.price.input" Kind::Count, "Cents for a million tokens of the question.";
    "judge.price.output" Kind::Count, "Cents for a million tokens of the answer.";
    "judge.allow" Kind::Texts, "What the judge may allow, in prose; `$defaults` stands for ours.";
    "judge.soft-deny" Kind::Texts, "What it denies unless the user asked for just that, in prose; `$defaults` stands for ours.";
    "judge.hard-deny" Kind::Texts, "What it never allows, in prose; `$defaults` stands for ours.";
    "rule" Kind::Tables, "Rules about effects.";
    "rule[].id" Kind::Text, "The rule's id, in kebab-case.";
    "rule[].decision" Kind::OneOf(DECISIONS), "What the rule decides.";
    "rule[].effect" Kind::Effects, "The effect, or several.";
    "rule[].remote" Kind::Text, "The remote's name or URL, as a glob.";
    "rule[].branch" Kind::Text, "The branch or tag, as a glob.";
    "rule[].path" Kind::Text, "The path, in gitignore syntax: `//abs`, `~/x`, `/x` (project), `x`.";
    "rule[].host" Kind::Text, "The host; `*.example.com` is every host below it.";
    "rule[].program" Kind::Text, "The program that does it, as a glob: `git`, `git push`.";
    "rule[].package" Kind::Text, "The package, as a glob.";
    "rule[].name" Kind::Text, "The name of anything else that is touched, as a glob.";
    "rule[].tool" Kind::Text, "The agent's tool, as a glob.";
    "rule[].force" Kind::Flag, "Whether it is forced; an allow rule must say so to cover forced effects.";
    "rule[].why" Kind::Text, "Why, for people and for the model.";
    "rule[].instead" Kind::Text, "What to do instead.";
    "rule[].example" Kind::Tables, "Calls and what the policy says of them; `placet policy test` runs them.";
    "rule[].example[].command" Kind::Text, "A shell command.";
    "rule[].example[].read" Kind::Text, "A path that is read.";
    "rule[].example[].write" Kind::Text, "A path that is written.";
    "rule[].example[].url" Kind::Text, "A page that is fetched.";
    "rule[].example[].decision" Kind::OneOf(DECISIONS), "What is expected.";
};

/// What may stand in the table `parent`: names (`*` is any) and their keys.
pub(crate) fn below(parent: &str) -> Vec<(&'static str, &'static Key)> {
    let name = |key: &'static Key| {
        let rest = if parent.is_empty() {
            key.path
        } else {
            key.path.strip_prefix(parent)?.strip_prefix('.')?
        };
        (!rest.contains(['.', '['])).then_some((rest, key))
    };
    KEYS.iter().filter_map(name).collect()
}

/// The key of this name among those that may stand there.
pub(crate) fn find(known: &[(&str, &'static Key)], name: &str) -> Option<&'static Key> {
    let named = |name: &str| known.iter().find(|(known, _)| *known == name).map(|(_, key)| *key);
    named(name).or_else(|| named("*"))
}

/// The known name that is nearest to a misspelt one, if one is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = name.chars().count().div_ceil(3).max(1);
    known
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The names of the keys of a table.
pub(crate) fn names_in(parent: &str) -> impl Iterator<Item = &'static str> {
    below(parent)
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| *name != "*")
}

/// Letters to insert, drop, change or swap with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.chars().enumerate() {
        let mut current = vec![row.saturating_add(1)];
        for (column, other) in right.iter().enumerate() {
            let change = before
                .get(column)
                .copied()
                .unwrap_or(usize::MAX)
                .saturating_add(usize::from(letter != *other));
            let drop = before
                .get(column.saturating_add(1))
                .copied()
                .unwrap_or(usize::MAX)
                .saturating_add(1);
            let insert = current.last().copied().unwrap_or(usize::MAX).saturating_add(1);
            current.push(change.min(drop).min(insert));
        }
        before = current;
    }
    before.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_foreign_one_does_not() {
        assert_eq!(nearest("brnch", names_in("rule[]")), Some("branch"));
        assert_eq!(nearest("teir", names_in("")), Some("tier"));
        assert_eq!(nearest("zzzzzz", names_in("")), None);
    }
}
