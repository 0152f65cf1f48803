//! Filling the placeholders of an effect in a command file, and reading the resource off the result.

use placet_model::{Code, Origin, Pin, ProcessSet, Resource, Understood, Verb};

use super::Interpreter;
use super::call::Call;
use crate::catalogue::table::EffectSpec;
use crate::paths::{self, Dir, Use};
use crate::value::{Arg, Bound, Piece, Value};

/// The resource texts of an effect: one, or one for each operand if it says `{rest}` or `{behind}`.
pub(super) fn fill(it: &Interpreter<'_>, spec: &EffectSpec, value: Option<&Arg>, call: &Call<'_>) -> Vec<Value> {
    let template = spec.resource;
    if !template.contains('{') {
        return vec![Value::text(template)];
    }
    if template.contains("{rest}") {
        return call
            .operands
            .iter()
            .filter_map(|operand| one(it, template, value, call, Some(operand)))
            .collect();
    }
    if template.contains("{behind}") {
        let behind = call.operands.get(call.after_dashes.unwrap_or_default()..);
        return behind
            .unwrap_or_default()
            .iter()
            .filter_map(|operand| one(it, template, value, call, Some(operand)))
            .collect();
    }
    if template == LIST {
        return listed(it, value);
    }
    one(it, template, value, call, None).into_iter().collect()
}

/// The placeholder for each name in a list.
pub(super) const LIST: &str = "{list}";

/// The names in a list: standard input, or the file that the option names, where nothing is known of what it holds.
fn listed(it: &Interpreter<'_>, value: Option<&Arg>) -> Vec<Value> {
    let here = value.is_none_or(|arg| matches!(arg.known(), Some("-" | "/dev/stdin")));
    if !here {
        return vec![Value::hole(Bound::Any)];
    }
    let taint = it.stdin.taint;
    match (&it.stdin.text, &it.stdin.words) {
        (Some(text), _) if text.known().is_some() => text
            .known()
            .unwrap_or_default()
            .split(['\n', '\0'])
            .filter(|name| !name.is_empty())
            .take(256)
            .map(|name| Value::text(name).tainted(taint))
            .collect(),
        (_, Some(word)) => vec![word.clone().tainted(taint)],
        (_, None) => vec![Value::hole(Bound::Any).tainted(taint)],
    }
}

fn one(
    it: &Interpreter<'_>,
    template: &str,
    value: Option<&Arg>,
    call: &Call<'_>,
    rest: Option<&Arg>,
) -> Option<Value> {
    let mut out = Value::default();
    let mut text = template;
    while let Some(open) = text.find('{') {
        let (head, tail) = text.split_at(open);
        out.push_text(head);
        let close = tail.find('}')?;
        let name = tail.get(1..close)?;
        text = tail.get(close + 1..)?;
        let operand = |arg: Option<&Arg>| arg.map(|arg| arg.value.clone());
        let filled = match name {
            "value" => operand(value),
            "rest" | "behind" => operand(rest),
            "last" => operand(call.operands.last()),
            "all" => {
                let mut all = Value::default();
                for (index, arg) in call.operands.iter().enumerate() {
                    if index > 0 {
                        all.push_text(" ");
                    }
                    all.push(&arg.value);
                }
                Some(all)
            }
            "cwd" => Some(it.cwd_value()),
            "project" => Some(Value::text(it.facts.project())),
            "home" => Some(Value::text(it.facts.home())),
            option if option.starts_with('-') => operand(
                call.options
                    .iter()
                    .rev()
                    .find(|given| given.opt.names.contains(&option))
                    .and_then(|given| given.value.as_ref()),
            ),
            number => match number.parse::<usize>() {
                Ok(index) => operand(call.operands.get(index)),
                Err(_) => None,
            },
        };
        match filled {
            Some(value) => out.push(&value),
            // An operand that was not given: the effect's default resource.
            None => out.push_text("-"),
        }
    }
    out.push_text(text);
    Some(out)
}

/// The resource that a filled text names, by the effect's verb. `None`: there is nothing to have an effect on.
pub(super) fn resource(it: &Interpreter<'_>, spec: &EffectSpec, text: &Value, call: &Call<'_>) -> Option<Resource> {
    let words: Vec<&str> = text
        .known()
        .map(|text| text.split_ascii_whitespace().collect())
        .unwrap_or_default();
    let word = |index: usize| words.get(index).copied();
    let empty = text.pieces.is_empty() || text.known() == Some("-");
    Some(match spec.verb {
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
        | Verb::Mount => {
            if empty {
                return (spec.verb == Verb::Mount).then(|| Resource::Named(call.name.clone()));
            }
            path(it, spec, text)
        }
        Verb::DiscardChanges if !empty => path(it, spec, text),
        Verb::Fetch | Verb::Send | Verb::Listen | Verb::Tunnel | Verb::RemoteShell => {
            if empty {
                Resource::Host(None)
            } else {
                Resource::Host(host(text).0)
            }
        }
        Verb::RunCode => Resource::Code(Code {
            origin: origin(word(0).unwrap_or("dynamic")),
            understood: word(1).map_or(Understood::Assumed, understood),
            name: call.name.clone(),
        }),
        Verb::RunProgram => Resource::Program(if empty { call.name.clone() } else { text.shown() }),
        Verb::Push | Verb::DeleteRemote => Resource::Ref {
            remote: word(0).filter(|word| *word != "-").map(str::to_owned),
            branch: word(1).filter(|word| *word != "-").map(str::to_owned),
        },
        Verb::Install => {
            let (manager, rest) = text
                .shown()
                .split_once(' ')
                .map_or((text.shown(), String::new()), |(a, b)| (a.to_owned(), b.to_owned()));
            let (name, last) = match rest.rsplit_once(' ') {
                Some((name, last)) => (Some(name.to_owned()).filter(|name| name != "-"), last.to_owned()),
                None => (None, rest),
            };
            Resource::Package {
                manager,
                name,
                pin: pin(&last).unwrap_or(super::roles::DEFAULT_PIN),
            }
        }
        Verb::ContainerRun => Resource::Container {
            image: (!empty).then(|| text.shown()),
            privileged: spec.flags.privileged,
        },
        Verb::Signal => Resource::Process(processes(text)),
        Verb::DbRead | Verb::DbWrite | Verb::DbDestroy => {
            let name = if empty { call.name.clone() } else { text.shown() };
            Resource::Named(if it.here {
                format!("{name}{}", super::HERE)
            } else {
                name
            })
        }
        Verb::ServiceControl
        | Verb::Schedule
        | Verb::Persist
        | Verb::Commit
        | Verb::DiscardChanges
        | Verb::RewriteHistory
        | Verb::Config
        | Verb::SkipHooks
        | Verb::Publish
        | Verb::InfraRead
        | Verb::InfraChange
        | Verb::InfraDestroy
        | Verb::Message
        | Verb::Merge
        | Verb::Release
        | Verb::RepositorySettings
        | Verb::ReadSecret
        | Verb::WriteSecret
        | Verb::PrintSecret
        | Verb::GlobalConfig
        | Verb::ElevatePrivilege
        | Verb::Opaque => Resource::Named(if empty { call.name.clone() } else { text.shown() }),
    })
}

/// The processes that a filled text names.
pub(crate) fn processes(text: &Value) -> ProcessSet {
    let Some(known) = text.known() else {
        return match (text.prefix(), text.pieces.as_slice()) {
            ("pid ", [_, Piece::Hole(Bound::Pids(set))]) => (**set).clone(),
            (prefix, _) if prefix.starts_with("pid ") => ProcessSet::Pid("?".into()),
            // What can't be told of it may be any pattern.
            (prefix, _) if prefix.starts_with("pattern ") || prefix.starts_with("name ") => ProcessSet::Pattern(
                text.shown()
                    .split_once(' ')
                    .map(|(_, rest)| rest.to_owned())
                    .unwrap_or_default(),
            ),
            _ => ProcessSet::All,
        };
    };
    match known.split_once(' ') {
        Some(("pid", pid)) if pid.starts_with('%') => ProcessSet::OwnChild,
        Some(("pid", "-1")) => ProcessSet::All,
        Some(("pid", pid)) => ProcessSet::Pid(pid.trim().to_owned()),
        Some(("pattern", pattern)) if !pattern.is_empty() => ProcessSet::Pattern(pattern.to_owned()),
        Some(("name", name)) if !name.is_empty() => ProcessSet::Name(name.to_owned()),
        Some(("port", port)) => port
            .parse()
            .map_or(ProcessSet::All, |number| ProcessSet::Port { number, clients: false }),
        _ if known == "own-child" => ProcessSet::OwnChild,
        _ => ProcessSet::All,
    }
}

fn path(it: &Interpreter<'_>, spec: &EffectSpec, text: &Value) -> Resource {
    let verb = spec.verb;
    let how = if verb.only_reads() {
        Use::Look
    } else if matches!(
        verb,
        Verb::Delete | Verb::DeleteTree | Verb::Move | Verb::DiscardChanges
    ) {
        Use::Remove
    } else {
        Use::Change
    };
    if text.known() == Some("?") {
        let unknown = Value::hole(Bound::Any);
        return Resource::Path(paths::target(&unknown, &Dir::Unknown, how, it.facts));
    }
    if verb == Verb::Delete
        && let Some(itself) = paths::link_itself(text, &it.state.cwd, how, it.facts)
    {
        return Resource::Path(itself);
    }
    let mut text = text.clone();
    let below = match text.pieces.last_mut() {
        Some(Piece::Text(last)) if last.ends_with("/**") => {
            last.truncate(last.len() - 3);
            if last.is_empty() {
                text.pieces.pop();
            }
            true
        }
        Some(Piece::Text(_) | Piece::Hole(_)) | None => false,
    };
    // `{0}*`: some name that begins so.
    if !below
        && spec.resource.ends_with("}*")
        && let Some(Piece::Text(last)) = text.pieces.last_mut()
        && last.ends_with('*')
    {
        last.truncate(last.len() - 1);
        text.pieces.push(Piece::Hole(Bound::Name));
    }
    if !below {
        return Resource::Path(paths::target(&text, &it.state.cwd, how, it.facts));
    }
    match paths::paths(&text, &it.state.cwd) {
        placet_model::Paths::One(dir) | placet_model::Paths::Below(dir) => {
            Resource::Path(paths::below(&dir, false, how, it.facts))
        }
        placet_model::Paths::Unknown => {
            Resource::Path(paths::target(&Value::hole(Bound::Any), &Dir::Unknown, how, it.facts))
        }
    }
}

/// The host that a URL or `user@host:path` names, and what stands before the first unknown part.
pub(super) fn host(value: &Value) -> (Option<String>, String) {
    let prefix = value.prefix().trim();
    let complete = value.known().is_some();
    let rest = prefix.split_once("://").map_or(prefix, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // Without an end the unknown part may still belong to the host.
    if end == rest.len() && !complete {
        let closed = rest.find(':').is_some_and(|colon| colon < rest.len());
        if !closed {
            return (None, prefix.to_owned());
        }
    }
    let authority = rest.get(..end).unwrap_or(rest);
    let named = authority.rsplit('@').next().unwrap_or(authority);
    let name = if let Some(inner) = named.strip_prefix('[') {
        inner.split(']').next().unwrap_or(inner)
    } else {
        named.split(':').next().unwrap_or(named)
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    ((!name.is_empty()).then_some(name), prefix.to_owned())
}

fn origin(word: &str) -> Origin {
    match word {
        "inline" => Origin::Inline,
        "project" => Origin::Project,
        "toolchain" => Origin::Toolchain,
        "session" => Origin::Session,
        "outside" => Origin::Outside,
        "downloaded" => Origin::Downloaded,
        "undecodable" => Origin::Undecodable,
        _ => Origin::Dynamic,
    }
}

fn understood(word: &str) -> Understood {
    match word {
        "fully" => Understood::Fully,
        "assumed" => Understood::Assumed,
        "partly" => Understood::Partly,
        _ => Understood::Not,
    }
}

fn pin(word: &str) -> Option<Pin> {
    [Pin::Locked, Pin::Pinned, Pin::Unpinned, Pin::Url, Pin::Global]
        .into_iter()
        .find(|pin| pin.name() == word)
}

/// A package's name and how firmly its spelling pins it.
pub(super) fn package(manager: &str, value: &Value) -> (Option<String>, Pin) {
    // `ui@workspace:*`: the star may be a glob, and it is still a member of this workspace.
    let member = (manager == "npm" && value.prefix().contains("@workspace:")).then(|| value.prefix());
    let Some(text) = value.known().or(member) else {
        return (None, Pin::Unpinned);
    };
    let url = text.contains("://")
        || text.starts_with("git+")
        || text.starts_with("git@")
        || text.starts_with("file:")
        || text.starts_with("github:");
    let local = text.starts_with('.') || text.starts_with('/') || text.starts_with('~');
    if url || local && !text.ends_with(".txt") {
        return (Some(text.to_owned()), Pin::Url);
    }
    let versioned = |name: &str, version: &str| {
        let exact = version
            .trim_start_matches(['=', 'v'])
            .starts_with(|c: char| c.is_ascii_digit())
            && !version.contains(['*', '^', '~', '>', '<', 'x']);
        (Some(name.to_owned()), if exact { Pin::Pinned } else { Pin::Unpinned })
    };
    match manager {
        // A module at one version of its own; `v1.2` is the newest of many, and `go@1.22.1` another toolchain.
        "go" => {
            let exact = text
                .split_once('@')
                .is_some_and(|(module, version)| module.contains('/') && is_one_version(version));
            let pin = if exact { Pin::Pinned } else { Pin::Unpinned };
            (Some(text.to_owned()), pin)
        }
        "pip" | "uv" | "poetry" | "pdm" | "conda" | "pipx" => match text.split_once("==") {
            Some((name, version)) => versioned(name, version),
            None => match text.split_once(" @ ") {
                Some((name, _)) => (Some(name.to_owned()), Pin::Url),
                None => (Some(text.to_owned()), Pin::Unpinned),
            },
        },
        "apt" | "apk" => match text.split_once('=') {
            Some((name, version)) => versioned(name, version),
            None => (Some(text.to_owned()), Pin::Global),
        },
        "gem" | "cargo" => match text.split_once([':', '@']) {
            Some((name, version)) => versioned(name, version),
            None => (Some(text.to_owned()), Pin::Unpinned),
        },
        // A member of the same workspace: its code is the project's own, whatever an index holds.
        "npm" if text.split_once("@workspace:").is_some_and(|(name, _)| !name.is_empty()) => {
            let name = text.split_once("@workspace:").map(|(name, _)| name.to_owned());
            (name, Pin::Locked)
        }
        _ => match text.char_indices().skip(1).find(|(_, c)| *c == '@') {
            Some((at, _)) => versioned(text.get(..at).unwrap_or(text), text.get(at + 1..).unwrap_or_default()),
            None => {
                let github = manager == "npm" && text.split('/').count() == 2 && !text.starts_with('@');
                (Some(text.to_owned()), if github { Pin::Url } else { Pin::Unpinned })
            }
        },
    }
}

/// `v1.2.3`, `v1.2.3-rc.1`, `v2.0.0+incompatible`: all three numbers, as a module's version has them.
fn is_one_version(version: &str) -> bool {
    let Some(numbers) = version.strip_prefix('v') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    let core = numbers.split(['-', '+']).next().unwrap_or(numbers);
    let parts: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    version.chars().all(plain) && parts.len() == 3 && parts.iter().all(is_number)
}
