//! Setting Placet up and looking after it: init, install, doctor, policy, trust, tier, mode, audit. The real binary, in a home of its own.
use serde_json::Value;

use crate::desk::Desk;

fn items(desk: &Desk) -> Vec<(String, bool)> {
    let done = desk.run(&["doctor", "--json"]);
    let value: Value = serde_json::from_str(&done.stdout).unwrap();
    let items: Vec<(String, bool)> = value
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["id"].as_str().unwrap().to_owned(),
                item["holds"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(done.code == 0, items.iter().all(|(_, holds)| *holds), "{}", done.stdout);
    items
}

fn failing(desk: &Desk) -> Vec<String> {
    items(desk)
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(id, _)| id)
        .collect()
}

fn set_up() -> Desk {
    let desk = Desk::new();
    desk.run(&["init"]).fine();
    desk.run(&["tier", "balanced"]).fine();
    desk.run(&["install", "claude-code"]).fine();
    desk
}

#[test]
fn doctor_names_what_is_missing_and_each_step_mends_one_thing() {
    let desk = Desk::new();
    assert_eq!(failing(&desk), ["ignore-file", "tier", "hook"]);
    desk.run(&["init"]).fine();
    assert_eq!(failing(&desk), ["hook"]);
    desk.run(&["install", "claude-code"]).fine();
    assert_eq!(failing(&desk), Vec::<String>::new());
    assert!(desk.run(&["doctor"]).fine().contains("Ready."));
    desk.run(&["uninstall", "claude-code"]).fine();
    assert_eq!(failing(&desk), ["hook"]);
}

#[test]
fn doctor_finds_a_hook_that_does_nothing_and_one_that_is_not_there() {
    let desk = set_up();
    let settings = desk.home(".claude/settings.json");
    let good = std::fs::read_to_string(&settings).unwrap();
    // The installed path has its links resolved; the target directory may lie behind one.
    let program = std::fs::canonicalize(env!("CARGO_BIN_EXE_placet")).unwrap();
    let program = program.to_str().unwrap();
    let fake = desk.home("fake/placet");
    std::fs::create_dir_all(fake.parent().unwrap()).unwrap();
    std::fs::write(&fake, "#!/bin/sh\ncat > /dev/null\n").unwrap();
    std::process::Command::new("chmod")
        .arg("+x")
        .arg(&fake)
        .status()
        .unwrap();
    std::fs::write(&settings, good.replace(program, fake.to_str().unwrap())).unwrap();
    assert_eq!(failing(&desk), ["hook"]);
    std::fs::write(&settings, good.replace(program, "/nowhere/placet")).unwrap();
    assert_eq!(failing(&desk), ["hook"]);
    std::fs::write(&settings, &good).unwrap();
    assert_eq!(failing(&desk), Vec::<String>::new());
}

#[test]
fn doctor_finds_an_ignore_file_with_a_hole_and_a_policy_that_is_none() {
    let desk = set_up();
    desk.write(".placetignore", "*.pem\n*.key\nid_*\ncredentials.json\n");
    let told = desk.run(&["doctor"]).stdout;
    assert!(told.contains("does not cover .env, .env.local"), "{told}");
    desk.write(".placet/policy.toml", "tier = \n");
    assert!(failing(&desk).contains(&"policy".to_owned()));
}

#[test]
fn doctor_finds_a_log_that_was_edited() {
    let desk = set_up();
    desk.run(&["doctor"]).fine();
    let log = desk.home(".local/state/placet/audit.jsonl");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replacen("sudo true", "echo true", 1)).unwrap();
    assert_eq!(failing(&desk), ["audit-log"]);
    assert_eq!(desk.run(&["audit", "verify"]).code, 1);
}

#[test]
fn init_never_overwrites() {
    let desk = Desk::new();
    desk.write(".placetignore", "mine\n");
    let told = desk.run(&["init"]).fine();
    assert!(told.contains("kept ") && told.contains("wrote "), "{told}");
    assert_eq!(desk.read(".placetignore"), "mine\n");
    let policy = desk.read(".placet/policy.toml");
    desk.run(&["init"]).fine();
    assert_eq!(desk.read(".placet/policy.toml"), policy);
}

#[test]
fn installing_for_show_writes_nothing() {
    let desk = Desk::new();
    let told = desk.run(&["install", "claude-code", "--dry-run"]).fine();
    assert!(told.contains("+  \"hooks\": {"), "{told}");
    assert!(!desk.home(".claude/settings.json").exists());
    assert_eq!(desk.run(&["install", "other-agent"]).code, 2);
}

#[test]
fn what_a_project_allows_counts_only_while_it_is_trusted() {
    let desk = Desk::new();
    let push = ["check", "git push origin feature/x"];
    desk.write(
        ".placet/policy.toml",
        "[[rule]]\ndecision = \"allow\"\neffect = \"push\"\nbranch = \"feature/*\"\n",
    );
    assert_eq!(desk.run(&push).code, 1);
    let nobody = desk.run(&["trust"]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.stderr.contains("--yes"), "{}", nobody.stderr);
    assert_eq!(desk.run(&push).code, 1, "not trusted without a yes");
    let told = desk.run(&["trust", "--yes"]).fine();
    assert!(told.contains("feature/*"), "{told}");
    assert_eq!(desk.run(&push).code, 0);
    desk.write(
        ".placet/policy.toml",
        "[[rule]]\ndecision = \"allow\"\neffect = \"push\"\nbranch = \"*\"\n",
    );
    assert_eq!(desk.run(&push).code, 1, "another content is another file");
    desk.run(&["trust", "--yes"]).fine();
    assert_eq!(desk.run(&push).code, 0);
    desk.run(&["trust", "--revoke"]).fine();
    assert_eq!(desk.run(&push).code, 1);
}

#[test]
fn policy_lint_and_test_tell_by_their_exit_code() {
    let desk = Desk::new();
    desk.write("good.toml", "[[rule]]\ndecision = \"deny\"\neffect = \"push\"\n\n[[rule.example]]\ncommand = \"git push\"\ndecision = \"deny\"\n");
    assert_eq!(desk.run(&["policy", "lint", "good.toml"]).code, 0);
    assert_eq!(
        desk.run(&["policy", "test", "good.toml"]).fine(),
        "1 example, none failed\n"
    );
    desk.write("bad.toml", "[[rule]]\ndecision = \"deny\"\nefect = \"push\"\n");
    let bad = desk.run(&["policy", "lint", "bad.toml"]);
    assert_eq!(bad.code, 1);
    assert!(
        bad.stdout.contains("bad.toml:3:1") && bad.stdout.contains("effect"),
        "{}",
        bad.stdout
    );
    let json: Value = serde_json::from_str(&desk.run(&["policy", "lint", "bad.toml", "--json"]).stdout).unwrap();
    assert_eq!(json[0]["line"], 3);
    desk.write("wrong.toml", "[[rule]]\ndecision = \"deny\"\neffect = \"push\"\n\n[[rule.example]]\ncommand = \"git status\"\ndecision = \"deny\"\n");
    assert_eq!(desk.run(&["policy", "test", "wrong.toml"]).code, 1);
    let schema: Value = serde_json::from_str(&desk.run(&["policy", "schema"]).fine()).unwrap();
    assert_eq!(schema["title"], "Placet policy");
}

#[test]
fn tier_and_mode_are_kept_in_the_users_policy_with_its_comments() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["tier"]).fine(), "balanced\n");
    let policy = desk.home(".config/placet/policy.toml");
    std::fs::create_dir_all(policy.parent().unwrap()).unwrap();
    std::fs::write(&policy, "# mine\n\n[network]\ntrusted = [\"x.example\"]  # ours\n").unwrap();
    desk.run(&["tier", "restrictive"]).fine();
    desk.run(&["mode", "auto"]).fine();
    let text = std::fs::read_to_string(&policy).unwrap();
    assert!(text.contains("# mine") && text.contains("# ours"), "{text}");
    assert_eq!(
        (desk.run(&["tier"]).fine(), desk.run(&["mode"]).fine()),
        ("restrictive\n".to_owned(), "auto\n".to_owned())
    );
    std::fs::write(&policy, "tier = \n").unwrap();
    assert_eq!(desk.run(&["tier", "balanced"]).code, 2);
    assert_eq!(std::fs::read_to_string(&policy).unwrap(), "tier = \n");
}

#[test]
fn the_log_is_shown_filtered_counted_exported_and_reported() {
    let desk = set_up();
    desk.run(&["doctor"]).fine();
    let all = desk.run(&["audit", "show"]).fine();
    assert!(all.contains("sudo true") && all.contains("approved"), "{all}");
    let denied = desk.run(&["audit", "show", "--verdict", "denied", "--json"]);
    assert_eq!(denied.lines().len(), 1);
    assert_eq!(desk.run(&["audit", "show", "-n", "1"]).fine().lines().count(), 2);
    assert!(desk.run(&["audit", "stats"]).fine().contains("2 decisions"));
    assert!(
        desk.run(&["audit", "export", "--format", "csv"])
            .fine()
            .starts_with("seq,time")
    );
    assert!(
        desk.run(&["audit", "report", "--format", "markdown"])
            .fine()
            .contains("sudo true")
    );
    desk.run(&["audit", "report", "-o", "report.html"]).fine();
    assert!(
        desk.read("report.html").contains("<!doctype html>") || desk.read("report.html").contains("<!DOCTYPE html>")
    );
    assert_eq!(desk.run(&["audit", "show", "--since", "yesteryear"]).code, 2);
    assert_eq!(desk.run(&["audit", "--log", "none.jsonl", "stats"]).code, 2);
}
