//! A program of the project that is stopped and started again by the same text: then nobody loses it, whoever started it
//! before. Only where the signal names the very file that starts, and nobody can say what runs.

use placet_model::{Code, Origin, Ownership, Place, Resource, Verb};

use super::Interpreter;
use super::control::plain;
use crate::dimensions;
use crate::paths::{self, Use};
use crate::syntax::tree::{Command, Pipeline};
use crate::value::Value;

/// File names that programs of all kinds have.
const COMMON: &[&str] = &["__main__", "cli", "index", "main"];
/// So many letters a name without an ending has to have.
const LETTERS: usize = 8;
/// Commands behind which `&&` goes on, as far as anybody can tell.
const SUCCEED: &[&str] = &[
    ":", "cd", "date", "echo", "export", "fuser", "kill", "killall", "mkdir", "pkill", "printf", "pushd", "set",
    "sleep", "true", "wait",
];
/// Launchers that may start nothing, something else, or something that ends at once.
const DOUBTFUL: &[&str] = &[
    "at", "batch", "entr", "fd", "find", "flock", "gtimeout", "parallel", "timeout", "watch", "xargs",
];
/// Options that only check or tell something, in front of the file.
const CHECKS: &[&str] = &[
    "--check",
    "--dry-run",
    "--help",
    "--lint",
    "--syntax-check",
    "--version",
    "-V",
    "-c",
    "-h",
    "-l",
    "-n",
    "-v",
];

/// Whether a pipeline succeeds as far as anybody can tell.
pub(super) fn succeeds(pipeline: &Pipeline) -> bool {
    let [Command::Simple(simple)] = pipeline.commands.as_slice() else {
        return false;
    };
    let name = simple.words.first().map(plain);
    !pipeline.negated && name.is_none_or(|name| name.is_some_and(|name| SUCCEED.contains(&name)))
}

impl Interpreter<'_> {
    /// Whether the call that runs only checks the file, or a launcher around it may not start it for good.
    fn only_looks_like_a_start(&self) -> bool {
        let mut around = self.analysis.invocations.iter().rev();
        let Some(call) = around.next() else { return false };
        let mut options = call.words.iter().skip(1);
        let checks = options
            .by_ref()
            .map_while(|word| word.as_deref().filter(|word| word.starts_with('-')))
            .any(|word| CHECKS.contains(&word));
        let mut inner = call.inner;
        let doubtful = around
            .take_while(|outer| std::mem::replace(&mut inner, outer.inner))
            .any(|outer| matches!(outer.words.first(), Some(Some(name)) if DOUBTFUL.contains(&name.as_str())));
        checks || doubtful
    }

    /// Notes that this code starts now: earlier signals to it were a restart.
    pub(super) fn restarts(&mut self, code: &Code) {
        let own = matches!(code.origin, Origin::Project | Origin::Session);
        if !own
            || self.context.maybe
            || self.context.unsure
            || self.only_looks_like_a_start()
            || self.context.elsewhere
            || code.name.contains(['?', '*'])
        {
            return;
        }
        let target = paths::target(&Value::text(code.name.as_str()), &self.state.cwd, Use::Look, self.facts);
        let (Place::Project, placet_model::Paths::One(path)) = (target.place, &target.paths) else {
            return;
        };
        for effect in &mut self.analysis.effects.list {
            let Resource::Process(set) = &effect.resource else {
                continue;
            };
            let names_it = set.text().is_some_and(|pattern| names(pattern, path));
            let unknown = effect.qualifiers.processes == Some(Ownership::Unknown);
            if effect.verb == Verb::Signal && unknown && names_it {
                effect.qualifiers.processes = Some(Ownership::Restarted);
                effect.dimensions = dimensions::of(effect.verb, &effect.resource, &effect.qualifiers);
            }
        }
    }
}

/// Whether the pattern is the name of this file, perhaps with directories before it and the program that runs it.
fn names(pattern: &str, path: &str) -> bool {
    let plain = |word: &str| {
        word.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/'))
    };
    let words: Vec<&str> = pattern.split(' ').collect();
    let Some(file) = words.last().filter(|_| words.iter().all(|word| plain(word))) else {
        return false;
    };
    let is_it = path == *file || path.strip_suffix(file).is_some_and(|before| before.ends_with('/'));
    let name = file.rsplit('/').next().unwrap_or(file);
    let tells = match name.rsplit_once('.') {
        Some((stem, ending)) => {
            let common = COMMON.contains(&stem) && !file.contains('/');
            !stem.is_empty() && (1..=5).contains(&ending.len()) && !common
        }
        None => name.bytes().filter(u8::is_ascii_alphabetic).count() >= LETTERS,
    };
    is_it && tells
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_pattern_has_to_be_the_whole_name_of_the_file() {
        let path = "/p/src/report-server.js";
        for whole in [
            "report-server.js",
            "src/report-server.js",
            "node src/report-server.js",
            path,
        ] {
            assert!(names(whole, path), "{whole}");
        }
        for part in [
            "server.js",
            "report-server",
            "node",
            "js",
            ".js",
            "report.server.js",
            "report-server.*",
            "",
            " ",
        ] {
            assert!(!names(part, path), "{part}");
        }
        assert!(names("dashboard", "/p/bin/dashboard") && !names("server", "/p/bin/server"));
        assert!(!names("index.js", "/p/index.js") && names("api/index.js", "/p/api/index.js"));
    }
}
