//! Tasks in files that the session wrote: what a task runner would run is judged by its lines. Files that were there before
//! are the project's own.

use placet_languages::Text;
use placet_model::{Origin, Place, Span, Understood};

use super::Interpreter;
use crate::paths::{self, Use};
use crate::tasks::{Kind, Task};
use crate::value::Value;

impl Interpreter<'_> {
    /// What these programs take out of files that the session wrote.
    pub(super) fn tasks_of(&mut self, tools: [&str; 2], span: Span) {
        let words = || tools.iter().flat_map(|tool| tool.split(' '));
        for path in self.session_files() {
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            let Some(kind) = Kind::of(&name) else { continue };
            if paths::place(&path, Use::Look, self.facts) != Place::Project || self.followed.contains(&path) {
                continue;
            }
            let builds = name == "pyproject.toml" && words().any(is_builder);
            if !kind.is_run_by(words()) && !builds {
                continue;
            }
            self.followed.insert(path.clone());
            let text = self.text_of(&Value::text(path.as_str())).map(|(text, _)| text);
            let tasks = text.as_deref().and_then(|text| kind.tasks(text));
            match (text, tasks) {
                (Some(text), Some(tasks)) => {
                    self.run_tasks(&tasks, &path, span);
                    if builds {
                        self.backend(&text, span);
                    }
                }
                _ => self.code(Origin::Session, Understood::Not, &path, span, ""),
            }
        }
    }

    /// A file of this session in a language without a reader here, which the call names.
    pub(super) fn scripts_of(&mut self, tools: [&str; 2], span: Span) {
        if !tools
            .iter()
            .flat_map(|tool| tool.split(' '))
            .any(|word| RUNNERS.contains(&word))
        {
            return;
        }
        let words: Vec<String> = self
            .analysis
            .invocations
            .last()
            .map(|call| call.words.iter().flatten().cloned().collect())
            .unwrap_or_default();
        for word in words
            .iter()
            .filter(|word| SCRIPTS.iter().any(|ending| word.ends_with(ending)))
        {
            let target = paths::target(&Value::text(word.as_str()), &self.state.cwd, Use::Look, self.facts);
            if let placet_model::Paths::One(path) = &target.paths
                && (self.written_at(path).is_some() || self.facts.written_this_session(path))
                && self.followed.insert(path.clone())
            {
                self.code(Origin::Session, Understood::Not, path, span, "");
            }
        }
    }

    /// `//go:generate COMMAND` in files that the session wrote.
    pub(super) fn generators(&mut self, tools: [&str; 2], span: Span) {
        if !tools.contains(&"go generate") {
            return;
        }
        for path in self.session_files() {
            if !path.ends_with(".go") || !self.followed.insert(format!("generate:{path}")) {
                continue;
            }
            let Some((text, _)) = self.text_of(&Value::text(path.as_str())) else {
                self.code(Origin::Session, Understood::Not, &path, span, "");
                continue;
            };
            for command in text.lines().filter_map(|line| line.strip_prefix("//go:generate ")) {
                self.within(
                    |context| context.inner = true,
                    |it| it.subshell(|it| it.capture(|it| it.shell_text(&Value::text(command), span, "go generate"))),
                );
            }
        }
    }

    /// Runs the tasks that the call names; all of them if it names none.
    fn run_tasks(&mut self, tasks: &[Task], path: &str, span: Span) {
        let call = self.analysis.invocations.last();
        let named: Vec<&Task> = tasks
            .iter()
            .filter(|task| call.is_some_and(|call| call.words.iter().any(|word| word.as_deref() == Some(&task.name))))
            .collect();
        let chosen: Vec<&Task> = if named.is_empty() {
            tasks.iter().collect()
        } else {
            named
        };
        let Some(directory) = path.rsplit_once('/').map(|(directory, _)| directory.to_owned()) else {
            return;
        };
        for task in chosen {
            for line in &task.lines {
                // The name of another task of the file is that task.
                if tasks.iter().any(|other| other.name == *line) {
                    continue;
                }
                self.within(
                    |context| {
                        context.inner = true;
                        context.depth = context.depth.saturating_add(1);
                    },
                    |it| {
                        it.subshell(|it| {
                            it.state.cwd = paths::Dir::At(directory.clone());
                            it.capture(|it| it.shell_text(&Value::text(line.as_str()), span, &task.name));
                        });
                    },
                );
            }
            if !task.complete {
                self.code(Origin::Session, Understood::Not, path, span, "");
            }
        }
    }

    /// A project that is built by a program of its own.
    fn backend(&mut self, text: &str, span: Span) {
        let leaves = placet_languages::document::toml(text).unwrap_or_default();
        let of = |key: &str| {
            leaves.iter().find(
                |leaf| matches!(leaf.path.as_slice(), [table, name, ..] if table == "build-system" && name == key),
            )
        };
        if of("backend-path").is_some()
            && let Some(backend) = of("build-backend")
        {
            self.import(&Text::Known(backend.value.clone()), span);
        }
    }
}

/// Programs that run a file in a language without a reader here.
const RUNNERS: &[&str] = &[
    "java",
    "kotlin",
    "scala",
    "groovy",
    "jbang",
    "amm",
    "swift",
    "elixir",
    "mix",
    "jupyter",
    "papermill",
    "runghc",
    "runhaskell",
    "julia",
    "dotnet",
    "gleam",
    "racket",
    "clojure",
    "bb",
];

/// How such files end.
const SCRIPTS: &[&str] = &[
    ".java", ".kts", ".kt", ".sc", ".scala", ".groovy", ".swift", ".exs", ".ex", ".ipynb", ".hs", ".jl", ".cs", ".csx",
    ".gleam", ".rkt", ".clj",
];

/// Programs that build or install the project.
fn is_builder(word: &str) -> bool {
    matches!(
        word,
        "pip" | "pip3" | "uv" | "build" | "poetry" | "pdm" | "hatch" | "flit" | "maturin" | "tox" | "nox" | "pipx"
    )
}
