//! Single patterns: the three kinds of star, malformed patterns, and texts made to be slow.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_patterns::{Case, glob, is_well_formed, path_glob, stars};

#[test]
fn in_stars_only_the_star_is_special() {
    assert!(stars("npm run *", "npm run build --fast"));
    assert!(stars("a[1]?\\*", "a[1]?\\xyz"));
    assert!(stars("*", "") && stars("", ""));
    assert!(stars("*a*b", "xxaxxbxxb"));
    assert!(!stars("npm run *", "npm install"));
    assert!(!stars("a?", "ab"));
    assert!(!stars("", "a"));
}

#[test]
fn a_glob_crosses_slashes_and_a_path_glob_does_not() {
    assert!(glob("a*z", "a/b/z", Case::Sensitive));
    assert!(!path_glob("a*z", "a/b/z", Case::Sensitive));
    assert!(path_glob("/a/*/z", "/a/b/z", Case::Sensitive));
    assert!(!path_glob("/a/*/z", "/a/b/c/z", Case::Sensitive));
    assert!(!path_glob("/a/*", "a/b", Case::Sensitive));
}

#[test]
fn two_stars_as_a_name_are_any_number_of_names_and_at_the_end_at_least_one() {
    for path in ["src/a.rs", "src/x/a.rs", "src/x/y/a.rs"] {
        assert!(path_glob("src/**/*.rs", path, Case::Sensitive), "{path}");
    }
    assert!(path_glob("**", "a", Case::Sensitive));
    assert!(path_glob("a/**/**", "a/b", Case::Sensitive));
    assert!(path_glob("**/b/**/c/**", "a/b/b/x/c/d", Case::Sensitive));
    assert!(!path_glob("a/**", "a", Case::Sensitive));
    assert!(!path_glob("src/**/*.rs", "lib/a.rs", Case::Sensitive));
    assert!(!path_glob("**/b/**/c", "c/b", Case::Sensitive));
}

#[test]
fn a_malformed_pattern_matches_nothing_and_is_known_as_such() {
    for pattern in ["[", "a[b", "a\\", "[!", "[]", "[\\]", "x[[:alpha:]"] {
        assert!(!is_well_formed(pattern), "{pattern}");
        assert!(!glob(pattern, pattern, Case::Sensitive), "{pattern}");
    }
    for pattern in ["", "a", "[]]", "\\\\", "[[:alpha:]]", "[[]"] {
        assert!(is_well_formed(pattern), "{pattern}");
    }
}

#[test]
fn a_dash_at_either_end_of_a_class_is_itself() {
    for text in ["-", "a"] {
        assert!(
            glob("[-a]", text, Case::Sensitive) && glob("[a-]", text, Case::Sensitive),
            "{text}"
        );
    }
    assert!(!glob("[a-]", "b", Case::Sensitive));
}

/// With naive backtracking each of these takes longer than the age of the universe.
#[test]
fn patterns_made_to_be_slow_still_come_to_an_end() {
    let text = "a".repeat(5_000);
    let pattern = "*a".repeat(200) + "b";
    assert!(!glob(&pattern, &text, Case::Sensitive));
    assert!(!stars(&pattern, &text));
    assert!(glob(&"*a".repeat(200), &text, Case::Sensitive));

    let path = "a/".repeat(1_000) + "z";
    assert!(!path_glob(&("**/a/".repeat(100) + "b"), &path, Case::Sensitive));
    assert!(path_glob(&("**/a/".repeat(100) + "z"), &path, Case::Sensitive));
    assert!(!path_glob(&("**/*a*a*/".repeat(60) + "b"), &path, Case::Sensitive));
}
