//! What a change to a `package.json`, a workflow or a task file adds: each new leaf is a command, which is judged by what it
//! would do, or a setting that is known to run nothing. Everything else leaves the doubt.

use placet_languages::document::{self, Leaf};

use super::{Both, Here};

/// Scripts that installation runs by itself, also on other machines.
const BY_ITSELF: &[&str] = &[
    "preinstall",
    "install",
    "postinstall",
    "prepare",
    "preprepare",
    "postprepare",
    "prepublish",
    "prepublishOnly",
    "prepack",
    "postpack",
    "dependencies",
];

/// Members of a `package.json` that nothing runs.
const INERT_MEMBERS: &[&str] = &[
    "name",
    "version",
    "description",
    "keywords",
    "private",
    "license",
    "author",
    "contributors",
    "homepage",
    "bugs",
    "repository",
    "funding",
    "main",
    "module",
    "types",
    "typings",
    "type",
    "exports",
    "imports",
    "files",
    "sideEffects",
    "engines",
    "os",
    "cpu",
    "browserslist",
    "browser",
    "unpkg",
    "jsdelivr",
];

const DEPENDENCIES: &[&str] = &[
    "dependencies",
    "devDependencies",
    "peerDependencies",
    "optionalDependencies",
    "resolutions",
    "overrides",
];

/// Leaves that are there now and were not there before.
fn added(old: &[Leaf], new: &[Leaf]) -> Vec<Leaf> {
    let mut left: Vec<&Leaf> = old.iter().collect();
    let mut out = Vec::new();
    for leaf in new {
        match left.iter().position(|known| *known == leaf) {
            Some(at) => {
                left.remove(at);
            }
            None => out.push(leaf.clone()),
        }
    }
    out
}

fn names(leaf: &Leaf) -> Vec<&str> {
    leaf.path.iter().map(String::as_str).collect()
}

/// The change to a `package.json`.
pub(super) fn package(here: &Here<'_, '_>, both: &Both) -> bool {
    let read = |text: &str| {
        if both.fragment {
            document::json(&format!("{{{}}}", text.trim().trim_end_matches(',')))
        } else if text.trim().is_empty() {
            Some(Vec::new())
        } else {
            document::json(text)
        }
    };
    let (Some(old), Some(new)) = (read(&both.old), read(&both.new)) else {
        return false;
    };
    let added = added(&old, &new);
    if both.fragment {
        // Which member they are in is not known: a version is one wherever it stands, a command has to be harmless.
        return added.iter().all(|leaf| match names(leaf).as_slice() {
            [name] => !BY_ITSELF.contains(name) && (is_version(&leaf.value) || here.runs_harmlessly(&leaf.value)),
            _ => false,
        });
    }
    added.iter().all(|leaf| match names(leaf).as_slice() {
        ["scripts", name] => !BY_ITSELF.contains(name) && here.runs_harmlessly(&leaf.value),
        ["scripts", ..] => false,
        ["lint-staged" | "simple-git-hooks", ..] | ["husky", "hooks", ..] => here.runs_harmlessly(&leaf.value),
        [member] if DEPENDENCIES.contains(member) => leaf.value.is_empty(),
        [member, _] if DEPENDENCIES.contains(member) => is_version(&leaf.value),
        [member, ..] => INERT_MEMBERS.contains(member),
        [] => leaf.value.is_empty(),
    })
}

/// A version or a range of versions from the registry, and nothing that could name another place.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix("workspace:").unwrap_or(text);
    !text.is_empty()
        && text.replace("||", " ").split_whitespace().all(|part| {
            let number = part.trim_start_matches(['^', '~', '<', '>', '=', 'v']);
            part == "-"
                || number.is_empty()
                || number.starts_with(|c: char| c.is_ascii_digit() || c == '*')
                    && number
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'*'))
        })
}

/// Keys whose text a shell runs.
const COMMANDS: &[&str] = &[
    "run",
    "script",
    "before_script",
    "after_script",
    "bash",
    "cmd",
    "cmds",
    "commands",
    "sh",
];

/// Keys that only name, order or bound what runs.
const INERT: &[&str] = &[
    "name",
    "run-name",
    "id",
    "needs",
    "timeout-minutes",
    "continue-on-error",
    "fail-fast",
    "max-parallel",
    "desc",
    "summary",
    "displayName",
    "stage",
    "stages",
    "retention-days",
    "if-no-files-found",
    "node-version",
    "python-version",
    "go-version",
    "java-version",
    "cache",
    "interruptible",
    "allow_failure",
    "coverage",
    "silent",
    "version",
    "fetch-depth",
    "vmImage",
];

/// Triggers that run with what the repository's own people pushed, or without its secrets.
const TRIGGERS: &[&str] = &[
    "push",
    "pull_request",
    "workflow_dispatch",
    "merge_group",
    "schedule",
    "release",
];

/// Keys that guard what runs: taking one away, or changing it, may let more run with more rights.
const GUARDS: &[&str] = &["if", "permissions", "environment", "rules", "only", "except", "when"];

/// The change to a workflow, a pipeline or a task file.
pub(super) fn pipeline(here: &Here<'_, '_>, both: &Both) -> bool {
    let read = |text: &str| {
        if text.trim().is_empty() {
            Some(Vec::new())
        } else {
            document::yaml(text)
        }
    };
    let (Some(old), Some(new)) = (read(&both.old), read(&both.new)) else {
        return false;
    };
    // With these, code of strangers runs beside secrets: no change to such a file is everyday work.
    let exposed = new.iter().any(|leaf| {
        let names = names(leaf);
        names.first() == Some(&"on")
            && names.iter().copied().chain([leaf.value.as_str()]).any(|name| {
                matches!(
                    name,
                    "pull_request_target" | "workflow_run" | "issue_comment" | "issues"
                )
            })
    });
    let unguarded = added(&new, &old)
        .iter()
        .any(|gone| gone.path.iter().any(|name| GUARDS.contains(&name.as_str())));
    !exposed && !unguarded && added(&old, &new).iter().all(|leaf| step(here, leaf))
}

fn step(here: &Here<'_, '_>, leaf: &Leaf) -> bool {
    let names = names(leaf);
    let value = leaf.value.as_str();
    let last = names.iter().rev().copied().find(|name| *name != "[]").unwrap_or("");
    if names.first() == Some(&"on") {
        let trigger = names.get(1).copied().filter(|name| *name != "[]").unwrap_or(value);
        return TRIGGERS.contains(&trigger);
    }
    if names.contains(&"permissions") {
        return matches!(value, "read" | "none" | "read-all" | "");
    }
    let inside = |name: &str| names.contains(&name);
    if inside("env") || inside("variables") || inside("environment") {
        return is_constant(here, last, value);
    }
    if COMMANDS.contains(&last) || last == "command" && inside("run") {
        return expressions_as_variables(value).is_some_and(|command| here.runs_harmlessly(&command));
    }
    // What is not run may still carry a secret to what is.
    if value.contains("secrets") || value.contains("self-hosted") {
        return false;
    }
    match last {
        "uses" => is_well_known(value),
        "runs-on" => !value.is_empty() && expressions_as_variables(value).is_some(),
        "shell" => matches!(value, "bash" | "sh"),
        "image" => is_official_image(value),
        "working-directory" | "working_directory" => is_below(value),
        // Names that keep two runs apart.
        "group" | "cancel-in-progress" if inside("concurrency") => true,
        "key" | "keys" | "restore-keys" => true,
        // What is kept of a run.
        "path" | "paths" | "exclude" if inside("artifacts") || inside("cache") || inside("with") => is_below(value),
        "expire_in" | "name" => true,
        // CircleCI: steps without settings, and jobs by their names.
        "steps" => value == "checkout",
        "jobs" | "requires" if inside("workflows") => !value.contains('/'),
        "resource_class" => !value.contains('/'),
        // A new guard only ever lets less run.
        "if" => true,
        _ => INERT.contains(&last) || names.contains(&"matrix") && !value.contains('$'),
    }
}

/// A variable with a fixed value that reaches no program as code.
fn is_constant(here: &Here<'_, '_>, name: &str, value: &str) -> bool {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain
        && !value.contains(['$', '\'', '\\', '\n', '`'])
        && !value.contains("secrets")
        && here.runs_harmlessly(&format!("export {name}='{value}'"))
}

/// An image of the registry's own library, or of the runner's maker.
fn is_official_image(image: &str) -> bool {
    let name = image.strip_prefix("cimg/").unwrap_or(image);
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'))
}

/// A path inside of what is checked out.
fn is_below(path: &str) -> bool {
    !path.contains("..") && !path.contains("${{") && !path.starts_with(['/', '~', '$'])
}

/// An action that comes with the runner's own maker, or lies in the repository.
fn is_well_known(action: &str) -> bool {
    let own = action.starts_with("./") && !action.contains("..");
    let plain = action
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'@'));
    plain
        && (own
            || action.starts_with("actions/") && action.contains('@') && !action.starts_with("actions/github-script"))
}

/// A command in which every `${{ … }}` is one whose text nobody from outside chooses, as a variable that nothing is known
/// of; `None` if one is not.
fn expressions_as_variables(command: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = command;
    while let Some((head, tail)) = rest.split_once("${{") {
        let (inner, after) = tail.split_once("}}")?;
        let inner = inner.trim();
        let fixed = inner.starts_with("matrix.")
            || inner.starts_with("runner.")
            || matches!(
                inner,
                "github.sha" | "github.run_id" | "github.run_number" | "github.workspace"
            );
        let plain = inner
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if !fixed || !plain {
            return None;
        }
        out.push_str(head);
        out.push_str("${CI_EXPRESSION}");
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}
