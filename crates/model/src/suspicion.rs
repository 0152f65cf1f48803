//! What a text that the agent read asked it to do, where that was found suspicious. It can only tighten: nothing that such
//! a text says is ever a reason to allow.

/// What one text asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspicion {
    /// Where the text came from: an address, a path, a tool's name.
    pub source: String,
    /// How sure the probe was, by its name.
    pub level: String,
    /// Commands, as written.
    pub commands: Vec<String>,
    /// Hosts of addresses.
    pub hosts: Vec<String>,
    /// Mail addresses and account numbers.
    pub addresses: Vec<String>,
    /// Paths.
    pub paths: Vec<String>,
    /// Paths and variables that hold secrets.
    pub secrets: Vec<String>,
}
