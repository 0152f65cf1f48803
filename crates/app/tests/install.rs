//! Installing into settings and taking out again, on real files in a scratch directory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use placet_app::install::claude_code::{EVENTS, command, installed, program_of};
use placet_app::install::probe::{self, Probe};
use placet_app::install::{InstallError, Scope, SettingsChange, install, uninstall};
use proptest::prelude::*;

const PROGRAM: &str = "/opt/placet/bin/placet";

struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    fn with(text: &str) -> Self {
        let place = Self::new();
        fs::create_dir_all(place.settings().parent().unwrap()).unwrap();
        fs::write(place.settings(), text).unwrap();
        place
    }

    fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    fn settings(&self) -> PathBuf {
        self.home().join(".claude/settings.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.settings()).unwrap()
    }

    fn install(&self) -> Result<SettingsChange, InstallError> {
        install(
            "claude-code",
            Scope::User,
            &self.home(),
            Path::new("/p"),
            Path::new(PROGRAM),
            None,
        )
    }

    fn uninstall(&self) -> Result<SettingsChange, InstallError> {
        uninstall("claude-code", Scope::User, &self.home(), Path::new("/p"))
    }
}

#[test]
fn without_settings_they_are_made_with_every_event() {
    let place = Place::new();
    place.install().unwrap().apply().unwrap();
    let json: serde_json::Value = serde_json::from_str(&place.text()).unwrap();
    for event in EVENTS {
        let groups = json["hooks"][*event].as_array().unwrap();
        assert_eq!(groups.len(), 1, "{event}");
        assert_eq!(groups[0]["matcher"], "*");
        assert_eq!(groups[0]["hooks"][0]["type"], "command");
        assert_eq!(
            groups[0]["hooks"][0]["command"],
            "/opt/placet/bin/placet hook claude-code"
        );
    }
    assert_eq!(json["hooks"].as_object().unwrap().len(), EVENTS.len());
}

#[test]
fn new_settings_look_as_a_person_would_write_them() {
    let place = Place::new();
    let text = place.install().unwrap().after;
    let start = r#"{
  "hooks": {
    "PreToolUse": [
      {
        "matcher": "*",
        "hooks": [
          {
            "type": "command",
            "command": "/opt/placet/bin/placet hook claude-code",
            "onFailure": "block"
          }
        ]
      }
    ],
    "PermissionRequest": [
"#;
    assert!(text.starts_with(start), "{text}");
    assert!(text.ends_with("\n    ]\n  }\n}\n"), "{text}");
}

#[test]
fn everything_else_is_kept_byte_for_byte_and_comes_back() {
    for before in [
        "{\n  \"model\":   \"opus\",\n\n  \"permissions\": { \"allow\": [ \"Bash(ls)\" ,\"x\"] }\n}\n",
        "{\"a\":1}",
        "{\"a\": 1, \"b\": [1,2]}",
        "{\r\n\t\"a\": \"\\u00e4\\/\",\r\n\t\"b\": 1e3\r\n}\r\n",
        "\u{feff}{\n    \"a\": {}\n}",
        "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"matcher\": \"Bash\",\n        \"hooks\": [{\"type\": \"command\", \"command\": \"./mine.sh\"}]\n      }\n    ]\n  },\n  \"z\": null\n}\n",
        "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"bell\"}]}]},\"a\":[]}",
    ] {
        let place = Place::with(before);
        let change = place.install().unwrap();
        change.apply().unwrap();
        let text = place.text();
        let mut pieces = text.as_str();
        for line in before.lines().filter(|line| line.len() > 3 && before.contains('\n')) {
            let at = pieces
                .find(line.trim_end_matches(['}', ' ']))
                .unwrap_or_else(|| panic!("{line} of {before} in {text}"));
            pieces = pieces.get(at..).unwrap();
        }
        assert_eq!(
            installed(&place.settings(), &text).unwrap().len(),
            EVENTS.len(),
            "{text}"
        );
        place.uninstall().unwrap().apply().unwrap();
        assert_eq!(place.text(), before);
    }
}

#[test]
fn installing_twice_changes_nothing_more() {
    let place = Place::with("{\"a\": 1}\n");
    place.install().unwrap().apply().unwrap();
    let again = place.install().unwrap();
    assert!(again.is_empty());
    assert_eq!(again.diff(), "");
}

#[test]
fn an_entry_of_another_place_is_brought_up_to_date_not_doubled() {
    let place = Place::with("{}");
    let old = install(
        "claude-code",
        Scope::User,
        &place.home(),
        Path::new("/p"),
        Path::new("/old dir/it's/placet"),
        None,
    )
    .unwrap();
    old.apply().unwrap();
    assert_eq!(
        program_of(&installed(&place.settings(), &place.text()).unwrap()[0].1).unwrap(),
        "/old dir/it's/placet"
    );
    place.install().unwrap().apply().unwrap();
    let found = installed(&place.settings(), &place.text()).unwrap();
    assert_eq!(found.len(), EVENTS.len());
    assert!(
        found
            .iter()
            .all(|(_, line)| line == "/opt/placet/bin/placet hook claude-code")
    );
}

#[test]
fn the_entries_carry_from_which_finding_on_results_are_withheld() {
    let place = Place::new();
    let lines = |block_on: Option<&str>| -> Vec<String> {
        let (home, program) = (place.home(), Path::new(PROGRAM));
        let change = install("claude-code", Scope::User, &home, Path::new("/p"), program, block_on).unwrap();
        change.apply().unwrap();
        let found = installed(&place.settings(), &place.text()).unwrap();
        let mut lines: Vec<String> = found.into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines.len(), EVENTS.len());
        lines.dedup();
        lines
    };
    let plain = "/opt/placet/bin/placet hook claude-code".to_owned();
    assert_eq!(lines(Some("high")), [format!("{plain} --block-on high")]);
    // Installed again without a word about it, it stays.
    assert_eq!(lines(None), [format!("{plain} --block-on high")]);
    assert_eq!(lines(Some("medium")), [format!("{plain} --block-on medium")]);
    assert_eq!(lines(Some("off")), [plain]);
    // A word that the hook would refuse is nothing of ours.
    assert_eq!(
        program_of("/opt/placet/bin/placet hook claude-code --block-on all"),
        None
    );
    place.uninstall().unwrap().apply().unwrap();
    assert_eq!(installed(&place.settings(), &place.text()).unwrap(), []);
}

#[test]
fn only_placets_own_entries_are_taken_out() {
    let own = "/opt/placet/bin/placet hook claude-code";
    let text = format!(
        r#"{{"hooks":{{"PreToolUse":[{{"matcher":"*","hooks":[{{"type":"command","command":"{own}"}},{{"type":"command","command":"/x/other hook claude-code"}}]}},
        {{"matcher":"Bash","hooks":[{{"type":"command","command":"echo; {own}"}}]}}]}}}}"#
    );
    let place = Place::with(&text);
    place.uninstall().unwrap().apply().unwrap();
    let expected = text.replacen(&format!(r#"{{"type":"command","command":"{own}"}},"#), "", 1);
    assert_eq!(place.text(), expected);
    assert!(place.uninstall().unwrap().is_empty());
}

#[test]
fn a_group_that_was_narrowed_to_some_tools_does_not_count_as_installed() {
    let place = Place::with(
        r#"{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"/opt/placet/bin/placet hook claude-code"}]}]}}"#,
    );
    let after = place.install().unwrap().after;
    let json: serde_json::Value = serde_json::from_str(&after).unwrap();
    assert_eq!(json["hooks"]["PreToolUse"].as_array().unwrap().len(), 2);
}

#[test]
fn the_diff_shows_what_changes_with_its_surroundings() {
    let place = Place::with("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"d\": 4\n}\n");
    let diff = place.install().unwrap().diff();
    let path = place.settings().display().to_string();
    let head = format!("--- {path}\n+++ {path}\n@@ -2,5 +2,107 @@\n");
    let body = diff.strip_prefix(&head).unwrap_or_else(|| panic!("{diff}"));
    let count = |signs: [char; 2]| body.lines().filter(|line| line.starts_with(signs)).count();
    assert_eq!((count([' ', '-']), count([' ', '+'])), (5, 107));
    let middle = "   \"a\": 1,\n   \"b\": 2,\n   \"c\": 3,\n-  \"d\": 4\n+  \"d\": 4,\n+  \"hooks\": {\n";
    assert!(body.starts_with(middle), "{diff}");
    assert!(body.ends_with("+  }\n }\n"), "{diff}");
    let fresh = Place::new().install().unwrap().diff();
    assert!(fresh.starts_with("--- /dev/null\n"), "{fresh}");
}

#[test]
fn malformed_settings_are_refused_with_the_place_and_nothing_is_written() {
    for (text, line, column, what) in [
        ("{\n  \"a\": 1,\n}\n", 3, 1, "a key in double quotes is missing"),
        ("{\n  // note\n  \"a\": 1\n}", 2, 3, "a key in double quotes is missing"),
        ("{\"a\": 1 \"b\": 2}", 1, 9, "`,` or `}` is missing"),
        ("{\"a\": nul}", 1, 7, "a value is expected"),
        ("{\"a\": \"x}", 1, 7, "a text is not closed"),
        ("{\"hooks\": {}, \"hooks\": {}}", 1, 15, "the key `hooks` occurs twice"),
        ("[]", 1, 1, "the settings must be an object"),
        ("{\"hooks\": []}", 1, 11, "`hooks` must be an object"),
        ("{\"hooks\": {\"Stop\": {}}}", 1, 20, "`hooks.Stop` must be a list"),
        (
            "{\"hooks\": {\"Stop\": [1]}}",
            1,
            21,
            "each entry of `hooks.Stop` must be an object",
        ),
        ("{} x", 1, 4, "text after the end of the settings"),
    ] {
        let place = Place::with(text);
        for error in [place.install().unwrap_err(), place.uninstall().unwrap_err()] {
            let expected = format!("`{}`, line {line}, column {column}: {what}", place.settings().display());
            assert_eq!(error.to_string(), expected, "{text}");
        }
        assert_eq!(place.text(), text);
    }
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert!(matches!(
        Place::with(&deep).install(),
        Err(InstallError::Malformed { .. })
    ));
}

#[test]
fn links_are_followed_and_permissions_kept() {
    let place = Place::new();
    let real = place.root.path().join("dotfiles/claude.json");
    fs::create_dir_all(real.parent().unwrap()).unwrap();
    fs::create_dir_all(place.settings().parent().unwrap()).unwrap();
    fs::write(&real, "{}\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
    symlink("../../dotfiles/claude.json", place.settings()).unwrap();
    place.install().unwrap().apply().unwrap();
    assert!(place.settings().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("hook claude-code"));
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
    let left: Vec<_> = fs::read_dir(real.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["claude.json"]);
}

#[test]
fn a_file_that_somebody_else_changed_meanwhile_is_left_alone() {
    let place = Place::with("{}\n");
    let change = place.install().unwrap();
    fs::write(place.settings(), "{\"new\": true}\n").unwrap();
    assert!(matches!(change.apply(), Err(InstallError::ChangedMeanwhile(_))));
    assert_eq!(place.text(), "{\"new\": true}\n");
}

#[test]
fn a_program_without_an_absolute_path_and_an_unknown_agent_are_refused() {
    let place = Place::new();
    let home = place.home();
    let error = install(
        "claude-code",
        Scope::User,
        &home,
        Path::new("/p"),
        Path::new("placet"),
        None,
    )
    .unwrap_err();
    assert!(matches!(error, InstallError::ProgramPath(_)));
    let error = install("cursor", Scope::User, &home, Path::new("/p"), Path::new(PROGRAM), None).unwrap_err();
    assert!(matches!(error, InstallError::UnknownAgent(_)));
}

#[test]
fn switched_off_hooks_are_pointed_out() {
    assert_eq!(
        Place::with("{\"disableAllHooks\": true}")
            .install()
            .unwrap()
            .notes
            .len(),
        1
    );
    assert!(
        Place::with("{\"disableAllHooks\": false}")
            .install()
            .unwrap()
            .notes
            .is_empty()
    );
}

#[test]
fn each_scope_has_its_file() {
    let path = |scope| {
        install(
            "claude-code",
            scope,
            Path::new("/h"),
            Path::new("/p"),
            Path::new(PROGRAM),
            None,
        )
        .unwrap()
        .path
    };
    assert_eq!(path(Scope::User), Path::new("/h/.claude/settings.json"));
    assert_eq!(path(Scope::Project), Path::new("/p/.claude/settings.json"));
    assert_eq!(path(Scope::Local), Path::new("/p/.claude/settings.local.json"));
}

#[test]
fn the_probe_tells_a_hook_that_fires_from_one_that_does_not() {
    let place = Place::new();
    let script = place.root.path().join("hook.sh");
    let answer = |word: &str| format!("printf '{{\"hookSpecificOutput\":{{\"permissionDecision\":\"{word}\"}}}}'");
    let probe = |body: &str| {
        fs::write(&script, body).unwrap();
        probe::claude_code(&format!("sh {}", script.display()), Path::new("/p"))
    };
    let sorted = format!("if grep -q sudo; then {}; else {}; fi", answer("deny"), answer("allow"));
    assert_eq!(probe(&sorted), Probe::Fires);
    assert!(matches!(probe(&answer("allow")), Probe::DoesNotBlock(_)));
    assert!(matches!(probe("exit 1"), Probe::DoesNotBlock(_)));
    assert!(matches!(probe("exit 2"), Probe::BlocksEverything(_)));
    assert!(matches!(
        probe::claude_code("/no/such/program", Path::new("/p")),
        Probe::DoesNotBlock(_)
    ));
}

proptest! {
    #[test]
    fn a_command_line_is_recognised_as_ours_with_any_path(directory in "[ -~äß]{0,30}") {
        let program = format!("/{directory}/placet");
        prop_assert_eq!(program_of(&command(&program)), Some(program));
    }

    #[test]
    fn the_shell_runs_exactly_the_program_that_was_installed(name in "[ -.0-~]{1,20}") {
        let shown = command(&format!("/{name}"));
        let output = std::process::Command::new("sh").args(["-c", &format!("printf '%s\\n' {shown}")]).output().unwrap();
        prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("/{name}\nhook\nclaude-code\n"));
    }

    #[test]
    fn any_settings_come_back_after_install_and_uninstall(value in settings(), spaces in 0_usize..3) {
        let text = match spaces {
            0 => value.to_string(),
            1 => serde_json::to_string_pretty(&value).unwrap(),
            _ => value.to_string().replace(',', " ,\n\t"),
        };
        let place = Place::with(&text);
        place.install().unwrap().apply().unwrap();
        let with: serde_json::Value = serde_json::from_str(&place.text()).unwrap();
        for (key, part) in value.as_object().unwrap() {
            prop_assert_eq!(&with[key], part);
        }
        place.uninstall().unwrap().apply().unwrap();
        prop_assert_eq!(place.text(), text);
    }
}

/// Objects with at least one member and no `hooks` of their own.
fn settings() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        "[ -+.-~äß\"\\\\{}\\[\\]:]{0,12}".prop_map(Into::into),
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("[a-z\"\\\\{]{0,6}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map("[a-g]{1,6}", value, 1..5)
        .prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
}
