//! Where the commands run: own mount, process and network namespaces, everything read-only but a home and temporary directories in
//! memory, an own user where that is possible, and bounds of time, processes and file sizes.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::{compare, corpus, fixture, seen};

/// What came of one command.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub program: String,
    pub command: String,
    pub known_gap: bool,
    /// What happened and had not been predicted.
    pub violations: Vec<String>,
    /// All that was predicted.
    pub predicted: Vec<String>,
    /// What was predicted and did not happen, with the program that it was predicted for.
    pub unneeded: Vec<(String, String)>,
    /// The prediction had a doubt that covers everything.
    pub doubt: bool,
    /// Programs that were started.
    pub started: Vec<String>,
    pub exit: Option<i32>,
    pub milliseconds: u64,
}

/// State of a file or directory, as far as a command can change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub is_directory: bool,
    pub content: u64,
    changed: (i64, i64),
}

const HOME: &str = "/home/dev";
const PROJECT: &str = "/home/dev/project";
const TEMPLATE: &str = "/mnt/template";
const LOGS: &str = "/mnt/logs";
const PARTS: usize = 2;

/// Runs the commands, in as many jails as there are parts; `Err` says why that can't be done here.
pub fn run_all(commands: &[corpus::Command]) -> Result<Vec<Outcome>, String> {
    for program in ["strace", "unshare", "setpriv", "prlimit", "git"] {
        let found = ["/usr/bin", "/bin"]
            .iter()
            .any(|directory| Path::new(directory).join(program).exists());
        if !found {
            return Err(format!("`{program}` is not installed"));
        }
    }
    let mut probe = Command::new("unshare");
    probe.args(options()).args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    let entered = probe
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !entered {
        return Err("namespaces are not available here".to_owned());
    }
    let parts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PARTS)
            .map(|part| scope.spawn(move || run_part(commands, part)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect::<Vec<_>>()
    });
    Ok(parts.into_iter().flatten().collect())
}

fn run_part(commands: &[corpus::Command], part: usize) -> Vec<Outcome> {
    let mut jail = start();
    let mut input = jail.stdin.take().expect("piped");
    let output = BufReader::new(jail.stdout.take().expect("piped"));
    let mut outcomes = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for command in commands.iter().skip(part).step_by(PARTS) {
                writeln!(input, "{}", serde_json::to_string(command).unwrap()).unwrap();
            }
        });
        for line in output.lines().map_while(Result::ok) {
            // The test runner's own words come before and behind.
            if let Some(at) = line.find("{\"program\"") {
                outcomes.push(serde_json::from_str(&line[at..]).unwrap_or_else(|error| panic!("{error}: {line}")));
            }
        }
    });
    assert!(jail.wait().unwrap().success(), "a jail ended early");
    outcomes
}

fn options() -> Vec<&'static str> {
    let mut options = vec!["-m", "-p", "-n", "-i", "-u", "-f", "--kill-child", "--mount-proc"];
    if !is_root() {
        options.push("-Ur");
    }
    options
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

fn start() -> Child {
    let rust = Command::new("rustc").args(["--print", "sysroot"]).output();
    let rust = rust.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let mut jail = Command::new("unshare");
    jail.args(options())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "inside_the_jail", "--ignored", "--nocapture"])
        .env_clear()
        .envs([
            ("HOME", HOME),
            ("USER", "dev"),
            ("LOGNAME", "dev"),
            ("SHELL", "/bin/bash"),
        ])
        .envs([
            ("PATH", "/usr/bin:/bin:/mnt/rust/bin"),
            ("LANG", "C.UTF-8"),
            ("TERM", "dumb"),
        ])
        .env("PLACET_EFFECTS_RUST", rust.unwrap_or_default())
        .env("PLACET_EFFECTS_ROOT", if is_root() { "yes" } else { "no" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    jail.envs(std::env::var("PLACET_EFFECTS_ONLY").map(|value| ("PLACET_EFFECTS_ONLY", value)));
    jail.spawn().expect("unshare starts")
}

/// The commands on standard input, inside.
pub fn inside() {
    // Whoever asks for every test that is marked `ignore` would have their own home covered.
    assert_eq!(
        std::process::id(),
        1,
        "this runs as the first process of a jail, and nowhere else"
    );
    let variable = |name| std::env::var(name).unwrap_or_default();
    let rust = variable("PLACET_EFFECTS_RUST");
    let with_own_user = variable("PLACET_EFFECTS_ROOT") == "yes";
    mount(&["-t", "tmpfs", "tmpfs", "/mnt"]);
    fs::create_dir_all("/mnt/rust").unwrap();
    if !rust.is_empty() {
        mount(&["--bind", &rust, "/mnt/rust"]);
    }
    for directory in ["/home", "/root", "/tmp", "/var/tmp", "/run", "/dev/shm"] {
        if Path::new(directory).exists() {
            mount(&["-t", "tmpfs", "-o", "mode=1777", "tmpfs", directory]);
        }
    }
    // Best effort: what is not allowed here is left to the rights of the user.
    let _ = Command::new("mount")
        .args(["-o", "remount,bind,ro", "/"])
        .stderr(Stdio::null())
        .status();
    let run = |script: &str, directory: &Path| {
        let mut shell = as_user(with_own_user, &["bash", "-c", script]);
        shell
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        shell.status().unwrap();
    };
    // Made where it will be used, so that nothing remembers another place.
    fs::create_dir_all(HOME).unwrap();
    if with_own_user {
        let own = |script: &str| Command::new("sh").args(["-c", script]).status().unwrap();
        fixture::build(Path::new(HOME), |script, directory| {
            own("chown -R 1000:1000 /home/dev");
            run(script, directory);
        });
    } else {
        fixture::build(Path::new(HOME), run);
    }
    copy(HOME, TEMPLATE);
    fs::create_dir_all(LOGS).unwrap();
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let command = serde_json::from_str(&line).unwrap();
        println!("{}", serde_json::to_string(&one(&command, with_own_user)).unwrap());
    }
}

fn mount(arguments: &[&str]) {
    let status = Command::new("mount").args(arguments).status().unwrap();
    assert!(status.success(), "mount {arguments:?}");
}

fn copy(from: &str, to: &str) {
    let _ = fs::remove_dir_all(to);
    assert!(Command::new("cp").args(["-a", from, to]).status().unwrap().success());
}

fn as_user(with_own_user: bool, words: &[&str]) -> Command {
    let mut all = vec![
        "--fsize=67108864",
        "--nproc=2000",
        "--core=0",
        "--cpu=20",
        "--data=4294967296",
    ];
    if with_own_user {
        all.extend([
            "setpriv",
            "--reuid=1000",
            "--regid=1000",
            "--clear-groups",
            "--inh-caps=-all",
        ]);
    }
    all.extend(words);
    let mut command = Command::new("prlimit");
    command.args(all);
    for name in ["PLACET_EFFECTS_RUST", "PLACET_EFFECTS_ROOT", "PLACET_EFFECTS_ONLY"] {
        command.env_remove(name);
    }
    command
}

const TRACED: &str = "trace=execve,execveat,open,openat,openat2,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,\
mknod,mknodat,truncate,ftruncate,chmod,fchmod,fchmodat,chown,lchown,fchown,fchownat,link,linkat,symlink,symlinkat,utime,utimes,\
utimensat,futimesat,setxattr,lsetxattr,fsetxattr,removexattr,fremovexattr,connect,sendto,bind,kill,tkill,mount,umount2,chdir,\
fchdir,fork,vfork,clone,clone3";

fn one(command: &corpus::Command, with_own_user: bool) -> Outcome {
    let began = Instant::now();
    copy(TEMPLATE, HOME);
    for directory in ["/tmp", "/var/tmp", "/dev/shm", LOGS] {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
    let logs = PathBuf::from(LOGS).join("one");
    fs::create_dir(&logs).unwrap();
    if with_own_user {
        let _ = std::os::unix::fs::chown(&logs, Some(1000), Some(1000));
    }
    let before = states();
    let prediction = compare::predict(&command.text, PROJECT, HOME);
    let log = logs.join("log").to_string_lossy().into_owned();
    let words = [
        "timeout",
        "-s",
        "KILL",
        "12",
        "strace",
        "-ff",
        "-y",
        "-qq",
        "-s",
        "256",
        "--seccomp-bpf",
        "-e",
        TRACED,
        "-o",
        &log,
    ];
    let words = [&words[..], &["bash", "-c", &command.text]].concat();
    let mut shell = as_user(with_own_user, &words);
    shell.current_dir(PROJECT).stdin(Stdio::null()).stdout(Stdio::null());
    let output = shell.stderr(Stdio::piped()).output().unwrap();
    if std::env::var_os("PLACET_EFFECTS_ONLY").is_some() {
        eprintln!("{}: {}", command.text, String::from_utf8_lossy(&output.stderr));
    }
    let events = seen::events(&logs);
    let after = states();
    let compared = compare::compare(&prediction, &events, &before, &after);
    Outcome {
        program: command.program.clone(),
        command: command.text.clone(),
        known_gap: command.known_gap,
        violations: compared.violations,
        predicted: compared.predicted,
        unneeded: compared.unneeded,
        doubt: compared.doubt,
        started: compared.started,
        exit: output.status.code(),
        milliseconds: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

/// Everything that a command could change.
fn states() -> BTreeMap<String, State> {
    let mut found = BTreeMap::new();
    let mut left = vec![PathBuf::from("/home"), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    while let Some(directory) = left.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else {
                continue;
            };
            if metadata.is_dir() {
                left.push(path.clone());
            }
            let state = State {
                is_directory: metadata.is_dir(),
                content: if metadata.is_file() {
                    content(&path)
                } else {
                    metadata.file_type().is_symlink().into()
                },
                changed: (metadata.mtime(), metadata.mtime_nsec()),
            };
            found.insert(path.to_string_lossy().into_owned(), state);
        }
    }
    found
}

fn content(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    fs::read(path).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}
