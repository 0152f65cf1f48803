//! The processes of this machine as the kernel lists them: each looked at when first needed, and kept. Bounded in number,
//! bytes and time. No opinion about whose they are.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::io::ErrorKind;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::markers;
use crate::disk;

/// More processes are not looked through.
const MOST: usize = 20_000;
/// Of a command line so much is looked at.
const LINE: usize = 128 << 10;
/// Of an environment so much is looked at.
const ENVIRONMENT: usize = 256 << 10;
/// Of what is only a line or a page.
const PAGE: usize = 8 << 10;
/// A longer list of users is not read.
const USERS: u64 = 1 << 20;
/// So long the looking may take in all.
const TIME: Duration = Duration::from_millis(200);

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: u32,
    /// At most 15 bytes, chosen by the program itself.
    pub(super) name: String,
    pub(super) ended: bool,
    pub(super) parent: u32,
    pub(super) group: i64,
    pub(super) has_terminal: bool,
}

/// What is at a process number.
#[derive(Clone, Debug)]
pub(super) enum Look {
    Found(Rc<Process>),
    /// Nothing, or nothing that a signal reaches any more.
    Gone,
    /// Something that may not be looked at.
    Hidden,
}

/// The kernel's list.
#[derive(Debug)]
pub(super) struct Table {
    root: String,
    /// Where the names of users stand.
    users: String,
    names: OnceCell<HashMap<u32, String>>,
    since: Instant,
    looks: RefCell<HashMap<u32, Look>>,
    numbers: OnceCell<Option<Vec<u32>>>,
}

impl Table {
    /// The list at a directory, usually `/proc`.
    pub(super) fn at(root: &str, users: &str) -> Self {
        Self {
            root: root.to_owned(),
            users: users.to_owned(),
            names: OnceCell::new(),
            since: Instant::now(),
            looks: RefCell::default(),
            numbers: OnceCell::new(),
        }
    }

    pub(super) fn root(&self) -> &str {
        &self.root
    }

    /// Whether there is still time to look further.
    pub(super) fn has_time(&self) -> bool {
        self.since.elapsed() < TIME
    }

    /// Every process number; `None` if they can't be listed, or are too many.
    pub(super) fn numbers(&self) -> Option<&[u32]> {
        let list = || {
            let names = disk::names(&self.root, MOST)?;
            Some(names.iter().filter_map(|name| name.parse().ok()).collect())
        };
        self.numbers.get_or_init(list).as_deref()
    }

    pub(super) fn look(&self, pid: u32) -> Look {
        if let Some(known) = self.looks.borrow().get(&pid) {
            return known.clone();
        }
        let look = match disk::told(&self.path(pid, "stat"), PAGE) {
            Ok((line, _)) => match process(pid, &line) {
                Some(process) if process.ended => Look::Gone,
                Some(process) => Look::Found(Rc::new(process)),
                None => Look::Hidden,
            },
            Err(error) if is_gone(&error) => Look::Gone,
            Err(_) => Look::Hidden,
        };
        self.looks.borrow_mut().insert(pid, look.clone());
        look
    }

    /// The words that it was started with, blanks between them; `None` if they can't be read as a whole. Empty for what the
    /// kernel runs itself, and for what is gone.
    pub(super) fn command_line(&self, pid: u32) -> Option<Vec<u8>> {
        match disk::told(&self.path(pid, "cmdline"), LINE) {
            Ok((mut line, true)) => {
                while line.last() == Some(&0) {
                    line.pop();
                }
                for byte in line.iter_mut().filter(|byte| **byte == 0) {
                    *byte = b' ';
                }
                Some(line)
            }
            Ok((_, false)) => None,
            Err(error) if is_gone(&error) => Some(Vec::new()),
            Err(_) => None,
        }
    }

    /// The words that it was started with.
    pub(super) fn words(&self, pid: u32) -> Option<Vec<String>> {
        let (line, whole) = disk::told(&self.path(pid, "cmdline"), LINE).ok()?;
        let words = line.strip_suffix(&[0]).unwrap_or(&line).split(|byte| *byte == 0);
        whole.then(|| words.map(|word| String::from_utf8_lossy(word).into_owned()).collect())
    }

    /// Whether it was started by a command of an agent, by its environment. A huge environment says nothing.
    pub(super) fn is_marked(&self, pid: u32) -> bool {
        matches!(disk::told(&self.path(pid, "environ"), ENVIRONMENT), Ok((environment, true)) if markers::is_marked(&environment))
    }

    /// Where it works.
    pub(super) fn directory(&self, pid: u32) -> Option<String> {
        let path = std::fs::read_link(self.path(pid, "cwd")).ok()?;
        path.into_os_string().into_string().ok()
    }

    /// The process that a number belongs to, which may be one of its threads.
    pub(super) fn whole(&self, number: u32) -> Option<u32> {
        self.status(number, "Tgid:")?.first().copied()
    }

    /// The one user that it belongs to, by all of its user ids.
    pub(super) fn user(&self, pid: u32) -> Option<u32> {
        let users = self.status(pid, "Uid:")?;
        let first = users.first().copied()?;
        (users.len() >= 3 && users.iter().all(|user| *user == first)).then_some(first)
    }

    /// The user by whose rights it acts.
    pub(super) fn acts_as(&self, pid: u32) -> Option<u32> {
        self.status(pid, "Uid:")?.get(1).copied()
    }

    /// A user's name, if it stands in the list.
    pub(super) fn user_name(&self, user: u32) -> Option<&str> {
        let read = || {
            let text = disk::read_text(&self.users, USERS).unwrap_or_default();
            let lines = text.lines().filter_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?.to_owned();
                Some((fields.nth(1)?.parse().ok()?, name))
            });
            lines.collect()
        };
        self.names.get_or_init(read).get(&user).map(String::as_str)
    }

    fn status(&self, pid: u32, key: &str) -> Option<Vec<u32>> {
        let (text, _) = disk::told(&self.path(pid, "status"), PAGE).ok()?;
        let text = String::from_utf8_lossy(&text);
        let line = text.lines().find_map(|line| line.strip_prefix(key))?;
        line.split_ascii_whitespace()
            .map(|number| number.parse().ok())
            .collect()
    }

    fn path(&self, pid: u32, name: &str) -> String {
        format!("{}/{pid}/{name}", self.root)
    }
}

/// Between the look at the list and the look at the process it may have ended.
fn is_gone(error: &std::io::Error) -> bool {
    const NO_SUCH_PROCESS: i32 = 3;
    error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(NO_SUCH_PROCESS)
}

/// `812 (name) S 1 812 812 0 …`. The name may hold parentheses and blanks.
fn process(pid: u32, line: &[u8]) -> Option<Process> {
    let line = String::from_utf8_lossy(line);
    let (head, tail) = line.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let mut fields = tail.split_ascii_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    let _session = fields.next()?;
    let terminal: i64 = fields.next()?.parse().ok()?;
    Some(Process {
        pid,
        name: name.to_owned(),
        ended: matches!(state, "Z" | "X" | "x"),
        parent,
        group,
        has_terminal: terminal != 0,
    })
}
