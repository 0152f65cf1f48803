//! Edit and MultiEdit: exact replacements. A text that is not there, or is there more than once, changes nothing.

use placet_model::{Change, ChangeKind, FileChange, ToolInput};

use super::{Bench, Outcome, text};
use crate::conversation::ToolCall;
use crate::gate::Gate;

pub(super) fn run(bench: &Bench, call: &ToolCall) -> Result<Outcome, String> {
    let path = bench.path(call, "path")?;
    // The changes as the engine has judged them.
    let ToolInput::Edit { changes, .. } = Gate::input(call)? else {
        return Err("this is no edit".to_owned());
    };
    let before = text::whole(&path)?;
    let mut after = before.clone();
    let mut shown = String::new();
    for (number, change) in (1_usize..).zip(&changes) {
        after = replaced(&after, change, &mut shown).map_err(|why| {
            let which = if changes.len() > 1 {
                format!("edit {number}: ")
            } else {
                String::new()
            };
            format!("{which}{why}; nothing was changed")
        })?;
    }
    if after == before {
        return Err("the edits change nothing".to_owned());
    }
    text::replace(&path, &after)?;
    bench.has_seen(&path);
    Ok(Outcome {
        text: format!("changed `{}`\n{shown}", path.display()),
        failed: false,
        changed: vec![FileChange {
            path: path.to_string_lossy().into_owned(),
            kind: ChangeKind::Modified,
        }],
    })
}

/// The text with one change made; what it was is shown as a diff.
fn replaced(text: &str, change: &Change, shown: &mut String) -> Result<String, String> {
    // Models write line feeds; a file with carriage returns keeps them.
    let carriage = text.contains("\r\n") && !change.old.contains('\r');
    let lines = |given: &str| {
        if carriage {
            given.replace('\n', "\r\n")
        } else {
            given.to_owned()
        }
    };
    let (old, new) = (lines(&change.old), lines(&change.new));
    if old.is_empty() {
        return Err("`old` is empty; name the text that goes".to_owned());
    }
    let count = text.matches(&old).count();
    match count {
        0 => return Err("`old` does not occur in the file, to the letter".to_owned()),
        1 => {}
        _ if change.all => {}
        _ => {
            return Err(format!(
                "`old` occurs {count} times; give more of its surroundings, or set `all`"
            ));
        }
    }
    let at = text.find(&old).unwrap_or_default();
    let line = text
        .get(..at)
        .unwrap_or_default()
        .matches('\n')
        .count()
        .saturating_add(1);
    shown.push_str(&format!("@@ line {line} @@\n"));
    for (mark, side) in [('-', &change.old), ('+', &change.new)] {
        for line in side.lines() {
            shown.push_str(&format!("{mark}{line}\n"));
        }
    }
    Ok(text.replace(&old, &new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(old: &str, new: &str, all: bool) -> Change {
        Change {
            old: old.to_owned(),
            new: new.to_owned(),
            all,
        }
    }

    #[test]
    fn only_a_text_that_occurs_once_is_replaced_unless_all_are_wanted() {
        let mut shown = String::new();
        let mut edit = |text: &str, one: &Change| replaced(text, one, &mut shown);
        assert_eq!(edit("a b c", &change("b", "x", false)).unwrap(), "a x c");
        assert!(edit("a b b", &change("b", "x", false)).is_err());
        assert_eq!(edit("a b b", &change("b", "x", true)).unwrap(), "a x x");
        assert!(edit("a", &change("b", "x", true)).is_err());
        assert!(edit("a", &change("", "x", false)).is_err());
    }

    #[test]
    fn line_ends_of_the_file_stay() {
        let mut shown = String::new();
        let after = replaced("one\r\ntwo\r\n", &change("one\ntwo", "1\n2", false), &mut shown).unwrap();
        assert_eq!(after, "1\r\n2\r\n");
        assert_eq!(shown, "@@ line 1 @@\n-one\n-two\n+1\n+2\n");
    }
}
