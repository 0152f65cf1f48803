//! Whole-process time of the hook on a recorded call, beside `/bin/true` in the same run. Run with
//! `cargo bench -p placet-hook`; build the static program first with `scripts/build-static`.
//!
//! Pairs are interleaved, so that load on the machine hits both alike; the figure is the median of the pairs' ratios. What is
//! measured is a copy, as installing makes one: the kernel maps a file that was written in one go in larger pieces than one
//! that a linker has pieced together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PAIRS: usize = 400;

const JUDGE: &str = "[judge]\nprovider = 'openai'\nurl = 'http://127.0.0.1:9/v1'\nmodel = 'some-model'\n";

/// A script with a loop, pipelines, a here-document and redirections.
const SCRIPT: &str = r#"# Collect the longest source files, and say how many lines there are in all.
mkdir -p target/report
total=0
for dir in src tests benches examples; do
  [ -d "$dir" ] || continue
  count=$(find "$dir" -name '*.rs' -type f | xargs wc -l | tail -1 | awk '{print $1}')
  echo "$dir: $count lines"
  total=$((total + count))
done
cat > target/report/summary.md <<'EOF'
# Summary
The figures below are counted anew by every run of the script. They are no goal.
EOF
echo "total: $total" | tee -a target/report/summary.md
grep -rn 'unwrap' src | sort | uniq -c | sort -rn | head -20 >> target/report/summary.md
sed -n '1,40p' target/report/summary.md | cut -c1-100
"#;

struct Case {
    name: &'static str,
    policy: bool,
    /// A judge is configured. What is decided without it must not pay for it.
    judge: bool,
    fixture: &'static str,
    /// What takes the place of the command that was recorded.
    command: Option<&'static str>,
}

const CASES: &[Case] = &[
    Case {
        name: "Bash `ls -la`",
        policy: false,
        judge: false,
        fixture: "PreToolUse-9",
        command: None,
    },
    Case {
        name: "Bash `ls -la`, 300-line policy, 80 ignore lines",
        policy: true,
        judge: false,
        fixture: "PreToolUse-9",
        command: None,
    },
    Case {
        name: "Bash `ls -la`, with a judge that is not needed",
        policy: false,
        judge: true,
        fixture: "PreToolUse-9",
        command: None,
    },
    Case {
        name: "Write a file, 300-line policy, 80 ignore lines",
        policy: true,
        judge: false,
        fixture: "PreToolUse-11",
        command: None,
    },
    Case {
        name: "Bash, a script of 650 characters",
        policy: false,
        judge: false,
        fixture: "PreToolUse-9",
        command: Some(SCRIPT),
    },
];

fn main() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned();
    let target = workspace.join(format!(
        "target/{}-unknown-linux-musl/release/placet-hook",
        std::env::consts::ARCH
    ));
    let native = PathBuf::from(env!("CARGO_BIN_EXE_placet-hook"));
    let fallback = workspace.join(format!(
        "target/{}-unknown-linux-gnu/release/placet-hook",
        std::env::consts::ARCH
    ));
    if !target.exists() {
        println!("no static build found; `scripts/build-static` makes one");
    }
    let installed = tempfile::tempdir().unwrap();
    let programs: Vec<(&str, PathBuf)> = [
        ("static musl", target),
        ("static glibc", fallback),
        ("system C library", native),
    ]
    .into_iter()
    .filter(|(_, program)| program.exists())
    .map(|(name, program)| {
        let copy = installed.path().join(name.replace(' ', "-"));
        fs::copy(program, &copy).unwrap();
        (name, copy)
    })
    .collect();
    println!("{PAIRS} pairs each; median times in milliseconds, and the median ratio to /bin/true");
    for case in CASES {
        println!("{}", case.name);
        for (name, program) in &programs {
            let (own, yardstick, ratio) = measure(program, case);
            println!(
                "  {name:<18} {:>6.3}   /bin/true {:>6.3}   ratio {ratio:.2}",
                millis(own),
                millis(yardstick)
            );
        }
    }
}

fn measure(program: &Path, case: &Case) -> (Duration, Duration, f64) {
    let scratch = tempfile::tempdir().unwrap();
    let (home, project) = (scratch.path().join("home"), scratch.path().join("project"));
    fs::create_dir_all(project.join(".git")).unwrap();
    fs::create_dir_all(home.join(".config/placet")).unwrap();
    fs::write(project.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    if case.judge {
        fs::write(home.join(".config/placet/policy.toml"), JUDGE).unwrap();
    }
    if case.policy {
        fs::write(home.join(".config/placet/policy.toml"), policy()).unwrap();
        let ignored: String = (0..80).map(|n| format!("secrets-{n}/**/*.key\n")).collect();
        fs::write(project.join(".placetignore"), ignored).unwrap();
    }
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../agents/fixtures/claude-code/{}.json", case.fixture));
    let payload = fs::read_to_string(fixture)
        .unwrap()
        .replace("/home/dev/project", project.to_str().unwrap());
    let payload = match case.command {
        Some(command) => payload.replace("\"ls -la\"", &serde_json::to_string(command).unwrap()),
        None => payload,
    };
    let mut hook = Command::new(program);
    hook.arg("claude-code")
        .env_clear()
        .env("HOME", &home)
        .env("CLAUDE_PROJECT_DIR", &project)
        .current_dir(&project);
    let mut yardstick = Command::new("/bin/true");
    yardstick.env_clear();

    assert!(
        said(&mut hook, &payload).contains("\"permissionDecision\":\"allow\""),
        "the call must be a usual one"
    );
    let mut pairs = Vec::with_capacity(PAIRS);
    for _ in 0..PAIRS {
        pairs.push((time(&mut hook, &payload), time(&mut yardstick, "")));
    }
    let mut ratios: Vec<f64> = pairs
        .iter()
        .map(|(own, other)| own.as_secs_f64() / other.as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    let (mut own, mut other): (Vec<Duration>, Vec<Duration>) = pairs.into_iter().unzip();
    own.sort();
    other.sort();
    (median(&own), median(&other), median(&ratios))
}

fn policy() -> String {
    let mut text = String::new();
    for number in 0..60 {
        text.push_str(&format!(
            "[[rule]]\nid = \"rule-{number}\"\ndecision = \"ask\"\neffect = \"push\"\nbranch = \"release-{number}/*\"\n"
        ));
    }
    text
}

fn said(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn time(command: &mut Command, input: &str) -> Duration {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    // `true` does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait().unwrap();
    start.elapsed()
}

fn median<T: Copy>(sorted: &[T]) -> T {
    *sorted.get(sorted.len() / 2).unwrap()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
