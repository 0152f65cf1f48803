//! `gh pr checkout`, `glab mr checkout`, `tea pulls checkout`: a change that anybody may have proposed lies in the work tree.

use crate::interpret::{Call, Interpreter, REQUESTS};

/// Remembers that it does.
pub(crate) fn apply(it: &mut Interpreter<'_>, _: &Call<'_>) {
    if let Some(root) = it.work_tree() {
        it.marks_strange(&root, REQUESTS);
        it.lies_open(&root);
    }
}
