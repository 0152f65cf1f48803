//! Where content comes from, across calls: what this text wrote, and what earlier calls of the session wrote. Marks only;
//! what follows from them is decided where the content is used.

use std::collections::BTreeMap;

use placet_model::Provenance;

use super::{Interpreter, Written};
use crate::analysis::WrittenFile;
use crate::paths::{self, Dir};
use crate::value::{Data, Taint};

/// The files among these whose content comes from a secret or from the network.
pub(super) fn of_files(written: &BTreeMap<String, Written>) -> Vec<WrittenFile> {
    written
        .iter()
        .map(|(path, written)| WrittenFile {
            path: path.clone(),
            provenance: of(written.data.taint),
        })
        .filter(|file| !file.provenance.is_empty())
        .collect()
}

fn of(taint: Taint) -> Vec<Provenance> {
    let marks = [
        (taint.fetched, Provenance::Downloaded),
        (taint.secret || taint.credential, Provenance::Secret),
    ];
    marks.into_iter().filter(|(is, _)| *is).map(|(_, from)| from).collect()
}

impl Interpreter<'_> {
    /// Marks a path, and what will lie below it, as what came from the network.
    pub(crate) fn downloaded(&mut self, path: String) {
        let taint = Taint {
            fetched: true,
            foreign: true,
            ..Taint::default()
        };
        let written = Written {
            data: Data::unknown(taint),
            directory: false,
            built: false,
        };
        self.state.written.insert(path, written);
    }

    /// Whether the call that runs names something that was downloaded, by its path or as the value of an option.
    pub(super) fn names_a_download(&self) -> bool {
        let Some(call) = self.analysis.invocations.last() else {
            return false;
        };
        let Dir::At(here) = &self.state.cwd else { return false };
        let mut words = call.words.iter().skip(1).flatten();
        words.any(|word| {
            let word = word.rsplit('=').next().unwrap_or(word);
            !word.is_empty() && !word.starts_with('-') && self.is_in_a_download(&paths::normal(here, word))
        })
    }

    /// Whether a path is, or lies in, something that was downloaded, by this text or earlier in the session.
    pub(crate) fn is_in_a_download(&self, path: &str) -> bool {
        let in_text = self
            .state
            .written
            .iter()
            .any(|(known, written)| written.data.taint.fetched && paths::within(path, known));
        in_text || self.lies_among_strangers(path) || marks(&self.facts.provenance_around(path)).fetched
    }

    /// Whether a directory lies in something that was downloaded, or something that was downloaded lies in it.
    pub(super) fn holds_a_download(&self, directory: &str) -> bool {
        let in_text = || {
            let mut written = self.state.written.iter();
            written.any(|(path, written)| {
                written.data.taint.fetched && paths::within(path, directory) && !path.contains("/.git/")
            })
        };
        self.is_in_a_download(directory) || in_text()
    }

    /// Whether a source file of the project was put there out of something that was downloaded: what runs the project may
    /// run it.
    pub(super) fn took_in_a_download(&self) -> bool {
        let project = self.facts.project();
        let is_source = |path: &str| paths::within(path, project) && is_source(path);
        let in_text = self
            .state
            .written
            .iter()
            .any(|(path, written)| written.data.taint.fetched && is_source(path));
        // Most sessions download nothing: then no file needs to be looked at.
        in_text
            || self.remembered(project).fetched
                && self
                    .facts
                    .written_files()
                    .iter()
                    .any(|path| is_source(path) && self.remembered(path).fetched)
    }

    /// Whether the work goes on inside of something that was downloaded: what a tool finds there is not the project's.
    pub(super) fn works_in_a_download(&self) -> bool {
        let clones = || {
            self.state
                .written
                .iter()
                // What git keeps of others is no directory that anybody works in.
                .filter(|(path, written)| written.data.taint.fetched && !path.contains("/.git/"))
        };
        let (here, somewhere) = match &self.state.cwd {
            Dir::At(here) => (here, false),
            Dir::Below(here) => (here, true),
            // It may be any of them.
            Dir::Unknown => return clones().next().is_some(),
        };
        let in_text = clones().any(|(path, _)| paths::within(here, path) || somewhere && paths::within(path, here));
        in_text || self.lies_among_strangers(here) || marks(&self.facts.provenance_around(here)).fetched
    }

    /// The marks that earlier calls of the session left on a path.
    pub(crate) fn remembered(&self, path: &str) -> Taint {
        marks(&self.facts.provenance(path))
    }
}

/// Whether a file is code by its name, or says what runs.
fn is_source(path: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "c", "cc", "cjs", "cpp", "cs", "cts", "ex", "exs", "go", "h", "hpp", "java", "js", "jsx", "kt", "lua", "mjs",
        "mts", "php", "pl", "pm", "py", "rb", "rs", "scala", "swift", "ts", "tsx",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

fn marks(found: &[Provenance]) -> Taint {
    let mut taint = Taint::default();
    for from in found {
        match from {
            Provenance::Downloaded => {
                taint.fetched = true;
                taint.foreign = true;
            }
            Provenance::Secret => taint.secret = true,
            Provenance::Web => taint.foreign = true,
        }
    }
    taint
}
