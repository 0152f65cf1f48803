//! The limit `irreversible-destruction`: what is lost is measured, not guessed from the command's name.

use placet_model::{Decision, Effect, Lost, Match, Mode, Paths, Place, Reversibility, Scope, Verb};

use super::{HardLimit, found};
use crate::tiers::{Loss, loss, path_of};

/// Deny for what must never go; at least Ask for what can't be had back, unless checks are switched off.
pub(super) fn check(effect: &Effect, here: bool, mode: Mode) -> Option<Match> {
    let never = here.then(|| never(effect)).flatten();
    let matched =
        |decision, reason: &str, instead| found(HardLimit::IrreversibleDestruction, decision, effect, reason, instead);
    if let Some(reason) = never {
        return Some(matched(
            Decision::Deny,
            reason,
            Some("name exactly the files that are to go, one by one"),
        ));
    }
    if mode == Mode::BypassPermissions || !destroys(effect, here) {
        return None;
    }
    let lost = effect.qualifiers.lost.as_ref().and_then(Lost::words);
    let reason = match lost {
        Some(lost) if here => lost,
        Some(_) | None if here => "nothing here could bring it back".to_owned(),
        Some(_) | None => "nothing here can see or bring back what is lost there".to_owned(),
    };
    Some(matched(Decision::Ask, &reason, Some(instead(effect))))
}

/// A way to keep what would be lost: of files a copy, of other things what the tier table says.
fn instead(effect: &Effect) -> &'static str {
    let elsewhere = if path_of(effect).is_some() {
        None
    } else {
        crate::tiers::loss_elsewhere(effect.verb)
    };
    elsewhere.unwrap_or("commit or copy it first, or name exactly what is to go")
}

/// Why the effect must never happen, if it must not.
fn never(effect: &Effect) -> Option<&'static str> {
    let target = path_of(effect)?;
    let changes = !effect.verb.only_reads();
    if changes && target.place == Place::Device {
        return Some("it would overwrite a disk or memory device");
    }
    match effect.verb {
        Verb::DeleteTree if target.place == Place::Vital => {
            Some("it is the system, the home directory, or the project as a whole")
        }
        Verb::DeleteTree if target.paths == Paths::Unknown || target.place == Place::Unknown => {
            Some("it can't be told what would be deleted with everything in it")
        }
        Verb::Delete | Verb::Move | Verb::Truncate | Verb::Mount
            if target.place == Place::Vital && matches!(target.paths, Paths::One(_)) =>
        {
            Some("it is the system, the home directory, or the project as a whole")
        }
        Verb::ChangeMode | Verb::ChangeOwner if target.place == Place::Vital && effect.qualifiers.sweep => {
            Some("it would lock people and programs out of the home directory, the project or the system")
        }
        Verb::Delete
        | Verb::DeleteTree
        | Verb::Move
        | Verb::Truncate
        | Verb::Mount
        | Verb::ChangeMode
        | Verb::ChangeOwner
        | Verb::Read
        | Verb::List
        | Verb::Create
        | Verb::Modify
        | Verb::Link
        | Verb::RunProgram
        | Verb::RunCode
        | Verb::Signal
        | Verb::ServiceControl
        | Verb::Schedule
        | Verb::Persist
        | Verb::Fetch
        | Verb::Send
        | Verb::Listen
        | Verb::Tunnel
        | Verb::RemoteShell
        | Verb::Commit
        | Verb::DiscardChanges
        | Verb::RewriteHistory
        | Verb::Push
        | Verb::DeleteRemote
        | Verb::Config
        | Verb::SkipHooks
        | Verb::Install
        | Verb::Publish
        | Verb::ContainerRun
        | Verb::InfraRead
        | Verb::InfraChange
        | Verb::InfraDestroy
        | Verb::DbRead
        | Verb::DbWrite
        | Verb::DbDestroy
        | Verb::Message
        | Verb::Merge
        | Verb::Release
        | Verb::RepositorySettings
        | Verb::ReadSecret
        | Verb::WriteSecret
        | Verb::PrintSecret
        | Verb::GlobalConfig
        | Verb::ElevatePrivilege
        | Verb::Opaque => None,
    }
}

/// Whether the effect destroys something that can't be had back. Overwriting one uncommitted file is left to the tier
/// table: the file stays, and the new content is what was asked for.
fn destroys(effect: &Effect, here: bool) -> bool {
    match effect.verb {
        Verb::Delete | Verb::DeleteTree => !here || loss(effect) == Loss::Final,
        Verb::DiscardChanges => loss(effect) == Loss::Final,
        Verb::Mount | Verb::InfraDestroy | Verb::DbDestroy => {
            effect.dimensions.reversibility != Reversibility::Reversible
        }
        Verb::RewriteHistory => {
            effect.dimensions.reversibility == Reversibility::Irreversible || effect.dimensions.scope == Scope::Shared
        }
        Verb::Push => effect.qualifiers.force,
        Verb::DeleteRemote => true,
        Verb::Read
        | Verb::List
        | Verb::Create
        | Verb::Modify
        | Verb::Truncate
        | Verb::Move
        | Verb::ChangeMode
        | Verb::ChangeOwner
        | Verb::Link
        | Verb::RunProgram
        | Verb::RunCode
        | Verb::Signal
        | Verb::ServiceControl
        | Verb::Schedule
        | Verb::Persist
        | Verb::Fetch
        | Verb::Send
        | Verb::Listen
        | Verb::Tunnel
        | Verb::RemoteShell
        | Verb::Commit
        | Verb::Config
        | Verb::SkipHooks
        | Verb::Install
        | Verb::Publish
        | Verb::ContainerRun
        | Verb::InfraRead
        | Verb::InfraChange
        | Verb::DbRead
        | Verb::DbWrite
        | Verb::Message
        | Verb::Merge
        | Verb::Release
        | Verb::RepositorySettings
        | Verb::ReadSecret
        | Verb::WriteSecret
        | Verb::PrintSecret
        | Verb::GlobalConfig
        | Verb::ElevatePrivilege
        | Verb::Opaque => false,
    }
}
