//! Git configuration: keys whose values are programs, and entries given by `-c key=value` or `git config`.

use placet_model::{Code, Origin, Qualifiers, Resource, RunsLater, Span, Understood, Verb};

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Bound, Value};

/// `git config …`: reading shows values, writing changes what git does from now on.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let mut operands = call.operands.as_slice();
    let mut reads = call.has(&[
        "--get",
        "--get-all",
        "--get-regexp",
        "--list",
        "-l",
        "--get-urlmatch",
        "--get-color",
        "--get-colorbool",
        "--name-only",
    ]);
    let mut removes = call.has(&["--unset", "--unset-all", "--remove-section", "--rename-section"]);
    if let Some(word) = operands.first().and_then(Arg::known)
        && matches!(
            word,
            "get" | "list" | "set" | "unset" | "edit" | "rename-section" | "remove-section"
        )
        && call.operands.len() > usize::from(word != "list" && word != "edit")
    {
        reads |= matches!(word, "get" | "list");
        removes |= matches!(word, "unset" | "remove-section" | "rename-section");
        operands = operands.get(1..).unwrap_or_default();
    }
    if reads || operands.len() < 2 && !removes && !call.has(&["-e", "--edit", "--add", "--replace-all"]) {
        return;
    }
    let wide = call.has(&["--global", "--system"]);
    let key = operands.first().map(|arg| arg.value.shown()).unwrap_or_default();
    let runs_later = match kind(&key.to_ascii_lowercase()) {
        Kind::Command | Kind::Redirects | Kind::Unknown if !removes => Some(RunsLater::GitHook),
        Kind::Command | Kind::Redirects | Kind::Unknown | Kind::Harmless => None,
    };
    let qualifiers = Qualifiers {
        runs_later,
        ..Qualifiers::default()
    };
    let verb = if wide || call.has(&["-f", "--file"]) {
        Verb::GlobalConfig
    } else {
        Verb::Config
    };
    it.emit(
        verb,
        Resource::Named(format!("git {key}")),
        qualifiers,
        call.span,
        "git config",
    );
    if let Some(value) = operands.get(1).filter(|_| !removes) {
        entry_of(it, &key, &value.value, call.span, "git config");
    }
}

/// `-c key=value`.
pub(crate) fn entry(it: &mut Interpreter<'_>, text: &Value, span: Span, by: &str) {
    let prefix = text.prefix().to_owned();
    match prefix.split_once('=') {
        Some((key, _)) => {
            let value = text.skip(key.len() + 1).unwrap_or_default();
            entry_of(it, key, &value, span, by);
        }
        None if text.known().is_some() => entry_of(it, &prefix, &Value::text("true"), span, by),
        None => it.opaque("a configuration entry of git that can't be told", span),
    }
}

/// What an entry with this key and value makes git do.
fn entry_of(it: &mut Interpreter<'_>, key: &str, value: &Value, span: Span, by: &str) {
    let key = key.to_ascii_lowercase();
    match kind(&key) {
        Kind::Harmless => {}
        Kind::Command => match value.known() {
            Some(
                "" | "cat" | "less" | "true" | ":" | "false" | "vim" | "vi" | "nano" | "code --wait" | "store"
                | "cache" | "osxkeychain" | "manager" | "input" | "auto",
            ) => {}
            Some(text) => {
                let text = text.trim_start_matches('!').to_owned();
                it.code(Origin::Inline, Understood::Partly, &format!("git {key}"), span, by);
                it.within(
                    |context| context.inner = true,
                    |it| it.shell_text(&Value::text(text), span, by),
                );
            }
            None => it.code(Origin::Dynamic, Understood::Not, &format!("git {key}"), span, by),
        },
        Kind::Redirects => {
            let code = Code {
                origin: Origin::Outside,
                understood: Understood::Not,
                name: format!("git {key}"),
            };
            let qualifiers = Qualifiers {
                note: Some("git would use another repository, place or server than the one that is seen".into()),
                ..Qualifiers::default()
            };
            it.emit(Verb::RunCode, Resource::Code(code), qualifiers, span, by);
        }
        Kind::Unknown => {
            let _ = Bound::Any;
            it.opaque(&format!("what the git setting `{key}` does is not known"), span);
        }
    }
}

enum Kind {
    Harmless,
    Command,
    Redirects,
    Unknown,
}

/// Source: git-config(1).
fn kind(key: &str) -> Kind {
    let section = key.split('.').next().unwrap_or(key);
    let last = key.rsplit('.').next().unwrap_or(key);
    match (section, last) {
        (
            "core",
            "sshcommand"
            | "pager"
            | "editor"
            | "askpass"
            | "fsmonitor"
            | "gitproxy"
            | "alternaterefscommand"
            | "hookspath",
        )
        | ("sequence", "editor")
        | ("diff", "external" | "command" | "textconv")
        | ("difftool" | "mergetool", "cmd" | "path")
        | ("merge", "driver" | "tool")
        | ("filter", "clean" | "smudge" | "process")
        | ("alias" | "pager", _)
        | ("credential", "helper")
        | ("gpg", "program" | "defaultkeycommand")
        | ("sendemail", "smtpserver" | "tocmd" | "cccmd" | "sendmailcmd")
        | ("browser" | "man" | "web" | "instaweb", "cmd" | "path" | "browser" | "httpd")
        | ("remote", "uploadpack" | "receivepack" | "vcs")
        | ("uploadpack", "packobjectshook")
        | ("trailer", "command" | "cmd")
        | ("interactive", "difffilter")
        | ("tar", "command")
        | ("submodule", "update")
        | ("guitool", "cmd")
        | ("imap", "tunnel")
        | ("fsck" | "receive", "skiplist" | "procreceiverefs")
        | ("help", "browser")
        | ("lfs", "clean" | "smudge" | "process" | "path" | "args") => {
            if key == "core.hookspath" {
                Kind::Redirects
            } else {
                Kind::Command
            }
        }
        (
            "core",
            "worktree"
            | "gitdir"
            | "attributesfile"
            | "excludesfile"
            | "alternates"
            | "bare"
            | "repositoryformatversion",
        )
        | ("url", "insteadof" | "pushinsteadof")
        | ("remote", "url" | "pushurl" | "proxy" | "fetch" | "push")
        | (
            "http" | "https",
            "proxy" | "sslverify" | "sslcainfo" | "cookiefile" | "savecookies" | "extraheader" | "sslcert" | "sslkey",
        )
        | ("include" | "includeif", _)
        | ("protocol", _)
        | ("safe", _)
        | ("extensions", _)
        | ("init", "templatedir")
        | ("clone", _)
        | ("gpg", _)
        | ("bundle", _)
        | ("lfs", "url" | "customtransfer")
        | ("transfer" | "receive" | "uploadpack", _) => Kind::Redirects,
        (
            "user" | "author" | "committer" | "color" | "column" | "log" | "format" | "pull" | "push" | "fetch"
            | "rebase" | "branch" | "advice" | "status" | "init" | "commit" | "diff" | "merge" | "apply" | "gc"
            | "index" | "pack" | "feature" | "i18n" | "notes" | "rerere" | "showbranch" | "stash" | "submodule" | "tag"
            | "versionsort" | "worktree" | "help" | "http" | "https" | "core" | "blame" | "checkout" | "grep"
            | "maintenance" | "am" | "mailinfo" | "repack" | "reset" | "revert" | "sequence" | "credential" | "remote"
            | "lfs" | "github" | "hub" | "trailer" | "interactive" | "tar" | "difftool" | "mergetool" | "sendemail"
            | "filter" | "svn" | "add" | "clean" | "completion" | "dotgit" | "ssh" | "trace2" | "fastimport" | "fsck"
            | "splitindex" | "untrackedcache",
            _,
        ) => Kind::Harmless,
        _ => Kind::Unknown,
    }
}
