//! The documents say what is there: `docs/rules.md` is made from the rules, and every test and case that `docs/threats.md`
//! names exists. `PLACET_WRITE=1` writes `docs/rules.md` anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use placet_engine::HardLimit;
use placet_engine::tiers::{ROWS, Say};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_page_of_rules_is_what_the_rules_say() {
    let page = rules_page();
    let path = workspace().join("docs/rules.md");
    if std::env::var_os("PLACET_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert!(
        text("docs/rules.md") == page,
        "docs/rules.md is out of date: run `PLACET_WRITE=1 cargo test -p placet-engine --test documents`"
    );
}

#[test]
fn every_threat_names_tests_that_exist_or_says_that_it_is_not_covered() {
    let rows = threats();
    assert!(rows.len() > 60, "only {} rows", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let references: Vec<&str> = row.held_by.split('`').skip(1).step_by(2).collect();
        let open = row.held_by.contains("not covered");
        if references.is_empty() && !open {
            wrong.push(format!("{}: neither a test nor `not covered`", row.threat));
        }
        for reference in references {
            if let Err(why) = look_up(reference, open) {
                wrong.push(format!("{}: `{reference}`: {why}", row.threat));
            }
        }
    }
    assert!(wrong.is_empty(), "docs/threats.md:\n  {}", wrong.join("\n  "));
}

/// One row of `docs/threats.md`.
struct Threat {
    threat: String,
    held_by: String,
}

fn threats() -> Vec<Threat> {
    let page = text("docs/threats.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    rows.filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [threat, _, held_by] = cells[..] else {
            panic!("not three cells: {line}");
        };
        (threat != "threat").then(|| Threat {
            threat: threat.to_owned(),
            held_by: held_by.to_owned(),
        })
    })
    .collect()
}

/// `FILE.md: The sentence before a case.` in the corpus, or `CRATE: name_of_a_test`.
fn look_up(reference: &str, open: bool) -> Result<(), String> {
    let (place, name) = reference.split_once(": ").ok_or("not `PLACE: NAME`")?;
    if Path::new(place).extension().is_some_and(|extension| extension == "md") {
        let page = std::fs::read_to_string(workspace().join("corpus").join(place)).map_err(|e| e.to_string())?;
        let mut after = page.lines().skip_while(|line| *line != name);
        after.next().ok_or("no such sentence")?;
        let fence = after.find(|line| line.starts_with("```")).ok_or("no case follows")?;
        let gap = fence.contains("known-gap");
        return if gap == open {
            Ok(())
        } else {
            Err("a known gap is `not covered`, and nothing else is".to_owned())
        };
    }
    let mut sources = Vec::new();
    rust_files(&workspace().join("crates").join(place), &mut sources);
    let definition = format!("fn {name}(");
    let found = sources
        .iter()
        .any(|file| std::fs::read_to_string(file).unwrap().contains(&definition));
    if found { Ok(()) } else { Err("no such test".to_owned()) }
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn rules_page() -> String {
    let mut page = String::from(
        "# Rules that come with Placet\n\nMade from the code by `PLACET_WRITE=1 cargo test -p placet-engine --test documents`. \
         `placet explain RULE-ID` says the same.\n\n## Hard limits\n\nNothing lifts them: no rule, mode, tier or model.\n",
    );
    let source = text("crates/engine/src/hard_limits.rs");
    for limit in HardLimit::ALL {
        write!(page, "\n### {}\n", limit.id()).unwrap();
        for line in comment_above(&source, &format!("{limit:?},")) {
            match line.strip_prefix("# ") {
                Some(heading) => write!(page, "\n**{heading}.** ").unwrap(),
                None => write!(page, "{line} ").unwrap(),
            }
        }
        page = format!("{}\n", page.replace(" \n", "\n").trim_end());
    }
    page.push_str(
        "\n## The tier table\n\nWhat the mode `auto` says of each effect. *Undecided* is left to the judge; without one, it is asked.\n\n\
         | id | effects | permissive | balanced | restrictive | why | instead |\n|---|---|---|---|---|---|---|\n",
    );
    for row in ROWS {
        let [permissive, balanced, restrictive] = row.says.map(said);
        let instead = row.instead.unwrap_or("");
        let (id, words, why) = (row.id, row.words, row.why);
        writeln!(
            page,
            "| `{id}` | {words} | {permissive} | {balanced} | {restrictive} | {why} | {instead} |"
        )
        .unwrap();
    }
    page
}

/// The comment above a variant, line by line, in which sentences of one part are joined.
fn comment_above(source: &str, variant: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let at = lines
        .iter()
        .position(|line| *line == variant)
        .expect("every limit is a variant");
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///"));
    let mut comment: Vec<String> = above
        .map(|line| line.trim_start_matches('/').trim().to_owned())
        .collect();
    comment.reverse();
    assert!(
        comment.iter().any(|line| line == "# Why"),
        "{variant} is not documented"
    );
    comment
}

fn said(say: Say) -> &'static str {
    match say {
        Say::Allow => "allow",
        Say::Judge => "undecided",
        Say::Ask => "ask",
        Say::Deny => "deny",
    }
}
