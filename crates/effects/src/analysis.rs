//! What the analysis of one action yields. Data only; how it is found is in the modules beside.

use placet_model::{Effects, Provenance, Span};

/// The result of looking at one action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// What the action would do.
    pub effects: Effects,
    /// Every program that a shell action would start, also inside substitutions, wrappers, inline shells and scripts;
    /// for matching rules of the form `Bash(git push *)`.
    pub invocations: Vec<Invocation>,
    /// Files that the action would write with content that comes from somewhere; a directory stands for all below it.
    pub written: Vec<WrittenFile>,
}

/// A file that the action would write, and where its content comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// The path.
    pub path: String,
    /// Where the content comes from; never empty.
    pub provenance: Vec<Provenance>,
}

impl Analysis {
    /// The command of the text to which this part belongs; the part itself where there is none. People recognise `rm a.txt`
    /// sooner than `a.txt`.
    #[must_use]
    pub fn command_at(&self, part: Span) -> Span {
        self.invocations
            .iter()
            .map(|invocation| invocation.span)
            .filter(|span| part.start < part.end && span.start <= part.start && part.end <= span.end)
            .min_by_key(|span| span.end.saturating_sub(span.start))
            .unwrap_or(part)
    }
}

/// One program with its arguments, after quote removal and expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The words; `None` where a word is not fully known.
    pub words: Vec<Option<String>>,
    /// Where it comes from in the action's text.
    pub span: Span,
    /// It was reached through another invocation (`env`, `timeout`, `sh -c`, a script), which is listed too.
    pub inner: bool,
}
