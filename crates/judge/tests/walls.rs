//! The walls around the judge, over what cargo says of the workspace.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::process::Command;

use serde_json::Value;

#[test]
fn only_the_judge_and_the_session_are_network_clients_and_the_judge_knows_nothing_but_the_model() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let needs: Vec<&str> = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| dependency["name"].as_str().unwrap())
            .collect();
        let ours: Vec<&&str> = needs.iter().filter(|name| name.starts_with("placet-")).collect();
        match name {
            "placet-judge" => assert_eq!(ours, [&"placet-model"]),
            // It speaks to its model and fetches pages; of the judge it knows nothing.
            "placet-session" => assert!(!needs.contains(&"placet-judge")),
            "placet-app" | "xtask" => assert!(!needs.contains(&"ureq")),
            _ => {
                for client in ["ureq", "reqwest", "hyper", "curl", "rustls", "placet-judge"] {
                    assert!(!needs.contains(&client), "{name} needs {client}");
                }
            }
        }
    }
}
