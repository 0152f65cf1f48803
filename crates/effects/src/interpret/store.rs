//! Which server a database client talks to, as far as its words tell: this machine's, or one that others may share.

use super::Interpreter;
use super::call::Call;
use crate::value::Value;

/// What the name of a data store on this very machine ends with.
pub(crate) const HERE: &str = "@localhost";

/// How a client is told its server.
struct Client {
    names: &'static [&'static str],
    /// Options that name the server or bring it along.
    hosts: &'static [&'static str],
    /// Options whose value may be an address as well as a name.
    addresses: &'static [&'static str],
    /// Options that take the server from somewhere else.
    elsewhere: &'static [&'static str],
    /// Its first operand may be an address.
    operand: bool,
    /// Variables that name the server.
    variables: &'static [&'static str],
}

const CLIENTS: &[Client] = &[
    Client {
        names: &["psql", "pg_dump", "createdb", "dropdb"],
        hosts: &["-h", "--host"],
        addresses: &["-d", "--dbname"],
        elsewhere: &[],
        operand: true,
        variables: &["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE"],
    },
    Client {
        names: &["mysql", "mariadb", "mysqldump", "mariadb-dump", "mysqladmin"],
        hosts: &["-h", "--host"],
        addresses: &[],
        elsewhere: &["--defaults-file", "--defaults-extra-file"],
        operand: false,
        variables: &["MYSQL_HOST"],
    },
    Client {
        names: &["redis-cli", "valkey-cli"],
        hosts: &["-h"],
        addresses: &["-u"],
        elsewhere: &["--cluster"],
        operand: false,
        variables: &[],
    },
    Client {
        names: &["mongosh", "mongo"],
        hosts: &["--host"],
        addresses: &[],
        elsewhere: &[],
        operand: true,
        variables: &[],
    },
];

impl Interpreter<'_> {
    /// Whether the call is a database client's that talks to a server on this machine.
    pub(super) fn talks_here(&self, call: &Call<'_>) -> bool {
        let program = call.name.split(' ').next().unwrap_or(&call.name);
        let client = CLIENTS.iter().find(|client| client.names.contains(&program));
        client.is_some_and(|client| self.is_told_here(client, call))
    }

    fn is_told_here(&self, client: &Client, call: &Call<'_>) -> bool {
        // A word that can't be told may be another server's address.
        if call.has(client.elsewhere) || !call.doubts.is_empty() {
            return false;
        }
        let told = call.options.iter().all(|given| {
            let value = given.value.as_ref().map(|arg| &arg.value);
            if client.hosts.contains(&given.name) {
                value.is_some_and(is_here)
            } else if client.addresses.contains(&given.name) {
                value.is_some_and(is_name_or_here)
            } else {
                true
            }
        });
        let operand = !client.operand
            || call
                .operands
                .first()
                .is_none_or(|arg| !arg.many && is_name_or_here(&arg.value));
        let variables = client.variables.iter().all(|name| {
            let in_front = call.environment.iter().rev().find(|(given, _)| given == name);
            match in_front {
                Some((_, value)) => is_here(value),
                None => self.told_variable(name).is_none_or(|value| is_here(&value)),
            }
        });
        told && operand && variables
    }

    /// The value of a variable that this text or the environment is known to give.
    fn told_variable(&self, name: &str) -> Option<Value> {
        let set = self.state.variables.get(name).map(|variable| variable.value.clone());
        set.or_else(|| self.facts.variable(name).map(Value::text))
    }
}

/// A host of this machine, or a socket on it.
fn is_here(value: &Value) -> bool {
    value.known().is_some_and(|host| {
        let host = host.rsplit_once(':').map_or(host, |(name, port)| {
            if port.bytes().all(|b| b.is_ascii_digit()) {
                name
            } else {
                host
            }
        });
        matches!(host, "" | "localhost" | "127.0.0.1" | "::1" | "[::1]") || host.starts_with('/')
    })
}

/// The name of a database, or an address on this machine.
fn is_name_or_here(value: &Value) -> bool {
    let Some(text) = value.known() else { return false };
    match text.split_once("://") {
        Some((_, rest)) => {
            let authority = rest.split(['/', '?']).next().unwrap_or(rest);
            // What stands behind `?` may name another host.
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            !rest.contains('?') && !host.contains(',') && is_here(&Value::text(host))
        }
        None => !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')),
    }
}
