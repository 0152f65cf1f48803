//! Kubernetes manifests, alone, in directories or put together by a kustomization: secrets that are written, permissions that
//! are granted, pods with rights over their nodes, parts that come from elsewhere. That the cluster is changed at all is in
//! the table.

use placet_languages::document::{self, Leaf};
use placet_model::{FileKind, Paths, Qualifiers, Resource, Span, Verb};

use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Use};
use crate::value::Value;

/// How deep kustomizations are followed into each other.
const DEEPEST: usize = 8;

/// Reads the manifests of the call.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let dry = call.option(&["--dry-run"]).is_some_and(|given| {
        let value = given.value.as_ref().and_then(|value| value.known());
        matches!(value, Some("client" | "server" | "") | None) && (given.value.is_none() || value.is_some())
    });
    if dry || call.has(&["--help", "-h"]) {
        return;
    }
    for given in &call.options {
        let Some(value) = &given.value else { continue };
        match given.name {
            "-f" | "--filename" if value.known() == Some("-") => {
                let text = it.stdin.text.as_ref().and_then(crate::interpret::readable);
                if let Some(text) = text {
                    manifest(it, &text, value.span, &call.name);
                }
            }
            "-f" | "--filename" => file(it, &value.value, value.span, &call.name),
            "-k" | "--kustomize" => kustomization(it, &value.value, value.span, &call.name, 0),
            _ => {}
        }
    }
}

/// A manifest, or all that lie in a directory.
fn file(it: &mut Interpreter<'_>, value: &Value, span: Span, by: &str) {
    if let Some((text, _)) = it.text_of(value) {
        manifest(it, &text, span, by);
        return;
    }
    if let Paths::One(path) = paths::target(value, &it.state.cwd, Use::Look, it.facts).paths
        && it.facts.kind(&path) == FileKind::Directory
    {
        for name in it.facts.entries(&path).unwrap_or_default() {
            let is_manifest = [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
            if is_manifest && let Some((text, _)) = it.text_of(&Value::text(format!("{path}/{name}"))) {
                manifest(it, &text, span, by);
            }
        }
    }
}

/// Whether a part of a kustomization comes from another machine.
fn is_remote(part: &str) -> bool {
    part.contains("://") || part.contains("?ref=") || part.starts_with("git@") || part.starts_with("github.com/")
}

/// A directory with a kustomization: its parts, one by one.
fn kustomization(it: &mut Interpreter<'_>, value: &Value, span: Span, by: &str, depth: usize) {
    let remote = |it: &mut Interpreter<'_>, part: &str| {
        let host = crate::interpret::host_of(&Value::text(part));
        it.emit(Verb::Fetch, Resource::Host(host), Qualifiers::default(), span, by);
        it.opaque("a part of a kustomization that comes from elsewhere", span);
    };
    if is_remote(value.prefix()) {
        remote(it, value.prefix());
        return;
    }
    let Paths::One(directory) = paths::target(value, &it.state.cwd, Use::Look, it.facts).paths else {
        it.opaque("a kustomization that can't be told", span);
        return;
    };
    if depth >= DEEPEST {
        it.opaque("kustomizations inside of each other, too deep to be followed", span);
        return;
    }
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let text = names
        .iter()
        .find_map(|name| it.text_of(&Value::text(format!("{directory}/{name}"))));
    let Some((text, _)) = text else { return };
    let Some(leaves) = document::yaml(&text) else {
        it.opaque("a kustomization that readers could read differently", span);
        return;
    };
    for leaf in &leaves {
        let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            [
                "resources" | "bases" | "components" | "crds" | "patchesStrategicMerge",
                "[]",
            ]
            | ["patches", "[]", "path"] => {
                if is_remote(&leaf.value) {
                    remote(it, &leaf.value);
                    continue;
                }
                let part = paths::normal(&directory, &leaf.value);
                if it.facts.kind(&part) == FileKind::Directory {
                    kustomization(it, &Value::text(part), span, by, depth + 1);
                } else {
                    file(it, &Value::text(part), span, by);
                }
            }
            ["secretGenerator", ..] => {
                let what = Resource::Named("kubernetes".to_owned());
                it.emit(Verb::WriteSecret, what, Qualifiers::default(), span, by);
            }
            ["helmCharts", "[]", "repo"] => remote(it, &leaf.value),
            // Programs of their own, if the call lets them.
            ["generators" | "transformers" | "validators", ..] => {
                it.opaque("a plugin of a kustomization", span);
            }
            _ => {}
        }
    }
}

fn manifest(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) {
    let Some(all) = document::yaml_stream(text) else {
        it.opaque("a manifest that readers could read differently", span);
        return;
    };
    let deletes = by.ends_with("delete");
    for leaves in all {
        if deletes {
            continue;
        }
        let mut note = |verb, what: &str| {
            it.emit(verb, Resource::Named(what.to_owned()), Qualifiers::default(), span, by);
        };
        let kinds = leaves
            .iter()
            .filter(|leaf| leaf.path.last().is_some_and(|key| key == "kind"));
        for kind in kinds.map(|leaf| leaf.value.as_str()) {
            match kind {
                "Secret" | "SealedSecret" => note(Verb::WriteSecret, "kubernetes"),
                "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => {
                    note(Verb::InfraChange, "kubernetes permissions");
                }
                "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
                    note(Verb::InfraChange, "kubernetes admission");
                }
                _ => {}
            }
        }
        if leaves.iter().any(over_node) {
            note(Verb::InfraChange, "pods with rights over their nodes");
        }
    }
}

/// Whether a setting gives a pod rights over the machine that it runs on.
fn over_node(leaf: &Leaf) -> bool {
    let mut keys = leaf.path.iter().rev().map(String::as_str);
    match (keys.next(), keys.next()) {
        (Some("privileged"), Some("securityContext"))
        | (Some("hostNetwork" | "hostPID" | "hostIPC"), _)
        | (Some("allowPrivilegeEscalation"), Some("securityContext")) => leaf.value == "true",
        (Some("path"), Some("hostPath")) => super::compose::host_root(&leaf.value),
        _ => false,
    }
}
