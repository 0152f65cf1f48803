//! What a written file promises to run later, read off its new content. Only ever takes a doubt away where all of the
//! content was understood; it adds nothing and judges nothing.

use placet_languages::{Code, What};
use placet_model::{Origin, Resource, RunsLater, Understood, Verb};

use crate::interpret::Interpreter;
use crate::manifest;
use crate::syntax;

/// Longest content that is looked into, in bytes.
const LONGEST: usize = 64 * 1024;

/// Clears the mark of the last effect when what the content would run later is harmless throughout.
pub(crate) fn weigh(it: &mut Interpreter<'_>, path: &str, content: &str) {
    let Some(last) = it.analysis.effects.list.last() else {
        return;
    };
    let harmless = match last.qualifiers.runs_later {
        Some(RunsLater::BuildScript) => configuration(path, content),
        Some(RunsLater::Manifest) => path.ends_with("/package.json") && scripts(it, content),
        Some(
            RunsLater::AgentInstructions
            | RunsLater::AgentSettings
            | RunsLater::ContinuousIntegration
            | RunsLater::EditorOrEnvironment
            | RunsLater::GitHook
            | RunsLater::StartFile,
        )
        | None => false,
    };
    if harmless && let Some(last) = it.analysis.effects.list.last_mut() {
        last.qualifiers.runs_later = None;
        last.dimensions = crate::dimensions::of(last.verb, &last.resource, &last.qualifiers);
    }
}

/// Whether a tool's configuration written as a program only builds a value: it imports, reads variables, nothing more.
fn configuration(path: &str, content: &str) -> bool {
    let language = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js" | "mjs" | "cjs") => placet_languages::Language::JavaScript,
        Some("ts" | "mts" | "cts") => placet_languages::Language::TypeScript,
        Some(_) | None => return false,
    };
    if content.len() > LONGEST {
        return false;
    }
    let analysis = placet_languages::analyse(Code {
        language,
        text: content,
        file: Some(path),
    });
    analysis.complete
        && analysis.operations.iter().all(|operation| {
            matches!(operation.what, What::ImportLocal(_) | What::ReadEnvironment(_))
                && operation.carries.files.is_empty()
        })
}

/// Whether every script of a `package.json` only starts tools of the project's toolchain.
fn scripts(it: &Interpreter<'_>, content: &str) -> bool {
    if content.len() > LONGEST {
        return false;
    }
    let Some(all) = manifest::scripts(content) else {
        return false;
    };
    all.iter().all(|(name, command)| {
        // Installation runs these by itself, also on other machines.
        let by_itself = matches!(
            name.as_str(),
            "preinstall" | "install" | "postinstall" | "prepare" | "prepublish" | "preprepare" | "postprepare"
        );
        let mut inner = Interpreter::new(it.facts);
        inner.items(&syntax::parse(command).items);
        !by_itself
            && inner
                .finish()
                .effects
                .list
                .iter()
                .all(|effect| match (&effect.resource, effect.verb) {
                    (Resource::Code(code), Verb::RunCode) => {
                        matches!(code.origin, Origin::Toolchain | Origin::Project) && code.understood != Understood::Not
                    }
                    (Resource::Path(target), Verb::Read | Verb::List) => target.place == placet_model::Place::Project,
                    _ => false,
                })
    })
}
