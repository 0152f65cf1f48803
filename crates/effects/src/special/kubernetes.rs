//! Kubernetes manifests: secrets that are written, permissions that are granted, pods with rights over their nodes. That
//! the cluster is changed at all is in the table.

use placet_languages::document::{self, Leaf};
use placet_model::{Qualifiers, Resource, Span, Verb};

use crate::interpret::{Call, Interpreter};

/// Reads the manifests of the call.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let dry = call.option(&["--dry-run"]).is_some_and(|given| {
        let value = given.value.as_ref().and_then(|value| value.known());
        matches!(value, Some("client" | "server" | "") | None) && (given.value.is_none() || value.is_some())
    });
    if dry || call.has(&["--help", "-h"]) {
        return;
    }
    for given in call
        .options
        .iter()
        .filter(|given| matches!(given.name, "-f" | "--filename"))
    {
        let Some(value) = &given.value else { continue };
        let text = if value.known() == Some("-") {
            it.stdin.text.as_ref().and_then(crate::interpret::readable)
        } else {
            it.text_of(&value.value).map(|(text, _)| text)
        };
        if let Some(text) = text {
            manifest(it, &text, value.span, &call.name);
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
