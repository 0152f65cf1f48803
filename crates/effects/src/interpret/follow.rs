//! From code to the code that it brings in: modules that a program imports, tests and configuration that a runner loads.
//! Followed is what the session wrote; what was there before is only looked through for a way to it.

use placet_languages::{Code, Language, Text, What};
use placet_model::{
    Content, Effect, FileKind, Origin, Paths, Place, Resource, RunsLater, Sensitivity, Span, Understood, Verb,
};

use super::Interpreter;
use crate::paths::{self, Dir, Use};
use crate::value::Value;

/// How many files one action is followed through.
const MOST: usize = 64;

/// Endings that an import may leave out.
const ENDINGS: &[&str] = &[".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"];

/// Runners that load the project's Python tests.
const PYTHON_RUNNERS: &[&str] = &["pytest", "py.test", "unittest", "tox", "nox", "coverage", "nose2"];

/// Runners that load the project's JavaScript tests, with their configuration.
const SCRIPT_RUNNERS: &[&str] = &[
    "jest",
    "vitest",
    "mocha",
    "ava",
    "playwright",
    "cypress",
    "karma",
    "tap",
    "c8",
    "nyc",
    "jasmine",
];

/// Tools that load a configuration which is a program.
const CONFIGURED: &[&str] = &[
    "vite",
    "next",
    "webpack",
    "rollup",
    "eslint",
    "tsup",
    "astro",
    "nuxt",
    "prettier",
    "postcss",
    "tailwindcss",
    "babel",
    "storybook",
    "gulp",
    "grunt",
    "svelte-kit",
    "remix",
    "gatsby",
    "expo",
    "metro",
    "rspack",
    "rsbuild",
    "stylelint",
    "commitlint",
    "esbuild",
    "parcel",
    "ng",
    "vue-cli-service",
    "react-scripts",
    "craco",
];

/// Runners whose tasks are a Python program, and what it is called.
const PROGRAMS: &[(&str, &str)] = &[
    ("invoke", "tasks.py"),
    ("inv", "tasks.py"),
    ("doit", "dodo.py"),
    ("fab", "fabfile.py"),
    ("scons", "SConstruct"),
    ("scons", "SConscript"),
    ("waf", "wscript"),
];

/// Hooks of git that run on the machine of the one who commits, fetches or pushes.
const HOOKS: &[&str] = &[
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "pre-auto-gc",
    "post-rewrite",
    "reference-transaction",
    "post-index-change",
    "fsmonitor-watchman",
];

impl Interpreter<'_> {
    /// Files that were written in this session, by earlier calls or by this very text.
    pub(crate) fn session_files(&self) -> Vec<String> {
        let mut files = self.facts.written_files();
        let here = self.state.written.iter().filter(|(_, written)| !written.directory);
        files.extend(here.map(|(path, _)| path.clone()));
        files.sort();
        files.dedup();
        files
    }

    /// Another content is followed, although the file was before.
    pub(super) fn followed_anew(&mut self, path: &str) {
        self.followed.retain(|known| !known.ends_with(path));
    }

    /// A module that running code imports, by its name or path as written there.
    pub(crate) fn import(&mut self, module: &Text, span: Span) {
        let written = self.session_files();
        if written.is_empty() {
            return;
        }
        let Dir::At(cwd) = self.state.cwd.clone() else { return };
        let here = self
            .context
            .file
            .as_deref()
            .and_then(|file| file.rsplit_once('/'))
            .map_or_else(|| cwd.clone(), |(dir, _)| dir.to_owned());
        let (stems, open) = match module {
            Text::Known(name) => (stems(name, &here, &cwd, self.facts.project()), false),
            Text::Prefix(start) if !start.is_empty() => (vec![paths::normal(&here, start)], true),
            Text::Prefix(_) | Text::Unknown => return,
        };
        if let Text::Known(name) = module {
            // A search path may lead anywhere in the project.
            for path in written.iter().filter(|path| may_be_found_as(path, name)) {
                if paths::place(path, Use::Look, self.facts) == Place::Project {
                    self.session_file(path, span);
                }
            }
        }
        for stem in stems {
            if self.is_in_a_download(&stem) {
                self.code(Origin::Downloaded, Understood::Not, &stem, span, "");
                continue;
            }
            for path in written.iter().filter(|path| is_meant(path, &stem, open)) {
                self.session_file(path, span);
            }
            if !open {
                self.look_through(&stem, span);
            }
        }
    }

    /// A module that was there before: what it imports may lead to something that the session wrote.
    fn look_through(&mut self, stem: &str, span: Span) {
        let names = ENDINGS.iter().map(|ending| format!("{stem}{ending}"));
        let packages = ["/__init__.py", "/index.js", "/index.ts", "/index.mjs", "/index.tsx"];
        let names: Vec<String> = core::iter::once(stem.to_owned())
            .chain(names)
            .chain(packages.iter().map(|name| format!("{stem}{name}")))
            .collect();
        for path in names {
            if self.followed.len() >= MOST || self.followed.contains(&path) {
                continue;
            }
            let Some(language) = language(&path) else { continue };
            if paths::place(&path, Use::Look, self.facts) != Place::Project
                || self.facts.kind(&path) != FileKind::File
                || path.contains("/node_modules/")
            {
                continue;
            }
            self.followed.insert(path.clone());
            let Content::Text(text) = self.facts.read(&path) else {
                continue;
            };
            let analysis = placet_languages::analyse(Code {
                language,
                text: &text,
                file: Some(&path),
            });
            self.within(
                |context| context.file = Some(path),
                |it| {
                    for operation in &analysis.operations {
                        if let What::ImportLocal(module) = &operation.what {
                            it.import(module, span);
                        }
                    }
                },
            );
        }
    }

    /// A file of this session that something else loads.
    fn session_file(&mut self, path: &str, span: Span) {
        if self.followed.len() >= MOST {
            self.opaque("more files of this session are loaded than are followed", span);
            return;
        }
        if language(path).is_some() && self.followed.insert(path.to_owned()) {
            let by = self.context.by.clone();
            self.within(
                |context| context.inner = true,
                |it| it.capture(|it| it.script("any", &Value::text(path), &[], span, &by)),
            );
        }
    }

    /// `python -m NAME` where the session or the project has a module of that name; true if so.
    pub(crate) fn own_module(&mut self, name: &str, span: Span, by: &str) -> bool {
        let Dir::At(cwd) = self.state.cwd.clone() else {
            return false;
        };
        let stem = paths::normal(&cwd, &name.replace('.', "/"));
        if self.is_in_a_download(&stem) {
            self.code(Origin::Downloaded, Understood::Not, name, span, by);
            return true;
        }
        let mut found = false;
        for path in [
            format!("{stem}/__init__.py"),
            format!("{stem}/__main__.py"),
            format!("{stem}.py"),
        ] {
            let here = self.written_at(&path).is_some();
            if !here && self.facts.kind(&path) != FileKind::File {
                continue;
            }
            found |= !path.ends_with("/__init__.py");
            if self.followed.insert(path.clone()) {
                self.script("python", &Value::text(path), &[], span, by);
            }
        }
        found
    }

    /// Python programs of this session that are the tasks of these tools.
    fn programs_of(&mut self, tools: [&str; 2], span: Span) {
        let names: Vec<&str> = PROGRAMS
            .iter()
            .filter(|(tool, _)| {
                tools
                    .iter()
                    .flat_map(|words| words.split([' ', '/']))
                    .any(|word| word == *tool)
            })
            .map(|(_, name)| *name)
            .collect();
        if names.is_empty() {
            return;
        }
        for path in self.session_files() {
            let name = path.rsplit('/').next().unwrap_or(&path);
            if names.contains(&name) && self.followed.insert(path.clone()) {
                let by = self.context.by.clone();
                self.within(
                    |context| context.inner = true,
                    |it| it.capture(|it| it.script("python", &Value::text(path.as_str()), &[], span, &by)),
                );
            }
        }
    }

    /// What the session wrote and this tool loads by itself: tests, their set-up, configuration that is a program.
    pub(super) fn loaded_by(&mut self, tools: [&str; 2], span: Span) {
        let one_of = |names: &[&str]| {
            tools
                .iter()
                .flat_map(|tool| tool.split(' '))
                .any(|word| names.contains(&word))
        };
        let python = one_of(PYTHON_RUNNERS);
        let scripts = one_of(SCRIPT_RUNNERS);
        let configured = scripts || one_of(CONFIGURED);
        self.installed_of_session(span);
        self.tasks_of(tools, span);
        self.programs_of(tools, span);
        self.scripts_of(tools, span);
        self.generators(tools, span);
        if !python && !configured {
            return;
        }
        for path in self.session_files() {
            if paths::place(&path, Use::Look, self.facts) != Place::Project {
                continue;
            }
            let name = path.rsplit('/').next().unwrap_or(&path);
            let loads = python && is_python_test(name)
                || scripts && is_script_test(name, &path)
                || configured && paths::is_tool_config(name);
            if loads {
                let before = self.analysis.effects.list.len();
                self.session_file(&path, span);
                self.fixtures(before, &path, span);
            }
        }
    }
}

impl Interpreter<'_> {
    /// What the session wrote among installed packages: any tool may load it.
    fn installed_of_session(&mut self, span: Span) {
        const FOLDERS: &[&str] = &["/node_modules/", "/site-packages/"];
        for path in self.session_files() {
            let installed = FOLDERS.iter().any(|folder| path.contains(folder));
            if installed && paths::place(&path, Use::Look, self.facts) == Place::Project {
                self.session_file(&path, span);
            }
        }
    }

    /// Hooks that the session wrote, which git starts by itself.
    pub(super) fn git_hooks(&mut self, by: &str, span: Span) {
        for path in self.session_files() {
            let target = paths::target(&Value::text(path.as_str()), &self.state.cwd, Use::Look, self.facts);
            let hook = paths::target_runs_later(&target, self.facts) == Some(RunsLater::GitHook);
            let name = path.rsplit('/').next().unwrap_or(&path);
            if hook && HOOKS.contains(&name) && may_start(by, name) && self.followed.insert(path.clone()) {
                self.within(
                    |context| context.inner = true,
                    |it| it.subshell(|it| it.capture(|it| it.script("any", &Value::text(path), &[], span, "git"))),
                );
            }
        }
    }

    /// A test gets its directories from the runner, as parameters that can't be told here. Single files below such a
    /// path are the tests' everyday work, and looking at nothing but the runner's name told less; a whole tree that
    /// can't be told is doubt.
    fn fixtures(&mut self, before: usize, path: &str, span: Span) {
        let of_fixture = |effect: &Effect| matches!(&effect.resource, Resource::Path(target) if target.paths == Paths::Unknown && target.sensitivity == Sensitivity::Plain);
        let added = self.analysis.effects.list.split_off(before);
        let mut trees = false;
        for effect in added {
            let everyday = matches!(
                effect.verb,
                Verb::Create | Verb::Modify | Verb::Truncate | Verb::Read | Verb::List | Verb::Delete
            );
            match (of_fixture(&effect), everyday, effect.verb) {
                (true, true, _) => {}
                (true, false, Verb::DeleteTree) => trees = true,
                _ => self.analysis.effects.add(effect),
            }
        }
        if trees {
            self.code(Origin::Session, Understood::Partly, path, span, "");
        }
    }
}

/// Whether the subcommand may start the hook. The most usual ones are told apart; of the others, any may.
fn may_start(by: &str, hook: &str) -> bool {
    let of_every_change = matches!(hook, "reference-transaction" | "post-index-change");
    match by {
        "git add" | "git rm" | "git mv" => of_every_change,
        "git push" => of_every_change || hook == "pre-push",
        "git commit" => {
            of_every_change
                || matches!(
                    hook,
                    "pre-commit" | "prepare-commit-msg" | "commit-msg" | "post-commit" | "post-rewrite"
                )
        }
        _ => true,
    }
}

fn is_python_test(name: &str) -> bool {
    name.strip_suffix(".py").is_some_and(|stem| {
        stem.starts_with("test") || stem.ends_with("_test") || matches!(stem, "conftest" | "sitecustomize" | "noxfile")
    })
}

fn is_script_test(name: &str, path: &str) -> bool {
    let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    !name.ends_with(".py")
        && stem.is_some_and(|stem| {
            [".test", ".spec", ".setup", "-test", "_test"]
                .iter()
                .any(|end| stem.ends_with(end))
                || matches!(stem, "test" | "setup" | "setupTests")
                || path.contains("/__tests__/")
                || path.contains("/__mocks__/")
                || path.contains("/test/")
                || path.contains("/tests/")
        })
}

fn language(path: &str) -> Option<Language> {
    match path.rsplit_once('.').map(|(_, ending)| ending)? {
        "py" => Some(Language::Python),
        "js" | "mjs" | "cjs" | "jsx" => Some(Language::JavaScript),
        "ts" | "mts" | "cts" | "tsx" => Some(Language::TypeScript),
        "rb" => Some(Language::Ruby),
        "pl" | "pm" => Some(Language::Perl),
        _ => None,
    }
}

/// The paths, endings left out, that a module's name may mean.
fn stems(name: &str, here: &str, cwd: &str, project: &str) -> Vec<String> {
    let by_path =
        name.starts_with("./") || name.starts_with("../") || name.starts_with('/') || matches!(name, "." | "..");
    let mut out: Vec<String> = Vec::new();
    if by_path {
        out.push(paths::normal(here, name));
        if here != cwd {
            out.push(paths::normal(cwd, name));
        }
    }
    if let Some(rest) = name.strip_prefix("@/").or_else(|| name.strip_prefix("~/")) {
        out.extend([
            paths::normal(project, rest),
            paths::normal(&format!("{project}/src"), rest),
        ]);
    } else if !name.contains('/') {
        // A dotted Python name; leading dots climb.
        let dots = name.bytes().take_while(|byte| *byte == b'.').count();
        let rest = name.get(dots..).unwrap_or_default().replace('.', "/");
        if dots > 0 {
            let mut base = here.to_owned();
            for _ in 1..dots {
                base = paths::normal(&base, "..");
            }
            out.push(paths::normal(&base, &rest));
        } else {
            for base in [here, cwd, project] {
                out.push(paths::normal(base, &rest));
                out.push(paths::normal(&format!("{base}/src"), &rest));
            }
            // `import a.b` runs `a/__init__.py` as well.
            if let Some((first, _)) = rest.split_once('/') {
                out.extend([here, cwd].map(|base| paths::normal(base, &format!("{first}/__init__"))));
            }
        }
    } else if !by_path {
        out.extend([here, cwd, project].map(|base| paths::normal(base, name)));
    }
    out.sort();
    out.dedup();
    out
}

/// Whether a file is a module of that name in some directory.
fn may_be_found_as(path: &str, name: &str) -> bool {
    if name.is_empty()
        || !name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        || name.starts_with('.')
    {
        return false;
    }
    let name = name.replace('.', "/");
    path.strip_suffix(".py").is_some_and(|stem| {
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        stem.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('/'))
    })
}

/// Whether a file is what a stem means: itself, with an ending, the index of a package, or a module of the package.
fn is_meant(path: &str, stem: &str, open: bool) -> bool {
    if open {
        return path.starts_with(stem);
    }
    let Some(rest) = path.strip_prefix(stem) else {
        return false;
    };
    rest.is_empty()
        || ENDINGS.contains(&rest)
        || rest
            .strip_prefix("/index")
            .is_some_and(|ending| ENDINGS.contains(&ending))
        || rest
            .strip_prefix('/')
            .is_some_and(|module| !module.contains('/') && module.ends_with(".py"))
}
