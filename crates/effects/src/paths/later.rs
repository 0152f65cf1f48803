//! Names of files that something runs later: start files, manifests, build scripts, agents' instructions. Tables of names only.

use placet_model::RunsLater;

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
    ".iex.exs",
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
    "mix.exs",
    "build.sbt",
    "Package.swift",
    "WORKSPACE",
    "WORKSPACE.bazel",
    "MODULE.bazel",
    "BUILD.bazel",
    "flake.nix",
    "shell.nix",
    "Vagrantfile",
    "binding.gyp",
    "wscript",
    "SConscript",
    "CMakePresets.json",
    "CMakeUserPresets.json",
    "Brewfile",
    "Tiltfile",
    "Earthfile",
    ".rspec",
    "gradle-wrapper.properties",
    "maven-wrapper.properties",
    "init.gradle",
    ".php-cs-fixer.php",
    ".php-cs-fixer.dist.php",
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
    let hidden = from_hidden(path);
    if let Some(rest) = after(hidden, "/.git/") {
        return (rest.starts_with("hooks/") && !name.ends_with(".sample")
            || rest == "config"
            || rest.starts_with("info/attributes"))
        .then_some(RunsLater::GitHook);
    }
    if ["/.husky/", "/.githooks/", "/.lefthook/"]
        .iter()
        .any(|folder| after(hidden, folder).is_some())
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
    if after(hidden, "/.github/workflows/").is_some()
        || after(hidden, "/.github/actions/").is_some()
        || after(hidden, "/.circleci/").is_some()
        || after(hidden, "/.buildkite/").is_some()
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
    if matches!(
        name,
        ".envrc" | ".devcontainer.json" | ".exrc" | ".nvimrc" | ".nvim.lua" | ".dir-locals.el"
    ) || hidden.ends_with("/.zed/tasks.json")
        || hidden.ends_with("/.zed/settings.json")
        || after(hidden, "/.devcontainer/").is_some()
        || path.ends_with("/.vscode/tasks.json")
        || path.ends_with("/.vscode/launch.json")
        || path.ends_with("/.vscode/settings.json")
        || after(hidden, "/.idea/runConfigurations/").is_some()
    {
        return Some(RunsLater::EditorOrEnvironment);
    }
    if let Some(agent) = of_agent(hidden, name) {
        return Some(agent);
    }
    if MANIFESTS.contains(&name) || name.ends_with(".mk") {
        return Some(RunsLater::Manifest);
    }
    if BUILD_SCRIPTS.contains(&name)
        || name.ends_with(".gemspec")
        || name.ends_with(".bzl")
        || name.ends_with(".sbt")
        || is_installed_program(path, name)
        || is_tool_config(name)
        || names_sources(hidden, name)
    {
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

fn of_agent(hidden: &str, name: &str) -> Option<RunsLater> {
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
        if let Some(rest) = after(hidden, folder) {
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

/// Programs and start files that installing packages puts into the project, under names that tools are started by.
fn is_installed_program(path: &str, name: &str) -> bool {
    const FOLDERS: &[&str] = &["/node_modules/.bin/", "/.venv/bin/", "/venv/bin/"];
    FOLDERS.iter().any(|folder| path.contains(folder)) || name.ends_with(".pth") && path.contains("/site-packages/")
}

/// Files that say where packages, plugins or the build tool itself come from, or which programs stand in for compilers:
/// the next install or build obeys them.
fn names_sources(hidden: &str, name: &str) -> bool {
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
        || ENDINGS.iter().any(|ending| hidden.ends_with(ending))
        || FOLDERS.iter().any(|folder| after(hidden, folder).is_some())
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

/// The path from its first hidden name on, with the slash before it. All folders that these tables look for are hidden, and
/// few paths have one.
fn from_hidden(path: &str) -> &str {
    let at = path.as_bytes().windows(2).position(|pair| pair == b"/.");
    at.and_then(|at| path.get(at..)).unwrap_or_default()
}

/// What lies behind a folder, in a path from its first hidden name on.
fn after<'p>(hidden: &'p str, folder: &str) -> Option<&'p str> {
    if hidden.is_empty() {
        return None;
    }
    hidden.split_once(folder).map(|(_, rest)| rest)
}
