//! Which row of the tier table an effect belongs to. Exhaustive over the verbs; what a row says is in `tiers/rows.rs`.

mod ordinary;
mod rows;

use placet_model::{
    Cascade, Code, Effect, Effects, Facts, Origin, Ownership, Pin, Place, ProcessSet, Resource, Reversibility,
    RunsLater, Scope, Sensitivity, Standing, Target, Understood, Verb,
};

use crate::policy::Policy;
pub use rows::{ROWS, Row, Say};

/// What the choice of a row needs beside the effect.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) facts: &'a dyn Facts,
    pub(crate) policy: &'a Policy,
    /// Another effect of the same action stands for what happens on the other machine or in the container.
    pub(crate) elsewhere_accounted: bool,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn new(effects: &Effects, policy: &'a Policy, facts: &'a dyn Facts) -> Self {
        let stands_for_it = |effect: &Effect| {
            !effect.qualifiers.elsewhere
                && matches!(effect.verb, Verb::RemoteShell | Verb::ContainerRun | Verb::InfraChange)
        };
        Self {
            facts,
            policy,
            elsewhere_accounted: effects.list.iter().any(stands_for_it),
        }
    }
}

/// The row for an action without any effect.
pub(crate) fn no_effect() -> &'static Row {
    &rows::NO_EFFECT
}

/// The row that an effect belongs to.
#[must_use]
pub(crate) fn row(effect: &Effect, around: Surroundings<'_>) -> &'static Row {
    if effect.qualifiers.elsewhere && around.elsewhere_accounted {
        return &rows::ELSEWHERE;
    }
    if effect.qualifiers.elsewhere
        && let Some(row) = elsewhere(effect)
    {
        return row;
    }
    match effect.verb {
        // What people said to agents, taken along as a whole.
        Verb::Read if effect.qualifiers.sweep && path_of(effect).is_some_and(ordinary::is_conversations) => {
            &rows::READ_OUTSIDE
        }
        Verb::Read if effect.qualifiers.measured => {
            with_path(effect, |target| measure(target, around.facts), &rows::READ_OUTSIDE)
        }
        Verb::Read => with_path(effect, |target| read(target, around.facts), &rows::READ_OUTSIDE),
        Verb::List => with_path(effect, |target| list(target, around.facts), &rows::LIST_OUTSIDE),
        Verb::Create | Verb::Modify | Verb::Truncate => {
            with_path(effect, |target| write(effect, target), &rows::WRITE_OUTSIDE)
        }
        Verb::Delete | Verb::DeleteTree => {
            with_path(effect, |target| delete(effect, target), &rows::DELETE_IRREVERSIBLE)
        }
        Verb::Move | Verb::ChangeMode | Verb::Link => {
            with_path(effect, |target| rearrange(effect, target), &rows::WRITE_OUTSIDE)
        }
        Verb::ChangeOwner => &rows::CHANGE_OWNER,
        Verb::Mount => &rows::MOUNT,
        Verb::RunProgram => &rows::RUN_PROGRAM,
        Verb::RunCode => match &effect.resource {
            Resource::Code(code) => run_code(code),
            Resource::Path(_)
            | Resource::Program(_)
            | Resource::Process(_)
            | Resource::Host(_)
            | Resource::Ref { .. }
            | Resource::Package { .. }
            | Resource::Container { .. }
            | Resource::Named(_)
            | Resource::Unknown => &rows::RUN_CODE_UNREAD,
        },
        Verb::Signal => signal(effect),
        Verb::ServiceControl => &rows::SERVICES,
        Verb::Schedule | Verb::Persist => &rows::PERSISTENCE,
        Verb::Fetch => fetch(effect, around),
        Verb::Send if is_local(&effect.resource) => &rows::SEND_LOCAL,
        Verb::Send => &rows::SEND,
        Verb::Listen if is_local(&effect.resource) => &rows::LISTEN_LOCAL,
        Verb::Listen => &rows::LISTEN,
        Verb::Tunnel => &rows::TUNNEL,
        Verb::RemoteShell => &rows::REMOTE_SHELL,
        Verb::Commit => &rows::COMMIT,
        Verb::DiscardChanges => match loss(effect) {
            Loss::None => &rows::DISCARD_NOTHING,
            Loss::Final => &rows::DISCARD_CHANGES,
        },
        Verb::RewriteHistory => rewrite(effect),
        Verb::Push => push(effect, around.facts),
        Verb::DeleteRemote => &rows::DELETE_REMOTE,
        Verb::Config if effect.qualifiers.runs_later.is_some() => &rows::RUNS_LATER,
        Verb::Config => &rows::REPOSITORY_CONFIG,
        Verb::SkipHooks => &rows::SKIP_HOOKS,
        Verb::Install => install(effect, around.facts),
        Verb::Publish => &rows::PUBLISH,
        Verb::ContainerRun => &rows::CONTAINER_RUN,
        Verb::InfraRead => &rows::INFRA_READ,
        Verb::InfraChange => &rows::INFRA_CHANGE,
        Verb::InfraDestroy => &rows::INFRA_DESTROY,
        Verb::DbRead if effect.dimensions.scope == Scope::Shared => &rows::DB_READ_SHARED,
        Verb::DbRead => &rows::DB_READ,
        Verb::DbWrite => &rows::DB_WRITE,
        Verb::DbDestroy => &rows::DB_DESTROY,
        Verb::Message => &rows::MESSAGE,
        Verb::Merge => &rows::MERGE,
        Verb::Release => &rows::RELEASE,
        Verb::RepositorySettings => &rows::REPOSITORY_SETTINGS,
        Verb::ReadSecret | Verb::PrintSecret => &rows::READ_SECRET,
        Verb::WriteSecret => &rows::WRITE_SECRET,
        Verb::GlobalConfig => &rows::GLOBAL_CONFIG,
        Verb::ElevatePrivilege => &rows::PRIVILEGE,
        Verb::Opaque => &rows::OPAQUE,
    }
}

/// The row for files of a container or another machine, where no row of this machine's files speaks.
fn elsewhere(effect: &Effect) -> Option<&'static Row> {
    let target = path_of(effect)?;
    if target.sensitivity == Sensitivity::Secret {
        return None;
    }
    Some(if effect.verb.only_reads() {
        &rows::INFRA_READ
    } else {
        &rows::INFRA_CHANGE
    })
}

/// Whether something would be lost that nothing here could bring back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    None,
    Final,
}

/// What would be lost if the effect happened: by place and standing for paths, by its dimension for the rest.
pub(crate) fn loss(effect: &Effect) -> Loss {
    let Some(target) = path_of(effect) else {
        return match effect.dimensions.reversibility {
            Reversibility::Reversible => Loss::None,
            Reversibility::Recoverable | Reversibility::Irreversible => Loss::Final,
        };
    };
    let deletes = matches!(effect.verb, Verb::Delete | Verb::DeleteTree);
    // Who discards changes has some: what the index says now need not be what it says when the command runs.
    // Only where it was counted, and nothing in the same text comes between, the count holds.
    let one_scratch_file = ordinary::is_scratch(target) && target.sensitivity == Sensitivity::Plain;
    if effect.verb == Verb::DiscardChanges && target.standing != Standing::Session {
        match &effect.qualifiers.lost {
            Some(lost) if lost.files == 0 && !effect.qualifiers.force => return Loss::None,
            Some(_) | None if !one_scratch_file => return Loss::Final,
            Some(_) | None => {}
        }
    }
    // Told to make it unrecoverable.
    if deletes && effect.qualifiers.force {
        return Loss::Final;
    }
    match (target.place, target.standing) {
        (Place::Stream, _) => Loss::None,
        (Place::Vital | Place::Device, _) if deletes => Loss::Final,
        (_, Standing::Clean | Standing::Session | Standing::Regenerable | Standing::Missing) => Loss::None,
        // Scratch is scratch, unless it is somebody else's or too much to look at: facts call that unknown.
        (Place::Temp, Standing::Untracked) if deletes && ordinary::is_scratch(target) => Loss::None,
        (Place::Temp, Standing::Dirty | Standing::Untracked | Standing::Unknown) => {
            let one_by_one = effect.verb != Verb::DeleteTree && target.paths.base().is_some();
            if one_by_one { Loss::None } else { Loss::Final }
        }
        (
            Place::Project
            | Place::Vital
            | Place::Toolchain
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown,
            Standing::Dirty | Standing::Untracked | Standing::Unknown,
        ) => Loss::Final,
    }
}

/// The path that an effect touches, if it touches one.
pub(crate) fn path_of(effect: &Effect) -> Option<&Target> {
    if let Resource::Path(target) = &effect.resource {
        Some(target)
    } else {
        None
    }
}

/// Whether the host is this very machine.
pub(crate) fn is_local(resource: &Resource) -> bool {
    let Resource::Host(Some(host)) = resource else {
        return false;
    };
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None if host.matches(':').count() == 1 => host.split(':').next().unwrap_or(host),
        None => host,
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name == "::1"
        || name.ends_with(".localhost")
        || name
            .parse::<core::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether the path is what the session works on. The project's root counts for reading; only destroying or replacing
/// it as a whole is vital.
fn in_project(target: &Target, facts: &dyn Facts) -> bool {
    match target.place {
        Place::Project => true,
        Place::Vital => target.paths.base().is_some_and(|path| {
            path == facts.project() || facts.extra_directories().iter().any(|directory| path == directory)
        }),
        Place::Temp
        | Place::Stream
        | Place::Toolchain
        | Place::Home
        | Place::System
        | Place::Device
        | Place::Outside
        | Place::Unknown => false,
    }
}

fn with_path(effect: &Effect, choose: impl FnOnce(&Target) -> &'static Row, otherwise: &'static Row) -> &'static Row {
    path_of(effect).map_or(otherwise, choose)
}

fn read(target: &Target, facts: &dyn Facts) -> &'static Row {
    match target.sensitivity {
        Sensitivity::Secret => return &rows::READ_SECRET,
        Sensitivity::Personal => return &rows::READ_OUTSIDE,
        Sensitivity::Plain | Sensitivity::PlacetPolicy | Sensitivity::PlacetState => {}
    }
    if in_project(target, facts) {
        return &rows::READ_PROJECT;
    }
    match target.place {
        Place::Temp | Place::Stream | Place::Toolchain => &rows::READ_PUBLIC,
        Place::Device => &rows::READ_DEVICE,
        Place::Home if ordinary::is_agent_file(target, facts.home()) || ordinary::is_open_settings(target, facts) => {
            &rows::READ_AGENT_FILES
        }
        Place::Home if ordinary::is_public_key(target, facts.home()) => &rows::READ_PUBLIC,
        Place::Home | Place::Outside if ordinary::is_dependency(target) => &rows::READ_PUBLIC,
        Place::Project | Place::Vital | Place::Home | Place::System | Place::Outside | Place::Unknown => {
            &rows::READ_OUTSIDE
        }
    }
}

/// What a measure of a file is, where reading it would be private: an attribute, as its size is. Only of plain files that
/// have a name.
fn measure(target: &Target, facts: &dyn Facts) -> &'static Row {
    let row = read(target, facts);
    let private = core::ptr::eq(row, &raw const rows::READ_OUTSIDE);
    match (target.sensitivity, target.place) {
        (Sensitivity::Plain, Place::Home | Place::System | Place::Outside) if private => &rows::MEASURE_OUTSIDE,
        (
            Sensitivity::Plain
            | Sensitivity::Secret
            | Sensitivity::Personal
            | Sensitivity::PlacetPolicy
            | Sensitivity::PlacetState,
            Place::Project
            | Place::Vital
            | Place::Toolchain
            | Place::Temp
            | Place::Stream
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown,
        ) => row,
    }
}

fn list(target: &Target, facts: &dyn Facts) -> &'static Row {
    if in_project(target, facts) {
        return &rows::LIST_NAMES;
    }
    match (target.sensitivity, target.place) {
        (Sensitivity::Secret, _) => &rows::LIST_SECRETS,
        (
            Sensitivity::Plain | Sensitivity::Personal | Sensitivity::PlacetPolicy | Sensitivity::PlacetState,
            Place::Stream | Place::Temp | Place::Toolchain,
        ) => &rows::READ_PUBLIC,
        (
            Sensitivity::Plain | Sensitivity::Personal | Sensitivity::PlacetPolicy | Sensitivity::PlacetState,
            Place::Project
            | Place::Vital
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown,
        ) => &rows::LIST_OUTSIDE,
    }
}

fn write(effect: &Effect, target: &Target) -> &'static Row {
    if target.place == Place::Stream {
        return &rows::WRITE_TEMP;
    }
    match effect.qualifiers.runs_later {
        Some(RunsLater::StartFile) if target.place != Place::Project => return &rows::PERSISTENCE,
        Some(_) => return &rows::RUNS_LATER,
        None => {}
    }
    if target.sensitivity == Sensitivity::Secret {
        return &rows::WRITE_SECRET;
    }
    match target.place {
        Place::Temp | Place::Stream => &rows::WRITE_TEMP,
        Place::Project => match (effect.verb, target.standing) {
            (Verb::Create, _) | (_, Standing::Missing) => &rows::CREATE_PROJECT,
            (_, Standing::Clean | Standing::Session | Standing::Regenerable) => &rows::EDIT_PROJECT,
            (Verb::Modify, Standing::Dirty | Standing::Untracked | Standing::Unknown) => &rows::EDIT_UNCOMMITTED,
            (_, Standing::Dirty | Standing::Untracked | Standing::Unknown) => &rows::OVERWRITE_UNCOMMITTED,
        },
        Place::Vital
        | Place::Toolchain
        | Place::Home
        | Place::System
        | Place::Device
        | Place::Outside
        | Place::Unknown => &rows::WRITE_OUTSIDE,
    }
}

fn delete(effect: &Effect, target: &Target) -> &'static Row {
    match (target.place, loss(effect)) {
        (Place::Stream, _) => &rows::WRITE_TEMP,
        (Place::Temp, Loss::None) => &rows::DELETE_SCRATCH,
        (Place::Project, Loss::None) => &rows::DELETE_REVERSIBLE,
        (
            Place::Temp
            | Place::Project
            | Place::Vital
            | Place::Toolchain
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown,
            Loss::None | Loss::Final,
        ) => &rows::DELETE_IRREVERSIBLE,
    }
}

fn rearrange(effect: &Effect, target: &Target) -> &'static Row {
    if effect.qualifiers.runs_later.is_some() && effect.verb != Verb::Move {
        return &rows::RUNS_LATER;
    }
    match target.place {
        Place::Project => &rows::MOVE_PROJECT,
        Place::Temp | Place::Stream => &rows::WRITE_TEMP,
        Place::Vital
        | Place::Toolchain
        | Place::Home
        | Place::System
        | Place::Device
        | Place::Outside
        | Place::Unknown => &rows::WRITE_OUTSIDE,
    }
}

fn run_code(code: &Code) -> &'static Row {
    match (code.origin, code.understood) {
        (Origin::Undecodable, _) => &rows::RUN_CODE_UNDECODABLE,
        (Origin::Downloaded, _) => &rows::RUN_CODE_DOWNLOADED,
        (Origin::Toolchain, _)
        | (Origin::Inline | Origin::Session, Understood::Fully)
        | (Origin::Project, Understood::Fully | Understood::Assumed | Understood::Partly) => &rows::RUN_CODE_KNOWN,
        (Origin::Outside, _) => &rows::RUN_CODE_OUTSIDE,
        (Origin::Inline | Origin::Session, Understood::Assumed | Understood::Partly | Understood::Not)
        | (Origin::Project, Understood::Not)
        | (Origin::Dynamic, _) => &rows::RUN_CODE_UNREAD,
    }
}

fn signal(effect: &Effect) -> &'static Row {
    if effect.resource == Resource::Process(ProcessSet::OwnChild) {
        return &rows::SIGNAL_CHILD;
    }
    match &effect.qualifiers.processes {
        Some(Ownership::Session) => &rows::SIGNAL_OWN,
        Some(Ownership::Restarted) => &rows::SIGNAL_RESTARTED,
        Some(Ownership::Nobody) => &rows::SIGNAL_NOBODY,
        Some(Ownership::Unknown | Ownership::Others(_)) | None => &rows::SIGNAL_OTHERS,
    }
}

fn fetch(effect: &Effect, around: Surroundings<'_>) -> &'static Row {
    match &effect.resource {
        resource if is_local(resource) => &rows::FETCH_LOCAL,
        // Who connects there connects to this machine; who listens there listens for all.
        Resource::Host(Some(host)) if host == "0.0.0.0" => &rows::FETCH_LOCAL,
        Resource::Host(Some(_)) if effect.qualifiers.named_by_user => &rows::FETCH_KNOWN,
        Resource::Host(Some(host)) if around.policy.settings().trusts(host) => &rows::FETCH_KNOWN,
        // The agent's own search: its vendor has seen the words already.
        Resource::Host(Some(host)) if host == "web-search" || crate::policy::hosts::publishes(host) => {
            &rows::FETCH_KNOWN
        }
        Resource::Host(Some(host)) if crate::policy::hosts::is_nobodys(host) => &rows::FETCH_NOBODYS,
        Resource::Host(Some(host)) if effect.by.starts_with("git") && is_own_remote(host, around.facts) => {
            &rows::FETCH_KNOWN
        }
        Resource::Host(Some(_)) => &rows::FETCH_OTHER,
        Resource::Host(None)
        | Resource::Path(_)
        | Resource::Code(_)
        | Resource::Program(_)
        | Resource::Process(_)
        | Resource::Ref { .. }
        | Resource::Package { .. }
        | Resource::Container { .. }
        | Resource::Named(_)
        | Resource::Unknown => &rows::FETCH_UNKNOWN,
    }
}

/// Whether this names a remote that the repository had all along, by its name or its host.
fn is_own_remote(host: &str, facts: &dyn Facts) -> bool {
    facts.repository(facts.cwd()).is_some_and(|repository| {
        repository.remotes.iter().any(|(name, url)| {
            let authority = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let authority = authority.split('/').next().unwrap_or(authority);
            let with_user = authority.rsplit_once('@').map_or(authority, |(_, machine)| machine);
            name == host || with_user.split(':').next() == Some(host)
        })
    })
}

fn rewrite(effect: &Effect) -> &'static Row {
    let shared = effect.dimensions.scope == Scope::Shared || effect.dimensions.cascade == Cascade::AffectsOthers;
    match (effect.dimensions.reversibility, shared) {
        (Reversibility::Reversible, false) => &rows::COMMIT,
        (Reversibility::Recoverable, false) => &rows::REWRITE_LOCAL,
        (Reversibility::Irreversible, _) | (_, true) => &rows::REWRITE_PUBLISHED,
    }
}

/// Whether a push goes to a default branch or to a remote that is not the session's.
pub(crate) fn is_default_push(effect: &Effect, facts: &dyn Facts) -> bool {
    let unforced = Effect {
        qualifiers: placet_model::Qualifiers::default(),
        ..effect.clone()
    };
    push(&unforced, facts) != &rows::PUSH_BRANCH
}

/// Whether others may have the history that is rewritten.
pub(crate) fn rewrites_published(effect: &Effect) -> bool {
    rewrite(effect) == &rows::REWRITE_PUBLISHED
}

fn push(effect: &Effect, facts: &dyn Facts) -> &'static Row {
    if effect.qualifiers.force {
        return &rows::PUSH_FORCE;
    }
    let Resource::Ref { remote, branch } = &effect.resource else {
        return &rows::PUSH_DEFAULT;
    };
    let Some(repository) = facts.repository(facts.cwd()) else {
        return &rows::PUSH_DEFAULT;
    };
    let own = remote.as_deref().is_none_or(|remote| {
        repository
            .remotes
            .iter()
            .any(|(name, url)| name == remote || url == remote)
    });
    let feature = match (
        branch.as_deref().or(repository.branch.as_deref()),
        repository.default_branch.as_deref(),
    ) {
        (Some(branch), Some(default)) => branch != default && !is_usual_default(branch),
        (Some(branch), None) => !is_usual_default(branch),
        (None, _) => false,
    };
    if own && feature {
        &rows::PUSH_BRANCH
    } else {
        &rows::PUSH_DEFAULT
    }
}

fn is_usual_default(branch: &str) -> bool {
    matches!(branch, "main" | "master" | "trunk" | "production" | "release")
}

/// Files that say what a package manager installs. One that this session changed fixes nothing.
const MANIFESTS: &[&str] = &[
    "package.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "pyproject.toml",
    "requirements.txt",
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "Cargo.toml",
    "Cargo.lock",
    "go.mod",
    "go.sum",
    "Gemfile",
    "Gemfile.lock",
    "composer.json",
    "composer.lock",
];

fn manifest_changed(facts: &dyn Facts) -> bool {
    [facts.cwd(), facts.project()].into_iter().any(|directory| {
        MANIFESTS
            .iter()
            .any(|name| facts.written_this_session(&format!("{}/{name}", directory.trim_end_matches('/'))))
    })
}

fn install(effect: &Effect, facts: &dyn Facts) -> &'static Row {
    match &effect.resource {
        Resource::Package {
            name: None,
            pin: Pin::Locked | Pin::Pinned,
            ..
        } if manifest_changed(facts) => &rows::INSTALL_NEW,
        Resource::Package {
            pin: Pin::Locked | Pin::Pinned,
            ..
        } => &rows::INSTALL_LOCKED,
        Resource::Package {
            pin: Pin::Unpinned | Pin::Url | Pin::Global,
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
        | Resource::Unknown => &rows::INSTALL_NEW,
    }
}

/// How to keep what would be lost where it is no file.
pub(crate) fn loss_elsewhere(verb: Verb) -> Option<&'static str> {
    let rows = [
        (Verb::Push, &rows::PUSH_FORCE),
        (Verb::DiscardChanges, &rows::DISCARD_CHANGES),
        (Verb::RewriteHistory, &rows::REWRITE_PUBLISHED),
        (Verb::InfraDestroy, &rows::INFRA_DESTROY),
        (Verb::DbDestroy, &rows::DB_DESTROY),
    ];
    let mut fitting = rows.into_iter().filter(|(known, _)| *known == verb);
    fitting.next().and_then(|(_, row)| row.instead)
}
