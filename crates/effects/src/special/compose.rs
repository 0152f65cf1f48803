//! Compose files: services that get rights over this machine, and directories of it that they see. What runs inside a
//! container is its own affair.

use placet_languages::document::{self, Leaf};
use placet_model::{Origin, Qualifiers, Resource, Span, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::value::{Bound, Value};

/// The names that are looked for when none is given; the first that is there, and what is laid over it.
const NAMES: &[&str] = &[
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];
const OVER: &[&str] = &[
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yaml",
    "docker-compose.override.yml",
];

/// Reads the files of the call.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let mut given = false;
    for option in call
        .options
        .iter()
        .filter(|option| matches!(option.name, "-f" | "--file"))
    {
        let Some(value) = &option.value else { continue };
        given = true;
        if value.known() == Some("-") {
            match it.stdin.text.as_ref().and_then(crate::interpret::readable) {
                Some(text) => file(it, &text, Origin::Inline, value.span, &call.name),
                None => it.opaque("a compose file that can't be told", value.span),
            }
        } else if let Some((text, origin)) = it.text_of(&value.value) {
            file(it, &text, origin, value.span, &call.name);
        }
    }
    if given {
        return;
    }
    let found = NAMES.iter().find_map(|name| it.text_of(&Value::text(*name)));
    let over = OVER.iter().filter_map(|name| it.text_of(&Value::text(*name)));
    let all: Vec<(String, Origin)> = found.into_iter().chain(over).collect();
    for (text, origin) in all {
        file(it, &text, origin, call.span, &call.name);
    }
}

fn file(it: &mut Interpreter<'_>, text: &str, origin: Origin, span: Span, by: &str) {
    let Some(leaves) = document::yaml(text) else {
        // Anchors are usual in them; what was there before is the project's.
        if origin != Origin::Project {
            it.opaque("a compose file that readers could read differently", span);
        }
        return;
    };
    let mut told: Vec<&str> = Vec::new();
    for leaf in &leaves {
        let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["include", ..] | ["services", _, "extends", "file"] if origin != Origin::Project => {
                it.opaque("a compose file that takes in another", span);
            }
            ["services", service, rest @ ..] => {
                if over_host(rest, &leaf.value) && !told.contains(service) {
                    told.push(service);
                    let resource = Resource::Container {
                        image: Some(image(&leaves, service)),
                        privileged: true,
                    };
                    it.emit(Verb::ContainerRun, resource, Qualifiers::default(), span, by);
                }
                if let Some(source) = mounted(rest, &leaf.value) {
                    sees(it, source, origin, span, by);
                }
            }
            _ => {}
        }
    }
}

fn image(leaves: &[Leaf], service: &str) -> String {
    let wanted = ["services", service, "image"];
    leaves
        .iter()
        .find(|leaf| leaf.path == wanted)
        .map_or_else(|| service.to_owned(), |leaf| leaf.value.clone())
}

/// Whether a setting of a service gives it rights over the machine, as the options of `docker run` would.
fn over_host(path: &[&str], value: &str) -> bool {
    match path {
        ["privileged"] => {
            matches!(value.to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "1") || value.contains('$')
        }
        ["pid" | "ipc" | "uts" | "userns_mode" | "network_mode" | "cgroup"] => value == "host",
        ["cap_add", "[]"] => {
            let name = value.to_ascii_uppercase();
            let name = name.strip_prefix("CAP_").unwrap_or(&name);
            matches!(name, "ALL" | "NET_ADMIN" | "BPF") || name.starts_with("SYS_") || name.starts_with("DAC_")
        }
        ["security_opt", "[]"] => value.contains("unconfined"),
        _ => mounted(path, value).is_some_and(host_root),
    }
}

/// The directory of this machine that a setting lays into the container.
fn mounted<'l>(path: &[&str], value: &'l str) -> Option<&'l str> {
    match path {
        ["volumes", "[]"] => {
            let source = value.split(':').next().unwrap_or(value);
            (value.contains(':') && source.starts_with(['/', '~', '$', '.'])).then_some(source)
        }
        ["volumes", "[]", "source"] => value.starts_with(['/', '~', '$', '.']).then_some(value),
        _ => None,
    }
}

/// Places whose content is the machine.
pub(crate) fn host_root(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.is_empty()
        || path.ends_with("docker.sock")
        || path.ends_with("containerd.sock")
        || matches!(path, "/home" | "/usr" | "/var" | "/var/run" | "/run" | "/mnt")
        || [
            "/etc",
            "/root",
            "/var/lib/docker",
            "/var/lib/kubelet",
            "/dev",
            "/proc",
            "/sys",
            "/boot",
        ]
        .iter()
        .any(|root| path == *root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')))
}

/// What the container sees of the machine can be read by what runs in it. The project is there to be worked on.
fn sees(it: &mut Interpreter<'_>, source: &str, origin: Origin, span: Span, by: &str) {
    if source.starts_with('.') && !source.contains("..") {
        return;
    }
    let home = ["${HOME}", "$HOME", "~"]
        .iter()
        .find_map(|name| source.strip_prefix(name));
    let value = match home {
        Some(rest) => {
            let mut value = Value::text(it.facts.home());
            value.push_text(rest);
            value
        }
        None if source.contains('$') && origin == Origin::Project => return,
        None if source.contains('$') => Value::hole(Bound::Any),
        None => Value::text(source),
    };
    it.touch(PathRole::Sweep, &value, span, by, None);
}
