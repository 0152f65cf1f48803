//! Asks bash whether scripts are valid. Runs nothing: `bash -n` only reads.

use std::io::Write;
use std::process::{Command, Stdio};

/// Whether `bash -n` takes the script without a word of complaint.
pub fn accepts(script: &str) -> bool {
    let mut child = Command::new("bash")
        .args(["--norc", "--noprofile", "-n"])
        .env_remove("BASH_ENV")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash is installed");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .expect("bash reads its script");
    let output = child.wait_with_output().expect("bash ends");
    output.status.success() && output.stderr.is_empty()
}
