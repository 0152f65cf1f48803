//! Whose the processes are that a signal would reach. Asked of `/proc` when a decision needs it; nothing is run, and where
//! the system keeps no such directory nothing is known. A doubt is never the session's own.
//!
//! A process is the session's own if it is the same user's, neither the agent nor anything above it, and either the agent
//! is above it, or it lost its parent, carries an agent's marker in its environment and works in the project.

mod markers;
mod pattern;
mod sockets;
mod table;
#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::cell::OnceCell;

use placet_model::{Others, Ownership, ProcessSet};

use crate::paths;
use pattern::Pattern;
use table::{Look, Process, Table};

/// Further up nobody looks.
const GENERATIONS: usize = 64;

/// Which process starts the commands that are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// The one that started this one, perhaps through a shell: a hook.
    #[default]
    Above,
    /// This very process: an agent that decides by itself.
    Here,
}

/// The processes of this machine, as seen by one of them.
#[derive(Debug)]
pub(crate) struct Processes {
    table: Table,
    own: u32,
    seat: Seat,
    around: OnceCell<Option<Around>>,
}

/// Where the session's processes are allowed to work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Project<'p> {
    pub(crate) root: &'p str,
    pub(crate) extra: &'p [String],
    pub(crate) home: &'p str,
}

/// What is around the process that asks.
#[derive(Debug)]
struct Around {
    user: u32,
    /// This process and what stands between it and the agent: gone when the command runs.
    passing: Vec<u32>,
    /// The agent and everything above it.
    above: Vec<u32>,
    /// What starts the commands.
    agent: Option<u32>,
}

impl Processes {
    /// The processes at `root`, usually `/proc`, of the users in a list, as seen by the process `own`.
    pub(crate) fn new(root: &str, users: &str, own: u32, seat: Seat) -> Self {
        Self {
            table: Table::at(root, users),
            own,
            seat,
            around: OnceCell::new(),
        }
    }

    /// Whose the processes of a set are.
    pub(crate) fn whose(&self, set: &ProcessSet, project: Project<'_>) -> Ownership {
        let Some(around) = self.around() else {
            return Ownership::Unknown;
        };
        match set {
            ProcessSet::OwnChild => Ownership::Session,
            ProcessSet::All => Ownership::Unknown,
            ProcessSet::Pid(number) => self.of_number(number, around, project),
            ProcessSet::Pattern(text) => self.of_pattern(text, Meant::Line, around, project),
            ProcessSet::Name(text) => self.of_pattern(text, Meant::Name, around, project),
            ProcessSet::Listed(text) => self.of_pattern(text, Meant::Listed, around, project),
            ProcessSet::Port { number, clients } => match sockets::holders(&self.table, *number, *clients) {
                None => Ownership::Unknown,
                Some(holders) => {
                    let mut found = Found::default();
                    found.others.count = holders.hidden;
                    for pid in holders.pids {
                        self.add(pid, &mut found, around, project);
                    }
                    self.settled(found)
                }
            },
        }
    }

    fn of_number(&self, number: &str, around: &Around, project: Project<'_>) -> Ownership {
        let mut found = Found::default();
        match number.parse::<i32>() {
            // The group of whoever sends it, and everything at all. What is no process number can be cut to one: zsh and
            // some other programs take 4294967295 for -1.
            Ok(0 | -1) | Err(_) => return Ownership::Unknown,
            Ok(group) if group < 0 => {
                let Some(numbers) = self.table.numbers() else {
                    return Ownership::Unknown;
                };
                for &pid in numbers {
                    match self.table.look(pid) {
                        Look::Found(process) if process.group == i64::from(group).saturating_neg() => {
                            self.add(pid, &mut found, around, project);
                        }
                        Look::Found(_) | Look::Gone => {}
                        Look::Hidden => return Ownership::Unknown,
                    }
                }
            }
            Ok(one) => {
                // A thread's number reaches its process.
                if let Ok(number) = u32::try_from(one) {
                    let pid = self.table.whole(number).unwrap_or(number);
                    self.add(pid, &mut found, around, project);
                }
            }
        }
        self.settled(found)
    }

    fn of_pattern(&self, text: &str, meant: Meant, around: &Around, project: Project<'_>) -> Ownership {
        let (Some(pattern), Some(numbers)) = (Pattern::read(text), self.table.numbers()) else {
            return Ownership::Unknown;
        };
        let mut found = Found::default();
        for &pid in numbers {
            if around.passing.contains(&pid) {
                continue;
            }
            if !self.table.has_time() {
                return Ownership::Unknown;
            }
            let process = match self.table.look(pid) {
                Look::Found(process) => process,
                Look::Gone => continue,
                Look::Hidden => return Ownership::Unknown,
            };
            let Some(line) = self.table.command_line(pid) else {
                return Ownership::Unknown;
            };
            let by_user = || meant == Meant::Listed && self.is_user_meant(pid, &pattern);
            if is_meant(&pattern, text, &process, &line, meant) || by_user() {
                self.add(pid, &mut found, around, project);
            }
        }
        self.settled(found)
    }

    /// Whether the name of its user is meant, or can't be told.
    fn is_user_meant(&self, pid: u32, pattern: &Pattern) -> bool {
        let name = self.table.acts_as(pid).and_then(|user| self.table.user_name(user));
        name.is_none_or(|name| pattern.is_in(name.as_bytes()))
    }

    fn add(&self, pid: u32, found: &mut Found, around: &Around, project: Project<'_>) {
        let process = match self.table.look(pid) {
            Look::Gone => return,
            Look::Hidden => {
                found.others.count = found.others.count.saturating_add(1);
                return;
            }
            Look::Found(process) => process,
        };
        if self.is_own(&process, around, project) {
            found.own = true;
            return;
        }
        found.others.count = found.others.count.saturating_add(1);
        if found.others.named.len() < Others::NAMED {
            found.others.named.push((shown(&process.name), pid));
        }
    }

    fn settled(&self, found: Found) -> Ownership {
        if !self.table.has_time() {
            return Ownership::Unknown;
        }
        match (found.others.count, found.own) {
            (0, false) => Ownership::Nobody,
            (0, true) => Ownership::Session,
            (_, _) => Ownership::Others(found.others),
        }
    }

    fn is_own(&self, process: &Process, around: &Around, project: Project<'_>) -> bool {
        let same_user = |pid| self.table.user(pid) == Some(around.user);
        if around.above.contains(&process.pid) || is_placet(&process.name) || !same_user(process.pid) {
            return false;
        }
        let mut line = vec![process.clone()];
        while line.len() < GENERATIONS {
            let Some(parent) = line.last().map(|process| process.parent) else {
                return false;
            };
            if Some(parent) == around.agent {
                return true;
            }
            if parent == 1 {
                return self.is_left_behind(&line, around, project);
            }
            // What stands beside the agent was started by whoever started the agent.
            if around.above.contains(&parent) {
                return false;
            }
            match self.table.look(parent) {
                Look::Found(process) if adopts(&process) => return self.is_left_behind(&line, around, project),
                Look::Found(process) => line.push((*process).clone()),
                Look::Gone | Look::Hidden => return false,
            }
        }
        false
    }

    /// Whether a process and everything above it were left behind by a command of an agent that worked in this project.
    /// What has a terminal may be typed in by the user.
    fn is_left_behind(&self, line: &[Process], around: &Around, project: Project<'_>) -> bool {
        let left = |process: &Process| {
            !process.has_terminal
                && self.table.user(process.pid) == Some(around.user)
                && self.table.is_marked(process.pid)
        };
        line.iter().all(left)
            && line
                .first()
                .and_then(|process| self.table.directory(process.pid))
                .is_some_and(|directory| project.holds(&directory))
    }

    fn around(&self) -> Option<&Around> {
        self.around.get_or_init(|| self.look_around()).as_ref()
    }

    fn look_around(&self) -> Option<Around> {
        // In the directory of another world of processes the numbers would be other processes'.
        let own: u32 = std::fs::read_link(format!("{}/self", self.table.root()))
            .ok()?
            .to_str()?
            .parse()
            .ok()?;
        if own != self.own {
            return None;
        }
        let user = self.table.user(own)?;
        let mut line: Vec<Process> = Vec::new();
        let mut next = own;
        while next != 0 && line.len() < GENERATIONS {
            let Look::Found(process) = self.table.look(next) else {
                return None;
            };
            next = process.parent;
            line.push((*process).clone());
        }
        let mut around = Around {
            user,
            passing: Vec::new(),
            above: Vec::new(),
            agent: None,
        };
        let mut above = line.iter();
        if self.seat == Seat::Above {
            let passes = |process: &&Process| {
                process.pid == own
                    || is_placet(&process.name)
                    || is_shell(&process.name) && self.runs_a_text(process.pid)
            };
            let passing = line.iter().take_while(passes).count();
            around.passing = above.by_ref().take(passing).map(|process| process.pid).collect();
        }
        around.above = above.clone().map(|process| process.pid).collect();
        // An interactive shell is the user, and the first process has children that it never started.
        around.agent = above
            .next()
            .filter(|agent| agent.pid != 1 && !is_shell(&agent.name))
            .map(|agent| agent.pid);
        Some(around)
    }

    /// Whether a shell was given something to run, and is no prompt: `-c` among its first options, or a file at once.
    fn runs_a_text(&self, pid: u32) -> bool {
        let words = self.table.words(pid).unwrap_or_default();
        let words = words.get(1..).unwrap_or_default();
        let mut options = words.iter().take_while(|word| word.starts_with('-'));
        words.first().is_some_and(|word| !word.starts_with(['-', '+']))
            || options.any(|word| !word.starts_with("--") && word.contains('c'))
    }
}

/// What was found of a set.
#[derive(Debug, Default)]
struct Found {
    own: bool,
    others: Others,
}

impl Project<'_> {
    /// Whether a directory lies in it. A project that is the home or more holds other projects.
    fn holds(&self, directory: &str) -> bool {
        let roots = std::iter::once(self.root).chain(self.extra.iter().map(String::as_str));
        roots
            .filter(|root| !paths::within(self.home, root))
            .any(|root| paths::within(directory, root))
    }
}

/// What a text is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    /// The program's name.
    Name,
    /// The words that it was started with, too.
    Line,
    /// The name of its user, too.
    Listed,
}

/// Whether `pkill` or `killall` would mean it: by its name, or also by the words that it was started with.
fn is_meant(pattern: &Pattern, text: &str, process: &Process, line: &[u8], meant: Meant) -> bool {
    /// The kernel keeps so much of a name.
    const NAME: usize = 15;
    let program = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    let program = program.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let cut = process.name.len() >= NAME && text.starts_with(&process.name);
    pattern.is_in(process.name.as_bytes())
        || pattern.is_in(program)
        || cut
        || meant != Meant::Name && pattern.is_in(line)
}

/// What takes in processes that lost their parent, beside the first of all.
fn adopts(process: &Process) -> bool {
    process.parent == 1 && process.name == "systemd"
}

fn is_placet(name: &str) -> bool {
    name.starts_with("placet")
}

fn is_shell(name: &str) -> bool {
    let name = name.trim_start_matches('-');
    matches!(
        name,
        "ash"
            | "bash"
            | "busybox"
            | "csh"
            | "dash"
            | "elvish"
            | "fish"
            | "ksh"
            | "mksh"
            | "nu"
            | "pwsh"
            | "rbash"
            | "sh"
            | "tcsh"
            | "xonsh"
            | "zsh"
    )
}

/// A program chooses its name, and people and models read it.
fn shown(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '/') {
                c
            } else {
                '?'
            }
        })
        .collect()
}
