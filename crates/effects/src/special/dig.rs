//! `dig`: its operands are names, servers, and the words for types and classes of records, in any order.

use placet_model::{Qualifiers, Resource, Verb};

use crate::interpret::{Call, Interpreter};
use crate::value::Value;

/// Types and classes of records.
const WORDS: &[&str] = &[
    "a",
    "aaaa",
    "afsdb",
    "any",
    "axfr",
    "caa",
    "cdnskey",
    "cds",
    "ch",
    "cname",
    "dnskey",
    "ds",
    "hinfo",
    "hs",
    "https",
    "in",
    "loc",
    "mx",
    "naptr",
    "ns",
    "nsec",
    "nsec3",
    "nsec3param",
    "ptr",
    "rp",
    "rrsig",
    "soa",
    "spf",
    "srv",
    "sshfp",
    "svcb",
    "tlsa",
    "txt",
    "uri",
];

/// Every other operand is asked about, or asked.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["-h", "-v"]) {
        return;
    }
    for arg in &call.operands {
        let word = arg.known().map(str::to_ascii_lowercase);
        if word.is_some_and(|word| WORDS.contains(&word.as_str()) || word.starts_with("ixfr=")) {
            continue;
        }
        let mut name = arg.value.clone();
        if name.prefix().starts_with('@') {
            name = name.skip(1).unwrap_or_else(|| Value::hole(crate::value::Bound::Any));
        }
        let host = crate::interpret::host_of(&name);
        it.emit(
            Verb::Fetch,
            Resource::Host(host),
            Qualifiers::default(),
            arg.span,
            &call.name,
        );
    }
}
