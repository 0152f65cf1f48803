//! `git` where it brings in commits of somebody else (from an address, a remote or a request), moves them to another name,
//! and puts them into the work tree. What the words mean; the marks are in `interpret/strangers.rs`.

use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Use};
use crate::value::Arg;

/// Follows commits of others through one call of `git`.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let names: Vec<&str> = call
        .chain
        .iter()
        .skip(1)
        .filter_map(|command| command.names.first().copied())
        .collect();
    let Some(root) = it.work_tree() else { return };
    let root = root.as_str();
    let operands = call.operands.as_slice();
    match *names.as_slice() {
        ["clone"] | [] => {}
        ["fetch"] => {
            fetches(it, root, operands);
        }
        ["pull"] => {
            let (source, references) = operands.split_at(operands.len().min(1));
            let follows = source.is_empty() && follows_strangers(it, root);
            if fetches(it, root, operands) || follows || names_strangers(it, root, references) {
                it.takes_in(root);
            }
        }
        ["remote", "add"] => {
            if let [name, address, ..] = operands
                && is_address_of_strangers(it, root, address)
            {
                it.marks_strange(root, &format!("refs/remotes/{}", name.value.prefix()));
            }
        }
        ["remote", ..] => {
            if let [from, to] = operands
                && is_remote_of_strangers(it, root, from)
            {
                it.marks_strange(root, &format!("refs/remotes/{}", to.value.prefix()));
            }
        }
        ["checkout" | "switch"] => goes(it, root, call),
        ["restore"] => {
            let source = call.option(&["-s", "--source"]).and_then(|given| given.value.as_ref());
            if source.is_some_and(|source| is_of_strangers(it, root, source)) {
                brings(it, root, operands);
            }
        }
        ["merge" | "rebase" | "cherry-pick" | "reset" | "read-tree"] => {
            let onto = call.option(&["--onto"]).and_then(|given| given.value.clone());
            let follows = operands.is_empty() && matches!(names.as_slice(), ["merge" | "rebase"]);
            if follows && follows_strangers(it, root)
                || names_strangers(it, root, operands)
                || onto.is_some_and(|onto| is_of_strangers(it, root, &onto))
            {
                it.takes_in(root);
            }
        }
        ["branch" | "tag" | "update-ref"] => names_anew(it, root, call, names.first() == Some(&"tag")),
        ["worktree", "add"] => {
            if let [_, commit, ..] = operands {
                it.strangers.shown = is_of_strangers(it, root, commit);
            }
        }
        ["show" | "cat-file" | "archive" | "diff" | "log" | "format-patch"] => {
            it.strangers.shown = names_strangers(it, root, operands);
        }
        ["submodule", "add"] => {
            if let Some(path) = operands.get(1) {
                lies_at(it, path);
            } else if let Some(name) = operands.first().and_then(name_in) {
                let path = it.working_path(&name);
                path.into_iter().for_each(|path| it.downloaded(path));
            }
        }
        ["subtree", ..] => {
            if let Some(prefix) = call.option(&["-P", "--prefix"]).and_then(|given| given.value.clone())
                && fetches(it, root, operands)
            {
                lies_at(it, &prefix);
            }
        }
        ["am" | "apply"] => patches(it, call),
        [..] => {}
    }
}

/// A patch that was downloaded: what it changes can't be told from its name.
pub(crate) fn patches(it: &mut Interpreter<'_>, call: &Call<'_>) {
    const LOOKS: &[&str] = &["--check", "--stat", "--numstat", "--summary", "--dry-run", "-C"];
    let looks = call.has(LOOKS) && !call.has(&["--apply"]) && !call.has(&["--continue"]);
    let options = call
        .options
        .iter()
        .filter(|given| matches!(given.name, "-i" | "--input"))
        .filter_map(|given| given.value.as_ref());
    let fetched = it.stdin.taint.fetched
        || options.chain(&call.operands).any(|arg| {
            let target = paths::target(&arg.value, &it.state.cwd, Use::Look, it.facts);
            arg.value.taint.fetched
                || it.taint_of_target(&target).fetched
                || target.paths.base().is_some_and(|path| it.is_in_a_download(path))
        });
    if fetched
        && (!looks || call.name == "git am")
        && let Some(root) = it.work_tree()
    {
        it.downloaded(root);
    }
}

/// Marks what `git fetch` brings, and tells whether it is of somebody else.
fn fetches(it: &mut Interpreter<'_>, root: &str, operands: &[Arg]) -> bool {
    let Some((source, references)) = operands.split_first() else {
        return false;
    };
    let from = is_remote_of_strangers(it, root, source) || is_address_of_strangers(it, root, source);
    let mut any = from;
    for reference in references {
        let text = reference.known().unwrap_or_else(|| reference.value.prefix());
        let (theirs, ours) = text.trim_start_matches('+').split_once(':').unwrap_or((text, ""));
        let strange = from || is_request(theirs) || reference.known().is_none();
        any |= strange;
        if strange && !ours.is_empty() {
            let name = ours.split('*').next().unwrap_or(ours).trim_end_matches('/');
            let full = if name.starts_with("refs/") {
                name.to_owned()
            } else {
                format!("refs/heads/{name}")
            };
            it.marks_strange(root, &full);
        }
    }
    if any {
        it.marks_strange(root, "FETCH_HEAD");
    }
    any
}

/// A change that anybody may propose to a repository, as a server keeps it.
fn is_request(reference: &str) -> bool {
    let name = reference.trim_start_matches('+');
    let name = name.strip_prefix("refs/").unwrap_or(name);
    ["pull/", "pull-requests/", "merge-requests/", "changes/", "pullreqs/"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// Whether the current branch follows a remote of somebody else, so that a call without words takes from there.
fn follows_strangers(it: &Interpreter<'_>, root: &str) -> bool {
    let follows = it.facts.repository(root).and_then(|repository| repository.follows);
    follows.is_some_and(|(remote, _)| it.is_strange(root, &format!("refs/remotes/{remote}")))
}

fn is_remote_of_strangers(it: &Interpreter<'_>, root: &str, remote: &Arg) -> bool {
    match remote.known() {
        Some(name) if name.is_empty() || name.contains(':') => false,
        Some(name) => it.is_strange(root, &format!("refs/remotes/{name}")),
        None => true,
    }
}

/// Whether an address leads to a repository that is none of those which were configured before.
fn is_address_of_strangers(it: &Interpreter<'_>, root: &str, address: &Arg) -> bool {
    let Some(text) = address.known() else { return true };
    if let Some(place) = place_of(text) {
        let remotes = it
            .facts
            .repository(root)
            .map_or_else(Vec::new, |repository| repository.remotes);
        return !remotes.iter().any(|(name, known)| {
            place_of(known).is_some_and(|known| known == place) && !it.is_strange(root, &format!("refs/remotes/{name}"))
        });
    }
    let path = text.strip_prefix("file://").unwrap_or(text);
    let target = paths::target(&crate::value::Value::text(path), &it.state.cwd, Use::Look, it.facts);
    path.contains('/') && target.paths.base().is_some_and(|path| it.is_in_a_download(path))
}

/// Host and path of an address of git, however it is spelt; none for a name or a local path. What anybody on the way could
/// change keeps its scheme, so that it equals nothing else.
fn place_of(address: &str) -> Option<String> {
    let rest = match address.split_once("://") {
        Some(("file", _)) => return None,
        Some(("https" | "ssh", rest)) => rest,
        Some(_) => return Some(address.to_owned()),
        None => {
            let (host, path) = address.split_once(':')?;
            if host.contains('/') || path.starts_with(':') {
                return (!address.starts_with(['/', '.', '~'])).then(|| address.to_owned());
            }
            return Some(tidy(&format!("{host}/{path}")));
        }
    };
    Some(tidy(rest))
}

fn tidy(place: &str) -> String {
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = host.rsplit('@').next().unwrap_or(host).to_ascii_lowercase();
    let path = path.trim_matches('/');
    format!("{host}/{}", path.strip_suffix(".git").unwrap_or(path))
}

fn names_strangers(it: &Interpreter<'_>, root: &str, operands: &[Arg]) -> bool {
    operands.iter().any(|arg| is_of_strangers(it, root, arg))
}

/// Whether a word names commits of somebody else.
fn is_of_strangers(it: &Interpreter<'_>, root: &str, word: &Arg) -> bool {
    let Some(text) = word.known() else {
        return it.knows_strangers(root);
    };
    // `main..x/main`, `x/main~2`, `FETCH_HEAD:run.sh`, `x/main@{yesterday}`, `^main`
    text.split("..").any(|part| {
        let part = part.trim_start_matches(['.', '^']);
        let name = part.split(['^', '~', ':', '@']).next().unwrap_or(part);
        is_name_of_strangers(it, root, name, part)
    })
}

fn is_name_of_strangers(it: &Interpreter<'_>, root: &str, name: &str, whole: &str) -> bool {
    if whole == "-" || whole.starts_with("@{") || matches!(name, "ORIG_HEAD" | "MERGE_HEAD") {
        return it.knows_strangers(root);
    }
    if name.is_empty() || name == "HEAD" {
        return whole.contains("@{") && it.knows_strangers(root);
    }
    let is_hash = name.len() >= 4 && name.bytes().all(|b| b.is_ascii_hexdigit());
    let full = name.strip_prefix("refs/").unwrap_or(name);
    name == "FETCH_HEAD" && it.is_strange(root, "FETCH_HEAD")
        || [
            format!("refs/{full}"),
            format!("refs/heads/{full}"),
            format!("refs/remotes/{full}"),
            format!("refs/tags/{full}"),
        ]
        .iter()
        .any(|reference| it.is_strange(root, reference))
        || is_hash && it.knows_strangers(root)
}

/// `git checkout` and `git switch`: to a branch, to a commit, or files out of one.
fn goes(it: &mut Interpreter<'_>, root: &str, call: &Call<'_>) {
    let (front, behind) = call.operands.split_at(
        call.after_dashes
            .unwrap_or(call.operands.len())
            .min(call.operands.len()),
    );
    let made = call
        .option(&["-b", "-B", "-c", "-C", "--create", "--force-create", "--orphan"])
        .and_then(|given| given.value.clone());
    let Some(commit) = front.first() else {
        if behind.is_empty()
            && let Some(made) = made
        {
            begins(it, root, &made, false);
        }
        return;
    };
    let strange = is_of_strangers(it, root, commit);
    let files: Vec<Arg> = front.iter().skip(1).chain(behind).cloned().collect();
    if let Some(made) = made {
        begins(it, root, &made, strange);
    } else if !files.is_empty() {
        if strange {
            brings(it, root, &files);
        }
    } else if let Some(name) = commit.known() {
        let tracks = call.has(&["-t", "--track"]);
        let branch = if tracks {
            name.split_once('/').map(|(_, name)| name)
        } else {
            Some(name)
        };
        let is_branch = tracks || it.is_strange(root, &format!("refs/heads/{name}")) || it.has_branch(root, name);
        // The name of a branch that only a remote has makes one of that name here.
        let guessed = !strange && !is_branch && it.is_strange(root, "refs/remotes") && !name.contains("@{");
        if strange && !is_branch || call.has(&["-d", "--detach"]) {
            it.goes_to(root, None);
        } else {
            it.goes_to(root, branch);
        }
        if strange || guessed {
            it.takes_in(root);
        }
    } else if strange {
        it.takes_in(root);
    }
}

/// A branch that is made here and gone to.
fn begins(it: &mut Interpreter<'_>, root: &str, made: &Arg, strange: bool) {
    // What begins where something strange ends is strange as well.
    let current = it.lies_among_strangers(root);
    it.goes_to(root, made.known());
    if strange || current {
        it.takes_in(root);
    }
}

/// Files out of a commit of somebody else.
fn brings(it: &mut Interpreter<'_>, root: &str, files: &[Arg]) {
    for file in files {
        lies_at(it, file);
    }
    it.lies_open(root);
}

/// What lies at the path from now on is of somebody else.
fn lies_at(it: &mut Interpreter<'_>, place: &Arg) {
    let target = paths::target(&place.value, &it.state.cwd, Use::Look, it.facts);
    if let Some(path) = target.paths.base().map(str::to_owned) {
        it.downloaded(path);
    }
}

/// `git branch NAME COMMIT`, `git branch -m OLD NEW`, `git tag NAME COMMIT`, `git update-ref REF COMMIT`.
fn names_anew(it: &mut Interpreter<'_>, root: &str, call: &Call<'_>, is_tag: bool) {
    let operands = call.operands.as_slice();
    let upstream = call
        .option(&["-u", "--set-upstream-to"])
        .and_then(|given| given.value.clone());
    if upstream.is_some_and(|upstream| is_of_strangers(it, root, &upstream)) {
        // The next pull without words takes from there.
        let branch = it.branch_of(root);
        branch
            .into_iter()
            .for_each(|branch| it.marks_strange(root, &format!("refs/heads/{branch}")));
        return;
    }
    let moves = call.has(&["-m", "-M", "-c", "-C", "--move", "--copy"]);
    let (name, commit) = match operands {
        [from, to] if moves => (to, from),
        [name, commit, ..] => (name, commit),
        [_] | [] => return,
    };
    if let Some(name) = name.known()
        && is_of_strangers(it, root, commit)
    {
        let full = match name.strip_prefix("refs/") {
            Some(_) => name.to_owned(),
            None if is_tag => format!("refs/tags/{name}"),
            None => format!("refs/heads/{name}"),
        };
        it.marks_strange(root, &full);
    }
}

/// The directory that a repository gets by its address.
fn name_in(address: &Arg) -> Option<String> {
    let text = address.known()?.trim_end_matches('/');
    let name = text.rsplit(['/', ':']).next()?;
    Some(name.strip_suffix(".git").unwrap_or(name).to_owned())
}
