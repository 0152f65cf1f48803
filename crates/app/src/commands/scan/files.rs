//! The texts to scan: standard input, files, and what lies below directories. Links are not followed, and what is no text
//! is left out.

use std::io::Read;
use std::path::Path;

use crate::Error;

/// A larger file is no text that anybody reads.
const LARGEST: u64 = 32 << 20;
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

/// Calls with the name and the text of each.
pub(super) fn each(path: &Path, instructions: bool, call: &mut dyn FnMut(String, String)) -> Result<(), Error> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(LARGEST)
            .read_to_end(&mut bytes)
            .map_err(Error::file("read", path))?;
        call("-".to_owned(), String::from_utf8_lossy(&bytes).into_owned());
        return Ok(());
    }
    let about = std::fs::metadata(path).map_err(Error::file("read", path))?;
    if !about.is_dir() {
        let bytes = std::fs::read(path).map_err(Error::file("read", path))?;
        call(path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned());
        return Ok(());
    }
    below(path, instructions, false, call)
}

fn below(
    directory: &Path,
    instructions: bool,
    inside: bool,
    call: &mut dyn FnMut(String, String),
) -> Result<(), Error> {
    let entries = std::fs::read_dir(directory).map_err(Error::file("read", directory))?;
    let mut entries: Vec<std::fs::DirEntry> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if kind.is_dir() {
            if !SKIPPED.contains(&name.as_ref()) {
                let inside = inside || INSTRUCTION_DIRECTORIES.contains(&name.as_ref());
                below(&path, instructions, inside, call)?;
            }
        } else if kind.is_file() && (!instructions || instructs(&name, inside)) {
            let small = entry.metadata().is_ok_and(|about| about.len() <= LARGEST);
            // A file that went away or can't be read is not what was asked about.
            if let Some(text) = small.then(|| std::fs::read(&path).ok()).flatten().and_then(text) {
                call(path.display().to_string(), text);
            }
        }
    }
    Ok(())
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
