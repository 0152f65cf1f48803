//! The scripts that mutations start from: everyday commands, longer scripts and the tough list. All valid or on purpose not.

/// The scripts that people and agents write every day; all valid.
pub fn ordinary() -> Vec<String> {
    let lines = include_str!("../seeds/lines.txt").lines().map(str::to_owned);
    let scripts = include_str!("../seeds/scripts.txt").split("\n%%\n").map(str::to_owned);
    lines.chain(scripts).collect()
}

/// Every seed, the tough list and its invalid scripts included.
pub fn all() -> Vec<String> {
    let tough = include_str!("../../../effects/tests/data/shell_tough.jsonl")
        .lines()
        .map(|line| {
            let case: serde_json::Value = serde_json::from_str(line).expect("a case per line");
            case["src"].as_str().expect("a case has a script").to_owned()
        });
    ordinary().into_iter().chain(tough).collect()
}
