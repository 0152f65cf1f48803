//! Data stores, secret stores and container engines that are talked to by HTTP: which one it is goes by the port, what is
//! done to it by method and path. That something is fetched or sent is told elsewhere.

use placet_model::{Qualifiers, Resource, Span, Verb};

use super::Interpreter;
use super::call::Call;
use super::store::HERE;
use crate::value::Value;

/// What listens at a port, as its makers set it.
const STORES: &[(&str, &str)] = &[
    ("9200", "elasticsearch"),
    ("5984", "couchdb"),
    ("8500", "consul"),
    ("8200", "vault"),
    ("2379", "etcd"),
    ("6333", "qdrant"),
    ("8086", "influxdb"),
    ("7474", "neo4j"),
    ("8123", "clickhouse"),
    ("7700", "meilisearch"),
    ("8108", "typesense"),
    ("8983", "solr"),
    ("15672", "rabbitmq"),
];

/// Engines and clusters whose interface is HTTP.
const ENGINES: &[(&str, &str)] = &[
    ("2375", "docker"),
    ("2376", "docker"),
    ("6443", "kubernetes"),
    ("10250", "kubernetes"),
];

/// Parts of a path whose requests read, whatever their method.
const READS: &[&str] = &[
    "_search",
    "_msearch",
    "_count",
    "_mget",
    "_find",
    "_analyze",
    "_explain",
    "_validate",
    "_all_docs",
    "_view",
    "search",
    "multi_search",
    "range",
    "scroll",
];

/// Parts of a path whose requests destroy, whatever their method.
const DESTROYS: &[&str] = &[
    "_delete_by_query",
    "_purge",
    "delete",
    "deleterange",
    "delete-batch",
    "truncate",
];

impl Interpreter<'_> {
    /// The same for programs that take the address as a plain word.
    pub(super) fn store_request_in_words(&mut self, call: &Call<'_>) {
        if !takes_words(call) {
            return;
        }
        let behind = usize::from(method(call).is_some());
        if let Some(url) = call.operands.get(behind).cloned() {
            let sends = call.operands.len() > behind + 1 || self.stdin.present;
            self.store_request(call, &url.value, sends, url.span);
        }
    }

    /// Adds what a request does to the store behind it.
    pub(super) fn store_request(&mut self, call: &Call<'_>, url: &Value, sends: bool, span: Span) {
        let address = url.prefix();
        let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
        let by = call.name.as_str();
        let named = |name: &str| Resource::Named(name.to_owned());
        if matches!(scheme, "gopher" | "dict") {
            // Letters of one's own choice to whatever listens: a key-value store takes them for commands.
            self.emit(
                Verb::DbWrite,
                named("a server that is talked to in its own protocol"),
                Qualifiers::default(),
                span,
                by,
            );
            return;
        }
        if matches!(scheme, "smtp" | "smtps") && sends {
            self.emit(Verb::Message, named("mail"), Qualifiers::default(), span, by);
            return;
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let Some((host, port)) = authority.rsplit_once(':') else {
            return;
        };
        let host = host.rsplit('@').next().unwrap_or(host);
        let at = |table: &[(&str, &'static str)]| table.iter().find(|(known, _)| *known == port).map(|(_, name)| *name);
        let method = method(call);
        let deletes = method.as_deref() == Some("DELETE");
        let changes = sends || matches!(method.as_deref(), Some("PUT" | "PATCH" | "POST" | "DELETE"));
        if let Some(engine) = at(ENGINES) {
            if changes {
                let verb = if deletes { Verb::InfraDestroy } else { Verb::InfraChange };
                self.emit(verb, named(engine), Qualifiers::default(), span, by);
            }
            return;
        }
        let Some(store) = at(STORES) else { return };
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let has = |parts: &[&str]| path.split('/').any(|part| parts.contains(&part));
        if store == "vault" && !path.starts_with("/v1/sys/health") && !path.starts_with("/v1/sys/seal-status") {
            let verb = if changes { Verb::WriteSecret } else { Verb::ReadSecret };
            self.emit(verb, named("a store of secrets"), Qualifiers::default(), span, by);
        }
        let verb = if deletes || changes && has(DESTROYS) {
            Verb::DbDestroy
        } else if changes && !has(READS) {
            Verb::DbWrite
        } else {
            return;
        };
        let here = matches!(host, "" | "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0");
        let name = if here {
            format!("{store}{HERE}")
        } else {
            store.to_owned()
        };
        self.emit(verb, Resource::Named(name), Qualifiers::default(), span, by);
    }
}

/// The method that the call names; `?` where it can't be told.
fn method(call: &Call<'_>) -> Option<String> {
    let given = call.option(&["-X", "--request", "--method"]);
    if let Some(given) = given {
        let word = given.value.as_ref().and_then(|value| value.known());
        return Some(word.map_or_else(|| "DELETE".to_owned(), str::to_ascii_uppercase));
    }
    if !takes_words(call) {
        return None;
    }
    let word = call.operands.first()?.known()?.to_ascii_uppercase();
    matches!(
        word.as_str(),
        "GET" | "HEAD" | "OPTIONS" | "PUT" | "PATCH" | "POST" | "DELETE"
    )
    .then_some(word)
}

/// HTTPie and those like it: method, address and data are plain words.
fn takes_words(call: &Call<'_>) -> bool {
    let program = call.name.split(' ').next().unwrap_or("");
    matches!(program, "http" | "https" | "xh" | "xhs")
}
