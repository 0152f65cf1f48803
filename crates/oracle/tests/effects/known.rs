//! What needs no prediction: parts that a program starts of itself, and files that every program of its kind reads.

/// Programs that are parts of other ones, with those that start them.
const PARTS: &[(&str, &[&str])] = &[
    ("apt-cache", &["dpkg"]),
    ("apt-config", &["dpkg"]),
    ("apt-mark", &["dpkg"]),
    // What these hand to a shell is seen for itself.
    ("awk", &["sh"]),
    ("gawk", &["sh"]),
    ("mawk", &["sh"]),
    ("make", &["sh"]),
    ("node", &["sh"]),
    ("perl", &["sh"]),
    ("php", &["sh"]),
    ("python3", &["sh"]),
    ("ruby", &["sh"]),
    ("sed", &["sh"]),
    ("watch", &["sh"]),
    // The profile of a login shell.
    ("bash", &["id"]),
    ("bzgrep", &["bzip2", "grep", "sed"]),
    ("c99", &["cc1", "as", "collect2", "ld", "gcc"]),
    ("cargo", &["cargo-fmt", "rustc", "rustfmt", "rustdoc"]),
    ("cc", &["cc1", "as", "collect2", "ld"]),
    ("colordiff", &["diff"]),
    ("cpp", &["cc1"]),
    ("ctags", &["sh", "sort"]),
    ("diff3", &["diff"]),
    ("dpkg", &["dpkg-query"]),
    ("egrep", &["grep"]),
    ("fakeroot", &["cut", "faked-sysv", "getopt", "sed"]),
    ("fgrep", &["grep"]),
    ("g++", &["cc1plus", "as", "collect2", "ld"]),
    ("gcc", &["cc1", "cc1plus", "as", "collect2", "ld", "lto-wrapper"]),
    ("gdb", &["iconv"]),
    // Over a local path the other side is a process here; parts of git that are scripts.
    (
        "git",
        &[
            "git-filter-branch",
            "git-receive-pack",
            "git-submodule",
            "git-upload-pack",
            "sh",
            "basename",
            "date",
            "envsubst",
            "gettext",
            "grep",
            "mkdir",
            "rm",
            "sed",
            "sleep",
            "tr",
            "uname",
            "wc",
            "gzip",
        ],
    ),
    ("gpg", &["gpg-agent"]),
    ("groff", &["grotty", "troff"]),
    ("gunzip", &["gzip"]),
    ("npm", &["node", "sh"]),
    ("nroff", &["groff", "grotty", "locale", "troff"]),
    (
        "parallel",
        &["echo", "false", "hostname", "lscpu", "perl", "ps", "rm", "sh", "sleep"],
    ),
    ("pg_config", &["ls", "tail"]),
    ("rgrep", &["grep"]),
    ("scp", &["cp"]),
    ("sdiff", &["diff"]),
    ("tar", &["bzip2", "gzip", "sh", "xz", "zstd"]),
    ("uncompress", &["gzip"]),
    ("ldd", &["ld-linux-x86-64.so.2"]),
    ("wdiff", &["diff"]),
    ("xzgrep", &["grep", "xz", "sed"]),
    ("zcat", &["gzip"]),
    ("zcmp", &["cmp", "gzip", "zdiff"]),
    ("zdiff", &["diff", "gzip"]),
    ("zgrep", &["grep", "gzip", "sed"]),
    ("zip", &["sh", "unzip"]),
    ("zless", &["gzip", "less", "sh"]),
    ("zmore", &["gzip", "more"]),
];

/// Configuration and tables that are read by whatever runs: below these directories, or exactly these files. What a user may
/// not see there, the user of the jail can't open.
const AMBIENT: &[&str] = &[
    "/bin",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/mnt/rust",
    "/opt",
    "/proc",
    "/sbin",
    "/sys",
    "/usr",
    "/var/cache",
    "/var/lib/apt",
    "/var/lib/dpkg",
    "/var/log",
];

/// A program reads its own configuration and keeps its own caches and logs.
const OWN: &[(&str, &[&str])] = &[
    (
        "cargo",
        &[
            "/home/dev/.gitconfig",
            "/home/dev/.cargo",
            "/home/dev/project/target",
            "/home/dev/project/Cargo.lock",
        ],
    ),
    (
        "git",
        &[
            "/home/dev/.gitconfig",
            "/home/dev/.config/git",
            "/home/dev/remote.git",
            "/home/dev/project/.git/objects",
        ],
    ),
    ("gpg", &["/home/dev/.gnupg"]),
    ("npm", &["/home/dev/.gitconfig", "/home/dev/.npm"]),
    ("parallel", &["/home/dev/.parallel"]),
    ("top", &["/home/dev/.config"]),
    // The password goes to the host that the file names for it.
    ("wget", &["/home/dev/.netrc"]),
];

/// Whether `started` is a part of a program that the command names.
pub fn is_part(started: &str, named: &dyn Fn(&str) -> bool) -> bool {
    PARTS
        .iter()
        .any(|(program, parts)| parts.contains(&started) && named(program))
}

/// Whether a file may be read unpredicted.
pub fn is_ambient(path: &str, named: &dyn Fn(&str) -> bool) -> bool {
    let within = |directory: &&str| {
        path == *directory || path.strip_prefix(*directory).is_some_and(|rest| rest.starts_with('/'))
    };
    AMBIENT.iter().any(within)
        || OWN
            .iter()
            .any(|(program, paths)| paths.iter().any(within) && named(program))
}

/// Whether a change is one of a program's own caches and logs.
pub fn is_own(path: &str, named: &dyn Fn(&str) -> bool) -> bool {
    let of_java = path.starts_with("/tmp/hsperfdata_") && ["jar", "java", "javac"].iter().any(|program| named(program));
    let of_python = path.contains("/__pycache__") && named("python3");
    of_java || of_python || (!path.ends_with(".gitconfig") && !path.ends_with(".netrc") && is_ambient(path, named))
}

/// npm asks its registry whether there is a newer npm, whatever it was told to do.
pub fn asks_for_updates(named: &dyn Fn(&str) -> bool) -> bool {
    named("npm")
}

/// Commands of git that bring files of the work tree to another recorded state, and refuse to where changes would be lost.
const CHECKOUTS: &[&str] = &[
    "am",
    "apply",
    "bisect",
    "checkout",
    "cherry-pick",
    "merge",
    "pull",
    "rebase",
    "revert",
    "stash",
    "switch",
    "worktree",
];

/// Whether the effects of a command of git are meant to take in files of the work tree.
pub fn checks_out(by: &str) -> bool {
    let mut words = by.rsplit(" › ").next().unwrap_or(by).split(' ');
    words.next() == Some("git") && words.next().is_some_and(|word| CHECKOUTS.contains(&word))
}
