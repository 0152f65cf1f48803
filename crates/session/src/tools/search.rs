//! Grep: a regular expression over files, by the libraries of ripgrep.

use std::path::{Path, PathBuf};

use grep_regex::RegexMatcherBuilder;
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder, Sink, SinkContext, SinkMatch};
use ignore::overrides::OverrideBuilder;

use super::{Bench, Outcome, Running, flag, list, number, text};
use crate::conversation::ToolCall;

/// As much is shown at most.
const BYTES: usize = 32 << 10;
/// As much of a line is shown.
const LINE: usize = 300;

pub(super) fn run(bench: &Bench, call: &ToolCall, running: &Running<'_>) -> Result<Outcome, String> {
    let pattern = call.text("pattern").ok_or("`pattern` is missing")?;
    let root = list::real(bench, call)?;
    let matcher = RegexMatcherBuilder::new()
        .case_insensitive(flag(call, "ignore_case"))
        .line_terminator(Some(b'\n'))
        .build(pattern)
        .map_err(|error| format!("`{pattern}` is no regular expression: {error}"))?;
    let context = usize::try_from(number(call, "context")?.unwrap_or_default().min(20)).unwrap_or_default();
    let mut searcher = SearcherBuilder::new()
        .binary_detection(BinaryDetection::quit(0))
        .line_number(true)
        .before_context(context)
        .after_context(context)
        .build();
    let filter = match call.text("glob") {
        Some(glob) => {
            let mut builder = OverrideBuilder::new(&root);
            builder
                .add(glob.trim_start_matches('!'))
                .map_err(|error| format!("`{glob}` is no pattern: {error}"))?;
            Some(builder.build().map_err(|error| error.to_string())?)
        }
        None => None,
    };
    let mut found = Found {
        names_only: flag(call, "names_only"),
        ..Found::default()
    };
    let mut walk = list::walk(bench, &root, (running.policy)()?);
    for entry in walk.sort_by_file_path(Path::cmp).build().flatten() {
        if running.stop.is_wanted() || found.text.len() > BYTES {
            break;
        }
        let wanted = filter
            .as_ref()
            .is_none_or(|filter| filter.matched(entry.path(), false).is_whitelist());
        if entry.file_type().is_some_and(|kind| kind.is_file()) && wanted && is_there(entry.path()) {
            let name = entry.path().strip_prefix(&root).unwrap_or(entry.path());
            found.name = if name.as_os_str().is_empty() {
                entry.path().to_path_buf()
            } else {
                name.to_path_buf()
            };
            // What can't be opened is passed over, as ripgrep does.
            let _ = searcher.search_path(&matcher, entry.path(), &mut found);
        }
    }
    let (shown, more) = text::cut(&found.text, BYTES);
    Ok(Outcome::done(match (shown.is_empty(), more) {
        (true, _) => "[nothing matches]".to_owned(),
        (false, true) => format!("{shown}\n[there is more; narrow it down]"),
        (false, false) => shown.to_owned(),
    }))
}

/// Whether the path leads where it says, although something may have put a link into it since it was found.
fn is_there(path: &Path) -> bool {
    std::fs::canonicalize(path).is_ok_and(|real| real == path)
}

#[derive(Default)]
struct Found {
    text: String,
    name: PathBuf,
    names_only: bool,
}

impl Found {
    fn line(&mut self, number: Option<u64>, mark: char, bytes: &[u8]) {
        let line = String::from_utf8_lossy(bytes);
        let (line, more) = text::cut(line.trim_end(), LINE);
        self.text.push_str(&format!(
            "{}{mark}{}{mark}{line}{}\n",
            self.name.display(),
            number.unwrap_or_default(),
            if more { " [… cut]" } else { "" }
        ));
    }
}

impl Sink for &mut Found {
    type Error = std::io::Error;

    fn matched(&mut self, _: &Searcher, found: &SinkMatch<'_>) -> Result<bool, Self::Error> {
        if self.names_only {
            let name = format!("{}\n", self.name.display());
            self.text.push_str(&name);
            return Ok(false);
        }
        self.line(found.line_number(), ':', found.bytes());
        Ok(self.text.len() <= BYTES)
    }

    fn context(&mut self, _: &Searcher, found: &SinkContext<'_>) -> Result<bool, Self::Error> {
        self.line(found.line_number(), '-', found.bytes());
        Ok(true)
    }
}
