//! Places outside the project that are nobody's secret and nobody's work: scratch directories, what agents keep for
//! themselves, what toolchains put down. Names of paths only.

use placet_model::{Content, Facts, Paths, Place, Target};

/// Whether the path has a name of its own below a directory for temporary files: not that directory itself, not one that
/// a running program keeps there, no set of names that is only known when it runs.
pub(super) fn is_scratch(target: &Target) -> bool {
    let Paths::One(path) = &target.paths else { return false };
    // A user's own temporary directory on macOS lies three names below: `/var/folders/ab/cdef/T`.
    let (rest, above) = if let Some(rest) = after(path, &["/var/folders/", "/private/var/folders/"]) {
        (rest, 3)
    } else if let Some(rest) = after(path, &["/tmp/", "/var/tmp/", "/private/tmp/", "/private/var/tmp/"]) {
        (rest, 0)
    } else {
        return false;
    };
    rest.split('/').nth(above).is_some_and(|name| {
        let kept = [
            "systemd-",
            "ssh-",
            "tmux-",
            "snap",
            "com.apple.",
            "dbus-",
            "pulse-",
            "runtime-",
        ];
        !name.is_empty() && !name.starts_with('.') && !kept.iter().any(|prefix| name.starts_with(prefix))
    })
}

/// What coding agents keep below the home and read again as part of their work: instructions, skills, transcripts, logs.
/// Settings and credentials, which hold tokens, are none of it; nor is a whole directory in which they lie.
pub(super) fn is_agent_file(target: &Target, home: &str) -> bool {
    const AGENTS: &[&str] = &[
        ".claude",
        ".codex",
        ".copilot",
        ".cursor",
        ".gemini",
        ".opencode",
        ".qwen",
        ".cline",
        ".aider",
    ];
    const KEPT: &[&str] = &[
        "CLAUDE.md",
        "AGENTS.md",
        "GEMINI.md",
        "agents",
        "antigravity-cli",
        "chats",
        "commands",
        "debug",
        "history",
        "hooks",
        "logs",
        "memories",
        "memory",
        "plans",
        "plugins",
        "projects",
        "prompts",
        "rules",
        "sessions",
        "skills",
        "skills-cursor",
        "tasks",
        "tmp",
        "todos",
        "transcripts",
    ];
    let Some(path) = target.paths.base() else { return false };
    let Some(rest) = path.strip_prefix(home).and_then(|rest| rest.strip_prefix('/')) else {
        return false;
    };
    let mut names = rest.split('/');
    let (agent, kept) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    // The transcripts of all projects at once are more than any work needs.
    let all = kept == "projects" && names.next().is_none_or(str::is_empty);
    AGENTS.contains(&agent) && KEPT.contains(&kept) && !all
}

/// Settings of a coding agent below the home in which no secret stands, by what the file holds now.
pub(super) fn is_open_settings(target: &Target, facts: &dyn Facts) -> bool {
    const SETTINGS: &[&str] = &[
        "/.claude/keybindings.json",
        "/.claude/settings.json",
        "/.claude/settings.local.json",
        "/.codex/config.toml",
        "/.copilot/config.json",
        "/.gemini/settings.json",
        "/.qwen/settings.json",
    ];
    const LARGEST: usize = 64 << 10;
    let Paths::One(path) = &target.paths else { return false };
    let below = path.strip_prefix(facts.home());
    if !below.is_some_and(|rest| SETTINGS.contains(&rest)) {
        return false;
    }
    match facts.read(path) {
        Content::Text(text) => text.len() <= LARGEST && !placet_effects::may_be_in_settings(&text),
        Content::Missing | Content::Ordinary => true,
        Content::Unreadable => false,
    }
}

/// Where coding agents keep whole conversations inside a project. Those in the home are [`is_agent_file`]'s.
pub(super) fn is_conversations(target: &Target) -> bool {
    const STORES: &[&str] = &[
        "/.cursor/conversations",
        "/.cursor/chats",
        "/.claude/projects",
        "/.claude/transcripts",
        "/.codex/sessions",
        "/.gemini/tmp",
        "/.continue/sessions",
    ];
    let inside = |path: &str| {
        STORES.iter().any(|store| {
            path.split_once(store)
                .is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with('/'))
        })
    };
    target.place == Place::Project && target.paths.base().is_some_and(inside)
}

/// Source code that a package manager put down, wherever its cache lies: a directory of such a name, and a package in it.
pub(super) fn is_dependency(target: &Target) -> bool {
    const CACHES: &[&str] = &[
        "/go/pkg/mod/",
        "/node_modules/",
        "/site-packages/",
        "/dist-packages/",
        "/.cargo/registry/src/",
        "/.cargo/git/checkouts/",
        "/.rustup/toolchains/",
        "/.m2/repository/",
        "/.gradle/caches/",
        "/.nuget/packages/",
        "/.pub-cache/hosted/",
        "/Cellar/",
    ];
    let inside = |path: &str| {
        CACHES
            .iter()
            .any(|cache| path.split_once(cache).is_some_and(|(_, rest)| !rest.is_empty()))
    };
    target.paths.base().is_some_and(inside)
}

/// The public half of a key: made to be handed out.
pub(super) fn is_public_key(target: &Target, home: &str) -> bool {
    let Paths::One(path) = &target.paths else { return false };
    let name = path.strip_prefix(home).and_then(|rest| rest.strip_prefix("/.ssh/"));
    name.is_some_and(|name| !name.contains('/') && name.ends_with(".pub"))
}

fn after<'p>(path: &'p str, directories: &[&str]) -> Option<&'p str> {
    directories.iter().find_map(|directory| path.strip_prefix(directory))
}
