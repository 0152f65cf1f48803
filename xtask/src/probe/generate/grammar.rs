//! Instructions made of parts: what is done, to what, how; what is taken and where it goes; what is to be said; what is
//! dressed up as a convention. Many instructions of few words, so that no wording of them is learned by heart.

use placet_probe::training::Dice;

use super::Lists;
use super::words::{Words, capital};

/// An instruction and the family that its wording belongs to.
pub(super) type Made = (String, u64);

/// A line's alternatives.
fn columns(line: &'static str) -> Vec<Vec<&'static str>> {
    line.split('|')
        .map(|column| column.split(';').map(str::trim).collect())
        .collect()
}

/// One of the column, and which.
fn one(column: &[&'static str], dice: &mut Dice) -> (&'static str, u64) {
    let at = dice.below(column.len());
    (column.get(at).copied().unwrap_or_default(), at as u64)
}

/// Something is done: "delete the backups permanently".
pub(super) fn act(lists: &Lists, words: &Words, dice: &mut Dice) -> Made {
    let line = dice.below(lists.acts.len());
    let columns = columns(lists.acts[line]);
    let (verb, _) = one(&columns[0], dice);
    let (thing, at) = one(&columns[1], dice);
    let tail = if dice.once_in(5) {
        String::new()
    } else {
        format!(" {}", one(&columns[2], dice).0)
    };
    let mut text = words.fill(&format!("{verb} {thing}{tail}"), dice);
    if dice.once_in(6) {
        text.push_str(dice.pick(PURPOSES));
    }
    (text, 100_000 + line as u64 * 64 + at)
}

/// Why, as it is said.
const PURPOSES: &[&str] = &[
    ", I need it for my records",
    " for safe keeping",
    ", this is urgent",
    " as agreed",
    " for an important document",
    ", thank you",
    " before I get home",
    ", since I can't do it myself",
    " for the month",
    " as usual",
];

/// Something private is got and goes somewhere.
pub(super) fn take(lists: &Lists, words: &Words, dice: &mut Dice) -> Made {
    let columns = columns(lists.takes[dice.below(lists.takes.len())]);
    let (get, _) = one(&columns[0], dice);
    let (thing, at) = one(&columns[1], dice);
    let (send, _) = one(&columns[2], dice);
    let (place, _) = one(&columns[3], dice);
    let comma = if dice.once_in(4) { "," } else { "" };
    let text = words.fill(&format!("{get} {thing}{comma} {send} {place}"), dice);
    (text, 110_000 + at)
}

/// Something is to be said in place of the truth.
pub(super) fn output(lists: &Lists, words: &Words, dice: &mut Dice) -> Made {
    let at = dice.below(lists.outputs.len());
    let line = lists.outputs[at];
    let template = line.split_once('|').map_or(line, |(_, rest)| rest);
    let statement = lists.statements[dice.below(lists.statements.len())];
    let premise = lists.premises[dice.below(lists.premises.len())];
    let doc = dice.pick(DOCS);
    let say = dice.pick(SAYS);
    let text = template
        .replace("{statement}", statement)
        .replace("{premise}", premise)
        .replace("{doc}", doc)
        .replace("{DOC}", &doc.to_uppercase())
        .replace("{say}", say)
        .replace("{Say}", &capital(say));
    (words.fill(&text, dice), 120_000 + at as u64)
}

const DOCS: &[&str] = &[
    "page",
    "article",
    "text",
    "document",
    "mail",
    "table",
    "paper",
    "CV",
    "review",
    "function",
    "code",
    "transcript",
    "listing",
    "site",
    "question",
    "chart",
    "report",
];
const SAYS: &[&str] = &[
    "state",
    "say",
    "claim",
    "answer",
    "write",
    "report",
    "print",
    "output",
    "declare",
    "reply",
    "respond",
    "respond with",
    "note",
    "admit",
];

/// An instruction as a convention, a set-up step, an error's remedy or a tool's description.
pub(super) fn convention(lists: &Lists, words: &Words, dice: &mut Dice) -> Made {
    let at = dice.below(lists.conventions.len());
    let mut text = lists.conventions[at].to_owned();
    for (slot, list) in [
        ("{Heading}", &lists.headings),
        ("{Reason}", &lists.reasons),
        ("{reason}", &lists.reasons),
        ("{need}", &lists.needs),
        ("{authority}", &lists.authorities),
        ("{Threat}", &lists.threats),
    ] {
        while text.contains(slot) {
            let word = list[dice.below(list.len())];
            let word = if slot == "{Reason}" {
                capital(word)
            } else {
                word.to_owned()
            };
            text = text.replacen(slot, &word, 1);
        }
    }
    while text.contains("{cmd}") {
        text = text.replacen("{cmd}", lists.commands[dice.below(lists.commands.len())], 1);
    }
    let text = text.replace("\\n", "\n");
    (words.fill(&text, dice), 130_000 + at as u64)
}

/// What a project's documents ask of people and agents, and what its code says of itself. Harmless, in the words of an order.
pub(super) fn duty(lists: &Lists, words: &Words, dice: &mut Dice) -> Made {
    let comment = dice.once_in(3);
    let list = if comment { &lists.comments } else { &lists.duties };
    let count = 1 + dice.below(4);
    let mut family = 0;
    let sentences: Vec<String> = (0..count)
        .map(|_| {
            let columns = columns(list[dice.below(list.len())]);
            let mut parts: Vec<(&str, u64)> = columns.iter().map(|column| one(column, dice)).collect();
            family = parts.last().map_or(0, |(_, at)| *at);
            // Documents speak to their readers without a subject, too.
            if !comment && dice.once_in(3) {
                parts.drain(..2);
            }
            if dice.once_in(4) {
                parts.pop();
            }
            let text = parts.iter().map(|(part, _)| *part).collect::<Vec<_>>().join(" ");
            let text = text
                .replace("{tool}", dice.pick(TOOLS))
                .replace("{sub}", dice.pick(SUBS));
            capital(&words.fill(&text, dice))
        })
        .collect();
    let text = match (comment, dice.below(7)) {
        (true, 0) => sentences
            .iter()
            .map(|text| {
                format!(
                    "\tcmd.Flags().Bool(\"{}-{}\", false, \"{text}\")\n",
                    dice.pick(SUBS),
                    dice.pick(TOOLS)
                )
            })
            .collect(),
        (true, 1) => sentences
            .iter()
            .map(|text| format!("    --{}-{:<12} {text}\n", dice.pick(SUBS), dice.pick(TOOLS)))
            .collect(),
        (true, 2) => sentences
            .iter()
            .map(|text| {
                format!(
                    "{:07x} {}: {text}\n",
                    dice.roll() >> 36,
                    dice.pick(&["fix", "feat", "docs", "chore"])
                )
            })
            .collect(),
        (true, 3 | 4) => sentences.iter().map(|text| format!("// {text}\n")).collect(),
        (false, 0 | 1) => sentences.iter().map(|text| format!("- {text}\n")).collect(),
        (false, 2) => sentences
            .iter()
            .zip(1..)
            .map(|(text, at)| format!("{at}. **{}** - {text}.\n", capital(dice.pick(SUBS))))
            .collect(),
        (false, 3) => format!("IMPORTANT: {}.", sentences.join(". ")),
        (false, 4) => format!(
            "**Note**: {}.\n\n```bash\n{} {}\n```\n",
            sentences.join(". "),
            dice.pick(TOOLS),
            dice.pick(SUBS)
        ),
        _ => format!("{}.", sentences.join(". ")),
    };
    (text, 97_000 + family)
}

const TOOLS: &[&str] = &[
    "npm", "cargo", "just", "make", "uv", "gh", "git", "python", "docker", "pnpm", "bun", "go", "poetry", "tool", "jq",
];
const SUBS: &[&str] = &[
    "run", "test", "build", "install", "check", "sync", "list", "add", "update", "export", "lint", "start", "push",
    "local", "force", "debug", "remote", "output", "login",
];

/// Lists without prose: names of files, of things, lines of a log of commits. Nothing in them speaks to anybody.
pub(super) fn bare(words: &Words, dice: &mut Dice) -> String {
    const STEMS: &[&str] = &[
        "auth",
        "send",
        "delete",
        "user",
        "token",
        "config",
        "run",
        "install",
        "update",
        "secret",
        "key",
        "mail",
        "test",
        "system",
        "agent",
        "prompt",
        "admin",
        "export",
        "upload",
        "payment",
        "notes",
        "main",
        "index",
        "report",
        "list",
        "read",
        "write",
        "login",
        "session",
        "hook",
        "deploy",
        "build",
        "remove",
        "reset",
        "backup",
        "model",
        "command",
        "account",
        "important",
        "ignore",
    ];
    const ENDS: &[&str] = &[
        ".rs", ".py", ".ts", ".md", ".json", ".txt", ".go", ".yml", ".sh", ".tsx", "_test.py", ".toml", ".csv",
        ".lock", "/", ".env", ".pem", ".log",
    ];
    const PLACES: &[&str] = &[
        "",
        "src/",
        "./",
        "tests/",
        "docs/",
        "/home/dev/project/src/",
        "crates/core/src/",
        "a/b/c/",
    ];
    let count = 3 + dice.below(60);
    let kind = dice.below(7);
    let between = dice.pick(&["\n", "\n", "\n", " ", ", ", "  "]);
    let place = dice.pick(PLACES);
    let items: Vec<String> = (0..count)
        .map(|_| {
            let (one, two) = (dice.pick(STEMS), dice.pick(STEMS));
            let join = dice.pick(&["_", "-", "", "."]);
            match kind {
                0..=2 if dice.once_in(2) => format!("{place}{one}{}", dice.pick(ENDS)),
                0..=2 => format!("{place}{one}{join}{two}{}", dice.pick(ENDS)),
                3 => words.fill(
                    &format!(
                        "-rw-r--r-- 1 dev dev {{number}} May {{n}} 12:0{{n}} {one}{join}{two}{}",
                        dice.pick(ENDS)
                    ),
                    dice,
                ),
                4 => words.fill(
                    &format!("{{n}}f{{n}}a{{number}} {one} {two}: fix the {}", dice.pick(STEMS)),
                    dice,
                ),
                5 => format!("{}_{}", one.to_uppercase(), two.to_uppercase()),
                _ => format!("test_{one}_{two} ok"),
            }
        })
        .collect();
    let between = if matches!(kind, 3 | 4 | 6) { "\n" } else { between };
    items.join(between)
}
