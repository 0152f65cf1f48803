//! Options that a table does not list, and whose very name says that they write, run, send or delete. A table that lets
//! unknown options pass lets none of these pass. A name proves nothing: what it does not say, it may still do.

/// What an option does, in front of what it does it to or at the end: `--delete`, `--push-image`.
const VERBS: &[&str] = &[
    "attach",
    "delete",
    "destroy",
    "eval",
    "exec",
    "execute",
    "inject",
    "install",
    "overwrite",
    "preload",
    "publish",
    "purge",
    "push",
    "remove",
    "save",
    "send",
    "unlink",
    "upload",
    "wipe",
    "write",
];

/// What an option names, at the end or in front of what it is a name of: `--post-build-command`, `--output-dir`.
const NOUNS: &[&str] = &[
    "cmd", "command", "dump", "hook", "hooks", "inplace", "launcher", "logfile", "outdir", "outfile", "output",
    "plugin", "plugins", "rcfile", "require", "script", "scripts", "shell", "wrapper",
];

/// Names of places.
const PLACES: &[&str] = &["file", "dir", "directory", "path", "folder", "to", "script", "command"];

/// Pairs of words that tell only together.
const PAIRS: &[(&str, &str)] = &[
    ("in", "place"),
    ("log", "file"),
    ("log", "dir"),
    ("init", "file"),
    ("init", "script"),
    ("out", "file"),
    ("out", "dir"),
    ("trust", "remote"),
    ("report", "file"),
];

/// Whether the name of an option says that it does more than read.
pub(super) fn tells(option: &str) -> bool {
    // In short, the one letter that nearly always names a file to write.
    if option == "-o" {
        return true;
    }
    let name = option.trim_start_matches('-');
    if name.chars().count() < 2 {
        return false;
    }
    let name = name.split('=').next().unwrap_or(name);
    // `--no-install`, `--skip-scripts`: it does not.
    if ["no-", "skip-", "ignore-", "without-", "disable-"]
        .iter()
        .any(|not| name.starts_with(not))
    {
        return false;
    }
    let words: Vec<&str> = name.split(['-', '_', '.', ':']).collect();
    let among = |list: &[&str], word: Option<&&str>| {
        word.is_some_and(|word| list.iter().any(|known| word.eq_ignore_ascii_case(known)))
    };
    among(VERBS, words.first())
        || among(VERBS, words.last())
        || among(NOUNS, words.last())
        || words.windows(2).any(|pair| {
            among(NOUNS, pair.first()) && among(PLACES, pair.last())
                || PAIRS
                    .iter()
                    .any(|(first, second)| pair.first() == Some(first) && pair.last() == Some(second))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_what_they_do_are_heard() {
        assert!(tells("--exec=x"));
        assert!(tells("--post-build-command"));
        assert!(tells("--in-place"));
        assert!(tells("--log_file"));
        assert!(tells("-output"));
        assert!(tells("-o"));
    }

    #[test]
    fn names_that_say_nothing_or_no_pass() {
        assert!(!tells("--verbose"));
        assert!(!tells("--no-install"));
        assert!(!tells("--color=output"));
        assert!(!tells("--output-format"));
        assert!(!tells("--command-id"));
        assert!(!tells("-q"));
    }
}
