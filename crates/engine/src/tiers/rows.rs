//! The tier table as data: one row per kind of effect, what each tier says, why, and what else could be done.
//!
//! Which row an effect belongs to is in the parent module. Hard limits are not here: no row can lift one.

use Say::{Allow as A, Ask as Q, Deny as D, Judge as J};
use placet_model::{Decision, Outcome, Tier};

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id, kebab-case.
    pub id: &'static str,
    /// Which effects it is about.
    pub words: &'static str,
    /// Why it says what it says.
    pub why: &'static str,
    /// The shortest way to the aim within bounds, if there is one.
    pub instead: Option<&'static str>,
    /// What the tiers say: permissive, balanced, restrictive.
    pub says: [Say; 3],
}

/// What a tier says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// Go ahead.
    Allow,
    /// Undecided: the judge's, if there is one.
    Judge,
    /// A person decides.
    Ask,
    /// No.
    Deny,
}

impl Row {
    /// What this tier says.
    pub fn outcome(&self, tier: Tier) -> Outcome {
        let [permissive, balanced, restrictive] = self.says;
        let say = match tier {
            Tier::Permissive => permissive,
            Tier::Balanced => balanced,
            Tier::Restrictive => restrictive,
        };
        match say {
            Say::Allow => Outcome::Decided(Decision::Allow),
            Say::Judge => Outcome::Undecided,
            Say::Ask => Outcome::Decided(Decision::Ask),
            Say::Deny => Outcome::Decided(Decision::Deny),
        }
    }
}

macro_rules! rows {
    ($($name:ident = $id:literal, $says:expr, $words:literal, $why:literal, $instead:expr;)+) => {
        $(pub(super) static $name: Row = Row { id: $id, words: $words, why: $why, instead: $instead, says: $says };)+
        /// Every row.
        pub static ROWS: &[&Row] = &[$(&$name),+];
    };
}

rows! {
    NO_EFFECT = "no-effect", [A, A, A], "an action without effects on the world",
        "nothing outside the command itself changes or is read", None;
    READ_PROJECT = "read-project", [A, A, A], "reading in the project",
        "the project is what the session works on", None;
    READ_PUBLIC = "read-public", [A, A, A], "reading manuals, toolchains, temporary files and streams",
        "they hold nothing private", None;
    READ_OUTSIDE = "read-outside", [J, J, Q], "reading outside the project",
        "files outside the project may be private, and nobody said that this work needs them",
        Some("name the path in your request, or copy what is needed into the project");
    READ_AGENT_FILES = "read-agent-files", [A, A, Q], "reading what coding agents keep: instructions, skills, transcripts, logs, settings without a secret in them",
        "agents read these as part of their work; credentials are not among them", None;
    READ_DEVICE = "read-device", [Q, Q, Q], "reading a raw disk or memory device",
        "a raw device holds everything on the machine", None;
    READ_SECRET = "read-secret", [Q, Q, Q], "reading, using or showing a secret",
        "what is read here can end up in the agent's context and in logs",
        Some("let the program that needs the secret read it by itself, or look at the names of the keys only");
    LIST_NAMES = "list-names", [A, A, A], "listing names in the project",
        "names in the project are no secret", None;
    LIST_OUTSIDE = "list-outside", [A, A, Q], "listing names outside the project",
        "names alone seldom matter, but they show what is there", None;
    MEASURE_OUTSIDE = "measure-outside", [A, A, Q], "counting, hashing or testing a file outside the project",
        "a number, a checksum or one bit comes out, and nothing of what the file holds", None;
    LIST_SECRETS = "list-secrets", [J, J, Q], "listing names where secrets are kept",
        "looking for keys outside the project is the first step of taking them", None;
    EDIT_PROJECT = "edit-project", [A, A, A], "changing a file of the project that can be had back",
        "version control or the session can bring the old content back", None;
    EDIT_UNCOMMITTED = "edit-uncommitted", [A, A, Q], "changing a file of the project that has uncommitted work",
        "the change mixes with work that is not committed", Some("commit the work first");
    OVERWRITE_UNCOMMITTED = "overwrite-uncommitted", [J, J, Q],
        "replacing a file of the project that version control can't bring back",
        "the old content is not in version control and would be gone",
        Some("commit or copy the file first, or edit only the part that changes");
    CREATE_PROJECT = "create-project", [A, A, Q], "creating a file in the project",
        "a new file replaces nothing", None;
    WRITE_TEMP = "write-temp", [A, A, A], "writing temporary files and streams",
        "nothing of value is replaced", None;
    WRITE_OUTSIDE = "write-outside", [J, Q, Q], "changing files outside the project",
        "it is outside what the session works on, and version control can't bring it back",
        Some("work inside the project or in a temporary directory");
    RUNS_LATER = "runs-later", [J, J, Q], "changing a file that something executes or obeys later",
        "what is written here runs later without another look",
        Some("say what the change does, so that a person can look at it");
    WRITE_SECRET = "write-secret", [Q, Q, Q], "creating or changing a secret",
        "programs and people depend on the secret that is there", None;
    DELETE_REVERSIBLE = "delete-reversible", [A, A, Q], "deleting what can be had back",
        "it is committed, was made in this session, or can be made again", None;
    DELETE_SCRATCH = "delete-scratch", [A, A, Q], "deleting temporary files by their names",
        "what lies in a directory for temporary files is kept for nobody", None;
    DELETE_IRREVERSIBLE = "delete-irreversible", [Q, Q, Q], "deleting what can't be had back",
        "nothing here could bring it back",
        Some("commit it first, or name exactly what is to go");
    MOVE_PROJECT = "move-project", [A, A, Q], "moving, linking or changing permissions in the project",
        "the content stays", None;
    CHANGE_OWNER = "change-owner", [J, Q, Q], "changing who owns files",
        "a changed owner locks people and programs out", None;
    MOUNT = "mount", [Q, Q, Q], "mounting, unmounting or formatting",
        "file systems are shared by everything on the machine", None;
    RUN_PROGRAM = "run-program", [J, J, Q], "running a program that is not known",
        "nothing is known of what it does",
        Some("use a program of the project, or ask the user to name this one");
    RUN_CODE_KNOWN = "run-code-known", [A, A, Q],
        "running code whose effects are known or that was in the project before the session",
        "its effects are judged one by one, or the project runs it anyway", None;
    RUN_CODE_UNREAD = "run-code-unread", [J, J, Q], "running code that can't be fully understood",
        "parts of it could do anything", Some("write it in plainer form, so that it can be read before it runs");
    RUN_CODE_OUTSIDE = "run-code-outside", [J, J, Q], "running code from outside the project",
        "nobody vouches for it here", None;
    RUN_CODE_DOWNLOADED = "run-code-downloaded", [Q, Q, Q], "running code fetched from the network",
        "what the server sends could do anything, and may differ next time",
        Some("download it to a file and let a person read it before it runs");
    RUN_CODE_UNDECODABLE = "run-code-undecodable", [D, D, D],
        "running code that is decoded first and can't be read here",
        "nobody can see what would run", Some("write the code in plain text");
    SIGNAL_CHILD = "signal-child", [A, A, A], "stopping its own child process",
        "the command started it", None;
    SIGNAL_OWN = "signal-own", [A, A, Q], "stopping processes that this session started",
        "the agent started every one of them", None;
    SIGNAL_RESTARTED = "signal-restarted", [A, A, Q], "stopping a program of the project that the same command starts again",
        "it is started again at once, by the very file that the signal names", None;
    SIGNAL_NOBODY = "signal-nobody", [A, A, Q], "signalling processes where none runs that it would reach",
        "nothing runs that it would reach", None;
    SIGNAL_OTHERS = "signal-others", [Q, Q, Q], "signalling processes that this session did not start",
        "the process may be somebody's server or unsaved work",
        Some("tell the user which process to stop");
    SERVICES = "services", [Q, Q, Q], "starting, stopping or changing services",
        "others depend on running services", None;
    PERSISTENCE = "persistence", [Q, Q, Q], "making something run later by itself",
        "it goes on after the session, without anybody looking", Some("run it once, now");
    FETCH_KNOWN = "fetch-known", [A, A, Q], "fetching from a host that the user named or trusts",
        "the user named or trusts the host, or it is the project's own remote", None;
    FETCH_NOBODYS = "fetch-nobodys", [A, A, Q], "fetching from a name that is set aside for documentation",
        "the name is kept for that and belongs to nobody (RFC 2606)", None;
    FETCH_LOCAL = "fetch-local", [A, A, A], "fetching from this machine",
        "nothing leaves the machine", None;
    FETCH_OTHER = "fetch-other", [A, J, Q], "fetching from another host",
        "the address itself can carry data out, and what comes back is not to be trusted",
        Some("ask the user to name the host, or to add it to the trusted hosts of the policy");
    FETCH_UNKNOWN = "fetch-unknown", [J, J, Q], "fetching from a host that can't be told",
        "nobody can see where it goes", Some("write the address in plain text");
    SEND_LOCAL = "send-local", [A, A, Q], "sending to a service on this machine",
        "nothing leaves the machine", None;
    SEND = "send", [J, J, Q], "sending data over the network",
        "what is sent can't be called back", Some("ask the user to say what is to be sent where");
    LISTEN_LOCAL = "listen-local", [A, A, Q], "accepting connections from this machine",
        "only this machine can connect", None;
    LISTEN = "listen", [J, J, Q], "accepting connections from the network",
        "others could connect", Some("bind it to localhost");
    TUNNEL = "tunnel", [Q, Q, Q], "opening a path through the network",
        "it lets others in, past what protects the machine", None;
    REMOTE_SHELL = "remote-shell", [J, J, Q], "running commands on another machine",
        "another machine is shared, and nothing here can bring back what changes there", None;
    ELSEWHERE = "elsewhere", [A, A, Q],
        "effects inside a container or on another machine, where a row of their own decides",
        "the files of this machine are not touched", None;
    COMMIT = "commit", [A, A, Q], "local commits, branches, stashes, and what the reflog keeps of the old",
        "it stays in this repository and can be undone", None;
    DISCARD_NOTHING = "discard-nothing", [A, A, Q], "restoring files that have no uncommitted work",
        "there is nothing to lose", None;
    DISCARD_CHANGES = "discard-changes", [Q, Q, Q], "discarding uncommitted work",
        "work that is not committed is in no history and would be gone", Some("commit or stash the work first");
    REWRITE_LOCAL = "rewrite-local", [J, J, Q], "deleting or replacing what local history leads to",
        "no reflog keeps what only this led to", None;
    REWRITE_PUBLISHED = "rewrite-published", [Q, Q, Q], "rewriting history that others may have",
        "others build on the history that would be replaced", Some("add a new commit that undoes the old one");
    REPOSITORY_CONFIG = "repository-config", [A, A, Q], "changing the configuration of this repository",
        "it applies to this repository only and can be set back", None;
    SKIP_HOOKS = "skip-hooks", [J, J, Q], "skipping the repository's checks",
        "the checks are there because the owners want them", Some("fix what the check complains about");
    PUSH_BRANCH = "push-branch", [J, J, Q], "pushing a branch to the session's own remote",
        "others see what is pushed", Some("ask the user to say that the branch is to be pushed");
    PUSH_DEFAULT = "push-default", [Q, Q, Q], "pushing to the default branch or to a foreign remote",
        "others get it at once, or it goes to a place that this project does not use",
        Some("push a feature branch to the project's own remote");
    PUSH_FORCE = "push-force", [Q, Q, Q], "a forced push",
        "it overwrites what others may have pushed", Some("push without force, or to a new branch");
    DELETE_REMOTE = "delete-remote", [Q, Q, Q], "deleting a branch or tag at a remote",
        "others may work on it", None;
    INSTALL_LOCKED = "install-locked", [A, A, Q], "installing what the lock file or an exact version fixes",
        "what is installed was chosen before", None;
    INSTALL_NEW = "install-new", [J, Q, Q],
        "installing packages that nothing fixes, from a URL, or for the whole system",
        "an install runs code that nobody has looked at",
        Some("install from the lock file, or ask the user which package and version is wanted");
    PUBLISH = "publish", [J, J, Q], "publishing a package", "what is published can't be taken back", None;
    CONTAINER_RUN = "container-run", [J, J, Q], "running a container", "an image brings its own code", None;
    INFRA_READ = "infra-read", [A, A, Q], "reading the state of infrastructure", "nothing changes", None;
    INFRA_CHANGE = "infra-change", [J, J, Q], "changing infrastructure", "others depend on it",
        Some("show the plan or a dry run first");
    INFRA_DESTROY = "infra-destroy", [Q, Q, Q], "destroying infrastructure",
        "what is destroyed is gone, for others too", Some("show what would be destroyed, and let a person do it");
    DB_READ = "db-read", [A, A, Q], "reading from a data store", "nothing changes", None;
    DB_READ_SHARED = "db-read-shared", [J, J, Q], "reading from a shared data store",
        "it may hold data of people", None;
    DB_WRITE = "db-write", [J, J, Q], "writing to a data store",
        "the data may be real, and nothing here can bring it back", None;
    DB_DESTROY = "db-destroy", [Q, Q, Q], "dropping or emptying a data store", "the data would be gone",
        Some("make a backup first, and let a person look at it");
    MESSAGE = "message-people", [J, J, Q], "writing to people",
        "people read it, and it can't be called back", None;
    MERGE = "merge", [J, J, Q], "merging a change request", "it becomes everybody's code", None;
    RELEASE = "release", [J, J, Q], "making a release", "others will use it", None;
    REPOSITORY_SETTINGS = "repository-settings", [Q, Q, Q], "changing settings of a shared repository",
        "it changes what others may do", None;
    GLOBAL_CONFIG = "global-config", [Q, Q, Q], "changing configuration beyond the project",
        "it applies to everything else on this machine too", Some("change the project's own configuration");
    PRIVILEGE = "privilege", [Q, Q, Q], "gaining more rights", "with more rights no limit here holds", None;
    OPAQUE = "opaque", [J, J, Q], "something that can't be told",
        "what can't be understood could do anything",
        Some("write it in plainer form, so that it can be read before it runs");
}
