//! Files in which names stand for command lines (`pyproject.toml`, `composer.json`, `deno.json`, `mise.toml`, a `Procfile` …):
//! which lines, and which programs obey them. Text to command lines, nothing else; recipes of make and just are in
//! `manifest`.

use placet_languages::document::{self, Leaf};

/// A name and what it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) name: String,
    /// What a shell gets.
    pub(crate) lines: Vec<String>,
    /// False if a part of it is more than lines for a shell and names of other tasks.
    pub(crate) complete: bool,
}

/// A kind of file with tasks.
pub(crate) struct Kind {
    files: &'static [&'static str],
    /// Where the tasks are; `*` is any one key. None: every line of the file is `name: command`.
    places: &'static [&'static [&'static str]],
    format: Format,
    /// Programs that run them.
    programs: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Format {
    Toml,
    Json,
    Yaml,
    Lines,
}

const KINDS: &[Kind] = &[
    Kind {
        files: &["pyproject.toml"],
        places: &[
            &["tool", "poe", "tasks"],
            &["tool", "taskipy", "tasks"],
            &["tool", "pdm", "scripts"],
            &["tool", "rye", "scripts"],
            &["tool", "hatch", "envs", "*", "scripts"],
            &["tool", "pixi", "tasks"],
            &["tool", "pixi", "feature", "*", "tasks"],
        ],
        format: Format::Toml,
        programs: &["poe", "task", "pdm", "hatch", "rye", "pixi", "poetry", "uv"],
    },
    Kind {
        files: &["pixi.toml"],
        places: &[&["tasks"], &["feature", "*", "tasks"]],
        format: Format::Toml,
        programs: &["pixi"],
    },
    Kind {
        files: &["hatch.toml"],
        places: &[&["envs", "*", "scripts"]],
        format: Format::Toml,
        programs: &["hatch", "pdm"],
    },
    Kind {
        files: &["poe_tasks.toml"],
        places: &[&["tool", "poe", "tasks"], &["tasks"]],
        format: Format::Toml,
        programs: &["poe"],
    },
    Kind {
        files: &["mise.toml", ".mise.toml"],
        places: &[&["tasks"]],
        format: Format::Toml,
        programs: &["mise"],
    },
    Kind {
        files: &["composer.json"],
        places: &[&["scripts"]],
        format: Format::Json,
        programs: &["composer"],
    },
    Kind {
        files: &["deno.json", "deno.jsonc"],
        places: &[&["tasks"]],
        format: Format::Json,
        programs: &["deno"],
    },
    Kind {
        files: &["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml"],
        places: &[&["tasks"]],
        format: Format::Yaml,
        programs: &["task", "go-task"],
    },
    Kind {
        files: &[".lintstagedrc", ".lintstagedrc.json"],
        places: &[&[]],
        format: Format::Json,
        programs: &["lint-staged"],
    },
    Kind {
        files: &[".lintstagedrc.yml", ".lintstagedrc.yaml"],
        places: &[&[]],
        format: Format::Yaml,
        programs: &["lint-staged"],
    },
    Kind {
        files: &["Procfile", "Procfile.dev"],
        places: &[],
        format: Format::Lines,
        programs: &["foreman", "honcho", "overmind", "hivemind", "heroku"],
    },
    Kind {
        files: &["wrangler.toml"],
        places: &[&["build"]],
        format: Format::Toml,
        programs: &["wrangler"],
    },
    Kind {
        files: &["netlify.toml"],
        places: &[&["build"], &["context", "*"], &["dev"]],
        format: Format::Toml,
        programs: &["netlify", "ntl"],
    },
    Kind {
        files: &["vercel.json"],
        places: &[&[]],
        format: Format::Json,
        programs: &["vercel", "now"],
    },
    Kind {
        files: &[
            ".goreleaser.yml",
            ".goreleaser.yaml",
            "goreleaser.yml",
            "goreleaser.yaml",
        ],
        places: &[&["before"], &["after"]],
        format: Format::Yaml,
        programs: &["goreleaser"],
    },
];

/// Keys below a task whose text a shell runs.
const COMMANDS: &[&str] = &[
    "cmd",
    "cmds",
    "shell",
    "run",
    "command",
    "composite",
    "chain",
    "sequence",
    "parallel",
    "hooks",
    "buildCommand",
    "installCommand",
    "devCommand",
    "build_command",
];

/// Keys below a task that name other tasks of the file.
const OTHERS: &[&str] = &[
    "task",
    "ref",
    "depends",
    "depends_on",
    "depends-on",
    "deps",
    "dependencies",
];

/// Keys below a task that run nothing.
const INERT: &[&str] = &[
    "help",
    "desc",
    "description",
    "summary",
    "silent",
    "cwd",
    "dir",
    "watch_dir",
    "publish",
    "base",
    "sources",
    "generates",
    "inputs",
    "outputs",
    "internal",
    "args",
    "alias",
    "aliases",
    "framework",
    "outputDirectory",
    "cleanUrls",
    "trailingSlash",
    "version",
    "$schema",
    "upload",
];

impl Kind {
    /// The kind that a file is, by its name.
    pub(crate) fn of(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.files.contains(&name))
    }

    /// Whether one of these words is a program that runs its tasks.
    pub(crate) fn is_run_by<'w>(&self, mut words: impl Iterator<Item = &'w str>) -> bool {
        words.any(|word| self.programs.contains(&word))
    }

    /// The tasks in a text; `None` if it is not understood.
    pub(crate) fn tasks(&self, text: &str) -> Option<Vec<Task>> {
        let leaves = match self.format {
            Format::Toml => document::toml(text)?,
            Format::Json => document::json(&document::without_comments(text)?)?,
            Format::Yaml => document::yaml(text)?,
            Format::Lines => return Some(lines(text)),
        };
        let mut tasks: Vec<Task> = Vec::new();
        for leaf in &leaves {
            let Some(rest) = self.places.iter().find_map(|place| below(leaf, place)) else {
                continue;
            };
            let Some((name, inner)) = rest.split_first() else {
                continue;
            };
            // Where the file itself is the task, its keys are what tells.
            let (name, keys) = if self.is_of_settings() {
                ("", rest)
            } else {
                (name.as_str(), inner)
            };
            add(&mut tasks, name, keys, &leaf.value);
        }
        Some(tasks)
    }

    /// Whether there are no names: settings with commands among them.
    fn is_of_settings(&self) -> bool {
        self.programs
            .first()
            .is_some_and(|program| matches!(*program, "wrangler" | "netlify" | "vercel" | "goreleaser"))
    }

    /// Whether a leaf of the file is in a place of tasks.
    pub(crate) fn holds(&self, leaf: &Leaf) -> bool {
        self.places.iter().any(|place| below(leaf, place).is_some())
    }
}

/// The keys of a leaf behind a place.
fn below<'l>(leaf: &'l Leaf, place: &[&str]) -> Option<&'l [String]> {
    let (head, rest) = leaf.path.split_at_checked(place.len())?;
    head.iter()
        .zip(place)
        .all(|(key, wanted)| *wanted == "*" || key == wanted)
        .then_some(rest)
}

fn add(tasks: &mut Vec<Task>, name: &str, keys: &[String], value: &str) {
    let at = tasks.iter().position(|task| task.name == name).unwrap_or_else(|| {
        tasks.push(Task {
            name: name.to_owned(),
            lines: Vec::new(),
            complete: true,
        });
        tasks.len() - 1
    });
    let Some(task) = tasks.get_mut(at) else { return };
    let key = keys.iter().rev().map(String::as_str).find(|key| *key != "[]");
    match key {
        // `@name` is another script of Composer, `@php` its interpreter.
        None | Some(_) if value.starts_with('@') => match value.strip_prefix("@php ") {
            Some(rest) => task.lines.push(format!("php {rest}")),
            None => task.complete &= !value.contains(char::is_whitespace),
        },
        None => task.lines.push(value.to_owned()),
        Some(key) if COMMANDS.contains(&key) => task.lines.push(value.to_owned()),
        // A variable for what runs: judged as the shell would set it.
        Some(variable) if keys.iter().any(|key| matches!(key.as_str(), "env" | "environment")) => {
            let plain = variable.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !value.contains('\'');
            task.complete &= plain;
            if plain {
                task.lines.push(format!("export {variable}='{value}'"));
            }
        }
        Some(key) => {
            let known = OTHERS.contains(&key) || INERT.contains(&key) || keys.iter().any(|key| key == "args");
            task.complete &= known || value.is_empty();
        }
    }
}

/// `name: command`, one a line.
fn lines(text: &str) -> Vec<Task> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| match line.split_once(':') {
            Some((name, command)) => Task {
                name: name.trim().to_owned(),
                lines: vec![command.trim().to_owned()],
                complete: true,
            },
            None => Task {
                name: String::new(),
                lines: Vec::new(),
                complete: false,
            },
        })
        .collect()
}
