//! A directory of its own for one test, removed at the end, and git to fill it.
#![allow(dead_code, reason = "each test file uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use placet_facts::{SessionState, World};

pub struct Scratch(PathBuf);

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Scratch {
    pub fn new() -> Self {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("placet-facts-{}-{count}", std::process::id()));
        fs::create_dir_all(path.join("home")).unwrap();
        // The temporary directory may itself lie behind a link.
        Self(fs::canonicalize(path).unwrap())
    }

    /// With a git work tree in `work`.
    pub fn with_git(arguments: &[&str]) -> Self {
        let scratch = Self::new();
        scratch.directory("work");
        let mut init = vec!["init", "-q", "-b", "trunk"];
        init.extend(arguments);
        scratch.git("work", &init);
        scratch
    }

    pub fn path(&self, relative: &str) -> String {
        self.0.join(relative).to_str().unwrap().to_owned()
    }

    pub fn directory(&self, relative: &str) {
        fs::create_dir_all(self.0.join(relative)).unwrap();
    }

    pub fn file(&self, relative: &str, content: &str) {
        let path = self.0.join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn git(&self, directory: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.0.join(directory))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.0.join("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.com",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn world(&self, cwd: &str) -> World {
        self.world_with(cwd, SessionState::default())
    }

    pub fn world_with(&self, cwd: &str, session: SessionState) -> World {
        World::new(&self.path(cwd), None, &self.path("home"), session)
    }

    pub fn root(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
