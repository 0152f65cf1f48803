//! Whole decisions: every case of `corpus/**/*.md` through the whole pipeline, in the neutral world. The format is in
//! `corpus/README.md`. Cases marked `known-gap` must keep failing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::path::{Path, PathBuf};

use placet_engine::{Format, IgnoreText, Policy, PolicyText, Scope, SessionCounters, World, decide};
use placet_facts::{GitState, NeutralWorld};
use placet_model::{Argument, Change, Decision, Dialect, Mode, Others, Ownership, Tier, ToolInput};
use support::{Shelf, event};
use toml::de::{DeTable, DeValue};

/// One fenced block.
struct Case {
    place: String,
    known_gap: bool,
    text: String,
}

/// What came of a case that did not come out as expected.
struct Miss {
    place: String,
    what: String,
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus")
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md")
            && path.file_name().unwrap() != "README.md"
        {
            found.push(path);
        }
    }
    found.sort();
}

fn cases() -> Vec<Case> {
    let mut paths = Vec::new();
    files(&corpus(), &mut paths);
    let mut cases = Vec::new();
    for path in paths {
        let name = path.strip_prefix(corpus()).unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut open: Option<Case> = None;
        for (number, line) in text.lines().enumerate() {
            match &mut open {
                Some(_) if line == "```" => cases.extend(open.take()),
                Some(case) => {
                    case.text.push_str(line);
                    case.text.push('\n');
                }
                None => {
                    let Some(kind) = line.strip_prefix("```case") else {
                        continue;
                    };
                    let place = format!("{name}:{}", number + 1);
                    assert!(
                        matches!(kind.trim(), "" | "known-gap"),
                        "{place}: unknown kind of case `{kind}`"
                    );
                    open = Some(Case {
                        place,
                        known_gap: kind.trim() == "known-gap",
                        text: String::new(),
                    });
                }
            }
        }
        assert!(open.is_none(), "{name}: a block is not closed");
    }
    cases
}

/// The keys of a case, each used once; one that is left over is misspelt.
struct Keys<'a> {
    place: &'a str,
    table: DeTable<'a>,
}

impl Keys<'_> {
    fn text(&mut self, key: &str) -> Option<String> {
        let value = self.table.remove(key)?.into_inner();
        let text = value.as_str().map(str::to_owned);
        Some(text.unwrap_or_else(|| panic!("{}: `{key}` must be text, not {value:?}", self.place)))
    }

    fn flag(&mut self, key: &str) -> Option<bool> {
        let value = self.table.remove(key)?.into_inner();
        Some(
            value
                .as_bool()
                .unwrap_or_else(|| panic!("{}: `{key}` must be true or false, not {value:?}", self.place)),
        )
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        match self.table.remove(key).map(toml::Spanned::into_inner) {
            None => Vec::new(),
            Some(DeValue::Array(items)) => items
                .iter()
                .map(|item| item.get_ref().as_str().expect("texts only").to_owned())
                .collect(),
            Some(other) => panic!("{}: `{key}` must be a list, not {other:?}", self.place),
        }
    }

    /// A table of texts; `false` stands for nothing.
    fn pairs(&mut self, key: &str) -> Vec<(String, Option<String>)> {
        match self.table.remove(key).map(toml::Spanned::into_inner) {
            None => Vec::new(),
            Some(DeValue::Table(table)) => table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), value.get_ref().as_str().map(str::to_owned)))
                .collect(),
            Some(other) => panic!("{}: `{key}` must be a table, not {other:?}", self.place),
        }
    }
}

fn input(keys: &mut Keys<'_>) -> (String, ToolInput) {
    if let Some(command) = keys.text("command") {
        let background = keys.flag("background").unwrap_or(false);
        let input = ToolInput::Shell {
            command,
            dialect: Dialect::Bash,
            background,
            unconfined: false,
        };
        return ("Bash".to_owned(), input);
    }
    let tool = keys
        .text("tool")
        .unwrap_or_else(|| panic!("{}: neither `command` nor `tool`", keys.place));
    let path = keys.text("path");
    let given = |path: Option<String>| path.unwrap_or_else(|| panic!("`path` is missing"));
    let input = match tool.as_str() {
        "Read" => ToolInput::Read { path: given(path) },
        "Write" => ToolInput::Write {
            path: given(path),
            content: keys.text("content").unwrap_or_default(),
        },
        "Edit" => ToolInput::Edit {
            path: given(path),
            changes: vec![Change {
                old: keys.text("old").unwrap_or_default(),
                new: keys.text("new").unwrap_or_default(),
                all: false,
            }],
        },
        "LS" | "Glob" => ToolInput::List {
            path,
            pattern: keys.text("pattern"),
        },
        "Grep" => ToolInput::Search {
            path,
            filter: keys.text("pattern"),
        },
        "WebFetch" => ToolInput::Fetch {
            url: keys.text("url").expect("`url`"),
        },
        "WebSearch" => ToolInput::WebSearch {
            query: keys.text("query").unwrap_or_default(),
        },
        "Agent" => ToolInput::Spawn {
            prompt: keys.text("prompt").unwrap_or_default(),
            agent: keys.text("agent"),
            unchecked: keys.flag("unchecked").unwrap_or(false),
        },
        "TodoWrite" => ToolInput::Internal,
        other => {
            let (server, name) = match other.strip_prefix("mcp__").and_then(|rest| rest.split_once("__")) {
                Some((server, name)) => (Some(server.to_owned()), name.to_owned()),
                None => (None, other.to_owned()),
            };
            let arguments = keys
                .pairs("arguments")
                .into_iter()
                .map(|(name, value)| Argument {
                    name,
                    value: value.unwrap_or_default(),
                })
                .collect();
            ToolInput::Other {
                server,
                name,
                arguments,
            }
        }
    };
    (tool, input)
}

fn world(keys: &mut Keys<'_>) -> NeutralWorld {
    let (cwd, project) = (keys.text("cwd"), keys.text("project"));
    let mut world = NeutralWorld::new(cwd.as_deref(), project.as_deref()).with_user_messages(keys.texts("said"));
    for (path, content) in keys.pairs("files") {
        world = world.with_file(&path, content);
    }
    for (path, state) in keys.pairs("git") {
        let state = state.as_deref().and_then(GitState::from_name).expect("a git state");
        world = world.with_git(&path, state);
    }
    for (set, owners) in keys.pairs("running") {
        world = world.with_processes(&set, owners_of(owners.as_deref().expect("a text")));
    }
    for path in keys.texts("created") {
        world = world.with_created(&path);
    }
    for path in keys.texts("changed") {
        world = world.with_changed(&path);
    }
    world
}

/// `session`, `nobody`, or somebody else's program and its number.
fn owners_of(text: &str) -> Ownership {
    match text {
        "session" => Ownership::Session,
        "nobody" => Ownership::Nobody,
        other => {
            let (name, number) = other.split_once(' ').expect("a program and its number");
            Ownership::Others(Others {
                count: 1,
                named: vec![(name.to_owned(), number.parse().expect("a number"))],
            })
        }
    }
}

fn policy(keys: &mut Keys<'_>) -> Policy {
    let trusted = keys.flag("trusted").unwrap_or(false);
    let text = |origin: &str, scope, format, text: String| PolicyText {
        origin: origin.to_owned(),
        scope,
        format,
        text,
        trusted,
    };
    let mut texts = Vec::new();
    texts.extend(keys.text("policy").map(|it| {
        text(
            "/home/dev/.config/placet/policy.toml",
            Scope::User,
            Format::PlacetToml,
            it,
        )
    }));
    texts.extend(keys.text("project-policy").map(|it| {
        text(
            "/home/dev/project/.placet/policy.toml",
            Scope::Project,
            Format::PlacetToml,
            it,
        )
    }));
    texts.extend(keys.text("settings").map(|it| {
        text(
            "/home/dev/.claude/settings.json",
            Scope::User,
            Format::ClaudeSettings,
            it,
        )
    }));
    texts.extend(keys.text("project-settings").map(|it| {
        text(
            "/home/dev/project/.claude/settings.json",
            Scope::Project,
            Format::ClaudeSettings,
            it,
        )
    }));
    texts.extend(
        keys.text("managed")
            .map(|it| text("/etc/placet/managed.toml", Scope::Managed, Format::PlacetToml, it)),
    );
    let ignores: Vec<IgnoreText> = keys
        .text("ignore")
        .map(|text| IgnoreText {
            origin: "/home/dev/project/.placetignore".to_owned(),
            root: support::PROJECT.to_owned(),
            text,
        })
        .into_iter()
        .collect();
    Policy::load(&texts, &ignores)
}

/// Runs a case; `None` if it came out as expected.
fn run(case: &Case) -> Option<Miss> {
    let table = DeTable::parse(&case.text)
        .unwrap_or_else(|error| panic!("{}: {error}", case.place))
        .into_inner();
    let mut keys = Keys {
        place: &case.place,
        table,
    };
    let (tool, input) = input(&mut keys);
    let facts = world(&mut keys);
    let policy = policy(&mut keys);
    let mode = keys
        .text("mode")
        .map_or(Mode::Auto, |name| Mode::from_name(&name).expect("a mode"));
    let tier = keys.text("tier").map(|name| Tier::from_name(&name).expect("a tier"));
    let attended = keys.flag("attended").unwrap_or(true);
    let expected = keys
        .text("decision")
        .unwrap_or_else(|| panic!("{}: no `decision`", case.place));
    let rule = keys.text("rule");
    let effects = keys.texts("effects");
    let tells = keys.texts("tells");
    let unknown: Vec<String> = keys.table.iter().map(|(key, _)| key.get_ref().to_string()).collect();
    assert!(unknown.is_empty(), "{}: unknown keys {unknown:?}", case.place);
    let world = World {
        facts: &facts,
        judge: None,
        approvals: None,
        attended,
        counters: SessionCounters::default(),
        mode: Some(mode),
        tier,
        now: 0,
        elapsed: &|| 0,
    };
    let decided = decide(&event(&tool, input, mode), &policy, &world, &mut Shelf(Ok(())));
    let verdict = &decided.verdict;
    let fits = match expected.as_str() {
        "allow" => verdict.decision() == Decision::Allow,
        "ask" => verdict.decision() == Decision::Ask,
        "deny" => verdict.decision() == Decision::Deny,
        "stop" => verdict.decision() != Decision::Allow,
        other => panic!("{}: `decision` can't be `{other}`", case.place),
    };
    let seen: Vec<&str> = decided
        .trace
        .analysis
        .effects
        .list
        .iter()
        .map(|effect| effect.verb.name())
        .collect();
    let shown: Vec<String> = decided
        .trace
        .analysis
        .effects
        .list
        .iter()
        .map(|effect| format!("{} {}", effect.verb.name(), effect.resource))
        .collect();
    let fits = fits
        && rule.as_deref().is_none_or(|rule| rule == verdict.rule())
        && effects.iter().all(|effect| seen.contains(&effect.as_str()))
        && tells.iter().all(|words| verdict.reason().contains(words.as_str()));
    (!fits).then(|| Miss {
        place: case.place.clone(),
        what: format!(
            "expected {expected}{}, got {} by {} [{}]: {}",
            rule.map_or(String::new(), |rule| format!(" by {rule}")),
            verdict.decision().name(),
            verdict.rule(),
            shown.join(", "),
            verdict.reason().replace('\n', " ⏎ ")
        ),
    })
}

#[test]
fn every_case_of_the_corpus_is_decided_as_it_says() {
    let misses: Vec<Miss> = cases().iter().filter(|case| !case.known_gap).filter_map(run).collect();
    let lines: Vec<String> = misses
        .iter()
        .map(|miss| format!("{}: {}", miss.place, miss.what))
        .collect();
    assert!(
        lines.is_empty(),
        "{} cases came out otherwise:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn known_gaps_are_still_gaps() {
    let closed: Vec<String> = cases()
        .iter()
        .filter(|case| case.known_gap && run(case).is_none())
        .map(|case| case.place.clone())
        .collect();
    assert!(
        closed.is_empty(),
        "these are gaps no longer; take the mark away:\n{}",
        closed.join("\n")
    );
}

#[test]
fn the_corpus_is_large_enough_and_every_attack_has_a_harmless_neighbour() {
    let cases = cases();
    let count = |folder: &str| cases.iter().filter(|case| case.place.starts_with(folder)).count();
    assert!(cases.len() >= 150, "{} cases", cases.len());
    let mut attacks = Vec::new();
    files(&corpus().join("attacks"), &mut attacks);
    for path in attacks {
        let neighbour = corpus().join("benign").join(path.file_name().unwrap());
        assert!(neighbour.exists(), "{} has no neighbour", path.display());
    }
    assert!(
        count("benign") * 2 >= count("attacks"),
        "{} benign for {} attacks",
        count("benign"),
        count("attacks")
    );
}
