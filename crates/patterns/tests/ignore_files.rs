//! What gitignore lines mean, one sentence per test. That git agrees is the business of `git_agrees.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_patterns::{Case, IgnoreFile};

fn ignored(text: &str, path: &str) -> bool {
    let (path, is_directory) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
    IgnoreFile::parse(text)
        .ignores(path, is_directory, Case::Sensitive)
        .is_some()
}

#[track_caller]
fn check(text: &str, yes: &[&str], no: &[&str]) {
    for path in yes {
        assert!(ignored(text, path), "{text:?} ignores {path}");
    }
    for path in no {
        assert!(!ignored(text, path), "{text:?} leaves {path}");
    }
}

#[test]
fn a_plain_name_holds_at_any_depth() {
    check(
        "target",
        &["target", "a/target", "target/x/y", "a/target/b"],
        &["targets", "a/mytarget", "tar"],
    );
}

#[test]
fn a_slash_at_the_start_or_within_anchors() {
    check("/dist", &["dist", "dist/a.js"], &["a/dist"]);
    check("doc/out", &["doc/out", "doc/out/x"], &["a/doc/out", "doc/other"]);
}

#[test]
fn a_slash_at_the_end_means_directories_only_and_does_not_anchor() {
    check(
        "build/",
        &["build/", "a/build/", "build/x", "a/build/x"],
        &["build", "a/build"],
    );
}

#[test]
fn a_star_stays_within_a_name() {
    check("*.pyc", &["a.pyc", "x/y.pyc", ".pyc"], &["a.py", "a.pyc2"]);
    check("doc/*.txt", &["doc/a.txt"], &["doc/a/b.txt", "x/doc/a.txt"]);
}

#[test]
fn two_stars_cross_names_only_as_a_whole_name() {
    check("**/logs", &["logs", "a/logs", "a/b/logs/x"], &["alogs", "a/logsx"]);
    check("a/**", &["a/x", "a/x/y"], &["a", "a/", "b/a/x"]);
    check("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["a/xb", "ab"]);
    check("a/x**b", &["a/xb", "a/xyb"], &["a/x/b"]);
    check("/**/z", &["z", "q/z"], &["zz"]);
}

#[test]
fn later_lines_take_back_but_not_below_an_ignored_directory() {
    check("*.log\n!keep.log", &["a.log"], &["keep.log", "b/keep.log"]);
    check("logs/\n!logs/keep.log", &["logs/keep.log", "logs/a"], &[]);
    check("logs/*\n!logs/keep.log", &["logs/a"], &["logs/keep.log"]);
    check("/*\n!/foo\n/foo/*\n!/foo/bar", &["x", "foo/baz"], &["foo/", "foo/bar"]);
    check("!keep.log\n*.log", &["keep.log"], &[]);
}

#[test]
fn comments_and_empty_lines_say_nothing_unless_escaped() {
    check(
        "# note\n\n\\#real\n\\!bang",
        &["#real", "!bang"],
        &["# note", "note", "\\#real"],
    );
}

#[test]
fn blanks_at_the_end_count_only_when_escaped() {
    check("a   ", &["a"], &["a   "]);
    check("b\\ ", &["b "], &["b"]);
    check("c d", &["c d"], &["c"]);
    check("e\t", &["e\t"], &["e"]);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_no_part_of_a_pattern() {
    check("\u{feff}one\r\ntwo\r\n", &["one", "two"], &["two\r"]);
}

#[test]
fn classes_have_ranges_negation_names_and_escapes() {
    check("[a-c]x", &["ax", "cx"], &["dx", "x"]);
    check("[!a-c]x", &["dx"], &["ax"]);
    check("[^a]x", &["bx"], &["ax"]);
    check("[]-]x", &["]x", "-x"], &["ax"]);
    check("[[:digit:]_]x", &["7x", "_x"], &["ax", ":x"]);
    check("[\\]]x", &["]x"], &["\\x"]);
    check("[a/]b", &["ab"], &["a/b"]);
}

#[test]
fn a_question_mark_is_one_character_but_no_slash() {
    check("a?c", &["abc", "aßc"], &["ac", "abbc"]);
    check("x/a?c", &["x/abc"], &["x/a/c"]);
}

#[test]
fn a_backslash_takes_the_next_character_as_it_is() {
    check("a\\*b", &["a*b"], &["axb"]);
    check("\\[a]", &["[a]"], &["a"]);
}

#[test]
fn malformed_lines_match_nothing_and_are_found() {
    let file = IgnoreFile::parse("[abc\nfine\nend\\\n/\n!\n");
    let numbers: Vec<usize> = file.malformed().map(|line| line.number).collect();
    assert_eq!(numbers, [1, 3, 4]);
    check("[abc\nend\\", &[], &["[abc", "a", "end", "end\\"]);
}

#[test]
fn the_deciding_line_is_named_by_its_number() {
    let file = IgnoreFile::parse("# head\n*.key\n!public.key\n");
    assert_eq!(file.ignores("a.key", false, Case::Sensitive).unwrap().number, 2);
    let last = file.last_match("public.key", false, Case::Sensitive).unwrap();
    assert!(last.negated && last.number == 3);
    assert_eq!(file.pattern(last), "public.key");
}

#[test]
fn case_is_ignored_only_where_asked() {
    let file = IgnoreFile::parse("Secrets/\n*.PEM\n[a-c]1");
    for path in ["secrets/x", "a/B.pem", "B1"] {
        assert!(file.ignores(path, false, Case::Insensitive).is_some(), "{path}");
        assert!(file.ignores(path, false, Case::Sensitive).is_none(), "{path}");
    }
    assert!(file.ignores("d1", false, Case::Insensitive).is_none());
}
