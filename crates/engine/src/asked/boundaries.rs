//! Which boundary of the user an effect crosses.

use placet_intent::{Authorization, Boundary, Deed, Deeds, Kind, is_named, is_within, pieces};
use placet_model::{Decision, Effect, Place, Resource, Verb};

use super::{Asked, invocation};
use crate::tiers;

/// The strictest boundary that the effect crosses, and what becomes of it.
pub(super) fn crossed<'a>(
    effect: &Effect,
    asked: &Asked<'_>,
    authorization: &'a Authorization,
) -> Option<(&'a Boundary, Decision)> {
    authorization
        .boundaries
        .iter()
        .filter_map(|boundary| decision(boundary, effect, asked).map(|decision| (boundary, decision)))
        .max_by_key(|(_, decision)| *decision)
}

fn decision(boundary: &Boundary, effect: &Effect, asked: &Asked<'_>) -> Option<Decision> {
    let changes = changes_something(effect);
    match boundary.kind {
        Kind::ReadOnly => (changes && !is_scratch(effect)).then_some(Decision::Deny),
        Kind::Only => leaves(boundary, effect, asked).then_some(Decision::Deny),
        Kind::Never | Kind::AskFirst => {
            let about = if boundary.deeds.is_empty() {
                changes && !is_scratch(effect)
            } else {
                boundary.deeds.meets(deeds(effect)) && !(is_scratch(effect) && boundary.objects.is_empty())
            };
            let forced = !boundary.force || effect.qualifiers.force;
            let told = about && forced && is_about(boundary, effect, asked);
            told.then_some(if boundary.kind == Kind::Never {
                Decision::Deny
            } else {
                Decision::Ask
            })
        }
    }
}

fn is_scratch(effect: &Effect) -> bool {
    tiers::path_of(effect).is_some_and(|target| matches!(target.place, Place::Temp | Place::Stream))
}

/// Whether the effect changes files, history, or something outside.
fn changes_something(effect: &Effect) -> bool {
    match effect.verb {
        Verb::Create
        | Verb::Modify
        | Verb::Truncate
        | Verb::Delete
        | Verb::DeleteTree
        | Verb::Move
        | Verb::ChangeMode
        | Verb::ChangeOwner
        | Verb::Link
        | Verb::Mount
        | Verb::ServiceControl
        | Verb::Schedule
        | Verb::Persist
        | Verb::DiscardChanges
        | Verb::RewriteHistory
        | Verb::Push
        | Verb::DeleteRemote
        | Verb::Install
        | Verb::Publish
        | Verb::InfraChange
        | Verb::InfraDestroy
        | Verb::DbWrite
        | Verb::DbDestroy
        | Verb::Message
        | Verb::Merge
        | Verb::Release
        | Verb::RepositorySettings
        | Verb::WriteSecret
        | Verb::GlobalConfig => true,
        Verb::Commit => records(effect),
        Verb::Read
        | Verb::List
        | Verb::RunProgram
        | Verb::RunCode
        | Verb::Signal
        | Verb::Fetch
        | Verb::Send
        | Verb::Listen
        | Verb::Tunnel
        | Verb::RemoteShell
        | Verb::Config
        | Verb::SkipHooks
        | Verb::ContainerRun
        | Verb::InfraRead
        | Verb::DbRead
        | Verb::ReadSecret
        | Verb::PrintSecret
        | Verb::ElevatePrivilege
        | Verb::Opaque => false,
    }
}

/// Whether a commit is made, rather than something staged or put aside.
fn records(effect: &Effect) -> bool {
    matches!(
        effect.by.rsplit(" › ").next().unwrap_or(&effect.by),
        "git commit" | "git merge" | "git cherry-pick" | "git revert" | "git am" | "git tag"
    )
}

/// What the effect does, in the words of boundaries.
fn deeds(effect: &Effect) -> Deeds {
    let by = effect.by.rsplit(" › ").next().unwrap_or(&effect.by);
    match effect.verb {
        Verb::Read | Verb::List | Verb::ReadSecret | Verb::PrintSecret => Deeds::of(&[Deed::Read]),
        Verb::Create
        | Verb::Modify
        | Verb::Truncate
        | Verb::ChangeMode
        | Verb::ChangeOwner
        | Verb::Link
        | Verb::WriteSecret => Deeds::of(&[Deed::Write]),
        Verb::Move => Deeds::of(&[Deed::Write, Deed::Delete]),
        Verb::Delete | Verb::DeleteTree | Verb::DbDestroy | Verb::InfraDestroy => {
            Deeds::of(&[Deed::Delete, Deed::Deploy])
        }
        Verb::DeleteRemote => Deeds::of(&[Deed::Delete, Deed::Push]),
        Verb::Commit if by == "git merge" => Deeds::of(&[Deed::Merge]),
        Verb::Commit if records(effect) => Deeds::of(&[Deed::Commit]),
        Verb::Commit => Deeds::default(),
        Verb::DiscardChanges => Deeds::of(&[Deed::Discard, Deed::Undo]),
        Verb::RewriteHistory => match by {
            "git rebase" => Deeds::of(&[Deed::Rebase]),
            "git commit" => Deeds::of(&[Deed::Amend]),
            "git branch" => Deeds::of(&[Deed::Delete]),
            _ => Deeds::of(&[Deed::Undo, Deed::Rebase]),
        },
        Verb::Push => Deeds::of(&[Deed::Push]),
        Verb::Merge => Deeds::of(&[Deed::Merge]),
        Verb::Message => Deeds::of(&[Deed::Reply, Deed::EditRequest, Deed::Request, Deed::Issue]),
        Verb::Release => Deeds::of(&[Deed::Release]),
        Verb::Publish => Deeds::of(&[Deed::Publish, Deed::Release]),
        Verb::Install => Deeds::of(&[Deed::Install]),
        Verb::Fetch => Deeds::of(&[Deed::Fetch]),
        Verb::Send => Deeds::of(&[Deed::Send, Deed::Fetch]),
        Verb::RunProgram | Verb::RunCode | Verb::ContainerRun => Deeds::of(&[Deed::Run]),
        Verb::Signal => Deeds::of(&[Deed::Stop]),
        Verb::ServiceControl => Deeds::of(&[Deed::Restart, Deed::Stop]),
        Verb::RemoteShell | Verb::Tunnel => Deeds::of(&[Deed::Connect]),
        Verb::InfraChange => Deeds::of(&[Deed::Deploy, Deed::Restart]),
        Verb::DbWrite
        | Verb::Mount
        | Verb::Schedule
        | Verb::Persist
        | Verb::Listen
        | Verb::Config
        | Verb::SkipHooks
        | Verb::InfraRead
        | Verb::DbRead
        | Verb::RepositorySettings
        | Verb::GlobalConfig
        | Verb::ElevatePrivilege
        | Verb::Opaque => Deeds::default(),
    }
}

/// Whether a change lies outside of where the user wants changes to stay.
fn leaves(boundary: &Boundary, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(target) = tiers::path_of(effect) else {
        return false;
    };
    if !changes_something(effect) || is_scratch(effect) {
        return false;
    }
    let Some(path) = target.paths.base() else { return true };
    !boundary.objects.iter().any(|name| covers(name, path, asked))
}

/// Whether a named file, directory or glob covers the path.
fn covers(name: &str, path: &str, asked: &Asked<'_>) -> bool {
    let forms = written(path, asked);
    if name.contains('*') {
        return forms
            .iter()
            .any(|form| placet_patterns::path_glob(name, form, placet_patterns::Case::Sensitive));
    }
    forms.iter().any(|form| {
        is_named(name, form)
            || is_within(&format!("{}/", name.trim_end_matches('/')), form)
            || !name.contains('/') && form.split('/').any(|part| is_named(name, part))
    })
}

fn written(path: &str, asked: &Asked<'_>) -> Vec<String> {
    let mut forms = vec![path.to_owned()];
    for base in [asked.facts.project(), asked.facts.cwd()] {
        if let Some(rest) = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')) {
            forms.push(rest.to_owned());
        }
    }
    if let Some(rest) = path
        .strip_prefix(asked.facts.home())
        .and_then(|rest| rest.strip_prefix('/'))
    {
        forms.push(format!("~/{rest}"));
    }
    forms
}

/// Whether the effect is about what the boundary names; one that names nothing is about everything of its kind.
fn is_about(boundary: &Boundary, effect: &Effect, asked: &Asked<'_>) -> bool {
    if boundary.objects.is_empty() {
        return !exempt(boundary, effect, asked);
    }
    let things = things(effect, asked);
    boundary.objects.iter().any(|name| {
        let formal = name.contains(['/', '.', '_', '*', '-']);
        tiers::path_of(effect)
            .and_then(|target| target.paths.base())
            .is_some_and(|path| {
                if formal {
                    covers(name, path, asked)
                } else {
                    speaks_of(name, path, asked)
                }
            })
            || things.iter().any(|thing| {
                is_named(name, thing)
                    || pieces(thing).iter().any(|piece| alike(piece, name))
                    || formal && thing.contains(name.as_str())
            })
            || is_production(name)
                && things
                    .iter()
                    .any(|thing| pieces(thing).iter().any(|piece| is_production(piece)))
    }) && !exempt(boundary, effect, asked)
}

fn exempt(boundary: &Boundary, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(path) = tiers::path_of(effect).and_then(|target| target.paths.base()) else {
        return false;
    };
    boundary.except.iter().any(|name| covers(name, path, asked))
}

/// A plain word and a path: "the migrations", "the tests".
fn speaks_of(word: &str, path: &str, asked: &Asked<'_>) -> bool {
    let below = written(path, asked);
    let shortest = below.iter().min_by_key(|form| form.len()).map_or(path, String::as_str);
    pieces(shortest).iter().any(|piece| alike(piece, word))
}

fn alike(piece: &str, word: &str) -> bool {
    let stem = |text: &str| {
        text.strip_suffix('s')
            .filter(|rest| rest.len() > 2)
            .unwrap_or(text)
            .to_lowercase()
    };
    stem(piece) == stem(word) || is_production(piece) && is_production(word)
}

fn is_production(word: &str) -> bool {
    matches!(word, "prod" | "production" | "prd" | "live")
}

/// Everything that the effect names beside paths: its resource, and the words of the program that causes it.
fn things(effect: &Effect, asked: &Asked<'_>) -> Vec<String> {
    let mut things = Vec::new();
    match &effect.resource {
        Resource::Ref { remote, branch } => {
            let repository = asked.facts.repository(asked.facts.cwd());
            let own = repository.and_then(|repository| repository.branch);
            things.extend(remote.clone());
            things.extend(branch.clone().or(own));
            return things;
        }
        Resource::Path(_) => return things,
        Resource::Host(Some(host)) => things.push(host.clone()),
        Resource::Named(name) | Resource::Program(name) => things.push(name.clone()),
        Resource::Package { name: Some(name), .. } => things.push(name.clone()),
        Resource::Container { image: Some(image), .. } => things.push(image.clone()),
        Resource::Code(code) => things.push(code.name.clone()),
        Resource::Package { name: None, .. }
        | Resource::Container { image: None, .. }
        | Resource::Process(_)
        | Resource::Host(None)
        | Resource::Unknown => {}
    }
    if let Some(invocation) = invocation::of(effect, asked.analysis) {
        things.extend(
            invocation
                .words
                .iter()
                .skip(1)
                .flatten()
                .filter(|word| word.len() < 400 && !word.contains(char::is_whitespace))
                .cloned(),
        );
    }
    if matches!(effect.verb, Verb::DbWrite | Verb::DbDestroy | Verb::DbRead) {
        things.push("database".to_owned());
    }
    things
}
