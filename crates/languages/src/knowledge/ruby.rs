//! Facts about Ruby: methods that need no receiver, and what its own classes do. Not what is public but foreign.

use super::Does::*;
use super::Slot::{All, At, Held, Never};
use super::{Does, Fact, Gives, Slot};

const ANY: Slot = At(0, "");
const SECOND: Slot = At(1, "");
const MODE: Slot = At(1, "mode");
const RUNS: &[Does] = &[RunEither];
const PIPES: &[Does] = &[Dynamic("programs that are chosen when it runs")];
const CODE: &[Does] = &[RunText(ANY)];
const OPENS: &[Does] = &[Open {
    path: ANY,
    mode: MODE,
    default: "r",
}];
const OPENS_OR_RUNS: &[Does] = &[OpenOrPipe { path: ANY, mode: MODE }];
const READS: &[Does] = &[ReadFile(ANY)];
const READS_OR_RUNS: &[Does] = &[OpenOrPipe { path: ANY, mode: Never }];
const WRITES: &[Does] = &[Write {
    file: ANY,
    content: SECOND,
    append: false,
}];
const DELETES: &[Does] = &[DeleteFile(All)];
const DELETES_TREE: &[Does] = &[DeleteTree(All)];
const COPIES: &[Does] = &[ReadFile(ANY), Copy(ANY, SECOND)];
const MOVES: &[Does] = &[Move(ANY, SECOND)];
const LINKS: &[Does] = &[Link {
    target: ANY,
    link: SECOND,
}];
const TOUCHES: &[Does] = &[Write {
    file: All,
    content: Slot::Unknown,
    append: true,
}];
const MAKES: &[Does] = &[CreateDirectory(All)];
const LISTS: &[Does] = &[List(ANY)];
const PUTS: &[Does] = &[Write {
    file: Held,
    content: ANY,
    append: false,
}];
const ADDS: &[Does] = &[Write {
    file: Held,
    content: ANY,
    append: true,
}];
const CONNECTS: &[Does] = &[Connect(ANY)];
const LISTENS: &[Does] = &[Listen];
const CHOSEN: &[Does] = &[Dynamic("code that is chosen when it runs")];
const NATIVE: &[Does] = &[Dynamic("native code")];
const UNPACKS: &[Does] = &[Dynamic("loading objects can run any code")];

#[rustfmt::skip]
pub(super) const FACTS: &[Fact] = &[
    (crate::ruby::UNKNOWN_METHOD, CHOSEN, Gives::Unknown),
    // Methods that everything has.
    ("system", RUNS, Gives::Unknown),
    // A task of Rake runs a line of a shell.
    ("sh", RUNS, Gives::Unknown),
    ("exec", RUNS, Gives::Unknown),
    ("spawn", RUNS, Gives::Unknown),
    ("`", &[RunShell(ANY)], Gives::Unknown),
    ("open", OPENS_OR_RUNS, Gives::Unknown),
    ("eval", &[RunCode(ANY)], Gives::Unknown),
    ("instance_eval", CODE, Gives::Unknown),
    ("class_eval", CODE, Gives::Unknown),
    ("module_eval", CODE, Gives::Unknown),
    ("load", &[RunFile(ANY)], Gives::Unknown),
    ("autoload", &[RunFile(SECOND)], Gives::Unknown),
    ("require", &[Import(ANY)], Gives::Unknown),
    ("fork", &[Dynamic("starts copies of itself")], Gives::Unknown),
    ("syscall", NATIVE, Gives::Unknown),
    ("binding", CHOSEN, Gives::Unknown),
    ("set_trace_func", CHOSEN, Gives::Unknown),
    ("trap", CODE, Gives::Unknown),
    ("puts", &[Print], Gives::Unknown),
    ("print", &[Print], Gives::Unknown),
    ("p", &[Print], Gives::Argument(0)),
    ("pp", &[Print], Gives::Argument(0)),
    ("printf", &[Print], Gives::Unknown),
    ("putc", &[Print], Gives::Unknown),
    ("warn", &[Print], Gives::Unknown),
    ("abort", &[Print], Gives::Unknown),
    ("raise", &[Print], Gives::Unknown),
    ("format", &[], Gives::Unknown),
    ("String", &[], Gives::Argument(0)),
    ("Array", &[], Gives::Argument(0)),
    ("URI", &[], Gives::Argument(0)),
    ("STDOUT.puts", &[Print], Gives::Unknown),
    ("STDOUT.print", &[Print], Gives::Unknown),
    ("STDOUT.write", &[Print], Gives::Unknown),
    ("STDOUT.printf", &[Print], Gives::Unknown),
    ("STDOUT.<<", &[Print], Gives::Receiver),
    ("STDERR.puts", &[Print], Gives::Unknown),
    // Files.
    ("File.open", OPENS, Gives::Unknown),
    ("File.new", OPENS, Gives::Unknown),
    ("IO.open", CHOSEN, Gives::Unknown),
    ("IO.sysopen", OPENS, Gives::Unknown),
    ("File.read", READS, Gives::Unknown),
    ("File.binread", READS, Gives::Unknown),
    ("File.readlines", READS, Gives::Unknown),
    ("File.foreach", READS, Gives::Unknown),
    ("IO.read", READS_OR_RUNS, Gives::Unknown),
    ("IO.binread", READS_OR_RUNS, Gives::Unknown),
    ("IO.readlines", READS_OR_RUNS, Gives::Unknown),
    ("IO.foreach", READS_OR_RUNS, Gives::Unknown),
    ("IO.write", &[OpenOrPipe { path: ANY, mode: Never }, Write { file: ANY, content: SECOND, append: false }], Gives::Unknown),
    ("IO.binwrite", &[OpenOrPipe { path: ANY, mode: Never }, Write { file: ANY, content: SECOND, append: false }], Gives::Unknown),
    ("IO.copy_stream", COPIES, Gives::Unknown),
    ("File.write", WRITES, Gives::Unknown),
    ("File.binwrite", WRITES, Gives::Unknown),
    ("File.delete", DELETES, Gives::Unknown),
    ("File.unlink", DELETES, Gives::Unknown),
    ("File.rename", MOVES, Gives::Unknown),
    ("File.symlink", LINKS, Gives::Unknown),
    ("File.link", LINKS, Gives::Unknown),
    ("File.chmod", &[ChangeMode(Slot::Rest(1))], Gives::Unknown),
    ("File.lchmod", &[ChangeMode(Slot::Rest(1))], Gives::Unknown),
    ("File.chown", &[ChangeOwner(Slot::Rest(2))], Gives::Unknown),
    ("File.lchown", &[ChangeOwner(Slot::Rest(2))], Gives::Unknown),
    ("File.truncate", &[Write { file: ANY, content: Slot::Unknown, append: false }], Gives::Unknown),
    ("File.mkfifo", &[Write { file: ANY, content: Slot::Unknown, append: false }], Gives::Unknown),
    ("File.utime", &[Write { file: Slot::Rest(2), content: Slot::Unknown, append: true }], Gives::Unknown),
    ("File.join", &[], Gives::JoinTexts),
    ("File.expand_path", &[], Gives::Unknown),
    ("File.absolute_path", &[], Gives::Unknown),
    ("File.realpath", &[], Gives::Unknown),
    ("File.dirname", &[], Gives::DirectoryOf),
    ("File.basename", &[], Gives::BaseNameOf),
    ("file().write", PUTS, Gives::Unknown),
    ("file().puts", PUTS, Gives::Unknown),
    ("file().print", PUTS, Gives::Unknown),
    ("file().printf", PUTS, Gives::Unknown),
    ("file().<<", PUTS, Gives::Receiver),
    ("appended().write", ADDS, Gives::Unknown),
    ("appended().puts", ADDS, Gives::Unknown),
    ("appended().print", ADDS, Gives::Unknown),
    ("appended().<<", ADDS, Gives::Receiver),
    // Directories.
    ("Dir.glob", LISTS, Gives::EntryPaths),
    ("Dir[]", LISTS, Gives::EntryPaths),
    ("Dir.entries", LISTS, Gives::Entries),
    ("Dir.children", LISTS, Gives::Entries),
    ("Dir.each_child", LISTS, Gives::Entries),
    ("Dir.foreach", LISTS, Gives::Entries),
    ("Dir.new", LISTS, Gives::Unknown),
    ("Dir.open", LISTS, Gives::Unknown),
    ("Dir.mkdir", &[CreateDirectory(ANY)], Gives::Unknown),
    ("Dir.rmdir", DELETES, Gives::Unknown),
    ("Dir.delete", DELETES, Gives::Unknown),
    ("Dir.unlink", DELETES, Gives::Unknown),
    ("Dir.chdir", &[ChangeDirectory(ANY)], Gives::Unknown),
    ("Dir.chroot", CHOSEN, Gives::Unknown),
    ("Dir.pwd", &[], Gives::Here),
    ("Dir.getwd", &[], Gives::Here),
    ("Dir.home", &[], Gives::Home),
    ("Dir.mktmpdir", &[], Gives::TemporaryPath),
    ("Dir.tmpdir", &[], Gives::TemporaryPath),
    ("Tempfile.new", &[], Gives::TemporaryFile),
    ("Tempfile.create", &[], Gives::TemporaryFile),
    ("Find.find", LISTS, Gives::EntryPaths),
    ("FileUtils.rm", DELETES, Gives::Unknown),
    ("FileUtils.rm_f", DELETES, Gives::Unknown),
    ("FileUtils.remove", DELETES, Gives::Unknown),
    ("FileUtils.remove_file", DELETES, Gives::Unknown),
    ("FileUtils.safe_unlink", DELETES, Gives::Unknown),
    ("FileUtils.rmdir", DELETES, Gives::Unknown),
    ("FileUtils.rm_r", DELETES_TREE, Gives::Unknown),
    ("FileUtils.rm_rf", DELETES_TREE, Gives::Unknown),
    ("FileUtils.rmtree", DELETES_TREE, Gives::Unknown),
    ("FileUtils.remove_dir", DELETES_TREE, Gives::Unknown),
    ("FileUtils.remove_entry", DELETES_TREE, Gives::Unknown),
    ("FileUtils.remove_entry_secure", DELETES_TREE, Gives::Unknown),
    ("FileUtils.mkdir", MAKES, Gives::Unknown),
    ("FileUtils.mkdir_p", MAKES, Gives::Unknown),
    ("FileUtils.makedirs", MAKES, Gives::Unknown),
    ("FileUtils.mkpath", MAKES, Gives::Unknown),
    ("FileUtils.touch", TOUCHES, Gives::Unknown),
    ("FileUtils.cp", COPIES, Gives::Unknown),
    ("FileUtils.copy", COPIES, Gives::Unknown),
    ("FileUtils.copy_file", COPIES, Gives::Unknown),
    ("FileUtils.copy_entry", COPIES, Gives::Unknown),
    ("FileUtils.cp_r", COPIES, Gives::Unknown),
    ("FileUtils.install", COPIES, Gives::Unknown),
    ("FileUtils.mv", MOVES, Gives::Unknown),
    ("FileUtils.move", MOVES, Gives::Unknown),
    ("FileUtils.ln", LINKS, Gives::Unknown),
    ("FileUtils.ln_s", LINKS, Gives::Unknown),
    ("FileUtils.ln_sf", LINKS, Gives::Unknown),
    ("FileUtils.symlink", LINKS, Gives::Unknown),
    ("FileUtils.link", LINKS, Gives::Unknown),
    ("FileUtils.chmod", &[ChangeMode(Slot::Rest(1))], Gives::Unknown),
    ("FileUtils.chmod_R", &[ChangeMode(Slot::Rest(1))], Gives::Unknown),
    ("FileUtils.chown", &[ChangeOwner(Slot::Rest(2))], Gives::Unknown),
    ("FileUtils.chown_R", &[ChangeOwner(Slot::Rest(2))], Gives::Unknown),
    ("FileUtils.cd", &[ChangeDirectory(ANY)], Gives::Unknown),
    ("FileUtils.chdir", &[ChangeDirectory(ANY)], Gives::Unknown),
    ("FileUtils.pwd", &[], Gives::Here),
    // Processes.
    ("IO.popen", RUNS, Gives::Unknown),
    ("PTY.spawn", RUNS, Gives::Unknown),
    ("PTY.getpty", RUNS, Gives::Unknown),
    ("Process.spawn", RUNS, Gives::Unknown),
    ("Process.exec", RUNS, Gives::Unknown),
    ("Process.kill", &[Signal(Slot::Unknown)], Gives::Unknown), // a negative signal reaches groups
    ("Process.daemon", CHOSEN, Gives::Unknown),
    ("Process.fork", &[Dynamic("starts copies of itself")], Gives::Unknown),
    ("Open3.popen3", RUNS, Gives::Unknown),
    ("Open3.popen2", RUNS, Gives::Unknown),
    ("Open3.popen2e", RUNS, Gives::Unknown),
    ("Open3.capture3", RUNS, Gives::Unknown),
    ("Open3.capture2", RUNS, Gives::Unknown),
    ("Open3.capture2e", RUNS, Gives::Unknown),
    ("Open3.pipeline", PIPES, Gives::Unknown),
    // Network.
    ("URI.parse", &[], Gives::Argument(0)),
    ("URI.open", &[Fetch(ANY)], Gives::Unknown),
    ("URI.join", &[], Gives::Argument(0)),
    ("Net.HTTP.get", &[Fetch(ANY)], Gives::Unknown),
    ("Net.HTTP.get_response", &[Fetch(ANY)], Gives::Unknown),
    ("Net.HTTP.get_print", &[Fetch(ANY)], Gives::Unknown),
    ("Net.HTTP.post", &[Send(ANY, SECOND)], Gives::Unknown),
    ("Net.HTTP.post_form", &[Send(ANY, SECOND)], Gives::Unknown),
    ("Net.HTTP.start", CONNECTS, Gives::Unknown),
    ("Net.HTTP.new", CONNECTS, Gives::Unknown),
    ("Net.SMTP.start", CONNECTS, Gives::Unknown),
    ("Net.SMTP.new", CONNECTS, Gives::Unknown),
    ("Net.FTP.new", CONNECTS, Gives::Unknown),
    ("Net.FTP.open", CONNECTS, Gives::Unknown),
    ("Net.SSH.start", CONNECTS, Gives::Unknown),
    ("TCPSocket.new", CONNECTS, Gives::Unknown),
    ("TCPSocket.open", CONNECTS, Gives::Unknown),
    ("UDPSocket.new", CONNECTS, Gives::Unknown),
    ("UNIXSocket.new", CONNECTS, Gives::Unknown),
    ("UNIXSocket.open", CONNECTS, Gives::Unknown),
    ("Socket.tcp", CONNECTS, Gives::Unknown),
    ("Socket.new", &[Connect(Slot::Unknown)], Gives::Unknown),
    ("Socket.udp", CONNECTS, Gives::Unknown),
    ("TCPServer.new", LISTENS, Gives::Unknown),
    ("TCPServer.open", LISTENS, Gives::Unknown),
    ("UNIXServer.new", LISTENS, Gives::Unknown),
    ("Socket.tcp_server_loop", LISTENS, Gives::Unknown),
    ("WEBrick.HTTPServer.new", LISTENS, Gives::Unknown),
    ("HTTParty.get", &[Fetch(ANY)], Gives::Unknown),
    ("HTTParty.post", &[Send(ANY, SECOND)], Gives::Unknown),
    ("Faraday.get", &[Fetch(ANY)], Gives::Unknown),
    ("Faraday.post", &[Send(ANY, SECOND)], Gives::Unknown),
    ("Faraday.new", CONNECTS, Gives::Unknown),
    ("RestClient.get", &[Fetch(ANY)], Gives::Unknown),
    ("RestClient.post", &[Send(ANY, SECOND)], Gives::Unknown),
    // Code.
    ("Marshal.load", UNPACKS, Gives::Unknown),
    ("Marshal.restore", UNPACKS, Gives::Unknown),
    ("YAML.unsafe_load", UNPACKS, Gives::Unknown),
    ("Psych.unsafe_load", UNPACKS, Gives::Unknown),
    ("ERB.new", CHOSEN, Gives::Unknown),
    ("RubyVM.*", CHOSEN, Gives::Unknown),
    ("ObjectSpace.*", CHOSEN, Gives::Unknown),
    ("TracePoint.*", CHOSEN, Gives::Unknown),
    ("Fiddle.*", NATIVE, Gives::Unknown),
    ("Gem.install", CHOSEN, Gives::Unknown),
    ("Base64.decode64", &[], Gives::Base64Decoded),
    ("Base64.strict_decode64", &[], Gives::Base64Decoded),
    ("Base64.urlsafe_decode64", &[], Gives::Base64Decoded),
    ("Base64.encode64", &[], Gives::Base64Encoded),
    ("Base64.strict_encode64", &[], Gives::Base64Encoded),
];

/// Methods that hardly mean anything else, whatever they are called on.
#[rustfmt::skip]
pub(super) const TELLING_METHODS: &[Fact] = &[
    ("instance_eval", CODE, Gives::Unknown),
    ("instance_exec", CODE, Gives::Unknown),
    ("class_eval", CODE, Gives::Unknown),
    ("class_exec", CODE, Gives::Unknown),
    ("module_eval", CODE, Gives::Unknown),
    ("eval", &[RunCode(ANY)], Gives::Unknown),
    ("constantize", CHOSEN, Gives::Unknown),
    ("safe_constantize", CHOSEN, Gives::Unknown),
    ("popen", RUNS, Gives::Unknown),
    ("spawn", RUNS, Gives::Unknown),
    ("system", RUNS, Gives::Unknown),
    ("exec", RUNS, Gives::Unknown),
    ("unlink", &[DeleteFile(Slot::Unknown)], Gives::Unknown),
    ("rmtree", &[DeleteTree(Slot::Unknown)], Gives::Unknown),
    ("rm_rf", DELETES_TREE, Gives::Unknown),
    ("rm_r", DELETES_TREE, Gives::Unknown),
    ("rm_f", DELETES, Gives::Unknown),
    ("binwrite", &[Write { file: Slot::Unknown, content: ANY, append: false }], Gives::Unknown),
];

/// Methods without a receiver that compute, print, declare or steer.
#[rustfmt::skip]
pub(super) const PLAIN_METHODS: &[&str] = &[
    "Complex", "Float", "Hash", "Integer", "Rational", "abort_on_exception", "after", "alias_method", "allow", "assert",
    "assert_empty", "assert_equal", "assert_in_delta", "assert_includes", "assert_instance_of", "assert_match",
    "assert_nil", "assert_predicate", "assert_raises", "assert_respond_to", "at_exit", "attr", "attr_accessor",
    "attr_reader", "attr_writer", "be", "before", "block_given?", "caller", "caller_locations", "catch", "chomp", "class",
    "class_variable_get", "constants", "context", "def_delegators", "define_method", "delegate", "desc", "describe",
    "dup", "eq", "eql", "exit", "exit!", "expect", "fail", "freeze", "frozen?", "gem", "gets", "global_variables",
    "group", "gsub", "gsub!", "hash", "include", "inspect", "instance_variable_get", "instance_variable_set",
    "is_a?", "it", "iterator?", "lambda", "let", "let!", "local_variables", "loop", "match", "method_missing",
    "module_function", "namespace", "nil?", "object_id", "prepend", "private", "private_class_method",
    "private_constant", "proc", "protected", "public", "puts", "raise_error", "rand", "readline", "readlines",
    "refine", "refute", "refute_equal", "refute_nil", "respond_to?", "select", "sleep", "source", "specify", "split",
    "sprintf", "srand", "sub", "sub!", "subject", "tap", "task", "test", "then", "throw", "to_s", "trace_var", "using",
    "yield_self",
];

/// The language's own classes and modules, and its global variables, as the facts name them.
#[rustfmt::skip]
pub(super) const CONSTANTS: &[(&str, &str)] = &[
    ("$stderr", "STDERR"), ("$stdout", "STDOUT"), ("$>", "STDOUT"), ("ARGF", "ARGF"), ("Array", "Array"),
    ("Base64", "Base64"), ("Benchmark", "Benchmark"), ("Bundler", "Bundler"), ("CSV", "CSV"), ("Class", "Class"),
    ("Comparable", "Comparable"), ("Date", "Date"), ("DateTime", "DateTime"), ("Digest", "Digest"), ("Dir", "Dir"),
    ("ENV", "ENV"), ("ERB", "ERB"), ("Encoding", "Encoding"), ("Enumerable", "Enumerable"), ("Etc", "Etc"),
    ("Faraday", "Faraday"), ("Fiddle", "Fiddle"), ("File", "File"), ("FileTest", "FileTest"), ("FileUtils", "FileUtils"),
    ("Find", "Find"), ("Float", "Float"), ("GC", "GC"), ("Gem", "Gem"), ("HTTParty", "HTTParty"), ("Hash", "Hash"),
    ("IO", "IO"), ("Integer", "Integer"), ("JSON", "JSON"), ("Kernel", "Kernel"), ("Logger", "Logger"),
    ("Marshal", "Marshal"), ("Math", "Math"), ("Module", "Module"), ("Net", "Net"), ("Object", "Object"),
    ("ObjectSpace", "ObjectSpace"), ("Open3", "Open3"), ("OpenSSL", "OpenSSL"), ("OptionParser", "OptionParser"),
    ("PTY", "PTY"), ("Pathname", "Pathname"), ("Process", "Process"), ("Psych", "Psych"), ("RUBY_PLATFORM", "RUBY_PLATFORM"),
    ("RUBY_VERSION", "RUBY_VERSION"), ("Random", "Random"), ("Range", "Range"), ("Regexp", "Regexp"),
    ("RestClient", "RestClient"), ("RubyVM", "RubyVM"), ("STDERR", "STDERR"), ("STDIN", "STDIN"), ("STDOUT", "STDOUT"),
    ("SecureRandom", "SecureRandom"), ("Set", "Set"), ("Shellwords", "Shellwords"), ("Socket", "Socket"),
    ("String", "String"), ("StringIO", "StringIO"), ("StringScanner", "StringScanner"), ("Struct", "Struct"),
    ("Symbol", "Symbol"), ("TCPServer", "TCPServer"), ("TCPSocket", "TCPSocket"), ("Tempfile", "Tempfile"),
    ("Thread", "Thread"), ("Time", "Time"), ("Timeout", "Timeout"), ("TracePoint", "TracePoint"),
    ("UDPSocket", "UDPSocket"), ("UNIXServer", "UNIXServer"), ("UNIXSocket", "UNIXSocket"), ("URI", "URI"),
    ("WEBrick", "WEBrick"), ("YAML", "YAML"), ("Zlib", "Zlib"),
];

/// What `require` loads from the language's own library or from well-known gems.
#[rustfmt::skip]
pub(super) const LIBRARIES: &[&str] = &[
    "FileUtils", "Comparable", "Enumerable", "Kernel", "Singleton", "Forwardable", "Observable", "Math", "Process",
    "English", "abbrev", "active_support", "base64", "benchmark",
    "bigdecimal", "bundler", "cgi", "coverage", "csv", "date", "delegate", "did_you_mean", "digest",
    "erb", "etc", "expect", "faraday", "fcntl", "fileutils", "find", "forwardable", "getoptlong", "httparty",
    "io", "ipaddr", "json", "logger", "matrix", "minitest", "monitor", "net", "nokogiri", "objspace",
    "observer", "open-uri", "open3", "openssl", "optparse", "ostruct", "pathname", "pp", "prettyprint", "prime",
    "pstore", "psych", "pty", "rbconfig", "readline", "resolv", "rest-client",
    "rexml", "ripper", "rouge", "rspec", "rubygems", "securerandom", "set", "shellwords",
    "singleton", "socket", "stringio", "strscan", "syslog", "tempfile", "test",
    "time", "timeout", "tmpdir", "tsort", "uri", "weakref", "webrick", "yaml", "zlib",
];
