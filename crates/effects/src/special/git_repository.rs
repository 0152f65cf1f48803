//! `git` in a repository that came with content: its configuration and its hooks make git run what whoever made it wanted.
//! The project's own repository is not looked at here; what changes its configuration is an effect of its own.

use placet_model::{Code, Origin, Qualifiers, Resource, Span, Understood, Verb};

use crate::interpret::{Call, Interpreter};
use crate::paths::{self, Dir, Use};
use crate::value::Value;

/// Looks at the repository that the call would work in.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let given = call.option(&["--git-dir"]).and_then(|given| given.value.clone());
    match (given, &it.state.cwd) {
        (Some(directory), _) => named(it, &directory.value, directory.span),
        (None, Dir::At(directory)) => {
            let found = it.facts.git_runs(&directory.clone(), false);
            runs(it, &found, call.span);
        }
        (None, Dir::Below(_) | Dir::Unknown) => {}
    }
    super::strangers::apply(it, call);
}

/// The same for a repository that is named, by an option or by `GIT_DIR`.
pub(crate) fn named(it: &mut Interpreter<'_>, directory: &Value, span: Span) {
    let target = paths::target(directory, &it.state.cwd.clone(), Use::Look, it.facts);
    if let Some(path) = target.paths.base().map(str::to_owned) {
        let found = it.facts.git_runs(&path, true);
        runs(it, &found, span);
    }
}

fn runs(it: &mut Interpreter<'_>, found: &[String], span: Span) {
    let Some(first) = found.first() else { return };
    let code = Code {
        origin: Origin::Project,
        understood: Understood::Not,
        name: first.clone(),
    };
    let qualifiers = Qualifiers {
        note: Some("a repository among the files makes git run it".to_owned()),
        ..Qualifiers::default()
    };
    it.emit(Verb::RunCode, Resource::Code(code), qualifiers, span, "git");
}
