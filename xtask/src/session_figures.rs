//! `xtask session-figures`: what a session at a terminal takes. Nothing fails by it; figures depend on the machine.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// Sessions whose first screens are measured.
const RUNS: usize = 11;

/// Runs the command.
///
/// # Errors
/// A sentence for a person.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let named = arguments.iter().position(|word| word == "--program");
    let program = match named.and_then(|at| arguments.get(at + 1)) {
        Some(program) => PathBuf::from(program),
        None => {
            let status = Command::new(env!("CARGO"))
                .args(["build", "--release", "--package", "placet-app"])
                .status()
                .map_err(|error| format!("cargo: {error}"))?;
            if !status.success() {
                return Err(format!("cargo ended with {status}"));
            }
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/placet")
        }
    };
    let program = program
        .canonicalize()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let desk = Desk::new(program)?;
    let mut screens = Vec::new();
    let mut idle = 0;
    for _ in 0..RUNS {
        let (terminal, first) = desk.start("")?;
        // A moment of nothing to do.
        std::thread::sleep(Duration::from_millis(500));
        idle = terminal.memory("VmRSS:")?;
        screens.push(first);
        terminal.leave()?;
    }
    screens.sort();
    let median = screens.get(RUNS / 2).copied().unwrap_or_default();
    println!("first screen         {} ms (median of {RUNS})", median.as_millis());
    println!("idle                 {} of memory", megabytes(idle));
    let (mut terminal, _) = desk.start("go")?;
    terminal.until("Finished.")?;
    println!(
        "after 100 MB         {} of memory at most",
        megabytes(terminal.memory("VmHWM:")?)
    );
    terminal.leave()
}

fn megabytes(kilobytes: u64) -> String {
    format!("{}.{} MB", kilobytes / 1000, kilobytes % 1000 / 100)
}

/// A home and a project.
struct Desk {
    root: PathBuf,
    program: PathBuf,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

struct Terminal {
    child: Child,
    keys: ChildStdin,
    pid: String,
    shown: Vec<u8>,
}

impl Desk {
    fn new(program: PathBuf) -> Result<Self, String> {
        let root = std::env::temp_dir().join(format!("placet-session-figures-{}", std::process::id()));
        let flood = serde_json::json!({"calls": [{"tool": "Bash",
            "input": {"command": "head -c 100000000 /dev/zero | tr '\\0' '\\n'"}}]});
        let script = format!("{flood}\n{}\n", serde_json::json!({"say": "Finished."}));
        std::fs::create_dir_all(root.join("project/.git"))
            .and_then(|()| std::fs::write(root.join("script.jsonl"), script))
            .map_err(|error| format!("{}: {error}", root.display()))?;
        Ok(Self { root, program })
    }

    /// Starts a session; how long its first screen took. What is waited for is one word: blanks that were there before are
    /// not written again.
    fn start(&self, words: &str) -> Result<(Terminal, Duration), String> {
        let pid = self.root.join("pid");
        let line = format!(
            "stty rows 24 cols 80; echo $$ > ../pid; exec {} session --auto-mode --model script:../script.jsonl {words}",
            self.program.display()
        );
        let begun = Instant::now();
        let mut child = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(self.root.join("project"))
            .env("HOME", &self.root)
            .env("TMPDIR", &self.root)
            .env("TERM", "xterm-256color")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("`script` of util-linux: {error}"))?;
        let keys = child.stdin.take().ok_or("no keyboard")?;
        let mut terminal = Terminal {
            child,
            keys,
            pid: String::new(),
            shown: Vec::new(),
        };
        terminal.until("/help")?;
        let took = begun.elapsed();
        let pid = std::fs::read_to_string(pid).map_err(|error| error.to_string())?;
        pid.trim().clone_into(&mut terminal.pid);
        Ok((terminal, took))
    }
}

impl Terminal {
    fn until(&mut self, text: &str) -> Result<(), String> {
        let stdout = self.child.stdout.as_mut().ok_or("no screen")?;
        let mut piece = [0; 4096];
        loop {
            if String::from_utf8_lossy(&self.shown).contains(text) {
                return Ok(());
            }
            match stdout.read(&mut piece) {
                Ok(count) if count > 0 => self.shown.extend_from_slice(piece.get(..count).unwrap_or_default()),
                Ok(_) | Err(_) => return Err(format!("the screen never shows `{text}`")),
            }
        }
    }

    /// A line of `/proc/PID/status`, in kilobytes.
    fn memory(&self, name: &str) -> Result<u64, String> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.pid)).map_err(|error| error.to_string())?;
        let line = status
            .lines()
            .find(|line| line.starts_with(name))
            .ok_or("no such line")?;
        let number = line.split_ascii_whitespace().nth(1).unwrap_or_default();
        number.parse().map_err(|_| format!("`{line}` holds no number"))
    }

    fn leave(mut self) -> Result<(), String> {
        self.keys.write_all(b"/quit\r").map_err(|error| error.to_string())?;
        drop(self.keys);
        // What is still written has to be taken, or it waits.
        let mut rest = Vec::new();
        if let Some(mut stdout) = self.child.stdout.take() {
            let _ = stdout.read_to_end(&mut rest);
        }
        self.child.wait().map_err(|error| error.to_string())?;
        Ok(())
    }
}
