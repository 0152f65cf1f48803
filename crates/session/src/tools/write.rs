//! Write: a whole file. One that is there is replaced only if the model has seen it as it is.

use placet_model::{ChangeKind, FileChange};

use super::{Bench, Outcome, text};
use crate::conversation::ToolCall;

pub(super) fn run(bench: &Bench, call: &ToolCall) -> Result<Outcome, String> {
    let path = bench.path(call, "path")?;
    let content = call.text("content").ok_or("`content` is missing")?;
    let exists = path.symlink_metadata().is_ok();
    if exists {
        let (_, size) = text::kind(&path)?;
        if size > 0 && !bench.knows(&path) {
            return Err(format!(
                "`{}` is there and was not read, or has changed since; read it first",
                path.display()
            ));
        }
    }
    text::replace(&path, content)?;
    bench.has_seen(&path);
    let lines = content.lines().count();
    let verb = if exists { "replaced" } else { "created" };
    Ok(Outcome {
        text: format!(
            "{verb} `{}` ({lines} line{})",
            path.display(),
            if lines == 1 { "" } else { "s" }
        ),
        failed: false,
        changed: vec![FileChange {
            path: path.to_string_lossy().into_owned(),
            kind: if exists {
                ChangeKind::Modified
            } else {
                ChangeKind::Created
            },
        }],
    })
}
