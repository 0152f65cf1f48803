//! `placet session`, as a program: exit codes, formats, and a process that is killed in the middle.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(home.project().join(".git")).unwrap();
        home
    }

    fn project(&self) -> PathBuf {
        self.0.path().join("project")
    }

    fn script(&self, lines: &str) -> String {
        let path = self.0.path().join("script.jsonl");
        std::fs::write(&path, lines).unwrap();
        format!("script:{}", path.display())
    }

    fn placet(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_placet"));
        command
            .args(words)
            .current_dir(self.project())
            .env("HOME", self.0.path())
            .env("TMPDIR", self.0.path())
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null());
        command
    }

    fn session(&self, model: &str, words: &[&str]) -> Output {
        let mut all = vec!["session", "-p", "--auto-mode", "--model", model];
        all.extend(words);
        self.placet(&all).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn exists(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| !text.is_empty())
}

#[test]
fn a_session_that_is_killed_goes_on_and_repeats_no_call() {
    let home = Home::new();
    let model = home.script(concat!(
        r#"{"calls": [{"tool": "Bash", "input": {"command": "echo ran >> first"}}, {"tool": "Bash", "input": {"command": "echo ran >> second; echo $$ > pid; exec sleep 600"}}, {"tool": "Bash", "input": {"command": "echo ran >> third"}}]}"#,
        "\n",
        r#"{"expect": {"contains": ["It is not known how far it got"]}, "say": "I see."}"#,
        "\n",
        r#"{"say": "more"}"#,
    ));
    let mut child = home
        .placet(&["session", "-p", "--auto-mode", "--model", &model, "do it"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pid = home.project().join("pid");
    while !exists(&pid) {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let orphan = std::fs::read_to_string(&pid).unwrap();
    Command::new("kill").arg(orphan.trim()).status().unwrap();
    let output = home.session(&model, &["--continue"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    assert_eq!(text(&output.stdout), "I see.\n");
    for name in ["first", "second", "third"] {
        let times = std::fs::read_to_string(home.project().join(name)).unwrap();
        assert_eq!(times, "ran\n", "{name}");
    }
    let again = home.session(&model, &["--continue", "and now?"]);
    assert_eq!(text(&again.stdout), "more\n");
}

#[test]
fn exit_codes_tell_how_it_ended() {
    let home = Home::new();
    let done = home.script("{\"say\": \"done\"}\n");
    assert_eq!(home.session(&done, &["go"]).status.code(), Some(0));
    let denied = home.script(
        "{\"calls\": [{\"tool\": \"Bash\", \"input\": {\"command\": \"sudo a\"}}, {\"tool\": \"Bash\", \"input\": \
         {\"command\": \"sudo b\"}}, {\"tool\": \"Bash\", \"input\": {\"command\": \"git push origin x\"}}]}\n",
    );
    let output = home.session(&denied, &["go"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(
        told.contains("Bash sudo a") && told.contains("This rule would allow it:"),
        "{told}"
    );
    assert_eq!(home.session(&home.script(""), &["go"]).status.code(), Some(4));
    let long = home.script(&"{\"calls\": [{\"tool\": \"LS\"}]}\n".repeat(5));
    assert_eq!(home.session(&long, &["go", "--max-turns", "2"]).status.code(), Some(5));
    assert_eq!(home.session("nobody:x", &["go"]).status.code(), Some(2));
    assert_eq!(home.session(&done, &[]).status.code(), Some(2), "nothing is to be done");
    assert_eq!(
        home.session(&done, &["--resume", "nothing", "go"]).status.code(),
        Some(2)
    );
}

#[test]
fn programs_can_read_what_happens() {
    let home = Home::new();
    let model = home.script("{\"say\": \"look\", \"calls\": [{\"tool\": \"LS\"}]}\n{\"say\": \"done\"}\n");
    let output = home.session(&model, &["--output-format", "stream-json", "go"]);
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(kinds.first(), Some(&"session"));
    assert!(
        kinds
            .windows(3)
            .any(|three| three == ["call", "decision", "result-of-call"]),
        "{kinds:?}"
    );
    let last = lines.last().unwrap();
    assert_eq!((&last["ending"], &last["result"]), (&"done".into(), &"done".into()));
    let output = home.session(&model, &["--output-format", "json", "go"]);
    let one: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(one["turns"], 2);
}

#[test]
fn the_audit_log_goes_where_it_is_told_and_keys_do_not_reach_commands() {
    let home = Home::new();
    let log = home.0.path().join("elsewhere.jsonl");
    let model = home.script(
        "{\"calls\": [{\"tool\": \"Bash\", \"input\": {\"command\": \"env | sort > seen\"}}]}\n{\"say\": \"done\"}\n",
    );
    let output = home
        .placet(&[
            "session",
            "-p",
            "--auto-mode",
            "--model",
            &model,
            "--audit-log",
            log.to_str().unwrap(),
            "go",
        ])
        .env("ANTHROPIC_API_KEY", "key-of-the-session")
        .env("HARMLESS", "stays")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(std::fs::read_to_string(&log).unwrap().contains("env | sort"));
    let seen = std::fs::read_to_string(home.project().join("seen")).unwrap();
    assert!(
        seen.contains("HARMLESS=stays") && !seen.contains("key-of-the-session"),
        "{seen}"
    );
}

#[test]
fn a_signal_ends_the_work_and_what_it_runs() {
    let home = Home::new();
    let model = home
        .script("{\"calls\": [{\"tool\": \"Bash\", \"input\": {\"command\": \"echo $$ > pid; exec sleep 600\"}}]}\n");
    let child = home
        .placet(&["session", "-p", "--auto-mode", "--model", &model, "go"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = home.project().join("pid");
    while !exists(&pid) {
        std::thread::yield_now();
    }
    Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stdout));
    let running = std::fs::read_to_string(&pid).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", running.trim())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z"), "{stat}");
}

#[test]
fn the_demonstrations_run_and_leave_nothing_in_the_users_own_state() {
    let home = Home::new();
    for which in ["unattended", "traps"] {
        let output = home.placet(&["session", "--demo", which]).output().unwrap();
        let told = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{told}");
        assert!(told.contains("All 40 modules use `core.money`"), "{told}");
        assert_eq!(told.contains("deny  Bash sudo"), which == "traps", "{told}");
    }
    assert!(!home.0.path().join(".local").exists());
}

#[test]
fn a_projects_mcp_server_is_not_started_and_standard_error_says_so() {
    let home = Home::new();
    let entry = r#"{"mcpServers": {"notes": {"command": "touch", "args": ["started"]}}}"#;
    std::fs::write(home.project().join(".mcp.json"), entry).unwrap();
    let model = home.script("{\"say\": \"done\"}\n");
    let output = home.session(&model, &["go"]);
    let (told, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("`notes` is not started: it came with the project"),
        "{said}"
    );
    assert!(told.starts_with("done\n") && told.contains("--mcp-config"), "{told}");
    assert!(!home.project().join("started").exists());
    let output = home.session(&model, &["--mcp-config", ".mcp.json", "go"]);
    assert!(home.project().join("started").exists(), "{}", text(&output.stderr));
    let output = home.session(&model, &["--mcp-config", "missing.json", "go"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}

#[test]
fn an_mcp_server_ends_with_a_session_that_is_killed() {
    let home = Home::new();
    let pid = home.project().join("pid");
    // It hears neither the end of its input nor a gentle signal.
    let command = "trap '' TERM; echo $$ > pid; while true; do sleep 1; done";
    let entry = serde_json::json!({"mcpServers": {"deaf": {"command": "bash", "args": ["-c", command]}}});
    let servers = home.0.path().join("servers.json");
    std::fs::write(&servers, entry.to_string()).unwrap();
    let model = home.script("{\"say\": \"done\"}\n");
    let words = [
        "session",
        "-p",
        "--auto-mode",
        "--model",
        &model,
        "--mcp-config",
        servers.to_str().unwrap(),
        "go",
    ];
    let mut child = home.placet(&words).stdout(Stdio::null()).spawn().unwrap();
    while !exists(&pid) {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let stat = format!("/proc/{}/stat", std::fs::read_to_string(&pid).unwrap().trim());
    while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z")) {
        std::thread::yield_now();
    }
}
