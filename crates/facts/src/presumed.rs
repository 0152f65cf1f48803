//! Projects that a tool call names without anybody having told us of them. Text only; no disk is asked.

use crate::paths;

/// A path that the call names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate<'a> {
    /// The file of a file tool.
    File(&'a str),
    /// A directory in which the call works: a leading `cd DIR`, the directory of a search.
    Directory(&'a str),
    /// A directory that the call only looks into.
    Looked(&'a str),
}

/// The directories that are presumed to be projects when neither a working directory nor a project is given.
///
/// A real call then still names absolute paths of the project it works in. Presumed is the directory two levels below
/// a user's home (`/Users/U/A/B`, `/home/U/A/B`, `~/A/B`), or one level where the path is not deeper, and the usual
/// mount points of containers (`/workspace`, `/workspaces/A`, `/testbed`, `/repo`); where the call only looks, any
/// directory straight below `/` that no system has. Never presumed: a home itself, a place whose name begins with a dot
/// or anything below it, application data, disks and shares, and collections such as `Documents` by themselves.
///
/// A presumed project is believed for reads and edits. It is never believed for deletions of directories: what lies
/// in them is not known, and [`NeutralWorld`](crate::NeutralWorld) says so.
#[must_use]
pub fn presumed_directories(candidates: &[Candidate<'_>], home: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for candidate in candidates {
        let (directory, looks) = match *candidate {
            Candidate::File(path) => (
                paths::parent(&paths::absolute(path, "/", home)).map(str::to_owned),
                false,
            ),
            Candidate::Directory(path) => (Some(paths::absolute(path, "/", home)), false),
            Candidate::Looked(path) => (Some(paths::absolute(path, "/", home)), true),
        };
        let Some(project) = directory.as_deref().and_then(|directory| {
            if looks {
                mount_at_the_top(directory)
            } else {
                project_around(directory, home)
            }
        }) else {
            continue;
        };
        if !found.contains(&project) {
            found.push(project);
        }
    }
    found
}

/// Directories of the home that hold what programs keep for themselves.
const APPLICATION_DATA: &[&str] = &["AppData", "Applications", "Library", "snap"];
/// Directories of the home that hold things of many kinds: no project by themselves.
const COLLECTIONS: &[&str] = &[
    "Desktop",
    "Documents",
    "Downloads",
    "Movies",
    "Music",
    "Pictures",
    "Public",
    "Templates",
    "Videos",
];

fn project_around(directory: &str, home: &str) -> Option<String> {
    let (base, rest) = match paths::below(directory, home) {
        Some(rest) => (home.to_owned(), rest),
        None => user_home(directory).or_else(|| container_mount(directory))?,
    };
    if matches!(base.as_str(), "/workspace" | "/testbed" | "/repo" | "/project") {
        return Some(base);
    }
    let mut names = rest.split('/').filter(|name| !name.is_empty());
    let first = names.next()?;
    if first.starts_with('.') || APPLICATION_DATA.contains(&first) {
        return None;
    }
    if base == "/workspaces" {
        return Some(paths::join(&base, first));
    }
    let outer = paths::join(&base, first);
    match names.next() {
        Some(second) if !second.starts_with('.') => Some(paths::join(&outer, second)),
        Some(_) | None if COLLECTIONS.contains(&first) => None,
        Some(_) | None => Some(outer),
    }
}

/// The home of some user that the path lies in, and the rest.
fn user_home(path: &str) -> Option<(String, &str)> {
    let root = ["/Users", "/home"].into_iter().find(|root| paths::within(path, root))?;
    let rest = paths::below(path, root)?;
    let (user, rest) = rest.split_once('/').unwrap_or((rest, ""));
    (!user.is_empty() && user != "Shared" && !user.starts_with('.')).then(|| (paths::join(root, user), rest))
}

fn container_mount(path: &str) -> Option<(String, &str)> {
    ["/workspace", "/workspaces", "/testbed", "/repo", "/project"]
        .into_iter()
        .find_map(|mount| Some((mount.to_owned(), paths::below(path, mount)?)))
}

/// Names straight below `/` that belong to a system, to other people, or to disks and shares.
const NOT_MOUNTS: &[&str] = &[
    "Applications",
    "Library",
    "Network",
    "System",
    "Users",
    "Volumes",
    "afs",
    "archive",
    "backup",
    "backups",
    "bin",
    "boot",
    "cdrom",
    "cores",
    "dev",
    "efi",
    "etc",
    "export",
    "exports",
    "home",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "lost+found",
    "media",
    "mnt",
    "net",
    "nfs",
    "nix",
    "opt",
    "private",
    "proc",
    "root",
    "run",
    "sbin",
    "secrets",
    "snap",
    "srv",
    "sys",
    "tmp",
    "usr",
    "var",
];

/// `/code/src` lies in `/code`, which somebody mounted into a container.
fn mount_at_the_top(directory: &str) -> Option<String> {
    let first = directory.strip_prefix('/')?.split('/').next()?;
    let is_plain = !first.is_empty() && !first.contains('.') && !NOT_MOUNTS.contains(&first);
    is_plain.then(|| format!("/{first}"))
}

/// Whether a path that climbs out of the working directory may go on with this name and still be in a project:
/// neither a directory of the system or of application data, nor one that is hidden.
pub(crate) fn may_be_in_a_project(name: &str) -> bool {
    !name.starts_with('.')
        && !NOT_MOUNTS.contains(&name)
        && !COLLECTIONS.contains(&name)
        && !APPLICATION_DATA.contains(&name)
}

/// The home that the paths of a call show: the only one below `/Users` that they name.
pub(crate) fn home_of<'a>(named: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut found: Option<String> = None;
    for path in named {
        let Some((user, _)) = user_home(path).filter(|(user, _)| user.starts_with("/Users/")) else {
            continue;
        };
        match &found {
            Some(other) if *other != user => return None,
            Some(_) => {}
            None => found = Some(user),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Candidate, presumed_directories};

    fn of(candidate: Candidate<'_>) -> Option<String> {
        presumed_directories(&[candidate], "/home/dev").pop()
    }

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(of(Candidate::Directory(path)).as_deref(), expected, "{path}");
    }

    #[test]
    fn a_project_lies_two_levels_below_a_home_where_the_path_is_that_deep() {
        check("/Users/ann/code/app/src/x", Some("/Users/ann/code/app"));
        check("/home/ann/code/app", Some("/home/ann/code/app"));
        check("/home/ann/app", Some("/home/ann/app"));
        check("~/code/app", Some("/home/dev/code/app"));
        check("/Users/ann/Documents/app/x", Some("/Users/ann/Documents/app"));
    }

    #[test]
    fn homes_hidden_places_and_application_data_are_never_projects() {
        for path in [
            "/home/ann",
            "/Users/ann/",
            "~",
            "/Users",
            "/",
            "/etc/nginx",
            "/var/log",
            "/tmp/x",
            "~/.ssh",
            "/Users/ann/.config/x",
            "/Users/ann/Library/Mail/x",
            "/Users/ann/Documents",
            "/Users/Shared/x/y",
            "/usr/local/lib",
        ] {
            check(path, None);
        }
        check("/home/ann/app/.git/hooks", Some("/home/ann/app"));
        check("/home/ann/Downloads/.x", None);
    }

    #[test]
    fn the_file_of_a_tool_is_not_its_own_project() {
        assert_eq!(
            of(Candidate::File("/home/ann/app/a.rs")).as_deref(),
            Some("/home/ann/app")
        );
        assert_eq!(
            of(Candidate::File("/home/ann/code/app/a.rs")).as_deref(),
            Some("/home/ann/code/app")
        );
        assert_eq!(of(Candidate::File("/home/ann/.bashrc")), None);
        assert_eq!(of(Candidate::File("/home/ann/code/../../bob/.ssh/id_rsa")), None);
    }

    #[test]
    fn mount_points_of_containers_are_projects() {
        check("/workspace/a/b", Some("/workspace"));
        check("/workspaces/a/b", Some("/workspaces/a"));
        check("/workspaces", None);
        check("/workspace2/a", None);
    }

    #[test]
    fn what_is_only_looked_into_may_be_any_mount_but_no_part_of_the_system() {
        let looked = |path| of(Candidate::Looked(path));
        assert_eq!(looked("/srcs/a").as_deref(), Some("/srcs"));
        assert_eq!(looked("/srcs").as_deref(), Some("/srcs"));
        assert_eq!(of(Candidate::Directory("/srcs/a")), None);
        assert_eq!(looked("/home/ann/papers"), None);
        for path in [
            "/",
            "/etc",
            "/root/x",
            "/mnt/disk",
            "/Volumes/x",
            "/home",
            "/proc/1",
            "/.x",
            "/swap.img",
        ] {
            assert_eq!(looked(path), None, "{path}");
        }
    }

    #[test]
    fn a_home_is_shown_only_by_paths_that_agree() {
        let shown = |paths: &[&'static str]| super::home_of(paths.iter().copied());
        assert_eq!(
            shown(&["/Users/ann/a", "/etc/x", "/Users/ann/b"]).as_deref(),
            Some("/Users/ann")
        );
        assert_eq!(shown(&["/Users/ann/a", "/Users/bob/b"]), None);
        assert_eq!(shown(&["/home/bob/b"]), None);
    }

    #[test]
    fn each_project_is_named_once() {
        let candidates = [
            Candidate::File("/home/a/b/c/x"),
            Candidate::Directory("/home/a/b/c"),
            Candidate::File("/home/a/b/d/x"),
        ];
        assert_eq!(
            presumed_directories(&candidates, "/home/dev"),
            ["/home/a/b/c", "/home/a/b/d"]
        );
    }
}
