//! Whose processes are whose, in lists of processes made for the test.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use placet_model::{Others, Ownership, ProcessSet};

use super::{Processes, Project, Seat};

/// The hook's own number.
const HOOK: u32 = 100;
const AGENT: u32 = 50;
const MARK: &str = "CLAUDECODE=1";

/// A list of processes: the hook, the agent above it, and the shell of the user above that.
struct List(PathBuf);

struct Entry<'e> {
    parent: u32,
    line: &'e str,
    environment: &'e str,
    directory: &'e str,
    terminal: u32,
    user: u32,
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self {
            parent: 1,
            line: "sleep 60",
            environment: "",
            directory: "/work/shop",
            terminal: 0,
            user: 1000,
        }
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl List {
    fn new() -> Self {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("placet-processes-{}-{count}", std::process::id()));
        fs::create_dir_all(path.join("net")).unwrap();
        symlink(HOOK.to_string(), path.join("self")).unwrap();
        fs::write(
            path.join("users"),
            "root:x:0:0::/root:/bin/sh\ndev:x:1000:1000::/home/dev:/bin/zsh\n",
        )
        .unwrap();
        let list = Self(path);
        let shell = |line, parent| Entry {
            line,
            parent,
            terminal: 7,
            ..Entry::default()
        };
        list.add(
            1,
            "systemd",
            &Entry {
                parent: 0,
                user: 0,
                ..Entry::default()
            },
        );
        list.add(20, "zsh", &shell("zsh", 1));
        list.add(AGENT, "node", &shell("node /opt/agent/cli.js", 20));
        list.add(99, "sh", &shell("sh -c placet-hook claude-code", AGENT));
        list.add(HOOK, "placet-hook", &shell("placet-hook claude-code", 99));
        list.connections(&[]);
        list
    }

    fn add(&self, pid: u32, name: &str, entry: &Entry<'_>) {
        let file = |name: &str, content: String| fs::write(self.0.join(format!("{pid}/{name}")), content).unwrap();
        fs::create_dir_all(self.0.join(format!("{pid}/fd"))).unwrap();
        let (parent, terminal, user) = (entry.parent, entry.terminal, entry.user);
        file("stat", format!("{pid} ({name}) S {parent} {pid} {pid} {terminal} 0"));
        file(
            "status",
            format!("Name:\t{name}\nTgid:\t{pid}\nUid:\t{user}\t{user}\t{user}\t{user}\n"),
        );
        file("cmdline", format!("{}\0", entry.line.replace(' ', "\0")));
        file("environ", format!("PATH=/bin\0{}\0", entry.environment));
        let _ = fs::remove_file(self.0.join(format!("{pid}/cwd")));
        symlink(entry.directory, self.0.join(format!("{pid}/cwd"))).unwrap();
    }

    /// Connections as local port, other port, number of the socket, and who holds it.
    fn connections(&self, all: &[(u16, u16, u64, Option<u32>)]) {
        let mut list =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                .to_owned();
        for (here, there, socket, holder) in all {
            list.push_str(&format!(
                "   0: 0100007F:{here:04X} 0100007F:{there:04X} 0A 00000000:00000000 00:00000000 00000000  1000        0 {socket} 1 0\n"
            ));
            if let Some(pid) = holder {
                symlink(format!("socket:[{socket}]"), self.0.join(format!("{pid}/fd/{socket}"))).unwrap();
            }
        }
        fs::write(self.0.join("net/tcp"), list).unwrap();
        fs::write(self.0.join("net/udp"), "header\n").unwrap();
    }

    fn remove(&self, pid: u32, name: &str) {
        fs::remove_file(self.0.join(format!("{pid}/{name}"))).unwrap();
    }

    fn whose(&self, set: &ProcessSet) -> Ownership {
        self.seen_from(Seat::Above, set)
    }

    fn seen_from(&self, seat: Seat, set: &ProcessSet) -> Ownership {
        let project = Project {
            root: "/work/shop",
            extra: &["/work/extra".to_owned()],
            home: "/home/dev",
        };
        Processes::new(
            self.0.to_str().unwrap(),
            self.0.join("users").to_str().unwrap(),
            HOOK,
            seat,
        )
        .whose(set, project)
    }

    fn pid(&self, number: u32) -> Ownership {
        self.whose(&ProcessSet::Pid(number.to_string()))
    }

    fn pattern(&self, text: &str) -> Ownership {
        self.whose(&ProcessSet::Pattern(text.to_owned()))
    }
}

impl Drop for List {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn others(names: &[(&str, u32)]) -> Ownership {
    Ownership::Others(Others {
        count: u32::try_from(names.len()).unwrap(),
        named: names.iter().map(|(name, pid)| ((*name).to_owned(), *pid)).collect(),
    })
}

fn child(line: &str) -> Entry<'_> {
    Entry {
        parent: AGENT,
        line,
        ..Entry::default()
    }
}

fn orphan(line: &str) -> Entry<'_> {
    Entry {
        line,
        environment: MARK,
        ..Entry::default()
    }
}

#[test]
fn a_number_too_large_for_a_process_may_be_cut_to_another() {
    let list = List::new();
    for number in [
        "4294967295",
        "4294967297",
        "-4294967297",
        "2147483648",
        "99999999999999999999",
    ] {
        let set = ProcessSet::Pid(number.to_owned());
        assert_eq!(list.whose(&set), Ownership::Unknown, "{number}");
    }
    assert_eq!(list.pid(2_147_483_647), Ownership::Nobody);
}

#[test]
fn what_the_agent_started_is_the_sessions_own() {
    let list = List::new();
    list.add(200, "bash", &child("bash -c npm"));
    list.add(
        201,
        "node",
        &Entry {
            parent: 200,
            line: "node vite",
            ..Entry::default()
        },
    );
    assert_eq!(list.pid(201), Ownership::Session);
    assert_eq!(list.pattern("vite"), Ownership::Session);
    assert_eq!(list.whose(&ProcessSet::Name("bash".into())), Ownership::Session);
}

#[test]
fn what_the_agent_left_behind_in_the_project_is_the_sessions_own() {
    let list = List::new();
    list.add(200, "npm", &orphan("npm run dev"));
    list.add(
        201,
        "node",
        &Entry {
            parent: 200,
            ..orphan("node vite")
        },
    );
    assert_eq!(list.pattern("vite"), Ownership::Session);
    assert_eq!(list.pattern("npm run dev"), Ownership::Session);
}

#[test]
fn mark_and_directory_and_no_terminal_are_needed_of_what_was_left_behind() {
    let list = List::new();
    list.add(
        200,
        "vite",
        &Entry {
            environment: "",
            ..orphan("vite")
        },
    );
    list.add(
        201,
        "vite",
        &Entry {
            directory: "/work/other",
            ..orphan("vite")
        },
    );
    list.add(
        202,
        "vite",
        &Entry {
            directory: "/work/shop2",
            ..orphan("vite")
        },
    );
    list.add(
        203,
        "vite",
        &Entry {
            terminal: 34816,
            ..orphan("vite")
        },
    );
    list.add(
        204,
        "vite",
        &Entry {
            environment: "CLAUDECODE=10",
            ..orphan("vite")
        },
    );
    list.add(
        205,
        "vite",
        &Entry {
            environment: "NOT_CLAUDECODE=1",
            ..orphan("vite")
        },
    );
    for pid in 200..=205 {
        assert_eq!(list.pid(pid), others(&[("vite", pid)]), "{pid}");
    }
    list.add(
        206,
        "vite",
        &Entry {
            directory: "/work/extra/web",
            ..orphan("vite")
        },
    );
    assert_eq!(list.pid(206), Ownership::Session);
}

#[test]
fn what_the_user_started_from_something_that_the_agent_started_is_not() {
    let list = List::new();
    // An editor that the agent opened hands the mark on to the user's terminals in it.
    list.add(300, "code", &orphan("code ."));
    list.add(
        301,
        "zsh",
        &Entry {
            parent: 300,
            terminal: 34817,
            ..orphan("zsh")
        },
    );
    list.add(
        302,
        "vite",
        &Entry {
            parent: 301,
            terminal: 34817,
            ..orphan("vite")
        },
    );
    list.add(
        303,
        "vite",
        &Entry {
            parent: 301,
            ..orphan("vite")
        },
    );
    assert_eq!(list.pid(302), others(&[("vite", 302)]));
    assert_eq!(list.pid(303), others(&[("vite", 303)]));
}

#[test]
fn the_agent_and_all_above_it_are_never_its_own() {
    let list = List::new();
    for (pid, name) in [(1, "systemd"), (20, "zsh"), (AGENT, "node")] {
        assert_eq!(list.pid(pid), others(&[(name, pid)]));
    }
    assert_eq!(list.pattern("node"), others(&[("node", AGENT)]));
    list.add(200, "node", &child("node vite"));
    assert_eq!(list.pattern("node"), others(&[("node", AGENT)]));
}

#[test]
fn what_stands_beside_the_agent_is_not_its_own() {
    let list = List::new();
    list.add(
        30,
        "postgres",
        &Entry {
            parent: 20,
            terminal: 7,
            line: "postgres -D data",
            ..Entry::default()
        },
    );
    assert_eq!(list.pattern("postgres"), others(&[("postgres", 30)]));
}

#[test]
fn another_users_process_is_not_its_own_even_below_the_agent() {
    let list = List::new();
    list.add(
        200,
        "helper",
        &Entry {
            user: 0,
            ..child("helper")
        },
    );
    assert_eq!(list.pid(200), others(&[("helper", 200)]));
}

#[test]
fn placet_is_never_its_own() {
    let list = List::new();
    list.add(200, "placet", &child("placet judge"));
    assert_eq!(list.pid(200), others(&[("placet", 200)]));
}

#[test]
fn the_hook_itself_is_gone_when_the_command_runs() {
    let list = List::new();
    // The shell that starts the hook has the words of the hook in its line.
    assert_eq!(list.pattern("claude-code"), Ownership::Nobody);
}

#[test]
fn where_nothing_runs_nobody_is_reached() {
    let list = List::new();
    assert_eq!(list.pid(4000), Ownership::Nobody);
    assert_eq!(list.pattern("vite"), Ownership::Nobody);
    assert_eq!(list.whose(&ProcessSet::Name("vite".into())), Ownership::Nobody);
    assert_eq!(
        list.whose(&ProcessSet::Port {
            number: 3000,
            clients: true
        }),
        Ownership::Nobody
    );
}

#[test]
fn what_has_ended_is_not_reached() {
    let list = List::new();
    list.add(200, "vite", &Entry::default());
    fs::write(list.0.join("200/stat"), "200 (vite) Z 1 200 200 0 0").unwrap();
    assert_eq!(list.pid(200), Ownership::Nobody);
    assert_eq!(list.pattern("vite"), Ownership::Nobody);
}

#[test]
fn a_process_that_vanishes_meanwhile_is_passed_over() {
    let list = List::new();
    list.add(200, "vite", &child("vite"));
    list.add(201, "vite", &child("vite"));
    list.remove(200, "stat");
    assert_eq!(list.pattern("vite"), Ownership::Session);
    list.remove(201, "cmdline");
    assert_eq!(list.pattern("node_modules"), Ownership::Nobody);
    // Its parent is gone: nobody can say any more who that was.
    list.add(
        300,
        "esbuild",
        &Entry {
            parent: 299,
            ..orphan("esbuild")
        },
    );
    assert_eq!(list.pid(300), others(&[("esbuild", 300)]));
}

#[test]
fn what_may_not_be_looked_at_is_a_doubt() {
    let list = List::new();
    list.add(200, "vite", &child("vite"));
    // A directory in place of a file can't be read as one.
    list.remove(200, "cmdline");
    fs::create_dir(list.0.join("200/cmdline")).unwrap();
    assert_eq!(list.pattern("server.js"), Ownership::Unknown);
    list.remove(200, "stat");
    fs::create_dir(list.0.join("200/stat")).unwrap();
    assert_eq!(
        list.pid(200),
        Ownership::Others(Others {
            count: 1,
            named: Vec::new()
        })
    );
}

#[test]
fn where_processes_are_hidden_nothing_is_known() {
    let list = List::new();
    list.add(200, "vite", &child("vite"));
    // The first process of all belongs to the system: where not even that is listed, others are missing too.
    fs::remove_dir_all(list.0.join("1")).unwrap();
    assert_eq!(list.pid(200), Ownership::Unknown);
    assert_eq!(list.pattern("ssh-agent"), Ownership::Unknown);
}

#[test]
fn a_huge_environment_says_nothing() {
    let list = List::new();
    let padding = format!("A={}\0{MARK}", "x".repeat(300 << 10));
    list.add(
        200,
        "vite",
        &Entry {
            environment: &padding,
            ..orphan("vite")
        },
    );
    assert_eq!(list.pid(200), others(&[("vite", 200)]));
}

#[test]
fn a_line_longer_than_is_read_may_be_meant() {
    let list = List::new();
    let line = format!("java {}", "x".repeat(200 << 10));
    list.add(200, "java", &child(&line));
    assert_eq!(list.pattern("server.jar"), Ownership::Unknown);
}

#[test]
fn a_name_is_matched_by_its_own_letters_and_shown_without_others() {
    let list = List::new();
    list.add(200, "a) S 1 (\n`x", &Entry::default());
    assert_eq!(list.pid(200), others(&[("a??S?1????x", 200)]));
    list.add(201, "averylongprogra", &child("/opt/averylongprogram --x"));
    assert_eq!(
        list.whose(&ProcessSet::Name("averylongprogram".into())),
        Ownership::Session
    );
    assert_eq!(list.whose(&ProcessSet::Name("--x".into())), Ownership::Nobody);
}

#[test]
fn a_group_is_its_own_only_as_a_whole() {
    let list = List::new();
    list.add(200, "vite", &child("vite"));
    list.add(201, "cat", &Entry::default());
    let group = |pid: u32, name: &str, parent: u32| {
        fs::write(
            list.0.join(format!("{pid}/stat")),
            format!("{pid} ({name}) S {parent} 200 200 0 0"),
        )
        .unwrap();
    };
    group(200, "vite", AGENT);
    assert_eq!(list.whose(&ProcessSet::Pid("-200".into())), Ownership::Session);
    group(201, "cat", 1);
    assert_eq!(list.whose(&ProcessSet::Pid("-200".into())), others(&[("cat", 201)]));
}

#[test]
fn sets_that_say_nothing_are_unknown() {
    let list = List::new();
    for pid in ["0", "-0", "-1", "?", "", "%2", "99999999999999999999"] {
        assert_eq!(list.whose(&ProcessSet::Pid(pid.into())), Ownership::Unknown, "{pid}");
    }
    assert_eq!(list.pattern("."), Ownership::Unknown);
    assert_eq!(list.pattern("(vite)"), Ownership::Unknown);
    assert_eq!(list.whose(&ProcessSet::All), Ownership::Unknown);
}

#[test]
fn a_port_belongs_to_who_holds_its_sockets() {
    let list = List::new();
    let port = |clients| ProcessSet::Port { number: 3000, clients };
    list.add(200, "node", &child("node vite"));
    list.add(400, "firefox", &Entry::default());
    list.connections(&[(3000, 0, 11, Some(200)), (3001, 0, 12, Some(400)), (3000, 9, 0, None)]);
    assert_eq!(list.whose(&port(false)), Ownership::Session);
    assert_eq!(list.whose(&port(true)), Ownership::Session);
    // A browser that looks at the page is connected to the port.
    list.connections(&[(3000, 0, 13, Some(200)), (40000, 3000, 14, Some(400))]);
    assert_eq!(list.whose(&port(false)), Ownership::Session);
    assert_eq!(list.whose(&port(true)), others(&[("firefox", 400)]));
    // A socket of another user, whose descriptors are not shown.
    list.connections(&[(3000, 0, 15, None)]);
    assert_eq!(
        list.whose(&port(false)),
        Ownership::Others(Others {
            count: 1,
            named: Vec::new()
        })
    );
    fs::write(list.0.join("net/tcp"), "header\nnot a line of it\n").unwrap();
    assert_eq!(list.whose(&port(false)), Ownership::Unknown);
}

#[test]
fn a_listed_text_may_be_the_users_name_too() {
    let list = List::new();
    let listed = |text: &str| list.whose(&ProcessSet::Listed(text.to_owned()));
    list.add(200, "node", &child("node vite"));
    assert_eq!(listed("vite"), Ownership::Session);
    assert_eq!(listed("webpack"), Ownership::Nobody);
    assert_eq!(listed("root"), others(&[("systemd", 1)]));
    // A user of whom nobody knows the name may be called so.
    list.add(
        300,
        "redis",
        &Entry {
            user: 4000,
            ..Entry::default()
        },
    );
    assert_eq!(listed("vite"), others(&[("redis", 300)]));
}

#[test]
fn at_a_prompt_nothing_is_the_agents() {
    let list = List::new();
    list.add(200, "vite", &child("vite"));
    // The hook is typed in: the shell above it is the user's, and so is what stands beside.
    list.add(
        99,
        "bash",
        &Entry {
            parent: AGENT,
            line: "bash --init-file x",
            ..Entry::default()
        },
    );
    assert_eq!(list.pid(200), others(&[("vite", 200)]));
}

#[test]
fn below_the_first_process_of_all_being_a_child_proves_nothing() {
    let list = List::new();
    list.add(
        99,
        "sh",
        &Entry {
            parent: 1,
            line: "sh -c placet-hook",
            ..Entry::default()
        },
    );
    list.add(200, "postgres", &Entry::default());
    list.add(201, "vite", &orphan("vite"));
    assert_eq!(list.pid(200), others(&[("postgres", 200)]));
    assert_eq!(list.pid(201), Ownership::Session);
}

#[test]
fn an_agent_that_decides_by_itself_owns_what_it_started() {
    let list = List::new();
    list.add(
        200,
        "vite",
        &Entry {
            parent: HOOK,
            ..Entry::default()
        },
    );
    list.add(201, "vite", &child("vite"));
    let pid = |number: u32| list.seen_from(Seat::Here, &ProcessSet::Pid(number.to_string()));
    assert_eq!(pid(200), Ownership::Session);
    assert_eq!(pid(201), others(&[("vite", 201)]));
    assert_eq!(pid(HOOK), others(&[("placet-hook", HOOK)]));
}

#[test]
fn another_world_of_processes_is_unknown() {
    let list = List::new();
    list.add(200, "vite", &child("vite"));
    fs::remove_file(list.0.join("self")).unwrap();
    symlink("7", list.0.join("self")).unwrap();
    assert_eq!(list.pid(200), Ownership::Unknown);
    fs::remove_file(list.0.join("self")).unwrap();
    assert_eq!(list.pid(200), Ownership::Unknown);
}
