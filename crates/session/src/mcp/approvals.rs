//! Which servers a person approved, by content: one JSON Lines file in the state directory, which no agent may write. And what
//! a server said of its tools last time.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use placet_facts::{paths, session::content_hash};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::config::{Configured, How, Whose};
use super::link::Listing;
use crate::Error;

/// The file.
#[derive(Clone, Debug, Default)]
pub(super) struct Approvals {
    path: PathBuf,
}

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
enum Line {
    /// A person approved the server with this content.
    Approved { server: String, content: String, time: u64 },
    /// A server said this of its tools.
    Listed { content: String, listing: String },
}

impl Approvals {
    pub(super) fn of(state: &str) -> Self {
        Self {
            path: Path::new(state).join("mcp").join("servers.jsonl"),
        }
    }

    /// Whether a person approved this content, for good.
    pub(super) fn has(&self, content: &str) -> bool {
        self.lines()
            .any(|line| matches!(line, Line::Approved { content: approved, .. } if approved == content))
    }

    pub(super) fn approve(&self, server: &str, content: &str, time: u64) -> Result<(), Error> {
        self.append(&Line::Approved {
            server: server.to_owned(),
            content: content.to_owned(),
            time,
        })
    }

    /// Takes down what the server says of its tools now, and tells whether it said something else before.
    pub(super) fn says_otherwise(&self, content: &str, listing: &Listing) -> Result<bool, Error> {
        let now = digest_of(listing);
        let last = self.lines().fold(None, |last, line| match line {
            Line::Listed { content: of, listing } if of == content => Some(listing),
            Line::Listed { .. } | Line::Approved { .. } => last,
        });
        if last.as_ref() == Some(&now) {
            return Ok(false);
        }
        self.append(&Line::Listed {
            content: content.to_owned(),
            listing: now,
        })?;
        Ok(last.is_some())
    }

    /// What can't be read approves nothing.
    fn lines(&self) -> impl Iterator<Item = Line> {
        let bytes = fs::read(&self.path).unwrap_or_default();
        let lines: Vec<Line> = bytes
            .split(|&byte| byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        lines.into_iter()
    }

    fn append(&self, line: &Line) -> Result<(), Error> {
        let file = Error::file;
        if let Some(directory) = self.path.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(directory)
                .map_err(file(directory))?;
        }
        let mut text = serde_json::to_vec(line).map_err(|error| Error::File {
            path: self.path.clone(),
            source: error.into(),
        })?;
        text.push(b'\n');
        let mut open = OpenOptions::new();
        let opened = open.create(true).append(true).mode(0o600).open(&self.path);
        opened
            .and_then(|mut opened| opened.write_all(&text))
            .map_err(file(&self.path))
    }
}

/// What makes a server this one and no other: its entry, what its variables make of command, arguments and address, and the
/// content of each file that these name. One that came with a project is that project's.
pub(super) fn content(server: &Configured, how: &How, project: &str, home: &str) -> String {
    let mut state = Sha256::new();
    let mut part = |text: &str| {
        state.update((text.len() as u64).to_be_bytes());
        state.update(text);
    };
    part(&server.name);
    part(&server.written.to_string());
    if server.whose == Whose::Project {
        part(project);
    }
    match how {
        How::Http { url, .. } => part(&url.value()),
        How::Stdio { command, arguments, .. } => {
            for word in core::iter::once(command).chain(arguments) {
                let word = word.value();
                part(&word);
                let behind = word.split_once('=').map(|(_, behind)| behind);
                for name in [Some(word.as_str()), behind].into_iter().flatten() {
                    let path = paths::absolute(name, project, home);
                    if let Some(hash) = content_hash(&path) {
                        part(&path);
                        part(&hash);
                    }
                }
            }
        }
    }
    hex(&state.finalize())
}

/// In whatever order it lists them.
fn digest_of(listing: &Listing) -> String {
    let mut tools: Vec<String> = listing
        .tools
        .iter()
        .map(|tool| serde_json::json!([tool.name, tool.description, tool.schema]).to_string())
        .collect();
    tools.sort();
    let all = serde_json::json!([listing.instructions, tools]).to_string();
    hex(&Sha256::digest(all.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::config::{Files, read};
    use super::super::link::{Listed, Listing};
    use super::{Approvals, content};

    #[test]
    fn an_approval_holds_for_one_content_and_the_files_that_it_names() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().to_str().unwrap();
        let approvals = Approvals::of(project);
        let named = |text: &str| {
            let path = root.path().join(".mcp.json");
            std::fs::write(&path, text).unwrap();
            let nowhere = root.path().join("nowhere");
            let files = Files {
                named: &[],
                user: &nowhere,
                project: &path,
            };
            let (servers, _) = read(files, &|_| None, &[]).unwrap();
            let server = servers.first().unwrap();
            content(server, server.how.as_ref().unwrap(), project, "/home/dev")
        };
        std::fs::write(root.path().join("a.py"), "1").unwrap();
        let text = r#"{"mcpServers": {"a": {"command": "python3", "args": ["a.py"], "env": {"B": "c"}}}}"#;
        let first = named(text);
        assert!(!approvals.has(&first));
        approvals.approve("a", &first, 1).unwrap();
        assert!(approvals.has(&first) && named(text) == first);
        for changed in [
            text.replace("a.py", "b.py"),
            text.replace("\"c\"", "\"d\""),
            text.replace("\"a\":", "\"z\":"),
        ] {
            assert!(!approvals.has(&named(&changed)), "{changed}");
        }
        std::fs::write(root.path().join("a.py"), "2").unwrap();
        assert!(!approvals.has(&named(text)));
    }

    #[test]
    fn a_server_that_says_otherwise_than_last_time_is_noticed_once() {
        let root = tempfile::tempdir().unwrap();
        let approvals = Approvals::of(root.path().to_str().unwrap());
        let listing = |about: &str| Listing {
            tools: vec![Listed {
                name: "a".to_owned(),
                description: about.to_owned(),
                schema: Default::default(),
            }],
            ..Listing::default()
        };
        let said = |about: &str| approvals.says_otherwise("content", &listing(about)).unwrap();
        assert!(!said("reads"));
        assert!(!said("reads"));
        assert!(said("reads, and more"));
        assert!(!said("reads, and more"));
        assert!(!approvals.has("content"));
    }
}
