//! Names of paths with a meaning: secrets, start files, system directories. Tables of names only.

use placet_model::{Facts, FileKind, Place, RunsLater, Sensitivity};

use super::within;

/// Endings of a path (after `/`) that hold keys or credentials. Sources: the programs' own manuals.
const SECRET_ENDINGS: &[&str] = &[
    ".netrc",
    "_netrc",
    ".pgpass",
    ".my.cnf",
    ".pypirc",
    ".git-credentials",
    ".vault-token",
    ".dockercfg",
    ".htpasswd",
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".config/gh/hosts.yml",
    ".config/hub",
    ".config/gcloud/credentials.db",
    ".config/gcloud/access_tokens.db",
    ".config/gcloud/application_default_credentials.json",
    ".azure/accessTokens.json",
    ".azure/msal_token_cache.json",
    ".terraform.d/credentials.tfrc.json",
    ".terraformrc",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".gem/credentials",
    ".claude/.credentials.json",
    ".codex/auth.json",
    ".gemini/oauth_creds.json",
    ".local/share/opencode/auth.json",
    ".config/op/config",
    ".s3cfg",
    ".boto",
    ".rclone.conf",
    "rclone/rclone.conf",
    "Login Data",
    "Cookies",
    "cookies.sqlite",
    "logins.json",
    "key4.db",
    "key3.db",
    "wallet.dat",
    "credentials.json",
    "client_secret.json",
    "service-account.json",
    "serviceAccountKey.json",
    "secrets.yml",
    "secrets.yaml",
    "secrets.json",
    "secrets.toml",
    "master.key",
    "shadow",
    "gshadow",
    "master.passwd",
    "sudoers",
    "krb5.keytab",
    "environ",
    "SAM",
    ".ssh/environment",
    ".npmrc",
    "keyring",
    "login.keychain",
    "login.keychain-db",
    "System.keychain",
];

const SECRET_EXTENSIONS: &[&str] = &[
    "pem",
    "key",
    "p12",
    "pfx",
    "jks",
    "keystore",
    "kdbx",
    "ppk",
    "asc.key",
    "agekey",
    "keychain-db",
    "keychain",
];

const KEY_NAMES: &[&str] = &[
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_ecdsa_sk",
    "id_ed25519_sk",
    "identity",
];

const PERSONAL_ENDINGS: &[&str] = &[
    ".bash_history",
    ".zsh_history",
    ".sh_history",
    ".history",
    ".python_history",
    ".psql_history",
    ".mysql_history",
    ".node_repl_history",
    ".sqlite_history",
    ".viminfo",
    ".lesshst",
    "fish_history",
    "places.sqlite",
    "History",
];

/// What kind of content a path holds, by its name.
#[must_use]
pub fn sensitivity(path: &str, home: &str) -> Sensitivity {
    if let Some(own) = of_placet(path, home) {
        return own;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    if is_env_file(name) || is_key(path, name) {
        return Sensitivity::Secret;
    }
    let ends = |ending: &&str| {
        path.strip_suffix(*ending)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    if SECRET_ENDINGS
        .iter()
        .any(|ending| ends(ending) && applies(ending, path, home))
    {
        return Sensitivity::Secret;
    }
    if PERSONAL_ENDINGS.iter().any(|ending| {
        ends(ending)
            && (within(path, home)
                || path.starts_with("/home/")
                || path.starts_with("/Users/")
                || path.starts_with("/root/"))
    }) {
        return Sensitivity::Personal;
    }
    Sensitivity::Plain
}

/// Names that are secrets only in their usual places.
fn applies(ending: &str, path: &str, home: &str) -> bool {
    match ending {
        "shadow" | "gshadow" | "master.passwd" | "sudoers" | "krb5.keytab" => path.starts_with("/etc/"),
        "environ" => path.starts_with("/proc/"),
        "Login Data" | "Cookies" | "SAM" | "keyring" | "identity" => !path.contains("/project/"),
        ".npmrc" => path.strip_prefix(home) == Some("/.npmrc"),
        _ => true,
    }
}

fn is_env_file(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(".env") else {
        return name.ends_with(".env") && name.len() > 4;
    };
    if rest.is_empty() {
        return true;
    }
    let Some(kind) = rest.strip_prefix('.') else {
        return false;
    };
    !kind.split('.').any(|part| {
        matches!(
            part,
            "example"
                | "sample"
                | "template"
                | "tmpl"
                | "dist"
                | "defaults"
                | "default"
                | "schema"
                | "md"
                | "ts"
                | "js"
                | "d"
        )
    })
}

fn is_key(path: &str, name: &str) -> bool {
    if name.ends_with(".pub") || name.ends_with(".crt") || name.ends_with(".cer") {
        return false;
    }
    if let Some((_, extension)) = name.rsplit_once('.')
        && SECRET_EXTENSIONS.contains(&extension)
    {
        return !matches!(
            name,
            "cacert.pem" | "ca.pem" | "cert.pem" | "chain.pem" | "fullchain.pem" | "ca-bundle.pem"
        );
    }
    if KEY_NAMES.contains(&name) && name != "identity" {
        return true;
    }
    if let Some((_, below)) = path.split_once("/.ssh/") {
        return !matches!(below, "known_hosts" | "known_hosts.old" | "config" | "authorized_keys");
    }
    path.contains("/.gnupg/") && !name.ends_with(".conf")
        || path.ends_with("/.gnupg")
        || path.ends_with("/.ssh")
        || path.ends_with("/.aws")
        || path.contains("/Library/Keychains/")
        || path.contains("/.password-store/")
        || path.ends_with("/.password-store")
        || path.ends_with("/.config/gcloud")
        || path.ends_with("/.azure")
        || path.ends_with("/Library/Keychains")
        || of_process(path)
}

/// What `/proc` shows of another process: its memory, its environment, and the files it sees and has open.
fn of_process(path: &str) -> bool {
    let Some((process, below)) = path.strip_prefix("/proc/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let first = below.split('/').next().unwrap_or(below);
    let own = matches!(process, "self" | "thread-self");
    match first {
        "mem" | "environ" => true,
        "root" | "fd" | "map_files" => !own,
        "cwd" => !own && below.contains('/'),
        "task" => below
            .split('/')
            .nth(2)
            .is_some_and(|part| matches!(part, "mem" | "environ" | "root" | "fd")),
        _ => false,
    }
}

fn of_placet(path: &str, home: &str) -> Option<Sensitivity> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let below_home = path.strip_prefix(home).and_then(|rest| rest.strip_prefix('/'));
    if below_home.is_some_and(|rest| rest == ".local/state/placet" || rest.starts_with(".local/state/placet/"))
        || path.contains("/.placet/log")
        || path.contains("/.placet/state")
    {
        return Some(Sensitivity::PlacetState);
    }
    if below_home.is_some_and(|rest| rest == ".config/placet" || rest.starts_with(".config/placet/"))
        || within(path, "/etc/placet")
        || path.contains("/.placet/")
        || path.ends_with("/.placet")
        || matches!(name, ".placetignore" | ".claudeignore")
    {
        return Some(Sensitivity::PlacetPolicy);
    }
    None
}

const START_FILES: &[&str] = &[
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".bash_aliases",
    ".bash_logout",
    ".zshrc",
    ".zprofile",
    ".zshenv",
    ".zlogin",
    ".zlogout",
    ".profile",
    ".kshrc",
    ".cshrc",
    ".tcshrc",
    ".login",
    ".xinitrc",
    ".xprofile",
    ".xsession",
    ".inputrc",
    ".vimrc",
    ".emacs",
    ".tmux.conf",
    ".screenrc",
    ".gitconfig",
    ".pythonrc",
    ".irbrc",
    ".pryrc",
    ".psqlrc",
    ".gdbinit",
    ".lldbinit",
    ".curlrc",
    ".wgetrc",
    "authorized_keys",
    "authorized_keys2",
    "crontab",
    "release_agent",
    "notify_on_release",
];

const MANIFESTS: &[&str] = &[
    "package.json",
    "Makefile",
    "makefile",
    "GNUmakefile",
    "justfile",
    "Justfile",
    ".justfile",
    "Taskfile.yml",
    "Taskfile.yaml",
    "Rakefile",
    "tox.ini",
    "noxfile.py",
    "mise.toml",
    ".mise.toml",
    "Procfile",
    "turbo.json",
    "nx.json",
    "lerna.json",
    "deno.json",
];

const BUILD_SCRIPTS: &[&str] = &[
    "build.rs",
    "setup.py",
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "pom.xml",
    "CMakeLists.txt",
    "configure",
    "configure.ac",
    "meson.build",
    "SConstruct",
    "gradlew",
    "mvnw",
    ".pnp.cjs",
    ".pnp.loader.mjs",
    ".pnpmfile.cjs",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    "bunfig.toml",
    ".bazelrc",
    "Gemfile",
    "gradle-wrapper.properties",
    "maven-wrapper.properties",
    "init.gradle",
];

const AGENT_INSTRUCTIONS: &[&str] = &[
    "CLAUDE.md",
    "AGENTS.md",
    "GEMINI.md",
    ".cursorrules",
    ".windsurfrules",
    "copilot-instructions.md",
    ".clinerules",
    ".roorules",
    ".goosehints",
    "codex.md",
];

/// Why a file is more than a file, by its name. Some file systems do not tell large letters from small ones.
#[must_use]
pub fn runs_later(path: &str, home: &str) -> Option<RunsLater> {
    by_exact_name(path, home).or_else(|| by_exact_name(&usual_spelling(path)?, home))
}

/// The path with names that are known in another spelling spelt as usual; `None` if there are none.
fn usual_spelling(path: &str) -> Option<String> {
    const FOLDERS: &[&str] = &[
        ".git",
        "hooks",
        "config",
        ".husky",
        ".github",
        "workflows",
        "actions",
        ".circleci",
        ".devcontainer",
        ".vscode",
        "tasks.json",
        ".claude",
        ".codex",
        ".cursor",
        ".gemini",
        "settings.json",
        "commands",
        "agents",
        "skills",
        "rules",
        ".envrc",
        ".mcp.json",
        ".gitlab-ci.yml",
    ];
    if !path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut changed = false;
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| {
            let usual = [FOLDERS, START_FILES, BUILD_SCRIPTS]
                .into_iter()
                .flatten()
                .find(|known| known.eq_ignore_ascii_case(part));
            match usual {
                Some(usual) if **usual != *part => {
                    changed = true;
                    usual
                }
                Some(_) | None => part,
            }
        })
        .collect();
    changed.then(|| parts.join("/"))
}

/// The same for the very spelling.
fn by_exact_name(path: &str, home: &str) -> Option<RunsLater> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some(rest) = after(path, "/.git/") {
        return (rest.starts_with("hooks/") && !name.ends_with(".sample")
            || rest == "config"
            || rest.starts_with("info/attributes"))
        .then_some(RunsLater::GitHook);
    }
    if after(path, "/.husky/").is_some()
        || matches!(
            name,
            ".pre-commit-config.yaml"
                | "lefthook.yml"
                | "lefthook.yaml"
                | ".lefthook.yml"
                | ".gitmodules"
                | ".lintstagedrc"
        )
    {
        return Some(RunsLater::GitHook);
    }
    if after(path, "/.github/workflows/").is_some()
        || after(path, "/.github/actions/").is_some()
        || after(path, "/.circleci/").is_some()
        || after(path, "/.buildkite/").is_some()
        || matches!(
            name,
            ".gitlab-ci.yml"
                | "Jenkinsfile"
                | "azure-pipelines.yml"
                | ".travis.yml"
                | "bitbucket-pipelines.yml"
                | ".drone.yml"
                | "cloudbuild.yaml"
                | "appveyor.yml"
        )
    {
        return Some(RunsLater::ContinuousIntegration);
    }
    if matches!(name, ".envrc" | ".devcontainer.json")
        || after(path, "/.devcontainer/").is_some()
        || path.ends_with("/.vscode/tasks.json")
        || path.ends_with("/.vscode/launch.json")
        || path.ends_with("/.vscode/settings.json")
        || after(path, "/.idea/runConfigurations/").is_some()
    {
        return Some(RunsLater::EditorOrEnvironment);
    }
    if let Some(agent) = of_agent(path, name) {
        return Some(agent);
    }
    if MANIFESTS.contains(&name) || name.ends_with(".mk") {
        return Some(RunsLater::Manifest);
    }
    if BUILD_SCRIPTS.contains(&name) || is_tool_config(name) || names_sources(path, name) {
        return Some(RunsLater::BuildScript);
    }
    let persistent_place = [
        "/etc/cron",
        "/var/spool/cron/",
        "/etc/systemd/",
        "/lib/systemd/",
        "/usr/lib/systemd/",
        "/etc/init.d/",
        "/etc/profile.d/",
        "/etc/rc",
        "/etc/ld.so.preload",
        "/etc/pam.d/",
        "/etc/xdg/autostart/",
        "/Library/LaunchAgents/",
        "/Library/LaunchDaemons/",
        "/System/Library/Launch",
    ]
    .iter()
    .any(|prefix| path.starts_with(prefix));
    let below_home = path.strip_prefix(home).unwrap_or("");
    if persistent_place
        || START_FILES.contains(&name)
        || matches!(
            path,
            "/etc/profile" | "/etc/bash.bashrc" | "/etc/zshrc" | "/etc/environment" | "/etc/zsh/zshrc" | "/etc/bashrc"
        )
        || [
            "/.config/systemd/",
            "/.config/autostart/",
            "/Library/LaunchAgents/",
            "/.config/fish/",
            "/.config/git/",
            "/.oh-my-zsh/",
            "/.config/nvim/",
            "/.vim/",
        ]
        .iter()
        .any(|part| below_home.starts_with(part))
    {
        return Some(RunsLater::StartFile);
    }
    None
}

/// The same for some file below a directory.
#[must_use]
pub fn runs_later_below(dir: &str, home: &str) -> Option<RunsLater> {
    runs_later(&format!("{dir}/x"), home)
}

fn of_agent(path: &str, name: &str) -> Option<RunsLater> {
    if AGENT_INSTRUCTIONS.contains(&name) {
        return Some(RunsLater::AgentInstructions);
    }
    if matches!(
        name,
        ".mcp.json" | ".claude.json" | "opencode.json" | "mcp.json" | ".aider.conf.yml" | ".continuerc.json"
    ) {
        return Some(RunsLater::AgentSettings);
    }
    for folder in [
        "/.claude/",
        "/.codex/",
        "/.cursor/",
        "/.gemini/",
        "/.qwen/",
        "/.opencode/",
        "/.kimi/",
        "/.cline/",
        "/.pi/",
        "/.copilot/",
        "/.aider/",
        "/.windsurf/",
        "/.continue/",
        "/.roo/",
        "/.kilocode/",
        "/.augment/",
        "/.junie/",
        "/.amazonq/",
        "/.trae/",
        "/.clinerules/",
    ] {
        if let Some(rest) = after(path, folder) {
            let settings = matches!(
                rest,
                "settings.json"
                    | "settings.local.json"
                    | "config.toml"
                    | "hooks.json"
                    | "config.json"
                    | "policy.json"
                    | "mcp.json"
            ) || rest.starts_with("hooks/")
                || rest.starts_with("plugins/");
            if settings {
                return Some(RunsLater::AgentSettings);
            }
            let instructions = rest.starts_with("commands/")
                || rest.starts_with("agents/")
                || rest.starts_with("skills/")
                || rest == "rules"
                || rest.starts_with("rules/")
                || folder == "/.clinerules/"
                || matches!(rest, "guidelines.md");
            return instructions.then_some(RunsLater::AgentInstructions);
        }
    }
    None
}

/// Files that say where packages, plugins or the build tool itself come from, or which programs stand in for compilers:
/// the next install or build obeys them.
fn names_sources(path: &str, name: &str) -> bool {
    const NAMES: &[&str] = &[
        "pip.conf",
        "pip.ini",
        "uv.toml",
        "nuget.config",
        "NuGet.Config",
        "NuGet.config",
        "Directory.Build.props",
        "Directory.Build.targets",
        "gradle-wrapper.properties",
        "maven-wrapper.properties",
        ".condarc",
        ".gemrc",
        ".pypirc",
    ];
    const ENDINGS: &[&str] = &[
        "/.cargo/config.toml",
        "/.cargo/config",
        "/.bundle/config",
        "/.m2/settings.xml",
    ];
    const FOLDERS: &[&str] = &["/.mvn/", "/.yarn/releases/", "/.yarn/plugins/"];
    NAMES.contains(&name)
        || ENDINGS.iter().any(|ending| path.ends_with(ending))
        || FOLDERS.iter().any(|folder| after(path, folder).is_some())
}

/// Configuration files of build and test tools that are programs themselves.
#[must_use]
pub fn is_tool_config(name: &str) -> bool {
    let program = [".js", ".cjs", ".mjs", ".ts", ".cts", ".mts"]
        .iter()
        .find_map(|extension| name.strip_suffix(extension));
    program.is_some_and(|stem| {
        stem.ends_with(".config")
            || stem == "Gruntfile"
            || stem == "gulpfile"
            || stem.ends_with("rc") && stem.starts_with('.')
    })
}

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

fn after<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.split_once(folder).map(|(_, rest)| rest)
}
