//! Where content comes from, across calls: what this text wrote, and what earlier calls of the session wrote. Marks only;
//! what follows from them is decided where the content is used.

use std::collections::BTreeMap;

use placet_model::Provenance;

use super::{Interpreter, Written};
use crate::analysis::WrittenFile;
use crate::value::Taint;

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
    /// The marks that earlier calls of the session left on a path.
    pub(crate) fn remembered(&self, path: &str) -> Taint {
        let mut taint = Taint::default();
        for from in self.facts.provenance(path) {
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
}
