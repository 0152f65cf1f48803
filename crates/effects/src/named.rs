//! Paths that a command's words spell out: a hint about where it works, for worlds that are not looked at. No effects.

use crate::syntax::{self, tree::Part, walk};

/// The absolute paths (and those below `~`) among the words of a command, in order, without duplicates.
#[must_use]
pub fn named_paths(command: &str) -> Vec<String> {
    let script = syntax::parse(command);
    let mut out: Vec<String> = Vec::new();
    for simple in walk::simple_commands(&script.items) {
        for word in &simple.words {
            if let Some(Part::Literal { text, .. }) = word.parts.first()
                && (text.starts_with('/') && text.len() > 1 || text.starts_with("~/"))
                && !out.contains(text)
            {
                out.push(text.clone());
            }
        }
    }
    out
}
