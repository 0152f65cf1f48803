//! Which processes have to do with a port: from the kernel's lists of connections to the descriptors of processes.

use std::collections::{BTreeMap, BTreeSet};

use super::table::Table;
use crate::disk;

/// A longer list of connections is not read.
const LIST: usize = 2 << 20;
/// More descriptors are not looked through.
const DESCRIPTORS: usize = 100_000;

/// Who holds the sockets of a port.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Holders {
    pub(super) pids: BTreeSet<u32>,
    /// Sockets whose holder may not be looked at.
    pub(super) hidden: u32,
}

/// The holders of sockets at a port, and (`clients`) of those that are connected to one; `None` if that can't be told.
pub(super) fn holders(table: &Table, port: u16, clients: bool) -> Option<Holders> {
    let mut wanted: BTreeMap<u64, bool> = BTreeMap::new();
    for name in ["tcp", "tcp6", "udp", "udp6"] {
        let path = format!("{}/net/{name}", table.root());
        match disk::told(&path, LIST) {
            Ok((list, true)) => {
                let list = String::from_utf8_lossy(&list);
                for line in list.lines().skip(1) {
                    wanted.extend(socket(line, port, clients)?.map(|socket| (socket, false)));
                }
            }
            // A machine without the newer protocol has no list of it.
            Err(_) if name.ends_with('6') => {}
            Ok((_, false)) | Err(_) => return None,
        }
    }
    if wanted.is_empty() {
        return Some(Holders::default());
    }
    let mut holders = Holders::default();
    let mut seen = 0_usize;
    for &pid in table.numbers()? {
        let Ok(descriptors) = std::fs::read_dir(format!("{}/{pid}/fd", table.root())) else {
            continue;
        };
        for descriptor in descriptors.flatten() {
            seen = seen.saturating_add(1);
            if seen > DESCRIPTORS || !table.has_time() {
                return None;
            }
            let link = std::fs::read_link(descriptor.path()).unwrap_or_default();
            let socket = link
                .to_str()
                .and_then(|link| link.strip_prefix("socket:[")?.strip_suffix(']')?.parse::<u64>().ok());
            if let Some(found) = socket.and_then(|socket| wanted.get_mut(&socket)) {
                *found = true;
                holders.pids.insert(pid);
            }
        }
    }
    let hidden = wanted.values().filter(|found| !**found).count();
    holders.hidden = u32::try_from(hidden).unwrap_or(u32::MAX);
    Some(holders)
}

/// The socket of a line, if it is about the port; `None` if the line is not understood. A connection that is only waited
/// out belongs to nobody.
fn socket(line: &str, port: u16, clients: bool) -> Option<Option<u64>> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let (here, there, socket) = (fields.get(1)?, fields.get(2)?, fields.get(9)?);
    let here = port_of(here)?;
    let there = port_of(there)?;
    let socket: u64 = socket.parse().ok()?;
    let about = here == port || clients && there == port;
    Some((about && socket != 0).then_some(socket))
}

fn port_of(address: &str) -> Option<u16> {
    u16::from_str_radix(address.rsplit_once(':')?.1, 16).ok()
}
