//! Counting: what was decided, by what, how fast. Not what it means.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Entry;
use crate::json::Object;

/// Counts over records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Decisions; notes are not counted.
    pub decisions: u64,
    /// By verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// By who decided.
    pub sources: BTreeMap<String, u64>,
    /// By rule: how often it spoke, and in what ended.
    pub rules: BTreeMap<String, Verdicts>,
    /// By verb of the effects; a record counts once for each verb.
    pub effects: BTreeMap<String, Verdicts>,
    /// By tool.
    pub tools: BTreeMap<String, Verdicts>,
    /// By session.
    pub sessions: BTreeMap<String, Verdicts>,
    /// By day.
    pub days: BTreeMap<String, Verdicts>,
    /// By dimension and value: for each record the gravest of its effects.
    pub dimensions: BTreeMap<(&'static str, String), Verdicts>,
    /// Time of the first and the last decision.
    pub span: Option<(String, String)>,
    /// How often the judge was asked, and could not answer.
    pub judge_asked: u64,
    /// How often it could not answer.
    pub judge_failed: u64,
    /// Its tokens.
    pub judge_tokens: u64,
    micros: Vec<u64>,
    /// How often its answer was there already.
    pub judge_cached: u64,
    /// What it cost, in millionths of a US dollar, as far as prices are known.
    pub judge_micro_dollars: u64,
    judge_millis: Vec<u64>,
    stage_millis: BTreeMap<u8, Vec<u64>>,
}

/// Counts by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Allowed.
    pub approved: u64,
    /// Put to a person.
    pub escalated: u64,
    /// Refused.
    pub denied: u64,
}

impl Verdicts {
    /// All together.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.approved + self.escalated + self.denied
    }

    fn add(&mut self, verdict: &str) {
        match verdict {
            "approved" => self.approved += 1,
            "denied" => self.denied += 1,
            // A word that a later version may write counts as what a person should look at.
            _ => self.escalated += 1,
        }
    }
}

/// How long something took: percentiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Half took no longer.
    pub median: u64,
    /// Nine in ten.
    pub p90: u64,
    /// 99 in a hundred.
    pub p99: u64,
    /// The longest.
    pub max: u64,
}

/// The four dimensions, each with its values from harmless to grave.
pub const DIMENSIONS: &[(&str, &[&str])] = &[
    ("reversibility", &["reversible", "recoverable", "irreversible"]),
    ("scope", &["named", "project", "outside", "system", "shared"]),
    (
        "surface",
        &[
            "none",
            "network",
            "sensitive-data",
            "credentials",
            "external-system",
            "privilege",
        ],
    ),
    ("cascade", &["contained", "runs-code", "persists", "affects-others"]),
];

impl Stats {
    /// The counts over these records.
    pub fn of<'entry>(entries: impl IntoIterator<Item = &'entry Entry>) -> Self {
        let mut stats = Self::default();
        for entry in entries {
            stats.add(entry);
        }
        stats
    }

    /// Counts one more record.
    pub fn add(&mut self, entry: &Entry) {
        if !entry.is_decision() {
            return;
        }
        let count = |map: &mut BTreeMap<String, Verdicts>, key: &str| {
            map.entry(key.to_owned()).or_default().add(&entry.verdict);
        };
        self.decisions += 1;
        *self.verdicts.entry(entry.verdict.clone()).or_default() += 1;
        *self.sources.entry(entry.by.clone()).or_default() += 1;
        for rule in &entry.rules {
            count(&mut self.rules, rule);
        }
        let mut verbs: Vec<&str> = entry.effects.iter().map(|effect| effect.verb.as_str()).collect();
        verbs.sort_unstable();
        verbs.dedup();
        for verb in verbs {
            count(&mut self.effects, verb);
        }
        count(&mut self.tools, &entry.tool);
        count(&mut self.sessions, &entry.session);
        count(&mut self.days, entry.time.get(..10).unwrap_or_default());
        for (name, value) in gravest(entry) {
            self.dimensions
                .entry((name, value.to_owned()))
                .or_default()
                .add(&entry.verdict);
        }
        match &mut self.span {
            Some((first, last)) if !entry.time.is_empty() => {
                if entry.time < *first {
                    first.clone_from(&entry.time);
                }
                if entry.time > *last {
                    last.clone_from(&entry.time);
                }
            }
            Some(_) => {}
            span @ None => *span = Some((entry.time.clone(), entry.time.clone())),
        }
        self.micros.push(entry.micros);
        if let Some(judge) = &entry.judge {
            self.judge_asked += 1;
            self.judge_failed += u64::from(judge.error.is_some());
            self.judge_tokens = self.judge_tokens.saturating_add(judge.tokens);
            self.judge_millis.push(judge.millis);
            self.judge_cached += u64::from(judge.cached);
            self.judge_micro_dollars = self
                .judge_micro_dollars
                .saturating_add(judge.micro_dollars.unwrap_or_default());
            for stage in &judge.stages {
                self.stage_millis.entry(stage.stage).or_default().push(stage.millis);
            }
        }
    }

    /// How many ended in this verdict.
    #[must_use]
    pub fn verdict(&self, word: &str) -> u64 {
        self.verdicts.get(word).copied().unwrap_or(0)
    }

    /// How long decisions took, in microseconds.
    #[must_use]
    pub fn latency(&self) -> Latency {
        percentiles(&self.micros)
    }

    /// How long one stage of the judge took, in milliseconds.
    #[must_use]
    pub fn stage_latency(&self, stage: u8) -> Latency {
        self.stage_millis
            .get(&stage)
            .map_or_else(Latency::default, |millis| percentiles(millis))
    }

    /// How long the judge took, in milliseconds.
    #[must_use]
    pub fn judge_latency(&self) -> Latency {
        percentiles(&self.judge_millis)
    }

    /// The counts as one JSON object, for programs.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut object = Object::open(&mut out);
        object.number("decisions", self.decisions);
        if let Some((first, last)) = &self.span {
            object.text("first", first);
            object.text("last", last);
        }
        for (name, map) in [("verdicts", &self.verdicts), ("by", &self.sources)] {
            object.object(name, |inner| {
                map.iter().for_each(|(key, count)| inner.number_of(key, *count))
            });
        }
        let maps = [
            ("rules", &self.rules),
            ("effects", &self.effects),
            ("tools", &self.tools),
            ("sessions", &self.sessions),
            ("days", &self.days),
        ];
        for (name, map) in maps {
            object.object(name, |inner| {
                map.iter()
                    .for_each(|(key, counts)| inner.object_of(key, |counts_of| verdicts(counts_of, *counts)))
            });
        }
        for (dimension, values) in DIMENSIONS {
            object.object(dimension, |inner| {
                for value in *values {
                    if let Some(counts) = self.dimensions.get(&(*dimension, (*value).to_owned())) {
                        inner.object_of(value, |counts_of| verdicts(counts_of, *counts));
                    }
                }
            });
        }
        for (name, times) in [
            ("micros", self.latency()),
            ("judge_millis", self.judge_latency()),
            ("judge_first_millis", self.stage_latency(1)),
            ("judge_second_millis", self.stage_latency(2)),
        ] {
            object.object(name, |inner| {
                inner.number("median", times.median);
                inner.number("p90", times.p90);
                inner.number("p99", times.p99);
                inner.number("max", times.max);
            });
        }
        object.number("judge_asked", self.judge_asked);
        object.number("judge_failed", self.judge_failed);
        object.number("judge_tokens", self.judge_tokens);
        object.number("judge_cached", self.judge_cached);
        object.number("judge_micro_dollars", self.judge_micro_dollars);
        object.close();
        out
    }

    /// The counts for a terminal.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        if self.decisions == 0 {
            return "no decisions\n".to_owned();
        }
        let (approved, escalated, denied) = (
            self.verdict("approved"),
            self.verdict("escalated"),
            self.verdict("denied"),
        );
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{} decisions: {approved} approved, {escalated} escalated, {denied} denied",
            self.decisions
        );
        if let Some((first, last)) = &self.span {
            let _ = writeln!(out, "from {first} to {last}");
        }
        let times = self.latency();
        let _ = writeln!(
            out,
            "decided in {} µs (median), {} µs (90 %), {} µs (99 %), {} µs at most",
            times.median, times.p90, times.p99, times.max
        );
        if self.judge_asked > 0 {
            let times = self.judge_latency();
            let _ = writeln!(
                out,
                "the judge was asked {} times ({} without an answer), {} ms (median), {} tokens",
                self.judge_asked, self.judge_failed, times.median, self.judge_tokens
            );
            let asked = |stage: u8| self.stage_millis.get(&stage).map_or(0, Vec::len);
            let _ = writeln!(
                out,
                "  first stage {} times, {} ms (median); second stage {} times, {} ms; {} answers were there already; {}.{:04} US$",
                asked(1),
                self.stage_latency(1).median,
                asked(2),
                self.stage_latency(2).median,
                self.judge_cached,
                self.judge_micro_dollars / 1_000_000,
                self.judge_micro_dollars % 1_000_000 / 100,
            );
        }
        let maps = [
            ("rule", &self.rules),
            ("effect", &self.effects),
            ("tool", &self.tools),
            ("session", &self.sessions),
            ("day", &self.days),
        ];
        for (name, map) in maps {
            if map.is_empty() {
                continue;
            }
            let width = map.keys().map(|key| key.chars().count()).max().unwrap_or(0).max(12);
            let _ = writeln!(out, "\n{name:<width$}  approved  escalated  denied");
            for (key, counts) in ranked(map, name == "day") {
                let key = crate::show::printable(key);
                let _ = writeln!(
                    out,
                    "{key:<width$}  {:>8}  {:>9}  {:>6}",
                    counts.approved, counts.escalated, counts.denied
                );
            }
        }
        out
    }
}

/// The entries of a map, the most frequent first; days stay in their order.
pub(crate) fn ranked(map: &BTreeMap<String, Verdicts>, in_order: bool) -> Vec<(&str, Verdicts)> {
    let mut list: Vec<(&str, Verdicts)> = map.iter().map(|(key, counts)| (key.as_str(), *counts)).collect();
    if !in_order {
        list.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.all()));
    }
    list
}

/// For each dimension the gravest value among the effects of a record.
pub(crate) fn gravest(entry: &Entry) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    for (name, values) in DIMENSIONS {
        let rank = |value: &str| values.iter().position(|known| *known == value);
        let of = |effect: &crate::EffectEntry| match *name {
            "reversibility" => rank(&effect.reversibility),
            "scope" => rank(&effect.scope),
            "surface" => rank(&effect.surface),
            _ => rank(&effect.cascade),
        };
        if let Some(value) = entry.effects.iter().filter_map(of).max().and_then(|at| values.get(at)) {
            found.push((*name, *value));
        }
    }
    found
}

fn verdicts(object: &mut Object<'_>, counts: Verdicts) {
    object.number("approved", counts.approved);
    object.number("escalated", counts.escalated);
    object.number("denied", counts.denied);
}

fn percentiles(values: &[u64]) -> Latency {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    // The smallest value that the given share of all does not exceed.
    let at = |share: usize| {
        let rank = (sorted.len() * share).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or(0)
    };
    Latency {
        median: at(50),
        p90: at(90),
        p99: at(99),
        max: at(100),
    }
}
