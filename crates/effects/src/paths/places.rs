//! Names of places: the system's, the toolchain's, temporary ones. Tables of names only.

use placet_model::{Facts, FileKind, Place};

use super::within;

/// Directories directly below the root, drives, and users' homes.
#[must_use]
pub fn is_top(path: &str) -> bool {
    if matches!(
        path,
        "/tmp"
            | "/var/tmp"
            | "/private/tmp"
            | "/private/var/tmp"
            | "/dev/shm"
            | "/var/folders"
            | "/private/var/folders"
    ) {
        return true;
    }
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    match (first, second, third) {
        (None, _, _) => true,
        (Some(name), None, _) => name != "tmp" || path == "/tmp",
        (
            Some("home" | "Users" | "usr" | "etc" | "var" | "Library" | "System" | "Volumes" | "mnt" | "media"),
            Some(second),
            None,
        ) => !(first == Some("var") && matches!(second, "tmp" | "folders")),
        (Some(_), Some(_), _) => false,
    }
}

/// Where a path outside the project lies.
#[must_use]
pub fn place(path: &str, home: &str, facts: &dyn Facts) -> Place {
    if is_temp(path)
        || facts
            .variable("TMPDIR")
            .is_some_and(|dir| dir.len() > 5 && within(path, dir.trim_end_matches('/')))
    {
        return Place::Temp;
    }
    if path.starts_with("/dev/") {
        return Place::Device;
    }
    if within(path, home) {
        return if toolchain_in_home(path, home) {
            Place::Toolchain
        } else {
            Place::Home
        };
    }
    if toolchain(path) || tells_of_the_system(path) {
        return Place::Toolchain;
    }
    let first = path.split('/').nth(1).unwrap_or("");
    match first {
        "etc" | "bin" | "sbin" | "lib" | "lib64" | "boot" | "usr" | "var" | "sys" | "proc" | "System" | "Library"
        | "private" | "opt" | "Applications" | "run" | "root" | "" | "lost+found" | "cores" => Place::System,
        _ if facts.kind(path) == FileKind::Special => Place::Device,
        _ => Place::Outside,
    }
}

fn is_temp(path: &str) -> bool {
    [
        "/tmp",
        "/var/tmp",
        "/private/tmp",
        "/var/folders",
        "/private/var/folders",
        "/dev/shm",
    ]
    .iter()
    .any(|dir| within(path, dir))
}

const TOOLCHAIN: &[&str] = &[
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/include",
    "/usr/share",
    "/usr/local",
    "/usr/src",
    "/usr/ports",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/opt",
    "/nix/store",
    "/Library/Developer",
    "/Applications",
    "/System/Library",
    "/Library/Frameworks",
    "/Library/Java",
    "/snap",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/version",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/stat",
    "/proc/mounts",
    "/proc/self/status",
    "/proc/self/mounts",
    "/proc/self/mountinfo",
    "/proc/diskstats",
    "/proc/filesystems",
    "/proc/modules",
    "/proc/partitions",
    "/proc/swaps",
    "/proc/vmstat",
    "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
    "/etc/os-release",
    "/etc/lsb-release",
    "/etc/debian_version",
    "/etc/redhat-release",
    "/etc/alpine-release",
    "/etc/issue",
    "/etc/hosts",
    "/etc/hostname",
    "/etc/resolv.conf",
    "/etc/shells",
    "/etc/services",
    "/etc/protocols",
    "/etc/networks",
    "/etc/rpc",
    "/etc/mtab",
    "/etc/mime.types",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ssl/certs",
    "/etc/nsswitch.conf",
    "/etc/apt/sources.list",
    "/etc/apt/sources.list.d",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/fstab",
    "/etc/paths",
    "/etc/paths.d",
    "/etc/man.conf",
];

/// Whether the kernel makes the file's content when it is read.
#[must_use]
pub fn is_of_the_kernel(path: &str) -> bool {
    within(path, "/proc") || within(path, "/sys")
}

/// A start file of the user's own shells.
#[must_use]
pub fn is_shell_start(path: &str, home: &str) -> bool {
    let of_the_user = path.strip_prefix(home).and_then(|rest| rest.strip_prefix('/'));
    of_the_user.is_some_and(|name| {
        matches!(
            name,
            ".bashrc"
                | ".bash_profile"
                | ".bash_login"
                | ".bash_aliases"
                | ".profile"
                | ".zshrc"
                | ".zprofile"
                | ".zshenv"
        )
    }) || matches!(
        path,
        "/etc/profile" | "/etc/bash.bashrc" | "/etc/bashrc" | "/etc/zshrc" | "/etc/zprofile" | "/etc/zsh/zshrc"
    )
}

/// A file of an extension that the user has installed for a coding agent: a plugin, a skill. It is there to be run by agents.
#[must_use]
pub fn is_agent_extension(path: &str, home: &str) -> bool {
    const DIRECTORIES: [&str; 7] = [
        ".claude/plugins/cache/",
        ".claude/plugins/marketplaces/",
        ".claude/skills/",
        ".codex/skills/",
        ".agents/skills/",
        ".copilot/skills/",
        ".gemini/extensions/",
    ];
    let of_the_user = path.strip_prefix(home).and_then(|rest| rest.strip_prefix('/'));
    // A file in a directory of its own, not one that lies there by itself, and not one that a way up leads to.
    of_the_user
        .filter(|rest| !rest.split('/').any(|name| name == ".."))
        .is_some_and(|rest| {
            DIRECTORIES
                .iter()
                .any(|directory| rest.strip_prefix(directory).is_some_and(|below| below.contains('/')))
        })
}

/// What the kernel tells everybody of itself and of processes, as `ps` and `sysctl` show it. A process's environment
/// and memory, its files and what its links lead to are none of it.
fn tells_of_the_system(path: &str) -> bool {
    const OF_A_PROCESS: &[&str] = &[
        "cgroup",
        "cmdline",
        "comm",
        "cpuset",
        "io",
        "limits",
        "loginuid",
        "maps",
        "mountinfo",
        "mounts",
        "oom_adj",
        "oom_score",
        "oom_score_adj",
        "sched",
        "schedstat",
        "smaps",
        "smaps_rollup",
        "stat",
        "statm",
        "status",
        "wchan",
    ];
    const OF_THE_KERNEL: &[&str] = &[
        "/proc/sys",
        "/proc/net",
        "/proc/bus",
        "/proc/irq",
        "/sys/block",
        "/sys/bus",
        "/sys/class",
        "/sys/devices",
        "/sys/fs",
        "/sys/module",
        "/sys/power",
    ];
    if OF_THE_KERNEL.iter().any(|dir| within(path, dir)) {
        return true;
    }
    let Some((process, what)) = path.strip_prefix("/proc/").and_then(|rest| rest.split_once('/')) else {
        return path.strip_prefix("/proc/").is_some_and(|name| {
            matches!(
                name,
                "buddyinfo"
                    | "cgroups"
                    | "cmdline"
                    | "consoles"
                    | "crypto"
                    | "devices"
                    | "dma"
                    | "execdomains"
                    | "fb"
                    | "interrupts"
                    | "iomem"
                    | "ioports"
                    | "locks"
                    | "mdstat"
                    | "misc"
                    | "mtrr"
                    | "pagetypeinfo"
                    | "schedstat"
                    | "slabinfo"
                    | "softirqs"
                    | "timer_list"
                    | "version_signature"
                    | "vmallocinfo"
                    | "zoneinfo"
            )
        });
    };
    (matches!(process, "self" | "thread-self") || process.bytes().all(|b| b.is_ascii_digit()))
        && OF_A_PROCESS.contains(&what)
}

fn toolchain(path: &str) -> bool {
    TOOLCHAIN.iter().any(|dir| within(path, dir))
}

const TOOLCHAIN_IN_HOME: &[&str] = &[
    "/.cargo/registry",
    "/.cargo/git",
    "/.cargo/bin",
    "/.cargo/env",
    "/.rustup",
    "/go/pkg",
    "/go/bin",
    "/.npm/_cacache",
    "/.npm/_logs",
    "/.nvm",
    "/.pyenv",
    "/.rbenv",
    "/.asdf",
    "/.local/lib",
    "/.local/bin",
    "/.local/share/mise",
    "/.local/share/uv",
    "/.local/pipx",
    "/.gradle/caches",
    "/.m2/repository",
    "/.cache/pip",
    "/.cache/uv",
    "/.cache/go-build",
    "/.cache/ms-playwright",
    "/.bun/install",
    "/.deno",
    "/.gem",
    "/.pub-cache",
    "/.nuget/packages",
    "/.volta",
    "/.sdkman",
    "/Library/Caches",
    "/Library/pnpm",
    "/.local/share/pnpm",
    "/.yarn/berry",
    "/.cache/yarn",
];

fn toolchain_in_home(path: &str, home: &str) -> bool {
    let rest = path.strip_prefix(home).unwrap_or("");
    TOOLCHAIN_IN_HOME.iter().any(|dir| within(rest, dir))
}
