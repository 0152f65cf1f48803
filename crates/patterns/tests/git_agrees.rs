//! git itself as the oracle: thousands of made-up ignore files and paths, and `git check-ignore` must say the same.
//! Says so and passes where git is not installed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use placet_patterns::{Case, IgnoreFile};

/// A fixed sequence, so that a failure can be repeated.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const PIECES: &[&str] = &[
    "a",
    "b",
    "ab",
    "c",
    "*",
    "**",
    "?",
    "/",
    "/",
    "**/",
    "/**",
    "[ab]",
    "[!a]",
    "[a-c]",
    "[^b]",
    "[]a]",
    "[[:alpha:]]",
    "\\a",
    "\\*",
    "\\",
    " ",
    "\\ ",
    "!",
    "#",
    ".",
    "[",
    "]",
    "-",
    "***",
    "[a/b]",
];
const NAMES: &[&str] = &[
    "a", "b", "ab", "abc", "c", "ba", "aab", " ", "a ", "*", "!", "#", ".", "[", "]", "-", "\\",
];

#[test]
fn git_ignores_exactly_what_we_ignore() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("git-agrees-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    if !git(&root, &["init", "-q"]) {
        eprintln!("skipped: git is not installed");
        return;
    }
    let mut sequence = Sequence(0x9E37_79B9_7F4A_7C15);
    let (mut compared, mut found) = (0, 0);
    for round in 0..400 {
        let lines: Vec<String> = (0..=sequence.below(4))
            .map(|_| {
                (0..=sequence.below(4))
                    .map(|_| sequence.pick(PIECES))
                    .collect::<String>()
            })
            // git cuts a literal beginning off before it matches, so that it reads `a**/b` as `a` and `**/b`, against
            // its own manual. We follow the manual.
            .filter(|line| {
                line.match_indices("**/").all(|(at, _)| {
                    let before = line[..at].trim_end_matches('*');
                    matches!(before, "" | "!") || before.ends_with('/')
                })
            })
            .collect();
        let text = lines.join("\n");
        let paths: BTreeSet<String> = (0..60)
            .map(|_| {
                (0..=sequence.below(3))
                    .map(|_| sequence.pick(NAMES))
                    .collect::<Vec<_>>()
                    .join("/")
            })
            // `.` as a name is no name.
            .filter(|path| path.split('/').all(|name| name != "."))
            .collect();
        std::fs::write(root.join(".gitignore"), &text).unwrap();
        let theirs = ignored_by_git(&root, &paths);
        let file = IgnoreFile::parse(text.as_str());
        for path in &paths {
            let ours = file.ignores(path, false, Case::Sensitive).is_some();
            assert_eq!(
                ours,
                theirs.contains(path),
                "round {round}: {text:?} on {path:?}: git is on the right"
            );
        }
        compared += paths.len();
        found += theirs.len();
    }
    std::fs::remove_dir_all(&root).unwrap();
    assert!(
        compared > 10_000 && found > 1_000,
        "the sample says too little: {found} of {compared} are ignored"
    );
}

fn git(root: &Path, arguments: &[&str]) -> bool {
    Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .status()
        .is_ok_and(|status| status.success())
}

fn ignored_by_git(root: &Path, paths: &BTreeSet<String>) -> BTreeSet<String> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(root)
        .args([
            "-c",
            "core.excludesFile=",
            "check-ignore",
            "--no-index",
            "-z",
            "--stdin",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = paths.iter().map(|path| format!("{path}\0")).collect();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .map(str::to_owned)
        .collect()
}
