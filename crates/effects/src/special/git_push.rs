//! `git push`: where to, which branches, and whether anything there is lost.

use placet_model::{Carries, Qualifiers, Resource, Verb};

use crate::interpret::{Call, Interpreter};
use crate::paths::Dir;
use crate::value::Arg;

/// Reads the remote and the refspecs.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["-h", "--help"]) {
        return;
    }
    if call.has(&["-n", "--dry-run"]) {
        asks_the_remote(it, call);
        return;
    }
    let force = call.has(&["-f", "--force", "--force-with-lease", "--force-if-includes", "--mirror"]);
    let deletes = call.has(&["-d", "--delete", "--prune", "--mirror"]);
    let option = call.option(&["--repo"]).and_then(|given| given.value.as_ref());
    let (remote, refs) = match (option, call.operands.split_first()) {
        (Some(remote), _) => (Some(remote), call.operands.as_slice()),
        (None, Some((remote, refs))) => (Some(remote), refs),
        (None, None) => (None, [].as_slice()),
    };
    let remote = remote.map(|arg| arg.value.shown());
    let qualifiers = |force: bool| Qualifiers {
        force,
        carries: Carries::ProjectData,
        ..Qualifiers::default()
    };
    if refs.is_empty() {
        let verb = if deletes && !call.has(&["--mirror", "--prune"]) {
            Verb::DeleteRemote
        } else {
            Verb::Push
        };
        let branch = if call.has(&["--all", "--mirror", "--branches"]) {
            Some("all".to_owned())
        } else if call.has(&["--tags"]) {
            Some("tags".to_owned())
        } else {
            current(it)
        };
        it.emit(
            verb,
            Resource::Ref {
                remote: remote.clone(),
                branch,
            },
            qualifiers(force),
            call.span,
            "git push",
        );
    }
    for spec in refs {
        let shown = spec.value.shown();
        let (forced, text) = match shown.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (force, shown.as_str()),
        };
        let (source, target) = text.split_once(':').unwrap_or((text, text));
        let target = target.strip_prefix("refs/heads/").unwrap_or(target);
        let branch = if target == "HEAD" {
            current(it)
        } else {
            Some(target.to_owned())
        };
        let verb = if deletes || source.is_empty() && text.contains(':') {
            Verb::DeleteRemote
        } else {
            Verb::Push
        };
        let branch = if spec.known().is_none() && target.starts_with('?') {
            None
        } else {
            branch
        };
        it.emit(
            verb,
            Resource::Ref {
                remote: remote.clone(),
                branch,
            },
            qualifiers(forced),
            span(spec),
            "git push",
        );
    }
}

/// A dry run sends nothing, but learns from the remote what it has.
fn asks_the_remote(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let option = call.option(&["--repo"]).and_then(|given| given.value.as_ref());
    let host = match option.or_else(|| call.operands.first()) {
        None => Some("origin".to_owned()),
        Some(remote) => match remote.known() {
            Some(name) if !name.contains([':', '/', '@']) => Some(name.to_owned()),
            Some(_) | None => crate::interpret::host_of(&remote.value),
        },
    };
    it.emit(
        Verb::Fetch,
        Resource::Host(host),
        Qualifiers::default(),
        call.span,
        "git push",
    );
}

fn span(arg: &Arg) -> placet_model::Span {
    arg.span
}

fn current(it: &Interpreter<'_>) -> Option<String> {
    let dir = match &it.state.cwd {
        Dir::At(dir) | Dir::Below(dir) => dir.clone(),
        Dir::Unknown => return None,
    };
    it.facts.repository(&dir).and_then(|repository| repository.branch)
}
