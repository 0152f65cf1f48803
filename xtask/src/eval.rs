//! `xtask eval`: the figures on the labelled cases, per set and basis. It judges; it never changes a case or a label.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::judge::Measured;
use placet_engine::trace::Trace;
use placet_engine::{Policy, SessionCounters, World, decide};
use placet_facts::{Candidate, NeutralWorld};
use placet_model::{Decision, EventKind, Journal, Mode, Record, Tier, Verb};
use serde_json::Value;

/// Sets of what developers type every day.
const EVERYDAY: &[&str] = &[
    "guard_longline",
    "guard_misc",
    "nl2bash",
    "tldr",
    "intercode_bash",
    "guard_dippy",
    "sessions_tools",
    "sessions_bash_consequential",
];

/// Rules that speak where no effect can be told; all others name one.
const DOUBTS: &[&str] = &["opaque", "undecodable", "run-code-unread", "run-program"];

/// Sets whose `deny` rows count as risky.
const RISKY: &[&str] = &[
    "guard_longline",
    "guard_nah",
    "guard_misc",
    "atomic_red_team",
    "redcode_exec",
    "payload_lists",
];

/// Sets that are too small for shares: `--intent` shows each of their cases.
const ONE_BY_ONE: &[&str] = &["intent_incidents", "intent_cc_automode"];

/// Runs the command.
///
/// # Errors
/// A sentence for a person.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let value = |name: &str| {
        arguments
            .iter()
            .position(|word| word == name)
            .and_then(|at| arguments.get(at + 1))
            .cloned()
    };
    let data = value("--data").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/eval/dev"),
        PathBuf::from,
    );
    if !data.is_dir() {
        println!("skipped: no cases at {} (say --data DIR)", data.display());
        return Ok(());
    }
    let only = value("--set");
    let intent = arguments.iter().any(|word| word == "--intent");
    let mut one_by_one: Vec<String> = Vec::new();
    let every = arguments.iter().any(|word| word == "--every");
    let out = value("--out").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/eval"),
        PathBuf::from,
    );
    let tier = value("--tier").map_or(Ok(Tier::Balanced), |name| {
        Tier::from_name(&name).ok_or(format!("`{name}` is no tier"))
    })?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(&data)
        .map_err(|e| format!("{}: {e}", data.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    std::fs::create_dir_all(&out).map_err(|e| format!("{}: {e}", out.display()))?;
    let mut totals = Totals::default();
    let mut measured = if arguments.iter().any(|word| word == "--judge") {
        Some(Measured::new(
            value("--answers").as_deref(),
            value("--export").as_deref(),
            value("--program").as_deref(),
        )?)
    } else {
        None
    };
    let mut disagreements = std::fs::File::create(out.join("disagreements.jsonl")).map_err(|e| e.to_string())?;
    for file in files {
        let set = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
            .to_owned();
        if only.as_ref().is_some_and(|only| *only != set) {
            continue;
        }
        let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let row: Value = serde_json::from_str(line).map_err(|e| format!("{}: {e}", file.display()))?;
            if row.get("kind").and_then(Value::as_str) != Some("tool_call") {
                continue;
            }
            let judged = judge(&row, tier);
            totals.count(&set, &row, &judged);
            if let Some(measured) = &mut measured {
                measured.count(&set, &row, &judged)?;
            }
            if intent && ONE_BY_ONE.contains(&set.as_str()) {
                one_by_one.push(shown(&row, &judged));
            }
            if let Some(line) = disagreement(&set, &row, &judged, every) {
                writeln!(disagreements, "{line}").map_err(|e| e.to_string())?;
            }
        }
    }
    totals.print(arguments.iter().any(|word| word == "--unknown"));
    if let Some(measured) = measured {
        measured.print()?;
    }
    if intent {
        println!("\ncases of intent, one by one:");
        one_by_one.iter().for_each(|case| println!("{case}"));
    }
    println!(
        "\ndisagreements with effects and reasons: {}",
        out.join("disagreements.jsonl").display()
    );
    Ok(())
}

/// What came out for one case.
pub(crate) struct Judged {
    pub(crate) decision: Decision,
    pub(crate) undecided: bool,
    /// What a judge would be asked with, if the case needs one.
    pub(crate) open: Option<Box<Open>>,
    rules: Vec<String>,
    reason: String,
    effects: Vec<String>,
    unknown: Vec<String>,
    micros: f64,
}

/// A case that no rule decides.
pub(crate) struct Open {
    pub(crate) trace: Trace,
    pub(crate) facts: NeutralWorld,
}

struct Nowhere;

impl Journal for Nowhere {
    fn record(&mut self, _record: &Record) -> Result<(), String> {
        Ok(())
    }
}

/// Judges one case in the neutral world, without a judge.
fn judge(row: &Value, tier: Tier) -> Judged {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let payload = serde_json::json!({
        "session_id": "eval", "transcript_path": "/dev/null", "cwd": text("cwd").unwrap_or("/home/dev/project"), "permission_mode": "auto",
        "hook_event_name": "PreToolUse", "tool_name": text("tool").unwrap_or("Bash"), "tool_input": row.get("input").cloned().unwrap_or(Value::Null), "tool_use_id": "eval",
    });
    let bytes = payload.to_string();
    let agent = placet_agents::by_name("claude-code");
    let event = agent.and_then(|agent| (agent.parse)(bytes.as_bytes()).ok());
    let Some(mut event) = event else {
        return Judged {
            decision: Decision::Ask,
            undecided: false,
            open: None,
            rules: vec!["unreadable-input".into()],
            reason: String::new(),
            effects: Vec::new(),
            unknown: Vec::new(),
            micros: 0.0,
        };
    };
    event.mode = Some(Mode::Auto);
    let messages: Vec<String> = row
        .get("user_messages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let facts = neutral_world(row, &event.kind).with_user_messages(messages);
    let policy = Policy::load(&[], &[]);
    let start = Instant::now();
    let world = World {
        facts: &facts,
        judge: None,
        approvals: None,
        attended: true,
        counters: SessionCounters::default(),
        mode: Some(Mode::Auto),
        tier: Some(tier),
        now: 0,
        elapsed: &|| 0,
    };
    let decided = decide(&event, &policy, &world, &mut Nowhere);
    let micros = start.elapsed().as_secs_f64() * 1e6;
    let undecided = decided.verdict.was_undecided();
    let list = &decided.trace.analysis.effects.list;
    let judged = Judged {
        open: None,
        decision: decided.verdict.decision(),
        undecided,
        rules: decided
            .verdict
            .matches()
            .iter()
            .map(|found| found.rule.clone())
            .collect(),
        reason: decided.verdict.reason().to_owned(),
        effects: list
            .iter()
            .map(|effect| {
                let note = effect
                    .qualifiers
                    .note
                    .as_deref()
                    .map(|note| format!(" ({note})"))
                    .unwrap_or_default();
                format!("{}{note}", placet_effects::render::effect(effect, &facts))
            })
            .collect(),
        unknown: list
            .iter()
            .filter_map(|effect| match effect.verb {
                Verb::RunProgram => Some(format!("program {}", effect.resource)),
                Verb::Opaque => effect.qualifiers.note.clone(),
                _ => None,
            })
            .collect(),
        micros,
    };
    let trace = decided.trace;
    Judged {
        open: undecided.then(|| Box::new(Open { trace, facts })),
        ..judged
    }
}

/// The world of a case, as `check --jsonl` makes it: around its working directory, or around what the call names.
fn neutral_world(row: &Value, kind: &EventKind) -> NeutralWorld {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let call = match (text("cwd"), text("project"), kind) {
        (None, None, EventKind::BeforeTool(call)) => call,
        (Some(cwd), None, _) => return NeutralWorld::at(cwd),
        (cwd, project, _) => return NeutralWorld::new(cwd, project),
    };
    let named = placet_effects::named(&call.tool, &call.input, &NeutralWorld::new(None, None));
    let candidates: Vec<Candidate<'_>> = (named.directories.iter().map(|path| Candidate::Directory(path)))
        .chain(named.files.iter().map(|path| Candidate::File(path)))
        .chain(named.looked.iter().map(|path| Candidate::Looked(path)))
        .collect();
    let climbs: Vec<&str> = named.climbs.iter().map(String::as_str).collect();
    NeutralWorld::around(&candidates, &climbs)
}

/// One line about a case whose label says otherwise than we do; about every case, where that is asked for.
fn disagreement(set: &str, row: &Value, judged: &Judged, every: bool) -> Option<String> {
    let label = row.get("label").and_then(Value::as_str).unwrap_or_default();
    let wrong = match label {
        "allow" => judged.decision != Decision::Allow,
        "ask" | "deny" => judged.decision == Decision::Allow,
        _ => false,
    };
    (wrong || every).then(|| {
        serde_json::json!({
            "set": set, "id": row.get("id"), "label": label, "basis": row.get("basis"), "category": row.get("category"), "cwd": row.get("cwd"), "tool": row.get("tool"), "input": row.get("input"),
            "decision": judged.decision.name(), "undecided": judged.undecided, "rules": judged.rules, "effects": judged.effects, "reason": judged.reason,
        })
        .to_string()
    })
}

/// One case as a person reads it: what was said, what is done, what is decided and by what.
fn shown(row: &Value, judged: &Judged) -> String {
    let line = |text: &str| {
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(160)
            .collect::<String>()
    };
    let said: Vec<String> = row
        .get("user_messages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(line)
        .collect();
    let done = row.get("input").map(|input| {
        line(
            input
                .get("command")
                .and_then(Value::as_str)
                .unwrap_or(&input.to_string()),
        )
    });
    let label = row.get("label").and_then(Value::as_str).unwrap_or("-");
    format!(
        "  {:<5} labelled {label:<5} by {}\n      said: {}\n      does: {}",
        judged.decision.name(),
        judged.rules.first().map_or("-", String::as_str),
        said.join(" | "),
        done.unwrap_or_default()
    )
}

/// Counts of one group of rows.
#[derive(Default)]
struct Counts {
    allow: u32,
    ask: u32,
    deny: u32,
}

impl Counts {
    fn all(&self) -> u32 {
        self.allow + self.ask + self.deny
    }

    fn share(&self, part: u32) -> f64 {
        if self.all() == 0 {
            0.0
        } else {
            100.0 * f64::from(part) / f64::from(self.all())
        }
    }
}

#[derive(Default)]
struct Totals {
    groups: BTreeMap<(String, String, String), Counts>,
    rules: BTreeMap<(String, String), u32>,
    undecided: BTreeMap<String, (u32, u32)>,
    unknown: BTreeMap<String, u32>,
    micros: Vec<f64>,
}

impl Totals {
    fn count(&mut self, set: &str, row: &Value, judged: &Judged) {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
        let counts = self
            .groups
            .entry((set.to_owned(), text("label"), text("basis")))
            .or_default();
        match judged.decision {
            Decision::Allow => counts.allow += 1,
            Decision::Ask => counts.ask += 1,
            Decision::Deny => counts.deny += 1,
        }
        let (undecided, all) = self.undecided.entry(set.to_owned()).or_default();
        *undecided += u32::from(judged.undecided);
        *all += 1;
        if judged.decision != Decision::Allow
            && text("label") == "allow"
            && let Some(rule) = judged.rules.first()
        {
            *self.rules.entry((set.to_owned(), rule.clone())).or_default() += 1;
        }
        for unknown in &judged.unknown {
            *self.unknown.entry(unknown.clone()).or_default() += 1;
        }
        self.micros.push(judged.micros);
    }

    fn sum(&self, fits: impl Fn(&str, &str, &str) -> bool) -> Counts {
        let mut sum = Counts::default();
        for ((set, label, basis), counts) in &self.groups {
            if fits(set, label, basis) {
                sum.allow += counts.allow;
                sum.ask += counts.ask;
                sum.deny += counts.deny;
            }
        }
        sum
    }

    fn print(&mut self, unknown: bool) {
        println!(
            "{:<30} {:<6} {:<13} {:>6} {:>16} {:>16} {:>16}",
            "set", "label", "basis", "rows", "allowed", "asked", "denied"
        );
        for ((set, label, basis), counts) in &self.groups {
            let cell = |part: u32| format!("{part} ({:.1} %)", counts.share(part));
            println!(
                "{set:<30} {label:<6} {basis:<13} {:>6} {:>16} {:>16} {:>16}",
                counts.all(),
                cell(counts.allow),
                cell(counts.ask),
                cell(counts.deny)
            );
        }
        println!();
        let benign = self.sum(|set, _, _| set == "sessions_bash_benign");
        let consequential = self.sum(|set, _, _| set == "sessions_bash_consequential");
        let stop = |counts: &Counts| counts.share(counts.ask + counts.deny);
        let tools = self.sum(|set, label, _| set == "sessions_tools" && label == "allow");
        let risky = self.sum(|set, label, basis| label == "deny" && basis != "weak" && RISKY.contains(&set));
        let hand = self.sum(|set, label, basis| {
            set == "sessions_bash_consequential" && basis == "hand" && matches!(label, "ask" | "deny")
        });
        let mixed = self.sum(|_, label, basis| {
            label == "deny" && basis != "weak" || label == "ask" && matches!(basis, "hand" | "source" | "construction")
        });
        println!(
            "sessions_bash_benign allowed                     {:>6.2} %",
            benign.share(benign.allow)
        );
        println!(
            "sessions_tools allow rows allowed                {:>6.2} %",
            tools.share(tools.allow)
        );
        println!(
            "natural-mix stop rate                            {:>6.2} %",
            0.92 * stop(&benign) + 0.08 * stop(&consequential)
        );
        println!(
            "deny rows of the six risky sets allowed          {:>6.2} %  ({} of {})",
            risky.share(risky.allow),
            risky.allow,
            risky.all()
        );
        for set in RISKY {
            let one = self.sum(|name, label, basis| name == *set && label == "deny" && basis != "weak");
            println!(
                "    {set:<44} {:>6.2} %  ({} of {})",
                one.share(one.allow),
                one.allow,
                one.all()
            );
        }
        println!(
            "hand ask/deny rows of consequential allowed      {:>6.2} %  ({} of {})",
            hand.share(hand.allow),
            hand.allow,
            hand.all()
        );
        println!(
            "risky allowed (all sets, by the README's rule)   {:>6.2} %  ({} of {})",
            mixed.share(mixed.allow),
            mixed.allow,
            mixed.all()
        );
        println!("allow rows of everyday sets allowed; stopped for what they do; stopped since they can't be told");
        for set in EVERYDAY {
            let all = self.sum(|name, label, _| name == *set && label == "allow");
            let stopped = |doubt: bool| {
                let of = self
                    .rules
                    .iter()
                    .filter(|((name, rule), _)| name == set && DOUBTS.contains(&rule.as_str()) == doubt);
                all.share(of.map(|(_, count)| count).sum())
            };
            println!(
                "    {set:<44} {:>6.2} %  {:>6.2} %  {:>6.2} %",
                all.share(all.allow),
                stopped(false),
                stopped(true)
            );
        }
        for set in ["intent_ampermbench", "intent_session_pairs"] {
            for label in ["allow", "ask", "deny"] {
                let rows = self.sum(|name, of, _| name == set && of == label);
                if rows.all() > 0 {
                    println!(
                        "{:<49}{:>6.2} %  ({} of {})",
                        format!("{set} {label} rows allowed"),
                        rows.share(rows.allow),
                        rows.allow,
                        rows.all()
                    );
                }
            }
        }
        println!("a model would be asked about, of");
        for (set, (undecided, all)) in &self.undecided {
            println!(
                "    {set:<44} {:>6.2} %  ({undecided} of {all})",
                100.0 * f64::from(*undecided) / f64::from((*all).max(1))
            );
        }
        self.micros.sort_by(f64::total_cmp);
        let at = |share: f64| {
            self.micros
                .get(((self.micros.len().max(1) - 1) as f64 * share) as usize)
                .copied()
                .unwrap_or_default()
        };
        println!(
            "microseconds per decision: median {:.1}, 90th {:.1}, 99th {:.1}, worst {:.1}",
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
        let mut table = String::new();
        let mut rules: Vec<_> = self
            .rules
            .iter()
            .filter(|((set, _), _)| set.starts_with("sessions"))
            .collect();
        rules.sort_by(|a, b| b.1.cmp(a.1));
        for ((set, rule), count) in rules.into_iter().take(14) {
            let _ = write!(table, "\n    {count:>5}  {set}: {rule}");
        }
        println!("what stops allow rows of the sessions, by rule:{table}");
        if unknown {
            let mut list: Vec<_> = self.unknown.iter().collect();
            list.sort_by(|a, b| b.1.cmp(a.1));
            println!("\nnot known, by frequency:");
            for (name, count) in list.into_iter().take(80) {
                println!("    {count:>5}  {name}");
            }
        }
    }
}
