//! Git configuration: keys whose values are programs, and entries given by `-c key=value` or `git config`.

use placet_model::{Code, Origin, Qualifiers, Resource, RunsLater, Span, Understood, Verb};

use crate::catalogue::carriers::{self, GitCarries};
use crate::interpret::{Call, Interpreter, pattern};
use crate::value::{Arg, Value};

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
    // `git config KEY=VALUE` reads a key of that name; it is meant as, and may be mistaken for, a setting.
    if !reads
        && let [only] = operands
        && let Some((key, _)) = only.value.prefix().split_once('=')
    {
        let key = key.to_owned();
        let value = only.value.skip(key.len() + 1).unwrap_or_default();
        entry_of(it, &key, &value, only.span, "git config");
        return;
    }
    if reads || operands.len() < 2 && !removes && !call.has(&["-e", "--edit", "--add", "--replace-all"]) {
        return;
    }
    let wide = call.has(&["--global", "--system"]);
    let key = operands.first().map(|arg| arg.value.shown()).unwrap_or_default();
    let carries = carriers::git_setting(&key.to_ascii_lowercase()).map(|setting| setting.carries);
    let runs_later = (carries != Some(GitCarries::Nothing) && !removes).then_some(RunsLater::GitHook);
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
    let Some(setting) = carriers::git_setting(&key) else {
        it.opaque(&format!("what the git setting `{key}` does is not known"), span);
        return;
    };
    match setting.carries {
        GitCarries::Nothing => {}
        GitCarries::Command => match value.known() {
            Some(text) if setting.harmless.iter().any(|harmless| pattern(harmless, text)) => {}
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
        GitCarries::Redirect => {
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
    }
}
