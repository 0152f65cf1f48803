//! A session in a pseudo-terminal: keys go in, a screen comes out. What is on it is the business of the tests.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

pub const UP: &str = "\u{1b}[5~";
pub const DOWN: &str = "\u{1b}[6~";
pub const SHIFT_TAB: &str = "\u{1b}[Z";
pub const ESCAPE: &str = "\u{1b}";

/// A home with a project in it.
pub struct Desk {
    pub home: tempfile::TempDir,
}

/// A session that runs.
pub struct Terminal {
    child: Child,
    keys: ChildStdin,
    output: Receiver<Vec<u8>>,
    pub screen: vt100::Parser,
    /// Every byte that was written.
    pub raw: Vec<u8>,
    home: PathBuf,
    port: Option<u16>,
}

impl Desk {
    pub fn new() -> Self {
        let desk = Self {
            home: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir_all(desk.project().join(".git")).unwrap();
        desk.write("work.txt", "not in git\n");
        desk
    }

    pub fn root(&self) -> PathBuf {
        self.home.path().canonicalize().unwrap()
    }

    pub fn project(&self) -> PathBuf {
        self.root().join("project")
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.project().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Starts it with this script of the model; `None` where no pseudo-terminal can be had.
    pub fn start(&self, turns: &[serde_json::Value], words: &str, size: (u16, u16)) -> Option<Terminal> {
        self.script("script.jsonl", turns);
        self.run(
            &format!("exec {} session --model script:../script.jsonl {words}", placet()),
            size,
            &[],
        )
    }

    /// Writes a script of the model.
    pub fn script(&self, name: &str, turns: &[serde_json::Value]) {
        let lines: Vec<String> = turns.iter().map(ToString::to_string).collect();
        std::fs::write(self.root().join(name), lines.join("\n")).unwrap();
    }

    /// Runs a line of the shell in a terminal of this size, with these variables beside the usual ones.
    pub fn run(&self, line: &str, size: (u16, u16), variables: &[(&str, &str)]) -> Option<Terminal> {
        let (rows, columns) = size;
        let line = format!("stty rows {rows} cols {columns}; {line}");
        let mut child = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(self.project())
            .env_clear()
            .env("HOME", self.root())
            .env("TMPDIR", self.root())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TERM", "xterm-256color")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .inspect_err(|error| println!("skipped: no `script` of util-linux here ({error})"))
            .ok()?;
        let mut stdout = child.stdout.take().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut piece = vec![0; 4096];
            while let Ok(count) = stdout.read(&mut piece) {
                if count == 0 || sender.send(piece[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Some(Terminal {
            keys: child.stdin.take().unwrap(),
            child,
            output,
            screen: vt100::Parser::new(rows, columns, 0),
            raw: Vec::new(),
            home: self.root(),
            port: None,
        })
    }
}

impl Terminal {
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn shown(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the screen shows this.
    pub fn until(&mut self, text: &str) -> String {
        self.until_that(text, |terminal| terminal.shown().contains(text));
        self.shown()
    }

    pub fn until_that(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            let left = Duration::from_secs(60).checked_sub(begun.elapsed());
            match left.and_then(|left| self.output.recv_timeout(left).ok()) {
                Some(bytes) => self.take(&bytes),
                None => panic!("the screen never shows {what}:\n{}", self.shown()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    /// The screen as it is the same on every machine: no ids, no seconds, no ports.
    pub fn page(&self) -> String {
        let transcripts = self.home.join(".local/state/placet/transcripts");
        let ids: Vec<String> = std::fs::read_dir(transcripts)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let mut page = String::new();
        for line in self.shown().lines() {
            let mut line = line.trim_end().to_owned();
            for id in &ids {
                line = line.replace(id, &"x".repeat(id.len()));
            }
            if let Some(port) = self.port.map(|port| port.to_string()) {
                line = line.replace(&port, &"0".repeat(port.len()));
            }
            page.push_str(&without_mark(&without_time(&line)));
            page.push('\n');
        }
        page
    }

    /// [`Self::expect`], with another number for the port.
    pub fn expect_without_port(&mut self, name: &str, port: u16) {
        self.port = Some(port);
        self.expect(name);
    }

    /// Waits until the screen is what a person has read and committed. `PLACET_ACCEPT=1` writes what is there when nothing
    /// more comes.
    pub fn expect(&mut self, name: &str) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/session/{name}.txt"));
        if std::env::var_os("PLACET_ACCEPT").is_some() {
            let begun = Instant::now();
            while let Some(left) = Duration::from_secs(1).checked_sub(begun.elapsed()) {
                if let Ok(bytes) = self.output.recv_timeout(left) {
                    self.take(&bytes);
                }
            }
            std::fs::write(&path, self.page()).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        let what = format!("{name} (read it, then accept it with PLACET_ACCEPT=1)\n{expected}\nbut:");
        self.until_that(&what, |terminal| terminal.page() == expected);
    }

    /// Ends the terminal itself, with no word to what runs in it.
    pub fn pull_the_plug(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; what was written since.
    pub fn end(mut self) -> String {
        drop(self.keys);
        self.child.wait().unwrap();
        let mut text = String::new();
        for bytes in self.output.iter() {
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
        text
    }
}

/// The line without what moves with time: the turning sign and the seconds behind it.
fn without_time(line: &str) -> String {
    const SIGNS: [char; 4] = ['◐', '◓', '◑', '◒'];
    match line
        .strip_prefix(SIGNS)
        .and_then(|rest| rest.trim_start().split_once(" s "))
    {
        Some((seconds, rest)) if seconds.bytes().all(|byte| byte.is_ascii_digit()) => format!("◐ 0 s {rest}"),
        _ => line.to_owned(),
    }
}

/// The line with another mark in its fence: the mark is another one in each session.
fn without_mark(line: &str) -> String {
    let Some((before, rest)) = line.split_once("data ") else {
        return line.to_owned();
    };
    let mark = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    if mark < 8 {
        return line.to_owned();
    }
    format!(
        "{before}data {}{}",
        "0".repeat(mark),
        rest.get(mark..).unwrap_or_default()
    )
}

/// The program, as a word of the shell.
pub fn placet() -> &'static str {
    env!("CARGO_BIN_EXE_placet")
}

pub fn bash(say: &str, command: &str) -> serde_json::Value {
    call(say, "Bash", serde_json::json!({"command": command}))
}

#[allow(clippy::needless_pass_by_value, reason = "written in place")]
pub fn call(say: &str, tool: &str, input: serde_json::Value) -> serde_json::Value {
    serde_json::json!({"say": say, "calls": [{"tool": tool, "input": input}]})
}

pub fn say(text: &str) -> serde_json::Value {
    serde_json::json!({"say": text})
}
