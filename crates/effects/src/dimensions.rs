//! The four dimensions of an effect, from what is known of it. A table in code; no facts are asked here.

use placet_model::{
    Carries, Cascade, Dimensions, Origin, Ownership, Pin, Place, Qualifiers, Resource, Reversibility, RunsLater, Scope,
    Sensitivity, Standing, Surface, Target, Verb,
};

/// The dimensions of an effect.
#[must_use]
pub fn of(verb: Verb, resource: &Resource, qualifiers: &Qualifiers) -> Dimensions {
    let target = match resource {
        Resource::Path(target) => Some(target),
        Resource::Code(_)
        | Resource::Program(_)
        | Resource::Process(_)
        | Resource::Host(_)
        | Resource::Ref { .. }
        | Resource::Package { .. }
        | Resource::Container { .. }
        | Resource::Named(_)
        | Resource::Unknown => None,
    };
    Dimensions {
        reversibility: reversibility(verb, target, qualifiers),
        scope: scope(verb, resource, target, qualifiers),
        surface: surface(verb, resource, target, qualifiers),
        cascade: cascade(verb, resource, qualifiers),
    }
}

fn reversibility(verb: Verb, target: Option<&Target>, qualifiers: &Qualifiers) -> Reversibility {
    let by_standing = || match target.map(|target| target.standing) {
        Some(Standing::Clean | Standing::Session | Standing::Regenerable | Standing::Missing) => {
            Reversibility::Reversible
        }
        Some(Standing::Dirty | Standing::Untracked | Standing::Unknown) | None => Reversibility::Irreversible,
    };
    match verb {
        Verb::Read | Verb::List | Verb::InfraRead | Verb::DbRead | Verb::Fetch | Verb::Create | Verb::Listen => {
            Reversibility::Reversible
        }
        Verb::Truncate | Verb::Delete | Verb::DeleteTree => by_standing(),
        Verb::Modify | Verb::Move | Verb::ChangeMode | Verb::ChangeOwner | Verb::Link => {
            match target.map(|target| target.place) {
                Some(Place::Project | Place::Temp | Place::Stream) => Reversibility::Reversible,
                Some(Place::Vital | Place::Device | Place::Unknown) | None => Reversibility::Irreversible,
                Some(Place::Toolchain | Place::Home | Place::System | Place::Outside) => Reversibility::Recoverable,
            }
        }
        Verb::Commit
        | Verb::Config
        | Verb::SkipHooks
        | Verb::Install
        | Verb::GlobalConfig
        | Verb::Persist
        | Verb::Schedule => {
            if verb == Verb::Commit {
                Reversibility::Reversible
            } else {
                Reversibility::Recoverable
            }
        }
        Verb::DiscardChanges if qualifiers.lost.as_ref().is_some_and(|lost| lost.files == 0) => {
            Reversibility::Reversible
        }
        // The old commits are in the reflog and, once they were pushed, on the server: only a forced push takes them
        // from others.
        Verb::RewriteHistory if qualifiers.kept && !qualifiers.force => Reversibility::Reversible,
        Verb::RewriteHistory | Verb::Push if !qualifiers.force => Reversibility::Recoverable,
        Verb::Signal
        | Verb::ServiceControl
        | Verb::Tunnel
        | Verb::ContainerRun
        | Verb::Merge
        | Verb::RepositorySettings => Reversibility::Recoverable,
        Verb::ReadSecret | Verb::RunCode => Reversibility::Reversible,
        Verb::RunProgram | Verb::InfraChange | Verb::DbWrite | Verb::WriteSecret => Reversibility::Recoverable,
        Verb::RewriteHistory
        | Verb::Push
        | Verb::Mount
        | Verb::Send
        | Verb::RemoteShell
        | Verb::DiscardChanges
        | Verb::DeleteRemote
        | Verb::Publish
        | Verb::InfraDestroy
        | Verb::DbDestroy
        | Verb::Message
        | Verb::Release
        | Verb::PrintSecret
        | Verb::ElevatePrivilege
        | Verb::Opaque => Reversibility::Irreversible,
    }
}

fn scope(verb: Verb, resource: &Resource, target: Option<&Target>, qualifiers: &Qualifiers) -> Scope {
    if qualifiers.elsewhere {
        return Scope::Shared;
    }
    if qualifiers.named_by_user {
        return Scope::Named;
    }
    if let Some(target) = target {
        return match target.place {
            Place::Project | Place::Stream | Place::Temp => Scope::Project,
            Place::Toolchain if verb.only_reads() => Scope::Project,
            Place::Home | Place::Outside | Place::Unknown => Scope::Outside,
            Place::Vital | Place::Toolchain | Place::System | Place::Device => Scope::System,
        };
    }
    if let Resource::Named(store) = resource
        && store.ends_with(crate::interpret::HERE)
        && matches!(verb, Verb::DbRead | Verb::DbWrite | Verb::DbDestroy)
    {
        return Scope::Outside;
    }
    match verb {
        Verb::Push
        | Verb::DeleteRemote
        | Verb::Publish
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
        | Verb::RemoteShell
        | Verb::Send => Scope::Shared,
        Verb::Mount | Verb::ServiceControl | Verb::ElevatePrivilege => Scope::System,
        Verb::GlobalConfig
        | Verb::Persist
        | Verb::Schedule
        | Verb::Tunnel
        | Verb::Opaque
        | Verb::Fetch
        | Verb::Listen => Scope::Outside,
        Verb::Signal if qualifiers.processes.as_ref().is_some_and(Ownership::spares_others) => Scope::Project,
        Verb::Signal | Verb::RunProgram => Scope::Outside,
        Verb::Install => match resource {
            Resource::Package { pin: Pin::Global, .. } => Scope::Outside,
            Resource::Package {
                pin: Pin::Locked | Pin::Pinned | Pin::Unpinned | Pin::Url,
                ..
            }
            | Resource::Path(_)
            | Resource::Code(_)
            | Resource::Program(_)
            | Resource::Process(_)
            | Resource::Host(_)
            | Resource::Ref { .. }
            | Resource::Container { .. }
            | Resource::Named(_)
            | Resource::Unknown => Scope::Project,
        },
        Verb::Read
        | Verb::List
        | Verb::Create
        | Verb::Modify
        | Verb::Truncate
        | Verb::Delete
        | Verb::DeleteTree
        | Verb::Move
        | Verb::ChangeMode
        | Verb::ChangeOwner
        | Verb::Link => Scope::Outside,
        Verb::RunCode
        | Verb::Commit
        | Verb::DiscardChanges
        | Verb::RewriteHistory
        | Verb::Config
        | Verb::SkipHooks
        | Verb::ContainerRun
        | Verb::ReadSecret
        | Verb::WriteSecret
        | Verb::PrintSecret => Scope::Project,
    }
}

fn surface(verb: Verb, resource: &Resource, target: Option<&Target>, qualifiers: &Qualifiers) -> Surface {
    if verb == Verb::ElevatePrivilege || matches!(resource, Resource::Container { privileged: true, .. }) {
        return Surface::Privilege;
    }
    let secret = qualifiers.carries == Carries::Secret
        || target.is_some_and(|target| target.sensitivity == Sensitivity::Secret)
        || matches!(verb, Verb::ReadSecret | Verb::WriteSecret | Verb::PrintSecret);
    if secret && !matches!(verb, Verb::List) {
        return Surface::Credentials;
    }
    match verb {
        Verb::Push
        | Verb::DeleteRemote
        | Verb::Publish
        | Verb::InfraChange
        | Verb::InfraDestroy
        | Verb::DbWrite
        | Verb::DbDestroy
        | Verb::Message
        | Verb::Merge
        | Verb::Release
        | Verb::RepositorySettings
        | Verb::RemoteShell
        | Verb::InfraRead
        | Verb::DbRead => Surface::ExternalSystem,
        Verb::Fetch | Verb::Send | Verb::Listen | Verb::Tunnel | Verb::Install => Surface::Network,
        Verb::Opaque => Surface::SensitiveData,
        Verb::Read
        | Verb::List
        | Verb::Create
        | Verb::Modify
        | Verb::Truncate
        | Verb::Delete
        | Verb::DeleteTree
        | Verb::Move
        | Verb::ChangeMode
        | Verb::ChangeOwner
        | Verb::Link
        | Verb::Mount
        | Verb::RunProgram
        | Verb::RunCode
        | Verb::Signal
        | Verb::ServiceControl
        | Verb::Schedule
        | Verb::Persist
        | Verb::Commit
        | Verb::DiscardChanges
        | Verb::RewriteHistory
        | Verb::Config
        | Verb::SkipHooks
        | Verb::ContainerRun
        | Verb::ReadSecret
        | Verb::WriteSecret
        | Verb::PrintSecret
        | Verb::GlobalConfig
        | Verb::ElevatePrivilege => match target.map(|target| target.sensitivity) {
            Some(Sensitivity::Personal) => Surface::SensitiveData,
            Some(Sensitivity::Plain | Sensitivity::Secret | Sensitivity::PlacetPolicy | Sensitivity::PlacetState)
            | None => Surface::None,
        },
    }
}

fn cascade(verb: Verb, resource: &Resource, qualifiers: &Qualifiers) -> Cascade {
    match qualifiers.runs_later {
        Some(RunsLater::StartFile | RunsLater::GitHook | RunsLater::AgentSettings | RunsLater::AgentInstructions) => {
            return Cascade::Persists;
        }
        Some(RunsLater::ContinuousIntegration) => return Cascade::AffectsOthers,
        Some(RunsLater::BuildScript | RunsLater::EditorOrEnvironment | RunsLater::Manifest) => {
            return Cascade::RunsCode;
        }
        None => {}
    }
    match verb {
        Verb::Push
        | Verb::DeleteRemote
        | Verb::Publish
        | Verb::InfraChange
        | Verb::InfraDestroy
        | Verb::DbWrite
        | Verb::DbDestroy
        | Verb::Message
        | Verb::Merge
        | Verb::Release
        | Verb::RepositorySettings
        | Verb::ServiceControl
        | Verb::Tunnel => Cascade::AffectsOthers,
        Verb::Signal if qualifiers.processes.as_ref().is_some_and(Ownership::spares_others) => Cascade::Contained,
        Verb::Signal => match resource {
            Resource::Process(placet_model::ProcessSet::OwnChild) => Cascade::Contained,
            Resource::Process(_)
            | Resource::Path(_)
            | Resource::Code(_)
            | Resource::Program(_)
            | Resource::Host(_)
            | Resource::Ref { .. }
            | Resource::Package { .. }
            | Resource::Container { .. }
            | Resource::Named(_)
            | Resource::Unknown => Cascade::AffectsOthers,
        },
        Verb::Persist | Verb::Schedule | Verb::GlobalConfig => Cascade::Persists,
        Verb::RunCode => match resource {
            Resource::Code(code) if code.origin == Origin::Inline => Cascade::Contained,
            Resource::Code(_)
            | Resource::Path(_)
            | Resource::Program(_)
            | Resource::Process(_)
            | Resource::Host(_)
            | Resource::Ref { .. }
            | Resource::Package { .. }
            | Resource::Container { .. }
            | Resource::Named(_)
            | Resource::Unknown => Cascade::RunsCode,
        },
        Verb::RunProgram
        | Verb::Install
        | Verb::ContainerRun
        | Verb::RemoteShell
        | Verb::Opaque
        | Verb::ElevatePrivilege => Cascade::RunsCode,
        Verb::Read
        | Verb::List
        | Verb::Create
        | Verb::Modify
        | Verb::Truncate
        | Verb::Delete
        | Verb::DeleteTree
        | Verb::Move
        | Verb::ChangeMode
        | Verb::ChangeOwner
        | Verb::Link
        | Verb::Mount
        | Verb::Fetch
        | Verb::Send
        | Verb::Listen
        | Verb::Commit
        | Verb::DiscardChanges
        | Verb::RewriteHistory
        | Verb::Config
        | Verb::SkipHooks
        | Verb::InfraRead
        | Verb::DbRead
        | Verb::ReadSecret
        | Verb::WriteSecret
        | Verb::PrintSecret => Cascade::Contained,
    }
}
