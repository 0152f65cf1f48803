//! Which order of the user covers an effect: exhaustive over the verbs. What can't be taken back needs the very thing to be
//! named; some things no words allow.

use placet_intent::{Authorization, Deed, Deeds, Grant, Said, is_named, is_within};
use placet_model::{
    Code, Effect, Origin, Paths, Pin, Place, ProcessSet, Resource, RunsLater, Sensitivity, Target, Verb,
};

use super::{Answer, Asked, invocation, version_control};
use crate::tiers;

/// The order or the naming that covers an effect.
pub(super) fn covering<'a>(effect: &Effect, asked: &Asked<'_>, authorization: &'a Authorization) -> Option<Answer<'a>> {
    let order =
        |fits: &dyn Fn(&Grant) -> bool| authorization.grants.iter().find(|grant| fits(grant)).map(Answer::Order);
    let quoted = |grant: &Grant| {
        grant.deeds.has(Deed::Run)
            && is_plain_order(grant)
            && invocation::of(effect, asked.analysis).is_some_and(|it| invocation::is_quoted(grant, it))
    };
    let does = |grant: &Grant, deeds: &[Deed]| grant.deeds.meets(Deeds::of(deeds));
    let names_all =
        |grant: &Grant| invocation::of(effect, asked.analysis).is_some_and(|it| invocation::names_all(grant, it));
    match effect.verb {
        Verb::Read | Verb::List => read(effect, asked, authorization),
        Verb::Create | Verb::Modify | Verb::Truncate | Verb::Move | Verb::ChangeMode | Verb::Link => {
            order(&|grant| does(grant, &[Deed::Write]) && grant.direct && writes(grant, effect, asked))
        }
        Verb::Delete | Verb::DeleteTree => {
            order(&|grant| does(grant, &[Deed::Delete]) && is_plain_order(grant) && deletes(grant, effect, asked))
        }
        Verb::RunProgram => order(&|grant| {
            quoted(grant) || does(grant, &[Deed::Run]) && grant.direct && runs_program(grant, effect, asked)
        }),
        Verb::RunCode => order(&|grant| {
            let code = match &effect.resource {
                Resource::Code(code) => Some(code),
                Resource::Path(_)
                | Resource::Program(_)
                | Resource::Process(_)
                | Resource::Host(_)
                | Resource::Ref { .. }
                | Resource::Package { .. }
                | Resource::Container { .. }
                | Resource::Named(_)
                | Resource::Unknown => None,
            };
            code.is_some_and(|code| {
                may_be_named(code)
                    && (quoted(grant)
                        || does(grant, &[Deed::Run]) && grant.direct && names_path(grant, &code.name, asked))
            })
        }),
        Verb::Signal => order(&|grant| does(grant, &[Deed::Stop]) && is_plain_order(grant) && signals(grant, effect)),
        Verb::ServiceControl => order(&|grant| {
            quoted(grant)
                || does(grant, &[Deed::Stop, Deed::Restart])
                    && is_plain_order(grant)
                    && matches!(&effect.resource, Resource::Named(name) if names_exactly(grant, name))
                    && same_direction(grant, effect, asked)
        }),
        Verb::Fetch => mentioned(effect, asked, authorization).map(Answer::Named),
        Verb::Send => order(&|grant| {
            does(grant, &[Deed::Send])
                && is_plain_order(grant)
                && matches!(&effect.resource, Resource::Host(Some(host)) if grant.names().any(|name| is_host(name, host)))
        }),
        Verb::RemoteShell => {
            let looks_only = asked.analysis.effects.list.iter().all(|other| {
                other.verb == Verb::RemoteShell
                    || other.verb.only_reads()
                        && tiers::path_of(other).is_none_or(|target| target.sensitivity == Sensitivity::Plain)
            });
            order(&|grant| {
                looks_only
                    && does(grant, &[Deed::Connect])
                    && is_plain_order(grant)
                    && matches!(&effect.resource, Resource::Host(Some(host)) if grant.names().any(|name| is_host(name, host)))
            })
        }
        Verb::DiscardChanges => {
            order(&|grant| does(grant, &[Deed::Discard]) && is_plain_order(grant) && discards(grant, effect, asked))
        }
        Verb::RewriteHistory => order(&|grant| quoted(grant) || version_control::rewrites(grant, effect, asked)),
        Verb::Push => order(&|grant| quoted(grant) || version_control::pushes(grant, effect, asked)),
        Verb::DeleteRemote => order(&|grant| quoted(grant) || version_control::deletes_remote(grant, effect, asked)),
        Verb::Install => {
            order(&|grant| quoted(grant) || does(grant, &[Deed::Install]) && grant.direct && installs(grant, effect))
        }
        Verb::Publish => order(&|grant| {
            quoted(grant) || does(grant, &[Deed::Publish]) && is_plain_order(grant) && publishes(grant, effect)
        }),
        Verb::ContainerRun => order(&|grant| {
            quoted(grant)
                || does(grant, &[Deed::Run])
                    && is_plain_order(grant)
                    && matches!(&effect.resource, Resource::Container { image: Some(image), privileged: false } if names_exactly(grant, image))
        }),
        Verb::InfraChange => order(&|grant| {
            quoted(grant)
                || does(grant, &[Deed::Restart, Deed::Deploy])
                    && is_plain_order(grant)
                    && names_all(grant)
                    && same_direction(grant, effect, asked)
        }),
        Verb::InfraDestroy => {
            order(&|grant| does(grant, &[Deed::Delete, Deed::Stop]) && is_plain_order(grant) && names_all(grant))
        }
        Verb::DbDestroy => order(&|grant| does(grant, &[Deed::Delete]) && is_plain_order(grant) && names_all(grant)),
        Verb::Message => order(&|grant| quoted(grant) || version_control::speaks(grant, effect, asked)),
        Verb::Merge => order(&|grant| quoted(grant) || version_control::merges(grant, effect, asked)),
        Verb::Release => order(&|grant| quoted(grant) || version_control::releases(grant, effect, asked)),
        Verb::RepositorySettings => order(&|grant| quoted(grant) || version_control::shows(grant, effect, asked)),
        Verb::SkipHooks => order(&|grant| {
            quoted(grant)
                || does(grant, &[Deed::Commit, Deed::Push, Deed::Install, Deed::Run])
                    && is_plain_order(grant)
                    && grant.names().any(|name| name.trim_start_matches('-') == "no-verify")
        }),
        Verb::ReadSecret | Verb::PrintSecret => {
            order(&|grant| does(grant, &[Deed::Read]) && is_plain_order(grant) && path_is(grant, effect, asked))
        }
        Verb::ChangeOwner
        | Verb::Mount
        | Verb::Schedule
        | Verb::Persist
        | Verb::Listen
        | Verb::Tunnel
        | Verb::Commit
        | Verb::Config
        | Verb::InfraRead
        | Verb::DbRead
        | Verb::DbWrite
        | Verb::WriteSecret
        | Verb::GlobalConfig
        | Verb::ElevatePrivilege
        | Verb::Opaque => None,
    }
}

/// An order without a condition, given for the task at hand.
pub(super) fn is_plain_order(grant: &Grant) -> bool {
    grant.current && grant.direct && grant.firm
}

/// Where the user named what the effect touches: the path or a directory around it, the host.
pub(super) fn mentioned<'a>(effect: &Effect, asked: &Asked<'_>, authorization: &'a Authorization) -> Option<&'a Said> {
    match &effect.resource {
        Resource::Host(Some(host)) => authorization
            .mentions
            .iter()
            .find(|mention| is_host(&mention.name, host)),
        Resource::Path(target) => {
            let Paths::One(path) = &target.paths else { return None };
            let forms = forms(path, asked);
            authorization
                .mentions
                .iter()
                .find(|mention| forms.iter().any(|form| is_named(&mention.name, form)))
        }
        Resource::Host(None)
        | Resource::Code(_)
        | Resource::Program(_)
        | Resource::Process(_)
        | Resource::Ref { .. }
        | Resource::Package { .. }
        | Resource::Container { .. }
        | Resource::Named(_)
        | Resource::Unknown => None,
    }
    .map(|mention| &mention.said)
}

/// Whether a name is this host: a host, or a URL at it.
fn is_host(name: &str, host: &str) -> bool {
    if name.contains('@') && !name.contains("://") {
        return false;
    }
    let rest = name.split_once("://").map_or(name, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, machine)| machine);
    let bare = |text: &str| text.trim_end_matches('.').to_ascii_lowercase();
    bare(authority) == bare(host) || authority.split(':').next().map(bare) == Some(bare(host))
}

/// The ways in which a person writes this path.
fn forms(path: &str, asked: &Asked<'_>) -> Vec<String> {
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
        forms.push(format!("$HOME/{rest}"));
    }
    forms
}

fn names_path(grant: &Grant, path: &str, asked: &Asked<'_>) -> bool {
    let full = if path.starts_with(['/', '~']) {
        path.to_owned()
    } else {
        format!(
            "{}/{}",
            asked.facts.cwd().trim_end_matches('/'),
            path.trim_start_matches("./")
        )
    };
    let forms = forms(&full, asked);
    let excluded = grant
        .except
        .iter()
        .any(|name| forms.iter().any(|form| is_named(name, form)));
    !excluded
        && grant
            .names()
            .any(|name| forms.iter().any(|form| is_named(name, form)) || is_named(name, path))
}

fn read<'a>(effect: &Effect, asked: &Asked<'_>, authorization: &'a Authorization) -> Option<Answer<'a>> {
    let target = tiers::path_of(effect)?;
    match target.sensitivity {
        Sensitivity::Plain | Sensitivity::Personal => {}
        Sensitivity::Secret => {
            let order = authorization
                .grants
                .iter()
                .find(|grant| grant.deeds.has(Deed::Read) && is_plain_order(grant) && path_is(grant, effect, asked));
            return order.map(Answer::Order);
        }
        Sensitivity::PlacetPolicy | Sensitivity::PlacetState => return None,
    }
    if let Some(said) = mentioned(effect, asked, authorization) {
        return Some(Answer::Named(said));
    }
    // A named directory stands for what is in it, unless that is somebody's home or more.
    let base = target.paths.base()?;
    let forms = forms(base, asked);
    let home = self::forms(asked.facts.home(), asked);
    let around = authorization.mentions.iter().find(|mention| {
        let wide = home
            .iter()
            .any(|home| is_named(&mention.name, home) || is_within(&mention.name, home));
        !wide
            && mention.name.matches('/').count() >= 2
            && forms
                .iter()
                .any(|form| is_within(&mention.name, form) || is_named(&mention.name, form))
    });
    around.map(|mention| Answer::Named(&mention.said))
}

/// Whether the order's object is exactly this one path.
fn path_is(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    matches!(tiers::path_of(effect).map(|target| &target.paths), Some(Paths::One(path)) if grant.objects.iter().any(|name| forms(path, asked).iter().any(|form| is_named(name, form)))
        && !grant.except.iter().any(|name| forms(path, asked).iter().any(|form| is_named(name, form))))
}

/// Whether the order is to write this file, or into this directory.
fn writes(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(target) = tiers::path_of(effect) else {
        return false;
    };
    if target.sensitivity != Sensitivity::Plain
        || matches!(
            target.place,
            Place::Vital | Place::System | Place::Device | Place::Unknown | Place::Toolchain
        )
    {
        return false;
    }
    match effect.qualifiers.runs_later {
        Some(RunsLater::StartFile | RunsLater::AgentSettings | RunsLater::GitHook) => return false,
        Some(
            RunsLater::AgentInstructions
            | RunsLater::BuildScript
            | RunsLater::ContinuousIntegration
            | RunsLater::EditorOrEnvironment
            | RunsLater::Manifest,
        )
        | None => {}
    }
    let Paths::One(path) = &target.paths else { return false };
    let in_project = target.place == Place::Project;
    let last = path.rsplit('/').next().unwrap_or(path);
    let by_name = in_project
        && grant
            .names()
            .any(|name| !name.contains('/') && is_named(name, last) && last.len() > 3);
    let within = !in_project
        && effect.verb == Verb::Create
        && grant
            .places
            .iter()
            .any(|name| name.matches('/').count() >= 2 && forms(path, asked).iter().any(|form| is_within(name, form)));
    (names_path(grant, path, asked) || by_name || within) && !grant.except.iter().any(|name| is_named(name, last))
}

/// Whether the order is to delete exactly this file or directory.
fn deletes(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(Target { paths, place, .. }) = tiers::path_of(effect) else {
        return false;
    };
    if matches!(
        place,
        Place::Vital | Place::System | Place::Device | Place::Unknown | Place::Toolchain
    ) || effect.qualifiers.elsewhere
    {
        return false;
    }
    match paths {
        Paths::One(path) => {
            let forms = forms(path, asked);
            let named = |name: &String| {
                (name.contains(['/', '.', '_', '-']) || *place == Place::Project)
                    && forms.iter().any(|form| is_named(name, form))
            };
            grant.objects.iter().any(named)
                && !grant
                    .except
                    .iter()
                    .any(|name| forms.iter().any(|form| is_named(name, form) || is_within(form, name)))
        }
        Paths::Below(_) | Paths::Unknown => false,
    }
}

/// Whether the order is to throw this uncommitted work away.
fn discards(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    if path_is(grant, effect, asked) {
        return true;
    }
    let everything = matches!(tiers::path_of(effect).map(|target| &target.paths), Some(Paths::Below(directory)) if directory == asked.facts.project());
    let object = |words: &[&str]| grant.objects.iter().any(|word| words.contains(&word.as_str()));
    let all = grant.words.iter().take_while(|word| !word.ends_with('.')).any(|word| {
        matches!(
            word.as_str(),
            "all" | "every" | "uncommitted" | "unstaged" | "everything"
        )
    });
    let only_changes = grant.objects.iter().all(|word| {
        matches!(
            word.as_str(),
            "changes"
                | "work"
                | "uncommitted"
                | "unstaged"
                | "working"
                | "tree"
                | "everything"
                | "edits"
                | "modifications"
                | "local"
        )
    });
    everything
        && all
        && object(&["changes", "work", "edits", "everything", "modifications"])
        && only_changes
        && grant.except.is_empty()
}

fn may_be_named(code: &Code) -> bool {
    match code.origin {
        Origin::Project | Origin::Session | Origin::Outside => !code.name.is_empty(),
        Origin::Inline | Origin::Toolchain | Origin::Downloaded | Origin::Undecodable | Origin::Dynamic => false,
    }
}

/// Whether the order is to run this program, with the words behind it that the order has.
fn runs_program(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Resource::Program(program) = &effect.resource else {
        return false;
    };
    let said: Vec<&str> = grant
        .objects
        .iter()
        .flat_map(|object| object.split_whitespace())
        .collect();
    if !said.first().is_some_and(|first| is_named(first, program)) {
        return false;
    }
    let done: Vec<&str> = invocation::of(effect, asked.analysis)
        .map(|invocation| {
            invocation
                .words
                .iter()
                .map(|word| word.as_deref().unwrap_or("?"))
                .collect()
        })
        .unwrap_or_default();
    said.iter()
        .skip(1)
        .zip(done.iter().skip(1))
        .all(|(said, done)| said == done)
}

fn names_exactly(grant: &Grant, name: &str) -> bool {
    grant.objects.iter().any(|object| is_named(object, name))
        && !grant.except.iter().any(|object| is_named(object, name))
}

fn signals(grant: &Grant, effect: &Effect) -> bool {
    let Resource::Process(set) = &effect.resource else {
        return false;
    };
    match set {
        ProcessSet::Pid(number) => names_exactly(grant, number),
        ProcessSet::Pattern(pattern) | ProcessSet::Name(pattern) | ProcessSet::Listed(pattern) => {
            pattern.len() > 2 && names_exactly(grant, pattern)
        }
        ProcessSet::Port { number, .. } => names_exactly(grant, &number.to_string()),
        ProcessSet::OwnChild | ProcessSet::All => false,
    }
}

/// Stopping is not restarting: what the program is told must be what the order says.
fn same_direction(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    const STOPS: &[&str] = &[
        "stop", "kill", "rm", "remove", "delete", "down", "disable", "mask", "destroy", "drain", "scale", "cordon",
    ];
    const STARTS: &[&str] = &["start", "restart", "reload", "up", "try-restart", "rollout"];
    let Some(words) = invocation::of(effect, asked.analysis).and_then(invocation::known_words) else {
        return false;
    };
    let says = |list: &[&str]| words.iter().skip(1).take(3).any(|word| list.contains(word));
    if says(STOPS) {
        return grant.deeds.has(Deed::Stop) && !says(&["rm", "remove", "delete", "destroy"]);
    }
    if says(STARTS) {
        return grant.deeds.has(Deed::Restart) || grant.deeds.has(Deed::Run);
    }
    grant.deeds.has(Deed::Deploy)
}

/// Whether the order is to install this package, in this version if it names one.
fn installs(grant: &Grant, effect: &Effect) -> bool {
    let Resource::Package { manager, name, pin } = &effect.resource else {
        return false;
    };
    let Some(package) = name else {
        return *pin != Pin::Url
            && grant.says(&["dependencies", "deps", "requirements", "packages"])
            && grant.deeds.has(Deed::Install)
            && !grant.deeds.has(Deed::Write);
    };
    if *pin == Pin::Global && grant.deeds.has(Deed::Run) {
        return false;
    }
    let separator = |at: usize| at > 0;
    let (bare, version) = match package.rfind(['@', '=']).filter(|at| separator(*at)) {
        Some(at) => (
            package
                .get(..at)
                .unwrap_or(package)
                .trim_end_matches(['=', '~', '<', '>', '!']),
            package.get(at + 1..),
        ),
        None => (package.as_str(), None),
    };
    let (manager, bare) = (manager.as_str(), bare);
    let named = |said: &String| {
        let url = said
            .split_once("://")
            .map_or(said.as_str(), |(_, rest)| rest)
            .trim_end_matches('/')
            .trim_end_matches(".git");
        let (said_bare, said_version) = match said.rfind(['@', '=']).filter(|at| separator(*at)) {
            Some(at) => (said.get(..at).unwrap_or(said).trim_end_matches('='), said.get(at + 1..)),
            None => (url, None),
        };
        let same = is_named(said_bare, bare)
            || manager == "go"
                && bare.split('/').count() > 2
                && said_bare.contains('/')
                && bare.ends_with(&format!("/{said_bare}"));
        same && said_version.is_none_or(|said| version == Some(said))
    };
    let object = |said: &String| (*pin != Pin::Url || said.contains("://")) && named(said);
    let versions: Vec<&str> = grant
        .names()
        .filter(|name| is_version(name))
        .map(|name| name.trim_start_matches('v'))
        .collect();
    let version_fits =
        versions.is_empty() || version.is_some_and(|version| versions.contains(&version.trim_start_matches('v')));
    (grant.objects.iter().any(object) || grant.places.iter().any(object))
        && !grant.except.iter().any(named)
        && version_fits
}

/// `1.2`, `v3.0.1`.
pub(super) fn is_version(name: &str) -> bool {
    let rest = name.strip_prefix('v').unwrap_or(name);
    rest.contains('.')
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
}

/// Whether the order says where to publish, or what.
fn publishes(grant: &Grant, effect: &Effect) -> bool {
    let program = effect.by.split(' ').next().unwrap_or_default();
    let registry: &[&str] = match program {
        "npm" | "pnpm" | "yarn" | "bun" => &["npm", "npmjs", "npmjs.com"],
        "cargo" => &["crates.io", "crates"],
        "twine" | "uv" | "poetry" | "hatch" | "flit" | "pdm" => &["pypi", "pypi.org"],
        "gem" => &["rubygems", "rubygems.org"],
        _ => &[],
    };
    let package = matches!(&effect.resource, Resource::Package { name: Some(name), .. } if names_exactly(grant, name));
    package
        || grant
            .names()
            .any(|name| registry.contains(&name.to_lowercase().as_str()))
}
