//! Background jobs: commands that are not waited for, each with its own output. None outlives the session.

use std::fs;
use std::path::PathBuf;
use std::process::Child;

use super::{Outcome, shell};
use crate::conversation::ToolCall;

/// As much is shown at once.
const BYTES: u64 = 24 << 10;
/// Jobs that run at once.
const MOST: usize = 16;

/// The jobs of a session.
#[derive(Debug)]
pub(super) struct Jobs {
    scratch: PathBuf,
    list: Vec<Job>,
}

#[derive(Debug)]
struct Job {
    name: String,
    child: Child,
    output: PathBuf,
    /// As much of the output was shown.
    shown: u64,
}

impl Jobs {
    pub(super) fn new(scratch: PathBuf) -> Self {
        Self {
            scratch,
            list: Vec::new(),
        }
    }

    /// Takes over a running process; its name.
    pub(super) fn add(&mut self, child: Child, output: PathBuf) -> String {
        let name = format!("job-{}", self.list.len().saturating_add(1));
        let running = self.list.iter_mut().filter_map(|job| match job.child.try_wait() {
            Ok(None) => Some(job),
            Ok(Some(_)) | Err(_) => None,
        });
        // The oldest makes room; a machine has only so much of it.
        let mut running: Vec<&mut Job> = running.collect();
        if running.len() >= MOST
            && let Some(oldest) = running.first_mut()
        {
            shell::end_group(&mut oldest.child);
        }
        self.list.push(Job {
            name: name.clone(),
            child,
            output,
            shown: 0,
        });
        name
    }

    /// What a job has written since it was last asked.
    pub(super) fn output(&mut self, call: &ToolCall) -> Result<Outcome, String> {
        let job = self.find(call)?;
        let state = match job.child.try_wait() {
            Ok(None) => "[it runs]".to_owned(),
            Ok(Some(status)) => format!("[it has ended: {status}]"),
            Err(error) => format!("[its state can't be told: {error}]"),
        };
        let text = shell::part(&job.output, job.shown, BYTES).map_err(|error| error.to_string())?;
        let size = fs::metadata(&job.output).map(|data| data.len()).unwrap_or_default();
        job.shown = size.min(job.shown.saturating_add(BYTES));
        let left = size.saturating_sub(job.shown);
        let more = if left > 0 {
            format!("[{left} bytes more, in {}]\n", job.output.display())
        } else {
            String::new()
        };
        Ok(Outcome::done(format!("{text}\n{more}{state}")))
    }

    /// Ends a job.
    pub(super) fn stop(&mut self, call: &ToolCall) -> Result<Outcome, String> {
        let job = self.find(call)?;
        shell::end_group(&mut job.child);
        Ok(Outcome::done(format!("`{}` is stopped", job.name)))
    }

    /// Ends all of them.
    pub(super) fn close(&mut self) {
        for job in &mut self.list {
            shell::end_group(&mut job.child);
            let _ = fs::remove_file(&job.output);
        }
        self.list.clear();
        let _ = fs::remove_dir(&self.scratch);
    }

    fn find(&mut self, call: &ToolCall) -> Result<&mut Job, String> {
        let name = call.text("job").ok_or("`job` is missing")?;
        self.list
            .iter_mut()
            .find(|job| job.name == name)
            .ok_or_else(|| format!("there is no job `{name}`"))
    }
}
