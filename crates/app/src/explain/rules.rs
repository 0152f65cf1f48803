//! The documentation of every rule that comes with Placet, by id: hard limits, rows of the tier table, failures, modes. The
//! texts stand where the rules are; here they are only found.

use placet_engine::tiers::{ROWS, Row, Say};
use placet_engine::{Failure, HardLimit};

use crate::screen::{Ink, wrap};
use crate::{Error, Outcome, Screen};

/// A rule with its documentation.
pub(super) struct Rule {
    id: &'static str,
    kind: Kind,
    /// Which effects or calls it is about.
    about: String,
    /// Heading and text, in order.
    parts: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    HardLimit,
    Tier(&'static Row),
    Mode,
    FailClosed,
    Escalation,
    User,
}

/// The rule with this id.
pub(super) fn find(id: &str) -> Option<Rule> {
    all().into_iter().find(|rule| rule.id == id)
}

/// Shows one.
pub(super) fn show(rule: &Rule, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let id = screen.paint(Ink::Bold, rule.id);
    screen.line(format!("{id}  {}", screen.paint(Ink::Dim, kind_words(rule.kind))))?;
    screen.wrapped(2, &rule.about)?;
    for (heading, text) in &rule.parts {
        screen.line("")?;
        let heading = screen.paint(Ink::Dim, heading);
        screen.line(format!("  {heading}"))?;
        screen.wrapped(4, text)?;
    }
    Ok(Outcome::Fine)
}

/// Lists every rule, one line each.
pub(super) fn list(screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let width = screen.width().saturating_sub(32);
    let mut last = None;
    for rule in all() {
        let words = kind_words(rule.kind);
        if last != Some(words) {
            if last.is_some() {
                screen.line("")?;
            }
            let title = screen.paint(Ink::Bold, words);
            screen.line(title)?;
            last = Some(words);
        }
        let mut lines = wrap(&rule.about, width).into_iter();
        screen.line(format!("  {:<28}  {}", rule.id, lines.next().unwrap_or_default()))?;
        for more in lines {
            screen.line(format!("{:32}{more}", ""))?;
        }
    }
    Ok(Outcome::Fine)
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::HardLimit => "hard limit: nothing lifts it",
        Kind::Tier(_) => "row of the tier table",
        Kind::Mode => "permission mode",
        Kind::FailClosed => "something went wrong: never allowed",
        Kind::Escalation => "escalation",
        Kind::User => "what the user said",
    }
}

fn all() -> Vec<Rule> {
    let limits = HardLimit::ALL.iter().map(|limit| hard_limit(*limit));
    let rows = ROWS.iter().map(|row| of_row(row));
    let modes = MODES.iter().map(|(id, about)| Rule {
        id,
        kind: Kind::Mode,
        about: (*about).to_owned(),
        parts: Vec::new(),
    });
    let failures = failures().into_iter().map(|failure| Rule {
        id: failure.id(),
        kind: Kind::FailClosed,
        about: failure.reason(),
        parts: vec![(
            "What happens".to_owned(),
            format!("{}, or deny where nobody can be asked.", failure.decision().name()),
        )],
    });
    let escalation = Rule {
        id: "too-many-denials",
        kind: Kind::Escalation,
        about: "After 3 denials in a row or 20 in all, a person has to look; where nobody is there, the agent is told to stop.".to_owned(),
        parts: vec![("To change it".to_owned(), "`[escalation]` with `in_a_row` and `total` in a policy file.".to_owned())],
    };
    let said = SAID.iter().map(|(id, about, parts)| Rule {
        id,
        kind: Kind::User,
        about: (*about).to_owned(),
        parts: parts
            .iter()
            .map(|(heading, text)| ((*heading).to_owned(), (*text).to_owned()))
            .collect(),
    });
    limits
        .chain(rows)
        .chain(modes)
        .chain(said)
        .chain(failures)
        .chain([escalation])
        .collect()
}

const MODES: &[(&str, &str)] = &[
    (
        "mode-accept-edits",
        "The mode acceptEdits runs reads and reversible edits in the project; the rest is asked.",
    ),
    (
        "mode-bypass",
        "The mode bypassPermissions runs everything but what hard limits and ignore files forbid.",
    ),
    (
        "mode-default",
        "The mode default runs reads in the project and commands that only read; the rest is asked.",
    ),
    (
        "mode-dont-ask",
        "The mode dontAsk runs what default runs and what rules allow; the rest is denied.",
    ),
    ("mode-plan", "The mode plan runs reads only; the rest is denied."),
];

/// A rule that the user's words make: id, what it is about, headings and texts.
type Said = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What the user's own words make of an action.
const SAID: &[Said] = &[
    (
        "user-asked",
        "The user's own words name the action and the thing: what would be put to a person goes ahead.",
        &[
            (
                "What it never lifts",
                "A denial of any kind, a question that a rule of the policy asks, and in the restrictive tier nothing at all.",
            ),
            (
                "What has to be named",
                "Whatever can't be taken back or is shared: the branch that is overwritten, the path that is deleted, the \
                 version that is released. Questions, conditions of the user's own, quotations and pasted text are no order.",
            ),
        ],
    ),
    (
        "user-asks-first",
        "The user wants to be asked before this is done.",
        &[(
            "How it is lifted",
            "By a later message that orders it, or says that there is no need to ask.",
        )],
    ),
    (
        "user-boundary",
        "The user ruled this out.",
        &[
            (
                "How it is lifted",
                "By a later message of the user's that orders or allows it; by no rule, mode or opinion.",
            ),
            (
                "Example",
                "`git push` after \u{201c}fix it, but don't push\u{201d}: Deny. After \u{201c}ok, push now\u{201d}: no match.",
            ),
        ],
    ),
];

fn failures() -> Vec<Failure> {
    let what = || "…".to_owned();
    vec![
        Failure::BadInput(what()),
        Failure::UnknownEvent(what()),
        Failure::UnreadablePolicy(what()),
        Failure::BrokenState(what()),
        Failure::Deadline,
        Failure::Crash(what()),
        Failure::Unrecorded(what()),
        Failure::NoOpinion(what()),
        Failure::UnsupportedObligation("…"),
    ]
}

fn of_row(row: &'static Row) -> Rule {
    let [permissive, balanced, restrictive] = row.says;
    let says = format!(
        "permissive {}, balanced {}, restrictive {}",
        said(permissive),
        said(balanced),
        said(restrictive)
    );
    let mut parts = vec![
        ("What the tiers say".to_owned(), says),
        ("Why".to_owned(), row.why.to_owned()),
    ];
    parts.extend(row.instead.map(|instead| ("Instead".to_owned(), instead.to_owned())));
    Rule {
        id: row.id,
        kind: Kind::Tier(row),
        about: row.words.to_owned(),
        parts,
    }
}

fn said(say: Say) -> &'static str {
    match say {
        Say::Allow => "allow",
        Say::Judge => "undecided (the judge's, else ask)",
        Say::Ask => "ask",
        Say::Deny => "deny",
    }
}

/// The source of the hard limits: the comment above each of them is its documentation.
const SOURCE: &str = include_str!("../../../engine/src/hard_limits.rs");

fn hard_limit(limit: HardLimit) -> Rule {
    let mut parts = documentation(&format!("{limit:?}"));
    let about = if parts.is_empty() {
        String::new()
    } else {
        parts.remove(0).1
    };
    Rule {
        id: limit.id(),
        kind: Kind::HardLimit,
        about,
        parts,
    }
}

/// Headings and texts of the comment above this variant.
fn documentation(variant: &str) -> Vec<(String, String)> {
    let ending = format!("{variant},");
    let lines: Vec<&str> = SOURCE.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| *line == ending).unwrap_or_default();
    let above = lines.get(..at).unwrap_or_default();
    let count = above.iter().rev().take_while(|line| line.starts_with("///")).count();
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in above.iter().skip(at.saturating_sub(count)) {
        let line = line.trim_start_matches('/').trim();
        match (line.strip_prefix("# "), parts.last_mut()) {
            (Some(heading), _) => parts.push((heading.to_owned(), String::new())),
            (None, Some((_, text))) => {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(line);
            }
            (None, None) => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use placet_engine::HardLimit;

    use super::{all, documentation};

    #[test]
    fn every_hard_limit_says_what_it_stops_why_and_gives_an_example() {
        for limit in HardLimit::ALL {
            let parts = documentation(&format!("{limit:?}"));
            let headings: Vec<&str> = parts.iter().map(|(heading, _)| heading.as_str()).collect();
            assert_eq!(headings, ["What it stops", "Why", "Example", "Reference"], "{limit:?}");
            assert!(parts.iter().all(|(_, text)| text.len() > 8), "{limit:?}: {parts:?}");
        }
    }

    #[test]
    fn no_two_rules_share_an_id_and_each_says_what_it_is_about() {
        let mut ids: Vec<&str> = Vec::new();
        for rule in all() {
            assert!(!ids.contains(&rule.id), "{}", rule.id);
            assert!(!rule.about.is_empty(), "{}", rule.id);
            ids.push(rule.id);
        }
    }
}
