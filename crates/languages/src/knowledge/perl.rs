//! Facts about Perl's own functions and the modules that come with it.

use super::Does::*;
use super::Slot::{All, At, Rest};
use super::{Does, Fact, Gives, Slot};

const ANY: Slot = At(0, "");
const SECOND: Slot = At(1, "");
const RUNS: &[Does] = &[RunEither];
const CHOSEN: &[Does] = &[Dynamic("code that is chosen when it runs")];
const COPIES: &[Does] = &[ReadFile(ANY), Copy(ANY, SECOND)];
const MOVES: &[Does] = &[Move(ANY, SECOND)];
const LINKS: &[Does] = &[Link {
    target: ANY,
    link: SECOND,
}];
const DELETES_TREE: &[Does] = &[DeleteTree(All)];
const MAKES: &[Does] = &[CreateDirectory(All)];
const CONNECTS: &[Does] = &[Connect(Slot::Unknown)];
const PRINTS: &[Does] = &[Print];
const UNPACKS: &[Does] = &[Dynamic("loading objects can run any code")];
const PIPES: &[Does] = &[Dynamic("a program that is started with handles of its own")];

#[rustfmt::skip]
pub(super) const FACTS: &[Fact] = &[
    (crate::perl::UNKNOWN_FUNCTION, CHOSEN, Gives::Unknown),
    // The environment, as a hash.
    ("ENV", &[], Gives::Unknown),
    ("system", RUNS, Gives::Unknown),
    ("exec", RUNS, Gives::Unknown),
    ("`", &[RunShell(ANY)], Gives::Unknown),
    ("open", &[OpenPerl], Gives::Unknown),
    ("sysopen", &[Open { path: SECOND, mode: Slot::Never, default: "r+" }], Gives::Unknown),
    ("dbmopen", &[Open { path: SECOND, mode: Slot::Never, default: "r+" }], Gives::Unknown),
    ("opendir", &[List(SECOND)], Gives::Unknown),
    ("glob", &[List(ANY)], Gives::EntryPaths),
    ("eval", &[RunCode(ANY)], Gives::Unknown),
    ("evalbytes", &[RunCode(ANY)], Gives::Unknown),
    ("do", &[RunFile(ANY)], Gives::Unknown),
    ("require", &[Import(ANY)], Gives::Unknown),
    ("unlink", &[DeleteFile(All)], Gives::Unknown),
    ("rmdir", &[DeleteFile(All)], Gives::Unknown),
    ("rename", MOVES, Gives::Unknown),
    ("link", LINKS, Gives::Unknown),
    ("symlink", LINKS, Gives::Unknown),
    ("mkdir", &[CreateDirectory(ANY)], Gives::Unknown),
    ("chmod", &[ChangeMode(Rest(1))], Gives::Unknown),
    ("chown", &[ChangeOwner(Rest(2))], Gives::Unknown),
    ("utime", &[Write { file: Rest(2), content: Slot::Unknown, append: true }], Gives::Unknown),
    ("truncate", &[Write { file: ANY, content: Slot::Unknown, append: false }], Gives::Unknown),
    ("chdir", &[ChangeDirectory(ANY)], Gives::Unknown),
    ("chroot", CHOSEN, Gives::Unknown),
    ("kill", &[Signal(Slot::Unknown)], Gives::Unknown), // a negative signal reaches groups
    ("socket", CONNECTS, Gives::Unknown),
    ("connect", CONNECTS, Gives::Unknown),
    ("listen", &[Listen], Gives::Unknown),
    ("bind", &[Listen], Gives::Unknown),
    ("pipe", &[], Gives::Unknown),
    ("fork", &[Dynamic("starts copies of itself")], Gives::Unknown),
    ("print", PRINTS, Gives::Unknown),
    ("printf", PRINTS, Gives::Unknown),
    ("say", PRINTS, Gives::Unknown),
    ("warn", PRINTS, Gives::Unknown),
    ("die", PRINTS, Gives::Unknown),
    ("carp", PRINTS, Gives::Unknown),
    ("croak", PRINTS, Gives::Unknown),
    ("confess", PRINTS, Gives::Unknown),
    ("syswrite", PRINTS, Gives::Unknown),
    ("send", CONNECTS, Gives::Unknown),
    // Modules that come with it, whose functions are imported.
    ("copy", COPIES, Gives::Unknown),
    ("cp", COPIES, Gives::Unknown),
    ("move", MOVES, Gives::Unknown),
    ("mv", MOVES, Gives::Unknown),
    ("rmtree", DELETES_TREE, Gives::Unknown),
    ("remove_tree", DELETES_TREE, Gives::Unknown),
    ("mkpath", MAKES, Gives::Unknown),
    ("make_path", MAKES, Gives::Unknown),
    ("find", &[List(SECOND)], Gives::Unknown),
    ("finddepth", &[List(SECOND)], Gives::Unknown),
    ("open2", PIPES, Gives::Unknown),
    ("open3", PIPES, Gives::Unknown),
    ("run_forked", PIPES, Gives::Unknown),
    ("retrieve", UNPACKS, Gives::Unknown),
    ("thaw", UNPACKS, Gives::Unknown),
    ("getprint", &[Fetch(ANY)], Gives::Unknown),
    ("getstore", &[Fetch(ANY), Write { file: SECOND, content: Slot::Unknown, append: false }], Gives::Unknown),
    ("mirror", &[Fetch(ANY), Write { file: SECOND, content: Slot::Unknown, append: false }], Gives::Unknown),
    ("get", &[Fetch(ANY)], Gives::Unknown),
    ("head", &[Fetch(ANY)], Gives::Unknown),
    ("setuid", CHOSEN, Gives::Unknown),
    ("setgid", CHOSEN, Gives::Unknown),
    ("IO::File->new", &[OpenPerl], Gives::Unknown),
    ("IO::Socket::INET->new", CONNECTS, Gives::Unknown),
    ("IO::Socket::IP->new", CONNECTS, Gives::Unknown),
    ("IO::Socket::SSL->new", CONNECTS, Gives::Unknown),
    ("IO::Socket::UNIX->new", CONNECTS, Gives::Unknown),
    ("IO::Handle->new", &[], Gives::Unknown),
];

/// Methods that hardly mean anything else.
#[rustfmt::skip]
pub(super) const TELLING_METHODS: &[Fact] = &[
    ("open", CHOSEN, Gives::Unknown),
    ("get", &[Fetch(ANY)], Gives::Unknown),
    ("mirror", &[Fetch(ANY), Write { file: SECOND, content: Slot::Unknown, append: false }], Gives::Unknown),
    ("post", &[Send(ANY, SECOND)], Gives::Unknown),
    ("post_form", &[Send(ANY, SECOND)], Gives::Unknown),
    ("put", &[Send(ANY, SECOND)], Gives::Unknown),
    ("delete", &[Send(ANY, SECOND)], Gives::Unknown),
    ("request", &[Send(Slot::Unknown, ANY)], Gives::Unknown),
    ("do", &[Database(ANY)], Gives::Unknown),
    ("prepare", &[Database(ANY)], Gives::Unknown),
    ("unlink", &[DeleteFile(Slot::Unknown)], Gives::Unknown),
    ("remove", &[DeleteFile(Slot::Unknown)], Gives::Unknown),
    ("remove_tree", &[DeleteTree(Slot::Unknown)], Gives::Unknown),
    ("spew", &[Write { file: Slot::Unknown, content: ANY, append: false }], Gives::Unknown),
    ("spew_utf8", &[Write { file: Slot::Unknown, content: ANY, append: false }], Gives::Unknown),
    ("print", PRINTS, Gives::Unknown),
    ("say", PRINTS, Gives::Unknown),
    ("system", CHOSEN, Gives::Unknown),
    ("exec", CHOSEN, Gives::Unknown),
    ("run", CHOSEN, Gives::Unknown),
    ("eval", CHOSEN, Gives::Unknown),
];

/// Functions that compute, read a handle that is open, or steer.
#[rustfmt::skip]
pub(super) const PLAIN_FUNCTIONS: &[&str] = &[
    "abs", "alarm", "atan2", "basename", "binmode", "bless", "blessed", "caller", "ceil", "chomp", "chop", "chr", "close",
    "closedir", "cos", "cwd", "decode", "decode_base64", "decode_json", "decode_utf8", "defined", "delete", "dirname",
    "dualvar", "each", "encode", "encode_base64", "encode_json", "encode_utf8", "eof", "exists", "exit", "exp", "fc",
    "fileno", "fileparse", "floor", "flock", "fmod", "from_json", "getc", "getcwd", "getpid", "getppid",
    "getpwnam", "getpwuid", "gettimeofday", "gmtime", "hex", "index", "int", "join", "keys", "lc", "lcfirst", "length",
    "localtime", "log", "looks_like_number", "lstat", "max", "maxstr", "md5_hex", "min", "minstr", "mktime", "oct", "ord",
    "pack", "pairs", "pop", "pos", "pow", "product", "push", "quotemeta", "rand", "read", "readdir", "readline",
    "readlink", "ref", "reftype", "reset", "reverse", "rewinddir", "rindex", "scalar", "seek", "select", "sha1_hex",
    "sha256_hex", "shift", "shuffle", "sin", "sleep", "splice", "split", "sprintf", "sqrt", "srand", "stat", "strftime",
    "study", "substr", "sum0", "sysread", "sysseek", "tell", "time", "timegm", "timelocal", "times", "to_json",
    "tolower", "toupper", "uc", "ucfirst", "umask", "undef", "uniq", "uniqnum", "unpack", "unshift", "usleep",
    "utf8::decode", "utf8::encode", "values", "vec", "wait", "waitpid", "weaken", "Dumper",
];

/// First parts of the names of modules that come with the language, or only compute.
#[rustfmt::skip]
pub(super) const LIBRARIES: &[&str] = &[
    "B", "Benchmark", "Carp", "Config", "Cwd", "DB_File", "Data", "Digest", "Encode", "English", "Errno", "Exporter",
    "Fcntl", "File", "FileHandle", "FindBin", "Getopt", "HTTP", "Hash", "I18N", "IO", "IPC", "JSON", "LWP", "List", "MIME",
    "Math", "Memoize", "Net", "POSIX", "PerlIO", "Scalar", "Socket", "Storable", "Symbol", "Sys", "Term", "Test", "Text",
    "Tie", "Time", "Unicode", "URI", "autodie", "base", "bigint", "bignum", "bytes", "charnames", "constant",
    "diagnostics", "encoding", "feature", "fields", "integer", "less", "locale", "mro", "open", "parent", "re", "sort",
    "strict", "subs", "utf8", "vars", "version", "warnings",
];
