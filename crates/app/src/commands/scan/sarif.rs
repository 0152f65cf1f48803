//! Findings as SARIF 2.1.0, which code scanning services read. One result for each suspicious part.

use placet_probe::{Level, Trick};
use serde_json::{Value, json};

use super::{Scanned, position, tricks};

/// The rule that every result is of.
const RULE: &str = "injected-instructions";

/// The document.
pub(super) fn document(all: &[Scanned]) -> String {
    let results: Vec<Value> = all.iter().flat_map(results).collect();
    let names: Vec<&str> = Trick::ALL.iter().map(|trick| trick.name()).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "placet",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": [{
                    "id": RULE,
                    "shortDescription": { "text": "Text that tries to give an agent orders" },
                    "fullDescription": { "text": "An agent that reads this text may take it for an instruction of its user." },
                    "properties": { "tags": ["security"], "tricks": names },
                }],
            } },
            "results": results,
        }],
    });
    format!("{document:#}")
}

fn results(one: &Scanned) -> Vec<Value> {
    let level = match one.finding.level {
        Level::None => return Vec::new(),
        Level::Low => "note",
        Level::Medium => "warning",
        Level::High => "error",
    };
    let names = tricks(&one.finding);
    let message = format!("This text reads like an order to an agent ({}).", names.join(", "));
    let result = |part: &placet_probe::Part| {
        let (line, column, _) = position(&one.text, part.start);
        let (end_line, end_column, _) = position(&one.text, part.end);
        json!({
            "ruleId": RULE,
            "level": level,
            "message": { "text": message },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": one.name },
                "region": { "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column },
            } }],
            "properties": { "score": part.score, "tricks": names },
        })
    };
    one.finding.parts.iter().map(result).collect()
}
