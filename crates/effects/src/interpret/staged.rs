//! What is staged and in no commit: putting files back from a commit takes it away, also where the files themselves are gone.
//! What the work tree loses is counted in `emit`.

use placet_model::{Resource, Standing, Verb};

use super::Interpreter;
use super::call::Call;

impl Interpreter<'_> {
    /// Marks what is put back from a commit as lost where something staged may lie there.
    pub(super) fn loses_what_is_staged(&self, verb: Verb, resource: &mut Resource, call: &Call<'_>) -> bool {
        let Resource::Path(target) = resource else { return false };
        let loses = verb == Verb::DiscardChanges
            && restores_from_commit(call)
            && target.paths.base().is_some_and(|path| self.facts.may_be_staged(path));
        if loses {
            target.standing = Standing::Unknown;
        }
        loses
    }
}

/// Whether the call sets the index back as well, to what a commit holds.
fn restores_from_commit(call: &Call<'_>) -> bool {
    match call.name.as_str() {
        "git checkout" => match call.after_dashes {
            Some(front) => front > 0,
            None => call.operands.len() > 1,
        },
        "git restore" => call.has(&["-S", "--staged"]),
        _ => false,
    }
}
