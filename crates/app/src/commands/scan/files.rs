//! The texts to scan: standard input, files, and what lies below directories. Links are not followed, and what is no text
//! is left out.

use std::io::Read;
use std::path::Path;

use placet_patterns::{Case, IgnoreFile};

use crate::Error;

/// A larger file is no text that anybody reads.
const LARGEST: u64 = 32 << 20;
/// A larger ignore file is none.
const IGNORES: usize = 1 << 20;
/// Directories that hold what others made, or what was built.
const SKIPPED: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "target",
    "dist",
    "build",
    ".venv",
    "venv",
    "__pycache__",
    ".next",
    "vendor",
];
/// Files that instruct an agent, by name.
const INSTRUCTIONS: &[&str] = &[
    "CLAUDE.md",
    "CLAUDE.local.md",
    "AGENTS.md",
    "AGENT.md",
    "GEMINI.md",
    "SKILL.md",
    "copilot-instructions.md",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules",
    ".mcp.json",
    "mcp.json",
    "mcp_config.json",
    "claude_desktop_config.json",
];
/// Directories whose texts instruct an agent.
const INSTRUCTION_DIRECTORIES: &[&str] = &[
    "skills",
    ".claude",
    ".cursor",
    ".codex",
    ".gemini",
    ".clinerules",
    ".opencode",
    "agents",
    "commands",
    "prompts",
    "instructions",
];

/// Directories within directories that are looked into.
const DEPTH: usize = 64;

/// What is done with a text: its name comes first.
pub(super) type Each<'a> = dyn FnMut(String, String) -> Result<(), Error> + 'a;

/// Calls with the name and the text of each. Of directories, what git ignores is left out, unless only what instructs an agent
/// is looked for: that is often ignored on purpose.
pub(super) fn each(path: &Path, instructions: bool, call: &mut Each<'_>) -> Result<(), Error> {
    if path.as_os_str() == "-" {
        let bytes = bounded(std::io::stdin().lock()).map_err(Error::file("read", path))?;
        return call("-".to_owned(), String::from_utf8_lossy(&bytes).into_owned());
    }
    let about = std::fs::metadata(path).map_err(Error::file("read", path))?;
    if about.is_dir() {
        let mut walk = Walk {
            instructions,
            ignores: Vec::new(),
        };
        std::fs::read_dir(path).map_err(Error::file("read", path))?;
        return walk.below(path, "", false, call);
    }
    if !about.is_file() {
        return Err(Error::input(
            format!("`{}` is no file", path.display()),
            "name files, directories, or `-` for standard input",
        ));
    }
    let file = std::fs::File::open(path).map_err(Error::file("read", path))?;
    let bytes = bounded(file).map_err(Error::file("read", path))?;
    call(path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned())
}

fn bounded(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A way through a tree.
struct Walk {
    instructions: bool,
    /// The ignore files on the way down: how deep each stands, and its lines.
    ignores: Vec<(String, IgnoreFile)>,
}

impl Walk {
    /// Everything below the directory, which is `here` from where the way began.
    fn below(&mut self, directory: &Path, here: &str, inside: bool, call: &mut Each<'_>) -> Result<(), Error> {
        if here.matches('/').count() > DEPTH {
            return Ok(());
        }
        // A directory that went away or can't be read is not what was asked about.
        let Ok(entries) = std::fs::read_dir(directory) else {
            return Ok(());
        };
        let mut entries: Vec<std::fs::DirEntry> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        let depth = self.ignores.len();
        if let Some(text) = std::fs::read_to_string(directory.join(".gitignore"))
            .ok()
            .filter(|text| !self.instructions && text.len() <= IGNORES)
        {
            self.ignores.push((here.to_owned(), IgnoreFile::parse(text)));
        }
        for entry in entries {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let place = format!("{here}{name}");
            if !kind.is_dir() && !kind.is_file() || self.ignored(&place, kind.is_dir()) {
                continue;
            }
            let path = entry.path();
            if kind.is_dir() {
                if !SKIPPED.contains(&name.as_ref()) {
                    let inside = inside || INSTRUCTION_DIRECTORIES.contains(&name.as_ref());
                    self.below(&path, &format!("{place}/"), inside, call)?;
                }
            } else if !self.instructions || instructs(&name, inside) {
                let small = entry.metadata().is_ok_and(|about| about.len() <= LARGEST);
                if let Some(text) = small.then(|| of_file(&path)).flatten() {
                    call(path.display().to_string(), text)?;
                }
            }
        }
        self.ignores.truncate(depth);
        Ok(())
    }

    /// Whether git ignores it: the innermost file that speaks of it decides.
    fn ignored(&self, place: &str, is_directory: bool) -> bool {
        let says = |(here, file): &(String, IgnoreFile)| {
            let path = place.strip_prefix(here.as_str())?;
            file.last_match(path, is_directory, Case::Sensitive)
                .map(|line| !line.negated)
        };
        self.ignores.iter().rev().find_map(says).unwrap_or(false)
    }
}

fn of_file(path: &Path) -> Option<String> {
    text(bounded(std::fs::File::open(path).ok()?).ok()?)
}

fn instructs(name: &str, inside: bool) -> bool {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    let text = [".md", ".mdc", ".txt", ".json", ".toml", ".yaml", ".yml"];
    INSTRUCTIONS.iter().any(is) || inside && text.iter().any(|end| name.ends_with(end))
}

/// The bytes as text, if they are.
fn text(bytes: Vec<u8>) -> Option<String> {
    let head = bytes.get(..bytes.len().min(8192)).unwrap_or_default();
    if head.contains(&0) {
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (valid > 0).then_some(text)
        }
    }
}
