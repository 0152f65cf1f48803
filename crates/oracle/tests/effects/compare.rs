//! What was predicted against what was seen.

use std::collections::{BTreeMap, BTreeSet};

use placet_effects::{Analysis, analyse, render};
use placet_facts::{SessionState, World};
use placet_model::{
    Action, Dialect, Effect, Facts, Mode, Origin, Paths, Principal, Resource, Tier, ToolInput, Understood, Verb,
};

use crate::fixture::SECRETS;
use crate::jail::State;
use crate::known;
use crate::seen::Event;

pub struct Prediction {
    analysis: Analysis,
    /// The effects in words.
    words: Vec<String>,
}

#[derive(Default)]
pub struct Compared {
    pub violations: Vec<String>,
    pub predicted: Vec<String>,
    pub unneeded: Vec<(String, String)>,
    pub doubt: bool,
    pub started: Vec<String>,
}

/// What the analysis says of the command in the world as it is.
pub fn predict(command: &str, project: &str, home: &str) -> Prediction {
    let facts = World::new(project, Some(project), home, SessionState::default());
    let action = Action {
        principal: Principal::default(),
        id: String::new(),
        tool: "Bash".to_owned(),
        input: ToolInput::Shell {
            command: command.to_owned(),
            dialect: Dialect::Bash,
            background: false,
            unconfined: false,
        },
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: false,
    };
    let analysis = analyse(&action, &facts);
    let in_words = |effect: &Effect| render::effect(effect, &facts as &dyn Facts);
    let words = analysis.effects.list.iter().map(in_words).collect();
    Prediction { analysis, words }
}

/// Code or a program that may do anything.
fn is_doubt(effect: &Effect) -> bool {
    match (&effect.verb, &effect.resource) {
        (Verb::Opaque | Verb::RunProgram, _) => true,
        (Verb::RunCode, Resource::Code(code)) => {
            code.understood != Understood::Fully || code.origin == Origin::Downloaded
        }
        _ => false,
    }
}

/// What kind of change an effect has to be in order to cover an event.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    /// A new file.
    Make,
    /// New content for a file that was there.
    Replace,
    /// A file that was there goes.
    Remove,
    /// Attributes of a file that was there.
    Touch,
    Mode,
    Owner,
    Read,
}

fn is_enough(verb: Verb, need: Need) -> bool {
    let writes = matches!(
        verb,
        Verb::Modify
            | Verb::Truncate
            | Verb::WriteSecret
            | Verb::Persist
            | Verb::GlobalConfig
            | Verb::DiscardChanges
            | Verb::DbWrite
            | Verb::DbDestroy
    );
    match need {
        Need::Make => writes || matches!(verb, Verb::Create | Verb::Link),
        Need::Replace => writes || matches!(verb, Verb::Delete | Verb::DeleteTree | Verb::Move),
        Need::Remove => matches!(
            verb,
            Verb::Delete | Verb::DeleteTree | Verb::Move | Verb::DiscardChanges
        ),
        Need::Touch => writes || matches!(verb, Verb::Create | Verb::ChangeMode | Verb::ChangeOwner),
        Need::Mode => writes || verb == Verb::ChangeMode,
        Need::Owner => writes || verb == Verb::ChangeOwner,
        Need::Read => verb != Verb::List,
    }
}

fn below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory)
        .is_some_and(|rest| rest.starts_with('/') || directory == "/")
}

/// Whether the effect's resource takes in the path.
fn reaches(effect: &Effect, path: &str, is_new_directory: bool, was_there: impl Fn(&str) -> bool) -> bool {
    let Resource::Path(target) = &effect.resource else {
        return false;
    };
    match &target.paths {
        Paths::Unknown => true,
        Paths::Below(directory) => path == directory || below(path, directory),
        Paths::One(one) => {
            // A tree that was not there is made with what is in it.
            let makes_it = effect.verb == Verb::Create && !was_there(one);
            let whole = effect.qualifiers.sweep
                || matches!(
                    effect.verb,
                    Verb::ChangeMode | Verb::ChangeOwner | Verb::DeleteTree | Verb::DiscardChanges | Verb::Move
                );
            // Whoever makes `a/b` may make `a`.
            path == one || ((whole || makes_it) && below(path, one)) || (is_new_directory && below(one, path))
        }
    }
}

/// Effects on version control, packages and data stores change files of their own without naming them.
fn reaches_by_name(effect: &Effect, path: &str) -> bool {
    let in_repository = path.contains("/.git/") || path.ends_with("/.git");
    let in_remote = below(path, "/home/dev/remote.git");
    if matches!(effect.verb, Verb::Commit | Verb::RewriteHistory)
        && known::checks_out(&effect.by)
        && below(path, "/home/dev/project")
    {
        return true;
    }
    let is_named =
        |name: &str| path.ends_with(name) || path.strip_suffix(".pub").is_some_and(|path| path.ends_with(name));
    match effect.verb {
        Verb::GlobalConfig => path == "/home/dev/.gitconfig" && effect.by.starts_with("git"),
        Verb::ReadSecret | Verb::WriteSecret => matches!(&effect.resource, Resource::Named(name) if is_named(name)),
        Verb::Commit | Verb::Config | Verb::RewriteHistory | Verb::DiscardChanges | Verb::Merge | Verb::Fetch => {
            in_repository
        }
        Verb::Push | Verb::DeleteRemote => in_repository || in_remote,
        Verb::DbWrite | Verb::DbDestroy | Verb::DbRead => path.ends_with(".db") || path.ends_with(".db-journal"),
        Verb::Install => {
            path.contains("/node_modules") || path.contains("/package-lock.json") || path.contains("/.npm/")
        }
        _ => false,
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Compares.
pub fn compare(
    prediction: &Prediction,
    events: &BTreeSet<Event>,
    before: &BTreeMap<String, State>,
    after: &BTreeMap<String, State>,
) -> Compared {
    let effects = &prediction.analysis.effects.list;
    let doubt = effects.iter().any(is_doubt);
    let was_there = |path: &str| before.contains_key(path);
    let covers = |path: &str, need: Need| {
        let is_new_directory = need == Need::Make && after.get(path).is_some_and(|state| state.is_directory);
        doubt
            || effects.iter().any(|effect| {
                (is_enough(effect.verb, need) && reaches(effect, path, is_new_directory, was_there))
                    || reaches_by_name(effect, path)
            })
    };
    let named = |program: &str| {
        let is_it = |word: &Option<String>| word.as_deref().is_some_and(|word| name(word) == program);
        prediction
            .analysis
            .invocations
            .iter()
            .any(|invocation| invocation.words.first().is_some_and(is_it))
    };
    let any = |verbs: &[Verb]| doubt || effects.iter().any(|effect| verbs.contains(&effect.verb));
    let mut missing = BTreeSet::new();
    let mut started = BTreeSet::new();
    let mut changed = BTreeSet::new();
    for event in events {
        let (path, need) = match event {
            Event::Read(path) => (path, Need::Read),
            Event::Write(path, true) => (path, Need::Replace),
            Event::Write(path, false) => {
                let (old, new) = (before.get(path), after.get(path));
                if old.is_some() && old == new {
                    continue;
                }
                let same = old.zip(new).is_some_and(|(old, new)| old.content == new.content);
                (path, if same { Need::Touch } else { Need::Replace })
            }
            Event::Make(path) => (path, Need::Make),
            Event::Delete(path) | Event::MoveAway(path) => (path, Need::Remove),
            Event::Mode(path) => (path, Need::Mode),
            Event::Owner(path) => (path, Need::Owner),
            Event::Attributes(path) => (path, Need::Touch),
            Event::Exec(path) => {
                let program = name(path);
                started.insert(program.to_owned());
                if !doubt && program != "bash" && !named(program) && !known::is_part(program, &named) {
                    missing.insert(format!("start {program}"));
                }
                continue;
            }
            Event::Network(what) => {
                changed.insert("network".to_owned());
                let network = [
                    Verb::Fetch,
                    Verb::Send,
                    Verb::Listen,
                    Verb::Tunnel,
                    Verb::RemoteShell,
                    Verb::Push,
                    Verb::Install,
                    Verb::Publish,
                    Verb::DbRead,
                    Verb::DbWrite,
                    Verb::InfraRead,
                ];
                let to_itself = what.contains("\"::1\"") && what.starts_with("bind") && what.contains("htons(0)");
                if !to_itself && !any(&network) && !known::asks_for_updates(&named) {
                    missing.insert(format!("network {what}"));
                }
                continue;
            }
            Event::Signal(to) => {
                changed.insert("signal".to_owned());
                if !any(&[Verb::Signal]) {
                    missing.insert(format!("signal {to}"));
                }
                continue;
            }
            Event::Mount(path) => {
                if !any(&[Verb::Mount]) {
                    missing.insert(format!("mount {path}"));
                }
                continue;
            }
        };
        if need == Need::Read {
            let in_project = below(path, "/home/dev/project") && !SECRETS.contains(&path.as_str());
            let is_file = path != "/"
                && path.starts_with('/')
                && !after
                    .get(path)
                    .or(before.get(path))
                    .is_some_and(|state| state.is_directory);
            let was_there =
                before.contains_key(path) || !["/home/", "/tmp/", "/var/tmp/"].iter().any(|own| path.starts_with(own));
            if is_file && was_there && !in_project && !known::is_ambient(path, &named) && !covers(path, Need::Read) {
                missing.insert(format!("read {path}"));
            }
            continue;
        }
        if path.starts_with("/dev/") || path.starts_with("/proc/") || path == "/" {
            continue;
        }
        changed.insert(path.clone());
        let need = match (before.contains_key(path), after.contains_key(path)) {
            // Made and gone again: nothing is left of it.
            (false, false) if ["/home/", "/tmp/", "/var/tmp/"].iter().any(|own| path.starts_with(own)) => continue,
            (false, _) => Need::Make,
            // Replaced by another file of the same name.
            (true, true) if need == Need::Remove => Need::Replace,
            (true, _) => need,
        };
        // git refreshes its index whenever it looks at files.
        if path.ends_with("/.git/index") && named("git") {
            continue;
        }
        // These follow links.
        let follows = matches!(need, Need::Mode | Need::Owner | Need::Touch) && path.ends_with("/docs/link.txt");
        let leads_to = if follows {
            "/home/dev/project/data/words.txt"
        } else {
            path
        };
        if !covers(path, need) && !covers(leads_to, need) && !known::is_own(path, &named) {
            let what = match need {
                Need::Make => "make",
                Need::Replace => "replace",
                Need::Remove => "remove",
                Need::Touch => "touch",
                Need::Mode => "mode of",
                Need::Owner => "owner of",
                Need::Read => "read",
            };
            missing.insert(format!("{what} {path}"));
        }
    }
    Compared {
        violations: missing.into_iter().collect(),
        predicted: prediction.words.clone(),
        unneeded: unneeded(prediction, &changed),
        doubt,
        started: started.into_iter().collect(),
    }
}

/// Changes that were predicted of known paths and did not happen, and doubts where nothing happened at all.
fn unneeded(prediction: &Prediction, changed: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (effect, words) in prediction.analysis.effects.list.iter().zip(&prediction.words) {
        if effect.verb.only_reads() {
            continue;
        }
        let in_vain = match &effect.resource {
            _ if is_doubt(effect) => changed.is_empty(),
            Resource::Path(target) => match &target.paths {
                Paths::One(path) => !changed.iter().any(|one| one == path || below(one, path)),
                Paths::Below(directory) => !changed.iter().any(|one| one == directory || below(one, directory)),
                Paths::Unknown => changed.is_empty(),
            },
            _ => changed.is_empty(),
        };
        if in_vain {
            found.push((effect.by.clone(), words.clone()));
        }
    }
    found
}
