//! An effect in words, for people and for the model. Says what would happen, never whether it may.

use placet_model::{Carries, Code, Effect, Origin, Paths, ProcessSet, Resource, Target, Verb};

/// What the effect does, as a phrase that follows "would".
#[must_use]
pub fn effect(effect: &Effect) -> String {
    let what = resource(&effect.resource);
    let mut words = match effect.verb {
        Verb::Read => format!("read {what}"),
        Verb::List => format!("list {what}"),
        Verb::Create => format!("create {what}"),
        Verb::Modify => format!("change {what}"),
        Verb::Truncate => format!("overwrite {what}"),
        Verb::Delete => format!("delete {what}"),
        Verb::DeleteTree => format!("delete {what} and everything in it"),
        Verb::Move => format!("move {what} away"),
        Verb::ChangeMode => format!("change permissions of {what}"),
        Verb::ChangeOwner => format!("change the owner of {what}"),
        Verb::Link => format!("make a link at {what}"),
        Verb::Mount => format!("mount, unmount or format {what}"),
        Verb::RunProgram => format!("start {what}"),
        Verb::RunCode => format!("run {what}"),
        Verb::Signal => format!("signal {what}"),
        Verb::ServiceControl => format!("start, stop or change the service {what}"),
        Verb::Schedule => format!("schedule {what} to run later"),
        Verb::Persist => format!("make {what} run by itself from now on"),
        Verb::Fetch => format!("fetch from {what}"),
        Verb::Send => format!("send data to {what}"),
        Verb::Listen => format!("accept connections at {what}"),
        Verb::Tunnel => format!("open a tunnel to {what}"),
        Verb::RemoteShell => format!("run commands on {what}"),
        Verb::Commit => format!("record changes in version control ({what})"),
        Verb::DiscardChanges => format!("discard uncommitted work ({what})"),
        Verb::RewriteHistory => format!("rewrite history ({what})"),
        Verb::Push if effect.qualifiers.force => format!("overwrite {what} by a forced push"),
        Verb::Push => format!("push to {what}"),
        Verb::DeleteRemote => format!("delete {what} at the remote"),
        Verb::Config => format!("change the repository's configuration ({what})"),
        Verb::SkipHooks => "skip the repository's checks".to_owned(),
        Verb::Install => format!("install {what}"),
        Verb::Publish => format!("publish {what}"),
        Verb::ContainerRun => format!("run {what}"),
        Verb::InfraRead => format!("read the state of {what}"),
        Verb::InfraChange => format!("change infrastructure: {what}"),
        Verb::InfraDestroy => format!("destroy infrastructure: {what}"),
        Verb::DbRead => format!("read from the data store {what}"),
        Verb::DbWrite => format!("write to the data store {what}"),
        Verb::DbDestroy => format!("drop or empty data in {what}"),
        Verb::Message => format!("write to people: {what}"),
        Verb::Merge => format!("merge {what}"),
        Verb::Release => format!("release {what}"),
        Verb::RepositorySettings => format!("change settings of the shared repository {what}"),
        Verb::ReadSecret => format!("read the secret {what}"),
        Verb::WriteSecret => format!("write the secret {what}"),
        Verb::PrintSecret => format!("show the secret {what}"),
        Verb::GlobalConfig => format!("change configuration beyond the project: {what}"),
        Verb::ElevatePrivilege => "gain more rights on this machine".to_owned(),
        Verb::Opaque => "do something that can't be told".to_owned(),
    };
    match effect.qualifiers.carries {
        Carries::Nothing | Carries::ProjectData => {}
        Carries::Unknown if !effect.verb.only_reads() && effect.verb != Verb::Opaque => {
            words.push_str(", with data that can't be told");
        }
        Carries::Unknown => {}
        Carries::Secret => words.push_str(", with a secret in it"),
    }
    if let Some(later) = effect.qualifiers.runs_later {
        words.push_str(&format!(" ({}: it takes effect later)", later.words()));
    }
    if effect.qualifiers.elsewhere {
        words.push_str(", on another machine or in a container");
    }
    if let Some(note) = &effect.qualifiers.note {
        words.push_str(&format!(" ({note})"));
    }
    words
}

/// What is touched, in words.
#[must_use]
pub(crate) fn resource(resource: &Resource) -> String {
    match resource {
        Resource::Path(target) => path(target),
        Resource::Code(code) => self::code(code),
        Resource::Program(name) => format!("the program `{}`", short(name)),
        Resource::Process(ProcessSet::OwnChild) => "its own child process".to_owned(),
        Resource::Process(ProcessSet::Pid(pid)) => format!("process {}", short(pid)),
        Resource::Process(ProcessSet::Pattern(pattern)) => format!("every process that matches `{}`", short(pattern)),
        Resource::Process(ProcessSet::Name(name)) => format!("every process called `{}`", short(name)),
        Resource::Process(ProcessSet::Listed(text)) => format!("every process that is listed with `{}`", short(text)),
        Resource::Process(ProcessSet::Port { number, clients: false }) => format!("what listens at port {number}"),
        Resource::Process(ProcessSet::Port { number, clients: true }) => {
            format!("what listens at port {number} or is connected to it")
        }
        Resource::Process(ProcessSet::All) => "processes that can't be told apart".to_owned(),
        Resource::Host(Some(host)) => short(host).to_owned(),
        Resource::Host(None) => "a host that can't be told".to_owned(),
        Resource::Ref { remote, branch } => format!(
            "{} at {}",
            branch
                .as_deref()
                .map_or("the current branch".to_owned(), |name| format!("`{}`", short(name))),
            remote
                .as_deref()
                .map_or("the default remote".to_owned(), |name| format!("`{}`", short(name)))
        ),
        Resource::Package { manager, name, pin } => match name {
            Some(name) => format!("the package `{}` ({}, {})", short(name), short(manager), pin.name()),
            None => format!("the packages of the manifest ({}, {})", short(manager), pin.name()),
        },
        Resource::Container { image, privileged } => format!(
            "a container of {}{}",
            image
                .as_deref()
                .map_or("an image that can't be told".to_owned(), |image| format!(
                    "`{}`",
                    short(image)
                )),
            if *privileged {
                " with rights over this machine"
            } else {
                ""
            }
        ),
        Resource::Named(name) => format!("`{}`", short(name)),
        Resource::Unknown => "something that can't be told".to_owned(),
    }
}

fn path(target: &Target) -> String {
    match &target.paths {
        Paths::One(path) => short(path).to_owned(),
        Paths::Below(directory) => format!("files below {}", short(directory)),
        Paths::Unknown => "a path that can't be told".to_owned(),
    }
}

fn code(code: &Code) -> String {
    let origin = match code.origin {
        Origin::Inline => "code given in the command",
        Origin::Project => "code of the project",
        Origin::Toolchain => "the project's build or test code",
        Origin::Session => "code written in this session",
        Origin::Outside => "code from outside the project",
        Origin::Downloaded => "code fetched from the network",
        Origin::Undecodable => "code that is decoded first and can't be read here",
        Origin::Dynamic => "code that is only made at run time",
    };
    if code.name.is_empty() {
        origin.to_owned()
    } else {
        format!("{origin} (`{}`)", short(&code.name))
    }
}

/// At most 120 characters, without line breaks spoiling the sentence.
pub(crate) fn short(text: &str) -> &str {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    line.char_indices()
        .nth(120)
        .and_then(|(end, _)| line.get(..end))
        .unwrap_or(line)
}
