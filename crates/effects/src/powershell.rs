//! PowerShell: only the plainest reads are recognised; everything else is Opaque. Not a parser of the language.

/// The paths that are read, if the whole text is one plain cmdlet that only reads. `None` otherwise.
#[must_use]
pub(crate) fn reads_only(text: &str) -> Option<Vec<String>> {
    let plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/' | '\\' | '_' | ':' | '~' | '*'));
    if !plain || text.contains("::") {
        return None;
    }
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let cmdlet = words.next()?.to_ascii_lowercase();
    let takes_path = match cmdlet.as_str() {
        "get-content" | "gc" | "cat" | "type" | "get-childitem" | "gci" | "ls" | "dir" | "test-path"
        | "resolve-path" | "get-item" => true,
        "get-location" | "pwd" | "gl" | "get-date" | "get-process" | "whoami" | "hostname" => false,
        _ => return None,
    };
    let mut paths = Vec::new();
    for word in words {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "-path" | "-literalpath" | "-recurse" | "-force" | "-raw" | "-tail" | "-totalcount" | "-name" | "-file"
            | "-directory" => {}
            _ if lower.starts_with('-') || !takes_path => return None,
            _ => paths.push(word.replace('\\', "/")),
        }
    }
    Some(paths)
}
