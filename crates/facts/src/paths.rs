//! Paths as text: joining, cleaning, what lies below what. Nothing here looks at a disk.

/// The path made absolute and lexically normal: no `.`, no `..`, no doubled or trailing slash. `~` is the home.
///
/// `..` goes back by one name as written; where a link may stand in between, resolve the path first.
#[must_use]
pub fn absolute(path: &str, cwd: &str, home: &str) -> String {
    if path == "~" {
        return normal(home);
    }
    if let Some(rest) = path.strip_prefix("~/") {
        return normal(&format!("{home}/{rest}"));
    }
    if path.starts_with('/') {
        normal(path)
    } else {
        normal(&format!("{cwd}/{path}"))
    }
}

/// Whether `path` is `directory` or lies below it.
#[must_use]
pub fn within(path: &str, directory: &str) -> bool {
    below(path, directory).is_some()
}

/// The part of `path` relative to `directory`, empty for the directory itself; `None` if it lies elsewhere.
#[must_use]
pub fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let directory = directory.strip_suffix('/').unwrap_or(directory);
    let rest = path.strip_prefix(directory)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}

/// The directory that the path is in; `None` for `/`.
#[must_use]
pub fn parent(path: &str) -> Option<&str> {
    match path.rsplit_once('/')? {
        ("", "") => None,
        ("", _) => Some("/"),
        (parent, _) => Some(parent),
    }
}

/// The last name of the path.
#[must_use]
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The directory and a name below it.
#[must_use]
pub fn join(directory: &str, name: &str) -> String {
    let slash = if directory.ends_with('/') { "" } else { "/" };
    format!("{directory}{slash}{name}")
}

/// The path itself and every directory above it, nearest first, `/` last.
pub fn self_and_ancestors(path: &str) -> impl Iterator<Item = &str> {
    core::iter::successors(Some(path), |path| parent(path))
}

fn normal(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    format!("/{}", names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{absolute, below, parent, self_and_ancestors, within};

    #[test]
    fn a_path_becomes_absolute_and_normal() {
        let clean = |path| absolute(path, "/p/q", "/home/dev");
        assert_eq!(clean("a/./b//c/"), "/p/q/a/b/c");
        assert_eq!(clean("../x"), "/p/x");
        assert_eq!(clean("/../../x"), "/x");
        assert_eq!(clean("~"), "/home/dev");
        assert_eq!(clean("~/a"), "/home/dev/a");
        assert_eq!(clean("~other/a"), "/p/q/~other/a");
        assert_eq!(clean("/"), "/");
    }

    #[test]
    fn a_sibling_with_the_same_beginning_is_not_within() {
        assert!(within("/a/b/c", "/a/b") && within("/a/b", "/a/b") && within("/a", "/"));
        assert!(!within("/a/bc", "/a/b") && !within("/a", "/a/b"));
        assert_eq!(below("/a/b", "/"), Some("a/b"));
        assert_eq!(below("/", "/"), Some(""));
    }

    #[test]
    fn ancestors_end_at_the_root() {
        assert_eq!(self_and_ancestors("/a/b").collect::<Vec<_>>(), ["/a/b", "/a", "/"]);
        assert_eq!(parent("/"), None);
    }
}
