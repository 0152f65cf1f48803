//! Orders about branches and change requests: what a short order means in the session's own repository, and what has to be
//! named all the same.

use placet_intent::{Deed, Deeds, Grant, is_named, pieces};
use placet_model::{Effect, Resource};

use super::orders::{is_plain_order, is_version};
use super::{Asked, invocation};
use crate::tiers;

/// Branches that are plain words.
const BRANCHES: &[&str] = &["main", "master", "trunk", "develop", "staging", "production", "release"];

/// What is pushed to other places than a repository, and repositories that are not the session's.
const NOT_COMMITS: &[&str] = &[
    "image",
    "images",
    "docker",
    "container",
    "containers",
    "package",
    "packages",
    "registry",
    "notification",
    "notifications",
    "message",
    "messages",
    "metrics",
    "events",
    "data",
    "logs",
    "database",
    "fork",
    "mirror",
    "backup",
];

/// Whether the order is to push this.
pub(super) fn pushes(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Resource::Ref { remote, branch } = &effect.resource else {
        return false;
    };
    let requests = grant.deeds.has(Deed::Request);
    if !grant.current || !(grant.deeds.has(Deed::Push) || requests) {
        return false;
    }
    if grant.deeds.has(Deed::Push) && !requests && grant.names().any(|name| NOT_COMMITS.contains(&name)) {
        return false;
    }
    let says = |words: &[&str]| grant.says(words);
    match branch.as_deref() {
        Some("all") if !(says(&["all", "every"]) && says(&["branches"])) => return false,
        Some("tags") if !says(&["tags", "tag"]) => return false,
        Some(_) | None => {}
    }
    let repository = asked.facts.repository(asked.facts.cwd());
    let own = repository.as_ref().and_then(|repository| repository.branch.as_deref());
    let target = branch.as_deref().or(own);
    let remotes: Vec<&str> = repository
        .iter()
        .flat_map(|repository| repository.remotes.iter().map(|(name, _)| name.as_str()))
        .collect();
    let remote = remote.as_deref().unwrap_or("origin");
    let formal = |name: &str| {
        name.contains(['/', '_'])
            || name.contains('-')
            || name.contains(|c: char| c.is_ascii_digit())
            || BRANCHES.contains(&name)
    };
    let mut named = false;
    let mut remote_named = false;
    for name in grant.names() {
        let short = name
            .strip_prefix(remote)
            .and_then(|rest| rest.strip_prefix('/'))
            .unwrap_or(name);
        if target.is_some_and(|target| is_named(short, target)) {
            named = true;
        } else if is_named(name, remote) {
            remote_named = true;
        } else if grant.deeds.has(Deed::Push)
            && !requests
            && (remotes.contains(&name)
                || name == "upstream"
                || formal(name) && !name.starts_with('#') && !name.starts_with('-'))
        {
            // Another branch or remote than the one that is pushed to.
            return false;
        }
    }
    if target.is_some_and(|target| grant.except.iter().any(|name| is_named(name, target))) {
        return false;
    }
    if effect.qualifiers.force {
        let this =
            grant.objects.iter().any(|word| word == "branch") || grant.places.iter().any(|word| word == "branch");
        let pointed = this && grant.says(&["this", "the", "my", "our", "that"]);
        let default = tiers::is_default_push(effect, asked.facts);
        return grant.force && is_plain_order(grant) && grant.deeds.has(Deed::Push) && (named || pointed && !default);
    }
    if tiers::is_default_push(effect, asked.facts) {
        let known = remotes.contains(&remote) || remote_named;
        return named && known && is_plain_order(grant) && grant.deeds.has(Deed::Push);
    }
    true
}

/// Whether the order is to show this repository to everybody, or no longer, and nothing else is changed.
pub(super) fn shows(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let words = invocation::of(effect, asked.analysis).and_then(invocation::known_words);
    let Some(["gh", "repo", "edit", rest @ ..]) = words.as_deref() else {
        return false;
    };
    let mut repository = None;
    let mut visibility = None;
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        match word.strip_prefix("--visibility=") {
            Some(value) => visibility = Some(value),
            None if *word == "--visibility" => visibility = rest.next().copied(),
            None if *word == "--accept-visibility-change-consequences" => {}
            None if word.starts_with('-') || repository.is_some() => return false,
            None => repository = Some(*word),
        }
    }
    let Some(visibility) = visibility else { return false };
    let is = |name: &str, repository: &str| {
        let path = name.trim_start_matches("https://").trim_start_matches("github.com/");
        is_named(path, repository) || repository.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    };
    let named = |name: &str| repository.is_some_and(|repository| is(name, repository));
    let spoken = |name: &str| matches!(name, "repo" | "repository");
    grant.deeds.has(Deed::Write)
        && is_plain_order(grant)
        // "Make the repo public", not "make the public part of the repo smaller".
        && grant
            .objects
            .windows(2)
            .any(|pair| matches!(pair, [name, word] if (spoken(name) || named(name)) && word == visibility))
        && grant.names().filter(|name| name.contains('/')).all(named)
        && grant.except.is_empty()
}

/// Whether the order is to delete this branch or tag at the remote.
pub(super) fn deletes_remote(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    const THERE: &[&str] = &[
        "remote",
        "remotely",
        "origin",
        "upstream",
        "server",
        "github",
        "gitlab",
        "shared",
        "published",
        "everywhere",
        "both",
    ];
    // The branch of a request that the same command merges: all that it held is merged by then.
    if matches!(effect.by.as_str(), "gh pr merge" | "glab mr merge") && merges(grant, effect, asked) {
        return true;
    }
    let Resource::Ref {
        branch: Some(branch),
        remote,
    } = &effect.resource
    else {
        return false;
    };
    let said: Vec<String> = grant.words.iter().flat_map(|word| pieces(word)).collect();
    let there = said
        .iter()
        .any(|word| THERE.contains(&word.as_str()) || remote.as_deref() == Some(word.as_str()));
    let main = BRANCHES.contains(&branch.as_str());
    grant.deeds.has(Deed::Delete) && is_plain_order(grant) && there && !main && invocation::names(grant, branch)
}

/// Whether the order is to rewrite local history in this way.
pub(super) fn rewrites(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    if !grant.current {
        return false;
    }
    let by = effect.by.rsplit(" › ").next().unwrap_or(&effect.by);
    let published = tiers::rewrites_published(effect);
    match by {
        "git rebase" | "git pull" => !published && grant.deeds.has(Deed::Rebase) && onto_fits(grant, effect, asked),
        "git commit" => !published && grant.deeds.has(Deed::Amend),
        "git reset" => !published && grant.deeds.has(Deed::Undo),
        "git branch" => deletes_branch(grant, effect, asked),
        _ => false,
    }
}

/// A branch that the order names and the command does not speak of is another one.
fn onto_fits(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(invocation) = invocation::of(effect, asked.analysis) else {
        return true;
    };
    let words: Vec<&str> = invocation
        .words
        .iter()
        .skip(2)
        .map(|word| word.as_deref().unwrap_or("?"))
        .filter(|word| !word.starts_with('-'))
        .collect();
    let formal = |name: &&str| BRANCHES.contains(name) || name.contains('/');
    let named: Vec<&str> = grant
        .places
        .iter()
        .chain(&grant.objects)
        .map(String::as_str)
        .filter(formal)
        .collect();
    let short = |name: &str| name.rsplit_once("origin/").map_or(name, |(_, rest)| rest).to_owned();
    let onto = words.first();
    named.is_empty() || onto.is_none_or(|onto| named.iter().any(|name| is_named(&short(name), &short(onto))))
}

/// Every branch that `git branch -d` names has to be named in the order, and not for another side only.
fn deletes_branch(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(words) = invocation::of(effect, asked.analysis).and_then(invocation::known_words) else {
        return false;
    };
    let branches: Vec<&&str> = words.iter().skip(2).filter(|word| !word.starts_with('-')).collect();
    let said: Vec<String> = grant.words.iter().flat_map(|word| pieces(word)).collect();
    let there = said.iter().any(|word| {
        matches!(
            word.as_str(),
            "remote" | "origin" | "shared" | "server" | "github" | "published"
        )
    });
    let here = said.iter().any(|word| {
        matches!(
            word.as_str(),
            "local" | "locally" | "working" | "both" | "everywhere" | "here"
        )
    });
    grant.deeds.has(Deed::Delete)
        && is_plain_order(grant)
        && (here || !there)
        && !branches.is_empty()
        && branches
            .iter()
            .all(|branch| !BRANCHES.contains(*branch) && invocation::names(grant, branch))
}

/// Whether the order is to say something to people in this place.
pub(super) fn speaks(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(invocation) = invocation::of(effect, asked.analysis) else {
        return false;
    };
    let words: Vec<&str> = invocation
        .words
        .iter()
        .map(|word| word.as_deref().unwrap_or("?"))
        .collect();
    let Some(deed) = spoken(&words) else { return false };
    let elsewhere = words.iter().enumerate().any(|(at, word)| {
        let repository = match *word {
            "-R" | "--repo" => words.get(at + 1).copied(),
            word => word.strip_prefix("--repo="),
        };
        repository.is_some_and(|repository| {
            !is_own(repository, asked) && !grant.names().any(|name| is_named(name, repository))
        })
    });
    grant.current
        && grant.deeds.has(deed)
        && !elsewhere
        && same_number(grant, &words)
        && same_change(grant, deed, &words)
}

/// Closing is not editing: the order has to speak of this kind of change.
fn same_change(grant: &Grant, deed: Deed, words: &[&str]) -> bool {
    if deed != Deed::EditRequest {
        return true;
    }
    match words.get(2).copied().unwrap_or_default() {
        "close" => grant.says(&["close"]),
        "reopen" => grant.says(&["reopen"]),
        "ready" => grant.says(&["ready", "review", "undraft"]),
        _ => grant.says(&[
            "update", "edit", "change", "rename", "retitle", "fix", "label", "assign", "mark",
        ]),
    }
}

/// What kind of saying a forge's command is.
fn spoken(words: &[&str]) -> Option<Deed> {
    let program = words.first()?.rsplit('/').next()?;
    let (first, second) = (
        words.get(1).copied().unwrap_or_default(),
        words.get(2).copied().unwrap_or_default(),
    );
    if !matches!(program, "gh" | "glab" | "hub") {
        return None;
    }
    match (first, second) {
        ("pr" | "mr", "create" | "new") | ("pull-request", _) => Some(Deed::Request),
        ("pr" | "mr" | "issue", "comment" | "note") => Some(Deed::Reply),
        ("pr" | "mr", "review") if words.iter().any(|word| matches!(*word, "-c" | "--comment")) => Some(Deed::Reply),
        ("pr" | "mr" | "issue", "edit" | "ready" | "update" | "close" | "reopen") => Some(Deed::EditRequest),
        ("issue", "create" | "new") => Some(Deed::Issue),
        ("api", _) => {
            let path = words.iter().skip(2).find(|word| word.contains('/'))?;
            let parts: Vec<&str> = path.split(['/', '?']).collect();
            let talks = parts.iter().any(|part| matches!(*part, "comments" | "replies"));
            let about = parts
                .iter()
                .any(|part| matches!(*part, "pulls" | "issues" | "merge_requests" | "discussions"));
            let removes = words
                .windows(2)
                .any(|pair| matches!(pair, ["-X" | "--method", "DELETE" | "PUT"]));
            (talks && about && !removes).then_some(Deed::Reply)
        }
        _ => None,
    }
}

/// Whether the repository is one of the session's remotes.
fn is_own(repository: &str, asked: &Asked<'_>) -> bool {
    let tail = format!("/{}", repository.trim_end_matches(".git").trim_start_matches('/'));
    asked.facts.repository(asked.facts.cwd()).is_some_and(|own| {
        own.remotes.iter().any(|(_, url)| {
            let url = url.trim_end_matches(".git").replace(':', "/");
            url.ends_with(&tail)
        })
    })
}

/// A number that the order names has to be the number of what is acted upon.
fn same_number(grant: &Grant, words: &[&str]) -> bool {
    let named: Vec<u64> = grant
        .names()
        .filter_map(|name| name.trim_start_matches('#').parse().ok())
        .filter(|number| *number < 1_000_000)
        .collect();
    named.is_empty() || invocation::number(words).is_none_or(|number| named.contains(&number))
}

/// Whether the order is to merge this.
pub(super) fn merges(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(invocation) = invocation::of(effect, asked.analysis) else {
        return false;
    };
    let words: Vec<&str> = invocation
        .words
        .iter()
        .map(|word| word.as_deref().unwrap_or("?"))
        .collect();
    let forced = words.iter().any(|word| matches!(*word, "--admin"));
    let request = |name: &String| {
        let plain = [
            "it", "pr", "mr", "request", "pull", "branch", "changes", "up", "main", "master", "merged", "these", "both",
        ];
        plain.contains(&name.as_str()) || name.contains(['#', '/']) || name.chars().all(|c| c.is_ascii_digit())
    };
    let spoken = grant.objects.iter().all(request);
    grant.deeds.has(Deed::Merge) && is_plain_order(grant) && !forced && spoken && same_number(grant, &words)
}

/// Whether the order is to make this release.
pub(super) fn releases(grant: &Grant, effect: &Effect, asked: &Asked<'_>) -> bool {
    let Some(words) = invocation::of(effect, asked.analysis).and_then(invocation::known_words) else {
        return false;
    };
    let bare = |name: &str| name.trim_start_matches('v').to_owned();
    let named: Vec<String> = grant.names().filter(|name| is_version(name)).map(bare).collect();
    let made: Vec<String> = words
        .iter()
        .skip(1)
        .filter(|word| is_version(word))
        .map(|word| bare(word))
        .collect();
    let creates = words.contains(&"create");
    grant.deeds.meets(Deeds::of(&[Deed::Release]))
        && is_plain_order(grant)
        && creates
        && !made.is_empty()
        && made.iter().all(|version| named.contains(version))
}
