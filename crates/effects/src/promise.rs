//! What a written file promises to run later, read off what the change adds to it: takes a doubt away where all that is
//! added was understood, and marks files of settings whose change says what runs. It adds no effect and judges nothing.

mod cmake;
mod declaration;
mod difference;
mod documents;
mod editor;
mod gradle;
mod hooks;
mod ini;
mod justfile;
mod lines;
mod makefile;
mod maven;
mod outside;
mod settings;
mod tasked;

use placet_languages::{Code, Language, What};
use placet_model::{
    Change, Content, Effect, Origin, Paths, Pin, Place, Resource, RunsLater, Sensitivity, Standing, Understood, Verb,
};

use crate::interpret::Interpreter;
use crate::paths::Dir;
use crate::syntax;

/// Longest content that is looked into, in bytes.
const LONGEST: usize = 64 * 1024;

/// What a tool puts into a file.
#[derive(Clone, Copy)]
pub(crate) enum New<'a> {
    /// All of it.
    Whole(&'a str),
    /// Replacements in what is there.
    Changes(&'a [Change]),
}

/// A file before and after a change. A fragment where the file as a whole is not to be had (the neutral world).
struct Both {
    old: String,
    new: String,
    fragment: bool,
    /// There was a content before that is not to be had: what the change takes away can't be told.
    replaces_unknown: bool,
}

/// Weighs what the last effect writes.
pub(crate) fn weigh(it: &mut Interpreter<'_>, new: New<'_>) {
    if let Some(last) = it.analysis.effects.list.len().checked_sub(1) {
        weigh_at(it, last, new);
    }
}

/// Weighs what the text itself wrote into files by redirections and copies, as far as that is known to the last letter.
pub(crate) fn weigh_written(it: &mut Interpreter<'_>) {
    for at in 0..it.analysis.effects.list.len() {
        let Some(effect) = it.analysis.effects.list.get(at) else {
            return;
        };
        let Resource::Path(target) = &effect.resource else {
            continue;
        };
        let Paths::One(path) = &target.paths else { continue };
        let writes = matches!(effect.verb, Verb::Create | Verb::Truncate);
        let name = path.rsplit('/').next().unwrap_or(path);
        if !writes || effect.qualifiers.runs_later.is_none() && !settings::concern(name) {
            continue;
        }
        let Some(written) = it.written_at(path) else { continue };
        let taint = written.data.taint;
        let text = written
            .data
            .text
            .as_ref()
            .and_then(|text| text.known())
            .map(str::to_owned);
        if let Some(text) = text
            && !taint.fetched
            && !taint.decoded
            && !taint.secret
            && !taint.credential
        {
            weigh_at(it, at, New::Whole(&text));
        }
    }
}

/// Clears the mark of an effect when what the change would run later is harmless throughout; sets it where a change to a
/// file of settings says what runs.
fn weigh_at(it: &mut Interpreter<'_>, at: usize, new: New<'_>) {
    let Some(effect) = it.analysis.effects.list.get(at) else {
        return;
    };
    let later = effect.qualifiers.runs_later;
    let Resource::Path(target) = &effect.resource else {
        return;
    };
    let Paths::One(path) = &target.paths else { return };
    let path = path.clone();
    let name = path.rsplit('/').next().unwrap_or(&path);
    if later.is_none() && (target.place != Place::Project || !settings::concern(name)) {
        return;
    }
    let Some(both) = both(it, &path, new) else { return };
    let here = Here {
        outer: it,
        directory: path.rsplit_once('/').map_or("/", |(directory, _)| directory),
    };
    let weighed = match later {
        Some(later) if is_harmless(&here, later, &path, name, &both) => None,
        Some(later) => Some(later),
        None => settings::runs(&here, name, &both),
    };
    if weighed != later
        && let Some(effect) = it.analysis.effects.list.get_mut(at)
    {
        effect.qualifiers.runs_later = weighed;
        effect.dimensions = crate::dimensions::of(effect.verb, &effect.resource, &effect.qualifiers);
    }
}

/// Whether the change is understood, by the kind of file.
fn is_harmless(here: &Here<'_, '_>, later: RunsLater, path: &str, name: &str, both: &Both) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match later {
        RunsLater::BuildScript => match (name, ending) {
            ("pom.xml", _) => maven::harmless(both),
            ("CMakeLists.txt", _) => cmake::harmless(both),
            ("build.rs", _) => lines::build_rs(both),
            ("Gemfile", _) => lines::gemfile(both),
            (".npmrc", _) => lines::npmrc(both),
            (".bazelrc", _) => lines::bazelrc(both),
            ("config.toml" | "config", _) if path.contains("/.cargo/") => lines::cargo_config(both),
            _ if declaration::reads(name) => declaration::harmless(name, both),
            (_, "gradle" | "kts") => gradle::harmless(both),
            (_, "properties") => lines::wrapper(both),
            (_, "py") => !both.fragment && python(here, path, both),
            // Texts in these are commands.
            _ if name.starts_with("lint-staged.config.") || name.starts_with(".lintstagedrc.") => false,
            _ => !both.fragment && configuration(path, &both.new) && !outside::leads_out(here, &both.new),
        },
        RunsLater::Manifest => match (name, ending) {
            ("package.json", _) => documents::package(here, both),
            ("Makefile" | "makefile" | "GNUmakefile", _) | (_, "mk") => makefile::harmless(here, both),
            ("Taskfile.yml" | "Taskfile.yaml", _) => documents::pipeline(here, both),
            ("justfile" | "Justfile" | ".justfile", _) => justfile::harmless(here, both),
            ("tox.ini", _) => ini::harmless(here, both),
            ("noxfile.py", _) => !both.fragment && python(here, path, both),
            ("mise.toml" | ".mise.toml" | "deno.json" | "deno.jsonc" | "Procfile", _) => {
                tasked::harmless(here, name, both)
            }
            ("Rakefile", _) => !both.fragment && ruby(here, path, both),
            _ => false,
        },
        RunsLater::ContinuousIntegration => match (name, ending) {
            ("Jenkinsfile", _) => !both.replaces_unknown && lines::jenkinsfile(here, both),
            (_, "yml" | "yaml") => !both.replaces_unknown && documents::pipeline(here, both),
            (_, "sh") => !both.fragment && script(here, both),
            _ => false,
        },
        RunsLater::GitHook => match name {
            ".pre-commit-config.yaml" => hooks::pre_commit(here, both),
            "lefthook.yml" | "lefthook.yaml" | ".lefthook.yml" => hooks::lefthook(here, both),
            _ => {
                let own = ["/.husky/", "/.githooks/", "/.lefthook/"];
                own.iter().any(|folder| path.contains(folder))
                    && !path.contains("/.husky/_/")
                    && !both.fragment
                    && script(here, both)
            }
        },
        RunsLater::EditorOrEnvironment => match (name, ending) {
            (".envrc", _) => lines::environment(here, both),
            ("tasks.json" | "launch.json" | "settings.json" | "devcontainer.json" | ".devcontainer.json", _) => {
                !both.replaces_unknown && editor::harmless(here, name, both)
            }
            (_, "sh") => !both.fragment && script(here, both),
            _ => false,
        },
        // Words that an agent obeys are no program, and what they bring about can't be read off them.
        RunsLater::AgentInstructions | RunsLater::AgentSettings | RunsLater::StartFile => false,
    }
}

/// The content before and after; `None` where it can't be told, so that the doubt stays.
fn both(it: &Interpreter<'_>, path: &str, new: New<'_>) -> Option<Both> {
    let before = match it.facts.read(path) {
        Content::Text(text) => Some(text),
        Content::Missing => Some(String::new()),
        Content::Ordinary => None,
        // Of a whole new content nothing has to be known of the old one: all of it counts as new.
        Content::Unreadable => match new {
            New::Whole(_) => None,
            New::Changes(_) => return None,
        },
    };
    let both = match (new, before) {
        (New::Whole(text), before) => Both {
            replaces_unknown: before.is_none(),
            old: before.unwrap_or_default(),
            new: text.to_owned(),
            fragment: false,
        },
        (New::Changes(changes), Some(before)) => {
            let mut text = before.clone();
            for change in changes {
                if change.old.is_empty() && text.is_empty() {
                    text.clone_from(&change.new);
                } else if change.old.is_empty() || !text.contains(&change.old) {
                    return None;
                } else if change.all {
                    text = text.replace(&change.old, &change.new);
                } else {
                    text = text.replacen(&change.old, &change.new, 1);
                }
                if text.len() > LONGEST {
                    return None;
                }
            }
            Both {
                old: before,
                new: text,
                fragment: false,
                replaces_unknown: false,
            }
        }
        (New::Changes(changes), None) => {
            let joined = |part: fn(&Change) -> &str| changes.iter().map(part).collect::<Vec<&str>>().join("\n");
            Both {
                old: joined(|change| &change.old),
                new: joined(|change| &change.new),
                fragment: true,
                replaces_unknown: false,
            }
        }
    };
    (both.new.len() <= LONGEST && both.old.len() <= LONGEST).then(|| Both {
        old: both.old.replace("\r\n", "\n"),
        new: both.new.replace("\r\n", "\n"),
        ..both
    })
}

/// Where promised code would run.
pub(super) struct Here<'i, 'f> {
    outer: &'i Interpreter<'f>,
    directory: &'i str,
}

impl Here<'_, '_> {
    /// The effects of a piece of code, by itself.
    fn effects(&self, run: impl FnOnce(&mut Interpreter<'_>)) -> Vec<Effect> {
        let mut inner = Interpreter::new(self.outer.facts);
        inner.state.cwd = Dir::At(self.directory.to_owned());
        run(&mut inner);
        if inner.stdout.taint.secret || inner.stdout.taint.credential {
            inner.print_secret("what the file would run", placet_model::Span::default(), "");
        }
        inner.finish().effects.list
    }

    /// Whether a command line would do nothing that anybody had to be asked about.
    pub(super) fn runs_harmlessly(&self, command: &str) -> bool {
        self.effects(|it| it.items(&syntax::parse(command).items))
            .iter()
            .all(harmless)
    }
}

/// Whether an effect is a project's everyday work: its own tools and code, its own files as far as they can be had
/// back. What starts it later is judged again when the agent does.
fn harmless(effect: &Effect) -> bool {
    if effect.qualifiers.runs_later.is_some() || effect.qualifiers.elsewhere || effect.qualifiers.background {
        return false;
    }
    match (&effect.resource, effect.verb) {
        // What the lock file says, and nothing else.
        (Resource::Package { pin, .. }, Verb::Install) => *pin == Pin::Locked,
        (Resource::Code(code), Verb::RunCode) => match code.origin {
            Origin::Toolchain | Origin::Project => code.understood != Understood::Not,
            Origin::Inline | Origin::Session => code.understood == Understood::Fully,
            Origin::Outside | Origin::Downloaded | Origin::Undecodable | Origin::Dynamic => false,
        },
        // A program of the project reads the project's own environment file by itself: that is what the file is for. A
        // secret that is shown or leaves has an effect of its own.
        (Resource::Path(target), Verb::Read | Verb::List | Verb::ReadSecret) => {
            target.place == Place::Project || target.place == Place::Toolchain && effect.verb != Verb::ReadSecret
        }
        (Resource::Path(target), Verb::Create | Verb::Modify | Verb::Truncate | Verb::Delete | Verb::DeleteTree) => {
            target.place == Place::Project
                && target.sensitivity == Sensitivity::Plain
                && !effect.qualifiers.force
                && (matches!(
                    target.standing,
                    Standing::Regenerable | Standing::Missing | Standing::Session
                ) || matches!(effect.verb, Verb::Create | Verb::Modify) && target.standing == Standing::Clean
                    // Formatters and fixers of the machine go over everything.
                    || effect.verb == Verb::Modify && matches!(target.paths, Paths::Below(_)))
        }
        _ => false,
    }
}

/// Whether what a shell script does now and did not do before is harmless.
fn script(here: &Here<'_, '_>, both: &Both) -> bool {
    let of = |text: &str| here.effects(|it| it.items(&syntax::parse(text).items));
    let old = of(&both.old);
    of(&both.new)
        .iter()
        .filter(|effect| !is_among(effect, &old))
        .all(harmless)
}

/// Whether the same was done before. What can't be told is never the same.
fn is_among(effect: &Effect, old: &[Effect]) -> bool {
    effect.verb != Verb::Opaque
        && effect.resource != Resource::Unknown
        && old.iter().any(|known| {
            known.verb == effect.verb && known.resource == effect.resource && known.qualifiers == effect.qualifiers
        })
}

/// Whether what a Python file does when it is loaded, and did not do before, is harmless.
fn python(here: &Here<'_, '_>, path: &str, both: &Both) -> bool {
    code(here, Language::Python, path, both)
}

/// The same for Ruby.
fn ruby(here: &Here<'_, '_>, path: &str, both: &Both) -> bool {
    code(here, Language::Ruby, path, both)
}

fn code(here: &Here<'_, '_>, language: Language, path: &str, both: &Both) -> bool {
    let of = |text: &str| {
        placet_languages::analyse(Code {
            language,
            text,
            file: Some(path),
        })
    };
    let analysis = of(&both.new);
    if analysis.is_opaque() {
        return false;
    }
    let old = of(&both.old);
    let mut added = analysis;
    added.operations.retain(|one| {
        !old.operations
            .iter()
            .any(|known| known.what == one.what && known.carries == one.carries)
    });
    let span = placet_model::Span::default();
    here.effects(|it| {
        let _ = crate::code::apply(it, &added, span, "");
    })
    .iter()
    .all(harmless)
}

/// Whether a tool's configuration written as a program only builds a value: it imports, reads variables, nothing more.
fn configuration(path: &str, content: &str) -> bool {
    let language = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js" | "mjs" | "cjs") => Language::JavaScript,
        Some("ts" | "mts" | "cts") => Language::TypeScript,
        Some(_) | None => return false,
    };
    let analysis = placet_languages::analyse(Code {
        language,
        text: content,
        file: Some(path),
    });
    // Playwright starts a server by a text in its settings.
    let starts = content.contains("webServer") && path.contains("playwright.config.");
    analysis.complete
        && !starts
        && analysis.operations.iter().all(|operation| {
            matches!(operation.what, What::ImportLocal(_) | What::ReadEnvironment(_))
                && operation.carries.files.is_empty()
        })
}
