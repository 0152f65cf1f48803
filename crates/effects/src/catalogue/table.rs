//! The shape of compiled command files. Types only; `build.rs` makes the values from `commands/*.toml`.

use placet_model::Verb;

use crate::special::Special;

/// One program, or one of its subcommands.
#[derive(Debug)]
pub struct Command {
    /// Its name and aliases; the first is shown.
    pub names: &'static [&'static str],
    /// How its words are read.
    pub syntax: Syntax,
    /// What an option that is not listed means.
    pub unknown_option: Unknown,
    /// What a subcommand that is not listed means.
    pub unknown_subcommand: Unknown,
    /// `--help` prints a text and does nothing else.
    pub help: bool,
    /// Its options.
    pub options: &'static [Opt],
    /// Its operands.
    pub positionals: &'static [Positional],
    /// Conditional effects.
    pub cases: &'static [Case],
    /// Effects that it always has.
    pub effects: &'static [EffectSpec],
    /// Its subcommands.
    pub subcommands: &'static [Self],
    /// What comes out on standard output.
    pub output: Output,
    /// What it does with standard input.
    pub stdin: Stdin,
    /// What tables can't say.
    pub special: Option<Special>,
    /// The same, for the program whatever its subcommand.
    pub always: Option<Special>,
    /// Every option is listed, and none does more than its operands do.
    pub harmless_options: bool,
}

/// How a program reads its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `-abc`, `--long=value`, options anywhere.
    Gnu,
    /// The same, but options end at the first operand.
    Posix,
    /// `-name value`, no bundling.
    Single,
    /// Only operands.
    None,
    /// `key=value`.
    Assign,
}

/// What a word that is not listed means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It could do anything.
    Opaque,
    /// Nothing of interest; a subcommand is an operand.
    Ignore,
    /// A program that is not known (`cargo foo` runs `cargo-foo`).
    Program,
}

/// An option.
#[derive(Debug)]
pub struct Opt {
    /// Its spellings.
    pub names: &'static [&'static str],
    /// Whether a value follows.
    pub takes: Takes,
    /// What the value is.
    pub role: Role,
    /// What the option does by itself.
    pub effects: &'static [EffectSpec],
}

/// Whether a value follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// No.
    None,
    /// Yes.
    Value,
    /// Only attached.
    Optional,
    /// All words that follow.
    Rest,
}

/// An operand.
#[derive(Debug)]
pub struct Positional {
    /// Which one.
    pub at: At,
    /// What it is.
    pub role: Role,
    /// What it does by itself.
    pub effects: &'static [EffectSpec],
}

/// Which operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The one with this index.
    Index(u8),
    /// The last one, if another one is left besides.
    Last,
    /// Every one that no other entry claims.
    Rest,
}

/// What a word is. See `docs/commands.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `text`, `host`, `branch`, `name`, `pid`, `pattern`: only effects refer to it.
    Text,
    /// A path that gets this verb.
    Path(PathRole),
    /// `url`
    Url,
    /// `send`
    SendTo,
    /// `data`
    Data(DataRole),
    /// `remote` (false) and `remote-into` (true)
    Remote(bool),
    /// `command`
    Command,
    /// `command-elsewhere`
    CommandElsewhere,
    /// `shell`
    Shell,
    /// `program`
    Program,
    /// `code:LANG`
    Code(&'static str),
    /// `script:LANG`
    Script(&'static str),
    /// `module:LANG`
    Module(&'static str),
    /// `directory`
    Directory,
    /// `assignment`
    Assignment,
    /// `kept-assignment`
    KeptAssignment,
    /// `code-from`
    CodeFrom,
    /// `package:MANAGER`
    Package(&'static str),
    /// `git-config`
    GitConfig,
}

/// What is done to a path operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathRole {
    /// `read`
    Read,
    /// `list`
    List,
    /// `sweep`
    Sweep,
    /// `measure`
    Measure,
    /// `write`
    Write,
    /// `append`
    Append,
    /// `modify`
    Modify,
    /// `create`
    Create,
    /// `delete`
    Delete,
    /// `delete-tree`
    DeleteTree,
    /// `move`
    Move,
    /// `into`
    Into,
    /// `extract`
    Extract,
    /// `change-mode`
    ChangeMode,
    /// `change-owner`
    ChangeOwner,
    /// `link`
    Link,
    /// `mount`
    Mount,
}

/// How sent data is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataRole {
    /// `@file` is a file, anything else is the text; `name=@file` too.
    AtFile,
    /// Always the text.
    Raw,
    /// Always a file.
    File,
}

/// One effect as written in a command file.
#[derive(Debug)]
pub struct EffectSpec {
    /// The verb.
    pub verb: Verb,
    /// The resource with its placeholders; empty for the command's own name.
    pub resource: &'static str,
    /// Flags.
    pub flags: Flags,
}

/// Flags of an effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one bool for each flag that a command file may write"
)]
pub struct Flags {
    /// `+force`
    pub force: bool,
    /// `+sweep`
    pub sweep: bool,
    /// `+elsewhere`
    pub elsewhere: bool,
    /// `+background`
    pub background: bool,
    /// `+privileged`
    pub privileged: bool,
    /// `+secret`
    pub secret: bool,
    /// `+data`
    pub data: bool,
    /// `+inert`
    pub inert: bool,
    /// `+kept`
    pub kept: bool,
}

/// Effects under a condition.
#[derive(Debug)]
pub struct Case {
    /// The condition.
    pub when: When,
    /// Takes the place of the command's own effects and operands.
    pub replace: bool,
    /// Effects.
    pub effects: &'static [EffectSpec],
    /// Operands.
    pub positionals: &'static [Positional],
    /// What comes out, if it differs.
    pub output: Option<Output>,
}

/// A condition: everything that is given must hold.
#[derive(Debug)]
pub struct When {
    /// Any of these options was given.
    pub option: &'static [&'static str],
    /// Each of these.
    pub all: &'static [&'static str],
    /// None of these.
    pub none: &'static [&'static str],
    /// The value of `option` matches one of these.
    pub value: &'static [&'static str],
    /// How many operands, both ends included.
    pub operands: Option<(u8, u8)>,
    /// The first operand matches one of these.
    pub first: &'static [&'static str],
    /// Some operand matches one of these.
    pub any: &'static [&'static str],
    /// No operand matches one of these.
    pub none_match: &'static [&'static str],
    /// Input is piped or redirected.
    pub stdin: bool,
    /// What can't be told does not count as matching.
    pub sure: bool,
}

/// What comes out on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Text that can't be told.
    Unknown,
    /// The operands.
    Args,
    /// What went in, or parts of it.
    Stdin,
    /// What went in, letter by letter, as long as no option and no file is named.
    Unchanged,
    /// A number.
    Number,
    /// A word without blanks or slashes.
    Word,
    /// A file name.
    Name,
    /// Paths below the operands, behind the words that were given.
    Paths,
    /// Paths that the repository knows and that are not there any more.
    Deleted,
    /// On each line a path as it was given, a colon, and something about it.
    Labelled,
    /// On each line a word, this character, and something about it.
    Headed(char),
    /// Names of what lies in the operands, without where they lie.
    Entries,
    /// `NAME=VALUE` for every variable of the environment.
    Environment,
    /// A new temporary path.
    Temp,
    /// The working directory.
    Cwd,
    /// The repository's root.
    Root,
    /// A path that is this directory or lies below it; `~` is the home.
    Below(&'static str),
    /// Nothing.
    Nothing,
    /// What came from the network.
    Fetched,
    /// A secret.
    Secret,
    /// Decoded text.
    Decoded,
    /// `past`
    Past,
    /// Lines that set up the shell which runs them.
    Setup,
}

/// What a program does with its standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// Reads it, perhaps.
    Read,
    /// Never reads it.
    Ignored,
    /// Runs it as a shell script when there is no operand.
    Shell,
    /// Runs it as program text when there is no operand.
    Code(&'static str),
    /// Makes arguments of it.
    Arguments,
    /// Sends it.
    Sent,
}
